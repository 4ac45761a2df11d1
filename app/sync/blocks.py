"""Blocks of a snapshot: records of one kind, or journal entries, in columns; each is read by itself.

Identifiers are most of a register's smallest size, so they are written as steps: from one record to
the next, and from a record to those that it names, which were nearly always made a moment before it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from itertools import accumulate, islice
from typing import TypeVar

import msgspec
import zstandard

from app.domain.changes import Entry, SignedSet, unpack_verdicts
from app.domain.errors import Refusal, Trouble
from app.domain.outline import Outline, outline_of
from app.domain.records import KINDS, Type, Value
from app.domain.standing import Cells, Stretch
from app.sync import columns, told
from app.sync.columns import ID_BYTES, Columns, in_planes, out_of_planes

BLOCK_BYTES_MAX = 60_000  # with the new line after a cut, and what is asked on it, no more than 64 kB
LENGTH_BYTES = 4
_UNPACKED_BYTES_MAX = 16 << 20
_TOGETHER_BYTES = 8 << 20
_LEVEL = 15  # a fifth smaller than by default; a snapshot is built once and fetched many times
_ID_SPACE = 1 << 128
_MOMENT_BITS, _TICK_BITS = 80, 16  # of an id, what lies below its millisecond; of a clock
_FIRST_GUESS = 400  # records in the first block of a kind; the size of one says how many the next holds
_COUNT_MAX = 2_000  # records of which little is to be said would else fill the memory before a block
_ID = re.compile(r"[0-9a-f]{32}")
_USUAL = re.compile(rb"\[([1-9]\d{0,6}),(?:0|[1-9]\d{0,18}),\[\]\]")  # verdicts: all applied, at one clock
_PLACE = "\0"  # stands for an id inside a text: no value holds one
_NAMING = (Type.REF, Type.SEALED)
_Item = TypeVar("_Item")


class _Records(msgspec.Struct, array_like=True, tag="stretch"):
    """Records of one kind. `steps` and `named`: ids, by byte plane; `behind`, `moment`: steps too."""

    kind: str
    steps: bytes
    named: dict[str, bytes]  # by field: the ids in its values, as steps from the record that names them
    values: dict[str, list[Value]]
    behind: list[int]
    moment: list[int]  # of the clock; with `by_id`, beyond the moment in the record's id
    tick: list[int]
    odd: list[tuple[int, str, list[int], int]]
    empty: list[tuple[int, str]]
    by_id: bool
    names: list[str] = []  # in the place of `steps` where one of them is not 32 hexadecimal digits


class _Entries(msgspec.Struct, array_like=True, tag="entries"):
    """Journal entries, not one after the other."""

    seqs: list[int]
    sets: Columns
    verdicts: list[bytes]


def record_blocks(kind: str, found: Iterable[tuple[str, Cells]]) -> Iterator[bytes]:
    """The blocks of a kind, its records coming as a stream."""
    return _cut(found, lambda records: _written(_packed_records(kind, records)))


def entry_blocks(found: Iterable[Entry]) -> Iterator[bytes]:
    """Blocks of entries."""
    return _cut(found, entry_block)


def entry_block(found: Sequence[Entry], level: int = _LEVEL) -> bytes:
    """Entries in one block, whatever its size."""
    return _written(_packed_entries(found), level)


def first_block(found: Iterable[Entry]) -> tuple[bytes, int]:
    """As many of the entries as one block holds, and how many those are."""
    fitting = list(islice(found, _FIRST_GUESS))
    while len(block := entry_block(fitting)) > BLOCK_BYTES_MAX and len(fitting) > 1:
        fitting = fitting[
            : min(len(fitting) - 1, int(0.95 * len(fitting) * BLOCK_BYTES_MAX / len(block)) or 1)
        ]
    return block, len(fitting)


def _cut(items: Iterable[_Item], write: Callable[[Sequence[_Item]], bytes]) -> Iterator[bytes]:
    size, gathered = _FIRST_GUESS, list[_Item]()
    for item in items:
        gathered.append(item)
        if len(gathered) < size:
            continue
        written = list(_halved(gathered, write))
        yield from written
        per_item = sum(map(len, written)) / len(gathered)
        size = max(1, min(8 * size, int(0.93 * BLOCK_BYTES_MAX / per_item), _COUNT_MAX))
        gathered = []
    if gathered:
        yield from _halved(gathered, write)


def _halved(items: Sequence[_Item], write: Callable[[Sequence[_Item]], bytes]) -> Iterator[bytes]:
    written = write(items)
    if len(written) <= BLOCK_BYTES_MAX or len(items) == 1:
        yield written
        return
    middle = len(items) // 2
    yield from _halved(items[:middle], write)
    yield from _halved(items[middle:], write)


def _written(block: _Records | _Entries, level: int = _LEVEL) -> bytes:
    return zstandard.compress(msgspec.msgpack.encode(block), level)


def together(found: Iterable[bytes], level: int) -> Iterator[bytes]:
    """Blocks packed side by side, as many as fit: a fifth smaller, where no line makes them travel apart."""
    gathered, size = list[bytes](), 0
    for block in found:
        plain = _plain(block)
        if gathered and size + len(plain) > _TOGETHER_BYTES:
            yield zstandard.compress(msgspec.msgpack.encode(gathered), level)
            gathered, size = [], 0
        gathered.append(plain)
        size += len(plain)
    if gathered:
        yield zstandard.compress(msgspec.msgpack.encode(gathered), level)


def apart(packed: bytes, after: int = 0) -> Iterator[Stretch | list[Outline]]:
    """The blocks again, each read as `outlined` reads it. Refusal("sync.message") for other bytes.

    Blocks of entries that all lie at or below the seq `after` are left out.
    """
    try:
        plain = msgspec.msgpack.decode(_plain(packed), type=list[bytes])
    except (zstandard.ZstdError, msgspec.MsgspecError, ValueError) as error:
        raise Refusal("sync.message") from error
    for block in plain:
        found = _decoded(block)
        if isinstance(found, _Records) or not after or max(found.seqs, default=after + 1) > after:
            yield _read(found)


def in_a_row(found: Iterable[bytes]) -> bytes:
    """Blocks as one answer brings them: each behind its length."""
    return b"".join(len(block).to_bytes(LENGTH_BYTES, "big") + block for block in found)


def out_of_a_row(read: Callable[[int], bytes]) -> Generator[bytes, None, None]:
    """The blocks again, each as soon as the last of it is here. Trouble("sync.snapshot") for other bytes.

    `read` gives as many bytes as it is asked for, fewer only at the end.
    """
    while head := read(LENGTH_BYTES):
        size = int.from_bytes(head, "big")
        block = read(size) if len(head) == LENGTH_BYTES and 0 < size <= _UNPACKED_BYTES_MAX else b""
        if not block or len(block) != size:
            raise Trouble("sync.snapshot")
        yield block


def _plain(block: bytes) -> bytes:
    with zstandard.ZstdDecompressor().stream_reader(block) as stream:
        found: bytes = stream.read(_UNPACKED_BYTES_MAX)
    return found


def read(block: bytes) -> Stretch | list[Entry]:
    """Records, or entries. Refusal("sync.message") for other bytes."""
    found = outlined(block)
    return found if isinstance(found, Stretch) else [line.entry for line in found]


def outlined(block: bytes) -> Stretch | list[Outline]:
    """Records, or entries of which no more is read than their lines say. The same refusal.

    Refusal("set.form") for the bytes of no set.
    """
    try:
        plain = _plain(block)
    except zstandard.ZstdError as error:
        raise Refusal("sync.message") from error
    return _read(_decoded(plain))


def _decoded(plain: bytes) -> _Records | _Entries:
    try:
        return msgspec.msgpack.decode(plain, type=_Records | _Entries)
    except msgspec.MsgspecError as error:
        raise Refusal("sync.message") from error


def _read(found: _Records | _Entries) -> Stretch | list[Outline]:
    try:
        if isinstance(found, _Records):
            return _unpacked_records(found)
        parts = zip(found.seqs, told.told(found.sets), found.verdicts, strict=True)
        return [_outline(*part) for part in parts]
    except (msgspec.MsgspecError, ValueError, LookupError, RuntimeError) as error:
        raise Refusal("sync.message") from error


def _outline(seq: int, found: told.Told, verdicts: bytes) -> Outline:
    plain = _USUAL.fullmatch(verdicts)
    if not (plain and found.is_sound and found.head):
        return outline_of(Entry(seq, SignedSet(found.body, found.signature), unpack_verdicts(verdicts)))
    if int(plain[1]) != found.atoms:
        raise ValueError("verdicts")
    said = found.head, found.body, found.signature, verdicts
    return Outline(seq, bytes.fromhex(found.id), *said, found.records)


def _packed_entries(entries: Sequence[Entry]) -> _Entries:
    verdicts = [entry.packed_verdicts for entry in entries]
    return _Entries([e.seq for e in entries], columns.pack([e.signed for e in entries]), verdicts)


def _packed_records(kind: str, found: Sequence[tuple[str, Cells]]) -> _Records:
    is_plain = all(_ID.fullmatch(record) for record, _ in found)
    block = _Records(
        kind, b"", {}, {}, [], [], [], [], [], True, [] if is_plain else [name for name, _ in found]
    )
    ids = [int(record, 16) if is_plain else 0 for record, _ in found]
    block.steps = _planes(_steps(ids)) if is_plain else b""
    named: dict[str, list[int]] = {}
    clocks = []
    for at, (_, cells) in enumerate(found):
        usual = _usual(cells)
        block.behind.append(usual[0])
        clocks.append(usual[1])
        for name, cell in cells.items():
            if cell.value is None:
                block.empty.append((at, name))
            else:
                column = block.values.setdefault(name, [])
                column += [None] * (at - len(column))
                column.append(_told(kind, name, cell.value, ids[at], named))
            if (cell.behind, cell.clock) != ((usual[0],), usual[1]):
                block.odd.append((at, name, list(cell.behind), cell.clock))
    block.named = {name: _planes(steps) for name, steps in named.items()}
    block.behind = _steps(block.behind)
    moments = [clock >> _TICK_BITS for clock in clocks]
    by_id, by_clock = _steps(moments, [each >> _MOMENT_BITS for each in ids]), _steps(moments)
    block.by_id = len(set(by_id)) <= len(set(by_clock))
    block.moment = by_id if block.by_id else by_clock
    block.tick = [clock & ((1 << _TICK_BITS) - 1) for clock in clocks]
    return block


def _told(kind: str, name: str, value: Value, own: int, named: dict[str, list[int]]) -> Value:
    """A value as it is written; the ids in it go apart."""
    if not isinstance(value, str) or not _names_records(kind, name) or _PLACE in value:
        return value
    steps = [int(each, 16) - own for each in _ID.findall(value)]
    if not steps:
        return value
    named.setdefault(name, []).extend(steps)
    return _ID.sub(_PLACE, value)


def _names_records(kind: str, name: str) -> bool:
    field = KINDS[kind].field(name)
    return field is not None and field.type in _NAMING


def _usual(cells: Cells) -> tuple[int, int]:
    lone = [(cell.behind[0], cell.clock) for cell in cells.values() if len(cell.behind) == 1]
    return max(set(lone), key=lone.count) if lone else (0, 0)


def _unpacked_records(block: _Records) -> Stretch:
    count = len(block.behind)
    own = list(accumulate(_ints(block.steps))) if not block.names else [0] * count
    ids = block.names or [(each % _ID_SPACE).to_bytes(ID_BYTES, "big").hex() for each in own]
    base = own if block.by_id else [0] * count
    moments = zip(accumulate(block.moment), base, block.tick, strict=True)
    clock = [((m + (i % _ID_SPACE >> _MOMENT_BITS)) << _TICK_BITS) + t for m, i, t in moments]
    if not len(ids) == len(clock) == count:
        raise ValueError("count")
    for name, column in block.values.items():
        if len(column) > count or KINDS[block.kind].field(name) is None:
            raise ValueError(name)
        column += [None] * (count - len(column))
    for name, planes in block.named.items():
        block.values[name] = _with_ids(block.values[name], own, planes)
    odd: dict[int, dict[str, tuple[tuple[int, ...], int]]] = {}
    for at, name, behind, when in block.odd:
        odd.setdefault(at, {})[name] = tuple(behind), when
    empty: dict[int, list[str]] = {}
    for at, name in block.empty:
        empty.setdefault(at, []).append(name)
    return Stretch(block.kind, ids, block.values, list(accumulate(block.behind)), clock, odd, empty)


def _with_ids(column: Sequence[Value], own: Sequence[int], planes: bytes) -> list[Value]:
    steps = iter(_ints(planes))
    found: list[Value] = []
    for value, base in zip(column, own, strict=True):
        if value == _PLACE:  # nearly always
            found.append(((base + next(steps)) % _ID_SPACE).to_bytes(ID_BYTES, "big").hex())
        elif isinstance(value, str) and _PLACE in value:
            first, *rest = value.split(_PLACE)
            told = (f"{(base + next(steps)) % _ID_SPACE:032x}{text}" for text in rest)
            found.append("".join([first, *told]))
        else:
            found.append(value)
    return found


def _steps(numbers: Sequence[int], base: Sequence[int] = ()) -> list[int]:
    """From each to the next, from zero on; of their distance from `base`, where that is given."""
    told = [number - below for number, below in zip(numbers, base, strict=True)] if base else numbers
    return [now - before for before, now in zip([0, *told], told, strict=False)]


def _planes(steps: Sequence[int]) -> bytes:
    """128-bit numbers, their first bytes first."""
    return in_planes(b"".join((step % _ID_SPACE).to_bytes(ID_BYTES, "big") for step in steps))


def _ints(planes: bytes) -> list[int]:
    raw = out_of_planes(planes)
    return [int.from_bytes(raw[at : at + ID_BYTES], "big") for at in range(0, len(raw), ID_BYTES)]
