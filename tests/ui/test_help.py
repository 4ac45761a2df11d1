"""The guide: F1 finds a page in every room, no link leads nowhere, every page is in the contents."""

from __future__ import annotations

import ast
import re
import unicodedata
from pathlib import Path

import pytest

from app.resources import resource

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
