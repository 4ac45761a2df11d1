"""OpenDocument workbooks (.ods): content.xml, a row at a time (OpenDocument 1.2, part 1)."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass, field
from typing import IO
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from app.domain.errors import Refusal
from app.domain.progress import Progress
from app.sheets.book import (
    COLUMNS_MAX,
    TEXT_MAX,
    Area,
    Book,
    Filling,
    Kind,
    Row,
    Scalar,
    Sheet,
    Typed,
    is_legacy_font,
)
from app.sheets.numbers import Shown, as_number

_URN = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
OFFICE, TABLE, TEXT, STYLE, NUMBER = (
    _URN % part for part in ("office", "table", "text", "style", "datastyle")
)
_FO = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"
_CELLS = (TABLE + "table-cell", TABLE + "covered-table-cell")
_DEPTH_MAX = 100
_REPEATED_MAX = 1_000  # a row with content repeated further is no list of people


@dataclass(frozen=True)
class Style:
    """What of a cell's format matters to a reader."""

    font: str = ""
    shown: Shown = Shown.DAY
    parent: str = ""


@dataclass
class _Place:
    """Where the parser stands in a sheet."""

    sheet: Sheet
    row: int = 1
    column: int = 0
    column_styles: dict[int, str] = field(default_factory=dict)


def read_ods(file: IO[bytes], progress: Progress) -> Book:
    """Everything in the workbook, sheet by sheet."""
    reader = _Reader(progress)
    try:
        with zipfile.ZipFile(file) as archive:
            for part in ("styles.xml", "content.xml"):
                if part in archive.namelist():
                    with archive.open(part) as stream:
                        reader.read(stream)
    except DefusedXmlException as error:
        raise Refusal("workbook.doctype") from error
    except ParseError as error:
        raise Refusal("workbook.damaged") from error
    return Book(reader.sheets)


class _Reader:
    def __init__(self, progress: Progress) -> None:
        self.sheets: list[Sheet] = []
        self._progress, self._filling = progress, Filling()
        self._styles: dict[str, Style] = {}
        self._shown: dict[str, Shown] = {}
        self._place = _Place(Sheet(""))

    def read(self, stream: IO[bytes]) -> None:
        """One part; each finished row is taken and forgotten."""
        depth = 0
        for event, element in iterparse(stream, events=("start", "end"), forbid_dtd=True):
            depth += 1 if event == "start" else -1
            if depth > _DEPTH_MAX:
                raise Refusal("workbook.damaged")
            if event == "start":
                if element.tag == TABLE + "table":
                    self._begin_sheet(element)
                continue
            match element.tag.rpartition("}")[2]:
                case "date-style":
                    self._shown[element.get(STYLE + "name", "")] = _shown(element)
                case "style" if element.get(STYLE + "family") in ("table-cell", "text", "table-column"):
                    self._keep_style(element)
                case "table-column":
                    self._column(element)
                case "table-row":
                    self._rows(element)
                    element.clear()
                case "table":
                    element.clear()

    def _begin_sheet(self, element: Element) -> None:
        style = self._styles.get(element.get(TABLE + "style-name", ""))
        sheet = Sheet(element.get(TABLE + "name", ""), hidden=bool(style and style.parent == "hidden"))
        self.sheets.append(sheet)
        self._place = _Place(sheet)
        self._progress.step(len(self.sheets), 0, "Reading the sheets")

    def _keep_style(self, element: Element) -> None:
        properties = element.find(STYLE + "text-properties")
        font = ""
        if properties is not None:
            font = properties.get(STYLE + "font-name") or properties.get(_FO + "font-family") or ""
        self._styles[element.get(STYLE + "name", "")] = Style(
            font.strip("'"),
            self._shown.get(element.get(STYLE + "data-style-name", ""), Shown.DAY),
            element.get(STYLE + "parent-style-name", ""),
        )

    def _font(self, name: str) -> str:
        for _ in range(8):
            style = self._styles.get(name)
            if style is None or style.font:
                return style.font if style else ""
            name = style.parent
        return ""

    def _column(self, element: Element) -> None:
        place, count = self._place, _count(element, "number-columns-repeated")
        if _is_hidden(element):
            place.sheet.hidden_columns.extend(range(place.column, min(place.column + count, COLUMNS_MAX)))
        default = element.get(TABLE + "default-cell-style-name", "")
        for column in range(place.column, min(place.column + count, COLUMNS_MAX)):
            place.column_styles[column] = default
        place.column += count

    def _rows(self, element: Element) -> None:
        place, count = self._place, _count(element, "number-rows-repeated")
        row = Row(place.row, _is_hidden(element), [], "", [])
        column = 0
        for cell in element:
            if cell.tag in _CELLS:
                repeats = _count(cell, "number-columns-repeated")
                self._cell(cell, row, column, repeats)
                column += repeats
        if row.columns and count > _REPEATED_MAX:
            raise Refusal("workbook.too_long", most=_REPEATED_MAX)
        for number in range(place.row, place.row + (count if row.columns else 0)):
            copy = Row(number, row.hidden, row.columns, row.kinds, row.values)
            self._filling.add(place.sheet, copy)
        place.row += count

    def _cell(self, cell: Element, row: Row, column: int, repeats: int) -> None:
        place = self._place
        right, down = _count(cell, "number-columns-spanned"), _count(cell, "number-rows-spanned")
        if right > 1 or down > 1:
            place.sheet.merged.append(Area(row.number, column, row.number + down - 1, column + right - 1))
        name = cell.get(TABLE + "style-name") or place.column_styles.get(column, "")
        runs = _runs(cell)
        kind, value = self._value(cell, name, "".join(text for text, _ in runs)[:TEXT_MAX])
        if isinstance(value, str) and not value.strip():
            return
        if repeats > COLUMNS_MAX:
            raise Refusal("workbook.too_wide", columns=repeats, most=COLUMNS_MAX)
        fonts = [(text, self._font(own) or self._font(name)) for text, own in runs]
        for place_now in range(column, column + repeats):
            row.columns.append(place_now)
            row.values.append(value)
            row.kinds += kind
            if kind == Kind.TEXT and any(is_legacy_font(font) for _, font in fonts):
                place.sheet.fonts.append(Typed(row.number, place_now, fonts))

    def _value(self, cell: Element, style: str, text: str) -> tuple[str, Scalar]:
        kind, value = cell.get(OFFICE + "value-type", ""), cell.get(OFFICE + "value", "")
        formula = cell.get(TABLE + "formula", "")
        if formula and kind in ("", "float") and value in ("", "0"):
            return Kind.FORMULA, formula
        if kind in ("float", "currency", "percentage") and value:
            number = as_number(value)
            return (Kind.TEXT if isinstance(number, str) else Kind.NUMBER), number
        if kind == "date":
            shown = self._styles.get(style, Style()).shown
            length = {Shown.YEAR: 4, Shown.MONTH: 7}.get(shown, 10)
            return Kind.DATE, cell.get(OFFICE + "date-value", "")[:length]
        if kind == "boolean":
            return Kind.NUMBER, int(cell.get(OFFICE + "boolean-value") == "true")
        return (Kind.ERROR if text.startswith(("#", "Err:")) else Kind.TEXT), text


def _shown(date_style: Element) -> Shown:
    parts = {child.tag.rpartition("}")[2] for child in date_style}
    if "day" in parts or "year" not in parts:
        return Shown.DAY
    return Shown.MONTH if "month" in parts else Shown.YEAR


def _count(element: Element, name: str) -> int:
    text = element.get(TABLE + name, "1")
    return int(text) if text.isdigit() and len(text) < 9 else 1


def _is_hidden(element: Element) -> bool:
    return element.get(TABLE + "visibility", "visible") != "visible"


def _runs(cell: Element) -> list[tuple[str, str]]:
    """The cell's text with the style name of each run; paragraphs are lines, comments are left out."""
    runs: list[tuple[str, str]] = []
    for paragraph in cell.findall(TEXT + "p"):
        if runs:
            runs.append(("\n", ""))
        _gather(paragraph, "", runs)
    return runs


def _gather(element: Element, style: str, runs: list[tuple[str, str]]) -> None:
    if element.text:
        runs.append((element.text, style))
    for child in element:
        match child.tag:
            case tag if tag == TEXT + "s":
                runs.append((" " * min(_spaces(child), 100), style))
            case tag if tag in (TEXT + "line-break", TEXT + "tab"):
                runs.append(("\n" if tag.endswith("break") else " ", style))
            case _:
                _gather(child, child.get(TEXT + "style-name", style), runs)
        if child.tail:
            runs.append((child.tail, style))


def _spaces(element: Element) -> int:
    text = element.get(TEXT + "c", "1")
    return int(text) if text.isdigit() and len(text) < 5 else 1
