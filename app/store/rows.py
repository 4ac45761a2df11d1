"""Record rows of a laptop ↔ the cells that `domain.standing` moves.

A row holds values in columns and, packed in `behind`, which sets stand behind each
cell. Nearly always one set stands behind all of a row, so one short group says it all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import Any

import msgspec
from sqlalchemy import Connection, Delete, Select, bindparam, delete, select

from app.domain.aliases import ALIAS
from app.domain.records import KINDS, Field, Kind, Type, Value
from app.domain.standing import Cell, Cells, RecordKey, Stretch
from app.domain.text import fold, sort_key
from app.store import aliases, alike, name_order, search, summaries
from app.store.among import among, listed
from app.store.tables import records

# [sets behind, clock, cell names]; names None: every filled cell not named in another group.
Group = tuple[list[int], int, list[str] | None]
_MANY = 2_000
UNKNOWN: Mapping[RecordKey, Cells] = MappingProxyType({})  # what rows say that nobody has looked at
_pack = msgspec.msgpack.Encoder().encode
unpack_groups = msgspec.msgpack.Decoder(list[Group]).decode


def pack_behind(cells: Cells) -> bytes:
    """Cells' sets and clocks, grouped by what stands behind them."""
    stands = {(c.behind, c.clock) for c in cells.values()}
    if len(stands) == 1 and not any(c.value is None for c in cells.values()):  # nearly always
        ((behind, clock),) = stands
        return _pack([[behind, clock, None]])
    filled = Counter((c.behind, c.clock) for c in cells.values() if c.value is not None)
    usual = filled.most_common(1)[0][0] if filled else None
    named: dict[tuple[tuple[int, ...], int], list[str]] = {}
    for name, cell in sorted(cells.items()):
        if cell.value is None or (cell.behind, cell.clock) != usual:
            named.setdefault((cell.behind, cell.clock), []).append(name)
    groups: list[Group] = [(list(behind), clock, names) for (behind, clock), names in named.items()]
    if usual:
        groups.append((list(usual[0]), usual[1], None))
    return _pack(groups)


def stood(values: Mapping[str, Value], groups: Iterable[Group]) -> Cells:
    """Cells, in no particular order, out of values and the groups of what stands behind them."""
    cells: Cells = {}
    for behind, clock, names in groups:
        stands = tuple(behind)
        for name in values.keys() - cells.keys() if names is None else names:
            cells[name] = Cell(values.get(name), stands, clock)
    return cells


def _cells(kind: Kind, filled: Sequence[Any], packed: bytes) -> Cells:
    return stood(dict(_values(kind, filled)), unpack_groups(packed))


def _values(kind: Kind, filled: Sequence[Any]) -> Iterator[tuple[str, Value]]:
    for field, value in zip(kind.fields, filled, strict=True):
        if value is None:
            continue
        if field.type is Type.MEMBERS:
            yield from ((f"{field.name}/{member}", True) for member in value.split(","))
        else:
            yield field.name, value


def load(connection: Connection, keys: Collection[RecordKey]) -> dict[RecordKey, Cells]:
    """The cells of every record among `keys` that has a row."""
    found: dict[RecordKey, Cells] = {}
    for name, ids in by_kind(keys).items():
        for record, behind, *filled in connection.execute(_those(name), {"ids": listed(ids)}):
            found[name, record] = _cells(KINDS[name], filled, behind)
    return found


def store(
    connection: Connection,
    changed: Mapping[RecordKey, Cells],
    shown: Mapping[RecordKey, Cells] = UNKNOWN,
) -> None:
    """Write records as they now stand; one without cells loses its row.

    Folded columns, the sums a list shows and the search index follow in the same transaction. Of a row that
    is `shown` to say the same already, as of nearly every own edit that the centre took, only what stands
    behind it is written; the index follows if a sum comes out otherwise.
    """
    settled = {key for key, cells in changed.items() if _is_said(cells, shown.get(key))}
    moved = [key for key in changed if key not in settled]
    let_go = aliases.survivors_among(connection, [record for kind, record in moved if kind == ALIAS])
    for name, ids in by_kind(moved).items():
        _store_kind(connection, KINDS[name], {record: changed[name, record] for record in ids})
    for name, ids in by_kind(settled).items():
        behind = [(pack_behind(changed[name, record]), record) for record in ids]
        connection.exec_driver_sql(f'UPDATE "{name}" SET behind = ? WHERE id = ?', behind)
    people = summaries.refresh(connection, summaries.concerned(connection, moved) | set(let_go.values()))
    people |= summaries.refreshed(connection, summaries.concerned(connection, settled) - people)
    search.refresh(connection, people)
    alike.compare_again(connection, people)


def _is_said(cells: Cells, shown: Cells | None) -> bool:
    """Whether a row already holds these values; what stands behind them apart."""
    return (
        shown is not None
        and cells.keys() == shown.keys()
        and all(cell.value == shown[name].value for name, cell in cells.items())
    )


def pour(connection: Connection, found: Stretch) -> None:
    """Write many records of one kind, none of which has a row yet, column by column.

    Folded columns come along; whoever pours lets the sums and the search index follow (`follow`).
    """
    kind, count = KINDS[found.kind], len(found.ids)
    columns: dict[str, Sequence[Value]] = {"id": found.ids, "behind": _behinds(found)}
    for field in kind.fields:
        if field.type is Type.MEMBERS:
            columns[field.name] = _joined(field, found)
        elif field.name in found.values:  # what none of them has need not be said
            columns[field.name] = found.values[field.name]
    if kind.name == "person":
        names = [str(name or "") for name in columns.get("name", [None] * count)]
        columns |= {"name_folded": list(map(fold, names)), "name_key": list(map(sort_key, names))}
    listed, marks = ", ".join(f'"{name}"' for name in columns), ", ".join("?" * len(columns))
    if count:
        rows = list(zip(*columns.values(), strict=True))
        connection.exec_driver_sql(f'INSERT INTO "{kind.name}" ({listed}) VALUES ({marks})', rows)


def follow(connection: Connection) -> None:
    """After `pour`: the sums that a list shows, and the order of names. The search index catches up later."""
    everybody = connection.scalars(select(records["person"].c.id)).all()
    for start in range(0, len(everybody), _MANY):
        people = everybody[start : start + _MANY]
        summaries.refresh(connection, people)
        alike.compare_again(connection, people)
    name_order.lay_out(connection)


def _behinds(found: Stretch) -> list[Any]:
    special = found.odd.keys() | found.empty.keys()
    return [
        pack_behind(found.cells(at)) if at in special else _pack([[[behind], clock, None]])
        for at, (behind, clock) in enumerate(zip(found.behind, found.clock, strict=True))
    ]


def _joined(field: Field, found: Stretch) -> list[Value]:
    """The members of a set, as its one column holds them."""
    members = {
        name.partition("/")[2]: column
        for name, column in sorted(found.values.items())
        if name.startswith(f"{field.name}/")
    }
    return [
        ",".join(member for member, column in members.items() if column[at]) or None
        for at in range(len(found.ids))
    ]


def _store_kind(connection: Connection, kind: Kind, changed: Mapping[str, Cells]) -> None:
    standing = [_row(kind, record, cells) for record, cells in changed.items() if cells]
    gone = [{"which": record} for record, cells in changed.items() if not cells]
    if standing:
        connection.exec_driver_sql(_upsert(kind.name), standing)
    if gone:
        connection.execute(_removal(kind.name), gone)


@cache
def _those(kind: str) -> Select[Any]:
    table = records[kind]
    filled = (table.c[field.name] for field in KINDS[kind].fields)
    return select(table.c.id, table.c.behind, *filled).where(among(table.c.id, "ids"))


@cache
def _upsert(kind: str) -> str:
    """A row laid over the one with the same id, which keeps its number and what summaries wrote.

    By the driver alone: a month of others' work says it for tens of thousands of rows.
    """
    folded = ["name_folded", "name_key"] if kind == "person" else []
    columns = [
        f'"{name}"' for name in ("id", "behind", *(field.name for field in KINDS[kind].fields), *folded)
    ]
    moved = ", ".join(f"{name} = excluded.{name}" for name in columns[1:])
    marks = ", ".join("?" * len(columns))
    said = f'INSERT INTO "{kind}" ({", ".join(columns)}) VALUES ({marks})'
    return f"{said} ON CONFLICT (id) DO UPDATE SET {moved}"


@cache
def _removal(kind: str) -> Delete:
    table = records[kind]
    return delete(table).where(table.c.id == bindparam("which"))


def _row(kind: Kind, record: str, cells: Cells) -> tuple[Any, ...]:
    """Its values in the order in which `_upsert` names the columns."""
    places = _places(kind.name)
    row: list[Any] = [None] * len(places)
    members: dict[int, list[str]] = {}
    for name, cell in cells.items():
        if name in places:
            row[places[name]] = cell.value
            continue
        field, _, member = name.partition("/")
        held = members.setdefault(places[field], [])
        if cell.value:
            held.append(member)
    for place, held in members.items():
        row[place] = ",".join(sorted(held)) or None
    if kind.name == "person":
        name = row[places["name"]] or ""
        row += [fold(name), sort_key(name)]
    return record, pack_behind(cells), *row


@cache
def _places(kind: str) -> dict[str, int]:
    return {field.name: at for at, field in enumerate(KINDS[kind].fields)}


def by_kind(keys: Iterable[RecordKey]) -> dict[str, list[str]]:
    """Ids by kind, in their order."""
    sorted_out: dict[str, list[str]] = {}
    for kind, record in keys:
        sorted_out.setdefault(kind, []).append(record)
    return sorted_out
