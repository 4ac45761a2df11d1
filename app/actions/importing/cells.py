"""The workbook as it stands, for showing a row beside what is made of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from app.domain.dates import PartialDate, show
from app.sheets.book import Book, Kind, Row, Scalar, address, column_of

_ADDRESS = re.compile("([A-Z]+)([0-9]+)")


@dataclass(frozen=True)
class Cell:
    """One cell with content: its column's letters, and its text as Excel shows it."""

    letters: str
    text: str
    is_number: bool


class Cells:
    """Rows of a book by sheet and number."""

    def __init__(self, book: Book) -> None:
        self.book = book

    @cached_property
    def _rows(self) -> dict[tuple[str, int], Row]:
        return {(sheet.name, row.number): row for sheet in self.book.sheets for row in sheet.rows}

    def row(self, sheet: str, number: int) -> Iterator[Cell]:
        """The cells of a row, from left to right."""
        row = self._rows.get((sheet, number))
        for column, kind, value in zip(row.columns, row.kinds, row.values, strict=True) if row else ():
            letters = address(0, column)[:-1]
            yield Cell(letters, _text(kind, value), kind in (Kind.NUMBER, Kind.DATE))

    def text(self, sheet: str, cell: str) -> str:
        """What stands at `C14`, empty for a blank cell."""
        found = _ADDRESS.fullmatch(cell)
        row = self._rows.get((sheet, int(found[2]))) if found else None
        if row is None or found is None:
            return ""
        column = column_of(found[1])
        at = row.columns.index(column) if column in row.columns else -1
        return _text(row.kinds[at], row.values[at]) if at >= 0 else ""


def _text(kind: str, value: Scalar) -> str:
    if kind == Kind.DATE:
        try:
            return show(PartialDate.parse(str(value)))
        except ValueError:
            return str(value)
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
