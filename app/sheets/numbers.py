"""Numbers in cells: what their format shows of them, days behind serial numbers."""

from __future__ import annotations

import datetime
import re
from enum import StrEnum


class Shown(StrEnum):
    """What a number's format shows of a day; empty when it shows a number."""

    NUMBER = ""
    DAY = "day"
    MONTH = "month"
    YEAR = "year"


_BUILT_IN_DAYS = {*range(14, 18), 22, *range(27, 32), *range(34, 37), *range(50, 59)} - {17, 55}
_BUILT_IN_MONTHS = {17, 55}
_NOT_LETTERS = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.')


def shown_by(number: int, code: str) -> Shown:
    """What the number format `number`, or its own `code`, shows (ECMA-376, 18.8.30)."""
    if not code:
        built_in = Shown.MONTH if number in _BUILT_IN_MONTHS else Shown.NUMBER
        return Shown.DAY if number in _BUILT_IN_DAYS else built_in
    letters = _NOT_LETTERS.sub("", code.split(";")[0]).lower()
    if "y" not in letters and "e+" not in letters and "d" in letters and "m" in letters:
        return Shown.DAY
    if "y" not in letters or "general" in letters:
        return Shown.NUMBER
    if "d" in letters:
        return Shown.DAY
    return Shown.MONTH if "m" in letters else Shown.YEAR


_DIGITS_MAX = 19  # more is no amount and no number of anybody, and would not cross from the child


def as_number(text: str) -> int | float | str:
    """`1942` and `1942.0` as 1942, `1.5` as 1.5; the text itself when it is no number."""
    if text.isdigit() and text.isascii():
        return int(text) if len(text) < _DIGITS_MAX else text
    try:
        number = float(text)
    except ValueError:
        return text
    if number != number or abs(number) == float("inf"):
        return text
    return int(number) if number.is_integer() and abs(number) < 1e18 else number


def day_of(serial: float, shown: Shown) -> str | None:
    """ISO for a day counted from 1900, as precise as shown; None outside 1900 to 9999.

    Excel believes in 29 February 1900 (serial 60), so earlier serials are off by one.
    """
    if not 1 <= serial < 2_958_466 or int(serial) == 60:
        return None
    start = datetime.date(1899, 12, 31) if serial < 60 else datetime.date(1899, 12, 30)
    iso = (start + datetime.timedelta(days=int(serial))).isoformat()
    return {Shown.YEAR: iso[:4], Shown.MONTH: iso[:7]}.get(shown, iso)
