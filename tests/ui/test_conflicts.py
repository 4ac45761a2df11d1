"""The conflict screen on real vaults: seen, decided by keyboard, and everywhere after a sync."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.actions import conflicts
from app.actions.desk import Desk, Officer
from app.actions.people import add_person
from app.domain.progress import Progress
from app.store import audit
from app.store.contest import open_contests
from app.ui.conflicts.pane import Conflicts
from app.ui.exchange_columns import conflict_row
from app.ui.forms.masked import MaskedValue
from app.ui.link import Link
from app.ui.notices import Notice
from app.ui.parts.panes import Empty
from app.ui.room import Room
from app.ui.rooms import exchange
from app.ui.rooms.conflicts import ConflictsRoom
from app.ui.window import Window
from tests.offices import Commune, change, value

WAIT_MS = 20_000
OPENED: list[dict[str, object]] = []


class File(Room):
    """Where the way to her file leads."""

    def enter(self, **arguments: object) -> None:
        OPENED.append(arguments)


@pytest.fixture
def lan(office: Commune) -> str:
    """Two laptops wrote her birth and her number apart; the second laptop saw her card."""
    first, second = office.desks
    who = add_person(first, {"name": "Lò Thị Lan", "birth": "1951", "hamlet": "Bản Nà Lụa"}, "add")
    office.sync(first, second)
    change(first, who, "import", birth="1951-03-12", personal_id="014151000123")
    change(second, who, "card", birth="1951-12-03", personal_id="014151000456")
    office.sync(first, second, first)
    return who


class Sitting:
    """Somebody at the conflict screen."""

    def __init__(self, window: Window, pane: Conflicts, qtbot: QtBot) -> None:
        self.window, self.pane, self._qtbot = window, pane, qtbot

    def settle(self) -> None:
        self._qtbot.wait(20)
        self._qtbot.waitUntil(lambda: self.window.jobs.is_idle, timeout=WAIT_MS)

    def press(self, key: Qt.Key, on: QWidget) -> None:
        self._qtbot.keyClick(on, key)

    def lines(self) -> list[str]:
        return [f"{line.name}, {line.about}" for line in self.pane.queue._lines]


Sit = Callable[[Desk], Sitting]


@pytest.fixture
def sit(make_window: Callable[[], Window], qtbot: QtBot) -> Iterator[Sit]:
    links: list[Link] = []

    def begin(desk: Desk) -> Sitting:
        window = make_window()
        link = Link(window, desk)
        links.append(link)
        window.furnish({"conflicts": lambda w: ConflictsRoom(w, desk, link), "person": File, "sync": File})
        window.show()
        room = window.go("conflicts")
        assert isinstance(room, ConflictsRoom)
        sitting = Sitting(window, room.conflicts, qtbot)
        sitting.settle()
        return sitting

    yield begin
    for link in links:
        link.end()


def test_decided_by_keyboard_and_everywhere_after_a_sync(office: Commune, lan: str, sit: Sit) -> None:
    first, second = office.desks
    at = sit(first)
    assert at.lines() == ["Lò Thị Lan, Ngày sinh", "Lò Thị Lan, Số căn cước"]
    deciding = at.pane.deciding
    assert deciding is not None
    assert deciding.choice.value() == "came"  # her card speaks for it
    assert not at.pane.decide_button.isEnabled()
    at.press(Qt.Key.Key_Return, at.pane.queue)
    deciding.reason.control._chips[0].click()
    assert at.pane.decide_button.isEnabled()
    assert "03/12/1951" in at.pane.follows.text()
    shortcut = at.pane.findChild(QShortcut)
    assert shortcut is not None
    assert shortcut.key().toString() == "Ctrl+Return"
    shortcut.activated.emit()  # offscreen, a window seldom becomes active
    at.settle()
    assert value(first, lan, "birth") == "1951-12-03"
    assert "Lò Thị Lan" in at.pane.notice.text
    assert at.lines() == ["Lò Thị Lan, Số căn cước", "Lò Thị Lan, Ngày sinh"]
    assert at.pane.asked is not None
    assert at.pane.asked.contest.cells[0].field == "personal_id"
    office.sync(first, second)
    assert value(second, lan, "birth") == "1951-12-03"
    with second.vault.read() as connection:
        assert [each.cells[0].field for each in open_contests(connection)] == ["personal_id"]


def test_numbers_stay_masked_and_each_look_is_noted(office: Commune, lan: str, sit: Sit) -> None:
    first = office.desks[0]
    at = sit(first)
    at.pane.queue.step(1)
    at.settle()
    masks = at.pane.page.findChildren(MaskedValue)
    assert [mask.text[-4:] for mask in masks] == ["0123", "0456"]
    assert all("•" in mask.text for mask in masks)
    before = _looks(first, lan)
    masks[1]._turn()
    assert masks[1].text == "014151000456"
    assert _looks(first, lan) == before + 1


def _looks(desk: Desk, who: str) -> int:
    with desk.vault.read() as connection:
        return audit.looks(connection, who, desk.clock.now().replace(hour=0))


def test_who_may_not_decide_sees_all_but_the_decision(office: Commune, lan: str, sit: Sit) -> None:
    first = office.desks[0]
    at = sit(replace(first, officer=Officer(first.officer.id, "Kiểm", ("auditor",))))
    assert at.pane.deciding is None
    assert not at.pane.decide_button.isVisible()
    assert at.pane.later.isVisible()
    (told,) = at.pane.page.findChildren(Notice)
    assert "Ở xã chưa ai có quyền ấy" in told.accessibleName()


def test_decided_elsewhere_meanwhile_is_said_and_read_again(office: Commune, lan: str, sit: Sit) -> None:
    first, second = office.desks
    at = sit(first)
    assert at.pane.deciding is not None
    at.pane.deciding.reason.control.set_value("by phone")
    at.pane._say_consequence()
    with second.vault.read() as connection:
        theirs = open_contests(connection)[0]
    conflicts.decide(second, theirs, ["1950-01-01"], "both wrong")
    office.sync(second, first)
    at.pane.decide_button.click()
    at.settle()
    assert "Vừa có người quyết" in at.pane.notice.text
    assert value(first, lan, "birth") == "1950-01-01"
    assert len(at.pane.found.asked if at.pane.found else []) == 1


def test_a_half_made_decision_outlives_a_sync(office: Commune, lan: str, sit: Sit) -> None:
    at = sit(office.desks[0])
    deciding = at.pane.deciding
    assert deciding is not None
    deciding.reason.control.set_value("asked her dau")
    change(office.desks[0], lan, phone="0388000111")
    at.pane.refresh()
    at.settle()
    assert at.pane.deciding is deciding
    assert deciding.reason.control.value() == "asked her dau"


def test_what_was_decided_is_still_told_and_nothing_open_says_so(office: Commune, lan: str, sit: Sit) -> None:
    first = office.desks[0]
    for _round in range(2):
        with first.vault.read() as connection:
            asked = open_contests(connection)[0]
        conflicts.decide(first, asked, asked.came.values, "her card")
    at = sit(first)
    assert len(at.lines()) == 2
    assert not at.pane.foot.isVisible()
    OPENED.clear()
    at.window.go("person", person=lan, tab="history")
    assert [{"person": lan, "tab": "history"}] == OPENED


def test_an_office_at_peace_says_why_it_is_empty(office: Commune, sit: Sit) -> None:
    at = sit(office.desks[0])
    assert at.pane.page.findChildren(Empty)
    assert not at.pane._list.isVisible()


def test_the_sync_room_lists_what_people_must_decide(office: Commune, lan: str) -> None:
    found = exchange.look_up(Progress(), office.desks[1])
    rows = [conflict_row(line) for line in found.conflicts]
    assert {(str(row["who"]), str(row["stands"])) for row in rows} == {
        ("Lò Thị Lan", "12/03/1951"),
        ("Lò Thị Lan", "014•••••0123"),
    }
    assert [str(row["wanted"]) for row in rows if row["stands"] == "12/03/1951"] == ["03/12/1951"]
    assert {line.person for line in found.conflicts} == {lan}
