"""Where the tables of a sheet are: headings of one to several rows, side by side or below each other."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from itertools import pairwise

from app.sheets.contents import Contents, Like, unlabelled
from app.sheets.grid import Cell, Day, Fault, Grid, Row
from app.sheets.vocabulary import Meaning, Vocabulary, spelled

_RECOGNISED = 0.72
_COMPLETE = 0.98
_HEADING_LENGTH_MAX = 90
_HEADING_ROWS_MAX = 4
_SPANNED_MAX = 12
_LOOKED_AT = 40
_COLUMN_NUMBER = re.compile(
    r"[\[(]?\s*([0-9]{1,2}|[A-Za-zĐđ])\s*[\])]?(\s*[=+x*×].*)?|[\[(]?[0-9]{1,2}\s*=.*"
)
_DIGIT = re.compile("[0-9]")
_DATA = re.compile(r"[0-9]{5}|[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]|[0-9]{3}[. ][0-9]{3}")


@dataclass(frozen=True)
class Column:
    """A column of a table and its heading, from top to bottom."""

    index: int
    parts: tuple[str, ...]

    @property
    def heading(self) -> str:
        """The heading on one line."""
        return " – ".join(" ".join(part.split()) for part in self.parts)


@dataclass(frozen=True)
class Table:
    """A table: its heading rows, the rows of its body, its columns from left to right."""

    top: int
    body: int
    bottom: int
    columns: tuple[Column, ...]

    @property
    def left(self) -> int:
        """The first column."""
        return self.columns[0].index

    @property
    def right(self) -> int:
        """The last column."""
        return self.columns[-1].index

    @property
    def fingerprint(self) -> str:
        """What is the same for every table laid out like this: 16 hexadecimal digits of its headings."""
        said = "\n".join(" ".join(map(spelled, column.parts)) for column in self.columns)
        return hashlib.sha256(said.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class _Block:
    """Rows of headings that belong together."""

    top: int
    bottom: int


def find_tables(grid: Grid, vocabulary: Vocabulary, contents: Contents) -> list[Table]:
    """Every table of the sheet, from top to bottom and left to right."""
    finder = _Finder(grid, vocabulary, contents)
    blocks = finder.blocks()
    found: list[tuple[_Block, list[Column]]] = []
    for block in blocks:
        found += [(block, columns) for columns in finder.split(block)]
    tables = []
    for block, columns in found:
        below = [
            other.top
            for other, theirs in found
            if other.top > block.bottom
            and theirs[0].index <= columns[-1].index
            and columns[0].index <= theirs[-1].index
        ]
        bottom = min(below, default=grid.last_row + 1) - 1
        beside = [theirs for other, theirs in found if other == block]
        rights = (theirs[-1].index + 1 for theirs in beside if theirs[-1].index < columns[0].index)
        lefts = (theirs[0].index for theirs in beside if theirs[0].index > columns[-1].index)
        room = range(max(rights, default=0), min(lefts, default=256))
        columns = finder.with_unheaded(columns, block.bottom + 1, bottom, room)
        if bottom > block.bottom:
            tables.append(Table(block.top, block.bottom + 1, bottom, tuple(columns)))
    return tables or finder.headless()


class _Finder:
    def __init__(self, grid: Grid, vocabulary: Vocabulary, contents: Contents) -> None:
        self._grid, self._vocabulary, self._contents = grid, vocabulary, contents

    def blocks(self) -> list[_Block]:
        """Blocks of heading rows; rows of column numbers below belong to them."""
        blocks: list[_Block] = []
        for number in sorted(self._grid.rows):
            if blocks and number <= blocks[-1].bottom:
                continue
            if self._is_heading_row(number):
                floor = blocks[-1].bottom if blocks else 0
                blocks.append(self._grown(number, floor))
        return blocks

    def _is_heading_row(self, number: int) -> bool:
        cells = self._grid.rows[number]
        if len(cells) < 2 or any(not _may_head(cell) for cell in cells.values()):
            return False
        meanings = [self._meaning((str(cell),)) for cell in cells.values()]
        known = [meaning for meaning in meanings if meaning is not Meaning.UNKNOWN]
        distinct = set(known)
        if len(distinct) >= 3:
            return len(known) * 2 >= len(meanings)
        named = {Meaning.NAME, Meaning.FAMILY_NAME, Meaning.GIVEN_NAME} & distinct
        return len(distinct) == 2 and bool(named) and len(known) == len(meanings)

    def _meaning(self, parts: tuple[str, ...]) -> Meaning:
        if sum(map(len, parts)) > _HEADING_LENGTH_MAX:
            return Meaning.UNKNOWN
        meaning, score = self._vocabulary.heading(parts).best
        return meaning if score >= _RECOGNISED else Meaning.UNKNOWN

    def _grown(self, number: int, floor: int) -> _Block:
        top = bottom = number
        while bottom - top < _HEADING_ROWS_MAX and self._continues(top, bottom, bottom + 1):
            bottom += 1
        while top - 1 > floor and number - top < 2 and self._is_above(top, bottom):
            top -= 1
        while self._is_numbering(bottom + 1):
            bottom += 1
        return _Block(top, bottom)

    def _continues(self, top: int, bottom: int, number: int) -> bool:
        """Whether row `number` still belongs to the headings above it."""
        cells = self._grid.rows.get(number)
        if cells is None or self._is_numbering(number):
            return False
        if self._is_spanned(top, cells, number):
            return True
        if not all(_may_head(cell) and not self._is_said_of_rows(str(cell)) for cell in cells.values()):
            return False
        for area in self._grid.areas_in(number):
            if top <= area.top <= bottom and area.right - area.left <= 2 and area.top < number:
                return True
        known = sum(
            self._meaning((str(cell),)) is not Meaning.UNKNOWN
            or self._completes(self._above(top, bottom, column), str(cell))
            for column, cell in cells.items()
        )
        return known * 2 > len(cells)

    def _is_spanned(self, top: int, cells: Row, number: int) -> bool:
        """Whether every word stands below a heading merged over it and its neighbours, whatever it says."""
        spans = [
            area
            for area in self._grid.areas_in(number - 1)
            if area.bottom == number - 1 and area.top >= top and 1 <= area.right - area.left < _SPANNED_MAX
        ]
        return len(cells) >= 2 and all(
            type(cell) is str and any(area.left <= column <= area.right for area in spans)
            for column, cell in cells.items()
        )

    def _completes(self, above: str, text: str) -> bool:
        """Whether the text makes a known heading of the one above it: Tài khoản, Số."""
        return self._vocabulary.heading((above, text)).best[1] >= _COMPLETE

    def _above(self, top: int, bottom: int, column: int) -> str:
        for number in range(bottom, top - 1, -1):
            for left in range(column, -1, -1):
                text = self._grid.rows.get(number, {}).get(left)
                if text is not None:
                    return str(text)
        return ""

    def _is_above(self, top: int, bottom: int) -> bool:
        """Whether the row over the headings groups some of them, rather than being a title."""
        cells = self._grid.rows.get(top - 1)
        if not cells or not all(_may_head(cell) for cell in cells.values()):
            return False
        if any(self._is_title(str(cell)) for cell in cells.values()):
            return False
        columns = [c for row in range(top, bottom + 1) for c in self._grid.rows.get(row, ())]
        width = max(columns) - min(columns) + 1
        spans = [area.right - area.left + 1 for area in self._grid.areas_in(top - 1)]
        if any(span > width * 0.7 for span in spans) and len(cells) == 1:
            return False
        if any(1 < span <= width * 0.7 for span in spans):
            return True
        return len(cells) >= 2 and any(
            self._meaning((str(cell),)) is not Meaning.UNKNOWN for cell in cells.values()
        )

    def _is_title(self, text: str) -> bool:
        """A line of a letterhead, or what heads rows, not columns."""
        if self._heads_exactly(text):
            return False
        return bool(self._vocabulary.habits["titles"].begin(text)) or self._is_said_of_rows(text)

    def _is_said_of_rows(self, text: str) -> bool:
        """The name of a hamlet or a group: `A. Thôn 1`."""
        if self._heads_exactly(text):
            return False
        plain = unlabelled(text)
        return bool(self._vocabulary.habits["hamlets"].begin(plain)) or bool(self._contents.group_of(plain))

    def _heads_exactly(self, text: str) -> bool:
        meaning, score = self._vocabulary.heading((text,)).best
        return meaning is not Meaning.UNKNOWN and score >= _COMPLETE

    def _is_numbering(self, number: int) -> bool:
        """Whether a row numbers the columns: (1) (2) (3), or A B 1 2 3=1x2."""
        cells = self._grid.rows.get(number)
        if not cells or len(cells) < 3:
            return False
        texts = [str(cell).strip() for cell in cells.values()]
        if not all(_COLUMN_NUMBER.fullmatch(text) for text in texts):
            return False
        numbers = [int(found[0]) for text in texts if (found := re.findall("[0-9]{1,2}", text))]
        return len(numbers) >= 2 and all(a < b for a, b in pairwise(numbers))

    def split(self, block: _Block) -> list[list[Column]]:
        """The block's columns, one list for each of the tables side by side."""
        used = sorted({c for row in self._heading_rows(block) for c in self._grid.rows.get(row, ())})
        used += [
            area.right
            for row in self._heading_rows(block)
            for area in self._grid.areas_in(row)
            if area.top >= block.top and area.right - area.left < 12
        ]
        columns = [Column(c, self._parts(block, c)) for c in range(min(used), max(used) + 1)]
        meanings = [self._meaning(column.parts) for column in columns]
        starts = [at for at, meaning in enumerate(meanings) if meaning is Meaning.ORDINAL]
        if len(starts) < 2:
            starts = self._starts_by_name(columns, meanings, block.bottom)
        if len(starts) < 2:
            return [columns]
        ends = [*starts[1:], len(columns)]
        return [
            _trimmed(columns[start:end])
            for start, end in zip([0 if starts[0] == 0 else starts[0], *starts[1:]], ends, strict=True)
        ]

    def _starts_by_name(self, columns: list[Column], meanings: list[Meaning], bottom: int) -> list[int]:
        names = [at for at, meaning in enumerate(meanings) if meaning is Meaning.NAME]
        if len(names) < 2 or columns[names[0]].parts == columns[names[1]].parts == ():
            return []
        below = [self._grid.rows[row] for row in self._grid.numbers(bottom + 1, bottom + _LOOKED_AT)]
        gaps = [
            at
            for at, column in enumerate(columns)
            if not column.parts and not any(column.index in cells for cells in below)
        ]
        starts: list[int] = [0]
        for name in names[1:]:
            gap = max((at for at in gaps if at < name), default=-1)
            if gap <= starts[-1]:
                return []
            starts.append(gap + 1)
        return starts

    def _heading_rows(self, block: _Block) -> list[int]:
        return [row for row in range(block.top, block.bottom + 1) if not self._is_numbering(row)]

    def _parts(self, block: _Block, column: int) -> tuple[str, ...]:
        """The heading of a column from top to bottom; a merged or open cell above counts for all below it."""
        parts: list[str] = []
        rows = self._heading_rows(block)
        for at, row in enumerate(rows):
            cells = self._grid.rows.get(row, {})
            text = cells.get(column)
            if text is None:
                text = self._grid.merged_value(row, column)
            if text is None and not self._grid.areas_in(row) and self._has_below(rows[at + 1 :], column):
                text = self._open_parent(row, rows[at + 1 :], column)
            if text is not None and str(text) not in parts:
                parts.append(str(text))
        return tuple(parts)

    def _has_below(self, rows: list[int], column: int) -> bool:
        return any(column in self._grid.rows.get(row, {}) for row in rows)

    def _open_parent(self, row: int, below: list[int], column: int) -> Cell | None:
        """The heading to the left that spans this column too, when merges are not told (separated text)."""
        for left in range(column - 1, -1, -1):
            text = self._grid.rows.get(row, {}).get(left)
            if text is not None:
                return text if self._has_below(below, left) else None
        return None

    def with_unheaded(self, columns: list[Column], body: int, bottom: int, room: range) -> list[Column]:
        """The columns, and those beside them within `room` that have content but no heading."""
        used = {
            column
            for number in self._grid.numbers(body, bottom)
            for column in self._grid.rows[number]
            if column in room
        }
        first, last = columns[0].index, columns[-1].index
        left, right = min(used, default=first), max(used, default=last)
        before = [Column(column, ()) for column in range(left, first)]
        return before + columns + [Column(column, ()) for column in range(last + 1, right + 1)]

    def headless(self) -> list[Table]:
        """The one table of a sheet whose headings nobody knows, or that has none, if its rows are people."""
        rows = sorted(self._grid.rows)
        people = [number for number in rows if self._is_person(self._grid.rows[number])]
        if not people or (len(people) < 3 and len(people) * 2 <= len(rows)):
            return []
        used = sorted({c for number in people for c in self._grid.rows[number]})
        above = self._strange_heading(people[0], used)
        block = _Block(above or people[0], above or people[0] - 1)
        columns = tuple(
            Column(c, self._parts(block, c) if above else ()) for c in range(used[0], used[-1] + 1)
        )
        return [Table(block.top, block.bottom + 1, rows[-1], columns)]

    def _strange_heading(self, first: int, used: list[int]) -> int | None:
        """The row over the first person that heads most of the columns, though nobody knows its words."""
        for number in range(first - 1, max(first - 4, 0), -1):
            cells = self._grid.rows.get(number, {})
            heads = [column for column in used if column in cells and _may_head(cells[column])]
            if len(heads) >= 3 and len(heads) * 3 >= len(used) * 2:
                return number
        return None

    def _is_person(self, cells: dict[int, Cell]) -> bool:
        likes = [self._contents.of(cell) for cell in cells.values()]
        return any(Like.NAME in like for like in likes) and any(
            like & {Like.IDENTITY, Like.OLD_IDENTITY, Like.PHONE, Like.DATE, Like.YEAR} for like in likes
        )


def _may_head(cell: Cell) -> bool:
    """Headings are words: no days, no numbers; digits only among letters, and few: Tiền (1.000đ)."""
    if not isinstance(cell, str) or isinstance(cell, (Day, Fault)):
        return False
    if not _DIGIT.search(cell):
        return True
    return sum(map(str.isalpha, cell)) >= 4 and not _DATA.search(cell)


def _trimmed(columns: list[Column]) -> list[Column]:
    """Without the empty columns that separate tables side by side."""
    while len(columns) > 1 and not columns[-1].parts:
        columns = columns[:-1]
    return columns
