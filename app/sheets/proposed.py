"""What a reading of a workbook proposes: people, what was mended, what somebody must look at.

Frozen Structs rather than dataclasses where there is one or more a person: made ten times faster.
"""

from __future__ import annotations

from dataclasses import dataclass

from msgspec import Struct

from app.domain.dates import PartialDate
from app.sheets.vocabulary import Meaning


class Mended(Struct, frozen=True, gc=False):
    """A value that is not what the cell holds, and how it came about."""

    cell: str  # C14
    field: str
    typed: str
    value: str
    kind: str


class Problem(Struct, frozen=True, gc=False):
    """Something a person must look at, named as in the samples' README."""

    kind: str
    cell: str
    field: str


class ProposedAccount(Struct, frozen=True, gc=False):
    """Where money would go. `provider` is the register's code, `identifier` what others call it."""

    kind: str
    provider: str | None
    identifier: str | None
    number: str
    holder: str | None = None


class Payee(Struct, frozen=True, gc=False):
    """Who receives for the person, as far as the list says."""

    name: str | None = None
    personal_id: str | None = None
    phone: str | None = None
    relation: str | None = None


class Details(Struct, frozen=True, gc=False):
    """What a list says beside the facts every list has."""

    current_address: str | None = None
    ethnicity: str | None = None
    other_name: str | None = None
    household_head: str | None = None
    household_code: str | None = None
    relation: str | None = None
    poverty: str | None = None
    wish: str | None = None
    disability: str | None = None
    id_issued: PartialDate | None = None
    id_issuer: str | None = None
    decision: str | None = None
    decided: PartialDate | None = None
    since: PartialDate | None = None
    until: PartialDate | None = None
    note: str | None = None
    extra: tuple[tuple[str, str], ...] = ()  # heading and text of columns without a field


class Proposed(Struct, frozen=True, gc=False):
    """One person of a list. None where the list says nothing, or nothing that can be believed."""

    sheet: str
    row: int
    layout: str
    is_hidden: bool
    name: str
    name_typed: str
    name_cell: str
    remark: str | None
    sex: str | None
    birth: PartialDate | None
    personal_id: str | None
    personal_id_typed: str | None  # as it stands, where it cannot be a number
    old_id: str | None
    phone: str | None
    hamlet: str | None
    address: str | None
    group: str | None
    group_typed: str | None
    coefficient: str | None
    amount: int | None
    account: ProposedAccount | None
    payee: Payee | None
    details: Details
    problems: tuple[Problem, ...]
    mended: tuple[Mended, ...]


@dataclass(frozen=True)
class Question:
    """A row nobody could place: `name_alone`, `no_name`, `continues`, `outside_table`, `unclear`."""

    sheet: str
    row: int
    why: str
    text: str


@dataclass(frozen=True)
class LayoutColumn:
    """A column as it was understood, with a few of its cells for the officer to see."""

    letter: str
    heading: str
    meaning: Meaning
    is_hidden: bool
    samples: tuple[str, ...]


@dataclass(frozen=True)
class Layout:
    """A table as it was found. `fingerprint` is the same wherever its headings are."""

    fingerprint: str
    sheet: str
    top: int
    columns: tuple[LayoutColumn, ...]

    @property
    def unknown(self) -> tuple[LayoutColumn, ...]:
        """The columns nobody recognised: `unknown_column`, asked once for a layout."""
        return tuple(column for column in self.columns if column.meaning is Meaning.UNKNOWN)


@dataclass(frozen=True)
class RowSum:
    """Where the rows of a sheet went; side by side, tables have rows of their own.

    rows = people + headings + totals + questions + other + blank, always.
    """

    sheet: str
    people: int = 0
    headings: int = 0
    totals: int = 0
    questions: int = 0
    other: int = 0
    blank: int = 0

    @property
    def rows(self) -> int:
        """All rows from the first to the last with content."""
        return self.people + self.headings + self.totals + self.questions + self.other + self.blank


@dataclass(frozen=True)
class Reading:
    """Everything a workbook says, and everything it leaves open."""

    people: tuple[Proposed, ...]
    questions: tuple[Question, ...]
    layouts: tuple[Layout, ...]
    sums: tuple[RowSum, ...]
