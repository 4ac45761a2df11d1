"""Blocks of a snapshot: records of one kind, or journal entries, in columns; each is read by itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

import msgspec
import zstandard

from app.domain.changes import Entry, pack_verdicts, unpack_verdicts
from app.domain.errors import Refusal
from app.domain.records import Value
from app.domain.standing import Cell, Cells
from app.sync import columns
from app.sync.columns import Columns

BLOCK_BYTES_MAX = 64_000
_UNPACKED_BYTES_MAX = 16 << 20
_ID_BYTES = 16
_FIRST_GUESS = 400  # records in the first block of a kind; the size of one says how many the next holds
_ID = re.compile(r"[0-9a-f]{32}")
_Item = TypeVar("_Item")


class _Records(msgspec.Struct, array_like=True, tag="records"):
    """Records of one kind. `behind`, `clock`: of the set behind most of a record; `odd`: other cells'."""

    kind: str
    ids: bytes
    values: dict[str, list[Value]]
    behind: list[int]
    clock: list[int]
    odd: list[tuple[int, str, list[int], int]]
    empty: list[tuple[int, str]]  # cells that a set emptied
    names: list[str] = []  # in the place of `ids` where one of them is not 32 hexadecimal digits


class _Entries(msgspec.Struct, array_like=True, tag="entries"):
    """Journal entries, not one after the other."""

    seqs: list[int]
    sets: Columns
    verdicts: list[bytes]


Packed = tuple[str, list[tuple[str, Cells]]]


def record_blocks(kind: str, found: Iterable[tuple[str, Cells]]) -> Iterator[bytes]:
    """The blocks of a kind, its records coming as a stream."""
    return _cut(found, lambda records: _written(_packed_records(kind, records)))


def entry_blocks(found: Iterable[Entry]) -> Iterator[bytes]:
    """Blocks of entries."""
    return _cut(found, lambda entries: _written(_packed_entries(entries)))


def entry_block(found: Sequence[Entry]) -> bytes:
    """Entries in one block, whatever its size."""
    return _written(_packed_entries(found))


def _cut(items: Iterable[_Item], write: Callable[[Sequence[_Item]], bytes]) -> Iterator[bytes]:
    size, gathered = _FIRST_GUESS, list[_Item]()
    for item in items:
        gathered.append(item)
        if len(gathered) < size:
            continue
        written = list(_halved(gathered, write))
        yield from written
        per_item = sum(map(len, written)) / len(gathered)
        size = max(1, min(8 * size, int(0.93 * BLOCK_BYTES_MAX / per_item)))
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


def _written(block: _Records | _Entries) -> bytes:
    return zstandard.compress(msgspec.msgpack.encode(block), 3)


def read(block: bytes) -> Packed | list[Entry]:
    """Records with their kind, or entries. Refusal("sync.message") for other bytes."""
    try:
        with zstandard.ZstdDecompressor().stream_reader(block) as stream:
            plain = stream.read(_UNPACKED_BYTES_MAX)
        found = msgspec.msgpack.decode(plain, type=_Records | _Entries)
        if isinstance(found, _Records):
            return found.kind, _unpacked_records(found)
        sets = columns.unpack(found.sets)
        parts = zip(found.seqs, sets, found.verdicts, strict=True)
        return [Entry(seq, signed, unpack_verdicts(verdicts)) for seq, signed, verdicts in parts]
    except (zstandard.ZstdError, msgspec.MsgspecError, ValueError, IndexError, KeyError) as error:
        raise Refusal("sync.message") from error


def _packed_entries(entries: Sequence[Entry]) -> _Entries:
    verdicts = [pack_verdicts(entry.verdicts) for entry in entries]
    return _Entries([e.seq for e in entries], columns.pack([e.signed for e in entries]), verdicts)


def _packed_records(kind: str, found: Sequence[tuple[str, Cells]]) -> _Records:
    block = _Records(kind, b"", {}, [], [], [], [])
    for at, (_, cells) in enumerate(found):
        usual = _usual(cells)
        block.behind.append(usual[0])
        block.clock.append(usual[1])
        for name, cell in cells.items():
            if cell.value is None:
                block.empty.append((at, name))
            else:
                column = block.values.setdefault(name, [])
                column += [None] * (at - len(column))
                column.append(cell.value)
            if (cell.behind, cell.clock) != ((usual[0],), usual[1]):
                block.odd.append((at, name, list(cell.behind), cell.clock))
    if not all(_ID.fullmatch(record) for record, _ in found):
        block.names = [record for record, _ in found]
        return block
    raw = b"".join(bytes.fromhex(record) for record, _ in found)
    block.ids = b"".join(raw[plane::_ID_BYTES] for plane in range(_ID_BYTES))
    return block


def _usual(cells: Cells) -> tuple[int, int]:
    lone = [(cell.behind[0], cell.clock) for cell in cells.values() if len(cell.behind) == 1]
    return max(set(lone), key=lone.count) if lone else (0, 0)


def _unpacked_records(block: _Records) -> list[tuple[str, Cells]]:
    count = len(block.behind)
    ids = block.names or [block.ids[at::count].hex() for at in range(count)]
    found: list[Cells] = [{} for _ in range(count)]
    for name, column in block.values.items():
        for at, value in enumerate(column):
            if value is not None:
                found[at][name] = Cell(value, (block.behind[at],), block.clock[at])
    for at, name in block.empty:
        found[at][name] = Cell(None, (block.behind[at],), block.clock[at])
    for at, name, behind, clock in block.odd:
        found[at][name] = Cell(found[at][name].value, tuple(behind), clock)
    return list(zip(ids, found, strict=True))
