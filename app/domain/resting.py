"""Records at rest: packed while nobody speaks of them, so that a walk holds the register and no more.

Nearly always one set stands behind nearly all of a record, so it is written once, and what another set
wrote stands apart.
"""

from __future__ import annotations

import marshal
from itertools import repeat
from operator import itemgetter

from app.domain.records import Value
from app.domain.standing import Cell, Cells

Odd = tuple[Value, tuple[int, ...], int]  # value, sets behind it, clock
AtRest = tuple[tuple[int, ...], int, dict[str, Value], dict[str, Odd]]  # behind, clock, cells so, others
_NAME = itemgetter(0)


def at_rest(cells: Cells) -> AtRest:
    """A record with at least one cell."""
    first = next(iter(cells.values()))
    usual = first.behind, first.clock
    alike = {name: cell.value for name, cell in cells.items() if (cell.behind, cell.clock) == usual}
    odd = {name: (c.value, c.behind, c.clock) for name, c in cells.items() if name not in alike}
    return (*usual, alike, odd)


def cells_of(resting: AtRest) -> Cells:
    """Cell by cell."""
    behind, clock, alike, odd = resting
    found = {name: Cell(value, behind, clock) for name, value in alike.items()}
    return found | {name: Cell(*cell) for name, cell in odd.items()}


def pack(resting: AtRest) -> bytes:
    """For this process alone."""
    return marshal.dumps(resting)


def unpack(packed: bytes) -> AtRest:
    """What was packed."""
    found: AtRest = marshal.loads(packed)
    return found


def digest_form(resting: AtRest) -> list[tuple[str, Value, tuple[int, ...]]]:
    """What `standing.record_digest` covers of a record's cells: name, value and sets behind, by name."""
    behind, _clock, alike, odd = resting
    form = [*zip(alike, alike.values(), repeat(behind))]
    form += [(name, value, others) for name, (value, others, _) in odd.items()]
    form.sort(key=_NAME)
    return form
