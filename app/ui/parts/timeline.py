"""The history of one record: day headers, then who wrote what, when, from what to what, why.

    timeline = Timeline(); timeline.set_days([Day("Hôm nay, 23/11/2026", [Event(…)])])
    timeline.chosen.connect(self.unfold)          # the key; unfold with `details` of the event

A replaced row names what replaced it and is never struck out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QPointF, QRect, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from app.ui.notices import IconLabel
from app.ui.parts.boxes import STRETCH, column, column_layout, fill, label, row_layout, rule
from app.ui.parts.chips import Chip
from app.ui.parts.panes import Facts
from app.ui.theme import Tone, give, look

Dot = Literal["in_force", "waiting", "replaced", "conflict"]


@dataclass(frozen=True)
class Event:
    """One field written once. `verdict` is (words, icon, tone) of its chip."""

    key: str
    time: str
    field: str
    before: str
    after: str
    who: str
    dot: Dot
    verdict: tuple[str, str, Tone]
    details: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class Day:
    """A day's events, newest first."""

    words: str
    events: Sequence[Event]


class Timeline(QFrame):
    """Day headers 24 px; a row is a dot on a line, a change, and a chip. One row unfolds."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        self._rows: list[_Row] = []

    def set_days(self, days: Sequence[Day]) -> None:
        """Show these days."""
        while (item := self._layout.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._rows = []
        for day in days:
            head = give(QFrame(), role="sunkhead")
            head.setFixedHeight(look().px(24))
            fill(QHBoxLayout(head), label(day.words, "section"), STRETCH, margins=(16, 0))
            self._layout.addWidget(head)
            for place, event in enumerate(day.events):
                row = _Row(event, is_last=place + 1 == len(day.events), is_first=place == 0)
                row.pressed.connect(self._press)
                self._rows.append(row)
                self._layout.addWidget(row)
        self._layout.addStretch(1)

    def _press(self, key: str) -> None:
        for row in self._rows:
            row.unfold(row.event_.key == key and not row.is_unfolded)
        self.chosen.emit(key)


class _Row(QFrame):
    """One event."""

    pressed = Signal(str)

    def __init__(self, event: Event, *, is_first: bool, is_last: bool) -> None:
        super().__init__()
        self.event_ = event
        self.is_unfolded = False
        self._is_first, self._is_last = is_first, is_last
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(
            f"{event.time} {event.field}: {event.before} → {event.after}, {event.who}, {event.verdict[0]}"
        )
        change = row_layout(label(event.field, "label"), gap=12)
        if event.before:
            change.addWidget(label(event.before, "second"))
            change.addWidget(IconLabel("arrow-right", 14, "ink3"))
        change.addWidget(label(event.after, "strong"))
        change.addStretch(1)
        self._more = column(4, rule(), 2, Facts(event.details), gap=4)
        self._more.hide()
        words = column_layout(change, label(event.who, "second", wrap=True), self._more, gap=2)
        time = column_layout(label(event.time, "second"), STRETCH)
        chip = column_layout(Chip(*event.verdict), STRETCH)
        layout = QHBoxLayout(self)
        fill(layout, time, 28, words, chip, gap=8, margins=(16, 10))
        layout.setStretch(2, 1)

    def unfold(self, unfolded: bool) -> None:
        """Show or hide what its author had seen, what it stands against, its signature."""
        self.is_unfolded = unfolded
        self._more.setVisible(unfolded and bool(self.event_.details))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        colours, px = look().colours, look().px
        painter = QPainter(self)
        if self.is_unfolded or self.hasFocus():
            painter.fillRect(self.rect(), colours.accentSoft)
            painter.fillRect(QRect(0, 0, 3, self.height()), colours.accentFill)
        painter.fillRect(QRect(px(90), self.height() - 1, self.width() - px(106), 1), colours.line)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        dot = QPointF(px(70), px(20))
        painter.setPen(QPen(colours.scroll, 1))
        if not self._is_first:
            painter.drawLine(QPointF(dot.x(), 0), dot)
        if not self._is_last:
            painter.drawLine(dot, QPointF(dot.x(), self.height()))
        colour, is_ring = _dot_of(self.event_.dot)
        painter.setPen(QPen(colour, 2))
        painter.setBrush(colours.surface if is_ring else colour)
        painter.drawEllipse(dot, px(4.5), px(4.5))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.pressed.emit(self.event_.key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}:
            self.pressed.emit(self.event_.key)
        elif event.key() in {Qt.Key.Key_Down, Qt.Key.Key_Up}:
            self.focusNextPrevChild(event.key() == Qt.Key.Key_Down)
        else:
            super().keyPressEvent(event)


def _dot_of(dot: Dot) -> tuple[QColor, bool]:
    """Colour, and whether it is a ring."""
    colours = look().colours
    match dot:
        case "in_force":
            return colours.accentFill, False
        case "waiting":
            return colours.line2, True
        case "replaced":
            return colours.line2, False
        case "conflict":
            return colours.bad, False
