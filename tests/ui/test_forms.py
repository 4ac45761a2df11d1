"""Fields: what was typed is what is meant, and what is wrong is said where it is."""

from __future__ import annotations

import datetime

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from app.domain.dates import PartialDate
from app.domain.errors import Refusal
from app.ui.forms.cards import Choice, ChoiceCards, ConsentCard
from app.ui.forms.choices import Dropdown, Joined, Radios, Reason
from app.ui.forms.field import Field, Form
from app.ui.forms.masked import MaskedValue
from app.ui.forms.password import PasswordBox
from app.ui.forms.picking import Pick, PickBox, matched
from app.ui.forms.text import DateBox, MoneyBox, TextBox
from app.ui.notices import NoticeSlot
from app.ui.parts.panes import scroll

TODAY = datetime.date(2026, 11, 23)
ANSWERS = [("male", "Nam"), ("female", "Nữ"), ("unknown", "Không rõ")]


@pytest.mark.parametrize(
    ("typed", "date"),
    [
        ("12/3/1948", PartialDate(1948, 3, 12)),
        ("2.3.50", PartialDate(1950, 3, 2)),
        ("1951", PartialDate(1951)),
        ("03/1950", PartialDate(1950, 3)),
        ("", None),
    ],
)
def test_dates_are_as_precise_as_typed(qtbot: QtBot, typed: str, date: PartialDate | None) -> None:
    box = DateBox(TODAY)
    qtbot.addWidget(box)
    box.setText(typed)
    assert box.value() == date
    assert box.problem() == ""


@pytest.mark.parametrize("typed", ["31/02/2014", "hôm qua", "12/28/1951"])
def test_what_is_no_date_is_said(qtbot: QtBot, typed: str) -> None:
    box = DateBox(TODAY)
    qtbot.addWidget(box)
    box.setText(typed)
    assert box.value() is None
    assert box.problem()


def test_money_is_read_as_offices_write_it(qtbot: QtBot) -> None:
    box = MoneyBox()
    qtbot.addWidget(box)
    for typed, dong in (("540 ngàn", 540_000), ("1.350.000", 1_350_000), ("", None), ("nhiều", None)):
        box.setText(typed)
        assert box.value() == dong
    assert box.problem()
    box.set_value(1_350_000)
    assert box.text() == "1.350.000"


def test_text_leaves_clean(qtbot: QtBot) -> None:
    box = TextBox()
    qtbot.addWidget(box)
    box.setText("  Lò  Thị\u00a0Pánh ")
    assert box.value() == "Lò Thị Pánh"


def test_a_refusal_stands_at_the_field_it_names_until_mended(qtbot: QtBot) -> None:
    name, born = (
        Field("Họ tên", TextBox(), required=True, hint="như trên thẻ"),
        Field("Ngày sinh", DateBox(TODAY)),
    )
    form = Form({"name": name, "birth": born})
    qtbot.addWidget(form)
    form.show()
    assert form.show_error(Refusal("disk_full", field="birth"))
    assert born.error
    assert born.control.accessibleDescription() == born.error
    assert not form.show_error(Refusal("disk_full", field="other"))
    assert not form.show_error(ValueError())
    QTest.keyClicks(born.control, "1")
    assert born.error == ""
    form.clear_errors()


def test_joined_buttons_start_empty_and_obey_digits_and_arrows(qtbot: QtBot) -> None:
    joined = Joined(ANSWERS)
    qtbot.addWidget(joined)
    joined.show()
    heard: list[str | None] = []
    joined.changed.connect(lambda: heard.append(joined.value()))
    assert joined.value() is None
    first = joined.focusProxy()
    assert first is not None
    QTest.keyClick(first, Qt.Key.Key_2)
    QTest.keyClick(first, Qt.Key.Key_Right)
    QTest.keyClick(first, Qt.Key.Key_Right)
    QTest.keyClick(first, Qt.Key.Key_Left)
    assert heard == ["female", "unknown", "male", "unknown"]
    joined.set_value(None)
    assert joined.value() is None
    joined.grab()


def test_radios_and_dropdowns_give_keys(qtbot: QtBot) -> None:
    radios, down = Radios(ANSWERS), Dropdown(ANSWERS, hint="Chọn")
    for control in (radios, down):
        qtbot.addWidget(control)
        assert control.value() is None
        control.set_value("female")
        assert control.value() == "female"
        control.grab()


def test_a_ready_phrase_fills_the_reason(qtbot: QtBot) -> None:
    reason = Reason(["Theo ý người hưởng", "Ghi nhầm người"])
    qtbot.addWidget(reason)
    reason._chips[0].click()
    assert reason.value() == "Theo ý người hưởng"
    QTest.keyClicks(reason._box, "x")
    assert reason._box.text().startswith(("x", "Theo"))


def test_consent_is_never_given_beforehand_nor_by_enter(qtbot: QtBot) -> None:
    card = ConsentCard("Bà Pánh đồng ý", "“Xã ghi tên, số tài khoản.”", large=True)
    qtbot.addWidget(card)
    card.show()
    assert not card.value()
    QTest.keyClick(card, Qt.Key.Key_Return)
    assert not card.value()
    QTest.keyClick(card, Qt.Key.Key_Space)
    assert card.value()
    assert card.accessibleDescription() == "“Xã ghi tên, số tài khoản.”"
    card.grab()


def test_while_work_runs_only_the_chosen_card_is_enabled(qtbot: QtBot) -> None:
    cards = ChoiceCards(
        [Choice("up", "Gửi lên"), Choice("down", "Nhận về", "Trung tâm gửi", icon="download")]
    )
    qtbot.addWidget(cards)
    assert cards.value() is None
    cards.set_value("down")
    cards.set_running(True)
    assert [button.isEnabled() for button in cards._group.buttons()] == [False, True]
    cards.grab()
    cards.set_running(False)
    assert all(button.isEnabled() for button in cards._group.buttons())


def test_a_masked_number_is_shown_for_a_while_and_each_look_is_told(qtbot: QtBot) -> None:
    looks: list[int] = []

    def reveal() -> str:
        looks.append(1)
        return "014148002213"

    masked = MaskedValue("014•••••2213", reveal)
    qtbot.addWidget(masked)
    masked.show()
    masked._show.click()
    assert masked.text == "014148002213"
    masked._show.click()
    assert masked.text == "014•••••2213"
    masked._show.click()
    masked.hide()
    assert masked.text == "014•••••2213"
    assert not masked._timer.isActive()
    assert len(looks) == 2
    masked.show()
    masked._show.click()
    masked._timer.timeout.emit()
    assert masked.text == "014•••••2213"


def test_what_is_wrong_comes_into_view(qtbot: QtBot) -> None:
    fields: dict[str, Field[QWidget]] = {str(place): Field("Họ và tên", TextBox()) for place in range(12)}
    area = scroll(Form(fields))
    qtbot.addWidget(area)
    area.resize(300, 200)
    area.show()
    fields["11"].set_error("Thiếu họ và tên")
    qtbot.waitUntil(lambda: area.verticalScrollBar().value() > 0)


class Told(QWidget):
    """A window with a place for what nobody else says."""

    def __init__(self) -> None:
        super().__init__()
        self.notice = NoticeSlot()
        self.notice.setParent(self)


def test_a_refused_look_is_said_and_shows_nothing(qtbot: QtBot) -> None:
    def refuse() -> str:
        raise Refusal("leave.lapsed")

    window = Told()
    qtbot.addWidget(window)
    masked = MaskedValue("014•••••2213", refuse)
    masked.setParent(window)
    masked._show.click()
    assert masked.text == "014•••••2213"
    assert "90 ngày" in window.notice.text


def press(box: QWidget, text: str, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """A key whose letter and modifiers need not agree, as with caps lock."""
    QCoreApplication.sendEvent(box, QKeyEvent(QEvent.Type.KeyPress, ord(text.upper()), modifiers, text))


def test_a_password_warns_of_caps_lock_and_input_method(qtbot: QtBot) -> None:
    box = PasswordBox()
    qtbot.addWidget(box)
    box.show()
    assert box.echoMode() == QLineEdit.EchoMode.Password
    QTest.keyClicks(box, "a")
    assert box.warning == ""
    press(box, "B")
    assert "Caps Lock" in box.warning
    press(box, "C", Qt.KeyboardModifier.ShiftModifier)
    assert box.warning == ""
    commit = QInputMethodEvent("", [])
    commit.setCommitString("ố")
    QCoreApplication.sendEvent(box, commit)
    assert "Bộ gõ" in box.warning
    QTest.mouseClick(box, Qt.MouseButton.LeftButton, pos=box._eye().center())
    assert box.echoMode() == QLineEdit.EchoMode.Normal
    box.clearFocus()
    QTest.keyClick(box, Qt.Key.Key_F4)


class Communes(QWidget):
    """A window with a searchable list and another field."""

    def __init__(self) -> None:
        super().__init__()
        self.resize(500, 400)
        names = ["Mường Sen", "Mường Sơ", "Chiềng Mường Sỏi"]
        self.picks = [Pick(str(place), name, f"xã · {place}") for place, name in enumerate(names)]
        self.box = PickBox(
            lambda text: [pick for pick in self.picks if matched(pick.words, text)[0][1] or not text]
        )
        self.box.setParent(self)
        self.box.setGeometry(20, 20, 300, 36)
        self.other = QLineEdit(self)
        self.other.setGeometry(20, 300, 300, 36)


@pytest.fixture
def communes(qtbot: QtBot) -> Communes:
    made = Communes()
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    made.box.setFocus()
    qtbot.waitUntil(made.box.hasFocus)
    return made


def test_a_list_is_searched_without_accents_and_taken_by_enter(communes: Communes, qtbot: QtBot) -> None:
    box = communes.box
    QTest.keyClicks(box, "muong")
    assert box.is_open
    communes.grab()
    QTest.keyClick(box, Qt.Key.Key_Down)
    with qtbot.waitSignal(box.changed):
        QTest.keyClick(box, Qt.Key.Key_Return)
    assert (box.value(), box.text(), box.is_open) == ("1", "Mường Sơ", False)
    QTest.keyClick(box, Qt.Key.Key_Backspace)
    assert box.value() is None


def test_tab_takes_what_is_marked_and_leaves(communes: Communes, qtbot: QtBot) -> None:
    QTest.keyClicks(communes.box, "muong se")
    QTest.keyClick(communes.box, Qt.Key.Key_Tab)
    assert communes.box.value() == "0"
    assert communes.other.hasFocus()


def test_escape_and_leaving_close_the_list(communes: Communes) -> None:
    QTest.keyClicks(communes.box, "m")
    QTest.keyClick(communes.box, Qt.Key.Key_Escape)
    assert not communes.box.is_open
    QTest.keyClicks(communes.box, "u")
    communes.other.setFocus()
    assert not communes.box.is_open
    assert communes.box.value() is None


def test_a_line_is_taken_by_mouse(communes: Communes, qtbot: QtBot) -> None:
    QTest.mouseClick(communes.box, Qt.MouseButton.LeftButton)
    assert communes.box._list is not None
    lines = communes.box._list._list
    place = lines.visualRect(lines.model().index(2, 0)).center()
    with qtbot.waitSignal(communes.box.changed):
        QTest.mouseClick(lines.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(place))
    assert communes.box.value() == "2"


def test_matched_letters_are_found_without_accents() -> None:
    assert matched("Chiềng Mường Sỏi", "muong s") == [("Chiềng ", False), ("Mường S", True), ("ỏi", False)]
    assert matched("Mường Sen", "") == [("Mường Sen", False)]
    assert matched("Mường Sen", "xyz") == [("Mường Sen", False)]
