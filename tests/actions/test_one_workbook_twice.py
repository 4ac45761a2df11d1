"""Two laptops without a link import one workbook: one batch proposal finds every double and nobody else."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.actions import duplicates
from app.actions.desk import Desk
from app.actions.importing import reviewing
from app.actions.importing.writing import write
from app.actions.people import add_person
from app.domain.errors import Refusal
from app.domain.progress import Progress
from app.store import alike, merges, queries, twins
from app.store.listing import Listing
from app.store.twins import Couple
from tests.actions.importing.books import write_book
from tests.invented import Invented, people
from tests.offices import Commune, change

PROGRESS = Progress()
SOME = [who for who in people(400, seed=5) if who.birth and who.personal_id and len(who.birth) > 4][:60]
NAMELESS = [who for who in people(400, seed=5) if who.birth and not who.personal_id and not who.old_id][:5]


def row(number: int, who: Invented) -> list[object]:
    birth = "/".join(reversed((who.birth or "").split("-")))
    sex = {"male": "Nam", "female": "Nữ"}.get(str(who.sex), "")
    return [number, who.name, birth, sex, who.personal_id or "", "", who.hamlet, "Hưu trí xã hội", 540000, ""]


def imported(desk: Desk, book: Path) -> None:
    written = write(PROGRESS, desk, reviewing.read(PROGRESS, desk, book))
    assert written.people == len(SOME) + len(NAMELESS)


def couples(desk: Desk) -> list[Couple]:
    duplicates.compare(PROGRESS, desk)
    with desk.vault.read() as connection:
        return twins.couples(connection, alike.open_pairs(connection))


def numbers(found: list[Couple]) -> list[str]:
    return sorted(str(couple.one.values["personal_id"]) for couple in found)


@pytest.fixture
def twice(office: Commune, tmp_path: Path) -> Commune:
    book = write_book(tmp_path / "list.xlsx", [row(at, who) for at, who in enumerate([*SOME, *NAMELESS], 1)])
    first, second = office.desks
    for desk in office.desks:
        imported(desk, book)
        assert couples(desk) == []
    by_hand = {"name": "Nguyễn Thị Xuân", "birth": "1950-02-03", "personal_id": "014150777777"}
    for desk in office.desks:
        add_person(desk, by_hand, "add")
    with second.vault.read() as connection:
        theirs = queries.person_rows(connection, queries.ids(connection, Listing()))
    corrected = next(who for who in theirs if who and who.personal_id == SOME[0].personal_id)
    change(second, corrected.id, "her card", birth="1950-12-31")
    phoned = next(who for who in theirs if who and who.personal_id == SOME[1].personal_id)
    change(second, phoned.id, phone="0388000111")
    office.sync(first, second, first)
    return office


def test_every_double_and_nobody_else(twice: Commune) -> None:
    first, second = twice.desks
    doubles = sorted(str(who.personal_id) for who in SOME[1:])
    for desk in twice.desks:
        assert numbers(couples(desk)) == doubles
        with desk.vault.read() as connection:
            assert (
                queries.today(connection, desk.officer.id).duplicates >= len(doubles) + 2
            )  # by hand, corrected: one by one
    batch = duplicates.batch(couples(first))
    assert len(batch) == len(doubles)
    phoned = next(m for m in batch if m.survivor.values["personal_id"] == SOME[1].personal_id)
    assert phoned.survivor.values["phone"] == "0388000111"
    for desk in twice.desks:  # apart, so both do
        duplicates.propose(desk, duplicates.batch(couples(desk)), "one workbook twice")
        assert couples(desk) == []
    with pytest.raises(Refusal, match=r"duplicates\.proposed"):
        duplicates.propose(first, duplicates.batch(_all_again(first)), "twice")
    twice.sync(first, second, first)
    for desk in twice.desks:
        assert couples(desk) == []
        with desk.vault.read() as connection:
            waiting = merges.open_merges(connection)
            assert [(len(each.people), each.has_moved) for each in waiting] == 2 * [(len(doubles), False)]
            assert {*waiting[0].people} == {*waiting[1].people}  # both keep the same records
            assert queries.today(connection, desk.officer.id).merges == 2


def _all_again(desk: Desk) -> list[Couple]:
    """As a list that was read before the proposal was saved."""
    with desk.vault.read() as connection:
        waiting = merges.open_merges(connection)[0]
        known = twins.candidates(connection, {record for pair in waiting.people for record in pair})
    like = alike.Like("", "", "", 100, (), ("", ""), "")
    return [Couple(like, known[one], known[other]) for one, other in waiting.people]
