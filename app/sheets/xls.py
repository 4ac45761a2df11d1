"""Workbooks of Excel 97 to 2003 (.xls): what the old provincial lists in .VnTime are kept in."""

from __future__ import annotations

import struct
from typing import IO

import xlrd
from xlrd.biffh import XLRDError
from xlrd.compdoc import CompDocError

from app.domain.errors import Refusal
from app.domain.progress import Progress
from app.sheets.book import Area, Book, Filling, Kind, Row, Scalar, Sheet, Typed, is_legacy_font
from app.sheets.numbers import Shown, as_number, day_of, shown_by

_DATE_1904 = 1462
# What xlrd raises over records that are not what they say: it trusts every length and index.
_BROKEN = (
    CompDocError,
    struct.error,
    AssertionError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    ArithmeticError,
    NotImplementedError,
    RecursionError,
)


class _NoLog:
    """xlrd tells its doubts to a stream; a child has nobody to tell."""

    def write(self, _: str) -> None:
        """Nothing."""


def read_xls(file: IO[bytes], progress: Progress) -> Book:
    """Everything in the workbook, sheet by sheet."""
    try:
        return _read(file.read(), progress)
    except XLRDError as error:
        if "encrypted" in str(error).lower() or "password" in str(error).lower():
            raise Refusal("workbook.password") from error
        raise Refusal("workbook.damaged") from error
    except _BROKEN as error:
        raise Refusal("workbook.damaged") from error


def _read(content: bytes, progress: Progress) -> Book:
    book = xlrd.open_workbook(file_contents=content, formatting_info=True, ragged_rows=True, logfile=_NoLog())
    filling, sheets = Filling(), []
    for done, found in enumerate(book.sheets()):
        progress.step(done, book.nsheets, "Reading the sheets")
        sheets.append(_Reader(book, found, filling).read())
    return Book(sheets)


class _Reader:
    def __init__(self, book: xlrd.Book, found: xlrd.sheet.Sheet, filling: Filling) -> None:
        self._book, self._found, self._filling = book, found, filling
        self._sheet = Sheet(found.name, hidden=bool(found.visibility))
        self._shown: dict[int, Shown] = {}

    def read(self) -> Sheet:
        """The rows with content, the merges, what is hidden."""
        sheet, found = self._sheet, self._found
        sheet.hidden_columns = [column for column, info in found.colinfo_map.items() if info.hidden]
        sheet.merged = [
            Area(top + 1, left, bottom, right - 1) for top, bottom, left, right in found.merged_cells
        ]
        for place in range(found.nrows):
            self._filling.add(sheet, self._row(place))
        return sheet

    def _row(self, place: int) -> Row:
        info = self._found.rowinfo_map.get(place)
        row = Row(place + 1, bool(info and (info.hidden or info.height == 0)), [], "", [])
        kinds: list[str] = []
        empty = (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK)
        for column, kind_of_cell in enumerate(self._found.row_types(place)):
            if kind_of_cell in empty:
                continue
            cell = self._found.cell(place, column)
            kind, value = self._value(cell)
            if value == "" or (isinstance(value, str) and not value.strip()):
                continue
            row.columns.append(column)
            row.values.append(value)
            kinds.append(kind)
            if kind == Kind.TEXT:
                self._note_fonts(place, column, cell)
        row.kinds = "".join(kinds)
        return row

    def _value(self, cell: xlrd.sheet.Cell) -> tuple[str, Scalar]:
        value = cell.value
        if isinstance(value, str):
            return Kind.TEXT, value
        match cell.ctype:
            case xlrd.XL_CELL_NUMBER | xlrd.XL_CELL_DATE:
                shown = self._shown_by(cell.xf_index or 0)
                serial = value + (_DATE_1904 if self._book.datemode else 0)
                day = day_of(serial, shown) if shown else None
                return (Kind.DATE, day) if day else (Kind.NUMBER, as_number(repr(value)))
            case xlrd.XL_CELL_ERROR:
                return Kind.ERROR, xlrd.error_text_from_code.get(int(value), "#N/A")
        return Kind.NUMBER, int(value)

    def _shown_by(self, style: int) -> Shown:
        if style not in self._shown:
            key = self._book.xf_list[style].format_key
            self._shown[style] = shown_by(key, self._book.format_map[key].format_str)
        return self._shown[style]

    def _note_fonts(self, place: int, column: int, cell: xlrd.sheet.Cell) -> None:
        book, text = self._book, str(cell.value)
        base = book.font_list[book.xf_list[cell.xf_index or 0].font_index].name
        starts = self._found.rich_text_runlist_map.get((place, column), [])
        marks = [(0, base), *((start, book.font_list[font].name) for start, font in starts)]
        ends = [*(start for start, _ in marks[1:]), len(text)]
        runs = [(text[start:end], font) for (start, font), end in zip(marks, ends, strict=True)]
        runs = [run for run in runs if run[0]]
        if any(is_legacy_font(font) for _, font in runs):
            self._sheet.fonts.append(Typed(place + 1, column, runs))
