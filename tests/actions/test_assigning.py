"""Who is sent where with a form, and visits where nobody could be asked; what a surveyor may of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from app.actions.desk import Desk, may_write
from app.actions.surveying.assigning import Visit, assign, end_assignments, note_visit, reassign
from app.domain.dates import PartialDate
from app.domain.errors import Denied, Refusal
from app.store import assignments
from app.store.assignments import Assigned
from app.store.fillings import About
from app.store.opened import open_record
from tests.actions.test_rights import as_role

FORM, HAMLET, COLLEAGUE = "hoi_ho", "Bản Nà Lụa", "e" * 32
PLACE = About(hamlet=HAMLET)
PAST = PartialDate(2020, 1, 1)


def under_way(desk: Desk) -> list[Assigned]:
    with desk.vault.read() as connection:
        return assignments.assigned(connection, {FORM: "household"})


def test_several_are_given_in_one_set(desk: Desk) -> None:
    due = PartialDate(2199, 12, 15)
    made = assign(desk, FORM, [PLACE, About("a" * 32, "b" * 32, HAMLET)], COLLEAGUE, due, " đi  sớm ")
    with desk.vault.read() as connection:
        first, second = (open_record(connection, "assignment", each) for each in made)
    assert first
    assert second
    said = {name: first.values.get(name) for name in ("form", "hamlet", "officer", "due", "note", "state")}
    assert said == {
        "form": FORM,
        "hamlet": HAMLET,
        "officer": COLLEAGUE,
        "due": "2199-12-15",
        "note": "đi sớm",
        "state": "open",
    }
    assert (second.values["household"], second.values.get("person")) == ("a" * 32, None)


@pytest.mark.parametrize(
    ("act", "code"),
    [
        (lambda desk: assign(desk, FORM, [], COLLEAGUE), "assignment.nothing"),
        (lambda desk: assign(desk, FORM, [PLACE], ""), "assignment.officer"),
        (lambda desk: assign(desk, FORM, [PLACE], COLLEAGUE, PAST), "assignment.late"),
        (lambda desk: reassign(desk, [], ""), "assignment.officer"),
        (lambda desk: note_visit(desk, FORM, PLACE, Visit("ngủ")), "visit.outcome"),
        (lambda desk: note_visit(desk, FORM, PLACE, Visit("absent", PAST)), "visit.again"),
        (lambda desk: note_visit(desk, FORM, PLACE, Visit("other", note=" ")), "visit.note"),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_is_saved(
    desk: Desk, act: Callable[[Desk], object], code: str
) -> None:
    with pytest.raises(Refusal) as refused:
        act(desk)
    assert refused.value.code == code
    assert under_way(desk) == []


def test_a_day_that_is_not_past_yet_may_be_asked_for(desk: Desk) -> None:
    today = desk.clock.today()
    this_year = PartialDate(today.year)
    assign(desk, FORM, [PLACE], COLLEAGUE, PartialDate(today.year, today.month, today.day))
    note_visit(desk, FORM, PLACE, Visit("absent", this_year))


def test_another_goes_there_or_nobody_any_more(desk: Desk) -> None:
    assign(desk, FORM, [PLACE], COLLEAGUE)
    (given,) = under_way(desk)
    reassign(desk, [given.opened], desk.officer.id)
    (given,) = under_way(desk)
    assert given.opened.values["officer"] == desk.officer.id
    end_assignments(desk, [given.opened])
    assert under_way(desk) == []


def test_a_surveyor_sends_nobody_and_notes_visits_of_her_hamlets(desk: Desk) -> None:
    assign(desk, FORM, [PLACE], COLLEAGUE)
    (given,) = under_way(desk)
    hers = as_role(desk, "surveyor", HAMLET)
    hers = replace(hers, officer=replace(hers.officer, roles=("surveyor",), scope=(HAMLET,)))
    assert not may_write(hers, "assignment", "officer")
    assert may_write(desk, "assignment", "officer")
    for act in (
        lambda: assign(hers, FORM, [PLACE], COLLEAGUE),
        lambda: reassign(hers, [given.opened], hers.officer.id),
        lambda: end_assignments(hers, [given.opened]),
    ):
        with pytest.raises(Denied, match=r"right\.role"):
            act()
    note_visit(hers, FORM, PLACE, Visit("absent"))
    with pytest.raises(Denied, match=r"right\.place"):
        note_visit(hers, FORM, About(hamlet="Bản Co Mạ"), Visit("absent"))
