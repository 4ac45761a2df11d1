"""A row → one proposed person, every mending and every doubt beside the fact it is about."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from itertools import islice

from app.domain.dates import PartialDate
from app.domain.identity import plausibility, sex_of
from app.domain.phones import PhoneReading
from app.domain.reference import Reference
from app.domain.text import clean
from app.sheets.columns import group_of_heading
from app.sheets.contents import Contents, Like
from app.sheets.details import DetailsReader, payee_of
from app.sheets.fields import (
    Fact,
    account_of,
    amount_of,
    birth_of,
    coefficient_of,
    date_of_parts,
    identity_of,
    phone_of,
    phone_within,
    said,
    sex_of_word,
)
from app.sheets.grid import Cell, Fault, Grid
from app.sheets.located import Located
from app.sheets.names import NameReading, read_name
from app.sheets.places import Places, Surroundings, tidy
from app.sheets.proposed import Proposed, ProposedAccount
from app.sheets.tables import Table
from app.sheets.vocabulary import Meaning, Vocabulary, spelled

_M = Meaning
_BESIDE = {
    _M.OTHER,
    _M.UNKNOWN,
    _M.AGE,
    _M.STANDARD,
    _M.ARREARS,
    _M.TOTAL,
    _M.MONTHS,
    _M.BRANCH,
    _M.SIGNATURE,
}
_THOUSANDS = re.compile(r"\b(1000|1 000|nghìn|ngàn|nghin|ngan)( ?(đ|d|đồng|dong))?\b")
_SMALL_AMOUNTS = range(100, 10_000)  # nobody's monthly amount in đồng, everybody's in thousands
_AMOUNTS_LOOKED_AT = 50
_ACCOUNT_WORDS = re.compile(r"\b(stk|tk|tài khoản|số thẻ)\b", re.I)
_NO_BANK = re.compile(r"[0-9][0-9 .\-]*|\b(stk|tk|số|tài khoản|tại|mở|thẻ)\b|[-–:;,/()\n']", re.I)
_AROUND_HOLDER = re.compile(r"[-–:;,/()\n]")


@dataclass(frozen=True)
class Tools:
    """What every row is read with."""

    reference: Reference
    vocabulary: Vocabulary
    contents: Contents
    places: Places
    today: datetime.date


class PersonReader:
    """Reads the people of one table, row after row."""

    def __init__(self, grid: Grid, table: Table, meanings: tuple[Meaning, ...], tools: Tools) -> None:
        self._tools, self._sheet, self._fingerprint = tools, grid.name, table.fingerprint
        self._row = Located(grid, table, meanings, tools.vocabulary.habits["ditto"])
        pairs = list(zip(table.columns, meanings, strict=True))
        beside = [(column.index, column.heading) for column, meaning in pairs if meaning in _BESIDE]
        self._details = DetailsReader(self._row, beside, tools.vocabulary, tools.today)
        self._name_column = self._row.column(_M.NAME if self._row.has(_M.NAME) else _M.FAMILY_NAME)
        has_given = self._row.has(_M.FAMILY_NAME) and self._row.has(_M.GIVEN_NAME)
        self._given_column = self._row.column(_M.GIVEN_NAME) if has_given else None
        self._accounts = [
            (column.index, self._provider_in(column.heading))
            for column, meaning in pairs
            if meaning is _M.ACCOUNT
        ]
        self._group_marks = [
            (column.index, group_of_heading(column, tools.contents) or "")
            for column, meaning in pairs
            if meaning is _M.GROUP_MARK
        ]
        headings = {meaning: column.heading for column, meaning in pairs}
        self._hamlet_word = headings.get(_M.HAMLET, "")
        is_said = _THOUSANDS.search(spelled(headings.get(_M.AMOUNT, "")))
        self._multiple = 1000 if is_said or self._has_small_amounts(grid, table) else 1

    def _has_small_amounts(self, grid: Grid, table: Table) -> bool:
        """Whether the amounts are told in thousands, though only a line above the table may say so."""
        column = self._row.column(_M.AMOUNT)
        cells = (grid.rows.get(row, {}).get(column) for row in grid.numbers(table.body, table.bottom))
        amounts = list(islice((cell for cell in cells if isinstance(cell, int) and cell), _AMOUNTS_LOOKED_AT))
        is_told = self._row.has(_M.AMOUNT) and len(amounts) >= 3
        return is_told and sum(amount in _SMALL_AMOUNTS for amount in amounts) * 5 >= len(amounts) * 4

    def _provider_in(self, heading: str) -> str:
        provider = self._tools.reference.providers.find(heading)
        return provider.short_name if provider else ""

    def read(self, number: int, around: Surroundings) -> Proposed:
        """The person of a row."""
        row, tools = self._row, self._tools
        row.go_to(number)
        named, typed = self._name()
        personal_id, old_id, typed_id = self._identity()
        sex = self._sex()
        birth = self._birth(personal_id)
        sex = sex or self._sex_elsewhere(named, personal_id)
        if personal_id:
            for kind in plausibility(personal_id, sex, birth, tools.reference):
                row.doubt(kind, row.column(_M.PERSONAL_ID), "personal_id")
        coefficient, amount = self._money()
        group, group_typed = self._group(around, coefficient, birth)
        hamlet, home = self._home(around)
        phone, account = self._phone(named), self._account()
        row.mend_repairs()
        return Proposed(
            sheet=self._sheet,
            row=number,
            layout=self._fingerprint,
            is_hidden=row.is_hidden,
            name=named.name,
            name_typed=typed,
            name_cell=row.address(self._name_column),
            remark=named.remark or None,
            sex=sex,
            birth=birth,
            personal_id=personal_id,
            personal_id_typed=typed_id,
            old_id=old_id,
            phone=phone,
            hamlet=hamlet,
            address=home,
            group=group,
            group_typed=group_typed,
            coefficient=coefficient,
            amount=amount,
            account=account,
            payee=payee_of(row, tools.reference),
            details=self._details.read(),
            problems=tuple(row.problems),
            mended=tuple(row.mended),
        )

    def _name(self) -> tuple[NameReading, str]:
        row = self._row
        column = self._name_column
        whole = said(row.cells.get(column))
        if self._given_column is not None:
            whole = f"{whole} {said(row.cells.get(self._given_column))}"
        habits = self._tools.vocabulary.habits
        named = read_name(whole, habits["bare_remarks"], habits["remark_starts"])
        if named.remark:
            row.doubt("remark_in_name", column, "name")
        typed = clean(whole)
        if typed != named.name or typed != whole:
            spaces = typed != whole or named.is_numbered
            kinds = (("capitals", named.is_recased), ("title", bool(named.title)), ("spaces", spaces))
            row.mend(tuple(kind for kind, holds in kinds if holds), column, "name", named.name)
        return named, typed

    def _identity(self) -> tuple[str | None, str | None, str | None]:
        """The numbers of one or two columns, and what stands where none can be read.

        An old number alone is a problem, beside the new one none.
        """
        row = self._row
        column, reading = row.column(_M.PERSONAL_ID), identity_of(row.cell(_M.PERSONAL_ID))
        second = identity_of(row.cell(_M.OLD_ID))
        personal_id = reading.personal_id or second.personal_id
        old_id = reading.old_id or second.old_id
        row.mend(reading.mended, column, "personal_id", personal_id or old_id)
        row.mend(second.mended, row.column(_M.OLD_ID), "old_id", second.old_id or second.personal_id)
        if personal_id is None:
            is_only_old = old_id and reading.problem == "missing_personal_id"
            row.doubt("old_id_number" if is_only_old else reading.problem, column, "personal_id")
        is_invalid = personal_id is None and reading.problem == "invalid_personal_id"
        return personal_id, old_id, row.text(_M.PERSONAL_ID) if is_invalid else None

    def _sex(self) -> str | None:
        row, habits = self._row, self._tools.vocabulary.habits
        text = row.text(_M.SEX)
        if text:
            sex = sex_of_word(text, habits["male"], habits["female"])
            row.doubt(None if sex else "unreadable_sex", row.column(_M.SEX), "sex")
            return sex
        told = [
            sex
            for sex, meanings in (
                ("male", (_M.BIRTH_MALE, _M.MALE_MARK)),
                ("female", (_M.BIRTH_FEMALE, _M.FEMALE_MARK)),
            )
            if any(row.filled(meaning) is not None and _is_yes(row.cell(meaning)) for meaning in meanings)
        ]
        if len(told) == 2:
            row.doubt("unclear_sex", row.column(_M.BIRTH_FEMALE), "sex")
        if not told and row.has(_M.FEMALE_MARK) and not row.has(_M.MALE_MARK):
            row.mend(("sex_from_blank",), row.column(_M.FEMALE_MARK), "sex", "male")
            return "male"
        return told[0] if len(told) == 1 else None

    def _sex_elsewhere(self, named: NameReading, personal_id: str | None) -> str | None:
        """A form of address says the sex, and so does the number: taken where no column does, and told."""
        row = self._row
        if named.sex:
            row.mend(("sex_from_title",), row.column(_M.NAME), "sex", named.sex)
            return named.sex
        if personal_id:
            row.mend(("sex_from_personal_id",), row.column(_M.PERSONAL_ID), "sex", sex_of(personal_id))
            return sex_of(personal_id)
        return None

    def _birth(self, personal_id: str | None) -> PartialDate | None:
        row, today = self._row, self._tools.today
        places = (_M.BIRTH, _M.BIRTH_MALE, _M.BIRTH_FEMALE)
        at = next((place for place in places if row.filled(place) is not None), None)
        if at is None and row.has(_M.BIRTH_YEAR):
            at = _M.BIRTH_YEAR
            parts = (row.cell(_M.BIRTH_DAY), row.cell(_M.BIRTH_MONTH), row.cell(_M.BIRTH_YEAR))
            fact: Fact[PartialDate] = date_of_parts(parts, today)
        else:
            fact = birth_of(row.cell(at) if at else None, personal_id, today)
        if fact.mended or fact.problem:
            column = row.column(at or next((place for place in places if row.has(place)), _M.BIRTH))
            row.mend(fact.mended, column, "birth", fact.value.iso() if fact.value else "")
            row.doubt(fact.problem, column, "birth")
        return fact.value

    def _money(self) -> tuple[str | None, int | None]:
        row = self._row
        coefficient = coefficient_of(row.cell(_M.COEFFICIENT))
        amount = amount_of(row.cell(_M.AMOUNT), self._multiple)
        for fact, meaning in ((coefficient, _M.COEFFICIENT), (amount, _M.AMOUNT)):
            if fact.mended or fact.problem:
                row.mend(fact.mended, row.column(meaning), meaning.value, fact.value)
                row.doubt(fact.problem, row.column(meaning), meaning.value)
        return coefficient.value, amount.value

    def _group(
        self, around: Surroundings, coefficient: str | None, birth: PartialDate | None
    ) -> tuple[str | None, str | None]:
        """The register's code and the office's words, from the cell or the heading above."""
        row = self._row
        typed, column = row.text(_M.GROUP), row.column(_M.GROUP)
        if typed is None and (degree := row.text(_M.DEGREE)):
            typed, column = f"khuyết tật {degree}", row.column(_M.DEGREE)
        marked = [said for at, said in self._group_marks if row.cells.get(at) and _is_yes(row.cells[at])]
        if typed is None and len(marked) == 1:
            typed, column = marked[0], next(at for at, said in self._group_marks if said == marked[0])
            row.mend(("mark",), column, "group", typed)
        row.doubt("unclear_group" if len(marked) > 1 else None, column, "group")
        is_above = typed is None and around.group is not None
        typed = typed or around.group
        if typed is None:
            return None, None
        code = self._tools.places.group_code(typed, coefficient, birth, self._tools.today)
        if is_above and code:
            row.mend(("heading_above",), column, "group", code)
        elif code is None:
            row.doubt("unknown_group", column, "group")
        return code, typed

    def _home(self, around: Surroundings) -> tuple[str | None, str | None]:
        """The hamlet and the whole address."""
        row = self._row
        home, hamlet = row.text(_M.ADDRESS), row.text(_M.HAMLET)
        if hamlet:
            if hamlet.isdigit() and self._hamlet_word:
                hamlet = f"{self._hamlet_word} {hamlet}"
                row.mend(("heading_word",), row.column(_M.HAMLET), "hamlet", hamlet)
            return tidy(self._tools.places.hamlet_alone(hamlet)), home
        named, is_sure = self._tools.places.hamlet_of_address(home) if home else (None, False)
        if is_sure or (named and not around.hamlet):
            return tidy(named or ""), home if home != named else None
        if around.hamlet:
            row.mend(("heading_above",), row.column(_M.HAMLET), "hamlet", around.hamlet)
        return around.hamlet, home

    def _phone(self, named: NameReading) -> str | None:
        row, reference = self._row, self._tools.reference
        column, reading = row.column(_M.PHONE), phone_of(row.cell(_M.PHONE), reference)
        if reading.phone is None and reading.problem is None:
            note = said(row.cell(_M.NOTE))
            beside = PhoneReading() if _ACCOUNT_WORDS.search(note) else phone_within(note, reference)
            if beside.phone is None and named.remark:
                beside = phone_within(named.remark, reference)
            if beside.phone:
                row.mend((*beside.mended, "phone_from_note"), row.column(_M.NOTE), "phone", beside.phone)
                return beside.phone
        if reading.mended or reading.problem:
            row.mend(reading.mended, column, "phone", reading.phone)
            row.doubt(reading.problem, column, "phone")
        return reading.phone

    def _account(self) -> ProposedAccount | None:
        """The first account of the row; a note is asked only where no column is for accounts."""
        row = self._row
        provider = row.text(_M.PROVIDER) or ""
        cells = [(at, row.cells.get(at), provider or hint) for at, hint in self._accounts]
        if not cells and Like.ACCOUNT in self._tools.contents.of(row.cell(_M.NOTE) or ""):
            cells = [(row.column(_M.NOTE), row.cell(_M.NOTE), "")]
        for column, cell, bank in cells:
            if cell is not None and (account := self._account_in(column, cell, bank)):
                return account
        return None

    def _account_in(self, column: int, cell: Cell, bank: str) -> ProposedAccount | None:
        row = self._row
        reading = account_of(cell, bank, self._tools.reference)
        row.doubt(reading.problem, column, "account")
        if reading.number is None or reading.problem == "invalid_account":
            return None
        row.mend(reading.mended, column, "account", reading.number)
        holder = row.text(_M.HOLDER) or self._holder_in(said(cell))
        known = reading.provider
        return ProposedAccount(
            reading.kind or "bank",
            known.code if known else None,
            known.identifier if known else _bank_said(f"{said(cell)} {bank}"),
            reading.number,
            holder,
        )

    def _holder_in(self, text: str) -> str | None:
        """A name in capitals beside number and bank: `123… – Agribank – NGUYEN VAN A`."""
        contents, providers = self._tools.contents, self._tools.reference.providers
        for segment in _AROUND_HOLDER.split(text):
            if not segment.isupper():
                continue
            plain = clean(segment)
            if " " in plain and contents.is_name(plain) and not providers.find(plain):
                return plain
        return None


def _bank_said(text: str) -> str | None:
    """The words beside an account number, where they name no bank that is known."""
    words = clean(_NO_BANK.sub(" ", text))
    return words or None


def _is_yes(cell: Cell | None) -> bool:
    """A mark counts unless it says no."""
    return not isinstance(cell, Fault) and said(cell).strip().casefold() not in ("0", "không", "k")
