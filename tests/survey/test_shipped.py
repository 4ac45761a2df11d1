"""The forms that are shipped: sound, tried, in both languages, and what they say fits the register."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from openpyxl import load_workbook

from app.actions.surveys import pack_form
from app.domain.records import KINDS, Type
from app.resources import resource
from app.survey.choices import SELECTS
from app.survey.session import Session
from app.survey.submission import Submission, finalise, violations
from app.survey.views import NodeView
from tests import surveys
from tests.survey.shipped import (
    FORMS,
    WOMAN,
    answer,
    by_name,
    form,
    looked_over,
    sheets,
    workbook,
)
from tests.survey.walks import WORLD

SEEDS = range(3)
_TEXTS = {
    "birth": ("1950", "1984-03", "2016-02-29", "2023-11-01"),
    "phone": ("0912345678",),
    "personal_id": ("014148032213",),
}
_SAID = {
    "decimal": ("0.5", "30", "120"),
    "date": ("2026-11-29",),
    "binary": ("anh.jpg",),
}


def fill(session: Session, dice: random.Random) -> Submission:
    """Every question that is asked, with answers that are accepted, until there is none left; handed in."""
    for repeat in session.repeats():
        for _ in range(dice.randint(0, 3)):
            session.add_repeat(repeat.ref)
    done = set[str]()
    while asked := [node.ref for node in session.nodes() if _is_asked(node) and node.ref not in done]:
        for ref in asked:
            done.add(ref)
            node = session.node(ref)
            if _is_asked(node) and (node.is_required or dice.random() < 0.7):
                _accepted(session, ref, dice)
    assert [(node.ref, node.violation) for node in violations(session)] == []
    return finalise(session)


def _is_asked(node: NodeView) -> bool:
    is_question = node.control is not None and node.kind not in ("group", "repeat")
    return is_question and node.is_relevant and not node.is_readonly


def _accepted(session: Session, ref: str, dice: random.Random) -> None:
    for text in _answers(session, session.node(ref), dice):
        session.answer(ref, text)
        if not session.node(ref).violation:
            return
    raise AssertionError(ref)


def _answers(session: Session, node: NodeView, dice: random.Random) -> list[str]:
    if node.kind == "trigger":
        return ["OK"]
    if node.kind in SELECTS:
        values = [choice.value for choice in session.choices(node.ref)]
        some = " ".join(dice.sample(values, min(2, len(values))))
        return [*([some] if node.kind == "select" else []), *dice.sample(values, len(values))]
    texts = _TEXTS.get(node.ref.rpartition("/")[2], ("Lò Thị Pánh",))
    said = _SAID.get(node.type, texts)
    return dice.sample(said, len(said))


def test_these_are_shipped() -> None:
    assert {path.stem for path in resource("surveys").glob("*.xlsx")} == set(FORMS)
    assert {path.stem for path in resource("surveys").glob("*.json.gz")} == {f"{name}.json" for name in FORMS}


@pytest.mark.parametrize("name", FORMS)
def test_nothing_is_found_against_it(name: str) -> None:
    found = looked_over(name)
    assert found.findings == ()
    assert (found.id, found.cases > 2) == (name, True)
    assert found.languages == ("Tiếng Việt (vi)", "English (en)")


@pytest.mark.parametrize("name", FORMS)
def test_what_laptops_fill_is_what_the_workbook_says(name: str) -> None:
    assert surveys.shipped(name) == pack_form(looked_over(name))


@pytest.mark.parametrize("name", FORMS)
def test_it_is_laid_out_for_a_province_to_change(name: str) -> None:
    book = load_workbook(workbook(name))
    assert book.sheetnames == ["survey", "choices", "entities", "settings", "score", "đọc trước"]
    assert all(book[sheet].freeze_panes for sheet in book.sheetnames[:5])


@pytest.mark.parametrize("name", FORMS)
def test_every_text_is_in_both_languages(name: str) -> None:
    for sheet in ("survey", "choices"):
        for row in sheets(name).sheet(sheet):
            for heading in ("label", "hint", "constraint_message"):
                said = [row.said(f"{heading}::{language}") for language in looked_over(name).languages]
                assert all(said) or not any(said), (sheet, row.number, heading)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", FORMS)
def test_it_is_filled_at_random_to_its_end_and_handed_in(name: str, seed: int) -> None:
    found = fill(Session.new(form(name), WORLD), random.Random(f"{name} {seed}"))
    assert (found.form, found.version) == (name, form(name).version)
    for each in found.entities:
        assert (each.is_new, each.base_version, len(each.id)) == (True, "", 32)


def saved() -> Iterator[tuple[str, str, str]]:
    """Form, kind and property of whatever is saved to the register."""
    for name in FORMS:
        for row in sheets(name).sheet("survey"):
            if row.said("save_to"):
                kind, _, what = row.said("save_to").partition("#")
                yield name, kind, what


def test_what_it_saves_are_fields_of_the_register() -> None:
    known = {(kind.name, field.name) for kind in KINDS.values() for field in kind.fields}
    assert {(kind, what) for _form, kind, what in saved()} <= known


def test_choices_that_are_saved_are_those_of_the_register() -> None:
    for name in FORMS:
        for row in sheets(name).sheet("survey"):
            kind, _, what = row.said("save_to").partition("#")
            field = KINDS[kind].field(what) or KINDS[kind].field(f"{what}/visit") if kind else None
            listed = row.said("type").partition(" ")[2]
            if field is None or not listed:
                continue
            values = {
                each.said("name")
                for each in sheets(name).sheet("choices")
                if each.said("list_name") == listed
            }
            known = {Type.FLAG: {"true", "false"}, Type.WHOLE: {"0", "1", "2"}}.get(
                field.type, set(field.choices)
            )
            assert values == known, (name, what)


def test_nothing_of_health_is_saved() -> None:
    found = {what for name, _kind, what in saved() if name == "disability_first_look"}
    assert found == {"hamlet", "birth", "sex", "guardian", "phone", "phone_owner"}
    assert "disability" not in {what for _name, _kind, what in saved()}


@pytest.mark.parametrize("person", ["", WOMAN])
def test_whoever_does_not_agree_is_neither_made_nor_changed(person: str) -> None:
    session = Session.new(form("disability_first_look"), WORLD)
    answer(session, person_id=person, name="Lò Thị Lả", hamlet="Bản Nà Lụa", birth="1947", sex="female")
    answer(session, answerer="self", agrees="no")
    assert finalise(session).entities == ()


@pytest.mark.parametrize("result", ["absent", "refused", "died", "moved"])
def test_a_visit_without_a_talk_changes_nobody(result: str) -> None:
    session = Session.new(form("enrolment_visit"), WORLD)
    answer(session, person_id=WOMAN, name="Lò Thị Lả", hamlet="Bản Nà Lụa", visit_result=result)
    if result == "absent":
        answer(session, revisit="2026-12-03")
    assert finalise(session).entities == ()


def test_only_who_receives_is_new_to_the_register_by_the_survey_of_wishes() -> None:
    session = Session.new(form("account_wish"), WORLD)
    answer(session, head_name="Cà Văn Inh", hamlet="Bản Nà Lụa", visit_result="done", signer="Cà Văn Inh")
    answer(session, name="Cà Minh Đức", birth="2019", sex="male", residence="permanent", beneficiary="no")
    assert [each.dataset for each in finalise(session).entities] == ["household"]


@pytest.mark.parametrize(
    ("birth", "is_taken"),
    [
        ("1950", True),
        ("1950-03", True),
        ("1950-03-02", True),
        ("2014-02-31", False),
        ("2027", False),
        ("02/03/1950", False),
    ],
)
@pytest.mark.parametrize("name", FORMS)
def test_a_birth_is_as_precise_as_it_is_known(name: str, birth: str, is_taken: bool) -> None:
    session = Session.new(form(name), WORLD)
    if name == "account_wish":
        answer(session, visit_result="done")
    answer(session, birth=birth)
    assert (session.node(by_name(session, "birth")).violation == "") == is_taken
