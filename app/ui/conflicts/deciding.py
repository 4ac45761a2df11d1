"""The decision: which side stands, why, and what will follow; only for who is entitled."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame

from app.actions.desk import Desk
from app.domain.records import Value
from app.store.contest import Contest, Side
from app.ui.conflicts import wording
from app.ui.conflicts.found import Asked, Found
from app.ui.forms.cards import Choice, ChoiceCards
from app.ui.forms.choices import Reason
from app.ui.forms.field import Field
from app.ui.parts.boxes import card, column_layout, label
from app.words import gettext as _
from app.words import ngettext


class Deciding(QFrame):
    """Two cards and a reason; the entitled side is chosen already, unless there is real doubt."""

    changed = Signal()

    def __init__(self, desk: Desk, found: Found, asked: Asked) -> None:
        super().__init__()
        self.asked = asked
        self._desk, self._found = desk, found
        keep = _("Keep {value}").format(value=self._words(asked.contest.stands))
        use = _("Use {value}").format(value=self._words(asked.contest.came))
        self.choice = ChoiceCards(
            [
                Choice("stands", keep, _("What came later goes into the history")),
                Choice("came", use, _("What is used now goes into the history")),
            ],
            asked.preferred,
        )
        self.reason = Field(_("Reason"), Reason(wording.phrases(asked)), required=True)
        third = _("Are both wrong? Open the file, write what is right, then come back and keep it.")
        whole = card(
            label(_("Decision"), "card"), self.choice, label(third, "hint", wrap=True), self.reason, gap=10
        )
        self.setLayout(column_layout(whole))
        self.choice.changed.connect(self.changed)
        self.reason.control.changed.connect(self.changed)

    def values(self) -> Sequence[Value] | None:
        """What shall stand, cell by cell; None before a side is chosen."""
        sides = {"stands": self.asked.contest.stands, "came": self.asked.contest.came}
        chosen = self.choice.value()
        return sides[chosen].values if chosen else None

    def consequence(self) -> str:
        """What will follow, in one line."""
        chosen = self.choice.value()
        if chosen is None:
            return _("Choose which side stands.")
        contest = self.asked.contest
        value = self._words(contest.stands if chosen == "stands" else contest.came)
        if self.asked.authority.second:
            return _("Then {value} waits for a second officer to put it in force.").format(value=value)
        return _("Then {value} stands on every laptop after its next sync.").format(value=value)

    def _words(self, side: Side) -> str:
        contest: Contest = self.asked.contest
        if len(contest.cells) > 1:
            return ngettext(
                "the {count} field of {name}", "the {count} fields of {name}", len(contest.cells)
            ).format(count=len(contest.cells), name=wording.author_words(self._found, side))
        return wording.value_words(self._found, contest.cells[0], side.values[0], self._desk.reference)
