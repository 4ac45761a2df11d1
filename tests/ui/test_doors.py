"""First start, unlock, lock, recovery and training through real windows on real vaults."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from app.actions import exchange
from app.actions.desk import Desk
from app.actions.training import PASSWORD as TRAINING_PASSWORD
from app.bootstrap import entering, shelves
from app.bootstrap.training import begin_training
from app.domain.errors import Refusal
from app.domain.progress import Progress
from app.resources import load_reference
from app.store import dossier, place, queue
from app.store.keyslots import FILE
from app.store.laptop import Laptop
from app.sync.conversation import Summary
from app.ui.application import Wardrobe
from app.ui.doors import _SETTLED_MS, Doors
from app.ui.forms.picking import Pick
from app.ui.guide import GuideSheet
from app.ui.idle import IDLE_MINUTES
from app.ui.recovery import RecoveryCard
from app.ui.room import Room
from app.ui.rooms.first_start import FirstStart
from app.ui.rooms.forgotten import Forgotten
from app.ui.rooms.people import People
from app.ui.rooms.revoked import Revoked
from app.ui.rooms.today import Today
from app.ui.rooms.training import TrainingDoor
from app.ui.rooms.unlock import Unlock
from app.ui.window import Window
from tests import desks
from tests.desks import OFFICER, PASSWORD
from tests.offices import approve

WAIT_MS = 40_000
FILLING_MS = 150_000  # 3,000 people are written, signed, sent and judged


@pytest.fixture(autouse=True)
def cheap_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    desks.make_keys_cheap(monkeypatch)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def doors(qapp: QApplication, qtbot: QtBot, home: Path, make_window: Callable[[], Window]) -> Iterator[Doors]:
    wardrobe = Wardrobe(qapp)
    window = make_window()
    wardrobe.changed.connect(window.refurnish)
    opened = Doors(window, wardrobe, Laptop(home))
    opened.knock()
    window.show()
    yield opened
    window.close()
    wardrobe.deleteLater()


def room(doors: Doors) -> Room:
    found = doors._window.room
    assert found is not None
    return found


def is_unlocked(doors: Doors) -> bool:
    return doors.session is not None


def arrive(doors: Doors, qtbot: QtBot, kind: type[Room], wait_ms: int = WAIT_MS) -> Room:
    qtbot.waitUntil(lambda: isinstance(doors._window.room, kind), timeout=wait_ms)
    return room(doors)


def settle(doors: Doors, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: doors._window.jobs.is_idle, timeout=WAIT_MS)


def begin_commune(doors: Doors, qtbot: QtBot, password: str = PASSWORD) -> FirstStart:
    start = room(doors)
    assert isinstance(start, FirstStart)
    start.doors.set_value("own")
    picks = start._find_communes("moc son")
    assert picks[0].key == desks.COMMUNE
    start.commune.control.set_value(picks[0])
    start.commune.control.changed.emit()
    qtbot.mouseClick(start.forward, Qt.MouseButton.LeftButton)
    start.name.control.set_value(OFFICER)
    start.password.control.setText(password)
    start.again.control.setText(password)
    qtbot.mouseClick(start.forward, Qt.MouseButton.LeftButton)
    return start


def test_a_new_user_begins_her_commune(doors: Doors, qtbot: QtBot, home: Path) -> None:
    start = begin_commune(doors, qtbot)
    qtbot.waitUntil(lambda: start.sheet.held is not None, timeout=WAIT_MS)
    assert start.province.control.value() == "14"
    assert not start.forward.isEnabled()
    sheet = start.sheet.held
    assert isinstance(sheet, RecoveryCard)
    sheet.typed.control.setText("0000")
    sheet.typed.control.textEdited.emit("0000")
    assert not start.forward.isEnabled()
    last = sheet._groups[-1].lower()
    sheet.typed.control.setText(last)
    sheet.typed.control.textEdited.emit(last)
    assert start.forward.isEnabled()
    qtbot.mouseClick(start.forward, Qt.MouseButton.LeftButton)
    today = arrive(doors, qtbot, Today)
    settle(doors, qtbot)
    assert isinstance(today, Today)
    assert today.empty.held is not None
    assert (home / "communes" / desks.COMMUNE / "vault.db").read_bytes()[:6] != b"SQLite"


def test_tab_leads_on_from_the_first_door(doors: Doors, qtbot: QtBot) -> None:
    start = room(doors)
    assert isinstance(start, FirstStart)
    start.doors.set_value("training")
    start.doors.setFocus()
    passed = list[object]()
    while QApplication.focusWidget() is not start.forward and len(passed) < 5:
        passed.append(QApplication.focusWidget())
        qtbot.keyClick(doors._window, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is start.forward
    assert start.restore not in passed


def test_a_weak_password_is_refused_at_its_field(doors: Doors, qtbot: QtBot, home: Path) -> None:
    start = begin_commune(doors, qtbot, "12345678")
    assert start.password.error
    assert not (home / "communes").exists()


def unlock(doors: Doors, qtbot: QtBot, password: str) -> Unlock:
    found = room(doors)
    assert isinstance(found, Unlock)
    found.password.control.setText(password)
    qtbot.keyClick(found.password.control, Qt.Key.Key_Return, delay=40)
    return found


def test_unlock_and_lock(qtbot: QtBot, home: Path, request: pytest.FixtureRequest) -> None:
    desks.found(home).desk.vault.lock()
    doors: Doors = request.getfixturevalue("doors")
    found = unlock(doors, qtbot, "không phải mật khẩu")
    qtbot.waitUntil(lambda: bool(found.notice.text), timeout=WAIT_MS)
    assert not is_unlocked(doors)
    unlock(doors, qtbot, PASSWORD)
    arrive(doors, qtbot, Today)
    settle(doors, qtbot)
    assert doors.session is not None
    vault = doors.session.desk.vault
    doors._window.lock_wanted.emit()
    arrive(doors, qtbot, Unlock)
    assert not vault.is_open
    unlock(doors, qtbot, PASSWORD)
    arrive(doors, qtbot, Today)
    settle(doors, qtbot)
    doors._window.idle._last -= 60 * IDLE_MINUTES  # nobody touched it for so long
    doors._window.idle.check()
    arrive(doors, qtbot, Unlock)
    assert doors.session is None


def test_wrong_passwords_slow_down_across_restarts(
    qtbot: QtBot, home: Path, request: pytest.FixtureRequest
) -> None:
    entered = desks.found(home)
    entered.desk.vault.lock()
    reference = load_reference()
    at = shelves.shelf(Laptop(home), desks.place())
    for _try in range(5):
        with pytest.raises(Refusal):
            entering.unlock(at, entered.desk.officer.id, "không phải", reference)
    doors: Doors = request.getfixturevalue("doors")  # the program starts anew
    found = room(doors)
    assert isinstance(found, Unlock)
    assert "giây" in found.notice.text
    assert not found.open_button.isEnabled()
    unlock(doors, qtbot, PASSWORD)
    assert doors.session is None


def test_help_opens_before_unlock_and_what_was_typed_stays(doors: Doors, qtbot: QtBot) -> None:
    start = room(doors)
    assert isinstance(start, FirstStart)
    start.doors.set_value("own")
    start.commune.control.setText("moc s")
    qtbot.keyClick(doors._window, Qt.Key.Key_F1)
    (sheet,) = doors._window.findChildren(GuideSheet)
    assert sheet.isVisible()
    assert sheet.guide.page.name == "bat-dau"
    assert not start.isVisible()
    sheet.guide.contents.anchorClicked.emit(QUrl("tap-huan.md"))
    assert sheet.guide.page.name == "tap-huan"
    qtbot.keyClick(sheet.guide.page, Qt.Key.Key_Escape)
    assert start.isVisible()
    assert start.commune.control.text() == "moc s"
    assert not doors._window.rail.isVisible()


def test_forgotten_password(qtbot: QtBot, home: Path, request: pytest.FixtureRequest) -> None:
    entered = desks.found(home)
    entered.desk.vault.lock()
    doors: Doors = request.getfixturevalue("doors")
    assert doors._shelf is not None
    doors.show_recovery(doors._shelf)
    found = room(doors)
    assert isinstance(found, Forgotten)
    found.code.control.setText(entered.recovery_code.lower())
    found.password.control.setText("mưa nguồn chớp bể")
    found.again.control.setText("mưa nguồn chớp bể")
    found._recover()
    qtbot.waitUntil(lambda: doors.session is not None, timeout=WAIT_MS)
    settle(doors, qtbot)
    assert doors._window.here == "settings"  # the new code is to be printed first


def approve_one_there(laptop: Laptop) -> None:
    """The second officer of the training commune sits down: what the first proposed comes in force."""
    day = begin_training(Progress(), laptop, load_reference(), approves=True)
    desk = day.entered.desk
    try:
        assert day.centre is not None
        with desk.vault.read() as connection:
            waiting = queue.waiting(connection, 1)[0]
        approve(desk, waiting.opened.record, TRAINING_PASSWORD)
        exchange.exchange(Progress(), desk)
        with desk.vault.read() as connection:
            whole = dossier.person(connection, waiting.her.record)
        assert whole is not None
        assert whole.row.account == "in_force"
    finally:
        desk.vault.lock()
        if day.centre is not None:
            day.centre.service.stop()


def test_training_is_another_colour_and_two_laptops_meet(doors: Doors, qtbot: QtBot, home: Path) -> None:
    doors.train()
    door = room(doors)
    assert isinstance(door, TrainingDoor)
    qtbot.mouseClick(door.open_button, Qt.MouseButton.LeftButton)
    arrive(doors, qtbot, Today, FILLING_MS)
    # A second laptop that opens before the first has worked finds its people, and writes none of its own.
    second = begin_training(Progress(), Laptop(home / "profiles" / "hai"), load_reference())
    try:
        assert doors.session is not None
        assert people_of(second.entered.desk) == people_of(doors.session.desk)
    finally:
        second.entered.desk.vault.lock()
        if second.centre is not None:
            second.centre.service.stop()
    approve_one_there(Laptop(home / "profiles" / "hai"))
    qtbot.waitUntil(lambda: doors._window.pill.link.kind == "synced", timeout=WAIT_MS)
    assert "TẬP HUẤN" in doors._window.windowTitle()
    doors._window.go("people")
    people = room(doors)
    assert isinstance(people, People)
    settle(doors, qtbot)
    assert people.table.rows.rowCount() == 3_000
    doors.session.role_changed.emit()
    put_out = room(doors)
    assert isinstance(put_out, TrainingDoor)
    assert "Trung tâm" in put_out.notice.text  # why she stands before the door again


def people_of(desk: Desk) -> set[str]:
    with desk.vault.read() as connection:
        return set(connection.exec_driver_sql("SELECT id FROM person").scalars())


def test_search_from_anywhere(qtbot: QtBot, home: Path, request: pytest.FixtureRequest) -> None:
    from app.actions.people import add_person

    desk = desks.found(home).desk
    add_person(desk, {"name": "Nguyễn Thị Lan", "birth": "1954", "hamlet": "Bản Nà Lụa"}, "add")
    add_person(desk, {"name": "Lò Văn Chiến", "birth": "1948"}, "add")
    desk.vault.lock()
    doors: Doors = request.getfixturevalue("doors")
    unlock(doors, qtbot, PASSWORD)
    arrive(doors, qtbot, Today)
    doors._window.go("people", text="ng thi lan 54")
    people = room(doors)
    assert isinstance(people, People)
    settle(doors, qtbot)
    qtbot.waitUntil(lambda: people.table.rows.rowCount() == 1, timeout=WAIT_MS)
    assert people.table.rows.record(0).name == "Nguyễn Thị Lan"


def test_pick_of_a_commune_fills_the_cover(doors: Doors) -> None:
    start = room(doors)
    assert isinstance(start, FirstStart)
    start.doors.set_value("own")
    start.commune.control.set_value(Pick(desks.COMMUNE, "Phường Mộc Sơn"))
    start.commune.control.changed.emit()
    assert "Mộc Sơn" in start.cover.accessibleName() or start.cover._lines[0][1] == "Mộc Sơn"


def test_a_revoked_laptop_lets_go_and_says_so(doors: Doors, home: Path, qtbot: QtBot) -> None:
    """The centre has everything (tests/central/test_leaving.py): the key goes, then what opens it."""
    entered = replace(desks.found(home), recovery_code="")
    doors.open(entered)
    arrive(doors, qtbot, Today)
    desk, session = entered.desk, doors.session
    assert session is not None
    with desk.vault.write() as connection:
        place.write(connection, place.REVOKED, b"2026-11-28T00:00:00Z")
    session.link._done(Summary(revoked=True))
    told = arrive(doors, qtbot, Revoked)
    assert not desk.vault.is_open
    assert not (desk.folder / FILE).exists()
    assert "hủy" in " ".join(label.text() for label in told.findChildren(QLabel))
    settle(doors, qtbot)
    doors.knock()
    again = arrive(doors, qtbot, Revoked)
    anew = next(each for each in again.findChildren(QPushButton) if "máy mới" in each.text())
    anew.click()
    arrive(doors, qtbot, FirstStart)
    assert [folder.name[:12] for folder in (home / "communes").iterdir()] == ["03979revoked"]


def test_a_window_closed_at_once_warms_nothing_up(doors: Doors, qtbot: QtBot) -> None:
    """A lane that began after closing would never be ended."""
    doors._window.close()
    qtbot.wait(_SETTLED_MS + 100)
    assert doors._window.jobs._pools == {}
