"""The counter beside the table: done of those called, pace, hamlets, just done, must come back."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame

from app.actions.drive import Absent, Tally
from app.store.history import Done
from app.ui.charts import HamletBars, Progressbar, Progressed
from app.ui.notices import IconLabel
from app.ui.parts.boxes import STRETCH, column, label, row
from app.ui.parts.buttons import Button
from app.ui.parts.panes import Pane, section
from app.words import counted, ngettext
from app.words import gettext as _

WIDTH = 332
_JUST_DONE, _HAMLETS, _ABSENT = 4, 7, 6


class DriveSide(Pane):
    """`undo_wanted(set id, name)`; by her id, who must come back is `called_back` or `struck` out."""

    undo_wanted = Signal(str, str)
    called_back = Signal(str)
    struck = Signal(str)

    def __init__(self) -> None:
        super().__init__(width=WIDTH)

    def show_drive(self, tally: Tally, absent: Sequence[Absent]) -> None:
        """Show how it goes."""
        parts = [section("", self._counter(tally), margins=(20, 14)), *self._hamlets(tally)]
        if tally.done:
            lines = [self._done(each) for each in tally.done[:_JUST_DONE]]
            parts.append(section(_("Just done"), *lines, margins=(20, 12)))
        if absent:
            back = [self._absent(each) for each in reversed(absent[-_ABSENT:])]
            parts.append(section(_("Must come back"), *back, margins=(20, 12)))
        self.show_parts(*parts)

    @staticmethod
    def _counter(tally: Tally) -> QFrame:
        done = len(tally.done)
        words = label(
            counted("of {count} person called", "of {count} people called", tally.appointed),
            "drive",
            tone="second",
        )
        figure = row(label(str(done), "count"), words, STRETCH, gap=10)
        layout = figure.layout()
        assert layout is not None
        layout.setAlignment(words, Qt.AlignmentFlag.AlignBottom)
        bar = Progressbar(10)
        bar.set_parts(done, tally.appointed)
        pace = [
            row(label(_pace(tally), "third"), STRETCH, label(_hourly(tally), "third")),
            *([label(_left(tally), "third")] if _left(tally) else []),
        ]
        return column(figure, bar, *(pace if tally.seconds is not None else []), gap=4)

    @staticmethod
    def _hamlets(tally: Tally) -> list[QFrame]:
        open_lines = [line for line in tally.hamlets if line[1] < line[2]]
        if not tally.hamlets:
            return []
        bars = HamletBars(row_height=28, words_width=122, figures_width=60)
        bars.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        # Those at which work goes on first; a hamlet nobody has come from yet says the least.
        shown = sorted(open_lines, key=lambda line: (line[1] == 0, line[1] / line[2]))[:_HAMLETS]
        bars.set_rows(
            [Progressed(line[0] or _("no hamlet"), line[1], line[2], key=line[0]) for line in shown]
        )
        rest, finished = len(open_lines) - len(shown), len(tally.hamlets) - len(open_lines)
        said = [
            _("and {count} more").format(count=rest) if rest else "",
            _("{count} finished").format(count=finished) if finished else "",
        ]
        words = " · ".join(part for part in said if part)
        more = [label(words, "third")] if words else []
        return [section(_("Left by hamlet"), bars, *more, margins=(20, 12))]

    def _done(self, done: Done) -> QFrame:
        is_cash = done.how == "cash"
        icon = IconLabel("cash", 16, "ink2") if is_cash else IconLabel("clock", 16, "warn")
        how = label(_("cash") if is_cash else _("waits for approval"), "hint")
        name = label(done.name, "label")
        undo = Button(_("Undo"), "link", on=partial(self.undo_wanted.emit, done.hand.set_id, done.name))
        undo.setAccessibleName(f"{_('Undo')} {done.name}")
        return row(icon, name, how, STRETCH, undo, gap=8)

    def _absent(self, absent: Absent) -> QFrame:
        name = Button(absent.entered.name, "link", on=partial(self.called_back.emit, absent.entered.person))
        why = label(_(f"absent.{absent.why}"), "hint", tone="warn")
        strike = Button(_("Strike out"), "link", on=partial(self.struck.emit, absent.entered.person))
        strike.setAccessibleName(f"{_('Strike out')} {absent.entered.name}")
        return row(IconLabel("triangle", 16, "warn"), name, why, STRETCH, strike, gap=8)


def _pace(tally: Tally) -> str:
    return "" if tally.seconds is None else _("{seconds} seconds a person").format(seconds=tally.seconds)


def _hourly(tally: Tally) -> str:
    return "" if tally.per_hour is None else _("{count} an hour").format(count=tally.per_hour)


def _left(tally: Tally) -> str:
    if tally.seconds is None or tally.left <= 0:
        return ""
    minutes = max(1, round(tally.left * tally.seconds / 60))
    if minutes > 600:
        return ""
    return ngettext("about {minutes} minute left", "about {minutes} minutes left", minutes).format(
        minutes=minutes
    )
