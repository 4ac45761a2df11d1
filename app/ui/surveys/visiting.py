"""Somebody came, and nobody could be asked: why, when she comes again, in a pane beside the list."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout

from app.actions.desk import Desk
from app.actions.surveying.assigning import OUTCOMES, Visit
from app.ui.forms.choices import Radios
from app.ui.forms.field import Field, Form
from app.ui.forms.text import DateBox, TextBox
from app.ui.notices import NoticeSlot
from app.ui.parts.boxes import STRETCH, column, fill, footer, label
from app.ui.parts.buttons import Button
from app.ui.parts.panes import PANE_WIDTH, scroll
from app.ui.surveys.found import LeftLine
from app.ui.theme import give, look
from app.words import gettext as _


class VisitPane(QFrame):
    """`noted(Visit)` when it is to be kept, `closed` when not; Escape closes it."""

    noted = Signal(object)
    closed = Signal()

    def __init__(self, desk: Desk, line: LeftLine) -> None:
        super().__init__()
        self.line = line
        give(self, role="pane")
        self.setFixedWidth(look().px(PANE_WIDTH if look().factor < 1.5 else 300))
        self.notice = NoticeSlot()
        answers = [(each, _(f"choice.visit.outcome.{each}")) for each in OUTCOMES]
        self.outcome = Field(_("Why not"), Radios(answers, OUTCOMES[0]), required=True)
        self.again = Field(
            _("Comes again on"), DateBox(desk.clock.today()), hint=_("Empty where nobody comes again")
        )
        self.note = Field(_("Note"), TextBox(hint=_("At the market, back in the evening…")))
        self.form = Form({"outcome": self.outcome, "again": self.again, "note": self.note})
        self.keep = Button(_("Note the visit"), "primary", size="form", icon="tick", on=self._keep)
        self.back = Button(_("Give up"), "quiet", size="form", on=self.closed.emit)
        self.note.control.returnPressed.connect(self._keep)
        self.again.control.returnPressed.connect(self._keep)
        who = label(line.left.name or line.left.address, "pane", wrap=True)
        head = (label(_("Nobody could be asked"), "section"), who)
        body = column(self.notice, *head, 4, self.form, STRETCH, gap=6, margins=(16, 12))
        fill(QVBoxLayout(self), scroll(body), footer(self.back, STRETCH, self.keep), grows=0)
        self.setTabOrder(self.note.control, self.keep)
        self.setTabOrder(self.keep, self.back)

    def begin(self) -> None:
        """Put the cursor at the first reason."""
        self.outcome.control.setFocus(Qt.FocusReason.OtherFocusReason)

    def value(self) -> Visit | None:
        """What is to be kept; None while the day is none, which is said there."""
        if problem := self.again.control.problem():
            self.again.set_error(problem)
            self.again.control.setFocus()
            return None
        outcome = self.outcome.control.value() or ""
        return Visit(outcome, self.again.control.value(), self.note.control.value())

    def show_error(self, error: Exception) -> None:
        """At its field, else above them."""
        self.keep.ready()
        if not self.form.show_error(error):
            self.notice.show_error(error)

    def _keep(self) -> None:
        found = self.value()
        if found is not None and self.keep.isEnabled():
            self.form.clear_errors()
            self.keep.busy(_("Saving…"))
            self.noted.emit(found)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
            return
        super().keyPressEvent(event)
