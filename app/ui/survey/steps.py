"""The list of pages at the left: number, tick or what is wrong; one widget paints all of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from app.ui import icons
from app.ui.charts import paint_step
from app.ui.theme import look
from app.words import gettext as _
from app.words import ngettext

_ROW, _TOP = 40, 14
_MOVES = {Qt.Key.Key_Up.value: -1, Qt.Key.Key_Down.value: 1}


@dataclass(frozen=True)
class StepLine:
    """A page: done, and how many errors are shown on it."""

    key: str
    words: str
    is_done: bool
    errors: int = 0


class PageSteps(QWidget):
    """Up and Down look, Enter goes there; `chosen` gives the key."""

    chosen = Signal(str)
    moved = Signal(QRect)

    def __init__(self) -> None:
        super().__init__()
        self._lines: Sequence[StepLine] = ()
        self._current = ""
        self._here = 0  # where the keyboard is
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_lines(self, lines: Sequence[StepLine], current: str) -> None:
        """Show these pages; the keyboard is where one is."""
        keys = [line.key for line in lines]
        if current != self._current or list(lines) != list(self._lines):
            self._lines, self._current = lines, current
            self._here = keys.index(current) if current in keys else 0
            self._say()
            self.updateGeometry()
            self.update()
            self.moved.emit(self._rect(self._here))

    @property
    def lines(self) -> Sequence[StepLine]:
        """What is shown."""
        return self._lines

    def sizeHint(self) -> QSize:
        return QSize(look().px(200), look().px(_ROW) * len(self._lines) + 2 * look().px(_TOP))

    def _rect(self, place: int) -> QRect:
        return QRect(0, look().px(_TOP) + place * look().px(_ROW), self.width(), look().px(_ROW))

    def _at(self, event: QMouseEvent | QHelpEvent) -> StepLine | None:
        spot = event.pos() if isinstance(event, QHelpEvent) else event.position().toPoint()
        under = (line for place, line in enumerate(self._lines) if self._rect(place).contains(spot))
        return next(under, None)

    def _say(self) -> None:
        if self._lines:
            line = self._lines[self._here]
            done = _("done") if line.is_done else _errors(line.errors)
            self.setAccessibleName(", ".join(part for part in (line.words, done) if part))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        line = self._at(event)
        if line is not None:
            self.chosen.emit(line.key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _MOVES and self._lines:
            self._here = min(max(self._here + _MOVES[event.key()], 0), len(self._lines) - 1)
            self._say()
            self.update()
            self.moved.emit(self._rect(self._here))
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space} and self._lines:
            self.chosen.emit(self._lines[self._here].key)
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            line = self._at(event)
            QToolTip.showText(event.globalPos(), line.words if line else "", self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for place, line in enumerate(self._lines):
            rect = self._rect(place)
            if rect.intersects(event.rect()):
                self._paint(painter, rect, line, place)

    def _paint(self, painter: QPainter, rect: QRect, line: StepLine, place: int) -> None:
        colours, px = look().colours, look().px
        is_now = line.key == self._current
        if is_now:
            painter.fillRect(rect, colours.accentSoft)
            painter.fillRect(QRect(0, rect.y(), px(3), rect.height()), colours.accent)
        state = "now" if is_now else "done" if line.is_done else "later"
        middle = QPointF(px(27), rect.center().y() + 1)
        paint_step(painter, middle, px(11), state, str(place + 1))  # type: ignore[arg-type]
        right = rect.right() - px(16)
        if line.errors:
            right = self._paint_errors(painter, rect, line.errors, right) - px(8)
        room = QRect(px(48), rect.y(), right - px(48), rect.height())
        painter.setFont(look().font("strong" if is_now else "body"))
        painter.setPen(colours.ink if is_now or line.is_done else colours.ink2)
        shown = painter.fontMetrics().elidedText(line.words, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, shown)
        if place == self._here and self.hasFocus():
            painter.setPen(colours.accent)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(rect.adjusted(1, 1, -2, -2))

    def _paint_errors(self, painter: QPainter, rect: QRect, errors: int, right: int) -> int:
        """A triangle and how many; where they begin."""
        px, bad = look().px, look().colours.bad
        painter.setFont(look().font("caption"))
        painter.setPen(bad)
        width = painter.fontMetrics().horizontalAdvance(str(errors))
        box = QRect(right - width, rect.y(), width, rect.height())
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, str(errors))
        left = right - width - px(18)
        icons.paint(painter, QRect(left, rect.y(), px(13), rect.height()), "triangle", bad)
        return left


def _errors(count: int) -> str:
    return ngettext("{errors} error", "{errors} errors", count).format(errors=count) if count else ""
