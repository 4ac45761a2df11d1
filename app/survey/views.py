"""What a screen sees of a filling: each node as it stands, and what a change changed."""

from __future__ import annotations

from dataclasses import dataclass

from app.survey.answers import Answer
from app.survey.body import Control
from app.survey.choices import control_of
from app.survey.tree import Tree
from app.survey.wording import Wording
from app.survey.xpath.context import Context, Scope
from app.survey.xpath.values import truth_of


@dataclass(frozen=True)
class Delta:
    """What a change changed: properties by the reference of a node, rows that came, rows that went.

    Labels, hints and messages that quote an answer are not among them: whoever shows them asks again.
    """

    nodes: dict[str, frozenset[str]]
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


@dataclass(frozen=True)
class NodeView:
    """A node as it stands. `violation`: `required`, `constraint` or empty, and `message` says it."""

    ref: str
    control: Control | None
    type: str
    value: str
    is_relevant: bool
    is_required: bool
    is_readonly: bool
    violation: str
    message: str
    label: str
    hint: str

    @property
    def kind(self) -> str:
        """Of its control; `value` of what is not shown."""
        return self.control.kind if self.control else "value"


@dataclass(frozen=True)
class Rows:
    """A repeat in one node: `count` of its rows."""

    ref: str
    is_relevant: bool
    count: int


def view(node: Answer, tree: Tree, scope: Scope, wording: Wording) -> NodeView:
    """One node."""
    control = control_of(node)
    shown = control if control and not node.field.is_row else None
    return NodeView(
        ref=tree.ref_of(node),
        control=control,
        type=node.field.bind.type,
        value=node.held if node.field.is_leaf and not node.is_blank else "",
        is_relevant=not node.is_blank,
        is_required=node.is_required,
        is_readonly=node.is_readonly,
        violation=node.violation,
        message=wording.message(node, scope),
        label=wording.said(shown.label if shown else None, node, scope),
        hint=wording.said(shown.hint if shown else None, node, scope),
    )


def repeats(tree: Tree, scope: Scope) -> list[Rows]:
    """Every repeat, in every node that has one."""
    return [
        rows(path, outer, tree, scope)
        for path, each in tree.form.fields.items()
        for outer in (tree.nodes.get(each.parent, ()) if each.is_row else ())
    ]


def rows(path: str, outer: Answer, tree: Tree, scope: Scope) -> Rows:
    """A repeat in one node; where it has no row yet, relevant as the first one would be."""
    found = tree.rows_in(path, outer)
    relevant = tree.form.field(path).bind.relevant
    if outer.is_blank or found or relevant is None:
        is_relevant = not outer.is_blank and (not found or any(not row.is_blank for row in found))
    else:
        standing = Context(tree.standing_for_rows(path, outer), scope)
        is_relevant = truth_of(relevant.evaluate(standing))
    return Rows(f"{tree.ref_of(outer)}/{path.rpartition('/')[2]}", is_relevant, len(found))
