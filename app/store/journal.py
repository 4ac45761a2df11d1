"""A commune's journal at the centre: sets in one order, what stands after each, what was set aside.

`Book` lives inside one transaction that holds the commune's lock, so nobody can see entry 8
before entry 7 and numbers have no holes (design/sync.md, rule 3). Every statement names the
commune: the tables can be spread by it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Connection, delete, insert, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite

from app.domain.aliases import ALIAS
from app.domain.changes import (
    Atom,
    ChangeSet,
    Entry,
    SignedSet,
    Verdict,
    pack_verdicts,
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
from app.store.place import whole_digest
from app.store.tables import aside, commune, journal
from app.store.tables import standing as standing_table

VERIFIED = frozenset({"gap", "clone"})  # reasons found after the signature had held
_CHUNK = 500
_Item = TypeVar("_Item")


@dataclass(frozen=True)
class Mark:
    """What holds at one seq: head and digest, 32 bytes each."""

    seq: int
    head: bytes
    digest: bytes


class Book:
    """One commune's journal, locked: load what a set touches, append it judged, write once at the end."""

    def __init__(self, connection: Connection, code: str) -> None:
        self._connection = connection
        self.code = code
        row = connection.execute(select(commune).where(commune.c.commune == code).with_for_update()).first()
        if row is None:
            raise Refusal("central.unknown_commune")
        self.seq: int = row.seq
        self.head: bytes = row.head
        self.policy: int = row.policy
        self._sums = {kind: int(total, 16) for kind, total in row.digests.items()}
        self.standing = Standing()
        self._loaded: set[RecordKey] = set()
        self._stored: set[RecordKey] = set()
        self._changed: set[RecordKey] = set()
        self._has_aliases = False
        self._seqs: dict[str, int] = {}
        self._chains: dict[str, tuple[int, str]] = {}
        self._rows: list[dict[str, Any]] = []

    def seqs(self, ids: Collection[str]) -> dict[str, int]:
        """The seq of each set that the journal holds among `ids`; remembered for `seq_of`."""
        wanted = [bytes.fromhex(i) for i in ids if i not in self._seqs and len(i) == 64]
        for chunk in _chunks(wanted):
            held = select(journal.c.id, journal.c.seq).where(
                journal.c.commune == self.code, journal.c.id.in_(chunk)
            )
            self._seqs |= {row.id.hex(): row.seq for row in self._connection.execute(held)}
        return {i: self._seqs[i] for i in ids if i in self._seqs}

    def seq_of(self, set_id: str) -> int | None:
        """The seq of one set, None while the journal has none."""
        try:
            return self.seqs([set_id]).get(set_id)
        except ValueError:  # not hexadecimal: no set of anybody's
            return None

    def atom_at(self, seq: int, place: int) -> Atom | None:
        """One atom of a set in the journal, by its seq and place; None where there is none."""
        body = next((row["body"] for row in self._rows if row["seq"] == seq), None)
        if body is None:
            held = select(journal.c.body).where(journal.c.commune == self.code, journal.c.seq == seq)
            body = self._connection.scalar(held)
        atoms = parse(body).atoms if body is not None else ()
        return atoms[place] if 0 <= place < len(atoms) else None

    def chain(self, device: str) -> tuple[int, str]:
        """Number and id of the newest set taken from a device; (0, "") before its first."""
        if device not in self._chains:
            newest = (
                select(journal.c.number, journal.c.id)
                .where(journal.c.commune == self.code, journal.c.device == device)
                .order_by(journal.c.number.desc())
                .limit(1)
            )
            row = self._connection.execute(newest).first()
            self._chains[device] = (row.number, row.id.hex()) if row else (0, "")
        return self._chains[device]

    def load(self, keys: Iterable[RecordKey]) -> None:
        """Have these records in `standing`; those already loaded stay as they were moved."""
        wanted = set(keys) - self._loaded
        self._loaded |= wanted
        for chunk in _chunks(sorted(wanted)):
            held = select(standing_table).where(
                standing_table.c.commune == self.code,
                tuple_(standing_table.c.kind, standing_table.c.record).in_(chunk),
            )
            for row in self._connection.execute(held):
                self._stored.add((row.kind, row.record))
                self.standing.records[row.kind, row.record] = read_cells(row.cells)

    def load_aliases(self) -> None:
        """Have every alias of the commune in `standing`: they are few, and an edit may meet any of them."""
        if self._has_aliases:
            return
        self._has_aliases = True
        mine = (standing_table.c.commune == self.code, standing_table.c.kind == ALIAS)
        self.load(
            (ALIAS, record)
            for record in self._connection.scalars(select(standing_table.c.record).where(*mine))
        )

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
        self._rows.append(self._row(entry, found, received))
        return entry

    def _row(self, entry: Entry, found: ChangeSet, received: int) -> dict[str, Any]:
        return {
            "commune": self.code,
            "seq": entry.seq,
            "id": bytes.fromhex(entry.signed.id),
            "device": found.device,
            "number": found.number,
            "body": entry.signed.body,
            "signature": entry.signed.signature,
            "verdicts": pack_verdicts(entry.verdicts),
            "head": self.head,
            "digest": whole_digest(self._sums),
            "received": received,
        }

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
        dialect = postgresql if self._connection.dialect.name == "postgresql" else sqlite
        kept = dialect.insert(aside).values(row)
        if why in VERIFIED:
            changed = {name: kept.excluded[name] for name in ("why", "signature")}
            kept = kept.on_conflict_do_update(index_elements=["commune", "id"], set_=changed)
        else:  # whoever sends a true set under a false signature must not spoil the true one kept here
            kept = kept.on_conflict_do_nothing()
        self._connection.execute(kept)

    def aside_why(self, set_id: str) -> str:
        """Why a set was put aside; empty when it was not."""
        if len(set_id) != 64:
            return ""
        mine = (aside.c.commune == self.code, aside.c.id == bytes.fromhex(set_id))
        return self._connection.scalar(select(aside.c.why).where(*mine)) or ""

    def successor(self, device: str, number: int, previous: str) -> SignedSet | None:
        """The set that waited aside for its predecessor, taken out of there; None if none did."""
        mine = (
            aside.c.commune == self.code,
            aside.c.device == device,
            aside.c.number == number,
            aside.c.previous == previous,
            aside.c.why == "gap",
        )
        row = self._connection.execute(
            select(aside.c.id, aside.c.body, aside.c.signature).where(*mine)
        ).first()
        if row is None:
            return None
        self._connection.execute(delete(aside).where(aside.c.commune == self.code, aside.c.id == row.id))
        return SignedSet(row.body, row.signature)

    def finish(self) -> None:
        """Write the journal's new lines, what stands, and the commune's place."""
        if not self._rows:
            return
        self._connection.execute(insert(journal), self._rows)
        for chunk in _chunks([row["id"] for row in self._rows]):  # taken at last
            self._connection.execute(delete(aside).where(aside.c.commune == self.code, aside.c.id.in_(chunk)))
        rows = [
            {"commune": self.code, "kind": kind, "record": record, "cells": _written_cells(cells)}
            for (kind, record) in sorted(self._changed)
            for cells in [self.standing.records[kind, record]]
        ]
        dialect = postgresql if self._connection.dialect.name == "postgresql" else sqlite
        for chunk in _chunks(rows):
            stand = dialect.insert(standing_table)
            self._connection.execute(
                stand.on_conflict_do_update(
                    index_elements=["commune", "kind", "record"], set_={"cells": stand.excluded.cells}
                ),
                chunk,
            )
        sums = {kind: f"{total % (1 << 256):x}" for kind, total in self._sums.items()}
        moved = {"seq": self.seq, "head": self.head, "digests": sums}
        self._connection.execute(update(commune).where(commune.c.commune == self.code).values(moved))
        self._rows.clear()


def mark(connection: Connection, code: str, seq: int) -> Mark:
    """What holds at one seq of a commune's journal; zeros at 0."""
    if seq == 0:
        return Mark(0, bytes(32), bytes(32))
    at = select(journal.c.head, journal.c.digest).where(journal.c.commune == code, journal.c.seq == seq)
    row = connection.execute(at).first()
    if row is None:
        raise Refusal("sync.cursor_ahead", cursor=seq)
    return Mark(seq, row.head, row.digest)


def entries(connection: Connection, code: str, after: int, bytes_max: int) -> list[Entry]:
    """The journal after a seq, at least one entry and at most `bytes_max` of bodies."""
    stretch = (
        select(journal.c.seq, journal.c.body, journal.c.signature, journal.c.verdicts)
        .where(journal.c.commune == code, journal.c.seq > after)
        .order_by(journal.c.seq)
    )
    found: list[Entry] = []
    size = 0
    with connection.execution_options(yield_per=64).execute(stretch) as result:
        for row in result:
            size += len(row.body)
            if found and size > bytes_max:
                break
            found.append(Entry(row.seq, SignedSet(row.body, row.signature), unpack_verdicts(row.verdicts)))
    return found


def read_cells(stored: dict[str, list[Any]]) -> Cells:
    """Cells as the book keeps them."""
    return {name: Cell(value, tuple(behind), clock) for name, (value, behind, clock) in stored.items()}


def _written_cells(cells: Cells) -> dict[str, list[Any]]:
    return {name: [cell.value, list(cell.behind), cell.clock] for name, cell in cells.items()}


def _chunks(items: Sequence[_Item]) -> Iterator[Sequence[_Item]]:
    for start in range(0, len(items), _CHUNK):
        yield items[start : start + _CHUNK]
