"""The second pair of eyes at real vaults and a centre: who may answer, and what it depends on."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.actions import approvals, duplicates
from app.actions.accounts import Enrolment, enrol
from app.actions.approvals import Shown
from app.actions.desk import Desk
from app.actions.duplicates import Merge
from app.actions.people import Ending, add_person, end_person
from app.domain.changes import Atom, Edit, canonical, lone
from app.domain.dates import PartialDate
from app.domain.errors import Refusal
from app.domain.proposals import PROPOSAL
from app.domain.records import Value
from app.store import dossier, queries, twins, unit
from app.store.approvals import ground
from app.store.contest import open_contests
from app.store.opened import open_record
from app.store.proofs import Proof
from app.store.tables import changes, records
from app.store.throttle import Moment
from tests.desks import PASSWORD, enrolled
from tests.offices import Commune, approve, change, shown, value


@pytest.fixture
def lan(office: Commune) -> str:
    return add_person(office.desks[0], {"name": "Lò Thị Lan", "birth": "1951"}, "add")


@pytest.fixture
def boss(office: Commune) -> Desk:
    """Who may approve, at the second laptop."""
    return office.approver(office.desks[1])


def proposals(desk: Desk) -> list[str]:
    with desk.vault.read() as connection:
        return list(
            connection.scalars(records["proposal"].select().with_only_columns(records["proposal"].c.id))
        )


def state(desk: Desk, proposal: str) -> object:
    with desk.vault.read() as connection:
        opened = open_record(connection, PROPOSAL, proposal)
    assert opened
    return opened.values["state"]


def proposed(office: Commune, lan: str) -> str:
    first, second = office.desks
    enrolled(first, lan, "LO THI LAN")
    office.sync(first, second)
    (proposal,) = proposals(first)
    return proposal


def standing(desk: Desk, lan: str) -> list[str]:
    with desk.vault.read() as connection:
        whole = dossier.person(connection, lan)
    assert whole
    return [whole.row.account, *(account.standing for account in whole.accounts)]


def test_another_officer_puts_an_account_in_force_and_the_centre_agrees(
    office: Commune, lan: str, boss: Desk
) -> None:
    first, second = office.desks
    proposal = proposed(office, lan)
    assert standing(second, lan) == ["proposed", "proposed"]
    approve(boss, proposal)
    assert standing(second, lan) == ["approved", "approved"]  # it waits for the centre
    office.sync(second, first)
    for desk in office.desks:
        assert standing(desk, lan) == ["in_force", "in_force"]
        assert state(desk, proposal) == "accepted"


def test_both_at_one_laptop_before_any_sync(office: Commune, lan: str) -> None:
    first, second = office.desks
    enrolled(first, lan, "LO THI LAN")
    (proposal,) = proposals(first)
    approve(office.approver(first), proposal)
    office.sync(first, second)
    assert standing(second, lan) == ["in_force", "in_force"]


def test_nobody_approves_her_own(office: Commune, lan: str) -> None:
    first, _ = office.desks
    boss = office.approver(first)
    enrolled(boss, lan, "LO THI LAN")
    (proposal,) = proposals(first)
    with pytest.raises(Refusal, match=r"approval\.same_officer"):
        approve(boss, proposal)
    with pytest.raises(Refusal, match=r"approval\.same_officer"):
        approvals.refuse(boss, proposal, "x")
    with pytest.raises(Refusal, match=r"approval\.not_hers"):
        approvals.withdraw(first, proposal, "x")
    approvals.withdraw(boss, proposal, "wrong number")
    assert state(first, proposal) == "withdrawn"


def test_not_even_where_another_is_named_as_proposer(office: Commune, lan: str) -> None:
    """Person is who signed, not who is written there."""
    first, second = office.desks
    boss = office.approver(second)
    proposal = proposed(office, lan)
    with first.vault.read() as connection:
        opened = open_record(connection, PROPOSAL, proposal)
    assert opened
    again = {**opened.values, "proposer": first.officer.id}
    atoms = [Atom((Edit(PROPOSAL, "e" * 32, name, new),)) for name, new in again.items()]
    with second.vault.write() as connection:
        unit.save(connection, boss.pen, "x", atoms)
    with pytest.raises(Refusal, match=r"approval\.same_officer"):
        approve(boss, "e" * 32)


def test_an_officer_may_refuse_and_not_approve(office: Commune, lan: str) -> None:
    first, second = office.desks
    proposal = proposed(office, lan)
    with pytest.raises(Refusal, match=r"approval\.approver"):
        approve(second, proposal)
    with pytest.raises(Refusal, match=r"record\.reason"):
        approvals.refuse(second, proposal, "")
    approvals.refuse(second, proposal, "the name is another's")
    office.sync(second, first)
    assert standing(first, lan) == ["none", "refused"]
    with pytest.raises(Refusal, match=r"approval\.not_open"):
        approve(office.approver(second), proposal)
    with pytest.raises(Refusal, match=r"approval\.not_open"):
        approvals.turn_down(first, proposal, "x")


def test_her_password_is_typed_again(office: Commune, lan: str, boss: Desk) -> None:
    proposal = proposed(office, lan)
    mine = shown(boss, proposal)
    now = Moment.now()
    stale = Proof(boss.officer.id, Moment(now.wall, now.up - 3600, now.boot))
    for proof in (stale, Proof(office.desks[1].officer.id, now)):
        with pytest.raises(Refusal, match=r"proof\.wanted"):
            approvals.accept(boss, mine, proof)
    with pytest.raises(Refusal, match=r"unlock\.wrong_password"):
        boss.prove("not hers at all")
    assert state(boss, proposal) == "open"


def test_what_is_not_as_it_was_shown_is_looked_at_again(office: Commune, lan: str, boss: Desk) -> None:
    _, second = office.desks
    proposal = proposed(office, lan)
    before = shown(boss, proposal)
    change(second, lan, "her card", birth="1952")
    with pytest.raises(Refusal, match=r"approval\.moved"):
        approvals.accept(boss, before, boss.prove(PASSWORD))
    approve(boss, proposal)


def test_what_moved_before_the_centre_opens_a_conflict_that_others_decide(
    office: Commune, lan: str, boss: Desk
) -> None:
    first, second = office.desks
    proposal = proposed(office, lan)
    approve(boss, proposal)
    change(first, lan, "her card", birth="1952")
    office.sync(first, second, first)
    assert value(first, lan, "receiving_account") is None
    assert standing(first, lan) == ["proposed", "proposed"]
    with first.vault.read() as connection:
        (contest,) = open_contests(connection)
    assert [cell.field for cell in contest.cells] == ["receiving_account"]
    approve(boss, proposal)  # looked at again, as it is now
    office.sync(second, first)
    assert standing(first, lan) == ["in_force", "in_force"]


def test_two_who_approve_the_same_apart_stand_together(office: Commune, lan: str, boss: Desk) -> None:
    first, second = office.desks
    other = office.approver(first)
    proposal = proposed(office, lan)
    approve(boss, proposal)
    approve(other, proposal)
    office.sync(second, first, second)
    for desk in office.desks:
        assert standing(desk, lan) == ["in_force", "in_force"]
        with desk.vault.read() as connection:
            assert queries.open_conflicts(connection) == 0


def test_taken_back_before_the_approval_came(office: Commune, lan: str, boss: Desk) -> None:
    first, second = office.desks
    proposal = proposed(office, lan)
    approvals.withdraw(first, proposal, "she chose cash")
    approve(boss, proposal)
    office.sync(first, second, first)
    for desk in office.desks:
        assert state(desk, proposal) == "withdrawn"
        assert value(desk, lan, "receiving_account") is None


def test_a_batch_is_whole_and_each_change_of_account_was_opened(
    office: Commune, lan: str, boss: Desk
) -> None:
    first, second = office.desks
    other = add_person(first, {"name": "Lò Thị Lan", "birth": "1960"}, "add")
    enrolled(first, lan, "LO THI LAN")
    _enrol(first, other, "12610009999")
    office.sync(first, second)
    both = [shown(boss, proposal) for proposal in proposals(boss)]
    opened = frozenset(each.proposal for each in both)
    with pytest.raises(Refusal, match=r"approval\.unopened at=2"):
        approvals.accept_batch(boss, both, opened - {both[1].proposal}, boss.prove(PASSWORD))
    spoilt = [both[0], replace(both[1], agreed="0" * 64)]
    with pytest.raises(Refusal, match=r"approval\.moved at=2"):
        approvals.accept_batch(boss, spoilt, opened, boss.prove(PASSWORD))
    with pytest.raises(Refusal, match=r"approval\.nothing"):
        approvals.accept_batch(boss, [], opened, boss.prove(PASSWORD))
    with pytest.raises(Refusal, match=r"approval\.twice"):
        approvals.accept_batch(boss, [both[0], both[0]], opened, boss.prove(PASSWORD))
    assert {state(boss, each.proposal) for each in both} == {"open"}
    approvals.accept_batch(boss, both, opened, boss.prove(PASSWORD))
    office.sync(second, first)
    assert [standing(first, who)[0] for who in (lan, other)] == ["in_force"] * 2


def _enrol(desk: Desk, person: str, number: str) -> None:
    bank = desk.reference.providers.find("BIDV")
    assert bank
    enrol(
        desk,
        Enrolment(person, "bank", bank.code, number, "LO THI LAN", "typed", "Tôi đồng ý", "fingerprint"),
    )


def test_a_second_account_replaces_the_first_by_a_second_approval(
    office: Commune, lan: str, boss: Desk
) -> None:
    first, second = office.desks
    approve(boss, proposed(office, lan))
    office.sync(second, first)
    _enrol(first, lan, "12610009999")
    office.sync(first, second)
    (waiting,) = [each for each in proposals(boss) if state(boss, each) == "open"]
    approve(boss, waiting)
    office.sync(second, first)
    assert standing(first, lan) == ["in_force", "in_force", "earlier"]


def test_what_ends_with_her_is_refused_or_taken_back(office: Commune, lan: str) -> None:
    first, second = office.desks
    proposal = proposed(office, lan)
    with second.vault.read() as connection:
        her, waiting = open_record(connection, "person", lan), open_record(connection, PROPOSAL, proposal)
    assert her
    assert waiting
    end_person(second, her, [], [waiting], Ending("died", PartialDate.parse("2026-01-02"), "her son said"))
    office.sync(second, first)
    assert state(first, proposal) == "refused"


def test_words_that_want_nothing_are_not_accepted(office: Commune, lan: str, boss: Desk) -> None:
    first, second = office.desks
    says = {"person": lan, "subject": "account", "wants": "{}", "state": "open"}
    with first.vault.write() as connection:
        unit.save(
            connection, first.pen, "x", [Atom((Edit(PROPOSAL, "e" * 32, *each),)) for each in says.items()]
        )
    office.sync(first, second)
    with pytest.raises(Refusal, match=r"approval\.unsound"):
        approvals.accept(boss, Shown("e" * 32, "0" * 64), boss.prove(PASSWORD))


def test_whoever_became_somebody_else_meanwhile_is_paid_under_her_own_name(
    office: Commune, lan: str, boss: Desk
) -> None:
    """Of a merge what its proposer read may not have moved; of a joined person nothing is accepted."""
    first, second = office.desks
    other = add_person(first, {"name": "Lò Thị Lan", "birth": "1951"}, "add")
    account = proposed(office, other)
    with first.vault.read() as connection:
        known = twins.candidates(connection, [lan, other])
    duplicates.propose(first, [Merge(known[lan], known[other], ())], "one woman")
    office.sync(first, second)
    (merge,) = {*proposals(boss)} - {account}
    change(second, other, "her card", birth="1952")
    with pytest.raises(Refusal, match=r"approval\.moved at=1"):
        approve(boss, merge)
    change(second, other, "wrong card", birth="1951")
    approvals.turn_down(second, merge, "look again")
    office.sync(second, first, second)
    with first.vault.read() as connection:
        known = twins.candidates(connection, [lan, other])
    duplicates.propose(first, [Merge(known[lan], known[other], ())], "one woman")
    office.sync(first, second)
    (again,) = {*proposals(boss)} - {account, merge}
    approve(boss, again)
    office.sync(second, first)
    with pytest.raises(Refusal, match=r"approval\.joined at=1"):
        approve(boss, account)


def test_until_the_set_behind_a_proposal_has_come_nobody_can_say_who_signed_it(
    office: Commune, lan: str, boss: Desk
) -> None:
    """As on a laptop filled anew, whose history is still to come."""
    proposal = proposed(office, lan)
    with boss.vault.write() as connection:
        connection.execute(changes.delete())
    with pytest.raises(Refusal, match=r"approval\.not_here at=1"):
        approve(boss, proposal)


def test_an_account_that_says_less_than_where_is_accepted_by_nobody(
    office: Commune, lan: str, boss: Desk
) -> None:
    first, second = office.desks
    account, wants = "c" * 32, canonical([["person", lan, "receiving_account", "c" * 32, None]]).decode()
    says: dict[str, Value] = {"person": lan, "subject": "account", "wants": wants, "state": "open"}
    cells: dict[str, Value] = {"person": lan, "kind": "bank", "provider": "970405", "number": "15"}
    edits = [Edit("account", account, *each) for each in cells.items()]
    edits += [Edit(PROPOSAL, "e" * 32, *each) for each in says.items()]
    with first.vault.write() as connection:
        unit.save(connection, first.pen, "x", lone(edits))
    office.sync(first, second)
    with pytest.raises(Refusal, match=r"approval\.unsound at=1"):
        approve(boss, "e" * 32)


def test_a_conflict_is_decided_by_atoms_that_are_here(office: Commune, lan: str, boss: Desk) -> None:
    """What a decision decides is read from the sets that opened it; a place that no set has opens nothing."""
    first, second = office.desks
    office.sync(first, second)
    for desk, name in ((first, "Lò Thị Lân"), (second, "Lò Thị Lả")):
        change(desk, lan, "her card", name=name)
    office.sync(first, second)
    with boss.vault.read() as connection:
        at, (contest,) = ground(connection, []), open_contests(connection)
        conflict = open_record(connection, "conflict", contest.key)
        assert conflict
        seq, atom = int(conflict.values["seq"] or 0), int(conflict.values["atom"] or 0)
        assert at.atom_at(seq, atom) is not None
        for nowhere in ((seq, atom + 1), (seq, -1), (seq + 1, 0)):
            assert at.atom_at(*nowhere) is None
        assert (at.seq_of("f" * 64), at.seq_of("no set"), at.author_of(seq)) == (None, None, "")
