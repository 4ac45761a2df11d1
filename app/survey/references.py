"""Which expressions of a form depend on which paths.

A path is held without its rows: what depends on `/data/member/age` is looked at again when any member's
age changes. A reference that ends at a group or a repeat depends on its rows and its relevance; one with
`*` or `//` on everything inside.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from app.survey.body import Control, Itemset
from app.survey.model import Expression, Field
from app.survey.xpath.parser import parse
from app.survey.xpath.syntax import Call, Path, Step, Text, inside
from app.survey.xpath.syntax import Expression as Tree

RELEVANT, CALCULATE = "relevant", "calculate"
PROPERTIES = (RELEVANT, CALCULATE, "readonly", "required", "constraint")
COUNT, CHOICES = "count", "choices"
_DOWN = frozenset({"child", "attribute", "descendant", "descendant-or-self"})


@dataclass(frozen=True, slots=True)
class Reference:
    """A path that an expression asks, empty for the whole; `is_deep`: and whatever is inside."""

    path: str
    is_deep: bool = False


@dataclass(frozen=True, slots=True)
class Use:
    """A property of a path, and what it asks."""

    path: str
    what: str
    asks: frozenset[Reference]


def references(text: str, base: str) -> frozenset[Reference]:
    """What an expression at a path asks of the answers."""
    return frozenset(_asked(parse(text), base, base))


def _asked(tree: Tree, base: str | None, current: str) -> Iterator[Reference]:
    """`base`: where relative paths begin; None inside a list, where they name nothing of the answers."""
    for path in _paths(tree):
        begun = _begin(path, base, current)
        yield from _steps(path.steps, begun, current)
    for call in _calls(tree):
        if call.name == "jr:choice-name" and isinstance(call.arguments[-1], Text):
            yield from _asked(parse(call.arguments[-1].value), base, current)


def _paths(tree: Tree) -> Iterator[Path]:
    """Those not inside another path's predicate: there the base is another."""
    return (each for each in _outer(tree) if isinstance(each, Path))


def _calls(tree: Tree) -> Iterator[Call]:
    return (each for each in _outer(tree) if isinstance(each, Call))


def _outer(tree: Tree) -> Iterator[Tree]:
    if isinstance(tree, Path):
        yield tree
        if tree.start is not None and not isinstance(tree.start, str):
            yield from _outer(tree.start)
        return
    yield tree
    hidden = set[int]()
    for part in inside(tree):
        if part is tree or id(part) in hidden:
            continue
        if isinstance(part, Path):
            hidden |= {id(each) for each in inside(part) if each is not part}
        yield part


def _begin(path: Path, base: str | None, current: str) -> str | None:
    if path.start is None:
        return base
    if path.start == "/":
        return ""
    if isinstance(path.start, Call) and path.start.name == "current":
        return current
    return None


def _steps(steps: Iterable[Step], at: str | None, current: str) -> Iterator[Reference]:
    is_deep = False
    for step in steps:
        at, is_deep = _walk(step, at, is_deep)
        for predicate in step.predicates:
            yield from _asked(predicate, None if is_deep else at, current)
    if at or (at is not None and is_deep):
        yield Reference(at, is_deep)


def _walk(step: Step, at: str | None, is_deep: bool) -> tuple[str | None, bool]:
    if at is None or is_deep:
        return at, is_deep
    if step.axis == "self":
        return at, False
    if step.axis == "parent":
        return at.rpartition("/")[0], False
    name = f"{step.test.prefix}:{step.test.name}" if step.test.prefix else step.test.name
    if step.axis in ("child", "attribute") and step.test.kind == "name" and name != "*":
        return f"{at}/{'@' if step.axis == 'attribute' else ''}{name}", False
    if step.axis in _DOWN:
        return at, True
    return at.rpartition("/")[0] if step.axis.endswith("sibling") else "", True


def uses_of(fields: Mapping[str, Field], repeats: Mapping[str, Control]) -> list[Use]:
    """Every property of every path, in the form's order."""
    found = list[Use]()
    for path, each in fields.items():
        for what in PROPERTIES:
            expression: Expression | None = getattr(each.bind, what)
            if expression is not None:
                found.append(Use(path, what, references(expression.text, path)))
        control = each.control
        if isinstance(control, Control) and isinstance(control.choices, Itemset):
            found.append(Use(path, CHOICES, _of_choices(control.choices, path)))
    for path, control in repeats.items():
        if control.count is not None:
            found.append(Use(path, COUNT, references(control.count.text, path)))
    return found


def _of_choices(choices: Itemset, path: str) -> frozenset[Reference]:
    """Nodes, and what is said of each; of nodes of the answers, their values and labels too."""
    asked = set(references(choices.nodes.text, path))
    tree = parse(choices.nodes.text)
    if isinstance(tree, Path):
        begun = _begin(tree, path, path)
        plain = [Step(step.axis, step.test) for step in tree.steps]
        for end in _steps(plain, begun, path):
            for said in (choices.value, choices.label):
                asked |= set(_asked(parse(said.text), end.path, path))
    return frozenset(asked)


def above(path: str) -> Iterator[str]:
    """The path and those it lies in, from within."""
    while path:
        yield path
        path = path.rpartition("/")[0]
