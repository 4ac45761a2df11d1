"""How a form is laid on pages, before anybody fills it: a group, or questions that stand outside of one.

A page is a top-level group or repeat; what stands between them is gathered, a dozen at most. Where one group
holds the whole form, its parts are the pages.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from app.survey.body import Control, Words
from app.survey.definition import FormDefinition

LOOSE_MAX = 12
_FIELD_LIST = "field-list"
Kind = Literal["question", "group", "repeat"]


@dataclass(frozen=True, slots=True)
class Part:
    """What stands on a page. `path`: of a group that is only shown, that of what it lies in.

    `parts`: of a group, and of each row of a repeat. `label`: a repeat's is that of the group around it.
    """

    kind: Kind
    path: str
    control: Control
    label: Words | None
    parts: tuple[Part, ...] = ()

    def inside(self) -> Iterator[Part]:
        """Itself and all within, rows too."""
        yield self
        for part in self.parts:
            yield from part.inside()

    def ref(self, row: str, row_path: str) -> str:
        """Its reference within a row; outside of rows a path is one."""
        return row + self.path.removeprefix(row_path)


@dataclass(frozen=True, slots=True)
class Plan:
    """A page. `key` stays the same as long as the form does; without a `label`, its questions are loose."""

    key: str
    parts: tuple[Part, ...]
    label: Words | None = None
    hint: Words | None = None
    path: str = ""


def plans(form: FormDefinition) -> tuple[Plan, ...]:
    """In the form's order."""
    root = next(iter(form.fields))
    parts = _parts(form.controls, root)
    while len(parts) == 1 and _is_whole(parts[0]):
        parts = parts[0].parts
    found = list[Plan]()
    for is_loose, run in groupby(parts, lambda part: part.kind == "question"):
        together = tuple(run)
        if is_loose:
            found += [_loose(together[at : at + LOOSE_MAX]) for at in range(0, len(together), LOOSE_MAX)]
        else:
            found += [_apart(part) for part in together]
    return tuple(found)


def _is_whole(part: Part) -> bool:
    """A group around a form whose own groups are the pages."""
    inside = sum(each.kind != "question" for each in part.parts)
    return part.kind == "group" and inside > 1 and _FIELD_LIST not in part.control.appearance


def _loose(parts: tuple[Part, ...]) -> Plan:
    only = parts[0] if len(parts) == 1 else None
    return Plan(parts[0].path, parts, only.label if only else None, path=parts[0].path)


def _apart(part: Part) -> Plan:
    inside = part.parts if part.kind == "group" else (part,)
    first = next((each.path for each in part.inside() if each.kind != "group"), part.path)
    return Plan(part.control.path or first, inside, part.label, part.control.hint, part.path)


def _parts(controls: Sequence[Control], above: str) -> tuple[Part, ...]:
    return tuple(_part(each, above) for each in controls)


def _part(control: Control, above: str) -> Part:
    path = control.path or above
    inner = control.children[0] if len(control.children) == 1 else None
    if control.kind == "group" and inner and inner.kind == "repeat" and control.path in ("", inner.path):
        return Part(
            "repeat", inner.path, inner, inner.label or control.label, _parts(inner.children, inner.path)
        )
    kind: Kind = "repeat" if control.kind == "repeat" else "group" if control.kind == "group" else "question"
    return Part(kind, path, control, control.label, _parts(control.children, path))
