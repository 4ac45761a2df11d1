"""What the register knows of whom a filling is about: lists to ask, ids, first values of questions.

By ODK's own convention: a question that saves to a property of an entity begins with what the register holds,
the entity's id stands in the question that it is reckoned from, and the lists `person` and `household` hold
those whom the filling is about and nobody else.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from app.domain.ids import derived_id
from app.domain.records import Value, field_of
from app.domain.save_to import Destination, SaveMap, told
from app.store.opened import Opened
from app.survey.definition import FormDefinition
from app.survey.entities import Declared, declared
from app.survey.lists import read_list
from app.survey.session import Session
from app.survey.submission import Entity

_ROW = re.compile(r"\[\d+\]")
_RECORD = re.compile(r"[0-9a-f]{32}")
LABEL = "label"  # an entity's own, beside its properties
_HEADINGS = ("name", "label", "__version")


@dataclass
class First:
    """What a filling begins with: value by question, rows by repeat.

    `places`: in which question a property of a record stands, by `kind/record/property`.
    """

    values: dict[str, str] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)


def with_lists(form: FormDefinition, seen: Sequence[Opened], save_map: SaveMap) -> FormDefinition:
    """The form with its lists of people and households as this filling may ask them."""
    lists = {
        kind: read_list(f"{kind}.csv", _listed(kind, seen, save_map)) for kind in ("person", "household")
    }
    for each in lists.values():
        each.fix()
    return replace(form, instances={**form.instances, **lists})


def first_of(form: FormDefinition, seen: Sequence[Opened], save_map: SaveMap) -> First:
    """What stands in a new filling."""
    first = First()
    for each in declared(form):
        of_kind = [opened for opened in seen if opened.kind == each.dataset]
        if each.is_in_rows:
            first.rows[each.group] = len(of_kind)
            for at, opened in enumerate(of_kind, start=1):
                _fill(first, form, each, opened, save_map, at)
        elif of_kind:
            _fill(first, form, each, of_kind[0], save_map, 0)
    return first


def _fill(
    first: First, form: FormDefinition, entity: Declared, opened: Opened, save_map: SaveMap, row: int
) -> None:
    def ref(path: str) -> str:
        return f"{entity.group}[{row}]{path.removeprefix(entity.group)}" if row else path

    if entity.id_path:
        first.ids[ref(entity.id_path)] = opened.record
    for path, name in _saved(entity).items():
        destination = save_map.of(entity.dataset, name)
        if destination is None or form.fields[path].bind.calculate is not None:
            continue
        said = told(destination.kind, destination.field, opened.values)
        if said and not _is_masked(destination):
            first.values[ref(path)] = said
            first.places[told_key(entity.dataset, opened.record, name)] = ref(path)


@dataclass(frozen=True)
class Stands:
    """What questions have to do with the register, by reference.

    `known`: their answer is what the register says; `withheld`: kind, field and value of what stands there
    and is masked, so that it is asked and not shown.
    """

    known: Mapping[str, str]
    withheld: Mapping[str, tuple[str, str, Value]]


def stands(session: Session, seen: Sequence[Opened], save_map: SaveMap) -> Stands:
    """Found by whom each row says it is of: rows may have come and gone since it was begun."""
    known, withheld = dict[str, str](), dict[str, tuple[str, str, Value]]()
    by_record = {(each.kind, each.record): each for each in seen}
    values = {node.ref: node.value for node in session.nodes()}
    for entity in declared(session.form):
        for ref in [ref for ref in values if _ROW.sub("", ref) == entity.id_path]:
            opened = by_record.get((entity.dataset, values[ref]))
            if opened is None:
                continue
            row = ref.removesuffix(entity.id_path.removeprefix(entity.group))
            for path, name in _saved(entity).items():
                at, destination = row + path.removeprefix(entity.group), save_map.of(entity.dataset, name)
                if destination is None or at not in values:
                    continue
                value = opened.values.get(destination.field)
                if _is_masked(destination) and value is not None:
                    withheld[at] = (destination.kind, destination.field, value)
                elif values[at] and values[at] == told(destination.kind, destination.field, opened.values):
                    known[at] = values[at]
    return Stands(known, withheld)


def _saved(entity: Declared) -> dict[str, str]:
    labelled = {entity.label_path: LABEL} if entity.label_path else {}
    return {**labelled, **entity.saved}


def _is_masked(destination: Destination) -> bool:
    """A number is not shown at a table because a form asks for it (design/ui.md, Privacy)."""
    found = field_of(destination.kind, destination.field)
    return found is not None and found.masked


def record_of(entity: Entity) -> str:
    """The record of an entity: the one that it names, where the id is one of ours; else one derived from it,
    so that a correction speaks of the same.
    """
    return entity.id if _RECORD.fullmatch(entity.id) else derived_id("entity", entity.dataset, entity.id)


def said_of(entity: Entity) -> dict[str, str]:
    """What a submission says of an entity, by property; its label among them."""
    return {**({LABEL: entity.label} if entity.label else {}), **entity.values}


def told_before(
    said: Iterable[Entity], proposed: Collection[tuple[str, str]], save_map: SaveMap
) -> dict[str, str]:
    """What a submission said, by `kind/record/property`, but for what it `proposed` (record, field) and still
    waits: its correction takes that back and says it anew.
    """
    return {
        told_key(entity.dataset, record_of(entity), name): text
        for entity in said
        for name, text in said_of(entity).items()
        if (found := save_map.of(entity.dataset, name)) and (record_of(entity), found.field) not in proposed
    }


def told_key(dataset: str, record: str, name: str) -> str:
    """Under which a draft keeps what was filled in of a property."""
    return f"{dataset}/{record}/{name}"


def _listed(kind: str, seen: Iterable[Opened], save_map: SaveMap) -> bytes:
    """As a CSV of ODK's: the id under `name`, the version that a `baseVersion` names."""
    fields = {
        name: found.field
        for (dataset, name), found in save_map.all.items()
        if dataset == kind and name not in _HEADINGS
    }
    text = io.StringIO()
    write = csv.writer(text, lineterminator="\n").writerow
    write([*_HEADINGS, *fields])
    for opened in seen:
        if opened.kind == kind:
            said = [told(kind, field, opened.values) for field in fields.values()]
            write([opened.record, _label(opened.values), _version(opened), *said])
    return text.getvalue().encode()


def _label(values: Mapping[str, object]) -> str:
    return str(values.get("name") or values.get("head_name") or values.get("code") or "")


def _version(opened: Opened) -> int:
    """The newest place in the journal that stands behind a record: what an entity's version is here."""
    return max((on for on in opened.on.values() if isinstance(on, int)), default=0)
