"""The room of a breach: moments as people write them, the figures, both files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.actions.people import add_person
from app.ui.link import Link
from app.ui.room import Room
from app.ui.rooms.breach import BreachRoom
from app.ui.window import Window
from tests.desks import desk_of, make_keys_cheap

WAIT_MS = 20_000


class Settings(Room):
    """Where the way back leads."""


def test_looks_and_saves(
    tmp_path: Path, make_window: Callable[[], Window], monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    make_keys_cheap(monkeypatch)
    desk = desk_of(tmp_path / "home")
    add_person(desk, {"name": "Lò Thị Pánh"}, "new")
    window = make_window()
    link = Link(window, desk)
    window.furnish({"breach": lambda w: BreachRoom(w, desk, link), "settings": Settings})
    window.show()
    room = window.go("breach")
    assert isinstance(room, BreachRoom)
    assert not room.save.isEnabled()
    moment = room.since.control.text()
    room.since.control.setText("hôm qua")
    room._prepare()
    assert "Ghi theo mẫu" in room.since.error
    room.since.control.setText(room.until.control.text())
    room.until.control.setText(moment)
    room._prepare()
    qtbot.waitUntil(lambda: bool(room.since.error), timeout=WAIT_MS)
    room.until.control.setText(room.since.control.text())
    room.since.control.setText(moment)
    room._prepare()
    qtbot.waitUntil(lambda: room.report is not None, timeout=WAIT_MS)
    assert "phải nhận báo cáo trước" in room.notice.text
    assert room.save.isEnabled()
    room.save_into(tmp_path)
    qtbot.waitUntil(lambda: "Đã lưu" in room.notice.text, timeout=WAIT_MS)
    assert len([*tmp_path.glob("*.pdf")]) == len([*tmp_path.glob("*.json")]) == 1
    qtbot.waitUntil(lambda: window.jobs.is_idle, timeout=WAIT_MS)
    link.end()
    desk.vault.lock()
