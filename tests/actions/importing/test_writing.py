"""An import in a real register: one transaction, one set a person, nothing overwritten, nothing twice."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.actions.accounts import Enrolment, enrol
from app.actions.desk import Desk
from app.actions.importing import reviewing
from app.actions.importing.around import look_around
from app.actions.importing.facts import Answer, How, Review
from app.actions.importing.writing import write
from app.actions.people import add_person, change_record
from app.domain import reasons
from app.domain.errors import Cancelled, Refusal
from app.domain.progress import Progress
from app.domain.records import Value
from app.store import audit, dossier, imports, outbox, queries
from app.store.listing import Listing
from app.store.opened import open_record
from app.store.tables import records
from tests.actions.importing.books import LINE, PEOPLE, PLAIN, write_book
from tests.actions.importing.conftest import Look
from tests.actions.importing.test_reviewing import fates, point


def people(desk: Desk) -> dict[str, dossier.Person]:
    with desk.vault.read() as connection:
        ids = [
            row.id
            for row in queries.person_rows(connection, queries.ids(connection, Listing()))
            if row is not None
        ]
        found = [dossier.person(connection, record) for record in ids]
    return {person.row.name: person for person in found if person is not None}


def values_of(desk: Desk, record: str) -> Mapping[str, Value]:
    with desk.vault.read() as connection:
        opened = open_record(connection, "person", record)
    assert opened is not None
    return opened.values


def waiting(desk: Desk) -> int:
    with desk.vault.read() as connection:
        return outbox.waiting(connection)


def test_one_set_a_person_and_all_bear_one_id(desk: Desk, look: Look) -> None:
    written = write(Progress(), desk, look(PEOPLE))
    assert (written.people, written.accounts, written.asked) == (3, 1, 2)
    with desk.vault.read() as connection:
        sets = imports.sets_of(connection, written.id)
        (past,) = imports.past(connection)
        log = audit.head(connection).no
        assert audit.verify(connection) is None
    assert [sum(e.field == "name" for e in each.edits()) for each in sets] == [1, 1, 1]
    assert {each.reason for each in sets} == {reasons.of_batch("import", written.id)}
    assert (past.id, past.people, past.is_withdrawn) == (written.id, 3, False)
    assert log >= len(sets)


def test_what_is_written_is_what_was_read(desk: Desk, look: Look) -> None:
    write(Progress(), desk, look(PEOPLE))
    her = people(desk)["Lò Thị Pánh"]
    assert (her.row.amount, her.row.groups, her.row.account) == (540_000, ("HTXH",), "proposed")
    assert her.opened.values["name_typed"] == "LÒ THỊ PÁNH"
    assert her.opened.values.get("receiving_account") is None  # nothing is in force
    assert [account.standing for account in her.accounts] == ["proposed"]


def test_importing_the_same_file_again_changes_nothing(desk: Desk, look: Look) -> None:
    review = look(PEOPLE)
    answered = reviewing.answer(desk, review, reviewing.suggested(review, review.every_point()))
    assert write(Progress(), desk, answered).people == 5
    before = waiting(desk)
    again = look(PEOPLE)
    assert set(fates(again)) == {"known"}
    with pytest.raises(Refusal, match=r"import\.nothing"):
        write(Progress(), desk, again)
    assert waiting(desk) == before
    assert look_around(Progress(), desk).unfinished == ()


def test_the_same_people_in_another_file_change_nothing(desk: Desk, look: Look) -> None:
    write(Progress(), desk, look(PLAIN))
    assert fates(look(tuple(reversed(PLAIN)))) == ["known"] * 3


def test_blanks_are_filled_and_what_stands_stays_unless_taken(desk: Desk, look: Look) -> None:
    stands = {"name": "Lò Thị Pánh", "personal_id": LINE, "birth": "1948-03-15", "hamlet": "Bản Pom Khoang"}
    record = add_person(desk, stands, "add")
    review = look(PLAIN[:1])
    birth = point(review, "register_says", "birth")
    keep = reviewing.answer(desk, review, [(birth, Answer(How.KEEP))])
    written = write(Progress(), desk, keep)
    assert (written.people, written.updated) == (0, 1)
    now = values_of(desk, record)
    assert (now["birth"], now["hamlet"], now["phone"]) == ("1948-03-15", "Bản Pom Khoang", "0388123417")
    again = look(PLAIN[:1])  # the answer is remembered for this file
    assert fates(again) == ["known"]
    take = reviewing.answer(desk, again, [(point(again, "register_says", "birth"), Answer(How.TAKE))])
    write(Progress(), desk, take)
    assert values_of(desk, record)["birth"] == "1948-03-12"
    assert fates(look(PLAIN[:1])) == ["known"]


def test_left_out_rows_and_unanswered_ones_are_not_written(desk: Desk, look: Look) -> None:
    review = look(PEOPLE)
    row = next(each for each in review.points[0] if each.topic == "row")
    written = write(Progress(), desk, reviewing.answer(desk, review, [(row, Answer(How.SKIP, "đã chuyển"))]))
    assert (written.people, written.skipped, written.asked) == (2, 1, 2)
    assert set(people(desk)) == {"Quàng Văn Thương", "Cà Thị Ánh"}


def test_a_remark_that_she_died_is_written_so(desk: Desk, look: Look) -> None:
    record = add_person(desk, {"name": "Vì Thị Mấy", "personal_id": "014139000871"}, "add")
    bank = ("bank", "AGRIBANK", "3906205123456", "VI THI MAY", "typed", "Tôi đồng ý", "fingerprint")
    enrolled = enrol(desk, Enrolment(record, *bank))
    review = look(PEOPLE[4:])
    died = reviewing.answer(desk, review, [(point(review, "remark_in_name"), Answer(How.DIED))])
    write(Progress(), desk, died)
    assert values_of(desk, record)["state"] == "died"
    with desk.vault.read() as connection:
        proposal = open_record(connection, "proposal", enrolled.proposal)
    assert proposal is not None
    assert (proposal.values["state"], proposal.values["answer"]) == ("withdrawn", "Sổ ghi là đã chết")


def test_a_note_that_begins_with_death_is_asked_about(desk: Desk, look: Look) -> None:
    headings = ("Họ và tên", "Ngày sinh", "Số CCCD", "Ghi chú")
    rows = (
        ("Lò Thị Pánh", "1948", LINE, "chết 10/2026"),
        ("Cà Thị Ơn", "1944", "014144000555", "chồng chết"),
    )
    path = write_book(desk.folder / "note.xlsx", rows, headings)
    review = reviewing.read(Progress(), desk, path)
    assert fates(review) == ["asks", "new"]
    died = reviewing.answer(desk, review, [(point(review, "note_says_dead"), Answer(How.DIED))])
    write(Progress(), desk, died)
    states = {person.row.name: person.row.state for person in people(desk).values()}
    assert states == {"Lò Thị Pánh": "died", "Cà Thị Ơn": "active"}


def test_two_rows_of_one_person_are_one_set(desk: Desk, look: Look) -> None:
    bare = (*PLAIN[0][:5], "", "", "", "", "")
    review = look((bare, PLAIN[0]))
    asked = point(review, "repeated")
    one = reviewing.answer(desk, review, [(asked, Answer(How.SAME, asked.candidates[0].row))])
    written = write(Progress(), desk, one)
    with desk.vault.read() as connection:
        assert len(imports.sets_of(connection, written.id)) == 1
    her = people(desk)["Lò Thị Pánh"]
    assert (her.row.phone, her.row.amount) == ("0388123417", 540_000)


def test_cancel_rolls_all_of_it_back(desk: Desk, look: Look) -> None:
    review, stopped = look(PEOPLE), Progress()
    before = waiting(desk)
    stopped.cancel()
    with pytest.raises(Cancelled):
        write(stopped, desk, review)
    assert (people(desk), waiting(desk)) == ({}, before)


def test_records_that_moved_in_between_must_be_compared_again(desk: Desk, look: Look) -> None:
    record = add_person(desk, {"name": "Lò Thị Pánh", "personal_id": LINE}, "add")
    review = look(PLAIN)
    with desk.vault.read() as connection:
        opened = open_record(connection, "person", record)
    assert opened is not None
    change_record(desk, opened, {"phone": "0911222333"}, "correction")
    with pytest.raises(Refusal, match=r"import\.moved"):
        write(Progress(), desk, review)
    again = reviewing.again(Progress(), desk, review)
    write(Progress(), desk, again)
    assert values_of(desk, record)["phone"] == "0911222333"


def test_households_are_begun_once_and_get_their_head(desk: Desk, tmp_path: Path) -> None:
    headings = ("STT", "Họ và tên", "Năm sinh", "Thôn", "Chủ hộ", "Quan hệ với chủ hộ")
    rows = (
        (1, "Lò Thị Pánh", "1948", "Bản Nà Lụa", "Lò Văn Ín", "Vợ"),
        (2, "Lò Văn Ín", "1945", "Bản Nà Lụa", "Lò Văn Ín", "Chủ hộ"),
    )
    path = write_book(tmp_path / "ho.xlsx", rows, headings)
    review: Review = reviewing.read(Progress(), desk, path)
    write(Progress(), desk, review)
    found = people(desk)
    house = found["Lò Thị Pánh"].row.household
    assert house is not None
    assert house == found["Lò Văn Ín"].row.household
    with desk.vault.read() as connection:
        opened = open_record(connection, "household", house)
        assert connection.scalar(select(func.count()).select_from(records["household"])) == 1
    assert opened is not None
    assert opened.values["head"] == found["Lò Văn Ín"].row.id
    assert fates(reviewing.read(Progress(), desk, path)) == ["known", "known"]
