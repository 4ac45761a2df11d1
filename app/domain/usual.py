"""What nearly every line of a journal is, told without the judge: a set that lands whole on what was seen.

Each of its edits stands alone, writes a value that fits, and lies on exactly what stands; nothing of it
needs a second officer or answers anybody; its verdicts say that it landed at its author's clock. That is
told by looking up, at a tenth of what reading the set and judging it costs. Whatever is not seen at once to
be so is not said to be wrong: it goes the long way, and comes to the same (`tests/domain/test_usual.py`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Container, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from app.domain.aliases import ALIAS
from app.domain.changes import FORM, Head, is_head, is_record, read_json
from app.domain.decisions import CONFLICT
from app.domain.proposals import OPEN, PROPOSAL
from app.domain.records import KINDS, Fits, Kind, Merge, Type, fitting
from app.domain.resting import AtRest, pack, unpack
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


class Usual(NamedTuple):
    """What a usual set writes, run by run: kind, record, cells; and the set that its device made before."""

    previous: str
    runs: list[Any]


class _Plain(NamedTuple):
    """The cells of a kind that one officer writes: what fits them, and those that she may write again."""

    kind: str
    fits: Mapping[str, Fits]
    again: frozenset[str]


def usual(line: Line, commune: str) -> Usual | None:
    """A line that is what its hash and its columns say, with the verdicts of a set that landed whole."""
    try:
        form, where, author, device, number, previous, clock, reason, runs = read_json(line.body)
        atoms = sum([len(cells) for _kind, _record, cells in runs])
    except _STRANGE:
        return None
    _seq, set_id, *_said, body, _signature, verdicts, _no = line
    is_so = (
        (device, number, author, clock, reason) == line.said
        and verdicts == b"[%d,%d,[]]" % (atoms, clock)
        and hashlib.sha256(body).digest() == set_id
        and (form, where) == (FORM, commune)
        and type(number) is type(clock) is int
        and 0 < number < _NUMBER_MAX
        and 0 <= clock < _CLOCK_MAX
        and _is_spoken(commune, author, device, reason)
    )
    return Usual(previous, runs) if is_so else None


@lru_cache(maxsize=256)
def _is_spoken(commune: str, author: str, device: str, reason: str) -> bool:
    return is_head(Head(commune, author, device, 1, "", 0, reason))


def landed(
    found: Usual, line: Line, resting: Mapping[RecordKey, bytes], aliases: Container[RecordKey]
) -> dict[RecordKey, bytes] | None:
    """Every record that a usual set writes, packed as it leaves it; None where it might land otherwise."""
    written = dict[RecordKey, bytes]()
    behind, clock = (line.seq or 0,), line.clock
    try:
        for named, record, cells in found.runs:
            plain = _PLAIN[named]
            key = plain.kind, record
            packed = resting.get(key)
            if packed is None:
                stands = _begun(record, cells, plain.fits, behind, clock)
            else:
                stands = _laid(cells, plain, unpack(packed), behind, clock)
            if stands is None or key in written or (ALIAS, record) in aliases:
                return None
            written[key] = pack(stands)
    except _STRANGE:
        return None
    return written or None


def _begun(
    record: str, cells: list[Any], fits: Mapping[str, Fits], behind: tuple[int, ...], clock: int
) -> AtRest | None:
    """A record that nobody had."""
    values = dict(cells)
    for name, value in values.items():
        if not fits[name](value):
            return None
    is_so = bool(cells) and len(values) == len(cells) and is_record(record)
    return (behind, clock, values, {}) if is_so else None


def _laid(
    cells: list[Any], plain: _Plain, stands: AtRest, behind: tuple[int, ...], clock: int
) -> AtRest | None:
    """A record of which each cell is laid on what its author saw there, before her clock."""
    usually, usual_clock, alike, odd = stands
    for cell in cells:
        name, _old, value, on = cell if len(cell) == 4 else (cell[0], None, cell[1], None)
        sets: tuple[int | None, ...]
        if name in odd:
            _value, sets, since = odd[name]
        elif name in alike:
            sets, since = usually, usual_clock
            del alike[name]
        else:
            sets, since = (None,), -1
        is_seen = on in sets and (on is None or type(on) is int) and since < clock
        if not is_seen or name not in plain.again or not (value is None or plain.fits[name](value)):
            return None
        odd[name] = value, behind, clock
    return stands if cells else None


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
    return _Plain(kind.name, fits, frozenset(again))


# What people decide about, conflicts and who is joined to whom, is never plain.
_PLAIN = {name: _plain(kind) for name, kind in KINDS.items() if name not in (CONFLICT, ALIAS)}
