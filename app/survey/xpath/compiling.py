"""A tree → a function of a context: what is asked again at every answer is looked at once.

    evaluate = compile_expression("../age >= 80")
    evaluate(Context(node, scope)) → a value

What is not evaluated raises nothing: an unknown function behind `if(false(), …)` stays unnoticed here;
publishing looks for it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache

from app.domain.errors import Refusal
from app.survey.xpath import paths
from app.survey.xpath.context import Context, Evaluate
from app.survey.xpath.functions.known import FUNCTIONS
from app.survey.xpath.parser import parse
from app.survey.xpath.syntax import (
    Call,
    Chain,
    Expression,
    Filter,
    Negation,
    Number,
    Path,
    Text,
    Union,
    unfiltered,
)
from app.survey.xpath.values import COMPARISONS, Value, compare, number_of, truth_of


@lru_cache(maxsize=4_096)
def compile_expression(text: str) -> Evaluate:
    """The function of an expression's text. Refusal("survey.syntax")."""
    return _compiled(parse(text))


@lru_cache(maxsize=4_096)
def compile_unfiltered(text: str) -> Evaluate:
    """The same of nodes, all that it could ever give: its predicates and its shuffling are read over."""
    return _compiled(unfiltered(parse(text)))


def _compiled(tree: Expression) -> Evaluate:
    match tree:
        case Text(value) | Number(value):
            return _constant(value)
        case Negation(operand):
            inner = _compiled(operand)
            return lambda context: -number_of(inner(context), context.scope.zone)
        case Chain(first, rest):
            return _chain(_compiled(first), [(op, _compiled(operand)) for op, operand in rest])
        case Union(parts):
            return paths.union([_compiled(part) for part in parts])
        case Filter(base, predicates):
            return paths.filtered(_compiled(base), [_compiled(each) for each in predicates])
        case Path(start, steps):
            names = [each.test.name for each in steps if paths.is_named(each)]
            if start == "/" and names and len(names) == len(steps):
                return paths.named_path(names)
            begin = start if start is None or isinstance(start, str) else _compiled(start)
            return paths.path(begin, [paths.step(each, _compiled) for each in steps])
        case Call(name, arguments):
            return _call(name, arguments)


def _constant(value: Value) -> Evaluate:
    return lambda _context: value


def _call(name: str, arguments: tuple[Expression, ...]) -> Evaluate:
    known = FUNCTIONS.get(name)
    if known is None:
        return _raising(Refusal("survey.function", name=name))
    if not known.least <= len(arguments) <= known.most:
        return _raising(Refusal("survey.arguments", name=name))
    return known.bind([_compiled(each) for each in arguments])


def _raising(refusal: Refusal) -> Evaluate:
    def refuse(_context: Context) -> Value:
        raise refusal

    return refuse


def _chain(first: Evaluate, rest: list[tuple[str, Evaluate]]) -> Evaluate:
    op = rest[0][0]
    if op in ("and", "or"):
        return _logic(op, [first, *(operand for _, operand in rest)])
    if op in COMPARISONS:
        return _comparison(first, rest)
    return _arithmetic(first, rest)


def _logic(op: str, operands: list[Evaluate]) -> Evaluate:
    if op == "and":
        return lambda context: all(truth_of(operand(context)) for operand in operands)
    return lambda context: any(truth_of(operand(context)) for operand in operands)


def _comparison(first: Evaluate, rest: list[tuple[str, Evaluate]]) -> Evaluate:
    if len(rest) == 1:
        ((op, second),) = rest
        return lambda context: compare(op, first(context), second(context), context.scope.zone)

    def several(context: Context) -> Value:
        found = first(context)
        for op, operand in rest:
            found = compare(op, found, operand(context), context.scope.zone)
        return found

    return several


def _arithmetic(first: Evaluate, rest: list[tuple[str, Evaluate]]) -> Evaluate:
    steps = [(_ARITHMETIC[op], operand) for op, operand in rest]

    def reckon(context: Context) -> Value:
        zone = context.scope.zone
        found = number_of(first(context), zone)
        for does, operand in steps:
            found = does(found, number_of(operand(context), zone))
        return float(found)

    return reckon


def _divided(left: float, right: float) -> float:
    if right:
        return left / right
    if math.isnan(left) or left == 0 or math.isnan(right):
        return math.nan
    return math.copysign(math.inf, left) * math.copysign(1.0, right)


def _rest(left: float, right: float) -> float:
    """With the sign of what is divided, as JavaScript's."""
    if math.isinf(left) or math.isnan(left) or math.isnan(right) or right == 0:
        return math.nan
    return math.fmod(left, right)


_ARITHMETIC: dict[str, Callable[[float, float], float]] = {
    "+": float.__add__,
    "-": float.__sub__,
    "*": float.__mul__,
    "div": _divided,
    "mod": _rest,
}
