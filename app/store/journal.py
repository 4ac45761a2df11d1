"""A commune's journal at the centre: sets in one order, what stands after each, what was set aside.

`Book` lives inside one transaction that holds the commune's lock, so nobody can see entry 8
before entry 7 and numbers have no holes (design/sync.md, rule 3). Every statement names the
commune: the tables can be spread by it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import BindParameter, Connection, Delete, Select, bindparam, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from app.domain.aliases import ALIAS
from app.domain.changes import (
    Atom,
    ChangeSet,
    Entry,
    SignedSet,
    Verdict,
    parse,
    unpack_verdicts,
)
from app.domain.errors import Refusal
from app.domain.standing import (
    Cell,
    Cells,
    RecordKey,
    Standing,
    conflict_id,
    record_digest,
    settle,
    touched,
)
from app.store import many
from app.store.central_tables import aside, commune, journal
from app.store.central_tables import standing as standing_table
from app.store.one import ONE
from app.store.place import whole_digest

VERIFIED = frozenset({"gap", "clone"})  # reasons found after the signature had held
_CHUNK = 10_000  # keys in one question: SQLite takes three times as many
_Item = TypeVar("_Item")
_Gap = tuple[int, str]  # number and predecessor of a set that waits aside

# Built once: every exchange says these. Each names the commune.
_OF_COMMUNE: BindParameter[str] = bindparam("code")
_BY: BindParameter[str] = bindparam("by")
_AT: BindParameter[int] = bindparam("at")
_SET: BindParameter[bytes] = bindparam("which")
_OPEN = select(commune).where(commune.c.commune == _OF_COMMUNE).with_for_update()
_MOVE = (
    update(commune)
    .where(commune.c.commune == _OF_COMMUNE)
    .values({name: bindparam(name) for name in ("seq", "head", "digests")})
)
_OURS = journal.c.commune == _OF_COMMUNE
_BODY = select(journal.c.body).where(_OURS, journal.c.seq == _AT)
_SET_BY_ID = select(journal.c.body, journal.c.signature).where(_OURS, journal.c.id == _SET)
_MARK = select(journal.c.head, journal.c.digest).where(_OURS, journal.c.seq == _AT)
_NEWEST = (
    select(journal.c.number, journal.c.id)
    .where(_OURS, journal.c.device == _BY)
    .order_by(journal.c.number.desc())
    .limit(ONE)
)
_STRETCH = (
    select(
        journal.c.seq,
        journal.c.id,
        journal.c.device,
        journal.c.number,
        journal.c.body,
        journal.c.signature,
        journal.c.verdicts,
    )
    .where(_OURS, journal.c.seq > _AT)
    .order_by(journal.c.seq)
    .execution_options(yield_per=64)
)
_ALIASES = select(standing_table.c.record).where(
    standing_table.c.commune == _OF_COMMUNE, standing_table.c.kind == ALIAS
)
_ASIDE = aside.c.commune == _OF_COMMUNE
_ASIDE_WHY = select(aside.c.why).where(_ASIDE, aside.c.id == _SET)
_GAPS = select(aside.c.number, aside.c.previous, aside.c.id).where(
    _ASIDE, aside.c.device == _BY, aside.c.why == "gap"
)
_ASIDE_SET = select(aside.c.body, aside.c.signature).where(_ASIDE, aside.c.id == _SET)


@cache
def _seqs(dialect: str) -> Select[Any]:
    return select(journal.c.id, journal.c.seq).where(_OURS, many.among(journal.c.id, "ids", dialect))


@cache
def _verdicts(dialect: str) -> Select[Any]:
    return select(journal.c.id, journal.c.verdicts).where(_OURS, many.among(journal.c.id, "ids", dialect))


@cache
def _standing(dialect: str) -> Select[Any]:
    stands = standing_table.c
    ours = stands.commune == _OF_COMMUNE, stands.kind == bindparam("kind")
    return select(stands.record, stands.cells).where(*ours, many.among(stands.record, "records", dialect))


@cache
def _take_out(dialect: str) -> Delete:
    return delete(aside).where(_ASIDE, many.among(aside.c.id, "ids", dialect))


@dataclass(frozen=True)
class Mark:
    """What holds at one seq: head and digest, 32 bytes each."""

    seq: int
    head: bytes
    digest: bytes


@dataclass(frozen=True)
class Line:
    """One entry as it is kept: nothing of it has to be read to send it on."""

    seq: int
    id: bytes
    device: str
    number: int
    body: bytes
    signature: bytes
    verdicts: bytes


class Book:
    """One commune's journal, locked: load what a set touches, append it judged, write once at the end."""

    def __init__(self, connection: Connection, code: str) -> None:
        self._connection, self._dialect = connection, connection.dialect.name
        self.code = code
        row = connection.execute(_OPEN, {"code": code}).first()
        if row is None:
            raise Refusal("central.unknown_commune")
        self.seq: int = row.seq
        self.head: bytes = row.head
        self.policy: int = row.policy
        self.arrivals: int = row.arrivals
        self.merged: str = row.merged.partition(" ")[0]
        self._sums = {kind: int(total, 16) for kind, total in row.digests.items()}
        self.standing = Standing()
        self._loaded: set[RecordKey] = set()
        self._changed: set[RecordKey] = set()
        self._has_aliases = False
        self._seqs: dict[str, int] = {}
        self._unknown: set[str] = set()
        self._gaps: dict[str, dict[_Gap, bytes]] = {}
        self._chains: dict[str, tuple[int, str]] = {}
        self._began = self.seq
        self._lines: list[Line] = []
        self._rows: list[dict[str, Any]] = []

    def mark(self) -> Mark:
        """What holds at the newest seq."""
        return Mark(self.seq, self.head, whole_digest(self._sums))

    def seqs(self, ids: Collection[str]) -> dict[str, int]:
        """The seq of each set that the journal holds among `ids`; remembered for `seq_of`."""
        wanted = {i for i in ids if i not in self._seqs and i not in self._unknown and len(i) == 64}
        for chunk in _chunks([bytes.fromhex(i) for i in wanted]):
            held = self._connection.execute(_seqs(self._dialect), {"code": self.code, "ids": chunk})
            self._seqs |= {row.id.hex(): row.seq for row in held}
        self._unknown |= wanted
        return {i: self._seqs[i] for i in ids if i in self._seqs}

    def seq_of(self, set_id: str) -> int | None:
        """The seq of one set, None while the journal has none."""
        try:
            return self.seqs([set_id]).get(set_id)
        except ValueError:  # not hexadecimal: no set of anybody's
            return None

    def atom_at(self, seq: int, place: int) -> Atom | None:
        """One atom of a set in the journal, by its seq and place; None where there is none."""
        found = self._set_at(seq)
        atoms = found.atoms if found is not None else ()
        return atoms[place] if 0 <= place < len(atoms) else None

    def author_of(self, seq: int) -> str:
        """Who signed the set at a seq; empty where there is none."""
        found = self._set_at(seq)
        return found.author if found is not None else ""

    def _set_at(self, seq: int) -> ChangeSet | None:
        if self._began < seq <= self.seq:
            return parse(self._lines[seq - self._began - 1].body)
        body = self._connection.scalar(_BODY, {"code": self.code, "at": seq})
        return parse(body) if body is not None else None

    def lines(self, after: int, bytes_max: int) -> list[Line]:
        """The journal after a seq, at least one entry and at most `bytes_max` of bodies.

        What was appended in this transaction is not asked for: nearly all that a laptop that pushes lacks.
        """
        if after == self._began:
            return _page(self._lines, bytes_max)
        return lines(self._connection, self.code, after, bytes_max)

    def chain(self, device: str) -> tuple[int, str]:
        """Number and id of the newest set taken from a device; (0, "") before its first."""
        if device not in self._chains:
            row = self._connection.execute(_NEWEST, {"code": self.code, "by": device}).first()
            self._chains[device] = (row.number, row.id.hex()) if row else (0, "")
        return self._chains[device]

    def load(self, keys: Iterable[RecordKey]) -> None:
        """Have these records in `standing`; those already loaded stay as they were moved."""
        wanted = set(keys) - self._loaded
        self._loaded |= wanted
        asked: dict[str, list[str]] = {}
        for kind, record in sorted(wanted):
            asked.setdefault(kind, []).append(record)
        for kind, records in asked.items():
            for chunk in _chunks(records):
                mine = {"code": self.code, "kind": kind, "records": chunk}
                for record, cells in self._connection.execute(_standing(self._dialect), mine):
                    self.standing.records[kind, record] = read_cells(cells)

    def load_aliases(self) -> None:
        """Have every alias of the commune in `standing`: they are few, and an edit may meet any of them."""
        if self._has_aliases:
            return
        self._has_aliases = True
        self.load((ALIAS, record) for record in self._connection.scalars(_ALIASES, {"code": self.code}))

    def append(self, signed: SignedSet, verdicts: tuple[Verdict, ...], received: int) -> Entry:
        """Give the set the next seq and let its verdicts move what stands."""
        found = signed.set
        entry = Entry(self.seq + 1, signed, verdicts)
        keys = touched(found.edits()) | {
            ("conflict", conflict_id(signed.id, at))
            for at, verdict in enumerate(verdicts)
            if verdict.outcome == "conflict"
        }
        self.load(keys)
        before = {key: record_digest(key, self.standing.records.get(key, {})) for key in keys}
        settle(self.standing, entry)
        for key in keys:
            after = record_digest(key, self.standing.records.get(key, {}))
            self._sums[key[0]] = self._sums.get(key[0], 0) + after - before[key]
        self._changed |= {key for key in keys if key in self.standing.records}
        self.seq, self.head = entry.seq, entry.head_after(self.head)
        self._seqs[signed.id] = entry.seq
        self._chains[found.device] = (found.number, signed.id)
        made = (found.device, found.number, signed.body, signed.signature, entry.packed_verdicts)
        self._lines.append(Line(entry.seq, bytes.fromhex(signed.id), *made))
        marks = {"head": self.head, "digest": whole_digest(self._sums), "received": received}
        self._rows.append({"commune": self.code, **vars(self._lines[-1]), **marks})
        return entry

    def put_aside(self, signed: SignedSet, why: str) -> None:
        """Keep a set that was not taken, with the reason."""
        found = signed.set
        row = {
            "commune": self.code,
            "id": bytes.fromhex(signed.id),
            "device": found.device,
            "number": found.number,
            "previous": found.previous,
            "why": why,
            "body": signed.body,
            "signature": signed.signature,
        }
        self._connection.execute(_lay_aside(self._dialect, is_verified=why in VERIFIED), row)
        self._gaps.pop(found.device, None)

    def aside_why(self, set_id: str) -> str:
        """Why a set was put aside; empty when it was not."""
        if len(set_id) != 64:
            return ""
        mine = {"code": self.code, "which": bytes.fromhex(set_id)}
        return self._connection.scalar(_ASIDE_WHY, mine) or ""

    def successor(self, device: str, number: int, previous: str) -> SignedSet | None:
        """The set that waited aside for its predecessor, taken out of there; None if none did."""
        if device not in self._gaps:
            rows = self._connection.execute(_GAPS, {"code": self.code, "by": device})
            self._gaps[device] = {(row.number, row.previous): row.id for row in rows}
        held = self._gaps[device].pop((number, previous), None)
        if held is None:
            return None
        row = self._connection.execute(_ASIDE_SET, {"code": self.code, "which": held}).one()
        self._connection.execute(_take_out(self._dialect), {"code": self.code, "ids": [held]})
        return SignedSet(row.body, row.signature)

    def finish(self) -> None:
        """Write the journal's new lines, what stands, and the commune's place."""
        if not self._rows:
            return
        many.write(self._connection, journal, self._rows)
        for chunk in _chunks([row["id"] for row in self._rows]):  # taken at last
            self._connection.execute(_take_out(self._dialect), {"code": self.code, "ids": chunk})
        rows = [
            {"commune": self.code, "kind": kind, "record": record, "cells": _written_cells(cells)}
            for (kind, record) in sorted(self._changed)
            for cells in [self.standing.records[kind, record]]
        ]
        many.write(self._connection, standing_table, rows, over=["cells"])
        sums = {kind: f"{total % (1 << 256):x}" for kind, total in self._sums.items()}
        moved = {"seq": self.seq, "head": self.head, "digests": sums}
        self._connection.execute(_MOVE, {"code": self.code, **moved})
        self._rows.clear()


@cache
def _lay_aside(dialect: str, *, is_verified: bool) -> Any:
    """A set not taken. Whoever sends a true one under a false signature must not spoil the true one kept."""
    kept = (postgresql if dialect == "postgresql" else sqlite).insert(aside)
    if not is_verified:
        return kept.on_conflict_do_nothing()
    changed = {name: kept.excluded[name] for name in ("why", "signature")}
    return kept.on_conflict_do_update(index_elements=["commune", "id"], set_=changed)


def mark(connection: Connection, code: str, seq: int) -> Mark:
    """What holds at one seq of a commune's journal; zeros at 0."""
    if seq == 0:
        return Mark(0, bytes(32), bytes(32))
    row = connection.execute(_MARK, {"code": code, "at": seq}).first()
    if row is None:
        raise Refusal("sync.cursor_ahead", cursor=seq)
    return Mark(seq, row.head, row.digest)


def lines(connection: Connection, code: str, after: int, bytes_max: int) -> list[Line]:
    """The journal after a seq, at least one entry and at most `bytes_max` of bodies."""
    with connection.execute(_STRETCH, {"code": code, "at": after}) as result:
        return _page((Line(*row) for row in result), bytes_max)


def _page(found: Iterable[Line], bytes_max: int) -> list[Line]:
    page, size = list[Line](), 0
    for line in found:
        size += len(line.body)
        if page and size > bytes_max:
            break
        page.append(line)
    return page


def find_set(connection: Connection, code: str, set_id: str) -> SignedSet | None:
    """One set of a commune's journal by its id; None where it holds none."""
    mine = {"code": code, "which": bytes.fromhex(set_id)}
    row = connection.execute(_SET_BY_ID, mine).first()
    return SignedSet(row.body, row.signature) if row else None


def verdicts(connection: Connection, code: str, ids: Collection[str]) -> dict[str, tuple[Verdict, ...]]:
    """What was said of each of these sets that the journal holds."""
    found = {}
    for chunk in _chunks([bytes.fromhex(i) for i in ids]):
        asked = {"code": code, "ids": chunk}
        for row in connection.execute(_verdicts(connection.dialect.name), asked):
            found[row.id.hex()] = unpack_verdicts(row.verdicts)
    return found


def read_cells(stored: dict[str, list[Any]]) -> Cells:
    """Cells as the book keeps them."""
    return {name: Cell(value, tuple(behind), clock) for name, (value, behind, clock) in stored.items()}


def _written_cells(cells: Cells) -> dict[str, list[Any]]:
    return {name: [cell.value, list(cell.behind), cell.clock] for name, cell in cells.items()}


def _chunks(items: Sequence[_Item]) -> Iterator[Sequence[_Item]]:
    for start in range(0, len(items), _CHUNK):
        yield items[start : start + _CHUNK]
