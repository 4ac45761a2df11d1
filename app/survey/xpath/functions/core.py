"""Functions of nodes, of truth, and of which argument is looked at."""

from __future__ import annotations

import math
from collections.abc import Sequence

from app.domain.errors import Refusal
from app.survey.nodes import Kind, Node
from app.survey.xpath.context import Context, Evaluate
from app.survey.xpath.functions.declaring import (
    MANY,
    Functions,
    as_it_is,
    as_number,
    as_text,
    as_truth,
)
from app.survey.xpath.values import Value, number_of, text_of, truth_of

FUNCTIONS = Functions()
_XML = "http://www.w3.org/XML/1998/namespace"


def nodes_in(value: Value) -> list[Node]:
    """An argument that has to be nodes. Refusal("survey.nodes")."""
    if not isinstance(value, list):
        raise Refusal("survey.nodes")
    return value


@FUNCTIONS.add("true")
def true() -> Value:
    """Always."""
    return True


@FUNCTIONS.add("false")
def false() -> Value:
    """Never."""
    return False


@FUNCTIONS.add("not", as_truth)
def not_(said: bool) -> Value:
    """The other truth."""
    return not said


@FUNCTIONS.add("boolean", as_truth)
def boolean(said: bool) -> Value:
    """As a truth."""
    return said


@FUNCTIONS.add("boolean-from-string", as_text)
def boolean_from_string(said: str) -> Value:
    """Of `1` and `true` alone, whatever the case."""
    return said.strip().lower() in ("1", "true")


@FUNCTIONS.lazy("if", 3, 3)
def if_(context: Context, test: Evaluate, then: Evaluate, otherwise: Evaluate) -> Value:
    """Only one of the two is looked at."""
    return then(context) if truth_of(test(context)) else otherwise(context)


@FUNCTIONS.lazy("coalesce", 1, MANY)
def coalesce(context: Context, *given: Evaluate) -> Value:
    """The first that is not empty, else the last."""
    said: Value = ""
    for each in given:
        said = each(context)
        if text_of(said):
            return said
    return said


@FUNCTIONS.lazy("once", 1, 1)
def once(context: Context, given: Evaluate) -> Value:
    """What the node holds already; only while it is empty is it reckoned."""
    held = context.current.text
    if held:
        return held
    said = given(context)
    return "" if isinstance(said, float) and math.isnan(said) else said


@FUNCTIONS.lazy("position", 0, 1)
def position(context: Context, given: Evaluate | None = None) -> Value:
    """Its place in the predicate; of a node, its place among siblings of its name."""
    if given is None:
        return float(context.position)
    found = nodes_in(given(context))
    if not found:
        return math.nan
    node = found[0]
    if node.parent is None:
        return 1.0
    same = [each for each in node.parent.children if (each.kind, each.name) == (node.kind, node.name)]
    return float(same.index(node) + 1) if node in same else math.nan


@FUNCTIONS.lazy("last", 0, 0)
def last(context: Context) -> Value:
    """How many a predicate looks at."""
    return float(context.size)


@FUNCTIONS.lazy("current", 0, 0)
def current(context: Context) -> Value:
    """The node where the expression began."""
    return [context.current]


@FUNCTIONS.lazy("instance", 1, 1)
def instance(context: Context, given: Evaluate) -> Value:
    """The element of a secondary instance: `instance('x')/list/row`. Refusal("survey.instance")."""
    name = text_of(given(context))
    found = context.scope.instance(name)
    if found is None:
        raise Refusal("survey.instance", name=name)
    return [found]


@FUNCTIONS.lazy("pulldata", 4, 4)
def pulldata(context: Context, name: Evaluate, wanted: Evaluate, by: Evaluate, key: Evaluate) -> Value:
    """`pulldata('list', 'column', 'key column', key)`: of the first row with that key; empty of none."""
    found = nodes_in(instance(context, name))
    from app.survey.xpath.compiling import compile_expression

    column, where = (compile_expression(text_of(each(context))) for each in (wanted, by))
    value = text_of(key(context))
    for item in (context.at(row) for root in found[0].elements() for row in root.elements()):
        if text_of(where(item)) == value:
            return text_of(column(item))
    return ""


@FUNCTIONS.add("count", as_it_is)
def count(given: Value) -> Value:
    """How many nodes."""
    return float(len(nodes_in(given)))


@FUNCTIONS.add("count-non-empty", as_it_is)
def count_non_empty(given: Value) -> Value:
    """How many of the nodes hold text."""
    return float(sum(1 for node in nodes_in(given) if node.text))


@FUNCTIONS.lazy("indexed-repeat", 3, MANY)
def indexed_repeat(context: Context, wanted: Evaluate, *pairs: Evaluate) -> Value:
    """`indexed-repeat(path, repeat, index, …)`: the path in these rows, whichever repeat is named first."""
    if len(pairs) % 2:
        raise Refusal("survey.arguments", name="indexed-repeat")
    zone = context.scope.zone
    asked = [
        (nodes_in(repeat(context)), number_of(index(context), zone))
        for repeat, index in zip(pairs[::2], pairs[1::2], strict=True)
    ]
    asked.sort(key=lambda pair: len(pair[0][0].place) if pair[0] else 0)
    row: Node | None = None
    for rows, place in asked:
        inside = _of_one_parent([each for each in rows if row is None or each.is_in(row)])
        if math.isnan(place) or not 1 <= place <= len(inside):
            return []
        row = inside[int(place) - 1]
    return [node for node in nodes_in(wanted(context)) if row is None or node.is_in(row)]


def _of_one_parent(found: Sequence[Node]) -> list[Node]:
    return [node for node in found if node.parent is found[0].parent] if found else []


@FUNCTIONS.lazy("jr:itext", 1, 1)
def itext(context: Context, given: Evaluate) -> Value:
    """A text of the form in the language that is shown; the id itself where there is none."""
    name = text_of(given(context))
    said = context.scope.itext(name, context.current)
    return name if said is None else said


@FUNCTIONS.lazy("jr:choice-name", 2, 2)
def choice_name(context: Context, value: Evaluate, question: Evaluate) -> Value:
    """The label of a choice of a question, which is named by its path as text."""
    from app.survey.xpath.compiling import compile_expression

    asked = compile_expression(text_of(question(context)))(context)
    found = nodes_in(asked)
    said = context.scope.choice_name(text_of(value(context)), found[0]) if found else None
    return said or ""


@FUNCTIONS.lazy("checklist", 2, MANY)
def checklist(context: Context, least: Evaluate, most: Evaluate, *given: Evaluate) -> Value:
    """Whether so many of them are true; -1 for no bound."""
    hits = sum(truth_of(each) for each in _flat(context, given))
    return _is_between(context, least, most, float(hits))


@FUNCTIONS.lazy("weighted-checklist", 2, MANY)
def weighted_checklist(context: Context, least: Evaluate, most: Evaluate, *given: Evaluate) -> Value:
    """The same by weights: value, weight, value, weight …; of two lists of nodes, pair by pair."""
    if len(given) % 2:
        raise Refusal("survey.arguments", name="weighted-checklist")
    total, zone = 0.0, context.scope.zone
    for value, weight in zip(given[::2], given[1::2], strict=True):
        pairs = zip(_flat(context, [value]), _flat(context, [weight]), strict=False)
        total += sum(number_of(heavy, zone) for said, heavy in pairs if truth_of(said))
    return _is_between(context, least, most, total)


def _flat(context: Context, given: Sequence[Evaluate]) -> list[Value]:
    """Nodes one by one, as their texts."""
    values = list[Value]()
    for each in given:
        said = each(context)
        values += [node.text for node in said] if isinstance(said, list) else [said]
    return values


def _is_between(context: Context, least: Evaluate, most: Evaluate, found: float) -> bool:
    low, high = (as_number(each(context), context) for each in (least, most))
    return (low < 0 or found >= low) and (high < 0 or found <= high)


@FUNCTIONS.lazy("name", 0, 1)
def name_(context: Context, given: Evaluate | None = None) -> Value:
    """With its prefix."""
    node = _first(context, given)
    if node is None or node.kind not in (Kind.ELEMENT, Kind.ATTRIBUTE, Kind.INSTRUCTION):
        return ""
    return f"{node.prefix}:{node.name}" if node.prefix else node.name


@FUNCTIONS.lazy("local-name", 0, 1)
def local_name(context: Context, given: Evaluate | None = None) -> Value:
    """Without its prefix."""
    node = _first(context, given)
    return "" if node is None else node.name


@FUNCTIONS.lazy("namespace-uri", 0, 1)
def namespace_uri(context: Context, given: Evaluate | None = None) -> Value:
    """Of its name."""
    node = _first(context, given)
    return "" if node is None else node.namespace


def _first(context: Context, given: Evaluate | None) -> Node | None:
    found = [context.node] if given is None else nodes_in(given(context))
    return found[0] if found else None


@FUNCTIONS.lazy("lang", 1, 1)
def lang(context: Context, given: Evaluate) -> Value:
    """XPath 1.0, 4.3."""
    wanted = text_of(given(context)).lower()
    node: Node | None = context.node
    while node is not None:
        said = node.attribute("lang", _XML)
        if said is not None:
            return said.lower() == wanted or said.lower().startswith(f"{wanted}-")
        node = node.parent
    return False


@FUNCTIONS.lazy("id", 1, 1)
def id_(context: Context, given: Evaluate) -> Value:
    """XPath 1.0, 4.1."""
    said = given(context)
    wanted = set(
        " ".join([node.text for node in said] if isinstance(said, list) else [text_of(said)]).split()
    )
    return [node for node in context.node.top.walk() if node.attribute("id") in wanted]
