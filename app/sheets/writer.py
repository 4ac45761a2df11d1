"""Lists out: .xlsx that opens anywhere, prints with its headings, and cannot run anything.

Numbers whose zeros count are text; dates are days of Excel where the day is known and text
where it is not; text that begins like a formula stays text, also after somebody edits the
cell (security.md, Files in, files out).
"""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import xlsxwriter
from xlsxwriter.exceptions import XlsxWriterException
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from app.domain.dates import PartialDate, show
from app.domain.errors import Trouble
from app.domain.progress import Progress

Value = str | int | PartialDate | None

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_STEP_ROWS = 500
_EXCEL_FIRST_YEAR = 1900
_NAME_LENGTH_MAX, _NOT_IN_NAMES = 31, str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
_CELL_LENGTH_MAX = 32_767


class Holds(StrEnum):
    """What a column of a list holds, which decides how it looks."""

    TEXT = "text"
    AMOUNT = "amount"
    NUMBER = "number"
    DATE = "date"


@dataclass(frozen=True)
class Column:
    """A column of the list; `width` in characters."""

    heading: str
    width: int = 16
    holds: Holds = Holds.TEXT


@dataclass(frozen=True)
class _Formats:
    """How cells look."""

    heading: Format
    title: Format
    text: Format
    formula_like: Format
    amount: Format
    number: Format
    date: Format


def write_list(
    path: Path,
    titles: Sequence[str],
    columns: Sequence[Column],
    rows: Iterable[Sequence[Value]],
    progress: Progress,
) -> int:
    """Write titles, headings and rows to `path`; how many rows.

    The first title names the sheet. A file already there stays until the new one is whole.
    Raises Trouble("file.unwritable"), Cancelled.
    """
    part = path.with_name(path.name + ".part")
    try:
        book = xlsxwriter.Workbook(str(part), {"in_memory": True})  # no names in temporary files
        try:
            count = _Sheet(book, titles, columns).fill(rows, progress)
        finally:
            book.close()
        os.replace(part, path)
    except (OSError, XlsxWriterException) as error:
        raise Trouble("file.unwritable", reason=getattr(error, "strerror", None) or "") from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    return count


class _Sheet:
    """One sheet, written from top to bottom."""

    def __init__(self, book: xlsxwriter.Workbook, titles: Sequence[str], columns: Sequence[Column]) -> None:
        name = (titles[0] if titles else "").translate(_NOT_IN_NAMES).strip()[:_NAME_LENGTH_MAX]
        self._sheet: Worksheet = book.add_worksheet(name or None)
        self._formats, self._columns = _formats_of(book), columns
        self._row = 0
        sheet = self._sheet
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        for at, column in enumerate(columns):
            sheet.set_column(at, at, column.width)
        for title in titles:
            self._write_text(0, title, self._formats.title)
            self._row += 1
        self._row += bool(titles)
        for at, column in enumerate(columns):
            self._write_text(at, column.heading, self._formats.heading)
        sheet.repeat_rows(self._row)
        sheet.freeze_panes(self._row + 1, 0)
        self._row += 1

    def fill(self, rows: Iterable[Sequence[Value]], progress: Progress) -> int:
        """The rows; how many."""
        first, done = self._row, 0
        for done, row in enumerate(rows, 1):
            for at, (column, value) in enumerate(zip(self._columns, row, strict=True)):
                self._write(at, column.holds, value)
            self._row += 1
            if done % _STEP_ROWS == 0:
                progress.step(done, 0, "Writing the list")
        if done:
            self._sheet.autofilter(first - 1, 0, self._row - 1, len(self._columns) - 1)
        return done

    def _write(self, at: int, holds: Holds, value: Value) -> None:
        formats = self._formats
        match value:
            case None:
                self._sheet.write_blank(self._row, at, None, formats.text)
            case PartialDate():
                self._write_date(at, value)
            case int():
                self._sheet.write_number(
                    self._row, at, value, formats.amount if holds is Holds.AMOUNT else formats.number
                )
            case str():
                self._write_text(at, value, formats.text)

    def _write_date(self, at: int, date: PartialDate) -> None:
        if date.day and date.year >= _EXCEL_FIRST_YEAR:
            day = datetime.datetime(date.year, date.month or 1, date.day)
            self._sheet.write_datetime(self._row, at, day, self._formats.date)
        else:
            self._write_text(at, show(date), self._formats.text)

    def _write_text(self, at: int, text: str, look: Format) -> None:
        if look is self._formats.text and text.startswith(FORMULA_STARTS):
            look = self._formats.formula_like
        self._sheet.write_string(self._row, at, text[:_CELL_LENGTH_MAX], look)


def _formats_of(book: xlsxwriter.Workbook) -> _Formats:
    font = {"font_name": "Times New Roman", "font_size": 12}
    body = {**font, "border": 1, "valign": "top"}
    text = {**body, "num_format": "@", "text_wrap": True}
    return _Formats(
        heading=book.add_format(
            {**font, "bold": True, "border": 1, "text_wrap": True, "align": "center", "valign": "vcenter"}
        ),
        title=book.add_format({**font, "bold": True, "font_size": 14}),
        text=book.add_format(text),
        formula_like=book.add_format({**text, "quote_prefix": True}),
        amount=book.add_format({**body, "num_format": "#,##0"}),
        number=book.add_format({**body, "num_format": "0"}),
        date=book.add_format({**body, "num_format": "dd/mm/yyyy", "align": "left"}),
    )
