"""Step 2: how she wants to be paid, with what each provider charges people like her, where that is known."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QVBoxLayout

from app.actions.desk import Desk
from app.actions.drive import Entered
from app.domain.fees import FeePolicy
from app.domain.text import show_amount
from app.store.enrolments import AtTable
from app.ui.drive.facts import ICONS, who_cards
from app.ui.drive.step import Spoken, Step
from app.ui.forms.cards import Choice, ChoiceCards
from app.ui.forms.choices import Reason
from app.ui.forms.field import Field
from app.ui.notices import NoticeSlot
from app.ui.parts.boxes import STRETCH, card, fill, label, row_layout
from app.ui.parts.holder import Holder
from app.ui.theme import look
from app.words import gettext as _

WAYS = ("bank", "e_wallet", "mobile_money", "cash")


class WayStep(Step):
    """Four large cards; 1 to 4 choose and go on, a VietQR answers by itself."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.who = Holder()
        self.notice = NoticeSlot()
        notes = {
            "bank": _("Scan the VietQR, or type the number"),
            "e_wallet": _("By telephone number"),
            "mobile_money": _("By telephone number, paid out at shops"),
            "cash": _("Say why; she may change at any time"),
        }
        choices = [
            Choice(way, _(f"way.{way}"), notes[way], ICONS[way], str(digit))
            for digit, way in enumerate(WAYS, 1)
        ]
        self.ways = ChoiceCards(choices, large=True)
        phrases = [_(f"cash.{why}") for why in ("no_branch", "frail", "no_card", "prefers")]
        self.why = Field(_("Why cash"), Reason(phrases, hint=_("In her own words")), required=True)
        self.why_card = card(self.why)
        self.fees = Holder()
        fill(QVBoxLayout(self), self.who, self.notice, self.ways, self.why_card, self.fees, STRETCH, gap=12)
        self.ways.changed.connect(self._chosen)
        self.why.control.changed.connect(self.changed)

    def present(self, seated: AtTable, entered: Entered) -> None:
        spoken = Spoken.of(seated.row, self._desk.clock.today())
        receiver = _("How {who} is paid is asked now").format(who=spoken.called)
        today, reference = self._desk.clock.today(), self._desk.reference
        self.who.put(who_cards(seated, reference, today, receiver, is_low=self.is_low))
        self.ways.set_value(entered.way or None)
        self.why.control.set_value(entered.why_cash)
        self._say_accounts(seated)
        self.fees.put(
            self._fee_card(self._desk.reference.fees.told(self._desk.commune.code, seated.row.groups, today))
        )
        self._show()

    def _say_accounts(self, seated: AtTable) -> None:
        """What she has already: a new account stands beside it until somebody approves."""
        self.notice.clear()
        providers = self._desk.reference.providers.by_code
        names = [
            (
                providers[each.provider].short_name if each.provider in providers else each.provider,
                each.is_open,
            )
            for each in seated.accounts
        ]
        waiting = ", ".join(name for name, is_open in names if is_open)
        in_force = ", ".join(name for name, is_open in names if not is_open)
        if waiting:
            words = _("An account at {bank} already waits for approval.").format(bank=waiting)
            self.notice.say(words, _("A new one stands beside it; F8 leaves her as she is."), tone="warn")
        elif in_force:
            words = _("She is paid at {bank}.").format(bank=in_force)
            self.notice.say(words, _("It stays until a new account is approved."))

    def collect(self, entered: Entered) -> Entered:
        return entered.moved(way=self.ways.value() or "", why_cash=self.why.control.value())

    def begin(self) -> None:
        (self.why.control if self.ways.value() == "cash" else self.ways).setFocus()

    def is_complete(self) -> bool:
        if self.ways.value() is None:
            self.notice.say(_("Choose how she wants to be paid: press 1 to 4."), tone="warn")
            return False
        if self.ways.value() == "cash" and not self.why.control.value():
            self.why.set_error(_("Say why she stays with cash."))
            self.why.control.setFocus()
            return False
        return True

    def hint(self) -> str:
        return _("Scanner ready. Her VietQR answers this question and the next.")

    def _chosen(self) -> None:
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        is_cash = self.ways.value() == "cash"
        self.why_card.setVisible(is_cash)
        self.fees.setVisible(not is_cash)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.text().isdecimal() and 1 <= int(event.text()) <= len(WAYS):
            way = WAYS[int(event.text()) - 1]
            self.ways.set_value(way)
            if way == "cash":
                self.why.control.setFocus(Qt.FocusReason.OtherFocusReason)
            else:
                self.answered.emit()
            return
        super().keyPressEvent(event)

    def _fee_card(self, known: Collection[FeePolicy]) -> QFrame:
        title = label(_("What they charge those who are paid this way"), "card")
        untold = _("Fees not told: ask the bank")
        untold = untold[:1].upper() + untold[1:]
        if not known:
            return card(row_layout(title, STRETCH), label(untold), gap=8)
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(look().px(4))
        heads = (_("Upkeep a month"), _("Other bank's machine"), _("Least balance"))
        for place, head in enumerate(heads, 1):
            grid.addWidget(label(head, "third"), 0, place)
        for line, policy in enumerate(known, 1):
            provider = self._desk.reference.providers.by_code[policy.provider]
            grid.addWidget(label(provider.short_name, "strong"), line, 0)
            for place, dong in enumerate((policy.upkeep, policy.withdrawal, policy.minimum), 1):
                grid.addWidget(label(_dong(dong)), line, place)
        grid.addWidget(label(_("Others"), "strong"), len(known) + 1, 0)
        grid.addWidget(label(untold, "body", tone="second"), len(known) + 1, 1, 1, 3)
        for place in range(4):
            grid.setColumnStretch(place, 1)
        sources = dict.fromkeys(policy.source for policy in known if policy.source)
        by = _("As told by {source}; ask the bank again").format(source=", ".join(sources))
        return card(row_layout(title, STRETCH, label(by if sources else "", "hint")), grid, gap=8)


def _dong(dong: int | None) -> str:
    if dong is None:
        return _("Fees not told: ask the bank")
    return f"{show_amount(dong)} đ" if dong else _("free")
