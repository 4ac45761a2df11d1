"""Sets told again out of columns: the very bytes that were signed, written without reading them again.

What sets of one layout have in common is made ready once; a set is then its values in their places. Where
everything said has its form, the bytes are those that `changes.parse` takes, and need not be parsed to know
whose they are and which records they move, or, where that is asked for, what they say.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from json.encoder import encode_basestring
from typing import Any

from app.domain.changes import (
    FORM,
    Atom,
    ChangeSet,
    Edit,
    Head,
    On,
    Read,
    SignedSet,
    as_read,
    canonical,
    is_head,
    is_named,
    is_on,
    is_record,
)
from app.domain.errors import Refusal
from app.domain.records import Value
from app.sync.columns import FRESH, ID_BYTES, LAID, READ, SIGNATURE_BYTES, TICKS, Columns, Shape

BODIES_BYTES_MAX = 20 << 20  # of the sets of one message, as one may be unpacked


@dataclass(frozen=True)
class Told:
    """A set out of columns: its bytes, and what was seen of it on the way without reading them.

    `records`: those that its edits move; `atoms`: how many. Where it `is_sound` its bytes are of the form
    that `changes.parse` takes, and `said` is what it would make of them, if that was asked for; of any other
    only they and the signature are said.
    """

    body: bytes
    signature: bytes
    head: Head | None = None
    records: Sequence[str] = ()
    atoms: int = 0
    is_sound: bool = False
    said: ChangeSet | None = None

    @cached_property
    def id(self) -> str:
        """64 hexadecimal digits."""
        return hashlib.sha256(self.body).hexdigest()

    @property
    def signed(self) -> SignedSet:
        """The set, read as far as it was."""
        if self.said is None or not self.is_sound:
            return SignedSet(self.body, self.signature)
        return as_read(self.body, self.signature, self.said, self.id)


def unpack(columns: Columns) -> list[SignedSet]:
    """The sets again; Refusal("sync.message") for columns that do not fit together."""
    return [found.signed for found in told(columns, reads=True)]


def told(columns: Columns, *, reads: bool = False) -> list[Told]:
    """The same, with what can be said of each at no cost, or all that it says; the refusal too."""
    try:
        with closing(_Reader(columns, reads=reads)) as reader:
            return list(reader.told())
    except (IndexError, KeyError, StopIteration, ValueError, OverflowError, TypeError, RuntimeError) as error:
        raise Refusal("sync.message") from error


class _Reader:
    """Columns read set by set, each from where the one before ended; written, and read if asked."""

    def __init__(self, columns: Columns, *, reads: bool) -> None:
        self._columns, self._reads = columns, reads
        self._new = {name: _told_twice(values) for name, values in columns.new.items()}
        self._old = {name: _told_twice(values) for name, values in columns.old.items()}
        self._lone: dict[tuple[int, int], _Lone] = {}
        self._on = iter(columns.on)
        self._ids = _ids(columns)
        self._previous = iter(columns.previous)
        self._newest: dict[int, tuple[int, str]] = {}
        self._names = [_json(name) for name in columns.names]
        self._layouts: dict[int, _Layout] = {}
        self._read: list[str] = []
        self._moment = 0
        self._is_sound = True

    def told(self) -> Iterator[Told]:
        columns, size = self._columns, 0
        if len(columns.signatures) != SIGNATURE_BYTES * len(columns.layout):
            raise ValueError("signatures")
        heads = zip(
            *(columns.commune, columns.author, columns.device, columns.reason),
            *(columns.number, columns.moment, columns.tick),
            strict=True,
        )
        whole = iter(columns.whole)
        for at, layout in enumerate(columns.layout):
            signature = columns.signatures[SIGNATURE_BYTES * at : SIGNATURE_BYTES * (at + 1)]
            found = Told(next(whole), signature) if layout < 0 else self._told(next(heads), layout, signature)
            size += len(found.body)
            if size > BODIES_BYTES_MAX:  # a long name said once can be meant a million times
                raise ValueError("bodies")
            self._read.append(found.id)
            yield found

    def close(self) -> None:
        """Let go of what points back here, or all of it waits for whoever looks for circles."""
        self._layouts.clear()

    def _told(self, at: tuple[int, ...], no: int, signature: bytes) -> Told:
        layout = self._layouts.get(no) or self._layouts.setdefault(
            no, self._layout(self._columns.layouts[no])
        )
        head = self._head(*at)
        self._is_sound = layout.is_sound and is_head(head)
        records = [next(self._ids) for _ in range(layout.slots)]
        if len(set(records)) < len(records):  # one record's edits would be told apart
            raise ValueError("records")
        self._is_sound = self._is_sound and all(map(is_record, records))
        atoms: list[Atom] | None = [] if self._reads else None
        named = [(record, _json(record)) for record in records]
        written = ",".join([write(named, atoms) for write in layout.runs])
        commune, author, device, reason = (self._names[name] for name in at[:4])
        front = f'["{FORM}",{commune},{author},{device},{head.number},"{head.previous}",{head.clock}'
        body = f"{front},{reason},[{written}]]".encode()
        edited = [records[slot] for slot in layout.edited]
        said = ChangeSet(*head, tuple(atoms)) if atoms is not None else None
        found = Told(body, signature, head, edited, layout.atoms, self._is_sound, said)
        self._newest[at[2]] = head.number, found.id
        return found

    def _head(self, *said: int) -> Head:
        commune, author, device, reason, number, moment, tick = said
        names = self._columns.names
        last, previous = self._newest.get(device, (0, ""))
        now = last + number + 1
        if number < 0 or not previous:
            now = -number
            previous = next(self._previous).hex()
        self._moment += moment
        clock = self._moment * TICKS + tick
        return Head(names[commune], names[author], names[device], now, previous, clock, names[reason])

    def _layout(self, shapes: list[Shape]) -> _Layout:
        """What all sets of one layout have in common, made ready once."""
        runs, edited, run = list[_Write](), dict[int, None](), None
        is_sound, slots = bool(shapes), -1
        for shape in shapes:
            if len(shape) > 1:
                edits = [cell for cell in shape if cell[2]]
                if not edits or shape[: len(edits)] != edits or not all(map(_is_cell, shape)):
                    raise ValueError("layout")
                is_sound = is_sound and all(is_named(*self._named(name)) for name, _, _ in shape)
                edited |= dict.fromkeys(slot for _, slot, _ in edits)
                slots = max(slots, *(slot for _, slot, _ in shape))
                runs.append(self._joined(edits, shape[len(edits) :]))
                run = None
                continue
            ((name, slot, does),) = shape
            lone = self._lone.get((name, does)) or self._alone(name, does)
            if slot < 0:
                raise ValueError("layout")
            if run is None or slot != run.slot or lone.kind != run.kind:
                run = _Run(lone.kind, slot, [], self._seen)
                runs.append(run.written)
                edited[slot], slots = None, max(slots, slot)
            run.cells.append(lone)
            is_sound = is_sound and lone.is_sound
        return _Layout(runs, list(edited), slots + 1, len(shapes), is_sound)

    def _named(self, name: int) -> tuple[str, str]:
        kind, _, cell = self._columns.names[name].partition("\0")
        return kind, cell

    def _alone(self, name: int, does: int) -> _Lone:
        """An edit of this cell wherever it stands alone: a set of a list has thousands of a dozen kinds."""
        if does not in (FRESH, LAID):
            raise ValueError("layout")
        kind, cell = self._named(name)
        old = self._old[name] if does == LAID else None
        found = _Lone(kind, cell, _json(cell), self._new[name], old, is_named(kind, cell))
        self._lone[name, does] = found
        return found

    def _joined(self, edits: Shape, reads: Shape) -> _Write:
        """Edits that stand or fall together, and what they depend on."""

        def write(named: _Named, atoms: list[Atom] | None) -> str:
            moved, seen = list[tuple[Edit, str]](), list[tuple[Read, str]]()
            for name, slot, does in edits:
                (record, written), (kind, cell), (now, new) = (
                    named[slot],
                    self._named(name),
                    next(self._new[name]),
                )
                (was, old), (on, laid) = (
                    (_NOTHING, _NOTHING) if does == FRESH else (next(self._old[name]), self._seen())
                )
                text = f"[{_json(kind)},{written},{_json(cell)},{old},{new},{laid}]"
                moved.append((Edit(kind, record, cell, now, was, on), text))
            for name, slot, _ in reads:
                (record, written), (kind, cell), (on, laid) = named[slot], self._named(name), self._seen()
                seen.append((Read(kind, record, cell, on), f"[{_json(kind)},{written},{_json(cell)},{laid}]"))
            if atoms is not None:
                atoms.append(Atom(tuple(edit for edit, _ in moved), tuple(read for read, _ in seen)))
            return f'["&",[{",".join(text for _, text in moved)}],[{",".join(text for _, text in seen)}]]'

        return write

    def _seen(self) -> tuple[On, str]:
        """The set that the next edit was laid on, or that was read."""
        on = next(self._on)
        if isinstance(on, int) and on < 0:
            known = self._read[-1 - on]
            return known, f'"{known}"'
        self._is_sound = self._is_sound and (on is None or is_on(on))
        return on, _json(on)


_Named = Sequence[tuple[str, str]]  # a set's records, and as they are written
_Values = Iterator[tuple[Value, str]]  # the same of values
_Write = Callable[[_Named, list[Atom] | None], str]
_NOTHING = (None, "null")


@dataclass(frozen=True, slots=True)
class _Lone:
    """An edit that is an atom by itself: its cell, and as written; the values that the next ones bring."""

    kind: str
    cell: str
    written: str
    new: _Values
    old: _Values | None
    is_sound: bool


@dataclass(frozen=True, slots=True)
class _Run:
    """Lone edits on one record, which share its name."""

    kind: str
    slot: int
    cells: list[_Lone]
    seen: Callable[[], tuple[On, str]]

    def written(self, named: _Named, atoms: list[Atom] | None) -> str:
        kind, (record, name), cells = self.kind, named[self.slot], list[str]()
        for lone in self.cells:
            if lone.old is None:
                now, new = next(lone.new)
                cells.append(f"[{lone.written},{new}]")
                if atoms is not None:
                    atoms.append(Atom((Edit(kind, record, lone.cell, now),)))
                continue
            (was, old), (now, new), (on, laid) = next(lone.old), next(lone.new), self.seen()
            is_fresh = was is None and on is None
            cells.append(f"[{lone.written},{new}]" if is_fresh else f"[{lone.written},{old},{new},{laid}]")
            if atoms is not None:
                atoms.append(Atom((Edit(kind, record, lone.cell, now, was, on),)))
        return f"[{_json(kind)},{name},[{','.join(cells)}]]"


@dataclass(frozen=True)
class _Layout:
    """How the sets of one layout are written; which of a set's records its edits move."""

    runs: Sequence[_Write]
    edited: Sequence[int]
    slots: int
    atoms: int
    is_sound: bool


def _is_cell(cell: tuple[int, int, int]) -> bool:
    return cell[1] >= 0 and cell[2] in (READ, FRESH, LAID)


def _json(value: Value) -> str:
    """As `canonical` writes it."""
    return encode_basestring(value) if isinstance(value, str) else canonical(value).decode()


def _told_twice(values: Sequence[Value]) -> _Values:
    write: Callable[[Any], str] = encode_basestring if set(map(type, values)) == {str} else _json
    return zip(values, map(write, values), strict=True)


def _ids(columns: Columns) -> Iterator[str]:
    planes, strange = columns.records, iter(columns.strange)
    count, rest = divmod(len(planes), ID_BYTES)
    if rest:
        raise ValueError("records")
    for at in range(count):
        raw = planes[at::count]
        yield raw.hex() if any(raw) else next(strange)
