"""Who is left of an assignment, how far it has come, what visits say, and what a surveyor sees of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Connection

from app.actions.desk import Desk, save, sight
from app.actions.surveying.assigning import Visit, assign, note_visit
from app.domain.dates import PartialDate
from app.domain.records import Value
from app.store import assignments, queries
from app.store.assignments import Assigned, Left
from app.store.fillings import About
from app.store.opened import Opened

FORM, OTHER = "hoi_ho", "phieu_khac"
NA_LUA, CO_MA = "Bản Nà Lụa", "Bản Co Mạ"
HOUSES = {"1": ("Cà Văn Inh", NA_LUA), "2": ("Lò Thị Lả", NA_LUA), "3": ("Vì Văn Sơn", CO_MA)}
ABOUTS = {FORM: "household", "tung_nguoi": "person"}


def put(desk: Desk, kind: str, record: str, **values: Value) -> None:
    save(desk, "test", Opened(kind, record).edits(values))


def handed_in(desk: Desk, record: str, form: str = FORM, **about: str) -> None:
    said = {"form": form, "state": "active", "instance": f"uuid:{record[:8]}", **about}
    put(desk, "submission", record, **said)


@pytest.fixture
def commune(desk: Desk) -> Desk:
    """Three households of one person each, in two hamlets."""
    for key, (name, hamlet) in HOUSES.items():
        head, house = key * 32, f"a{key * 31}"
        put(desk, "person", head, name=name, hamlet=hamlet, state="active", household=house)
        put(desk, "household", house, head=head, hamlet=hamlet, address=f"Số {key}", state="active")
    return desk


def house(key: str) -> About:
    name, hamlet = HOUSES[key]
    return About(f"a{key * 31}", key * 32, hamlet, name)


def given(desk: Desk, to: Sequence[About], form: str = FORM, officer: str = "") -> None:
    assign(desk, form, to, officer or desk.officer.id)


def read(desk: Desk) -> list[Assigned]:
    with desk.vault.read() as connection:
        return assignments.assigned(connection, ABOUTS)


def who(desk: Desk, at: int = 0) -> list[Left]:
    with desk.vault.read() as connection:
        opened = assignments.assigned(connection, ABOUTS)[at].opened
        return assignments.left(connection, opened, ABOUTS[str(opened.values["form"])])


def test_a_hamlet_has_come_as_far_as_was_handed_in(commune: Desk) -> None:
    given(commune, [About(hamlet=NA_LUA)])
    assert [(each.done, each.total) for each in read(commune)] == [(0, 2)]
    handed_in(commune, "b" * 32, household=house("1").household)
    handed_in(commune, "c" * 32, household=house("1").household, corrects="uuid:bbbbbbbb")
    handed_in(commune, "d" * 32, OTHER, household=house("2").household)
    handed_in(commune, "e" * 32, household=house("2").household)
    put(commune, "submission", "e" * 32, state="entered_by_mistake")
    assert [(each.done, each.total) for each in read(commune)] == [(1, 2)]
    assert [(each.household, each.name, each.address) for each in who(commune)] == [
        (house("2").household, "Lò Thị Lả", "Số 2")
    ]
    with commune.vault.read() as connection:
        assert assignments.by_hamlet(connection, FORM, "household") == [(CO_MA, 0, 1), (NA_LUA, 1, 2)]


def test_one_household_and_persons_of_a_hamlet(commune: Desk) -> None:
    given(commune, [house("3")])
    given(commune, [About(hamlet=NA_LUA)], "tung_nguoi")
    assert [(each.done, each.total) for each in read(commune)] == [(0, 1), (0, 2)]
    handed_in(commune, "b" * 32, household=house("3").household)
    handed_in(commune, "c" * 32, "tung_nguoi", person="1" * 32)
    assert [(each.done, each.total) for each in read(commune)] == [(1, 1), (1, 2)]
    assert who(commune, 0) == []
    assert [(each.household, each.person) for each in who(commune, 1)] == [("", "2" * 32)]


def test_who_ended_is_not_asked(commune: Desk) -> None:
    given(commune, [About(hamlet=NA_LUA), house("1")])
    put(commune, "household", house("1").household, state="ended")
    assert [each.name for each in who(commune)] == ["Lò Thị Lả"]
    assert [(each.done, each.total) for each in read(commune)] == [(0, 1), (0, 0)]


def test_whoever_stands_for_somebody_who_was_asked_is_not_asked_again(commune: Desk) -> None:
    goes, stays, other = "1" * 32, "2" * 32, "3" * 32
    put(commune, "person", other, hamlet=NA_LUA)
    given(commune, [About(hamlet=NA_LUA), About(person=stays, hamlet=NA_LUA)], "tung_nguoi")
    handed_in(commune, "b" * 32, "tung_nguoi", person=goes)
    assert [(each.done, each.total) for each in read(commune)] == [(1, 3), (0, 1)]
    put(commune, "alias", goes, survivor=stays)
    assert [(each.done, each.total) for each in read(commune)] == [(1, 2), (1, 1)]
    assert [each.person for each in who(commune)] == [other]
    handed_in(commune, "c" * 32, "tung_nguoi", person=stays)
    assert [(each.done, each.total) for each in read(commune)] == [(1, 2), (1, 1)]
    with commune.vault.read() as connection:
        assert (NA_LUA, 1, 2) in assignments.by_hamlet(connection, "tung_nguoi", "person")


def test_many_assignments_are_counted_together(commune: Desk) -> None:
    """A hundred households given one by one ask the register no more than one does: each save counts them."""

    def asked() -> int:
        with commune.vault.read() as connection:
            return len(statements(connection, lambda: assignments.waiting(connection, commune.officer.id)))

    given(commune, [house("1")])
    one = asked()
    given(commune, [house("2"), house("3")])
    assert asked() == one


def test_whom_somebody_is_to_meet_again_comes_first_with_the_last_visit(commune: Desk) -> None:
    given(commune, [About(hamlet=NA_LUA)])
    later = PartialDate(2199, 1, 2)
    note_visit(commune, FORM, house("2"), Visit("absent"))
    note_visit(commune, FORM, house("2"), Visit("refused", later))
    note_visit(commune, OTHER, house("1"), Visit("moved"))
    first, second = who(commune)
    told = (first.name, first.visits, first.outcome, first.again)
    assert told == ("Lò Thị Lả", 2, "refused", later.iso())
    assert (second.name, second.visits, second.outcome) == ("Cà Văn Inh", 0, "")


def test_one_of_them_is_found_while_she_waits(commune: Desk) -> None:
    given(commune, [About(hamlet=NA_LUA)])
    opened = read(commune)[0].opened
    with commune.vault.read() as connection:
        found = assignments.left_one(connection, opened, "household", house("1").household)
        assert found is not None
        assert found.name == "Cà Văn Inh"
        assert assignments.left_one(connection, opened, "household", house("3").household) is None


def test_today_counts_her_own_households_and_persons(commune: Desk) -> None:
    given(commune, [About(hamlet=NA_LUA)])
    given(commune, [About(hamlet=CO_MA)], officer="e" * 32)
    with commune.vault.read() as connection:
        assert queries.today(connection, commune.officer.id).surveys == 2
        assert queries.today(connection, "e" * 32).surveys == 1


def test_a_surveyor_sees_the_assignments_of_her_hamlets_alone(commune: Desk) -> None:
    given(commune, [About(hamlet=NA_LUA), About(hamlet=CO_MA), house("3")])
    note_visit(commune, FORM, house("3"), Visit("absent"))
    hers = replace(commune, officer=replace(commune.officer, roles=("surveyor",), scope=(NA_LUA,)))
    commune.vault.bound(sight(hers), hers.officer.id)
    assert [each.opened.values["hamlet"] for each in read(hers)] == [NA_LUA]
    assert {each.hamlet for each in who(hers)} == {NA_LUA}
    with hers.vault.read() as connection:
        assert assignments.by_hamlet(connection, FORM, "household") == [(NA_LUA, 0, 2)]


@pytest.mark.parametrize("form", ABOUTS)
def test_visits_and_submissions_are_found_by_an_index(commune: Desk, form: str) -> None:
    """A commune has 20,000 households: who is left of a hamlet is no product of two lists."""
    given(commune, [About(hamlet=NA_LUA)], form)
    opened = read(commune)[0].opened
    with commune.vault.read() as connection:
        said = plans(connection, lambda: assignments.left(connection, opened, ABOUTS[form]))
    scanned = [line.partition(" USING")[0] for line in said if line.startswith("SCAN")]
    assert scanned == [f"SCAN {ABOUTS[form]}"]
    subject = ABOUTS[form]
    assert any(f"submission_by_{subject} ({subject}=? AND form=? AND state=?)" in line for line in said)
    assert not any("submission_by_form" in line for line in said)  # of each of them, all of its fillings
    assert any(f"visit_by_{subject} ({subject}=? AND form=?)" in line for line in said)


def plans(connection: Connection, asked: Callable[[], object]) -> list[str]:
    """How SQLite goes about what is asked last meanwhile."""
    statement, parameters = statements(connection, asked)[-1]
    assert isinstance(parameters, tuple)
    rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
    return [str(row[3]) for row in rows]


def statements(connection: Connection, asked: Callable[[], object]) -> list[tuple[str, object]]:
    """What is asked of the register meanwhile."""
    found: list[tuple[str, object]] = []

    def heard(_c: object, _cursor: object, statement: str, parameters: object, *_rest: object) -> None:
        found.append((statement, parameters))

    event.listen(connection, "before_cursor_execute", heard)
    asked()
    event.remove(connection, "before_cursor_execute", heard)
    return found
