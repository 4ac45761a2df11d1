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
from itertools import islice, repeat
from json.encoder import encode_basestring
from typing import Any

import msgspec

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
from app.sync.columns import (
    FRESH,
    ID_BYTES,
    LAID,
    READ,
    SIGNATURE_BYTES,
    TICKS,
    Columns,
    Shape,
    out_of_planes,
)
from app.sync.layouts import fresh_runs

_MISFITS = (IndexError, KeyError, StopIteration, ValueError, OverflowError, TypeError, RuntimeError)
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
    except (msgspec.MsgspecError, *_MISFITS) as error:
        raise Refusal("sync.message") from error


class _Reader:
    """Columns read set by set, each from where the one before ended; written, and read if asked."""

    def __init__(self, columns: Columns, *, reads: bool) -> None:
        self._columns, self._reads = columns, reads
        self._new = {name: _Told(values, reads=reads) for name, values in columns.new.items()}
        self._old = {name: _Told(values, reads=reads) for name, values in columns.old.items()}
        self._lone: dict[int, _Lone] = {}
        self._fresh: dict[bytes, _Pattern] = {}
        self._on = iter(columns.on)
        self._ids = _ids(columns)
        self._previous = iter(columns.previous)
        self._newest: dict[int, tuple[int, str]] = {}
        self._names = [_json(name) for name in columns.names]
        self._kinds = [name.partition("\0")[0] for name in columns.names]
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
        layout = self._layouts.get(no) or self._layouts.setdefault(no, self._laid_out(no))
        head = self._head(*at)
        self._is_sound = layout.is_sound and is_head(head)
        records = list(islice(self._ids, layout.slots))
        if len(set(records)) < layout.slots:  # one record's edits would be told apart
            raise ValueError("records")
        if self._columns.strange:
            self._is_sound = self._is_sound and all(map(is_record, records))
        atoms: list[Atom] | None = [] if self._reads else None
        written = ",".join(self._runs(layout, records, atoms))
        commune, author, device, reason = (self._names[name] for name in at[:4])
        front = f'["{FORM}",{commune},{author},{device},{head.number},"{head.previous}",{head.clock}'
        body = f"{front},{reason},[{written}]]".encode()
        edited = [records[slot] for slot in layout.edited]
        said = ChangeSet(*head, tuple(atoms)) if atoms is not None else None
        found = Told(body, signature, head, edited, layout.atoms, self._is_sound, said)
        self._newest[at[2]] = head.number, found.id
        return found

    def _runs(self, layout: _Layout, records: Sequence[str], atoms: list[Atom] | None) -> list[str]:
        """A set's runs of lone edits, and its edits that stand together, as written."""
        names, runs = list(map(_json, records)), list[str]()
        for run, slot in layout.runs:
            if not isinstance(run, _Pattern):
                runs.append(run((records, names), atoms))
                continue
            if run.texts is not None:  # one that ends too soon leaves a place without a text: TypeError
                runs.append(run.form % (names[slot], *map(next, run.texts)))
                continue
            cells = self._cells(run, records[slot], atoms)
            runs.append(f"[{_json(run.kind)},{names[slot]},[{','.join(cells)}]]")
        return runs

    def _cells(self, run: _Pattern, record: str, atoms: list[Atom] | None) -> list[str]:
        kind, cells = run.kind, list[str]()
        for lone in run.cells:
            if lone.old is None:
                now, new = next(lone.new.twice)
                cells.append(f"[{lone.written},{new}]")
                if atoms is not None:
                    atoms.append(Atom((Edit(kind, record, lone.cell, now),)))
                continue
            (was, old), (now, new), (on, laid) = next(lone.old.twice), next(lone.new.twice), self._seen()
            is_fresh = old == _NOTHING[1] and on is None
            cells.append(f"[{lone.written},{new}]" if is_fresh else f"[{lone.written},{old},{new},{laid}]")
            if atoms is not None:
                atoms.append(Atom((Edit(kind, record, lone.cell, now, was, on),)))
        return cells

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

    def _laid_out(self, no: int) -> _Layout:
        """What all sets of one layout have in common, made ready once."""
        packed = bytes(self._columns.layouts[no])
        fresh = None if self._reads else fresh_runs(packed)
        if fresh is None:
            return self._layout(_shapes(packed))
        known, runs = self._fresh, list[_Step]()
        for names, slot in fresh:
            pattern = known.get(names)
            if pattern is None:
                if len({self._kinds[name] for name in names}) > 1:
                    return self._layout(_shapes(packed))
                pattern = known[names] = self._pattern([2 * name + FRESH for name in names])
            runs.append((pattern, slot))
        edited = list(dict.fromkeys(slot for _, slot in fresh))
        is_sound = bool(fresh) and all(known[names].is_sound for names, _ in fresh)
        return _Layout(runs, edited, max(edited, default=-1) + 1, sum(len(n) for n, _ in fresh), is_sound)

    def _layout(self, shapes: list[Shape]) -> _Layout:
        runs, edited, kinds = list[_Step](), dict[int, None](), self._kinds
        run, of, at, top = list[int](), "", -1, -1
        is_sound = bool(shapes)
        for shape in shapes:
            if len(shape) == 1:
                ((name, slot, does),) = shape
                if slot != at or kinds[name] != of or not run:
                    self._close(runs, run, at)
                    run, of, at = [], kinds[name], slot
                    edited[slot] = None
                if does not in _LONE:
                    raise ValueError("layout")
                run.append(2 * name + does)
                continue
            self._close(runs, run, at)
            run = []
            edits = [cell for cell in shape if cell[2]]
            if not edits or shape[: len(edits)] != edits or not all(map(_is_cell, shape)):
                raise ValueError("layout")
            is_sound = is_sound and all(is_named(*self._named(name)) for name, _, _ in shape)
            edited |= dict.fromkeys(slot for _, slot, _ in edits)
            top = max(top, *(slot for _, slot, _ in shape))
            runs.append((self._joined(edits, shape[len(edits) :]), -1))
        self._close(runs, run, at)
        top = max([top, *edited])
        is_sound = is_sound and all(run.is_sound for run, _ in runs if isinstance(run, _Pattern))
        return _Layout(runs, list(edited), top + 1, len(shapes), is_sound)

    def _close(self, runs: list[_Step], run: list[int], slot: int) -> None:
        """A run of lone edits on one record has come to its end."""
        if not run:
            return
        if slot < 0:
            raise ValueError("layout")
        runs.append((self._pattern(run), slot))

    def _pattern(self, key: Sequence[int]) -> _Pattern:
        cells = [self._lone.get(each) or self._lone.setdefault(each, self._alone(each)) for each in key]
        kind = cells[0].kind
        is_sound = all(cell.is_sound for cell in cells)
        if self._reads or any(cell.old for cell in cells):
            return _Pattern(kind, cells, is_sound)
        said = ",".join(f"[{cell.written.replace('%', '%%')},%s]" for cell in cells)
        form = f"[{_json(kind).replace('%', '%%')},%s,[{said}]]"
        return _Pattern(kind, cells, is_sound, form, [cell.new.texts for cell in cells])

    def _named(self, name: int) -> tuple[str, str]:
        kind, _, cell = self._columns.names[name].partition("\0")
        return kind, cell

    def _alone(self, said: int) -> _Lone:
        """An edit of one cell wherever it stands alone: a set of a list has thousands of a dozen kinds."""
        name, laid = divmod(said - FRESH, 2)
        kind, cell = self._named(name)
        old = self._old[name] if laid else None
        return _Lone(kind, cell, _json(cell), self._new[name], old, is_named(kind, cell))

    def _joined(self, edits: Shape, reads: Shape) -> _Write:
        """Edits that stand or fall together, and what they depend on."""

        def write(named: _Named, atoms: list[Atom] | None) -> str:
            records, names = named
            moved, seen = list[tuple[Edit, str]](), list[tuple[Read, str]]()
            for name, slot, does in edits:
                record, (kind, cell), (now, new) = (
                    records[slot],
                    self._named(name),
                    next(self._new[name].twice),
                )
                (was, old), (on, laid) = (
                    (_NOTHING, _NOTHING) if does == FRESH else (next(self._old[name].twice), self._seen())
                )
                text = f"[{_json(kind)},{names[slot]},{_json(cell)},{old},{new},{laid}]"
                moved.append((Edit(kind, record, cell, now, was, on), text))
            for name, slot, _ in reads:
                record, (kind, cell), (on, laid) = records[slot], self._named(name), self._seen()
                text = f"[{_json(kind)},{names[slot]},{_json(cell)},{laid}]"
                seen.append((Read(kind, record, cell, on), text))
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


_Named = tuple[Sequence[str], Sequence[str]]  # a set's records, and as they are written
_Write = Callable[[_Named, list[Atom] | None], str]
_NOTHING = (None, "null")
_NO_RECORD = "0" * 2 * ID_BYTES
_LONE = (FRESH, LAID)
_shapes = msgspec.msgpack.Decoder(list[Shape]).decode


class _Told:
    """A column's values as they are written, one after another; with what they are, where somebody reads."""

    def __init__(self, values: Sequence[Value], *, reads: bool) -> None:
        write: Callable[[Any], str] = encode_basestring if set(map(type, values)) == {str} else _json
        self.texts = map(write, values)
        self.twice: Iterator[tuple[Value, str]] = zip(
            values if reads else repeat(None), self.texts, strict=False
        )


@dataclass(frozen=True, slots=True)
class _Lone:
    """An edit that is an atom by itself: its cell, and as written; the values that the next ones bring."""

    kind: str
    cell: str
    written: str
    new: _Told
    old: _Told | None
    is_sound: bool


@dataclass(frozen=True, slots=True)
class _Pattern:
    """Lone edits of these cells, one after another on one record, which share its name.

    `form`: all of them, where they say nothing but new values and nobody reads; in it belong the record and
    the next of each of the `texts`.
    """

    kind: str
    cells: Sequence[_Lone]
    is_sound: bool
    form: str = ""
    texts: Sequence[Iterator[str]] | None = None


_Step = tuple[_Pattern | _Write, int]


@dataclass(frozen=True)
class _Layout:
    """How the sets of one layout are written; which of a set's records its edits move."""

    runs: Sequence[_Step]
    edited: Sequence[int]
    slots: int
    atoms: int
    is_sound: bool


def _is_cell(cell: tuple[int, int, int]) -> bool:
    return cell[1] >= 0 and cell[2] in (READ, FRESH, LAID)


def _json(value: Value) -> str:
    """As `canonical` writes it."""
    return encode_basestring(value) if isinstance(value, str) else canonical(value).decode()


def _ids(columns: Columns) -> Iterator[str]:
    names, strange = out_of_planes(columns.records).hex(), iter(columns.strange)
    length = 2 * ID_BYTES
    for at in range(0, len(names), length):
        name = names[at : at + length]
        yield name if name != _NO_RECORD else next(strange)
