"""The guide: F1 finds a page in every room, no link leads nowhere, every page is in the contents."""

from __future__ import annotations

import ast
import re
import unicodedata
from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from pytestqt.qtbot import QtBot

from app.resources import resource
from app.ui.application import make_application
from app.ui.guide import GuidePage, page_exists

PAGES = sorted(resource("help").glob("*.md"))
ROOMS = Path(__file__).resolve().parent.parent.parent / "app" / "ui" / "rooms"
LINK = re.compile(r"\]\(([^)]+)\)")
LINES_MAX = 90


def wanted() -> set[str]:
    """The pages that rooms open by F1."""
    return {
        node.value.value
        for file in ROOMS.glob("*.py")
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        if any(isinstance(target, ast.Name) and target.id == "help_page" for target in node.targets)
        if isinstance(node.value.value, str)
    }


def test_f1_finds_a_page_in_every_room() -> None:
    assert wanted() - {page.stem for page in PAGES} == set()
    assert len(wanted()) > 5


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_is_sound(page: Path) -> None:
    text = page.read_text("utf-8")
    assert unicodedata.is_normalized("NFC", text)
    assert re.findall(r"^# .+$", text, re.MULTILINE) == text.splitlines()[:1]
    assert len(text.splitlines()) <= LINES_MAX
    assert [link for link in LINK.findall(text) if not (page.parent / link).is_file()] == []


def test_the_contents_name_every_page() -> None:
    named = {link.removesuffix(".md") for link in LINK.findall(resource("help/index.md").read_text("utf-8"))}
    assert named == {page.stem for page in PAGES} - {"index"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_is_shown_with_all_its_words(page: Path, qtbot: QtBot) -> None:
    make_application(["guide"])
    shown = GuidePage()
    qtbot.addWidget(shown)
    shown.show_page(page.stem)
    words = set(re.findall(r"\w+", LINK.sub("]", page.read_text("utf-8"))))
    assert words - set(re.findall(r"\w+", shown.toPlainText())) <= {str(number) for number in range(10)}


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
