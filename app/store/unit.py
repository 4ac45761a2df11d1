"""One press of Save or many, and one page of the commune's journal absorbed: each a single transaction.

All run inside the caller's `with vault.write() as connection:`; all on disk, or none.
The signed `old` is never used for undoing: what lies beneath a waiting edit is kept in
`accepted`, the whole record as the journal says it (design/sync.md, Pending edits).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select

from app.domain.changes import Atom, ChangeSet, Entry, Outcome, SignedSet, fault_in
from app.domain.errors import Refusal, Trouble
from app.domain.outline import Outline, outline_of
from app.domain.records import KINDS
from app.domain.standing import (
    Overwritten,
    RecordKey,
    Standing,
    conflict_id,
    record_digest,
    settle,
    touched,
)
from app.store import audit, beneath, outbox, place, rows
from app.store.one import ONE
from app.store.tables import changes, overwritten, refused
from app.store.tables import touched as touched_table

# Built once: every save and every page of the journal says these.
_LAST_OF_DEVICE = (
    select(changes.c.number, changes.c.id)
    .where(changes.c.device == bindparam("by"))
    .order_by(changes.c.number.desc())
    .limit(ONE)
)
_LAST_CLOCK = select(func.max(changes.c.clock))
_LAST_NO = select(func.max(changes.c.no))
_WRITE_CHANGES = insert(changes)
# A line that somebody took out of the file leaves its links, and its number is given again: no save fails.
_WRITE_LINKS = insert(touched_table).prefix_with("OR IGNORE")
# The same by the driver alone: a first fill says them for a hundred thousand lines.
_JUDGED = "UPDATE changes SET seq = ?, verdicts = ? WHERE id = ?"
_WRITE_LINES = """
    INSERT INTO changes (no, id, seq, device, number, author, clock, reason, body, signature, verdicts)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_LINK_LINES = "INSERT OR IGNORE INTO touched (record, change) VALUES (?, ?)"
_LIST_REFUSED = insert(refused).prefix_with("OR IGNORE")
_LIST_OVERWRITTEN = insert(overwritten).prefix_with("OR IGNORE")


@dataclass(frozen=True)
class Pen:
    """Who writes: what every set of theirs carries, and how it is signed and timed.

    `device` is the laptop's id as it was when she unlocked; the one under which a set is written
    is the vault's, for a laptop may have been renewed meanwhile (`renewal.py`). `require` raises a Refusal
    for a set that is not hers to write.
    """

    commune: str
    device: str
    author: str
    sign: Callable[[bytes], bytes]
    tick: Callable[[], int]
    require: Callable[[Connection, ChangeSet], None] = lambda _connection, _found: None


@dataclass(frozen=True)
class Page:
    """A stretch of the journal as the centre sent it, with what it says holds at its end.

    `goes_on`: the end of this stretch was not signed; that of one that follows in the same transaction was.
    """

    entries: Sequence[Entry]
    cursor: int
    digest: bytes
    head: bytes
    goes_on: bool = False


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
    """Many change sets at once, as if saved one after the other; rows are read and written once for all.

    What `pen.require` refuses is not written, nor is anything else of them;
    Refusal("laptop.revoked") once this laptop handed over what waited and took its leave,
    ("commune.merged") once another commune goes on with this one's people.
    """
    here = place.here(connection)
    if here.has_left:
        raise Refusal("laptop.revoked")
    if here.merged:
        raise Refusal("commune.merged", into=here.merged.partition(" ")[0])
    sets = _composed(connection, here.device or pen.device, pen, reason, works)
    for found, _signed in sets:
        pen.require(connection, found)
    keys = {key for found, _signed in sets for key in touched(found.edits())}
    before = rows.load(connection, keys)
    beneath.capture(connection, {key: before.get(key, {}) for key in keys})
    standing = Standing(before)
    for no, (found, _signed) in write_changes(connection, sets):
        beneath.lay(standing, found.edits(), no, found.clock)
    rows.store(connection, {key: standing.records[key] for key in keys})
    signed = [each for _found, each in sets]
    if here.renewing:
        outbox.note_not_taken(connection, dict.fromkeys((each.id for each in signed), outbox.CLONE))
    audit.note_all(connection, pen.author, "save", "set", [each.id for each in signed])
    return signed


def _composed(
    connection: Connection, device: str, pen: Pen, reason: str, works: Sequence[Sequence[Atom]]
) -> list[tuple[ChangeSet, SignedSet]]:
    """The sets, each naming the one before it, and signed."""
    number, previous = last_of_device(connection, device)
    sets = []
    for at, atoms in enumerate(works, start=number + 1):
        found = ChangeSet(pen.commune, pen.author, device, at, previous, pen.tick(), reason, tuple(atoms))
        fault = fault_in(found) if found.atoms else "empty"
        if fault:
            raise Refusal("record.value", kind="set", fault=fault)
        signed = SignedSet(found.body, pen.sign(found.body))
        previous = signed.id
        sets.append((found, signed))
    return sets


def last_of_device(connection: Connection, device: str) -> tuple[int, str]:
    """The number and id of a device's newest set here; (0, "") before its first."""
    row = connection.execute(_LAST_OF_DEVICE, {"by": device}).first()
    return (row.number, row.id.hex()) if row else (0, "")


def last_clock(connection: Connection) -> int:
    """The latest hybrid clock reading in the journal: a new set's must be later."""
    return int(connection.scalar(_LAST_CLOCK) or 0)


def absorb(connection: Connection, page: Page) -> Taken:
    """Apply a page beneath the edits that still wait.

    Entries at or below the cursor are skipped; Trouble("sync.gap") when one is missing,
    Trouble("sync.diverged") when digest or head do not come out as the centre says. Either way
    the transaction rolls back and the outbox stays as it is.
    """
    here = place.here(connection)
    start = here.cursor
    entries = [entry for entry in page.entries if entry.seq > start]
    if [entry.seq for entry in entries] != list(range(start + 1, start + 1 + len(entries))):
        raise Trouble("sync.gap", cursor=start)
    sums = place.digests(connection)
    if not entries:
        _check_end(page, start, here.head, sums)
        return Taken(start, frozenset())
    keys = _touched_by(entries)
    shown = rows.load(connection, keys)
    standing = Standing(beneath.uncovered(connection, keys, shown))
    old = _digests(standing, keys)
    head, gave_way = here.head, list[Overwritten]()
    for entry in entries:
        gave_way += settle(standing, entry)
        head = entry.head_after(head)
    write_entries(connection, entries)
    for key, digest in _digests(standing, keys).items():
        sums[key[0]] = sums.get(key[0], 0) - old[key] + digest
    cursor = start + len(entries)
    if cursor > page.cursor:
        raise Trouble("sync.gap", cursor=cursor)
    _check_end(page, cursor, head, sums)
    beneath.settle_under(connection, standing, keys, shown)
    list_overwritten(connection, gave_way)
    list_refused(connection, entries)
    place.write_digests(connection, sums)
    place.write_all(connection, {"head": head, "cursor": str(cursor).encode()})
    return Taken(cursor, frozenset(keys))


def _check_end(page: Page, cursor: int, head: bytes, sums: dict[str, int]) -> None:
    """Whether the page brings us where it says, and what holds there is what the centre signed."""
    if cursor < page.cursor:
        raise Trouble("sync.gap", cursor=cursor)
    if (
        cursor == page.cursor
        and not page.goes_on
        and (head, place.whole_digest(sums)) != (page.head, page.digest)
    ):
        raise Trouble("sync.diverged", cursor=cursor)


def _touched_by(entries: Iterable[Entry]) -> dict[RecordKey, None]:
    """In their order, which is that of their rows: people of one name stand as they came."""
    keys: dict[RecordKey, None] = {}
    for entry in entries:
        for edit in entry.signed.set.edits():
            keys[edit.kind, edit.record] = None
        for at, verdict in enumerate(entry.verdicts):
            if verdict.outcome is Outcome.CONFLICT:
                keys["conflict", conflict_id(entry.signed.id, at)] = None
    # A refused edit is in the journal too, and may name a kind that has no table.
    return {key: None for key in keys if key[0] in KINDS}


def _digests(standing: Standing, keys: Iterable[RecordKey]) -> dict[RecordKey, int]:
    return {key: record_digest(key, standing.records.get(key, {})) for key in keys}


def write_entries(connection: Connection, entries: Sequence[Entry]) -> None:
    """Those that waited here get their seq and verdicts; the others are written whole."""
    write_outlines(connection, [outline_of(entry) for entry in entries])


def write_outlines(connection: Connection, found: Sequence[Outline]) -> None:
    """The same, of entries whose sets nobody has read."""
    own = outbox.own_ids(connection, [line.id.hex() for line in found])
    judged = [line for line in found if line.id.hex() in own]
    fresh = [line for line in found if line.id.hex() not in own]
    if judged:
        said = [(line.seq, line.verdicts, line.id) for line in judged]
        connection.exec_driver_sql(_JUDGED, said)
    if fresh:
        first = int(connection.scalar(_LAST_NO) or 0) + 1
        connection.exec_driver_sql(_WRITE_LINES, [_line(no, line) for no, line in enumerate(fresh, first)])
        links = [(record, no) for no, line in enumerate(fresh, first) for record in line.records]
        connection.exec_driver_sql(_LINK_LINES, sorted(links))


def _line(no: int, line: Outline) -> tuple[Any, ...]:
    head = line.head
    said = (head.device, head.number, head.author, head.clock, head.reason)
    return no, line.id, line.seq, *said, line.body, line.signature, line.verdicts


def carry(connection: Connection, sets: Sequence[SignedSet]) -> int:
    """Keep sets that wait at another laptop, to hand them in for it, and show them; how many are new here."""
    held = outbox.own_ids(connection, [signed.id for signed in sets])
    fresh = [signed for signed in sets if signed.id not in held]
    keys = {key for signed in fresh for key in touched(signed.set.edits()) if key[0] in KINDS}
    standing = Standing(beneath.accepted_cells(connection, keys))
    write_changes(connection, [(signed.set, signed) for signed in fresh])
    beneath.settle_under(connection, standing, keys)
    return len(fresh)


def write_past(connection: Connection, found: Sequence[Outline]) -> None:
    """Entries whose values stand already; one that waited here until now is laid over them no longer."""
    held = outbox.own_ids(connection, [line.id.hex() for line in found])
    waited = [line.signed.set for line in found if line.id.hex() in held]
    keys = {key for own in waited for key in touched(own.edits()) if key[0] in KINDS}
    standing = Standing(beneath.accepted_cells(connection, keys))
    write_outlines(connection, found)
    if keys:
        beneath.settle_under(connection, standing, keys)


def write_changes(
    connection: Connection,
    sets: Sequence[tuple[ChangeSet, SignedSet]],
    verdicts: Sequence[Mapping[str, Any]] = (),
) -> list[tuple[int, tuple[ChangeSet, SignedSet]]]:
    """Their lines in the journal, and which records they touch; each with its local number."""
    first = int(connection.scalar(_LAST_NO) or 0) + 1
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
        connection.execute(_WRITE_CHANGES, lines)
        connection.execute(_WRITE_LINKS, links)
    return numbered


def list_refused(connection: Connection, entries: Sequence[Entry]) -> None:
    """Keep which sets were refused in whole or in part, until somebody has seen it."""
    listed = [
        {"seq": entry.seq}
        for entry in entries
        if any(verdict.outcome is Outcome.REFUSED for verdict in entry.verdicts)
    ]
    if listed:
        connection.execute(_LIST_REFUSED, listed)


def list_overwritten(connection: Connection, gave_way: Sequence[Overwritten]) -> None:
    """Keep which ordinary values did not stand, until their authors have seen it."""
    listed = [
        {"lost": o.lost, "kind": o.kind, "record": o.record, "field": o.field, "by": o.by} for o in gave_way
    ]
    if listed:
        connection.execute(_LIST_OVERWRITTEN, listed)
