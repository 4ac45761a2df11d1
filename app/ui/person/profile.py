"""The tab with all that is known of her: read at a glance, changed in place with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from app.actions import duplicates, people
from app.actions.cards import card_values
from app.actions.desk import Desk
from app.domain.errors import Refusal
from app.domain.identity import parse_card_qr
from app.domain.records import KINDS, Type, Value
from app.store.dossier import Joined
from app.store.opened import Opened
from app.ui.forms.masked import MaskedValue
from app.ui.parts.boxes import STRETCH, card, column, fill, label
from app.ui.parts.panes import Facts, scroll
from app.ui.person.editing import Editing, Plan
from app.ui.person.file import File
from app.ui.person.form import Part, RecordForm
from app.ui.person.joined import JoinedCard
from app.ui.person.tab import PersonTab
from app.ui.theme import look
from app.ui.values import show_value
from app.words import gettext as _

_WHO = ("name", "sex", "birth", "personal_id", "old_id", "id_issued", "id_issuer", "ethnicity")
_WHERE = ("phone", "phone_owner", "hamlet", "address", "current_address", "residence")
_CARE = ("guardian", "disability", "smartphone", "vneid_level", "wish", "wish_reason", "note", "needs")


def profile_parts() -> list[Part]:
    """Every field that an officer fills by hand, in the order of the paper form."""
    return [
        Part(_("Identity"), _WHO),
        Part(_("Home and telephone"), _WHERE),
        Part(_("Care and wishes"), _CARE),
    ]


class Profile(PersonTab):
    """Facts in two columns; the same fields as a form."""

    def page(self, file: File) -> QWidget:
        who, where, care = (self._card(file.person.opened, part) for part in profile_parts())
        joined = [self._joined(each) for each in file.person.joined]
        if look().factor >= 1.5:
            return scroll(column(who, where, care, *joined, STRETCH, gap=12))
        halves = QWidget()
        layout = QHBoxLayout(halves)
        fill(layout, column(who, *joined, STRETCH, gap=12), column(where, care, STRETCH, gap=12), gap=12)
        layout.setStretch(0, 1)
        layout.setStretch(1, 1)
        return scroll(halves)

    def _joined(self, joined: Joined) -> JoinedCard:
        shown = JoinedCard(self.desk, joined)
        shown.parted.connect(self._part)
        return shown

    def _part(self, joined: Joined, reason: str) -> None:
        self.write(duplicates.part, self.file.person.row.id, joined, reason)

    def _card(self, opened: Opened, part: Part) -> QWidget:
        facts = Facts(self._facts(opened, part), label_width=168)
        return card(label(part.title, "section"), facts, gap=8, margins=(16, 12))

    def _facts(self, opened: Opened, part: Part) -> list[tuple[str, str | QWidget]]:
        names = [*part.fields, "name_typed"] if "name" in part.fields else part.fields
        facts: list[tuple[str, str | QWidget]] = []
        for name in names:
            if name == "name_typed" and not opened.values.get(name):
                continue
            facts.append((_(f"field.person.{name}"), self._value(opened, name)))
        return facts

    def _value(self, opened: Opened, name: str) -> str | QFrame | QWidget:
        value = opened.values.get(name)
        declared = next(field for field in KINDS["person"].fields if field.name == name)
        if declared.type is Type.MEMBERS:
            had = [m for m in declared.choices if opened.values.get(f"{name}/{m}")]
            return "; ".join(_(f"choice.person.{name}.{m}") for m in had) or label("–", "third")
        if value is None:
            return label("–", "third")
        words = show_value("person", name, value, self.desk.reference)
        if declared.masked and declared.type is Type.DIGITS:
            return MaskedValue(words, partial(people.reveal, self.desk, "person", opened.record, name))
        return words

    def change(self) -> Editing:
        """Open the form, on the record as it stands now (or as a draft began)."""
        if self.editing is not None:
            return self.editing
        opened = self.file.person.opened
        plan = Plan(f"person:{opened.record}", _("Save the changes"), _change)
        return self.edit(opened, self._form, plan)

    def _form(self, opened: Opened) -> RecordForm:
        hamlets = self.file.hamlets
        return RecordForm(self.desk, opened, profile_parts(), hamlets=hamlets, required=("name",))

    def take_card(self, scanned: str) -> bool:
        """Fill the open form by a card; False when none is open."""
        editing = self.editing
        if editing is None:
            return False
        try:
            editing.form.put(card_values(parse_card_qr(scanned)))
        except Refusal as refusal:
            editing.notice.show_error(refusal)
        return True

    def show_file(self, file: File) -> None:
        super().show_file(file)
        editing = self.editing
        if editing is not None:
            self._warn(editing, file)
        elif f"person:{file.person.row.id}" in file.drafts:
            self.change()

    def _warn(self, editing: Editing, file: File) -> None:
        """Say what another laptop wrote since the form was opened; the form itself stays."""
        opened, now = editing.form.opened, file.person.opened
        theirs = [
            name
            for name in editing.form.fields
            if now.on.get(name) != opened.on.get(name) and now.values.get(name) != opened.values.get(name)
        ]
        if theirs:
            fields = ", ".join(_(f"field.person.{name}") for name in theirs)
            words = _("Written elsewhere since you opened this form: {fields}.").format(fields=fields)
            rest = _("What you typed stays. If both wrote one field, people will decide.")
            editing.notice.say(words, rest, tone="warn")


def _change(desk: Desk, opened: Opened, values: Mapping[str, Value], reason: str) -> bool:
    if not values.get("name"):
        raise Refusal("person.name", field="name")
    return people.change_record(desk, opened, values, reason)
