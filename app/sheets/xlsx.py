"""Excel workbooks (.xlsx, .xlsm), read tag by tag.

Own reading rather than a library's, because one pass must see values, fonts (TCVN3 is told
by its font), merges, hidden rows and formulas nobody calculated, must not believe
`<dimension>`, and must not lay out the empty 16,384 × 1,048,576 a sparse file claims.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from dataclasses import dataclass, field
from typing import IO

from app.domain.errors import Refusal
from app.domain.progress import Progress
from app.sheets.book import (
    COLUMNS_MAX,
    LAST_ROW,
    TEXT_MAX,
    Area,
    Book,
    Filling,
    Kind,
    Row,
    Scalar,
    Sheet,
    Typed,
    column_of,
    is_legacy_font,
)
from app.sheets.formulas import shifted
from app.sheets.markup import Attributes, read_markup
from app.sheets.numbers import Shown, as_number, day_of, shown_by

Runs = list[tuple[str, str]]
_PLAIN_TEXT = frozenset(("s", "inlineStr", "str"))
_REF = re.compile(r"([A-Z]{1,3})([0-9]{1,7})(?::([A-Z]{1,3})([0-9]{1,7}))?")
_MERGED_MAX = 100_000
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


@dataclass(frozen=True)
class Style:
    """What of a cell's format matters to a reader."""

    shown: Shown
    font: str


@dataclass
class Strings:
    """The shared strings: their text, and the runs of those with a font of their own."""

    texts: list[str] = field(default_factory=list)
    runs: dict[int, Runs] = field(default_factory=dict)


def read_xlsx(file: IO[bytes], progress: Progress) -> Book:
    """Everything in the workbook, sheet by sheet."""
    with zipfile.ZipFile(file) as archive:
        names = {name.lstrip("/").lower(): name for name in archive.namelist()}
        entries, is_1904 = _read_entries(archive, names)
        strings = _read_strings(archive, names)
        styles = _read_styles(archive, names)
        filling, sheets = Filling(), []
        for done, (sheet, part) in enumerate(entries):
            progress.step(done, len(entries), "Reading the sheets")
            real = names.get(part.lower())
            if real:
                with archive.open(real) as stream:
                    _SheetReader(sheet, filling, strings, styles, is_1904).read(stream)
                sheets.append(sheet)
    return Book(sheets)


def _read_entries(archive: zipfile.ZipFile, names: dict[str, str]) -> tuple[list[tuple[Sheet, str]], bool]:
    """The worksheets in order, each with its part's name, and whether days count from 1904."""
    targets: dict[str, str] = {}
    listed: list[tuple[Sheet, str]] = []
    epochs: list[bool] = []

    def relation(attributes: Attributes) -> None:
        if attributes.get("Type", "").endswith("/worksheet"):
            target = attributes.get("Target", "")
            targets[attributes.get("Id", "")] = posixpath.normpath(posixpath.join("xl", target)).lstrip("/")

    def entry(attributes: Attributes) -> None:
        key = next((value for name, value in attributes.items() if name.rpartition(":")[2] == "id"), "")
        hidden = attributes.get("state", "visible") != "visible"
        listed.append((Sheet(attributes.get("name", ""), hidden), key))

    relations = names.get("xl/_rels/workbook.xml.rels")
    if relations:
        with archive.open(relations) as stream:
            read_markup(stream, {"Relationship": relation}, {})
    with archive.open(names["xl/workbook.xml"]) as stream:
        tags = {"sheet": entry, "workbookPr": lambda found: epochs.append(_is_true(found.get("date1904")))}
        read_markup(stream, tags, {})
    entries = [(sheet, targets[key]) for sheet, key in listed if key in targets]
    if not entries:
        raise Refusal("workbook.damaged")
    return entries, any(epochs)


def _read_strings(archive: zipfile.ZipFile, names: dict[str, str]) -> Strings:
    strings, part = Strings(), names.get("xl/sharedstrings.xml")
    if not part:
        return strings
    reader = _TextReader()

    def item(_: str) -> None:
        text, runs = reader.take()
        if any(is_legacy_font(font) for _, font in runs):
            strings.runs[len(strings.texts)] = runs
        strings.texts.append(text)

    with archive.open(part) as stream:
        read_markup(stream, reader.starts, {**reader.ends, "si": item})
    return strings


class _TextReader:
    """Gathers the runs of one string; phonetic guides (rPh) are not text."""

    def __init__(self) -> None:
        self._runs: Runs = []
        self._font = ""
        self._is_guide = False
        self.starts = {"r": self._run, "rFont": self._named, "rPh": self._guide}
        self.ends = {"t": self._text, "rPh": self._guided}

    def _run(self, _: Attributes) -> None:
        self._font = ""

    def _named(self, attributes: Attributes) -> None:
        self._font = attributes.get("val", "")

    def _guide(self, _: Attributes) -> None:
        self._is_guide = True

    def _guided(self, _: str) -> None:
        self._is_guide = False

    def _text(self, text: str) -> None:
        if not self._is_guide:
            text = _ESCAPED.sub(_unescaped, text) if "_x" in text else text
            self._runs.append((text[:TEXT_MAX], self._font))

    def take(self) -> tuple[str, Runs]:
        """The text since the last taking, and its runs."""
        runs, self._runs, self._font = self._runs, [], ""
        return runs[0][0] if len(runs) == 1 else "".join(text for text, _ in runs)[:TEXT_MAX], runs


def _read_styles(archive: zipfile.ZipFile, names: dict[str, str]) -> list[Style]:
    part = names.get("xl/styles.xml")
    if not part:
        return []
    formats: dict[int, str] = {}
    fonts: list[str] = []
    styles: list[Style] = []
    where = [""]

    def style(attributes: Attributes) -> None:
        if where[0] == "cellXfs":
            number, font = (_whole(attributes.get(name)) for name in ("numFmtId", "fontId"))
            styles.append(
                Style(shown_by(number, formats.get(number, "")), fonts[font] if font < len(fonts) else "")
            )

    def font_name(attributes: Attributes) -> None:
        if where[0] == "fonts" and fonts:
            fonts[-1] = attributes.get("val", "")

    def into(place: str) -> None:
        where[0] = place

    starts = {
        "numFmt": lambda found: formats.update({_whole(found.get("numFmtId")): found.get("formatCode", "")}),
        "fonts": lambda _: into("fonts"),
        "font": lambda _: fonts.append("") if where[0] == "fonts" else None,
        "name": font_name,
        "cellStyleXfs": lambda _: into("cellStyleXfs"),
        "cellXfs": lambda _: into("cellXfs"),
        "xf": style,
    }
    leave = {place: lambda _: into("") for place in ("fonts", "cellXfs", "cellStyleXfs")}
    with archive.open(part) as stream:
        read_markup(stream, starts, leave)
    return styles


class _SheetReader:
    """One worksheet part. The handlers run half a million times for 10,000 people: no frills."""

    def __init__(
        self, sheet: Sheet, filling: Filling, strings: Strings, styles: list[Style], is_1904: bool
    ) -> None:
        self._sheet, self._filling, self._strings = sheet, filling, strings
        self._dates = {place: style.shown for place, style in enumerate(styles) if style.shown}
        self._fonts = {place: style.font for place, style in enumerate(styles) if is_legacy_font(style.font)}
        self._is_1904 = is_1904
        self._text = _TextReader()
        self._letters: dict[str, int] = {}
        self._shared: dict[str, tuple[str, int, int]] = {}
        self._number = 0
        self._row = Row(0, False, [], "", [])
        self._kinds: list[str] = []
        self._column, self._type, self._style = -1, "n", -1
        self._value = ""
        self._formula: str | None = None
        self._formula_of: Attributes = {}

    def read(self, stream: IO[bytes]) -> None:
        """Fill the sheet."""
        starts = {
            **self._text.starts,
            "row": self._start_row,
            "c": self._start_cell,
            "f": self._start_formula,
            "col": self._hidden_columns,
            "mergeCell": self._merged,
        }
        ends = {
            **self._text.ends,
            "v": self._end_value,
            "f": self._end_formula,
            "c": self._end_cell,
            "row": self._end_row,
        }
        read_markup(stream, starts, ends)

    def _start_row(self, attributes: Attributes) -> None:
        above, self._number = self._number, int(attributes.get("r") or self._number + 1)
        if not above < self._number <= LAST_ROW:
            raise Refusal("workbook.damaged")  # a row twice would lose the first silently
        hidden = _is_true(attributes.get("hidden")) or attributes.get("ht") in ("0", "0.0")
        self._row = Row(self._number, hidden, [], "", [])
        self._kinds = []
        self._column = -1

    def _end_row(self, _: str) -> None:
        self._row.kinds = "".join(self._kinds)
        self._filling.add(self._sheet, self._row)

    def _start_cell(self, attributes: Attributes) -> None:
        place = attributes.get("r")
        if place:
            letters = place.rstrip("0123456789")
            column = self._letters.get(letters)
            if column is None:
                column = self._letters[letters] = _column_named(letters)
            if column <= self._column:
                raise Refusal("workbook.damaged")
            self._column = column
        else:
            self._column += 1
        self._type = attributes.get("t", "n")
        self._style = int(attributes.get("s", -1))
        self._value, self._formula = "", None

    def _start_formula(self, attributes: Attributes) -> None:
        self._formula_of = attributes

    def _end_formula(self, text: str) -> None:
        index = self._formula_of.get("si")
        if index and text:
            self._shared[index] = (text, self._number, self._column)
        elif index and index in self._shared:
            text, row, column = self._shared[index]
            text = shifted(text, self._number - row, self._column - column)
        self._formula = text

    def _end_value(self, text: str) -> None:
        self._value = text[:TEXT_MAX]

    def _end_cell(self, _: str) -> None:
        text, kind = self._value, self._type
        runs: Runs | None = None
        if kind == "s" and text:
            index = _whole(text)
            text, runs = self._strings.texts[index], self._strings.runs.get(index)
        elif kind == "inlineStr":
            text, runs = self._text.take()
        if self._formula and text in ("", "0"):
            self._keep(Kind.FORMULA, self._formula)
        elif kind == "n":
            if text:
                self._keep(*self._numeric(text))
        elif runs or kind not in _PLAIN_TEXT or self._style in self._fonts:
            if text.strip():
                self._keep_text(kind, text, runs)
        elif text.strip():
            self._keep("t", text)

    def _numeric(self, text: str) -> tuple[str, Scalar]:
        number = as_number(text)
        shown = self._dates.get(self._style)
        if shown and not isinstance(number, str):
            day = day_of(number + (1462 if self._is_1904 else 0), shown)
            if day:
                return Kind.DATE, day
        return (Kind.TEXT if isinstance(number, str) else Kind.NUMBER), number

    def _keep_text(self, kind: str, text: str, runs: Runs | None) -> None:
        if kind == "b":
            self._keep(Kind.NUMBER, int(text) if text.isdigit() else 0)
            return
        self._keep({"e": Kind.ERROR, "d": Kind.DATE}.get(kind, Kind.TEXT), text[:10] if kind == "d" else text)
        font = self._fonts.get(self._style, "")
        if font or (runs and any(is_legacy_font(own) for _, own in runs)):
            fonts = [(part, own or font) for part, own in runs or [(text, "")]]
            self._sheet.fonts.append(Typed(self._number, self._column, fonts))

    def _keep(self, kind: str, value: Scalar) -> None:
        self._row.columns.append(self._column)
        self._row.values.append(value)
        self._kinds.append(kind)

    def _hidden_columns(self, attributes: Attributes) -> None:
        if _is_true(attributes.get("hidden")) or attributes.get("width") == "0":
            first, last = int(attributes.get("min", 1)), int(attributes.get("max", 0))
            known = self._sheet.hidden_columns
            if len(known) < COLUMNS_MAX:  # said a hundred thousand times over, it says no more
                known += range(first - 1, min(last, COLUMNS_MAX))

    def _merged(self, attributes: Attributes) -> None:
        found = _REF.fullmatch(attributes.get("ref", ""))
        if found and found[3]:
            corners = int(found[2]), column_of(found[1]), int(found[4]), column_of(found[3])
            if len(self._sheet.merged) == _MERGED_MAX:
                raise Refusal("workbook.damaged")
            self._sheet.merged.append(Area(*corners))


def _column_named(letters: str) -> int:
    """`AB` as 27. Raises Refusal("workbook.damaged") for what names no column."""
    column = (
        column_of(letters.upper()) if len(letters) <= 3 and letters.isascii() and letters.isalpha() else -1
    )
    if column < 0:
        raise Refusal("workbook.damaged")
    return column


def _unescaped(code: re.Match[str]) -> str:
    """`_x000D_` as the letter it stands for; half of a pair stands for none."""
    letter = chr(int(code[1], 16))
    return "" if "\ud800" <= letter <= "\udfff" else letter


def _is_true(text: str | None) -> bool:
    return text in ("1", "true")


def _whole(text: str | None) -> int:
    return int(text) if text and text.isdigit() else 0
