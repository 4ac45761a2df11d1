"""What an enrolment drive reads: whom a card means, and the person who then sits at the table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, or_, select

from app.domain.records import Value
from app.domain.text import fold
from app.store import dossier
from app.store.aliases import resolved, shown_nos
from app.store.listing import MISTAKEN
from app.store.opened import Opened
from app.store.queries import PersonRow, person_rows
from app.store.tables import records

ALIKE_MAX = 8


@dataclass(frozen=True)
class Proposed:
    """An account of hers: it waits when `is_open`, else it is in force."""

    provider: str
    number: str
    is_open: bool


@dataclass(frozen=True)
class AtTable:
    """The person at the table: her row, her record as it was opened, her household's head, her accounts."""

    row: PersonRow
    opened: Opened
    accounts: tuple[Proposed, ...]
    head: str = ""

    @property
    def values(self) -> dict[str, Value]:
        """Her record's values."""
        return dict(self.opened.values)


def by_number(connection: Connection, number: str) -> list[PersonRow]:
    """Everybody who has this identity number, the new or the old one; more than one is a duplicate."""
    person = records["person"]
    return _people(connection, or_(person.c.personal_id == number, person.c.old_id == number))


def by_name_and_birth(connection: Connection, name: str, year: int) -> list[PersonRow]:
    """Those of this name, accents aside, born in this year or with no birth known."""
    person = records["person"]
    is_same = person.c.name_folded == fold(name)
    born = or_(person.c.birth.between(f"{year}", f"{year}-12-31"), person.c.birth.is_(None))
    return _people(connection, is_same & born)


def _people(connection: Connection, condition: Any) -> list[PersonRow]:
    person = records["person"]
    found = select(person.c.no).where(condition, person.c.state.is_distinct_from(MISTAKEN))
    ordered = connection.scalars(found.order_by(person.c.name_key, person.c.no))
    nos = resolved(ordered, shown_nos(connection))[:ALIKE_MAX]
    return [row for row in person_rows(connection, nos) if row is not None]


def hamlets_of(connection: Connection, people: Sequence[str]) -> dict[str, str]:
    """Where these people live; empty for those without a hamlet."""
    person = records["person"]
    asked = select(person.c.id, person.c.hamlet).where(person.c.id.in_(people))
    return {row.id: row.hamlet or "" for row in connection.execute(asked)}


def at_table(connection: Connection, record: str) -> AtTable | None:
    """A person with what the drive shows of her; None where there is none."""
    found = dossier.person(connection, record)
    if found is None:
        return None
    accounts = tuple(
        Proposed(
            str(account.opened.values.get("provider") or ""),
            str(account.opened.values.get("number") or ""),
            account.standing != "in_force",
        )
        for account in found.accounts
        if account.standing in ("in_force", "approved", "proposed")
    )
    head = str(found.household.opened.values.get("head_name") or "") if found.household else ""
    if found.household:
        heads = (m.name for m in found.household.members if m.id == found.household.opened.values.get("head"))
        head = next(heads, head)
    return AtTable(found.row, found.opened, accounts, head)
