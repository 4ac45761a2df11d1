"""The guide in the window: in the program's language, with all its words; links lead to pages alone."""

from __future__ import annotations

import re

import pytest
from PySide6.QtCore import QUrl
from pytestqt.qtbot import QtBot

from app import words
from app.resources import resource
from app.ui.application import make_application
from app.ui.guide import Guide, GuidePage, page_exists

PAGES = {
    language: sorted(resource(f"help/{language}").glob("*.md"), key=lambda page: page.stem)
    for language in words.LANGUAGES
}
LINK = re.compile(r"\]\(([^)]+)\)")
LINES_MAX = 100


@pytest.fixture(params=words.LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    """The program speaks it; the next test begins in Vietnamese again."""
    spoken: str = request.param
    words.speak(spoken)
    return spoken


def test_a_page_is_one_title_and_short_enough_to_be_read() -> None:
    for page in [*PAGES["vi"], *PAGES["en"]]:
        text = page.read_text("utf-8")
        assert re.findall(r"^# .+$", text, re.MULTILINE) == text.splitlines()[:1]
        assert len(text.splitlines()) <= LINES_MAX


@pytest.mark.parametrize("name", [page.stem for page in PAGES["vi"]])
def test_a_page_is_shown_with_all_its_words(name: str, language: str, qtbot: QtBot) -> None:
    make_application(["guide"])
    shown = GuidePage()
    qtbot.addWidget(shown)
    shown.show_page(name)
    text = resource(f"help/{language}/{name}.md").read_text("utf-8")
    said = set(re.findall(r"\w+", LINK.sub("]", text)))
    assert said - set(re.findall(r"\w+", shown.toPlainText())) <= {str(number) for number in range(10)}


def test_the_guide_is_read_in_the_language_that_the_program_speaks(language: str, qtbot: QtBot) -> None:
    make_application(["guide"])
    guide = Guide()
    qtbot.addWidget(guide)
    guide.open("dong-bo")
    first = {"vi": "Đồng bộ, bàn giao", "en": "Sync and handover"}[language]
    assert guide.page.toPlainText().splitlines()[0] == first
    assert first in guide.contents.toPlainText()
    guide.open("no-such-page")
    assert guide.page.name == "bat-dau"


def test_stress_stands_out_like_a_word_of_the_program(language: str, qtbot: QtBot) -> None:
    make_application(["guide"])
    shown = GuidePage()
    qtbot.addWidget(shown)
    shown.show_page("dong-bo")
    cursor = shown.document().find({"vi": "theo số đã biết", "en": "at a number you knew"}[language])
    beside = shown.document().find({"vi": "Riêng hai câu này", "en": "After these two"}[language])
    assert cursor.charFormat().font().weight() > beside.charFormat().font().weight()


def test_a_link_leads_to_its_page_and_nowhere_else(qtbot: QtBot) -> None:
    make_application(["guide"])
    shown = GuidePage()
    qtbot.addWidget(shown)
    shown.show_page("bat-dau")
    with qtbot.waitSignal(shown.chosen) as led:
        shown.anchorClicked.emit(QUrl("nhap-so.md"))
    assert led.args == ["nhap-so"]
    with qtbot.assertNotEmitted(shown.chosen):
        shown.anchorClicked.emit(QUrl("../policy/groups.csv"))
        shown.anchorClicked.emit(QUrl("https://example.vn/khac.md"))
    assert not page_exists("../README")
