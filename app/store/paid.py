"""What rows show of who is paid: never for a list, which tells it from the journal, only to miss nobody.

And the lists that left this register: one line each in the log.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, select

from app.domain.standing import RecordKey
from app.store import audit
from app.store.among import among, listed
from app.store.tables import audit as log
from app.store.tables import records

_LIST = "list"
_PERSON = records["person"]
_SHOWN = select(_PERSON.c.id).where(_PERSON.c.receiving_account.is_not(None))
_PAID_THERE = select(_PERSON.c.id).where(among(_PERSON.c.receiving_account, "ids"))
_OWNERS = {
    kind: select(records[kind].c.person).where(among(records[kind].c.id, "ids"))
    for kind in ("account", "proposal", "entitlement")
}


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
    return set(connection.scalars(_SHOWN))


def whom(connection: Connection, doubted: Collection[RecordKey]) -> set[str]:
    """The people whom these records are about."""
    found = {record for kind, record in doubted if kind in ("person", "alias")}
    for kind, owners in _OWNERS.items():
        ids = listed(record for of, record in doubted if of == kind)
        found.update(connection.scalars(owners, {"ids": ids}))
        if kind == "account":
            found.update(connection.scalars(_PAID_THERE, {"ids": ids}))
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
