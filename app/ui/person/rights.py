"""The tab of what she receives: each right with its decision, added, changed, ended; the amount proposed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtWidgets import QWidget

from app.actions import people
from app.actions.desk import Desk
from app.domain.dates import PartialDate
from app.domain.errors import Refusal
from app.domain.records import Value
from app.domain.text import show_amount
from app.store.opened import Opened
from app.ui.parts.boxes import STRETCH, card, column, label, row
from app.ui.parts.buttons import Button
from app.ui.parts.chips import Chip
from app.ui.parts.panes import Empty, Facts, scroll
from app.ui.person.amount import AmountProposed
from app.ui.person.controls import show_coefficient
from app.ui.person.editing import Plan
from app.ui.person.facts import RIGHT_MARKS, group_name
from app.ui.person.file import File, new_right
from app.ui.person.form import Part, RecordForm
from app.ui.person.tab import PersonTab
from app.ui.values import show_value
from app.words import gettext as _

_FIELDS = ("group", "coefficient", "amount", "since", "until", "decision", "decided", "note")
_TOLD = ("coefficient", "since", "until", "decision", "decided", "note")


class Rights(PersonTab):
    """One card a right, active ones first."""

    def page(self, file: File) -> QWidget:
        rights = file.person.entitlements
        add = Button(_("Add a right"), "primary" if not rights else "", icon="plus", on=self.add)
        if not rights:
            return card(Empty(_("Nothing was decided for her yet."), add, icon="info"))
        total = _("{amount} đ a month").format(amount=show_amount(file.person.row.amount))
        head = row(label(total, "card"), STRETCH, add)
        return scroll(column(head, *(self._card(right) for right in rights), STRETCH, gap=12))

    def _card(self, right: Opened) -> QWidget:
        values, reference = right.values, self.desk.reference
        state = str(values.get("state") or "active")
        icon, tone = RIGHT_MARKS[state]
        title = label(group_name(str(values.get("group") or ""), reference), "card", wrap=True)
        head = row(title, Chip(_(f"choice.entitlement.state.{state}"), icon, tone), gap=12)
        amount = label(_("{amount} đ a month").format(amount=_amount(values)), "pane")
        facts = [
            (_(f"field.entitlement.{name}"), _shown(name, values[name]))
            for name in _TOLD
            if values.get(name) is not None
        ]
        return card(head, amount, Facts(facts, label_width=128), self._ways(right, state), gap=8)

    def _ways(self, right: Opened, state: str) -> QWidget:
        change = Button(_("Change"), icon="pencil", size="small", on=lambda: self.change(right))
        end = Button(_("End this right"), "quietbad", size="small", on=lambda: self.end(right))
        again = Button(_("Pay again"), size="small", on=lambda: self.resume(right))
        return row(change, end if state == "active" else again, STRETCH)

    def add(self) -> None:
        """A form for a right that she does not have yet."""
        person = self.file.person.row.id
        opened = Opened("entitlement", "")
        plan = Plan(
            new_right(person),
            _("Add this right"),
            lambda desk, _opened, values, why: _add(desk, person, values, why),
            _decisions(),
            _("A right that was decided for her"),
            asks_always=True,
        )
        self.edit(opened, self._form, plan)

    def change(self, right: Opened) -> None:
        """The form of a right."""
        plan = Plan(
            f"entitlement:{right.record}",
            _("Save the changes"),
            people.change_record,
            _decisions(),
            group_name(str(right.values.get("group") or ""), self.desk.reference),
        )
        self.edit(right, self._form, plan)

    def end(self, right: Opened) -> None:
        """Until which month, and why."""
        self._turn(right, ("until",), "ended", _("End this right"))

    def resume(self, right: Opened) -> None:
        """From which month on, and why."""
        self._turn(right, ("since",), "active", _("Pay again"))

    def _turn(self, right: Opened, fields: Sequence[str], state: str, words: str) -> None:
        def act(desk: Desk, opened: Opened, values: Mapping[str, Value], why: str) -> bool:
            if not values.get(fields[0]):
                raise Refusal("right.month", field=fields[0])
            other: dict[str, Value] = {"until": None} if state == "active" else {}
            return people.change_record(desk, opened, {**other, **values, "state": state}, why)

        title = f"{words} · {group_name(str(right.values.get('group') or ''), self.desk.reference)}"
        plan = Plan(f"entitlement:{right.record}:{state}", words, act, _endings(state), title, True)
        editing = self.edit(right, lambda opened: self._form(opened, fields), plan)
        if plan.subject in self.file.drafts:
            return
        today = self.desk.clock.today()
        editing.form.put({fields[0]: PartialDate(today.year, today.month).iso()})

    def _form(self, opened: Opened, fields: Sequence[str] = _FIELDS) -> RecordForm:
        needed = ("group", "since") if fields is _FIELDS else fields
        form = RecordForm(self.desk, opened, [Part("", fields)], required=needed)
        if "amount" in fields:
            AmountProposed(form, self.desk)
        return form


def _add(desk: Desk, person: str, values: Mapping[str, Value], reason: str) -> str:
    filled = {name: value for name, value in values.items() if value is not None}
    if filled.get("group") and not filled.get("since"):
        raise Refusal("right.month", field="since")
    return people.add_entitlement(desk, person, filled, reason)


def _shown(name: str, value: Value) -> str:
    if name == "coefficient":
        return show_coefficient(str(value))
    return show_value("entitlement", name, value)


def _amount(values: Mapping[str, Value]) -> str:
    return show_amount(int(values.get("amount") or 0))


def _decisions() -> list[str]:
    return [_("By the chairman's decision"), _("The standard changed"), _("Written wrongly before")]


def _endings(state: str) -> list[str]:
    if state == "active":
        return [_("Meets the conditions again"), _("Ended by mistake")]
    return [_("No longer meets the conditions"), _("Moved to another right"), _("Written by mistake")]
