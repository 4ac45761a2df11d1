"""What is typed: answered on Enter, on leaving and after a pause; what is no answer is said, and stays."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.ui.survey.controls.days import DayLine
from app.ui.survey.controls.line import PAUSE_MS, Box, Line
from app.ui.survey.controls.moments import AsKnown, Day, DayAndTime, Month, Time, Year
from app.ui.survey.controls.numbers import Fraction, Whole
from app.ui.survey.controls.reading import Reader
from app.ui.survey.controls.spots import Path, Spot
from tests.ui.survey.conftest import Ask
from tests.ui.survey.filling import TODAY, question, type_text

LATER_MS = PAUSE_MS * 2


DAY, KNOWN, MONTH, YEAR, BOTH = (
    Day(lambda: TODAY),
    AsKnown(lambda: TODAY),
    Month(lambda: TODAY),
    Year(lambda: TODAY),
    DayAndTime(lambda: TODAY),
)


@pytest.mark.parametrize(
    ("reader", "typed", "value", "shown"),
    [
        (Whole(), "1.250.000", "1250000", "1.250.000"),
        (Whole(), "1 250 000", "1250000", "1.250.000"),
        (Whole(), "-5", "-5", "-5"),
        (Whole(), "1950", "1950", "1950"),
        (Whole(is_grouped=True), "1950", "1950", "1.950"),
        (Whole(), "007", "7", "7"),
        (Fraction(), "12,5", "12.5", "12,5"),
        (Fraction(), "12.5", "12.5", "12,5"),
        (Fraction(), "1.250", "1250", "1250"),
        (Fraction(), "1,250", "1.25", "1,25"),
        (Fraction(), "0.250", "0.25", "0,25"),
        (Fraction(), "1.250.000,50", "1250000.5", "1.250.000,5"),
        (Fraction(), "1,250,000.5", "1250000.5", "1.250.000,5"),
        (Fraction(), ",5", "0.5", "0,5"),
        (Fraction(), "-0,0", "0", "0"),
        (DAY, "5/3/1950", "1950-03-05", "05/03/1950"),
        (DAY, "05031950", "1950-03-05", "05/03/1950"),
        (DAY, "2.3.50", "1950-03-02", "02/03/1950"),
        (KNOWN, "5/3/1950", "1950-03-05", "05/03/1950"),
        (KNOWN, "3/1950", "1950-03", "03/1950"),
        (KNOWN, "1950", "1950", "1950"),
        (MONTH, "3/1950", "1950-03-01", "03/1950"),
        (MONTH, "5/3/1950", "1950-03-01", "03/1950"),
        (YEAR, "1950", "1950-01-01", "1950"),
        (YEAR, "5/3/1950", "1950-01-01", "1950"),
        (Time(), "7:30", "07:30:00.000+07:00", "07:30"),
        (Time(), "7h30", "07:30:00.000+07:00", "07:30"),
        (Time(), "7 giờ 5 phút", "07:05:00.000+07:00", "07:05"),
        (Time(), "1930", "19:30:00.000+07:00", "19:30"),
        (Time(), "7h", "07:00:00.000+07:00", "07:00"),
        (BOTH, "5/3/1950 7h30", "1950-03-05T07:30:00.000+07:00", "05/03/1950 07:30"),
        (Spot(), "21.03, 105.85", "21.03 105.85 0 0", "21.03, 105.85"),
        (Spot(), "21.03 105.85 600 5", "21.03 105.85 600 5", "21.03, 105.85"),
        (Spot(), "21,03 105,85", "21.03 105.85 0 0", "21.03, 105.85"),
        (Spot(), "(21,03; 105,85)", "21.03 105.85 0 0", "21.03, 105.85"),
        (Spot(), "21°01'42\"N 105°51'12\"E", "21.028333 105.853333 0 0", "21.028333, 105.853333"),
        (Spot(), "21°01'42\"B 105°51'12\"Đ", "21.028333 105.853333 0 0", "21.028333, 105.853333"),
        (Spot(), "8°30'0\"S 115°15'0\"E", "-8.5 115.25 0 0", "-8.5, 115.25"),
        (Path(), "21, 105\n\n22, 106", "21 105 0 0; 22 106 0 0", "21, 105\n22, 106"),
    ],
)
def test_a_text_is_read_as_officers_write_it(reader: Reader, typed: str, value: str, shown: str) -> None:
    reading = reader.read(typed)
    assert (reading.value, reading.problem) == (value, "")
    assert reader.show(value) == shown
    assert reader.read(shown).value == value or isinstance(reader, Spot)


@pytest.mark.parametrize(
    ("reader", "typed", "said"),
    [
        (Whole(), "12,5", "số nguyên"),
        (Whole(), "mười", "Chưa phải số"),
        (Whole(), "12.34.5", "Chưa phải số"),
        (Whole(), "3000000000", "2.147.483.647"),
        (Fraction(), "1.2.3", "Chưa phải số"),
        (Fraction(), "1,2,3", "Chưa phải số"),
        (DAY, "31/02/2014", "Tháng 2/2014 chỉ có 28 ngày."),
        (DAY, "29/2/2023", "Tháng 2/2023 chỉ có 28 ngày."),
        (DAY, "31/04/1950", "Tháng 4/1950 chỉ có 30 ngày."),
        (DAY, "12/28/1951", "Không có tháng 28"),
        (DAY, "1950", "cần đủ ngày, tháng, năm"),
        (DAY, "hôm qua", "Chưa phải ngày tháng"),
        (DAY, "5/3/1950 âm lịch", "dương lịch"),
        (MONTH, "1950", "cần tháng và năm"),
        (YEAR, "31/02/2014", "Tháng 2/2014 chỉ có 28 ngày. Chỉ nhớ năm thì gõ riêng năm."),
        (Time(), "25:00", "từ 00:00 đến 23:59"),
        (Time(), "sáng", "Chưa phải giờ"),
        (BOTH, "5/3/1950", "Ghi thêm giờ"),
        (BOTH, "31/02/2014 7:30", "Tháng 2/2014 chỉ có 28 ngày."),
        (BOTH, "5/3/1950 25:00", "từ 00:00"),
        (Spot(), "105.85, 21.03", "21.03, 105.85?"),
        (Spot(), "95 190", "nhiều nhất 90"),
        (Spot(), "ở nhà", "Chưa phải tọa độ"),
        (Path(), "21, 105\nở nhà", "Dòng 2: "),
        (Path(is_closed=True), "21, 105\n22, 106", "ba điểm"),
    ],
)
def test_what_is_no_value_is_said(reader: Reader, typed: str, said: str) -> None:
    reading = reader.read(typed)
    assert reading.value == ""
    assert said in reading.problem


def test_what_goes_round_a_piece_of_land_ends_where_it_began() -> None:
    reading = Path(is_closed=True).read("21, 105\n22, 105\n22, 106")
    assert reading.value.split("; ")[0] == reading.value.split("; ")[-1]


def box_of(control: object) -> Box:
    assert isinstance(control, Line)
    assert isinstance(control.box, Box)
    return control.box


def press_in_calendar(control: DayLine, *keys: Qt.Key) -> None:
    assert control.calendar is not None
    days = control.calendar.calendar.focusProxy()
    assert days is not None
    for key in keys:
        QTest.keyClick(days, key)


def test_a_pause_answers_what_is_typed_and_the_cursor_stays(ask: Ask, qtbot: QtBot) -> None:
    filling, control = ask("string", question("string"))
    box = box_of(control)
    control.take_focus()
    type_text(box, "Lò Thị ")
    assert control.is_typing
    qtbot.waitUntil(lambda: filling.answers == ["Lò Thị"], timeout=LATER_MS)
    assert box.text() == "Lò Thị "
    type_text(box, "Pánh")
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert filling.answers == ["Lò Thị", "Lò Thị Pánh"]


def test_a_pause_neither_keeps_nor_blames_half_a_date(ask: Ask, qtbot: QtBot) -> None:
    filling, control = ask("date", question("date"))
    for part in ("31/02", "12/3/19"):
        box_of(control).clear()
        type_text(box_of(control), part)
        qtbot.wait(LATER_MS)
    assert (filling.answers, filling.refusals) == ([], [])
    assert control.is_typing
    type_text(box_of(control), "48")
    qtbot.waitUntil(lambda: filling.answers == ["1948-03-12"], timeout=LATER_MS)


def test_a_pause_blames_nobody(ask: Ask, qtbot: QtBot) -> None:
    filling, control = ask("string", question("string", "numbers"))
    type_text(box_of(control), "09x")
    qtbot.wait(LATER_MS)
    assert filling.refusals == []
    control.commit()
    assert filling.refusals == ["Câu này chỉ ghi chữ số."]


def test_a_day_that_is_none_is_refused_and_stays_until_it_is_mended(ask: Ask) -> None:
    filling, control = ask("date", question("date"), value="2014-02-01")
    box = box_of(control)
    box.setFocus()
    box.selectAll()
    type_text(box, "31/02/2014")
    control.commit()
    assert filling.refusals == ["Tháng 2/2014 chỉ có 28 ngày."]
    assert filling.answers == []
    box.clearFocus()
    control.show_node(filling.session.node("/data/q"))
    assert (box.text(), control.is_typing) == ("31/02/2014", True)
    box.setFocus()
    box.setText("28/2/2014")
    box.edited.emit()
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert filling.refusals == ["Tháng 2/2014 chỉ có 28 ngày.", ""]
    assert filling.answers == ["2014-02-28"]
    assert box.text() == "28/02/2014"


def test_a_value_from_elsewhere_takes_the_place_of_what_was_refused(ask: Ask) -> None:
    filling, control = ask("date", question("date"))
    assert isinstance(control, Line)
    control.type_in("31/02/2014")
    box_of(control).clearFocus()
    filling.session.answer("/data/q", "1948-03-12")
    control.show_node(filling.session.node("/data/q"))
    assert box_of(control).text() == "12/03/1948"
    assert (control.refusal, control.is_typing, filling.answers) == ("", False, [])


def test_dots_come_when_the_box_is_left(ask: Ask) -> None:
    filling, control = ask("decimal", question("decimal"))
    box = box_of(control)
    control.take_focus()
    type_text(box, "1250000,5")
    assert box.text() == "1250000,5"
    box.clearFocus()
    assert filling.answers == ["1250000.5"]
    assert box.text() == "1.250.000,5"
    assert filling.session.node("/data/q").value == "1250000.5"


def test_what_comes_in_while_somebody_types_does_not_touch_the_box(ask: Ask) -> None:
    filling, control = ask("string", question("string"), value="cũ")
    box = box_of(control)
    control.take_focus()
    box.setCursorPosition(1)
    type_text(box, "x")
    filling.session.answer("/data/q", "từ nơi khác")
    control.show_node(filling.session.node("/data/q"))
    assert (box.text(), box.cursorPosition()) == ("cxũ", 2)


def test_an_emptied_box_takes_the_answer_back(ask: Ask) -> None:
    filling, control = ask("int", question("int"), value="12")
    box_of(control).setFocus()
    box_of(control).selectAll()
    QTest.keyClick(box_of(control), Qt.Key.Key_Delete)
    QTest.keyClick(box_of(control), Qt.Key.Key_Return)
    assert filling.answers == [""]


def test_several_lines_keep_their_lines(ask: Ask) -> None:
    filling, control = ask("string", question("string", "multiline"))
    assert isinstance(control, Line)
    type_text(control.box, "mot")
    QTest.keyClick(control.box, Qt.Key.Key_Return)
    type_text(control.box, "hai")
    QTest.keyClick(control.box, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert filling.answers == ["mot\nhai"]


def test_a_telephone_number_keeps_its_zeros(ask: Ask) -> None:
    filling, control = ask("string", question("string", "numbers"))
    assert isinstance(control, Line)
    control.type_in("0987 654 321")
    control.type_in("không có")
    assert filling.answers == ["0987 654 321"]
    assert control.refusal == "Câu này chỉ ghi chữ số."


def test_a_day_is_found_in_the_calendar(ask: Ask) -> None:
    filling, control = ask("date", question("date"), value="2014-02-01")
    assert isinstance(control, DayLine)
    QTest.keyClick(control.box, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    press_in_calendar(control, Qt.Key.Key_Right, Qt.Key.Key_Return)
    assert filling.answers == ["2014-02-02"]
    assert control.calendar is None
    assert box_of(control).text() == "02/02/2014"


def test_another_day_leaves_a_moment_its_time(ask: Ask) -> None:
    filling, control = ask("dateTime", question("dateTime"), value="2026-11-29T07:30:00.000+07:00")
    assert isinstance(control, DayLine)
    control.open_calendar()
    press_in_calendar(control, Qt.Key.Key_Left, Qt.Key.Key_Return)
    assert filling.answers == ["2026-11-28T07:30:00.000+07:00"]


def test_a_day_without_its_time_waits_for_it(ask: Ask) -> None:
    filling, control = ask("dateTime", question("dateTime"))
    assert isinstance(control, DayLine)
    control.open_calendar()
    press_in_calendar(control, Qt.Key.Key_Return)
    assert filling.answers == []
    assert control.is_typing
    type_text(control.box, "7h30")
    control.commit()
    assert filling.answers == ["2026-11-29T07:30:00.000+07:00"]


def test_half_a_date_is_not_wrong_because_another_window_came_in_front(ask: Ask) -> None:
    filling, control = ask("date", question("date"))
    control.take_focus()
    type_text(box_of(control), "31/02")
    QCoreApplication.sendEvent(
        box_of(control), QFocusEvent(QEvent.Type.FocusOut, Qt.FocusReason.ActiveWindowFocusReason)
    )
    assert filling.refusals == []
    QCoreApplication.sendEvent(
        box_of(control), QFocusEvent(QEvent.Type.FocusOut, Qt.FocusReason.TabFocusReason)
    )
    assert len(filling.refusals) == 1


def test_the_calendar_goes_away_with_the_keyboard_and_by_escape(ask: Ask, qtbot: QtBot) -> None:
    filling, control = ask("date", question("date"), value="2014-02-01")
    assert isinstance(control, DayLine)
    control.open_calendar()
    press_in_calendar(control, Qt.Key.Key_Escape)
    assert control.calendar is None
    assert control.box.hasFocus()
    control.open_calendar()
    control.take_focus()
    qtbot.waitUntil(lambda: control.calendar is None)
    assert filling.answers == []
