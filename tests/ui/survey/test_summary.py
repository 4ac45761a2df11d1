"""What answers come to, on the screen: found by typing, reached by keys, told to who sees no bars."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from app import words
from app.domain.dates import PartialDate
from app.survey.figures import Bar
from app.survey.summary import Figure, summary
from app.ui.charts import HamletBars
from app.ui.parts.buttons import Button
from app.ui.parts.panes import Empty
from app.ui.survey.summary import Summary
from tests.survey.handed_in import filled, house
from tests.survey.test_tables import ANSWERS
from tests.ui.pictures import dress

FIGURES = summary(house(), [filled(ANSWERS), filled({"/data/g/water": "w1", "/data/kids": "12"}, "2")])
MANY = [
    Figure(f"/data/q{at}", f"q{at}", f"Câu {at}", "one", 9, 9, (Bar(4, "Có"), Bar(5, "Không")))
    for at in range(80)
]

Shown = Callable[..., Summary]


@pytest.fixture
def shown(qtbot: QtBot) -> Shown:
    def show(figures: list[Figure] = FIGURES, count: int = 2) -> Summary:
        made = Summary()
        qtbot.addWidget(made)
        made.resize(900, 600)
        made.show()
        made.show_figures(figures, count)
        QApplication.processEvents()
        return made

    return show


def said(made: Summary) -> list[str]:
    return [each.text() for each in made.area.findChildren(QLabel)]


def bars_of(made: Summary, start: str) -> HamletBars:
    return next(each for each in made.bars if each.accessibleName().startswith(start))


def find(made: Summary, text: str) -> None:
    made.search.set_text(text)
    QApplication.processEvents()


def test_a_card_says_who_was_asked_and_the_bars_are_said_in_words(shown: Shown) -> None:
    made = shown()
    assert made.count.text() == "2 phiếu đã nộp"
    find(made, "nguon nuoc")
    assert said(made) == ["Nguồn nước", "Đã hỏi 2, trả lời 2"]
    assert [each.accessibleName() for each in made.bars] == ["Giếng 1 · 50 %; Suối 1 · 50 %"]


def test_numbers_say_their_middle(shown: Shown) -> None:
    made = shown()
    find(made, "kids")
    assert "Từ 3 đến 12 · trung bình 7,5 · trung vị 7,5" in said(made)
    words.speak("en")
    find(made, "kids ")
    find(made, "kids")
    assert "From 3 to 12 · mean 7,5 · median 7,5" in said(made)


def test_bars_of_sizes_and_days_are_named(shown: Shown) -> None:
    days = (Bar(2, since=PartialDate(2026, 11)), Bar(1, since=PartialDate(1930), years=10))
    sizes = (Bar(2, low=0.5, high=1_000.0), Bar(1, low=3.0, high=3.0))
    figures = [Figure("/a", "a", "A", "date", 3, 3, days), Figure("/b", "b", "B", "number", 3, 3, sizes)]
    made = shown(figures)
    assert [each.accessibleName() for each in made.bars] == [
        "11/2026 2 · 67 %; 1930 – 1939 1 · 33 %",
        "0,5 đến dưới 1.000 2 · 67 %; 3 1 · 33 %",
    ]


def test_what_nobody_answered_has_no_bars_and_what_stands_in_none_is_told(shown: Shown) -> None:
    made = shown(
        [Figure("/a", "a", "A", "one", 4, 0, (Bar(0, "Có"),)), Figure("/b", "b", "B", "text", 9, 9, others=9)]
    )
    assert made.bars == []
    assert said(made) == ["A", "Đã hỏi 4, trả lời 0", "B", "Đã hỏi 9, trả lời 9", "9 câu trả lời khác"]


def test_questions_are_found_without_accents_and_all_come_back(shown: Shown) -> None:
    made = shown(MANY)
    find(made, "cau 77")
    assert said(made)[0] == "Câu 77"
    assert len(made.bars) == 1
    find(made, "zzz")
    empty = made.area.findChild(Empty)
    assert empty is not None
    assert empty.accessibleName() == "Không câu hỏi nào khớp “zzz”."
    button = empty.findChild(Button)
    assert button is not None
    button.click()
    QApplication.processEvents()
    assert made.search.text() == ""
    assert len(made.bars) > 5


def test_an_unfilled_form_says_so(shown: Shown) -> None:
    made = shown([], 0)
    assert said(made)[-1] == "Chưa ai nộp phiếu này."
    assert made.count.text() == ""


def test_cards_are_made_as_one_comes_near_them(shown: Shown, qtbot: QtBot) -> None:
    made = shown(MANY)
    assert 0 < len(made.bars) < len(MANY)
    bar = made.area.verticalScrollBar()

    def at_the_end() -> bool:
        bar.setValue(bar.maximum())
        return len(made.bars) == len(MANY)

    qtbot.waitUntil(at_the_end)
    assert said(made)[-2] == "Câu 79"


def test_the_keyboard_goes_from_the_box_through_the_bars_and_they_come_into_sight(shown: Shown) -> None:
    made = shown(MANY)
    made.search.setFocus()
    QTest.keyClick(made.search, Qt.Key.Key_Down)
    assert QApplication.focusWidget() is made.bars[0]
    for _at in range(20):
        focused = QApplication.focusWidget()
        assert focused is not None
        QTest.keyClick(focused, Qt.Key.Key_Tab)
        QApplication.processEvents()
    focused = made.bars[20]
    assert focused.hasFocus()
    top = focused.mapTo(made.area.viewport(), focused.rect().topLeft()).y()
    assert 0 <= top < made.area.viewport().height()


@pytest.mark.parametrize("factor", [1.0, 1.75])
def test_it_is_drawn_in_large_type_too(qapp: QApplication, shown: Shown, factor: float) -> None:
    dress(qapp, "dark", factor)
    image = shown().grab().toImage()
    assert len({image.pixel(x, y) for x in range(0, 900, 5) for y in range(0, 600, 5)}) > 10
