"""Dates as precise as they are known, and how officers write them.

Many old people have a birth year and nothing more, written `1945`, `00/00/1945` or
`--/--/1945`. Filling in a day would invent a fact that later decides who turns 75.
"""

from __future__ import annotations

import calendar
import datetime
import re
from dataclasses import dataclass, replace
from functools import total_ordering

from app.domain.text import fold

YEAR_MIN, YEAR_MAX = 1850, 2200
_ISO = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


@total_ordering
@dataclass(frozen=True)
class PartialDate:
    """A year, a month of a year, or a day. Raises ValueError for what no calendar has.

    In order, a less precise date stands before the days it may mean.
    """

    year: int
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        if not _is_year(self.year) or (self.day and not self.month):
            raise ValueError("a year out of range, or a day without its month")
        datetime.date(self.year, 1 if self.month is None else self.month, 1 if self.day is None else self.day)

    def __lt__(self, other: PartialDate) -> bool:
        return self._order() < other._order()

    def _order(self) -> tuple[int, int, int]:
        return self.year, self.month or 0, self.day or 0

    @classmethod
    def parse(cls, iso: str) -> PartialDate:
        """Read `1950`, `1950-03` or `1950-03-02`; ValueError for anything else."""
        found = _ISO.fullmatch(iso)
        if not found:
            raise ValueError("not written as a date")
        return cls(*(int(part) for part in found.groups() if part))

    def iso(self) -> str:
        """`1950`, `1950-03` or `1950-03-02`."""
        month = f"-{self.month:02d}" if self.month else ""
        day = f"-{self.day:02d}" if self.day else ""
        return f"{self.year:04d}{month}{day}"

    def earliest(self) -> datetime.date:
        """The first day this date can mean."""
        return datetime.date(self.year, self.month or 1, self.day or 1)

    def latest(self) -> datetime.date:
        """The last day this date can mean."""
        month = self.month or 12
        return datetime.date(self.year, month, self.day or calendar.monthrange(self.year, month)[1])


def show(date: PartialDate) -> str:
    """As an officer writes it: `02/03/1950`, `03/1950` or `1950`."""
    return "/".join(reversed(date.iso().split("-")))


def ages_on(birth: PartialDate, day: datetime.date) -> tuple[int, int]:
    """The least and the most full years somebody born then can have on that day."""
    return _age(birth.latest(), day), _age(birth.earliest(), day)


def age_on(birth: PartialDate, day: datetime.date) -> int:
    """The full years somebody has for certain: a year-only birth counts as 31 December.

    No rule found says which day to assume, so nobody is aged early;
    `ages_on` tells when the answer depends on it, for the officer to look at.
    """
    return ages_on(birth, day)[0]


def _age(birth: datetime.date, day: datetime.date) -> int:
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


@dataclass(frozen=True)
class DateReading:
    """What a cell says, what was mended on the way, and what a person must look at.

    mended: `month_day_swapped`, `two_digit_year`, `unknown_parts` (zeros or dashes for
    day or month), `excel_serial`, `no_separators`. problem: `impossible_date` and `lunar_date`
    (the year is kept) or `unreadable_date` (so is the only year in it). A cell that says
    nothing (blank, dash, `không rõ`) reads as None without a problem.
    """

    value: PartialDate | None
    mended: tuple[str, ...] = ()
    problem: str | None = None


_NOTHING = {"", "x", "khong", "khong ro", "khong nho", "khong biet", "khong co", "chua ro", "chua co"}
_NOTHING |= {"k ro", "ko ro", "kr"}
_USUAL = re.compile(r"([0-9]{2})/([0-9]{2})/([0-9]{4})")
_WORDS = re.compile(r"\b(ngay|thang|nam|sinh|sn|vao|khoang|duong lich|dl|[0-9]{1,3} tuoi)\b")
_YEAR = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])")
_LUNAR = re.compile(r"\b(am lich|al)\b")
_TIME = re.compile(r"[ t][0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?z?$")
_SEPARATOR = re.compile(r"[\s.\-,_\\|]+")
_NOISE = str.maketrans({**dict.fromkeys("'\"`"), **dict.fromkeys("():;", " ")})


def read_date(text: str, today: datetime.date) -> DateReading:
    """Read a date as offices type it; `today` decides the century of two-digit years.

    These are lists of the living, so a two-digit year beyond today's is of the 1900s.
    """
    usual = _USUAL.fullmatch(text)
    if usual and (reading := _dated(*map(int, reversed(usual.groups())))):
        return reading
    folded = fold(text)
    if _LUNAR.search(folded):
        return _lunar(read_date(_LUNAR.sub(" ", folded), today))
    plain = _WORDS.sub(" ", _TIME.sub("", folded).translate(_NOISE)).strip(" .,-_?")
    parts = _parts(plain)
    if plain in _NOTHING or not any(part.strip("0") for part in parts):
        return DateReading(None)
    if not all(part.isascii() and part.isdigit() for part in parts):
        return _unreadable(plain)
    return _read_parts(parts, today) or _unreadable(plain)


def _unreadable(plain: str) -> DateReading:
    """The only year of a text that is no date is the year."""
    years = set(_YEAR.findall(plain))
    year = PartialDate(int(years.pop())) if len(years) == 1 else None
    return DateReading(year, (), "unreadable_date")


def _lunar(reading: DateReading) -> DateReading:
    """A day of the lunar calendar is another day of ours, and nobody but the person can say which."""
    if reading.value is None or reading.value.month is None:
        return reading
    return replace(reading, value=PartialDate(reading.value.year), problem="lunar_date")


def _parts(plain: str) -> list[str]:
    """Split at separators; between slashes, dashes, dots or nothing stand for an unknown part."""
    if "/" not in plain:
        return [part for part in _SEPARATOR.split(plain) if part]
    places = (place.strip(" .-,_?x") for place in plain.rstrip("/ ").split("/"))
    return [part or "0" for place in places for part in _SEPARATOR.split(place)]


def _read_parts(parts: list[str], today: datetime.date) -> DateReading | None:
    """Which part is the year follows from how many digits each has."""
    numbers = [int(part) for part in parts]
    match [len(part) for part in parts]:
        case [4] | [4, 1] if numbers[1:] in ([], [0]):  # 1945.0 is how a spreadsheet prints a number
            return DateReading(PartialDate(numbers[0])) if _is_year(numbers[0]) else None
        case [5] | [5, 1] if numbers[1:] in ([], [0]) and parts[0][0] != "0":
            serial = from_excel_serial(numbers[0])
            return DateReading(serial, ("excel_serial",)) if serial else None
        case [8]:
            return _without_separators(parts[0])
        case [(1 | 2), 4]:
            return _dated(numbers[1], numbers[0])
        case [4, (1 | 2)]:
            return _dated(numbers[0], numbers[1])
        case [4, (1 | 2), (1 | 2)]:
            return _dated(*numbers)
        case [(1 | 2), (1 | 2), 4]:
            return _dated(*reversed(numbers))
        case [(1 | 2), (1 | 2), 2]:
            century = 1900 if numbers[2] > today.year % 100 else 2000
            reading = _dated(century + numbers[2], numbers[1], numbers[0])
            return reading and replace(reading, mended=(*reading.mended, "two_digit_year"))
    return None


def _without_separators(digits: str) -> DateReading | None:
    """`02031950` or `19500302`; eight digits that are neither may be another column's number."""
    day_first = (int(digits[4:]), int(digits[2:4]), int(digits[:2]))
    year_first = (int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    for order in (day_first, year_first):
        reading = _dated(*order)
        if reading and not reading.problem:
            return replace(reading, mended=(*reading.mended, "no_separators"))
    return None


def _is_year(number: int) -> bool:
    return YEAR_MIN <= number <= YEAR_MAX


def _dated(year: int, month: int, day: int | None = None) -> DateReading | None:
    """Join the parts; a zero stands for an unknown one. None when the year is no year."""
    if not _is_year(year):
        return None
    if month == 0:
        return DateReading(PartialDate(year), ("unknown_parts",))
    mended: tuple[str, ...] = ("unknown_parts",) if day == 0 else ()
    if day and month > 12 >= day:
        month, day, mended = day, month, ("month_day_swapped",)
    if month > 12 or (day and day > calendar.monthrange(year, month)[1]):
        return DateReading(PartialDate(year), mended, "impossible_date")
    return DateReading(PartialDate(year, month, day or None), mended)


def from_excel_serial(number: float) -> PartialDate | None:
    """The day behind a spreadsheet's serial number (1900 system), None outside 1900 to 2200.

    Excel believes in 29 February 1900 (serial 60), which is no day.
    """
    if not 1 <= number < 109_940 or int(number) == 60:
        return None
    start = datetime.date(1899, 12, 31) if number < 60 else datetime.date(1899, 12, 30)
    day = start + datetime.timedelta(days=int(number))
    return PartialDate(day.year, day.month, day.day)
