"""What nearly every line of a journal is, told without the judge: a set that lands whole on what was seen.

Each of its edits stands alone, writes a value that fits, and lies on exactly what stands; nothing of it
needs a second officer or answers anybody; its verdicts say that it landed at its author's clock. That is
told by looking up, at a tenth of what reading the set and judging it costs. Whatever is not seen at once to
be so is not said to be wrong: it goes the long way, and comes to the same (`tests/domain/test_usual.py`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Container, Mapping
from operator import call
from typing import Any, NamedTuple

from app.domain.aliases import ALIAS
from app.domain.changes import FORM, is_record, is_spoken, read_json
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


class _Plain(NamedTuple):
    """The cells of a kind that one officer writes: what fits them, and those that she may write again."""

    kind: str
    fits: Mapping[str, Fits]
    again: frozenset[str]


def landed(
    line: Line, commune: str, resting: Mapping[RecordKey, bytes], aliases: Container[RecordKey]
) -> tuple[str, dict[RecordKey, bytes]] | None:
    """What a line leaves that is what its hash and columns say, and landed whole; None where it may not be.

    The id of the set that its device made before, and every record that it writes, packed. `resting`: every
    record that stood before, packed, but for the aliases.
    """
    seq, set_id, device, number, author, clock, reason, body, _signature, verdicts, _no = line
    behind, atoms = (seq or 0,), 0
    written: dict[RecordKey, bytes] = {}
    try:
        form, where, by, machine, count, previous, at, why, runs = read_json(body)
        for named, record, cells in runs:
            kind, fits, again = _PLAIN[named]
            key = kind, record
            packed = resting.get(key)
            if packed is None:
                stands = _begun(record, cells, fits, behind, clock)
            else:
                stands = _laid(cells, fits, again, unpack(packed), behind, clock)
            if stands is None or key in written or (ALIAS, record) in aliases:
                return None
            written[key] = pack(stands)
            atoms += len(cells)
    except _STRANGE:
        return None
    is_so = (
        written
        and type(count) is type(at) is int
        and machine == device
        and count == number
        and by == author
        and at == clock
        and why == reason
        and verdicts == b"[%d,%d,[]]" % (atoms, clock)
        and hashlib.sha256(body).digest() == set_id
        and (form, where) == (FORM, commune)
        and 0 < number < _NUMBER_MAX
        and 0 <= clock < _CLOCK_MAX
        and is_spoken(commune, author, device, reason)
    )
    return (previous, written) if is_so else None


def _begun(
    record: str, cells: list[Any], fits: Mapping[str, Fits], behind: tuple[int, ...], clock: int
) -> AtRest | None:
    """A record that nobody had."""
    values = dict(cells)
    is_so = bool(cells) and len(values) == len(cells) and is_record(record)
    # As `all(fits[name](value) for …)`: what is run for every cell of a journal is run in C.
    is_fit = is_so and all(map(call, map(fits.__getitem__, values), values.values()))
    return (behind, clock, values, {}) if is_fit else None


def _laid(
    cells: list[Any],
    fits: Mapping[str, Fits],
    again: frozenset[str],
    stands: AtRest,
    behind: tuple[int, ...],
    clock: int,
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
        if not is_seen or name not in again or not (value is None or fits[name](value)):
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
