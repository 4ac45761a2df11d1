"""The line beneath the top bar while this laptop has not heard of its centre for long: how long it goes on.

Calm from the first warning on, red once something has stopped; never in the way of work.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QFrame

from app.actions.desk import Apart
from app.domain.leave import Stage
from app.ui.notices import NoticeSlot
from app.ui.parts.boxes import column_layout, row
from app.ui.parts.buttons import Button
from app.ui.theme import Tone
from app.words import gettext as _


class LeaveBar(QFrame):
    """Takes no room while the centre was heard of lately."""

    def __init__(self, go: Callable[[str], object]) -> None:
        super().__init__()
        self._go = go
        self._shown = Apart()
        self.notice = NoticeSlot(at_edge=True)
        self.setLayout(column_layout(self.notice))
        self.hide()

    def show_apart(self, apart: Apart) -> None:
        """How it stands now."""
        is_long = apart.stage > Stage.FULL
        if is_long and apart != self._shown:
            happened, rest, tone = _words(apart)
            sync = Button(_("Sync now"), size="small", icon="sync", on=lambda: self._go("sync"))
            stick = Button(_("By stick"), size="small", icon="file", on=lambda: self._go("handover"))
            self.notice.say(happened, rest, tone=tone, icon="clock", action=row(sync, stick, gap=8))
        self._shown = apart
        self.setVisible(is_long)

    def clear(self) -> None:
        """Nobody is at the desk."""
        self._shown = Apart()
        self.hide()


def _words(apart: Apart) -> tuple[str, str, Tone]:
    """What is left, then what stops or has stopped, then what goes on."""
    numbers = {"days": apart.days, "left": apart.left}
    if apart.stage is Stage.WARNED:
        happened = _("{days} days without the centre: {left} days of full work are left.")
        rest = _("After that approvals, lists and copies stop, until the next sync or stick.")
        return happened.format(**numbers), rest, "warn"
    if apart.stage is Stage.CAPTURE:
        happened = _("{days} days without the centre: approvals, lists and copies have stopped.")
        rest = _("In {left} days whole numbers no longer show. Writing and handing over go on.")
        return happened.format(**numbers), rest.format(**numbers), "bad"
    happened = _("{days} days without the centre: whole numbers no longer show; approvals have stopped.")
    rest = _("Writing and handing over go on; one sync or one stick there and back opens everything.")
    return happened.format(**numbers), rest, "bad"
