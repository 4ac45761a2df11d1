"""Deciding conflicts: what a decision must say, and that people who decide apart lose nothing."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.changes import Atom, ChangeSet, Edit, Entry, On, Outcome, SignedSet, Verdict
from app.domain.decisions import contested, decision, needs_second, opening, wanted
from app.domain.judge import Past, judge
from app.domain.records import Value
from app.domain.standing import Cell, Standing, conflict_id, on_of, record_digest, settle
from tests.domain.approved import Centre, P

WHO = "a" * 32
CONFLICTS = ("conflict",)


@dataclass
class Journal:
    """A centre in memory: judged, settled, and what every set ever brought."""

    standing: Standing = field(default_factory=Standing)
    entries: list[Entry] = field(default_factory=list)
    numbers: count[int] = field(default_factory=lambda: count(1))

    def take(self, *atoms: Atom, clock: int = 500) -> tuple[Verdict, ...]:
        number = next(self.numbers)
        found = ChangeSet("C", "a", f"d{number}", 1, "", clock, "", atoms)
        verdicts = judge(
            found, self.standing, 1_000, Past(lambda _: None, self.atom_at, lambda _: "a"), lambda _: ""
        )
        self.entries.append(Entry(len(self.entries) + 1, SignedSet(found.body, b""), verdicts))
        settle(self.standing, self.entries[-1])
        return verdicts

    def atom_at(self, seq: int, place: int) -> Atom | None:
        atoms = self.entries[seq - 1].signed.set.atoms if 0 < seq <= len(self.entries) else ()
        return atoms[place] if place < len(atoms) else None

    def open(self) -> dict[str, int]:
        """Conflict → the seq behind its state."""
        return {
            record: cells["state"].behind[-1]
            for (kind, record), cells in self.standing.records.items()
            if kind == "conflict" and cells["state"].value == "open"
        }

    def on(self, name: str) -> On:
        return on_of(self.standing.cell("person", WHO, name), {})

    def value(self, name: str) -> Value:
        cell = self.standing.cell("person", WHO, name)
        return cell.value if cell else None

    def set_of(self, seq: int) -> str:
        return self.entries[seq - 1].signed.id


def edit(name: str, new: Value, on: On = None) -> Edit:
    return Edit("person", WHO, name, new, None, on)


def alone(name: str, new: Value, on: On = None) -> Atom:
    return Atom((edit(name, new, on),))


@pytest.fixture
def disputed() -> tuple[Journal, str]:
    """1: 1948. 2: 1949, laid on it. 3: 1950, laid on it unseen: a conflict."""
    journal = Journal()
    for new, on in (("1948", None), ("1949", 1), ("1950", 1)):
        journal.take(alone("birth", new, on))
    (conflict,) = journal.open()
    return journal, conflict


@pytest.mark.parametrize("chosen", ["1949", "1950", "1951-02-03"])
def test_a_decision_closes_the_conflict_with_the_value_decided(
    disputed: tuple[Journal, str], chosen: str
) -> None:
    journal, conflict = disputed
    (said,) = journal.take(decision({conflict: 3}, [edit("birth", chosen, 2)]))
    assert said.outcome == Outcome.APPLIED
    assert (journal.value("birth"), journal.open()) == (chosen, {})


def test_deciding_the_same_apart_stands_together(disputed: tuple[Journal, str]) -> None:
    journal, conflict = disputed
    for outcome in (Outcome.APPLIED, Outcome.SAME):
        (said,) = journal.take(decision({conflict: 3}, [edit("birth", "1950", 2)]))
        assert said.outcome == outcome
    cell = journal.standing.cell("person", WHO, "birth")
    assert cell
    assert cell.behind == (4, 5)


def test_deciding_otherwise_apart_is_a_conflict_that_people_decide(disputed: tuple[Journal, str]) -> None:
    journal, conflict = disputed
    journal.take(decision({conflict: 3}, [edit("birth", "1950", 2)]))
    (said,) = journal.take(decision({conflict: 3}, [edit("birth", "1949", 2)]))
    assert said.outcome == Outcome.CONFLICT
    assert journal.value("birth") == "1950"
    (again,) = journal.open()
    assert again == conflict_id(journal.set_of(5), 0)
    subject = journal.standing.cell("conflict", again, "subject")
    assert subject
    assert subject.value == WHO
    (said,) = journal.take(decision({again: 5}, [edit("birth", "1949", 4)]))
    assert (said.outcome, journal.value("birth"), journal.open()) == (Outcome.APPLIED, "1949", {})


def test_a_value_corrected_meanwhile_meets_the_decision(disputed: tuple[Journal, str]) -> None:
    journal, conflict = disputed
    journal.take(alone("birth", "1952", 2))
    (said,) = journal.take(decision({conflict: 3}, [edit("birth", "1950", 2)]))
    assert said.outcome == Outcome.CONFLICT
    assert journal.value("birth") == "1952"
    assert len(journal.open()) == 2
    (said,) = journal.take(decision(dict(journal.open()), [edit("birth", "1950", 4)]))
    assert (said.outcome, journal.open()) == (Outcome.APPLIED, {})


def test_three_apart_are_decided_at_once(disputed: tuple[Journal, str]) -> None:
    journal, _ = disputed
    journal.take(alone("birth", "1951", 1))
    both = dict(journal.open())
    assert len(both) == 2
    (said,) = journal.take(decision(both, [edit("birth", "1951", 2)]))
    assert (said.outcome, journal.open()) == (Outcome.APPLIED, {})


def test_a_decision_says_every_contested_cell_and_no_other(disputed: tuple[Journal, str]) -> None:
    journal, conflict = disputed
    named = Edit("conflict", conflict, "state", "decided", "open", 3)
    for edits, why in (
        ((named,), "undecided"),
        ((edit("birth", "1950", 2), edit("sex", "male"), named), "undecided"),
        ((edit("sex", "male"), named), "undecided"),
        ((edit("birth", "1950", 2), Edit("conflict", "f" * 32, "state", "decided")), "conflict"),
        ((edit("birth", "1950", 2), Edit("conflict", conflict, "state", "open", "open", 3)), "conflict"),
        ((edit("birth", "1950", 2), named, Edit("conflict", conflict, "atom", 1, 0, 3)), "conflict"),
        ((Edit("conflict", conflict, "subject", "b", WHO, 3),), "conflict"),
    ):
        (said,) = journal.take(Atom(edits))
        assert (said.outcome, said.why) == (Outcome.REFUSED, why)
    assert journal.open() == {conflict: 3}


def test_who_is_paid_where_is_not_decided_by_one(disputed: tuple[Journal, str]) -> None:
    journal, conflict = disputed
    pays = edit("receiving_account", "0" * 32)
    assert needs_second([pays])
    assert needs_second([edit("birth", "1950"), pays])
    assert not needs_second([edit("birth", "1950")])
    assert not needs_second([])
    (said,) = journal.take(decision({conflict: 3}, [edit("birth", "1950", 2), pays]))
    assert (said.outcome, said.why) == (Outcome.REFUSED, "approval")


def test_a_conflict_about_a_proposal_that_never_came_is_decided_for_nothing() -> None:
    """What proposed it and took it back was refused; that its author opens it again meets nothing."""
    centre = Centre()
    opens = Edit("proposal", P, "state", "open", "withdrawn", "f" * 64)
    assert centre.take("an", opens)[0].outcome == Outcome.CONFLICT
    conflict = conflict_id(centre.entries[0].signed.id, 0)
    answers, nothing = (
        decision({conflict: 1}, [Edit("proposal", P, "state", new)]) for new in ("refused", None)
    )
    assert centre.take("boss", answers)[0].why == "not_open"
    assert centre.take("boss", nothing)[0].outcome == Outcome.APPLIED
    assert centre.value("conflict", conflict, "state") == "decided"
    assert centre.value("proposal", P, "state") is None


@dataclass
class Hand:
    """An officer with the register as she last saw it."""

    seq: int = 0
    seen: dict[str, Cell] = field(default_factory=dict)
    open: dict[str, int] = field(default_factory=dict)


FIELDS = ("birth", "sex")
VALUES = {"birth": ("1948", "1949", "1950"), "sex": ("male", "female")}
steps = st.lists(
    st.tuples(st.integers(0, 2), st.sampled_from(("look", "edit", "both", "decide")), st.integers(0, 5)),
    max_size=40,
)


@given(steps)
def test_people_who_decide_apart_lose_nothing(steps: Sequence[tuple[int, str, int]]) -> None:
    journal = Journal()
    hands = [Hand() for _ in range(3)]
    for who, act, roll in steps:
        hand, name = hands[who], FIELDS[roll % 2]
        new = VALUES[name][roll % len(VALUES[name])]
        match act:
            case "look":
                cells = journal.standing.records.get(("person", WHO), {})
                hand.seen, hand.open = dict(cells), journal.open()
            case "edit":
                journal.take(alone(name, new, on_of(hand.seen.get(name), {})))
            case "both":
                cells_ = [edit(f, VALUES[f][roll % 2], on_of(hand.seen.get(f), {})) for f in FIELDS]
                journal.take(Atom(tuple(cells_)))
            case "decide" if hand.open:
                _decide(journal, hand, roll)
    _check(journal)


def _decide(journal: Journal, hand: Hand, roll: int) -> None:
    conflict = sorted(hand.open)[roll % len(hand.open)]
    seq = journal.standing.records["conflict", conflict]["seq"].value
    opened = journal.atom_at(int(seq or 0), 0)
    assert opened
    edits = [
        edit(each.field, VALUES[each.field][roll % 2], on_of(hand.seen.get(each.field), {}))
        for each in contested(opened)
    ]
    journal.take(decision({conflict: hand.open[conflict]}, edits))


def _check(journal: Journal) -> None:
    """Each atom stands, is in the conflict list, or was decided by a set in force that names its conflict."""
    replica, decided = Standing(), dict[str, int]()
    for entry in journal.entries:
        settle(replica, entry)
        (verdict,), (atom,) = entry.verdicts, entry.signed.set.atoms
        assert verdict.outcome != Outcome.REFUSED
        for named in atom.edits:
            if named.kind in CONFLICTS and verdict.outcome == Outcome.APPLIED:
                assert named.record not in decided, "decided twice unseen"
                decided[named.record] = entry.seq
    assert {key: record_digest(key, cells) for key, cells in replica.records.items()} == {
        key: record_digest(key, cells) for key, cells in journal.standing.records.items()
    }
    listed = journal.open()
    for entry in journal.entries:
        if entry.verdicts[0].outcome == Outcome.CONFLICT:
            key = conflict_id(entry.signed.id, 0)
            assert (key in listed) != (key in decided)
    assert len(listed) + len(decided) == sum(
        e.verdicts[0].outcome == Outcome.CONFLICT for e in journal.entries
    )


def test_of_an_approval_the_money_is_disputed_and_of_an_answer_the_proposal() -> None:
    """What an approval accepts still waits, and is no part of what people decide about it."""
    pays, proposal = edit("receiving_account", "0" * 32), "e" * 32
    accepted = [Edit("proposal", proposal, "state", "accepted"), Edit("proposal", proposal, "agreed", "1")]
    answered = (Edit("proposal", proposal, "state", "refused"), Edit("proposal", proposal, "answer", "no"))
    named = Edit("conflict", "f" * 32, "state", "decided")
    assert contested(Atom((pays, *accepted, named))) == (pays,)
    assert contested(Atom((*answered, named))) == answered


def test_a_conflict_is_about_the_atom_that_opened_it_and_of_half_a_conflict_nothing_is_known() -> None:
    journal, conflict = Journal(), "c" * 32
    journal.take(alone("birth", "1950"), alone("sex", "male"))
    for name, value in (("seq", 1), ("atom", 1)):
        assert opening(conflict, journal.standing, journal.atom_at) is None
        journal.standing.put("conflict", conflict, name, Cell(value, (1,), 1))
    assert opening(conflict, journal.standing, journal.atom_at) == alone("sex", "male")
    del journal.standing.records["conflict", conflict]["seq"]
    assert opening(conflict, journal.standing, journal.atom_at) is None


@pytest.mark.parametrize("words", ["", "{", "null", "7", "[7]", '[["person"]]', "[" * 100_000])
def test_words_that_are_none_decide_nothing(words: str) -> None:
    assert wanted(words) == ()


def test_words_that_name_no_record_are_asked_for_nowhere() -> None:
    """They are loaded at the centre by kind and record: a list, a number or half a letter would stop it."""
    odd: list[list[object]] = [[["person"], WHO, "name"], ["person", 7, "name"], ["person", "\ud800", "name"]]
    odd += [["ghost", WHO, "name"], ["person", WHO, "\0"], [{}, WHO, "name"]]
    assert wanted(json.dumps([[*cell, None, None] for cell in odd])) == ()
    assert len(wanted(json.dumps([["person", WHO, "name", None, None]]))) == 1
