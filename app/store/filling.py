"""A snapshot taken in: its records beneath the edits that wait, and where this laptop held something else.

Blocks are gathered in `filling` as they come, each in a transaction of its own, so a broken line
costs one block. A laptop that diverged is filled anew in the same way; its outbox stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import Connection, delete, insert, select, update

from app.domain.changes import Entry, head_over
from app.domain.errors import Trouble
from app.domain.standing import Cells, Overwritten, RecordKey, Standing, Stretch, record_digest, touched
from app.domain.standing import gave_way as gave_way_by
from app.store import audit, beneath, outbox, place, renewal, unit
from app.store.tables import accepted, changes, filling, records

_FILLING = "filling"
_HISTORY_BELOW, _HISTORY_HEAD = "history_below", "history_head"
_CHUNK = 500


@dataclass(frozen=True)
class Divergence:
    """A cell in which this laptop and the centre disagreed though no later set explains it."""

    kind: str
    record: str
    field: str


def header(connection: Connection) -> bytes | None:
    """The header of the snapshot that is being gathered."""
    return place.read(connection, _FILLING)


def begin(connection: Connection, found: bytes) -> None:
    """Gather another snapshot."""
    drop(connection)
    place.write(connection, _FILLING, found)


def drop(connection: Connection) -> None:
    """Forget what was gathered."""
    connection.execute(delete(filling))
    place.write(connection, _FILLING, None)


def missing(connection: Connection, count: int) -> list[int]:
    """The blocks that have not come, of so many."""
    here = set(connection.scalars(select(filling.c.no)))
    return [no for no in range(count) if no not in here]


def keep(connection: Connection, no: int, found: bytes) -> None:
    """Keep a block."""
    connection.execute(insert(filling).prefix_with("OR REPLACE").values(no=no, block=found))


def block(connection: Connection, no: int) -> bytes:
    """A block that has come."""
    found: bytes = connection.execute(select(filling.c.block).where(filling.c.no == no)).scalar_one()
    return found


def lacking(connection: Connection, count: int) -> list[int]:
    """Seqs at or below the snapshot whose sets are not here, the newest first, at most so many."""
    top = int(place.read_text(connection, _HISTORY_BELOW) or 0)
    if not top:
        return []
    held = set(connection.scalars(select(changes.c.seq).where(changes.c.seq.between(1, top))))
    missing = (seq for seq in range(top, 0, -1) if seq not in held)
    return list(islice(missing, count))


def keep_history(connection: Connection, entries: Sequence[Entry]) -> None:
    """Keep sets of the history. When none is lacking the heads over all of them must come out.

    Trouble("sync.diverged") when they do not.
    """
    fresh = [entry for entry in entries if not _has(connection, entry.seq)]
    held = outbox.own_ids(connection, [entry.signed.id for entry in fresh])
    keys = {key for entry in fresh if entry.signed.id in held for key in touched(entry.signed.set.edits())}
    keys = {key for key in keys if key[0] in records}
    standing = Standing(beneath.accepted_cells(connection, keys))
    unit.write_entries(connection, fresh)
    beneath.settle_under(connection, standing, keys)  # one of them may have waited here until now
    if lacking(connection, 1):
        return
    head, top = bytes(32), int(place.read_text(connection, _HISTORY_BELOW) or 0)
    lines = select(changes.c.seq, changes.c.id, changes.c.verdicts).where(changes.c.seq.between(1, top))
    with connection.execute(lines.order_by(changes.c.seq), execution_options={"yield_per": _CHUNK}) as rows:
        for row in rows:
            head = head_over(head, row.seq, row.id, row.verdicts)
    if head != place.read(connection, _HISTORY_HEAD):
        raise Trouble("sync.diverged", cursor=top)
    for name in (_HISTORY_BELOW, _HISTORY_HEAD):
        place.write(connection, name, None)


def _has(connection: Connection, seq: int) -> bool:
    return connection.scalar(select(changes.c.no).where(changes.c.seq == seq)) is not None


class Fill:
    """One transaction that lets a snapshot stand, block after block."""

    def __init__(self, connection: Connection, seq: int, chains: Mapping[str, tuple[int, bytes]]) -> None:
        self.diverged: list[Divergence] = []
        self._connection, self._seq = connection, seq
        self._cursor = place.cursor(connection)
        self._sums: dict[str, int] = {}
        self.known: set[RecordKey] = set()
        self._leave_outbox(chains)

    def _leave_outbox(self, chains: Mapping[str, tuple[int, bytes]]) -> None:
        """Sets that the journal holds below the snapshot wait no more; their place is not known yet."""
        own = place.read_text(self._connection, "device")
        for device in {own, *self._waiting_devices()} & chains.keys():
            number, newest = chains[device]
            ours = outbox.own_sets(self._connection, device, [number]).get(number)
            if ours is not None and ours.id == newest.hex():
                mine = (changes.c.device == device, changes.c.number <= number, changes.c.seq.is_(None))
                self._connection.execute(update(changes).where(*mine).values(seq=-changes.c.no))
            elif device == own:
                renewal.mark(self._connection)

    def _waiting_devices(self) -> list[str]:
        waiting = select(changes.c.device).where(changes.c.seq.is_(None)).distinct()
        return list(self._connection.scalars(waiting))

    def records(self, found: Stretch) -> None:
        """Records as they stand at the snapshot's seq."""
        kind = found.kind
        for start in range(0, len(found.ids), _CHUNK):
            chunk = enumerate(found.ids[start : start + _CHUNK], start)
            standing = Standing({(kind, record): found.cells(at) for at, record in chunk})
            keys = set(standing.records)
            if self._cursor:
                self._compare(beneath.accepted_cells(self._connection, keys), standing.records)
            for key, cells in standing.records.items():
                self._sums[kind] = self._sums.get(kind, 0) + record_digest(key, cells)
            self.known |= keys
            beneath.settle_under(self._connection, standing, keys)

    def _compare(self, ours: Mapping[RecordKey, Cells], theirs: Mapping[RecordKey, Cells]) -> None:
        for key, cells in theirs.items():
            mine = ours.get(key, {})
            for name in cells.keys() | mine.keys():
                cell, held = cells.get(name), mine.get(name)
                is_later = cell is not None and max(cell.behind, default=0) > self._cursor
                if not is_later and cell != held:
                    self.diverged.append(Divergence(*key, name))

    def entries(self, found: Iterable[Entry]) -> None:
        """Entries that conflicts and lists speak of."""
        entries = [entry for entry in found if not _has(self._connection, entry.seq)]
        unit.write_entries(self._connection, entries)
        gave_way: list[Overwritten] = []
        for entry in entries:
            gave_way += gave_way_by(entry)
        unit.list_overwritten(self._connection, gave_way)
        unit.list_refused(self._connection, entries)

    def finish(self, head: bytes, sums: Mapping[str, bytes]) -> None:
        """Records that the snapshot does not know go; digests, head and cursor are its own."""
        strangers = [key for key in _all_keys(self._connection) if key not in self.known]
        ours = beneath.accepted_cells(self._connection, strangers)
        self.diverged += [Divergence(*key, name) for key, cells in ours.items() for name in cells]
        beneath.settle_under(self._connection, Standing(), set(strangers))
        said = {kind: int.from_bytes(total, "big") for kind, total in sums.items()}
        if any(said.get(k, 0) != self._sums.get(k, 0) % (1 << 256) for k in said.keys() | self._sums.keys()):
            raise Trouble("sync.snapshot")
        zero = dict.fromkeys(place.digests(self._connection), 0)
        place.write_digests(self._connection, {**zero, **said})
        place.write(self._connection, "head", head)
        place.write(self._connection, "cursor", str(self._seq).encode())
        place.write(self._connection, _HISTORY_BELOW, str(self._seq).encode())
        place.write(self._connection, _HISTORY_HEAD, head)
        drop(self._connection)
        for one in self.diverged:
            audit.note(self._connection, "", "diverged", kind=one.kind, record=one.record, detail=one.field)


def _all_keys(connection: Connection) -> list[RecordKey]:
    keys = [
        (kind, record) for kind, table in records.items() for record in connection.scalars(select(table.c.id))
    ]
    beneath_alone = connection.execute(select(accepted.c.kind, accepted.c.record))
    return list(dict.fromkeys([*keys, *((row.kind, row.record) for row in beneath_alone)]))
