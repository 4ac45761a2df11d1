"""To whom a hamlet, a household or a person is given with a form; and visits where nobody could be asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.actions.desk import Desk, save
from app.actions.people import tidy
from app.domain.dates import PartialDate
from app.domain.errors import Refusal
from app.domain.records import Value
from app.store.fillings import About
from app.store.opened import Opened

OUTCOMES = ("absent", "refused", "moved", "other")


@dataclass(frozen=True)
class Visit:
    """Somebody came, and nobody could be asked. `again`: the day on which she comes again, where she does."""

    outcome: str
    again: PartialDate | None = None
    note: str = ""


def assign(
    desk: Desk, form: str, to: Sequence[About], officer: str, due: PartialDate | None = None, note: str = ""
) -> list[str]:
    """Give these to an officer, in one set: whole hamlets (no record, a hamlet), households, persons.

    Their assignments' ids. Refusal("assignment.nothing"), ("assignment.officer"), ("assignment.late").
    """
    if not to:
        raise Refusal("assignment.nothing")
    if not officer:
        raise Refusal("assignment.officer", field="officer")
    if due is not None and due.latest() < desk.clock.today():
        raise Refusal("assignment.late", field="due")
    made, edits = [], []
    for about in to:
        record = desk.ids.new()
        values: dict[str, Value] = {
            "form": form,
            "household": about.household or None,
            "person": about.person if not about.household else None,
            "hamlet": about.hamlet or None,
            "officer": officer,
            "due": due.iso() if due else None,
            "note": note or None,
            "state": "open",
        }
        edits += Opened("assignment", record).edits(tidy("assignment", values))
        made.append(record)
    save(desk, "assign", edits)
    return made


def reassign(desk: Desk, assignments: Sequence[Opened], officer: str) -> None:
    """Give them to another. Refusal("assignment.officer")."""
    if not officer:
        raise Refusal("assignment.officer", field="officer")
    edits = [edit for each in assignments for edit in each.edits({"officer": officer})]
    if edits:
        save(desk, "assign", edits)


def end_assignments(desk: Desk, assignments: Sequence[Opened]) -> None:
    """Nobody goes there any more: what was handed in stays."""
    edits = [edit for each in assignments for edit in each.edits({"state": "ended"})]
    if edits:
        save(desk, "assign", edits)


def note_visit(desk: Desk, form: str, about: About, visit: Visit) -> str:
    """Keep that somebody was there; its id. Refusal("visit.outcome"), ("visit.again"): a day that is past,
    ("visit.note"): another reason, and nobody says which.
    """
    if visit.outcome not in OUTCOMES:
        raise Refusal("visit.outcome", field="outcome")
    if visit.again is not None and visit.again.latest() < desk.clock.today():
        raise Refusal("visit.again", field="again")
    if visit.outcome == "other" and not visit.note.strip():
        raise Refusal("visit.note", field="note")
    record = desk.ids.new()
    values: dict[str, Value] = {
        "form": form,
        "household": about.household or None,
        "person": about.person or None,
        "hamlet": about.hamlet or None,
        "officer": desk.officer.id,
        "outcome": visit.outcome,
        "day": desk.clock.today().isoformat(),
        "again": visit.again.iso() if visit.again else None,
        "note": visit.note or None,
    }
    save(desk, "visit", Opened("visit", record).edits(tidy("visit", values)))
    return record
