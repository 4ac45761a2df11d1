"""Record rows of a laptop ↔ the cells that `domain.standing` moves.

A row holds values in columns and, packed in `behind`, which sets stand behind each
cell. Nearly always one set stands behind all of a row, so one short group says it all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, RowMapping, bindparam, delete, insert, select, update

from app.domain.aliases import ALIAS
from app.domain.records import KINDS, Kind, Type, Value
from app.domain.standing import Cell, Cells, RecordKey
from app.domain.text import fold, sort_key
from app.store import aliases, alike, search, summaries
from app.store.tables import records

# [sets behind, clock, cell names]; names None: every filled cell not named in another group.
Group = tuple[list[int], int, list[str] | None]
_CHUNK = 500


def pack_behind(cells: Cells) -> bytes:
    """Cells' sets and clocks, grouped by what stands behind them."""
    filled = Counter((c.behind, c.clock) for c in cells.values() if c.value is not None)
    usual = filled.most_common(1)[0][0] if filled else None
    named: dict[tuple[tuple[int, ...], int], list[str]] = {}
    for name, cell in sorted(cells.items()):
        if cell.value is None or (cell.behind, cell.clock) != usual:
            named.setdefault((cell.behind, cell.clock), []).append(name)
    groups: list[Group] = [(list(behind), clock, names) for (behind, clock), names in named.items()]
    if usual:
        groups.append((list(usual[0]), usual[1], None))
    return msgspec.msgpack.encode(groups)


def unpack_cells(kind: Kind, row: RowMapping) -> Cells:
    """The cells of one row, in no particular order."""
    values = dict(_values(kind, row))
    groups: list[Group] = msgspec.msgpack.decode(row["behind"], type=list[Group])
    cells: Cells = {}
    for behind, clock, names in groups:
        for name in values.keys() - cells.keys() if names is None else names:
            cells[name] = Cell(values.get(name), tuple(behind), clock)
    return cells


def _values(kind: Kind, row: RowMapping) -> Iterator[tuple[str, Value]]:
    for field in kind.fields:
        value = row[field.name]
        if value is None:
            continue
        if field.type is Type.MEMBERS:
            yield from ((f"{field.name}/{member}", True) for member in value.split(","))
        else:
            yield field.name, value


def load(connection: Connection, keys: Collection[RecordKey]) -> dict[RecordKey, Cells]:
    """The cells of every record among `keys` that has a row."""
    found: dict[RecordKey, Cells] = {}
    for name, ids in _by_kind(keys).items():
        table = records[name]
        for chunk in _chunks(ids):
            for row in connection.execute(select(table).where(table.c.id.in_(chunk))).mappings():
                found[name, row["id"]] = unpack_cells(KINDS[name], row)
    return found


def store(connection: Connection, changed: Mapping[RecordKey, Cells]) -> None:
    """Write records as they now stand; one without cells loses its row.

    Folded columns, the sums a list shows and the search index follow in the same transaction.
    """
    moved = changed.keys()
    let_go = aliases.survivors_among(connection, [record for kind, record in moved if kind == ALIAS])
    for name, ids in _by_kind(changed).items():
        cells = {record: changed[name, record] for record in ids}
        _store_kind(connection, KINDS[name], cells)
    people = summaries.concerned(connection, moved) | set(let_go.values())
    people = summaries.refresh(connection, people)
    search.refresh(connection, people)
    alike.compare_again(connection, people)


def _store_kind(connection: Connection, kind: Kind, changed: Mapping[str, Cells]) -> None:
    table = records[kind.name]
    known: set[str] = set()
    for chunk in _chunks(list(changed)):
        known.update(connection.scalars(select(table.c.id).where(table.c.id.in_(chunk))))
    fresh = [_row(kind, record, cells) for record, cells in changed.items() if cells and record not in known]
    moved = [_row(kind, record, cells) for record, cells in changed.items() if cells and record in known]
    gone = [record for record, cells in changed.items() if not cells and record in known]
    if fresh:
        connection.execute(insert(table), fresh)
    if moved:
        columns: dict[str, Any] = {column: bindparam(column) for column in moved[0] if column != "id"}
        renamed = [{**row, "which": row["id"]} for row in moved]
        connection.execute(update(table).where(table.c.id == bindparam("which")).values(columns), renamed)
    for chunk in _chunks(gone):
        connection.execute(delete(table).where(table.c.id.in_(chunk)))


def _row(kind: Kind, record: str, cells: Cells) -> dict[str, Any]:
    row: dict[str, Any] = {field.name: None for field in kind.fields}
    for name, cell in cells.items():
        field, _, member = name.partition("/")
        if not member:
            row[field] = cell.value
        elif cell.value:
            row[field] = ",".join(sorted([*filter(None, (row[field] or "").split(",")), member]))
    if kind.name == "person":
        row |= _folded(row["name"])
    return {**row, "id": record, "behind": pack_behind(cells)}


def _folded(name: str | None) -> dict[str, str]:
    return {
        "name_folded": fold(name or ""),
        "name_key": sort_key(name or ""),
    }


def _by_kind(keys: Iterable[RecordKey]) -> dict[str, list[str]]:
    sorted_out: dict[str, list[str]] = {}
    for kind, record in keys:
        sorted_out.setdefault(kind, []).append(record)
    return sorted_out


def _chunks(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(ids), _CHUNK):
        yield ids[start : start + _CHUNK]
