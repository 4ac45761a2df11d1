"""Those people of the register whom a workbook could mean, with all that an import compares."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection, or_, select

from app.domain.records import Value
from app.domain.text import canonical, fold
from app.store import aliases
from app.store.listing import MISTAKEN
from app.store.tables import records

COMPARED = (
    *("name", "sex", "birth", "personal_id", "old_id", "id_issued", "id_issuer", "ethnicity", "phone"),
    *("hamlet", "address", "current_address", "household", "relation", "disability", "wish", "note"),
    "state",
)
RIGHT = ("group", "coefficient", "amount", "since", "until", "decision", "decided", "state")
_CHUNK = 500


@dataclass(frozen=True)
class Right:
    """An entitlement, ended ones too; fields of `RIGHT` that are filled."""

    record: str
    values: Mapping[str, Value]


@dataclass(frozen=True)
class Person:
    """One person: filled fields of `COMPARED`, her rights, the (provider, number) of her accounts.

    `account`: none, cash, proposed or in_force; `proposals` of accounts that wait for a second officer.
    """

    no: int
    id: str
    values: Mapping[str, Value]
    account: str
    rights: tuple[Right, ...] = ()
    accounts: frozenset[tuple[str, str]] = frozenset()
    proposals: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Her name, empty where nobody wrote one."""
        return str(self.values.get("name") or "")


@dataclass(frozen=True)
class House:
    """A household as a workbook may name it."""

    record: str
    code: str
    head: str
    hamlet: str


@dataclass(frozen=True)
class Known:
    """Part of the register at one moment. `by_name`: canonical names (`text.canonical`)."""

    by_id: Mapping[str, Person] = field(default_factory=dict)
    by_no: Mapping[int, Person] = field(default_factory=dict)
    by_number: Mapping[str, str] = field(default_factory=dict)
    by_name: Mapping[str, tuple[Person, ...]] = field(default_factory=dict)
    houses: tuple[House, ...] = ()


def meant(
    connection: Connection, numbers: Collection[str], names: Collection[str], nos: Collection[int]
) -> Known:
    """Everybody with one of these numbers or names (marks aside), or these `no`; nobody mistaken."""
    folded = {fold(name) for name in names}
    named = {*nos, *_holders(connection, numbers), *(_namesakes(connection, folded) if folded else ())}
    wanted = aliases.resolved(named, aliases.shown_nos(connection))
    known = _known(_people(connection, sorted(wanted)), _houses(connection))
    return replace(known, by_number={**known.by_number, **_numbers_of_joined(connection, known)})


def with_holder(connection: Connection, known: Known, number: str) -> Known:
    """The same, and whoever has this number."""
    if number in known.by_number:
        return known
    found = aliases.resolved(_holders(connection, [number]), aliases.shown_nos(connection))
    more = _known((*known.by_id.values(), *_people(connection, sorted(found))), known.houses)
    return replace(more, by_number={**more.by_number, **_numbers_of_joined(connection, more)})


def _numbers_of_joined(connection: Connection, known: Known) -> dict[str, str]:
    """Numbers that only a joined record holds lead to the one who stands for her."""
    held = aliases.joined_numbers(connection)
    return {n: shown for n, shown in held if n not in known.by_number and shown in known.by_id}


def _known(people: Iterable[Person], houses: Iterable[House]) -> Known:
    by_id = {person.id: person for person in people}
    by_number: dict[str, str] = {}
    by_name: dict[str, list[Person]] = {}
    # A whole number says who somebody is; an old one only where no whole one does.
    for column in ("personal_id", "old_id"):
        for person in by_id.values():
            number = person.values.get(column)
            if isinstance(number, str):
                by_number.setdefault(number, person.id)
    for person in by_id.values():
        by_name.setdefault(canonical(person.name), []).append(person)
    return Known(
        by_id,
        {person.no: person for person in by_id.values()},
        by_number,
        {name: tuple(found) for name, found in by_name.items()},
        tuple(houses),
    )


def _namesakes(connection: Connection, folded: Collection[str]) -> Iterator[int]:
    person = records["person"]
    query = select(person.c.no, person.c.name_folded).with_hint(
        person, "INDEXED BY person_by_birth", "sqlite"
    )
    yield from (no for no, name in connection.execute(query) if name in folded)


def _holders(connection: Connection, numbers: Collection[str]) -> Iterator[int]:
    person = records["person"]
    for chunk in _chunks(sorted(numbers)):
        held = or_(person.c.personal_id.in_(chunk), person.c.old_id.in_(chunk))
        yield from connection.scalars(select(person.c.no).where(held))


def _people(connection: Connection, nos: Sequence[int]) -> Iterator[Person]:
    person = records["person"]
    columns = [person.c[name] for name in ("no", "id", "account_state", *COMPARED)]
    stands = person.c.state.is_distinct_from(MISTAKEN)
    for chunk in _chunks(nos):
        found = connection.execute(select(*columns).where(person.c.no.in_(chunk), stands)).mappings().all()
        ids = [row["id"] for row in found]
        shown = aliases.survivors_among(connection, ids)  # what belongs to somebody joined is hers
        rights, accounts = _rights(connection, ids, shown), _accounts(connection, ids, shown)
        proposals = _proposals(connection, ids, shown)
        for row in found:
            values = {name: row[name] for name in COMPARED if row[name] is not None}
            hers = row["id"]
            state = row["account_state"] or "none"
            yield Person(
                *(row["no"], hers, values, state, tuple(rights.get(hers, ()))),
                *(frozenset(accounts.get(hers, ())), tuple(proposals.get(hers, ()))),
            )


def _rights(
    connection: Connection, people: Sequence[str], shown: Mapping[str, str]
) -> dict[str, list[Right]]:
    table = records["entitlement"]
    stands = table.c.state.is_distinct_from(MISTAKEN)
    query = select(table).where(table.c.person.in_([*people, *shown]), stands).order_by(table.c.no)
    found: dict[str, list[Right]] = {}
    own_first = sorted(connection.execute(query).mappings(), key=lambda row: row["person"] in shown)
    for row in own_first:
        values = {name: row[name] for name in RIGHT if row[name] is not None}
        hers = found.setdefault(shown.get(row["person"], row["person"]), [])
        if row["person"] not in shown or all(right.values != values for right in hers):
            hers.append(Right(row["id"], values))
    return found


def _accounts(
    connection: Connection, people: Sequence[str], shown: Mapping[str, str]
) -> dict[str, list[tuple[str, str]]]:
    table = records["account"]
    found: dict[str, list[tuple[str, str]]] = {}
    query = select(table.c.person, table.c.provider, table.c.number).where(
        table.c.person.in_([*people, *shown])
    )
    for person, provider, number in connection.execute(query):
        found.setdefault(shown.get(person, person), []).append((provider, number))
    return found


def _proposals(
    connection: Connection, people: Sequence[str], shown: Mapping[str, str]
) -> dict[str, list[str]]:
    table = records["proposal"]
    waits = (table.c.person.in_([*people, *shown]), table.c.state == "open", table.c.subject == "account")
    found: dict[str, list[str]] = {}
    for person, record in connection.execute(
        select(table.c.person, table.c.id).where(*waits).order_by(table.c.no)
    ):
        found.setdefault(shown.get(person, person), []).append(record)
    return found


def _houses(connection: Connection) -> Iterator[House]:
    table = records["household"]
    stands = table.c.state.is_distinct_from(MISTAKEN)
    query = select(table.c.id, table.c.code, table.c.head_name, table.c.hamlet).where(stands)
    for record, code, head, hamlet in connection.execute(query):
        if code or head:
            yield House(record, code or "", head or "", hamlet or "")


def _chunks(items: Sequence[Any]) -> Iterable[Any]:
    return (items[start : start + _CHUNK] for start in range(0, len(items), _CHUNK))
