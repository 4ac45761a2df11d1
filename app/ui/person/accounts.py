"""The tab of where she is paid: in force, proposed, earlier. Nothing here puts an account in force."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from app.actions import approvals, holders, people
from app.actions.desk import Desk
from app.actions.holders import Completion
from app.domain.accounts import mask_account
from app.domain.fees import FeePolicy
from app.domain.records import Value
from app.domain.text import show_amount
from app.store.dossier import Account
from app.store.opened import Opened
from app.ui.forms.choices import Reason
from app.ui.forms.field import Field
from app.ui.forms.masked import MaskedValue
from app.ui.moments import show_moment
from app.ui.parts.boxes import STRETCH, card, column, fill, label, row, rule
from app.ui.parts.buttons import Button
from app.ui.parts.chips import Chip
from app.ui.parts.panes import Empty, Facts, scroll
from app.ui.person.accounts_past import approved_words, earlier_card
from app.ui.person.facts import STANDINGS
from app.ui.person.file import File
from app.ui.person.holder import Holder
from app.ui.person.summary import agreement
from app.ui.person.tab import PersonTab
from app.ui.theme import look
from app.ui.values import show_value
from app.words import gettext as _

_OPEN = ("in_force", "approved", "proposed")


class Accounts(PersonTab):
    """In force left, proposed right, the same rows on the same lines."""

    def page(self, file: File) -> QWidget:
        enrol = Button(_("Enrol an account"), "primary", icon="bank", on=self._enrol)
        if file.person.row.state != "active":
            enrol.forbid(_("She is no longer paid."))
        found = file.person.accounts
        if not found:
            wish = self._wish(file.person.opened)
            return card(Empty(_("She has no account yet."), enrol, icon="bank", more=wish))
        open_ones = [account for account in found if account.standing in _OPEN]
        earlier = [account for account in found if account.standing not in _OPEN]
        parts: list[QWidget] = [row(self._note(open_ones), STRETCH, enrol)]
        parts += self._pairs(open_ones)
        if earlier:
            parts.append(earlier_card(file, earlier, self.desk.reference))
        return scroll(column(*parts, STRETCH, gap=12))

    def _note(self, open_ones: Sequence[Account]) -> QWidget:
        if any(account.standing == "proposed" for account in open_ones):
            words = _("A second officer approves; before that nothing is paid there.")
            return label(words, "second")
        return label("", "second")

    def _wish(self, person: Opened) -> str:
        if person.values.get("wish") != "cash":
            return ""
        why = person.values.get("wish_reason")
        return _("She wants cash: {why}").format(why=why) if why else _("She wants cash.")

    def _pairs(self, shown: Sequence[Account]) -> list[QWidget]:
        cards = [self._card(account) for account in shown]
        if look().factor >= 1.5:
            return [*cards]
        pairs = [cards[at : at + 2] for at in range(0, len(cards), 2)]
        return [_halves(pair) for pair in pairs]

    def _card(self, account: Account) -> QFrame:
        values = account.opened.values
        icon, tone = STANDINGS[account.standing]
        heads = {"in_force": _("In use"), "approved": _("Approved"), "proposed": _("Proposed")}
        head = row(
            label(heads[account.standing], "card"),
            STRETCH,
            Chip(_(f"account.{account.standing}"), icon, tone),
        )
        reveal = partial(people.reveal, self.desk, "account", account.opened.record, "number")
        number = MaskedValue(mask_account(str(values.get("number") or "")), reveal, type_="pane")
        where = row(label(self._provider(values.get("provider")), "pane"), number, gap=8)
        parts: list[QWidget] = [
            head,
            where,
            agreement(self.file.person, account),
            Facts(self._facts(account), label_width=128),
        ]
        parts += self._fees(account)
        if values.get("holder") is None and account.standing in ("proposed", "refused", "withdrawn"):
            parts.append(self._completing(account))
        made = card(*parts, gap=8)
        if account.standing == "proposed" and account.proposal is not None:
            made = card(*parts, self._withdrawal(account.proposal), gap=8)
        return made

    def _provider(self, code: Value) -> str:
        return show_value("account", "provider", code, self.desk.reference)

    def _facts(self, account: Account) -> list[tuple[str, str | QWidget]]:
        values = account.opened.values
        names = ["holder", "payee", "payee_name", "payee_relation", "payee_id", "payee_phone", "payee_paper"]
        names += ["payee_paper_date", "payee_until", "mismatch_reason", "shared_reason", "evidence"]
        facts: list[tuple[str, str | QWidget]] = [
            (_(f"field.account.{name}"), self._shown(account.opened, name))
            for name in names
            if values.get(name) is not None
        ]
        facts += self._made(account)
        if account.opened.record in self.file.unproven:
            facts.append((_("Signed proof"), _("on its way; not for a payment list before it is here")))
        return facts

    def _shown(self, opened: Opened, name: str) -> str | QWidget:
        words = show_value("account", name, opened.values[name], self.desk.reference)
        if name in ("payee_id", "payee_phone"):
            return MaskedValue(words, partial(people.reveal, self.desk, "account", opened.record, name))
        return words

    def _made(self, account: Account) -> list[tuple[str, str | QWidget]]:
        """Who enrolled it and when; consent as it was given; who must approve."""
        hand = self.file.hand_of(account.opened.record)
        told: list[tuple[str, str | QWidget]] = []
        if hand is not None:
            told.append((_("Written by"), f"{self.file.names.by(hand)} · {show_moment(hand.at)}"))
        approved = approved_words(self.file, account)
        if approved:
            told.append((_("Approved by"), approved))
        given = self._consent(hand.set_id if hand else "")
        if given is not None:
            by = _(f"choice.consent.given_by.{given.values.get('given_by')}")
            sign = _(f"choice.consent.sign.{given.values.get('sign')}")
            day = show_value("consent", "given", given.values.get("given"))
            told.append((_("Consent"), f"{by} · {sign} · {day}"))
            told.append((_("Words read out"), str(given.values.get("wording") or "")))
        waits_for = {"proposed": _("a second officer of the commune"), "approved": _("the centre's answer")}
        if account.standing in waits_for:
            told.append((_("Waits for"), waits_for[account.standing]))
        return told

    def _consent(self, set_id: str) -> Opened | None:
        """The consent that came in the same save as the account."""
        for consent in self.file.person.consents:
            hand = self.file.hand_of(consent.record)
            if hand and hand.set_id == set_id and consent.values.get("purpose") == "account_payment":
                return consent
        return None

    def _fees(self, account: Account) -> list[QWidget]:
        provider = self.desk.reference.providers.by_code.get(str(account.opened.values.get("provider") or ""))
        groups, day = self.file.person.row.groups, self.desk.clock.today()
        fees, code = self.desk.reference.fees, self.desk.commune.code
        policy = fees.of(provider.code, code, groups, day) if provider else None
        if policy is None:
            return [rule(), label(_("Fees: the provider has told nothing yet."), "caption")]
        return [rule(), _fee_columns(policy)]

    def _completing(self, account: Account) -> QWidget:
        """A workbook named no holder: nobody can approve it before somebody has asked for the name."""
        self.holder = Holder(self.file.person.row.name, account)
        self.holder.wanted.connect(lambda completion: self.write(_complete, completion, is_final=True))
        return self.holder

    def _withdrawal(self, proposal: Opened) -> QWidget:
        """Withdrawing asks why; the row unfolds in the card."""
        why = Field(_("Why it is taken back"), Reason([_("Enrolled by mistake"), _("She changed her mind")]))
        sure = Button(_("Take it back"), "danger", size="form", on=lambda: self._withdraw(proposal, why))
        asked = column(why, row(STRETCH, sure), gap=8)
        asked.hide()
        begin = Button(_("Take the proposal back"), "quietbad", size="small")

        def unfold() -> None:
            asked.show()
            begin.hide()
            why.control.setFocus()

        begin.clicked.connect(unfold)
        look_at = Button(_("Look at it in the queue"), "quiet", icon="shield", size="small")
        look_at.clicked.connect(lambda: self.window_.go("approvals", proposal=proposal.record))
        return column(row(look_at, STRETCH, begin), asked)

    def _withdraw(self, proposal: Opened, why: Field[Reason]) -> None:
        reason = why.control.value()
        if not reason:
            why.set_error(_("Say why; it stands in her history."))
            return
        self.write(_take_back, proposal.record, reason, is_final=True)

    def _enrol(self) -> None:
        self.window_.go("drive", person=self.file.person.row.id)


def _complete(desk: Desk, completion: Completion) -> None:
    holders.complete(desk, completion)


def _take_back(desk: Desk, proposal: str, reason: str) -> None:
    approvals.turn_down(desk, proposal, reason)


def _halves(pair: Sequence[QWidget]) -> QFrame:
    """Two of one width; one alone keeps to its half."""
    frame = QFrame()
    layout = QHBoxLayout(frame)
    fill(layout, *pair, *([QWidget()] if len(pair) == 1 else []), gap=12)
    layout.setStretch(0, 1)
    layout.setStretch(1, 1)
    return frame


def _fee_columns(policy: FeePolicy) -> QFrame:
    told = (
        (_("Upkeep"), policy.upkeep),
        (_("Other ATM"), policy.withdrawal),
        (_("Minimum balance"), policy.minimum),
    )
    columns = [column(label(words, "caption"), label(_fee(dong))) for words, dong in told]
    return row(*columns, STRETCH, gap=28)


def _fee(dong: int | None) -> str:
    if dong is None:
        return _("not told")
    return f"{show_amount(dong)} đ"
