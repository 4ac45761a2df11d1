"""One row under named columns: its cells by meaning, and the notes taken while reading it."""

from __future__ import annotations

from app.domain.text import clean
from app.sheets.book import address
from app.sheets.fields import said
from app.sheets.grid import Cell, Grid
from app.sheets.proposed import Mended, Problem
from app.sheets.tables import Table
from app.sheets.vocabulary import Meaning, Phrases

_M = Meaning
_FILLED_FROM_ABOVE = {
    _M.HAMLET,
    _M.ADDRESS,
    _M.GROUP,
    _M.DEGREE,
    _M.PROVIDER,
    _M.COEFFICIENT,
    _M.AMOUNT,
    _M.ETHNICITY,
    _M.HOUSEHOLD_HEAD,
}
_DASHES = " -–—_./?"


class Located:
    """The cells of one row after another, by meaning."""

    def __init__(self, grid: Grid, table: Table, meanings: tuple[Meaning, ...], ditto: Phrases) -> None:
        self._grid, self._ditto = grid, frozenset(ditto.marked)
        pairs = zip(table.columns, meanings, strict=True)
        self._at = {meaning: column.index for column, meaning in reversed(list(pairs))}
        self._repaired = {row for row, _ in grid.repairs}
        self._letters = {column.index: address(0, column.index)[:-1] for column in table.columns}
        self._above: dict[Meaning, Cell] = {}
        self.row = 0
        self.cells: dict[int, Cell] = {}
        self.problems: list[Problem] = []
        self.mended: list[Mended] = []

    def go_to(self, row: int) -> None:
        """Begin a row; the notes of the last one are let go."""
        self.row, self.cells = row, self._grid.rows[row]
        self.problems, self.mended = [], []

    def address(self, column: int) -> str:
        """Where a cell of the row is: C14."""
        return f"{self._letters.get(column, 'A')}{self.row}"

    def has(self, meaning: Meaning) -> bool:
        """Whether the table has such a column."""
        return meaning in self._at

    def column(self, meaning: Meaning) -> int:
        """Where the column is; the first column when there is none, for notes about what is missing."""
        return self._at.get(meaning, 0)

    def cell(self, meaning: Meaning) -> Cell | None:
        """The cell of a meaning, None when blank; ditto marks and merged areas stand for what is above."""
        column = self._at.get(meaning)
        if column is None:
            return None
        cell = self.cells.get(column)
        if meaning in _FILLED_FROM_ABOVE:
            cell = self._from_above(meaning, column, cell)
        return cell

    def _from_above(self, meaning: Meaning, column: int, cell: Cell | None) -> Cell | None:
        if cell is None:
            cell = self._grid.merged_value(self.row, column)
            if cell is not None:
                self.mend(("merged_cell",), column, meaning, cell)
        elif isinstance(cell, str) and cell.strip().casefold() in self._ditto:
            cell = self._above.get(meaning)
            self.mend(("ditto",), column, meaning, cell)
        if cell is not None:
            self._above[meaning] = cell
        return cell

    def text(self, meaning: Meaning) -> str | None:
        """The cell as clean text; None when it is blank or a dash."""
        cell = self.cell(meaning) if meaning in self._at else None
        if cell is None:
            return None
        text = clean(said(cell))
        return text if text.strip(_DASHES) else None

    def filled(self, meaning: Meaning) -> Cell | None:
        """The cell, unless it is blank or a dash."""
        cell = self.cell(meaning)
        return cell if said(cell).strip(_DASHES) else None

    def doubt(self, kind: str | None, column: int, field: str) -> None:
        """Raise a problem, once a row."""
        if kind and all(problem.kind != kind for problem in self.problems):
            self.problems.append(Problem(kind, self.address(column), field))

    def mend(self, kinds: tuple[str, ...], column: int, field: str, value: object) -> None:
        """Say how the value of a field came about."""
        if kinds:
            place, typed = self.address(column), self._typed(column)
            self.mended += [Mended(place, field, typed, str(value), kind) for kind in kinds]

    def mend_repairs(self) -> None:
        """Say what had to be mended to read the row's cells at all: their fonts, their formulas."""
        if self.row in self._repaired:
            for meaning, column in self._at.items():
                repair = self._grid.repairs.get((self.row, column))
                if repair:
                    self.mend((repair.kind,), column, meaning.value, said(self.cells.get(column)))

    def _typed(self, column: int) -> str:
        repair = self._grid.repairs.get((self.row, column))
        return repair.typed if repair else said(self.cells.get(column))

    @property
    def is_hidden(self) -> bool:
        """Whether Excel does not show the row."""
        return self._grid.hidden or self.row in self._grid.hidden_rows
