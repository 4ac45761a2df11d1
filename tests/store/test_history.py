"""One person whole: her history line by line, her accounts, and what two laptops wrote apart."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from app.domain.changes import Edit
from app.domain.hybrid_clock import milliseconds
from app.domain.records import Value
from app.domain.seen import cell_of, seen
from app.store import queries, unit
from app.store.disputes import conflicts, gave_way
from app.store.dossier import person as read_person
from app.store.history import Line, drive, history
from app.store.opened import open_record
from tests.store.test_queries import LAN, MAI, account, person, proposal
from tests.sync.conversation import Centre, Clock, Laptop, sqlite_engine


@pytest.fixture
def office() -> Iterator[tuple[Laptop, Laptop, Centre]]:
    clock = Clock()
    first, second = Laptop.new("m1", clock), Laptop.new("m2", clock)
    centre = Centre.new(sqlite_engine(), clock)
    for laptop in (first, second):
        centre.enrol(laptop)
    first.save(*person(LAN, "Lò Thị Lan", phone="0388000111", hamlet="Bản Co Mạ"), reason="add")
    first.sync(centre)
    second.sync(centre)
    yield first, second, centre
    for engine in (first.engine, second.engine, centre.engine):
        engine.dispose()


def change(laptop: Laptop, field: str, value: Value, reason: str = "change") -> None:
    with laptop.write() as connection:
        opened = open_record(connection, "person", LAN)
    assert opened
    laptop.save(*opened.edits({field: value}), reason=reason)


def lines(laptop: Laptop, record: str = LAN) -> list[Line]:
    with laptop.write() as connection:
        return history(connection, record)


def fates(laptop: Laptop, field: str) -> list[tuple[Value, Value, str]]:
    return [(line.old, line.new, str(line.fate)) for line in lines(laptop) if line.field == field]


def test_a_line_says_who_when_why_and_what_stood_before(office: tuple[Laptop, Laptop, Centre]) -> None:
    first, _, centre = office
    change(first, "phone", "0388000222", "daughter")
    newest = lines(first)[0]
    assert (newest.old, newest.new, newest.fate) == ("0388000111", "0388000222", "waiting")
    assert (newest.hand.author, newest.hand.device, newest.hand.reason) == ("officer-m1", "m1", "daughter")
    assert (newest.number, newest.seq, newest.seen) == (2, None, 1)
    first.sync(centre)
    assert fates(first, "phone") == [
        ("0388000111", "0388000222", "applied"),
        (None, "0388000111", "replaced"),
    ]
    replaced = lines(first)[-1]
    assert {line.field for line in lines(first)} == {"name", "phone", "hamlet"}
    assert replaced.hand.at < newest.hand.at


def test_the_line_that_gave_way_names_the_one_that_stands(office: tuple[Laptop, Laptop, Centre]) -> None:
    first, second, centre = office
    change(first, "phone", "0388000222")
    change(second, "phone", "0388000333")
    second.sync(centre)
    first.sync(centre)
    assert fates(first, "phone") == [
        ("0388000111", "0388000222", "superseded"),
        ("0388000111", "0388000333", "applied"),
        (None, "0388000111", "replaced"),
    ]
    superseded, standing, replaced = (line for line in lines(first) if line.field == "phone")
    assert superseded.by == replaced.by == standing.hand


def test_values_that_gave_way_are_shown_to_their_author_until_seen(
    office: tuple[Laptop, Laptop, Centre],
) -> None:
    first, second, centre = office
    change(first, "phone", "0388000222")
    change(second, "phone", "0388000333")
    for laptop in (second, first, second):
        laptop.sync(centre)
    with second.write() as connection:
        assert gave_way(connection, second.pen.author) == []
        assert queries.today(connection, second.pen.author).overwritten == 0
    with first.write() as connection:
        assert queries.today(connection, first.pen.author).overwritten == 1
        (lost,) = gave_way(connection, first.pen.author)
        assert (lost.person, lost.name, lost.field, lost.conflict) == (LAN, "Lò Thị Lan", "phone", "")
        assert (lost.came, lost.stands) == ("0388000222", "0388000333")
        assert lost.stands_by
        assert (lost.came_by.device, lost.stands_by.device) == ("m1", "m2")
        atom = seen(first.pen.author, lost.seq, cell_of(lost.kind, lost.record, lost.field))
        unit.save(connection, first.pen, "seen", [atom])
        assert gave_way(connection, first.pen.author) == []


def test_a_conflict_shows_both_values(office: tuple[Laptop, Laptop, Centre]) -> None:
    first, second, centre = office
    change(first, "name", "Lò Thị Lán", "from her card")
    change(second, "name", "Lò Thị Lân")
    for laptop in (first, second, first):
        laptop.sync(centre)
    for laptop in (first, second):
        with laptop.write() as connection:
            (found,) = conflicts(connection)
            assert conflicts(connection, {LAN}) == [found]
            assert conflicts(connection, {MAI}) == []
            whole = read_person(connection, LAN)
            assert whole
            assert whole.conflicts == (found,)
            waits = queries.today(connection, first.pen.author)
            assert queries.open_conflicts(connection) == waits.conflicts == 1
        assert (found.stands, found.came, found.name) == ("Lò Thị Lán", "Lò Thị Lân", "Lò Thị Lán")
        assert found.stands_by
        assert (found.stands_by.reason, found.came_by.device) == ("from her card", "m2")
    contested = next(line for line in lines(second) if line.field == "name")
    assert (contested.fate, contested.new) == ("conflict", "Lò Thị Lân")
    assert contested.by == found.stands_by


def test_two_who_write_the_same_stand_together(office: tuple[Laptop, Laptop, Centre]) -> None:
    first, second, centre = office
    change(first, "name", "Lò Thị Lán")
    change(second, "name", "Lò Thị Lán")
    for laptop in (first, second, first):
        laptop.sync(centre)
    assert [fate for _, _, fate in fates(first, "name")] == ["same", "applied", "replaced"]
    change(first, "name", "Lò Thị Lản")
    first.sync(centre)
    assert [fate for _, _, fate in fates(first, "name")] == ["applied", "replaced", "replaced", "replaced"]


def test_what_belongs_to_her_is_in_her_history(office: tuple[Laptop, Laptop, Centre]) -> None:
    first, _, _ = office
    first.save(*account("a" * 32, LAN, "0011"), *proposal("b" * 32, LAN, "a" * 32), *person(MAI, "Lò Mai"))
    assert {line.record for line in lines(first)} == {LAN, "a" * 32, "b" * 32}
    assert {line.record for line in lines(first, "b" * 32)} == {"b" * 32}


def test_a_person_with_all_that_is_hers(office: tuple[Laptop, Laptop, Centre]) -> None:
    first, _, _ = office
    house = "5" * 32
    first.save(Edit("household", house, "code", "H-014"), *person(MAI, "Lò Thị Mai", household=house))
    change(first, "household", house)
    for number, state in ((1, "ended"), (2, "active")):
        right: dict[str, Value] = {"person": LAN, "group": "HTXH", "amount": 540_000, "state": state}
        first.save(*(Edit("entitlement", f"{number}e".rjust(32, "0"), name, v) for name, v in right.items()))
    first.save(*account("a" * 32, LAN, "0011"), *proposal("b" * 32, LAN, "a" * 32))
    first.save(*account("c" * 32, LAN, "0022"), *proposal("d" * 32, LAN, "c" * 32))
    first.save(Edit("proposal", "b" * 32, "state", "withdrawn", "open"))
    with first.write() as connection:
        whole = read_person(connection, LAN)
        assert whole == read_person(connection, 1)
        assert read_person(connection, "9" * 32) is None
    assert whole
    assert whole.household
    assert [member.id for member in whole.household.members] == [LAN, MAI]
    assert whole.household.opened.values["code"] == "H-014"
    assert [right.values["state"] for right in whole.entitlements] == ["active", "ended"]
    standings = [(each.opened.values["number"], each.standing) for each in whole.accounts]
    assert standings == [("0022", "proposed"), ("0011", "withdrawn")]
    assert (whole.row.account, whole.row.amount, whole.row.groups) == ("proposed", 540_000, ("HTXH",))
    assert whole.opened.edits({"phone": "0388000999"})[0].on == 1


def test_a_drive_counts_whom_it_dealt_with(office: tuple[Laptop, Laptop, Centre]) -> None:
    first, _, _ = office
    first.save(*account("a" * 32, LAN, "0011"), *proposal("b" * 32, LAN, "a" * 32), reason="enrolment")
    first.save(*person(MAI, "Lò Thị Mai"), reason="add")
    cash = first.save(Edit("person", MAI, "wish", "cash"), reason="cash")
    began = datetime.fromtimestamp(milliseconds(cash.set.clock) / 1000, UTC)

    def done(since: datetime) -> list[tuple[str, str]]:
        with first.write() as connection:
            return [(each.name, each.how) for each in drive(connection, "m1", since)]

    assert done(datetime.fromtimestamp(0, UTC)) == [("Lò Thị Mai", "cash"), ("Lò Thị Lan", "account")]
    assert done(began) == [("Lò Thị Mai", "cash")]
    first.save(Edit("proposal", "b" * 32, "state", "withdrawn", "open"), reason="undo")
    assert done(datetime.fromtimestamp(0, UTC)) == [("Lò Thị Mai", "cash")]
