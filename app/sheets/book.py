"""What a workbook holds, located: plain facts that cross from the parsing child.

Nothing is interpreted here: numbers are numbers, text is as typed, hidden things are
there and marked. Rows without content are left out; a row's number tells where it stood.
Rows count from 1 and columns from 0.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

from app.domain.errors import Refusal

ROWS_MAX, COLUMNS_MAX, CELLS_MAX = 200_000, 256, 5_000_000
LAST_ROW, TEXT_MAX = 1_048_576, 32_767  # of a sheet, and of a cell, in Excel

Scalar = str | int | float


class Kind(StrEnum):
    """What a cell's value is."""

    TEXT = "t"
    NUMBER = "n"
    DATE = "d"  # ISO, as precise as the cell's format shows it
    ERROR = "e"  # #REF! and the like
    FORMULA = "f"  # nobody stored its value, or stored 0: the value is the formula


class Row(msgspec.Struct, array_like=True, gc=False):
    """One row's cells with content: their columns, kinds (one letter each) and values."""

    number: int
    hidden: bool
    columns: list[int]
    kinds: str
    values: list[Scalar]


class Area(msgspec.Struct, array_like=True, frozen=True):
    """A merged rectangle, its corners included."""

    top: int
    left: int
    bottom: int
    right: int


class Typed(msgspec.Struct, array_like=True, frozen=True):
    """A cell typed in a font older than Unicode: its runs of (text, font)."""

    row: int
    column: int
    runs: list[tuple[str, str]]


class Sheet(msgspec.Struct):
    """One sheet. `fonts` lists only cells in .Vn* and VNI* fonts."""

    name: str
    hidden: bool = False
    rows: list[Row] = []
    merged: list[Area] = []
    hidden_columns: list[int] = []
    fonts: list[Typed] = []


class Book(msgspec.Struct):
    """A workbook as it stands in the file."""

    sheets: list[Sheet]


class Filling:
    """Collects the rows of a book while a parser goes, within the limits for a book.

    Raises Refusal("workbook.too_wide" | "workbook.too_long") at the cell beyond them.
    """

    def __init__(self) -> None:
        self._rows = 0
        self._cells = 0

    def add(self, sheet: Sheet, row: Row) -> None:
        """Keep a row that has content."""
        if not row.columns:
            return
        self._rows += 1
        self._cells += len(row.columns)
        if row.columns[-1] >= COLUMNS_MAX:
            raise Refusal("workbook.too_wide", columns=row.columns[-1] + 1, most=COLUMNS_MAX)
        if self._rows > ROWS_MAX or self._cells > CELLS_MAX:
            raise Refusal("workbook.too_long", most=ROWS_MAX)
        sheet.rows.append(row)


def address(row: int, column: int) -> str:
    """`C14`, as Excel names the cell."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row}"


def column_of(letters: str) -> int:
    """`AB` as 27; -1 for no letters."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def is_legacy_font(name: str) -> bool:
    """Whether text in this font is not Unicode: `.VnTime`, `VNI-Times`."""
    return name[:3].casefold() in (".vn", "vni")
