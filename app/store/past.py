"""What a first fill leaves out, and what of it has come: the signed sets behind guarded fields first,
then the rest of the history, each newest first (design/sync.md, One round trip).

A set of the evidence must bear its author's signature and say what stands in the cells that name it.
The history closes from above: with the head below it, every stretch must lead to the head that was
believed before, down to seq 1; what came as evidence is passed over by that chain too.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import Connection, delete, func, select, update

from app.domain.changes import ChangeSet, head_over
from app.domain.errors import Refusal
from app.domain.outline import Outline
from app.domain.records import Value
from app.domain.standing import Cells, RecordKey, touched
from app.store import beneath, place, rows, unit
from app.store.among import among, among_ids, listed
from app.store.tables import awaited, changes, records
from app.store.tables import touched as touched_table

_BELOW, _HEAD, _DOUBTED = "history_below", "history_head", "history_doubted"
_PAGE = 500
_HELD = select(changes.c.seq).where(among(changes.c.seq, "seqs"))
_COME = delete(awaited).where(among(awaited.c.seq, "seqs"))
_STANDING_OF = select(changes.c.id, changes.c.seq).where(among_ids(changes.c.id, "ids"), changes.c.seq > 0)
_EXPECT = "INSERT OR IGNORE INTO awaited (seq, record) VALUES (?, ?)"


@dataclass(frozen=True)
class Wanted:
    """What to ask for next: these seqs, the newest first.

    Of the history they are all that is lacking of the stretch above `after` up to `below`; of the
    evidence, which lies scattered, `below` is 0.
    """

    seqs: Sequence[int]
    after: int = 0
    below: int = 0


NOTHING = Wanted(())


def begin(connection: Connection, seq: int, head: bytes) -> None:
    """A snapshot stands: all that lies at or below it is to come, if it is not here."""
    place.write(connection, _BELOW, str(seq).encode())
    place.write(connection, _HEAD, head)
    held = select(changes.c.seq).where(changes.c.seq.is_not(None))
    connection.execute(delete(awaited).where(awaited.c.seq.in_(held)))


def expect(connection: Connection, behind: Iterable[tuple[int, str]]) -> None:
    """Sets that stand behind guarded fields, each with a record whose fields they are."""
    expected = list(behind)
    if expected:
        connection.exec_driver_sql(_EXPECT, expected)


def forget(connection: Connection) -> None:
    """Another snapshot is taken in: what was expected of the last is expected no longer."""
    connection.execute(delete(awaited))


def below(connection: Connection) -> int:
    """At and below which seq the history is still to come; 0 when all is here."""
    return int(place.read_text(connection, _BELOW) or 0)


def whole_above(connection: Connection) -> tuple[int, bytes]:
    """Above which seq nothing is lacking, and the journal's head there: where a walk through it begins."""
    seq = below(connection)
    return seq, (place.read(connection, _HEAD) or bytes(32)) if seq else bytes(32)


def lacking(connection: Connection) -> int:
    """How many sets of the past are to come; 1 at least until the last head has come out right."""
    last = below(connection)
    if not last or place.read(connection, _DOUBTED):
        return last
    held = select(func.count()).select_from(changes).where(changes.c.seq.between(1, last))
    return max(last - int(connection.scalar(held) or 0), 1)


def unproven(connection: Connection, accounts: Collection[str]) -> set[str]:
    """Accounts that may not go on a payment list yet: a signed set behind one, or behind her who
    is paid there, has not come."""
    keys = [("account", account) for account in accounts]
    found = rows.load(connection, keys)
    people = {key: str(cells["person"].value) for key, cells in found.items() if "person" in cells}
    paid = rows.load(connection, [("person", person) for person in people.values()])
    behind: dict[str, set[int]] = {}
    for key, cells in found.items():
        seqs = {seq for cell in cells.values() for seq in cell.behind}
        cell = paid.get(("person", people.get(key, "")), {}).get("receiving_account")
        if cell is not None and cell.value == key[1]:
            seqs.update(cell.behind)
        behind[key[1]] = {seq for seq in seqs if seq > 0}
    here = _held(connection, set().union(*behind.values()))
    return {account for account, seqs in behind.items() if not seqs <= here}


def _held(connection: Connection, seqs: Collection[int]) -> set[int]:
    return set(connection.scalars(_HELD, {"seqs": listed(seqs)}))


def wanted(connection: Connection, count: int) -> Wanted | None:
    """What to ask for next, at most so many sets; None when all is here."""
    newest = select(awaited.c.seq).distinct().order_by(awaited.c.seq.desc()).limit(count)
    evidence = connection.scalars(newest).all()
    if evidence:
        return Wanted(evidence)
    last = below(connection)
    if not last:
        return None
    is_doubted = place.read(connection, _DOUBTED)
    seqs = list(islice(range(last, 0, -1) if is_doubted else _missing(connection, last), count))
    return Wanted(seqs, seqs[-1] - 1 if len(seqs) == count else 0, last)


def _missing(connection: Connection, below: int) -> Iterator[int]:
    """Seqs from `below` down whose sets are not here."""
    held = select(changes.c.seq).where(changes.c.seq.between(1, below)).order_by(changes.c.seq.desc())
    expected = below
    with connection.execute(held, execution_options={"yield_per": _PAGE}) as found:
        for seq in found.scalars():
            yield from range(expected, seq, -1)
            expected = seq - 1
    yield from range(expected, 0, -1)


def keep(connection: Connection, asked: Wanted, entries: Sequence[Outline], head: bytes) -> None:
    """Keep the first of the sets asked for. Refusal("sync.history") when they do not fit what stands here.

    `head`: what the journal's was below the stretch that they close (`reached`).
    """
    is_in_order = [entry.seq for entry in entries] == list(asked.seqs[: len(entries)])
    if not is_in_order or _stand_elsewhere(connection, entries):
        raise Refusal("sync.history", seq=asked.seqs[0] if asked.seqs else asked.below)
    if not asked.below:
        _require_borne_out(connection, entries)
    _write(connection, entries)
    connection.execute(_COME, {"seqs": listed([entry.seq for entry in entries])})
    if asked.below:
        after = reached(asked, len(entries))
        is_all = len(entries) == asked.below - after
        lines = ((e.seq, e.id, e.verdicts) for e in reversed(entries)) if is_all else None
        _close(connection, lines or _lines(connection, after, asked.below), (after, asked.below), head)


def _stand_elsewhere(connection: Connection, entries: Sequence[Outline]) -> bool:
    """Whether one of the sets comes twice, or is held at another seq."""
    seqs = {entry.id: entry.seq for entry in entries}
    held = connection.execute(_STANDING_OF, {"ids": listed([each.hex() for each in seqs])})
    return len(seqs) < len(entries) or any(row.seq != seqs[row.id] for row in held)


def reached(asked: Wanted, count: int) -> int:
    """Down to which seq the stretch is whole once the first `count` of its lacking sets have come."""
    return asked.after if count == len(asked.seqs) else asked.seqs[count - 1] - 1 if count else asked.below


def _require_borne_out(connection: Connection, entries: Sequence[Outline]) -> None:
    """Each set writes in every record that awaits it, and what stands where a cell names it."""
    awaiting: dict[int, set[str]] = {entry.seq: set() for entry in entries}
    for seq, record in connection.execute(select(awaited).where(awaited.c.seq.in_(awaiting))):
        awaiting[seq].add(record)
    sets = [(entry.seq, entry.signed.set) for entry in entries]
    keys = {key for _, found in sets for key in touched(found.edits()) if key[0] in records}
    standing = beneath.accepted_cells(connection, keys)
    for seq, found in sets:
        if not awaiting[seq] <= {edit.record for edit in found.edits()} or not _says(seq, found, standing):
            raise Refusal("sync.history", seq=seq)


def _says(seq: int, found: ChangeSet, standing: dict[RecordKey, Cells]) -> bool:
    said: dict[RecordKey, dict[str, set[Value]]] = {}
    for edit in found.edits():
        said.setdefault((edit.kind, edit.record), {}).setdefault(edit.field, set()).add(edit.new)
    return all(
        cell.value in values.get(name, ())
        for key, values in said.items()
        for name, cell in standing.get(key, {}).items()
        if seq in cell.behind
    )


def _write(connection: Connection, entries: Sequence[Outline]) -> None:
    """Their lines, in the place of others that were held at these seqs and are doubted."""
    if place.read(connection, _DOUBTED):
        _displace(connection, entries)
    unit.write_past(connection, entries)


def _lines(connection: Connection, after: int, below: int) -> Iterator[tuple[int, bytes, bytes]]:
    """Seq, id and verdicts of what is held of a stretch, upwards."""
    columns = (changes.c.seq, changes.c.id, changes.c.verdicts)
    lines = select(*columns).where(changes.c.seq.between(after + 1, below)).order_by(changes.c.seq)
    with connection.execute(lines, execution_options={"yield_per": _PAGE}) as stretch:
        yield from ((row.seq, row.id, row.verdicts) for row in stretch)


def _close(
    connection: Connection, lines: Iterable[tuple[int, bytes, bytes]], stretch: tuple[int, int], head: bytes
) -> None:
    """Move the mark down over a stretch that leads from the head below it to the head above it."""
    after, below = stretch
    found, last = head if after else bytes(32), after
    for seq, set_id, verdicts in lines:
        found, last = head_over(found, seq, set_id, verdicts), last + 1
    if last != below or found != place.read(connection, _HEAD):
        raise Refusal("sync.history", seq=below)
    place.write(connection, _BELOW, str(after).encode() if after else None)
    place.write(connection, _HEAD, head if after else None)
    if not after:
        place.write(connection, _DOUBTED, None)


def doubt(connection: Connection) -> None:
    """The chain did not close: ask for all that lies below the mark again, held or not."""
    place.write(connection, _DOUBTED, b"yes")


def _displace(connection: Connection, entries: Sequence[Outline]) -> None:
    """Sets that were held at these seqs and are others give their place up."""
    held = changes.c.seq.in_([entry.seq for entry in entries])
    known = changes.c.id.in_([entry.id for entry in entries])
    is_own = place.written_here(connection, changes.c.device)
    connection.execute(update(changes).where(held, known | is_own).values(seq=-changes.c.no))
    gone = select(changes.c.no).where(held)
    connection.execute(delete(touched_table).where(touched_table.c.change.in_(gone)))
    connection.execute(delete(changes).where(held))
