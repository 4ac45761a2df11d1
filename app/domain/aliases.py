"""Two records for one person: one is joined to the other by an alias, and parted by emptying it.

Edits stay stored under the id they were signed for; who stands for whom is looked up, one step,
for an alias never points at an alias (design/sync.md, Two records for one person). A merge names
what it read: every guarded field and the aliases of both people.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from app.domain.changes import Atom, Edit, On, Read, canonical, is_cell
from app.domain.fitting import SEALED_LENGTH_MAX, fault_of
from app.domain.ids import derived_id
from app.domain.records import KINDS, PERSON, Merge
from app.domain.standing import Standing

ALIAS = "alias"
MERGE, UNMERGE = "merge", "unmerge"  # what a proposal of one is about
MERGING = (MERGE, UNMERGE)
_PERSON_READ = tuple(field.name for field in PERSON.fields if field.merge is not Merge.ORDINARY)
_ALIAS_READ = ("survivor", "why")


@dataclass(frozen=True)
class Seen:
    """A person's id with what stood behind her cells, and behind those of her alias, when they were read."""

    record: str
    on: Mapping[str, On]
    alias_on: Mapping[str, On]

    def reads(self) -> Iterator[Read]:
        """What a merge depends on: if any of it moved meanwhile, people look again."""
        yield from (Read("person", self.record, name, self.on.get(name)) for name in _PERSON_READ)
        yield from (Read(ALIAS, self.record, name, self.alias_on.get(name)) for name in _ALIAS_READ)


def shown(record: str, survivors: Mapping[str, str]) -> str:
    """Under whose id a person is shown: her own, or the survivor's."""
    return survivors.get(record, record)


def joining(survivor: Seen, other: Seen, why: str) -> Atom:
    """The atom that joins `other` to `survivor`; only an approving set of a second officer may hold it."""
    cells = {"survivor": survivor.record, "why": why}
    edits = tuple(
        Edit(ALIAS, other.record, name, value, on=other.alias_on.get(name)) for name, value in cells.items()
    )
    moved = {edit.cell for edit in edits}
    reads = (read for seen in (survivor, other) for read in seen.reads())
    return Atom(edits, tuple(read for read in reads if (read.kind, read.record, read.field) not in moved))


def parting(other: str, survivor: str, alias_on: Mapping[str, On], why: str) -> Atom:
    """The atom that undoes it: nothing was moved, so nothing else has to go back."""
    return Atom(
        (
            Edit(ALIAS, other, "survivor", None, survivor, alias_on.get("survivor")),
            Edit(ALIAS, other, "why", why, None, alias_on.get("why")),
        )
    )


def pair_id(one: str, other: str) -> str:
    """The id of what was judged of two people, the same on every laptop."""
    return derived_id("pair", *sorted((one, other)))


def pack(atoms: Iterable[Atom]) -> str:
    """Atoms as a proposal holds what it wants: reads that one set stands behind share a line."""
    return canonical([[_packed_edits(atom), list(_packed_reads(atom))] for atom in atoms]).decode()


def portions(atoms: Iterable[Atom], room: int = SEALED_LENGTH_MAX) -> Iterator[list[Atom]]:
    """The atoms in order, in as many portions as it takes for each to be packed into the room of a field."""
    portion, taken = list[Atom](), 0
    for atom in atoms:
        length = len(pack([atom]))
        if portion and taken + length > room:
            yield portion
            portion, taken = [], 0
        portion.append(atom)
        taken += length
    if portion:
        yield portion


def unpack(wants: str) -> tuple[Atom, ...]:
    """The atoms that a proposal of merges wants; none where its words are no such thing.

    One pair an atom, nobody in two as who goes: a page that lists pairs shows all that would move.
    """
    try:
        atoms = tuple(_unpacked(edits, reads) for edits, reads in json.loads(wants))
    except (ValueError, TypeError, AttributeError, RecursionError):
        return ()
    return atoms if len({edit.record for atom in atoms for edit in atom.edits}) == len(atoms) else ()


def _unpacked(edits: list[list[Any]], reads: list[list[Any]]) -> Atom:
    atom = Atom(
        tuple(Edit(kind, record, name, new, None, on) for kind, record, name, new, on in edits),
        tuple(Read(kind, record, name, on) for kind, record, on, names in reads for name in names.split()),
    )
    if not _is_pair(atom.edits) or not all(is_cell(read) and read.kind in KINDS for read in atom.reads):
        raise ValueError
    return atom


def _is_pair(edits: tuple[Edit, ...]) -> bool:
    """Who stands for one person, and why: no less, and nothing of another. ValueError for two or for none."""
    is_sound = all(is_cell(edit) and fault_of(edit.kind, edit.field, edit.new) is None for edit in edits)
    (record,) = {edit.record for edit in edits}
    return is_sound and [edit.cell for edit in edits] == [(ALIAS, record, name) for name in _ALIAS_READ]


def pairs_in(wants: str) -> list[tuple[str, str]]:
    """(survivor, other) of every merge that a proposal wants."""
    edits = (edit for atom in unpack(wants) for edit in atom.edits)
    return [(str(edit.new), edit.record) for edit in edits if edit.field == "survivor"]


def _packed_edits(atom: Atom) -> list[list[object]]:
    return [[edit.kind, edit.record, edit.field, edit.new, edit.on] for edit in atom.edits]


def _packed_reads(atom: Atom) -> Iterator[list[object]]:
    def line(read: Read) -> tuple[str, str, str]:
        return read.kind, read.record, str(read.on)

    for _line, group in groupby(sorted(atom.reads, key=line), key=line):
        reads = list(group)
        yield [reads[0].kind, reads[0].record, reads[0].on, " ".join(read.field for read in reads)]


def is_joined(person: str, standing: Standing) -> bool:
    """Whether somebody else stands for this person."""
    cell = standing.cell(ALIAS, person, "survivor")
    return cell is not None and cell.value is not None


@dataclass(frozen=True)
class Ends:
    """Both ends of every alias that stands or that one set would make."""

    joined: frozenset[str]
    survivors: frozenset[str]

    @classmethod
    def of(cls, standing: Standing, edits: Iterable[Edit]) -> Ends:
        """The aliases in `standing` (all of the commune's are there), as `edits` would leave them."""
        aliases = {
            record: str(cells["survivor"].value)
            for (kind, record), cells in standing.records.items()
            if kind == ALIAS and "survivor" in cells and cells["survivor"].value is not None
        }
        joined, survivors = set(aliases), set(aliases.values())
        for edit in edits:
            if (edit.kind, edit.field) == (ALIAS, "survivor") and edit.new is not None:
                joined.add(edit.record)
                survivors.add(str(edit.new))
        return cls(frozenset(joined), frozenset(survivors))


def fault_of_alias(atom: Atom, ends: Ends) -> bool:
    """Whether an atom would let an alias point at an alias, or at itself."""
    return any(
        edit.record in ends.survivors or edit.new in ends.joined
        for edit in atom.edits
        if (edit.kind, edit.field) == (ALIAS, "survivor") and edit.new is not None
    )
