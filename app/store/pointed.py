"""What values point to: the accounts, households and people that a page has to name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection

from app.domain.changes import Edit
from app.domain.records import Type, Value, field_of
from app.domain.standing import RecordKey
from app.store.households import household_head
from app.store.opened import open_records


@dataclass(frozen=True)
class Pointed:
    """Records by kind and id, and the heads of households."""

    values: Mapping[RecordKey, Mapping[str, Value]] = field(default_factory=dict)
    heads: Mapping[str, str] = field(default_factory=dict)


def references(cells: Iterable[tuple[str, str, Value]]) -> set[RecordKey]:
    """The records that values of these cells (kind, field, value) point to."""
    found = set()
    for kind, cell, value in cells:
        declared = field_of(kind, cell)
        if value and declared is not None and declared.type is Type.REF and declared.refers is not None:
            found.add((declared.refers, str(value)))
    return found


def references_of(edits: Iterable[Edit]) -> set[RecordKey]:
    """The records that edits point to."""
    return references((edit.kind, edit.field, edit.new) for edit in edits)


def said_by(edits: Iterable[Edit]) -> dict[RecordKey, dict[str, Value]]:
    """What edits say of the records that they make: where a set was refused, nothing else says it."""
    said: dict[RecordKey, dict[str, Value]] = {}
    for edit in edits:
        said.setdefault((edit.kind, edit.record), {})[edit.field] = edit.new
    return said


def read_pointed(connection: Connection, keys: Iterable[RecordKey]) -> Pointed:
    """What these records say."""
    values = {key: opened.values for key, opened in open_records(connection, set(keys)).items()}
    houses = ((record, known) for (kind, record), known in values.items() if kind == "household")
    return Pointed(values, {record: household_head(connection, known) for record, known in houses})
