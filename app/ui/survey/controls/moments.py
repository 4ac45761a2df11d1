"""Days, months, years, times: typed as officers type them, kept as ODK keeps them.

`05/03/1950` is kept as `1950-03-05`, a month as its first day, a year as its first of January; a time is
kept in the zone of the form, +07:00.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from app.domain.dates import DateReading, PartialDate, read_date, show
from app.domain.text import clean, fold
from app.survey.xpath.context import VIETNAM
from app.survey.xpath.moments import read_moment
from app.ui.survey.controls.reading import Reading
from app.words import gettext as _

Clock = Callable[[], date]
_THREE = re.compile(r"([0-9]{1,2})[/.\- ]([0-9]{1,2})[/.\- ]([0-9]{4})")
_WITH_YEAR = re.compile(r".*[0-9]{4}")
_TIME = re.compile(r"([0-9]{1,2})(?:\s*(?:[:.hg]|gio)\s*([0-9]{1,2})?(?:\s*(?:p|phut))?)(?::[0-9]{2})?")
_BARE_TIME = re.compile(r"([0-9]{1,2})([0-9]{2})")
_KEPT_TIME = re.compile(r"([0-9]{2}:[0-9]{2}).*")
_ZONE = ":00.000+07:00"


@dataclass(frozen=True)
class Day:
    """A day of the calendar. `clock` says today, which decides the century of `2.3.50`."""

    clock: Clock

    @property
    def hint(self) -> str:
        """In the empty box."""
        return _("dd/mm/yyyy")

    def read(self, text: str) -> Reading:
        """All three parts of it."""
        found = _dated(text, self.clock)
        if isinstance(found, Reading):
            return found
        if found.day is None:
            return Reading(
                problem=_("Day, month and year are asked for, such as 05/03/1950."), is_whole=False
            )
        return Reading(found.iso(), is_whole=_has_year(text))

    def show(self, value: str) -> str:
        """dd/mm/yyyy."""
        return _shown(value, 10)


@dataclass(frozen=True)
class AsKnown:
    """As much of a day as somebody remembers: kept as `1950`, `1950-03` or `1950-03-02`."""

    clock: Clock

    @property
    def hint(self) -> str:
        """In the empty box."""
        return _("dd/mm/yyyy or yyyy")

    def read(self, text: str) -> Reading:
        """With the precision in which it was typed."""
        found = _dated(text, self.clock)
        if isinstance(found, Reading):
            more = _("If only the year is known, write the year alone.")
            return Reading(problem=f"{found.problem} {more}", is_whole=False) if found.problem else found
        return Reading(found.iso(), is_whole=found.day is not None and _has_year(text))

    def show(self, value: str) -> str:
        """As officers write it; what is no date, as it stands."""
        return _shown(value, 10)


@dataclass(frozen=True)
class Month:
    """A month of a year."""

    clock: Clock

    @property
    def hint(self) -> str:
        """In the empty box."""
        return _("mm/yyyy")

    def read(self, text: str) -> Reading:
        """Of a whole date, its month."""
        found = _dated(text, self.clock)
        if isinstance(found, Reading):
            return found
        if found.month is None:
            return Reading(problem=_("Month and year are asked for, such as 03/1950."), is_whole=False)
        return Reading(f"{found.year:04d}-{found.month:02d}-01", is_whole=_has_year(text))

    def show(self, value: str) -> str:
        """mm/yyyy."""
        return _shown(value, 7)


@dataclass(frozen=True)
class Year:
    """A year alone."""

    clock: Clock

    @property
    def hint(self) -> str:
        """In the empty box."""
        return _("yyyy")

    def read(self, text: str) -> Reading:
        """Of a whole date, its year."""
        found = _dated(text, self.clock)
        if isinstance(found, Reading):
            more = _("If only the year is known, write the year alone.")
            return Reading(problem=f"{found.problem} {more}", is_whole=False) if found.problem else found
        return Reading(f"{found.year:04d}-01-01", is_whole=_has_year(text))

    def show(self, value: str) -> str:
        """yyyy."""
        return _shown(value, 4)


@dataclass(frozen=True)
class Time:
    """A time of day: `7:30`, `7h30`, `0730`."""

    @property
    def hint(self) -> str:
        """In the empty box."""
        return _("hh:mm, such as 07:30")

    def read(self, text: str) -> Reading:
        """Of twenty-four hours."""
        typed = fold(clean(text))
        if not typed:
            return Reading()
        found = _TIME.fullmatch(typed) or _BARE_TIME.fullmatch(typed)
        if not found:
            return Reading(problem=_("Not a time. Write it as 07:30."), is_whole=False)
        hour, minute = int(found[1]), int(found[2] or 0)
        if hour > 23 or minute > 59:
            return Reading(problem=_("There is no such time: 00:00 to 23:59."), is_whole=False)
        return Reading(f"{hour:02d}:{minute:02d}{_ZONE}", is_whole=len(found[2] or "") == 2)

    def show(self, value: str) -> str:
        """hh:mm."""
        found = _KEPT_TIME.fullmatch(value)
        return found[1] if found else value


@dataclass(frozen=True)
class DayAndTime:
    """Both, a space between."""

    clock: Clock

    @property
    def hint(self) -> str:
        """In the empty box."""
        return _("dd/mm/yyyy hh:mm")

    def read(self, text: str) -> Reading:
        """The day stands first."""
        before, _space, after = clean(text).partition(" ")
        day = Day(self.clock).read(before)
        if not before or day.problem:
            return day
        if not after:
            return Reading(problem=_("Add the time, such as 07:30."), is_whole=False)
        time = Time().read(after)
        return Reading(f"{day.value}T{time.value}", is_whole=time.is_whole) if time.value else time

    def show(self, value: str) -> str:
        """dd/mm/yyyy hh:mm, in the form's zone."""
        at = read_moment(value, VIETNAM).at if "T" in value else None
        return value if at is None else at.astimezone(VIETNAM).strftime("%d/%m/%Y %H:%M")


def _dated(text: str, clock: Clock) -> PartialDate | Reading:
    """What it says of a day; a Reading when it says nothing, or nothing that the calendar has."""
    if not clean(text):
        return Reading()
    reading = read_date(text, clock())
    if reading.problem or reading.value is None or "month_day_swapped" in reading.mended:
        return Reading(problem=_problem(text, reading), is_whole=False)
    return reading.value


def _problem(text: str, reading: DateReading) -> str:
    if reading.problem == "lunar_date":
        return _("A day of the lunar calendar. Write the day of the solar one.")
    if found := _THREE.fullmatch(clean(text)):
        day, month, year = map(int, found.groups())
        if month > 12:
            return _("There is no month {month}. Write the day first, then the month.").format(month=month)
        days = calendar.monthrange(year, month)[1] if year and month else 0
        if day > days > 0:
            return _("The last day of month {month}/{year} is {days}.").format(
                month=month, year=year, days=days
            )
    return _("Not a date. Write it as 05/03/1950.")


def _has_year(text: str) -> bool:
    """Whether the whole year stands at the end: `12/3/19` may still become 1948."""
    return bool(_WITH_YEAR.fullmatch(text.strip()))


def _shown(value: str, length: int) -> str:
    try:
        return show(PartialDate.parse(value[:length]))
    except ValueError:
        return value
