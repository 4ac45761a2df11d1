"""What stands: each cell's value with the sets behind it, and how a judged set moves it.

The centre and every replica run `settle` over the same entries in the same order, so
they hold the same cells (design/sync.md, rule 7). The digest proves it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import repeat
from json.encoder import encode_basestring

from app.domain.changes import Atom, Edit, Entry, On, Outcome, Verdict, canonical
from app.domain.ids import derived_id
from app.domain.records import Value

RecordKey = tuple[str, str]  # kind, record id
DIGEST_MODULUS = 1 << 256


@dataclass(frozen=True, slots=True)
class Cell:
    """A value and the sets that stand behind it: seqs; the local row number, negative, while one waits."""

    value: Value
    behind: tuple[int, ...]
    clock: int


Cells = dict[str, Cell]


@dataclass(frozen=True)
class Stretch:
    """Records of one kind as they stand, column by column: `values[name][at]` is of the record `ids[at]`.

    `behind` and `clock` are of the set behind most cells of each record; `odd`: by record, the cells
    behind which another stands; `empty`: cells that a set emptied. A cell without a value that is
    not among those never had one.
    """

    kind: str
    ids: Sequence[str]
    values: Mapping[str, Sequence[Value]]
    behind: Sequence[int]
    clock: Sequence[int]
    odd: Mapping[int, Mapping[str, tuple[tuple[int, ...], int]]]
    empty: Mapping[int, Sequence[str]]

    def cells(self, at: int) -> Cells:
        """One record, cell by cell."""
        usual, odd = ((self.behind[at],), self.clock[at]), self.odd.get(at, {})
        filled = {name: column[at] for name, column in self.values.items() if column[at] is not None}
        found = {name: Cell(value, *odd.get(name, usual)) for name, value in filled.items()}
        return found | {name: Cell(None, *odd.get(name, usual)) for name in self.empty.get(at, ())}


@dataclass
class Standing:
    """The records an entry may touch, in memory: loaded before, saved after, moved in between."""

    records: dict[RecordKey, Cells] = field(default_factory=dict)

    def cell(self, kind: str, record: str, name: str) -> Cell | None:
        """What stands in one cell, or None where nothing ever stood."""
        return self.records.get((kind, record), {}).get(name)

    def value(self, kind: str, record: str, name: str) -> Value:
        """The value that stands in one cell, None where none does."""
        found = self.cell(kind, record, name)
        return found.value if found is not None else None

    def put(self, kind: str, record: str, name: str, cell: Cell) -> None:
        """Let a cell stand."""
        self.records.setdefault((kind, record), {})[name] = cell


@dataclass(frozen=True, slots=True)
class Overwritten:
    """An ordinary value that did not stand: the set that brought it, its cell, the set that stands."""

    lost: int
    kind: str
    record: str
    field: str
    by: int


def settle(standing: Standing, entry: Entry) -> list[Overwritten]:
    """Move the cells by one entry's verdicts; returns the ordinary values that gave way."""
    behind = (entry.seq,)
    for number, (atom, verdict) in enumerate(_judged(entry)):
        match verdict.outcome:
            case Outcome.APPLIED:
                for edit in atom.edits:
                    cells = standing.records.setdefault((edit.kind, edit.record), {})
                    cells[edit.field] = Cell(edit.new, behind, verdict.clock)
            case Outcome.SAME:
                for edit in atom.edits:
                    _stand_beside(standing, edit, entry.seq, verdict)
            case Outcome.CONFLICT:
                _open_conflict(standing, entry, number, _subject(atom), verdict)
            case _:  # what is superseded or refused moves nothing
                pass
    return gave_way(entry)


def gave_way(entry: Entry) -> list[Overwritten]:
    """The ordinary values that did not stand by one entry: unseen ones that it replaced, or its own."""
    found: list[Overwritten] = []
    for atom, verdict in _judged(entry):
        if not verdict.sets:  # it replaced nothing unseen
            continue
        cells = [edit.cell for edit in atom.edits]
        if verdict.outcome is Outcome.APPLIED:
            found += [Overwritten(lost, *cell, entry.seq) for cell in cells for lost in verdict.sets]
        elif verdict.outcome is Outcome.SUPERSEDED:
            found += [Overwritten(entry.seq, *cells[0], by) for by in verdict.sets]
    return found


def _judged(entry: Entry) -> Iterator[tuple[Atom, Verdict]]:
    return zip(entry.signed.set.atoms, entry.verdicts, strict=True)


def _stand_beside(standing: Standing, edit: Edit, seq: int, verdict: Verdict) -> None:
    cell = standing.cell(*edit.cell)
    assert cell is not None
    behind = tuple(sorted({*cell.behind, seq}))
    standing.put(*edit.cell, Cell(cell.value, behind, max(cell.clock, verdict.clock)))


def conflict_id(set_id: str, atom: int) -> str:
    """Derived from the set and atom that opened it, so that every replica gives it the same."""
    return derived_id("conflict", set_id, str(atom))


def _subject(atom: Atom) -> str:
    """What a conflict is about; of a decision that met another, the record it decided."""
    return next((edit.record for edit in atom.edits if edit.kind != "conflict"), atom.edits[0].record)


def _open_conflict(standing: Standing, entry: Entry, atom: int, subject: str, verdict: Verdict) -> None:
    key = conflict_id(entry.signed.id, atom)
    values: dict[str, Value] = {
        "subject": subject,
        "seq": entry.seq,
        "atom": atom,
        "state": "open",
    }
    for name, value in values.items():
        standing.put("conflict", key, name, Cell(value, (entry.seq,), verdict.clock))


def touched(
    entry_or_atoms: Iterable[Edit], *, conflicts_of: str | None = None, atoms: int = 0
) -> set[RecordKey]:
    """The records that edits name, and the conflicts their set might open."""
    keys = {(edit.kind, edit.record) for edit in entry_or_atoms}
    if conflicts_of is not None:
        keys |= {("conflict", conflict_id(conflicts_of, atom)) for atom in range(atoms)}
    return keys


def record_digest(key: RecordKey, cells: Mapping[str, Cell]) -> int:
    """SHA-256 of a record's canonical form with the sets behind each field, as a number.

    Sets are named by seq: the journal's head binds each seq to its set's hash.
    A record without cells counts nothing.
    """
    if not cells:
        return 0
    # Written as `canonical` would, in less than half the time: whatever a set moves is summed up twice.
    said, ends = list[str](), dict[tuple[int, ...], str]()
    for name in sorted(cells):
        cell = cells[name]
        end = ends.get(cell.behind) or ends.setdefault(cell.behind, f",[{','.join(map(str, cell.behind))}]]")
        said.append(f"[{encode_basestring(name)},{_json(cell.value)}{end}")
    kind, record = map(encode_basestring, key)
    form = f"[{kind},{record},[{','.join(said)}]]"
    return int.from_bytes(hashlib.sha256(form.encode()).digest(), "big")


def stretch_digest(found: Stretch) -> int:
    """The sum of `record_digest` over many records: written column by column, a fifth of the work."""
    columns = [_all_json(f'["{name}",', column) for name, column in sorted(found.values.items())]
    special, total = found.odd.keys() | found.empty.keys(), 0
    rows = zip(*columns, strict=True) if columns else repeat((), len(found.ids))
    for at, (record, row) in enumerate(zip(found.ids, rows, strict=True)):
        if at in special:
            total += record_digest((found.kind, record), found.cells(at))
            continue
        behind = f",[{found.behind[at]}]]"
        cells = f"{behind},".join(filter(None, row))
        form = f'["{found.kind}",{encode_basestring(record)},[{cells}{behind}]]'
        total += int.from_bytes(hashlib.sha256(form.encode()).digest(), "big") if cells else 0
    return total % DIGEST_MODULUS


def _all_json(front: str, column: Sequence[Value]) -> list[str]:
    """Each as `canonical` writes it, behind what stands before it; empty for no value."""
    if set(map(type, column)) == {str}:  # nearly all are so: by C's own loop
        return [f"{front}{text}" for text in map(encode_basestring, column)]  # type: ignore[arg-type]
    return ["" if value is None else f"{front}{_json(value)}" for value in column]


def _json(value: Value) -> str:
    return encode_basestring(value) if isinstance(value, str) else canonical(value).decode()


def on_of(cell: Cell | None, waiting_id: Mapping[int, str]) -> On:
    """What an editor remembers of a cell when a form opens; `waiting_id` maps local numbers to set ids."""
    if cell is None or not cell.behind:
        return None
    last = cell.behind[-1]
    return last if last > 0 else waiting_id[last]
