"""Beneath a surveyor's or an administrator's desk, no query returns anybody who is not hers to see."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest
from sqlalchemy import Connection, select

from app.actions import drive, duplicates, lists, own_data, people, verifying
from app.actions import exchange as speaking
from app.actions.breach import Span, prepare
from app.actions.desk import Desk, require_everybody, sight
from app.actions.handover import what_goes
from app.actions.officers import change_password
from app.domain.changes import lone
from app.domain.errors import Refusal
from app.domain.progress import Progress
from app.domain.records import Value
from app.store import dossier, history, outbox, queries, returned, unit
from app.store.disputes import conflicts
from app.store.drafts import keep
from app.store.listing import Listing, Order
from app.store.opened import open_record
from app.store.tables import records, replica
from app.ui.person.draft import Kept, keep_draft
from app.ui.person.file import read_file
from tests.desks import PASSWORD, enrolled

HERS, NOT_HERS = "Bản Nà Lụa", "Bản Co Mạ"
ILLNESS, NUMBER, PHONE = "TE-HIV", "014148032213", "0388777001"
# Bytes of sets and of what lies beneath edits that wait: read only through what is bounded here.
_OF_SETS = {"changes", "accepted", "replaced", "filling", "audit", "spelling", "place"}


def as_role(desk: Desk, role: str, *hamlets: str) -> Desk:
    """The same desk for an officer of another role; the register shows her what is hers."""
    made = replace(desk, officer=replace(desk.officer, roles=(role,), scope=hamlets))
    desk.vault.bound(sight(made), made.officer.id)
    return made


def add(desk: Desk, name: str, hamlet: str, **values: str) -> str:
    known = {"name": name, "birth": "1948", "hamlet": hamlet, "disability": "heavy", **values}
    group: dict[str, Value] = {"group": ILLNESS, "amount": 1_350_000, "since": "2024-01"}
    return people.add_person(desk, known, "add", group)


@pytest.fixture
def two(desk: Desk) -> tuple[str, str]:
    """Somebody in the surveyor's hamlet, and somebody in another, whose account waits."""
    hers = add(desk, "Lò Thị Pánh", HERS)
    other = add(desk, "Lò Thị Kín", NOT_HERS, personal_id=NUMBER, phone=PHONE)
    enrolled(desk, other, "LO THI KIN")
    with desk.vault.write() as connection:
        for subject in ("import:1:open", "drive", "slip/1", f"person:{hers}", "drive@somebody"):
            keep(connection, subject, b"Lo Thi Kin")
    return hers, other


def asked_everywhere(connection: Connection) -> str:
    """All that lists, searches and counts say of whom they show."""
    said: list[object] = []
    for order in Order:
        for text in ("", "lo thi", "kin", NUMBER, PHONE, "lò thị kín 1948"):
            found = queries.listed(connection, Listing(text=text, order=order))
            said += [queries.person_rows(connection, [*found.nos, *found.approximate])]
    said += [queries.counts(connection, Listing()), queries.progress(connection)]
    said += [queries.people_paid_at(connection, "BIDV", "12610001845")]
    return repr(said)


def test_a_surveyor_finds_whom_she_was_given(desk: Desk, two: tuple[str, str]) -> None:
    hers, other = two
    with as_role(desk, "surveyor", HERS).vault.read() as connection:
        said = asked_everywhere(connection)
        assert "Pánh" in said
        assert "Kín" not in said
        assert NOT_HERS not in said
        assert dossier.person(connection, other) is None
        assert open_record(connection, "person", other) is None
        assert history.history(connection, other) == []
        assert conflicts(connection, {other}) == []
        found = dossier.person(connection, hers)
        assert found is not None
        assert queries.counts(connection, Listing()).people == 1


def test_what_she_asks_within_is_what_an_officer_gets_of_hers(desk: Desk, two: tuple[str, str]) -> None:
    """Search narrows by her hamlets to be quick: no answer is another for that."""
    third = add(desk, "Lò Thị Lả", HERS)
    asked = [
        Listing(text=text, hamlets=hamlets, order=order)
        for text in ("", "lo thi", "panh", "lo thi pan", "kin")
        for hamlets in ((), (HERS,), (NOT_HERS,), (HERS, NOT_HERS))
        for order in Order
    ]
    with desk.vault.read() as connection:
        hers = set(queries.ids(connection, Listing(hamlets=(HERS,))))
        expected = [[no for no in queries.ids(connection, each) if no in hers] for each in asked]
    with as_role(desk, "surveyor", HERS).vault.read() as connection:
        assert len(queries.ids(connection, Listing())) == 2
        for listing, found in zip(asked, expected, strict=True):
            assert queries.ids(connection, listing) == found, listing
        assert dossier.person(connection, third) is not None


def all_hers(connection: Connection) -> bool:
    """Whether this reading looks nobody up."""
    asked = "SELECT count(*) FROM temp.sight WHERE what = 'all'"
    return connection.exec_driver_sql(asked).scalar() == 1


def test_given_every_hamlet_she_gets_what_an_officer_gets_and_nobody_is_looked_up(
    desk: Desk, two: tuple[str, str]
) -> None:
    asked = [
        Listing(text=text, order=order) for text in ("", "lo thi", "kin", "lo thi pan") for order in Order
    ]
    with desk.vault.read() as connection:
        expected = [queries.ids(connection, each) for each in asked]
    bounded = as_role(desk, "surveyor", HERS, NOT_HERS)
    for reading in (bounded.vault.read, bounded.vault.page):
        with reading() as connection:
            assert all_hers(connection)
            assert [queries.ids(connection, each) for each in asked] == expected
    with as_role(desk, "surveyor", HERS).vault.read() as connection:
        assert not all_hers(connection)


@pytest.mark.parametrize("elsewhere", ["Bản Xa", "A Pa Chải", None])
@pytest.mark.parametrize("state", ["active", "moved", None])
def test_whoever_comes_to_live_outside_shows_to_her_no_moment(
    desk: Desk, two: tuple[str, str], elsewhere: str | None, state: str | None
) -> None:
    """A hamlet that another laptop brought after she came in; and somebody of whom none is known."""
    bounded = as_role(desk, "surveyor", HERS, NOT_HERS)
    with bounded.vault.read() as connection:
        before = queries.ids(connection, Listing())
        assert all_hers(connection)
    with desk.vault.write() as connection:
        opened = open_record(connection, "person", two[1])
        assert opened is not None
        atoms = lone(opened.edits({"hamlet": elsewhere, "state": state}))
        unit.save(connection, replace(desk.pen, require=lambda *_: None), "correction", atoms)
    with bounded.vault.read() as connection:
        assert not all_hers(connection)
        assert len(queries.ids(connection, Listing())) == len(before) - 1
        assert "Kín" not in asked_everywhere(connection)


def test_illness_does_not_show_to_her(desk: Desk, two: tuple[str, str]) -> None:
    hers, _other = two
    with as_role(desk, "surveyor", HERS).vault.read() as connection:
        said = repr((dossier.person(connection, hers), history.history(connection, hers)))
        assert "Pánh" in said
        assert ILLNESS not in said
        assert "heavy" not in said
        assert "1350000" not in said
        assert ILLNESS not in asked_everywhere(connection)
        assert queries.counts(connection, Listing()).monthly == 0


@pytest.mark.parametrize(("role", "hamlets"), [("administrator", ()), ("surveyor", ("Bản Xa",)), ("", ())])
def test_who_is_given_nobody_sees_nobody(
    desk: Desk, two: tuple[str, str], role: str, hamlets: tuple[str, ...]
) -> None:
    with as_role(desk, role, *hamlets).vault.read() as connection:
        for name, table in records.items():
            assert not connection.execute(select(table)).all(), name
        assert queries.ids(connection, Listing()) == []
        waiting = queries.today(connection, desk.officer.id)
        assert waiting.total == waiting.without_account == 0
        assert returned.not_taken(connection) == []


def test_no_table_that_a_query_reads_holds_whom_she_does_not_see(desk: Desk, two: tuple[str, str]) -> None:
    """Table by table, so that one that comes later is asked too."""
    bounded = as_role(desk, "surveyor", HERS)
    for reading in (bounded.vault.read, bounded.vault.page):
        with reading() as connection:
            for name, table in replica.tables.items():
                if name not in _OF_SETS:
                    said = repr(connection.execute(select(table)).all())
                    assert not any(word in said for word in ("Kín", "Kin", NUMBER, PHONE, two[1])), name


def test_what_others_type_is_not_hers_and_hers_is_kept(desk: Desk, two: tuple[str, str]) -> None:
    """At a shared laptop: who sits at the table, slips that wait, a form half typed with an illness."""
    hers, other = two
    progress = Progress()
    seated = drive.resume(progress, desk).seat(drive.Entered(other, "Lò Thị Kín", number="1"))
    drive.keep(progress, desk, seated)
    drive.keep_slip(progress, desk, "7", b"Lo Thi Kin")
    keep_draft(progress, desk, f"person:{hers}", packed_draft(hers))
    bounded = as_role(desk, "surveyor", HERS)
    assert drive.resume(progress, bounded).everybody == ()
    assert drive.slips_kept(progress, bounded) == []
    assert read_file(progress, bounded, hers).drafts == {}
    mine = drive.resume(progress, bounded).seat(drive.Entered(hers, "Lò Thị Pánh", number="2"))
    drive.keep(progress, bounded, mine)
    drive.keep_slip(progress, bounded, "8", b"Lo Thi Panh")
    keep_draft(progress, bounded, f"person:{hers}", packed_draft(hers))
    assert [each.person for each in drive.resume(progress, bounded).everybody] == [hers]
    assert drive.slips_kept(progress, bounded) == [b"Lo Thi Panh"]
    assert list(read_file(progress, bounded, hers).drafts) == [f"person:{hers}"]
    drive.slip_went(progress, bounded, "8")
    keep_draft(progress, bounded, f"person:{hers}", None)
    assert drive.slips_kept(progress, bounded) == []
    assert read_file(progress, bounded, hers).drafts == {}
    whole = as_role(desk, "officer")
    assert [each.person for each in drive.resume(progress, whole).everybody] == [other]
    assert drive.slips_kept(progress, whole) == [b"Lo Thi Kin", b"Lo Thi Kin"]
    assert list(read_file(progress, whole, hers).drafts) == [f"person:{hers}"]


def packed_draft(person: str) -> bytes:
    typed = {"disability": "heavy"}
    return msgspec.msgpack.encode(Kept("person", person, {}, {}, typed, ""))


def test_what_carries_and_looks_over_reads_all(desk: Desk, two: tuple[str, str]) -> None:
    """A surveyor's or an administrator's laptop syncs, hands over and verifies like any other."""
    for bounded in (as_role(desk, "surveyor", HERS), as_role(desk, "administrator")):
        assert speaking.link_state(Progress(), bounded).waiting == 3
        assert what_goes(Progress(), bounded).sets == 3
        assert verifying.look_over(Progress(), bounded).faults == ()
        duplicates.compare(Progress(), bounded)
        with bounded.vault.whole() as connection:
            assert outbox.waiting(connection) == 3
            assert len(queries.ids(connection, Listing())) == 2


def test_what_is_told_of_all_is_not_made_of_a_part(desk: Desk, two: tuple[str, str]) -> None:
    bounded = as_role(desk, "surveyor", HERS)
    now = desk.clock.now()
    for work in (
        lambda: require_everybody(bounded, "list"),
        lambda: lists.accounts_in_force(Progress(), bounded),
        lambda: own_data.gather(Progress(), bounded, two[0]),
        lambda: prepare(Progress(), bounded, Span(now, now, now)),
    ):
        with pytest.raises(Refusal, match=r"right\.sight"):
            work()
    with pytest.raises(Refusal, match=r"record\.gone"):
        people.reveal(bounded, "person", two[1], "personal_id")


def test_the_sight_outlives_another_key(desk: Desk, two: tuple[str, str]) -> None:
    bounded = as_role(desk, "surveyor", HERS)
    change_password(Progress(), bounded, PASSWORD, "con trâu đi sau cái cày")
    with bounded.vault.read() as connection:
        assert queries.counts(connection, Listing()).people == 1
    with bounded.vault.write() as connection:
        assert len(queries.ids(connection, Listing())) == 2
