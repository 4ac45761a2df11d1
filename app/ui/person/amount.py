"""The monthly amount as the law has it, proposed beside what somebody types."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject

from app.actions.desk import Desk
from app.domain.dates import PartialDate
from app.domain.errors import Refusal
from app.domain.policy import Group, Level
from app.domain.text import show_amount
from app.ui.person.controls import show_coefficient
from app.ui.person.form import RecordForm
from app.words import gettext as _


class AmountProposed(QObject):
    """Watches group, coefficient and month; fills the amount while it is still the proposed one."""

    def __init__(self, form: RecordForm, desk: Desk) -> None:
        super().__init__(form)
        self._form, self._desk = form, desk
        self._proposed: int | None = None
        self._group = ""
        form.changed.connect(self._propose)
        self._propose()

    def _control(self, name: str) -> Any:
        return self._form.fields[name].control

    def _propose(self) -> None:
        group = self._desk.reference.groups.by_code.get(self._control("group").value() or "")
        if group is None:
            return
        if group.code != self._group:
            self._take_group(group)
        month = self._month()
        try:
            level = self._desk.reference.levels.in_force(group.programme, month)
        except Refusal:
            return
        coefficient = self._control("coefficient").value()
        if coefficient is None:
            return
        due = self._desk.reference.levels.monthly_amount(group, coefficient, month)
        box = self._control("amount")
        if box.value() in (None, self._proposed):
            box.set_value(due)
        self._proposed = due
        self._say(level, coefficient, due, box.value())

    def _take_group(self, group: Group) -> None:
        """A new group brings its usual coefficient, unless somebody wrote another that it knows."""
        was_empty = not self._group
        self._group = group.code
        typed = self._control("coefficient").value()
        if not typed or (not was_empty and typed not in group.coefficients):
            self._control("coefficient").set_value(group.coefficients[0])
        known = ", ".join(map(show_coefficient, group.coefficients))
        self._form.fields["coefficient"].set_hint(
            _("{clause}: {known}").format(clause=group.clause, known=known)
        )

    def _month(self) -> PartialDate:
        """The month that counts: this one, or the first if that is still to come."""
        today = self._desk.clock.today()
        since = self._control("since").value()
        now = PartialDate(today.year, today.month)
        return max(PartialDate(since.year, since.month or 1), now) if since else now

    def _say(self, level: Level, coefficient: str, due: int, typed: int | None) -> None:
        words = _("{level} đ × {coefficient} = {due} đ ({source})").format(
            level=show_amount(level.amount),
            coefficient=show_coefficient(coefficient),
            due=show_amount(due),
            source=level.source,
        )
        self._form.fields["amount"].set_hint(words, "" if typed == due else "warn")
