"""The room of a breach: moments as people write them, the figures, both files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app import words
from app.actions.desk import Desk
from app.actions.people import add_person
from app.domain.errors import Denied
from app.ui.link import Link
from app.ui.rooms.breach import BreachRoom
from app.ui.window import Window
from tests.ui.queueing import Elsewhere

WAIT_MS = 20_000


def test_what_roles_forbade_is_shown_in_words(
    desk: Desk, window: Window, link: Link, settle: Callable[[], None], qtbot: QtBot
) -> None:
    words.speak("en")
    denied = Denied("right.role", desk.officer.id, "save phone", kind="person")
    with pytest.raises(Denied), desk.vault.write():
        raise denied
    window.furnish({"breach": lambda w: BreachRoom(w, desk, link), "settings": Elsewhere})
    room = window.go("breach")
    assert isinstance(room, BreachRoom)
    room._prepare()
    qtbot.waitUntil(lambda: room.report is not None, timeout=WAIT_MS)
    said = [each.text() for each in room.shown.findChildren(QLabel)]
    assert f"{desk.officer.name}: write: Phone (her role does not allow it)" in said
    assert "Refused by the rules" in said
    settle()


def test_looks_and_saves(
    tmp_path: Path,
    desk: Desk,
    window: Window,
    link: Link,
    settle: Callable[[], None],
    qtbot: QtBot,
) -> None:
    add_person(desk, {"name": "Lò Thị Pánh"}, "new")
    window.furnish({"breach": lambda w: BreachRoom(w, desk, link), "settings": Elsewhere})
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
    settle()
