"""Bars, steps and the countdown: each one widget that paints all of itself.

Progressbar(); bar.set_parts(done, total, second=0)
HamletBars(); bars.set_rows([Progressed("Bản Nà Lụa", 26, 64, second=8), …])
Steps([Step(_("Review changes"), "xong 18/11", "done"), Step(…, "now"), Step(…, "later")])
Countdown(); countdown.set_days(2)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from app.ui import icons
from app.ui.theme import look

Expanding, Fixed = QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed


def paint_bar(painter: QPainter, rect: QRectF, first: float, second: float = 0.0) -> None:
    """A bar with two parts, each a share of the whole (0-1), a 1 px gap of surface between."""
    colours = look().colours
    painter.save()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(colours.track)
    painter.drawRoundedRect(rect, 2, 2)
    whole = rect.width()
    first_width = whole * min(max(first, 0.0), 1.0)
    second_width = min(whole * max(second, 0.0), whole - first_width)
    painter.setBrush(colours.bar2)
    if second_width >= 1:
        painter.drawRoundedRect(QRectF(rect.x(), rect.y(), first_width + second_width, rect.height()), 2, 2)
    painter.setBrush(colours.bar)
    if first_width >= 1:
        painter.drawRoundedRect(QRectF(rect.x(), rect.y(), first_width, rect.height()), 2, 2)
        if first_width + 1 < whole:
            painter.fillRect(QRectF(rect.x() + first_width, rect.y(), 1, rect.height()), colours.surface)
    painter.restore()


_ROUND_S = 2.5


class Progressbar(QWidget):
    """8 px high; of an unknown total a piece moves along the track."""

    def __init__(self, height: int = 8) -> None:
        super().__init__()
        self._shares = (0.0, 0.0)
        self._place: float | None = None  # of the moving piece
        self._height = height
        self.setSizePolicy(Expanding, Fixed)

    def set_parts(self, done: int, total: int, second: int = 0) -> None:
        """So many done (and a second, paler part) of a total."""
        self._place = None
        self._shares = (done / total, second / total) if total else (0.0, 0.0)
        self.setAccessibleName(f"{done}/{total}")
        self.update()

    def set_moving(self, elapsed_s: float) -> None:
        """Nobody knows how much there is: a piece goes along, so that one sees work being done."""
        self._place = elapsed_s / _ROUND_S % 1
        self.setAccessibleName("")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(look().px(120), look().px(self._height))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, rect = QPainter(self), QRectF(self.rect())
        paint_bar(painter, rect, *self._shares if self._place is None else (0.0,))
        if self._place is not None:
            piece = rect.width() / 5
            left = (rect.width() + piece) * self._place - piece
            painter.setClipRect(rect)
            painter.fillRect(QRectF(left, 0, piece, rect.height()), look().colours.bar)


@dataclass(frozen=True)
class Progressed:
    """One line of progress: `done` and a paler `second` part, of `total`; `key` comes back on Enter.

    `figures`: what stands at the right where it is not `26/64`.
    """

    words: str
    done: int
    total: int
    second: int = 0
    key: str = ""
    figures: str = ""

    @property
    def said(self) -> str:
        """What stands at the right."""
        return self.figures or f"{self.done + self.second}/{self.total}"


class HamletBars(QWidget):
    """Progress by hamlet: names, bars and 26/64, all rows painted by one widget.

    Rows come sorted by the caller (least done first). Up, Down and Enter work; `opened` gives the key.
    """

    opened = Signal(str)

    def __init__(self, row_height: int = 30, words_width: int = 128, figures_width: int = 66) -> None:
        super().__init__()
        self._rows: Sequence[Progressed] = ()
        self._row, self._words, self._figures = row_height, words_width, figures_width
        self._here = -1
        self.setSizePolicy(Expanding, Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def set_rows(self, rows: Sequence[Progressed]) -> None:
        """Show these lines."""
        self._rows = rows
        self._here = min(self._here, len(rows) - 1)
        self.setAccessibleName("; ".join(f"{row.words} {row.said}" for row in rows))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(look().px(280), look().px(self._row) * len(self._rows))

    def paintEvent(self, event: QPaintEvent) -> None:
        colours, px = look().colours, look().px
        painter = QPainter(self)
        painter.setFont(look().font("body"))
        height = px(self._row)
        for place, row in enumerate(self._rows):
            line = QRect(0, place * height, self.width(), height)
            if place == self._here and self.hasFocus():
                painter.fillRect(line, colours.accentSoft)
            painter.setPen(colours.ink)
            words = painter.fontMetrics().elidedText(
                row.words, Qt.TextElideMode.ElideRight, px(self._words - 8)
            )
            painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, words)
            painter.setPen(colours.ink2)
            right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
            painter.drawText(line, right, row.said)
            width = self.width() - px(self._words) - px(self._figures)
            bar = QRectF(px(self._words), line.center().y() - px(4), width, px(8))
            total = max(row.total, 1)
            paint_bar(painter, bar, row.done / total, row.second / total)

    def event(self, event: QEvent) -> bool:
        """Words that were cut show whole where the pointer rests."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            place = event.pos().y() // look().px(self._row)
            QToolTip.showText(
                event.globalPos(), self._rows[place].words if place < len(self._rows) else "", self
            )
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if step is not None and self._rows:
            self._here = min(max(self._here + step, 0), len(self._rows) - 1)
            self.update()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and 0 <= self._here < len(self._rows):
            self.opened.emit(self._rows[self._here].key)
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        place = int(event.position().y()) // look().px(self._row)
        if 0 <= place < len(self._rows):
            self.opened.emit(self._rows[place].key)


StepState = Literal["done", "now", "later"]


@dataclass(frozen=True)
class Step:
    """A step, its date or what is left, and where it stands."""

    words: str
    note: str = ""
    state: StepState = "later"


class Steps(QWidget):
    """Steps in a row joined by a line, words below (Today, first start)."""

    def __init__(self, steps: Sequence[Step] = ()) -> None:
        super().__init__()
        self._steps: Sequence[Step] = ()
        self.setSizePolicy(Expanding, Fixed)
        self.set_steps(steps)

    def set_steps(self, steps: Sequence[Step]) -> None:
        """Show these steps."""
        self._steps = steps
        self.setAccessibleName("; ".join(f"{step.words} {step.note}".strip() for step in steps))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(look().px(112) * max(len(self._steps), 1), look().px(58))

    def paintEvent(self, event: QPaintEvent) -> None:
        colours, px = look().colours, look().px
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        # The last step is as wide as its words; the others share the rest evenly.
        last = max((self._width(step) for step in self._steps[-1:]), default=0)
        pitch = (self.width() - last) / max(len(self._steps) - 1, 1)
        has_room = all(self._width(step) + px(8) <= pitch for step in self._steps[:-1])
        for place, step in enumerate(self._steps):
            x = place * pitch
            dot = QPointF(x + px(9), px(10))
            if place + 1 < len(self._steps):
                colour = colours.accentFill if step.state == "done" else colours.line
                painter.setPen(QPen(colour, 2))
                painter.drawLine(QPointF(dot.x() + px(9), dot.y()), QPointF(dot.x() + pitch - px(9), dot.y()))
            paint_step(painter, dot, px(9), step.state)
            if step.state != "now" and not has_room:
                continue  # large text: only the step at work keeps its words
            x = min(x, self.width() - self._width(step))
            painter.setPen(colours.accent if step.state == "now" else colours.ink)
            painter.setFont(look().font("strong" if step.state == "now" else "body"))
            painter.drawText(QPointF(x, px(37)), step.words)
            painter.setPen(colours.ink3)
            painter.setFont(look().font("small"))
            painter.drawText(QPointF(x, px(53)), step.note)

    @staticmethod
    def _width(step: Step) -> int:
        return max(
            QFontMetrics(look().font("strong")).horizontalAdvance(step.words),
            QFontMetrics(look().font("small")).horizontalAdvance(step.note),
        )


class StepLine(QWidget):
    """Numbered steps on one line, for a top bar or the drive's head: ✓ Choose file — 2 Match columns."""

    def __init__(self, steps: Sequence[Step] = ()) -> None:
        super().__init__()
        self._steps: Sequence[Step] = ()
        self.setSizePolicy(Fixed, Fixed)
        self.set_steps(steps)

    def set_steps(self, steps: Sequence[Step]) -> None:
        """Show these steps; notes are left out."""
        self._steps = steps
        self.setAccessibleName("; ".join(step.words for step in steps))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        px = look().px
        metrics = QFontMetrics(look().font("strong"))
        words = sum(px(20) + px(6) + metrics.horizontalAdvance(step.words) for step in self._steps)
        return QSize(words + px(36) * max(len(self._steps) - 1, 0), px(28))

    def paintEvent(self, event: QPaintEvent) -> None:
        colours, px = look().colours, look().px
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        metrics = QFontMetrics(look().font("strong"))
        x, middle = 0, self.height() / 2
        for place, step in enumerate(self._steps):
            if place:
                painter.setPen(QPen(colours.line, 1))
                painter.drawLine(QPointF(x - px(28), middle), QPointF(x - px(8), middle))
            paint_step(painter, QPointF(x + px(10), middle), px(10), step.state, str(place + 1))
            painter.setPen(colours.ink if step.state == "now" else colours.ink2)
            painter.setFont(look().font("strong" if step.state == "now" else "body"))
            width = metrics.horizontalAdvance(step.words)
            box = QRectF(x + px(26), 0, width, self.height())
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, step.words)
            x += px(26) + width + px(36)


def paint_step(painter: QPainter, middle: QPointF, radius: int, state: StepState, number: str = "") -> None:
    """Done: filled with a tick; now: a thick ring (or its number); later: an outline."""
    colours = look().colours
    painter.setBrush(colours.accentFill if state == "done" else colours.surface)
    painter.setPen(QPen(colours.line2 if state == "later" else colours.accentFill, 1.6))
    painter.drawEllipse(middle, radius - 1, radius - 1)
    if state == "done":
        size = round(radius * 1.3)
        box = QRect(round(middle.x() - size / 2), round(middle.y() - size / 2), size, size)
        icons.paint(painter, box, "tick", colours.onFill)
    elif number:
        painter.setPen(colours.accent if state == "now" else colours.ink2)
        painter.setFont(look().font("smallstrong" if radius <= look().px(12) else "card"))
        box_f = QRectF(middle.x() - radius, middle.y() - radius, 2 * radius, 2 * radius)
        painter.drawText(box_f, Qt.AlignmentFlag.AlignCenter, number)
    elif state == "now":
        painter.setBrush(colours.surface)
        painter.setPen(QPen(colours.accentFill, radius * 0.55))
        painter.drawEllipse(middle, radius * 0.7, radius * 0.7)


class Countdown(QWidget):
    """Days left, large: warn from 3 days, bad on the last day and after, plain before."""

    def __init__(self) -> None:
        super().__init__()
        self._days = 0
        self.setSizePolicy(Fixed, Fixed)

    def set_days(self, days: int) -> None:
        """Days until the deadline; 0 is the last day, negative is after."""
        self._days = days
        self.setAccessibleName(str(days))
        self.updateGeometry()
        self.update()

    def ink(self) -> QColor:
        """The colour the figure has now."""
        colours = look().colours
        if self._days <= 0:
            return colours.bad
        return colours.warn if self._days <= 3 else colours.ink3

    def sizeHint(self) -> QSize:
        width = QFontMetrics(look().font("count")).horizontalAdvance(str(self._days))
        return QSize(width + look().px(2), look().px(48))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.ink())
        painter.setFont(look().font("count"))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, str(self._days))
