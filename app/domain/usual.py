"""What nearly every line of a journal is, told without the judge: a set that lands whole on what was seen.

Each of its edits stands alone, writes a value that fits, and lies on exactly what stands; nothing of it
needs a second officer or answers anybody; its verdicts say that it landed at its author's clock. That is
told by looking up, at a tenth of what reading the set and judging it costs. Whatever is not seen at once to
be so is not said to be wrong: it goes the long way, and comes to the same (`tests/domain/test_usual.py`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Container, Mapping, Sequence
from functools import lru_cache
from operator import call, itemgetter
from typing import Any, NamedTuple

from app.domain.aliases import ALIAS
from app.domain.changes import FORM, Head, canonical, is_head, is_record
from app.domain.decisions import CONFLICT
from app.domain.fitting import Fits, fitting
from app.domain.proposals import OPEN, PROPOSAL
from app.domain.records import KINDS, Kind, Merge, Type
from app.domain.resting import NO_OTHERS, Names, Packed, packed_plain
from app.domain.standing import RecordKey

_NUMBER_MAX, _CLOCK_MAX = 1 << 31, 1 << 62
_STRANGE = (ValueError, TypeError, LookupError, RecursionError)


class Line(NamedTuple):
    """One line of a journal as it is kept; `seq` None while it waits."""

    seq: int | None
    id: bytes
    device: str
    number: int
    author: str
    clock: int
    reason: str
    body: bytes
    signature: bytes
    verdicts: bytes
    no: int = 0

    @property
    def said(self) -> tuple[str, int, str, int, str]:
        """What its columns say of the set."""
        return self.device, self.number, self.author, self.clock, self.reason


class _Plain(NamedTuple):
    """The cells of a kind that one officer writes: what fits them, and those that she may write again."""

    fits: Mapping[str, Fits]
    again: frozenset[str]


class _Shape(NamedTuple):
    """A record begun with cells of some names: what fits each, their order by name, and the names in it."""

    fits: tuple[Fits, ...]
    in_order: Callable[[tuple[Any, ...]], tuple[Any, ...]]
    names: Names


def landed(
    line: Line,
    before: tuple[str, int, str],
    resting: Mapping[RecordKey, Packed],
    aliases: Container[RecordKey],
    runs_of: Callable[[bytes], Any],
) -> dict[RecordKey, Packed] | None:
    """What a line leaves that follows, is what its hash and columns say, and landed whole; else None.

    That is every record that it writes, packed. `before`: the commune, and number and id of the set that the
    line's device made before. `resting`: every record that stood before, packed, but for the aliases.
    `runs_of` reads JSON as `read_json`.
    """
    seq, set_id, device, number, author, clock, reason, body, _signature, verdicts, _no = line
    commune, last, previous = before
    behind, atoms = (seq or 0,), 0
    written: dict[RecordKey, Packed] = {}
    try:
        opening, closing = _around(commune, author, device, reason)
        begins = b'%b%d,"%b",%d,%b' % (opening, number, previous.encode(), clock, closing)
        is_told = type(number) is type(clock) is int and number == last + 1 and body.startswith(begins)
        if not is_told or body[-1:] != b"]" or hashlib.sha256(body).digest() != set_id:
            return None
        for kind, record, cells in runs_of(body[len(begins) : -1]):
            key = kind, record
            packed = resting.get(key)
            if packed is None:
                left = _begun(kind, record, cells, behind, clock)
            else:
                left = _laid(cells, _PLAIN[kind], packed, behind, clock)
            if left is None or key in written or (ALIAS, record) in aliases:
                return None
            written[key] = left
            atoms += len(cells)
    except _STRANGE:
        return None
    is_so = verdicts == b"[%d,%d,[]]" % (atoms, clock) and number < _NUMBER_MAX and 0 <= clock < _CLOCK_MAX
    return written if is_so and written else None


@lru_cache(maxsize=256)
def _around(commune: str, author: str, device: str, reason: str) -> tuple[bytes, bytes]:
    """What stands in a set's bytes before its number, and between its clock and its atoms."""
    if not is_head(Head(commune, author, device, 1, "", 0, reason)):
        raise ValueError("none of these")
    return canonical([FORM, commune, author, device])[:-1] + b",", canonical(reason) + b","


def _begun(
    kind: str, record: str, cells: Sequence[Any], behind: tuple[int, ...], clock: int
) -> Packed | None:
    """A record that nobody had."""
    names, values = zip(*cells, strict=True)
    fits, in_order, by_name = _shape(kind, names)
    # As `all(fit(value) for …)`: what is run for every cell of a journal is run in C.
    if not all(map(call, fits, values)) or not is_record(record):
        return None
    return behind, clock, by_name, packed_plain(in_order(values)), NO_OTHERS


@lru_cache(maxsize=1 << 12)
def _shape(kind: str, names: Names) -> _Shape:
    fits, by_name = _PLAIN[kind].fits, tuple(sorted(names))
    if len(set(names)) < len(names):
        raise ValueError("a cell twice")
    # With one place alone `itemgetter` gives the value itself.
    in_order = itemgetter(*map(names.index, by_name)) if len(names) > 1 else tuple
    return _Shape(tuple(fits[name] for name in names), in_order, by_name)


def _laid(
    cells: Sequence[Any], plain: _Plain, packed: Packed, behind: tuple[int, ...], clock: int
) -> Packed | None:
    """A record of which each cell is laid on what its author saw there, before her clock."""
    usually, usual_clock, names, content, beside = packed
    odd = dict(beside)
    for cell in cells:
        name, _old, value, on = cell if len(cell) == 4 else (cell[0], None, cell[1], None)
        sets: tuple[int | None, ...]
        if name in odd:
            _value, sets, since = odd[name]
        elif name in names:
            sets, since = usually, usual_clock
        else:
            sets, since = (None,), -1
        is_seen = on in sets and (on is None or type(on) is int) and since < clock
        if not is_seen or name not in plain.again or not (value is None or plain.fits[name](value)):
            return None
        odd[name] = value, behind, clock
    return (usually, usual_clock, names, content, odd) if cells else None


def _plain(kind: Kind) -> _Plain:
    fits, again = dict[str, Fits](), set[str]()
    for field in kind.fields:
        members = (f"{field.name}/{member}" for member in field.choices)
        for name in members if field.type is Type.MEMBERS else [field.name]:
            fit = fitting(kind.name, name)
            if fit is not None and field.merge is not Merge.APPROVED:
                fits[name] = fit
                again |= {name} if field.merge is not Merge.ONCE else set()
    if kind.name == PROPOSAL:
        fits["state"] = frozenset({OPEN}).__contains__
        del fits["agreed"]
        again.clear()
    return _Plain(fits, frozenset(again))


# What people decide about, conflicts and who is joined to whom, is never plain.
_PLAIN = {name: _plain(kind) for name, kind in KINDS.items() if name not in (CONFLICT, ALIAS)}
