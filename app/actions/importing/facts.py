"""What a review of a workbook is made of. All of it is frozen: an answer gives a new review.

Structs where there are many: ten thousand rows make a hundred thousand of these, and a collector that
walked them would hold up the window.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from msgspec import Struct

from app.actions.importing.cells import Cells
from app.sheets.proposed import Proposed, Question, Reading
from app.store.meant import Known


class Side(StrEnum):
    """Where the review shows a point."""

    ANSWER = "answer"  # the row is not written before somebody answered
    MENDED = "mended"  # written as mended, unless somebody says otherwise
    KNOW = "know"  # nothing to do


class How(StrEnum):
    """What may be answered to a point. A point offers some of them, the suggested one first."""

    ACCEPT = "accept"  # as proposed
    VALUE = "value"  # another value, typed by the officer
    TYPED = "typed"  # as it stands in the workbook
    BLANK = "blank"  # left empty; what stood there goes into the note
    FROM_ID = "from_id"  # sex or year as the personal number says
    DIED = "died"  # the remark says so: she is entered as dead
    SAME = "same"  # the person named, of the register or of a row above
    NEW = "new"  # somebody else, a new person
    KEEP = "keep"  # what the register says stays
    TAKE = "take"  # what the workbook says replaces it
    ADD = "add"  # beside what the register has: a second right
    ABOVE = "above"  # belongs to the person of the row above: into her note
    SKIP = "skip"  # the row is left out, with a reason


class Answer(Struct, frozen=True, gc=False):
    """An answer. `value`: the text typed, or that of the cell; a record or row; why it is left out."""

    how: How
    value: str = ""


Answers = Mapping[str, Mapping[str, Answer]]
"""Row key → topic → what was answered."""


class Candidate(Struct, frozen=True, gc=False):
    """Somebody a row could be: a record of the register, or (`row`) a row further up in the workbook.

    `reasons` are keys of `likeness.POINTS`.
    """

    record: str = ""
    row: str = ""
    reasons: tuple[str, ...] = ()


class Match(Struct, frozen=True, gc=False):
    """Who a row is: somebody of the register, the person of a row above, or nobody yet.

    With candidates somebody must say; `kind` is why: number_taken, could_be_known, repeated.
    """

    record: str = ""
    row: str = ""
    candidates: tuple[Candidate, ...] = ()
    kind: str = ""


class Point(Struct, frozen=True, gc=False):
    """One cell of a row, or the row itself, as the review shows it.

    `topic` is what an answer is kept under; two kinds of mending in one cell share it.
    `typed` as the cell holds it, `value` as it will be written; `masked` names the kind of number
    that a window must not show whole.
    """

    row: str
    topic: str
    side: Side
    kind: str
    field: str
    cell: str
    typed: str = ""
    value: str = ""
    masked: str = ""
    ways: tuple[How, ...] = ()
    candidates: tuple[Candidate, ...] = ()

    @property
    def key(self) -> str:
        """One of all points of a review."""
        return f"{self.row}|{self.kind}|{self.topic}|{self.field}|{self.cell}"

    @property
    def is_bulk(self) -> bool:
        """Whether all of a kind may get the suggested answer at once: not where people are told apart."""
        return bool(self.ways) and not self.candidates


class Row(Struct, frozen=True, gc=False):
    """A row that holds a person, or one nobody could place (`question`)."""

    key: str
    sheet: str
    number: int
    person: Proposed | None
    question: Question | None = None
    alike: tuple[Candidate, ...] = ()  # people of the register, the likeliest first
    repeats: tuple[Candidate, ...] = ()  # rows above


class Fate(StrEnum):
    """What becomes of a row as things stand."""

    NEW = "new"
    FILLS = "fills"  # known: some blanks are filled, some answers taken
    KNOWN = "known"  # known, and nothing to add
    ASKS = "asks"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class File:
    """Which workbook: its name and folder as chosen, and the SHA-256 of its bytes (hexadecimal)."""

    name: str
    folder: str
    digest: str


@dataclass(frozen=True)
class Import:
    """What is kept of a workbook beside its cells: answers, and what was written of it so far.

    `id` is that of its change sets, empty while nothing is written; `records`: row key → person.
    """

    file: File
    id: str = ""
    answers: Answers = field(default_factory=dict)
    records: Mapping[str, str] = field(default_factory=dict)
    people: int = 0
    open: int = 0


@dataclass(frozen=True)
class Ground:
    """What a review stands on: the workbook, what was answered, and the register beside it."""

    kept: Import
    cells: Cells
    reading: Reading
    register: Known
    rows: tuple[Row, ...]
    headings: Mapping[str, frozenset[str]]  # layout → headings of the columns that notes keep

    @cached_property
    def place(self) -> Mapping[str, int]:
        """Where a row stands in `rows`, by its key."""
        return {row.key: at for at, row in enumerate(self.rows)}

    def row(self, key: str) -> Row:
        """A row by its key."""
        return self.rows[self.place[key]]

    def answers(self, key: str) -> Mapping[str, Answer]:
        """What was answered about a row, by topic."""
        return self.kept.answers.get(key, {})


@dataclass(frozen=True)
class Review:
    """A workbook read and compared; nothing of it is written by looking."""

    ground: Ground
    columns: tuple[Point, ...]  # columns that are not written
    points: tuple[tuple[Point, ...], ...]  # of each row, in their order
    fates: tuple[Fate, ...]

    @property
    def file(self) -> File:
        """Which workbook."""
        return self.ground.kept.file

    def fate(self, key: str) -> Fate:
        """What becomes of a row."""
        return self.fates[self.ground.place[key]]

    def answer(self, point: Point) -> Answer | None:
        """What was answered to a point."""
        return self.ground.answers(point.row).get(point.topic)

    def every_point(self) -> Iterator[Point]:
        """All of them, in the order of the workbook."""
        for points in self.points:
            yield from points
        yield from self.columns

    def count(self, *fates: Fate) -> int:
        """How many rows meet one of these fates."""
        return sum(fate in fates for fate in self.fates)


@dataclass(frozen=True)
class Written:
    """What was written: new people, people added to, accounts proposed; `asked`: rows that still wait."""

    id: str
    people: int
    updated: int
    accounts: int
    asked: int
    known: int
    skipped: int
