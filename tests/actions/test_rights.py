"""A role is asked before anything is signed: who may write what, and where."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.actions import people
from app.actions.desk import Desk
from app.domain.errors import Refusal
from app.domain.roles import Author
from app.store import outbox
from app.store.opened import open_record
from app.store.rights import guarding

PERSON = {"name": "Lò Thị Pánh", "birth": "1948", "hamlet": "Bản Nà Lụa"}


def as_role(desk: Desk, role: str, *hamlets: str) -> Desk:
    may = guarding(desk.reference.rights, lambda _now: Author(desk.officer.id, (role,), hamlets))
    return replace(desk, pen=replace(desk.pen, require=may))


def change(desk: Desk, person: str, **values: str) -> None:
    with desk.vault.read() as connection:
        opened = open_record(connection, "person", person)
    assert opened is not None
    people.change_record(desk, opened, values, "correction")


def waiting(desk: Desk) -> int:
    with desk.vault.read() as connection:
        return outbox.waiting(connection)


@pytest.mark.parametrize("role", ["auditor", "administrator", "nobody"])
def test_who_writes_nothing_saves_nothing(desk: Desk, role: str) -> None:
    person = people.add_person(desk, PERSON, "add")
    before = waiting(desk)
    for work in (
        lambda: change(as_role(desk, role), person, phone="0388000111"),
        lambda: people.add_person(as_role(desk, role), PERSON, "add"),
    ):
        with pytest.raises(Refusal, match=r"right\.role"):
            work()
    assert waiting(desk) == before


def test_a_surveyor_writes_what_she_sees_in_her_own_hamlets(desk: Desk) -> None:
    person = people.add_person(desk, PERSON, "add")
    hers, anothers = as_role(desk, "surveyor", "Bản Nà Lụa"), as_role(desk, "surveyor", "Bản Co Mạ")
    change(hers, person, phone="0388000111")
    with pytest.raises(Refusal, match=r"right\.role"):
        change(hers, person, personal_id="014148032213")
    with pytest.raises(Refusal, match=r"right\.place"):
        change(anothers, person, phone="0388000222")
    with pytest.raises(Refusal, match=r"right\.place"):
        change(hers, person, hamlet="Bản Co Mạ")  # nor may she carry somebody out of it
    with desk.vault.read() as connection:
        opened = open_record(connection, "person", person)
    assert opened is not None
    assert opened.values["phone"] == "0388000111"
