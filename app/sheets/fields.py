"""One cell → one fact, with what was mended and what is wrong. Parsing itself is the domain's."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Generic, TypeVar

from app.domain.account_cells import AccountReading, read_account
from app.domain.dates import PartialDate, from_excel_serial, read_date
from app.domain.identity import PersonalIdReading, birth_year_of, read_personal_id
from app.domain.phones import PhoneReading, read_phone
from app.domain.reference import Reference
from app.domain.text import clean, read_amount, read_coefficient
from app.sheets.grid import Cell, Day, Fault
from app.sheets.vocabulary import Phrases

T = TypeVar("T")

_TWELVE = re.compile("(?<![0-9])0[0-9]{11}(?![0-9])")  # among words: `014148032213 cấp ngày 01/5/2021`
_ROUNDED = re.compile("[1-9][0-9]*?0{5,}")
_DIGITS_KEPT = 15  # what a spreadsheet's number keeps
_PHONE_IN_TEXT = re.compile(r"(?<![0-9])(?:\+?84|0)[ .\-]?[0-9](?:[ .\-]?[0-9]){7,9}(?![0-9])")
_OLDEST_YEAR = 1880
_AGE_BESIDE = re.compile(r"\s*[(,;/-]\s*[0-9]{1,3}\s*(?:t|tuổi|tuoi)\.?\s*\)?\s*$", re.IGNORECASE)
_EARLY_SERIAL = re.compile(
    "(?:2[2-9]|[3-9][0-9])[0-9]{2}"
)  # four digits that are no year: days of 1906 to 1927
_TWO_DIGITS = 100
_BIRTH_PROBLEMS = {
    "impossible_date": "invalid_birth_date",
    "unreadable_date": "invalid_birth_date",
    "lunar_date": "lunar_birth_date",
}
_NO_IDENTITY = PersonalIdReading(problem="missing_personal_id")
_NO_PHONE = PhoneReading()


@dataclass(frozen=True)
class Fact(Generic[T]):
    """What a cell says: a value, how it was mended, what is wrong."""

    value: T | None = None
    mended: tuple[str, ...] = ()
    problem: str | None = None


def said(cell: Cell | None) -> str:
    """The cell as text: nothing for a blank one, numbers without a needless `.0`."""
    if type(cell) is str:
        return cell
    return "" if cell is None or isinstance(cell, Fault) else str(cell)


def birth_of(cell: Cell | None, personal_id: str | None, today: datetime.date) -> Fact[PartialDate]:
    """A birth, as precise as the cell; `personal_id` settles the century of two-digit years.

    Problems: `missing_birth_date`, `invalid_birth_date` (the year is kept where there is one).
    """
    fact = _date_of(cell, today)
    if fact.value is None:
        return replace(fact, problem=fact.problem or "missing_birth_date")
    born = birth_year_of(personal_id) if personal_id else None
    is_century_guessed = "two_digit_year" in fact.mended or fact.value.year > today.year
    if is_century_guessed and born and (born - fact.value.year) % _TWO_DIGITS == 0:
        value = replace(fact.value, year=born) if _exists(fact.value, born) else PartialDate(born)
        return Fact(value, (*fact.mended, "century") if value != fact.value else fact.mended, fact.problem)
    if fact.value.year < _OLDEST_YEAR or fact.value.earliest() > today:
        return Fact(None, fact.mended, "invalid_birth_date")
    return fact


def _exists(date: PartialDate, year: int) -> bool:
    try:
        replace(date, year=year)
    except ValueError:
        return False
    return True


def date_of(cell: Cell | None, today: datetime.date) -> PartialDate | None:
    """A date that is told beside a person's facts; None when it cannot be read."""
    if cell is None:
        return None
    fact = _date_of(cell, today)
    return None if fact.problem else fact.value


@lru_cache(maxsize=20_000, typed=True)
def _date_of(cell: Cell | None, today: datetime.date) -> Fact[PartialDate]:
    if isinstance(cell, Day):
        try:
            return Fact(PartialDate.parse(cell))
        except ValueError:
            return Fact(problem="invalid_birth_date")
    text = _AGE_BESIDE.sub("", said(cell))
    if _EARLY_SERIAL.fullmatch(text):
        return Fact(from_excel_serial(int(text)), ("excel_serial",))
    reading = read_date(text, today)
    mended = reading.mended
    if isinstance(cell, str) and reading.value and reading.value.month and not mended:
        mended = ("text_date",)
    return Fact(reading.value, mended, _BIRTH_PROBLEMS.get(reading.problem or ""))


def date_of_parts(parts: Iterable[Cell | None], today: datetime.date) -> Fact[PartialDate]:
    """A birth whose day, month and year stand in three columns."""
    day, month, year = (clean(said(cell)) or "0" for cell in parts)
    if year == "0":
        return Fact(problem="missing_birth_date")
    fact = _date_of(f"{day}/{month}/{year}", today)
    return replace(fact, mended=tuple(kind for kind in fact.mended if kind != "text_date"))


def identity_of(cell: Cell | None) -> PersonalIdReading:
    """An identity number; a number that ends in zeros was rounded by a spreadsheet and is not believed."""
    if cell is None:
        return _NO_IDENTITY
    text = said(cell)
    is_rounded = isinstance(cell, int) and len(text) > 9 and _ROUNDED.fullmatch(text)
    if is_rounded or isinstance(cell, (float, Fault)):
        return PersonalIdReading(problem="invalid_personal_id")
    reading = read_personal_id(text)
    if reading.problem == "invalid_personal_id" and len(found := _TWELVE.findall(text)) == 1:
        return PersonalIdReading(found[0], mended=("label",))
    return reading


def phone_of(cell: Cell | None, reference: Reference) -> PhoneReading:
    """A telephone number."""
    if cell is None:
        return _NO_PHONE
    return read_phone(said(cell), reference)


def phone_within(text: str, reference: Reference) -> PhoneReading:
    """A telephone number somewhere in a remark or note."""
    found = _PHONE_IN_TEXT.search(text)
    return read_phone(found[0], reference) if found else PhoneReading()


@lru_cache(maxsize=5_000, typed=True)
def amount_of(cell: Cell | None, multiple: int) -> Fact[int]:
    """Đồng; `multiple` is 1000 where the heading counts in thousands."""
    if cell is None or (isinstance(cell, str) and not cell.strip()):
        return Fact()
    if isinstance(cell, Fault):
        return Fact(problem="invalid_amount")
    if not isinstance(cell, str):
        is_sound = 0 <= cell < 1e12 and abs(cell * multiple - round(cell * multiple)) < 1e-6
        mended = ("thousands",) if multiple > 1 else ()
        return Fact(round(cell * multiple), mended) if is_sound else Fact(problem="invalid_amount")
    reading = read_amount(cell)
    if reading.dong is None:
        return Fact(problem=reading.problem)
    is_small = multiple > 1 and reading.dong < multiple * 100
    mended = (
        () if cell.strip().isdigit() and not is_small else ("thousands" if is_small else "dotted_amount",)
    )
    return Fact(reading.dong * (multiple if is_small else 1), mended)


@lru_cache(maxsize=1_000, typed=True)
def coefficient_of(cell: Cell | None) -> Fact[str]:
    """A coefficient as `1.5`."""
    if cell is None:
        return Fact()
    text = said(cell)
    if isinstance(cell, Fault):
        return Fact(problem="invalid_coefficient")
    if not text.strip(" -."):
        return Fact()
    value = read_coefficient(text)
    if value is None:
        return Fact(problem="invalid_coefficient")
    return Fact(value, ("comma",) if "," in text else ())


def account_of(cell: Cell | None, provider: str, reference: Reference) -> AccountReading:
    """An account out of its own cell, or out of a number's and a provider's.

    A number kept as a number has lost its leading zeros, which the bank's usual length tells,
    and past fifteen digits the last ones, which nothing tells.
    """
    text = said(cell)
    if isinstance(cell, Fault) or (isinstance(cell, int) and len(text) > _DIGITS_KEPT):
        return AccountReading(problem="invalid_account")
    reading = read_account(f"{text} - {provider}" if provider and text.strip() else text, reference)
    if isinstance(cell, int) and reading.number and reading.provider and reading.kind == "bank":
        whole = _with_lost_zeros(reading.number, reading.provider.lengths)
        if whole != reading.number:
            return replace(reading, number=whole, mended=(*reading.mended, "lost_zero"))
    return reading


def _with_lost_zeros(number: str, lengths: tuple[int, ...]) -> str:
    """The number at its bank's usual length, when it lacks one or two digits of it."""
    if not lengths or len(number) in lengths:
        return number
    usual = min((length for length in lengths if len(number) < length), default=0)
    return number.zfill(usual) if usual - len(number) in (1, 2) else number


def sex_of_word(text: str, male: Phrases, female: Phrases) -> str | None:
    """`Nam`, `nữ`, `NAM`, `Nu`, `Ông`; 1 stands for a man and 0 or 2 for a woman."""
    plain = text.strip(" .,;:'\"")
    if plain in ("1", "0", "2"):
        return "male" if plain == "1" else "female"
    if male.hold(plain):
        return "male"
    return "female" if female.hold(plain) else None
