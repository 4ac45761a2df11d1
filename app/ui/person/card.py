"""The card at the left of every tab: who she is, what she is paid, where, and how much history there is."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from app.actions import people
from app.actions.desk import Desk
from app.actions.wording import address_key
from app.domain.accounts import mask_account
from app.domain.identity import mask_personal_id, mask_phone
from app.domain.text import show_amount
from app.store.opened import Opened
from app.ui.forms.masked import MaskedValue
from app.ui.notices import IconLabel
from app.ui.parts.boxes import STRETCH, column, fill, label, row
from app.ui.parts.chips import Chip
from app.ui.parts.holder import Holder
from app.ui.parts.panes import Facts, scroll, section
from app.ui.person.accounts import STANDINGS
from app.ui.person.facts import ACCOUNT_MARKS, STATE_MARKS, born, group_words
from app.ui.person.file import LOOKS_DAYS, File
from app.ui.theme import give, look
from app.ui.values import show_value
from app.words import gettext as _

_WIDTH, _LABEL = 280, 88


class PersonCard(QFrame):
    """280 wide; stays while tabs change."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._held = Holder()
        self.setFixedWidth(look().px(_WIDTH))
        inside = column(self._held, STRETCH)
        fill(QVBoxLayout(self), scroll(inside))

    def show_file(self, file: File) -> None:
        """Fill it anew."""
        parts = (self._head, self._identity, self._paid, self._account, self._history)
        self._held.put(give(column(*(part(file) for part in parts), margins=1), role="card"))

    def _head(self, file: File) -> QFrame:
        person = file.person.row
        icon, tone = STATE_MARKS.get(person.state, ("dash", "neutral"))
        chips: list[QWidget] = [Chip(_(f"choice.person.state.{person.state}"), icon, tone)]
        if file.person.conflicts:
            chips.append(Chip(_("Conflict"), "triangle", "bad"))
        elif person.is_waiting:
            chips.append(Chip(_("Waiting to go"), "ring", "neutral"))
        address = _(address_key(person.sex, person.birth, self._desk.clock.today()))
        line = " · ".join(part for part in (address, person.hamlet) if part)
        words = column(
            label(person.name, "pane", wrap=True),
            label(line, "second", wrap=True),
            4,
            row(*chips, STRETCH, gap=6),
        )
        return section("", row(_portrait(), words, gap=12), margins=(16, 14))

    def _identity(self, file: File) -> QFrame:
        person = file.person.row
        facts: list[tuple[str, str | QWidget]] = [
            (
                _("Personal ID"),
                self._masked(person.id, "personal_id", mask_personal_id(person.personal_id or "")),
            ),
            (_("Born"), born(person.birth) or _("unknown")),
        ]
        if person.old_id and not person.personal_id:
            facts.insert(
                1, (_("Old number"), self._masked(person.id, "old_id", mask_personal_id(person.old_id)))
            )
        if file.head:
            relation = file.person.opened.values.get("relation")
            facts.append((_("Head"), f"{file.head} ({relation})" if relation else file.head))
        facts.append((_("Phone"), self._masked(person.id, "phone", mask_phone(person.phone or ""))))
        return section(_("Identity"), Facts(facts, label_width=_LABEL))

    def _masked(self, record: str, field: str, masked: str) -> str | QFrame:
        if not masked:
            return _("none")
        return MaskedValue(masked, partial(people.reveal, self._desk, "person", record, field))

    def _paid(self, file: File) -> QFrame:
        active = [right for right in file.person.entitlements if right.values.get("state") == "active"]
        if not active:
            return section(_("Receives"), label(_("nothing decided"), "second"))
        return section(_("Receives"), *(self._right(right) for right in active), gap=8)

    def _right(self, right: Opened) -> QFrame:
        values = right.values
        group = group_words((str(values.get("group") or ""),), self._desk.reference)
        amount = label(_("{amount} đ").format(amount=show_amount(int(values.get("amount") or 0))), "strong")
        since = show_value("entitlement", "since", values.get("since")) if values.get("since") else ""
        rest = _("a month, from {since}").format(since=since) if since else _("a month")
        return column(label(group, "strong", wrap=True), row(amount, label(rest), STRETCH, gap=4), gap=4)

    def _account(self, file: File) -> QFrame:
        shown = [each for each in file.person.accounts if each.standing in ("in_force", "proposed")]
        if not shown:
            words, icon, tone = ACCOUNT_MARKS.get(file.person.row.account, ACCOUNT_MARKS["none"])
            return section(_("Account to be paid into"), row(Chip(_(words), icon, tone), STRETCH))
        lines: list[QWidget] = []
        for account in shown[:2]:
            values = account.opened.values
            icon, tone = STANDINGS[account.standing]
            provider = show_value("account", "provider", values.get("provider"), self._desk.reference)
            number = mask_account(str(values.get("number") or ""))
            lines.append(Facts([(provider, number)], label_width=_LABEL))
            lines.append(row(Chip(_(f"account.{account.standing}"), icon, tone), STRETCH))
        return section(_("Account to be paid into"), *lines)

    def _history(self, file: File) -> QFrame:
        hands = file.sets
        since = hands[-1].at.astimezone().strftime("%d/%m/%Y") if hands else ""
        officers = len({hand.author for hand in hands})
        machines = len({hand.device for hand in hands})
        facts = [
            (_("Saves"), _("{count}, since {since}").format(count=len(hands), since=since)),
            (
                _("Written by"),
                _("{officers} officers, {machines} machines").format(officers=officers, machines=machines),
            ),
            (_("Looks"), _("{count} in {days} days").format(count=file.looks, days=LOOKS_DAYS)),
        ]
        made = section(_("In the history"), Facts(facts, label_width=_LABEL))
        return give(made, role="")


def _portrait() -> QFrame:
    """Where her photo will be."""
    frame = row(IconLabel("person", 28, "ink3"), margins=(12, 18), role="sunk")
    frame.setFixedSize(look().px(52), look().px(64))
    holder = column(frame, STRETCH)
    layout = holder.layout()
    if layout is not None:
        layout.setAlignment(frame, Qt.AlignmentFlag.AlignTop)
    return holder
