"""Whether a value may stand in a cell: what its field's type asks of it. Pure and total."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any
from unicodedata import is_normalized

from app.domain.dates import PartialDate
from app.domain.errors import Refusal
from app.domain.records import Type, Value, field_of

Fits = Callable[[Any], object]  # a value → something true if a cell may hold it

TEXT_LENGTH_MAX = 4_000
SEALED_LENGTH_MAX = 1 << 20  # a proposal may name a thousand pairs; a form, the members of a house
_DIGITS = re.compile(r"[0-9A-Z]{1,34}")
_ID = re.compile(r"[0-9a-f]{32}")
_SHA256 = re.compile(r"[0-9a-f]{64}")


def fault_of(kind: str, cell: str, value: Value) -> str | None:
    """Why a value may not stand in this cell, as a code; None when it may. Pure and total."""
    field, fits = field_of(kind, cell), fitting(kind, cell)
    if field is None or fits is None:
        return "unknown_field"
    return None if value is None or _is_fit(fits, value) else f"not_{field.type}"


def check(kind: str, cell: str, value: Value) -> None:
    """Raise Refusal("record.value") when a value may not stand in this cell."""
    fault = fault_of(kind, cell, value)
    if fault:
        raise Refusal("record.value", field=cell, kind=kind, fault=fault)


@lru_cache(maxsize=4096)
def fitting(kind: str, cell: str) -> Fits | None:
    """What says whether a value, None apart, fits a declared cell: something true if so; None for a stranger.

    It raises TypeError for what no cell holds, such as a list.
    """
    field = field_of(kind, cell)
    if field is None:
        return None
    return frozenset(field.choices).__contains__ if field.type is Type.CHOICE else _FITTING[field.type]


def _is_fit(fits: Fits, value: Value) -> bool:
    try:
        return bool(fits(value))
    except TypeError:
        return False


def _is_text(value: Any, longest: int = TEXT_LENGTH_MAX) -> bool:
    is_so = isinstance(value, str) and 0 < len(value) <= longest
    return is_so and "\0" not in value and is_normalized("NFC", value)


def _is_sealed(value: Any) -> bool:
    return _is_text(value, SEALED_LENGTH_MAX)


def _is_count(value: Any) -> bool:
    return type(value) is int and 0 <= value < 1 << 53


@lru_cache(maxsize=1 << 15)  # a register's days of birth, and then some
def _is_date(text: Any) -> bool:
    try:
        return isinstance(text, str) and PartialDate.parse(text).iso() == text
    except ValueError:
        return False


_FITTING: dict[Type, Fits] = {
    Type.TEXT: _is_text,
    Type.CODE: _is_text,
    Type.SEALED: _is_sealed,
    Type.DOCUMENT: _is_sealed,
    Type.DIGITS: _DIGITS.fullmatch,
    Type.DATE: _is_date,
    Type.MONEY: _is_count,
    Type.WHOLE: _is_count,
    Type.FLAG: lambda value: type(value) is bool,
    Type.MEMBERS: lambda value: value is True,
    Type.REF: _ID.fullmatch,
    Type.DIGEST: _SHA256.fullmatch,
}
