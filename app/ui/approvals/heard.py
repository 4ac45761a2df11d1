"""What a survey heard, field by field, in words: for the page, the list and the console."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.records import Type, Value, field_of
from app.domain.reference import Reference
from app.store.surveyed import Heard
from app.ui.values import show_value
from app.words import counted
from app.words import gettext as _


def words(heard: Heard, name: str, side: Mapping[str, Value], reference: Reference) -> str:
    """A field as one side has it: members of a set together, a household by its head."""
    cells = [cell for cell in heard.wants if cell.partition("/")[0] == name]
    if cells != [name]:
        told = [show_value(heard.kind, cell, True, reference) for cell in cells if side.get(cell)]
        return ", ".join(told) or _("none of them")
    value = side.get(name)
    if value is None:
        return "–"
    field = field_of(heard.kind, name)
    if field is not None and field.type is Type.REF:
        return heard.household or _("a household not in the register yet")
    return show_value(heard.kind, name, value, reference)


def title(heard: Heard) -> str:
    """`Khảo sát: Rà soát hộ nghèo 2026 – 3 mục`."""
    about = _("Survey: {form}").format(form=heard.title)
    if heard.is_new:
        return f"{about} – {_('not in the register yet')}"
    count = len(heard.fields)
    return f"{about} – {counted('{count} item', '{count} items', count)}"


def whom(heard: Heard, name: str) -> str:
    """Whom it is about; `name`: of the person that it names. Where nobody has one, what would be done."""
    if heard.kind == "household" and heard.name:
        return _("Household of {head}").format(head=heard.name)
    return heard.name or name or whole(heard)


def whole(heard: Heard) -> str:
    """What would be done, for a page's title."""
    if heard.is_new:
        return _("A new person, by a survey") if heard.kind == "person" else _("A new household, by a survey")
    return (
        _("What a survey found of her")
        if heard.kind == "person"
        else _("What a survey found of the household")
    )


def seen_words(heard: Heard, name: str, reference: Reference) -> str:
    """`khi khảo sát: 1949`: what whoever surveyed saw there."""
    return _("when surveyed: {value}").format(value=words(heard, name, heard.seen, reference))


def numbers(heard: Heard) -> list[str]:
    """Fields that it would change and that are masked: whoever signs reads them whole, and that is noted."""
    return [name for name in heard.fields if is_number(heard.kind, name) and heard.wants.get(name)]


def is_number(kind: str, name: str) -> bool:
    """Whether a field is shown behind a mask."""
    field = field_of(kind, name)
    return field is not None and field.masked and field.type is Type.DIGITS
