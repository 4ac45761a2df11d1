"""Step 4: the consent is read out and ticked by hand; how she signs; what she wishes for VNeID."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout

from app.actions.desk import Desk
from app.actions.drive import Entered, Said, Sharing
from app.actions.wording import Asked, address_key, consent
from app.store.enrolments import AtTable
from app.ui.drive.facts import account_card, who_cards
from app.ui.drive.step import Spoken, Step
from app.ui.forms.cards import ConsentCard
from app.ui.papers.vietnamese import gettext as vietnamese
from app.ui.parts.boxes import STRETCH, card, column_layout, fill, label, row_layout, rule
from app.ui.parts.buttons import Button
from app.ui.parts.holder import Holder
from app.ui.theme import give
from app.words import gettext as _

SIGNS = ("signature", "fingerprint")


class ConsentStep(Step):
    """Nothing is ticked beforehand (Decree 356/2025): only Space or a click ticks, never Enter."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._asked = Asked("", "", desk.commune.name)
        self._called = ""
        self._groups: tuple[str, ...] = ()
        self.sign = SIGNS[0]
        self.agreed: ConsentCard | None = None
        self.vneid: ConsentCard | None = None
        self.who, self.account, self.words = Holder(), Holder(), Holder()
        self._signs: tuple[QLabel, Button] | None = None
        fill(QVBoxLayout(self), self.who, self.account, self.words, STRETCH, gap=12)

    def present(self, seated: AtTable, entered: Entered) -> None:
        today = self._desk.clock.today()
        spoken = Spoken.of(seated.row, today)
        receiver, self._groups = entered.receiver, seated.row.groups
        name = seated.row.name
        # What is kept and printed is Vietnamese whatever the window speaks: it was read out in it.
        address = vietnamese(address_key(seated.row.sex, seated.row.birth, today))
        commune = self._desk.commune.name
        is_self = receiver.kind == "self" or not receiver.name
        self._asked = (
            Asked(address, name, commune)
            if is_self
            else Asked("", receiver.name or name, commune, for_another=name)
        )
        self._called = spoken.called if is_self else receiver.name or ""
        words = _("Receives herself") if is_self else _("{name} receives for her").format(name=receiver.name)
        self.who.put(who_cards(seated, self._desk.reference, today, words, is_low=self.is_low))
        self._present_words()

    def show_account(self, entered: Entered, sharing: Sharing | None, owner: str) -> None:
        """The account as it will be proposed."""
        provider = self._desk.reference.providers.by_code[entered.provider]
        desk = self._desk
        fees = desk.reference.fees.of(provider.code, desk.commune.code, self._groups, desk.clock.today())
        self.account.put(account_card(entered, provider, sharing, owner, fees))

    def _present_words(self) -> None:
        today = self._desk.clock.today()
        paid, link = consent("account_payment", today), consent("vneid_link", today)
        law = _("{laws} · wording {version}").format(laws=paid.laws, version=paid.version)
        self.agreed = ConsentCard(paid.heading(self._asked), f"“{paid.read_out(self._asked)}”", large=True)
        self.vneid = ConsentCard(f"{link.heading(self._asked)} · {_('not required')}", large=True)
        self.agreed.set_frameless()
        self.vneid.set_frameless(is_quiet=True)
        for box in (self.agreed, self.vneid):
            box.changed.connect(self.changed)
        word, other = label("", "driveheading"), Button("", "link", key="F7", on=self.change_sign)
        other.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._signs = word, other
        confirmed = label(_("Confirmed by"), "third")
        signs = column_layout(confirmed, word, other, STRETCH, gap=2)
        for shown in (confirmed, word, other):
            signs.setAlignment(shown, Qt.AlignmentFlag.AlignRight)
        head = row_layout(self.agreed, signs, gap=16)
        head.setStretch(0, 1)
        named = row_layout(label(law, "hint", wrap=True), margins=(66, 0, 0, 8))
        made = card(head, named, rule(), self.vneid, gap=0, margins=(2, 8, 20, 2))
        self.words.put(give(made, current=True))
        self._show_sign()

    def begin(self) -> None:
        if self.agreed is not None:
            self.agreed.setFocus()

    def change_sign(self) -> None:
        """F7: signature or fingerprint, on the slip; the next person begins with the same."""
        self.sign = SIGNS[1 - SIGNS.index(self.sign)]
        self._show_sign()

    def _show_sign(self) -> None:
        if self._signs is not None:
            word, other = self._signs
            word.setText(_(f"sign.{self.sign}"))
            other.setText(_(f"sign.change.{SIGNS[1 - SIGNS.index(self.sign)]}"))
            other.updateGeometry()

    def is_complete(self) -> bool:
        return self.agreed is not None and self.agreed.value()

    def said(self) -> Said:
        """What she agreed to, in the words that were read to her."""
        today = self._desk.clock.today()
        agreed = consent("account_payment", today).record(self._asked) if self.is_complete() else ""
        is_linked = self.vneid is not None and self.vneid.value()
        link = consent("vneid_link", today).record(self._asked) if is_linked else ""
        return Said(agreed, self.sign, link)

    def hint(self) -> str:
        if self.is_complete():
            words = _("Scanner ready. Scan the next ID card: {who} is saved and her slip printed first.")
            return words.format(who=self._called)
        return _("Read the words out to {who}, then tick with Space.").format(who=self._called)
