"""Each exchange with the centre: what went, what came, what failed and why. The pill and `doctor` read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Integer, LargeBinary, cast, delete, func, insert, select
from sqlalchemy.dialects import sqlite

from app.store.tables import exchanges, place

DONE = "done"
FILLED, FILLED_ANEW = "filled", "filled_anew"  # by a snapshot: a new laptop; one that had diverged
FILES = "files"  # attachments went, after the sets
WENT_WELL = frozenset((DONE, FILLED, FILLED_ANEW, FILES))
_KEPT = 1_000
_NOTE = insert(exchanges)
_NEWEST = select(func.max(exchanges.c.no)).scalar_subquery()
_ONE_MORE = cast(cast(place.c.value, Integer) + 1, LargeBinary)
_COUNT_UP = (
    sqlite.insert(place)
    .values(name="request_number", value=b"1")
    .on_conflict_do_update(index_elements=["name"], set_={"value": _ONE_MORE})
    .returning(place.c.value)
)
_FORGET = delete(exchanges).where(exchanges.c.no <= _NEWEST - _KEPT)


@dataclass(frozen=True)
class Exchange:
    """One exchange. `outcome`: done, files, or the error's code; `sent`, `received`: sets.

    `files`: attachments sent whole; sizes in bytes.
    """

    at: datetime
    outcome: str
    sent: int = 0
    received: int = 0
    bytes_out: int = 0
    bytes_in: int = 0
    files: int = 0


def next_number(connection: Connection) -> int:
    """The next request's number: a label that never comes twice, also after a crash."""
    return int(connection.scalar(_COUNT_UP))


def note(connection: Connection, found: Exchange) -> None:
    """Keep one; the oldest beyond a thousand go."""
    row = {"outcome": found.outcome, "sent": found.sent, "received": found.received}
    sizes = {"bytes_out": found.bytes_out, "bytes_in": found.bytes_in, "files": found.files}
    connection.execute(_NOTE, {"at": found.at.isoformat(), **row, **sizes})
    connection.execute(_FORGET)


def recent(connection: Connection, count: int = 50) -> list[Exchange]:
    """The newest, newest first."""
    rows = connection.execute(select(exchanges).order_by(exchanges.c.no.desc()).limit(count))
    return [
        Exchange(
            datetime.fromisoformat(row.at),
            row.outcome,
            row.sent,
            row.received,
            row.bytes_out,
            row.bytes_in,
            row.files,
        )
        for row in rows
    ]
