"""Two laptops apart join, part and edit the same people: no alias points at an alias, in any order."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.aliases import (
    Ends,
    Seen,
    fault_of_alias,
    joining,
    pack,
    pair_id,
    pairs_in,
    parting,
    portions,
    shown,
    unpack,
)
from app.domain.approval import approving
from app.domain.changes import Atom, ChangeSet, Edit, Entry, On, Outcome, SignedSet, Verdict
from app.domain.judge import Past, judge
from app.domain.records import PERSON, Merge
from app.domain.standing import Cell, Standing, on_of, record_digest, settle, touched

PEOPLE = ("a" * 32, "b" * 32, "c" * 32)
A, B, C = PEOPLE


@dataclass
class Centre:
    """The journal, and what stands after it."""

    standing: Standing = field(default_factory=Standing)
    journal: list[Entry] = field(default_factory=list)

    def take(self, *atoms: Atom, by: str = "an") -> tuple[Verdict, ...]:
        seq = len(self.journal) + 1
        found = ChangeSet("C", by, "d", seq, "", seq, "", atoms)
        for key in touched(found.edits()):
            self.standing.records.setdefault(key, {})
        past = Past(lambda _: None, lambda *_: None, lambda seq: self.journal[seq - 1].signed.set.author)
        verdicts = judge(found, self.standing, 1 << 40, past, lambda _: "")
        entry = Entry(seq, SignedSet(found.body, b""), verdicts)
        settle(self.standing, entry)
        self.journal.append(entry)
        return verdicts

    def approve(self, *merges: Atom) -> tuple[Verdict, ...]:
        """Each proposed by one officer, all approved by another."""
        proposals = [f"{len(self.journal) + 1:030x}{at:02x}" for at in range(len(merges))]
        for proposal, merge in zip(proposals, merges, strict=True):
            joins = merge.edits[0].new is not None
            says = {"subject": "merge" if joins else "unmerge", "wants": pack([merge]), "state": "open"}
            says["person"] = str(merge.edits[0].new if joins else merge.edits[0].old)
            self.take(*(Atom((Edit("proposal", proposal, *each),)) for each in says.items()))
        return self.take(*(approving(p, self.standing, lambda c: on_of(c, {})) for p in proposals), by="binh")

    def seen(self, record: str) -> Seen:
        return Seen(record, self._on("person", record), self._on("alias", record))

    def _on(self, kind: str, record: str) -> dict[str, On]:
        return {name: cell.behind[-1] for name, cell in self.standing.records.get((kind, record), {}).items()}

    def survivors(self) -> dict[str, str]:
        cells = {r: self.standing.cell("alias", r, "survivor") for r in PEOPLE}
        return {record: str(cell.value) for record, cell in cells.items() if cell and cell.value}

    def copy(self) -> Centre:
        return Centre(
            Standing({key: dict(cells) for key, cells in self.standing.records.items()}), [*self.journal]
        )

    def digests(self) -> dict[tuple[str, str], int]:
        return {key: record_digest(key, cells) for key, cells in self.standing.records.items() if cells}


def commune() -> Centre:
    centre = Centre()
    known = {"name": "x", "phone": "0388"}
    centre.take(*(Atom((Edit("person", who, *each),)) for who in PEOPLE for each in known.items()))
    return centre


def named(centre: Centre, who: str, name: str, cell: str = "name") -> Atom:
    return Atom((Edit("person", who, cell, name, "x", centre.seen(who).on.get(cell)),))


def join(centre: Centre, other: str, survivor: str) -> Atom:
    return joining(centre.seen(survivor), centre.seen(other), "twice in the workbook")


def test_without_a_second_officer_nobody_is_joined() -> None:
    centre = commune()
    (verdict,) = centre.take(join(centre, A, B))
    assert (verdict.outcome, verdict.why) == (Outcome.REFUSED, "approval")


def test_a_merge_depends_on_every_guarded_value_of_both() -> None:
    guarded = [f.name for f in PERSON.fields if f.merge is not Merge.ORDINARY]
    for who in (A, B):
        for name in guarded:
            centre = commune()
            merge = join(centre, A, B)
            centre.standing.put("person", who, name, Cell("1950", (9,), 9))
            assert centre.approve(merge)[0].outcome == Outcome.CONFLICT
            assert centre.survivors() == {}
    centre = commune()
    merge = join(centre, A, B)
    centre.take(named(centre, A, "0399", "phone"))
    assert centre.approve(merge)[0].outcome == Outcome.APPLIED
    assert shown(A, centre.survivors()) == B


def test_a_merge_depends_on_who_stood_for_either_of_them() -> None:
    centre = commune()
    early = join(centre, A, B)
    for who in (B, A):  # joined to somebody else and parted again, since it was written
        centre.approve(join(centre, who, C))
        centre.approve(parting(who, C, centre.seen(who).alias_on, "no"))
        assert centre.survivors() == {}
        assert centre.approve(early)[0].outcome == Outcome.CONFLICT
        early = join(centre, A, B)
    assert centre.approve(early)[0].outcome == Outcome.APPLIED  # laid on what stands now


def test_a_merge_names_each_cell_once_by_writing_or_by_reading_it() -> None:
    merge = join(commune(), A, B)
    named = [edit.cell for edit in merge.edits] + [(r.kind, r.record, r.field) for r in merge.reads]
    assert len(named) == len(set(named))


def test_an_alias_never_points_at_an_alias() -> None:
    centre = commune()
    each_other, after, before = join(centre, B, A), join(centre, B, C), join(centre, C, A)
    assert centre.approve(join(centre, A, B))[0].outcome == Outcome.APPLIED
    for chain in (each_other, after, before, join(centre, B, C), join(centre, C, A)):
        verdict = centre.approve(chain)[0]
        assert (verdict.outcome, verdict.why) == (Outcome.REFUSED, "alias")
    fresh = commune()
    both = (join(fresh, A, B), join(fresh, B, C))
    assert {verdict.why for verdict in fresh.approve(*both)} == {"alias"}
    assert fault_of_alias(join(fresh, A, A), Ends.of(fresh.standing, join(fresh, A, A).edits))


def test_a_guarded_edit_to_somebody_joined_opens_a_conflict() -> None:
    centre = commune()
    centre.approve(join(centre, A, B))
    seen_all = named(centre, A, "y")
    assert centre.take(seen_all)[0].outcome == Outcome.CONFLICT
    assert centre.take(named(centre, A, "x"))[0].outcome == Outcome.SAME
    assert centre.take(named(centre, A, "0399", "phone"))[0].outcome == Outcome.APPLIED
    assert centre.take(named(centre, B, "y"))[0].outcome == Outcome.APPLIED
    centre.approve(parting(A, B, centre.seen(A).alias_on, "two sisters"))
    assert centre.survivors() == {}
    assert centre.take(named(centre, A, "y"))[0].outcome == Outcome.APPLIED


def test_two_who_join_one_person_apart_meet() -> None:
    centre = commune()
    same, other_way = join(centre, A, B), join(centre, A, C)
    centre.approve(join(centre, A, B))
    assert centre.approve(same)[0].why == "in_force"
    assert centre.approve(other_way)[0].outcome == Outcome.CONFLICT
    assert centre.survivors() == {A: B}


OPS = st.one_of(
    st.tuples(st.just("join"), st.sampled_from(PEOPLE), st.sampled_from(PEOPLE)).filter(
        lambda op: op[1] != op[2]
    ),
    st.tuples(st.just("part"), st.sampled_from(PEOPLE), st.just("")),
    st.tuples(st.just("edit"), st.sampled_from(PEOPLE), st.sampled_from(("y", "z"))),
)


def atom_of(view: Centre, op: tuple[str, str, str]) -> Atom | None:
    what, who, whom = op
    if what == "join":
        return join(view, who, whom)
    if what == "edit":
        return named(view, who, whom)
    survivor = view.survivors().get(who)
    return parting(who, survivor, view.seen(who).alias_on, "undo") if survivor else None


def take(centre: Centre, atom: Atom) -> tuple[Verdict, ...]:
    return centre.approve(atom) if atom.edits[0].kind == "alias" else centre.take(atom)


@given(st.lists(OPS, max_size=2), st.lists(OPS, max_size=4), st.lists(OPS, max_size=4), st.randoms())
def test_whatever_two_laptops_do_apart(
    before: list[tuple[str, str, str]],
    one: list[tuple[str, str, str]],
    other: list[tuple[str, str, str]],
    order: object,
) -> None:
    centre = commune()
    for op in before:
        atom = atom_of(centre, op)
        if atom is not None:
            take(centre, atom)
    # Each laptop writes upon what it knew when the link broke.
    queues = [[atom_of(centre, op) for op in ops] for ops in (one, other)]
    while any(queues):
        queue = order.choice([queue for queue in queues if queue])  # type: ignore[attr-defined]
        atom = queue.pop(0)
        if atom is None:
            continue
        joined = set(centre.survivors())
        (verdict,) = take(centre, atom)
        survivors = centre.survivors()
        assert not survivors.keys() & set(survivors.values())
        assert all(shown(shown(who, survivors), survivors) == shown(who, survivors) for who in PEOPLE)
        edit = atom.edits[0]
        if edit.kind == "person" and edit.record in joined:
            assert verdict.outcome in (Outcome.CONFLICT, Outcome.SAME)
    again = Standing()
    for entry in centre.journal:  # a replica that reads the journal later holds the same
        settle(again, entry)
    assert Centre(again).digests() == centre.digests()


def test_what_a_proposal_wants_is_kept_whole_and_small() -> None:
    centre = commune()
    atoms = (join(centre, A, B), join(centre, C, B))
    read = unpack(pack(atoms))
    assert [set(atom.reads) for atom in read] == [set(atom.reads) for atom in atoms]
    assert [atom.edits for atom in read] == [
        tuple(replace(edit, old=None) for edit in atom.edits) for atom in atoms
    ]
    assert pairs_in(pack(atoms)) == [(B, A), (B, C)]


def test_a_proposal_holds_what_its_field_has_room_for() -> None:
    centre = commune()
    atoms = [join(centre, A, B), join(centre, C, B), join(centre, A, C)]
    room = len(pack(atoms[:2])) + 1
    parts = list(portions(atoms, room))
    assert [len(part) for part in parts] == [2, 1]
    assert all(len(pack(part)) <= room for part in parts)
    assert [atom for part in parts for atom in part] == atoms
    assert list(portions(atoms)) == [atoms]
    assert [len(part) for part in portions([*atoms, atoms[0]], room)] == [2, 2]
    assert [len(part) for part in portions(atoms, 1)] == [1, 1, 1]  # what fits nowhere goes alone
    assert list(portions([])) == []


HIDDEN: dict[str, list[object]] = {
    "two in one atom": [[["alias", A, "survivor", B, 1], ["alias", C, "survivor", B, 1]], []],
    "why first": [[["alias", A, "why", "x", 1], ["alias", A, "survivor", B, 1]], []],
    "nothing": [[], []],
    "an odd record": [[["alias", "\ud800", "survivor", B, 1], ["alias", "\ud800", "why", "x", 1]], []],
    "an odd base": [[["alias", A, "survivor", B, "zz"], ["alias", A, "why", "x", 1]], []],
    "names that are none": [
        [["alias", A, "survivor", B, 1], ["alias", A, "why", "x", 1]],
        [["person", A, 1, 7]],
    ],
    "an odd read": [
        [["alias", A, "survivor", B, 1], ["alias", A, "why", "x", 1]],
        [["person", A, "zz", "name"]],
    ],
    "a survivor that is nobody": [[["alias", A, "survivor", "x", 1], ["alias", A, "why", "x", 1]], []],
    "a reason that is no text": [[["alias", A, "survivor", B, 1], ["alias", A, "why", 7, 1]], []],
    "an odd kind": [[["alias", A, "survivor", B, 1], ["alias", A, "why", "x", 1]], [["ghost", A, 1, "x"]]],
}


@pytest.mark.parametrize("how", HIDDEN)
def test_words_that_hold_more_than_a_page_of_pairs_shows(how: str) -> None:
    assert unpack(json.dumps([HIDDEN[how]])) == ()


def test_words_without_end_want_nothing() -> None:
    assert unpack("[" * 100_000) == ()


def test_what_one_set_stands_behind_is_packed_on_one_line() -> None:
    guarded = [f.name for f in PERSON.fields if f.merge is not Merge.ORDINARY]
    one, other = (Seen(who, {name: at % 2 + 1 for at, name in enumerate(guarded)}, {}) for who in (A, B))
    merge = joining(one, other, "twice in the workbook")
    ((_edits, reads),) = json.loads(pack([merge]))
    assert len(merge.reads) > 10
    lines = [(kind, record, on) for kind, record, on, _names in reads]
    assert len(lines) == len(set(lines))
    assert set(lines) == {(read.kind, read.record, read.on) for read in merge.reads}


def test_nobody_goes_twice() -> None:
    pair = [[["alias", A, "survivor", B, 1], ["alias", A, "why", "x", 1]], []]
    assert len(unpack(json.dumps([pair]))) == 1
    assert unpack(json.dumps([pair, pair])) == ()


JSON = st.recursive(
    st.none() | st.integers() | st.text(max_size=3), lambda j: st.lists(j, max_size=4), max_leaves=9
)


@given(JSON.map(json.dumps) | st.text(max_size=9))
def test_other_words_want_nothing(words: str) -> None:
    assert unpack(words) == ()
    assert pairs_in(words) == []


@given(JSON)
def test_judging_an_alias_is_total(value: object) -> None:
    edit = Edit("alias", A, "survivor", value)  # type: ignore[arg-type]
    assert commune().take(Atom((edit,)))[0].outcome == Outcome.REFUSED


def test_a_pair_has_one_id_from_either_side_and_on_laptops_of_every_year() -> None:
    assert pair_id(A, B) == "c868cc4c4e527a11aef1ccfd1420853a"
    assert pair_id(A, B) == pair_id(B, A) != pair_id(A, C)
