"""What was entered is never lost: not by Esc, another room, another card, the lock, or a cut of power."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.actions import drive
from app.actions.desk import Desk
from app.bootstrap.entering import Entered
from app.domain.progress import Progress
from app.store.laptop import Laptop
from app.ui.application import Wardrobe, Wishes
from app.ui.doors import Doors
from app.ui.drive.stage import ACCOUNT, SCAN, WAY
from app.ui.window import Window
from tests.faults.working import open_desk
from tests.ui.drive.hall import ACCOUNT as CODE
from tests.ui.drive.hall import CARD, NEW_CARD, NUMBER, Hall


def kept(desk: Desk) -> drive.Drive:
    return drive.resume(Progress(), desk)


def seen(hall: Hall) -> tuple[str, str]:
    account = hall.stage.account
    return account.number.control.text(), account.holder.control.text()


def test_each_answer_is_in_the_vault_a_moment_later(hall: Hall, panh: str) -> None:
    hall.come_in().to_account()
    hall.write("lo thi")
    hall.qtbot.wait(350)
    hall.settle()
    entered = kept(hall.desk).current
    assert entered is not None
    assert (entered.person, entered.number, entered.holder) == (panh, NUMBER, "LO THI")
    assert (entered.evidence, entered.scanned) == ("vietqr", CODE)


def test_another_room_and_back_and_a_card_scanned_there(hall: Hall, panh: str) -> None:
    hall.come_in().to_account()
    hall.write("lo thi")
    hall.window.go("today")
    hall.settle()
    hall.come_in()
    assert hall.stage.at == ACCOUNT
    assert seen(hall) == (NUMBER, "LO THI")
    hall.window.go("today")
    hall.settle()
    hall.scan(NEW_CARD)
    assert hall.window.here == "drive"
    assert hall.stage.scan.question.held is not None
    hall.esc()
    hall.room._call_back(panh)
    hall.settle()
    assert seen(hall)[0] == NUMBER


def test_esc_twice_keeps_her_among_those_who_come_back(hall: Hall, panh: str) -> None:
    hall.come_in().scan(CARD)
    hall.esc()
    held = hall.room.kept.drive
    assert held is not None
    assert (held.current, held.absent) == (None, ())  # nothing entered, nothing kept
    hall.to_account()
    hall.esc()
    hall.esc()
    assert hall.stage.at == SCAN
    held = hall.room.kept.drive
    assert held is not None
    assert [(each.entered.person, each.why) for each in held.absent] == [(panh, "later")]
    hall.scan(CARD)
    assert hall.stage.at == WAY  # she left from the question how; what was entered stands behind it
    hall.enter()
    assert seen(hall)[0] == NUMBER
    hall.esc()
    hall.esc()
    hall.stage.side.struck.emit(panh)
    hall.qtbot.wait(350)
    hall.settle()
    assert kept(hall.desk).absent == ()


def test_f8_puts_off_and_says_why(hall: Hall, panh: str) -> None:
    from PySide6.QtCore import Qt

    hall.come_in().to_account()
    hall.write("quang van son")
    hall.key(Qt.Key.Key_F8)
    (absent,) = kept(hall.desk).absent
    assert (absent.entered.person, absent.entered.holder, absent.why) == (panh, "QUANG VAN SON", "mismatch")
    assert "Lò Thị Pánh: để sau" in hall.stage.notice.text


@pytest.fixture
def doors(qapp, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, desk: Desk) -> Doors:  # type: ignore[no-untyped-def]
    made = Window(qapp)
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    wardrobe = Wardrobe(qapp, Wishes("light", 1.0))
    return Doors(made, wardrobe, Laptop(tmp_path / "home"))


def test_the_lock_loses_no_letter(
    doors: Doors, desk: Desk, panh: str, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = doors._window
    doors.open(Entered(desk))
    hall = Hall(window, desk, qtbot)
    hall.come_in().to_account()
    box = hall.stage.account.holder.control
    box.setText("lo thi panh")
    box.textEdited.emit(box.text())
    window.lock_wanted.emit()  # at once: the draft had no time to rest
    assert window.here == "unlock"
    assert not desk.vault.is_open
    again = open_desk(tmp_path / "home")
    entered = kept(again).current
    assert entered is not None
    assert (entered.number, entered.holder) == (NUMBER, "LO THI PANH")
    doors.open(Entered(again))
    hall = Hall(window, again, qtbot)
    hall.come_in()
    assert hall.stage.at == ACCOUNT
    assert seen(hall) == (NUMBER, "LO THI PANH")
    window.close()


def test_the_lock_forgets_no_slip(doors: Doors, desk: Desk, panh: str, qtbot: QtBot, tmp_path: Path) -> None:
    window = doors._window
    doors.open(Entered(desk))
    hall = Hall(window, desk, qtbot)
    hall.come_in().to_consent()
    hall.space()
    hall.enter()
    assert hall.room.tray.waiting == 1  # no printer here
    window.lock_wanted.emit()
    again = open_desk(tmp_path / "home")
    doors.open(Entered(again))
    hall = Hall(window, again, qtbot)
    hall.come_in()
    assert hall.room.tray.waiting == 1
    assert "Còn 1 phiếu chưa in" in hall.stage.slip_notice.text
    hall.room.tray.use_folder(str(tmp_path))
    hall.settle()
    assert len(list(tmp_path.glob("phieu-*.pdf"))) == 1
    assert drive.slips_kept(Progress(), again) == []
    window.close()


def test_a_cut_between_save_and_draft_seats_nobody_twice(hall: Hall, panh: str) -> None:
    hall.come_in().to_consent()
    hall.space()
    before = hall.room.kept.drive
    assert before is not None
    hall.enter()
    drive.keep(Progress(), hall.desk, before)  # the draft of a moment before the save
    after = kept(hall.desk)
    assert (after.current, after.absent) == (None, ())


KILLED = """
import sys
from pathlib import Path
from tests.faults.working import open_desk, say
from app.actions import drive
from app.domain.progress import Progress
desk = open_desk(Path(sys.argv[1]))
held = drive.resume(Progress(), desk)
for number in range(10**9):
    entered = drive.Entered(sys.argv[2], "Lò Thị Pánh", step="account", number=str(number), way="bank")
    held = held.seat(entered)
    drive.keep(Progress(), desk, held)
    say("kept", str(number))
"""


def test_killed_at_the_table_the_last_answer_kept_is_there(
    desk: Desk, panh: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.vault.lock()
    command = [sys.executable, "-c", KILLED, str(tmp_path / "home"), panh]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as victim:
        assert victim.stdout is not None
        said = [victim.stdout.readline() for _line in range(5)]
        os.kill(victim.pid, signal.SIGKILL)
        said += victim.stdout.read().splitlines()
    last = int([line for line in said if line.startswith("kept")][-1].split()[1])
    again = open_desk(tmp_path / "home")
    entered = kept(again).current
    assert entered is not None
    assert int(entered.number) in (last, last + 1)
    assert again.vault.faults() == ()
    again.vault.lock()
