"""What the columns of a workbook layout mean, as an officer corrected them: remembered for the next time."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert

from app.store.tables import layouts

Meanings = tuple[str, ...]


def remember(connection: Connection, fingerprint: str, meanings: Meanings) -> None:
    """Keep the meaning of each column of a layout, left to right; the newest correction stands."""
    packed = msgspec.msgpack.encode(meanings)
    at = datetime.now(UTC).isoformat(timespec="seconds")
    row = insert(layouts).values(fingerprint=fingerprint, meanings=packed, at=at)
    changed = {"meanings": row.excluded.meanings, "at": row.excluded.at}
    connection.execute(row.on_conflict_do_update(index_elements=["fingerprint"], set_=changed))


def remembered(connection: Connection) -> dict[str, Meanings]:
    """Every correction by its layout's fingerprint."""
    rows = connection.execute(select(layouts.c.fingerprint, layouts.c.meanings))
    return {row.fingerprint: msgspec.msgpack.decode(row.meanings, type=Meanings) for row in rows}
