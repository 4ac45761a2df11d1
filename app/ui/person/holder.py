"""The name that an account is kept under at the bank, asked for where a workbook did not say it.

holder = Holder("Lò Thị Pánh", account); holder.wanted.connect(lambda completion: …)
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout

from app.actions.holders import Completion
from app.domain.accounts import bank_name, compare_holder
from app.store.dossier import Account
from app.ui.forms.choices import Reason
from app.ui.forms.field import Field, Form
from app.ui.forms.text import TextBox
from app.ui.notices import Notice
from app.ui.parts.boxes import STRETCH, fill, row
from app.ui.parts.buttons import Button
from app.words import gettext as _


class Holder(QFrame):
    """Nothing is filled in: whose name it is, is looked up on her card or bank book, or asked."""

    wanted = Signal(object)

    def __init__(self, name: str, account: Account) -> None:
        super().__init__()
        values = account.opened.values
        self._account, self._payee = account.opened.record, str(values.get("payee_name") or name)
        told = Notice(
            _("It does not say in whose name it is: nobody can approve it."),
            _("Ask her, or read it off her bank book or card."),
            tone="warn",
        )
        hint = _("As the bank writes it, accents not needed")
        self.name = Field(_("Holder's name"), TextBox(hint=hint), required=True)
        phrases = [_("Account of a relative who receives for her"), _("The bank writes her name otherwise")]
        self.why = Field(_("Why the name is another"), Reason(phrases), required=True)
        self.why.hide()
        self.form = Form({"holder": self.name, "mismatch_reason": self.why})
        self.name.control.changed.connect(self._fit)
        go = Button(_("Complete and propose anew"), "primary", icon="bank", size="form", on=self._ask)
        fill(QVBoxLayout(self), told, self.form, row(STRETCH, go), gap=8)

    def _fit(self) -> None:
        self.why.setVisible(self._differs())

    def _differs(self) -> bool:
        typed = self.name.control.value()
        return bool(bank_name(typed)) and compare_holder(self._payee, typed) == "different"

    def _ask(self) -> None:
        self.form.clear_errors()
        if not bank_name(self.name.control.value()):
            self.name.set_error(_("Whose name stands on the account?"))
            return
        if self._differs() and not self.why.control.value():
            self.why.show()
            self.why.set_error(_("Say why the name is another's."))
            return
        reason = self.why.control.value() if self._differs() else ""
        self.wanted.emit(Completion(self._account, self.name.control.value(), reason))
