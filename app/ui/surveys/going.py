"""Who goes where with one form: given to another, or ended; several at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout

from app.actions.desk import Desk
from app.actions.surveying.assigning import end_assignments, reassign
from app.domain.progress import Progress
from app.store.opened import Opened
from app.ui.forms.choices import Dropdown
from app.ui.forms.field import Field
from app.ui.notices import NoticeSlot
from app.ui.parts.boxes import STRETCH, card, column, fill, label, row
from app.ui.parts.buttons import Button
from app.ui.parts.holder import Holder
from app.ui.surveys.columns import errand_columns
from app.ui.surveys.found import Errand, Found
from app.ui.surveys.giving import officer_answers
from app.ui.tables.table import Table
from app.ui.theme import look
from app.ui.window import Window
from app.words import counted
from app.words import gettext as _

_SHOWN_MOST = 8


def hand_over(_progress: Progress, desk: Desk, going: Sequence[Opened], officer: str) -> int:
    """Give them to another; how many. Refusal("assignment.officer")."""
    reassign(desk, going, officer)
    return len(going)


def end(_progress: Progress, desk: Desk, going: Sequence[Opened]) -> int:
    """End them; how many."""
    end_assignments(desk, going)
    return len(going)


class GoingCard(QFrame):
    """The assignments of one form; `written` when they are otherwise now."""

    written = Signal()

    def __init__(self, window: Window, desk: Desk) -> None:
        super().__init__()
        self._window, self._desk = window, desk
        self._lines: dict[str, Errand] = {}
        self._found: Found | None = None
        self.notice, self._asking = NoticeSlot(), Holder()
        self.table = Table(
            [each for each in errand_columns(desk.clock.today()) if each.name != "form"],
            lambda ids: [self._lines.get(each) for each in ids],
            ticks=True,
        )
        if look().factor >= 1.5:
            self.table.show_columns(("whom", "officer"))  # how far is in the bars below
        self.table.ticked_changed.connect(lambda _count: self._weigh())
        self.hand_over = Button(_("Give to another…"), icon="people", on=self._ask_whom)
        self.end = Button(_("End"), "quietbad", icon="cross", on=self._end)
        self.officer: Field[Dropdown] | None = None
        self._head = label("", "card")
        head = row(self._head, STRETCH, self.end, self.hand_over, gap=8)
        fill(QVBoxLayout(self), card(head, self.notice, self._asking, self.table))

    def show_errands(self, errands: Sequence[Errand], found: Found) -> None:
        """These are under way."""
        self._found = found
        self._lines = {each.id: each for each in errands}
        self.setVisible(bool(errands))
        self._head.setText(
            counted("{count} assignment under way", "{count} assignments under way", len(errands))
        )
        self.table.set_ids(list(self._lines))
        rows = min(len(errands), _SHOWN_MOST)
        self.table.setFixedHeight(self.table.row_height * rows + look().px(40))
        for button in (self.hand_over, self.end):
            button.setVisible(found.may_assign)
        self._weigh()

    @property
    def ticked(self) -> list[Opened]:
        """Those that are ticked."""
        return [self._lines[key].opened for key in self._lines if key in self.table.rows.ticked]

    def _weigh(self) -> None:
        for button in (self.hand_over, self.end):
            if self.ticked:
                button.allow()
            else:
                button.forbid(_("Tick an assignment first."))

    def _ask_whom(self) -> None:
        answers = officer_answers(self._found.officers if self._found else ())
        self.officer = Field(_("Who goes"), Dropdown(answers, hint=_("Choose an officer")))
        save = Button(_("Give to another"), "primary", size="form", on=self._hand_over)
        back = Button(_("Give up"), "quiet", size="form", on=self._close)
        buttons = column(24, row(save, back), STRETCH)
        self._asking.put(row(self.officer, buttons, STRETCH, gap=12))
        self.officer.control.setFocus()

    def _close(self) -> None:
        self.officer = None
        self._asking.put(None)

    def _hand_over(self) -> None:
        if self.officer is not None and self.ticked:
            officer = self.officer.control.value() or ""
            self._write(hand_over, self.ticked, officer)

    def _end(self) -> None:
        self._write(end, self.ticked)

    def _write(self, act: Callable[..., int], *work: object) -> None:
        self._window.jobs.run(
            self, act, self._desk, *work, lane="write", done=self._written, failed=self._not_written
        )

    def _written(self, count: int) -> None:
        self._close()
        self.table.rows.tick(list(self._lines), False)
        words = counted("{count} assignment changed", "{count} assignments changed", count)
        self.notice.say(words, tone="ok", icon="tick")
        self.written.emit()

    def _not_written(self, error: Exception) -> None:
        if self.officer is not None and getattr(error, "field", "") == "officer":
            self.officer.set_error(_("Choose an officer"))
        else:
            self.notice.show_error(error)
