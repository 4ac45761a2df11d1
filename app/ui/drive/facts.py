"""The cards that stand on several steps: who she is, what she is paid, her account, the two names."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout

from app.actions.drive import Entered, Sharing
from app.domain.accounts import Provider, bank_name, compare_holder, mask_account
from app.domain.fees import FeePolicy
from app.domain.identity import mask_personal_id
from app.domain.reference import Reference
from app.domain.text import show_amount
from app.store.enrolments import AtTable
from app.ui.notices import IconLabel
from app.ui.parts.boxes import STRETCH, card, column, column_layout, fill, label, row, row_layout
from app.ui.parts.chips import Chip
from app.ui.person.facts import born, group_words, who
from app.ui.theme import Tone, give, look
from app.words import counted
from app.words import gettext as _

ICONS = {"bank": "bank", "e_wallet": "wallet", "mobile_money": "phone", "cash": "cash"}


def person_card(seated: AtTable, today: date) -> QFrame:
    """Photo place, name in 30 px, age and hamlet, masked number and birth."""
    seen = seated.row
    tile = give(QFrame(), role="tile")
    tile.setFixedSize(look().px(84), look().px(108))
    tile.setLayout(
        column_layout(STRETCH, row_layout(STRETCH, IconLabel("person", 34, "ink3"), STRETCH), STRETCH)
    )
    number = mask_personal_id(seen.personal_id) if seen.personal_id else _("no ID number")
    birth = _("born {date}").format(date=born(seen.birth)) if seen.birth else ""
    head = (
        _("household of {name}").format(name=seated.head) if seated.head and seated.head != seen.name else ""
    )
    name = label(seen.name, "drivename", wrap=True)
    words = column_layout(
        label(_("Beneficiary"), "third"),
        name,
        label(who(seen.sex, seen.birth, seen.hamlet, today), "drive", tone="second", wrap=True),
        label(" · ".join(part for part in (number, birth, head) if part), "drive", tone="second", wrap=True),
        STRETCH,
    )
    layout = row_layout(tile, words, gap=16)
    layout.setAlignment(tile, Qt.AlignmentFlag.AlignTop)
    layout.setStretch(1, 1)
    return card(layout, margins=(20, 16, 16, 16))


def who_cards(seated: AtTable, reference: Reference, today: date, receiver: str, *, is_low: bool) -> QFrame:
    """Who she is beside what she is paid; on one line where the screen is low."""
    if is_low:
        group = group_words(seated.row.groups, reference) or _("No programme yet")
        amount = f"{show_amount(seated.row.amount)} đ" if seated.row.amount else ""
        return person_line(seated, today, " · ".join(part for part in (group, amount) if part))
    made = QFrame()
    layout = row_layout(person_card(seated, today), rights_card(seated, reference, receiver), gap=12)
    layout.setStretch(0, 13)
    layout.setStretch(1, 7)
    made.setLayout(layout)
    return made


def rights_card(seated: AtTable, reference: Reference, receiver: str) -> QFrame:
    """What she is paid a month, and who takes it."""
    seen = seated.row
    group = group_words(seen.groups, reference) or _("No programme yet")
    amount = row(
        label(f"{show_amount(seen.amount)} đ", "driveaccount"),
        label(_("a month"), "drive", tone="second"),
        STRETCH,
        gap=6,
    )
    parts: list[QFrame] = [label(_("Paid now"), "third"), label(group, "driveheading", wrap=True)]
    parts += [amount] if seen.amount else []
    return card(*parts, label(receiver, "drive", tone="second", wrap=True), STRETCH, gap=4, margins=(20, 16))


def person_line(seated: AtTable, today: date, right: str = "") -> QFrame:
    """The same person on one line, where the work needs the room; `right` stands at its end."""
    seen = seated.row
    number = mask_personal_id(seen.personal_id) if seen.personal_id else _("no ID number")
    words = f"{who(seen.sex, seen.birth, seen.hamlet, today)} · {number}"
    return card(
        row_layout(
            IconLabel("person", 22, "ink3"),
            label(seen.name, "driveheading"),
            label(words, "drive", tone="second"),
            STRETCH,
            label(right, "drive", tone="second"),
            gap=12,
        ),
        margins=(20, 10),
    )


class NamesBox(QFrame):
    """Register's name, the name on the account, and whether a bank would call them the same."""

    def __init__(self) -> None:
        super().__init__()
        give(self, role="boxed")
        self._owner, self._holder = label("", "driveheading"), label("", "driveheading")
        self._owner_words = label("", "third")
        self._icon_slot = QHBoxLayout()
        self._verdict, self._note = label("", "driveheading"), label("", "second")
        self._last = give(QFrame(), role="verdict", tone="neutral")
        verdict = column_layout(self._verdict, self._note)
        last = row_layout(self._icon_slot, verdict, STRETCH, gap=12, margins=(16, 8))
        self._last.setLayout(last)
        self._icon: QLabel | None = None
        first = column(self._owner_words, self._owner, margins=(14, 8))
        second = column(
            label(_("Name read from the card or phone"), "third"), self._holder, margins=(14, 8), role="cell"
        )
        layout = QHBoxLayout(self)
        fill(layout, first, second, self._last)
        layout.setStretch(0, 4)
        layout.setStretch(1, 4)
        layout.setStretch(2, 3)

    def compare(self, owner: str, holder: str, *, is_hers: bool) -> bool:
        """Show both; True when they are the same to a bank."""
        self._owner_words.setText(_("Name in the register") if is_hers else _("Who takes the money"))
        self._owner.setText(owner.upper())
        self._holder.setText(bank_name(holder))
        found = compare_holder(owner, holder) if holder.strip() and owner.strip() else "none"
        said: dict[str, tuple[str, str, str, Tone]] = {
            "none": (_("Not asked yet"), "", "ring", "neutral"),
            "same": (_("Names agree"), _("letter by letter"), "tick", "ok"),
            "same_folded": (_("Names agree"), _("accents aside"), "tick", "ok"),
            "different": (_("Names differ"), _("say why below"), "triangle", "bad"),
        }
        words, note, icon, tone = said[found]
        self._say(words, note, icon, tone)
        self.setAccessibleName(f"{words}: {owner}, {bank_name(holder)}")
        return found in ("same", "same_folded")

    def _say(self, words: str, note: str, icon: str, tone: Tone) -> None:
        give(self._last, tone=tone)
        for shown in (self._verdict, self._note):
            give(shown, tone="" if tone == "neutral" else tone)
        self._verdict.setText(words)
        self._note.setText(note)
        self._note.setVisible(bool(note))
        if self._icon is not None:
            self._icon_slot.removeWidget(self._icon)
            self._icon.hide()
            self._icon.deleteLater()
        self._icon = IconLabel(icon, 24, "ink3" if tone == "neutral" else tone)
        self._icon_slot.addWidget(self._icon)


def sharing_chip(sharing: Sharing | None) -> Chip | None:
    """Whether the register knows the number already; None before that was looked up."""
    if sharing is None:
        return None
    if sharing.is_hers:
        return Chip(_("Already enrolled for her"), "clock", "warn")
    if sharing.strangers:
        words = counted(
            "{count} person of another household is paid here",
            "{count} people of other households are paid here",
            len(sharing.strangers),
        )
        return Chip(words, "triangle", "bad")
    if sharing.family:
        words = _("Also used by {name} of her household").format(name=sharing.family[0].name)
        return Chip(words, "people", "info")
    return Chip(_("Nobody in the register uses this number"), "tick", "ok")


def upkeep_words(policy: FeePolicy | None) -> str:
    """What keeping the account costs a month, in a few words."""
    if policy is None or policy.upkeep is None:
        return _("fees not told")
    return (
        _("upkeep {amount} đ a month").format(amount=show_amount(policy.upkeep))
        if policy.upkeep
        else (_("no upkeep fee"))
    )


def account_card(
    entered: Entered, provider: Provider, sharing: Sharing | None, owner: str, fees: FeePolicy | None
) -> QFrame:
    """The account as it will be proposed, its number masked, what it costs, and the two names."""
    shown = f"{provider.short_name}  {mask_account(entered.number)}"
    how = _(f"choice.account.evidence.{entered.evidence}")
    chip = sharing_chip(sharing)
    chips = [*([chip] if chip else []), Chip(_("Will wait for approval"), "clock", "warn")]
    said = label(f"{how} {entered.at}".strip() + f" · {upkeep_words(fees)}", "third", wrap=True)
    said.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    account = (IconLabel(ICONS[entered.way], 26, "ink"), label(shown, "driveaccount"))
    is_large = look().factor >= 1.25  # large letters have no room for all of it on one line
    line = row_layout(*account, said, *([] if is_large else chips), gap=12)
    line.setStretch(2, 1)
    head = column_layout(line, *([row_layout(*chips, STRETCH, gap=12)] if is_large else []), gap=6)
    names = NamesBox()
    names.compare(owner, entered.holder, is_hers=entered.payee == "self")
    made = QFrame()
    fill(QVBoxLayout(made), head, names, gap=12)
    return card(made, margins=(20, 14, 20, 16))
