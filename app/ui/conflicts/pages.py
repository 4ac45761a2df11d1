"""The pages of one conflict: both sides with the decision, or what was decided."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QFrame

from app.actions import conflicts
from app.actions.desk import Desk
from app.store.contest import DecidedContest
from app.ui.conflicts import wording
from app.ui.conflicts.deciding import Deciding
from app.ui.conflicts.found import Asked, Found, Rest
from app.ui.conflicts.sides import sides
from app.ui.moments import show_moment
from app.ui.notices import Notice
from app.ui.parts.boxes import STRETCH, column, column_layout, label, row
from app.ui.parts.buttons import Button
from app.ui.parts.chips import Chip
from app.ui.parts.holder import Holder
from app.ui.parts.panes import Facts
from app.ui.parts.queue_pane import Page, headed
from app.ui.pointing import pointed_words
from app.words import gettext as _


class AskedPage(Page):
    """Both sides; the decision below them, for who may decide."""

    def __init__(self, desk: Desk, found: Found, asked: Asked, open_file: Callable[[], object]) -> None:
        super().__init__()
        self.asked = asked
        self._desk, self._open_file = desk, open_file
        self.title = f"{wording.name_words(asked.contest)} · {wording.subject_words(asked.contest)}"
        self.head = Holder()
        self.head.put(self._head())
        self.deciding = Deciding(desk, found, asked) if asked.is_entitled else None
        later = Button(_("Later"), on=self.later.emit)
        self.buttons = (later,)
        if self.deciding is not None:
            words = _("Propose and sign") if asked.authority.second else _("Decide and sign")
            self.decide = Button(words, "primary", icon="key", key="Ctrl Enter", on=self._decide)
            self.buttons = (later, self.decide)
        parts = [self.head, sides(desk, found, asked.contest), _told(asked)]
        if self.deciding is not None:
            self.deciding.changed.connect(self.weigh)
            parts.append(self.deciding)
        self.setLayout(column_layout(*parts, gap=12))
        self.weigh()

    @property
    def primary(self) -> Button | None:
        return self.decide if self.deciding is not None else None

    def show_rest(self, rest: Rest) -> None:
        """What else the register says of her, which comes a moment later."""
        first, second = wording.rest_words(rest, self._desk.clock.today(), self._desk.reference)
        self.head.put(self._head(wording.joined_words(rest, self.asked.contest) + first, second))

    def _head(self, first: str = "", second: str = "") -> QFrame:
        lines = [label(words, "second", wrap=True) for words in (first, second) if words]
        return headed(
            column(label(self.title, "pane", wrap=True), *lines), self.asked.contest.person, self._open_file
        )

    def follows(self) -> str:
        if self.deciding is None:
            return _("Both sides are kept until somebody decides.")
        return self.deciding.consequence()

    def begin(self) -> None:
        if self.deciding is not None:
            self.deciding.choice.setFocus()

    def weigh(self) -> None:
        if self.deciding is not None:
            if self.deciding.values() is None or not self.deciding.reason.control.value():
                self.decide.forbid(_("Choose a side and say why."))
            else:
                self.decide.allow()
        self.changed.emit()

    def _decide(self) -> None:
        values = self.deciding.values() if self.deciding else None
        if self.deciding is None or values is None:
            return
        reason = self.deciding.reason.control.value()
        waits = _("It waits for a second officer; until then what is used now stays.")
        self.ask(
            conflicts.decide,
            self._desk,
            self.asked.contest,
            values,
            reason,
            said=_("Decided: {what}.").format(what=self.title),
            rest=waits if self.asked.authority.second else "",
        )


class DecidedPage(Page):
    """What stands now, by whom and why."""

    def __init__(
        self, desk: Desk, found: Found, done: DecidedContest, open_file: Callable[[], object]
    ) -> None:
        super().__init__()
        title = f"{wording.name_words(done)} · {wording.field_words(done.kind, done.field)}"
        facts = Facts(
            [
                (
                    _("In force"),
                    pointed_words(found.pointed, done.kind, done.field, done.value, desk.reference),
                ),
                (_("Decided by"), found.names.by(done.by)),
                (_("When"), show_moment(done.by.at)),
                (_("Why"), f"“{done.by.reason}”"),
            ],
            label_width=120,
        )
        told = column(row(Chip(_("Decided"), "tick", "ok"), STRETCH), facts, gap=10, margins=16, role="card")
        head = headed(label(title, "pane", wrap=True), done.person, open_file)
        self.setLayout(column_layout(head, told, gap=12))


def _told(asked: Asked) -> Notice:
    """Nobody saw the other's; whose word counts; who may decide."""
    rest = " ".join((wording.authority_words(asked), wording.entitled_words(asked)))
    happened = _("What came later was written without having seen what is used now.")
    return Notice(happened, rest, tone="info" if asked.is_entitled else "warn")
