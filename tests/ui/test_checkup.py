"""The self-test's page: looks by itself, says what to do, looks again."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.actions.desk import Desk
from app.ui.link import Link
from app.ui.rooms.checkup import CheckupRoom
from app.ui.window import Window
from tests.ui.queueing import Elsewhere

WAIT_MS = 20_000


def test_says_what_to_look_after_first(
    desk: Desk, window: Window, link: Link, settle: Callable[[], None], qtbot: QtBot
) -> None:
    window.furnish({"checkup": lambda w: CheckupRoom(w, desk, link), "settings": Elsewhere})
    room = window.go("checkup")
    assert isinstance(room, CheckupRoom)
    qtbot.waitUntil(lambda: bool(room.found), timeout=WAIT_MS)
    assert "cần để ý" in room.notice.text
    assert [each.standing for each in room.found][-1] == "well"
    assert room.shown.held is not None
    words = [each.text() for each in room.shown.held.findChildren(QLabel)]
    assert "Xin mã ghi danh của công nghệ thông tin tỉnh, gõ vào Đồng bộ, bàn giao." in words
    assert not any("doctor." in each for each in words)
    room.again.click()
    assert not room.again.isEnabled()
    qtbot.waitUntil(room.again.isEnabled, timeout=WAIT_MS)
    settle()
