"""Predicates that ask for a row by what stands in a column: `[commune = /data/commune]`."""

from __future__ import annotations

from dataclasses import dataclass

from app.survey.xpath.syntax import Call, Chain, Expression, Path, Step, Text


@dataclass(frozen=True)
class Column:
    """`name` of a child of the row; `other`: what it has to equal, the same for every row."""

    name: str
    other: Expression


def equal_column(predicate: Expression) -> Column | None:
    """The column and the value of such a predicate; None of any other."""
    match predicate:
        case Chain(one, (("=", other),)):
            for cell, value in ((one, other), (other, one)):
                name = _column(cell)
                if name is not None and _is_same_for_every_row(value):
                    return Column(name, value)
    return None


def _column(cell: Expression) -> str | None:
    match cell:
        case Path(None, (Step("child", test, ()),)) if (
            test.kind == "name" and not test.prefix and test.name != "*"
        ):
            return test.name
    return None


def _is_same_for_every_row(value: Expression) -> bool:
    """Text, or a path that does not begin at the row. Its predicates begin at its own nodes."""
    match value:
        case Text():
            return True
        case Path("/", _) | Path(Call("current", ()), _):
            return True
    return False
