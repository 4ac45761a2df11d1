"""The nodes of one filling, found by path, by reference and by row; rows come and go here."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from app.domain.errors import Refusal
from app.survey import filling
from app.survey.answers import Answer, row_of, templates
from app.survey.definition import FormDefinition
from app.survey.model import name_of
from app.survey.nodes import Kind, Node

if TYPE_CHECKING:
    from collections.abc import Callable


_STEP = re.compile(r"([^\[\]]+)(?:\[(\d{1,6})\])?")


class Tree:
    """`nodes`: in document order, by path without rows; it is the same mapping all the time."""

    def __init__(self, form: FormDefinition, root: Answer) -> None:
        self.form, self.root = form, root
        self.around = Node(Kind.ROOT)
        self.around.add(root)
        self.nodes: dict[str, list[Answer]] = {}
        self._templates = templates(form.template, form.fields)
        self.index()

    def index(self) -> None:
        """Find every node anew: rows came or went."""
        self.nodes.clear()
        for node in self.root.inside():
            self.nodes.setdefault(node.field.path, []).append(node)

    def find(self, ref: str) -> Answer:
        """The node that a reference names; where it leaves out a row, the first. Refusal("survey.form")."""
        found = self._at(ref) if "[" in ref else next(iter(self.nodes.get(ref, ())), None)
        if found is None:
            raise Refusal("survey.form", what=ref)
        return found

    def _at(self, ref: str) -> Answer | None:
        at: Node = self.around
        for step in ref.split("/")[1:]:
            found = _STEP.fullmatch(step)
            name, place = (found[1], int(found[2] or 1)) if found else ("", 1)
            inside = [each for each in (*at.elements(), *at.attributes) if name_of(each) == name]
            if not 1 <= place <= len(inside):
                return None
            at = inside[place - 1]
        return at if isinstance(at, Answer) else None

    def ref_of(self, node: Answer) -> str:
        """A reference to a node, rows counted from one."""
        if not node.field.is_in_rows:
            return node.field.path
        steps, at = list[str](), node
        while True:
            name, around = name_of(at), at.parent
            if at.field.is_row and around is not None:
                rows = [each for each in around.elements() if name_of(each) == name]
                name = f"{name}[{rows.index(at) + 1}]"
            steps.append(name)
            if not isinstance(around, Answer):
                return "/" + "/".join(reversed(steps))
            at = around

    def near(self, path: str, node: Answer) -> list[Answer]:
        """Nodes of a path that share every row with a node which they can share."""
        at: Node | None = node
        while isinstance(at, Answer):
            if path == at.field.path or path.startswith(f"{at.field.path}/"):
                return [each for each in self.nodes.get(path, ()) if each.is_in(at)]
            at = at.parent
        return list(self.nodes.get(path, ()))

    def rows_in(self, path: str, outer: Answer) -> list[Answer]:
        """A repeat's rows in one node."""
        return [each for each in self.nodes.get(path, ()) if each.parent is outer]

    def standing_for_rows(self, path: str, outer: Answer) -> Answer:
        """A node where a row would be: what is said of all rows is asked from there."""
        made = Answer(self._templates.rows[path], self.form.fields[path])
        made.parent = outer
        return made

    def add_first_rows(self) -> None:
        """Those that a form always has."""
        filling.add_rows_within(self.root, self._templates, self.form.fields)
        self.index()

    def add_row(self, path: str, outer: Answer, undo: list[Callable[[], None]], *, is_new: bool) -> Answer:
        """A row after the others. `is_new`: as the template is; else the next that the form itself has.

        Refusal("survey.rows").
        """
        rows = self.rows_in(path, outer)
        row = row_of(self._templates, path, self.form.fields, len(rows), is_new=is_new)
        outer.add(row, self._place_of_row(path, outer, rows))
        undo.append(partial(outer.remove, row))
        filling.add_rows_within(row, self._templates, self.form.fields)
        for each in row.inside():
            each.is_blank, each.is_readonly = outer.is_blank, outer.is_readonly
        self.index()
        return row

    def _place_of_row(self, path: str, outer: Answer, rows: list[Answer]) -> int:
        if rows:
            return outer.children.index(rows[-1]) + 1
        return filling.place_among(outer, self.form.fields[path].place)

    def remove_row(self, row: Answer, undo: list[Callable[[], None]]) -> None:
        """Away with it."""
        outer = row.parent
        assert outer is not None
        place = outer.children.index(row)

        def put_back() -> None:
            outer.add(row, place)

        undo.append(put_back)
        outer.remove(row)
        self.index()
