"""Where an expression is evaluated, and what it may ask of the world around its document."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone, tzinfo

from app.survey.nodes import Node
from app.survey.xpath.values import Value

# Fixed: the named zone had other offsets before 1975, the birth years of old beneficiaries.
VIETNAM = timezone(timedelta(hours=7))


def _nothing(*_asked: object) -> None:
    return None


@dataclass
class Scope:
    """One filling's world. `root`: where absolute paths begin, the parent of the answers' element.

    `instance`: a secondary instance by its id; `itext`: a text of the form by its id, in the language that
    is shown, at a node; `choice_name`: a choice's label by value and question; each answers None for what
    there is not. `clock`: now, aware; `shuffle`: seed of the orders that the form leaves open.
    """

    root: Node
    zone: tzinfo = VIETNAM
    clock: Callable[[], datetime] = field(default=lambda: datetime.now(VIETNAM))
    instance: Callable[[str], Node | None] = _nothing
    itext: Callable[[str, Node], str | None] = _nothing
    choice_name: Callable[[str, Node], str | None] = _nothing
    shuffle: float = field(default_factory=lambda: random.randrange(1, 1 << 31))


class Context:
    """A node, its place among those that a predicate looks at, and the node where the expression began."""

    __slots__ = ("current", "node", "position", "scope", "size")

    def __init__(
        self, node: Node, scope: Scope, position: int = 1, size: int = 1, current: Node | None = None
    ) -> None:
        self.node, self.scope, self.position, self.size = node, scope, position, size
        self.current = node if current is None else current

    def at(self, node: Node, position: int = 1, size: int = 1) -> Context:
        """The same at another node."""
        return Context(node, self.scope, position, size, self.current)


Evaluate = Callable[[Context], Value]
