"""The runner by the keyboard alone: from question to question, from page to page, from error to error."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.ui.jobs import Jobs
from tests.ui.survey.household import HOUSE, Desk, begun, press

CHU, THON, PHONE = f"{HOUSE}/chu", f"{HOUSE}/thon", f"{HOUSE}/dien_thoai"


@pytest.fixture
def desk(qtbot: QtBot, jobs: Jobs) -> Desk:
    return Desk(qtbot, jobs)


def test_enter_goes_to_the_next_question_and_then_to_the_next_page(desk: Desk) -> None:
    runner = desk.open(begun())
    for ref in (CHU, THON):
        desk.type(ref, "0912345678")
    assert desk.here() == PHONE
    desk.type(PHONE, "1")
    assert desk.here() == PHONE  # what is wrong is not passed by
    desk.type(PHONE, "0912345678")
    desk.type(f"{HOUSE}/nuoc/gieng", "giếng")
    assert runner.footing.next_button.hasFocus()


def test_tab_goes_as_one_reads(desk: Desk) -> None:
    runner = desk.open(begun())
    seen = []
    for _question in range(5):
        seen.append(desk.here())
        desk.key(Qt.Key.Key_Tab)
    assert seen == [*desk.asked(), ""]
    assert runner.footing.next_button.hasFocus()


def test_the_keyboard_turns_pages(desk: Desk, qtbot: QtBot) -> None:
    session = begun()
    session.answer(CHU, "Cà Văn Inh")
    runner = desk.open(session)

    def press(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> str:
        desk.key(key, modifier)
        return runner.sheet.title

    assert press(Qt.Key.Key_PageDown) == "2. Thành viên trong hộ"
    assert press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier) == "3. Việc làm, thu nhập"
    assert press(Qt.Key.Key_PageUp) == "2. Thành viên trong hộ"
    assert press(Qt.Key.Key_1, Qt.KeyboardModifier.AltModifier) == "1. Thông tin hộ"
    assert press(Qt.Key.Key_4, Qt.KeyboardModifier.AltModifier) == "Xem lại và nộp"
    with qtbot.waitSignal(runner.left):
        press(Qt.Key.Key_Escape)


def test_what_is_being_typed_is_answered_before_the_page_turns(desk: Desk) -> None:
    runner = desk.open(begun())
    press(desk.line(CHU), "Cà Văn Inh")
    runner.forth()
    assert runner.live.session.node(CHU).value == "Cà Văn Inh"
    assert runner.sheet.title == "2. Thành viên trong hộ"


def test_f8_goes_from_error_to_error(desk: Desk) -> None:
    runner = desk.open(begun())
    desk.type(PHONE, "1")
    runner.forth()
    assert desk.here() == CHU
    desk.key(Qt.Key.Key_F8)
    assert desk.here() == PHONE
    desk.key(Qt.Key.Key_F8)
    assert desk.here() == CHU


def test_steps_are_walked_by_keyboard(desk: Desk) -> None:
    session = begun()
    session.answer(CHU, "Cà Văn Inh")
    runner = desk.open(session)
    steps = runner.side.steps
    steps.setFocus()
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Up):
        QTest.keyClick(steps, key)
    assert runner.sheet.title == "1. Thông tin hộ"
    assert steps.accessibleName() == "Thành viên trong hộ"
    QTest.keyClick(steps, Qt.Key.Key_Return)
    assert runner.sheet.title == "2. Thành viên trong hộ"


def test_what_a_scanner_reads_goes_to_whom_it_belongs(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    runner = desk.open(begun())
    assert not runner.take_scan("012345678901")
    control = desk.question(PHONE).control
    assert control is not None
    monkeypatch.setattr(control, "take_scan", lambda text: text == "0912345678")
    assert runner.take_scan("0912345678")
    assert not runner.take_scan("012345678901")
    desk.answer(PHONE, "0987654321")
    assert not runner.take_scan("0912345678")  # an answer is replaced only where the keyboard is
    desk.question(PHONE).take_focus()
    assert runner.take_scan("0912345678")
