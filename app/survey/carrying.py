"""An unfinished filling taken over to another version of its form: every answer that has a place there."""

from __future__ import annotations

import re

from app.domain.errors import Refusal
from app.survey.choices import SELECTS
from app.survey.definition import FormDefinition
from app.survey.filling import World
from app.survey.session import Session

_ROW = re.compile(r"\[\d+\]")


def carried(old: Session, form: FormDefinition, world: World) -> tuple[Session, list[str]]:
    """A filling of `form` with the answers of another version's, and the questions whose answer has no place.

    Answers go over again and again, until nothing more finds its place: one may show the question of another.
    """
    new = Session.new(form, world, old.language if old.language in form.translations else "")
    _rows(old, new)
    left = {
        node.ref: node.value for node in old.nodes() if node.value and node.control and not node.is_readonly
    }
    hidden = {node.ref: node.value for node in old.nodes() if node.value and node.control is None}
    while took := [ref for ref, value in left.items() if _take(new, ref, value)]:
        for ref in took:
            del left[ref]
    for ref, value in hidden.items():
        path = _ROW.sub("", ref)
        if path in form.fields and form.fields[path].bind.calculate is None and "/meta/" not in path:
            _take(new, ref, value)
    return new, list(left)


def _rows(old: Session, new: Session) -> None:
    """As many rows, outer repeats first."""
    for each in old.repeats():
        there = next((it for it in new.repeats() if it.ref == each.ref), None)
        for _ in range(max(0, each.count - (there.count if there else each.count))):
            try:
                new.add_repeat(each.ref)
            except Refusal:
                break


def _take(new: Session, ref: str, value: str) -> bool:
    """Whether the new form holds that answer."""
    try:
        node = new.node(ref)
        if node.is_readonly and node.control is not None:
            return False
        if node.kind in SELECTS and not {choice.value for choice in new.choices(ref)} >= set(value.split()):
            return False
        new.answer(ref, value)
        return new.node(ref).value != ""
    except Refusal:
        return False
