"""What the journal says of a record beneath the edits that wait above it (design/sync.md, Pending edits).

Rows show the officer's own edits at once; `accepted` holds the whole record as it was before
the first of them. The signed `old` of an edit is never used: after a rebase it is no longer
what lies beneath.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

import msgspec
from sqlalchemy import Connection, bindparam, delete, insert, select

from app.domain.changes import ChangeSet, Edit, SignedSet
from app.domain.standing import Cell, Cells, RecordKey, Standing, touched
from app.store import rows
from app.store.among import among, listed
from app.store.tables import accepted, changes
from app.store.tables import touched as touched_table

_PackedCells = dict[str, tuple[str | int | bool | None, list[int], int]]
_unpack_cells = msgspec.msgpack.Decoder(_PackedCells).decode

_ACCEPTED = select(accepted).where(among(accepted.c.record, "ids"))
_WAITING_OVER = (
    select(changes.c.no, changes.c.body, changes.c.signature)
    .join(touched_table, touched_table.c.change == changes.c.no)
    .where(among(touched_table.c.record, "ids"), changes.c.seq.is_(None))
)
_UNCOVER = delete(accepted).where(accepted.c.kind == bindparam("of"), among(accepted.c.record, "ids"))
_CAPTURE = insert(accepted).prefix_with("OR IGNORE")


def accepted_cells(connection: Connection, keys: Collection[RecordKey]) -> dict[RecordKey, Cells]:
    """What the journal says of these records, whatever waits above them."""
    return uncovered(connection, keys, rows.load(connection, keys))


def uncovered(
    connection: Connection, keys: Collection[RecordKey], shown: Mapping[RecordKey, Cells]
) -> dict[RecordKey, Cells]:
    """The same where it is known what their rows show."""
    cells = {key: dict(found) for key, found in shown.items()}
    found = connection.execute(_ACCEPTED, {"ids": _ids(keys)}) if keys else ()
    return cells | {
        (kind, record): _unpack(packed) for kind, record, packed in found if (kind, record) in keys
    }


def kept(connection: Connection) -> dict[RecordKey, Cells]:
    """Every record that edits which wait cover, as it lies beneath them."""
    return {(row.kind, row.record): _unpack(row.cells) for row in connection.execute(select(accepted))}


def settle_under(
    connection: Connection,
    standing: Standing,
    keys: Collection[RecordKey],
    shown: Mapping[RecordKey, Cells] = rows.UNKNOWN,
) -> None:
    """Keep what now lies beneath, lay the waiting edits over it, write what the officer sees.

    `shown`: what the rows say now, where that is known.
    """
    beneath = {key: dict(standing.records.get(key, {})) for key in keys}
    covered: set[RecordKey] = set()
    for no, found in _waiting_over(connection, keys):
        edits = [edit for edit in found.edits() if (edit.kind, edit.record) in keys]
        lay(standing, edits, no, found.clock)
        covered |= touched(edits)
    for kind, ids in rows.by_kind(keys).items():
        connection.execute(_UNCOVER, {"of": kind, "ids": listed(ids)})
    capture(connection, {key: beneath[key] for key in covered})
    rows.store(connection, {key: standing.records.get(key, {}) for key in keys}, shown)


def _waiting_over(connection: Connection, keys: Collection[RecordKey]) -> list[tuple[int, ChangeSet]]:
    waiting: dict[int, ChangeSet] = {}
    lines = connection.execute(_WAITING_OVER, {"ids": _ids(keys)}) if keys else ()
    for no, body, signature in lines:
        if no not in waiting:
            waiting[no] = SignedSet(body, signature).set
    return sorted(waiting.items())


def _ids(keys: Iterable[RecordKey]) -> str:
    return listed({record for _, record in keys})


def lay(standing: Standing, edits: Iterable[Edit], no: int, clock: int) -> None:
    """Let a waiting set's edits stand, by its local number."""
    for edit in edits:
        standing.put(*edit.cell, Cell(edit.new, (-no,), clock))


def capture(connection: Connection, beneath: Mapping[RecordKey, Cells]) -> None:
    """Keep what the journal says of records that edits will cover; the first capture stands."""
    captured = [
        {"kind": kind, "record": record, "cells": _pack(cells)} for (kind, record), cells in beneath.items()
    ]
    if captured:
        connection.execute(_CAPTURE, captured)


def _pack(cells: Cells) -> bytes | None:
    if not cells:
        return None
    return msgspec.msgpack.encode({n: (c.value, c.behind, c.clock) for n, c in cells.items()})


def _unpack(packed: bytes | None) -> Cells:
    if packed is None:
        return {}
    found = _unpack_cells(packed)
    return {name: Cell(value, tuple(behind), clock) for name, (value, behind, clock) in found.items()}
