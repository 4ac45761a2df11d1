"""An import taken back, on the laptop that wrote it or another; refused once somebody built on it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.actions.accounts import Enrolment, enrol
from app.actions.desk import Desk
from app.actions.importing import reviewing, undoing
from app.actions.importing.around import look_around
from app.actions.importing.facts import Answer, How
from app.actions.importing.writing import write
from app.actions.people import add_entitlement, add_person, change_record
from app.domain.errors import Cancelled, Refusal
from app.domain.progress import Progress
from app.domain.records import Value
from app.store.opened import open_record
from tests.actions.importing.books import LINE, PEOPLE, PLAIN
from tests.actions.importing.conftest import Look
from tests.actions.importing.test_reviewing import fates, point
from tests.actions.importing.test_writing import people, values_of


def test_taken_back_whole_and_written_again(desk: Desk, look: Look) -> None:
    written = write(Progress(), desk, look(PEOPLE))
    assert undoing.undo(Progress(), desk, written.id) == 3
    assert people(desk) == {}
    again = look(PEOPLE)
    assert fates(again) == ["new", "new", "new", "asks", "asks"]
    assert write(Progress(), desk, again).id != written.id
    newest, oldest = look_around(Progress(), desk).past
    assert (newest.is_withdrawn, oldest.is_withdrawn) == (False, True)


def test_blanks_that_were_filled_are_blank_again(desk: Desk, look: Look) -> None:
    record = add_person(desk, {"name": "Lò Thị Pánh", "personal_id": LINE}, "add")
    before = values_of(desk, record)
    written = write(Progress(), desk, look(PEOPLE[:1]))
    undoing.undo(Progress(), desk, written.id)
    after = {name: value for name, value in values_of(desk, record).items() if value is not None}
    assert after == before
    assert people(desk)["Lò Thị Pánh"].row.account == "none"  # its proposal is withdrawn
    assert people(desk)["Lò Thị Pánh"].row.amount == 0


def test_not_twice(desk: Desk, look: Look) -> None:
    written = write(Progress(), desk, look(PLAIN))
    undoing.undo(Progress(), desk, written.id)
    with pytest.raises(Refusal, match=r"import\.withdrawn"):
        undoing.undo(Progress(), desk, written.id)
    with pytest.raises(Refusal, match=r"import\.gone"):
        undoing.undo(Progress(), desk, "0" * 32)


def test_refused_once_a_person_was_changed(desk: Desk, look: Look) -> None:
    written = write(Progress(), desk, look(PLAIN))
    record = people(desk)["Cà Thị Ánh"].row.id
    with desk.vault.read() as connection:
        opened = open_record(connection, "person", record)
    assert opened is not None
    change_record(desk, opened, {"phone": "0911222333"}, "correction")
    with pytest.raises(Refusal, match=r"import\.built_on") as refused:
        undoing.undo(Progress(), desk, written.id)
    assert refused.value.facts["records"] == 1
    assert len(people(desk)) == 3


def test_refused_once_something_points_to_a_person(desk: Desk, look: Look) -> None:
    written = write(Progress(), desk, look(PLAIN))
    add_entitlement(desk, people(desk)["Cà Thị Ánh"].row.id, {"group": "NCT80"}, "add")
    with pytest.raises(Refusal, match=r"import\.built_on"):
        undoing.undo(Progress(), desk, written.id)


def test_cancelled_takes_nothing_back(desk: Desk, look: Look) -> None:
    written, stopped = write(Progress(), desk, look(PLAIN)), Progress()
    stopped.cancel()
    with pytest.raises(Cancelled):
        undoing.undo(stopped, desk, written.id)
    assert len(people(desk)) == 3


def test_two_goes_at_one_cell_are_taken_back_to_the_first(desk: Desk, look: Look) -> None:
    record = add_person(desk, {"name": "Lò Thị Pánh", "personal_id": LINE, "hamlet": "Bản Pom Khoang"}, "add")
    write(Progress(), desk, look(PLAIN[:1]))
    again = look(PLAIN[:1])
    take = reviewing.answer(desk, again, [(point(again, "register_says", "hamlet"), Answer(How.TAKE))])
    written = write(Progress(), desk, take)
    assert values_of(desk, record)["hamlet"] == "Bản Nà Lụa"
    undoing.undo(Progress(), desk, written.id)
    assert values_of(desk, record)["hamlet"] == "Bản Pom Khoang"
    assert values_of(desk, record).get("phone") is None


@pytest.mark.parametrize(
    ("is_hers", "ended", "undone"), [(True, "withdrawn", "open"), (False, "refused", "refused")]
)
def test_a_death_ends_what_another_proposed_as_refused_for_good(
    desk: Desk, look: Look, *, is_hers: bool, ended: str, undone: str
) -> None:
    record = add_person(desk, {"name": "Vì Thị Mấy", "personal_id": "014139000871"}, "add")
    bank = ("bank", "AGRIBANK", "3906205123456", "VI THI MAY", "typed", "Tôi đồng ý", "fingerprint")
    proposal = enrol(desk, Enrolment(record, *bank)).proposal
    writes = desk if is_hers else replace(desk, officer=replace(desk.officer, id="another"))
    review = look(PEOPLE[4:])
    died = reviewing.answer(writes, review, [(point(review, "remark_in_name"), Answer(How.DIED))])
    written = write(Progress(), writes, died)
    assert proposal_of(desk, proposal) == (ended, "Sổ ghi là đã chết")
    undoing.undo(Progress(), writes, written.id)
    assert values_of(desk, record)["state"] == "active"
    assert proposal_of(desk, proposal) == (undone, None if is_hers else "Sổ ghi là đã chết")


def proposal_of(desk: Desk, proposal: str) -> tuple[Value, Value]:
    with desk.vault.read() as connection:
        opened = open_record(connection, "proposal", proposal)
    assert opened is not None
    return opened.values.get("state"), opened.values.get("answer")
