"""What each column of a table holds, from its heading and its contents together.

A heading alone misleads (CMND above twelve-digit numbers, Đối tượng above names), contents
alone too; each meaning is scored by both, then the columns are named so that the best
scores win and no meaning stands twice. What only neighbours can settle comes last.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from app.sheets.contents import Contents, Like
from app.sheets.grid import Cell, Grid
from app.sheets.tables import Column, Table
from app.sheets.vocabulary import Heading, Meaning, Vocabulary, spelled

_M, _L = Meaning, Like
_NUMBERS = {_L.DIGITS, _L.ACCOUNT, _L.PHONE, _L.IDENTITY, _L.OLD_IDENTITY}
_EXPECTED: dict[Meaning, set[Like]] = {
    _M.ORDINAL: {_L.ORDINAL, _L.SMALL},
    _M.NAME: {_L.NAME, _L.WORD},
    _M.FAMILY_NAME: {_L.NAME, _L.WORD},
    _M.GIVEN_NAME: {_L.NAME, _L.WORD},
    _M.OTHER_NAME: {_L.NAME, _L.WORD},
    _M.BIRTH: {_L.DATE, _L.YEAR, _L.SERIAL},
    _M.BIRTH_MALE: {_L.DATE, _L.YEAR, _L.SERIAL, _L.MARK},
    _M.BIRTH_FEMALE: {_L.DATE, _L.YEAR, _L.SERIAL, _L.MARK},
    _M.BIRTH_DAY: {_L.SMALL},
    _M.BIRTH_MONTH: {_L.SMALL},
    _M.BIRTH_YEAR: {_L.YEAR},
    _M.AGE: {_L.ORDINAL},
    _M.SEX: {_L.SEX, _L.MARK},
    _M.PERSONAL_ID: {_L.IDENTITY, _L.OLD_IDENTITY},
    _M.OLD_ID: {_L.OLD_IDENTITY, _L.IDENTITY},
    _M.ID_ISSUED: {_L.DATE, _L.YEAR},
    _M.PHONE: {_L.PHONE},
    _M.HAMLET: {_L.HAMLET, _L.NAME, _L.WORD, _L.SMALL, _L.TEXT},
    _M.ADDRESS: {_L.HAMLET, _L.NAME, _L.WORD, _L.TEXT},
    _M.ETHNICITY: {_L.ETHNICITY, _L.WORD},
    _M.GROUP: {_L.GROUP, _L.SMALL},
    _M.COEFFICIENT: {_L.COEFFICIENT},
    _M.STANDARD: {_L.AMOUNT},
    _M.AMOUNT: {_L.AMOUNT, _L.HUNDREDS},
    _M.ARREARS: {_L.AMOUNT, _L.HUNDREDS},
    _M.TOTAL: {_L.AMOUNT, _L.HUNDREDS},
    _M.MONTHS: {_L.SMALL},
    _M.ACCOUNT: _NUMBERS,
    _M.PROVIDER: {_L.PROVIDER},
    _M.HOLDER: {_L.NAME, _L.WORD},
    _M.PAYEE_NAME: {_L.NAME, _L.WORD},
    _M.PAYEE_ID: {_L.IDENTITY, _L.OLD_IDENTITY},
    _M.PAYEE_PHONE: {_L.PHONE},
    _M.HOUSEHOLD_HEAD: {_L.NAME, _L.WORD},
    _M.RELATION: {_L.RELATION, _L.WORD, _L.TEXT},
    _M.DECIDED: {_L.DATE, _L.YEAR},
    _M.SINCE: {_L.DATE, _L.YEAR, _L.TEXT},
    _M.UNTIL: {_L.DATE, _L.YEAR, _L.TEXT},
}
# What contents tell without a heading, the surer the higher.
_BY_CONTENT: dict[Meaning, tuple[Like, float]] = {
    _M.PERSONAL_ID: (_L.IDENTITY, 0.75),
    _M.SEX: (_L.SEX, 0.7),
    _M.ACCOUNT: (_L.ACCOUNT, 0.72),
    _M.PHONE: (_L.PHONE, 0.7),
    _M.BIRTH: (_L.DATE, 0.66),
    _M.GROUP: (_L.GROUP, 0.68),
    _M.PROVIDER: (_L.PROVIDER, 0.66),
    _M.HAMLET: (_L.HAMLET, 0.66),
    _M.ETHNICITY: (_L.ETHNICITY, 0.64),
    _M.NAME: (_L.NAME, 0.62),
    _M.AMOUNT: (_L.AMOUNT, 0.62),
    _M.OLD_ID: (_L.OLD_IDENTITY, 0.5),
    _M.COEFFICIENT: (_L.COEFFICIENT, 0.56),
    _M.ORDINAL: (_L.ORDINAL, 0.45),
}
# Where almost any text is possible, what speaks for the meaning more than text does.
_SURE = {
    _M.ACCOUNT: _L.ACCOUNT,
    _M.PERSONAL_ID: _L.IDENTITY,
    _M.GROUP: _L.GROUP,
    _M.HAMLET: _L.HAMLET,
    _M.ADDRESS: _L.HAMLET,
}
_REPEATABLE = {_M.GROUP_MARK, _M.ACCOUNT, _M.NOTE, _M.OTHER, _M.UNKNOWN, _M.BLANK, _M.SIGNATURE, _M.ARREARS}
_SECOND = {_M.ADDRESS: _M.CURRENT_ADDRESS, _M.HAMLET: _M.ADDRESS}
_HEADING_COUNTS_FROM = 0.6
_FITTING = 0.4  # what contents add to a heading they fit
_SAMPLE_ROWS = 240
_RECOGNISED = 0.72
_BIRTHS = {_M.BIRTH, _M.BIRTH_MALE, _M.BIRTH_FEMALE, _M.BIRTH_DAY, _M.BIRTH_MONTH, _M.BIRTH_YEAR}
_MARKS_ONLY = 0.8


@dataclass
class _Contents:
    """What the sampled cells of one column could be."""

    cells: int
    likes: Counter[Like]
    texts: Counter[str]

    def share(self, likes: set[Like], counted: Counter[Like]) -> float:
        """The part of the cells that could be one of `likes`; an upper bound for several."""
        return min(1.0, sum(counted[like] for like in likes) / self.cells) if self.cells else 0.0


class _Naming:
    """One table's columns while they get their meanings."""

    def __init__(self, grid: Grid, table: Table, vocabulary: Vocabulary, contents: Contents) -> None:
        self._grid, self._table = grid, table
        self._vocabulary, self._told = vocabulary, contents
        self.rows = self._sample()
        self.contents = [self._sampled(column) for column in table.columns]
        self.meanings = [Meaning.UNKNOWN] * len(table.columns)
        headings = [vocabulary.heading(column.parts).best for column in table.columns]
        self._says_births = any(score >= _RECOGNISED and said in _BIRTHS for said, score in headings)

    def _sample(self) -> list[dict[int, Cell]]:
        """Rows that are likely people's, from all over the table."""
        table, columns = self._table, range(self._table.left, self._table.right + 1)
        wanted = min(3, max(1, len(columns) - 1))
        full = [
            cells
            for number, cells in self._grid.rows.items()
            if table.body <= number <= table.bottom
            and len(cells) >= wanted
            and sum(column in columns for column in cells) >= wanted
        ]
        step = max(1, len(full) // _SAMPLE_ROWS)
        return full[::step]

    def _sampled(self, column: Column) -> _Contents:
        cells = [row[column.index] for row in self.rows if column.index in row]
        likes = Counter(like for cell in cells for like in self._told.of(cell))
        return _Contents(len(cells), likes, Counter(str(cell) for cell in cells))

    def run(self) -> tuple[Meaning, ...]:
        """Name the columns."""
        ranked = sorted(
            (
                (-score, at, meaning)
                for at in range(len(self.meanings))
                for meaning, score in self._scores(at).items()
            ),
            key=lambda item: (item[0], item[1], item[2].value),
        )
        taken: set[Meaning] = set()
        named: set[int] = set()
        for score, at, meaning in ranked:
            if at in named or -score < 0.4:
                continue
            if meaning in taken:
                second = _SECOND.get(meaning)
                if second is None or second in taken:
                    continue
                meaning = second
            self.meanings[at] = meaning
            named.add(at)
            if meaning not in _REPEATABLE:
                taken.add(meaning)
        self._name_the_rest(named)
        for settle in _SETTLEMENTS:
            settle(self)
        return tuple(self.meanings)

    def _scores(self, at: int) -> dict[Meaning, float]:
        column, held = self._table.columns[at], self.contents[at]
        scores: dict[Meaning, float] = {}
        heading = self._vocabulary.heading(column.parts)
        for meaning, score in heading.scores:
            if score >= _HEADING_COUNTS_FROM:
                scores[meaning] = self._by_both(meaning, score, held)
        if self._is_said(heading, held):
            return scores
        for meaning, (like, weight) in _BY_CONTENT.items():
            share = held.share({like}, held.likes)
            if held.cells >= 2 and share >= 0.7 and self._is_told(meaning, held):
                scores[meaning] = max(scores.get(meaning, 0.0), weight * share)
        return scores

    def _by_both(self, meaning: Meaning, score: float, held: _Contents) -> float:
        expected = _EXPECTED.get(meaning)
        if not held.cells:
            return score
        if expected is None:
            return score + _FITTING  # anything can stand there
        share = held.share(expected, held.likes)
        doubt = 0.6 if share < 0.25 and held.cells >= 4 else 0.3 if share < 0.25 else 0.0
        sure = held.share({_SURE[meaning]}, held.likes) if meaning in _SURE else 0.0
        return score + _FITTING * share + 0.2 * sure - doubt

    def _is_said(self, heading: Heading, held: _Contents) -> bool:
        """Whether the heading is known and the contents are what it says: they name nothing else then."""
        meaning, score = heading.best
        expected = _EXPECTED.get(meaning)
        return score >= _RECOGNISED and expected is not None and held.share(expected, held.likes) >= 0.5

    def _is_told(self, meaning: Meaning, held: _Contents) -> bool:
        """Names are many and differ; ordinals too; sexes are words and few; a day may be any day."""
        if meaning is _M.BIRTH:
            return not self._says_births
        if meaning is _M.NAME:
            return len(held.texts) > held.cells * 0.6 and not held.likes[_L.HAMLET] * 2 > held.cells
        if meaning is _M.ORDINAL:
            return len(held.texts) > held.cells * 0.9
        if meaning is _M.SEX:
            return held.likes[_L.MARK] * 2 < held.cells
        return True

    def _name_the_rest(self, named: set[int]) -> None:
        for at, (column, held) in enumerate(zip(self._table.columns, self.contents, strict=True)):
            if at in named:
                continue
            meaning, score = self._vocabulary.heading(column.parts).best
            if not held.cells:
                self.meanings[at] = _M.BLANK
            elif score >= _RECOGNISED and meaning in self.meanings:
                self.meanings[at] = _M.OTHER  # a second of a kind: kept beside the person's facts

    def at(self, meaning: Meaning) -> int | None:
        """Which column has this meaning."""
        return self.meanings.index(meaning) if meaning in self.meanings else None

    def rename(self, old: Meaning, new: Meaning) -> None:
        """Give the column with meaning `old`, if there is one, the meaning `new`."""
        at = self.at(old)
        if at is not None:
            self.meanings[at] = new

    def parts(self, at: int) -> tuple[str, ...]:
        """The heading of a column."""
        return self._table.columns[at].parts

    def group_said(self, at: int) -> str | None:
        """The group that the heading of a column names, if it does."""
        return group_of_heading(self._table.columns[at], self._told)

    def pairs(self, first: int, second: int) -> list[tuple[str, str]]:
        """The texts of two columns where a sampled row has both."""
        left, right = self._table.columns[first].index, self._table.columns[second].index
        return [(str(row[left]), str(row[right])) for row in self.rows if left in row and right in row]


def _settle_names(naming: _Naming) -> None:
    """A name may stand in two columns; the only name column is the person's, whatever it is called."""
    name, given = naming.at(_M.NAME), naming.at(_M.GIVEN_NAME)
    if name is None and (naming.at(_M.FAMILY_NAME) is None or given is None):
        for other in (_M.FAMILY_NAME, _M.GIVEN_NAME, _M.HOUSEHOLD_HEAD, _M.PAYEE_NAME, _M.HOLDER):
            if naming.at(other) is not None:
                naming.rename(other, _M.NAME)
                break
        return
    if name is None:
        return
    if given is not None and given == name - 1 and naming.parts(given) == naming.parts(name):
        name, given = given, name  # one heading over both: what stands left is the family's
        naming.meanings[name] = _M.NAME
    given = _given_beside(naming, name) if given is None else given
    if given is not None and naming.at(_M.FAMILY_NAME) is None:
        both = naming.pairs(name, given)
        is_repeated = sum(whole.split()[-1:] == [last.strip()] for whole, last in both) * 2 > len(both)
        naming.meanings[given] = _M.OTHER if is_repeated else _M.GIVEN_NAME
        if not is_repeated:
            naming.meanings[name] = _M.FAMILY_NAME
    elif given is not None:
        naming.meanings[name] = _M.OTHER


def _given_beside(naming: _Naming, name: int) -> int | None:
    """The column right of the names that has single words under no heading of its own."""
    if name + 1 == len(naming.meanings):
        return None
    held = naming.contents[name + 1]
    is_open = not naming.parts(name + 1) or naming.parts(name + 1) == naming.parts(name)
    return name + 1 if is_open and held.cells and held.likes[_L.WORD] > held.cells * 0.7 else None


def _settle_birth_parts(naming: _Naming) -> None:
    """Day, month and year in three columns: told by headings below one, or by one over three."""
    birth = naming.at(_M.BIRTH)
    if birth is not None and birth + 2 < len(naming.meanings):
        heads = {naming.parts(at) for at in (birth, birth + 1, birth + 2)} - {()}
        parts = (_L.SMALL, _L.SMALL, _L.YEAR)
        held = [naming.contents[birth + step] for step in range(3)]
        if len(heads) == 1 and all(
            column.cells and column.likes[like] > column.cells * 0.7
            for column, like in zip(held, parts, strict=True)
        ):
            naming.meanings[birth : birth + 3] = [_M.BIRTH_DAY, _M.BIRTH_MONTH, _M.BIRTH_YEAR]
            return
    age = naming.at(_M.AGE)
    if birth is None and age is not None and naming.contents[age].likes[_L.YEAR]:
        naming.rename(_M.AGE, _M.BIRTH)  # Tuổi above years of birth
    if naming.at(_M.BIRTH_YEAR) is not None and naming.at(_M.BIRTH_MONTH) is None:
        naming.rename(_M.BIRTH_YEAR, _M.BIRTH if birth is None else _M.OTHER)
    if naming.at(_M.BIRTH_YEAR) is None:
        naming.rename(_M.BIRTH_DAY, _M.BIRTH if naming.at(_M.BIRTH) is None else _M.OTHER)
        naming.rename(_M.BIRTH_MONTH, _M.OTHER)


def _settle_sexes(naming: _Naming) -> None:
    """Under Nam and Nữ stand births or marks; a heading without marks may mean Năm."""
    for column, mark in ((_M.BIRTH_MALE, _M.MALE_MARK), (_M.BIRTH_FEMALE, _M.FEMALE_MARK)):
        at = naming.at(column)
        if at is None:
            continue
        held = naming.contents[at]
        if held.cells and held.likes[_L.MARK] >= held.cells * _MARKS_ONLY:
            naming.meanings[at] = mark
    has_female = naming.at(_M.BIRTH_FEMALE) is not None or naming.at(_M.FEMALE_MARK) is not None
    if naming.at(_M.BIRTH_MALE) is not None and not has_female and naming.at(_M.BIRTH) is None:
        naming.rename(_M.BIRTH_MALE, _M.BIRTH)


def _settle_group_marks(naming: _Naming) -> None:
    """Marks under headings that name groups: NCT80 | NKT nặng | NKT đặc biệt nặng below Đối tượng."""
    for at, held in enumerate(naming.contents):
        is_marked = held.cells and held.likes[_L.MARK] >= held.cells * _MARKS_ONLY
        if (is_marked or not held.cells) and naming.group_said(at):
            naming.meanings[at] = _M.GROUP_MARK


def _settle_numbers(naming: _Naming) -> None:
    """What stands alone takes the plain meaning: CMND alone is the identity number, Tổng the amount."""
    if naming.at(_M.PERSONAL_ID) is None:
        naming.rename(_M.OLD_ID, _M.PERSONAL_ID)
    if naming.at(_M.AMOUNT) is None:
        naming.rename(_M.TOTAL, _M.AMOUNT)
    if naming.at(_M.AMOUNT) is None and naming.at(_M.COEFFICIENT) is None:
        naming.rename(_M.STANDARD, _M.AMOUNT)
    if naming.at(_M.BIRTH) is not None:
        for spare in (_M.BIRTH_MALE, _M.BIRTH_FEMALE):
            naming.rename(spare, _M.OTHER)


def _settle_accounts(naming: _Naming) -> None:
    """A column said to tell the bank that holds numbers too is the account's."""
    at = naming.at(_M.PROVIDER)
    if at is not None and naming.at(_M.ACCOUNT) is None:
        held = naming.contents[at]
        if held.share(_NUMBERS, held.likes) > 0.5:
            naming.meanings[at] = _M.ACCOUNT


def _settle_places(naming: _Naming) -> None:
    """A lone second address is the first."""
    if naming.at(_M.ADDRESS) is None and naming.at(_M.HAMLET) is None:
        naming.rename(_M.CURRENT_ADDRESS, _M.ADDRESS)


def _settle_months(naming: _Naming) -> None:
    """Of several months side by side the newest that is filled tells what she gets."""
    amount = naming.at(_M.AMOUNT)
    if amount is None or _month_of(naming.parts(amount)) is None:
        return
    months = {}
    for at, held in enumerate(naming.contents):
        month = _month_of(naming.parts(at))
        if month and naming.meanings[at] in (_M.AMOUNT, _M.OTHER) and held.likes[_L.AMOUNT] > held.cells / 2:
            months[at] = month
    newest = max(months, key=lambda at: months[at], default=amount)
    naming.meanings[amount], naming.meanings[newest] = _M.OTHER, _M.AMOUNT


def _month_of(parts: tuple[str, ...]) -> tuple[int, int] | None:
    """Year (0 unless said) and month that a heading of money names: `Tháng 11/2026 – Số tiền`."""
    found = _MONTH.search(spelled(" ".join(parts)))
    return (int(found[2] or 0), int(found[1])) if found and not _OWED.search(spelled(parts[-1])) else None


_MONTH = re.compile(r"\b(?:tháng|thg)[ /]?([0-9]{1,2})(?:[ /.-]+(?:năm )?(20[0-9]{2}))?\b")
_OWED = re.compile(r"truy|chưa|nợ")
_SETTLEMENTS = (
    _settle_names,
    _settle_birth_parts,
    _settle_sexes,
    _settle_group_marks,
    _settle_numbers,
    _settle_months,
    _settle_accounts,
    _settle_places,
)


def group_of_heading(column: Column, contents: Contents) -> str | None:
    """The group's words in a heading: the last part's, or all parts' together (Mức độ khuyết tật: Nặng)."""
    said = [*column.parts[-1:], " ".join(column.parts)]
    return next((words for words in said if contents.group_of(words)), None)


def name_columns(grid: Grid, table: Table, vocabulary: Vocabulary, contents: Contents) -> tuple[Meaning, ...]:
    """The meaning of each column of the table, from left to right."""
    return _Naming(grid, table, vocabulary, contents).run()
