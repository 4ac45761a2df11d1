"""Snapshots at the centre: what stands in a commune at one seq, in blocks that any process can serve.

Read as a stream in one unchanging view, which holds nobody up; the two newest are kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

from sqlalchemy import Connection, delete, func, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from app.domain.changes import Entry, SignedSet, unpack_verdicts
from app.domain.errors import Refusal
from app.domain.standing import Cells
from app.store.central_tables import commune, journal, snapshot, snapshot_block, standing
from app.store.journal import Mark, mark, read_cells

_KEPT = 2
_FORM = 3  # of the blocks: 2 writes ids as steps, 3 clocks by whichever way is shorter
_OURS = snapshot.c.form == _FORM
_PAGE = 500
_BLOCKS = 8  # in one statement
_PLAIN = b",[]]"  # how verdicts end when each atom was applied, at one clock, over nothing unseen
_Row = TypeVar("_Row")


def newest(connection: Connection, code: str) -> tuple[int, bytes] | None:
    """Seq and header of the newest snapshot that is written as this program writes."""
    last = select(snapshot.c.seq, snapshot.c.header).where(snapshot.c.commune == code, _OURS)
    row = connection.execute(last.order_by(snapshot.c.seq.desc()).limit(1)).first()
    return (row.seq, row.header) if row else None


def blocks(connection: Connection, code: str, seq: int, first: int, count: int) -> list[bytes]:
    """At most so many blocks, from one on. Refusal("central.no_such_page") when there is none any more."""
    mine = (snapshot_block.c.commune == code, snapshot_block.c.seq == seq)
    here = select(snapshot_block.c.block).where(*mine, snapshot_block.c.no.between(first, first + count - 1))
    found = list(connection.scalars(here.order_by(snapshot_block.c.no)))
    if not found:
        raise Refusal("central.no_such_page")
    return found


def seq(connection: Connection, code: str) -> int:
    """How far a commune's journal goes."""
    return int(connection.scalar(select(commune.c.seq).where(commune.c.commune == code)) or 0)


def stand(connection: Connection, code: str) -> tuple[Mark, dict[str, bytes]]:
    """Where the commune is in this view: its newest seq with head and digest, and the sum of each kind."""
    row = connection.execute(select(commune).where(commune.c.commune == code)).first()
    if row is None:
        raise Refusal("central.unknown_commune")
    sums = {kind: int(total, 16).to_bytes(32, "big") for kind, total in row.digests.items()}
    return mark(connection, code, row.seq), sums


def records(connection: Connection, code: str, kind: str) -> Iterator[tuple[str, Cells]]:
    """What stands of one kind, by id."""
    query = select(standing.c.record, standing.c.cells).where(
        standing.c.commune == code, standing.c.kind == kind
    )
    with connection.execute(
        query.order_by(standing.c.record), execution_options={"yield_per": _PAGE}
    ) as rows:
        for row in rows:
            yield row.record, read_cells(row.cells)


def spoken_of(connection: Connection, code: str) -> Iterator[Entry]:
    """Entries that conflicts and the lists of overwritten and refused values speak of."""
    deciding = {
        seq
        for _, cells in records(connection, code, "conflict")
        for cell in cells.values()
        for seq in cell.behind
    }
    for entry in _odd(connection, code):
        deciding.discard(entry.seq)
        yield entry
    yield from entries_at(connection, code, sorted(deciding))


def entries_at(connection: Connection, code: str, seqs: Sequence[int]) -> Iterator[Entry]:
    """The journal at these seqs."""
    query = select(journal.c.seq, journal.c.body, journal.c.signature, journal.c.verdicts)
    for start in range(0, len(seqs), _PAGE):
        here = query.where(journal.c.commune == code, journal.c.seq.in_(seqs[start : start + _PAGE]))
        for row in connection.execute(here.order_by(journal.c.seq.desc())).all():
            yield Entry(row.seq, SignedSet(row.body, row.signature), unpack_verdicts(row.verdicts))


def _odd(connection: Connection, code: str) -> Iterator[Entry]:
    """Entries whose verdicts say more than that each atom was applied."""
    odd = func.substr(journal.c.verdicts, func.length(journal.c.verdicts) - 3) != _PLAIN
    query = select(journal.c.seq, journal.c.body, journal.c.signature, journal.c.verdicts).where(
        journal.c.commune == code, odd
    )
    with connection.execute(query.order_by(journal.c.seq), execution_options={"yield_per": 64}) as rows:
        for row in rows:
            yield Entry(row.seq, SignedSet(row.body, row.signature), unpack_verdicts(row.verdicts))


def chains(connection: Connection, code: str) -> dict[str, tuple[int, bytes]]:
    """Number and id of the newest set of each device.

    A device after another, each by the index: the cost is that of the devices, whatever the journal's length
    and whatever the planner believes of it. (One statement over all sets took minutes when the statistics
    were older than the sets.)
    """
    sets = select(journal.c.device, journal.c.number, journal.c.id).where(journal.c.commune == code)
    by_device = sets.order_by(journal.c.device.desc(), journal.c.number.desc()).limit(1)
    found = {}
    row = connection.execute(by_device).first()
    while row is not None:
        found[row.device] = (row.number, row.id)
        row = connection.execute(by_device.where(journal.c.device < row.device)).first()
    return found


def keep(connection: Connection, code: str, seq: int, header: bytes, blocks: Iterable[bytes]) -> None:
    """Offer a snapshot; those beyond the two newest go. Nothing is done where another made the same.

    One at this seq in another form, of a program before this one, gives way.
    """
    for table in (snapshot_block, snapshot):
        other = select(snapshot.c.seq).where(snapshot.c.commune == code, snapshot.c.seq == seq, ~_OURS)
        connection.execute(delete(table).where(table.c.commune == code, table.c.seq.in_(other)))
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    offered = (
        dialect.insert(snapshot)
        .values(commune=code, seq=seq, header=header, form=_FORM)
        .on_conflict_do_nothing()
    )
    if connection.scalar(offered.returning(snapshot.c.seq)) is None:
        return
    rows = ({"commune": code, "seq": seq, "no": no, "block": found} for no, found in enumerate(blocks))
    while some := list(islice(rows, _BLOCKS)):  # of a large commune all of them would be held twice more
        connection.execute(insert(snapshot_block), some)
    kept = select(snapshot.c.seq).where(snapshot.c.commune == code).order_by(snapshot.c.seq.desc())
    for old in list(connection.scalars(kept))[_KEPT:]:
        for table in (snapshot_block, snapshot):
            connection.execute(delete(table).where(table.c.commune == code, table.c.seq == old))
