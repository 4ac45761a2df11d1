"""What came back to its author: seen, or written again by a new set laid on what stands now."""

from __future__ import annotations

from app.actions.desk import Desk
from app.domain.changes import Atom, Edit
from app.domain.errors import Refusal
from app.store import disputes, returned, unit
from app.store.disputes import Dispute
from app.store.returned import Returned


def see_gave_way(desk: Desk, lost: Dispute) -> None:
    """The officer has seen that another value stands."""
    with desk.vault.write() as connection:
        disputes.acknowledge(connection, [lost])


def see_refused(desk: Desk, refused: Returned) -> None:
    """The officer has seen why a set was refused."""
    with desk.vault.write() as connection:
        returned.acknowledge(connection, [refused.set_id])


def write_again(desk: Desk, lost: Dispute) -> str:
    """The value that gave way, written anew on what stands now; returns the set's id, empty if it stands."""
    edit = Edit(lost.kind, lost.record, lost.field, lost.came)
    with desk.vault.write() as connection:
        disputes.acknowledge(connection, [lost])
        atoms = returned.laid_anew(connection, [Atom((edit,))])
        return unit.save(connection, desk.pen, "again", atoms).id if atoms else ""


def adopt(desk: Desk, refused: Returned) -> str:
    """What was refused for its author's standing, in the officer's own name, laid on what stands now.

    Refusal("returned.not_open") for a set that would be refused again for what it says.
    """
    if not refused.is_open_to_adoption:
        raise Refusal("returned.not_open")
    with desk.vault.write() as connection:
        returned.acknowledge(connection, [refused.set_id])
        atoms = returned.laid_anew(connection, refused.atoms)
        return unit.save(connection, desk.pen, "adopted", atoms).id if atoms else ""
