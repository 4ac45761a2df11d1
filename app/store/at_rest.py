"""Record rows as records at rest, as a walk holds them: read by the driver alone, compared and summed whole.

`rows.py` makes a cell of each value, which is what changes one; who looks over all of them changes none.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection

from app.domain.records import KINDS, Type, Value
from app.domain.resting import AtRest, Odd, at_rest, digest_form
from app.store import rows

_PAGE = 100  # as many signatures as a mate checks in some milliseconds (`sandbox/crew.py`)
_write = msgspec.json.Encoder().encode  # writes texts as `changes.canonical` does, in a tenth of the time


class _Columns(NamedTuple):
    """A kind's columns by name; of those, the flags and the sets."""

    names: tuple[str, ...]
    flags: tuple[str, ...]
    sets: tuple[str, ...]


def pages(connection: Connection, statement: str, *told: object) -> Iterator[Sequence[Any]]:
    """What a statement finds, a hundred lines at once, as the driver hands it out."""
    with connection.exec_driver_sql(statement, told) as found:
        cursor = found.cursor
        assert cursor is not None
        while page := cursor.fetchmany(_PAGE):
            yield page


def held(connection: Connection, kind: str) -> Iterator[list[tuple[str, AtRest | None]]]:
    """Every row of a kind, page by page, under its id; None where what stands behind it cannot be read."""
    columns = _columns(kind)
    listed = ", ".join(f'"{name}"' for name in ("id", "behind", *columns.names))
    for page in pages(connection, f'SELECT {listed} FROM "{kind}"'):
        yield [(record, _at_rest(kind, columns, behind, filled)) for record, behind, *filled in page]


def digest(kind: str, record: str, resting: AtRest) -> int:
    """As `standing.record_digest`."""
    form = _write([kind, record, digest_form(resting)])
    return int.from_bytes(hashlib.sha256(form).digest(), "big")


@cache
def _columns(kind: str) -> _Columns:
    fields = sorted(KINDS[kind].fields, key=lambda field: field.name)
    flags, sets = (tuple(f.name for f in fields if f.type is of) for of in (Type.FLAG, Type.MEMBERS))
    return _Columns(tuple(field.name for field in fields), flags, sets)


def _at_rest(kind: str, columns: _Columns, behind: bytes, filled: Sequence[Any]) -> AtRest | None:
    values: dict[str, Value] = {
        name: value for name, value in zip(columns.names, filled, strict=True) if value is not None
    }
    try:
        for name in columns.flags:
            if name in values:
                values[name] = bool(values[name])
        for name in columns.sets:
            if name in values:
                values |= {f"{name}/{member}": True for member in str(values.pop(name)).split(",")}
        return _grouped(values, rows.unpack_groups(behind))
    except (msgspec.MsgspecError, ValueError, TypeError):
        return None


def _grouped(values: dict[str, Value], groups: Sequence[rows.Group]) -> AtRest | None:
    """As `rows.pack_behind` writes groups, the usual one last; in any other order, cell by cell."""
    *named, (sets, clock, rest) = groups
    if rest is not None or None in [names for _, _, names in named]:
        cells = rows.stood(values, groups)
        return at_rest(cells) if cells else None
    odd: dict[str, Odd] = {}
    for others, since, names in named:
        for name in names or ():
            value = odd[name][0] if name in odd else values.pop(name, None)
            odd[name] = value, tuple(others), since
    return tuple(sets), clock, values, odd
