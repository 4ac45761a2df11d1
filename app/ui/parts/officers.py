"""The officers of a laptop, one to be chosen: initials, name, role, when she was last here.

officers = OfficerList()
officers.set_officers([OfficerLine(id, "Lò Thị Hạnh", "Cán bộ bảo trợ", "hôm nay 08:05")])
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.theme import look

_ROW, _TILE = 56, 36


@dataclass(frozen=True)
class OfficerLine:
    """One officer as the unlock screen names her."""

    key: str
    name: str
    role: str = ""
    last_here: str = ""

    @property
    def initials(self) -> str:
        """First and last word's letters."""
        words = self.name.split()
        return "".join(word[0] for word in dict.fromkeys((words[0], words[-1]))).upper() if words else ""


class OfficerList(QWidget):
    """One widget paints every line; Up and Down choose."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._lines: Sequence[OfficerLine] = ()
        self._at = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_officers(self, lines: Sequence[OfficerLine]) -> None:
        """Show these, the first chosen."""
        self._lines, self._at = lines, 0
        self._name()
        self.updateGeometry()
        self.update()

    def value(self) -> str | None:
        """The chosen officer's id."""
        return self._lines[self._at].key if self._lines else None

    def set_value(self, key: str) -> None:
        """Choose; a stranger changes nothing."""
        keys = [line.key for line in self._lines]
        if key in keys:
            self._choose(keys.index(key))

    def _choose(self, at: int) -> None:
        if 0 <= at < len(self._lines) and at != self._at:
            self._at = at
            self._name()
            self.update()
            self.chosen.emit(self._lines[at].key)

    def _name(self) -> None:
        self.setAccessibleName(self._lines[self._at].name if self._lines else "")

    def sizeHint(self) -> QSize:
        return QSize(look().px(320), look().px(_ROW) * max(len(self._lines), 1) + 2)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        moves = {Qt.Key.Key_Up.value: -1, Qt.Key.Key_Down.value: 1}
        if event.key() in moves:
            self._choose(self._at + moves[event.key()])
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._choose(int(event.position().y()) // look().px(_ROW))

    def paintEvent(self, event: QPaintEvent) -> None:
        colours, px = look().colours, look().px
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(colours.line)
        painter.setBrush(colours.surface)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), px(6), px(6))
        for at, line in enumerate(self._lines):
            self._paint_line(painter, QRect(1, 1 + at * px(_ROW), self.width() - 2, px(_ROW)), line, at)
        if self.hasFocus() and len(self._lines) > 1:
            painter.setPen(colours.accent)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), px(6), px(6))

    def _paint_line(self, painter: QPainter, rect: QRect, line: OfficerLine, at: int) -> None:
        colours, px, is_chosen = look().colours, look().px, at == self._at
        if is_chosen:
            painter.fillRect(rect, colours.accentSoft)
            painter.fillRect(QRect(rect.x(), rect.y(), px(3), rect.height()), colours.accent)
        elif at:
            painter.fillRect(QRect(rect.x(), rect.y(), rect.width(), 1), colours.line)
        tile = QRect(rect.x() + px(14), rect.center().y() - px(_TILE) // 2, px(_TILE), px(_TILE))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.accentFill if is_chosen else colours.neutralSoft)
        painter.drawRoundedRect(tile, px(4), px(4))
        painter.setFont(look().font("strong"))
        painter.setPen(colours.onFill if is_chosen else colours.ink2)
        painter.drawText(tile, Qt.AlignmentFlag.AlignCenter, line.initials)
        words = rect.adjusted(px(62), px(8), -px(14), -px(8))
        top, bottom = Qt.AlignmentFlag.AlignTop, Qt.AlignmentFlag.AlignBottom
        if not line.role:
            top = Qt.AlignmentFlag.AlignVCenter
        painter.setPen(colours.ink)
        painter.drawText(words, Qt.AlignmentFlag.AlignLeft | top, line.name)
        painter.setFont(look().font("caption"))
        painter.setPen(colours.ink3)
        painter.drawText(words, Qt.AlignmentFlag.AlignLeft | bottom, line.role)
        painter.drawText(words, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, line.last_here)
