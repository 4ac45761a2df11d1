"""An answer as cells of a table: numbers, days, moments, a place as four; what is none of them stays text."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from datetime import datetime

from app.domain.dates import PartialDate
from app.survey.xpath.context import VIETNAM
from app.survey.xpath.moments import read_moment

Cell = str | int | float | PartialDate | datetime | None

PLACE = ("Latitude", "Longitude", "Altitude", "Accuracy")
_DIGITS_MAX = 15  # what a number of a workbook holds; more would come out as another number
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d{1,3})?")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def number(text: str) -> int | float | str:
    """A number, or the text where it is none, or one that a workbook would round."""
    digits = re.sub(r"[eE].*|\D", "", text).lstrip("0")
    if not _NUMBER.fullmatch(text) or len(digits) > _DIGITS_MAX:
        return text
    value = float(text)
    if not math.isfinite(value):
        return text
    return int(value) if value.is_integer() and abs(value) < 10**_DIGITS_MAX else value


def day(text: str) -> PartialDate | str:
    """A day, or the text."""
    try:
        return PartialDate.parse(text) if _DAY.fullmatch(text) else text
    except ValueError:
        return text


def moment(text: str) -> datetime | str:
    """A moment in Vietnam's time, or the text."""
    found = read_moment(text, VIETNAM).at if "T" in text else None
    return text if found is None else found.astimezone(VIETNAM)


def place(text: str) -> Sequence[Cell]:
    """Latitude, longitude, altitude, accuracy; text that is no place stands in the first."""
    parts = text.split()
    if not 2 <= len(parts) <= len(PLACE) or any(isinstance(number(part), str) for part in parts):
        return (text, None, None, None)
    read = [number(part) for part in parts]
    return (*read, *[None] * (len(PLACE) - len(read)))


_ONE: dict[str, Callable[[str], Cell]] = {
    "int": number,
    "decimal": number,
    "date": day,
    "dateTime": moment,
}


def cells(kind: str, text: str) -> Sequence[Cell]:
    """Of an answer of a type that is not empty: four of a place, one of any other."""
    if kind == "geopoint":
        return place(text)
    return (_ONE.get(kind, str)(text),)
