"""A workbook → everything it says and everything it leaves open.

Rows in = people + headings + totals + questions + other + blank, sheet by sheet. Reading
again with corrected columns needs no parsing: `read_book` once, `understand` as often as
the officer corrects.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.errors import Refusal
from app.domain.progress import Progress
from app.domain.reference import Reference
from app.sheets.book import Book, address
from app.sheets.columns import name_columns
from app.sheets.contents import Contents, Like
from app.sheets.duplicates import mark_duplicates
from app.sheets.fields import said
from app.sheets.grid import Grid, Row, grids_of
from app.sheets.people import PersonReader, Tools
from app.sheets.places import Places, Surroundings
from app.sheets.proposed import Layout, LayoutColumn, Proposed, Question, Reading, RowSum
from app.sheets.rows import RowKind, Sorter
from app.sheets.tables import Table, find_tables
from app.sheets.vocabulary import Meaning, load_vocabulary

Overrides = Mapping[str, tuple[Meaning, ...]]
"""The officer's corrections: layout fingerprint → the meaning of each column, left to right."""

_SAMPLES = 5
_STEP_ROWS = 500
_COUNTED = {
    RowKind.PERSON: "people",
    RowKind.HEADING: "headings",
    RowKind.TOTAL: "totals",
    RowKind.QUESTION: "questions",
    RowKind.OTHER: "other",
}


def understand(
    book: Book,
    reference: Reference,
    today: datetime.date,
    progress: Progress,
    overrides: Overrides | None = None,
) -> Reading:
    """Read everything the book says. Pure but for `progress`, which may raise Cancelled.

    Refusal("workbook.no_table") when no row of any sheet looks like somebody: a letter, a plan, a menu.
    """
    vocabulary = load_vocabulary()
    contents = Contents(vocabulary, reference)
    tools = Tools(reference, vocabulary, contents, Places(vocabulary, contents, reference.groups), today)
    grids = grids_of(book, reference)
    found = [(grid, find_tables(grid, vocabulary, contents)) for grid in grids]
    meanings = {**_named(found, tools), **(overrides or {})}
    work = _Work(sum(len(grid.rows) for grid in grids), progress)
    parts = [_SheetReading(grid, tools, work).run(tables, meanings) for grid, tables in found]
    if not any(part.layouts or part.questions for part in parts):
        raise Refusal("workbook.no_table")
    return Reading(
        tuple(mark_duplicates(person for part in parts for person in part.people)),
        tuple(question for part in parts for question in part.questions),
        tuple(layout for part in parts for layout in part.layouts),
        tuple(part.sum() for part in parts),
    )


def _named(found: list[tuple[Grid, list[Table]]], tools: Tools) -> dict[str, tuple[Meaning, ...]]:
    """What the columns of each layout mean, told by its longest table."""
    longest: dict[str, tuple[int, Grid, Table]] = {}
    for grid, tables in found:
        for table in tables:
            size = table.bottom - table.body
            if size > longest.get(table.fingerprint, (-1,))[0]:
                longest[table.fingerprint] = (size, grid, table)
    return {
        fingerprint: name_columns(grid, table, tools.vocabulary, tools.contents)
        for fingerprint, (_, grid, table) in longest.items()
    }


class _Work:
    """Counts rows over all sheets."""

    def __init__(self, total: int, progress: Progress) -> None:
        self._total, self._progress, self._done = total, progress, 0

    def step(self) -> None:
        """One row further."""
        self._done += 1
        if self._done % _STEP_ROWS == 1:
            self._progress.step(self._done, self._total, "Reading the people")


@dataclass
class _Lane:
    """How the rows of one layout are read, from one table to its continuation on the next page."""

    title: Surroundings
    reader: PersonReader
    sorter: Sorter


class _SheetReading:
    """The rows of one sheet, table by table."""

    def __init__(self, grid: Grid, tools: Tools, work: _Work) -> None:
        self._grid, self._tools, self._work = grid, tools, work
        self.people: list[Proposed] = []
        self.questions: list[Question] = []
        self.layouts: list[Layout] = []
        self._counts: Counter[RowKind] = Counter()
        self._lanes: dict[tuple[str, int], _Lane] = {}
        self._last_people: list[tuple[Table, int]] = []

    def run(self, tables: list[Table], meanings: Overrides) -> _SheetReading:
        """Read the tables, then account for the rows outside them."""
        covered: set[int] = set()
        for table in tables:
            named = meanings[table.fingerprint]
            if len(named) != len(table.columns):
                named = (*named, *[Meaning.UNKNOWN] * len(table.columns))[: len(table.columns)]
            self._table(table, named, covered)
        for number, cells in self._grid.rows.items():
            if number not in covered:
                self._outside(number, cells)
        return self

    def sum(self) -> RowSum:
        """Where the rows went."""
        counted = {field: self._counts[kind] for kind, field in _COUNTED.items()}
        return RowSum(self._grid.name, blank=self._grid.last_row - len(self._grid.rows), **counted)

    def _table(self, table: Table, meanings: tuple[Meaning, ...], covered: set[int]) -> None:
        lane = self._lane(table, meanings)
        self._last_people.append((table, 0))
        self.layouts.append(self._layout(table, meanings))
        for number in self._grid.numbers(table.top, table.bottom):
            cells = self._grid.rows[number]
            if number < table.body:
                self._counts[RowKind.HEADING] += number not in covered
                covered.add(number)
                continue
            within = _within(cells, table)
            if within:
                covered.add(number)
                self._work.step()
                self._row(number, within, lane)

    def _row(self, number: int, cells: Row, lane: _Lane) -> None:
        verdict = lane.sorter.sort(number, cells)
        self._counts[verdict.kind] += 1
        if verdict.kind is RowKind.PERSON:
            self._last_people[-1] = (self._last_people[-1][0], number)
            self.people.append(lane.reader.read(number, lane.sorter.around))
        elif verdict.kind is RowKind.QUESTION:
            self._ask(number, cells, verdict.why)

    def _ask(self, number: int, cells: Row, why: str) -> None:
        text = " | ".join(said(cell) for _, cell in sorted(cells.items()))
        self.questions.append(Question(self._grid.name, number, why, text))

    def _outside(self, number: int, cells: Row) -> None:
        """A row no table covers: titles and letterheads, unless somebody stands in it."""
        likes = [self._tools.contents.of(cell) for cell in cells.values()]
        is_somebody = any(Like.NAME in like for like in likes) and any(
            like & {Like.IDENTITY, Like.OLD_IDENTITY} for like in likes
        )
        self._counts[RowKind.QUESTION if is_somebody else RowKind.OTHER] += 1
        if is_somebody:
            self._ask(number, cells, "outside_table")

    def _lane(self, table: Table, meanings: tuple[Meaning, ...]) -> _Lane:
        """A new lane; or the one above, when a page begins anew without a title of its own."""
        key = (table.fingerprint, table.left)
        title, tools = self._title(table), self._tools
        if key in self._lanes and title in (Surroundings(), self._lanes[key].title):
            self._lanes[key].sorter.resume()
            return self._lanes[key]
        sheet = Surroundings(tools.places.group_in(self._grid.name), tools.places.hamlet_in(self._grid.name))
        around = Surroundings(title.group or sheet.group, title.hamlet or sheet.hamlet)
        words = (tools.vocabulary, tools.contents, tools.places)
        lane = self._lanes[key] = _Lane(
            title,
            PersonReader(self._grid, table, meanings, tools),
            Sorter(self._grid, table, meanings, words, around),
        )
        return lane

    def _title(self, table: Table) -> Surroundings:
        """The group and hamlet said between the last person and the table.

        The nearest line first; on a line, what stands over this table before what stands left of it.
        """
        places = self._tools.places
        last = max((row for other, row in self._last_people if other.bottom < table.top), default=0)
        above = [
            cell
            for number in reversed(self._grid.numbers(last + 1, table.top - 1))
            for column, cell in sorted(
                self._grid.rows[number].items(), key=lambda item: (item[0] < table.left, item[0])
            )
            if isinstance(cell, str) and column <= table.right
        ]
        group = next(filter(None, map(places.group_in, above)), None)
        return Surroundings(group, next(filter(None, map(places.hamlet_in, above)), None))

    def _layout(self, table: Table, meanings: tuple[Meaning, ...]) -> Layout:
        columns = []
        for column, meaning in zip(table.columns, meanings, strict=True):
            samples: list[str] = []
            for number in self._grid.numbers(table.body, table.bottom):
                cell = self._grid.rows[number].get(column.index)
                if cell is not None and said(cell) not in samples:
                    samples.append(said(cell))
                if len(samples) == _SAMPLES:
                    break
            letter = address(0, column.index).rstrip("0")
            is_hidden = column.index in self._grid.hidden_columns
            columns.append(LayoutColumn(letter, column.heading, meaning, is_hidden, tuple(samples)))
        return Layout(table.fingerprint, self._grid.name, table.top, tuple(columns))


def _within(cells: Row, table: Table) -> Row:
    """The cells under the table's columns; a row's columns ascend."""
    if next(iter(cells)) >= table.left and next(reversed(cells)) <= table.right:
        return cells
    return {column: cell for column, cell in cells.items() if table.left <= column <= table.right}
