"""Who is on a list, who is left off it and why, told from a journal in memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest

from app.domain.approval import approving, gather
from app.domain.changes import Edit, canonical, lone
from app.domain.in_force import (
    ENDED,
    EVIDENCE,
    JOINED,
    MISMATCH,
    NOT_YET,
    PAYEE_OVER,
    RENAMED,
    WAITS,
    Certified,
    LeftOff,
    Line,
    Shown,
    by_one_alone,
    by_one_who_may_not,
    digest_of,
    lines_of,
    sorted_out,
    survivors_in,
)
from app.domain.records import Value
from app.domain.walk import Walk
from tests.domain.test_walk import CLOCK, Centre, on_of

TODAY = date(2026, 11, 29)
NOBODY = Shown((), (), ())
HER, HIM, THEM = "1" * 32, "2" * 32, "3" * 32


def write(centre: Centre, kind: str, record: str, values: Mapping[str, Value]) -> None:
    """By one officer, laid on what stands."""
    stood = centre.standing
    edits = [
        Edit(kind, record, name, new, stood.value(kind, record, name), on_of(stood.cell(kind, record, name)))
        for name, new in values.items()
    ]
    centre.take("an", lone(edits))


def pay(centre: Centre, person: str, approver: str = "binh", **account: Value) -> str:
    """Her account proposed by one officer and put in force by another; its id."""
    own, proposal = f"{len(centre.lines) + 10:032x}", f"{len(centre.lines) + 11:032x}"
    whole: dict[str, Value] = {
        "person": person,
        "kind": "bank",
        "provider": "970405",
        "number": str(len(centre.lines)),
        "holder": "VI VAN MOT",
        **account,
    }
    seen = on_of(centre.standing.cell("person", person, "receiving_account"))
    wants = canonical([["person", person, "receiving_account", own, seen]]).decode()
    said = {"person": person, "subject": "account", "wants": wants, "evidence": "[]", "proposer": "an"}
    edits = [Edit("account", own, *each) for each in whole.items()]
    edits += [Edit("proposal", proposal, *each) for each in {**said, "state": "open"}.items()]
    centre.take("an", lone(edits))
    gather(proposal, centre.standing, lambda _keys: None)
    centre.take(approver, (approving(proposal, centre.standing, on_of),))
    return own


def paid(**who: Value) -> Centre:
    """A centre where one person is paid."""
    centre = Centre()
    write(centre, "person", HER, {"name": "Vi Văn Một", "state": "active"})
    pay(centre, HER)
    if who:
        write(centre, "person", HER, who)
    return centre


def right(centre: Centre, record: str, **values: Value) -> None:
    usual: dict[str, Value] = {"person": HER, "group": "NCT80", "state": "active", "amount": 550_000}
    write(centre, "entitlement", record, {**usual, **values})


def walked(centre: Centre) -> Walk:
    walk, faults = centre.walked()
    assert faults == []
    return walk


def lines(centre: Centre) -> dict[str, Line]:
    return {line.person: line for line in lines_of(walked(centre), TODAY)}


def left_off(
    centre: Centre, shown: Shown = NOBODY, *, is_whole: bool = True
) -> tuple[list[Line], dict[str, str]]:
    walk = walked(centre)
    joined = survivors_in(walk)
    kept, left = sorted_out(list(lines_of(walk, TODAY)), joined, shown, TODAY, is_whole=is_whole)
    return kept, {each.person: each.why for each in left}


# Lines


def test_a_line_says_who_is_paid_where_and_how_much() -> None:
    centre = paid()
    right(centre, "5" * 32)
    right(centre, "6" * 32, amount=100_000)
    right(centre, "7" * 32, person=HIM)
    (line,) = lines(centre).values()
    assert (line.person, line.who["name"], line.cells["holder"]) == (HER, "Vi Văn Một", "VI VAN MOT")
    assert (line.amount, line.paid.approver, line.paid.proposers) == (650_000, "binh", frozenset({"an"}))
    assert (line.paid.seq, line.moved_since(2), line.moved_since(3)) == (3, True, False)
    moved = line.paid.clock >> 16
    assert (line.moved_after(moved), line.moved_after(moved + 1)) == (True, False)


def test_a_second_account_names_the_one_before_it() -> None:
    centre = paid()
    first = lines(centre)[HER].account
    second = pay(centre, HER)
    (line,) = lines(centre).values()
    assert (line.account, line.paid.former) == (second, first)


def test_whoever_is_paid_nowhere_any_more_has_no_line() -> None:
    """The last word of a journal counts, were it a centre's that lands what nobody may sign."""
    centre = paid()
    stood = centre.standing.cell("person", HER, "receiving_account")
    assert stood
    centre.take("binh", lone([Edit("person", HER, "receiving_account", None, stood.value, 3)]))
    walk, faults = centre.walked()
    assert faults == ["verdict 4"]
    assert list(lines_of(walk, TODAY)) == []


def test_without_the_whole_journal_there_is_no_line() -> None:
    walk = Walk("03979", 1, bytes(32), (lambda _id: None, lambda _seq, _at: None))
    for line in paid().lines[1:]:
        walk.step(line)
    assert list(lines_of(walk, TODAY)) == []


@pytest.mark.parametrize(
    ("values", "amount"),
    [
        ({}, 550_000),
        ({"since": "2026-11"}, 550_000),
        ({"since": "2026-12"}, 0),
        ({"state": "suspended"}, 0),
        ({"state": "ended"}, 0),
        ({"state": "ended", "until": "2026-11"}, 550_000),
        ({"state": "ended", "until": "2026-10"}, 0),
        ({"until": "2026-10-31"}, 0),
        ({"amount": None}, 0),
    ],
)
def test_what_her_rights_come_to_this_month(values: dict[str, Value], amount: int) -> None:
    centre = paid()
    right(centre, "5" * 32, **values)
    assert lines(centre)[HER].amount == amount


def test_a_right_that_two_joined_records_hold_counts_once() -> None:
    centre = paid()
    for record, person, amount in (
        ("5" * 32, HER, 550_000),
        ("6" * 32, HIM, 550_000),
        ("7" * 32, HIM, 100_000),
    ):
        right(centre, record, person=person, amount=amount)
    assert lines(centre)[HER].amount == 550_000
    joins = {"survivor": HER, "why": "one woman"}
    centre.take("binh", lone([Edit("alias", HIM, *each) for each in joins.items()]))
    walk, _faults = centre.walked()
    assert survivors_in(walk) == {HIM: HER}
    assert [line.amount for line in lines_of(walk, TODAY)] == [650_000]


# Left off


def test_whoever_is_sound_is_on_the_list() -> None:
    kept, left = left_off(paid())
    assert ([line.person for line in kept], left) == ([HER], {})


@pytest.mark.parametrize(
    ("shown", "why"),
    [
        (Shown((), (), {HER}), MISMATCH),
        (Shown((), {HER}, ()), WAITS),
        (Shown((), (), (), {HER}), WAITS),
    ],
)
def test_what_the_register_beside_it_shows_is_heeded(shown: Shown, why: str) -> None:
    assert left_off(paid(), shown) == ([], {HER: why})


def test_an_account_that_is_another_persons_pays_nobody() -> None:
    centre = paid()
    line = lines(centre)[HER]
    lied = replace(line, cells={**line.cells, "person": HIM})
    assert sorted_out([lied], (), NOBODY, TODAY, is_whole=True) == ([], [LeftOff(HER, MISMATCH)])


def test_whoever_is_shown_as_somebody_else() -> None:
    (line,) = lines(paid()).values()
    assert sorted_out([line], {HER}, NOBODY, TODAY, is_whole=True)[1] == [LeftOff(HER, JOINED)]


@pytest.mark.parametrize(
    ("who", "amount", "why"),
    [
        ({"state": "died", "state_since": "2026-11-02"}, 0, ENDED),
        ({"state": "died", "state_since": "2026-11-02"}, 1, ENDED),
        ({"state": "moved", "state_since": "2026-12"}, 0, ENDED),
        ({"state": "moved", "state_since": "2026-12"}, 1, ""),  # paid here up to the month before
        ({"state": "active", "state_since": "2026-12"}, 0, NOT_YET),
        ({"state": "active", "state_since": "2026-12"}, 1, ""),
        ({"state": "active", "state_since": "2026-11"}, 0, ""),
        ({"state": None}, 0, ""),
    ],
)
def test_who_comes_and_who_has_gone(who: dict[str, Value], amount: int, why: str) -> None:
    centre = paid(**who)
    if amount:
        right(centre, "5" * 32, amount=amount)
    assert left_off(centre)[1] == ({HER: why} if why else {})


@pytest.mark.parametrize(
    ("until", "why"),
    [("2026-11-28", PAYEE_OVER), ("2026-11-29", ""), ("2026-11", ""), ("2026-10", PAYEE_OVER)],
)
def test_whoever_receives_for_her_may_only_until_a_day(until: str, why: str) -> None:
    centre = Centre()
    write(centre, "person", HER, {"name": "Vi Văn Một"})
    pay(centre, HER, payee_until=until)
    assert left_off(centre)[1] == ({HER: why} if why else {})


def test_nobody_whom_the_register_shows_as_paid_is_left_off_in_silence() -> None:
    shown = Shown({HER, HIM}, {THEM}, ())
    assert left_off(paid(), shown)[1] == {HIM: MISMATCH, THEM: WAITS}
    assert left_off(Centre(), shown, is_whole=False)[1] == {HER: EVIDENCE, HIM: EVIDENCE, THEM: WAITS}


def test_accounts_shared_by_people_of_other_households_are_counted() -> None:
    centre = Centre()
    people = {HER: "a" * 32, HIM: "a" * 32, THEM: "b" * 32, "4" * 32: None, "5" * 32: None}
    for person, household in people.items():
        write(
            centre,
            "person",
            person,
            {"name": "Vi Văn Một", **({"household": household} if household else {})},
        )
        pay(centre, person, number="15")
    write(centre, "person", "6" * 32, {"name": "Vi Văn Một", "household": "a" * 32})
    pay(centre, "6" * 32, number="16")
    kept, _left = left_off(centre)
    assert {line.person[0]: line.shared for line in kept} == {"1": 3, "2": 3, "3": 4, "4": 4, "5": 4, "6": 0}


# Whose hands


def test_what_the_centre_itself_proposes_is_nobodys_word() -> None:
    walk = walked(paid())
    assert list(by_one_alone(walk, ())) == []
    for services in ({"an"}, {"binh"}, {"an", "binh"}):
        assert [person for person, _paid in by_one_alone(walk, services)] == [HER]


def test_one_officer_by_two_keys_is_one() -> None:
    centre = Centre()
    write(centre, "person", HER, {"name": "Vi Văn Một"})
    pay(centre, HER, approver="an")
    walk, faults = centre.walked()
    assert faults == ["verdict 3"]
    assert [person for person, _paid in by_one_alone(walk, ())] == [HER]


# The digest


def test_the_digest_is_over_people_accounts_and_money_in_any_order() -> None:
    centre = paid()
    write(centre, "person", HIM, {"name": "Vi Văn Hai"})
    pay(centre, HIM)
    one, two = lines(centre).values()
    whole = digest_of([one, two])
    assert digest_of([two, one]) == whole
    others = (
        replace(one, amount=1),
        replace(one, account="f" * 32),
        replace(one, cells={**one.cells, "number": "6"}),
        replace(one, who={**one.who, "name": "x"}),
    )
    assert len({whole, digest_of([two]), *(digest_of([other, two]) for other in others)}) == 6
    assert one.paid.clock > CLOCK


HOUR = 3600 * 1000


def known(since: int, *, until: int = 0, may_approve: bool = False) -> dict[str, Certified]:
    return {"binh": Certified(since, until, may_approve)}


def test_an_approval_by_one_who_might_not_any_more() -> None:
    walk = walked(paid())
    at = walk.paid[HER].received >> 16
    for officers, is_found in (
        ({}, False),
        (known(at - HOUR), True),
        (known(at - HOUR, may_approve=True), False),
        (known(at - HOUR + 1), False),  # the clocks of a centre's processes
        (known(at + HOUR), False),  # approved before it was taken
        (known(0, until=at, may_approve=True), True),
        (known(0, until=at + 1, may_approve=True), False),
    ):
        assert [person for person, _paid in by_one_who_may_not(walk, officers)] == [HER] * is_found


def test_who_sets_her_clock_back_is_not_taken_for_one_of_before() -> None:
    """Sets that the centre received before hers say that it was later."""
    centre = Centre()
    write(centre, "person", HER, {"name": "Vi Văn Một"})
    centre.late = HOUR << 17
    write(centre, "person", HIM, {"name": "Vi Văn Hai"})
    centre.late = 0
    pay(centre, HER)
    walk = walked(centre)
    paid_at = walk.paid[HER]
    assert paid_at.clock < paid_at.received == CLOCK + (HOUR << 17) + 2
    since = (CLOCK >> 16) + HOUR
    assert [person for person, _paid in by_one_who_may_not(walk, known(since))] == [HER]


# Who she is, written anew


@pytest.mark.parametrize(
    ("account", "who", "whys"),
    [
        ({}, {"name": "Cà Văn Khác"}, {HER: RENAMED}),
        ({"payee": "self"}, {"name": "Cà Văn Khác"}, {HER: RENAMED}),
        ({}, {"name": "Vi Van Một"}, {}),
        ({"holder": "CA VAN KHAC"}, {"name": "Cà Văn Khác"}, {}),
        ({"payee": "guardian", "payee_name": "Vi Văn Một"}, {"name": "Cà Văn Khác"}, {}),
        ({}, {"birth": "1958", "personal_id": "014148032213"}, {}),
        ({}, {"name": None}, {HER: RENAMED}),
    ],
)
def test_whose_name_is_no_longer_the_holders_is_held_back(
    account: dict[str, Value], who: dict[str, Value], whys: dict[str, str]
) -> None:
    centre = Centre()
    write(centre, "person", HER, {"name": "Vi Văn Một", "state": "active"})
    right(centre, "5" * 32)
    pay(centre, HER, "binh", **account)
    assert left_off(centre)[1] == {}
    write(centre, "person", HER, who)
    kept, left = left_off(centre)
    assert left == whys
    if kept:
        assert kept[0].rewritten.keys() == who.keys()
        seq = kept[0].paid.seq
        assert (kept[0].rewritten_since(seq), kept[0].rewritten_since(len(centre.lines))) == (True, False)
    pay(centre, HER, "binh", **account)  # two looked at her as she is now called
    assert left_off(centre)[1] == {}
    assert lines(centre)[HER].rewritten == {}
