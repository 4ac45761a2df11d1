"""What a filling begins with: rows, values that the form asks of the laptop, or a draft."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from app.domain.errors import Refusal
from app.survey.answers import Answer, Templates, at_path, plant, row_of
from app.survey.body import Control
from app.survey.choices import control_of
from app.survey.definition import FormDefinition
from app.survey.model import Field, name_of
from app.survey.nodes import Kind, Node
from app.survey.typed import accepted
from app.survey.xpath.moments import date_time_text


@dataclass
class World:
    """What a filling may ask beyond its form. `place`: where the laptop is, a geopoint; empty for unknown."""

    clock: Callable[[], datetime]
    place: Callable[[], str] = field(default=lambda: "")
    officer: str = ""
    device: str = ""


def add_rows_within(node: Answer, held: Templates, fields: Mapping[str, Field]) -> None:
    """Where a repeat has a template alone, whose rows nobody may add: the one row that it always has."""
    inside = [each for each in node.inside() if each.kind == Kind.ELEMENT]
    for path, found in fields.items():
        control = found.control
        if not found.is_row or not isinstance(control, Control) or not control.is_fixed:
            continue
        for outer in inside:
            rows = [each for each in outer.elements() if name_of(each) == path.rpartition("/")[2]]
            if outer.field.path == found.parent and not rows and control.count is None:
                outer.add(row_of(held, path, fields, 0))


def preload(node: Answer, world: World) -> None:
    """Values that a binding asks of the laptop (`jr:preload`), where there is none yet."""
    for each in node.inside():
        bind = each.field.bind
        if bind.preload and not each.held:
            each.keep(_preloaded(bind.preload, bind.preload_params, world))


def _preloaded(kind: str, what: str, world: World) -> str:
    now = world.clock()
    match kind, what:
        case "uid", _:
            return f"uuid:{uuid.uuid4()}"
        case "date", _:
            return now.date().isoformat()
        case "timestamp", "start":
            return date_time_text(now)
        case "property", "deviceid":
            return world.device
        case "property", "username":
            return world.officer
    return ""


def of_draft(form: FormDefinition, held: Node) -> Answer:
    """The answers as they were written. Refusal("survey.draft")."""
    path = f"/{name_of(form.template)}"
    if name_of(held) != path[1:]:
        raise Refusal("survey.draft")
    root = plant(form.template, path, form.fields, with_rows=False)
    _fill(root, held, form)
    return root


def _fill(node: Answer, held: Node, form: FormDefinition) -> None:
    for attribute in held.attributes:
        own = next((each for each in node.attributes if name_of(each) == name_of(attribute)), None)
        if own is not None:
            own.value = attribute.value
    given = list(held.elements())
    if not given and node.field.is_leaf:
        node.keep(held.text)
        return
    standing = {name_of(each): each for each in node.elements()}
    rows = [name_of(each) for each in node.elements() if isinstance(each, Answer) and each.field.is_row]
    for each in [each for each in node.elements() if name_of(each) in rows]:
        node.remove(each)
    for child in given:
        path = f"{node.field.path}/{name_of(child)}"
        if node.name == "meta" and child.name == "deprecatedID":  # no form has a place for it
            node.add(Node(Kind.ELEMENT, child.name, child.namespace)).write(child.text)
            continue
        if path not in form.fields:
            raise Refusal("survey.draft")
        if form.fields[path].is_row:
            made = plant(at_path(form.template, path)[0], path, form.fields, with_rows=False)
            node.add(made, place_among(node, form.fields[path].place))
        else:
            found = standing.get(name_of(child))
            if not isinstance(found, Answer):
                raise Refusal("survey.draft")
            made = found
        _fill(made, child, form)


def blank_unsaid(node: Answer, held: Node) -> None:
    """What a submission leaves out was not relevant when it was handed in."""
    said = {name_of(each): iter([*held.elements()]) for each in held.elements()}
    for child in node.elements():
        same = (each for each in said.get(name_of(child), iter(())) if name_of(each) == name_of(child))
        found = next(same, None)
        if not isinstance(child, Answer):
            continue
        if found is None:
            for each in child.inside():
                each.is_blank = True
        else:
            blank_unsaid(child, found)


def place_among(node: Node, place: int) -> int:
    """Where among its children something of this rank in the form belongs."""
    later = (
        at for at, each in enumerate(node.children) if isinstance(each, Answer) and each.field.place > place
    )
    return next(later, len(node.children))


def fitting(node: Answer, text: str) -> str:
    """As its type and its control keep it, choices apart; nothing for what is none of theirs.

    Refusal("survey.int").
    """
    control = control_of(node)
    if control is not None and control.kind == "trigger":
        return "OK" if text in ("OK", "1", "true") else ""
    said = accepted(node.field.bind.type, text)
    return _in_range(control, said) if control is not None and control.kind == "range" else said


def _in_range(control: Control, text: str) -> str:
    """A range's answer; nothing beyond its ends."""
    if not text or control.low is None or control.high is None:
        return text
    low, high = sorted((control.low, control.high))
    return text if low <= float(text) <= high else ""
