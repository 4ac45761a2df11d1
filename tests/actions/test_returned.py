"""What came back to its author: told with both values or the reason, written again, adopted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from sqlalchemy import update

from app.actions import returned as acts
from app.actions.desk import Desk, save
from app.actions.people import add_person
from app.domain.changes import Edit
from app.domain.errors import Refusal
from app.domain.seen import seen
from app.store import disputes, outbox, place, queries, returned
from app.store.central_tables import officer as officers
from app.store.disputes import Dispute
from app.store.returned import Returned
from tests.offices import Commune, change, value


@pytest.fixture
def lan(office: Commune) -> str:
    who = add_person(office.desks[0], {"name": "Lò Thị Lan", "phone": "0388000111"}, "add")
    office.sync(*office.desks)
    return who


def gave_way(desk: Desk) -> list[Dispute]:
    with desk.vault.read() as connection:
        return disputes.gave_way(connection, desk.officer.id)


def refusals(desk: Desk) -> list[Returned]:
    with desk.vault.read() as connection:
        her = desk.officer.id
        assert returned.count(connection, her) == queries.today(connection, her).refused
        return returned.refusals(connection, her)


def lose_standing(office: Commune, desk: Desk) -> None:
    with office.centre.engine.begin() as connection:
        gone = update(officers).where(officers.c.officer == desk.officer.id).values(standing="revoked")
        connection.execute(gone)


def test_a_value_that_gave_way_is_told_to_its_author_and_written_again(office: Commune, lan: str) -> None:
    first, second = office.desks
    change(first, lan, phone="0388000222")
    change(second, lan, phone="0388000333")
    office.sync(first, second, first)
    assert gave_way(second) == []
    (lost,) = gave_way(first)
    assert (lost.came, lost.stands, lost.name) == ("0388000222", "0388000333", "Lò Thị Lan")
    assert acts.write_again(first, lost)
    office.sync(first, second)
    assert gave_way(first) == gave_way(second) == []
    assert value(second, lan, "phone") == "0388000222"


def test_seen_is_seen(office: Commune, lan: str) -> None:
    first, second = office.desks
    change(first, lan, phone="0388000222")
    change(second, lan, phone="0388000333")
    office.sync(first, second, first)
    acts.see_gave_way(first, gave_way(first)[0])
    assert gave_way(first) == []
    assert value(first, lan, "phone") == "0388000333"


@contextmanager
def sitting_at(desk: Desk, officer: Desk) -> Iterator[Desk]:
    """An officer at another laptop than her own."""
    pen = replace(desk.pen, author=officer.officer.id, require=officer.pen.require)
    yield replace(desk, officer=officer.officer, pen=pen)


def test_notices_go_to_the_person_on_whichever_laptop(office: Commune, lan: str) -> None:
    first, second = office.desks
    change(first, lan, phone="0388000222")
    save(first, "x", [Edit("person", lan, "receiving_account", "a" * 32)])
    change(second, lan, phone="0388000333")
    office.sync(first, second, first, second)
    with sitting_at(second, first) as elsewhere:
        (lost,), (refused,) = gave_way(elsewhere), refusals(elsewhere)
        assert (lost.came, refused.why) == ("0388000222", "approval")
        acts.see_gave_way(elsewhere, lost)
        acts.see_refused(elsewhere, refused)
        assert (gave_way(elsewhere), refusals(elsewhere)) == ([], [])
    assert len(gave_way(first)) == len(refusals(first)) == 1
    acts.see_refused(first, refused)  # there as well, before either laptop heard of the other
    office.sync(second, first, second)
    assert (gave_way(first), refusals(first)) == ([], [])
    with first.vault.read() as connection:
        assert returned.waits(connection, first.officer.id) == 0
        assert place.read_text(connection, "in_step") == "yes"


def test_nobody_sees_in_anothers_place(office: Commune, lan: str) -> None:
    first, second = office.desks
    save(first, "x", [Edit("person", lan, "receiving_account", "a" * 32)])
    office.sync(first, second)
    in_her_name = [seen(first.officer.id, refusals(first)[0].seq)]
    with pytest.raises(Refusal, match=r"right\.role"):
        save(second, "x", in_her_name)
    forged = replace(second.pen, require=lambda _connection, _found: None)  # a program that does not ask
    save(replace(second, pen=forged), "x", in_her_name)
    office.sync(second, first)
    assert [each.why for each in refusals(first)] == ["role", "approval"]
    with pytest.raises(Refusal, match=r"returned\.not_open"):
        acts.adopt(second, refusals(second)[0])  # her own would be refused once more


def test_what_needs_a_second_officer_comes_back_with_the_reason(office: Commune, lan: str) -> None:
    first, second = office.desks
    save(first, "x", [Edit("person", lan, "receiving_account", "a" * 32), Edit("person", lan, "note", "n")])
    office.sync(first, second)
    (found,) = refusals(first)
    assert (found.why, found.taken, found.people) == ("approval", True, ("Lò Thị Lan",))
    assert [edit.field for atom in found.atoms for edit in atom.edits] == ["receiving_account"]
    assert refusals(second) == []
    with pytest.raises(Refusal, match=r"returned\.not_open"):
        acts.adopt(first, found)
    acts.see_refused(first, found)
    assert refusals(first) == []
    assert value(first, lan, "note") == "n"


def test_the_work_of_an_officer_who_lost_her_right_can_be_adopted(office: Commune, lan: str) -> None:
    first, second = office.desks
    change(second, lan, phone="0388000444", note="bedridden")
    mai = add_person(second, {"name": "Lò Thị Mai", "birth": "1950"}, "add")
    lose_standing(office, second)
    office.sync(second, first)
    assert value(second, lan, "phone") == "0388000111"
    theirs = refusals(first)
    assert [each.people for each in theirs] == [("Lò Thị Mai",), ("Lò Thị Lan",)]
    assert all(each.is_open_to_adoption for each in theirs)
    for each in theirs:
        assert acts.adopt(first, each)
    office.sync(first, second)
    for desk in office.desks:
        assert value(desk, lan, "note") == "bedridden"
        assert value(desk, mai, "birth") == "1950"
    assert refusals(first) == []


def test_what_stands_already_is_not_written_twice(office: Commune, lan: str) -> None:
    first, second = office.desks
    change(second, lan, note="bedridden")
    change(first, lan, note="bedridden")
    lose_standing(office, second)
    office.sync(first, second, first)
    (found,) = refusals(first)
    assert acts.adopt(first, found)
    with first.vault.read() as connection:
        (waiting,) = outbox.outbox(connection, 1 << 20)
    assert {edit.kind for edit in waiting.set.edits()} == {"seen"}  # nothing else was left to write
    assert refusals(first) == []


def test_what_the_centre_did_not_take_waits_with_its_reason(office: Commune, lan: str) -> None:
    first = office.desks[0]
    change(first, lan, note="x")
    with first.vault.write() as connection:
        (waiting,) = outbox.outbox(connection, 1 << 20)
        outbox.note_not_taken(connection, {waiting.id: "stranger"})
    with first.vault.read() as connection:
        (found,) = returned.not_taken(connection)
    assert (found.why, found.taken, found.people) == ("stranger", False, ("Lò Thị Lan",))
    office.sync(first)
    with first.vault.read() as connection:
        assert returned.not_taken(connection) == []
