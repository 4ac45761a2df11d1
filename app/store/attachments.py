"""Which attachments a register cites, whose bytes are here, and what still waits to be sent."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Select, func, select, update
from sqlalchemy.dialects.sqlite import insert

from app.domain.attachments import Cited
from app.store.among import among, listed
from app.store.opened import Opened
from app.store.tables import files, records

_TABLE = records["attachment"]
_CHUNK = 500


@dataclass(frozen=True)
class Attachment:
    """One of hers, ready to be edited; whether its bytes are on this laptop, and whether they wait to go."""

    opened: Opened
    is_here: bool
    is_waiting: bool

    @property
    def cited(self) -> Cited:
        """Its bytes."""
        values = self.opened.values
        return Cited(self.opened.record, str(values.get("sha256") or ""), int(values.get("size") or 0))

    @property
    def is_active(self) -> bool:
        """Whether it was not closed."""
        return self.opened.values.get("state") == "active"


@dataclass(frozen=True)
class Load:
    """How much waits to be sent."""

    count: int = 0
    bytes: int = 0


def attachments_of(connection: Connection, opened: Sequence[Opened]) -> tuple[Attachment, ...]:
    """These records with what is here of them, in the same order."""
    known = [str(each.values.get("sha256") or "") for each in opened]
    here = _here(connection, known)
    return tuple(
        Attachment(each, sha256 in here, not here.get(sha256, True))
        for each, sha256 in zip(opened, known, strict=True)
    )


def _here(connection: Connection, known: Sequence[str]) -> dict[str, bool]:
    """Of these, the ones whose bytes are here; whether the centre has them."""
    found: dict[str, bool] = {}
    for start in range(0, len(known), _CHUNK):
        asked = select(files).where(files.c.sha256.in_(known[start : start + _CHUNK]))
        found |= {row.sha256: row.sent for row in connection.execute(asked)}
    return found


def note_here(connection: Connection, sha256: str, *, sent: bool) -> None:
    """The bytes are on this laptop; `sent` when they came from the centre. What was sent stays sent."""
    row = insert(files).values(sha256=sha256, sent=sent)
    connection.execute(row.on_conflict_do_nothing())


def note_sent(connection: Connection, sha256: str) -> None:
    """The centre has all of it."""
    connection.execute(update(files).where(files.c.sha256 == sha256).values(sent=True))


def note_gone(connection: Connection, sha256: str) -> None:
    """The bytes here were damaged; the centre has them."""
    connection.execute(files.delete().where(files.c.sha256 == sha256, files.c.sent))


def is_here(connection: Connection, sha256: str) -> bool:
    """Whether the bytes are on this laptop."""
    return connection.scalar(select(files.c.sha256).where(files.c.sha256 == sha256)) is not None


def attached(connection: Connection, hashes: Collection[str]) -> set[str]:
    """Those of these SHA-256 that some record names as attached."""
    found = select(_TABLE.c.sha256).where(among(_TABLE.c.sha256, "hashes"))
    return set(connection.scalars(found, {"hashes": listed(hashes)}))


def all_here(connection: Connection) -> Collection[str]:
    """Every attachment whose bytes are on this laptop."""
    return set(connection.scalars(select(files.c.sha256)))


def waiting(connection: Connection) -> list[Cited]:
    """What to send, in the order in which it goes: the newest enrolments first.

    Ids begin with the moment at which they were made (`domain/ids.py`). One that was closed as a
    mistake does not go.
    """
    asked = _waiting(_TABLE.c.id, _TABLE.c.sha256, _TABLE.c.size).order_by(_TABLE.c.id.desc())
    found: dict[str, Cited] = {}
    for row in connection.execute(asked):
        found.setdefault(row.sha256, Cited(row.id, row.sha256, row.size or 0))
    return list(found.values())


def load(connection: Connection) -> Load:
    """How much waits."""
    each = _waiting(_TABLE.c.sha256, func.max(_TABLE.c.size).label("size")).group_by(_TABLE.c.sha256)
    total = each.subquery()
    row = connection.execute(
        select(func.count(), func.coalesce(func.sum(total.c.size), 0)).select_from(total)
    )
    count, size = row.one()
    return Load(count, size)


def _waiting(*columns: object) -> Select[tuple[object, ...]]:
    joined = files.join(_TABLE, _TABLE.c.sha256 == files.c.sha256)
    asked: Select[tuple[object, ...]] = select(*columns).select_from(joined)  # type: ignore[call-overload]
    return asked.where(files.c.sent.is_(False), _TABLE.c.state == "active")


def whose(connection: Connection, unread: Collection[str]) -> tuple[str, ...]:
    """The names of the people whose attachments these are, each once, in the order of the photos."""
    person = records["person"]
    asked = select(_TABLE.c.sha256, person.c.id, person.c.name).join(person, person.c.id == _TABLE.c.person)
    named: dict[str, dict[str, str]] = {}
    for row in connection.execute(asked.where(among(_TABLE.c.sha256, "unread")), {"unread": listed(unread)}):
        named.setdefault(row.sha256, {})[row.id] = row.name or ""
    found = {record: name for sha256 in unread for record, name in named.get(sha256, {}).items()}
    return tuple(found.values())
