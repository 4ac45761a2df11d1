"""Closing her file: she died, moved or is no longer paid; from which day, and why. And opening it again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout

from app.actions import people
from app.actions.desk import Desk
from app.actions.people import Ending
from app.domain.dates import PartialDate
from app.domain.errors import Refusal
from app.store.opened import Opened
from app.ui.forms.cards import Choice, ChoiceCards
from app.ui.forms.choices import Reason
from app.ui.forms.field import Field
from app.ui.forms.text import DateBox
from app.ui.notices import Notice, NoticeSlot
from app.ui.parts.boxes import STRETCH, card, column, fill, label, row
from app.ui.parts.buttons import Button
from app.ui.parts.panes import scroll
from app.ui.person.editing import written
from app.ui.person.file import File
from app.ui.window import Window
from app.words import counted
from app.words import gettext as _

_STATES = ("died", "moved", "ended", "entered_by_mistake")


class EndingForm(QFrame):
    """What ends, from when and why; what follows is said before it is saved."""

    saved = Signal(str)
    given_up = Signal()

    def __init__(self, window: Window, desk: Desk, file: File) -> None:
        super().__init__()
        self._window, self._desk, self._file = window, desk, file
        self._is_open = file.person.row.state == "active"
        today = desk.clock.today()
        self.state = ChoiceCards(_choices())
        self.since = Field(_("From the day"), DateBox(today, PartialDate(today.year, today.month, today.day)))
        self.reason = Field(_("Why"), Reason(_phrases(self._is_open)), required=True)
        words = _("Close her file") if self._is_open else _("Open her file again")
        self.save = Button(words, "danger" if self._is_open else "primary", size="form", on=self.submit)
        self.back = Button(_("Give up"), "quiet", size="form", on=self.given_up.emit)
        self.notice = NoticeSlot()
        self.state.setVisible(self._is_open)
        body = card(
            label(words, "card"),
            self.state,
            row(self.since, STRETCH),
            self.reason,
            Notice(*self._consequence()),
            self.notice,
            gap=12,
        )
        layout = QVBoxLayout(self)
        area = scroll(column(body, STRETCH, margins=(20, 16)))
        fill(layout, area, row(STRETCH, self.back, self.save, gap=12, margins=(20, 10), role="footer"))
        layout.setStretch(0, 1)

    def _consequence(self) -> tuple[str, str]:
        if not self._is_open:
            return _("Her rights stay ended."), _("Open each again under its own decision.")
        rights = [
            r for r in self._file.person.entitlements if r.values.get("state") in ("active", "suspended")
        ]
        words = counted(
            "{count} right ends with that month.", "{count} rights end with that month.", len(rights)
        )
        return words, _(
            "Proposals that wait are taken back. Nothing is deleted; it can be undone in her history."
        )

    def submit(self) -> None:
        """Save, or say at the field why not."""
        self.notice.clear()
        problem = self.since.control.problem()
        since = self.since.control.value()
        if problem or since is None:
            self.since.set_error(problem or _("From which day?"))
            return
        state = self.state.value() if self._is_open else "active"
        if state is None:
            self.notice.say(_("Choose what happened."), tone="warn")
            return
        ending = Ending(state, since, self.reason.control.value())
        act, work = (_close, self._hers()) if self._is_open else (_reopen, (self._file.person.opened,))
        self.save.busy(_("Saving…"))
        self._window.jobs.run(
            self,
            written,
            self._desk,
            act,
            *work,
            ending,
            lane="write",
            done=self.saved.emit,
            failed=partial(self._failed),
        )

    def _hers(self) -> tuple[Opened, Sequence[Opened], Sequence[Opened]]:
        person = self._file.person
        proposals = [account.proposal for account in person.accounts if account.proposal is not None]
        return person.opened, person.entitlements, proposals

    def _failed(self, error: Exception) -> None:
        self.save.ready()
        at: Mapping[str, Field[Reason] | Field[DateBox]] = {"reason": self.reason, "state_since": self.since}
        field = at.get(error.field or "") if isinstance(error, Refusal) else None
        if field is None:
            self.notice.show_error(error)
        elif field is self.reason:
            field.set_error(_("Say why; it stands in her history."))
        else:
            field.set_error(_("That day is still to come."))


def _close(
    desk: Desk, person: Opened, rights: Sequence[Opened], proposals: Sequence[Opened], ending: Ending
) -> None:
    people.end_person(desk, person, rights, proposals, ending)


def _reopen(desk: Desk, person: Opened, ending: Ending) -> None:
    values = {"state": "active", "state_since": ending.since.iso()}
    people.change_record(desk, person, values, ending.reason)


def _choices() -> list[Choice]:
    notes = {
        "died": _("paid for the last time in that month"),
        "moved": _("another commune pays from the month after"),
        "ended": _("no longer meets the conditions"),
        "entered_by_mistake": _("never should have been in the register"),
    }
    return [Choice(state, _(f"choice.person.state.{state}"), notes[state]) for state in _STATES]


def _phrases(is_open: bool) -> list[str]:
    if is_open:
        return [_("Death certificate"), _("The hamlet head said so"), _("Moved by her papers")]
    return [_("Closed by mistake"), _("She came back")]
