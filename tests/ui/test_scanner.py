"""A scanner's burst is read, a person's typing is typed, wherever the focus is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.ui.scanner import Scanner, Timing

CARD = "014148002213|145123456|Lò Thị Pánh|12031948|Nữ|Bản Nà Lụa, Mường Sen, Sơn La|10052021"
GAP = Timing(gap_ms=60)


@pytest.fixture
def scanner(qapp: QApplication) -> Iterator[Scanner]:
    made = Scanner(qapp, GAP)
    yield made
    made.close()
    made.setParent(None)


class Form(QWidget):
    """A line and a button."""

    def __init__(self) -> None:
        super().__init__()
        self.box, self.button = QLineEdit(), QPushButton("Ghi")
        layout = QVBoxLayout(self)
        layout.addWidget(self.box)
        layout.addWidget(self.button)


@pytest.fixture
def form(qtbot: QtBot) -> Form:
    form = Form()
    qtbot.addWidget(form)
    form.show()
    form.activateWindow()
    form.box.setFocus()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is form.box)
    return form


NONE = Qt.KeyboardModifier.NoModifier


def press(widget: QWidget, text: str, key: int = 0, modifiers: Qt.KeyboardModifier = NONE) -> None:
    """One key as the platform sends it: first as a possible shortcut, then pressed."""
    for kind in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress):
        QCoreApplication.sendEvent(widget, QKeyEvent(kind, key, modifiers, text))


def burst(widget: QWidget, text: str, *, enter: bool = True) -> None:
    """Characters of any alphabet without a pause, as a scanner sends them."""
    for letter in text:
        press(widget, letter)
    if enter:
        press(widget, "\r", Qt.Key.Key_Return)


def test_a_burst_ending_in_enter_reaches_no_field(scanner: Scanner, form: Form, qtbot: QtBot) -> None:
    box = form.box
    with qtbot.waitSignal(scanner.scanned) as heard:
        burst(box, CARD)
    assert heard.args == [CARD]
    assert box.text() == ""


def test_shift_and_alt_codes_do_not_break_a_burst(scanner: Scanner, form: Form, qtbot: QtBot) -> None:
    alt = Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.KeypadModifier
    with qtbot.waitSignal(scanner.scanned) as heard:
        burst(form.box, "014148002213", enter=False)
        press(form.box, "", Qt.Key.Key_Shift, Qt.KeyboardModifier.ShiftModifier)
        press(form.box, "|", Qt.Key.Key_Bar, Qt.KeyboardModifier.ShiftModifier)
        press(form.box, "", Qt.Key.Key_Alt, Qt.KeyboardModifier.AltModifier)
        press(form.box, "", Qt.Key.Key_2, alt)
        burst(form.box, "ò")
    assert heard.args == ["014148002213|ò"]


def test_a_line_feed_ends_a_scan_as_well(scanner: Scanner, form: Form, qtbot: QtBot) -> None:
    with qtbot.waitSignal(scanner.scanned):
        burst(form.box, CARD, enter=False)
        press(form.box, "\n", Qt.Key.Key_J, Qt.KeyboardModifier.ControlModifier)


def test_the_focus_may_be_on_a_button(scanner: Scanner, form: Form, qtbot: QtBot) -> None:
    button = form.button
    pressed: list[int] = []
    button.clicked.connect(lambda: pressed.append(1))
    button.setFocus()
    with qtbot.waitSignal(scanner.scanned) as heard:
        burst(button, "00020101021138 5704")
    assert heard.args == ["00020101021138 5704"]
    assert pressed == []


def test_what_a_person_types_arrives_in_order(scanner: Scanner, form: Form, qtbot: QtBot) -> None:
    box = form.box
    heard: list[str] = []
    scanner.scanned.connect(heard.append)
    for letter in "lan 1954 hoa":
        press(box, letter)
        QTest.qWait(GAP.gap_ms + 30)
    assert box.text() == "lan 1954 hoa"
    press(box, "\r", Qt.Key.Key_Return)
    assert heard == []


def test_few_quick_letters_and_enter_are_typed(scanner: Scanner, form: Form, qtbot: QtBot) -> None:
    box = form.box
    with qtbot.waitSignal(box.returnPressed):
        burst(box, "ntl")
    assert box.text() == "ntl"


def test_a_long_burst_without_enter_is_typed(scanner: Scanner, form: Form, qtbot: QtBot) -> None:
    box = form.box
    burst(box, CARD, enter=False)
    qtbot.waitUntil(lambda: box.text() == CARD)


def test_arrows_and_shortcuts_come_after_what_was_typed_before(scanner: Scanner, form: Form) -> None:
    box = form.box
    burst(box, "abc", enter=False)
    press(box, "", Qt.Key.Key_Left)
    assert (box.text(), box.cursorPosition()) == ("abc", 2)
    press(box, "x", Qt.Key.Key_X, Qt.KeyboardModifier.ControlModifier)
    assert box.text() == "abc"


def test_backspaces_of_an_input_method_count(scanner: Scanner, form: Form, qtbot: QtBot) -> None:
    box = form.box
    with qtbot.waitSignal(scanner.scanned) as heard:
        burst(box, "014148002213|Lof", enter=False)
        for _ in "of":
            press(box, "\b", Qt.Key.Key_Backspace)
        burst(box, "ò")
    assert heard.args == ["014148002213|Lò"]
    assert box.text() == ""


def test_words_an_input_method_commits_count(scanner: Scanner, form: Form, qtbot: QtBot) -> None:
    box = form.box
    with qtbot.waitSignal(scanner.scanned) as heard:
        burst(box, "014148002213|", enter=False)
        QCoreApplication.sendEvent(box, QInputMethodEvent("Lò", []))
        commit = QInputMethodEvent("", [])
        commit.setCommitString("Lò Thị Pánh")
        QCoreApplication.sendEvent(box, commit)
        press(box, "\r", Qt.Key.Key_Return)
    assert heard.args == ["014148002213|Lò Thị Pánh"]
    assert box.text() == ""


def test_letters_being_composed_are_shown_as_ever(scanner: Scanner, form: Form) -> None:
    box = form.box
    QCoreApplication.sendEvent(box, QInputMethodEvent("Pá", []))
    assert box.text() == ""
    assert scanner._held == []


def test_space_still_presses_a_button(scanner: Scanner, form: Form, qtbot: QtBot) -> None:
    form.button.setFocus()
    with qtbot.waitSignal(form.button.clicked):
        QTest.keyClick(form.button, Qt.Key.Key_Space)
    assert not form.button.isDown()


def test_within_a_burst_enter_is_no_shortcut(scanner: Scanner, form: Form) -> None:
    box = form.box
    burst(box, CARD, enter=False)
    enter = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_Return, NONE, "\r")
    enter.ignore()
    QCoreApplication.sendEvent(box, enter)
    assert enter.isAccepted()


def test_a_click_elsewhere_types_what_was_held(scanner: Scanner, form: Form) -> None:
    box, button = form.box, form.button
    burst(box, "abc", enter=False)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert box.text() == "abc"
