"""The screens before a register is open, and those of one begun a moment ago."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from app.store import leaving
from app.store.rescue import Waiting
from app.store.throttle import Moment
from app.ui.recovery import RecoveryCard
from app.ui.rooms.first_start import FirstStart
from app.ui.rooms.forgotten import Forgotten
from app.ui.rooms.rescue import Rescue
from app.ui.rooms.settings import SettingsRoom
from app.ui.rooms.unlock import Unlock
from tests.desks import COMMUNE, OFFICER, PASSWORD
from tests.ui.scenes import Stage


def first_start(stage: Stage) -> None:
    """Two doors, the commune found by typing, its officer, the recovery code."""
    stage.doors.knock()
    start = stage.room
    assert isinstance(start, FirstStart)
    stage.draw("first-start")
    start.doors.set_value("own")
    start.commune.control.setFocus()
    start.commune.control.setText("moc s")
    start.commune.control.textEdited.emit("moc s")
    stage.draw("first-start-commune")
    start.commune.control.set_value(next(p for p in start._find_communes("moc son") if p.key == COMMUNE))
    start.commune.control.changed.emit()
    stage.draw("first-start-chosen")
    start._go_on()
    stage.draw("first-start-officer")
    start.password.control.setText("12345678")
    start._go_on()
    stage.draw("first-start-refused")
    start.name.control.set_value(OFFICER)
    for box in (start.password.control, start.again.control):
        box.setText(PASSWORD)
    start._go_on()
    stage.settle()
    stage.draw("first-start-code")
    sheet = start.sheet.held
    assert isinstance(sheet, RecoveryCard)
    sheet.typed.control.setText(sheet._groups[-1])
    sheet.typed.control.textEdited.emit(sheet._groups[-1])
    stage.draw("first-start-code-typed")
    start._go_on()
    stage.settle()


def empty_register(stage: Stage) -> None:
    """What a new officer meets in each room."""
    stage.draw("today-empty")
    for name in ("people", "sync", "drive", "import"):
        stage.window.go(name)
        stage.draw(f"{name}-empty")
    stage.window.go("settings")
    stage.draw("settings")
    settings = stage.room
    assert isinstance(settings, SettingsRoom)
    settings.new.control.setText("con trâu đi sau")
    settings._change_password()
    stage.draw("settings-refused")
    at = stage.doors.session
    assert at is not None
    at.desk.prove.keyfile.add_officer(at.desk.prove.unlocked, "Vàng Thị Sua", PASSWORD, Moment.now())
    stage.window.go("settings", page="officers")
    stage.settle()
    settings.officers.officers.selectRow(1)
    stage.draw("officers")
    settings.officers.add_button.click()
    stage.draw("officers-add")
    stage.window.go("settings", page="roles")
    stage.settle()
    stage.draw("roles")
    stage.window.go("settings", page="recovery")
    stage.draw("recovery")


def unlocked_again(stage: Stage) -> None:
    """Into the register, for what comes next."""
    unlock = stage.room
    assert isinstance(unlock, Unlock)
    unlock.password.control.setText(PASSWORD)
    unlock._unlock()
    stage.settle()


def locked(stage: Stage) -> None:
    """Unlock, a wrong password, too many of them, the way back by the sheet from the safe."""
    stage.window.lock_wanted.emit()
    unlock = stage.room
    assert isinstance(unlock, Unlock)
    stage.draw("unlock")
    stage.window._help()
    stage.draw("guide-before-unlock")
    stage.window.uncover()
    for _try in range(6 if stage.wants("unlock-wait") else 1):
        unlock.password.control.setText("không phải")
        unlock._unlock()
        stage.settle()
        if _try == 0:
            stage.draw("unlock-wrong")
    stage.draw("unlock-wait")
    shelf = stage.doors._shelf
    assert shelf is not None
    stage.doors.show_recovery(shelf)
    forgotten = stage.room
    assert isinstance(forgotten, Forgotten)
    stage.draw("forgotten")
    forgotten.code.control.setText("K7QM-2F9T")
    forgotten.password.control.setText(PASSWORD)
    forgotten.again.control.setText(PASSWORD)
    forgotten._recover()
    stage.settle()
    stage.draw("forgotten-refused")
    stage.doors.show_rescue(shelf)
    stage.settle()
    stage.draw("rescue-empty")
    rescue = stage.room
    assert isinstance(rescue, Rescue)
    rescue._show(Waiting(39, 61_400, datetime(2026, 11, 23, 16, 40)))
    rescue._written(Path("xa-03979-cuu-ho-20261123-164200.cuuho"))
    stage.draw("rescue")


def training_door(stage: Stage) -> None:
    """The door to the invented commune."""
    stage.doors.train()
    stage.draw("training-door")


def revoked(stage: Stage) -> None:
    """The last screen of a laptop that the centre revoked while three photos waited."""
    shelf = stage.doors._shelf
    assert shelf is not None
    leaving.mark(shelf.folder.path, "2026-11-28", 3)
    leaving.destroy(shelf.folder.path)
    stage.doors.show_revoked(shelf)
    stage.draw("revoked")
