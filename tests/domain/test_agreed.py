"""What an approver agrees to, to the letter; and who may, of all who had a hand in it."""

from __future__ import annotations

import hashlib
import json

import pytest

from app.domain.aliases import joining, pack, parting
from app.domain.approval import agreed, approved, approving, fault_of_approval, is_approval, proposers
from app.domain.changes import Atom, Edit, Outcome, canonical
from app.domain.errors import Refusal
from app.domain.records import KINDS, Value
from app.domain.standing import Cell, Standing
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
    seen,
)

Q, THIRD = "f" * 32, "8" * 32
EVIDENCE = '{"how":"vietqr"}'


@pytest.fixture
def centre() -> Centre:
    made = Centre()
    people = [each for who in (HER, OTHER) for each in fresh("person", who, {"name": "Lan", "birth": "1951"})]
    made.take("lan", *people, *fresh("person", OTHER, {"personal_id": "010151000123"}))
    made.take("an", *fresh("account", ACCOUNT, WHOLE), *proposal(pays(ACCOUNT)))
    return made


def joins(centre: Centre) -> Atom:
    """The second person stands for the first."""
    return joining(seen(centre, OTHER), seen(centre, HER), "twice")


def digest_of(*shown: object) -> str:
    return hashlib.sha256(canonical(["soansinh.approval.1", *shown])).hexdigest()


def whole(account: str, cells: dict[str, Value] = WHOLE) -> list[Value]:
    return [account, *(cells.get(field.name) for field in KINDS["account"].fields)]


def test_of_an_account_she_agrees_to_person_accounts_evidence_and_proposer(centre: Centre) -> None:
    wants = pays(ACCOUNT)
    her = [[HER, "Lan", None, "1951"]]
    said = [HER, "account", wants, EVIDENCE, "an"]
    assert agreed(P, centre.standing) == digest_of(P, said, her, [whole(ACCOUNT)], [[HER, None]])
    centre.approve("boss")
    second = {**WHOLE, "number": "12610001999"}
    wants = pays(SECOND, 3)
    centre.take("cuc", *fresh("account", SECOND, second), *proposal(wants, record=Q, proposer="cuc"))
    both = [whole(ACCOUNT), whole(SECOND, second)]
    said = [HER, "account", wants, EVIDENCE, "cuc"]
    assert agreed(Q, centre.standing) == digest_of(Q, said, her, both, [[HER, ACCOUNT]])


def test_of_a_survey_she_agrees_to_what_stands_in_its_place(centre: Centre) -> None:
    cells = [["person", HER, "birth", "1952", 1], ["person", HER, "phone", "0912345678", None]]
    wants = json.dumps(cells)
    centre.take("an", *proposal(wants, "survey", Q))
    said = [HER, "survey", wants, EVIDENCE, "an"]
    stands = [["person", HER, "birth", "1951"], ["person", HER, "phone", None]]
    her = [[HER, "Lan", None, "1951"]]
    assert agreed(Q, centre.standing) == digest_of(Q, said, her, [], [], stands)
    centre.take("lan", *fresh("person", HER, {"phone": "0900000999"}))
    moved = [stands[0], ["person", HER, "phone", "0900000999"]]
    assert agreed(Q, centre.standing) == digest_of(Q, said, her, [], [], moved)


def test_of_a_decision_about_two_people_both_are_shown_in_order(centre: Centre) -> None:
    cells = [["person", who, "receiving_account", ACCOUNT, None] for who in (OTHER, HER)]
    wants = json.dumps([*cells, ["conflict", "7" * 32, "state", "decided", 3]])
    centre.take("an", *proposal(wants, "decision", Q))
    people = [[HER, "Lan", None, "1951"], [OTHER, "Lan", "010151000123", "1951"]]
    said = [HER, "decision", wants, EVIDENCE, "an"]
    paid = [[HER, None], [OTHER, None]]
    assert agreed(Q, centre.standing) == digest_of(Q, said, people, [whole(ACCOUNT)], paid)


def test_of_words_that_want_nothing_there_is_nothing_to_show(centre: Centre) -> None:
    centre.take("an", *proposal("[]", "account", Q))
    assert agreed(Q, centre.standing) == digest_of(Q, [HER, "account", "[]", EVIDENCE, "an"], [], [], [])
    with pytest.raises(Refusal) as refused:
        approving(Q, centre.standing, on)
    assert refused.value.code == "approval.unsound"


def test_an_approval_names_each_cell_once_by_writing_or_by_reading_it(centre: Centre) -> None:
    centre.take("an", *proposal(pack([joins(centre)]), "merge", Q, person=OTHER))
    for atom in (centre.approving(), centre.approving(Q)):
        named = [edit.cell for edit in atom.edits] + [(r.kind, r.record, r.field) for r in atom.reads]
        assert len(named) == len(set(named))


# What only a second officer may write


def test_a_second_officer_is_asked_for_money_aliases_and_acceptance_alone() -> None:
    asked = (
        Edit("person", HER, "receiving_account", ACCOUNT),
        Edit("alias", HER, "survivor", OTHER),
        Edit("proposal", P, "state", "accepted"),
        Edit("proposal", P, "agreed", "0" * 64),
    )
    unasked = (
        Edit("person", HER, "name", "Lan"),
        Edit("proposal", P, "state", "refused"),
        Edit("proposal", P, "answer", "accepted"),
        Edit("conflict", P, "state", "accepted"),
        Edit("entitlement", P, "agreed", "0" * 64),
        Edit("nothing", HER, "name", "Lan"),
    )
    assert all(is_approval(Atom((edit,))) for edit in asked)
    assert not any(is_approval(Atom((edit,))) for edit in unasked)
    assert is_approval(Atom((unasked[0], asked[0])))


def test_nobody_is_parted_from_another_than_the_proposal_names(centre: Centre) -> None:
    centre.take("lan", *fresh("person", THIRD, {"name": "Mỷ"}))
    centre.take("an", *proposal(pack([joins(centre)]), "merge", Q, person=OTHER))
    assert centre.approve("boss", Q).outcome == Outcome.APPLIED
    part = parting(HER, OTHER, seen(centre, HER).alias_on, "two sisters")
    for at, (named, why) in enumerate(((THIRD, "wants"), (None, "wants"), (OTHER, ""))):
        record = f"{at}" * 32
        centre.take("an", *proposal(pack([part]), "unmerge", record, person=named))
        assert centre.approve("boss", record).why == why
    assert centre.value("alias", HER, "survivor") is None


def test_accepting_without_saying_what_was_shown_accepts_nothing(centre: Centre) -> None:
    bare = Atom((Edit("proposal", P, "state", "accepted", "open", 2),))
    assert centre.take("boss", bare)[0].why == "approval"
    assert centre.value("proposal", P, "state") == "open"


def test_an_atom_that_says_anything_twice_accepts_nothing(centre: Centre) -> None:
    atom = centre.approving()
    assert approved(atom) == P
    assert approved(Atom((*atom.edits, atom.edits[-1]), atom.reads)) == ""
    paid_twice = Atom((atom.edits[0], *atom.edits), atom.reads)
    fault = fault_of_approval(paid_twice, "boss", centre.standing, centre.author_of, has_moved=False)
    assert fault == "wants"


def test_her_proposer_does_not_stand_behind_it_by_approving_what_another_approved(centre: Centre) -> None:
    atom = centre.approving()
    assert centre.take("boss", atom)[0].outcome == Outcome.APPLIED
    assert centre.take("an", atom)[0].why == "same_officer"
    stands = centre.standing.cell("person", HER, "receiving_account")
    assert stands
    assert stands.behind == (len(centre.entries) - 1,)


# Whose hands were in it


def test_nobody_opens_what_another_began(centre: Centre) -> None:
    begun = [atom for atom in proposal(pays(ACCOUNT), record=Q) if atom.edits[0].field != "state"]
    centre.take("an", *begun)
    assert centre.take("boss", Edit("proposal", Q, "state", "open"))[0].why == "proposer"
    assert centre.take("an", Edit("proposal", Q, "state", "open"))[0].outcome == Outcome.APPLIED
    assert proposers(Q, centre.standing, centre.author_of) == {"an"}


@pytest.mark.parametrize("name", ["person", "subject", "wants", "evidence", "proposer", "state"])
def test_whoever_wrote_a_word_of_it_has_a_hand_in_it(name: str) -> None:
    standing = Standing()
    for atom in proposal(pays(ACCOUNT)):
        edit = atom.edits[0]
        standing.put(*edit.cell, Cell(edit.new, (2 if edit.field == name else 1,), 9))
    assert proposers(P, standing, {1: "an", 2: "bo"}.__getitem__) == {"an", "bo"}


def test_a_proposal_whose_account_never_came_can_be_refused(centre: Centre) -> None:
    centre.take("an", *proposal(pays("9" * 32), record=Q))
    assert centre.approve("boss", Q).why == "account"
    refused = Edit("proposal", Q, "state", "refused", "open", len(centre.entries) - 1)
    assert centre.take("boss", refused)[0].outcome == Outcome.APPLIED


@pytest.mark.parametrize("name", ["kind", "provider", "number", "holder", "person"])
def test_nobody_is_paid_to_an_account_that_leaves_something_out(name: str) -> None:
    for cells in ({**WHOLE, name: None}, {key: value for key, value in WHOLE.items() if key != name}):
        made = Centre()
        made.take("lan", *fresh("person", HER, {"name": "Lan"}))
        made.take("an", *fresh("account", ACCOUNT, cells), *proposal(pays(ACCOUNT)))
        assert made.approve().why == "account"


def test_what_moved_meanwhile_is_looked_at_again_where_nothing_was_wanted(centre: Centre) -> None:
    """A restored laptop's news puts nothing in force, so nobody else can have done so meanwhile."""
    words = canonical({"from": "m1", "made": "2026-11-28T09:00:00+00:00"}).decode()
    centre.take("an", *proposal(words, "restore", Q, person=None))
    atom = centre.approving(Q)
    assert fault_of_approval(atom, "boss", centre.standing, centre.author_of, has_moved=True) == ""
    assert fault_of_approval(atom, "boss", centre.standing, centre.author_of, has_moved=False) == ""
    assert approving(Q, Standing(centre.standing.records), on) == atom
