"""Where this copy was found to differ from the centre's: cell by cell, kept until somebody has seen it.

The copy was fetched anew in the same transaction, so what is told here is mended already; the
officer hears of it because she may have read, or printed, what was not so (design/sync.md, rule 7).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, func, insert, select, update

from app.store import audit
from app.store.outstanding import owner
from app.store.tables import diverged


@dataclass(frozen=True)
class Divergence:
    """A cell in which this laptop and the centre disagreed though no later set explains it."""

    kind: str
    record: str
    field: str


@dataclass(frozen=True)
class Found:
    """One of them, when it was found, about whom; `person` and `name` are empty for a household."""

    no: int
    at: datetime
    kind: str
    record: str
    field: str
    person: str
    name: str


def note(connection: Connection, found: Sequence[Divergence]) -> None:
    """Keep them, and say it in the log."""
    at = datetime.now(UTC).replace(microsecond=0).isoformat()
    rows = [{"at": at, "kind": one.kind, "record": one.record, "field": one.field} for one in found]
    if rows:
        connection.execute(insert(diverged), rows)
    for one in found:
        audit.note(connection, "", "diverged", kind=one.kind, record=one.record, detail=one.field)


def found(connection: Connection, limit: int = 500) -> list[Found]:
    """All that were ever found, the newest first."""
    newest = select(diverged).order_by(diverged.c.no.desc()).limit(limit)
    return [
        Found(
            row.no,
            datetime.fromisoformat(row.at),
            row.kind,
            row.record,
            row.field,
            *owner(connection, row.kind, row.record),
        )
        for row in connection.execute(newest)
    ]


def unseen(connection: Connection) -> int:
    """How many of them nobody has seen yet."""
    waiting = select(func.count()).select_from(diverged).where(diverged.c.seen.is_(False))
    return int(connection.scalar(waiting) or 0)


def see(connection: Connection) -> None:
    """Somebody has seen them."""
    connection.execute(update(diverged).where(diverged.c.seen.is_(False)).values(seen=True))
