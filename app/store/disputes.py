"""What two laptops wrote apart: conflicts that people decide, and values that gave way unseen.

No edit is lost silently (design/sync.md, rule 5): both values are shown with who wrote them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Select, exists, select

from app.domain.changes import Edit, parse
from app.domain.hybrid_clock import milliseconds
from app.domain.records import Value
from app.store import rows
from app.store.tables import changes, overwritten, records


@dataclass(frozen=True)
class Hand:
    """Who wrote a value, on which laptop, when (UTC), why; the set by its id."""

    set_id: str
    author: str
    device: str
    at: datetime
    reason: str


@dataclass(frozen=True)
class Dispute:
    """One cell with the value that stands and the one that came and does not.

    `conflict` is the id of the conflict that a decision names, empty for a value that gave way.
    `person` and `name` say about whom it is; empty for a household.
    """

    conflict: str
    seq: int
    person: str
    name: str
    kind: str
    record: str
    field: str
    stands: Value
    stands_by: Hand | None
    came: Value
    came_by: Hand


def conflicts(connection: Connection, about: Collection[str] | None = None) -> list[Dispute]:
    """Open conflicts, oldest first; `about` narrows to these record ids."""
    conflict = records["conflict"]
    query = select(conflict).where(conflict.c.state == "open").order_by(conflict.c.seq, conflict.c.atom)
    if about is not None:
        query = query.where(conflict.c.subject.in_(sorted(about)))
    found = []
    for row in connection.execute(query):
        came = _change(connection, row.seq)
        edit = parse(came.body).atoms[row.atom].edits[0]
        found.append((row.id, row.seq, edit, came))
    return [*_disputes(connection, found)]


def gave_way(connection: Connection, officer: str) -> list[Dispute]:
    """Her ordinary values that did not stand, newest first, until she has seen it, on whichever laptop."""
    lost = unseen(select(overwritten), officer).order_by(overwritten.c.lost.desc())
    found = []
    for row in connection.execute(lost):
        came = _change(connection, row.lost)
        for edit in parse(came.body).edits():
            if edit.cell == (row.kind, row.record, row.field):
                found.append(("", row.lost, edit, came))
    return [*_disputes(connection, found)]


def unseen(query: Select[Any], officer: str) -> Select[Any]:
    """Of the overwritten, those whose author she is and that she has not seen."""
    cell = overwritten.c.kind + "/" + overwritten.c.record + "/" + overwritten.c.field
    noted = records["seen"]
    has_seen = exists().where(
        noted.c.officer == officer, noted.c.seq == overwritten.c.lost, noted.c.cell == cell
    )
    hers = query.join(changes, changes.c.seq == overwritten.c.lost).where(changes.c.author == officer)
    return hers.where(overwritten.c.seen.is_(False), ~has_seen)


def hand(row: Any) -> Hand:
    """Who wrote a set, from its row in `changes`."""
    at = datetime.fromtimestamp(milliseconds(row.clock) / 1000, UTC)
    return Hand(row.id.hex(), row.author, row.device, at, row.reason)


def _change(connection: Connection, seq: int) -> Any:
    """The journal line with this seq; a negative one names a set that waits, by its local number."""
    found = _line(connection, seq)
    assert found is not None  # a snapshot brings every set that a conflict or list speaks of
    return found


def _line(connection: Connection, seq: int) -> Any:
    key = changes.c.seq == seq if seq > 0 else changes.c.no == -seq
    return connection.execute(select(changes).where(key)).first()


def _disputes(connection: Connection, found: list[tuple[str, int, Edit, Any]]) -> Iterator[Dispute]:
    standing = rows.load(connection, {(edit.kind, edit.record) for _, _, edit, _ in found})
    names = _names(connection, {(edit.kind, edit.record) for _, _, edit, _ in found})
    for conflict, seq, edit, came in found:
        cell = standing.get((edit.kind, edit.record), {}).get(edit.field)
        # None as well while the history of a laptop filled from a snapshot has not come.
        by = _line(connection, cell.behind[-1]) if cell and cell.behind else None
        yield Dispute(
            conflict=conflict,
            seq=seq,
            person=names[edit.kind, edit.record][0],
            name=names[edit.kind, edit.record][1],
            kind=edit.kind,
            record=edit.record,
            field=edit.field,
            stands=cell.value if cell else None,
            stands_by=hand(by) if by else None,
            came=edit.new,
            came_by=hand(came),
        )


def _names(connection: Connection, keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], tuple[str, str]]:
    """About whom each record is: person id and name."""
    person = records["person"]
    found = {}
    for kind, record in keys:
        table = records[kind]
        owner = record
        if kind != "person" and "person" in table.c:
            owner = connection.scalar(select(table.c.person).where(table.c.id == record)) or ""
        name = connection.scalar(select(person.c.name).where(person.c.id == owner))
        found[kind, record] = (owner, name) if name is not None else ("", "")
    return found
