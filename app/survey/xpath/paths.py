"""Steps of a path: an axis, a test of names, predicates (XPath 1.0, 2).

A step from one node gives nodes in document order, or in reverse for the axes that look back. A path of
plain steps from one node stays in order by itself; after another axis its nodes are sorted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain

from app.domain.errors import Refusal
from app.survey.nodes import Kind, Node
from app.survey.xpath.columns import Column, equal_column
from app.survey.xpath.context import Context, Evaluate
from app.survey.xpath.syntax import Expression, NodeTest, Step
from app.survey.xpath.values import Value, truth_of

Walk = Callable[[Context, Node], list[Node]]
# From nodes of one depth these lead to nodes of one depth: order and difference hold.
_LEVEL = frozenset({"child", "attribute", "self"})
_BACK = frozenset({"ancestor", "ancestor-or-self", "preceding", "preceding-sibling"})
# Prefixes that ODK's forms are written with, whatever they declare; any other is the document's own.
NAMESPACES = {
    "jr": "http://openrosa.org/javarosa",
    "orx": "http://openrosa.org/xforms",
    "odk": "http://www.opendatakit.org/xforms",
    "entities": "http://www.opendatakit.org/xforms/entities",
    "h": "http://www.w3.org/1999/xhtml",
    "xhtml": "http://www.w3.org/1999/xhtml",
}


def is_named(said: Step) -> bool:
    """A child by its plain name, whichever it is."""
    test = said.test
    is_plain = test.kind == "name" and not test.prefix and test.name != "*"
    return said.axis == "child" and is_plain and not said.predicates


def step(said: Step, compiled: Callable[[Expression], Evaluate]) -> tuple[str, Walk]:
    """Its axis, and a function from a node to the nodes of the step."""
    predicates = [compiled(each) for each in said.predicates]
    if said.axis == "child" and said.test.kind == "name" and not said.test.prefix and said.test.name != "*":
        named = _children(said.test.name)
        column = equal_column(said.predicates[0]) if predicates else None
        if column is not None:
            return said.axis, _by_column(said.test.name, column, compiled(column.other), predicates)
        return said.axis, _through(named, predicates) if predicates else named
    along, matches = _AXES[said.axis], _test(said.test, said.axis)
    return said.axis, _through(lambda _c, node: [each for each in along(node) if matches(each)], predicates)


def _children(name: str) -> Walk:
    """The step of nearly every path of a form."""
    return lambda _context, node: node.named(name)


def _through(walk: Walk, predicates: Sequence[Evaluate]) -> Walk:
    def filtering(context: Context, node: Node) -> list[Node]:
        found = walk(context, node)
        for predicate in predicates:
            found = _kept(found, predicate, context)
        return found

    return filtering


def _by_column(name: str, column: Column, other: Evaluate, predicates: Sequence[Evaluate]) -> Walk:
    """`item[column = …]` of a list that does not change is looked up, not searched."""
    searching, rest = _through(_children(name), predicates), predicates[1:]

    def looking_up(context: Context, node: Node) -> list[Node]:
        held = node.rows_by(name, column.name)
        wanted = other(context) if held is not None else None
        if held is None or not isinstance(wanted, str | list):
            return searching(context, node)
        texts = dict.fromkeys([wanted] if isinstance(wanted, str) else [each.text for each in wanted])
        lists = [held[text] for text in texts if text in held]
        found = in_order(chain.from_iterable(lists)) if len(lists) > 1 else lists[0] if lists else []
        for predicate in rest:
            found = _kept(found, predicate, context)
        return found

    return looking_up


def _kept(found: list[Node], predicate: Evaluate, context: Context) -> list[Node]:
    """Those that it is true of; of a number, the one at that place."""
    kept, size = list[Node](), len(found)
    for place, node in enumerate(found, 1):
        said = predicate(Context(node, context.scope, place, size, context.current))
        is_kept = said == place if type(said) is float else truth_of(said)
        if is_kept:
            kept.append(node)
    return kept


def named_path(names: Sequence[str]) -> Evaluate:
    """`/data/member/age`: the path of nearly every expression, from the answers' root."""
    first, *rest = names

    def evaluate(context: Context) -> Value:
        found = context.scope.root.children
        if len(found) != 1 or found[0].name != first or found[0].namespace or found[0].kind != Kind.ELEMENT:
            found = context.scope.root.named(first)
        for name in rest:
            if len(found) == 1:
                found = found[0].named(name)
            else:
                found = [each for node in found for each in node.named(name)]
        return found

    return evaluate


def path(start: Evaluate | str | None, steps: Sequence[tuple[str, Walk]]) -> Evaluate:
    """From the answers' root, the context node, or the nodes that an expression gives."""

    def evaluate(context: Context) -> Value:
        if start is None:
            found = [context.node]
        elif isinstance(start, str):
            found = [context.scope.root]
        else:
            found = _nodes(start(context))
        is_level = len(found) == 1
        for axis, walk in steps:
            if len(found) == 1:
                (only,) = found
                found = walk(context, only)
                if axis in _BACK:
                    found.reverse()
                is_level = axis in _LEVEL or len(found) < 2
                continue
            many = list(chain.from_iterable([walk(context, node) for node in found]))
            found = many if is_level and axis in _LEVEL else in_order(many)
            is_level = is_level and axis in _LEVEL
        return found

    return evaluate


def filtered(base: Evaluate, predicates: Sequence[Evaluate]) -> Evaluate:
    """What an expression gives, through predicates."""

    def evaluate(context: Context) -> Value:
        found = _nodes(base(context))
        for predicate in predicates:
            found = _kept(found, predicate, context)
        return found

    return evaluate


def union(parts: Sequence[Evaluate]) -> Evaluate:
    """Nodes of any of them, in document order, each once."""
    return lambda context: in_order(chain.from_iterable(_nodes(part(context)) for part in parts))


def in_order(found: Iterable[Node]) -> list[Node]:
    """Each once, in document order; of several documents, each for itself."""
    unique = list(dict.fromkeys(found))
    if len(unique) < 2:
        return unique
    tops = {id(node): rank for rank, node in enumerate(dict.fromkeys(each.top for each in unique))}
    return sorted(unique, key=lambda node: (tops[id(node.top)], node.place))


def _nodes(found: Value) -> list[Node]:
    if not isinstance(found, list):
        raise Refusal("survey.nodes")
    return found


def _test(said: NodeTest, axis: str) -> Callable[[Node], bool]:
    main = Kind.ATTRIBUTE if axis == "attribute" else Kind.ELEMENT
    match said.kind:
        case "node":
            return lambda _node: True
        case "text":
            return lambda node: node.kind == Kind.TEXT
        case "comment":
            return lambda node: node.kind == Kind.COMMENT
        case "processing-instruction":
            return lambda node: node.kind == Kind.INSTRUCTION and said.name in ("", node.name)
    is_of = _space(said.prefix)
    if said.name == "*":
        return lambda node: node.kind == main and (not said.prefix or is_of(node))
    return lambda node: node.kind == main and node.name == said.name and is_of(node)


def _space(prefix: str) -> Callable[[Node], bool]:
    known = "" if not prefix else NAMESPACES.get(prefix)
    if known is None:
        return lambda node: node.prefix == prefix
    return lambda node: node.namespace == known


def _ancestors(node: Node) -> Iterator[Node]:
    while (parent := node.parent) is not None:
        yield parent
        node = parent


def _siblings(node: Node) -> tuple[list[Node], int]:
    """All children of its parent, and its place among them."""
    if node.parent is None or node.kind == Kind.ATTRIBUTE:
        return [], 0
    around = node.parent.children
    return around, around.index(node)


def _after(node: Node) -> Iterator[Node]:
    around, place = _siblings(node)
    return iter(around[place + 1 :])


def _before(node: Node) -> Iterator[Node]:
    around, place = _siblings(node)
    return reversed(around[:place])


def _following(node: Node) -> Iterator[Node]:
    if node.kind == Kind.ATTRIBUTE and node.parent is not None:
        yield from _below(node.parent)
        node = node.parent
    for each in (node, *_ancestors(node)):
        for sibling in _after(each):
            yield from sibling.walk()


def _preceding(node: Node) -> Iterator[Node]:
    start = node.parent if node.kind == Kind.ATTRIBUTE and node.parent else node
    for each in (start, *_ancestors(start)):
        for sibling in _before(each):
            yield from reversed(list(sibling.walk()))


def _below(node: Node) -> Iterator[Node]:
    return (each for child in node.children for each in child.walk())


_AXES: dict[str, Callable[[Node], Iterable[Node]]] = {
    "ancestor": _ancestors,
    "ancestor-or-self": lambda node: chain([node], _ancestors(node)),
    "attribute": lambda node: node.attributes,
    "child": lambda node: node.children,
    "descendant": _below,
    "descendant-or-self": Node.walk,
    "following": _following,
    "following-sibling": _after,
    "namespace": lambda _node: [],  # a form has no use for them
    "parent": lambda node: [] if node.parent is None else [node.parent],
    "preceding": _preceding,
    "preceding-sibling": _before,
    "self": lambda node: [node],
}
