"""The guide: every page in both languages, built alike; links lead somewhere, words are the program's."""

from __future__ import annotations

import ast
import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.catalogues import LANGUAGES, forms, key, messages

ROOT = Path(__file__).resolve().parent.parent
HELP = ROOT / "resources" / "help"
PAGES = {language: sorted((HELP / language).glob("*.md")) for language in LANGUAGES}
NAMES = sorted({page.stem for pages in PAGES.values() for page in pages})
EVERY = [page for pages in PAGES.values() for page in pages]

LINK = re.compile(r"\]\(([^)]+)\)")
# **…** is a word of the program or a key, *…* is stress: so that a button that is renamed is missed here.
NAMED = re.compile(r"\*\*([^*]+)\*\*")
QUOTED = re.compile(r"“([^”]+)”")
KEYS = re.compile(
    r"(Ctrl|Alt|Shift|Enter|Esc|Tab|Space|Backspace|Delete|Page Up|Page Down|phím cách|dấu cách"
    r"|F\d+|[↑↓A-Z\d])"
    r"( ?[+ ] ?(\w|[↑↓]|Enter))*",
    re.IGNORECASE,
)
# Said of the program, by nobody on a screen: what stands in a workbook, and an equation of sums.
NOT_OF_THE_PROGRAM = {
    "chết",
    "died",
    "dòng trong tệp = người + dòng tiêu đề + dòng cộng + câu hỏi + dòng khác",
    "rows in the file = people + headings + totals + questions + other rows",
}


def linked(page: Path) -> list[str]:
    """Where its links lead, in order."""
    return LINK.findall(page.read_text("utf-8"))


def named_by_rooms() -> set[str]:
    named = set()
    for file in (ROOT / "app" / "ui").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
                named |= {str(node.value.value) for target in node.targets if _is_help_page(target)}
    return named - {""}


def _is_help_page(target: ast.expr) -> bool:
    return isinstance(target, ast.Name) and target.id == "help_page"


def build_of(page: Path) -> list[str]:
    """What each line is, without its words: headings, items, rows of so many cells, paragraphs."""
    build = []
    for line in page.read_text("utf-8").splitlines():
        start = line.split(" ", 1)[0]
        if re.fullmatch(r"#+|\d+\.|-", start):
            build.append(start)
        elif line.startswith("|"):
            build.append("|" * line.count("|"))
        elif line.startswith("    "):
            build.append("code")
        elif not line.strip():
            build.append("")
        elif build[-1] != "paragraph":  # its lines break where they may
            build.append("paragraph")
    return build


def anchors_of(page: Path) -> set[str]:
    """What its headings are called in an address, as readers of Markdown make it."""
    headings = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading).strip().lower().replace(" ", "-") for heading in headings}


@cache
def program_words(language: str) -> list[re.Pattern[str]]:
    """Every message, and every sentence of it, with anything in the place of a count or a name."""
    found = set()
    for _file, message in messages(language):
        for said in forms(message):
            found |= {said, *re.split(r"(?<=[.!?…:]) ", said)}
    if language == "en":  # a msgid that is no dotted key is itself what is said
        for _file, message in messages("vi"):
            said = key(message) if isinstance(message.id, str) else " ".join(message.id)
            found |= {said, *re.split(r"(?<=[.!?…:]) ", said), *(message.id if said != key(message) else ())}
    return [_pattern(said) for said in found if len(re.findall(r"\w", re.sub(r"\{\w*\}", "", said))) > 1]


def _pattern(said: str) -> re.Pattern[str]:
    bare = re.split(r"\{\w*\}", _bare(said))
    return re.compile(".+?".join(map(re.escape, bare)), re.IGNORECASE)


def _bare(said: str) -> str:
    return unicodedata.normalize("NFC", said).strip().rstrip(".…:, ")


def unknown_words(page: Path, language: str) -> Iterator[str]:
    """Words that the page names, and that neither the program says nor a keyboard bears."""
    text = page.read_text("utf-8")
    for said in [*NAMED.findall(text), *QUOTED.findall(text)]:
        if said in NOT_OF_THE_PROGRAM or KEYS.fullmatch(said):
            continue
        spoken = {_bare(said), said.strip()}
        if not any(known.fullmatch(each) for known in program_words(language) for each in spoken):
            yield said


def test_every_room_finds_its_page_in_both_languages() -> None:
    for language, pages in PAGES.items():
        assert sorted(named_by_rooms() - {page.stem for page in pages}) == [], language


def test_every_page_stands_in_both_languages_and_nowhere_else() -> None:
    assert {language: [page.stem for page in pages] for language, pages in PAGES.items()} == dict.fromkeys(
        LANGUAGES, NAMES
    )
    assert len(NAMES) > 20
    assert sorted(HELP.glob("*.md")) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_page_is_built_alike_in_both_languages(name: str) -> None:
    vietnamese, english = (HELP / language / f"{name}.md" for language in ("vi", "en"))
    assert build_of(vietnamese) == build_of(english)
    assert sorted(linked(vietnamese)) == sorted(linked(english))
    assert vietnamese.read_text("utf-8") != english.read_text("utf-8")


@pytest.mark.parametrize(
    "page", [*EVERY, ROOT / "README.md"], ids=lambda page: f"{page.parent.name}-{page.stem}"
)
def test_links_lead_somewhere(page: Path) -> None:
    for link in linked(page):
        if link.startswith("https:"):
            continue
        path, _hash, anchor = link.partition("#")
        led = page.parent / path if path else page
        assert led.exists(), link
        assert not anchor or anchor in anchors_of(led), link


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_listed(language: str) -> None:
    listed = linked(HELP / language / "index.md")
    assert {page.name for page in PAGES[language]} - set(listed) == {"index.md"}


@pytest.mark.parametrize(
    ("page", "language"),
    [(page, language) for language, pages in PAGES.items() for page in pages],
    ids=lambda one: one.stem if isinstance(one, Path) else one,
)
def test_words_that_a_page_names_are_the_programs(page: Path, language: str) -> None:
    assert list(unknown_words(page, language)) == []


def test_a_button_that_nobody_has_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("Press **Sync now**, then **Synchronise** and **Ctrl + K**: “Just done”.", "utf-8")
    assert list(unknown_words(page, "en")) == ["Synchronise"]
    assert list(unknown_words(page, "vi")) == ["Sync now", "Synchronise", "Just done"]


def test_pages_begin_with_their_title_and_are_composed() -> None:
    texts = {str(page): page.read_text("utf-8") for page in EVERY}
    assert [name for name, text in texts.items() if not text.startswith("# ")] == []
    assert [name for name, text in texts.items() if not unicodedata.is_normalized("NFC", text)] == []
