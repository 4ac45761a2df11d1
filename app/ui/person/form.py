"""A record's fields as a form, out of its declaration: the right box for each, errors at the field.

    form = RecordForm(desk, opened, PROFILE, hamlets=("Bản Nà Lụa", …))
    form.read()                 # values of every cell, or None with the errors shown
    form.draft() / form.restore(draft)      # exactly what stands in the boxes, sound or not
    form.moved()                # cells that differ from what was opened

The form knows the record as it was opened and never reads it again: whatever came from another
laptop meanwhile, a save is laid on what its author saw (design/sync.md, Judging).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from app.actions import people
from app.actions.desk import Desk
from app.domain.dates import PartialDate
from app.domain.identity import plausibility, read_personal_id
from app.domain.phones import read_phone
from app.domain.records import KINDS, Type, Value
from app.domain.records import Field as Declared
from app.domain.reference import Reference
from app.domain.text import clean
from app.store.opened import Opened
from app.ui.forms.choices import Dropdown, Joined
from app.ui.forms.field import Field, Form
from app.ui.forms.picking import Pick, PickBox
from app.ui.forms.text import DateBox, MoneyBox, TextBox
from app.ui.parts.boxes import fill, label
from app.ui.person.controls import CoefficientBox, NumberBox, OpenPick, Ticks, WholeBox
from app.ui.person.facts import find_groups
from app.ui.values import show_value
from app.words import gettext as _

Draft = Mapping[str, Any]


@dataclass(frozen=True)
class Part:
    """Fields that stand together under a small title."""

    title: str
    fields: Sequence[str]


class RecordForm(QFrame):
    """Parts one below the other; `changed` as somebody types."""

    changed = Signal()

    def __init__(
        self,
        desk: Desk,
        opened: Opened,
        parts: Sequence[Part],
        *,
        hamlets: Sequence[str] = (),
        required: Sequence[str] = (),
        columns: int = 3,
    ) -> None:
        super().__init__()
        self.opened = opened
        self._desk, self._hamlets = desk, hamlets
        self.fields: dict[str, Field[Any]] = {}
        self._forms: list[Form] = []
        layout = QVBoxLayout(self)
        fill(layout, gap=12)
        for part in parts:
            fields = {name: self._field(name, name in required) for name in part.fields}
            self.fields |= fields
            form = Form(fields, columns=columns)
            self._forms.append(form)
            if part.title:
                layout.addWidget(label(part.title, "section"))
            layout.addWidget(form)
        self.changed.connect(self._doubt)
        self._doubt()

    def _field(self, name: str, required: bool) -> Field[Any]:
        declared = KINDS[self.opened.kind].field(name) or _members_of(self.opened.kind, name)
        control = self._control(declared)
        signal = getattr(control, "changed", None)
        if signal is not None:
            signal.connect(self.changed)
        if isinstance(control, PickBox):
            control.textEdited.connect(lambda _text: self.changed.emit())
        return Field(_(f"field.{self.opened.kind}.{name}"), control, required=required)

    def _control(self, declared: Declared) -> QWidget:
        name, value = declared.name, self.opened.values.get(declared.name)
        match declared.type:
            case Type.DIGITS:
                return self._number(name, value)
            case Type.DATE:
                return DateBox(
                    self._desk.clock.today(), PartialDate.parse(str(value)) if value is not None else None
                )
            case Type.MONEY:
                return MoneyBox(None if value is None else int(value))
            case Type.FLAG:
                return Joined([("yes", _("yes")), ("no", _("no"))], _FLAGS.get(value))
            case Type.CHOICE:
                return self._choice(declared, value)
            case Type.MEMBERS:
                answers = [(each, _(f"choice.{self.opened.kind}.{name}.{each}")) for each in declared.choices]
                return Ticks(
                    answers, {c: bool(self.opened.values.get(f"{name}/{c}")) for c in declared.choices}
                )
            case Type.WHOLE:
                return WholeBox("" if value is None else str(value))
        return self._words(name, "" if value is None else str(value))

    def _words(self, name: str, value: str) -> QWidget:
        """Boxes of what is written as text, some with a list to help."""
        match name:
            case "group":
                return self._group(value)
            case "coefficient":
                return CoefficientBox(value)
            case "hamlet":
                return OpenPick(self._hamlets, value, hint=_("Hamlet of the commune"))
        box = TextBox()
        box.set_value(value)
        return box

    def _number(self, name: str, value: Value) -> NumberBox:
        number = str(value or "")
        masked = show_value(self.opened.kind, name, number) if number else ""
        reveal = partial(people.reveal, self._desk, self.opened.kind, self.opened.record, name)
        read = partial(_READERS.get(name, _read_digits), self._desk.reference)
        return NumberBox(number, masked, reveal if number and self.opened.on else None, read)

    def _choice(self, declared: Declared, value: Value) -> QWidget:
        answers = [
            (each, _(f"choice.{self.opened.kind}.{declared.name}.{each}")) for each in declared.choices
        ]
        chosen = str(value) if value is not None else None
        if len(answers) <= 2:
            return Joined(answers, chosen)
        return Dropdown(answers, chosen, hint=_("Choose"))

    def _group(self, value: str) -> PickBox:
        groups = self._desk.reference.groups
        box = PickBox(lambda text: find_groups(groups, text), hint=_("Name or code"))
        known = groups.by_code.get(value)
        if known:
            box.set_value(Pick(known.code, known.name, known.code))
        return box

    def read(self) -> dict[str, Value] | None:
        """Every cell's value; None when something cannot be read, which is then said at its field."""
        values: dict[str, Value] = {}
        first = None
        for name, field in self.fields.items():
            field.clear_error()
            problem = _problem(field.control)
            if problem:
                field.set_error(problem)
                first = first or field
                continue
            values |= self._cells(name)
        if first is not None:
            first.control.setFocus()
            return None
        return values

    def _cells(self, name: str) -> dict[str, Value]:
        control = self.fields[name].control
        value = control.words() if isinstance(control, OpenPick) else control.value()
        if isinstance(value, dict):
            return {f"{name}/{member}": True if on else None for member, on in value.items()}
        if isinstance(value, PartialDate):
            return {name: value.iso()}
        declared = KINDS[self.opened.kind].field(name)
        if declared is not None and declared.type is Type.FLAG:
            return {name: {"yes": True, "no": False}.get(value)}
        if declared is not None and declared.type is Type.WHOLE:
            return {name: int(value) if str(value).isdecimal() else None}
        return {name: value or None}

    def moved(self) -> dict[str, Value]:
        """Cells that differ from the record as opened, as far as they can be read."""
        now: dict[str, Value] = {}
        for name, field in self.fields.items():
            if not _problem(field.control):
                now |= self._cells(name)
        return {cell: value for cell, value in now.items() if value != self.opened.values.get(cell)}

    @property
    def is_guarded(self) -> bool:
        """Whether what moved includes something that people must be able to answer for."""
        return any(people.is_guarded(self.opened.kind, cell) for cell in self.moved())

    @property
    def is_touched(self) -> bool:
        """Whether anything differs, readable or not."""
        return bool(self.moved()) or any(_problem(field.control) for field in self.fields.values())

    def show_error(self, error: BaseException) -> bool:
        """A Refusal at its field; False when it names none of ours."""
        return any(form.show_error(error) for form in self._forms)

    def put(self, values: Mapping[str, Value]) -> None:
        """Fill in what a card or a draft says; other boxes stay."""
        for name, value in values.items():
            field = self.fields.get(name)
            if field is not None:
                _put(field.control, value)
        self.changed.emit()

    def draft(self) -> dict[str, Any]:
        """What stands in the boxes; numbers nobody asked for are left out."""
        return {
            name: _typed(field.control)
            for name, field in self.fields.items()
            if not (isinstance(field.control, NumberBox) and field.control.is_masked)
        }

    def restore(self, draft: Draft) -> None:
        """Put back what stood in the boxes."""
        for name, typed in draft.items():
            field = self.fields.get(name)
            if field is not None:
                _type(field.control, typed)
        self.changed.emit()

    def _doubt(self) -> None:
        """A sound number may still be somebody else's: say where it disagrees with what is known."""
        field = self.fields.get("personal_id")
        if field is None:
            return
        number = field.control.value()
        if not number or len(number) != 12:
            field.set_hint("")
            return
        sex = self.fields["sex"].control.value() if "sex" in self.fields else None
        birth = self.fields["birth"].control.value() if "birth" in self.fields else None
        doubts = plausibility(number, sex, birth, self._desk.reference)
        field.set_hint(". ".join(_(f"sheets.problem.{kind}") for kind in doubts), "warn" if doubts else "")


_FLAGS: Mapping[Value, str] = {True: "yes", False: "no"}


def _members_of(kind: str, name: str) -> Declared:
    return next(field for field in KINDS[kind].fields if field.name == name)


def _problem(control: QWidget) -> str:
    problem: Callable[[], str] | None = getattr(control, "problem", None)
    if problem is not None:
        return problem()
    if isinstance(control, PickBox) and not isinstance(control, OpenPick):
        return _("Choose one from the list.") if control.text() and control.value() is None else ""
    return ""


def _put(control: Any, value: Value) -> None:
    if isinstance(control, OpenPick):
        control.put(str(value or ""))
    elif isinstance(control, DateBox):
        control.set_value(PartialDate.parse(str(value)) if value else None)
    elif isinstance(control, TextBox | NumberBox):
        control.set_value(str(value or ""))
    else:
        control.set_value(value)


def _typed(control: Any) -> Any:
    if isinstance(control, NumberBox):
        return control.box.text()
    if isinstance(control, OpenPick | TextBox | DateBox | MoneyBox):
        return control.text()
    if isinstance(control, PickBox):
        pick = control.taken
        return [pick.key, pick.words, pick.note] if pick else None
    return control.value()


def _type(control: Any, typed: Any) -> None:
    if isinstance(control, OpenPick):
        control.put(str(typed))
    elif isinstance(control, DateBox | MoneyBox):
        control.setText(str(typed))
    elif isinstance(control, PickBox):
        control.set_value(Pick(*typed) if typed else None)
    else:
        control.set_value(typed)


def _read_digits(_reference: Reference, text: str) -> tuple[str | None, str]:
    return "".join(clean(text).split()) or None, ""


def _read_id(_reference: Reference, text: str) -> tuple[str | None, str]:
    reading = read_personal_id(text)
    if reading.problem in (None, "missing_personal_id"):
        return reading.personal_id, ""
    if reading.problem == "old_id_number":
        return None, _("That is a nine-digit number: it belongs into the field for the old number.")
    return None, _("Twelve digits, as on the card.")


def _read_old_id(_reference: Reference, text: str) -> tuple[str | None, str]:
    reading = read_personal_id(text)
    if reading.old_id or reading.problem == "missing_personal_id":
        return reading.old_id, ""
    return None, _("Nine digits, as on the old card.")


def _read_telephone(reference: Reference, text: str) -> tuple[str | None, str]:
    reading = read_phone(text, reference)
    return (None, _("Not a telephone number of ten digits.")) if reading.problem else (reading.phone, "")


_READERS = {"personal_id": _read_id, "old_id": _read_old_id, "phone": _read_telephone}
