"""Everybody the register has, as an import compares them: by number, by name and birth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, or_, select

from app.domain.text import canonical
from app.store.listing import MISTAKEN
from app.store.tables import records

_COMPARED = (
    *("id", "name", "birth", "sex", "personal_id", "old_id", "phone", "hamlet", "address"),
    *("ethnicity", "current_address"),
)


@dataclass(frozen=True)
class Person:
    """One person of the register. `birth` ISO; texts empty where nothing is known."""

    id: str
    birth: str
    hamlet: str
    personal_id: str
    values: Mapping[str, str]


@dataclass(frozen=True)
class Known:
    """The register at one moment. `by_name`: canonical name (`text.canonical`)."""

    by_id: Mapping[str, Person]
    by_number: Mapping[str, str]
    by_name: Mapping[str, tuple[Person, ...]]


def everybody(connection: Connection) -> Known:
    """All people but those entered by mistake."""
    person = records["person"]
    wanted = select(*(person.c[name] for name in _COMPARED))
    wanted = wanted.where(or_(person.c.state.is_(None), person.c.state != MISTAKEN))
    by_id: dict[str, Person] = {}
    by_number: dict[str, str] = {}
    by_name: dict[str, list[Person]] = {}
    for row in connection.execute(wanted).mappings():
        values = {name: row[name] for name in _COMPARED if row[name]}
        found = Person(row["id"], row["birth"] or "", row["hamlet"] or "", row["personal_id"] or "", values)
        by_id[found.id] = found
        by_number |= {number: found.id for number in (row["personal_id"], row["old_id"]) if number}
        by_name.setdefault(canonical(row["name"] or ""), []).append(found)
    return Known(by_id, by_number, {name: tuple(people) for name, people in by_name.items()})
