"""Imports as the journal knows them, whichever laptop wrote them: all sets of one bear its id."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, func, select

from app.domain import reasons
from app.domain.changes import ChangeSet, SignedSet
from app.domain.hybrid_clock import milliseconds
from app.store.tables import changes, records, touched

_CHUNK = 500
_LINKS = (
    *((kind, "person") for kind in ("entitlement", "account", "proposal", "consent")),
    ("person", "household"),
)


@dataclass(frozen=True)
class Past:
    """One import: who wrote it and when, how many sets it is (one a person), whether it was taken back."""

    id: str
    author: str
    device: str
    at: datetime
    people: int
    is_withdrawn: bool


def past(connection: Connection) -> list[Past]:
    """Every import in the journal, the newest first."""
    query = (
        select(
            changes.c.reason,
            changes.c.author,
            changes.c.device,
            func.min(changes.c.clock).label("clock"),
            func.count().label("sets"),
        )
        .where(changes.c.reason.startswith(f"{reasons.IMPORT} ") | _withdrawals())
        .group_by(changes.c.reason)
        .order_by(func.min(changes.c.clock).desc())
    )
    rows = connection.execute(query).all()
    taken_back = {
        reasons.batch_of(row.reason) for row in rows if reasons.code_of(row.reason) == reasons.WITHDRAW
    }
    return [
        Past(
            reasons.batch_of(row.reason),
            row.author,
            row.device,
            datetime.fromtimestamp(milliseconds(row.clock) / 1000, UTC),
            row.sets,
            reasons.batch_of(row.reason) in taken_back,
        )
        for row in rows
        if reasons.code_of(row.reason) == reasons.IMPORT
    ]


def _withdrawals() -> Any:
    return changes.c.reason.startswith(f"{reasons.WITHDRAW} ")


def sets_of(connection: Connection, batch: str) -> list[ChangeSet]:
    """The sets of one import, oldest first."""
    query = (
        select(changes.c.body, changes.c.signature)
        .where(changes.c.reason == reasons.of_batch(reasons.IMPORT, batch))
        .order_by(changes.c.no)
    )
    return [SignedSet(body, signature).set for body, signature in connection.execute(query)]


def is_withdrawn(connection: Connection, batch: str) -> bool:
    """Whether it was taken back already, here or on another laptop."""
    back = select(changes.c.no).where(changes.c.reason == reasons.of_batch(reasons.WITHDRAW, batch)).limit(1)
    return connection.scalar(back) is not None


def built_on(connection: Connection, sets: Collection[ChangeSet]) -> int:
    """How many records other sets have made of these since: changed what they began, or point to it."""
    own = {found.id for found in sets}
    edits = [edit for found in sets for edit in found.edits()]
    ours = {edit.record for edit in edits}
    begun = sorted({edit.record for edit in edits if edit.field == "state" and edit.old is None})
    built: set[str] = set()
    for start in range(0, len(begun), _CHUNK):
        chunk = begun[start : start + _CHUNK]
        links = (
            select(touched.c.record, changes.c.id)
            .join(changes, changes.c.no == touched.c.change)
            .where(touched.c.record.in_(chunk))
        )
        built.update(record for record, set_id in connection.execute(links) if set_id.hex() not in own)
        for kind, link in _LINKS:
            table = records[kind]
            pointing = connection.scalars(select(table.c.id).where(table.c[link].in_(chunk)))
            built.update(set(pointing) - ours)
    return len(built)
