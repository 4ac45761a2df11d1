"""Record rows as records at rest, as a walk holds them: read by the driver alone, compared and summed whole.

`rows.py` makes a cell of each value, which is what changes one; who looks over all of them changes none.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, lru_cache
from operator import itemgetter
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection

from app.domain.records import KINDS, Type, Value
from app.domain.resting import AtRest, Names, Odd, at_rest, digest_form
from app.store import rows

_PAGE = 100  # as many signatures as a mate checks in some milliseconds (`sandbox/crew.py`)
_write_lines = msgspec.json.Encoder().encode_lines  # texts as `changes.canonical`, in a tenth of the time
_pack = msgspec.msgpack.Encoder().encode
Row = tuple[Any, ...]  # as the driver hands it out: id, behind, and a kind's columns by name


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


def held(connection: Connection, kind: str) -> Iterator[Sequence[Row]]:
    """Every row of a kind, page by page."""
    listed = ", ".join(f'"{name}"' for name in ("id", "behind", *_columns(kind).names))
    return pages(connection, f'SELECT {listed} FROM "{kind}"')


def is_plainly(kind: str, row: Row, resting: AtRest) -> bool:
    """Whether a row is this record; told by what would be written. A row of which that is not seen may be."""
    behind, clock, names, values, odd = resting
    groups: list[tuple[tuple[int, ...], int, list[str] | None]] = [(behind, clock, None)]
    if odd:
        named = sorted(odd)
        if len({odd[name][1:] for name in named}) > 1:
            return False
        filled = [name for name in named if odd[name][0] is not None]
        names, values = (*names, *filled), (*values, *[odd[name][0] for name in filled])
        groups = [(*odd[named[0]][1:], named), *groups]
    if row[1] != _pack(groups) or row.count(None) != len(row) - 2 - len(names):
        return False
    return _those(kind, names)(row) == values


@lru_cache(maxsize=1 << 12)
def _those(kind: str, names: Names) -> Callable[[Row], object]:
    """The values of these cells in a row; nothing like it if one of them has no column of its own."""
    columns = _columns(kind).names
    if len(names) < 2 or not set(names) <= set(columns):
        return len
    return itemgetter(*(columns.index(name) + 2 for name in names))


def digest(kind: str, found: Iterable[tuple[str, AtRest]]) -> int:
    """The sum of `standing.record_digest` over many records."""
    forms = _write_lines([(kind, record, digest_form(resting)) for record, resting in found])
    return sum([int.from_bytes(hashlib.sha256(form).digest(), "big") for form in forms.split(b"\n")[:-1]])


@cache
def _columns(kind: str) -> _Columns:
    fields = sorted(KINDS[kind].fields, key=lambda field: field.name)
    flags, sets = (tuple(f.name for f in fields if f.type is of) for of in (Type.FLAG, Type.MEMBERS))
    return _Columns(tuple(field.name for field in fields), flags, sets)


def read(kind: str, row: Row) -> AtRest | None:
    """What a row says; None where what stands behind it cannot be read."""
    columns, behind = _columns(kind), row[1]
    values: dict[str, Value] = {
        name: value for name, value in zip(columns.names, row[2:], strict=True) if value is not None
    }
    try:
        for name in columns.flags:
            if name in values:
                values[name] = bool(values[name])
        for name in columns.sets:
            if name in values:
                values |= {f"{name}/{member}": True for member in str(values.pop(name)).split(",")}
                values = dict(sorted(values.items()))
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
    return tuple(sets), clock, tuple(values), tuple(values.values()), odd
