"""Programme data that the centre published, signed by its policy key: one row a version, the same for all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, insert, select

from app.store.central_tables import programme

_VERSION = select(func.max(programme.c.version))


@dataclass(frozen=True)
class Published:
    """One version. `at`: milliseconds since 1970."""

    version: int
    at: int
    signed: bytes


def version(connection: Connection) -> int:
    """The newest version; 0 before the first."""
    return int(connection.scalar(_VERSION) or 0)


def newest(connection: Connection) -> Published | None:
    """The newest one."""
    row = connection.execute(select(programme).order_by(programme.c.version.desc()).limit(1)).first()
    return Published(row.version, row.published, row.signed) if row else None


def numbered(connection: Connection, version: int) -> Published | None:
    """One of them."""
    row = connection.execute(select(programme).where(programme.c.version == version)).first()
    return Published(row.version, row.published, row.signed) if row else None


def every(connection: Connection) -> Sequence[Published]:
    """All there were, the newest first."""
    rows = connection.execute(select(programme).order_by(programme.c.version.desc()))
    return [Published(row.version, row.published, row.signed) for row in rows]


def add(connection: Connection, found: Published) -> None:
    """Publish one; a version that is taken fails, for two operators publish one after the other."""
    row = {"version": found.version, "published": found.at, "signed": found.signed}
    connection.execute(insert(programme).values(**row))
