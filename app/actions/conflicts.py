"""Deciding what machines cannot: one of two values, or a third, with a reason, by who is entitled."""

from __future__ import annotations

from collections.abc import Sequence

from app.actions.desk import Desk, deny, require_lately_proved
from app.domain.authority import Authority, Claim, Pick, may_decide
from app.domain.changes import Atom, Edit, canonical, lone
from app.domain.decisions import decision, needs_second
from app.domain.errors import Denied, Refusal
from app.domain.fitting import check
from app.domain.records import Value
from app.store import audit, contest, unit
from app.store.contest import Contest, Side
from app.store.opened import Opened


def claim_of(side: Side) -> Claim | None:
    """What speaks for a side; None where nothing ever stood."""
    by = side.by
    return Claim(by.reason, by.author, by.at, side.decision) if by is not None else None


def authority_of(desk: Desk, asked: Contest) -> Authority:
    """Whose word counts here."""
    cells = [(cell.kind, cell.field) for cell in asked.cells]
    return desk.reference.authorities.strictest(cells)


def preferred(desk: Desk, asked: Contest) -> Pick | None:
    """The side that the authority's word is on; None where there is real doubt."""
    came = claim_of(asked.came)
    assert came is not None
    return desk.reference.authorities.preferred(authority_of(desk, asked), claim_of(asked.stands), came)


def is_entitled(desk: Desk, asked: Contest) -> bool:
    """Whether the officer at the desk may decide here."""
    sides = [claim_of(asked.stands), claim_of(asked.came)]
    return may_decide(authority_of(desk, asked), desk.officer.id, desk.officer.roles, sides)


def decide(desk: Desk, asked: Contest, values: Sequence[Value], reason: str) -> str:
    """Let these values stand, one for each contested cell; returns the id of the set.

    Where it says who is paid where, the decision is a proposal that a second officer puts in force.
    Refusal("record.reason"); Denied("conflict.not_entitled"); Refusal("conflict.moved") when somebody
    decided or wrote there since it was shown: look again.
    """
    if not reason:
        raise Refusal("record.reason", field="reason")
    if not is_entitled(desk, asked):
        deny(desk, Denied("conflict.not_entitled", desk.officer.id, "decide"))
    for cell, value in zip(asked.cells, values, strict=True):
        check(cell.kind, cell.field, value)
    edits = [cell.becomes(value) for cell, value in zip(asked.cells, values, strict=True)]
    atom = decision(asked.conflicts, edits)
    atoms = lone(_proposed(desk, asked, atom, reason)) if needs_second(edits) else (atom,)
    return _save(desk, asked, reason, atoms)


def reveal(desk: Desk, asked: Contest, at: int, is_came: bool) -> str:
    """A masked value of one side in the clear, after her password; the look itself goes into the audit."""
    require_lately_proved(desk)
    cell = asked.cells[at]
    side = asked.came if is_came else asked.stands
    with desk.vault.write() as connection:
        audit.note(
            connection, desk.officer.id, "reveal", kind=cell.kind, record=cell.record, detail=cell.field
        )
    return str(side.values[at] or "")


def _save(desk: Desk, asked: Contest, reason: str, atoms: Sequence[Atom]) -> str:
    with desk.vault.write() as connection:
        if contest.has_moved(connection, asked):
            raise Refusal("conflict.moved")
        return unit.save(connection, desk.pen, reason, atoms).id


def _proposed(desk: Desk, asked: Contest, atom: Atom, reason: str) -> list[Edit]:
    """The decision as something that waits for a second officer: what it would write, and on what."""
    wants = [[edit.kind, edit.record, edit.field, edit.new, edit.on] for edit in atom.edits]
    values: dict[str, Value] = {
        "person": asked.person,
        "subject": "decision",
        "wants": canonical(wants).decode(),
        "evidence": canonical({"reason": reason}).decode(),
        "proposer": desk.officer.id,
        "state": "open",
    }
    return Opened("proposal", desk.ids.new()).edits(values)
