"""A filling handed in, as an ODK Central would take it; what it says of entities (OpenRosa, ODK Entities).

A submission is never edited: whoever corrects one hands in another, which names the one that it takes the
place of.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from app.domain.errors import Refusal
from app.survey.answers import Answer
from app.survey.definition import FormDefinition
from app.survey.filling import World
from app.survey.nodes import Kind, Node, read_root
from app.survey.session import Session
from app.survey.views import NodeView
from app.survey.xpath.moments import date_time_text

_TRUE = frozenset({"1", "true"})


@dataclass(frozen=True)
class Entity:
    """What a submission says of one entity: made, or changed from what it was at `base_version`.

    `values`: by the property that a question saves to; empty text takes one away.
    """

    dataset: str
    id: str
    is_new: bool
    base_version: str
    label: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Submission:
    """`id`: of this filling; `corrects`: of the one whose place it takes, or empty; `files`: their names."""

    form: str
    version: str
    id: str
    corrects: str
    xml: bytes
    sha256: str
    files: tuple[str, ...]
    entities: tuple[Entity, ...]


def violations(session: Session) -> list[NodeView]:
    """What keeps a filling from being handed in, in the form's order."""
    return [node for node in session.nodes() if node.violation]


def finalise(session: Session) -> Submission:
    """Hand it in. Refusal("survey.violations") while something is missing or wrong."""
    left = len(violations(session))
    if left:
        raise Refusal("survey.violations", count=left)
    root = session.root
    for node in root.inside():
        if (node.field.bind.preload, node.field.bind.preload_params) == ("timestamp", "end"):
            node.keep(date_time_text(session.world.clock()))
    names = _meta(root)
    if not names["instanceID"]:
        raise Refusal("survey.form", what="instanceID")
    content = session.xml()
    return Submission(
        session.form.id,
        session.form.version,
        names["instanceID"],
        names["deprecatedID"],
        content,
        hashlib.sha256(content).hexdigest(),
        tuple(node.held for node in _shown(root) if node.field.bind.type == "binary" and node.held),
        tuple(_entities(root)),
    )


def entities(session: Session) -> list[Entity]:
    """What a filling says of entities, as it stands."""
    return list(_entities(session.root))


def correct(form: FormDefinition, world: World, content: bytes, language: str = "") -> Session:
    """A filling that begins with what was handed in, and will take its place.

    Refusal("survey.xml"), ("survey.draft") for what is no submission of this form.
    """
    held = read_root(content)
    meta = next((each for each in held.elements() if each.name == "meta"), None)
    own = next((each for each in meta.elements() if each.name == "instanceID"), None) if meta else None
    if meta is None or own is None or not own.text:
        raise Refusal("survey.draft")
    before = own.text
    own.write(f"uuid:{uuid.uuid4()}")
    for former in [each for each in meta.elements() if each.name == "deprecatedID"]:
        meta.remove(former)
    session = Session.over(form, world, held, language)
    _deprecate(session.root, before)
    return session


def _deprecate(root: Answer, before: str) -> None:
    """Which submission it takes the place of: OpenRosa's `deprecatedID`, which no form has a place for."""
    meta = next(each for each in root.elements() if each.name == "meta")
    made = Node(Kind.ELEMENT, "deprecatedID", meta.namespace)
    made.prefix = meta.prefix
    meta.add(made).write(before)


def _meta(root: Answer) -> dict[str, str]:
    inside = [each for meta in root.elements() if meta.name == "meta" for each in meta.elements()]
    held = {each.name: "".join(text.value for text in each.children) for each in inside}
    return {name: held.get(name, "") for name in ("instanceID", "deprecatedID")}


def _shown(root: Answer) -> Iterator[Answer]:
    return (node for node in root.inside() if not node.is_blank)


def _entities(root: Answer) -> Iterator[Entity]:
    """Every `meta/entity` that makes or changes one; what is saved to it lies in the group of its `meta`."""
    for node in _shown(root):
        around = node.parent.parent if node.parent is not None else None
        if node.name != "entity" or not isinstance(around, Answer) or node.attribute("dataset") is None:
            continue
        is_new = node.attribute("create") in _TRUE
        if not is_new and node.attribute("update") not in _TRUE:
            continue
        label = next((each.text for each in node.elements() if each.name == "label"), "")
        yield Entity(
            node.attribute("dataset") or "",
            node.attribute("id") or "",
            is_new,
            node.attribute("baseVersion") or "",
            label,
            dict(_saved(around)),
        )


def _saved(node: Answer) -> Iterator[tuple[str, str]]:
    """Property and value of what a group saves to its entity; what inside has one of its own is apart."""
    if node.field.bind.save_to and not node.is_blank:
        yield node.field.bind.save_to, node.held
    for child in node.elements():
        if isinstance(child, Answer) and not _has_entity(child):
            yield from _saved(child)


def _has_entity(node: Answer) -> bool:
    metas = (each for each in node.elements() if each.name == "meta")
    return any(each.name == "entity" for meta in metas for each in meta.elements())
