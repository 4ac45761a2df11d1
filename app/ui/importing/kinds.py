"""The list at the left: what to answer, what was mended, what is good to know, each kind with its count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QWidget

from app.domain.text import show_amount
from app.ui import icons
from app.ui.theme import look

_ROW, _HEAD, _GAP = 32, 32, 8
_PADDING = 16


@dataclass(frozen=True)
class Entry:
    """A line: `key` comes back when it is chosen; a head has an icon and cannot be chosen."""

    key: str
    words: str
    count: int
    icon: str = ""
    is_open: bool = False  # somebody must still do something

    @property
    def is_head(self) -> bool:
        """Whether it is the heading of a part."""
        return bool(self.icon)


class Kinds(QWidget):
    """One widget paints every line. Up and Down choose at once."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._entries: Sequence[Entry] = ()
        self._current, self._hovered = "", -1
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_entries(self, entries: Sequence[Entry], current: str) -> None:
        """Show these; `current` is marked."""
        self._entries, self._current = entries, current
        self.setAccessibleName("; ".join(f"{entry.words} {entry.count}" for entry in entries))
        self.updateGeometry()
        self.update()

    @property
    def entries(self) -> Sequence[Entry]:
        """What is shown."""
        return self._entries

    def _tops(self) -> list[tuple[int, int]]:
        """Top and height of every line, in pixels."""
        px, y, tops = look().px, look().px(4), []
        for place, entry in enumerate(self._entries):
            if entry.is_head and place:
                y += px(_GAP)
            height = px(_HEAD if entry.is_head else _ROW)
            tops.append((y, height))
            y += height
        return tops

    def sizeHint(self) -> QSize:
        tops = self._tops()
        return QSize(look().px(200), sum(tops[-1]) + look().px(4) if tops else look().px(_ROW))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        for place, (entry, (top, height)) in enumerate(zip(self._entries, self._tops(), strict=True)):
            rect = QRect(0, top, self.width(), height)
            if entry.is_head:
                self._paint_head(painter, rect, entry, is_first=place == 0)
            else:
                self._paint_entry(painter, rect, entry, is_hovered=place == self._hovered)

    def _paint_head(self, painter: QPainter, rect: QRect, entry: Entry, *, is_first: bool) -> None:
        colours, px = look().colours, look().px
        if not is_first:
            painter.fillRect(QRect(0, rect.y() - px(_GAP) // 2, rect.width(), 1), colours.line)
        icons.paint(painter, QRect(px(_PADDING), rect.y(), px(14), rect.height()), entry.icon, colours.ink2)
        painter.setFont(look().font("caption"))
        painter.setPen(colours.ink2)
        left = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        inner = rect.adjusted(px(_PADDING + 20), 0, -px(14), 0)
        self._paint_words(painter, inner, entry.words, "", left)
        painter.setFont(look().font("smallstrong"))
        painter.setPen(colours.warn if entry.is_open and entry.count else colours.ink2)
        painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, str(entry.count))

    def _paint_entry(self, painter: QPainter, rect: QRect, entry: Entry, *, is_hovered: bool) -> None:
        colours, px = look().colours, look().px
        is_current = entry.key == self._current
        if is_current:
            painter.fillRect(rect, colours.accentSoft)
            painter.fillRect(QRect(0, rect.y(), 3, rect.height()), colours.accentFill)
        elif is_hovered:
            painter.fillRect(rect, colours.hover)
        if is_current and self.hasFocus():
            painter.setPen(colours.accent)
            painter.drawRect(rect.adjusted(0, 0, -1, -1))
        count = show_amount(entry.count)
        left = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        inner = rect.adjusted(px(_PADDING), 0, -px(14), 0)
        painter.setFont(look().font("strong" if is_current else "body"))
        painter.setPen(colours.ink)
        self._paint_words(painter, inner, entry.words, count, left)
        painter.setFont(look().font("strong"))
        painter.setPen(colours.ink if entry.count else colours.ink3)
        painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, count)

    def _paint_words(
        self, painter: QPainter, rect: QRect, words: str, count: str, align: Qt.AlignmentFlag
    ) -> None:
        taken = QFontMetrics(look().font("strong")).horizontalAdvance(count) + look().px(8)
        room = rect.adjusted(0, 0, -taken, 0)
        shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, align, shown)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up.value: -1, Qt.Key.Key_Down.value: 1}.get(event.key(), 0)
        keys = [entry.key for entry in self._entries if not entry.is_head]
        if step and keys:
            at = keys.index(self._current) if self._current in keys else -step
            self._choose(keys[min(max(at + step, 0), len(keys) - 1)])
        else:
            super().keyPressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hovered = self._place_at(event)
        self.setToolTip(self._entries[self._hovered].words if self._hovered >= 0 else "")
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = self._place_at(event)
        if place >= 0 and not self._entries[place].is_head:
            self._choose(self._entries[place].key)

    def _place_at(self, event: QMouseEvent) -> int:
        y = event.position().y()
        return next((at for at, (top, height) in enumerate(self._tops()) if top <= y < top + height), -1)

    def _choose(self, key: str) -> None:
        self._current = key
        self.update()
        self._show_current()
        self.chosen.emit(key)

    def _show_current(self) -> None:
        """Keep the chosen line in sight."""
        viewport = self.parentWidget()
        area = viewport.parentWidget() if viewport is not None else None
        for entry, (top, height) in zip(self._entries, self._tops(), strict=True):
            if entry.key == self._current and isinstance(area, QScrollArea):
                area.ensureVisible(0, top + height // 2, 0, height)
