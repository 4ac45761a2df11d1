"""The account as it is taken down at the table: how she is paid, where, whose name, who receives, consent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout

from app.actions.accounts import Enrolment, Payee
from app.actions.desk import Desk
from app.actions.scanned import AccountScanned
from app.actions.wording import Asked, address_key, consent
from app.domain.accounts import bank_name, compare_holder, plausible_account
from app.domain.errors import Refusal
from app.domain.records import KINDS
from app.store.queries import PersonRow
from app.ui.forms.cards import ConsentCard
from app.ui.forms.choices import Joined
from app.ui.forms.field import Field, Form
from app.ui.forms.picking import Pick, PickBox
from app.ui.forms.text import DateBox, TextBox
from app.ui.parts.boxes import STRETCH, card, column, fill, row
from app.ui.parts.chips import Chip
from app.ui.parts.holder import Holder
from app.words import explain
from app.words import gettext as _

_OFFERED = 40
WAYS = ("bank", "e_wallet", "mobile_money", "cash")


class EnrolmentForm(QFrame):
    """Filled by scanner or keyboard; `changed` when what it says may differ."""

    changed = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._person: PersonRow | None = None
        self._scanned = ""
        self.way = Field(_("How she wants to be paid"), Joined([(way, _(f"way.{way}")) for way in WAYS]))
        self.provider = Field(
            _("Bank or provider"), PickBox(self._find, hint=_("Name, also the old one")), required=True
        )
        self.number = Field(_("Account number"), TextBox(), required=True)
        self.holder = Field(
            _("Name on the account"),
            TextBox(),
            required=True,
            hint=_("As she reads it from her card or phone"),
        )
        self.mismatch = Field(_("Why the names differ"), TextBox(), required=True)
        self.shared = Field(_("Why others are paid there too"), TextBox(), required=True)
        self.cash = Field(_("Why cash"), TextBox(), required=True)
        self.check = Holder()
        kinds = KINDS["account"].field("payee")
        payees = kinds.choices if kinds else ()
        self.payee = Field(_("Who receives"), Joined([(p, _(f"choice.account.payee.{p}")) for p in payees]))
        self.payee_texts, self.payee_dates = _payee_fields(desk.clock.today())
        self.payee_form = Form({**self.payee_texts, **self.payee_dates}, columns=3)
        self.consent = Holder()
        self.sign = Field(
            _("Confirmed by"),
            Joined([(s, _(f"choice.consent.sign.{s}")) for s in ("signature", "fingerprint")]),
        )
        self.account = card(
            row(self.provider, self.number, gap=16),
            row(self.holder, self.check, gap=16),
            self.mismatch,
            self.shared,
            gap=8,
        )
        self.receives = card(self.payee, self.payee_form, gap=8)
        self.agreed = card(self.consent, self.sign, gap=8)
        fill(
            QVBoxLayout(self),
            card(self.way, self.cash),
            self.account,
            self.receives,
            self.agreed,
            STRETCH,
            gap=12,
        )
        self._connect()

    def _connect(self) -> None:
        for field in (self.way, self.payee, self.provider, self.sign):
            field.control.changed.connect(self._show)
        for text in (self.holder, self.number, self.payee_texts["payee_name"]):
            text.control.textEdited.connect(self._show)

    def begin(self, person: PersonRow) -> None:
        """Empty, for this person."""
        self._person, self._scanned = person, ""
        self.way.control.set_value(None)
        self.payee.control.set_value("self")
        self.sign.control.set_value(None)
        self.provider.control.set_value(None)
        texts = (self.number, self.holder, self.mismatch, self.shared, self.cash)
        for field in (*texts, *self.payee_texts.values()):
            field.control.set_value("")
        asked = self._asked()
        words = consent("account_payment", self._desk.clock.today())
        self.ticked = ConsentCard(words.heading(asked), words.read_out(asked), large=True)
        link = consent("vneid_link", self._desk.clock.today())
        self.vneid = ConsentCard(link.heading(asked), link.read_out(asked))
        for box in (self.ticked, self.vneid):
            box.changed.connect(self.changed)
        self.consent.put(column(self.ticked, self.vneid, gap=8))
        self.shared.setVisible(False)
        self._show()
        self.way.control.setFocus()

    def _asked(self) -> Asked:
        person = self._person
        if person is None:
            return Asked("", "", self._desk.commune.name)
        address = _(address_key(person.sex, person.birth, self._desk.clock.today()))
        return Asked(address, person.name, self._desk.commune.name)

    def take_account(self, scanned: AccountScanned) -> None:
        """A VietQR fills bank and number; whose it is, is still to be asked."""
        self._scanned = scanned.text
        self.way.control.set_value("bank" if scanned.provider.kind == "bank" else scanned.provider.kind)
        self.provider.control.set_value(Pick(scanned.provider.code, scanned.provider.short_name))
        self.number.control.set_value(scanned.number)
        self._show()
        self.holder.control.setFocus()

    def show_shared(self, people: int) -> None:
        """Unrelated people are paid into this account: not forbidden, but why?"""
        self.shared.setVisible(True)
        self.shared.set_hint(
            _("{count} other people are paid into this account").format(count=people), "warn"
        )
        self.shared.control.setFocus()

    def _find(self, text: str) -> Sequence[Pick]:
        way = self.way.control.value()
        found = self._desk.reference.providers.search(text)
        return [
            Pick(p.code, p.short_name, p.full_name) for p in found if p.kind == way or way in (None, "cash")
        ][:40]

    def _show(self) -> None:
        way, payee = self.way.control.value(), self.payee.control.value()
        is_account = way is not None and way != "cash"
        self.account.setVisible(is_account)
        self.receives.setVisible(is_account)
        self.agreed.setVisible(is_account)
        self.cash.setVisible(way == "cash")
        self.payee_form.setVisible(payee != "self")
        self._compare()
        self.changed.emit()

    def _compare(self) -> None:
        holder, owner = self.holder.control.value(), self._owner()
        differs = bool(holder) and compare_holder(owner, holder) == "different"
        self.mismatch.setVisible(differs)
        if not holder:
            self.check.put(None)
        elif differs:
            self.check.put(
                column(
                    18, Chip(_("Another name than {name}").format(name=bank_name(owner)), "triangle", "bad")
                )
            )
        else:
            self.check.put(column(18, Chip(_("The names agree"), "tick", "ok")))
        provider = self._desk.reference.providers.by_code.get(self.provider.control.value() or "")
        number = self.number.control.value()
        is_odd = bool(provider and number and plausible_account(provider, number))
        words = _("Unusual for {bank}: look once more")
        self.number.set_hint(words.format(bank=provider.short_name) if is_odd and provider else "", "warn")

    def _owner(self) -> str:
        if self.payee.control.value() == "self":
            return self._person.name if self._person else ""
        return self.payee_texts["payee_name"].control.value()

    def payee_of(self) -> Payee:
        """Who receives, as filled in."""
        kind = self.payee.control.value() or "self"
        if kind == "self":
            return Payee()
        text = {name: field.control.value() or None for name, field in self.payee_texts.items()}
        paper, until = (field.control.value() for field in self.payee_dates.values())
        return Payee(
            kind,
            text["payee_name"],
            None,
            text["payee_phone"],
            text["payee_relation"],
            text["payee_paper"],
            paper.iso() if paper else None,
            until.iso() if until else None,
        )

    def enrolment(self) -> Enrolment:
        """Everything as one fact, for `actions.accounts.enrol` to check and save."""
        assert self._person is not None
        today, asked = self._desk.clock.today(), self._asked()
        agreed = consent("account_payment", today).record(asked) if self.ticked.value() else ""
        vneid = consent("vneid_link", today).record(asked) if self.vneid.value() else ""
        return Enrolment(
            person=self._person.id,
            kind=self.way.control.value() or "bank",
            provider=self.provider.control.value() or "",
            number=self.number.control.value().replace(" ", ""),
            holder=bank_name(self.holder.control.value()),
            evidence="vietqr" if self._scanned else "typed",
            wording=agreed,
            sign=self.sign.control.value() or "",
            payee=self.payee_of(),
            scanned=self._scanned,
            mismatch_reason=self.mismatch.control.value() or None,
            shared_reason=self.shared.control.value() or None,
            vneid_wording=vneid,
        )

    def show_error(self, error: BaseException) -> bool:
        """Put a refusal at its field; False when it is none of ours."""
        fields: dict[str, Field[Any]] = {
            "provider": self.provider,
            "number": self.number,
            "mismatch_reason": self.mismatch,
            "shared_reason": self.shared,
            **self.payee_texts,
            **self.payee_dates,
        }
        field = fields.get(error.field or "") if isinstance(error, Refusal) else None
        if field is None:
            return False
        told = explain(error)
        field.set_error(" ".join(part for part in (told.happened, told.todo) if part))
        field.control.setFocus()
        return True


def _payee_fields(today: date) -> tuple[dict[str, Field[TextBox]], dict[str, Field[DateBox]]]:
    """Who receives for her, by what paper, until when."""
    texts = {
        "payee_name": Field(_("Full name"), TextBox(), required=True),
        "payee_relation": Field(_("Relation"), TextBox(), required=True),
        "payee_paper": Field(_("Paper, number"), TextBox()),
        "payee_phone": Field(_("Phone"), TextBox()),
    }
    dates = {
        "payee_paper_date": Field(_("Paper of"), DateBox(today)),
        "payee_until": Field(_("Valid until"), DateBox(today)),
    }
    return texts, dates
