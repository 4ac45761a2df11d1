"""What waits for the centre, as people read it; what waits for people is in `disputes`."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, select

from app.domain.changes import ChangeSet, SignedSet
from app.domain.hybrid_clock import milliseconds
from app.store import outbox
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


def waiting_sets(connection: Connection, limit: int = 500) -> list[WaitingSet]:
    """The outbox as people read it, newest first."""
    newest = select(changes.c.body).where(changes.c.seq.is_(None)).order_by(changes.c.no.desc()).limit(limit)
    return [_waiting(connection, SignedSet(body, b"").set) for body in connection.scalars(newest)]


def saves_of(connection: Connection, device: str, numbers: Collection[int]) -> dict[int, WaitingSet]:
    """Sets of a laptop by their numbers, as people read them, waiting or not; those that lie here."""
    held = outbox.own_sets(connection, device, numbers)
    return {number: _waiting(connection, signed.set) for number, signed in held.items()}


def _waiting(connection: Connection, found: ChangeSet) -> WaitingSet:
    touched = list(dict.fromkeys((edit.kind, edit.record) for edit in found.edits()))
    people = [owner(connection, kind, record) for kind, record in touched[:6]]
    names = tuple(dict.fromkeys(name for _, name in people if name))[:3]
    return WaitingSet(found.id, _moment(found.clock), found.author, found.reason, len(touched), names)


def owner(connection: Connection, kind: str, record: str) -> tuple[str, str]:
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
