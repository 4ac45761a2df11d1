"""Lists, counts and queues against a plain reading of the same people."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, select

from app.domain.changes import Edit
from app.domain.text import sort_key
from app.store import history, queries
from app.store.listing import Listing, Order
from app.store.tables import records
from tests.invented import Invented, people
from tests.registers import make_register
from tests.sync.conversation import Centre, Clock, Laptop, sqlite_engine

EVERYBODY = list(people(900))
HAMLETS = ("Bản Nà Lụa", "Thôn 3", "Thôn 12", "Tổ dân phố số 1")


@pytest.fixture(scope="module")
def commune(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    engine = make_register(tmp_path_factory.mktemp("queries") / "register", EVERYBODY)
    yield engine
    engine.dispose()


@pytest.fixture
def connection(commune: Engine) -> Iterator[Connection]:
    with commune.connect() as connection:
        yield connection


@pytest.fixture
def laptop() -> Iterator[Laptop]:
    laptop = Laptop.new("m1", Clock())
    yield laptop
    laptop.engine.dispose()


def account_of(who: Invented) -> str:
    return who.wish or "none"


def is_left(who: Invented, listing: Listing, without: str = "") -> bool:
    mine = {
        "hamlets": who.hamlet,
        "groups": who.group or "",
        "accounts": account_of(who),
        "states": who.state,
    }
    chips = {chip: getattr(listing, chip) for chip in mine if chip != without}
    return all(not values or mine[chip] in values for chip, values in chips.items())


def listed_ids(connection: Connection, listing: Listing) -> list[str]:
    table = records["person"]
    known = {row.no: row.id for row in connection.execute(select(table.c.no, table.c.id))}
    return [known[no] for no in queries.ids(connection, listing)]


LISTINGS = st.builds(
    Listing,
    hamlets=st.lists(st.sampled_from(HAMLETS), max_size=2).map(tuple),
    groups=st.lists(st.sampled_from(["HTXH", "NKT-N", "TEMC", ""]), max_size=2).map(tuple),
    accounts=st.lists(st.sampled_from(["none", "cash", "proposed"]), max_size=2).map(tuple),
    states=st.lists(st.sampled_from(["active", "died", "moved"]), max_size=2).map(tuple),
)


@given(listing=LISTINGS)
def test_chips_leave_whom_they_name(commune: Engine, listing: Listing) -> None:
    expected = [who for who in EVERYBODY if is_left(who, listing)]
    with commune.connect() as connection:
        found = listed_ids(connection, listing)
        footer = queries.counts(connection, listing)
    assert found == [who.id for who in sorted(expected, key=lambda who: sort_key(who.name))]
    assert footer.people == len(expected)
    assert footer.monthly == sum(who.amount for who in expected if who.group)
    assert footer.without_account == sum(
        account_of(who) == "none" and who.state == "active" for who in expected
    )
    for chip, value_of in CHIPS.items():
        counted = {each.value: each.people for each in getattr(footer, chip)}
        assert counted == tally(value_of(who) for who in EVERYBODY if is_left(who, listing, without=chip))


CHIPS: dict[str, Callable[[Invented], str]] = {
    "hamlets": lambda who: who.hamlet,
    "groups": lambda who: who.group or "",
    "accounts": account_of,
    "states": lambda who: who.state,
}


def tally(values: Iterator[str]) -> dict[str, int]:
    counted: dict[str, int] = {}
    for value in values:
        counted[value] = counted.get(value, 0) + 1
    return counted


def test_text_and_chips_narrow_together(connection: Connection) -> None:
    listing = Listing(hamlets=("Bản Nà Lụa", "Thôn 3"), text="thi")
    found = queries.ids(connection, listing)
    footer = queries.counts(connection, listing)
    assert 0 < footer.people == len(found)
    assert set(found) < set(queries.ids(connection, Listing(text="thi")))
    assert {each.value for each in footer.hamlets} > {"Bản Nà Lụa", "Thôn 3"}
    assert queries.counts(connection, Listing(text="zzz")).people == 0


SORTED_BY: dict[Order, Callable[[Invented], Any]] = {
    Order.BIRTH: lambda who: who.birth,
    Order.GROUP: lambda who: who.group,
    Order.AMOUNT: lambda who: who.amount if who.group else None,
    Order.ACCOUNT: account_of,
    Order.HAMLET: lambda who: queries.hamlet_key(who.hamlet),
}


@pytest.mark.parametrize(("order", "descending"), list(product(SORTED_BY, (False, True))))
def test_a_column_sorts_and_equals_follow_by_name(
    connection: Connection, order: Order, descending: bool
) -> None:
    value_of = SORTED_BY[order]
    by_name = sorted(EVERYBODY, key=lambda who: sort_key(who.name))
    known = [who for who in by_name if value_of(who) is not None]
    expected = sorted(known, key=value_of, reverse=descending) + [w for w in by_name if value_of(w) is None]
    found = listed_ids(connection, Listing(order=order, descending=descending))
    assert found == [who.id for who in expected]


def test_names_backwards(connection: Connection) -> None:
    forwards, backwards = (queries.ids(connection, Listing(descending=down)) for down in (False, True))
    assert forwards[::-1] == backwards
    assert len(forwards) == len(EVERYBODY)


def test_hamlets_stand_as_people_count_them() -> None:
    hamlets = ["Thôn 12", "Thôn 2", "Bản Đon", "Bản Don", "Tổ dân phố số 10", "Tổ dân phố số 9", ""]
    assert sorted(hamlets, key=queries.hamlet_key) == [
        *("", "Bản Don", "Bản Đon", "Thôn 2", "Thôn 12", "Tổ dân phố số 9", "Tổ dân phố số 10")
    ]


def test_rows_come_in_the_order_asked(connection: Connection) -> None:
    nos = queries.ids(connection, Listing(order=Order.BIRTH))
    asked = [*nos[:700], 10**6, nos[0]]
    rows = queries.person_rows(connection, asked)
    assert [row.no if row else None for row in rows] == [*nos[:700], None, nos[0]]
    by_id = {who.id: who for who in EVERYBODY}
    for row in filter(None, rows):
        who = by_id[row.id]
        assert (row.name, row.sex, row.hamlet, row.phone) == (who.name, who.sex, who.hamlet, who.phone)
        assert (row.birth.iso() if row.birth else None, row.state) == (who.birth, who.state)
        assert row.groups == ((who.group,) if who.group else ())
        assert (row.amount, row.account) == (who.amount if who.group else 0, account_of(who))
        assert not row.is_waiting


def test_progress_counts_the_active_and_puts_the_least_done_first(connection: Connection) -> None:
    hamlets = queries.progress(connection)
    active = [who for who in EVERYBODY if who.state == "active"]
    assert {each.hamlet: each.people for each in hamlets} == tally(who.hamlet for who in active)
    assert sum(each.left for each in hamlets) == sum(who.wish != "cash" for who in active)
    done = [1 - each.left / each.people for each in hamlets]
    assert done == sorted(done)


LAN, MAI = "1" * 32, "2" * 32


def person(record: str, name: str, **more: Any) -> list[Edit]:
    return [Edit("person", record, field, value) for field, value in {"name": name, **more}.items()]


def account(record: str, owner: str, number: str) -> list[Edit]:
    return [
        Edit("account", record, "person", owner),
        Edit("account", record, "provider", "970449"),
        Edit("account", record, "number", number),
    ]


def proposal(record: str, owner: str, wanted: str) -> list[Edit]:
    wants = f'[["person","{owner}","receiving_account","{wanted}",null]]'
    return [
        Edit("proposal", record, "person", owner),
        Edit("proposal", record, "subject", "account"),
        Edit("proposal", record, "wants", wants),
        Edit("proposal", record, "state", "open"),
    ]


def test_a_row_waits_until_the_centre_has_it(laptop: Laptop) -> None:
    centre = Centre.new(sqlite_engine(), Clock())
    centre.enrol(laptop)
    laptop.save(*person(LAN, "Lò Thị Lan"), *person(MAI, "Lò Thị Mai"))

    def waiting() -> list[bool]:
        with laptop.write() as connection:
            by_name = queries.ids(connection, Listing())
            return [bool(row and row.is_waiting) for row in queries.person_rows(connection, by_name)]

    assert waiting() == [True, True]
    laptop.sync(centre)
    assert waiting() == [False, False]
    laptop.save(*account("a" * 32, MAI, "0011"), *proposal("b" * 32, MAI, "a" * 32))
    assert waiting() == [False, True]
    laptop.sync(centre)
    assert waiting() == [False, False]
    centre.engine.dispose()


def test_who_is_paid_at_a_number(laptop: Laptop) -> None:
    laptop.save(*person(LAN, "Lò Thị Lan", household="4" * 32), *person(MAI, "Lò Thị Mai"))
    laptop.save(*account("a" * 32, MAI, "0011"), *proposal("b" * 32, MAI, "a" * 32))
    laptop.save(*account("c" * 32, LAN, "0011"), *proposal("d" * 32, LAN, "c" * 32))
    laptop.save(*account("e" * 32, LAN, "0022"))
    with laptop.write() as connection:
        assert queries.people_paid_at(connection, "970449", "0011") == [
            queries.PaidAt(LAN, "Lò Thị Lan", "4" * 32, "", open=True),
            queries.PaidAt(MAI, "Lò Thị Mai", None, "", open=True),
        ]
        assert queries.people_paid_at(connection, "970449", "0022") == []
        assert queries.people_paid_at(connection, "970436", "0011") == []
    laptop.save(Edit("proposal", "b" * 32, "state", "withdrawn", "open"))
    with laptop.write() as connection:
        assert [who.person for who in queries.people_paid_at(connection, "970449", "0011")] == [LAN]


def test_today_counts_what_waits(laptop: Laptop) -> None:
    laptop.save(
        *person(LAN, "Lò Thị Lan"), *person(MAI, "Lò Thị Mai"), *person("3" * 32, "Lò Ún", wish="cash")
    )
    laptop.save(*account("a" * 32, MAI, "0011"), *proposal("b" * 32, MAI, "a" * 32))
    with laptop.write() as connection:
        waiting = queries.today(connection, "")
    assert waiting == queries.Today(
        without_account=1,
        proposals=1,
        duplicates=0,
        merges=0,
        conflicts=0,
        overwritten=0,
        refused=0,
        imports=0,
        surveys=0,
    )
    assert waiting.total == 1
    laptop.save(Edit("person", LAN, "state", "died", "active"))
    with laptop.write() as connection:
        assert queries.today(connection, "").without_account == 0
        assert queries.counts(connection, Listing()).without_account == 0


def test_a_set_is_read_back_by_its_id(laptop: Laptop) -> None:
    saved = laptop.save(*person(LAN, "Lò Thị Lan"))
    with laptop.write() as connection:
        assert history.change_set(connection, saved.id) == saved.set
        with pytest.raises(LookupError):
            history.change_set(connection, "00" * 32)
