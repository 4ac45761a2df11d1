"""The guide: every room that names a page has it, every link leads somewhere, every page is listed."""

from __future__ import annotations

import ast
import re
import unicodedata
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted((ROOT / "resources" / "help").glob("*.md"))


def linked(page: Path) -> set[str]:
    return set(re.findall(r"\]\(([^)#]+)\)", page.read_text("utf-8")))


def named_by_rooms() -> set[str]:
    named = set()
    for file in (ROOT / "app" / "ui").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
                named |= {str(node.value.value) for target in node.targets if _is_help_page(target)}
    return named - {""}


def _is_help_page(target: ast.expr) -> bool:
    return isinstance(target, ast.Name) and target.id == "help_page"


def test_every_room_finds_its_page() -> None:
    assert sorted(named_by_rooms() - {page.stem for page in PAGES}) == []


@pytest.mark.parametrize("page", [*PAGES, ROOT / "README.md"], ids=lambda page: page.stem)
def test_links_lead_somewhere(page: Path) -> None:
    inside = {link for link in linked(page) if not link.startswith("https:")}
    assert sorted(link for link in inside if not (page.parent / link).exists()) == []


def test_every_page_is_listed() -> None:
    listed = linked(ROOT / "resources" / "help" / "index.md")
    assert {page.name for page in PAGES} - listed == {"index.md"}


def test_pages_begin_with_their_title_and_are_composed() -> None:
    texts = {page.name: page.read_text("utf-8") for page in PAGES}
    assert [name for name, text in texts.items() if not text.startswith("# ")] == []
    assert [name for name, text in texts.items() if not unicodedata.is_normalized("NFC", text)] == []
