"""The page of duplicates on real vaults: compared, proposed, judged by keyboard, the same after a sync."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.actions import duplicates
from app.actions.desk import Desk
from app.actions.people import add_person
from app.domain.progress import Progress
from app.domain.records import Value
from app.store import alike, merges, queries
from app.ui.duplicates.batch import BatchPage
from app.ui.duplicates.pair import PairPage
from app.ui.duplicates.waiting import JudgedPage, WaitingPage
from app.ui.forms.masked import MaskedValue
from app.ui.parts.panes import Empty
from app.ui.person.joined import JoinedCard
from app.ui.rooms.conflicts import ConflictsRoom
from app.ui.rooms.duplicates import DuplicatesRoom
from app.ui.rooms.person import PersonRoom
from app.ui.session import Session
from app.ui.window import Window
from tests.actions.importing.books import write_book
from tests.actions.test_duplicates import join
from tests.actions.test_one_workbook_twice import NAMELESS, SOME, imported, row
from tests.offices import Commune, change, value
from tests.ui.queueing import Elsewhere, Sit, Sitting, shown, sitting

WAIT_MS = 20_000
LAN: dict[str, Value] = {
    "name": "Lò Thị Lan",
    "birth": "1951-03-12",
    "personal_id": "014151000123",
    "hamlet": "Bản Nà Lụa",
}


@pytest.fixture
def sit(make_window: Callable[[], Window], qtbot: QtBot) -> Iterator[Sit]:
    rooms = {
        "duplicates": DuplicatesRoom,
        "person": PersonRoom,
        "today": Elsewhere,
        "conflicts": ConflictsRoom,
    }
    yield from sitting(make_window, qtbot, rooms, at="duplicates")


def pair_of(at: Sitting) -> PairPage:
    assert isinstance(at.pane.page, PairPage)
    return at.pane.page


@pytest.fixture
def lans(office: Commune) -> tuple[str, str]:
    first, second = office.desks
    one = add_person(first, LAN, "add")
    other = add_person(second, {**LAN, "phone": "0388000111", "personal_id": "014151000124"}, "card")
    office.sync(first, second, first)
    return one, other


def test_proposed_by_keyboard_and_everywhere_after_a_sync(
    office: Commune, lans: tuple[str, str], sit: Sit
) -> None:
    first, second = office.desks
    at = sit(first)
    assert [line.partition(",")[0] for line in at.lines()] == ["Lò Thị Lan"]
    page = pair_of(at)
    assert page.choice.value() == lans[1]  # more is known there
    assert not page.propose.isEnabled()
    at.press(Qt.Key.Key_Return)
    page.choice.set_value(lans[0])
    assert list(page.boxes) == ["phone"]
    assert page.boxes["phone"].isChecked()  # the record that stays knows none
    at.say("asked her")
    at.press_ctrl_enter()
    assert "Lò Thị Lan" in at.told
    assert isinstance(at.pane.page, WaitingPage)
    assert value(first, lans[0], "phone") == "0388000111"
    office.sync(first, second)
    with second.vault.read() as connection:
        assert [each.people for each in merges.open_merges(connection)] == [((lans[0], lans[1]),)]
    at.say("written wrongly")
    at.press_ctrl_enter()
    assert pair_of(at).pair.like.names == ("Lò Thị Lan", "Lò Thị Lan")


def test_two_people_said_and_looked_at_again(office: Commune, lans: tuple[str, str], sit: Sit) -> None:
    first = office.desks[0]
    at = sit(first)
    at.say("two sisters")
    pair_of(at).two.click()
    at.settle()
    assert isinstance(at.pane.page, JudgedPage)
    with first.vault.read() as connection:
        assert queries.today(connection, first.officer.id).duplicates == 0
    at.say("asked again")
    at.pane.page.again.click()
    at.settle()
    assert "two sisters" not in pair_of(at).pair.judged.values.values()
    assert pair_of(at).pair.judged.values["why"] == "asked again"


def test_numbers_stay_masked_marked_apart_and_each_look_is_noted(
    office: Commune, lans: tuple[str, str], sit: Sit
) -> None:
    first = office.desks[0]
    at = sit(first)
    masks = [mask for mask in pair_of(at).comparison.findChildren(MaskedValue) if "•" in mask.text]
    assert {mask.text[-4:] for mask in masks} >= {"0123", "0124"}
    before = [at.looks(who) for who in lans]
    next(mask for mask in masks if mask.text.endswith("0123"))._turn()
    assert [at.looks(who) for who in lans] == [before[0] + 1, before[1]]


def test_a_half_made_choice_outlives_a_sync_and_a_moved_one_is_shown_again(
    office: Commune, lans: tuple[str, str], sit: Sit
) -> None:
    first = office.desks[0]
    at = sit(first)
    page = pair_of(at)
    at.say("asked her")
    add_person(first, {"name": "Vì Văn Khụt", "birth": "1940"}, "add")
    at.pane.refresh()
    at.settle()
    assert at.pane.page is page
    change(first, lans[0], "her card", old_id="010203040")
    page.propose.click()
    at.settle()
    assert "Vừa có người sửa" in at.told
    assert pair_of(at) is not page


def test_the_batch_of_two_imports(office: Commune, tmp_path: Path, sit: Sit, qtbot: QtBot) -> None:
    book = write_book(tmp_path / "list.xlsx", [row(at, who) for at, who in enumerate([*SOME, *NAMELESS], 1)])
    first, second = office.desks
    for desk in office.desks:
        imported(desk, book)
    office.sync(first, second, first)
    at = sit(first)
    page = at.pane.page
    assert isinstance(page, BatchPage)
    assert len(page.chosen) == len(SOME)
    page.table.go_to_first()
    qtbot.keyClick(page.table, Qt.Key.Key_Space)
    assert len(page.chosen) == len(SOME) - 1
    assert f"{len(SOME) - 1}" in page.propose.text()
    at.say("one list twice")
    at.press_ctrl_enter()
    with first.vault.read() as connection:
        assert [len(each.people) for each in merges.open_merges(connection)] == [len(SOME) - 1]


def test_an_office_without_doubles_says_so(office: Commune, sit: Sit) -> None:
    at = sit(office.desks[0])
    assert at.pane.shown.findChildren(Empty)
    assert not at.pane.side.isVisible()


def test_her_file_tells_who_was_joined_and_proposes_to_part(
    office: Commune, lans: tuple[str, str], sit: Sit
) -> None:
    first, second = office.desks
    join(office, first, *lans)
    office.sync(first, second)
    at = sit(second)
    room = at.window.go("person", person=lans[1])  # asked for by the record that went
    assert isinstance(room, PersonRoom)
    at.settle()
    assert room.file is not None
    assert room.file.person.row.id == lans[0]
    (shown,) = room.pages["profile"].findChildren(JoinedCard)
    shown.part.click()
    shown.reason.control.set_value("two sisters")
    shown._part()
    at.settle()
    with second.vault.read() as connection:
        (waiting,) = merges.open_merges(connection)
    assert (waiting.is_unmerge, waiting.people) == (True, ((lans[0], lans[1]),))
    at.window.go("duplicates")
    at.settle()
    assert isinstance(at.pane.page, WaitingPage)


def test_a_conflict_says_that_the_record_was_merged(office: Commune, lans: tuple[str, str], sit: Sit) -> None:
    first, second = office.desks
    join(office, first, *lans)
    change(second, lans[1], "her card", birth="1950-01-01")
    office.sync(first, second, first)
    at = sit(first)
    room = at.window.go("conflicts")
    assert isinstance(room, ConflictsRoom)
    at.settle()
    told = [each.text() for each in shown(room.conflicts.shown, QLabel)]
    assert any("đã gộp vào hồ sơ của Lò Thị Lan" in words for words in told)


def test_likes_are_looked_for_after_every_save(
    office: Commune, make_window: Callable[[], Window], qtbot: QtBot
) -> None:
    first = office.desks[0]
    session = Session(make_window(), first)
    try:
        for _time in range(2):
            add_person(first, LAN, "add")
        session.link.changed.emit()
        qtbot.waitUntil(lambda: session.window.jobs.is_idle and _count(first) == 1, timeout=WAIT_MS)
    finally:
        session.link.end()
    assert not duplicates.compare(Progress(), first)


def _count(desk: Desk) -> int:
    with desk.vault.read() as connection:
        return alike.count_open(connection)
