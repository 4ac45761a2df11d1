"""A form for the fields of a person's record, made from its declaration: adding a field adds its box."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.domain.dates import PartialDate
from app.domain.records import PERSON, Type, Value
from app.domain.records import Field as Declared
from app.ui.forms.choices import Dropdown
from app.ui.forms.field import Field, Form
from app.ui.forms.text import DateBox, TextBox
from app.ui.values import show_value
from app.words import gettext as _

# What an officer fills by hand; the rest is written by other acts.
EDITED = (
    *("name", "sex", "birth", "personal_id", "old_id", "id_issued", "id_issuer", "ethnicity"),
    *("phone", "phone_owner", "hamlet", "address", "current_address", "residence", "relation", "guardian"),
    *("state", "state_since", "note"),
)


class RecordForm(Form):
    """`show_values` and `values` speak of the register's fields; blank is None.

    Numbers stay masked behind their boxes: what is typed replaces one, an empty box keeps it.
    """

    def __init__(self, today: Any, *, columns: int = 2) -> None:
        self._declared = {name: _declared(name) for name in EDITED}
        fields = {
            name: Field(_(f"field.person.{name}"), _box(d, today)) for name, d in self._declared.items()
        }
        super().__init__(fields, columns=columns)
        self._behind: dict[str, Value] = {}

    def show_values(self, values: Mapping[str, Value], *, is_new: bool = False) -> None:
        """Fill the boxes; of somebody new nothing needs a mask."""
        self._behind = {} if is_new else {n: values.get(n) for n, d in self._declared.items() if d.masked}
        for name, field in self.fields.items():
            value = values.get(name)
            box: Any = field.control
            if self._behind.get(name):
                box.set_value("")
                box.setPlaceholderText(show_value("person", name, value))
                continue
            match self._declared[name].type:
                case Type.DATE:
                    box.set_value(PartialDate.parse(str(value)) if value else None)
                case Type.CHOICE:
                    box.set_value(value or "")
                case _:
                    box.set_value(str(value or ""))

    def values(self) -> dict[str, Value]:
        """What the boxes say."""
        said: dict[str, Value] = {}
        for name, field in self.fields.items():
            box: Any = field.control
            value = box.value()
            said[name] = value.iso() if isinstance(value, PartialDate) else value or self._behind.get(name)
        return said


def _declared(name: str) -> Declared:
    found = PERSON.field(name)
    if found is None:
        raise KeyError(name)
    return found


def _box(declared: Declared, today: Any) -> Any:
    match declared.type:
        case Type.DATE:
            return DateBox(today)
        case Type.CHOICE:
            answers = [(c, _(f"choice.person.{declared.name}.{c}")) for c in declared.choices]
            return Dropdown([("", "–"), *answers])
        case _:
            return TextBox()
