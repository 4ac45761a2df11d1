"""The body of a form: questions, groups and repeats as they are shown, and the actions that events start."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from app.domain.errors import Refusal
from app.survey.model import JAVAROSA, Expression, Field
from app.survey.nodes import Kind, Node
from app.survey.xpath.paths import NAMESPACES

_ODK = NAMESPACES["odk"]
QUESTIONS = frozenset({"input", "select", "select1", "rank", "trigger", "upload", "range"})
_EVENTS = frozenset(
    {"odk-instance-first-load", "odk-instance-load", "odk-new-repeat", "xforms-value-changed"}
)
_DEPTH_MAX = 30  # groups within groups


@dataclass(frozen=True, slots=True)
class Words:
    """A label, hint or message: text as it stands and expressions among it."""

    pieces: tuple[str | Expression, ...]


@dataclass(frozen=True, slots=True)
class Itemset:
    """Choices out of nodes: which, and the expressions of value and label on each."""

    nodes: Expression
    value: Expression
    label: Expression


@dataclass(frozen=True, slots=True)
class Action:
    """Sets `target` when one of `events` happens, of the field `source` or of the form.

    `value`: an expression, or text; None of both: empty. `is_place`: set to where the laptop is.
    """

    events: frozenset[str]
    source: str
    target: str
    value: Expression | str | None = None
    is_place: bool = False


@dataclass(frozen=True, slots=True)
class Control:
    """A question, group or repeat. `path`: what it is about; of a group that is only shown, empty.

    `choices`: value and label, or an itemset; `count`: of a repeat whose rows the form counts;
    `low`, `high`, `step`: of a range.
    """

    kind: str
    path: str
    label: Words | None = None
    hint: Words | None = None
    appearance: tuple[str, ...] = ()
    choices: tuple[tuple[str, Words], ...] | Itemset | None = None
    children: tuple[Control, ...] = ()
    count: Expression | None = None
    is_fixed: bool = False
    media: str = ""
    low: float | None = None
    high: float | None = None
    step: float | None = None


@dataclass
class Body:
    """As it was read."""

    controls: tuple[Control, ...] = ()
    repeats: dict[str, Control] = field(default_factory=dict)
    questions: dict[str, Control] = field(default_factory=dict)
    actions: tuple[Action, ...] = ()


def read(element: Node | None, fields: Mapping[str, Field]) -> Body:
    """Refusal("survey.form") for groups that are too deep; publishing refuses a question about nothing."""
    found = Body()
    if element is not None:
        reader = _Reader(fields, found)
        found.controls = reader.inside(element, "/" + next(iter(fields)).split("/")[1], 0)
    return found


def with_controls(fields: Mapping[str, Field], parsed: Body) -> dict[str, Field]:
    """The fields with what shows each."""
    shown = {**parsed.questions, **parsed.repeats}
    rows = tuple(f"{path}/" for path in parsed.repeats)
    return {
        path: replace(
            found,
            control=shown.get(path),
            is_row=path in parsed.repeats,
            is_in_rows=f"{path}/".startswith(rows),
        )
        for path, found in fields.items()
    }


def model_actions(model: Node, fields: Mapping[str, Field]) -> tuple[Action, ...]:
    """Those beside the bindings, of no question."""
    return tuple(
        action for each in model.elements() if (action := _action(each, "", "/", fields)) is not None
    )


class _Reader:
    """Walks the body once."""

    def __init__(self, fields: Mapping[str, Field], found: Body) -> None:
        self._fields, self._found = fields, found

    def inside(self, element: Node, base: str, depth: int) -> tuple[Control, ...]:
        """The controls directly inside."""
        if depth > _DEPTH_MAX:
            raise Refusal("survey.form", what="group")
        read = [self._control(each, base, depth) for each in element.elements()]
        return tuple(each for each in read if each is not None)

    def _control(self, element: Node, base: str, depth: int) -> Control | None:
        kind = element.name
        if kind in ("group", "repeat") and not element.namespace:
            return self._group(element, base, depth)
        if kind not in QUESTIONS or element.namespace.rstrip("/") not in ("", _ODK):
            return None
        path = self._path(element, base)
        if path not in self._fields:
            return None  # publishing refuses it
        control = Control(
            kind,
            path,
            _words(element, "label"),
            _words(element, "hint"),
            tuple((element.attribute("appearance") or "").split()),
            _choices(element),
            media=element.attribute("mediatype") or "",
            low=_number(element.attribute("start")),
            high=_number(element.attribute("end")),
            step=_number(element.attribute("step")),
        )
        self._found.questions.setdefault(path, control)
        self._actions(element, path)
        return control

    def _group(self, element: Node, base: str, depth: int) -> Control | None:
        is_repeat = element.name == "repeat"
        path = self._path(element, base) if self._ref(element) else ""
        if path and path not in self._fields:
            return None
        count = element.attribute("count", JAVAROSA)
        control = Control(
            element.name,
            path,
            _words(element, "label"),
            _words(element, "hint"),
            tuple((element.attribute("appearance") or "").split()),
            children=self.inside(element, path or base, depth + 1),
            count=Expression.of(count),
            is_fixed=(element.attribute("noAddRemove", JAVAROSA) or "").startswith("true"),
        )
        if is_repeat:
            self._found.repeats[path] = control
        elif path:
            self._found.questions.setdefault(path, control)
        if path:
            self._actions(element, path)
        return control

    def _ref(self, element: Node) -> str:
        return (element.attribute("nodeset") or element.attribute("ref") or "").strip()

    def _path(self, element: Node, base: str) -> str:
        return resolve(self._ref(element), base)

    def _actions(self, element: Node, path: str) -> None:
        made = (_action(each, path, path, self._fields) for each in element.elements())
        self._found.actions += tuple(each for each in made if each is not None)


def resolve(said: str, base: str) -> str:
    """A path without predicates from another: `../b` from `/data/a` is `/data/b`."""
    if said.startswith("/"):
        return said
    steps = base.split("/")
    for step in said.split("/"):
        if step == "..":
            steps.pop()
        elif step not in (".", "", "current()"):
            steps.append(step)
    return "/".join(steps)


def _action(element: Node, source: str, base: str, fields: Mapping[str, Field]) -> Action | None:
    is_place = element.name == "setgeopoint" and element.namespace == _ODK
    if not is_place and (element.name != "setvalue" or element.namespace):
        return None
    events = frozenset((element.attribute("event") or "").split())
    if not events <= _EVENTS:
        raise Refusal("survey.form", what=min(events - _EVENTS))
    target = resolve((element.attribute("ref") or "").strip(), base)
    if target not in fields:
        raise Refusal("survey.form", what=target)
    said = element.attribute("value")
    return Action(events, source, target, Expression.of(said) if said is not None else element.text, is_place)


def _choices(element: Node) -> tuple[tuple[str, Words], ...] | Itemset | None:
    if element.name not in ("select", "select1", "rank"):
        return None
    for each in element.elements():
        if each.name == "itemset":
            return _itemset(each)
    items = [each for each in element.elements() if each.name == "item"]
    return tuple((_text(each, "value").strip(), _words(each, "label") or Words(())) for each in items)


def _itemset(element: Node) -> Itemset:
    inside = {each.name: each.attribute("ref") or "" for each in element.elements()}
    nodes, value = Expression.of(element.attribute("nodeset")), Expression.of(inside.get("value"))
    if nodes is None or value is None:
        raise Refusal("survey.form", what="itemset")
    return Itemset(nodes, value, Expression.of(inside.get("label")) or value)


def _text(element: Node, name: str) -> str:
    return next((each.text for each in element.elements() if each.name == name), "")


def _words(element: Node, name: str) -> Words | None:
    found = next((each for each in element.elements() if each.name == name), None)
    if found is None:
        return None
    said = Expression.of(found.attribute("ref"))
    return Words((said,)) if said else words_inside(found)


def words_inside(element: Node) -> Words:
    """Text with the `<output value="…"/>` among it; markup around them is read over."""
    pieces = list[str | Expression]()
    for child in element.children:
        if child.kind == Kind.TEXT:
            pieces.append(child.value)
        elif child.kind == Kind.ELEMENT and child.name == "output":
            said = Expression.of(child.attribute("value") or child.attribute("ref"))
            pieces += [said] if said else []
        elif child.kind == Kind.ELEMENT:
            pieces += words_inside(child).pieces
    return Words(tuple(pieces))


def _number(said: str | None) -> float | None:
    try:
        return float(said) if said is not None else None
    except ValueError:
        raise Refusal("survey.form", what="range") from None
