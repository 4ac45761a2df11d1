"""Duplicate persons on real vaults, two laptops apart: found, proposed, judged, joined, parted."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.actions import approvals, cards, duplicates
from app.actions.desk import Desk, save
from app.actions.duplicates import Merge
from app.actions.people import add_person, undo
from app.domain.aliases import MERGE, joining, pair_id, unpack
from app.domain.errors import Refusal
from app.domain.progress import Progress
from app.domain.records import Value
from app.store import alike, dossier, enrolments, households, likeness, meant, merges, queries, search, twins
from app.store.alike import Like
from app.store.contest import open_contests
from app.store.history import history
from app.store.listing import Listing
from app.store.opened import open_record
from tests.offices import Commune, approve, change, value

LAN: dict[str, Value] = {
    "name": "Lò Thị Lan",
    "birth": "1951-03-12",
    "sex": "female",
    "personal_id": "014151000123",
    "hamlet": "Bản Nà Lụa",
}
RIGHT: dict[str, Value] = {"group": "NCT80", "amount": 550_000, "since": "2026-01"}
PROGRESS = Progress()


@pytest.fixture
def lans(office: Commune) -> tuple[str, str]:
    """One woman entered on two laptops apart, with one right on both."""
    first, second = office.desks
    one = add_person(first, LAN, "add", RIGHT)
    other = add_person(
        second, {**LAN, "name": "LÒ THỊ LAN", "phone": "0388000111", "old_id": "010203040"}, "add", RIGHT
    )
    office.sync(first, second, first)
    return one, other


def asked(desk: Desk) -> list[Like]:
    duplicates.compare(PROGRESS, desk)
    with desk.vault.read() as connection:
        assert len(alike.open_pairs(connection)) == alike.count_open(connection)
        return alike.open_pairs(connection)


def merge_of(desk: Desk, survivor: str, other: str, taken: tuple[str, ...] = ()) -> Merge:
    with desk.vault.read() as connection:
        known = twins.candidates(connection, [survivor, other])
    return Merge(known[survivor], known[other], taken)


def join(office: Commune, desk: Desk, survivor: str, other: str) -> None:
    """Proposed by one officer of a laptop, approved there by another."""
    duplicates.propose(desk, [merge_of(desk, survivor, other)], "twice")
    approve_newest(office, desk)


def approve_newest(office: Commune, desk: Desk) -> None:
    with desk.vault.read() as connection:
        newest = merges.open_merges(connection)[0]
    approve(office.approver(desk), newest.opened.record)


def nos(desk: Desk, text: str) -> list[str]:
    with desk.vault.read() as connection:
        found = search.search(connection, text).nos
        return [row.id for row in queries.person_rows(connection, found) if row]


def test_found_once_and_counted(office: Commune, lans: tuple[str, str]) -> None:
    for desk in office.desks:
        (like,) = asked(desk)
        assert {like.first, like.second} == set(lans)
        assert {"same_personal_id", "same_name", "same_birth"} <= {*like.reasons}
        with desk.vault.read() as connection:
            assert queries.today(connection, desk.officer.id).duplicates == 1
            assert alike.compare(connection, PROGRESS) is None  # nobody was written since
    first = office.desks[0]
    change(first, lans[0], "her card", personal_id="014151000999", birth="1949-01-01")
    assert asked(first) == []
    change(first, lans[0], "wrong card", personal_id="014151000123")
    assert len(asked(first)) == 1


def test_a_proposal_waits_everywhere_and_is_withdrawn(office: Commune, lans: tuple[str, str]) -> None:
    first, second = office.desks
    one, other = lans
    with pytest.raises(Refusal, match=r"record\.reason"):
        duplicates.propose(first, [merge_of(first, one, other)], "")
    duplicates.propose(first, [merge_of(first, one, other, ("phone",))], "one woman")
    assert value(first, one, "phone") == "0388000111"
    office.sync(first, second)
    for desk in office.desks:
        assert asked(desk) == []
        with desk.vault.read() as connection:
            (waiting,) = merges.open_merges(connection)
            assert (waiting.people, waiting.why, waiting.has_moved) == ((lans,), "one woman", False)
            assert queries.today(connection, desk.officer.id).merges == 1
            assert queries.today(connection, desk.officer.id).proposals == 0
            assert dossier.person(connection, one)
    with pytest.raises(Refusal, match=r"duplicates\.proposed"):
        duplicates.propose(second, [merge_of(second, other, one)], "again")
    change(second, other, "her card", birth="1952-03-12")
    office.sync(second, first)
    with first.vault.read() as connection:
        (waiting,) = merges.open_merges(connection)
    assert waiting.has_moved  # an approving set would open a conflict: propose anew
    approvals.turn_down(second, waiting.opened.record, "look again")
    office.sync(second, first)
    with pytest.raises(Refusal, match=r"approval\.not_open"):
        approvals.turn_down(first, waiting.opened.record, "x")
    change(first, other, "wrong", birth="1951-03-12")
    assert [len(asked(desk)) for desk in (first, second)] == [1, 1]


def test_one_officer_alone_joins_nobody(office: Commune, lans: tuple[str, str]) -> None:
    first, second = office.desks
    merge = merge_of(first, *lans)
    save(first, "twice", [joining(merge.survivor.seen, merge.other.seen, "twice")])
    office.sync(first, second)
    for desk in office.desks:
        with desk.vault.read() as connection:
            assert open_record(connection, "alias", lans[1]) is None or not value(desk, lans[1], "survivor")
        assert len(nos(desk, "lo thi lan")) == 2


def test_said_to_be_two_on_every_laptop_and_opened_again(office: Commune, lans: tuple[str, str]) -> None:
    first, second = office.desks
    for desk in office.desks:  # both apart
        duplicates.judge(desk, lans, are_two=True, reason=f"sisters, says {desk.pen.device[:4]}")
    office.sync(first, second, first)
    for desk in office.desks:
        assert asked(desk) == []
        with desk.vault.read() as connection:
            (judged,) = merges.judged_two(connection)
            assert judged.opened.record == pair_id(*lans)
            assert queries.open_conflicts(connection) == 0
    change(first, lans[0], phone="0388000999")  # compared anew, and still two
    assert asked(first) == []
    duplicates.judge(second, lans[::-1], are_two=False, reason="the neighbours say one")
    office.sync(second, first)
    assert [len(asked(desk)) for desk in office.desks] == [1, 1]


def test_joined_everywhere_and_parted_again(office: Commune, lans: tuple[str, str]) -> None:
    first, second = office.desks
    one, other = lans
    join(office, first, one, other)
    office.sync(first, second)
    for desk in office.desks:
        _shown_as_one(desk, one, other)
    with second.vault.read() as connection:
        whole = dossier.person(connection, one)
    assert whole
    duplicates.part(second, one, whole.joined[0], "two sisters")
    approve_newest(office, second)
    office.sync(second, first)
    for desk in office.desks:
        assert sorted(nos(desk, "lo thi lan")) == sorted(lans)
        assert nos(desk, "203040") == [other]  # her number leads to nobody else any more
        assert len(asked(desk)) == 1
        with desk.vault.read() as connection:
            assert queries.counts(connection, Listing()).people == 2
            assert queries.counts(connection, Listing()).monthly == 1_100_000


def _shown_as_one(desk: Desk, one: str, other: str) -> None:
    assert asked(desk) == []
    for text in ("lo thi lan", "0123", "203040", "lan 51"):  # the last number is the other's own
        assert nos(desk, text) == [one]
    with desk.vault.read() as connection:
        assert queries.ids(connection, Listing()) == queries.ids(connection, Listing(hamlets=("Bản Nà Lụa",)))
        counted = queries.counts(connection, Listing())
        assert (counted.people, counted.monthly) == (1, 550_000)  # one right that both hold counts once
        whole = dossier.person(connection, other)
        assert whole
        assert (whole.row.id, whole.row.amount, len(whole.entitlements)) == (one, 550_000, 1)
        assert [each.opened.record for each in whole.joined] == [other]
        assert {line.record for line in history(connection, one)} >= {one, other}
        assert [row.id for row in enrolments.by_number(connection, "010203040")] == [one]
        facts = likeness.Facts("Lò Lan", old_id="010203040")
        assert [each.no for each in likeness.like(connection, facts)] == [whole.row.no]
        known = meant.meant(connection, ["010203040"], [], [])
        assert known.by_id[known.by_number["010203040"]].id == one
        assert len(known.by_id[one].rights) == 1
        assert all(line.members < 2 for line in households.households(connection))


def test_a_guarded_edit_written_apart_opens_a_conflict(office: Commune, lans: tuple[str, str]) -> None:
    first, second = office.desks
    one, other = lans
    join(office, first, one, other)
    change(second, other, "her card", birth="1950-01-01")
    change(second, other, phone="0388000222")
    office.sync(first, second, first)
    for desk in office.desks:
        with desk.vault.read() as connection:
            (contest,) = open_contests(connection)
        assert (contest.person, contest.cells[0].field) == (other, "birth")
        assert value(desk, other, "birth") == "1951-03-12"
        assert value(desk, other, "phone") == "0388000222"
        assert nos(desk, "lo thi lan") == [one]


@pytest.mark.parametrize("is_crossed", [False, True])
def test_both_join_the_pair_apart(office: Commune, lans: tuple[str, str], is_crossed: bool) -> None:
    first, second = office.desks
    join(office, first, *lans)
    join(office, second, *(lans[::-1] if is_crossed else lans))
    office.sync(first, second, first)
    for desk in office.desks:
        assert nos(desk, "lo thi lan") == [lans[0]]
        with desk.vault.read() as connection:
            assert open_contests(connection) == []


def test_who_stands_for_others_is_not_joined(office: Commune, lans: tuple[str, str]) -> None:
    first, _ = office.desks
    third = add_person(first, LAN, "add")
    join(office, first, *lans)
    with pytest.raises(Refusal, match=r"duplicates\.chain"):
        duplicates.propose(first, [merge_of(first, third, lans[0])], "x")
    duplicates.propose(first, [merge_of(first, lans[0], third)], "x")


def test_undoing_a_save_does_not_part(office: Commune, lans: tuple[str, str]) -> None:
    first, _ = office.desks
    merge = merge_of(first, *lans)
    made = save(first, "twice", [joining(merge.survivor.seen, merge.other.seen, "twice")])
    undo(first, made.id, "x")
    with first.vault.read() as connection:
        opened = open_record(connection, "alias", lans[1])
    assert opened
    assert opened.values["survivor"] == lans[0]


def test_what_moved_since_it_was_read_is_read_again(office: Commune, lans: tuple[str, str]) -> None:
    first, _ = office.desks
    read = merge_of(first, *lans)
    change(first, lans[0], "her card", birth="1952")
    with pytest.raises(Refusal, match=r"duplicates\.moved"):
        duplicates.propose(first, [read], "x")
    with first.vault.read() as connection:
        assert merges.open_merges(connection) == []


def test_who_is_proposed_to_stay(office: Commune, lans: tuple[str, str]) -> None:
    first, _ = office.desks
    merge = merge_of(first, *lans)
    one, other = merge.survivor, merge.other
    assert duplicates.preferred(one, other)[::2] == (other, "richer")  # her telephone, her old number
    paid = replace(one, values={**one.values, "receiving_account": "a" * 32})
    assert duplicates.preferred(other, paid)[::2] == (paid, "paid")
    verified = replace(one, values={**one.values, "vneid_level": 2})
    assert duplicates.preferred(verified, other)[::2] == (verified, "verified")
    equal = replace(other, values=one.values)
    assert duplicates.preferred(equal, one)[::2] == (one, "older")
    assert twins.differing(one, other) == ["phone"]


def test_the_atom_proposed_reads_both(office: Commune, lans: tuple[str, str]) -> None:
    first, _ = office.desks
    duplicates.propose(first, [merge_of(first, *lans)], "x")
    with first.vault.read() as connection:
        (waiting,) = merges.open_merges(connection)
    assert waiting.opened.values["subject"] == MERGE
    (atom,) = unpack(str(waiting.opened.values["wants"]))
    assert {read.record for read in atom.reads} == set(lans)


def test_a_card_of_somebody_much_like_her_is_asked_about(office: Commune, lans: tuple[str, str]) -> None:
    first, _ = office.desks
    card = "014151777132||Lò Thị Lam|12031951|Nữ|Bản Nà Lụa, Mộc Sơn, Sơn La|01012022"
    met = cards.meet(PROGRESS, first, card)
    assert (met.by, {row.id for row in met.people}) == (
        "nobody",
        set(),
    )  # a slip of the name, and another number
    met = cards.meet(PROGRESS, first, card.replace("777132|", "000124|").replace("Lam", "Lan"))
    assert (met.by, {row.id for row in met.people}, met.is_certain) == ("likeness", set(lans), False)
