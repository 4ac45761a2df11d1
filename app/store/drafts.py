"""Unfinished work that keeps itself: bytes under a subject, until the work is done."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TypeVar

import msgspec
from sqlalchemy import Connection, delete, func, select
from sqlalchemy.dialects.sqlite import insert

from app.store.tables import drafts

Body = TypeVar("Body")
OWN = "@"  # between a subject and the officer whose own draft it is (`sight.py`)


def keep(connection: Connection, subject: str, body: bytes) -> None:
    """Keep a draft, in place of the one kept under this subject."""
    at = datetime.now(UTC).isoformat(timespec="seconds")
    row = insert(drafts).values(subject=subject, body=body, at=at)
    changed = {"body": row.excluded.body, "at": row.excluded.at}
    connection.execute(row.on_conflict_do_update(index_elements=["subject"], set_=changed))


def kept(connection: Connection, subject: str) -> bytes | None:
    """The draft of a subject."""
    body = connection.scalar(select(drafts.c.body).where(drafts.c.subject == subject))
    return bytes(body) if body is not None else None


def unpacked(body: bytes | None, as_: type[Body]) -> Body | None:
    """What was packed into a draft; None for nothing, or where another version of the program packed it."""
    try:
        return msgspec.msgpack.decode(body, type=as_) if body is not None else None
    except msgspec.MsgspecError:
        return None


def is_kept(connection: Connection, subject: str) -> bool:
    """Whether there is a draft of a subject."""
    found = select(drafts.c.subject).where(drafts.c.subject == subject)
    return connection.scalar(found) is not None


def put(connection: Connection, bodies: Mapping[str, bytes | None]) -> None:
    """Keep some, drop those without a body."""
    for subject, body in bodies.items():
        if body is None:
            drop(connection, subject)
        else:
            keep(connection, subject, body)


def kept_under(connection: Connection, beginning: str) -> list[tuple[str, bytes]]:
    """Subjects that begin so, with their bodies, the newest first."""
    found = select(drafts.c.subject, drafts.c.body).where(drafts.c.subject.startswith(beginning))
    return [(row.subject, bytes(row.body)) for row in connection.execute(found.order_by(drafts.c.at.desc()))]


def count_under(connection: Connection, beginning: str) -> int:
    """How many subjects begin so."""
    found = select(func.count()).select_from(drafts).where(drafts.c.subject.startswith(beginning))
    return int(connection.scalar(found) or 0)


def drop(connection: Connection, subject: str) -> None:
    """The work is done, or given up."""
    connection.execute(delete(drafts).where(drafts.c.subject == subject))
