"""What is still open: sets that wait for the centre, conflicts that wait for people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, select

from app.domain.changes import ChangeSet, SignedSet, milliseconds
from app.domain.records import Value
from app.store import rows
from app.store.tables import changes, records


@dataclass(frozen=True)
class WaitingSet:
    """A set that has not got its place in the journal yet. `names`: the people it touches, the first few."""

    id: str
    at: datetime
    author: str
    reason: str
    records: int
    names: tuple[str, ...]


@dataclass(frozen=True)
class Contested:
    """One cell on which two sets disagree: what stands, and what the other wanted."""

    kind: str
    field: str
    stands: Value
    wanted: Value


@dataclass(frozen=True)
class ConflictLine:
    """An open conflict, with both values; `person` is the id of whom it concerns, empty when unknown."""

    id: str
    person: str
    name: str
    author: str
    at: datetime
    reason: str
    cells: tuple[Contested, ...]


def waiting_sets(connection: Connection, limit: int = 500) -> list[WaitingSet]:
    """The outbox as people read it, newest first."""
    newest = select(changes.c.body).where(changes.c.seq.is_(None)).order_by(changes.c.no.desc()).limit(limit)
    return [_waiting(connection, SignedSet(body, b"").set) for body in connection.scalars(newest)]


def _waiting(connection: Connection, found: ChangeSet) -> WaitingSet:
    touched = list(dict.fromkeys((edit.kind, edit.record) for edit in found.edits()))
    people = [_owner(connection, kind, record) for kind, record in touched[:6]]
    names = tuple(dict.fromkeys(name for _, name in people if name))[:3]
    return WaitingSet(found.id, _moment(found.clock), found.author, found.reason, len(touched), names)


def conflicts(connection: Connection, limit: int = 200) -> list[ConflictLine]:
    """The open conflicts, the newest first."""
    conflict = records["conflict"]
    opened = (
        select(conflict.c.id, conflict.c.seq, conflict.c.atom, conflict.c.subject)
        .where(conflict.c.state == "open")
        .order_by(conflict.c.seq.desc())
        .limit(limit)
    )
    return [
        _conflict(connection, row.id, row.seq, row.atom, row.subject) for row in connection.execute(opened)
    ]


def _conflict(connection: Connection, record: str, seq: int, atom: int, subject: str) -> ConflictLine:
    body = connection.scalar(select(changes.c.body).where(changes.c.seq == seq)) or b""
    found = SignedSet(body, b"").set
    edits = found.atoms[atom].edits
    stands = rows.load(connection, {(edit.kind, edit.record) for edit in edits})
    cells = tuple(
        Contested(edit.kind, edit.field, cell.value if cell else None, edit.new)
        for edit in edits
        for cell in [stands.get((edit.kind, edit.record), {}).get(edit.field)]
    )
    person, name = _owner(connection, edits[0].kind, subject)
    return ConflictLine(record, person, name, found.author, _moment(found.clock), found.reason, cells)


def _owner(connection: Connection, kind: str, record: str) -> tuple[str, str]:
    """Id and name of the person a record is about; empty where it is about none."""
    person = records["person"]
    if kind != "person":
        if kind not in records or "person" not in records[kind].c:
            return "", ""
        owned = select(records[kind].c.person).where(records[kind].c.id == record)
        record = connection.scalar(owned) or ""
    name = connection.scalar(select(person.c.name).where(person.c.id == record))
    return (record, name or "") if name is not None else ("", "")


def _moment(clock: int) -> datetime:
    return datetime.fromtimestamp(milliseconds(clock) / 1000, UTC)
