"""The rooms of backups: made, carried, tried in the register; restored before the lock."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.actions import backups as acting
from app.actions.people import add_person
from app.bootstrap import entering, shelves
from app.domain.progress import Progress
from app.resources import load_reference
from app.store import replacing
from app.store.laptop import Laptop
from app.ui.application import Wardrobe
from app.ui.doors import Doors
from app.ui.room import Room
from app.ui.rooms.backups import BackupsRoom
from app.ui.rooms.first_start import FirstStart
from app.ui.rooms.restore import Restore
from app.ui.rooms.settings import SettingsRoom
from app.ui.rooms.today import Today
from app.ui.rooms.unlock import Unlock
from app.ui.window import Window
from tests.desks import COMMUNE, PASSWORD, found, make_keys_cheap, place

WAIT_MS = 40_000
NEW_PASSWORD = "mật khẩu mới tinh"
R = TypeVar("R", bound=Room)


class House:
    """Where laptops stand: their homes, the stick, the doors of one of them."""

    def __init__(self, folder: Path, code: str, make: Callable[[Path], Doors], qtbot: QtBot) -> None:
        self.folder, self.code, self._make, self._qtbot = folder, code, make, qtbot

    def doors(self, home: str = "home") -> Doors:
        """A window at one laptop."""
        return self._make(self.folder / home)

    def arrive(self, doors: Doors, kind: type[R]) -> R:
        """Wait until that room is shown and nothing is under way."""
        self._qtbot.waitUntil(lambda: isinstance(doors._window.room, kind), timeout=WAIT_MS)
        self.settle(doors)
        room = doors._window.room
        assert isinstance(room, kind)
        return room

    def settle(self, doors: Doors) -> None:
        """Wait for the jobs."""
        self.until(lambda: doors._window.jobs.is_idle)

    def until(self, holds: Callable[[], object]) -> None:
        """Wait for what a job's end brings: the window hears of it a moment later."""
        self._qtbot.waitUntil(lambda: bool(holds()), timeout=WAIT_MS)


@pytest.fixture
def house(
    qapp: QApplication,
    qtbot: QtBot,
    tmp_path: Path,
    make_window: Callable[[], Window],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[House]:
    make_keys_cheap(monkeypatch)
    monkeypatch.setattr(acting, "_is_same_disk", lambda _folder, _register: False)
    entered = found(tmp_path / "home")
    add_person(entered.desk, {"name": "Lò Thị Pánh"}, "new")
    (tmp_path / "stick").mkdir()
    acting.carry(Progress(), entered.desk, tmp_path / "stick")
    entered.desk.vault.lock()
    wardrobes: list[Wardrobe] = []
    windows: list[Window] = []

    def doors(home: Path) -> Doors:
        wardrobe, window = Wardrobe(qapp), make_window()
        wardrobes.append(wardrobe)
        windows.append(window)
        opened = Doors(window, wardrobe, Laptop(home))
        opened.knock()
        window.show()
        return opened

    yield House(tmp_path, entered.recovery_code, doors, qtbot)
    for window in windows:
        window.close()
    for wardrobe in wardrobes:
        wardrobe.deleteLater()


def _unlock(house: House, doors: Doors, password: str = PASSWORD) -> None:
    unlock = house.arrive(doors, Unlock)
    unlock.password.control.setText(password)
    unlock._unlock()
    house.arrive(doors, Today)


def test_one_is_made_at_the_first_unlocking_and_can_be_tried(house: House) -> None:
    doors = house.doors()
    _unlock(house, doors)
    doors._window.go("backups")
    room = house.arrive(doors, BackupsRoom)
    assert [each.about.why for each in room.kept.values()] == ["daily"]
    assert not room.attempt.isEnabled()
    room.opening.password.control.setText("không phải")
    room._try()
    house.until(lambda: room.opening.password.error)
    room.opening.password.control.setText(PASSWORD)
    room._try()
    house.settle(doors)
    assert "Khôi phục được: 1 người" in room.notice.text
    assert not room.attempt.isEnabled()  # what was typed is forgotten
    room.opening.way.control.set_value("code")
    room.opening._show()
    assert not room.attempt.isEnabled()
    room.opening.code.control.setText(house.code)
    room._try()
    house.settle(doors)
    assert "Khôi phục được" in room.notice.text


def test_made_now_and_carried_away(house: House) -> None:
    doors = house.doors()
    _unlock(house, doors)
    doors._window.go("settings")
    house.arrive(doors, SettingsRoom)
    doors._window.go("backups")
    room = house.arrive(doors, BackupsRoom)
    room._make()
    house.settle(doors)
    assert sorted(each.about.why for each in room.kept.values()) == ["asked", "daily"]
    room.carry(house.folder / "stick")
    house.settle(doors)
    assert "cất vào két" in room.notice.text
    assert len(acting.found_in(house.folder / "stick")) == 2
    (house.folder / "pulled").write_bytes(b"")
    room.carry(house.folder / "pulled")
    house.settle(doors)
    assert room.onto.isEnabled()
    assert "cất vào két" not in room.notice.text


def test_locked_and_restored_here(house: House) -> None:
    doors = house.doors()
    _unlock(house, doors)
    doors._window.go("backups")
    house.arrive(doors, BackupsRoom)._restore()
    restore = house.arrive(doors, Restore)
    assert restore._opening is not None
    assert not restore.go.isEnabled()
    assert restore.go.toolTip()
    restore._opening.password.control.setText(PASSWORD)
    assert restore.go.isEnabled()
    restore._restore()  # refused as in use unless the register was let go
    house.arrive(doors, Today)
    assert doors.session is not None
    assert "~" in doors.session.desk.pen.device
    assert [*(house.folder / "home" / "communes").glob(f"{COMMUNE}{replacing.FORMER}*")]


def test_restored_on_a_new_laptop_by_the_sheet(house: House) -> None:
    doors = house.doors("other")
    house.arrive(doors, FirstStart)
    doors.show_restore()
    restore = house.arrive(doors, Restore)
    assert not restore.go.isEnabled()
    restore.look_in(house.folder / "home")
    house.settle(doors)
    assert "không có bản sao lưu" in restore.notice.text
    restore.look_in(house.folder / "stick")
    house.settle(doors)
    opening = restore._opening
    assert opening is not None
    assert opening.by_code
    opening.code.control.setText("AAAA-AAAA")
    assert not restore.go.isEnabled()  # a new password is set by the sheet
    opening.new.control.setText(NEW_PASSWORD)
    opening.again.control.setText("khác")
    restore._restore()
    assert opening.again.error
    opening.again.control.setText(NEW_PASSWORD)
    restore._restore()
    house.settle(doors)
    assert opening.code.error
    opening.code.control.setText(house.code)
    restore._restore()
    settings = house.arrive(doors, SettingsRoom)
    assert settings.recovery.sheet.held is not None
    doors._window.close()
    at, reference = shelves.shelf(Laptop(house.folder / "other"), place()), load_reference()
    officer = at.keyfile().officers[0].officer
    entering.unlock(at, officer, NEW_PASSWORD, reference).desk.vault.lock()
