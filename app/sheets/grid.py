"""A sheet as its reader sees it: text in Unicode, formulas valued, merges known.

What was mended to get there is remembered by cell, so that nothing changes silently.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from unicodedata import is_normalized, normalize

from app.domain.errors import Refusal
from app.domain.legacy_text import decode_tcvn3, decode_vni, read_legacy
from app.domain.reference import Reference
from app.sheets.book import Area, Book, Kind, Scalar, Sheet
from app.sheets.formulas import NoValueError, evaluate


class Day(str):
    """An ISO date out of a date cell, as precise as the cell shows it."""

    __slots__ = ()


class Fault(str):
    """What stands in a cell whose value could not be had: `#REF!`, or a formula beyond us."""

    __slots__ = ()


Cell = str | int | float


@dataclass(frozen=True)
class Repair:
    """How a cell's content was had: as typed, and the kind.

    `tcvn3`, `vni`, `decomposed`, `full_width` or `formula`.
    """

    typed: str
    kind: str


Row = dict[int, Cell]
_LONG_TEXT, _LONGEST_TEXT = 500, 4_000
_MERGED_ROWS_MAX = 500_000
_LOOKUPS_MAX = 500_000
_WIDE_LETTERS = re.compile("[\uff01-\uff5e]")
_NARROW = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)}
_SPECIAL = re.compile(f"[{Kind.DATE}{Kind.ERROR}{Kind.FORMULA}]")


@dataclass
class Grid:
    """One sheet's cells by row number (from 1) and column (from 0)."""

    name: str
    hidden: bool
    rows: dict[int, Row] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    merged: list[Area] = field(default_factory=list)
    repairs: dict[tuple[int, int], Repair] = field(default_factory=dict)
    _areas_by_row: dict[int, list[Area]] = field(default_factory=dict)
    _numbers: list[int] = field(default_factory=list)

    @property
    def last_row(self) -> int:
        """The number of the last row with content, 0 for an empty sheet."""
        return max(self.rows, default=0)

    def numbers(self, top: int, bottom: int) -> list[int]:
        """The rows with content from `top` to `bottom`: a sheet may claim a million between two."""
        return self._numbers[bisect_left(self._numbers, top) : bisect_right(self._numbers, bottom)]

    def area_at(self, row: int, column: int) -> Area | None:
        """The merged area a cell belongs to."""
        return next(
            (area for area in self._areas_by_row.get(row, ()) if area.left <= column <= area.right), None
        )

    def areas_in(self, row: int) -> list[Area]:
        """The merged areas that touch a row."""
        return self._areas_by_row.get(row, [])

    def index(self) -> None:
        """Note which rows have content, and the merges by row as far as those reach."""
        self._numbers = list(self.rows)
        last = self.last_row
        if sum(min(area.bottom, last) - area.top + 1 for area in self.merged if area.top <= last) > (
            _MERGED_ROWS_MAX
        ):
            raise Refusal("workbook.damaged")
        for area in self.merged:
            for row in range(area.top, min(area.bottom, last) + 1):
                self._areas_by_row.setdefault(row, []).append(area)

    def merged_value(self, row: int, column: int) -> Cell | None:
        """What stands in the corner of the merged area that covers this blank cell from above."""
        area = self.area_at(row, column)
        if area is None or (area.top == row and area.left == column):
            return None
        return self.rows.get(area.top, {}).get(area.left)


def grids_of(book: Book, reference: Reference) -> list[Grid]:
    """Every sheet, decoded and calculated."""
    grids = [_laid_out(sheet, reference) for sheet in book.sheets]
    by_name = {sheet.name.casefold(): grid for sheet, grid in zip(book.sheets, grids, strict=True)}
    for sheet, grid in zip(book.sheets, grids, strict=True):
        _Calculation(sheet, grid, by_name).run()
        grid.index()
    return grids


def _laid_out(sheet: Sheet, reference: Reference) -> Grid:
    grid = Grid(sheet.name, sheet.hidden, hidden_columns=set(sheet.hidden_columns), merged=sheet.merged)
    fonts = {(typed.row, typed.column): typed.runs for typed in sheet.fonts}
    doubtful = []
    known: dict[str, tuple[str, str]] = {}
    for row in sheet.rows:
        cells = grid.rows.setdefault(row.number, {})
        if row.hidden:
            grid.hidden_rows.add(row.number)
        cells.update(zip(row.columns, row.values, strict=True))
        if _SPECIAL.search(row.kinds):
            cells.update(
                (column, _plain(kind, cells[column]))
                for column, kind in zip(row.columns, row.kinds, strict=True)
            )
        for column, text in cells.items():
            if type(text) is not str:
                continue
            if len(text) > _LONG_TEXT or not text.isascii():
                cells[column] = text = _narrowed(_shortened(text), grid, (row.number, column))
            runs = fonts.get((row.number, column)) if fonts else None
            if runs or not (text.isascii() or (max(text) > "\xff" and is_normalized("NFC", text))):
                text = _decoded(text, runs, known, reference, grid, (row.number, column))
                if text is cells[column] and not runs and max(text) <= "\xff":
                    doubtful.append((row.number, column))
                cells[column] = text
    _settle_doubtful(grid, doubtful, reference, has_fonts=bool(fonts))
    return grid


def _narrowed(text: str, grid: Grid, place: tuple[int, int]) -> str:
    """Without letters and figures of an East Asian keyboard, as wide as they are high: ０１４ is 014."""
    if not _WIDE_LETTERS.search(text):
        return text
    grid.repairs[place] = Repair(text, "full_width")
    return text.translate(_NARROW)


def _shortened(text: str) -> str:
    """No cell of a list is this long; a hostile one must not cost minutes."""
    if len(text) <= _LONG_TEXT:
        return text
    lines = (" ".join(line.split()) for line in text[:_LONGEST_TEXT].split("\n"))
    return "\n".join(filter(None, lines))


def _plain(kind: str, value: Cell) -> Cell:
    if kind == Kind.DATE:
        return Day(value)
    return Fault(value) if kind in (Kind.ERROR, Kind.FORMULA) else value


def _decoded(
    text: str,
    runs: list[tuple[str, str]] | None,
    known: dict[str, tuple[str, str]],
    reference: Reference,
    grid: Grid,
    place: tuple[int, int],
) -> str:
    """The text in Unicode; a font decides where there is one, else the letters do."""
    if runs:
        readings = [read_legacy(part, font, reference.tcvn3, reference.vni) for part, font in runs]
        decoded = _shortened("".join(reading.text for reading in readings))
        how = next((reading.encoding for reading in readings if reading.encoding != "unicode"), "unicode")
    elif text in known:
        decoded, how = known[text]
    else:
        reading = read_legacy(text, None, reference.tcvn3, reference.vni)
        decoded, how = known[text] = (reading.text, reading.encoding)
    if how == "unicode" and decoded == text:
        composed = normalize("NFC", text)
        if composed != text:
            grid.repairs[place] = Repair(text, "decomposed")
        return composed
    grid.repairs[place] = Repair(text, "tcvn3" if how == "unicode" else how)
    return decoded


def _settle_doubtful(
    grid: Grid, doubtful: list[tuple[int, int]], reference: Reference, *, has_fonts: bool
) -> None:
    """Cells that read either way go with their column, when its tellable cells were typed one way.

    Where fonts are told, cells in other fonts are Unicode.
    `Vâ Thanh` is Võ Thanh among neighbours in TCVN3 and stays Vâ Thanh among Unicode.
    """
    ways = _ways_of_columns(grid) if doubtful and grid.repairs and not has_fonts else {}
    for row, column in doubtful:
        text, way = str(grid.rows[row][column]), ways.get(column)
        if way == "tcvn3":
            decoded = decode_tcvn3(text, reference.tcvn3)
        elif way == "vni":
            decoded = decode_vni(text, reference.vni)
        else:
            continue
        if decoded != text:
            grid.repairs[row, column] = Repair(text, way)
            grid.rows[row][column] = decoded


def _ways_of_columns(grid: Grid) -> dict[int, str]:
    """How each column's text was typed, where nineteen of twenty tellable cells agree."""
    votes: dict[int, Counter[str]] = {}
    for (_, column), repair in grid.repairs.items():
        if repair.kind in ("tcvn3", "vni"):
            votes.setdefault(column, Counter())[repair.kind] += 1
    for row, cells in grid.rows.items():
        for column in votes.keys() & cells.keys():
            cell = cells[column]
            if isinstance(cell, str) and (row, column) not in grid.repairs and max(cell, default="") > "\xff":
                votes[column]["unicode"] += 1
    best = {column: count.most_common(1)[0] for column, count in votes.items()}
    return {column: way for column, (way, times) in best.items() if times * 20 >= votes[column].total() * 19}


class _Calculation:
    """Values for the formulas of one sheet whose values nobody stored."""

    _DEPTH_MAX = 30

    def __init__(self, sheet: Sheet, grid: Grid, by_name: dict[str, Grid]) -> None:
        self._grid, self._by_name = grid, by_name
        self._formulas = dict(_formulas_of(sheet))
        self._depth = self._lookups = 0

    def run(self) -> None:
        """Put values where formulas stood; what has none stays a Fault."""
        for place in list(self._formulas):
            self._settle(place)

    def _settle(self, place: tuple[int, int]) -> None:
        formula = self._formulas.pop(place, None)
        if formula is None or self._depth > self._DEPTH_MAX:
            return
        self._depth += 1
        value = evaluate(formula, self._value)
        self._depth -= 1
        row, column = place
        if value is None:
            self._grid.rows[row][column] = Fault(formula)
            return
        if value == "":
            del self._grid.rows[row][column]
            if not self._grid.rows[row]:
                del self._grid.rows[row]
            return
        self._grid.rows[row][column] = value
        self._grid.repairs[place] = Repair(formula, "formula")

    def _value(self, sheet: str, row: int, column: int) -> Scalar | None:
        grid = self._by_name.get(sheet.casefold()) if sheet else self._grid
        self._lookups += 1
        if grid is None or self._lookups > _LOOKUPS_MAX:
            raise NoValueError
        if grid is self._grid:
            self._settle((row, column))
        value = grid.rows.get(row, {}).get(column)
        if isinstance(value, Fault):
            raise NoValueError  # a formula on a broken cell has no value either
        return value


def _formulas_of(sheet: Sheet) -> Iterator[tuple[tuple[int, int], str]]:
    for row in sheet.rows:
        if Kind.FORMULA in row.kinds:
            for column, kind, value in zip(row.columns, row.kinds, row.values, strict=True):
                if kind == Kind.FORMULA:
                    formula = str(value)
                    yield (row.number, column), formula if formula.startswith("of:") else f"={formula}"
