"""A submission gone through: a row for itself and one for each row of its repeats, with the answers in each.

What is repeated is what the form repeats, and whatever stands several times in a submission of another
version. Keys are those of ODK Central: `uuid:…`, and of a row `uuid:…/house/member[2]`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from app.survey.labels import plain_name
from app.survey.model import name_of
from app.survey.nodes import Node, read_document


@dataclass(slots=True)
class Row:
    """`path`: of the repeat, or of the form's root; `answers`: what holds no elements, and attributes."""

    path: str
    key: str
    parent: str = ""
    answers: dict[str, Node] = field(default_factory=dict)
    groups: list[str] = field(default_factory=list)  # paths of groups that were shown


def root_of(content: bytes) -> Node:
    """The answers' element. Refusal("survey.xml")."""
    return next(read_document(content).elements())


def rows(root: Node, top: str, repeats: Collection[str], key: str) -> Iterator[Row]:
    """The submission's own row, then those within it, each before what lies in it. `top`: its root's path."""
    yield from _inside(root, Row(top, key), repeats, key)


def _inside(node: Node, row: Row, repeats: Collection[str], key: str) -> Iterator[Row]:
    """The row of a node, and those further in; `key`: of the place where it stands."""
    deeper = list(_gather(node, row.path, row, repeats, key))
    yield row
    for child, below, within in deeper:
        yield from _inside(child, below, repeats, within)


def _gather(
    node: Node, path: str, row: Row, repeats: Collection[str], key: str
) -> Iterator[tuple[Node, Row, str]]:
    for attribute in node.attributes:
        row.answers[f"{path}/{name_of(attribute)}"] = attribute
    inside = list(node.elements())
    if not inside:
        row.answers[path] = node
        return
    row.groups.append(path)
    counted = dict[str, int]()
    for child in inside:
        name = name_of(child)
        below, within = f"{path}/{name}", f"{key}/{plain_name(name)}"
        if below in repeats:
            counted[name] = counted.get(name, 0) + 1
            within = f"{within}[{counted[name]}]"
            yield child, Row(below, within, row.key), within
        else:
            yield from _gather(child, below, row, repeats, within)


def repeated(root: Node, top: str) -> Iterator[str]:
    """Paths that stand several times in one node."""
    seen = set[str]()
    for child in root.elements():
        path = f"{top}/{name_of(child)}"
        if path in seen:
            yield path
        seen.add(path)
        yield from repeated(child, path)
