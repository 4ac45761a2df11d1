"""Import, drive and file through real windows: scanner events in, proposals out, nothing in force."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.actions.desk import Desk
from app.actions.invented.people import vietqr
from app.actions.people import add_person
from app.bootstrap import Entered
from app.store import dossier, known
from app.ui.forms.text import TextBox
from app.ui.rooms.enrolment import Drive
from app.ui.rooms.file import PersonFile
from app.ui.rooms.workbook import Importing
from app.ui.session import Session
from app.ui.window import Window
from tests import desks
from tests.actions.test_workbook import PEOPLE, write_book

WAIT_MS = 20_000
CARD = "014148032213|123456789|Lò Thị Pánh|12031948|Nữ|Bản Nà Lụa, Mộc Sơn, Sơn La|01012022"
NEW_CARD = "014054000888||Vì Văn Khụt|1954|Nam|Bản Co Mạ, Mộc Sơn, Sơn La|01012022|extra|fields"
ACCOUNT = vietqr("970405", "3906205123456")


@pytest.fixture
def window(make_window: Callable[[], Window]) -> Window:
    made = make_window()
    made.show()
    return made


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, window: Window) -> Iterator[Desk]:
    desks.make_keys_cheap(monkeypatch)
    found = desks.desk_of(tmp_path / "home")
    session = Session(window, found)
    session.begin(Entered(found))
    yield found
    session.end()


@pytest.fixture
def settle(window: Window, qtbot: QtBot) -> Callable[[], None]:
    def wait() -> None:
        qtbot.wait(30)
        qtbot.waitUntil(lambda: window.jobs.is_idle, timeout=WAIT_MS)

    return wait


def her(desk: Desk, number: str) -> dossier.Person:
    with desk.vault.read() as connection:
        found = dossier.person(connection, known.everybody(connection).by_number[number])
    assert found is not None
    return found


def test_a_workbook_on_screen(
    window: Window, desk: Desk, qtbot: QtBot, tmp_path: Path, settle: Callable[[], None]
) -> None:
    room = window.go("import", path=write_book(tmp_path / "danh sach.xlsx", PEOPLE))
    assert isinstance(room, Importing)
    qtbot.waitUntil(lambda: room._review is not None, timeout=WAIT_MS)
    settle()
    room._show(2)
    assert "4" in room.forward.text()
    qtbot.mouseClick(room.forward, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: room.done.held is not None, timeout=WAIT_MS)
    settle()
    assert her(desk, "014148032213").row.name == "Lò Thị Pánh"
    room._undo()
    settle()
    with desk.vault.read() as connection:
        assert not known.everybody(connection).by_id


def enrol_by_scanner(window: Window, qtbot: QtBot, settle: Callable[[], None], holder: str) -> Drive:
    room = window.go("drive")
    assert isinstance(room, Drive)
    window.scanner.scanned.emit(CARD)
    settle()
    assert room.name.text() == "Lò Thị Pánh"
    window.scanner.scanned.emit(ACCOUNT)
    room.form.holder.control.setText(holder)
    room.form.holder.control.textEdited.emit(holder)
    room.form.ticked.setChecked(True)
    room.form.sign.control.set_value("fingerprint")
    return room


def test_card_then_vietqr_then_consent(
    window: Window, desk: Desk, qtbot: QtBot, settle: Callable[[], None]
) -> None:
    add_person(desk, {"name": "Lò Thị Pánh", "birth": "1948", "personal_id": "014148032213"}, "add")
    room = enrol_by_scanner(window, qtbot, settle, "LO THI PANH")
    assert not room.form.mismatch.isVisible()
    qtbot.mouseClick(room.save, Qt.MouseButton.LeftButton)
    settle()
    found = her(desk, "014148032213")
    assert [(a.standing, a.opened.values["evidence"]) for a in found.accounts] == [("proposed", "vietqr")]
    assert found.opened.values.get("receiving_account") is None
    assert [c.values["sign"] for c in found.consents] == ["fingerprint"]
    assert room.pages.currentIndex() == 0


def test_no_consent_is_refused_and_a_mismatch_wants_a_reason(
    window: Window, desk: Desk, qtbot: QtBot, settle: Callable[[], None]
) -> None:
    add_person(desk, {"name": "Lò Thị Pánh", "birth": "1948", "personal_id": "014148032213"}, "add")
    room = enrol_by_scanner(window, qtbot, settle, "QUANG VAN SON")
    assert room.form.mismatch.isVisible()
    room._save()
    settle()
    assert room.form.mismatch.error
    room.form.mismatch.control.set_value("Con trai nhận thay")
    room.form.ticked.setChecked(False)
    room._save()
    settle()
    assert not her(desk, "014148032213").accounts
    room.form.ticked.setChecked(True)
    room._save()
    settle()
    assert len(her(desk, "014148032213").accounts) == 1


def test_somebody_unknown_is_created_by_her_card(
    window: Window, desk: Desk, qtbot: QtBot, settle: Callable[[], None]
) -> None:
    room = window.go("drive")
    assert isinstance(room, Drive)
    window.scanner.scanned.emit(NEW_CARD)
    settle()
    assert room.found.held is not None
    room._create()
    settle()
    assert her(desk, "014054000888").row.name == "Vì Văn Khụt"
    room.form.way.control.set_value("cash")
    room.form.cash.control.set_value("Không có điện thoại")
    room._save()
    settle()
    assert her(desk, "014054000888").row.account == "cash"


def test_a_garbled_card_is_refused_with_the_reason(
    window: Window, desk: Desk, qtbot: QtBot, settle: Callable[[], None]
) -> None:
    room = window.go("drive")
    assert isinstance(room, Drive)
    window.scanner.scanned.emit("01414803||Lò|x|Nữ||")
    settle()
    assert room.notice.text
    assert room.pages.currentIndex() == 0


def test_her_file_shows_who_changed_what(
    window: Window, desk: Desk, qtbot: QtBot, settle: Callable[[], None]
) -> None:
    values = {"name": "Lò Thị Pánh", "birth": "1948", "personal_id": "014148032213"}
    person = add_person(desk, values, "add")
    room = window.go("person", person=person)
    assert isinstance(room, PersonFile)
    settle()
    number, hamlet = (room.form.fields[name].control for name in ("personal_id", "hamlet"))
    assert isinstance(number, TextBox)
    assert isinstance(hamlet, TextBox)
    assert number.text() == ""  # masked until asked for
    hamlet.setText("Bản Nà Lụa")
    room.reason.control.set_value("Trưởng bản báo")
    room._save()
    settle()
    found = her(desk, "014148032213")
    assert (found.row.hamlet, found.row.personal_id) == ("Bản Nà Lụa", "014148032213")
    assert room._found is not None
    newest = room._found.lines[0]
    assert (newest.field, newest.new, newest.hand.reason) == ("hamlet", "Bản Nà Lụa", "Trưởng bản báo")
