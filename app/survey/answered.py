"""A submission read: its questions with what was answered, group by group and row by row.

for line in answered(Session.handed_in(form, world, content)): …
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from app.domain.errors import Refusal
from app.survey.body import Control, Words
from app.survey.choices import SELECTS
from app.survey.nodes import Kind, Node, read_root
from app.survey.session import Session


@dataclass(frozen=True)
class Line:
    """A question with its answer, or the heading of a group or of a repeat's row, counted from 1.

    `depth`: how many headings it stands under; `kind`: of its control, empty for a heading; `type`: of the
    answer; `words`: of what was chosen, else the answer as it is kept; `path`: its place in the form.
    """

    depth: int
    label: str
    path: str = ""
    kind: str = ""
    type: str = ""
    words: str = ""
    row: int = 0

    @property
    def is_heading(self) -> bool:
        """Whether nothing was asked there."""
        return not self.kind


def answered(session: Session) -> list[Line]:
    """In the form's order; what was not relevant is not there, nor is a heading with nothing below it.

    Refusal of whatever an expression of its labels refuses.
    """
    return _bare(list(_Reading(session).inside(session.form.controls, _At(f"/{session.root.name}"))))


def raw(content: bytes) -> list[Line]:
    """The same of a submission whose form nobody has here: names and values as they stand."""
    root = read_root(content)
    return _bare(list(_raw(root, 0)))


@dataclass(frozen=True)
class _At:
    """Where reading is: the path and reference of the row, or of the form, that everything stands in."""

    path: str
    ref: str = ""
    depth: int = 0

    def of(self, path: str) -> str:
        """The reference of a path within the row."""
        return (self.ref or self.path) + path.removeprefix(self.path)

    def below(self, heading: str) -> _At:
        """The same under one heading more, where it says anything."""
        return replace(self, depth=self.depth + bool(heading))


class _Reading:
    """One walk over the controls of a form."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._counts = {each.ref: each.count for each in session.repeats()}

    def inside(self, controls: tuple[Control, ...], at: _At) -> Iterator[Line]:
        for control in controls:
            if control.kind == "repeat":
                yield from self._rows(control, control.label, at)
            elif control.kind == "group":
                yield from self._group(control, at)
            else:
                yield from self._question(at.of(control.path), at.depth)

    def _group(self, control: Control, at: _At) -> Iterator[Line]:
        """A group around rows alone only names them: XLSForm writes one around every repeat."""
        rows = control.children[0] if len(control.children) == 1 else None
        if rows is not None and rows.kind == "repeat" and control.path in ("", rows.path):
            yield from self._rows(rows, rows.label or control.label, at)
            return
        heading = self._session.said(control.label, at.of(control.path) if control.path else at.of(at.path))
        if heading:
            yield Line(at.depth, heading)
        yield from self.inside(control.children, at.below(heading))

    def _rows(self, control: Control, words: Words | None, at: _At) -> Iterator[Line]:
        ref = at.of(control.path)
        for row in range(1, self._counts.get(ref, 0) + 1):
            here = f"{ref}[{row}]"
            if self._session.node(here).is_relevant:
                yield Line(at.depth, self._session.said(words, here), row=row)
                yield from self.inside(control.children, _At(control.path, here, at.depth + 1))

    def _question(self, ref: str, depth: int) -> Iterator[Line]:
        node = self._session.node(ref)
        control = node.control
        if control is None or not node.is_relevant:
            return
        is_note = self._session.form.fields[control.path].bind.readonly is not None
        if is_note and not node.value:
            return
        words = _chosen(self._session, ref, node.value) if node.kind in SELECTS else node.value
        label = node.label or ref.rpartition("/")[2]
        yield Line(depth, label, control.path, node.kind, node.type, words)


def _chosen(session: Session, ref: str, value: str) -> str:
    """By their labels; what the form's lists hold no more stands as it was kept."""
    if not value:
        return ""
    try:
        labels = {each.value: each.label for each in session.choices(ref)}
    except Refusal:
        return value
    if value in labels:
        return labels[value] or value
    return ", ".join(labels.get(each) or each for each in value.split())


def _raw(node: Node, depth: int) -> Iterator[Line]:
    for child in node.elements():
        if child.name == "meta":
            continue
        if any(each.kind == Kind.ELEMENT for each in child.children):
            yield Line(depth, child.name)
            yield from _raw(child, depth + 1)
        else:
            yield Line(depth, child.name, kind="value", words=child.text)


def _bare(lines: list[Line]) -> list[Line]:
    """Without headings that nothing stands under: from the end, for what follows decides."""
    kept = list[Line]()
    for line in reversed(lines):
        if not line.is_heading or (kept and kept[-1].depth > line.depth):
            kept.append(line)
    return kept[::-1]
