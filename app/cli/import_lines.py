"""The lines of `soansinh import --json`: fields as in the samples' truth files, then what else is known."""

from __future__ import annotations

from collections import Counter

from msgspec import Struct

from app.sheets.proposed import (
    Details,
    Layout,
    Mended,
    Payee,
    Problem,
    Proposed,
    ProposedAccount,
    Reading,
    RowSum,
)


class AccountLine(Struct, frozen=True):
    """`provider` is a bank's BIN or a wallet's name, None when nobody knows it."""

    kind: str
    provider: str | None
    number: str


class PersonLine(Struct, frozen=True, omit_defaults=True):
    """One person. The fields down to `mended` are always there."""

    sheet: str
    row: int
    name: str
    sex: str | None
    birth: str | None
    personal_id: str | None
    phone: str | None
    hamlet: str | None
    group: str | None
    coefficient: float | None
    amount: int | None
    account: AccountLine | None
    problems: list[str]
    mended: list[Mended]
    problem_cells: dict[str, str]
    layout: str
    name_typed: str
    hidden: bool = False
    remark: str | None = None
    old_id: str | None = None
    account_holder: str | None = None
    group_typed: str | None = None
    address: str | None = None
    payee: Payee | None = None
    details: dict[str, str] = {}
    extra: dict[str, str] = {}


class ColumnLine(Struct, frozen=True):
    """A column as understood."""

    column: str
    heading: str
    meaning: str
    hidden: bool


class LayoutLine(Struct, frozen=True):
    """A table; the fingerprint is what a correction of its columns is remembered by."""

    fingerprint: str
    sheet: str
    row: int
    columns: list[ColumnLine]
    unknown_columns: list[str]


class SheetLine(Struct, frozen=True):
    """rows = people + headings + totals + questions + other + blank."""

    sheet: str
    rows: int
    people: int
    headings: int
    totals: int
    questions: int
    other: int
    blank: int


class QuestionLine(Struct, frozen=True):
    """A row nobody could place."""

    sheet: str
    row: int
    why: str
    text: str


class Summary(Struct, frozen=True):
    """What the whole workbook came to; the sums are over its sheets."""

    rows: int
    people: int
    headings: int
    totals: int
    questions: int
    other: int
    blank: int
    problems: dict[str, int]
    mended: dict[str, int]
    sheets: list[SheetLine]
    layouts: list[LayoutLine]
    open_questions: list[QuestionLine]


class SummaryLine(Struct, frozen=True):
    """The last line."""

    summary: Summary


def line_of(person: Proposed) -> PersonLine:
    """A person as one line."""
    return PersonLine(
        sheet=person.sheet,
        row=person.row,
        name=person.name,
        sex=person.sex,
        birth=person.birth.iso() if person.birth else None,
        personal_id=person.personal_id,
        phone=person.phone,
        hamlet=person.hamlet,
        group=person.group,
        coefficient=float(person.coefficient) if person.coefficient else None,
        amount=person.amount,
        account=_account(person.account),
        problems=sorted(problem.kind for problem in person.problems),
        mended=list(person.mended),
        problem_cells=_cells(person.problems),
        layout=person.layout,
        name_typed=person.name_typed,
        hidden=person.is_hidden,
        remark=person.remark,
        old_id=person.old_id,
        account_holder=person.account.holder if person.account else None,
        group_typed=person.group_typed,
        address=person.address,
        payee=person.payee,
        details=_said(person.details),
        extra=dict(person.details.extra),
    )


def _cells(problems: tuple[Problem, ...]) -> dict[str, str]:
    return {problem.kind: problem.cell for problem in problems}


def _account(account: ProposedAccount | None) -> AccountLine | None:
    if account is None:
        return None
    return AccountLine(account.kind, account.identifier, account.number)


def _said(details: Details) -> dict[str, str]:
    """The details there are; dates as ISO."""
    told = {}
    for name in details.__struct_fields__:
        value = getattr(details, name)
        if value is not None and name != "extra":
            told[name] = value if isinstance(value, str) else value.iso()
    return told


def summary_of(reading: Reading) -> SummaryLine:
    """The reading's sums."""
    sums = reading.sums
    total = {name: sum(getattr(sheet, name) for sheet in sums) for name in _SUMMED}
    return SummaryLine(
        Summary(
            **total,
            problems=Counter(problem.kind for person in reading.people for problem in person.problems),
            mended=Counter(mended.kind for person in reading.people for mended in person.mended),
            sheets=[_sheet(sheet) for sheet in sums],
            layouts=[_layout(layout) for layout in reading.layouts],
            open_questions=[QuestionLine(one.sheet, one.row, one.why, one.text) for one in reading.questions],
        )
    )


_SUMMED = ("rows", "people", "headings", "totals", "questions", "other", "blank")


def _sheet(sheet: RowSum) -> SheetLine:
    return SheetLine(sheet.sheet, **{name: getattr(sheet, name) for name in _SUMMED})


def _layout(layout: Layout) -> LayoutLine:
    return LayoutLine(
        layout.fingerprint,
        layout.sheet,
        layout.top,
        [
            ColumnLine(column.letter, column.heading, column.meaning, column.is_hidden)
            for column in layout.columns
        ],
        [column.letter for column in layout.unknown],
    )
