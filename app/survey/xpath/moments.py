"""Dates and times of a form: read, counted in days since 1970, written.

A form's zone is given to whatever reads a date without one. A moment at midnight of its zone is written
as a date alone. Shapes: ODK XForms specification, "Data types"; ISO 8601.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache

_DAY_S = 86_400
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DATE = re.compile(r"\s*(\d{4})-(\d{1,2})-(\d{1,2})\s*")
_DATE_TIME = re.compile(
    r"\s*(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|[+-]\d\d(?::?\d\d)?)?\s*"
)
_TIME = re.compile(r"\s*(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|[+-]\d\d(?::?\d\d)?)?\s*")


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time, in the zone it is written in; `at` None: what was said is no date."""

    at: datetime | None

    @property
    def days(self) -> float:
        """Days since 1970-01-01T00:00Z, with fractions; NaN of no date."""
        return math.nan if self.at is None else (self.at - _EPOCH) / timedelta(days=1)

    @property
    def text(self) -> str:
        """As it is written: a date alone at midnight."""
        if self.at is None:
            return "Invalid Date"
        if self.at.time() == time():
            return self.at.date().isoformat()
        return date_time_text(self.at)


def date_time_text(at: datetime) -> str:
    """`2012-07-23T14:05:00.000+07:00`."""
    return at.isoformat(timespec="milliseconds")


def moment_of_days(days: float, zone: tzinfo) -> Moment:
    """The moment so many days after 1970-01-01T00:00Z, by milliseconds."""
    if math.isnan(days) or math.isinf(days):
        return Moment(None)
    try:
        at = _EPOCH + timedelta(milliseconds=round(days * _DAY_S * 1000))
        return Moment(at.astimezone(zone))
    except (OverflowError, ValueError):
        return Moment(None)


@lru_cache(maxsize=4_096)
def read_moment(text: str, zone: tzinfo) -> Moment:
    """A date or a date with time; no date where it is neither."""
    try:
        if found := _DATE.fullmatch(text):
            year, month, day = map(int, found.groups())
            return Moment(datetime(year, month, day, tzinfo=zone))
        if found := _DATE_TIME.fullmatch(text):
            year, month, day = map(int, found.groups()[:3])
            clock = _time(found.groups()[3:], zone)
            return Moment(datetime.combine(date(year, month, day), clock).astimezone(zone))
    except ValueError:
        pass
    return Moment(None)


def is_dated(text: str) -> bool:
    """Whether a text has the shape of a date: only then is it read as one where a number is wanted."""
    return bool(_DATE.fullmatch(text) or _DATE_TIME.fullmatch(text))


def read_time(text: str, zone: tzinfo) -> time | None:
    """A time of day in the form's zone; None for what is none."""
    found = _TIME.fullmatch(text)
    if found is None:
        return None
    try:
        at = datetime.combine(date(1970, 1, 2), _time(found.groups(), zone))
        return at.astimezone(zone).timetz()
    except ValueError:
        return None


def _time(said: tuple[str | None, ...], zone: tzinfo) -> time:
    hour, minute, second, fraction, offset = said
    micro = int((fraction or "0")[:6].ljust(6, "0"))
    return time(int(hour or 0), int(minute or 0), int(second or 0), micro, _zone(offset, zone))


def _zone(offset: str | None, zone: tzinfo) -> tzinfo:
    """ValueError for an offset that no place on earth has."""
    if offset is None:
        return zone
    if offset == "Z":
        return UTC
    digits = offset[1:].replace(":", "").ljust(4, "0")
    hours, minutes = int(digits[:2]), int(digits[2:])
    if hours > 14 or minutes > 59:
        raise ValueError("offset")
    gap = timedelta(hours=hours, minutes=minutes)
    return timezone(-gap if offset[0] == "-" else gap)


_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_WEEKDAYS = "Mon Tue Wed Thu Fri Sat Sun".split()


def formatted(at: datetime, shape: str) -> str:
    """By ODK's letters (`%Y %y %m %n %b %d %e %H %h %M %S %3 %a %W`); ValueError for another."""
    said = {
        "Y": f"{at.year:04}",
        "y": f"{at.year % 100:02}",
        "m": f"{at.month:02}",
        "n": str(at.month),
        "b": _MONTHS[at.month - 1],
        "d": f"{at.day:02}",
        "e": str(at.day),
        "H": f"{at.hour:02}",
        "h": str(at.hour),
        "M": f"{at.minute:02}",
        "S": f"{at.second:02}",
        "3": f"{at.microsecond // 1000:03}",
        "a": _WEEKDAYS[at.weekday()],
        "W": str(at.isocalendar().week),
        "%": "%",
    }

    def letter(found: re.Match[str]) -> str:
        if found[1] not in said:
            raise ValueError(found[1])
        return said[found[1]]

    return re.sub(r"%(.?)", letter, shape)
