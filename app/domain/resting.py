"""Records at rest: packed while nobody speaks of them, so that a walk holds the register and no more.

Nearly always one set stands behind nearly all of a record, so it is written once, and what another set
wrote stands apart: above the values that it replaced, for whoever moves a cell need not unpack the others.
"""

from __future__ import annotations

import marshal
from collections.abc import Mapping
from itertools import compress, repeat
from operator import itemgetter
from typing import Any

from app.domain.records import Value
from app.domain.standing import Cell, Cells

Names = tuple[str, ...]
Odd = tuple[Value, tuple[int, ...], int]  # value, sets behind it, clock
# Behind and clock of the cells that are alike; these by name, in order, and their values; the others.
AtRest = tuple[tuple[int, ...], int, Names, tuple[Value, ...], Mapping[str, Odd]]
# The same, values packed, some of them beneath the others.
Packed = tuple[tuple[int, ...], int, Names, str | bytes, Mapping[str, Odd]]
NO_OTHERS: Mapping[str, Odd] = {}
_NAME = itemgetter(0)


def at_rest(cells: Cells) -> AtRest:
    """A record with at least one cell."""
    first = next(iter(cells.values()))
    usual = first.behind, first.clock
    names = tuple(sorted(name for name, cell in cells.items() if (cell.behind, cell.clock) == usual))
    odd = {name: (c.value, c.behind, c.clock) for name, c in cells.items() if (c.behind, c.clock) != usual}
    return (*usual, names, tuple(cells[name].value for name in names), odd)


def cells_of(resting: AtRest) -> Cells:
    """Cell by cell."""
    behind, clock, names, values, odd = resting
    found = {name: Cell(value, behind, clock) for name, value in zip(names, values, strict=True)}
    return found | {name: Cell(*cell) for name, cell in odd.items()}


def pack(resting: AtRest) -> Packed:
    """For this process alone."""
    behind, clock, names, values, odd = resting
    return behind, clock, names, marshal.dumps(values), odd


def packed_plain(values: tuple[Any, ...]) -> str | bytes:
    """As `pack`, of values that fit: nearly always these are texts, of which none is empty or has a NUL."""
    try:
        return "\0".join(values)
    except TypeError:
        return marshal.dumps(values)


def unpack(packed: Packed) -> AtRest:
    """What was packed, and nothing beneath another."""
    behind, clock, names, content, odd = packed
    values = tuple(content.split("\0")) if isinstance(content, str) else marshal.loads(content)
    if odd:
        shown = [name not in odd for name in names]
        names, values = tuple(compress(names, shown)), tuple(compress(values, shown))
    return behind, clock, names, values, odd


def digest_form(resting: AtRest) -> list[tuple[str, Value, tuple[int, ...]]]:
    """What `standing.record_digest` covers of a record's cells: name, value and sets behind, by name."""
    behind, _clock, names, values, odd = resting
    form = [*zip(names, values, repeat(behind))]
    if odd:
        form += [(name, value, others) for name, (value, others, _) in odd.items()]
        form.sort(key=_NAME)
    return form
