"""Steps of a path: an axis, a test of names, predicates (XPath 1.0, 2).

A step from one node gives nodes in document order, or in reverse for the axes that look back. A path of
plain steps from one node stays in order by itself; after another axis its nodes are sorted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain

from app.domain.errors import Refusal
from app.survey.nodes import Kind, Node
from app.survey.xpath.context import Context, Evaluate
from app.survey.xpath.syntax import Expression, NodeTest, Step
from app.survey.xpath.values import Value, truth_of

Walk = Callable[[Context, Node], list[Node]]
# From nodes of one depth these lead to nodes of one depth: order and difference hold.
_LEVEL = frozenset({"child", "attribute", "self"})
_BACK = frozenset({"ancestor", "ancestor-or-self", "preceding", "preceding-sibling"})
# Prefixes that ODK's forms are written with, whatever they declare.
NAMESPACES = {
    "jr": "http://openrosa.org/javarosa",
    "orx": "http://openrosa.org/xforms",
    "odk": "http://www.opendatakit.org/xforms",
    "entities": "http://www.opendatakit.org/xforms/entities",
    "h": "http://www.w3.org/1999/xhtml",
    "xhtml": "http://www.w3.org/1999/xhtml",
    "ev": "http://www.w3.org/2001/xml-events",
    "OpenClinica": "http://openclinica.com/odm",
}


def step(said: Step, compiled: Callable[[Expression], Evaluate]) -> tuple[str, Walk]:
    """Its axis, and a function from a node to the nodes of the step."""
    along, matches = _AXES[said.axis], _test(said.test, said.axis)
    predicates = [compiled(each) for each in said.predicates]

    if said.axis == "child" and not predicates and said.test.kind == "name" and not said.test.prefix:
        return said.axis, _children(said.test.name)

    def walk(context: Context, node: Node) -> list[Node]:
        found = [each for each in along(node) if matches(each)]
        for predicate in predicates:
            found = _kept(found, predicate, context)
        return found

    return said.axis, walk


def _children(name: str) -> Walk:
    """The step of nearly every path of a form."""
    if name == "*":
        return lambda _context, node: [each for each in node.children if each.kind == Kind.ELEMENT]
    return lambda _context, node: [
        each
        for each in node.children
        if each.name == name and each.kind == Kind.ELEMENT and not each.namespace
    ]


def _kept(found: list[Node], predicate: Evaluate, context: Context) -> list[Node]:
    """Those that it is true of; of a number, the one at that place."""
    kept, size = list[Node](), len(found)
    for place, node in enumerate(found, 1):
        said = predicate(Context(node, context.scope, place, size, context.current))
        is_kept = said == place if type(said) is float else truth_of(said)
        if is_kept:
            kept.append(node)
    return kept


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
    namespace = NAMESPACES.get(said.prefix, said.prefix) if said.prefix else ""
    if said.name == "*":
        return lambda node: node.kind == main and (not said.prefix or node.namespace == namespace)
    return lambda node: node.kind == main and node.name == said.name and node.namespace == namespace


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
