"""The local chained log: who saw masked values, exported, came in, was refused, saved.

Each entry's hash covers the one before, so an entry edited, removed, swapped or slipped in
is found. Cut off at the end it is found only against a head kept elsewhere.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import BindParameter, Connection, bindparam, func, insert, select

from app.domain.changes import canonical
from app.store.one import ONE
from app.store.tables import audit

DENIED = "denied"  # an act: what a role, or her own part in it, forbade; its detail is the code and the deed

_FORM = "soansinh.audit.1"
_START = bytes(32)
_HEAD = select(audit.c.no, audit.c.hash).order_by(audit.c.no.desc()).limit(ONE)
_APPEND = insert(audit)
_SINCE: BindParameter[int] = bindparam("since")
_BESIDES = select(audit.c.no).where(audit.c.no > _SINCE, audit.c.act != "save").limit(ONE)
_DEED = tuple(audit.c[name] for name in ("no", "at", "officer", "act", "kind", "record", "detail"))


@dataclass(frozen=True)
class Head:
    """How far the log goes: its last number, 0 when empty, and that entry's hash."""

    no: int
    hash: bytes


@dataclass(frozen=True)
class Deed:
    """One entry as read: when (UTC), who, what, on which record."""

    no: int
    at: str
    officer: str
    act: str
    kind: str
    record: str
    detail: str


def note(
    connection: Connection, officer: str, act: str, *, kind: str = "", record: str = "", detail: str = ""
) -> None:
    """Add an entry, in the transaction of the deed itself. `act` is a verb: save, unlock, reveal, export …

    `detail` names fields, counts and codes; what was seen stays out of it.
    """
    _append(connection, [(officer, act, kind, record, detail)])


def note_all(connection: Connection, officer: str, act: str, kind: str, records: Sequence[str]) -> None:
    """An entry for each of these records, in their order."""
    _append(connection, [(officer, act, kind, record, "") for record in records])


def _append(connection: Connection, said: Sequence[tuple[str, str, str, str, str]]) -> None:
    before = head(connection)
    at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    entries = []
    for one in said:
        deed = Deed(before.no + 1, at, *one)
        hashed = _hash(before.hash, deed)
        entries.append({**vars(deed), "previous": before.hash, "hash": hashed})
        before = Head(deed.no, hashed)
    if entries:
        connection.execute(_APPEND, entries)


def head(connection: Connection) -> Head:
    """Where the log stands."""
    last = connection.execute(_HEAD).first()
    return Head(last.no, last.hash) if last else Head(0, _START)


def verify(connection: Connection, known: Head | None = None) -> int | None:
    """The number of the first entry that does not hold, None when all do.

    `known`, a head noted earlier, finds entries cut off since and a log made anew.
    """
    before = Head(0, _START)
    for row in connection.execute(select(audit).order_by(audit.c.no)).yield_per(1000):
        *said, previous, hashed = row
        deed = Deed(*said)
        if (deed.no, previous, hashed) != (before.no + 1, before.hash, _hash(before.hash, deed)):
            return before.no + 1
        before = Head(deed.no, hashed)
        if known and known.no == before.no and known.hash != before.hash:
            return before.no
    return before.no + 1 if known and known.no > before.no else None


def besides_saves(connection: Connection, since: int) -> bool:
    """Whether anything but saves was noted after an entry: those have chains of their own."""
    return connection.execute(_BESIDES, {"since": since}).first() is not None


def last_time(connection: Connection, officer: str, act: str) -> str:
    """When this officer last did this (UTC), empty for never."""
    mine = select(audit.c.at).where(audit.c.officer == officer, audit.c.act == act)
    return connection.scalar(mine.order_by(audit.c.no.desc()).limit(1)) or ""


def looks(connection: Connection, record: str, since: datetime) -> int:
    """How often a masked value of a record was shown since then."""
    at = since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    seen = select(func.count()).where(audit.c.act == "reveal", audit.c.record == record, audit.c.at >= at)
    return int(connection.scalar(seen) or 0)


def about(connection: Connection, records: Collection[str], acts: Collection[str]) -> list[Deed]:
    """What was done of these acts on any of these records, newest first."""
    asked = select(*_DEED).where(audit.c.record.in_(records), audit.c.act.in_(acts))
    return [Deed(*row) for row in connection.execute(asked.order_by(audit.c.no.desc()))]


def between(connection: Connection, since: datetime, until: datetime) -> list[Deed]:
    """What was done in a time, both moments included, oldest first."""
    first, last = (each.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") for each in (since, until))
    asked = select(*_DEED).where(audit.c.at.between(first, last)).order_by(audit.c.no)
    return [Deed(*row) for row in connection.execute(asked)]


def _hash(previous: bytes, deed: Deed) -> bytes:
    return hashlib.sha256(previous + canonical([_FORM, *vars(deed).values()])).digest()
