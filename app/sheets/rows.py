"""What each row of a table is: somebody, a heading among people, a sum, a question, or neither.

Between people stand group headings, subtotals, repeated page headings; below them
signatures, whose names are nobody's. A row that fits nothing becomes a question: rows in
are people, headings, totals, questions, other and blank rows, and none goes missing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from app.sheets.contents import Contents, unlabelled
from app.sheets.grid import Cell, Grid, Row
from app.sheets.places import Places, Surroundings, tidy
from app.sheets.tables import Table
from app.sheets.vocabulary import Meaning, Phrases, Vocabulary, spelled

_M = Meaning
_SIGNED = re.compile(r"\bngày\b.{0,12}\btháng\b.{0,12}\bnăm\b", re.I | re.S)
_LABEL = re.compile(r"\s*(?:[IVXLC]{1,6}|[A-ZĐ]|[0-9]{1,2}(?:\.[0-9]{1,2})+)[.)\-:/]?\s*")
_NUMBERED = re.compile(r"\s*[\[(]\s*[0-9]{1,2}\s*[\])].*")
_DEPTHS = (
    (1, re.compile(r"([IVX]{1,6}|[A-HĐ])\s*([.)\-:/]|$)")),
    (3, re.compile(r"[0-9]{1,2}\.[0-9]|[a-zđ]\s*([.)\-:/]|$)|[-–+*•]")),
    (2, re.compile(r"[0-9]{1,2}\s*([.)\-:/]|$)")),
)
_STRONG = 3
_WIDE = 0.5
# How much a cell that can be what its column holds speaks for somebody standing in the row.
# Patterns, not recognisers: this runs for every cell of every row.
_ANY, _WORDS = re.compile(r"\S"), re.compile(r"[^\W\d_]")
_LONG_NUMBER = re.compile(r"[0-9](?:[ .\-']?[0-9]){7}|[0-9][.,][0-9]+E\+", re.I)
_YEAR = re.compile(
    r"(?<![0-9])(?:18|19|20)[0-9]{2}(?![0-9])|[0-9]{1,2}[/.\-][0-9]{1,2}[/.\-][0-9]|^[0-9]{4,5}$"
)
_EVIDENCE: dict[Meaning, tuple[re.Pattern[str], int]] = {
    _M.ORDINAL: (re.compile(r"\s*[0-9]{1,5}[.)]?\s*$"), 1),
    _M.BIRTH: (_YEAR, 2),
    _M.BIRTH_MALE: (re.compile(_YEAR.pattern + r"|^\s*[xX+✓]\s*$"), 2),
    _M.BIRTH_FEMALE: (re.compile(_YEAR.pattern + r"|^\s*[xX+✓]\s*$"), 2),
    _M.BIRTH_YEAR: (_YEAR, 2),
    _M.MALE_MARK: (re.compile(r"\s*\S{1,2}\s*$"), 1),
    _M.FEMALE_MARK: (re.compile(r"\s*\S{1,2}\s*$"), 1),
    _M.SEX: (re.compile(r"\s*(?:nam|n[ữuưử]|nữ|[01mf])\s*$", re.I), 2),
    _M.PERSONAL_ID: (_LONG_NUMBER, 3),
    _M.OLD_ID: (_LONG_NUMBER, 3),
    _M.PHONE: (_LONG_NUMBER, 2),
    _M.ACCOUNT: (re.compile(r"[0-9](?:[ .\-]?[0-9]){5}"), 2),
    _M.COEFFICIENT: (re.compile(r"\s*[0-9](?:[.,][0-9]+)?\s*$"), 1),
    _M.HAMLET: (_ANY, 1),
    _M.ADDRESS: (_WORDS, 1),
    _M.GROUP: (_ANY, 1),
    _M.ETHNICITY: (_WORDS, 1),
}
_TIES = {
    _M.BIRTH,
    _M.BIRTH_MALE,
    _M.BIRTH_FEMALE,
    _M.BIRTH_YEAR,
    _M.PERSONAL_ID,
    _M.OLD_ID,
    _M.SEX,
    _M.PHONE,
}
_SUMMED = {_M.AMOUNT, _M.TOTAL, _M.ARREARS, _M.COEFFICIENT, _M.STANDARD, _M.MONTHS, _M.OTHER, _M.UNKNOWN}


class RowKind(StrEnum):
    """Where a row goes."""

    PERSON = "person"
    HEADING = "heading"
    TOTAL = "total"
    QUESTION = "question"
    OTHER = "other"


@dataclass(frozen=True)
class Verdict:
    """What a row is, and why it is a question when it is one."""

    kind: RowKind
    why: str = ""


_PERSON = Verdict(RowKind.PERSON)


class Sorter:
    """Sorts the rows of one table, from top to bottom; headings change what stands around the next rows."""

    def __init__(
        self,
        grid: Grid,
        table: Table,
        meanings: tuple[Meaning, ...],
        words: tuple[Vocabulary, Contents, Places],
        title: Surroundings,
    ) -> None:
        vocabulary, self._contents, self._places = words
        self._grid, self._table = grid, table
        self._habits: dict[str, Phrases] = vocabulary.habits
        pairs = list(zip(table.columns, meanings, strict=True))
        self._meanings = {column.index: meaning for column, meaning in pairs}
        self._expected = [
            (column.index, *_EVIDENCE[meaning], meaning in _TIES)
            for column, meaning in pairs
            if meaning in _EVIDENCE
        ]
        self._names = [
            column.index for column, meaning in pairs if meaning in (_M.NAME, _M.FAMILY_NAME, _M.GIVEN_NAME)
        ]
        self._heading = {column.index: spelled(column.parts[-1]) for column in table.columns if column.parts}
        self._title = title
        self._said = Surroundings()
        self._parent = (0, "")  # how deep the last group was said, and its words
        self._outer = ""  # which of group and hamlet stands around the other
        self._has_ended = False

    @property
    def around(self) -> Surroundings:
        """The group and hamlet that hold for the next person."""
        return Surroundings(self._said.group or self._title.group, self._said.hamlet or self._title.hamlet)

    def resume(self) -> None:
        """Go on with the table's next page."""
        self._has_ended = False

    def sort(self, number: int, cells: Row) -> Verdict:
        """What the row is; `cells` are those under the table's columns."""
        score, ties = self._evidence(cells)
        if not ties and self._repeats_heading(cells):
            return Verdict(RowKind.HEADING)
        if self._is_person(number, cells, score=score, ties=ties):
            self._has_ended = False
            return _PERSON
        texts = [str(cell) for cell in cells.values() if isinstance(cell, str)]
        if not ties and self._is_total(texts, cells):
            return Verdict(RowKind.TOTAL)
        if score < _STRONG and self._ends(texts):
            self._has_ended = True
        if self._has_ended:
            return Verdict(RowKind.OTHER)
        return self._unpeopled(number, cells, texts, ties=ties)

    def _is_person(self, number: int, cells: Row, *, score: int, ties: int) -> bool:
        """A name and any fact; below the signatures, a name and two facts that only people have."""
        if not any(column in cells for column in self._names) or self._continues(number):
            return False
        if ties >= 2 and score >= _STRONG:
            return not self._has_ended or self._is_name(cells)
        if self._has_ended or not score or not self._is_name(cells):
            return False
        return ties > 0 or not self._is_wide(number, cells)

    def _is_name(self, cells: Row) -> bool:
        name = " ".join(str(cells[column]) for column in self._names if column in cells)
        return bool(name) and self._contents.is_name(name)

    def _continues(self, number: int) -> bool:
        """Whether the name is a merged cell that began above: a second line of the same person."""
        area = self._grid.area_at(number, self._names[0]) if self._names else None
        return (
            area is not None and area.top < number and area.right - area.left < len(self._table.columns) - 1
        )

    def _evidence(self, cells: Row) -> tuple[int, int]:
        """How much speaks for somebody, and how many of the facts only people have."""
        score = ties = 0
        for column, pattern, weight, is_tie in self._expected:
            cell = cells.get(column)
            if cell is not None and pattern.search(cell if isinstance(cell, str) else str(cell)):
                score += weight
                ties += is_tie
        return score, ties

    def _is_total(self, texts: list[str], cells: Row) -> bool:
        totals = self._habits["totals"]
        if any(totals.begin(text.strip(" -–*•.")) for text in texts[:3]):
            return True
        figures = [column for column, cell in cells.items() if not isinstance(cell, str) or _is_figure(cell)]
        return len(figures) == len(cells) and all(self._meanings.get(column) in _SUMMED for column in figures)

    def _repeats_heading(self, cells: Row) -> bool:
        said = [(column, spelled(str(cell))) for column, cell in cells.items()]
        same = sum(self._heading.get(column) == text and text != "" for column, text in said)
        numbered = len(said) >= 3 and all(_NUMBERED.fullmatch(str(cell)) for cell in cells.values())
        return numbered or (same >= 2 and same * 2 > len(said))

    def _ends(self, texts: list[str]) -> bool:
        endings = self._habits["endings"]
        return any(endings.begin(text.strip(" (-–*.[")) or _SIGNED.search(text) for text in texts)

    def _unpeopled(self, number: int, cells: Row, texts: list[str], *, ties: int) -> Verdict:
        """A row with nobody in it, or with somebody nobody can name."""
        if self._continues(number):
            return Verdict(RowKind.QUESTION, "continues")
        if ties:
            return Verdict(RowKind.QUESTION, "no_name")
        words = [text for text in texts if any(letter.isalpha() for letter in text)]
        words = [text for text in words if not _LABEL.fullmatch(text)]
        said, is_name = self._surround(words, _depth(cells)), self._is_name(cells)
        has_label = any(
            _LABEL.fullmatch(text) or unlabelled(text) != text for text in texts[:1]
        ) or self._is_wide(number, cells)
        if has_label and words and not said:
            self._surround_strangely(words[0], is_name=self._contents.is_name(words[0]))
        is_left = len(words) == 1 and next(iter(cells)) == self._table.left
        if said or (words and has_label) or (is_left and not is_name):
            return Verdict(RowKind.HEADING)
        return Verdict(RowKind.QUESTION, "name_alone" if is_name else "unclear")

    def _is_wide(self, number: int, cells: Row) -> bool:
        width = max(2, len(self._table.columns) * _WIDE)
        return any(
            area.right - area.left + 1 >= width and area.left in cells for area in self._grid.areas_in(number)
        )

    def _surround(self, words: list[str], depth: int) -> bool:
        """Take what a heading says of the people below it; whether it said anything.

        What was said first stands around the rest: under a new hamlet the groups begin
        anew when hamlets are the outer headings, and stay when groups are.
        """
        group = next(filter(None, map(self._places.group_in, words)), None)
        if group:
            self._parent = (depth, group)
        elif words and depth > self._parent[0] > 0:  # Trẻ em, below Người khuyết tật nặng
            group = self._places.group_in(f"{self._parent[1]} {unlabelled(words[0])}")
        hamlet = next(filter(None, map(self._places.hamlet_in, words)), None)
        self._outer = self._outer or ("hamlet" if hamlet and not group else "group" if group else "")
        if hamlet:
            self._said = Surroundings(None if self._outer == "hamlet" else self._said.group, hamlet)
        if group:
            kept = self._said.hamlet if hamlet or self._outer == "hamlet" else None
            self._said = Surroundings(group, kept)
        return bool(group or hamlet)

    def _surround_strangely(self, text: str, *, is_name: bool) -> None:
        """A numbered heading of unknown words: a hamlet's bare name, or a group nobody knows.

        The people below must not silently keep the group of the heading before it.
        """
        has_place = not {_M.HAMLET, _M.ADDRESS}.isdisjoint(self._meanings.values())
        if is_name and not has_place and self._outer != "group":
            self._outer = "hamlet"
            self._said = Surroundings(None, tidy(unlabelled(text)))
        elif self._said.group:
            self._said = Surroundings(unlabelled(text), self._said.hamlet)


def _depth(cells: Row) -> int:
    """How deep a heading stands by its label: I and A, then 1, then 1.1, a) and dashes; 0 without one."""
    first = str(next(iter(cells.values()))).strip()
    return next((depth for depth, label in _DEPTHS if label.match(first)), 0)


def _is_figure(cell: Cell) -> bool:
    return isinstance(cell, str) and not any(letter.isalpha() for letter in cell)
