"""What came back: sets that the centre refused, and sets that it did not take; kept, with the reason.

Ordinary values that gave way to a later one: `disputes.gave_way`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Select, exists, func, or_, select

from app.domain.changes import Atom, ChangeSet, Edit, Outcome, parse, unpack_verdicts
from app.domain.decisions import CONFLICT
from app.domain.roles import BY_WHOM
from app.domain.seen import SEEN
from app.store.disputes import Hand, hand, unseen
from app.store.opened import Opened, open_record
from app.store.tables import changes, overwritten, records, refused

# Refused for who wrote it, not for what it says: whoever may, can write the same in her own name.
ADOPTABLE = ("standing", *BY_WHOM)


@dataclass(frozen=True)
class Returned:
    """A set, or the atoms of it, that did not come in force. `why`: the code the centre gave.

    `taken`: it has its place in the journal, `seq`, and was refused there; otherwise it still waits here.
    `people`: names of those it is about; `person` the first one's id, empty when it is about nobody.
    """

    set_id: str
    seq: int
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
        return self.taken and self.why in ADOPTABLE and not kinds & {CONFLICT, SEEN}

    def may_adopt(self, officer: str) -> bool:
        """Whether this officer may: her own would be refused once more."""
        return self.is_open_to_adoption and self.by.author != officer


def refusals(connection: Connection, officer: str) -> list[Returned]:
    """Her refused sets, and those of anybody who had no right to write them; newest first, until seen."""
    query = _unseen(select(changes), officer).order_by(changes.c.seq.desc())
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


def count(connection: Connection, officer: str) -> int:
    """How many refusals she has not seen."""
    return int(connection.scalar(_unseen(select(func.count()).select_from(changes), officer)) or 0)


def waits(connection: Connection, officer: str) -> int:
    """All that she still has to look at: values that gave way, refusals, sets not taken from here."""
    lost = unseen(select(func.count()).select_from(overwritten), officer)
    kept = select(func.count()).where(changes.c.seq.is_(None), changes.c.why.is_not(None))
    return sum(int(connection.scalar(query) or 0) for query in (lost, kept)) + count(connection, officer)


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


def _unseen(query: Select[Any], officer: str) -> Select[Any]:
    """Her own; and one refused whole for who wrote it, which anybody who may can adopt."""
    noted = records["seen"]
    has_seen = exists().where(
        noted.c.officer == officer, noted.c.seq == changes.c.seq, noted.c.cell.is_(None)
    )
    adoptable = or_(*(func.instr(changes.c.verdicts, f'"{why}"'.encode()) > 0 for why in ADOPTABLE))
    concerns_her = or_(changes.c.author == officer, adoptable)
    of_refused = query.join(refused, refused.c.seq == changes.c.seq)
    return of_refused.where(refused.c.seen.is_(False), concerns_her, ~has_seen)


def _returned(connection: Connection, row: Any, why: str, atoms: Sequence[Atom]) -> Returned:
    people = list(dict.fromkeys(_people(connection, parse(row.body))))
    first = people[0][0] if people else ""
    names = tuple(name for _, name in people)
    seq, is_taken = row.seq or 0, row.seq is not None
    return Returned(row.id.hex(), seq, hand(row), why, is_taken, tuple(atoms), first, names)


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
