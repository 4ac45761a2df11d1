"""What may be chosen: the choices of a question as they stand, and which answers they leave standing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.errors import Refusal
from app.survey.answers import Answer
from app.survey.body import Control, Itemset
from app.survey.nodes import Node
from app.survey.wording import Wording
from app.survey.xpath.context import Context, Scope
from app.survey.xpath.values import text_of

SELECTS = frozenset({"select", "select1", "rank"})


@dataclass(frozen=True, slots=True)
class Choice:
    """What is kept, and what is shown."""

    value: str
    label: str


def control_of(node: Answer) -> Control | None:
    """What shows the node."""
    found = node.field.control
    return found if isinstance(found, Control) else None


def choices(node: Answer, scope: Scope, wording: Wording) -> list[Choice]:
    """In the form's order; none of what is no select."""
    control = control_of(node)
    if control is None or control.choices is None:
        return []
    if isinstance(control.choices, Itemset):
        found = _listed(control.choices, node, scope)
        return [
            Choice(value, text_of(control.choices.label.evaluate(_beside(item, node, scope))))
            for item, value in found
        ]
    return [Choice(value, wording.said(label, node, scope)) for value, label in control.choices]


def values(node: Answer, scope: Scope) -> list[str]:
    """Of the choices alone: labels cost more."""
    control = control_of(node)
    if control is None or control.choices is None:
        return []
    if isinstance(control.choices, Itemset):
        return [value for _, value in _listed(control.choices, node, scope)]
    return [value for value, _ in control.choices]


def _listed(itemset: Itemset, node: Answer, scope: Scope) -> list[tuple[Node, str]]:
    found = itemset.nodes.evaluate(Context(node, scope))
    if not isinstance(found, list):
        raise Refusal("survey.nodes")
    offered = [item for item in found if not item.is_blank]
    return [(item, text_of(itemset.value.evaluate(_beside(item, node, scope)))) for item in offered]


def _beside(item: Node, node: Answer, scope: Scope) -> Context:
    return Context(item, scope, current=node)


def kept(node: Answer, chosen: str, offered: Sequence[str]) -> str:
    """What of an answer is offered: of several in the form's order, of a ranking in hers.

    Refusal("survey.rank") for a ranking that leaves one out.
    """
    control = control_of(node)
    assert control is not None
    words = chosen.split()
    if control.kind == "select1":
        return chosen if chosen in offered else ""
    if control.kind == "select":
        return " ".join(value for value in offered if value in words)
    if words and set(words) != set(offered):
        raise Refusal("survey.rank")
    return " ".join(words)


def left(node: Answer, offered: Sequence[str]) -> str:
    """What stays of the answer when its choices are these; a ranking puts new ones last."""
    control = control_of(node)
    assert control is not None
    if control.kind == "rank":
        held = [value for value in node.held.split() if value in offered]
        return " ".join([*held, *(value for value in offered if value not in held)]) if held else ""
    return kept(node, node.held, offered)
