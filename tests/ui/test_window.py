"""The shell: rooms on demand, the keyboard, the scanner, the rail, the pill, idle, and closing."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest
from PySide6.QtCore import QCoreApplication, QRect, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QStyle, QStyleOptionViewItem, QVBoxLayout
from pytestqt.qtbot import QtBot

from app.domain.errors import Trouble
from app.ui import pill
from app.ui.idle import Idle
from app.ui.parts.buttons import Button
from app.ui.pill import Link, Pill
from app.ui.rail import Officer, Section
from app.ui.room import Room
from app.ui.theme import make_look, wear
from app.ui.window import Window

MakeWindow = Callable[[], Window]


class Desk(Room):
    """A room that remembers what happened to it."""

    help_page = "desk"

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self.log: list[object] = []
        self.button = Button("Nhập sổ", icon="table")
        self.set_head("Bàn", "hôm nay", actions=[self.button], has_search=True)

    def enter(self, **arguments: object) -> None:
        self.log.append(arguments)

    def leave(self) -> None:
        self.log.append("left")


class People(Room):
    """A room with a search box that understands scans."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self.box = QLineEdit()
        self.scans: list[str] = []
        QVBoxLayout(self).addWidget(self.box)
        self.set_head("Đối tượng", back="desk")

    def enter(self, **arguments: object) -> None:
        self.box.setText(str(arguments.get("text", "")))

    def search(self) -> bool:
        self.box.setFocus()
        return True

    def take_scan(self, text: str) -> bool:
        self.scans.append(text)
        return True


class Cover(Room):
    """A room that takes the whole window."""

    frame = "bare"


SECTIONS = (Section("desk", "today", "Hôm nay"), Section("people", "people", "Đối tượng", starts_group=True))


@pytest.fixture
def window(make_window: MakeWindow, qtbot: QtBot) -> Window:
    made = make_window()
    made.furnish({"desk": Desk, "people": People, "cover": Cover}, SECTIONS)
    made.set_place("Xã Mường Sen")
    made.set_officer(Officer("Lò Thị Hạnh", "Cán bộ bảo trợ", "LH"))
    made.show()
    made.activateWindow()
    made.go("desk")
    qtbot.waitUntil(made.isActiveWindow)
    return made


def test_rooms_are_built_once_entered_each_time_and_left(window: Window) -> None:
    desk = window.room
    assert isinstance(desk, Desk)
    window.go("people", text="lan")
    assert window.go("desk", day=2) is desk
    assert desk.log == [{}, "left", {"day": 2}]


def test_the_top_bar_lends_the_rooms_widgets_and_gives_them_back(window: Window) -> None:
    desk = window.room
    assert isinstance(desk, Desk)
    assert desk.button.isVisible()
    window.go("people")
    assert not desk.button.isVisible()
    assert window.top_bar._back.isVisible()
    window.top_bar._back.click()
    assert window.here == "desk"
    assert desk.button.isVisible()


def test_a_cover_takes_the_whole_window(window: Window) -> None:
    window.go("cover")
    assert not window.rail.isVisible()
    assert not window.top_bar.isVisible()
    window.search()
    assert window.here == "cover"


def test_the_keyboard_reaches_search_help_sections_and_lock(window: Window, qtbot: QtBot) -> None:
    QTest.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    people = window.room
    assert isinstance(people, People)
    QTest.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.focusWidget() is people.box
    window.go("desk")
    QTest.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.focusWidget() is window.top_bar.search
    with qtbot.waitSignal(window.help_wanted) as helped:
        QTest.keyClick(window, Qt.Key.Key_F1)
    assert helped.args == ["desk"]
    with qtbot.waitSignal(window.lock_wanted):
        QTest.keyClick(window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)


def test_what_is_sought_in_the_top_bar_is_sought_among_the_people(window: Window) -> None:
    window.top_bar.search.setText("lan 1954")
    QTest.keyClick(window.top_bar.search, Qt.Key.Key_Return)
    people = window.room
    assert isinstance(people, People)
    assert people.box.text() == "lan 1954"


def test_a_scan_goes_to_the_room_or_to_the_room_for_scans(window: Window, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.scanned_nowhere):
        window.scanner.scanned.emit("014148002213|…")
    window.scan_room = "people"
    window.scanner.scanned.emit("014148002213|…")
    assert window.here == "people"
    window.scanner.scanned.emit("0002010102…")
    people = window.room
    assert isinstance(people, People)
    assert people.scans == ["0002010102…"]


def test_the_rail_folds_by_hand_and_by_width_and_shows_counts(window: Window) -> None:
    folded = [window.rail.is_narrow]
    window.resize(1000, 700)
    folded.append(window.rail.is_narrow)
    QTest.keyClick(window, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    folded.append(window.rail.is_narrow)
    assert folded == [False, True, False]
    window.set_counts({"people": 12, "desk": 0})
    index = window.rail._model().index(1, 0)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "Đối tượng, 12"
    window.grab()


def test_the_keyboard_is_seen_in_the_rail(window: Window) -> None:
    view = window.rail._list
    index = window.rail._model().index(1, 0)

    def drawn(state: QStyle.StateFlag) -> QImage:
        option = QStyleOptionViewItem()
        option.rect, option.state = QRect(0, 0, 200, 40), state
        image = QImage(200, 40, QImage.Format.Format_RGB32)
        image.fill(0)
        painter = QPainter(image)
        view.itemDelegate().paint(painter, option, index)
        painter.end()
        return image

    plain, here = QStyle.StateFlag.State_Enabled, QStyle.StateFlag.State_HasFocus
    assert drawn(plain) != drawn(plain | here)


def test_a_click_in_the_rail_opens_the_room(window: Window) -> None:
    view = window.rail._list
    place = view.visualRect(view.model().index(1, 0)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert window.here == "people"


def test_training_is_told_in_the_title_and_the_rail(make_window: MakeWindow, qapp: QApplication) -> None:
    wear(qapp, make_look(training=True))
    window = make_window()
    window.set_place("Xã Mường Sen")
    assert window.windowTitle() == "TẬP HUẤN · Sổ An Sinh · Xã Mường Sen"
    assert window.rail._cover.accessibleName() == "Xã Mường Sen"


def test_large_text_builds_the_room_anew_with_its_arguments(window: Window, qapp: QApplication) -> None:
    window.go("people", text="lan")
    before = window.room
    wear(qapp, make_look(factor=1.5))
    window.refurnish()
    people = window.room
    assert isinstance(people, People)
    assert people is not before
    assert people.box.text() == "lan"
    assert window.rail.is_narrow


def test_a_narrow_top_bar_gives_up_words_before_it_overflows(window: Window, qapp: QApplication) -> None:
    wear(qapp, make_look(factor=1.75))
    window.refurnish()
    window.pill.show_state(pill.offline(12))
    window.set_place("Xã Mường Sen")
    window.resize(1100, 700)
    window.go("people")
    window.go("desk")
    assert window.top_bar._needed() <= window.top_bar.width()
    assert window.top_bar._title.isVisible()
    assert not window.top_bar._subtitle.isVisible()


def test_trouble_nobody_handles_stands_under_the_top_bar(window: Window, qtbot: QtBot) -> None:
    def fail(_progress: object) -> None:
        raise Trouble("disk_full")

    window.jobs.run(window, fail)
    qtbot.waitUntil(window.notice.isVisible)
    assert window.notice.text
    window.go("people")
    assert not window.notice.isVisible()


def test_furnishing_anew_forgets_the_rooms(window: Window, qtbot: QtBot) -> None:
    room = window.room
    assert isinstance(room, Desk)
    with qtbot.waitSignals([room.destroyed, room.button.destroyed]):
        window.furnish({"cover": Cover})
    assert window.room is None
    window.go("cover")


@pytest.mark.parametrize(
    ("say", "words"),
    [
        (lambda: pill.synced(3), "Đã đồng bộ 3 phút trước"),
        (lambda: pill.synced(0), "Vừa đồng bộ xong"),
        (lambda: pill.synced(150), "Đã đồng bộ 2 giờ trước"),
        (lambda: pill.offline(12), "Ngoại tuyến · 12 thay đổi chờ"),
        (lambda: pill.offline(0), "Ngoại tuyến"),
        (lambda: pill.waiting(4), "4 thay đổi chờ gửi"),
        (lambda: pill.syncing(40, 120), "Đang đồng bộ 40/120"),
        (lambda: pill.failed("Mất mạng.", "Thử lại lúc 10:30."), "Chưa đồng bộ được"),
        (lambda: pill.conflicts(2, "anh"), "2 xung đột cần anh"),
        (lambda: pill.conflicts(2), "2 xung đột chờ quyết"),
    ],
)
def test_the_pill_says_how_things_stand(qtbot: QtBot, say: Callable[[], Link], words: str) -> None:
    made = Pill()
    qtbot.addWidget(made)
    made.show_state(say())
    assert made.accessibleName() == words
    assert made.focusPolicy() == Qt.FocusPolicy.NoFocus
    made.grab()
    made.show_state(pill.offline(0))


def test_nobody_at_the_keyboard_asks_for_the_lock_once(qapp: QApplication, qtbot: QtBot) -> None:
    now = [0.0]
    idle = Idle(qapp, clock=lambda: now[0])
    asked: list[int] = []
    idle.expired.connect(lambda: asked.append(1))
    box = QLineEdit()
    qtbot.addWidget(box)
    idle.set_minutes(10)
    now[0] = 599
    QTest.keyClick(box, Qt.Key.Key_A)
    now[0] = 601
    idle.check()
    assert asked == []
    now[0] = 599 + 600
    idle.check()
    idle.check()
    assert asked == [1]
    idle.close()
    idle.setParent(None)


def test_closing_ends_the_lanes_and_hands_the_hook_back(make_window: MakeWindow, qtbot: QtBot) -> None:
    before = sys.excepthook
    window = make_window()
    assert sys.excepthook is not before
    window.jobs.run(window, lambda _p: None, lane="write")
    window.close()
    assert sys.excepthook is before
    QCoreApplication.processEvents()
