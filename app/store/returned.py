"""What came back: sets that the centre refused, and sets that it did not take; kept, with the reason.

Ordinary values that gave way to a later one: `disputes.gave_way`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select, update

from app.domain.changes import Atom, ChangeSet, Edit, Outcome, parse, unpack_verdicts
from app.store import place
from app.store.disputes import Hand, hand
from app.store.opened import Opened, open_record
from app.store.tables import changes, overwritten, records, refused

STANDING = "standing"  # refused because author or laptop had no right any more when it was received


@dataclass(frozen=True)
class Returned:
    """A set, or the atoms of it, that did not come in force. `why`: the code the centre gave.

    `taken`: it has its place in the journal, and was refused there; otherwise it still waits here.
    `people`: names of those it is about; `person` the first one's id, empty when it is about nobody.
    """

    set_id: str
    by: Hand
    why: str
    taken: bool
    atoms: tuple[Atom, ...]
    person: str
    people: tuple[str, ...]

    @property
    def is_open_to_adoption(self) -> bool:
        """Whether an officer may write the same in her own name: what is wrong is not what it says."""
        kinds = {edit.kind for atom in self.atoms for edit in atom.edits}
        return self.taken and self.why == STANDING and "conflict" not in kinds


def refusals(connection: Connection) -> list[Returned]:
    """Refused sets of this laptop, and of anybody who had lost her right; newest first, until seen."""
    query = _unseen(connection, select(changes)).order_by(changes.c.seq.desc())
    found = []
    for row in connection.execute(query):
        written = parse(row.body)
        turned_down = [
            (atom, verdict)
            for atom, verdict in zip(written.atoms, unpack_verdicts(row.verdicts), strict=True)
            if verdict.outcome is Outcome.REFUSED
        ]
        atoms = tuple(atom for atom, _ in turned_down)
        found.append(_returned(connection, row, turned_down[0][1].why, atoms))
    return found


def not_taken(connection: Connection) -> list[Returned]:
    """Sets that wait although they were pushed, with what the centre said of them."""
    query = select(changes).where(changes.c.seq.is_(None), changes.c.why.is_not(None)).order_by(changes.c.no)
    return [_returned(connection, row, row.why, parse(row.body).atoms) for row in connection.execute(query)]


def count(connection: Connection) -> int:
    """How many refusals nobody here has seen."""
    return int(connection.scalar(_unseen(connection, select(func.count()).select_from(changes))) or 0)


def waits(connection: Connection) -> int:
    """All that somebody here still has to look at: values that gave way, refusals, sets not taken."""
    unseen = select(func.count()).select_from(overwritten).where(overwritten.c.seen.is_(False))
    unseen = unseen.join(changes, changes.c.seq == overwritten.c.lost)
    gave_way = connection.scalar(unseen.where(place.written_here(connection, changes.c.device)))
    kept = select(func.count()).where(changes.c.seq.is_(None), changes.c.why.is_not(None))
    return int(gave_way or 0) + count(connection) + int(connection.scalar(kept) or 0)


def acknowledge(connection: Connection, set_ids: Collection[str]) -> None:
    """Somebody has seen these refusals; they stay in the history."""
    ids = [bytes.fromhex(each) for each in set_ids]
    seqs = select(changes.c.seq).where(changes.c.id.in_(ids))
    connection.execute(update(refused).where(refused.c.seq.in_(seqs)).values(seen=True))


def laid_anew(connection: Connection, atoms: Sequence[Atom]) -> list[Atom]:
    """The same atoms on what stands now; cells that already hold their value fall away."""
    found = []
    for atom in atoms:
        edits: list[Edit] = []
        for edit in atom.edits:
            opened = open_record(connection, edit.kind, edit.record) or Opened(edit.kind, edit.record)
            edits += opened.edits({edit.field: edit.new})
        if edits:
            found.append(replace(atom, edits=tuple(edits), reads=()))
    return found


def _unseen(connection: Connection, query: Any) -> Any:
    return query.join(refused, refused.c.seq == changes.c.seq).where(
        refused.c.seen.is_(False), _concerns_us(connection)
    )


def _concerns_us(connection: Connection) -> ColumnElement[bool]:
    """Our own; and a set refused whole for its author's or laptop's standing, which anybody may adopt."""
    for_standing = func.instr(changes.c.verdicts, f'"{STANDING}"'.encode()) > 0
    return place.written_here(connection, changes.c.device) | for_standing


def _returned(connection: Connection, row: Any, why: str, atoms: Sequence[Atom]) -> Returned:
    people = list(dict.fromkeys(_people(connection, parse(row.body))))
    first = people[0][0] if people else ""
    names = tuple(name for _, name in people)
    return Returned(row.id.hex(), hand(row), why, row.seq is not None, tuple(atoms), first, names)


def _people(connection: Connection, found: ChangeSet) -> Iterator[tuple[str, str]]:
    """Id and name of everybody a set is about, as the register knows them, else as the set says."""
    person = records["person"]
    said = {edit.record: str(edit.new) for edit in found.edits() if edit.field == "name" and edit.new}
    for edit in found.edits():
        owner = edit.record if edit.kind == "person" else ""
        if edit.field == "person" and isinstance(edit.new, str):
            owner = edit.new
        elif not owner and edit.kind in records and "person" in records[edit.kind].c:
            table = records[edit.kind]
            owner = connection.scalar(select(table.c.person).where(table.c.id == edit.record)) or ""
        name = connection.scalar(select(person.c.name).where(person.c.id == owner)) if owner else None
        if name or owner in said:
            yield owner, name or said[owner]
