"""What is chosen, by mouse, arrows, digits and letters; nothing beforehand, and all can be taken back."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.ui.survey.controls.control import Control
from app.ui.survey.controls.faces import Columns, Row, Segments
from app.ui.survey.controls.ranking import Ranking
from app.ui.survey.controls.search import Checklist, Search
from app.ui.survey.controls.select import Select, SelectOne
from app.ui.survey.controls.sliding import Sliding
from app.ui.survey.controls.ticking import Acknowledged
from tests.ui.survey.conftest import Ask
from tests.ui.survey.filling import select, type_text

SHORT = ["Có", "Không", "Không rõ"]
LONG = ["Có, đã được cấp", "Có, nhưng chưa nhận được thẻ vì xã đang làm lại danh sách", "Không"]
VILLAGES = [
    *("Mường Sen", "Nà Lụa", "Bản Cuông", "Chiềng Pấc", "Tông Lạnh", "Nậm Lầu", "Co Mạ"),
    *("Long Hẹ", "Mường Bám", "Pá Lông", "É Tòng", "Bó Mười", "Liệp Tè", "Mường É"),
]
RANGE = '<range ref="/data/q" start="{}" end="{}" step="{}"><label>Mức</label></range>'


def focused() -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None
    return found


def press(*keys: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    for key in keys:
        QTest.keyClick(focused(), key, modifier)


def face_of(control: Control) -> object:
    assert isinstance(control, Select)
    return control.face


@pytest.mark.parametrize(
    ("kind", "words", "appearance", "face"),
    [
        ("select1", SHORT, "", Segments),
        ("select1", LONG, "", Columns),
        ("select1", VILLAGES[:7], "", Columns),
        ("select1", VILLAGES[:8], "", Search),
        ("select1", SHORT, "horizontal", Segments),
        ("select1", LONG, "horizontal", Columns),
        ("select1", VILLAGES, "columns", Columns),
        ("select1", SHORT, "minimal", Search),
        ("select1", SHORT, "autocomplete", Search),
        ("select1", VILLAGES[:6], "columns", Columns),
        ("select1", VILLAGES[:5], "likert", Row),
        ("select1", SHORT, "list-nolabel", Row),
        ("select", SHORT, "label", Row),
        ("select", VILLAGES[:12], "", Columns),
        ("select", VILLAGES, "", Checklist),
        ("select", VILLAGES, "columns-2", Columns),
    ],
)
def test_how_many_they_are_and_what_the_form_says_decides_the_face(
    ask: Ask, kind: str, words: list[str], appearance: str, face: type
) -> None:
    filling, control = ask("string", select(kind, words, appearance))
    assert type(face_of(control)) is face
    assert filling.answers == []


@pytest.mark.parametrize("words", [SHORT, LONG])
def test_one_is_chosen_by_digits_and_arrows_and_taken_back_by_delete(ask: Ask, words: list[str]) -> None:
    filling, control = ask("string", select("select1", words))
    control.take_focus()
    press(Qt.Key.Key_2, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Left)
    assert filling.answers == ["b", "c", "a", "c"]
    press(Qt.Key.Key_Delete)
    assert filling.answers[-1] == ""
    assert filling.session.node("/data/q").value == ""


def test_a_second_click_on_a_radio_takes_nothing_back(ask: Ask) -> None:
    filling, control = ask("string", select("select1", LONG))
    face = face_of(control)
    assert isinstance(face, Columns)
    for _twice in range(2):
        QTest.mouseClick(face.marks[1], Qt.MouseButton.LeftButton)
    assert filling.answers == ["b", "b"]
    assert [mark.isChecked() for mark in face.marks] == [False, True, False]


def test_the_mouse_takes_an_answer_back_where_none_is_required(ask: Ask) -> None:
    filling, control = ask("string", select("select1", SHORT), value="b")
    assert isinstance(control, SelectOne)
    assert control.back is not None
    assert control.back.isVisible()
    control.back.click()
    assert filling.answers == [""]
    assert not control.back.isVisible()
    _filling, required = ask("string", select("select1", SHORT), 'required="true()"', value="b")
    assert isinstance(required, SelectOne)
    assert required.back is None


def test_long_words_wrap_and_are_not_cut(ask: Ask, qtbot: QtBot) -> None:
    _filling, control = ask("string", select("select1", LONG))
    face = face_of(control)
    assert isinstance(face, Columns)
    control.window().resize(260, 400)
    qtbot.waitUntil(lambda: face.marks[1].height() > face.marks[0].height() * 1.5)
    assert face.marks[2].y() >= face.marks[1].geometry().bottom()


def test_columns_are_as_many_as_the_width_holds(ask: Ask) -> None:
    _filling, control = ask("string", select("select1", VILLAGES[:6], "columns"))
    face = face_of(control)
    assert isinstance(face, Columns)
    control.window().resize(900, 400)
    wide = {mark.x() for mark in face.marks}
    control.window().resize(180, 600)
    QApplication.processEvents()
    assert len(wide) > 1
    assert {mark.x() for mark in face.marks} == {0}


def test_several_are_ticked_in_the_order_of_the_form(ask: Ask) -> None:
    filling, control = ask("string", select("select", SHORT))
    control.take_focus()
    press(Qt.Key.Key_3, Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Space)
    assert filling.answers == ["c", "a c"]
    press(Qt.Key.Key_1)
    assert filling.answers[-1] == "c"


def test_letters_without_accents_find_one_of_many(ask: Ask) -> None:
    filling, control = ask("string", select("select1", VILLAGES))
    control.take_focus()
    type_text(focused(), "pa")
    assert control.is_typing
    press(Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Return)
    assert filling.answers == ["j"]  # Pá Lông begins so; Chiềng Pấc, before it, only holds it
    assert not control.is_typing


def test_words_that_are_in_no_list_are_refused_and_those_written_out_are_taken(ask: Ask) -> None:
    filling, control = ask("string", select("select1", VILLAGES), value="a")
    face = face_of(control)
    assert isinstance(face, Search)
    control.take_focus()
    face.box.selectAll()
    type_text(face.box, "xyz")
    control.commit()
    assert (filling.answers, control.refusal) == ([], "Chọn một mục trong danh sách.")
    control.show_node(filling.session.node("/data/q"))
    assert face.box.text() == "xyz"
    face.box.selectAll()
    type_text(face.box, "na lua")
    press(Qt.Key.Key_Escape)
    face.box.clearFocus()
    assert (filling.answers, control.refusal) == (["b"], "")
    assert face.box.text() == "Nà Lụa"


def test_an_emptied_search_takes_the_answer_back(ask: Ask) -> None:
    filling, control = ask("string", select("select1", VILLAGES), value="c")
    face = face_of(control)
    assert isinstance(face, Search)
    assert face.box.text() == "Bản Cuông"
    control.take_focus()
    face.box.selectAll()
    press(Qt.Key.Key_Delete)
    face.box.clearFocus()
    assert filling.answers == [""]


def test_many_are_narrowed_by_letters_and_ticked_by_keyboard_and_mouse(ask: Ask) -> None:
    filling, control = ask("string", select("select", VILLAGES), value="a")
    face = face_of(control)
    assert isinstance(face, Checklist)
    control.take_focus()
    type_text(face.box, "long")
    press(Qt.Key.Key_Down)
    assert focused() is face.list
    press(Qt.Key.Key_Space)
    assert filling.answers == ["a h"]
    second = face.list.visualRect(face.list.model().index(1, 0))
    where = QPoint(second.right() - 4, second.center().y())
    QTest.mouseClick(face.list.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert filling.answers == ["a h", "a h j"]
    assert face.told.text() == "Đã chọn 3: Mường Sen, Long Hẹ, Pá Lông"


def test_choices_change_with_other_answers_and_the_keyboard_stays(ask: Ask, qtbot: QtBot) -> None:
    filling, control = ask("string", select("select1", LONG))
    control.take_focus()
    press(Qt.Key.Key_2)
    assert isinstance(control, Select)
    before = control.face
    filling.offered = filling.session.choices("/data/q")[1:]
    control.show_node(filling.session.node("/data/q"))
    face = face_of(control)
    assert isinstance(face, Columns)
    assert face is not before
    assert face.isAncestorOf(focused())
    assert face.values() == ["b"]
    filling.offered = []
    control.show_node(filling.session.node("/data/q"))
    assert face_of(control) is None
    assert control.findChild(QLabel) is not None


@pytest.mark.parametrize(
    ("kind", "words", "stops"),
    # Of joined buttons each is a stop until one is chosen; an order has its rows and a button below.
    [("select1", SHORT, 3), ("select1", LONG, 1), ("select1", VILLAGES, 1), ("rank", SHORT, 4)],
)
def test_tab_comes_to_choices_made_later_in_their_turn(
    ask: Ask, qtbot: QtBot, kind: str, words: list[str], stops: int
) -> None:
    filling, _control = ask("string", select(kind, words))
    filling.offered = []
    control = filling.control("/data/q")
    page, before, after = QWidget(), QLineEdit(), QLineEdit()
    qtbot.addWidget(page)
    layout = QVBoxLayout(page)
    for widget in (before, control, after):
        layout.addWidget(widget)
    with qtbot.waitActive(page):
        page.show()
        page.activateWindow()
    filling.offered = None
    control.show_node(filling.session.node("/data/q"))
    before.setFocus()
    press(Qt.Key.Key_Tab)
    assert control.isAncestorOf(focused())
    press(*[Qt.Key.Key_Tab] * stops)
    assert focused() is after


def test_choices_that_stay_keep_their_face(ask: Ask) -> None:
    filling, control = ask("string", select("select1", SHORT))
    before = face_of(control)
    filling.session.answer("/data/q", "a")
    control.show_node(filling.session.node("/data/q"))
    assert face_of(control) is before
    assert filling.answers == []


def rows_of(control: Control) -> list[str]:
    assert isinstance(control, Ranking)
    return [row.accessibleName() for row in control.rows]


def test_an_order_is_made_by_keyboard_and_buttons(ask: Ask) -> None:
    filling, control = ask("string", select("rank", ["Đường", "Điện", "Nước"]))
    assert rows_of(control) == ["Đường", "Điện", "Nước"]
    control.take_focus()
    press(Qt.Key.Key_Down, modifier=Qt.KeyboardModifier.ControlModifier)
    assert filling.answers == ["b a c"]
    assert rows_of(control) == ["1. Điện", "2. Đường", "3. Nước"]
    assert focused().accessibleName() == "2. Đường"
    press(Qt.Key.Key_3)
    assert filling.answers[-1] == "b c a"
    assert isinstance(control, Ranking)
    control.rows[1].up.click()
    assert filling.answers[-1] == "c b a"
    assert not control.keep.isVisible()


def test_an_order_that_is_right_as_it_stands_is_said_to_be(ask: Ask) -> None:
    filling, control = ask("string", select("rank", ["Đường", "Điện"]))
    assert isinstance(control, Ranking)
    control.keep.click()
    assert filling.answers == ["a b"]


def test_a_slider_answers_by_steps_once_and_is_typed_too(ask: Ask) -> None:
    filling, control = ask("decimal", RANGE.format(0, 1, 0.1))
    assert isinstance(control, Sliding)
    assert not control.slider.is_set
    control.take_focus()
    press(Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_End)
    assert filling.answers == ["0.1", "0.2", "1"]
    assert control.line.box.typed() == "1"
    control.line.type_in("0,7")
    assert filling.answers[-1] == "0.7"
    assert control.slider.value() == 7
    control.line.type_in("0,75")
    assert control.refusal == "Từ 0 đến 1, mỗi bước 0,1."
    assert filling.session.node("/data/q").value == "0.7"


def test_the_low_end_of_a_slider_can_be_meant(ask: Ask) -> None:
    filling, control = ask("int", RANGE.format(0, 10, 1))
    control.take_focus()
    press(Qt.Key.Key_Home)
    assert filling.answers == ["0"]


def test_a_drag_answers_when_it_ends(ask: Ask) -> None:
    filling, control = ask("int", RANGE.format(0, 10, 1))
    assert isinstance(control, Sliding)
    slider = control.slider
    middle = QPoint(slider.width() // 2, slider.height() // 2)
    QTest.mousePress(slider, Qt.MouseButton.LeftButton, pos=middle)
    assert control.line.box.typed() == "5"
    assert filling.answers == []
    QTest.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=middle)
    assert filling.answers == ["5"]


def test_a_scale_from_high_to_low_is_drawn_so(ask: Ask) -> None:
    filling, control = ask("int", RANGE.format(10, 0, -2))
    assert isinstance(control, Sliding)
    assert control.slider.invertedAppearance()
    control.line.type_in("4")
    assert filling.answers == ["4"]
    assert control.slider.value() == 2


def test_an_acknowledgement_is_ticked_and_taken_back(ask: Ask) -> None:
    filling, control = ask("string", '<trigger ref="/data/q"><label>Đã nghe</label></trigger>')
    assert isinstance(control, Acknowledged)
    control.take_focus()
    press(Qt.Key.Key_Space, Qt.Key.Key_Space)
    assert filling.answers == ["OK", ""]


def test_a_long_list_is_asked_for_again_when_somebody_looks(ask: Ask) -> None:
    filling, control = ask("string", select("select1", [f"Bản {number}" for number in range(150)]))
    filling.offered = filling.session.choices("/data/q")[:2]
    for _answer in range(3):
        control.show_node(filling.session.node("/data/q"))
    face = face_of(control)
    assert isinstance(face, Search)
    assert len(face.offered) == 150
    control.take_focus()
    type_text(focused(), "ban 1")
    assert len(face.offered) == 2
    press(Qt.Key.Key_Return)
    assert filling.answers == ["b"]
