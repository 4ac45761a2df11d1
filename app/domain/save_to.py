"""What an answer of a survey may write: an allow-listed map of properties to fields, as dated data.

ODK Entities' `save_to` names a property; `resources/policy/surveys.toml` says which field of the register it
is, and whether whoever hands the form in writes it or only proposes. Values cross here in both directions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from app.domain.errors import Refusal
from app.domain.fitting import fault_of
from app.domain.records import KINDS, Field, Type, Value
from app.domain.text import clean

_FIELDS = {name: {field.name: field for field in kind.fields} for name, kind in KINDS.items()}
WRITE, PROPOSE = "write", "propose"
_YES, _NO = frozenset({"1", "1.0", "true", "yes", "co"}), frozenset({"0", "0.0", "false", "no", "khong"})


@dataclass(frozen=True)
class Destination:
    """A field of the register, and whether an answer is written there or proposed."""

    kind: str
    field: str
    is_proposed: bool


@dataclass(frozen=True)
class SaveMap:
    """By entity list (`person`, `household`) and property."""

    all: Mapping[tuple[str, str], Destination]

    def of(self, dataset: str, name: str) -> Destination | None:
        """None for a property that writes nothing."""
        return self.all.get((dataset, name))


def read_save_map(written: Mapping[str, Mapping[str, Mapping[str, str]]]) -> SaveMap:
    """As it stands in the data. ValueError for a field that the register has not, or another way."""
    found = dict[tuple[str, str], Destination]()
    for dataset, properties in written.items():
        for name, said in properties.items():
            field, way = said.get("field", name), said["way"]
            if field not in _FIELDS.get(dataset, {}) or way not in (WRITE, PROPOSE):
                raise ValueError(f"{dataset}.{name}")
            found[dataset, name] = Destination(dataset, field, way == PROPOSE)
    return SaveMap(found)


def cells_said(kind: str, name: str, text: str) -> dict[str, Value]:
    """The cells of a field as an answer says them: all members of a set, else the one; blank is nothing.

    Refusal("survey.value") for an answer that the field cannot hold.
    """
    field = _FIELDS[kind][name]
    if field.type is Type.MEMBERS:
        said = set(text.split())
        unknown = said - set(field.choices)
        if unknown:
            raise Refusal("survey.value", kind=kind, name=name)
        return {f"{name}/{member}": True if member in said else None for member in field.choices}
    value = _value(field, text.strip())
    if fault_of(kind, name, value):
        raise Refusal("survey.value", kind=kind, name=name)
    return {name: value}


def told(kind: str, name: str, values: Mapping[str, Value]) -> str:
    """What a field holds, as an answer says it; empty for nothing."""
    field = _FIELDS[kind][name]
    if field.type is Type.MEMBERS:
        return " ".join(member for member in field.choices if values.get(f"{name}/{member}"))
    value = values.get(name)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def _value(field: Field, text: str) -> Value:
    if not text:
        return None
    match field.type:
        case Type.FLAG:
            return True if text in _YES else False if text in _NO else text
        case Type.MONEY | Type.WHOLE:
            return _whole(text)
        case Type.TEXT:
            return clean(text) or None
    return text


def _whole(text: str) -> Value:
    """A number without a part, however the form counts it: money is a decimal in a form."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    return int(number) if number.is_finite() and number == int(number) else text
