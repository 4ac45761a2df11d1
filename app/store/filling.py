"""A snapshot taken in: its records beneath the edits that wait, and where this laptop held something else.

Blocks are gathered in `filling` as they come, each in a transaction of its own, so a broken line
costs one block. A laptop that diverged is filled anew in the same way; its outbox stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from app.domain.changes import parse
from app.domain.errors import Trouble
from app.domain.outline import Outline
from app.domain.records import KINDS, Merge
from app.domain.standing import Cells, Overwritten, RecordKey, Standing, Stretch, stretch_digest
from app.domain.standing import gave_way as gave_way_by
from app.store import beneath, divergences, indexes, outbox, past, place, renewal, rows, search, unit
from app.store.divergences import Divergence
from app.store.tables import accepted, changes, filling, records

_FILLING = "filling"
_CHUNK = 500
_KEEP = insert(filling).prefix_with("OR REPLACE")
_PLACE_UNKNOWN = update(changes).where(changes.c.no == bindparam("which")).values(seq=-changes.c.no)


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
    connection.execute(_KEEP, {"no": no, "block": found})


def block(connection: Connection, no: int) -> bytes:
    """A block that has come."""
    found: bytes = connection.execute(select(filling.c.block).where(filling.c.no == no)).scalar_one()
    return found


def _has(connection: Connection, seq: int) -> bool:
    return connection.scalar(select(changes.c.no).where(changes.c.seq == seq)) is not None


class Fill:
    """One transaction that lets a snapshot stand, block after block.

    `past_follows`: the history comes behind it in the same transaction, so no part of it is asked for first.
    """

    def __init__(
        self,
        connection: Connection,
        seq: int,
        chains: Mapping[str, tuple[int, bytes]],
        *,
        past_follows: bool = False,
    ) -> None:
        self.diverged: list[Divergence] = []
        self.connection, self._seq = connection, seq
        self._cursor = place.cursor(connection)
        self._past_follows = past_follows
        self._is_new = not self._cursor and connection.scalar(select(changes.c.no).limit(1)) is None
        self._indexes = indexes.set_aside(connection) if self._is_new else {}
        self._sums: dict[str, int] = {}
        self.bytes_in = self.count = 0
        self._known: set[RecordKey] = set()
        self._leave_outbox(chains)
        past.forget(connection)

    def _leave_outbox(self, chains: Mapping[str, tuple[int, bytes]]) -> None:
        """Sets that the journal holds below the snapshot wait no more; their place is not known yet.

        Which they are, the chain of hashes says: a double's sets bear the same numbers as ours.
        """
        own = place.read_text(self.connection, "device")
        for device in {own, *self._waiting_devices()} & chains.keys():
            _number, newest = chains[device]
            taken = self._waiting_down_from(device, newest)
            if taken:
                self.connection.execute(_PLACE_UNKNOWN, [{"which": no} for no in taken])
            elif device == own and not outbox.own_ids(self.connection, [newest.hex()]):
                renewal.mark(self.connection)

    def _waiting_down_from(self, device: str, newest: bytes) -> list[int]:
        query = select(changes.c.id, changes.c.no, changes.c.body)
        lines = self.connection.execute(query.where(changes.c.device == device, changes.c.seq.is_(None)))
        waiting = {line.id: line for line in lines}
        taken, at = list[int](), newest
        while line := waiting.get(at):
            taken.append(line.no)
            at = bytes.fromhex(parse(line.body).previous)
        return taken

    def _waiting_devices(self) -> list[str]:
        waiting = select(changes.c.device).where(changes.c.seq.is_(None)).distinct()
        return list(self.connection.scalars(waiting))

    def records(self, found: Stretch, digest: int | None = None) -> None:
        """Records as they stand at the snapshot's seq; with their digest, if it was summed up already."""
        kind = found.kind
        digest = stretch_digest(found) if digest is None else digest
        if not self._past_follows:
            past.expect(self.connection, _guarding(found))
        self._sums[kind] = self._sums.get(kind, 0) + digest
        self.count += len(found.ids)
        if self._is_new:
            rows.pour(self.connection, found)
            return
        for start in range(0, len(found.ids), _CHUNK):
            chunk = enumerate(found.ids[start : start + _CHUNK], start)
            standing = Standing({(kind, record): found.cells(at) for at, record in chunk})
            keys = set(standing.records)
            if self._cursor:
                self._compare(beneath.accepted_cells(self.connection, keys), standing.records)
            self._known |= keys
            beneath.settle_under(self.connection, standing, keys)

    def _compare(self, ours: Mapping[RecordKey, Cells], theirs: Mapping[RecordKey, Cells]) -> None:
        for key, cells in theirs.items():
            mine = ours.get(key, {})
            for name in cells.keys() | mine.keys():
                cell, held = cells.get(name), mine.get(name)
                is_later = cell is not None and max(cell.behind, default=0) > self._cursor
                if not is_later and cell != held:
                    self.diverged.append(Divergence(*key, name))

    def entries(self, found: Iterable[Outline]) -> None:
        """Entries that conflicts and lists speak of."""
        lines = [line for line in found if not _has(self.connection, line.seq)]
        unit.write_past(self.connection, lines)
        entries = [line.entry for line in lines]
        gave_way: list[Overwritten] = []
        for entry in entries:
            gave_way += gave_way_by(entry)
        unit.list_overwritten(self.connection, gave_way)
        unit.list_refused(self.connection, entries)

    def finish(self, head: bytes, sums: Mapping[str, bytes]) -> None:
        """Records that the snapshot does not know go; digests, head and cursor are its own."""
        if self._is_new:
            self._follow()
        else:
            self._remove_strangers()
        said = {kind: int.from_bytes(total, "big") for kind, total in sums.items()}
        if any(said.get(k, 0) != self._sums.get(k, 0) % (1 << 256) for k in said.keys() | self._sums.keys()):
            raise Trouble("sync.snapshot")
        zero = dict.fromkeys(place.digests(self.connection), 0)
        place.write_digests(self.connection, {**zero, **said})
        place.write(self.connection, "head", head)
        place.write(self.connection, "cursor", str(self._seq).encode())
        past.begin(self.connection, self._seq, head)
        drop(self.connection)
        divergences.note(self.connection, self.diverged)

    def _follow(self) -> None:
        """What is derived from rows that were poured. Indexes of people last: their rows move once more."""
        of_people = self._indexes.pop("person", [])
        for makers in self._indexes.values():
            indexes.make_again(self.connection, makers)
        rows.follow(self.connection)
        indexes.make_again(self.connection, of_people)
        search.fall_behind(self.connection)

    def _remove_strangers(self) -> None:
        strangers = [key for key in _all_keys(self.connection) if key not in self._known]
        ours = beneath.accepted_cells(self.connection, strangers)
        self.diverged += [Divergence(*key, name) for key, cells in ours.items() for name in cells]
        beneath.settle_under(self.connection, Standing(), set(strangers))


def _guarding(found: Stretch) -> Iterator[tuple[int, str]]:
    """The sets behind what guards a record: that which made it, and of guarded fields any other.

    What a conflict says of itself the centre wrote; the sets it is about come with the snapshot.
    """
    if found.kind == "conflict":
        return
    usual = zip(found.behind, found.ids, strict=True)
    yield from ((seq, record) for seq, record in usual if seq)  # 0: none of its cells is usual
    for at, cells in found.odd.items():
        for name, (behind, _) in cells.items():
            field = KINDS[found.kind].field(name)
            if field is not None and field.merge is not Merge.ORDINARY:
                yield from ((seq, found.ids[at]) for seq in behind)


def _all_keys(connection: Connection) -> list[RecordKey]:
    keys = [
        (kind, record) for kind, table in records.items() for record in connection.scalars(select(table.c.id))
    ]
    beneath_alone = connection.execute(select(accepted.c.kind, accepted.c.record))
    return list(dict.fromkeys([*keys, *((row.kind, row.record) for row in beneath_alone)]))
