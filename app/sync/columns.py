"""Change sets in columns: like beside like, and nothing said twice.

Identifiers are two thirds of a delta and compress badly, so what follows is left out and made
again: a set's `previous` from the set before it, an id as hexadecimal, a name said once. What
comes out is the very bytes that were signed; a set that would not is carried as it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import msgspec

from app.domain.changes import Atom, ChangeSet, Edit, On, Read, SignedSet
from app.domain.errors import Refusal
from app.domain.records import Value

ID_BYTES, SIGNATURE_BYTES = 16, 64
BODIES_BYTES_MAX = 20 << 20  # of the sets of one message, as one may be unpacked
_TICKS = 1 << 16  # of the hybrid clock in a millisecond
_READ, _FRESH, _LAID = 0, 1, 2  # a cell read; written where nothing was; written over a value

# Of each cell of a set: the number of its field's name, which record of the set, what it does.
Shape = list[tuple[int, int, int]]


class Columns(msgspec.Struct, array_like=True):
    """Sets in their order. `layouts`: of each layout the cells of each atom; `records`: by byte plane."""

    names: list[str] = []
    layouts: list[list[Shape]] = []
    layout: list[int] = []  # of each set; -1: carried whole
    commune: list[int] = []
    author: list[int] = []
    device: list[int] = []
    reason: list[int] = []
    number: list[int] = []  # above the one that follows from the set before
    previous: list[bytes] = []  # where none goes before
    moment: list[int] = []  # milliseconds since the set before
    tick: list[int] = []
    records: bytes = b""
    strange: list[str] = []  # ids of records that are none
    new: dict[int, list[Value]] = {}  # by field
    old: dict[int, list[Value]] = {}
    on: list[int | str | None] = []  # a seq; minus one and below: a set of this message
    whole: list[bytes] = []
    signatures: bytes = b""


def pack(sets: Sequence[SignedSet]) -> Columns:
    """The columns of these sets."""
    writer = _Writer()
    for signed in sets:
        writer.add(signed)
    return writer.finished()


def unpack(columns: Columns) -> list[SignedSet]:
    """The sets again; Refusal("sync.message") for columns that do not fit together."""
    try:
        return list(_Reader(columns).sets())
    except (IndexError, KeyError, StopIteration, ValueError, OverflowError, TypeError, RuntimeError) as error:
        raise Refusal("sync.message") from error


@dataclass
class _Writer:
    columns: Columns = field(default_factory=lambda: _empty())
    names: dict[str, int] = field(default_factory=dict)
    layouts: dict[tuple[tuple[tuple[int, int, int], ...], ...], int] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)
    newest: dict[int, tuple[int, str]] = field(default_factory=dict)
    moment: int = 0
    records: bytearray = field(default_factory=bytearray)
    signatures: bytearray = field(default_factory=bytearray)

    def add(self, signed: SignedSet) -> None:
        place = len(self.columns.layout)
        self.places[signed.id] = place
        self.signatures += signed.signature.ljust(SIGNATURE_BYTES, b"\0")[:SIGNATURE_BYTES]
        found = _regular(signed)
        if found is None:
            self.columns.layout.append(-1)
            self.columns.whole.append(signed.body)
            return
        self.columns.layout.append(self._layout(found))
        self._head(found, signed.id)

    def _head(self, found: ChangeSet, set_id: str) -> None:
        columns = self.columns
        columns.commune.append(self._name(found.commune))
        columns.author.append(self._name(found.author))
        columns.reason.append(self._name(found.reason))
        device = self._name(found.device)
        columns.device.append(device)
        number, newest = self.newest.get(device, (0, ""))
        columns.number.append(found.number - number - 1)
        if not newest or newest != found.previous or found.number <= number:
            columns.previous.append(bytes.fromhex(found.previous))
            columns.number[-1] = -found.number
        self.newest[device] = found.number, set_id
        moment, tick = divmod(found.clock, _TICKS)
        columns.moment.append(moment - self.moment)
        columns.tick.append(tick)
        self.moment = moment

    def _layout(self, found: ChangeSet) -> int:
        slots: dict[str, int] = {}
        atoms = []
        for atom in found.atoms:
            cells = [self._edit(edit, slots) for edit in atom.edits]
            cells += [(self._cell(read, slots), slots[read.record], _READ) for read in atom.reads]
            for read in atom.reads:
                self._on(read.on)
            atoms.append(tuple(cells))
        for record in slots:
            self._record(record)
        return self.layouts.setdefault(tuple(atoms), len(self.layouts))

    def _edit(self, edit: Edit, slots: dict[str, int]) -> tuple[int, int, int]:
        name = self._cell(edit, slots)
        self.columns.new.setdefault(name, []).append(edit.new)
        if edit.old is None and edit.on is None:
            return name, slots[edit.record], _FRESH
        self.columns.old.setdefault(name, []).append(edit.old)
        self._on(edit.on)
        return name, slots[edit.record], _LAID

    def _cell(self, cell: Edit | Read, slots: dict[str, int]) -> int:
        slots.setdefault(cell.record, len(slots))
        return self._name(f"{cell.kind}\0{cell.field}")

    def _on(self, on: On) -> None:
        place = self.places.get(on) if isinstance(on, str) else None
        self.columns.on.append(on if place is None else -1 - place)

    def _record(self, record: str) -> None:
        if len(record) == 2 * ID_BYTES and _is_hex(record):
            self.records += bytes.fromhex(record)
        else:
            self.records += bytes(ID_BYTES)
            self.columns.strange.append(record)

    def _name(self, name: str) -> int:
        return self.names.setdefault(name, len(self.names))

    def finished(self) -> Columns:
        self.columns.names = list(self.names)
        self.columns.layouts = [[list(atom) for atom in layout] for layout in self.layouts]
        self.columns.records = b"".join(self.records[plane::ID_BYTES] for plane in range(ID_BYTES))
        self.columns.signatures = bytes(self.signatures)
        return self.columns


class _Reader:
    """Columns read set by set, each from where the one before ended."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self._new = {name: iter(values) for name, values in columns.new.items()}
        self._old = {name: iter(values) for name, values in columns.old.items()}
        self._on = iter(columns.on)
        self._ids = _ids(columns)
        self._previous = iter(columns.previous)
        self._newest: dict[int, tuple[int, str]] = {}
        self._read: list[str] = []
        self._moment = 0
        self._bytes = 0

    def sets(self) -> Iterator[SignedSet]:
        columns = self._columns
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
            if layout < 0:
                signed = SignedSet(next(whole), signature)
            else:
                signed = SignedSet(self._body(next(heads), columns.layouts[layout]), signature)
            self._bytes += len(signed.body)
            if self._bytes > BODIES_BYTES_MAX:  # a long name said once can be meant a million times
                raise ValueError("bodies")
            self._read.append(signed.id)
            if layout >= 0:
                self._newest[self._device] = self._number, signed.id
            yield signed

    def _body(self, head: tuple[int, ...], layout: list[Shape]) -> bytes:
        commune, author, device, reason, number, moment, tick = head
        names = self._columns.names
        last, previous = self._newest.get(device, (0, ""))
        self._device, self._number = device, last + number + 1
        if number < 0 or not previous:
            self._number = -number
            previous = next(self._previous).hex()
        self._moment += moment
        return ChangeSet(
            names[commune],
            names[author],
            names[device],
            self._number,
            previous,
            self._moment * _TICKS + tick,
            names[reason],
            self._atoms(layout),
        ).body

    def _atoms(self, layout: list[Shape]) -> tuple[Atom, ...]:
        drafts = [[self._cell(name, slot, does) for name, slot, does in shape] for shape in layout]
        slots = max((slot for shape in layout for _, slot, _ in shape), default=-1) + 1
        records = [next(self._ids) for _ in range(slots)]
        return tuple(
            Atom(
                tuple(Edit(k, records[s], f, new, old, on) for k, f, s, does, new, old, on in cells if does),
                tuple(Read(k, records[s], f, on) for k, f, s, does, _, _, on in cells if not does),
            )
            for cells in drafts
        )

    def _cell(self, name: int, slot: int, does: int) -> tuple[str, str, int, int, Value, Value, On]:
        kind, _, cell = self._columns.names[name].partition("\0")
        new = next(self._new[name]) if does else None
        old = next(self._old[name]) if does == _LAID else None
        on = self._seen() if does != _FRESH else None
        return kind, cell, slot, does, new, old, on

    def _seen(self) -> On:
        on = next(self._on)
        return self._read[-1 - on] if isinstance(on, int) and on < 0 else on


def _ids(columns: Columns) -> Iterator[str]:
    planes, strange = columns.records, iter(columns.strange)
    count, rest = divmod(len(planes), ID_BYTES)
    if rest:
        raise ValueError("records")
    for at in range(count):
        raw = planes[at::count]
        yield raw.hex() if any(raw) else next(strange)


def _regular(signed: SignedSet) -> ChangeSet | None:
    """The set, when columns can say all of it."""
    try:
        found = signed.set
    except Refusal:
        return None
    cells: list[Edit | Read] = [*found.edits(), *(read for atom in found.atoms for read in atom.reads)]
    sound = (
        len(signed.signature) == SIGNATURE_BYTES
        and len(found.previous) in {0, 64}
        and (not found.previous or _is_hex(found.previous))
        and all(type(cell.on) is not int or cell.on >= 0 for cell in cells)
        and all("\0" not in cell.kind + cell.field and cell.record != "0" * 32 for cell in cells)
        and all(_is_value(value) for edit in found.edits() for value in (edit.old, edit.new))
    )
    return found if sound else None


def _is_value(value: object) -> bool:
    return value is None or isinstance(value, (str, bool)) or (type(value) is int and abs(value) < 1 << 62)


def _is_hex(text: str) -> bool:
    return not text.strip("0123456789abcdef")


def _empty() -> Columns:
    """Columns to be filled: none shares its lists with another."""
    return msgspec.msgpack.decode(msgspec.msgpack.encode(Columns()), type=Columns)
