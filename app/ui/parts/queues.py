"""What waits for somebody: count, icon, two lines, and what Enter does. One widget paints every row.

queues = Queues()
queues.set_queues([(7, Queue("mismatch", "checklist", "warn", "Đối soát lệch", "…", "So từng người"))])
queues.opened.connect(self.go_to)          # the key
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.domain.text import show_amount
from app.ui import icons
from app.ui.theme import Tone, look

_ROW, _COUNT, _TILE = 58, 76, 28
_SOFT = {"ok": "okSoft", "warn": "warnSoft", "bad": "badSoft", "neutral": "neutralSoft", "info": "accentSoft"}


@dataclass(frozen=True)
class Queue:
    """One queue: icon in a tile of its tone, a strong line, a quiet line, the verb of its button."""

    key: str
    icon: str
    tone: Tone
    words: str
    note: str
    action: str


class Queues(QWidget):
    """Up and Down choose, Enter or a click on the row does it."""

    opened = Signal(str)

    def __init__(self, *, compact: bool = False) -> None:
        super().__init__()
        self._is_compact = compact  # a side list: one line a row, no button
        self._queues: Sequence[tuple[int, Queue]] = ()
        self._at, self._hovered = 0, -1
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_queues(self, queues: Sequence[tuple[int, Queue]]) -> None:
        """Show these, each with its count."""
        self._queues = queues
        self._at = min(self._at, max(len(queues) - 1, 0))
        self.setAccessibleName("; ".join(f"{count} {queue.words}" for count, queue in queues))
        self.updateGeometry()
        self.update()

    @property
    def _row(self) -> int:
        return look().px(40 if self._is_compact else _ROW)

    def sizeHint(self) -> QSize:
        return QSize(look().px(480), self._row * max(len(self._queues), 1))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for place, (count, queue) in enumerate(self._queues):
            rect = QRect(0, place * self._row, self.width(), self._row)
            self._paint_row(painter, rect, place)
            self._paint_words(painter, rect, count, queue)
            if not self._is_compact:
                self._paint_action(painter, self._action_box(rect), queue)

    def _paint_row(self, painter: QPainter, rect: QRect, place: int) -> None:
        colours, px = look().colours, look().px
        if place == self._at and self.hasFocus():
            painter.fillRect(rect, colours.accentSoft)
            painter.fillRect(QRect(0, rect.y(), px(3), rect.height()), colours.accent)
        elif place == self._hovered:
            painter.fillRect(rect, colours.hover)
        painter.fillRect(QRect(0, rect.y(), rect.width(), 1), colours.line)

    def _paint_words(self, painter: QPainter, rect: QRect, count: int, queue: Queue) -> None:
        colours, px = look().colours, look().px
        painter.setFont(look().font("page"))
        painter.setPen(colours.ink)
        figure = QRect(rect.x(), rect.y(), px(_COUNT), rect.height())
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(figure.adjusted(0, 0, -px(8), 0), right, show_amount(count))
        tile = QRect(figure.right() + px(6), rect.center().y() - px(_TILE) // 2, px(_TILE), px(_TILE))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(getattr(colours, _SOFT[queue.tone]))
        painter.drawRoundedRect(tile, px(4), px(4))
        ink = getattr(colours, queue.tone) if queue.tone != "info" else colours.accent
        middle = tile.center() - QPoint(px(8) - 1, px(8) - 1)
        icons.paint(painter, QRect(middle, QSize(px(16), px(16))), queue.icon, ink)
        words = rect.adjusted(tile.right() + px(12), px(9), -self._action_width - px(24), -px(9))
        metrics = QFontMetrics(look().font("card"))
        painter.setFont(look().font("card"))
        painter.setPen(colours.ink)
        shown = metrics.elidedText(queue.words, Qt.TextElideMode.ElideRight, words.width())
        if self._is_compact or not queue.note:
            painter.drawText(words, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
            return
        painter.drawText(words, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, shown)
        painter.setFont(look().font("body"))
        painter.setPen(colours.ink2)
        note = painter.fontMetrics().elidedText(queue.note, Qt.TextElideMode.ElideRight, words.width())
        painter.drawText(words, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom, note)

    @property
    def _is_narrow(self) -> bool:
        """Large text on a small screen: what waits is said whole, the verb gives way to its arrow."""
        return self.width() < look().px(560)

    @property
    def _action_width(self) -> int:
        """One width for all, so that they stand under each other."""
        if self._is_compact:
            return 0
        if self._is_narrow:
            return look().px(34)
        metrics = QFontMetrics(look().font("strong"))
        words = (metrics.horizontalAdvance(queue.action) for _count, queue in self._queues)
        return max(words, default=0) + look().px(52)

    def _action_box(self, rect: QRect) -> QRect:
        px, width = look().px, self._action_width
        return QRect(rect.right() - width - px(16), rect.center().y() - px(14), width, px(28))

    def _paint_action(self, painter: QPainter, box: QRect, queue: Queue) -> None:
        colours, px = look().colours, look().px
        painter.setPen(colours.line2)
        painter.setBrush(colours.surface)
        painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), px(4), px(4))
        painter.setPen(colours.ink)
        painter.setFont(look().font("strong"))
        if not self._is_narrow:
            words = box.adjusted(px(12), 0, -px(28), 0)
            painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, queue.action)
        spot = QPoint(box.right() - px(22), box.center().y() - px(7))
        icons.paint(painter, QRect(spot, QSize(px(14), px(14))), "chevron-right", colours.ink2)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        moves = {Qt.Key.Key_Up.value: -1, Qt.Key.Key_Down.value: 1}
        if event.key() in moves and self._queues:
            self._at = min(max(self._at + moves[event.key()], 0), len(self._queues) - 1)
            self.update()
        elif event.key() in {Qt.Key.Key_Return.value, Qt.Key.Key_Enter.value} and self._queues:
            self.opened.emit(self._queues[self._at][1].key)
        else:
            super().keyPressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hovered = self._row_at(event)
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        place = self._row_at(event)
        if 0 <= place < len(self._queues):
            self._at = place
            self.update()
            self.opened.emit(self._queues[place][1].key)

    def _row_at(self, event: QMouseEvent) -> int:
        return int(event.position().y()) // self._row
