"""The self-test's page: looks by itself, says what to do, looks again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.ui.link import Link
from app.ui.room import Room
from app.ui.rooms.checkup import CheckupRoom
from app.ui.window import Window
from tests.desks import desk_of, make_keys_cheap

WAIT_MS = 20_000


class Settings(Room):
    """Where the way back leads."""


def test_says_what_to_look_after_first(
    tmp_path: Path, make_window: Callable[[], Window], monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    make_keys_cheap(monkeypatch)
    desk = desk_of(tmp_path)
    window = make_window()
    link = Link(window, desk)
    window.furnish({"checkup": lambda w: CheckupRoom(w, desk, link), "settings": Settings})
    window.show()
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
    qtbot.waitUntil(lambda: window.jobs.is_idle, timeout=WAIT_MS)
    link.end()
    desk.vault.lock()
