"""Step 3: which account, whose name is on it, who receives. Scanned, or typed."""

from __future__ import annotations

import re
from collections.abc import Sequence

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout

from app.actions.desk import Desk
from app.actions.drive import Entered, Scanned, Sharing, is_grown
from app.domain.accounts import Provider, compare_holder, plausible_account
from app.domain.identity import CardQr, mask_phone
from app.domain.phones import read_phone
from app.store.enrolments import AtTable
from app.ui.drive.facts import NamesBox, person_line, sharing_chip
from app.ui.drive.payee import PayeeForm
from app.ui.drive.step import Step
from app.ui.forms.choices import Reason
from app.ui.forms.field import Field
from app.ui.forms.picking import Pick, PickBox
from app.ui.forms.text import TextBox
from app.ui.parts.boxes import STRETCH, card, fill, row_layout
from app.ui.parts.buttons import Button
from app.ui.parts.holder import Holder
from app.ui.theme import give
from app.words import gettext as _

_REST_MS = 250


class AccountStep(Step):
    """Provider, number, the holder's name as it is read out; `looked_up` when a number stands."""

    looked_up = Signal(str, str)  # provider code, number

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._seated: AtTable | None = None
        self._way = "bank"
        self._scanned = Entered("", "")
        self._sharing: Sharing | None = None
        self.who = Holder()
        self.provider = Field(_("Where"), PickBox(self._find, hint=_("Name, an old name, or letters")))
        self.number = Field(_("Account number"), TextBox(fit="drive"))
        self.holder = Field(_("Name on the account"), TextBox(fit="drive"))
        self.own_phone = Button("", "link", icon="phone", on=self._take_phone)
        self.names = NamesBox()
        mismatch = [_(f"mismatch.{why}") for why in ("birth_name", "short_name", "spelling")]
        shared = [_(f"shared.{why}") for why in ("neighbour", "relative", "carer")]
        self.mismatch = Field(_("Why the names differ"), Reason(mismatch), required=True)
        self.shared = Field(_("Why strangers are paid there too"), Reason(shared), required=True)
        self.known = Holder()
        self.payee = PayeeForm(desk.reference, desk.clock.today())
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self._look_up)
        self._lay_out()

    def _lay_out(self) -> None:
        give(self.provider.control, fit="drive")
        first = row_layout(self.provider, self.number, gap=16)
        first.setStretch(0, 2)
        first.setStretch(1, 3)
        below = row_layout(self.known, STRETCH, self.own_phone)
        body = card(
            first, below, self.holder, self.names, self.mismatch, self.shared, gap=10, margins=(20, 14)
        )
        fill(QVBoxLayout(self), self.who, body, self.payee, STRETCH, gap=12)
        self.provider.control.changed.connect(self._provider_taken)
        self.number.control.changed.connect(self._edited)
        self.holder.control.changed.connect(self._entered)
        self.payee.changed.connect(self._entered)
        for reason in (self.mismatch, self.shared):
            reason.control.changed.connect(self.changed)

    def present(self, seated: AtTable, entered: Entered) -> None:
        self._seated, self._way, self._scanned = seated, entered.way or "bank", entered
        self._sharing = None
        today = self._desk.clock.today()
        self.who.put(person_line(seated, today))
        provider = self._desk.reference.providers.by_code.get(entered.provider)
        if provider is not None and provider.kind != self._way:
            provider = None  # she chose another way since: what was entered for the first is no account of it
        self.provider.control.set_value(_pick(provider) if provider else None)
        self.number.control.set_value(entered.number if provider or not entered.provider else "")
        self.holder.control.set_value(entered.holder)
        self.holder.set_hint(_("Ask her to read it: a VietQR proves bank and number, not whose they are"))
        self.mismatch.control.set_value(entered.mismatch_reason)
        self.shared.control.set_value(entered.shared_reason)
        for field in (self.provider, self.number, self.holder, self.mismatch, self.shared):
            field.clear_error()
        phone = seated.row.phone if self._way != "bank" else None
        self.own_phone.setVisible(bool(phone))
        self.own_phone.setText(_("Her number in the register: {phone}").format(phone=mask_phone(phone or "")))
        self.own_phone.updateGeometry()
        self.payee.present(entered, is_grown=is_grown(seated.row.birth, today))
        self._show()
        if provider and entered.number:
            self._look_up()

    def begin(self) -> None:
        empty = (
            field.control for field in (self.provider, self.number, self.holder) if not field.control.text()
        )
        next(empty, self.holder.control).setFocus()

    def hint(self) -> str:
        if self.payee.is_another():
            return _("Scanner ready. Scan the VietQR, or the ID card of who receives.")
        return _("Scanner ready. Scan the VietQR: bank and number fill themselves.")

    def take_account(self, found: Scanned, evidence: str, at: str) -> None:
        """A VietQR: bank and number are proven; whose it is must still be asked."""
        self._way = found.provider.kind
        self._scanned = self._scanned.moved(
            way=found.provider.kind,
            provider=found.provider.code,
            number=found.number,
            evidence=evidence,
            scanned=found.text,
            at=at,
        )
        self.provider.control.set_value(_pick(found.provider))
        self.number.control.set_value(found.number)
        if found.name and not self.holder.control.value():
            self.holder.control.set_value(found.name)
            self.holder.set_hint(_("As the code says; compare with the card or phone"), "warn")
        self.own_phone.hide()
        self._look_up()
        self._entered()
        self.holder.control.setFocus()

    def take_card(self, found: CardQr) -> bool:
        """The card of who receives; False when she receives herself, and for her own card."""
        if self._seated is not None and found.personal_id == self._seated.values.get("personal_id"):
            return False
        if not self.payee.is_another():
            return False
        self.payee.take_card(found)
        return True

    def collect(self, entered: Entered) -> Entered:
        code, number = self.provider.control.value() or "", self._number()
        is_as_scanned = (code, number) == (self._scanned.provider, self._scanned.number)
        proof = self._scanned if is_as_scanned and self._scanned.scanned else Entered("", "")
        said = entered.moved(
            way=self._way,
            provider=code,
            number=number,
            holder=self.holder.control.value().upper(),
            evidence=proof.evidence,
            scanned=proof.scanned,
            at=proof.at,
            mismatch_reason=self.mismatch.control.value() if self.differs() else "",
            shared_reason=self.shared.control.value() if self._has_strangers() else "",
        )
        return self.payee.collect(said)

    def show_sharing(self, found: Sharing) -> None:
        """Who else is paid there; nothing when another number stands by now."""
        if (found.provider, found.number) == (self.provider.control.value(), self._number()):
            self._sharing = found
            self._show()

    @property
    def sharing(self) -> Sharing | None:
        """What the register says of this number; None until it answered."""
        return self._sharing

    def look_again(self) -> None:
        """The register knows more than when the number was looked up."""
        self._sharing = None
        self._look_up()

    def owner(self) -> str:
        """Whose name should be on the account: hers, or the name of who receives for her."""
        if self.payee.is_another():
            return self.payee.texts["payee_name"].value()
        return self._seated.row.name if self._seated else ""

    def is_complete(self) -> bool:
        for field, sentence in self._faults():
            if sentence:
                field.set_error(sentence)
                field.control.setFocus()
                return False
        if self.payee.kind.value() is None:
            self.payee.kind.setFocus()
            return False
        return self.payee.is_complete()

    def _faults(self) -> Sequence[tuple[Field[PickBox] | Field[TextBox] | Field[Reason], str]]:
        number = self._number()
        whole = bool(re.fullmatch("[0-9A-Z]{1,34}", number))
        is_hers = self._sharing is not None and self._sharing.is_hers
        why_mismatch = not self.differs() or self.mismatch.control.value()
        why_shared = not self._has_strangers() or self.shared.control.value()
        return (
            (self.provider, "" if self.provider.control.value() else _("Choose from the list.")),
            (self.number, "" if whole else _("Type the number as it stands on the card or phone.")),
            (self.number, _("This account already waits or is in force for her.") if is_hers else ""),
            (
                self.holder,
                "" if self.holder.control.value() else _("Ask: whose name is on the card or phone?"),
            ),
            (self.mismatch, "" if why_mismatch else _("Say why, or take another account.")),
            (self.shared, "" if why_shared else _("Ask why, and write it down: who approves reads it.")),
        )

    def _number(self) -> str:
        typed = re.sub(r"[\s.\-]", "", self.number.control.value()).upper()
        if self._way == "bank":
            return typed
        return read_phone(typed, self._desk.reference).phone or typed

    def _find(self, text: str) -> list[Pick]:
        found = self._desk.reference.providers.search(text)
        return [_pick(each) for each in found if each.kind == self._way]

    def _take_phone(self) -> None:
        if self._seated is not None and self._seated.row.phone:
            self.number.control.set_value(self._seated.row.phone)
            self._edited()
            self.holder.control.setFocus()

    def _provider_taken(self) -> None:
        self._edited()
        if self.provider.control.value():
            self.number.control.setFocus()

    def _edited(self) -> None:
        self._sharing = None
        self._rest.start()
        self._entered()

    def _look_up(self) -> None:
        self._rest.stop()
        code, number = self.provider.control.value(), self._number()
        if code and number:
            self.looked_up.emit(code, number)

    def _entered(self) -> None:
        self._show()
        self.changed.emit()

    def differs(self) -> bool:
        """Whether a bank would not call the two names the same."""
        holder = self.holder.control.value()
        return bool(holder and self.owner()) and compare_holder(self.owner(), holder) == "different"

    def _has_strangers(self) -> bool:
        return self._sharing is not None and bool(self._sharing.strangers)

    def _show(self) -> None:
        self.names.compare(self.owner(), self.holder.control.value(), is_hers=not self.payee.is_another())
        self.mismatch.setVisible(self.differs())
        self.shared.setVisible(self._has_strangers())
        self.known.put(sharing_chip(self._sharing))
        provider = self._desk.reference.providers.by_code.get(self.provider.control.value() or "")
        doubts = plausible_account(provider, self._number()) if provider and self._number() else ()
        self.number.set_hint(_(f"doubt.{doubts[0]}") if doubts else "", "warn" if doubts else "")


def _pick(provider: Provider) -> Pick:
    former = ", ".join(provider.former_names)
    return Pick(provider.code, provider.short_name, _("once {name}").format(name=former) if former else "")
