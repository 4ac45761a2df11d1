"""An approving atom: what it holds, and every way in which it is none. Each fault with its own reason."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import approval
from app.domain.approval import agreed, approving, gather, is_approval
from app.domain.changes import Atom, Edit, On, Outcome, Read, Verdict, canonical
from app.domain.decisions import contested
from app.domain.errors import Refusal
from app.domain.proposals import wanted
from app.domain.records import Value
from app.domain.standing import Cell, RecordKey, Standing, on_of
from tests.domain.approved import (
    ACCOUNT,
    HER,
    OTHER,
    SECOND,
    WHOLE,
    Centre,
    P,
    fresh,
    on,
    pays,
    proposal,
)


def test_it_puts_exactly_what_was_proposed_in_force(centre: Centre) -> None:
    atom = centre.approving()
    assert {edit.cell: edit.new for edit in atom.edits} == {
        ("person", HER, "receiving_account"): ACCOUNT,
        ("proposal", P, "state"): "accepted",
        ("proposal", P, "agreed"): agreed(P, centre.standing),
    }
    assert {(read.kind, read.field) for read in atom.reads} == {
        *(("person", name) for name in ("name", "birth", "personal_id")),
        *(("alias", "survivor"), ("account", "person"), ("proposal", "wants")),
    }
    assert centre.take("boss", atom)[0].outcome == Outcome.APPLIED
    assert centre.value("person", HER, "receiving_account") == ACCOUNT


@pytest.mark.parametrize("author", ["an", "lan"])
def test_nobody_who_signed_any_of_it_approves(centre: Centre, author: str) -> None:
    """Who wrote the person may; who wrote the proposal, the account or is named in it may not."""
    verdict = centre.approve(author)
    assert verdict.why == ("same_officer" if author == "an" else "")


def test_who_wrote_the_account_or_is_named_approves_no_more_than_its_proposer(centre: Centre) -> None:
    centre.take("cuc", *fresh("account", SECOND, WHOLE))
    centre.take("an", *proposal(pays(SECOND), record="f" * 32, proposer="dao"))
    for author in ("an", "cuc", "dao"):
        assert centre.approve(author, "f" * 32).why == "same_officer"
    assert centre.approve("boss", "f" * 32).outcome == Outcome.APPLIED


def test_a_set_that_has_not_come_may_be_anybodys(centre: Centre) -> None:
    def nobody(_seq: int) -> str:
        return ""

    fault = approval.fault_of_approval(centre.approving(), "boss", centre.standing, nobody, has_moved=False)
    assert fault == "unknown_officer"


Bend = Callable[[Atom], Atom]


def edits(change: Callable[[list[Edit]], list[Edit]]) -> Bend:
    return lambda atom: Atom(tuple(change(list(atom.edits))), atom.reads)


BENT: dict[str, tuple[Bend, str]] = {
    "another account": (edits(lambda e: [replace(e[0], new=SECOND), *e[1:]]), "wants"),
    "another person": (edits(lambda e: [replace(e[0], record=OTHER), *e[1:]]), "wants"),
    "one thing more": (edits(lambda e: [*e, Edit("person", HER, "name", "x", "Lan", 1)]), "wants"),
    "a proposal unknown": (
        edits(lambda e: [e[0], *(replace(each, record="9" * 32) for each in e[1:])]),
        "wants",
    ),
    "no seal": (edits(lambda e: e[:2]), "approval"),
    "no state": (edits(lambda e: [e[0], e[2]]), "approval"),
    "no effect": (edits(lambda e: e[1:]), "approval"),
    "no proposal": (edits(lambda e: e[:1]), "approval"),
    "two proposals": (edits(lambda e: [*e[:2], replace(e[2], record="9" * 32)]), "approval"),
    "its answer too": (edits(lambda e: [*e, Edit("proposal", P, "answer", "yes")]), "approval"),
    "refused at once": (edits(lambda e: [e[0], replace(e[1], new="refused"), e[2]]), "approval"),
    "an empty seal": (edits(lambda e: [*e[:2], replace(e[2], new=None)]), "approval"),
    "another seal": (edits(lambda e: [*e[:2], replace(e[2], new="0" * 64)]), "digest"),
    "another old": (edits(lambda e: [replace(e[0], old=SECOND), *e[1:]]), "digest"),
    "nothing read": (lambda atom: Atom(atom.edits), "unread"),
    "one thing not read": (lambda atom: Atom(atom.edits, atom.reads[1:]), "unread"),
}


@pytest.mark.parametrize("how", BENT)
def test_an_atom_that_is_no_approval(centre: Centre, how: str) -> None:
    bend, why = BENT[how]
    bent = bend(centre.approving())
    assert is_approval(bent)
    assert (verdict := centre.take("boss", bent)[0]).outcome == Outcome.REFUSED
    assert verdict.why == why
    assert centre.value("person", HER, "receiving_account") is None


MOVES: dict[str, Edit] = {
    "her name": Edit("person", HER, "name", "Lan Anh", "Lan", 1),
    "her birth": Edit("person", HER, "birth", "1952", "1951", 1),
    "her number": Edit("person", HER, "personal_id", "014151000123"),
}


@pytest.mark.parametrize("what", MOVES)
def test_what_moved_meanwhile_opens_a_conflict(centre: Centre, what: str) -> None:
    atom = centre.approving()
    centre.take("lan", MOVES[what])
    assert centre.take("boss", atom)[0].outcome == Outcome.CONFLICT
    assert centre.value("proposal", P, "state") == "open"
    assert contested(atom) == atom.edits[:1]  # people decide about the money; the proposal still waits
    assert centre.approve().outcome == Outcome.APPLIED


def test_another_account_came_in_force_meanwhile(centre: Centre) -> None:
    centre.take("an", *fresh("account", SECOND, WHOLE), *proposal(pays(SECOND), record="f" * 32))
    early = centre.approving()
    centre.approve("boss", "f" * 32)
    assert centre.take("chief", early)[0].outcome == Outcome.CONFLICT
    assert centre.approve().outcome == Outcome.APPLIED
    assert centre.value("person", HER, "receiving_account") == ACCOUNT


def test_the_account_in_force_is_part_of_what_is_agreed_to(centre: Centre) -> None:
    before = agreed(P, centre.standing)
    centre.take("an", *fresh("account", SECOND, WHOLE), *proposal(pays(SECOND), record="f" * 32))
    centre.approve("boss", "f" * 32)
    assert agreed(P, centre.standing) != before


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ({**WHOLE, "person": OTHER}, "account"),
        ({name: value for name, value in WHOLE.items() if name != "number"}, "account"),
        ({}, "account"),
    ],
)
def test_an_account_of_somebody_else_or_not_whole(cells: dict[str, Value], why: str) -> None:
    centre = Centre()
    centre.take("lan", *fresh("person", HER, {"name": "Lan"}))
    centre.take("an", *fresh("account", ACCOUNT, cells), *proposal(pays(ACCOUNT)))
    assert centre.approve().why == why


@pytest.mark.parametrize(
    "words",
    [
        "{}",
        "[]",
        "[[1]]",
        "nonsense",
        pays("x"),
        pays(ACCOUNT, "zz"),
        pays(ACCOUNT, -1),
        '[["person",1,"x",null,null]]',
    ],
)
def test_words_that_want_nothing(words: str) -> None:
    for subject in ("account", "decision", "merge", "unmerge"):
        centre = Centre()
        centre.take("an", *proposal(words, subject))
        assert wanted(P, centre.standing) is None
        agreed(P, centre.standing)
        with pytest.raises(Refusal, match=r"approval\.unsound"):
            centre.approving()


@pytest.mark.parametrize(
    "cells",
    [
        [["person", HER, "receiving_account", ACCOUNT, None]],
        [["person", HER, "phone", "0912000111", None], ["person", HER, "receiving_account", ACCOUNT, None]],
        [["alias", HER, "survivor", OTHER, None]],
        [["conflict", "c" * 32, "state", "decided", None]],
        [["entitlement", "e" * 32, "amount", 540_000, None]],
        [["person", HER, "phone", "0912000111", None], ["person", HER, "phone", "0912000222", None]],
        [],
    ],
)
def test_what_no_survey_finds_out(centre: Centre, cells: list[list[Value]]) -> None:
    """Who is paid where, who is whom, what is owed to her: none of it comes in force by a form."""
    centre.take("an", *proposal(json.dumps(cells), "survey", "8" * 32))
    assert wanted("8" * 32, centre.standing) is None
    paying = Edit("person", HER, "receiving_account", ACCOUNT)
    own = Edit("proposal", "8" * 32, "state", "accepted", "open", 3)
    agreeing = Edit("proposal", "8" * 32, "agreed", agreed("8" * 32, centre.standing))
    assert centre.take("boss", Atom((paying, own, agreeing)))[0].outcome == Outcome.REFUSED


def test_an_account_or_a_proposal_is_written_whole_by_one_set(centre: Centre) -> None:
    for edit in (Edit("account", ACCOUNT, "payee_name", "x"), Edit("proposal", P, "person", OTHER)):
        assert centre.take("an", edit)[0].why == "once"
    assert centre.take("lan", Edit("proposal", P, "agreed", "0" * 64))[0].why == "approval"


# Answers


def test_refused_by_another_and_taken_back_by_its_proposer(centre: Centre) -> None:
    def answer(author: str, new: str, old: str = "open", seen: On = 2) -> Verdict:
        return centre.take(author, Edit("proposal", P, "state", new, old, seen))[0]

    assert answer("an", "refused").why == "same_officer"
    assert answer("boss", "withdrawn").why == "proposer"
    assert answer("an", "withdrawn").outcome == Outcome.APPLIED
    taken_back = len(centre.entries)
    assert centre.take("boss", centre.approving())[0].why == "not_open"
    assert answer("boss", "refused", "withdrawn", taken_back).why == "not_open"
    assert answer("boss", "open", "withdrawn", taken_back).why == "proposer"
    assert answer("an", "withdrawn").outcome == Outcome.SAME
    assert answer("an", "open", "withdrawn", taken_back).outcome == Outcome.APPLIED
    assert answer("boss", "refused", "open", len(centre.entries)).outcome == Outcome.APPLIED
    for author in ("an", "boss", "lan"):
        assert answer(author, "open", "refused", len(centre.entries)).why == "not_open"
    assert centre.take("lan", Edit("proposal", "9" * 32, "state", "refused"))[0].why == "not_open"


def test_nobody_makes_anothers_proposal_hers_by_opening_it_once_more(centre: Centre) -> None:
    """Who stands behind its state may take it back, and would stand for the hand that wrote it."""
    for author, laid_on, why in (("chief", 2, "proposer"), ("chief", None, "proposer"), ("an", 2, "")):
        verdict = centre.take(author, Edit("proposal", P, "state", "open", "open", laid_on))[0]
        assert verdict.why == why
    unopened = fresh("proposal", "f" * 32, {"person": HER, "subject": "account", "wants": pays(ACCOUNT)})
    centre.take("service", *unopened)
    assert centre.take("an", Edit("proposal", "f" * 32, "state", "open"))[0].why == "proposer"
    assert centre.take("service", Edit("proposal", "f" * 32, "state", "open"))[0].why == ""


def test_two_who_approve_alike_both_stand_behind_it(centre: Centre) -> None:
    one, other = centre.approving(), centre.approving()
    assert centre.take("boss", one)[0].outcome == Outcome.APPLIED
    assert centre.take("chief", other)[0].outcome == Outcome.SAME
    stands = centre.standing.cell("person", HER, "receiving_account")
    assert stands
    assert stands.behind == (3, 4)


def test_an_approval_laid_on_an_answer_that_never_came_in_force_is_for_people(centre: Centre) -> None:
    """At her laptop an earlier approval still waited; the centre refused it (seed 13835 of the schedules)."""
    screen = deepcopy(centre.standing)
    screen.records["proposal", P]["agreed"] = Cell("0" * 64, (-7,), 9)
    atom = approving(P, screen, lambda cell: on_of(cell, {-7: "f" * 64}))
    assert centre.take("boss", atom)[0].outcome == Outcome.CONFLICT


# Everything


def test_gathering_stops_and_loads_all(centre: Centre) -> None:
    centre.take("an", *fresh("account", SECOND, WHOLE), *proposal(pays(SECOND), record="f" * 32))
    centre.approve("boss", "f" * 32)
    loaded = Standing()

    def load(keys: set[RecordKey]) -> None:
        loaded.records.update(
            {key: centre.standing.records[key] for key in keys if key in centre.standing.records}
        )

    gather(P, loaded, load)
    assert approving(P, loaded, on) == centre.approving()
    assert ("account", SECOND) in loaded.records


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["person", "proposal", "account", "alias", "conflict"]),
            st.sampled_from([HER, P, ACCOUNT, "9" * 32]),
            st.sampled_from(["state", "agreed", "wants", "receiving_account", "survivor", "name"]),
            st.sampled_from(["accepted", "open", "0" * 64, ACCOUNT, None, "[]"]),
        ),
        min_size=1,
        max_size=4,
    ),
    st.booleans(),
)
def test_it_is_total(cells: list[tuple[str, str, str, str | None]], has_moved: bool) -> None:
    made = Centre()
    made.take("an", *fresh("account", ACCOUNT, WHOLE), *proposal(pays(ACCOUNT)))
    atom = Atom(tuple(Edit(*cell) for cell in cells), (Read("person", HER, "name"),))
    assert isinstance(
        approval.fault_of_approval(atom, "boss", made.standing, made.author_of, has_moved=has_moved), str
    )


RESTORED = canonical({"from": "m1", "made": "2026-11-28T09:00:00+00:00", "waiting": 3}).decode()


def _restored(centre: Centre, wants: str = RESTORED) -> str:
    record = "9" * 32
    said: dict[str, Value] = {"subject": "restore", "wants": wants, "proposer": "an", "state": "open"}
    centre.take("an", *fresh("proposal", record, said))
    return record


def test_a_restored_laptop_is_confirmed_by_another_and_puts_nothing_in_force(centre: Centre) -> None:
    record = _restored(centre)
    assert centre.approve("an", record).why == "same_officer"
    assert centre.approve("boss", record).outcome == Outcome.APPLIED
    assert centre.value("proposal", record, "state") == "accepted"
    assert centre.value("person", HER, "receiving_account") is None


@pytest.mark.parametrize("wants", ["[]", "{}", '{"from":"m1","made":1}'])
def test_words_that_say_no_such_thing_are_confirmed_by_nobody(centre: Centre, wants: str) -> None:
    record = _restored(centre, wants)
    with pytest.raises(Refusal, match=r"approval\.unsound"):
        centre.approving(record)
