"""What a proposal's words want, whom they are about, and which words want nothing."""

from __future__ import annotations

import json

import pytest

from app.domain.aliases import Ends, fault_of_alias, pack, pairs_in, parting, unpack
from app.domain.changes import Atom, Edit, Read
from app.domain.proposals import (
    ACCEPTED,
    OPEN,
    REFUSED,
    WITHDRAWN,
    Matter,
    Wanted,
    matter,
    parts_another,
    restored,
    wanted,
)
from app.domain.records import Value, field_of
from app.domain.standing import Cell, Standing

P, HER, HIM, ELSE, ACCOUNT, FORMER = ("1" * 32, "2" * 32, "3" * 32, "4" * 32, "5" * 32, "6" * 32)


def said(subject: str, wants: str, person: str | None = HER) -> Standing:
    standing = Standing()
    words: dict[str, Value] = {"subject": subject, "wants": wants, "person": person}
    for name, value in words.items():
        standing.put("proposal", P, name, Cell(value, (1,), 1))
    return standing


def joins(other: str, survivor: str) -> Atom:
    return Atom(
        (Edit("alias", other, "survivor", survivor), Edit("alias", other, "why", "twice")),
        (Read("person", survivor, "name", 1),),
    )


def test_a_proposal_stands_in_one_of_the_four_states_that_its_record_declares() -> None:
    declared = field_of("proposal", "state")
    assert declared is not None
    states = (OPEN, ACCEPTED, REFUSED, WITHDRAWN)
    assert set(declared.choices) == set(states) == {"open", "accepted", "refused", "withdrawn"}


PAYS = ["person", HER, "receiving_account", ACCOUNT, 3]


def test_an_account_is_one_cell_of_the_person_named() -> None:
    found = wanted(P, said("account", json.dumps([PAYS])))
    assert found == Wanted((Edit("person", HER, "receiving_account", ACCOUNT, None, 3),))
    assert (found.accounts, found.paid) == ({HER: ACCOUNT}, (HER,))
    parted = Wanted((Edit("person", HER, "receiving_account", None),))
    assert (parted.accounts, parted.paid) == ({}, (HER,))


@pytest.mark.parametrize(
    "cells",
    [
        [],
        [["person", HER, "name", "Lan", 3]],
        [["person", HER, "receiving_account", None, 3]],
        [PAYS, PAYS],
        [["person", HIM, "receiving_account", ACCOUNT, 3]],
        [[*PAYS[:3], "no id", 3]],
        [[*PAYS[:4], 0]],
        [PAYS, ["person", HER, "name", 7, 3]],
        [PAYS[:4]],
        [7],
        7,
    ],
)
def test_other_words_want_no_account(cells: object) -> None:
    assert wanted(P, said("account", json.dumps(cells))) is None


@pytest.mark.parametrize("words", ["", "{", "[" * 100_000, "null"])
@pytest.mark.parametrize("subject", ["account", "decision", "restore", "merge", "unmerge", "", "other"])
def test_words_that_are_none_want_nothing(subject: str, words: str) -> None:
    assert wanted(P, said(subject, words)) is None
    assert wanted(P, Standing()) is None
    assert restored(words) == {}


DECIDES, HOLDS = ["conflict", ELSE, "state", "decided", 3], ["person", HER, "name", "Lan", 1]


def test_one_cell_that_is_none_makes_all_words_none() -> None:
    for odd in (
        ["ghost", HER, "name", "Lan", 1],
        ["person", HER, "name", 7, 1],
        ["person", "x", "name", "Lan", 1],
        ["person", HER, "name", "Lan", 0],
        ["person", HER, "name", "Lan"],
    ):
        for cells in ([odd, HOLDS, DECIDES], [HOLDS, DECIDES, odd]):
            assert wanted(P, said("decision", json.dumps(cells))) is None


def test_a_decision_names_conflicts_and_what_their_cells_hold() -> None:
    found = wanted(P, said("decision", json.dumps([HOLDS, DECIDES])))
    assert found is not None
    assert [edit.cell for edit in found.edits] == [("person", HER, "name"), ("conflict", ELSE, "state")]
    other = ["conflict", HIM, "state", "open", 3]
    for cells in (
        [HOLDS],
        [DECIDES],
        [HOLDS, DECIDES, other],
        [HOLDS, DECIDES, ["proposal", P, "answer", "x", 1]],
    ):
        assert wanted(P, said("decision", json.dumps(cells))) is None


def test_a_merge_joins_everybody_to_the_person_named() -> None:
    both = [joins(HIM, HER), joins(ELSE, HER)]
    found = wanted(P, said("merge", pack(both)))
    assert found == Wanted(
        tuple(edit for atom in both for edit in atom.edits), (Read("person", HER, "name", 1),)
    )
    assert wanted(P, said("merge", pack(both), None)) == found
    assert wanted(P, said("merge", pack([joins(HIM, HER), joins(ELSE, HIM)]))) is None
    assert wanted(P, said("unmerge", pack(both))) is None
    part = parting(ELSE, HER, {"survivor": 3}, "two sisters")
    assert wanted(P, said("merge", pack([joins(HIM, HER), part]))) is None
    assert wanted(P, said("unmerge", pack([joins(HIM, HER), part]))) is None
    assert wanted(P, said("unmerge", pack([part]))) is not None
    assert pairs_in(pack(both)) == [(HER, HIM), (HER, ELSE)]
    assert unpack(pack(both)) == tuple(both)


def test_what_is_written_is_not_read_besides() -> None:
    chain = [joins(HIM, HER), Atom(joins(ELSE, HER).edits, (Read("alias", HIM, "survivor", 1),))]
    found = wanted(P, said("merge", pack(chain)))
    assert found is not None
    assert found.reads == (Read("person", HER, "name", 1),)


def test_parting_is_from_the_person_named_alone() -> None:
    parts = [parting(each, HER, {"survivor": 3}, "no") for each in (HIM, ELSE)]
    for person, stands, is_another in (
        (HER, {HIM: HER, ELSE: HER}, False),
        (HER, {HIM: HER, ELSE: FORMER}, True),
        (HER, {HIM: FORMER, ELSE: HER}, True),
        (None, {HIM: HER, ELSE: HER}, True),
    ):
        standing = said("unmerge", pack(parts), person)
        for record, survivor in stands.items():
            standing.put("alias", record, "survivor", Cell(survivor, (3,), 1))
        found = wanted(P, standing)
        assert found is not None
        assert parts_another(P, found, standing) is is_another
        standing.put("proposal", P, "subject", Cell("merge", (1,), 1))
        assert not parts_another(P, found, standing)


def test_a_proposal_that_names_nobody_parts_nobody_not_even_where_nobody_is_joined() -> None:
    standing = said("unmerge", pack([parting(HIM, HER, {}, "two sisters")]), None)
    found = wanted(P, standing)
    assert found is not None
    assert parts_another(P, found, standing)


def test_whom_and_what_it_is_about() -> None:
    standing = said("account", json.dumps([PAYS]))
    standing.put("person", HER, "receiving_account", Cell(FORMER, (1,), 1))
    found = wanted(P, standing)
    assert found is not None
    about = matter(found, standing)
    assert about == Matter((HER,), (ACCOUNT, FORMER), frozenset({("person", HER)}))
    assert about.keys() == {("person", HER), ("alias", HER), ("account", ACCOUNT), ("account", FORMER)}


def test_a_merge_is_about_everybody_whom_it_joins_or_parts() -> None:
    standing = said("merge", pack([joins(HIM, HER)]))
    standing.put("alias", HIM, "survivor", Cell(ELSE, (1,), 1))
    found = wanted(P, standing)
    assert found is not None
    others = frozenset({("alias", HIM), ("person", HER)})
    assert matter(found, standing) == Matter((HER, HIM, ELSE), (), others)


def test_an_alias_joins_nobody_who_is_joined_and_nobody_to_herself() -> None:
    standing = Standing()
    standing.put("alias", HIM, "survivor", Cell(HER, (1,), 1))
    standing.put("alias", FORMER, "survivor", Cell(None, (1,), 1))
    standing.put("person", ACCOUNT, "survivor", Cell(P, (1,), 1))
    more = [*joins(ELSE, HER).edits, Edit("person", P, "name", "x"), Edit("alias", P, "survivor", None)]
    ends = Ends.of(standing, more)
    assert ends == Ends(frozenset({HIM, ELSE}), frozenset({HER}))
    assert fault_of_alias(joins(HER, FORMER), ends)
    assert fault_of_alias(joins(FORMER, HIM), ends)
    assert not fault_of_alias(joins(FORMER, HER), ends)
    assert not fault_of_alias(parting(HIM, HER, {}, "no"), ends)
    assert not fault_of_alias(parting(HER, HIM, {}, "others are joined to her"), ends)
    assert not fault_of_alias(Atom((Edit("person", HER, "name", HIM),)), ends)
    assert not fault_of_alias(Atom((Edit("alias", HER, "why", HIM),)), ends)
