"""The forms that are shipped: sound, tried, in both languages, and what they say fits the register."""

from __future__ import annotations

import gzip
import io
import random
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from app.domain.progress import Progress
from app.domain.records import KINDS, Type
from app.resources import load_money_words, resource
from app.survey.choices import SELECTS
from app.survey.definition import FormDefinition
from app.survey.publish import Checked, check
from app.survey.session import Session
from app.survey.submission import Entity, Submission, finalise, violations
from app.survey.views import NodeView
from app.survey.workbook import Workbook, read_workbook
from tests.survey.walks import WORLD

FORMS = ("account_wish", "disability_first_look", "enrolment_visit", "poverty_review")
SEEDS = range(4)
HOUSE, WOMAN = "0f" * 16, "1a" * 16
REGISTER = {
    "household.csv": f"name,label,__version\n{HOUSE},Cà Văn Inh,7\n",
    "person.csv": f"name,label,__version,birth\n{WOMAN},Lò Thị Lả,3,1947-10-05\n",
}
TO_COME = {("household", "b1_score"), ("household", "b2_score")}  # fields that the register is to have
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


def workbook(name: str) -> Path:
    return resource(f"surveys/{name}.xlsx")


@cache
def looked_over(name: str) -> Checked:
    return check(workbook(name).read_bytes(), {}, load_money_words(), Progress())


@cache
def sheets(name: str) -> Workbook:
    return read_workbook(workbook(name).read_bytes())


def shipped(name: str) -> bytes:
    return gzip.decompress(resource(f"surveys/{name}.xml.gz").read_bytes())


@cache
def form(name: str) -> FormDefinition:
    return loaded(shipped(name))


def loaded(xform: bytes) -> FormDefinition:
    return FormDefinition.load(xform, lambda src: REGISTER[src.rpartition("/")[2]].encode())


def by_name(session: Session, name: str, row: int = 1) -> str:
    """The reference of a question by its name; in rows, of that one."""
    path = next(path for path in session.form.fields if path.rpartition("/")[2] == name)
    return path.replace("/member/", f"/member[{row}]/")


def answer(session: Session, row: int = 1, **said: str) -> Session:
    for name, text in said.items():
        session.answer(by_name(session, name, row), text)
    return session


def value(session: Session, name: str) -> str:
    return session.node(by_name(session, name)).value


def fill(session: Session, dice: random.Random) -> Submission:
    """Every question that is asked, with answers that are accepted, until there is none left; handed in."""
    for repeat in session.repeats():
        for _ in range(dice.randint(0, 3)):
            session.add_repeat(repeat.ref)
    done = set[str]()
    while asked := [node.ref for node in session.nodes() if _is_asked(node) and node.ref not in done]:
        done.add(asked[0])
        if session.node(asked[0]).is_required or dice.random() < 0.7:
            _accepted(session, asked[0], dice)
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


def entity(found: Submission, dataset: str) -> Entity:
    return next(each for each in found.entities if each.dataset == dataset)


def test_these_are_shipped() -> None:
    assert {path.stem for path in resource("surveys").glob("*.xlsx")} == set(FORMS)
    assert {path.stem for path in resource("surveys").glob("*.xml.gz")} == {f"{name}.xml" for name in FORMS}


@pytest.mark.parametrize("name", FORMS)
def test_nothing_is_found_against_it(name: str) -> None:
    found = looked_over(name)
    assert found.findings == ()
    assert (found.id, found.cases > 2) == (name, True)
    assert found.languages == ("Tiếng Việt (vi)", "English (en)")


@pytest.mark.parametrize("name", FORMS)
def test_what_laptops_fill_is_what_the_workbook_says(name: str) -> None:
    assert shipped(name) == looked_over(name).xform


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
    assert {(kind, what) for _form, kind, what in saved()} <= known | TO_COME


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


def test_whom_the_register_knows_is_changed_and_who_is_new_is_made() -> None:
    session = Session.new(
        form("poverty_review"),
        WORLD,
        prefill={
            "/data/household_page/household_id": HOUSE,
            "/data/people/member[1]/person_id": WOMAN,
            "/data/people/member[1]/name": "Lò Thị Lả",
            "/data/people/member[1]/birth": "1947-10-05",
        },
    )
    session.add_repeat("/data/people/member")
    answer(session, 2, name="Cà Thị Hà Vy", birth="2022-01-11", sex="female")
    found = _handed_in(session)
    house = entity(found, "household")
    assert (house.id, house.is_new, house.base_version, house.label) == (HOUSE, False, "7", "Cà Văn Inh")
    known, new = (each for each in found.entities if each.dataset == "person")
    assert (known.id, known.is_new, known.base_version, known.label) == (WOMAN, False, "3", "Lò Thị Lả")
    assert known.values["birth"] == "1947-10-05"
    assert (new.is_new, new.base_version, new.label) == (True, "", "Cà Thị Hà Vy")
    assert new.values["household"] == known.values["household"] == HOUSE


def _handed_in(session: Session, propose: str = "no") -> Submission:
    """A household that is finished with at sheet A."""
    rows = session.repeats()[0].count
    answer(session, head_name="Cà Văn Inh", hamlet="Bản Nà Lụa", area="rural", review_kind="yearly")
    answer(session, quick_signs="car wage pension", continue_b="no")
    for row in range(1, rows + 1):
        answer(session, row, relation="Con", sex="female", residence="permanent")
    answer(session, propose=propose, signer="Cà Văn Inh")
    if propose == "yes":
        answer(session, test_known="OK")
    return finalise(session)


@pytest.mark.parametrize(
    ("propose", "values"), [("no", {}), ("yes", {"poverty": "none", "poverty_year": "2026"})]
)
def test_a_result_goes_to_the_register_only_where_it_is_proposed(
    propose: str, values: Mapping[str, str]
) -> None:
    session = Session.new(form("poverty_review"), WORLD)
    answer(session, name="Cà Văn Inh", birth="1979")
    said = entity(_handed_in(session, propose), "household").values
    assert {name: said[name] for name in said if name.startswith(("poverty", "b1", "b2"))} == values


def family(*members: Mapping[str, str]) -> Session:
    """A rural household with these members on the day of the tests; the rest of sheet B is not answered."""
    session = answer(Session.new(form("poverty_review"), WORLD), area="rural", quick_signs="none")
    for row, said in enumerate(members, 1):
        if row > 1:
            session.add_repeat("/data/people/member")
        answer(session, row, **said)
    return session


FARMER = {"birth": "1985", "job": "farm", "degree": "primary", "insured": "yes"}
CHILD = {"birth": "2016", "in_school": "yes", "insured": "yes", "malnourished": "no"}


@pytest.mark.parametrize(
    ("members", "lacking"),
    [
        ([FARMER, CHILD], set()),
        ([FARMER, CHILD, CHILD], {"dependants"}),
        ([FARMER, {**FARMER, "severe_disability": "yes"}, CHILD], {"dependants"}),
        ([FARMER, {**FARMER, "job": "no_contract"}], {"work"}),
        ([FARMER, {**FARMER, "birth": "1966", "job": "without"}], set()),
        ([FARMER, {**CHILD, "malnourished": "yes"}], {"nutrition"}),
        ([FARMER, {**CHILD, "in_school": "no"}], {"child_school"}),
        ([FARMER, {**FARMER, "birth": "2005", "adult_school": "no"}], {"adult_school"}),
        ([FARMER, {**FARMER, "insured": "no"}], {"insurance"}),
        ([FARMER, {**CHILD, "birth": "2022", "insured": "no"}], set()),
        ([FARMER, {**CHILD, "insured": "unknown"}], set()),
    ],
)
def test_what_members_lack_counts_for_the_household(members: list[dict[str, str]], lacking: set[str]) -> None:
    session = family(*members)
    asked = ("work", "dependants", "nutrition", "insurance", "adult_school", "child_school")
    assert {name for name in asked if value(session, f"lacks_{name}") == "1"} == lacking


def test_what_is_not_known_is_told() -> None:
    session = family(FARMER, {**CHILD, "insured": "unknown"})
    assert value(session, "not_sure") == "1"
    assert session.node(by_name(session, "not_sure_note")).is_relevant


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


def changed(name: str, change: Callable[[dict[str, dict[str, Any]]], None]) -> Checked:
    """The form with other figures in its list `rule` or `threshold`, by the name of the row."""
    book = load_workbook(workbook(name))
    sheet = book["choices"]
    headings = [str(cell.value) for cell in sheet[1]]
    rows = {
        str(line[1].value): line
        for line in sheet.iter_rows(min_row=2)
        if line[0].value in ("rule", "threshold")
    }
    said: dict[str, dict[str, Any]] = {
        row: {head: cell.value for head, cell in zip(headings, line, strict=True)}
        for row, line in rows.items()
    }
    change(said)
    for row, line in rows.items():
        for head, cell in zip(headings, line, strict=True):
            cell.value = said[row][head]
    content = io.BytesIO()
    book.save(content)
    return check(content.getvalue(), {}, load_money_words(), Progress())


def test_scores_are_told_to_be_trial_figures_until_the_province_has_put_in_its_own() -> None:
    session = answer(Session.new(form("poverty_review"), WORLD), area="rural")
    warning = session.node(by_name(session, "test_scores"))
    assert warning.is_relevant
    assert "chưa đối chiếu với văn bản" in warning.label
    official = changed("poverty_review", lambda said: said["scores_official"].update(number=1))
    session = Session.new(loaded(official.xform), WORLD)
    assert not session.node(by_name(session, "test_scores")).is_relevant


def test_a_threshold_that_is_changed_makes_its_cases_come_out_otherwise() -> None:
    found = changed("poverty_review", lambda said: said["rural_2022"].update(b1_max=100))
    assert [(each.code, each.facts.get("name")) for each in found.findings] == [("score", "result")] * 2


@pytest.mark.parametrize(("day", "most"), [("2021-12-31", ""), ("2022-01-01", "140"), ("2026-11-29", "140")])
def test_a_threshold_holds_in_its_time_alone(day: str, most: str) -> None:
    session = answer(Session.new(form("poverty_review"), WORLD), area="rural", review_date=day)
    assert value(session, "b1_max") == most
    assert session.node(by_name(session, "no_rule")).is_relevant == (not most)
