"""What may stand in a field of a type, written one way; what may not stands as nothing (ODK XForms).

A date may not be read out of free text, nor a number out of a date: what an officer typed wrong is shown
to her as wrong by the screen, which asks here first.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable

from app.domain.errors import Refusal
from app.survey.xpath.context import VIETNAM
from app.survey.xpath.moments import read_moment, read_time
from app.survey.xpath.values import number_text

_INT_MAX = 2**31 - 1  # ODK's int has 32 bits; money in đồng is a decimal
_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_DATE_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,3})?(?:Z|[+-]\d\d:\d\d)?")
_TIME = re.compile(r"\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:\d\d)?")


def canonical(kind: str, text: str) -> str:
    """As it is kept. Refusal("survey.int") for a whole number beyond ODK's."""
    written = _WRITTEN.get(kind)
    return unicodedata.normalize("NFC", text) if written is None else written(text.strip())


def accepted(kind: str, text: str) -> str:
    """The same of what somebody typed: no moment for a day, though a form's own moment stands for its day."""
    return "" if kind == "date" and not _DATE.fullmatch(text.strip()) else canonical(kind, text)


def _number(text: str) -> float:
    return float(text) if _NUMBER.fullmatch(text) else math.nan


def _int(text: str) -> str:
    value = _number(text)
    if math.isnan(value) or math.isinf(value):
        return ""
    if abs(value) > _INT_MAX:
        raise Refusal("survey.int", most=_INT_MAX)
    return str(math.trunc(value))


def _decimal(text: str) -> str:
    """With a point always, as web-forms writes one."""
    value = _number(text)
    if math.isnan(value) or math.isinf(value):
        return ""
    said = number_text(value)
    return said if "." in said or "e" in said else f"{said}.0"


def _date(text: str) -> str:
    day = text[:10]
    return day if _DATE.fullmatch(day) and read_moment(text, VIETNAM).at is not None else ""


def _date_time(text: str) -> str:
    return text if _DATE_TIME.fullmatch(text) and read_moment(text, VIETNAM).at is not None else ""


def _time(text: str) -> str:
    return text if _TIME.fullmatch(text) and read_time(text, VIETNAM) is not None else ""


def _geopoint(text: str) -> str:
    """Latitude and longitude in degrees, altitude and accuracy in metres."""
    numbers = [_number(part) for part in text.split()]
    if not 2 <= len(numbers) <= 4 or any(math.isnan(number) for number in numbers):
        return ""
    latitude, longitude, *rest = numbers
    if abs(latitude) > 90 or abs(longitude) > 180:
        return ""
    told = [_point(number) for number in (latitude, longitude)]
    return " ".join(told + [repr(float(number)) for number in (*rest, 0.0, 0.0)[:2]])


def _point(number: float) -> str:
    return repr(float(number))


_WRITTEN: dict[str, Callable[[str], str]] = {
    "int": _int,
    "decimal": _decimal,
    "date": _date,
    "dateTime": _date_time,
    "time": _time,
    "geopoint": _geopoint,
}
