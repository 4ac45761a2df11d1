"""A masked number and “Show”: shown for 20 s, each look told to the caller, hidden on leaving.

    MaskedValue("014•••••2213", reveal=lambda: actions.people.reveal(desk, person, "personal_id"))

`reveal` is an action: it writes the look into the audit and gives the clear value. Where it asks for
her password first, the question is put and the look done again; any other Refusal is said
under the top bar.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout

from app.domain.errors import Refusal, Trouble
from app.ui.notices import NoticeSlot
from app.ui.parts.boxes import STRETCH, fill, label
from app.ui.parts.buttons import Button
from app.ui.proving import asking
from app.words import gettext as _

SHOWN_S = 20


class MaskedValue(QFrame):
    """The masked text, and the button that shows it for a while."""

    revealed = Signal()

    def __init__(self, masked: str, reveal: Callable[[], str] | None, *, type_: str = "") -> None:
        super().__init__()
        self._masked, self._reveal = masked, reveal
        self._value = label(masked, type_)
        self._show = Button(_("Show"), "link", icon="eye", on=self._turn)
        self._show.setVisible(reveal is not None)
        self._timer = QTimer(self, singleShot=True, interval=SHOWN_S * 1000)
        self._timer.timeout.connect(self.cover)
        fill(QHBoxLayout(self), self._value, STRETCH, self._show, gap=6)

    @property
    def text(self) -> str:
        """What stands there now."""
        return self._value.text()

    def _turn(self) -> None:
        if self._timer.isActive():
            self.cover()
        else:
            self._look()

    def _say_refused(self, error: Exception) -> None:
        """Under the top bar: a number stands in many places, none of which has words to spare."""
        notice = getattr(self.window(), "notice", None)
        if isinstance(notice, NoticeSlot):
            notice.show_error(error)

    def _look(self) -> None:
        if self._reveal is None:
            return
        try:
            value = self._reveal()
        except (Refusal, Trouble) as error:
            asking(self, _("Show the number"), again=self._look, otherwise=self._say_refused)(error)
            return
        self._value.setText(value)
        self._show.setText(_("Hide"))
        self._show.set_icon("eye-off")
        self._timer.start()
        self.revealed.emit()

    def cover(self) -> None:
        """Mask it again."""
        self._timer.stop()
        self._value.setText(self._masked)
        self._show.setText(_("Show"))
        self._show.set_icon("eye")

    def hideEvent(self, event: QHideEvent) -> None:
        self.cover()
        super().hideEvent(event)
