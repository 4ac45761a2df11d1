"""The rules of judging, one situation a test (design/sync.md, Judging)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.changes import Atom, ChangeSet, Edit, Entry, On, Outcome, Read, SignedSet, Verdict
from app.domain.judge import Past, judge
from app.domain.records import Value
from app.domain.standing import Cell, Standing, record_digest, settle
from tests.domain.test_changes import sets

NOW = 1_000
IDS = {"seen": 3, "newer": 7}


def nowhere(_seq: int, _place: int) -> None:
    """No conflict was ever opened."""


PAST = Past(IDS.get, nowhere, lambda _: "a")


def anybody(_atom: Atom) -> str:
    """Whoever wrote it may."""
    return ""


def nobody(_atom: Atom) -> str:
    """Its author has left."""
    return "standing"


def verdict(atom: Atom | Edit, standing: Standing, clock: int = 900) -> Verdict:
    atom = atom if isinstance(atom, Atom) else Atom((atom,))
    found = ChangeSet("c", "a", "d", 1, "", clock, "", (atom,))
    return judge(found, standing, NOW, PAST, anybody)[0]


def standing(**cells: Cell) -> Standing:
    return Standing({("person", "p"): dict(cells)})


def edit(name: str, new: Value, on: On = None) -> Edit:
    return Edit("person", "p", name, new, None, on)


def test_nobody_changed_it_meanwhile() -> None:
    stands = standing(birth=Cell("1948", (3,), 500), phone=Cell("0388", (3,), 500))
    for on in (3, "seen"):
        assert verdict(edit("birth", "1949", on), stands).outcome == Outcome.APPLIED
        assert verdict(edit("phone", "0389", on), stands).outcome == Outcome.APPLIED


def test_same_value_apart_stands_with_both_behind_it() -> None:
    stands = standing(birth=Cell("1949", (7,), 500), phone=Cell("0389", (7,), 500))
    assert verdict(edit("birth", "1949", 3), stands).outcome == Outcome.SAME
    assert verdict(edit("phone", "0389", 3), stands).outcome == Outcome.SAME


def test_guarded_value_apart_is_a_conflict_whatever_the_clocks() -> None:
    stands = standing(birth=Cell("1949", (7,), 500))
    for clock in (1, 999, 1 << 50):
        assert verdict(edit("birth", "1950", 3), stands, clock).outcome == Outcome.CONFLICT


def test_ordinary_value_apart_goes_by_the_effective_clock() -> None:
    stands = standing(phone=Cell("0389", (7,), 500))
    later, earlier = (
        verdict(edit("phone", "0390", 3), stands, 501),
        verdict(edit("phone", "0390", 3), stands, 499),
    )
    assert (later.outcome, later.sets) == (Outcome.APPLIED, (7,))
    assert (earlier.outcome, earlier.sets) == (Outcome.SUPERSEDED, (7,))
    assert (
        verdict(edit("phone", "0390", 3), stands, 500).outcome == Outcome.SUPERSEDED
    )  # equal: what stands stays


def test_a_clock_set_to_2099_wins_nothing() -> None:
    assert verdict(edit("phone", "0390", None), standing(), 1 << 60).clock == NOW


def test_later_than_what_its_author_saw_however_slow_her_clock() -> None:
    stands = standing(phone=Cell("0389", (3,), 950))
    assert verdict(edit("phone", "0390", 3), stands, 10).clock == 951


def test_laid_on_a_value_that_never_came_in_force() -> None:
    stands = standing(birth=Cell("1948", (3,), 500))
    assert verdict(edit("birth", "1950", "lost"), stands).outcome == Outcome.CONFLICT
    assert verdict(edit("birth", "1950", "lost"), standing()).outcome == Outcome.CONFLICT


def test_once_is_once() -> None:
    account = Standing({("account", "x"): {"number": Cell("190123", (3,), 500)}})
    again = Edit("account", "x", "number", "190124", "190123", 3)
    assert verdict(again, account).why == "once"
    assert verdict(Edit("account", "x", "number", "190123"), account).outcome == Outcome.SAME
    assert verdict(Edit("account", "x", "holder", "LO THI PANH"), account).why == "once"  # whole, by one set
    assert verdict(Edit("consent", "x", "wording", "x"), Standing()).outcome == Outcome.APPLIED


@pytest.mark.parametrize("on", [None, 3, "seen"])
def test_no_set_puts_an_account_in_force(on: On) -> None:
    account = "0" * 32
    pays = edit("receiving_account", account, on)
    accepts = Edit("proposal", "q", "state", "accepted", "open", on)
    for atom in (Atom((pays,)), Atom((accepts,)), Atom((accepts, pays)), Atom((edit("note", "x"), pays))):
        assert verdict(atom, standing()).outcome == Outcome.REFUSED


def test_what_an_atom_only_read_counts() -> None:
    stands = standing(birth=Cell("1948", (3,), 500), sex=Cell("female", (7,), 500))
    atom = Atom((edit("birth", "1949", 3),), (Read("person", "p", "sex", 3),))
    assert verdict(atom, stands).outcome == Outcome.CONFLICT


def test_atom_stands_or_falls_together() -> None:
    stands = standing(birth=Cell("1948", (3,), 500), sex=Cell("female", (7,), 500))
    atom = Atom((edit("birth", "1949", 3), edit("sex", "male", 3)))
    assert verdict(atom, stands).outcome == Outcome.CONFLICT


def test_whole_set_is_refused_for_standing_or_a_bad_value() -> None:
    found = ChangeSet(
        "c", "a", "d", 1, "", 5, "", (Atom((edit("phone", "0388"),)), Atom((edit("birth", "x"),)))
    )
    for fault_of_author, why in ((anybody, "not_date"), (nobody, "standing")):
        said = judge(found, standing(), NOW, PAST, fault_of_author)
        assert [(v.outcome, v.why) for v in said] == [(Outcome.REFUSED, why)] * 2


@given(sets, st.integers(0, 1 << 60))
def test_total_on_any_set_and_its_verdicts_settle(found: ChangeSet, received: int) -> None:
    said = judge(found, Standing(), received, Past(lambda _: None, nowhere, lambda _: ""), anybody)
    assert len(said) == len(found.atoms)
    stands = Standing()
    settle(stands, Entry(1, SignedSet(found.body, b""), said))
    assert all(record_digest(key, cells) for key, cells in stands.records.items())
