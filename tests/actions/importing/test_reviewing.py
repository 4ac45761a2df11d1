"""A workbook beside the register: who is new, who is known, what differs, where every row went."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.actions.desk import Desk
from app.actions.importing import reviewing
from app.actions.importing.facts import Answer, Fate, How, Point, Review, Side
from app.actions.importing.writing import write
from app.actions.people import add_person
from app.domain.errors import Refusal
from app.domain.progress import Progress
from tests.actions.importing.books import HAMLET, LINE, PEOPLE, PLAIN
from tests.actions.importing.conftest import Look


def point(review: Review, kind: str, field: str = "") -> Point:
    return next(
        each for each in review.every_point() if each.kind == kind and (not field or each.field == field)
    )


def fates(review: Review) -> list[str]:
    return [fate.value for fate in review.fates]


def test_new_people_and_open_questions(look: Look) -> None:
    review = look(PEOPLE)
    assert fates(review) == ["new", "new", "new", "asks", "asks"]
    assert (point(review, "lost_zero").typed, point(review, "lost_zero").value) == (
        "14051000777",
        "014051000777",
    )
    assert point(review, "invalid_birth_date").side is Side.ANSWER
    assert point(review, "capitals").side is Side.MENDED
    assert point(review, "dotted_amount").side is Side.KNOW


def test_every_row_is_accounted_for(look: Look) -> None:
    review = look(PEOPLE)
    (sums,) = review.ground.reading.sums
    assert sums.rows == sums.people + sums.headings + sums.totals + sums.questions + sums.other + sums.blank
    assert sums.people + sums.questions == len(review.ground.rows) == len(review.fates)


def test_the_same_person_is_known_and_her_blanks_are_named(desk: Desk, look: Look) -> None:
    add_person(
        desk,
        {
            "name": "Lò Thị Pánh",
            "personal_id": LINE,
            "hamlet": "Bản Pom Khoang",
            "sex": "female",
            "birth": "1948-03-15",
        },
        "add",
    )
    review = look(PLAIN[:1])
    assert fates(review) == ["asks"]  # her birth is guarded: somebody must say
    fills = {each.field for each in review.every_point() if each.kind == "fills"}
    assert {"phone", "group"} <= fills
    assert "hamlet" not in fills
    says = {each.field: each for each in review.every_point() if each.kind == "register_says"}
    assert (says["birth"].side, says["birth"].typed, says["birth"].value) == (
        Side.ANSWER,
        "12/03/1948",
        "15/03/1948",
    )
    assert (says["hamlet"].side, says["hamlet"].ways[0]) == (Side.KNOW, How.KEEP)


def test_a_namesake_is_a_question(desk: Desk, look: Look) -> None:
    add_person(desk, {"name": "Cà Thị Ánh", "birth": "1944-09-02", "hamlet": "Bản Hua Nà"}, "add")
    review = look(PLAIN[2:])
    asked = point(review, "could_be_known")
    assert (fates(review), len(asked.candidates)) == (["asks"], 1)
    assert not asked.is_bulk  # people are never told apart by the dozen
    new = reviewing.answer(desk, review, [(asked, Answer(How.NEW))])
    same = reviewing.answer(desk, review, [(asked, Answer(How.SAME, asked.candidates[0].record))])
    assert (fates(new), fates(same)) == (["new"], ["fills"])


def test_another_name_under_a_known_number_is_a_question(desk: Desk, look: Look) -> None:
    add_person(desk, {"name": "Vì Văn Khụt", "birth": "1939", "personal_id": LINE}, "add")
    assert point(look(PLAIN[:1]), "number_taken").side is Side.ANSWER


def test_the_same_row_twice_is_a_question_and_may_be_one_person(desk: Desk, look: Look) -> None:
    twice = (PLAIN[0], (*PLAIN[0][:5], "0977111222", *PLAIN[0][6:]))
    review = look(twice)
    asked = point(review, "repeated")
    assert fates(review) == ["new", "asks"]
    one = reviewing.answer(desk, review, [(asked, Answer(How.SAME, asked.candidates[0].row))])
    assert fates(one) == ["new", "known"]
    assert write(Progress(), desk, one).people == 1


def test_all_of_a_kind_at_once_but_never_to_leave_rows_out(desk: Desk, look: Look) -> None:
    review = look(PEOPLE)
    kinds = ("invalid_birth_date", "invalid_personal_id", "remark_in_name")
    points = [each for each in review.every_point() if each.kind in kinds]
    given_answers = reviewing.suggested(review, points)
    assert [told.how for _point, told in given_answers] == [How.BLANK, How.ACCEPT, How.DIED]
    answered = reviewing.answer(desk, review, given_answers)
    assert fates(answered) == ["new"] * 5
    assert reviewing.suggested(answered, points) == []


def test_one_cell_edited_and_taken_back(desk: Desk, look: Look) -> None:
    review = look(PEOPLE)
    zero = point(review, "lost_zero")
    edited = reviewing.answer(desk, review, [(zero, Answer(How.VALUE, "014051000778"))])
    assert point(edited, "lost_zero").value == "014051000778"
    back = reviewing.answer(desk, edited, [(zero, None)])
    assert (point(back, "lost_zero"), back.fates) == (zero, review.fates)


@pytest.mark.parametrize("nonsense", ["", "   ", "ngày mai", "31/02/1950", "2950"])
def test_a_value_that_says_nothing_is_refused_and_nothing_moves(
    desk: Desk, look: Look, nonsense: str
) -> None:
    review = look(PEOPLE)
    with pytest.raises(Refusal, match=r"import\.value"):
        reviewing.answer(desk, review, [(point(review, "invalid_birth_date"), Answer(How.VALUE, nonsense))])
    assert fates(review)[3] == "asks"


def test_the_number_of_another_row_is_refused(desk: Desk, look: Look) -> None:
    review = look(PEOPLE)
    with pytest.raises(Refusal, match=r"import\.number_taken"):
        reviewing.answer(desk, review, [(point(review, "invalid_personal_id"), Answer(How.VALUE, LINE))])


def test_a_typed_number_that_the_register_knows_asks_who_she_is(desk: Desk, look: Look) -> None:
    add_person(desk, {"name": "Lường Thị Sắng", "birth": "1961", "personal_id": "014161000111"}, "add")
    review = look(PEOPLE)
    number = point(review, "invalid_personal_id")
    typed = reviewing.answer(desk, review, [(number, Answer(How.VALUE, "014161000111"))])
    assert point(typed, "number_taken").row == number.row


def test_columns_are_corrected_and_remembered(desk: Desk, look: Look) -> None:
    review = look(PLAIN)
    (layout,) = review.ground.reading.layouts
    meanings = [column.meaning.value for column in layout.columns]
    meanings[5] = "unknown"
    reviewing.remember(Progress(), desk, layout.fingerprint, meanings)
    again = reviewing.again(Progress(), desk, review)
    assert [row.person.phone for row in again.ground.rows if row.person] == [None] * 3
    assert point(again, "unknown_column").side is Side.KNOW
    assert [row.person.phone for row in look(PLAIN).ground.rows if row.person] == [None] * 3


_WAYS = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 4)), max_size=12)


@settings(max_examples=25)
@given(picks=_WAYS)
def test_whatever_is_answered_every_row_keeps_one_fate_and_answers_can_be_taken_back(
    desk: Desk, look: Look, picks: list[tuple[int, int]]
) -> None:
    before = look(PEOPLE)
    review = before
    for which, way in picks:
        points = [each for each in review.every_point() if each.ways]
        chosen = points[which % len(points)]
        how = chosen.ways[way % len(chosen.ways)]
        if how is not How.VALUE:
            review = reviewing.answer(desk, review, [(chosen, Answer(how))])
    assert len(review.fates) == len(before.fates)
    asks = sum(
        any(p.side is Side.ANSWER and review.answer(p) is None for p in points) for points in review.points
    )
    assert review.count(Fate.ASKS) <= asks  # left out counts as answered
    back = reviewing.answer(desk, review, [(each, None) for each in review.every_point() if each.row])
    assert back.fates == before.fates
    assert HAMLET in {row.person.hamlet for row in back.ground.rows if row.person}
