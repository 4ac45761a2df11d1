"""What an expression says: a tree of what is written, nothing evaluated (XPath 1.0, 2 and 3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Text:
    """A literal."""

    value: str


@dataclass(frozen=True, slots=True)
class Number:
    """A literal."""

    value: float


@dataclass(frozen=True, slots=True)
class Call:
    """A function and what it is given; `at`: where it stands in the text."""

    name: str
    arguments: tuple[Expression, ...]
    at: int = 0


@dataclass(frozen=True, slots=True)
class Chain:
    """Operands joined by operators of one rank, from the left."""

    first: Expression
    rest: tuple[tuple[str, Expression], ...]


@dataclass(frozen=True, slots=True)
class Negation:
    """A minus before it."""

    operand: Expression


@dataclass(frozen=True, slots=True)
class Union:
    """Nodes of any of them."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class NodeTest:
    """Which nodes of an axis: `kind` is `name`, `node`, `text`, `comment` or `processing-instruction`.

    `name`: local, `*` for any; of an instruction its target, or empty.
    """

    kind: str
    name: str = ""
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a path."""

    axis: str
    test: NodeTest
    predicates: tuple[Expression, ...] = ()


@dataclass(frozen=True, slots=True)
class Path:
    """Steps from `start`: the answers' root (`/`), the context node (None), or what an expression gives."""

    start: Expression | str | None
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Filter:
    """What an expression gives, through predicates."""

    base: Expression
    predicates: tuple[Expression, ...]


Expression = Text | Number | Call | Chain | Negation | Union | Path | Filter


def inside(expression: Expression) -> Iterator[Expression]:
    """It and every expression within it, predicates too."""
    yield expression
    for part in _parts(expression):
        yield from inside(part)


def _parts(expression: Expression) -> Iterator[Expression]:
    match expression:
        case Call(_, arguments):
            yield from arguments
        case Chain(first, rest):
            yield first
            yield from (operand for _, operand in rest)
        case Negation(operand):
            yield operand
        case Union(parts):
            yield from parts
        case Filter(base, predicates):
            yield base
            yield from predicates
        case Path(start, steps):
            if start is not None and not isinstance(start, str):
                yield start
            yield from (predicate for step in steps for predicate in step.predicates)
        case _:
            return


def unfiltered(expression: Expression) -> Expression:
    """The same nodes before any predicate chose among them, in the order in which they stand."""
    match expression:
        case Call("randomize", (shuffled, *_)):
            return unfiltered(shuffled)
        case Union(parts):
            return Union(tuple(unfiltered(each) for each in parts))
        case Filter(base, _):
            return unfiltered(base)
        case Path(start, steps):
            begin = start if start is None or isinstance(start, str) else unfiltered(start)
            return Path(begin, tuple(replace(each, predicates=()) for each in steps))
        case _:
            return expression
