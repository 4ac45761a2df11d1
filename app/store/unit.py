"""One press of Save or many, and one page of the commune's journal absorbed: each a single transaction.

All run inside the caller's `with vault.write() as connection:`; all on disk, or none.
The signed `old` is never used for undoing: what lies beneath a waiting edit is kept in
`accepted`, the whole record as the journal says it (design/sync.md, Pending edits).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec
from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from app.domain.changes import Atom, ChangeSet, Edit, Entry, SignedSet, fault_in, pack_verdicts
from app.domain.errors import Refusal, Trouble
from app.domain.records import KINDS
from app.domain.standing import (
    Cell,
    Cells,
    Overwritten,
    RecordKey,
    Standing,
    conflict_id,
    record_digest,
    settle,
    touched,
)
from app.store import audit, place, rows
from app.store.tables import accepted, changes, overwritten
from app.store.tables import touched as touched_table

_CHUNK = 500
_Item = TypeVar("_Item")
_PackedCells = dict[str, tuple[str | int | bool | None, list[int], int]]


@dataclass(frozen=True)
class Pen:
    """Who writes on which laptop: what every set of theirs carries, and how it is signed and timed."""

    commune: str
    device: str
    author: str
    sign: Callable[[bytes], bytes]
    tick: Callable[[], int]


@dataclass(frozen=True)
class Page:
    """A stretch of the journal as the centre sent it, with what it says holds at its end."""

    entries: Sequence[Entry]
    cursor: int
    digest: bytes
    head: bytes


@dataclass(frozen=True)
class Taken:
    """What a page moved: the cursor now, the records that may look different."""

    cursor: int
    records: frozenset[RecordKey]


def save(connection: Connection, pen: Pen, reason: str, atoms: Sequence[Atom]) -> SignedSet:
    """Write one change set: rows, journal line and audit entry. Refusal("record.value") changes nothing."""
    return save_all(connection, pen, reason, [atoms])[0]


def save_all(
    connection: Connection, pen: Pen, reason: str, works: Sequence[Sequence[Atom]]
) -> list[SignedSet]:
    """Many change sets at once, as if saved one after the other; rows are read and written once for all."""
    sets = _composed(connection, pen, reason, works)
    keys = {key for found, _signed in sets for key in touched(found.edits())}
    before = rows.load(connection, keys)
    _capture(connection, {key: before.get(key, {}) for key in keys})
    standing = Standing(before)
    for no, (found, _signed) in _write_changes(connection, sets):
        _lay(standing, found.edits(), no, found.clock)
    rows.store(connection, {key: standing.records[key] for key in keys})
    signed = [each for _found, each in sets]
    audit.note_all(connection, pen.author, "save", "set", [each.id for each in signed])
    return signed


def _composed(
    connection: Connection, pen: Pen, reason: str, works: Sequence[Sequence[Atom]]
) -> list[tuple[ChangeSet, SignedSet]]:
    """The sets, each naming the one before it, and signed."""
    number, previous = last_of_device(connection, pen.device)
    sets = []
    for at, atoms in enumerate(works, start=number + 1):
        found = ChangeSet(pen.commune, pen.author, pen.device, at, previous, pen.tick(), reason, tuple(atoms))
        fault = fault_in(found) if found.atoms else "empty"
        if fault:
            raise Refusal("record.value", kind="set", fault=fault)
        signed = SignedSet(found.body, pen.sign(found.body))
        previous = signed.id
        sets.append((found, signed))
    return sets


def last_of_device(connection: Connection, device: str) -> tuple[int, str]:
    """The number and id of a device's newest set here; (0, "") before its first."""
    newest = (
        select(changes.c.number, changes.c.id)
        .where(changes.c.device == device)
        .order_by(changes.c.number.desc())
        .limit(1)
    )
    row = connection.execute(newest).first()
    return (row.number, row.id.hex()) if row else (0, "")


def last_clock(connection: Connection) -> int:
    """The latest hybrid clock reading in the journal: a new set's must be later."""
    return int(connection.scalar(select(func.max(changes.c.clock))) or 0)


def outbox(connection: Connection, bytes_max: int) -> list[SignedSet]:
    """Sets that wait, oldest first, at least one and at most `bytes_max` of bodies."""
    waiting = (
        select(changes.c.body, changes.c.signature).where(changes.c.seq.is_(None)).order_by(changes.c.no)
    )
    found: list[SignedSet] = []
    size = 0
    for body, signature in connection.execute(waiting):
        size += len(body)
        if found and size > bytes_max:
            break
        found.append(SignedSet(body, signature))
    return found


def waiting(connection: Connection) -> int:
    """How many sets wait for the centre."""
    count = select(func.count()).select_from(changes).where(changes.c.seq.is_(None))
    return int(connection.scalar(count) or 0)


def own_entries(connection: Connection, ids: Collection[str]) -> dict[str, SignedSet]:
    """The sets this laptop already holds among `ids`: the centre names those by id alone."""
    found: dict[str, SignedSet] = {}
    for chunk in _chunks([bytes.fromhex(i) for i in ids]):
        held = select(changes.c.id, changes.c.body, changes.c.signature).where(changes.c.id.in_(chunk))
        found |= {row.id.hex(): SignedSet(row.body, row.signature) for row in connection.execute(held)}
    return found


def own_ids(connection: Connection, ids: Collection[str]) -> set[str]:
    """Which of these sets this laptop holds."""
    held: set[str] = set()
    for chunk in _chunks([bytes.fromhex(i) for i in ids]):
        found = connection.scalars(select(changes.c.id).where(changes.c.id.in_(chunk)))
        held.update(each.hex() for each in found)
    return held


def absorb(connection: Connection, page: Page) -> Taken:
    """Apply a page beneath the edits that still wait.

    Entries at or below the cursor are skipped; Trouble("sync.gap") when one is missing,
    Trouble("sync.diverged") when digest or head do not come out as the centre says. Either way
    the transaction rolls back and the outbox stays as it is.
    """
    start = place.cursor(connection)
    entries = [entry for entry in page.entries if entry.seq > start]
    if [entry.seq for entry in entries] != list(range(start + 1, start + 1 + len(entries))):
        raise Trouble("sync.gap", cursor=start)
    keys = _touched_by(entries)
    standing = Standing(_accepted_cells(connection, keys))
    sums, old = place.digests(connection), _digests(standing, keys)
    head, gave_way = place.head(connection), list[Overwritten]()
    for entry in entries:
        gave_way += settle(standing, entry)
        head = entry.head_after(head)
    _write_entries(connection, entries)
    for key, digest in _digests(standing, keys).items():
        sums[key[0]] = sums.get(key[0], 0) - old[key] + digest
    cursor = start + len(entries)
    if cursor < page.cursor:
        raise Trouble("sync.gap", cursor=cursor)
    if cursor == page.cursor and (head, place.whole_digest(sums)) != (page.head, page.digest):
        raise Trouble("sync.diverged", cursor=cursor)
    _store_beneath_waiting(connection, standing, keys)
    _list_overwritten(connection, gave_way)
    place.write_digests(connection, sums)
    place.write(connection, "head", head)
    place.write(connection, "cursor", str(cursor).encode())
    return Taken(cursor, frozenset(keys))


def _touched_by(entries: Iterable[Entry]) -> set[RecordKey]:
    keys: set[RecordKey] = set()
    for entry in entries:
        atoms = len(entry.signed.set.atoms)
        keys |= touched(entry.signed.set.edits())
        keys |= {
            ("conflict", conflict_id(entry.signed.id, at)) for at in range(atoms) if _conflicts(entry, at)
        }
    # A refused edit is in the journal too, and may name a kind that has no table.
    return {key for key in keys if key[0] in KINDS}


def _conflicts(entry: Entry, atom: int) -> bool:
    return entry.verdicts[atom].outcome == "conflict"


def _digests(standing: Standing, keys: Iterable[RecordKey]) -> dict[RecordKey, int]:
    return {key: record_digest(key, standing.records.get(key, {})) for key in keys}


def _accepted_cells(connection: Connection, keys: Collection[RecordKey]) -> dict[RecordKey, Cells]:
    """What the journal says of these records, whatever waits above them."""
    cells = rows.load(connection, keys)
    for chunk in _chunks([record for _, record in keys]):
        for kind, record, packed in connection.execute(select(accepted).where(accepted.c.record.in_(chunk))):
            if (kind, record) in keys:
                cells[kind, record] = _unpack(packed)
    return cells


def _store_beneath_waiting(connection: Connection, standing: Standing, keys: Collection[RecordKey]) -> None:
    """Keep what now lies beneath, lay the waiting edits over it, write what the officer sees."""
    beneath = {key: dict(standing.records.get(key, {})) for key in keys}
    covered: set[RecordKey] = set()
    for no, found in _waiting_over(connection, keys):
        edits = [edit for edit in found.edits() if (edit.kind, edit.record) in keys]
        _lay(standing, edits, no, found.clock)
        covered |= touched(edits)
    for chunk in _chunks([record for _, record in keys]):
        connection.execute(delete(accepted).where(accepted.c.record.in_(chunk)))
    _capture(connection, {key: beneath[key] for key in covered})
    rows.store(connection, {key: standing.records.get(key, {}) for key in keys})


def _waiting_over(connection: Connection, keys: Collection[RecordKey]) -> list[tuple[int, ChangeSet]]:
    waiting: dict[int, ChangeSet] = {}
    for chunk in _chunks([record for _, record in keys]):
        query = (
            select(changes.c.no, changes.c.body, changes.c.signature)
            .join(touched_table, touched_table.c.change == changes.c.no)
            .where(touched_table.c.record.in_(chunk), changes.c.seq.is_(None))
        )
        for no, body, signature in connection.execute(query):
            waiting.setdefault(no, SignedSet(body, signature).set)
    return sorted(waiting.items())


def _lay(standing: Standing, edits: Iterable[Edit], no: int, clock: int) -> None:
    for edit in edits:
        standing.put(*edit.cell, Cell(edit.new, (-no,), clock))


def _capture(connection: Connection, beneath: Mapping[RecordKey, Cells]) -> None:
    """Keep what the journal says of records that edits will cover; the first capture stands."""
    captured = [
        {"kind": kind, "record": record, "cells": _pack(cells)} for (kind, record), cells in beneath.items()
    ]
    if captured:
        connection.execute(insert(accepted).prefix_with("OR IGNORE"), captured)


def _pack(cells: Cells) -> bytes | None:
    if not cells:
        return None
    return msgspec.msgpack.encode({n: (c.value, c.behind, c.clock) for n, c in cells.items()})


def _unpack(packed: bytes | None) -> Cells:
    if packed is None:
        return {}
    found = msgspec.msgpack.decode(packed, type=_PackedCells)
    return {name: Cell(value, tuple(behind), clock) for name, (value, behind, clock) in found.items()}


def _write_entries(connection: Connection, entries: Sequence[Entry]) -> None:
    """Those that waited here get their seq and verdicts; the others are written whole."""
    own = own_ids(connection, [entry.signed.id for entry in entries])
    verdicts = [
        {"which": bytes.fromhex(entry.signed.id), "seq": entry.seq, "verdicts": pack_verdicts(entry.verdicts)}
        for entry in entries
    ]
    judged = [row for row, entry in zip(verdicts, entries, strict=True) if entry.signed.id in own]
    if judged:
        said: dict[str, Any] = {name: bindparam(name) for name in ("seq", "verdicts")}
        connection.execute(update(changes).where(changes.c.id == bindparam("which")).values(said), judged)
    fresh = [at for at, entry in enumerate(entries) if entry.signed.id not in own]
    _write_changes(
        connection,
        [(entries[at].signed.set, entries[at].signed) for at in fresh],
        [{name: verdicts[at][name] for name in ("seq", "verdicts")} for at in fresh],
    )


def _write_changes(
    connection: Connection,
    sets: Sequence[tuple[ChangeSet, SignedSet]],
    verdicts: Sequence[Mapping[str, Any]] = (),
) -> list[tuple[int, tuple[ChangeSet, SignedSet]]]:
    """Their lines in the journal, and which records they touch; each with its local number."""
    first = int(connection.scalar(select(func.max(changes.c.no))) or 0) + 1
    numbered = list(enumerate(sets, first))
    lines = [
        {
            "no": no,
            "id": bytes.fromhex(signed.id),
            "device": found.device,
            "number": found.number,
            "author": found.author,
            "clock": found.clock,
            "reason": found.reason,
            "body": signed.body,
            "signature": signed.signature,
        }
        for no, (found, signed) in numbered
    ]
    if verdicts:
        lines = [{**line, **verdict} for line, verdict in zip(lines, verdicts, strict=True)]
    links = [
        {"record": record, "change": no}
        for no, (found, _signed) in numbered
        for record in sorted({edit.record for edit in found.edits()})
    ]
    if lines:
        connection.execute(insert(changes), lines)
        connection.execute(insert(touched_table), links)
    return numbered


def _list_overwritten(connection: Connection, gave_way: Sequence[Overwritten]) -> None:
    listed = [
        {"lost": o.lost, "kind": o.kind, "record": o.record, "field": o.field, "by": o.by} for o in gave_way
    ]
    if listed:
        connection.execute(insert(overwritten).prefix_with("OR IGNORE"), listed)


def _chunks(items: Sequence[_Item]) -> Iterable[Sequence[_Item]]:
    return (items[start : start + _CHUNK] for start in range(0, len(items), _CHUNK))
