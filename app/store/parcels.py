"""Bundles that went on sticks and came on them, at either end: numbers of a pair, and what a minute says.

The laptop keeps its own; the centre keeps those of each commune (`commune` given).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Table, func, insert, select

from app.store.central_tables import parcel as central_parcel
from app.store.tables import parcels

OUT, IN = "out", "in"


@dataclass(frozen=True)
class Parcel:
    """One bundle: to or from whom, its number in that pair, when (UTC), payload's digest, the file's size.

    `counts`: what was in it, and what came of that: parts, sets, sets in force, in conflict, refused …
    """

    id: str
    way: str
    errand: str
    peer: str
    number: int
    at: str
    digest: str
    size: int
    counts: Mapping[str, int] = field(default_factory=dict)


def next_number(connection: Connection, peer: str, commune: str = "") -> int:
    """The number of the next bundle to this peer: one that was written and never went is passed over."""
    return newest(connection, OUT, peer, commune) + 1


def newest(connection: Connection, way: str, peer: str, commune: str = "") -> int:
    """The highest number to or from a peer; 0 before the first."""
    table = _table(commune)
    asked = select(func.max(table.c.number)).where(table.c.way == way, table.c.peer == peer)
    return int(connection.scalar(_of(asked, table, commune)) or 0)


def latest_time(connection: Connection, peer: str) -> str:
    """The latest moment that a peer signed on a bundle which came (UTC); empty before the first."""
    asked = select(func.max(parcels.c.at)).where(parcels.c.way == IN, parcels.c.peer == peer)
    return str(connection.scalar(asked) or "")


def find(connection: Connection, bundle: str, commune: str = "") -> Parcel | None:
    """One by its id."""
    table = _table(commune)
    row = connection.execute(_of(select(table).where(table.c.id == bundle), table, commune)).first()
    return _parcel(row) if row else None


def note(connection: Connection, found: Parcel, commune: str = "") -> None:
    """Keep one; what is kept of one that comes again is what came of it first."""
    if find(connection, found.id, commune) is not None:
        return
    names = ("id", "way", "errand", "peer", "number", "at", "digest", "size")
    row: dict[str, Any] = {name: getattr(found, name) for name in names}
    row["counts"] = dict(found.counts) if commune else json.dumps(dict(found.counts), sort_keys=True)
    connection.execute(insert(_table(commune)).values(**row, **({"commune": commune} if commune else {})))


def recent(connection: Connection, count: int = 50, commune: str = "") -> list[Parcel]:
    """The newest, newest first."""
    table = _table(commune)
    asked = _of(select(table), table, commune).order_by(table.c.at.desc(), table.c.number.desc()).limit(count)
    return [_parcel(row) for row in connection.execute(asked)]


def _table(commune: str) -> Table:
    return central_parcel if commune else parcels


def _of(asked: Any, table: Table, commune: str) -> Any:
    return asked.where(table.c.commune == commune) if commune else asked


def _parcel(row: Any) -> Parcel:
    counts = json.loads(row.counts) if isinstance(row.counts, str) else row.counts
    said = (row.id, row.way, row.errand, row.peer, row.number, row.at, row.digest, row.size)
    return Parcel(*said, counts)
