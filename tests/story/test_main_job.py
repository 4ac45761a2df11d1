"""The main job, as issue 2 tells it, through real windows: workbook in, a problem mended, a person found,
her account enrolled by scanner, synced, seen on a second laptop. Once behind the training door (a centre
on SQLite), once in a real commune (a centre on PostgreSQL)."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from app.actions.invented.people import vietqr
from app.ui.person.facts import ACCOUNT_MARKS
from app.ui.recovery import RecoveryCard
from app.words import counted, ngettext
from app.words import gettext as _
from tests import desks
from tests.story.centre import served_centre
from tests.story.laptops import at_window, laptops
from tests.story.officer import Officer

REAL, COMMUNE = "03979", "moc son"  # a real commune; everybody in it is invented
NAME, NUMBER = "Nguyễn Thị Lan", "014154032218"
CARD = f"{NUMBER}||{NAME}|20101954|Nữ|Bản Nà Lụa|02052022"
ACCOUNT = vietqr("970405", "1500205120045")
ROWS = (
    ("STT", "Họ và tên", "Ngày sinh", "Giới tính", "Số CCCD", "Thôn", "Số tiền"),
    (1, NAME.upper(), "20/10/1954", "Nữ", NUMBER, "Bản Nà Lụa", 540_000),
    (2, "Quàng Văn Thương", "31/02/1951", "Nam", "014051000777", "Bản Nà Lụa", 540_000),
    (3, "Cà Thị Ánh", "02/09/1944", "Nữ", "", "Bản Co Mạ", "540.000"),
)


@pytest.fixture(autouse=True)
def keys_are_cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2 at its full cost is measured elsewhere."""
    desks.make_keys_cheap(monkeypatch)


@pytest.fixture(autouse=True)
def slips(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that she chooses for slips, where the office has no printer."""
    folder = tmp_path / "phieu"
    folder.mkdir()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_asked: str(folder))
    return folder


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    """The list an office keeps, with a day that no calendar has."""
    made, file = openpyxl.Workbook(), tmp_path / "danh sach.xlsx"
    sheet = made.active
    assert sheet is not None
    for row in ROWS:
        sheet.append(row)
    made.save(file)
    return file


def test_behind_the_training_door(qtbot: QtBot, tmp_path: Path, workbook: Path, slips: Path) -> None:
    first, second = laptops(tmp_path / "home")
    for laptop in (first, second):
        with at_window(qtbot, laptop) as officer:
            officer.press(_("Training"))
            officer.press(_("Enter training"))
            officer.press(_("Open the training register"))
            officer.wait(lambda: officer.window.pill.link.kind == "synced")
            if laptop is first:
                do_the_main_job(officer, workbook)
            see_what_came(officer)
    assert [file.suffix for file in slips.iterdir()] == [".pdf"]


def test_in_a_real_commune(
    qtbot: QtBot, tmp_path: Path, workbook: Path, postgres_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = laptops(tmp_path / "home")
    with served_centre(tmp_path, postgres_url, REAL, lambda: capsys.readouterr().out) as operator:
        for laptop in (first, second):
            with at_window(qtbot, laptop) as officer:
                begin_a_register(officer)
                if laptop is first:
                    bring_in(officer, workbook)  # long before anybody has a link
                officer.window.go("sync")
                officer.write(_("Enrolment code"), operator.invite())
                officer.press(_("Join the centre"))
                officer.wait(lambda: officer.window.pill.link.kind == "synced")
                if laptop is first:
                    enrol_her_account(officer)
                    press_sync(officer)
                    enrolling = operator.officers()
                see_what_came(officer)
        (newcomer,) = operator.officers() - enrolling
        operator.certify(newcomer, "approver")
        with at_window(qtbot, second) as officer:
            unlock(officer)  # and the laptop hears by itself what she may now
            officer.reads(_("The centre changed what you may do. Come in once more. Drafts are kept."))
            unlock(officer)
            approve_her_account(officer)
            press_sync(officer)
            see_her_on_the_list(officer)
        with at_window(qtbot, first) as officer:
            unlock(officer)
            press_sync(officer)
            see_her_on_the_list(officer)


def begin_a_register(officer: Officer) -> None:
    """First start of *My commune*: found by typing without accents, first officer, recovery code."""
    officer.press(_("My commune"))
    officer.write(_("Commune, ward"), COMMUNE)
    officer.key(Qt.Key.Key_Return, "\r")
    officer.press(_("Continue"))
    officer.write(_("Full name"), desks.OFFICER)
    officer.write(_("Password"), desks.PASSWORD)
    officer.write(_("Password once more"), desks.PASSWORD)
    officer.press(_("Continue"))
    officer.press(_("No printer: write it by hand"))
    (sheet,) = officer.window.findChildren(RecoveryCard)
    officer.write(_("Last 4 signs on the sheet"), sheet._groups[-1])
    officer.press(_("Open the register"))


def do_the_main_job(officer: Officer, workbook: Path) -> None:
    bring_in(officer, workbook)
    enrol_her_account(officer)
    press_sync(officer)


def bring_in(officer: Officer, workbook: Path) -> None:
    """The workbook dropped on the room; the impossible day answered; three people written."""
    officer.window.go("import")
    officer.drop(str(workbook))
    officer.reads(_("No row is missing"))
    officer.press(counted("Answer {count} question", "Answer {count} questions", 1))
    officer.press(_("import.way.value"))
    officer.type_on("28/02/1951")
    officer.key(Qt.Key.Key_Return, "\r")
    officer.press(
        counted("Write {count} person into the register", "Write {count} people into the register", 3)
    )
    officer.press(_("See the list"))


def enrol_her_account(officer: Officer) -> None:
    """Found by typing; then scanner and keyboard alone."""
    officer.window.go("people")
    officer.write(_("lan 1954, ntl, last 4 digits…"), "ng thi lan 54")
    officer.reads(NAME)
    officer.scan(CARD)
    officer.reads(_("How she is paid"))
    officer.scan(ACCOUNT)
    officer.write(_("Name on the account"), "nguyen thi lan")
    officer.key(Qt.Key.Key_Return, "\r")
    officer.reads(_("Confirmed by"))
    officer.key(Qt.Key.Key_Space, " ")
    officer.key(Qt.Key.Key_Return, "\r")
    officer.reads(_("Saved {name}.").format(name=NAME))
    officer.press(_("Choose a folder"))


def press_sync(officer: Officer) -> None:
    officer.window.go("sync")
    officer.press(_("Sync now"))
    officer.wait(lambda: officer.window.pill.link.kind == "synced")


def unlock(officer: Officer) -> None:
    officer.write(_("Password"), desks.PASSWORD)
    officer.press(_("Open the register"))
    officer.wait(lambda: officer.window.here == "today")


def approve_her_account(officer: Officer) -> None:
    """Another officer than who enrolled it: looked at, her password again, signed."""
    officer.window.go("approvals")
    officer.reads(f"{NAME} · " + _("Account to be paid into"))
    officer.key(Qt.Key.Key_Space, " ")  # on the list: she has looked
    officer.write(_("Type your password again to sign"), desks.PASSWORD)
    officer.press(_("Approve and sign"))
    officer.reads(_("Approved and signed: {names}.").format(names=NAME))


def see_her_on_the_list(officer: Officer) -> None:
    """In force, told from what both officers signed."""
    officer.window.go("account-list")
    paid = ngettext("{count} person, {total} đ a month", "{count} people, {total} đ a month", 1)
    officer.reads(paid.format(count="1", total="540.000"))


def see_what_came(officer: Officer) -> None:
    """She is on this laptop's list, her account proposed and nothing in force."""
    officer.wait(lambda: officer.window.room is not None and officer.window.room.frame == "shell")
    officer.window.go("people")
    officer.write(_("lan 1954, ntl, last 4 digits…"), "nguyen thi lan 1954 na lua")
    officer.reads(NAME)
    officer.reads(_(ACCOUNT_MARKS["proposed"][0]))
