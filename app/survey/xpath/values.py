"""What an expression comes to, and how one kind is read as another (XPath 1.0, 3 and 4; ODK XForms).

A value is text, a number, a truth, nodes in document order, or a moment. Numbers are written as
JavaScript writes them, for that is what forms were tried with.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import tzinfo
from decimal import Decimal
from operator import eq, ge, gt, le, lt, ne
from typing import Any

from app.survey.nodes import Node
from app.survey.xpath.moments import Moment, is_dated, read_moment

Value = str | float | bool | list[Node] | Moment
_NUMBER = re.compile(r"\s*-?(?:\d+(?:\.\d*)?|\.\d+)\s*")
_WHOLE_MAX = 1e21  # from here on JavaScript writes a power of ten


class DayNumber(float):
    """A number that was a date: whole days where it is written."""


def text_of(value: Value) -> str:
    """As text."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return value[0].text if value else ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return number_text(value)
    return value.text


def number_text(value: float) -> str:
    """`1`, `0.5`, `1e-9`, `NaN`, `-Infinity`."""
    if isinstance(value, DayNumber):
        return str(math.floor(value))
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    if value == int(value) and abs(value) < _WHOLE_MAX:
        return str(int(value))
    said = repr(value)
    if abs(value) < 1e-6 or abs(value) >= _WHOLE_MAX:
        digits, _, power = said.partition("e")
        return f"{digits}e{int(power):+}" if power else said
    return f"{Decimal(said):f}"


def number_of(value: Value, zone: tzinfo) -> float:
    """As a number: NaN of what is none; a text in a date's shape counts as its days."""
    if isinstance(value, float):
        return value
    if isinstance(value, list):
        text = value[0].text if value else ""
    elif isinstance(value, str):
        text = value
    elif isinstance(value, bool):
        return 1.0 if value else 0.0
    else:
        return value.days
    if not text:
        return math.nan
    if _NUMBER.fullmatch(text):
        return float(text)
    return DayNumber(read_moment(text, zone).days) if is_dated(text) else math.nan


def truth_of(value: Value) -> bool:
    """As a truth."""
    if isinstance(value, bool):
        return value
    if isinstance(value, float):
        return not (value == 0 or math.isnan(value))
    if isinstance(value, Moment):
        return value.at is not None
    return bool(value)


Comparing = Callable[[Any, Any], bool]
COMPARISONS: dict[str, Comparing] = {"=": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge}
_TURNED = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


def compare(op: str, left: Value, right: Value, zone: tzinfo) -> bool:
    """XPath 1.0, 3.4: of nodes, whether one of them compares so; a moment compares as its days.

    As in web-forms, nodes equal a truth by there being any, and are more or less than it by their numbers.
    """
    if isinstance(right, list):
        if isinstance(left, list):
            texts = {node.text for node in right}
            if op == "=":
                return any(node.text in texts for node in left)
            return any(_compare_one(op, node.text, text, zone) for node in left for text in texts)
        op, left, right = _TURNED[op], right, left
    if isinstance(left, list):
        if isinstance(right, bool) and op in ("=", "!="):
            return _compare_one(op, bool(left), right, zone)
        return any(_compare_one(op, node.text, right, zone) for node in left)
    return _compare_one(op, left, right, zone)


def _compare_one(op: str, left: Value, right: Value, zone: tzinfo) -> bool:
    comparing = COMPARISONS[op]
    if op in ("=", "!="):
        if isinstance(left, bool) or isinstance(right, bool):
            return comparing(truth_of(left), truth_of(right))
        if isinstance(left, str) and isinstance(right, str):
            return comparing(left, right)
    return comparing(number_of(left, zone), number_of(right, zone))
