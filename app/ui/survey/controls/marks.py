"""Radios and check boxes whose words wrap: survey answers are sentences."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal, SignalInstance
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QRadioButton, QSizePolicy, QStyle

from app.ui.style import draw_check, draw_radio
from app.ui.theme import look

if TYPE_CHECKING:
    _Button = QAbstractButton
else:
    _Button = object  # Qt lets a class have one of its own before it

_WRAPS = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
_WIDEST = 320  # what a mark asks for; it takes what it is given


class _Wrapping(_Button):
    """What both do: words that wrap beside the sign, a click anywhere, keys that the row is asked about."""

    keyed: SignalInstance

    def sizeHint(self) -> QSize:
        width = min(whole_width(self.text()), look().px(_WIDEST)) if self.text() else look().px(28)
        return QSize(width, self.heightForWidth(self.width() if self.isVisible() else width))

    def minimumSizeHint(self) -> QSize:
        return QSize(least_width(self.text()), self.heightForWidth(self.width()))

    def heightForWidth(self, width: int) -> int:
        room = QRect(0, 0, max(width - _left() - look().px(8), look().px(40)), 10_000)
        words = QFontMetrics(look().font("input")).boundingRect(room, _WRAPS, self.text())
        return max(words.height() + look().px(8), look().px(30))

    def hasHeightForWidth(self) -> bool:
        return True

    def hitButton(self, at: QPoint) -> bool:
        return self.rect().contains(at)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()  # its height follows from how its words wrap

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.ignore()
        self.keyed.emit(event)
        if not event.isAccepted():
            super().keyPressEvent(event)


class Circle(_Wrapping, QRadioButton):
    """One of several; `keyed(event)` asks the row what a key means."""

    keyed = Signal(object)

    def __init__(self, words: str) -> None:
        super().__init__(words)
        _prepare(self)

    def paintEvent(self, event: QPaintEvent) -> None:
        _paint(self, draw_radio)


class Tick(_Wrapping, QCheckBox):
    """One that may be ticked beside others; `keyed(event)` asks the row what a key means."""

    keyed = Signal(object)

    def __init__(self, words: str) -> None:
        super().__init__(words)
        _prepare(self)

    def paintEvent(self, event: QPaintEvent) -> None:
        _paint(self, draw_check)


Marked = Circle | Tick


def _prepare(mark: QAbstractButton) -> None:
    mark.setFont(look().font("input"))
    mark.setAttribute(Qt.WidgetAttribute.WA_Hover)
    policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    policy.setHeightForWidth(True)
    mark.setSizePolicy(policy)


def least_width(words: str) -> int:
    """In which its longest word still fits."""
    metrics = QFontMetrics(look().font("input"))
    longest = max((metrics.horizontalAdvance(word) for word in words.split()), default=0)
    return longest + _left() + look().px(8) if words else look().px(28)


def whole_width(words: str) -> int:
    """In which it needs one line."""
    return QFontMetrics(look().font("input")).horizontalAdvance(words) + _left() + look().px(8)


def _left() -> int:
    return look().px(32)


def _paint(mark: QAbstractButton, draw: Callable[[QPainter, QRect, QStyle.StateFlag], None]) -> None:
    colours, px = look().colours, look().px
    painter = QPainter(mark)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    has_words = bool(mark.text())
    frame = mark.rect() if has_words else QRect(0, 0, px(28), px(28))
    if not has_words:
        frame.moveCenter(mark.rect().center())
    if mark.underMouse() and mark.isEnabled():
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.hover)
        painter.drawRoundedRect(frame.adjusted(3, 2, -3, -2), 4, 4)  # beside the outline of an error
    size = px(16)
    place = QRect(frame.x() + px(6), frame.y() + px(7), size, size)
    state = QStyle.StateFlag.State_On if mark.isChecked() else QStyle.StateFlag.State_Off
    state |= QStyle.StateFlag.State_Enabled if mark.isEnabled() else QStyle.StateFlag.State_None
    draw(painter, place, state)
    painter.setPen(colours.ink if mark.isEnabled() else colours.ink3)
    painter.setFont(look().font("input"))
    painter.drawText(mark.rect().adjusted(_left(), px(4), -px(8), 0), _WRAPS, mark.text())
    if mark.hasFocus():
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colours.accent, 2))
        painter.drawRoundedRect(frame.adjusted(1, 1, -1, -1), 3, 3)
