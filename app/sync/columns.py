"""Change sets in columns: like beside like, and nothing said twice.

Identifiers are two thirds of a delta and compress badly, so what follows is left out and made
again: a set's `previous` from the set before it, an id as hexadecimal, a name said once. What
comes out is the very bytes that were signed; a set that would not is carried as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import msgspec

from app.domain.changes import ChangeSet, Edit, On, Read, SignedSet
from app.domain.errors import Refusal
from app.domain.records import Value

ID_BYTES, SIGNATURE_BYTES = 16, 64
TICKS = 1 << 16  # of the hybrid clock in a millisecond
READ, FRESH, LAID = 0, 1, 2  # a cell read; written where nothing was; written over a value

# Of each cell of a set: the number of its field's name, which record of the set, what it does.
Shape = list[tuple[int, int, int]]


class Columns(msgspec.Struct, array_like=True):
    """Sets in their order. `layouts`: of each layout the `Shape` of each atom; `records`: by byte plane.

    A layout is kept packed until its set is read: unpacked, those of a page of a list hold a list a cell.
    """

    names: list[str] = []
    layouts: list[msgspec.Raw] = []
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
        moment, tick = divmod(found.clock, TICKS)
        columns.moment.append(moment - self.moment)
        columns.tick.append(tick)
        self.moment = moment

    def _layout(self, found: ChangeSet) -> int:
        slots: dict[str, int] = {}
        atoms = []
        for atom in found.atoms:
            cells = [self._edit(edit, slots) for edit in atom.edits]
            cells += [(self._cell(read, slots), slots[read.record], READ) for read in atom.reads]
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
            return name, slots[edit.record], FRESH
        self.columns.old.setdefault(name, []).append(edit.old)
        self._on(edit.on)
        return name, slots[edit.record], LAID

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
        self.columns.layouts = [msgspec.Raw(msgspec.msgpack.encode(layout)) for layout in self.layouts]
        self.columns.records = in_planes(self.records)
        self.columns.signatures = bytes(self.signatures)
        return self.columns


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


def in_planes(ids: bytes | bytearray) -> bytes:
    """Identifiers of 16 bytes one after another: the first byte of each, then all the second ones.

    Neighbours are alike in their first bytes, which pack so to nearly nothing.
    """
    return b"".join(ids[plane::ID_BYTES] for plane in range(ID_BYTES))


def out_of_planes(planes: bytes) -> bytearray:
    """The identifiers again; ValueError where they are no whole number of them."""
    count, ids = len(planes) // ID_BYTES, bytearray(len(planes))
    for plane in range(ID_BYTES):
        ids[plane::ID_BYTES] = planes[plane * count : (plane + 1) * count]
    return ids
