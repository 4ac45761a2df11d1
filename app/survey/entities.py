"""Which entities a form makes or changes, and which of its questions save to them (ODK Entities).

One lies in the group of its `meta`: at the form's own level, or in each row of a repeat. A laptop that knows
whom a filling is about fills the id's question and those that save to it, before the first is asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.survey.body import resolve
from app.survey.definition import FormDefinition
from app.survey.model import Field

_PATH = re.compile(r"[\w./:-]+")  # names of functions are among them, and are no paths of the form


@dataclass(frozen=True)
class Declared:
    """`group`: the path that its values lie in; `saved`: property by path.

    `id_path`, `label_path`: the questions that its id and label are reckoned from; empty where there is none.
    """

    dataset: str
    group: str
    id_path: str
    label_path: str
    saved: Mapping[str, str]
    is_in_rows: bool


def declared(form: FormDefinition) -> list[Declared]:
    """In the form's order."""
    found = dict[str, str]()
    for path in form.fields:
        if path.endswith(("/meta/entity", "/meta/entities:entity")):
            found[path] = path.rpartition("/meta/")[0]
    groups = set(found.values())
    return [
        Declared(
            _dataset(form, path),
            group,
            _source(form, f"{path}/@id"),
            _source(form, f"{path}/label"),
            dict(_saved(form, group, groups - {group})),
            form.fields[group].is_in_rows,
        )
        for path, group in found.items()
    ]


def about(form: FormDefinition) -> str:
    """What one filling is of: the register's kind of the entity at the form's own level, or nothing."""
    outer = (each.dataset for each in declared(form) if not each.is_in_rows)
    return next((dataset for dataset in outer if dataset in ("household", "person")), "")


def _dataset(form: FormDefinition, path: str) -> str:
    node = form.template
    for name in path.split("/")[2:]:
        node = next(each for each in node.elements() if each.name == name.rpartition(":")[2])
    return node.attribute("dataset") or ""


def _source(form: FormDefinition, path: str) -> str:
    """The first question that an expression names: `coalesce(${person_id}, ${person_new})` begins with it."""
    bound = form.fields.get(path)
    said = bound.bind.calculate.text if bound and bound.bind.calculate else ""
    for each in _PATH.findall(said):
        found = form.fields.get(resolve(each, path))
        if found and found.is_leaf and found.bind.calculate is None:
            return found.path
    return ""


def _saved(form: FormDefinition, group: str, others: set[str]) -> Iterator[tuple[str, str]]:
    for path, field in form.fields.items():
        if field.bind.save_to and path.startswith(f"{group}/") and not _is_of_another(field, group, others):
            yield path, field.bind.save_to


def _is_of_another(field: Field, group: str, others: set[str]) -> bool:
    inner = (each for each in others if each.startswith(f"{group}/"))
    return any(field.path.startswith(f"{each}/") for each in inner)
