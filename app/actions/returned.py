"""What came back to its author: seen, or written again by a new set laid on what stands now."""

from __future__ import annotations

from dataclasses import replace

from app.actions.desk import Desk, save
from app.domain.changes import Atom, Edit
from app.domain.errors import Refusal
from app.domain.proposals import PROPOSAL
from app.domain.seen import cell_of, seen
from app.store import returned, unit
from app.store.disputes import Dispute
from app.store.returned import Returned


def see_gave_way(desk: Desk, lost: Dispute) -> None:
    """The officer has seen that another value stands."""
    save(desk, "seen", [_seen_lost(desk, lost)])


def see_refused(desk: Desk, refused: Returned) -> None:
    """The officer has seen why a set was refused."""
    save(desk, "seen", [seen(desk.officer.id, refused.seq)])


def write_again(desk: Desk, lost: Dispute) -> str:
    """The value that gave way, written anew on what stands now, and seen; returns the set's id."""
    edit = Edit(lost.kind, lost.record, lost.field, lost.came)
    with desk.vault.write() as connection:
        atoms = returned.laid_anew(connection, [Atom((edit,))])
        return unit.save(connection, desk.pen, "again", [*atoms, _seen_lost(desk, lost)]).id


def adopt(desk: Desk, refused: Returned) -> str:
    """What was refused for who wrote it, in the officer's own name, laid on what stands now, and seen.

    Refusal("returned.not_open") for a set that would be refused again for what it says, or as her own.
    """
    if not refused.may_adopt(desk.officer.id):
        raise Refusal("returned.not_open")
    with desk.vault.write() as connection:
        atoms = returned.laid_anew(connection, [in_her_name(desk, atom) for atom in refused.atoms])
        return unit.save(connection, desk.pen, "adopted", [*atoms, seen(desk.officer.id, refused.seq)]).id


def in_her_name(desk: Desk, atom: Atom) -> Atom:
    """Who adopts a proposal is its proposer: she may take it back, and not approve it."""
    edits = (
        replace(edit, new=desk.officer.id) if (edit.kind, edit.field) == (PROPOSAL, "proposer") else edit
        for edit in atom.edits
    )
    return replace(atom, edits=tuple(edits))


def _seen_lost(desk: Desk, lost: Dispute) -> Atom:
    return seen(desk.officer.id, lost.seq, cell_of(lost.kind, lost.record, lost.field))
