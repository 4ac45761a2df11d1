"""Deciding conflicts on real vaults, two laptops apart: nothing lost, the decision everywhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection

from app.actions.conflicts import decide, is_entitled, preferred
from app.actions.desk import Desk, Officer
from app.actions.people import add_entitlement, add_person, undo
from app.domain.changes import Atom, ChangeSet, Edit, Entry, Outcome, SignedSet, Verdict
from app.domain.errors import Refusal
from app.domain.standing import Standing, record_digest, settle
from app.store import place, queries, rows, unit
from app.store.contest import Contest, decided_since, open_contests
from app.store.history import history
from app.store.unit import Page
from tests.offices import Commune, change, value


@pytest.fixture
def lan(office: Commune) -> str:
    """A person on both laptops."""
    first, second = office.desks
    who = add_person(first, {"name": "Lò Thị Lan", "birth": "1951", "sex": "female"}, "add")
    office.sync(first, second)
    return who


def contests(desk: Desk) -> list[Contest]:
    with desk.vault.read() as connection:
        return open_contests(connection)


def write_apart(office: Commune, who: str, first_reason: str = "card", second_reason: str = "import") -> None:
    """The first laptop's value stands, the second's comes later and opens a conflict."""
    first, second = office.desks[:2]
    change(first, who, first_reason, birth="1951-03-12")
    change(second, who, second_reason, birth="1951-12-03")
    office.sync(first, second, first)


def test_a_contest_shows_both_sides_whole(office: Commune, lan: str) -> None:
    write_apart(office, lan)
    for desk in office.desks:
        (asked,) = contests(desk)
        assert (asked.person, asked.name, asked.cells[0].field) == (lan, "Lò Thị Lan", "birth")
        assert (asked.stands.values, asked.came.values) == (("1951-03-12",), ("1951-12-03",))
        assert (asked.stands.versions[0].seen, asked.came.versions[0].seen) == ("1951", "1951")
        assert asked.stands.by
        assert asked.came.by
        assert (asked.stands.by.reason, asked.came.by.reason) == ("card", "import")
        assert [hand.device for hand in (asked.stands.by, asked.came.by)] == [
            each.pen.device for each in office.desks
        ]


def test_a_decision_reaches_everyone(office: Commune, lan: str) -> None:
    chosen = "1951-12-03"
    write_apart(office, lan)
    first, second = office.desks
    (asked,) = contests(second)
    decide(second, asked, [chosen], "seen on her card")
    assert contests(second) == []
    assert value(second, lan, "birth") == chosen
    assert len(contests(first)) == 1
    office.sync(second, first)
    for desk in office.desks:
        assert contests(desk) == []
        assert value(desk, lan, "birth") == chosen
        with desk.vault.read() as connection:
            assert queries.open_conflicts(connection) == 0
            (done,) = decided_since(connection, desk.clock.now() - timedelta(days=1))
            assert (done.person, done.field, done.value, done.by.reason) == (
                lan,
                "birth",
                chosen,
                "seen on her card",
            )
            assert decided_since(connection, desk.clock.now() + timedelta(days=1)) == []
            newest = next(line for line in history(connection, lan) if line.field == "birth")
            assert (newest.new, newest.fate) == (chosen, "applied")


def test_two_who_decide_alike_apart_stand_together(office: Commune, lan: str) -> None:
    write_apart(office, lan)
    for desk in office.desks:
        decide(desk, contests(desk)[0], ["1951-12-03"], "by phone")
    office.sync(*office.desks, *office.desks)
    for desk in office.desks:
        assert contests(desk) == []
        assert value(desk, lan, "birth") == "1951-12-03"


def test_two_who_decide_otherwise_apart_are_asked_again(office: Commune, lan: str) -> None:
    write_apart(office, lan)
    first, second = office.desks
    decide(first, contests(first)[0], ["1951-03-12"], "her card")
    decide(second, contests(second)[0], ["1951-12-03"], "her daughter")
    office.sync(first, second, first)
    for desk in office.desks:
        (again,) = contests(desk)
        assert (again.stands.values, again.came.values) == (("1951-03-12",), ("1951-12-03",))
        assert again.came.by
        assert again.came.by.reason == "her daughter"
        assert value(desk, lan, "birth") == "1951-03-12"
    decide(first, contests(first)[0], ["1951-12-03"], "both asked")
    office.sync(first, second)
    assert [contests(desk) for desk in office.desks] == [[], []]
    assert {value(desk, lan, "birth") for desk in office.desks} == {"1951-12-03"}


def test_the_same_question_is_asked_once(office: Commune, lan: str) -> None:
    third = office.desk()
    office.sync(third)
    change(third, lan, birth="1951-12-03")
    write_apart(office, lan)
    office.sync(third, office.desks[0])
    (asked,) = contests(office.desks[0])
    assert len(asked.conflicts) == 2
    decide(office.desks[0], asked, ["1951-03-12"], "her card")
    office.sync(*office.desks)
    assert [contests(desk) for desk in office.desks] == [[], [], []]


def test_asks_for_a_reason_and_for_a_fresh_look(office: Commune, lan: str) -> None:
    write_apart(office, lan)
    first, second = office.desks
    (asked,) = contests(first)
    with pytest.raises(Refusal, match=r"record\.reason"):
        decide(first, asked, ["1951-03-12"], "")
    with pytest.raises(Refusal, match=r"record\.value"):
        decide(first, asked, ["yesterday"], "x")
    auditor = replace(first, officer=Officer(first.officer.id, "Kiểm", ("auditor",)))
    assert is_entitled(first, asked)
    assert not is_entitled(auditor, asked)
    with pytest.raises(Refusal, match=r"conflict\.not_entitled"):
        decide(auditor, asked, ["1951-03-12"], "x")
    decide(second, contests(second)[0], ["1951-12-03"], "by phone")
    office.sync(second, first)
    with pytest.raises(Refusal, match=r"conflict\.moved"):
        decide(first, asked, ["1951-03-12"], "x")
    assert value(first, lan, "birth") == "1951-12-03"


def test_a_value_corrected_since_it_was_shown_is_looked_at_again(office: Commune, lan: str) -> None:
    write_apart(office, lan)
    first, _ = office.desks
    (asked,) = contests(first)
    change(first, lan, "her card", birth="1951-03-21")
    with pytest.raises(Refusal, match=r"conflict\.moved"):
        decide(first, asked, ["1951-12-03"], "x")
    (now,) = contests(first)
    decide(first, now, now.stands.values, "her card")
    office.sync(*office.desks)
    assert {value(desk, lan, "birth") for desk in office.desks} == {"1951-03-21"}


def test_the_entitled_side_is_preselected(office: Commune, lan: str) -> None:
    write_apart(office, lan, "card", "import")
    assert preferred(office.desks[0], contests(office.desks[0])[0]) == "stands"
    decide(office.desks[0], contests(office.desks[0])[0], ["1951"], "x")
    office.sync(*office.desks)
    write_apart(office, lan, "her neighbour", "her daughter")
    assert preferred(office.desks[0], contests(office.desks[0])[0]) is None


def test_an_entitlement_goes_by_the_decision_its_set_carries(office: Commune, lan: str) -> None:
    first, second = office.desks
    right = add_entitlement(first, lan, {"group": "HTXH", "amount": 540_000}, "add")
    office.sync(first, second)
    change(first, right, "list", kind="entitlement", amount=500_000)
    change(second, right, "list", kind="entitlement", amount=600_000, decision="12/QĐ-UBND")
    office.sync(first, second, first)
    (asked,) = contests(first)
    assert (asked.person, asked.name) == (lan, "Lò Thị Lan")
    assert (asked.stands.decision, asked.came.decision) == ("", "12/QĐ-UBND")
    assert preferred(first, asked) == "came"


def test_undoing_a_decision_puts_the_value_back_and_asks_nobody_again(office: Commune, lan: str) -> None:
    write_apart(office, lan)
    first, second = office.desks
    done = decide(first, contests(first)[0], ["1951-12-03"], "by phone")
    assert undo(first, done, "wrong person")
    office.sync(first, second)
    for desk in office.desks:
        assert contests(desk) == []
        assert value(desk, lan, "birth") == "1951-03-12"


def test_who_is_paid_where_waits_for_a_second_officer(office: Commune, lan: str) -> None:
    """A centre that knows approvals opened this conflict; here it is replayed and can only be proposed."""
    first, _ = office.desks
    office.sync(first)
    with first.vault.write() as connection:
        unit.absorb(connection, _page_of_a_money_conflict(connection, first, lan))
    (asked,) = contests(first)
    assert not is_entitled(first, asked)
    approver = replace(first, officer=Officer(first.officer.id, "Quyết", ("approver",)))
    decide(approver, asked, ["b" * 32], "her wish")
    assert value(first, lan, "receiving_account") == "a" * 32
    assert len(contests(first)) == 1
    with first.vault.read() as connection:
        assert queries.today(connection, "").proposals == 1


def _page_of_a_money_conflict(connection: Connection, desk: Desk, who: str) -> Page:
    seq, head, sums = place.cursor(connection), place.head(connection), place.digests(connection)
    standing = Standing(rows.load(connection, {("person", who)}))
    before = record_digest(("person", who), standing.records["person", who])
    entries = []
    for number, outcome in enumerate((Outcome.APPLIED, Outcome.CONFLICT), start=1):
        pays = Atom((Edit("person", who, "receiving_account", "ab"[number - 1] * 32),))
        found = ChangeSet(desk.commune.code, f"o{number}", f"d{number}", 1, "", number, "x", (pays,))
        entries.append(Entry(seq + number, SignedSet(found.body, b""), (Verdict(outcome, number),)))
        settle(standing, entries[-1])
        head = entries[-1].head_after(head)
    moved = sum(record_digest(key, cells) for key, cells in standing.records.items()) - before
    return Page(entries, seq + 2, place.whole_digest({**sums, "moved": moved}), head)


def test_a_proposal_that_never_came_is_decided_for_nothing(office: Commune, lan: str) -> None:
    """Its own set was refused while its author did not stand, and she opened it again."""
    del lan
    first, second = office.desks
    opens = Edit("proposal", "e" * 32, "state", "open", "withdrawn", "f" * 64)
    with first.vault.write() as connection:
        unit.save(connection, first.pen, "again", [Atom((opens,))])
    office.sync(first, second)
    (asked,) = contests(second)
    assert (asked.stands.by, asked.stands.values, asked.came.values) == (None, (None,), ("open",))
    decide(second, asked, [None], "there is none")
    office.sync(second, first)
    for desk in office.desks:
        assert contests(desk) == []
        with desk.vault.read() as connection:
            assert queries.today(connection, "").proposals == 0
