"""Lists out: .xlsx that opens anywhere, prints with its headings, and cannot run anything.

Numbers whose zeros count are text; dates are days of Excel where the day is known and text
where it is not; text that begins like a formula stays text, also after somebody edits the
cell (security.md, Files in, files out).
"""

from __future__ import annotations

import datetime
import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import xlsxwriter
from xlsxwriter.exceptions import XlsxWriterException
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from app.domain.dates import PartialDate, show
from app.domain.errors import Refusal, Trouble
from app.domain.progress import Progress
from app.sheets.book import LAST_ROW

Value = str | int | float | PartialDate | datetime.datetime | None

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_STEP_ROWS = 500
_EXCEL_FIRST_YEAR = 1900
_NAME_LENGTH_MAX, _NOT_IN_NAMES = 31, str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
_CELL_LENGTH_MAX = 32_767
_LAST_COLUMN = 16_384


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
class Leaf:
    """One sheet of several. `under`: a second line of headings, in other words, or none."""

    name: str
    columns: Sequence[Column]
    under: Sequence[str] = ()


@dataclass(frozen=True)
class _Formats:
    """How cells look."""

    heading: Format
    title: Format
    text: Format
    formula_like: Format
    amount: Format
    number: Format
    decimal: Format
    date: Format
    moment: Format


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
    with _whole(path, {"in_memory": True}) as book:  # no names in temporary files
        leaf = Leaf(_names([titles[0] if titles else ""])[0], columns)
        sheet = _Sheet(book, _formats_of(book), leaf, titles)
        count = 0
        for count, row in enumerate(rows, 1):
            sheet.add(row)
            if count % _STEP_ROWS == 0:
                progress.step(count, 0, "Writing the list")
        sheet.end()
    return count


def write_leaves(path: Path, leaves: Sequence[Leaf], rows: Iterable[tuple[int, Sequence[Value]]]) -> None:
    """Write several sheets at once, each row with the place of its sheet among them.

    However many there are, one row of a sheet is in memory: the others lie beside the file until it is
    whole. Raises Trouble("file.unwritable"), Refusal("list.too_long"), ("list.too_wide").
    """
    with _beside(path) as folder, _whole(path, {"constant_memory": True, "tmpdir": folder}) as book:
        formats, names = _formats_of(book), _names([leaf.name for leaf in leaves])
        named = (Leaf(name, leaf.columns, leaf.under) for name, leaf in zip(names, leaves, strict=True))
        sheets = [_Sheet(book, formats, leaf) for leaf in named]
        for at, row in rows:
            sheets[at].add(row)
        for sheet in sheets:
            sheet.end()


@contextmanager
def _told() -> Iterator[None]:
    """What the disk or the library says, as a Trouble."""
    try:
        yield
    except (OSError, XlsxWriterException) as error:
        raise Trouble("file.unwritable", reason=getattr(error, "strerror", None) or "") from error


@contextmanager
def _beside(path: Path) -> Iterator[str]:
    """A folder where the file will be, which goes again: what leaves is on no other disk than it is."""
    with _told(), tempfile.TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent) as folder:
        yield folder


@contextmanager
def _whole(path: Path, options: dict[str, object]) -> Iterator[xlsxwriter.Workbook]:
    """A book that takes the place of the file once it is whole."""
    part = path.with_name(path.name + ".part")
    with _told():
        try:
            book = xlsxwriter.Workbook(str(part), options)
            try:
                yield book
            finally:
                book.close()
            os.replace(part, path)
        finally:
            with suppress(OSError):
                part.unlink(missing_ok=True)


def _names(wanted: Iterable[str]) -> list[str]:
    """As Excel allows sheets to be called, each once; empty: as the library calls it."""
    given, made = {"history"}, list[str]()  # Excel keeps that one for itself
    for name in wanted:
        allowed = name.translate(_NOT_IN_NAMES).strip()[:_NAME_LENGTH_MAX].strip()
        unlike, at = allowed, 1
        while allowed and unlike.casefold() in given:
            at += 1
            unlike = f"{allowed[: _NAME_LENGTH_MAX - len(str(at)) - 1]} {at}"
        given.add(unlike.casefold())
        made.append(unlike)
    return made


class _Sheet:
    """One sheet, written from top to bottom."""

    def __init__(
        self, book: xlsxwriter.Workbook, formats: _Formats, leaf: Leaf, titles: Sequence[str] = ()
    ) -> None:
        if len(leaf.columns) > _LAST_COLUMN:
            raise Refusal("list.too_wide", most=_LAST_COLUMN)
        self._sheet: Worksheet = book.add_worksheet(leaf.name or None)
        self._formats, self._columns = formats, leaf.columns
        self._row = 0
        sheet = self._sheet
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        for at, column in enumerate(leaf.columns):
            sheet.set_column(at, at, column.width)
        for title in titles:
            self._write_text(0, title, self._formats.title)
            self._row += 1
        self._row += bool(titles)
        top = self._row
        for line in ([column.heading for column in leaf.columns], leaf.under):
            for at, heading in enumerate(line):
                self._write_text(at, heading, self._formats.heading)
            self._row += bool(line)
        sheet.repeat_rows(top, self._row - 1)
        sheet.freeze_panes(self._row, 0)
        self._first = self._row

    def add(self, row: Sequence[Value]) -> None:
        """One row more. Refusal("list.too_long") beyond what a sheet of Excel holds."""
        if self._row >= LAST_ROW:
            raise Refusal("list.too_long", most=LAST_ROW)
        for at, (column, value) in enumerate(zip(self._columns, row, strict=True)):
            self._write(at, column.holds, value)
        self._row += 1

    def end(self) -> None:
        """No more rows."""
        if self._row > self._first:
            self._sheet.autofilter(self._first - 1, 0, self._row - 1, len(self._columns) - 1)

    def _write(self, at: int, holds: Holds, value: Value) -> None:
        formats = self._formats
        match value:
            case None:
                self._sheet.write_blank(self._row, at, None, formats.text)
            case PartialDate():
                self._write_date(at, value)
            case datetime.datetime():
                self._write_moment(at, value)
            case float():
                self._sheet.write_number(self._row, at, value, formats.decimal)
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

    def _write_moment(self, at: int, moment: datetime.datetime) -> None:
        """As clocks showed it where it was: Excel knows no zones."""
        if moment.year >= _EXCEL_FIRST_YEAR:
            self._sheet.write_datetime(self._row, at, moment.replace(tzinfo=None), self._formats.moment)
        else:
            self._write_text(at, moment.isoformat(), self._formats.text)

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
        decimal=book.add_format({**body, "num_format": "General"}),
        moment=book.add_format({**body, "num_format": "dd/mm/yyyy hh:mm:ss", "align": "left"}),
        date=book.add_format({**body, "num_format": "dd/mm/yyyy", "align": "left"}),
    )
