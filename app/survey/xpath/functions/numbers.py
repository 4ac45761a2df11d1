"""Functions of numbers."""

from __future__ import annotations

import math
import random as randoms
from collections.abc import Callable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import partial

from app.domain.errors import Refusal
from app.survey.nodes import Node
from app.survey.xpath.context import Context, Evaluate
from app.survey.xpath.functions.declaring import Functions, as_number
from app.survey.xpath.values import Value, number_of

FUNCTIONS = Functions()
_DIGITS_MAX = 30


def half_away(value: float, digits: int = 0, *, up: bool = False) -> float:
    """Rounded as it is written in decimals, half away from zero; `up`: half towards the greater."""
    if math.isnan(value) or math.isinf(value):
        return value
    if up:
        return math.floor(value + 0.5)
    said = Decimal(repr(value)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    return float(said) + 0.0


@FUNCTIONS.lazy("number", 0, 1)
def number(context: Context, given: Evaluate | None = None) -> Value:
    """As a number."""
    said: Value = [context.node] if given is None else given(context)
    return number_of(said, context.scope.zone)


@FUNCTIONS.add("int", as_number)
def int_(value: float) -> Value:
    """Without its fraction."""
    return value if math.isnan(value) or math.isinf(value) else float(math.trunc(value))


@FUNCTIONS.add("round", as_number, as_number, least=1)
def round_(value: float, digits: float = 0.0) -> Value:
    """Half away from zero; a negative count of digits rounds to tens, hundreds …"""
    if math.isnan(digits) or abs(digits) > _DIGITS_MAX:
        return value if digits > 0 else math.nan
    return half_away(value, int(digits))


@FUNCTIONS.add("floor", as_number)
def floor(value: float) -> Value:
    """The next whole number below."""
    return value if math.isnan(value) or math.isinf(value) else float(math.floor(value))


@FUNCTIONS.add("ceiling", as_number)
def ceiling(value: float) -> Value:
    """The next whole number above."""
    return value if math.isnan(value) or math.isinf(value) else float(math.ceil(value))


def _flat(context: Context, given: Sequence[Evaluate]) -> list[float]:
    """Every argument, of nodes every one."""
    found, zone = list[float](), context.scope.zone
    for each in given:
        said = each(context)
        if isinstance(said, list):
            found += [number_of(node.text, zone) for node in said]
        else:
            found.append(number_of(said, zone))
    return found


@FUNCTIONS.lazy("max", 1, 1_000)
def max_(context: Context, *given: Evaluate) -> Value:
    """NaN of nothing, or where one is no number."""
    return _of(max, _flat(context, given))


@FUNCTIONS.lazy("min", 1, 1_000)
def min_(context: Context, *given: Evaluate) -> Value:
    """NaN of nothing, or where one is no number."""
    return _of(min, _flat(context, given))


def _of(choose: Callable[[list[float]], float], found: list[float]) -> float:
    return math.nan if not found or any(map(math.isnan, found)) else choose(found)


@FUNCTIONS.lazy("sum", 1, 1)
def sum_(context: Context, given: Evaluate) -> Value:
    """Of nodes; NaN where one is no number."""
    found = given(context)
    if not isinstance(found, list):
        raise Refusal("survey.nodes")
    return math.fsum(number_of(node.text, context.scope.zone) for node in found)


@FUNCTIONS.add("pow", as_number, as_number)
def pow_(value: float, power: float) -> Value:
    """To a power."""
    try:
        return math.pow(value, power)
    except OverflowError:
        return math.inf
    except ValueError:
        return math.nan


@FUNCTIONS.add("abs", as_number)
def abs_(value: float) -> Value:
    """Without its sign."""
    return abs(value)


@FUNCTIONS.add("pi")
def pi() -> Value:
    """3.14159…"""
    return math.pi


def _careful(does: Callable[..., float], *given: float) -> Value:
    """NaN where mathematics has no answer."""
    try:
        return does(*given)
    except ValueError:
        return math.nan
    except OverflowError:
        return math.inf


def _log(does: Callable[[float], float], value: float) -> float:
    return -math.inf if value == 0 else does(value)


_CAREFUL: dict[str, Callable[[float], float]] = {
    "sin": math.sin,
    "cos": math.cos,
    "tan": math.tan,
    "asin": math.asin,
    "acos": math.acos,
    "atan": math.atan,
    "sqrt": math.sqrt,
    "exp": math.exp,
    "exp10": partial(math.pow, 10.0),
    "log": partial(_log, math.log),
    "log10": partial(_log, math.log10),
}
for _name, _does in _CAREFUL.items():
    FUNCTIONS.add(_name, as_number)(partial(_careful, _does))
FUNCTIONS.add("atan2", as_number, as_number)(partial(_careful, math.atan2))


@FUNCTIONS.add("random")
def random() -> Value:
    """From 0 to 1."""
    return randoms.random()


@FUNCTIONS.lazy("randomize", 1, 2)
def randomize(context: Context, given: Evaluate, seed: Evaluate | None = None) -> Value:
    """Nodes in a random order (ODK's: Park–Miller and Fisher–Yates), the same one all through a filling."""
    found, start = given(context), context.scope.shuffle
    if seed is not None:
        start = number_of(seed(context), context.scope.zone)
    if not isinstance(found, list) or math.isnan(start):
        raise Refusal("survey.nodes")
    rolled, roll = list[Node](found), _park_miller(start)
    for at in range(len(rolled) - 1, 0, -1):
        other = math.floor(roll() * (at + 1))
        rolled[at], rolled[other] = rolled[other], rolled[at]
    return rolled


def _park_miller(seed: float) -> Callable[[], float]:
    state = int(seed) % 2147483647
    if state <= 0:
        state += 2147483646

    def roll() -> float:
        nonlocal state
        state = state * 16807 % 2147483647
        return (state - 1) / 2147483646

    return roll
