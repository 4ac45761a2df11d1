"""Numbers as officers write them: `1.250.000` and `12,5`; kept as `1250000` and `12.5`.

A dot or a comma before three digits at the end groups thousands, unless it is a decimal's comma. Years and
other numbers of four digits are shown without a dot, as offices write them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from app.domain.text import clean
from app.ui.survey.controls.reading import Reading
from app.words import gettext as _

INT_MOST = 2**31 - 1
_GROUPED = re.compile(r"[+-]?[1-9][0-9]{0,2}(?:(?P<mark>[., ])[0-9]{3})(?:(?P=mark)[0-9]{3})*")
_PLAIN = re.compile(r"[+-]?[0-9]+")
_POINTED = re.compile(r"[+-]?(?:[0-9]+[.,][0-9]*|[.,][0-9]+)")
_BOTH = re.compile(r"(?P<whole>[+-]?[0-9]{1,3}(?:(?P<mark>[., ])[0-9]{3})+)(?P<point>[.,])(?P<part>[0-9]*)")
_BARE_FROM = 10_000  # smaller ones stand without a dot


@dataclass(frozen=True)
class Whole:
    """A whole number. `is_grouped`: the form asks for dots even in thousands."""

    is_grouped: bool = False
    hint: str = ""

    def read(self, text: str) -> Reading:
        """Of any size that a form can keep."""
        typed = _typed(text)
        if not typed:
            return Reading()
        if not (_PLAIN.fullmatch(typed) or _GROUPED.fullmatch(typed)):
            is_number = bool(_POINTED.fullmatch(typed) or _BOTH.fullmatch(typed))
            why = (
                _("A whole number, without a comma.")
                if is_number
                else _("Not a number, such as 12 or 1.250.")
            )
            return Reading(problem=why, is_whole=False)
        number = int(re.sub("[., ]", "", typed))
        if abs(number) > INT_MOST:
            return Reading(
                problem=_("Too large a number: {most} at most.").format(most=grouped(str(INT_MOST)))
            )
        return Reading(str(number))

    def show(self, value: str) -> str:
        """With dots."""
        return grouped(value, 1_000 if self.is_grouped else _BARE_FROM)


@dataclass(frozen=True)
class Fraction:
    """A number with a comma, or without."""

    is_grouped: bool = False
    hint: str = ""

    def read(self, text: str) -> Reading:
        """`1.250,5` and `1,250.5` alike; `1.250` is a thousand and more, `1,250` is not."""
        typed = _typed(text)
        if not typed:
            return Reading()
        plain = _with_point(typed)
        if plain is None:
            return Reading(problem=_("Not a number, such as 12,5 or 1.250.000."), is_whole=False)
        return Reading(_bare(Decimal(plain)), is_whole=typed[-1] not in ".,")

    def show(self, value: str) -> str:
        """With a comma, and dots before it."""
        try:
            plain = _bare(Decimal(value)) if value else ""
        except InvalidOperation:
            return value
        whole, _point, part = plain.partition(".")
        whole = grouped(whole, 1_000 if self.is_grouped else _BARE_FROM)
        return f"{whole},{part}" if part else whole


def grouped(digits: str, least: int = 1_000) -> str:
    """`1250000` as `1.250.000`; what is smaller than `least`, or no number, as it is."""
    if not _PLAIN.fullmatch(digits) or abs(int(digits)) < least:
        return digits
    return f"{int(digits):,}".replace(",", ".")


def _typed(text: str) -> str:
    return clean(text).replace("−", "-").strip("'")


def _with_point(typed: str) -> str | None:
    if _PLAIN.fullmatch(typed):
        return typed
    if both := _BOTH.fullmatch(typed):
        if both["mark"] != both["point"]:
            return f"{re.sub('[., ]', '', both['whole'])}.{both['part'] or '0'}"
        typed = both["whole"] + both["point"] + both["part"]
    many = _GROUPED.fullmatch(typed)
    if many and (many["mark"] != "," or typed.count(",") > 1):
        return re.sub("[., ]", "", typed)
    if _POINTED.fullmatch(typed):
        sign, rest = (typed[0], typed[1:]) if typed[0] in "+-" else ("", typed)
        whole, part = re.split("[.,]", rest)
        return f"{sign}{whole or '0'}.{part or '0'}"
    return None


def _bare(number: Decimal) -> str:
    """Without zeros at its end, never with an exponent."""
    said = format(number, "f")
    said = said.rstrip("0").rstrip(".") if "." in said else said
    return "0" if said in ("-0", "") else said
