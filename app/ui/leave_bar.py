"""The lines beneath the top bar: how long this laptop goes on without its centre, how long its officer may.

Calm from the first warning on, red once something has stopped; never in the way of work.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QFrame

from app.actions.desk import Apart
from app.domain.leave import Stage
from app.domain.terms import Term
from app.ui.notices import NoticeSlot
from app.ui.parts.boxes import column_layout, row
from app.ui.parts.buttons import Button
from app.ui.theme import Tone
from app.words import gettext as _


class LeaveBar(QFrame):
    """Takes no room while the centre was heard of lately, and her certificate counts for long."""

    def __init__(self, go: Callable[..., object]) -> None:
        super().__init__()
        self._go = go
        self._shown = Apart()
        self._term: Term | None = None
        self.notice, self.term = NoticeSlot(at_edge=True), NoticeSlot(at_edge=True)
        self.setLayout(column_layout(self.notice, self.term))
        self.hide()

    def show_apart(self, apart: Apart) -> None:
        """How it stands now."""
        is_long = apart.stage > Stage.FULL
        if is_long and apart != self._shown:
            happened, rest, tone = _words(apart)
            sync = Button(_("Sync now"), size="small", icon="sync", on=lambda: self._go("sync"))
            stick = Button(_("By stick"), size="small", icon="file", on=lambda: self._go("handover"))
            self.notice.say(happened, rest, tone=tone, icon="clock", action=row(sync, stick, gap=8))
        if not is_long:
            self.notice.clear()
        self._shown = apart
        self._fit()

    def show_term(self, term: Term | None) -> None:
        """How long her certificate counts."""
        if term != self._term and term is not None and term.is_near:
            happened, rest, tone = _term_words(term)
            ask = Button(
                _("Officers"), size="small", icon="key", on=partial(self._go, "settings", page="officers")
            )
            self.term.say(happened, rest, tone=tone, icon="clock", action=ask)
        elif term is None or not term.is_near:
            self.term.clear()
        self._term = term
        self._fit()

    def _fit(self) -> None:
        self.setVisible(bool(self.notice.text or self.term.text))

    def clear(self) -> None:
        """Nobody is at the desk."""
        self._shown, self._term = Apart(), None
        self.notice.clear()
        self.term.clear()
        self.hide()


def _term_words(term: Term) -> tuple[str, str, Tone]:
    """When it ends, then what follows and who can help."""
    day = f"{term.last:%d/%m/%Y}"
    if term.is_over:
        happened = _("Your certificate ended on {day}: you no longer see or write here.")
        rest = _("What waits still goes to the centre. Whoever keeps the officers asks the centre for more.")
        return happened.format(day=day), rest, "bad"
    happened = _("Your certificate ends on {day}; after that day nothing you sign counts.")
    rest = _("Sync before then, and have more asked for under Officers and laptops.")
    return happened.format(day=day), rest, "warn"


def _words(apart: Apart) -> tuple[str, str, Tone]:
    """What is left, then what stops or has stopped, then what goes on."""
    numbers = {"days": apart.days, "left": apart.left}
    if apart.stage is Stage.WARNED:
        happened = _("{days} days without the centre; days of full work left: {left}.")
        rest = _("After that approvals, lists and copies stop, until the next sync or stick.")
        return happened.format(**numbers), rest, "warn"
    if apart.stage is Stage.CAPTURE:
        happened = _("{days} days without the centre: approvals, lists and copies have stopped.")
        rest = _("Days until whole numbers no longer show: {left}. Writing and handing over go on.")
        return happened.format(**numbers), rest.format(**numbers), "bad"
    happened = _("{days} days without the centre: whole numbers no longer show; approvals have stopped.")
    rest = _("Writing and handing over go on; one sync or one stick there and back opens everything.")
    return happened.format(**numbers), rest, "bad"
