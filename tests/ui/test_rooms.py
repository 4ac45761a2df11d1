"""Today, the list, the sync room and Settings through a real window over a real vault."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtWidgets import QFileDialog, QLabel, QMenu, QWidget
from pytestqt.qtbot import QtBot

from app.actions import people
from app.actions.desk import Desk
from app.bootstrap.entering import Entered
from app.domain.progress import Progress
from app.store import audit, drafts, place, queries
from app.store.listing import Listing
from app.ui.list_out import Chosen, export_people
from app.ui.parts.buttons import Button
from app.ui.room import Room
from app.ui.rooms.approvals import ApprovalsRoom
from app.ui.rooms.exchange import ExchangeRoom
from app.ui.rooms.people import People
from app.ui.rooms.settings import SettingsRoom
from app.ui.rooms.today import Today
from app.ui.session import Session
from app.ui.window import Window
from tests.desks import enrolled
from tests.offices import change
from tests.ui.person.room import PANH, RIGHT

WAIT_MS = 20_000


@dataclass
class Hall:
    """A window on one desk, with the rooms as the program furnishes them."""

    window: Window
    desk: Desk
    session: Session
    qtbot: QtBot

    def settle(self) -> None:
        self.qtbot.wait(20)
        self.qtbot.waitUntil(lambda: self.window.jobs.is_idle, timeout=WAIT_MS)

    def go(self, name: str, **arguments: object) -> Room:
        room = self.window.go(name, **arguments)
        self.settle()
        return room


@pytest.fixture
def hall(desk: Desk, make_window: Callable[[], Window], qtbot: QtBot) -> Iterator[Hall]:
    window = make_window()
    window.show()
    session = Session(window, desk)
    window.closing.connect(session.end)  # as the doors do
    session.begin(Entered(desk))
    made = Hall(window, desk, session, qtbot)
    made.settle()
    yield made
    window.close()


def words(widget: QWidget) -> str:
    return "\n".join(found.text() for found in widget.findChildren(QLabel))


def add(desk: Desk, name: str, **values: str) -> str:
    return people.add_person(desk, {"name": name, **values}, "add", RIGHT)


def everybody(desk: Desk) -> list[int]:
    with desk.vault.read() as connection:
        return queries.ids(connection, Listing())


def test_a_colleagues_new_key_is_announced_on_coming_in(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def newly_keyed(_progress: object, _desk: Desk, since: str) -> list[str]:
        asked.append(since)
        return ["Vàng Thị Sua"]

    monkeypatch.setattr("app.actions.officers.newly_keyed", newly_keyed)
    hall.window.go("today", last_here="2026-11-20T08:00:00Z", wrong_tries=0)
    hall.settle()
    assert asked == ["2026-11-20T08:00:00Z"]
    said = words(hall.window)
    assert "Có khoá ký mới" in said
    assert "Vàng Thị Sua" in said


def test_whatever_reads_stops_before_the_key_is_let_go(hall: Hall) -> None:
    began, came = threading.Event(), list[str]()

    def read(progress: Progress, desk: Desk) -> None:
        with desk.vault.read():
            began.set()
            while not progress.stop:
                time.sleep(0.001)
            came.append("stopped")

    hall.window.jobs.run(hall.session, read, hall.desk)
    hall.qtbot.waitUntil(began.is_set)
    hall.session.end()
    assert came == ["stopped"]
    assert not hall.desk.vault.is_open


def test_each_queue_of_today_opens_where_its_work_is(hall: Hall) -> None:
    desk = hall.desk
    enrolled(desk, people.add_person(desk, PANH, "add", RIGHT), "LO THI PANH")
    add(desk, "Lò Văn Chiến")
    with desk.vault.write() as connection:
        drafts.keep(connection, f"{queries.IMPORT_DRAFT}abc", b"")
    today = hall.go("today")
    assert isinstance(today, Today)
    assert [(count, queue.key) for count, queue in today.queues._queues] == [
        (1, "proposals"),
        (1, "imports"),
        (1, "without"),
    ]
    today._show_queues(queries.Today(1, 1, 0, 0, 1, 1, 1, 1, 0))
    assert [count for count, queue in today.queues._queues if queue.key == "returned"] == [2]
    today.queues.opened.emit("proposals")
    hall.settle()
    room = hall.window.room
    assert isinstance(room, ApprovalsRoom)
    assert [line.name for line in room.approvals.list._lines] == ["Lò Thị Pánh"]
    today.queues.opened.emit("conflicts")
    hall.settle()
    assert hall.window.here == "conflicts"
    today._show_queues(queries.Today(1, 1, 0, 0, 1, 1, 1, 1, 3))
    assert [count for count, queue in today.queues._queues if queue.key == "surveys"] == [3]
    ways = {"returned": "returned", "imports": "import", "without": "drive", "surveys": "surveys"}
    for key, name in ways.items():
        today._go(key)
        hall.settle()
        assert hall.window.here == name


def test_an_unjoined_laptop_is_not_told_that_all_has_arrived(hall: Hall) -> None:
    room = hall.go("sync")
    assert "đã lên" not in words(room)
    assert "Máy này chưa ghi gì." in words(room)
    add(hall.desk, "Lò Văn Chiến")
    hall.session.link.saved()
    hall.settle()
    assert isinstance(room, ExchangeRoom)
    assert room.lists["waiting"].rows.rowCount() == 1
    assert hall.window.pill.link.words == "Ngoại tuyến · 1 thay đổi chờ"


@pytest.mark.parametrize(("ahead", "said"), [(7_300, "nhanh 2 giờ"), (-3 * 86_400, "chậm 3 ngày"), (120, "")])
def test_a_clock_that_is_off_is_told(hall: Hall, ahead: int, said: str) -> None:
    with hall.desk.vault.write() as connection:
        place.write(connection, "clock_ahead", str(ahead).encode())
    hall.session.link.refresh()
    room = hall.go("sync")
    assert isinstance(room, ExchangeRoom)
    if said:
        assert said in room.clock.text
        assert said in hall.window.pill.toolTip()
    else:
        assert not room.clock.text
        assert not hall.window.pill.toolTip()


def test_the_pane_says_where_she_is_paid_behind_a_mask(hall: Hall) -> None:
    enrolled(hall.desk, people.add_person(hall.desk, PANH, "add", RIGHT), "LO THI PANH")
    room = hall.go("people")
    assert isinstance(room, People)
    room._follow(room.table.rows.ids[0])
    told = words(room.pane)
    assert "LO THI PANH" in told
    assert "•••••••1845" in told
    assert "12610001845" not in told
    assert "014148032213" not in told


def test_whoever_is_chosen_is_shown_anew_when_her_row_changed(hall: Hall) -> None:
    """A colleague's edit came: the list is asked again, and the pane beside it may not go on with the old."""
    an = add(hall.desk, "Lò Thị An", hamlet="Bản Nà Lụa")
    room = hall.go("people")
    assert isinstance(room, People)
    hall.qtbot.waitUntil(lambda: "Bản Nà Lụa" in words(room.pane), timeout=WAIT_MS)
    change(hall.desk, an, hamlet="Bản Co Mạ")
    room.refresh()
    hall.qtbot.waitUntil(lambda: "Bản Co Mạ" in words(room.pane), timeout=WAIT_MS)


def test_those_who_are_ticked_leave_as_a_workbook(
    hall: Hall, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, hamlet in (("Lò Thị An", "Bản Nà Lụa"), ("Cà Văn Bình", "Bản Co Mạ"), ("Vì Thị Chi", "Thôn 1")):
        add(hall.desk, name, hamlet=hamlet, birth="1948-03-12")
    room = hall.go("people")
    assert isinstance(room, People)
    file = tmp_path / "danh sach.xlsx"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(file), ""))
    for at in (0, 2):
        room.table.rows.tick([room.table.rows.ids[at]], True)
    monkeypatch.setattr(QMenu, "popup", lambda menu, _at: menu.actions()[-1].trigger())
    room.print_button.click()
    hall.settle()
    rows = list(openpyxl.load_workbook(file).worksheets[0].iter_rows(values_only=True))
    assert [row[1] for row in rows if isinstance(row[0], int)] == ["Lò Thị An", "Vì Thị Chi"]
    assert rows[-1][5] == 540_000
    assert "2" in room.notice.text
    with hall.desk.vault.read() as connection:
        assert audit.last_time(connection, hall.desk.officer.id, "export")


def test_a_name_that_begins_like_a_formula_stays_a_name(desk: Desk, tmp_path: Path) -> None:
    add(desk, "=cmd|' /C calc'!A0")
    export_people(Progress(), desk, Chosen(everybody(desk), ""), tmp_path / "a.xlsx")
    desk.vault.lock()
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets[0]
    assert "f" not in {cell.data_type for row in sheet.iter_rows() for cell in row}


def test_an_empty_list_offers_the_next_step(hall: Hall) -> None:
    room = hall.go("people")
    assert isinstance(room, People)
    assert room.empty.held is not None
    offered = {button.text() for button in room.empty.held.findChildren(Button)}
    assert offered == {"Nhập sổ Excel", "Thêm người"}


def test_settings_say_where_the_register_lies(hall: Hall) -> None:
    room = hall.go("settings")
    assert isinstance(room, SettingsRoom)
    assert str(hall.desk.folder) in words(room)
