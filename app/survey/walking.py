"""A submission gone through: a row for itself and one for each row of its repeats, with the answers in each.

What is repeated is what the form repeats, and whatever stands several times in a submission of another
version. Keys are those of ODK Central: `uuid:…`, and of a row `uuid:…/house/member[2]`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from app.survey.labels import plain_name
from app.survey.model import name_of
from app.survey.nodes import Node


@dataclass(slots=True)
class Row:
    """`path`: of the repeat, or of the form's root; `answers`: what holds no elements, and attributes."""

    path: str
    key: str
    parent: str = ""
    answers: dict[str, Node] = field(default_factory=dict)


def rows(root: Node, top: str, repeats: Collection[str], key: str) -> Iterator[Row]:
    """The submission's own row, then those within it, each before what lies in it. `top`: its root's path."""
    yield from _inside(root, Row(top, key), repeats)


def _inside(node: Node, row: Row, repeats: Collection[str]) -> Iterator[Row]:
    """The row of a node, and those further in."""
    deeper = list[tuple[Node, Row]]()
    _gather(node, row.path, row.key, row, repeats, deeper)
    yield row
    for child, below in deeper:
        yield from _inside(child, below, repeats)


def _gather(
    node: Node, path: str, key: str, row: Row, repeats: Collection[str], deeper: list[tuple[Node, Row]]
) -> None:
    """What a row holds goes into it, and its rows into `deeper`; `path`, `key`: of the node's place."""
    for attribute in node.attributes:
        row.answers[f"{path}/{name_of(attribute)}"] = attribute
    inside = list(node.elements())
    if not inside:
        row.answers[path] = node
        return
    counted = Counter[str]()
    for child in inside:
        name = name_of(child)
        below = f"{path}/{name}"
        if below in repeats:
            counted[name] += 1
            deeper.append((child, Row(below, f"{key}/{plain_name(name)}[{counted[name]}]", row.key)))
        else:
            _gather(child, below, f"{key}/{plain_name(name)}", row, repeats, deeper)


def repeated(root: Node, top: str) -> Iterator[str]:
    """Paths that stand several times in one node."""
    waiting = [(root, top)]
    while waiting:
        node, path = waiting.pop()
        inside = [(child, name_of(child)) for child in node.elements()]
        counted = Counter(name for _, name in inside)
        yield from (f"{path}/{name}" for name, count in counted.items() if count > 1)
        waiting += [(child, f"{path}/{name}") for child, name in inside if any(child.elements())]
