"""Who is shown as whom: aliases in force, each one step from a person to the one who stands for her."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, select

from app.domain.aliases import ALIAS
from app.store.among import among, listed
from app.store.tables import records

JOINED = "joined"  # the account state of somebody who is not shown by herself
_ALIAS = records[ALIAS]
_SURVIVORS = select(_ALIAS.c.id, _ALIAS.c.survivor).where(
    among(_ALIAS.c.id, "ids") | among(_ALIAS.c.survivor, "others"), _ALIAS.c.survivor.is_not(None)
)


def is_shown() -> Any:
    """A condition: the person stands in lists by herself."""
    return records["person"].c.account_state.is_distinct_from(JOINED)


def survivor_of(connection: Connection, record: str) -> str:
    """Under whose id a person is shown: her own, or the survivor's."""
    alias = records[ALIAS]
    return connection.scalar(select(alias.c.survivor).where(alias.c.id == record)) or record


def joined_to(connection: Connection, record: str) -> list[str]:
    """The ids of those for whom this person stands."""
    alias = records[ALIAS]
    hers = select(alias.c.id).where(alias.c.survivor == record).order_by(alias.c.no)
    return list(connection.scalars(hers))


def survivors_among(connection: Connection, people: Collection[str]) -> dict[str, str]:
    """Joined person → survivor, wherever one of both is among these people."""
    if not people:
        return {}
    rows = connection.execute(_SURVIVORS, {"ids": listed(people), "others": listed(people)})
    return {row.id: row.survivor for row in rows}


def shown_nos(connection: Connection) -> dict[int, int]:
    """The `no` of everybody joined → the `no` under which she is shown."""
    alias, person = records[ALIAS], records["person"]
    other = person.alias("other")
    query = (
        select(other.c.no.label("joined"), person.c.no)
        .select_from(alias)
        .join(other, other.c.id == alias.c.id)
        .join(person, person.c.id == alias.c.survivor)
    )
    return {row.joined: row.no for row in connection.execute(query)}


def joined_numbers(connection: Connection) -> Iterator[tuple[str, str]]:
    """(identity number of somebody joined, id of the person who stands for her)."""
    alias, person = records[ALIAS], records["person"]
    for column in (person.c.personal_id, person.c.old_id):
        query = select(column, alias.c.survivor).join(alias, alias.c.id == person.c.id)
        held = query.where(alias.c.survivor.is_not(None), column.is_not(None))
        yield from ((number, survivor) for number, survivor in connection.execute(held))


def resolved(nos: Iterable[int], shown: Mapping[int, int]) -> list[int]:
    """The same people as they are shown, each once."""
    return list(dict.fromkeys(shown.get(no, no) for no in nos))
