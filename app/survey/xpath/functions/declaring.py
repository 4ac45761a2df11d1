"""How a function is declared: its name in a form, what it takes, and a Python function that does it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from app.survey.xpath.context import Context, Evaluate
from app.survey.xpath.values import Value, number_of, text_of, truth_of

MANY = 1_000
Binding = Callable[[Sequence[Evaluate]], Evaluate]
Reading = Callable[[Value, Context], Any]
Does = TypeVar("Does", bound=Callable[..., Value])


@dataclass(frozen=True)
class Function:
    """`bind` joins it to its arguments; `least`, `most`: how many there may be."""

    name: str
    least: int
    most: int
    bind: Binding


def as_text(value: Value, _context: Context) -> str:
    """An argument wanted as text."""
    return text_of(value)


def as_number(value: Value, context: Context) -> float:
    """An argument wanted as a number."""
    return number_of(value, context.scope.zone)


def as_truth(value: Value, _context: Context) -> bool:
    """An argument wanted as a truth."""
    return truth_of(value)


def as_it_is(value: Value, _context: Context) -> Value:
    """Any kind."""
    return value


@dataclass
class Functions:
    """The functions of one subject."""

    held: dict[str, Function] = field(default_factory=dict)

    def lazy(
        self, name: str, least: int, most: int
    ) -> Callable[[Callable[..., Value]], Callable[..., Value]]:
        """Given the context and its arguments not yet evaluated."""

        def declare(does: Does) -> Does:
            def bind(given: Sequence[Evaluate]) -> Evaluate:
                return lambda context: does(context, *given)

            self.held[name] = Function(name, least, most, bind)
            return does

        return declare

    def add(
        self, name: str, *reading: Reading, least: int | None = None, more: Reading | None = None
    ) -> Callable[[Does], Does]:
        """Given its arguments, each as it is wanted; `more`: how any beyond these are."""

        def declare(does: Does) -> Does:
            def bind(given: Sequence[Evaluate]) -> Evaluate:
                extra = [more] * (len(given) - len(reading)) if more is not None else []
                return _bound(does, list(zip(given, [*reading, *extra], strict=False)))

            fewest = len(reading) if least is None else least
            self.held[name] = Function(name, fewest, MANY if more else len(reading), bind)
            return does

        return declare


def _bound(does: Callable[..., Value], read: list[tuple[Evaluate, Reading]]) -> Evaluate:
    if len(read) == 1:
        ((only, as_wanted),) = read
        return lambda context: does(as_wanted(only(context), context))
    return lambda context: does(*[as_wanted(given(context), context) for given, as_wanted in read])
