"""Cannot get in: the capsule written to a stick from the unlock screen, without a password."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.actions.people import add_person
from app.store.laptop import Laptop
from app.store.rescue import FILE
from app.ui.application import Wardrobe
from app.ui.doors import _SETTLED_MS, Doors
from app.ui.parts.buttons import Button
from app.ui.rooms.forgotten import Forgotten
from app.ui.rooms.rescue import Rescue
from app.ui.rooms.unlock import Unlock
from app.ui.window import Window
from tests import desks
from tests.faults.capsules import believe, far_centre

WAIT_MS = 20_000


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A register whose officer saved two people that no centre has, and whose file is broken."""
    desks.make_keys_cheap(monkeypatch)
    desk = desks.found(tmp_path / "home").desk
    believe(desk, far_centre().keys)
    for name in ("An", "Bình"):
        add_person(desk, {"name": f"Lò Thị {name}"}, "add")
    desk.vault.lock()
    (desk.folder / "vault.db").write_bytes(bytes(4096))
    return desk.folder


def press(room: Unlock | Forgotten, words: str) -> None:
    next(each for each in room.findChildren(Button) if each.text() == words).click()


def test_what_waits_is_written_from_the_unlock_screen(
    qapp: QApplication, qtbot: QtBot, folder: Path, tmp_path: Path, make_window: Callable[[], Window]
) -> None:
    wardrobe, window = Wardrobe(qapp), make_window()
    doors = Doors(window, wardrobe, Laptop(tmp_path / "home"))
    doors.knock()
    window.show()
    unlock = window.room
    assert isinstance(unlock, Unlock)
    press(unlock, "Không vào được sổ")
    room = window.room
    assert isinstance(room, Rescue)
    qtbot.waitUntil(room.write_button.isEnabled, timeout=WAIT_MS)
    stick = tmp_path / "stick"
    stick.mkdir()
    room.write(stick)
    qtbot.waitUntil(lambda: "đọc lại khớp" in room.notice.text, timeout=WAIT_MS)
    (file,) = stick.iterdir()
    assert file.read_bytes() == (folder / FILE).read_bytes()
    (folder / FILE).unlink()
    room.write(stick)
    qtbot.waitUntil(lambda: "Không có gì đang chờ" in room.notice.text, timeout=WAIT_MS)
    doors.show_unlock()
    back = window.room
    assert isinstance(back, Unlock)
    press(back, "Quên mật khẩu")
    forgotten = window.room
    assert isinstance(forgotten, Forgotten)
    press(forgotten, "Không có cả tờ mã")
    assert isinstance(window.room, Rescue)
    qtbot.wait(_SETTLED_MS + 50)  # what the doors import behind a standing screen has begun
    window.close()
    wardrobe.deleteLater()
