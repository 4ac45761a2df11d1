"""The recovery code: whether the sheet in the safe is known to be readable, and a new one when it is not."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame

from app.actions import officers
from app.actions.desk import Desk
from app.ui.notices import NoticeSlot
from app.ui.parts.boxes import STRETCH, card, column_layout, label, row
from app.ui.parts.buttons import Button
from app.ui.parts.holder import Holder
from app.ui.proving import ProofDialog
from app.ui.recovery import RecoveryCard
from app.ui.window import Window
from app.words import gettext as _


class RecoveryPage(QFrame):
    """A new code is shown once, and is confirmed by typing its last group back."""

    def __init__(self, window: Window, desk: Desk) -> None:
        super().__init__()
        self._window, self._desk = window, desk
        self.notice, self.sheet = NoticeSlot(), Holder()
        self.state = label("", wrap=True)
        self.renew = Button(_("Make a new recovery code"), icon="key", size="form", on=self._ask)
        if desk.training:
            self.renew.forbid(_("In training the password is the one that its door shows."))
        told = _(
            "The sheet in the safe opens the register when a password is lost or the laptop is dead. "
            "The province can open it too, once this laptop is joined to it."
        )
        whole = card(
            label(_("Recovery code"), "card"),
            self.state,
            label(told, "second", wrap=True),
            row(self.renew, STRETCH),
        )
        self.setLayout(column_layout(self.notice, whole, self.sheet, STRETCH, gap=12))

    def refresh(self) -> None:
        """Read again."""
        confirmed = self._desk.prove.keyfile.recovery_is_confirmed
        words = (
            _("The sheet was confirmed.")
            if confirmed
            else _("Nobody has confirmed having the sheet on paper.")
        )
        self.state.setText(words)

    def show_code(self, code: str) -> None:
        """To be printed or written down now."""
        if self.sheet.held is not None:
            return
        sheet = RecoveryCard(code, self._desk.commune)
        sheet.confirmed.connect(self._confirmed)
        sheet.told.connect(lambda words: self.notice.say(words))
        words = _("Put the new recovery code into the safe; the sheet there opens nothing any more.")
        self.notice.say(words, tone="warn", icon="key")
        self.sheet.put(sheet)
        sheet.focus()

    def _ask(self) -> None:
        why = _("Make a new recovery code")
        ProofDialog(self._window, self._desk.prove, why, self._renew).open()

    def _renew(self) -> None:
        self._window.jobs.run(
            self,
            officers.renew_recovery,
            self._desk,
            self._desk.prove.latest,
            lane="write",
            done=self._renewed,
            failed=self.notice.show_error,
        )

    def _renewed(self, code: str) -> None:
        self.sheet.put(None)
        self.show_code(code)
        self.refresh()

    def _confirmed(self) -> None:
        self._desk.prove.keyfile.confirm_recovery()
        self.notice.say(_("The recovery code is confirmed."), tone="ok", icon="tick")
        self.refresh()
