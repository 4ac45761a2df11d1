"""Submissions as tables, as ODK Central's CSV has them: a row a submission, and a table for each repeat.

    laid = lay_out(form, taken, Shape(language="Tiếng Việt (vi)"))
    for at, cells in laid.rows(taken): …      # of table laid.frames[at]; one submission in memory at a time
    tables(form, taken)                       # the same, all of it at once

A path's columns are the same for every version of a form; what only another version has stands at the end.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from app.survey.cells import Cell, moment
from app.survey.definition import FormDefinition
from app.survey.labels import root_path
from app.survey.nodes import read_root
from app.survey.table_layout import AS_IT_IS, Column, Found, Frame, Shape, frames, holds, listed, look_over
from app.survey.taken import Taken, twice
from app.survey.walking import Row, rows


@dataclass(frozen=True)
class Table:
    """`name`: the form's id, or the repeat's name; `path`: of the repeat, or of the form's root."""

    name: str
    path: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


class Laid:
    """The tables of a form without their rows; `count`: of the submissions that are listed."""

    def __init__(self, form: FormDefinition, found: Found, shape: Shape) -> None:
        self.frames = frames(form, found, shape)
        self.count = found.count
        self._top, self._found, self._shape = root_path(form), found, shape
        self._places = {each.path: at for at, each in enumerate(self.frames)}

    def rows(self, taken: Iterable[Taken]) -> Iterator[tuple[int, tuple[Cell, ...]]]:
        """Each with the place of its table among the frames; a row comes before those within it."""
        for each in listed(taken, self._found, self._shape):
            root = read_root(each.xml)
            version = root.attribute("version") or ""
            for row in rows(root, self._top, self._found.repeats, each.id):
                at = self._places[row.path]
                around = self._own(each, version) if at == 0 else ([], [row.parent, row.key])
                yield at, (*around[0], *_answers(self.frames[at], row), *around[1])

    def _own(self, taken: Taken, version: str) -> tuple[list[Cell], list[Cell]]:
        """What is known of a submission besides its answers: before them, and after."""
        after: list[Cell] = [taken.id, taken.officer or None, taken.about or None, version or None]
        if self._shape.replaced:
            after.append(self._found.replaced.get(taken.id))
        return [moment(taken.at)], after


def _answers(frame: Frame, row: Row) -> Iterator[Cell]:
    for part in frame.parts:
        node = row.answers.get(part.path)
        if node is not None and holds(node):
            yield from part.fill(node)
        else:
            yield from [None] * len(part.columns)


def lay_out(form: FormDefinition, taken: Iterable[Taken], shape: Shape = AS_IT_IS) -> Laid:
    """Look them over; `taken` is gone over twice. Refusal("survey.xml"), ValueError for an iterator."""
    return Laid(form, look_over(form, twice(taken), shape), shape)


def tables(form: FormDefinition, taken: Iterable[Taken], shape: Shape = AS_IT_IS) -> list[Table]:
    """All of it at once; the errors of `lay_out`."""
    laid = lay_out(form, taken, shape)
    filled = [list[tuple[Cell, ...]]() for _ in laid.frames]
    for at, row in laid.rows(taken):
        filled[at].append(row)
    return [
        Table(frame.name, frame.path, frame.columns, tuple(inside))
        for frame, inside in zip(laid.frames, filled, strict=True)
    ]
