"""The poverty review: what members lack counts for the household, what is proposed, which figures hold."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import pytest
from openpyxl import load_workbook

from app.domain.progress import Progress
from app.resources import load_money_words
from app.survey.publish import Checked, check
from app.survey.session import Session
from app.survey.submission import Entity, Submission, finalise
from tests.survey.shipped import (
    HOUSE,
    WOMAN,
    answer,
    by_name,
    form,
    loaded,
    value,
    workbook,
)
from tests.survey.walks import WORLD

FARMER = {"birth": "1985", "job": "farm", "degree": "primary", "insured": "yes"}
CHILD = {"birth": "2016", "in_school": "yes", "insured": "yes", "malnourished": "no"}


def entity(found: Submission, dataset: str) -> Entity:
    return next(each for each in found.entities if each.dataset == dataset)


def test_whom_the_register_knows_is_changed_and_who_is_new_stays_in_the_answers() -> None:
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
    (known,) = (each for each in found.entities if each.dataset == "person")  # a register of beneficiaries
    assert (known.id, known.is_new, known.base_version, known.label) == (WOMAN, False, "3", "Lò Thị Lả")
    assert known.values["birth"] == "1947-10-05"
    assert known.values["household"] == HOUSE
    assert b"C\xc3\xa0 Th\xe1\xbb\x8b H\xc3\xa0 Vy" in found.xml


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


def _official(said: dict[str, dict[str, Any]]) -> None:
    """As a province leaves it; a spreadsheet makes dates of days."""
    said["scores_official"]["number"] = 1
    said["rural_2022"].update(valid_from=datetime(2022, 1, 1), valid_to=datetime(2026, 12, 31))


def test_scores_are_told_to_be_trial_figures_until_the_province_has_put_in_its_own() -> None:
    session = answer(Session.new(form("poverty_review"), WORLD), area="rural")
    warning = session.node(by_name(session, "test_scores"))
    assert warning.is_relevant
    assert "chưa đối chiếu với văn bản" in warning.label
    official = changed("poverty_review", _official)
    assert official.findings == ()
    session = Session.new(loaded(official.xform), WORLD)
    assert not session.node(by_name(session, "test_scores")).is_relevant


def test_a_threshold_that_is_changed_makes_its_cases_come_out_otherwise() -> None:
    found = changed("poverty_review", lambda said: said["rural_2022"].update(b1_max=100))
    assert [(each.code, each.facts.get("name")) for each in found.findings] == [("score", "result")] * 2


@pytest.mark.parametrize(
    ("day", "most"), [("2021-12-31", ""), ("2022-01-01", "140"), ("2026-12-31", "140"), ("2027-01-01", "")]
)
def test_a_threshold_holds_in_its_time_alone(day: str, most: str) -> None:
    session = answer(Session.new(form("poverty_review"), WORLD), area="rural", review_date=day)
    assert value(session, "b1_max") == most
    assert session.node(by_name(session, "no_rule")).is_relevant == (not most)
