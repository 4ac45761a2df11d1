"""The card at the left of every tab: who she is, what she is paid, where, and how much history there is."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from app.actions.desk import Desk
from app.actions.wording import address_key
from app.ui.parts.boxes import STRETCH, column, fill, label, row
from app.ui.parts.chips import Chip
from app.ui.parts.holder import Holder
from app.ui.parts.panes import Facts, scroll, section
from app.ui.person import summary
from app.ui.person.facts import STATE_MARKS
from app.ui.person.file import LOOKS_DAYS, File
from app.ui.theme import give, look
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
        desk, person = self._desk, file.person
        parts = (
            self._head(file),
            summary.identity(desk, person, file.head, _LABEL),
            summary.rights(desk, person),
            summary.accounts(desk, person, _LABEL),
            self._history(file),
        )
        self._held.put(give(column(*parts, margins=1), role="card"))

    def _head(self, file: File) -> QFrame:
        person = file.person.row
        icon, tone = STATE_MARKS.get(person.state, ("dash", "neutral"))
        state = Chip(_(f"choice.person.state.{person.state}"), icon, tone)
        address = _(address_key(person.sex, person.birth, self._desk.clock.today()))
        line = " · ".join(part for part in (address, person.hamlet) if part)
        words = column(
            label(person.name, "pane", wrap=True), label(line, "second", wrap=True), 4, row(state, STRETCH)
        )
        lines: list[QWidget] = [row(summary.portrait(), words, gap=12)]
        if file.person.conflicts:
            lines.append(row(Chip(_("Conflict"), "triangle", "bad"), STRETCH))
        elif person.is_waiting:
            lines.append(row(Chip(_("Waiting to go"), "ring", "neutral"), STRETCH))
        return section("", *lines, gap=8, margins=(16, 14))

    def _history(self, file: File) -> QFrame:
        hands = file.sets
        since = hands[-1].at.astimezone().strftime("%d/%m/%Y") if hands else ""
        saves = _("{count}, since {since}").format(count=len(hands), since=since)
        if file.arriving:
            saves = _("{count} here, others on their way").format(count=len(hands))
        officers = len({hand.author for hand in hands})
        machines = len({hand.device for hand in hands})
        facts = [
            (_("Saves"), saves),
            (
                _("Written by"),
                _("officers: {officers}, machines: {machines}").format(officers=officers, machines=machines),
            ),
            (_("Looks"), _("{count} in {days} days").format(count=file.looks, days=LOOKS_DAYS)),
        ]
        made = section(_("In the history"), Facts(facts, label_width=_LABEL))
        return give(made, role="")
