"""What rows show of who is paid: never for a list, which tells it from the journal, only to miss nobody.

And the lists that left this register: one line each in the log.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, select

from app.domain.standing import RecordKey
from app.store import audit
from app.store.tables import audit as log
from app.store.tables import records

_LIST = "list"
_CHUNK = 500


@dataclass(frozen=True)
class Issued:
    """A list that left: when (UTC), by whom, at which seq, how many lines, their total, its digest."""

    at: str
    officer: str
    seq: int
    count: int
    total: int
    digest: str


def shown(connection: Connection) -> set[str]:
    """Everybody whose row says that she is paid somewhere."""
    person = records["person"]
    return set(connection.scalars(select(person.c.id).where(person.c.receiving_account.is_not(None))))


def whom(connection: Connection, doubted: Collection[RecordKey]) -> set[str]:
    """The people whom these records are about."""
    found = {record for kind, record in doubted if kind in ("person", "alias")}
    for kind in ("account", "proposal", "entitlement"):
        table, ids = records[kind], [record for of, record in doubted if of == kind]
        for start in range(0, len(ids), _CHUNK):
            chunk = ids[start : start + _CHUNK]
            found.update(connection.scalars(select(table.c.person).where(table.c.id.in_(chunk))))
        if kind == "account" and ids:
            person = records["person"]
            for start in range(0, len(ids), _CHUNK):
                paid_there = person.c.receiving_account.in_(ids[start : start + _CHUNK])
                found.update(connection.scalars(select(person.c.id).where(paid_there)))
    return found


def names(connection: Connection, people: Collection[str]) -> dict[str, str]:
    """What rows call these people, to speak of them."""
    person, ids, found = records["person"], list(people), dict[str, str]()
    for start in range(0, len(ids), _CHUNK):
        query = select(person.c.id, person.c.name).where(person.c.id.in_(ids[start : start + _CHUNK]))
        found |= {row.id: row.name or "" for row in connection.execute(query)}
    return found


def note(connection: Connection, officer: str, seq: int, count: int, total: int, digest: str) -> None:
    """A list leaves: into the log, which is chained."""
    audit.note(
        connection,
        officer,
        _LIST,
        kind="account",
        detail=f"seq={seq} count={count} total={total} digest={digest}",
    )


def last(connection: Connection) -> Issued | None:
    """The list that left last; None before the first."""
    query = select(log).where(log.c.act == _LIST).order_by(log.c.no.desc()).limit(1)
    row = connection.execute(query).first()
    if row is None:
        return None
    said = _said(row.detail)
    return Issued(
        row.at,
        row.officer,
        int(said.get("seq", 0)),
        int(said.get("count", 0)),
        int(said.get("total", 0)),
        said.get("digest", ""),
    )


def _said(detail: str) -> Mapping[str, str]:
    parts = (part.partition("=") for part in detail.split())
    return {name: value for name, _equals, value in parts}
