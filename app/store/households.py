"""The commune's households as somebody picks one: whose, where, how many people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from app.domain.records import Value
from app.store.aliases import is_shown
from app.store.among import among, listed
from app.store.tables import records

_PERSON = records["person"]
_NAMES = select(_PERSON.c.id, _PERSON.c.name).where(among(_PERSON.c.id, "ids"))


@dataclass(frozen=True)
class HouseholdLine:
    """A household by its head's name; `head` and `code` empty where nobody knows."""

    record: str
    code: str
    head: str
    hamlet: str
    members: int


def households(connection: Connection) -> list[HouseholdLine]:
    """Those that stand, in the order of their heads' names."""
    household, person = records["household"], records["person"]
    head = person.alias("head")
    members = (
        select(person.c.household, func.count().label("count"))
        .where(person.c.household.is_not(None), is_shown())
        .group_by(person.c.household)
        .subquery()
    )
    query = (
        select(
            household.c.id,
            household.c.code,
            func.coalesce(head.c.name, household.c.head_name, "").label("head"),
            household.c.hamlet,
            func.coalesce(members.c.count, 0).label("members"),
        )
        .outerjoin(head, head.c.id == household.c.head)
        .outerjoin(members, members.c.household == household.c.id)
        .where(household.c.state.is_distinct_from("ended"))
        .where(household.c.state.is_distinct_from("entered_by_mistake"))
        .order_by(head.c.name_key, household.c.head_name)
    )
    return [
        HouseholdLine(row.id, row.code or "", row.head, row.hamlet or "", row.members)
        for row in connection.execute(query)
    ]


def household_head(connection: Connection, household: Mapping[str, Value]) -> str:
    """The head's name, whether she is in the register herself or only named; empty when nobody knows."""
    return household_heads(connection, [household])[0]


def household_heads(connection: Connection, found: Sequence[Mapping[str, Value]]) -> list[str]:
    """The same of several, in their order, in one look."""
    heads = [str(each.get("head") or "") for each in found]
    names = connection.execute(_NAMES, {"ids": listed({*heads} - {""})}) if any(heads) else ()
    known = {row.id: row.name for row in names}
    return [
        known.get(head) or str(each.get("head_name") or "") for head, each in zip(heads, found, strict=True)
    ]
