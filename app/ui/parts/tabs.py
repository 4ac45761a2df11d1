"""Tabs of a room, 40 px, with a count only where it says something.

tabs = Tabs([Tab("profile", _("Profile")), Tab("accounts", _("Accounts"), 4)])
tabs.chosen.connect(self.show_tab)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.parts.chips import paint_pill
from app.ui.theme import Tone, look


@dataclass(frozen=True)
class Tab:
    """A tab; a count of 0 shows none, `tone` colours it (bad for conflicts)."""

    key: str
    words: str
    count: int = 0
    tone: Tone = "neutral"


class Tabs(QWidget):
    """One widget paints them all; Left and Right move."""

    chosen = Signal(str)

    def __init__(self, tabs: Sequence[Tab]) -> None:
        super().__init__()
        self._tabs = tuple(tabs)
        self._here = 0
        self._hovered = -1
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._say()

    @property
    def key(self) -> str:
        """The tab that is open."""
        return self._tabs[self._here].key if self._tabs else ""

    def set_tabs(self, tabs: Sequence[Tab]) -> None:
        """Other counts (or tabs); the open one stays open when it is still there."""
        key, self._tabs = self.key, tuple(tabs)
        self._here = next((place for place, tab in enumerate(tabs) if tab.key == key), 0)
        self._say()
        self.update()

    def open(self, key: str) -> None:
        """Open a tab and say so."""
        place = next((place for place, tab in enumerate(self._tabs) if tab.key == key), -1)
        if place >= 0:
            self._here = place
            self._say()
            self.update()
            self.chosen.emit(key)

    def _say(self) -> None:
        if self._tabs:
            self.setAccessibleName(self._tabs[self._here].words)

    def sizeHint(self) -> QSize:
        boxes = self._boxes()
        return QSize(boxes[-1].right() + look().px(20) if boxes else 0, look().px(40))

    def _boxes(self) -> list[QRect]:
        px = look().px
        metrics = QFontMetrics(look().font("strong"))
        boxes, x = [], px(20)
        for tab in self._tabs:
            width = metrics.horizontalAdvance(tab.words)
            if tab.count:
                width += px(6) + self._count_width(tab)
            boxes.append(QRect(x, 0, width, px(40)))
            x += width + px(24)
        return boxes

    @staticmethod
    def _count_width(tab: Tab) -> int:
        text = QFontMetrics(look().font("caption")).horizontalAdvance(str(tab.count))
        return max(look().px(20), text + look().px(14))

    def paintEvent(self, event: QPaintEvent) -> None:
        colours, px = look().colours, look().px
        painter = QPainter(self)
        painter.fillRect(self.rect(), colours.surface)
        painter.fillRect(QRect(0, self.height() - 1, self.width(), 1), colours.line)
        centre = Qt.AlignmentFlag.AlignVCenter
        for place, (tab, box) in enumerate(zip(self._tabs, self._boxes(), strict=True)):
            is_here = place == self._here
            painter.setFont(look().font("strong" if is_here else "body"))
            ink = colours.accent if is_here else colours.ink if place == self._hovered else colours.ink2
            painter.setPen(ink)
            painter.drawText(box, centre, tab.words)
            if tab.count:
                width = self._count_width(tab)
                pill = QRect(box.right() + 1 - width, box.center().y() - px(8), width, px(18))
                count_ink, soft = look().tone(tab.tone)
                paint_pill(painter, pill, soft)
                painter.setPen(count_ink)
                painter.setFont(look().font("caption"))
                painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, str(tab.count))
            if is_here:
                height = px(3) if not self.hasFocus() else px(4)
                painter.fillRect(QRect(box.x(), self.height() - height, box.width(), height), colours.accent)

    def _place_at(self, x: int) -> int:
        reach = look().px(12)
        for place, box in enumerate(self._boxes()):
            if box.x() - reach <= x < box.right() + reach:
                return place
        return -1

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        place = self._place_at(int(event.position().x()))
        if place != self._hovered:
            self._hovered = place
            self.setCursor(Qt.CursorShape.PointingHandCursor if place >= 0 else Qt.CursorShape.ArrowCursor)
            self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = self._place_at(int(event.position().x()))
        if place >= 0:
            self.open(self._tabs[place].key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left.value: -1, Qt.Key.Key_Right.value: 1}.get(event.key())
        if step is None or not self._tabs:
            super().keyPressEvent(event)
            return
        self.open(self._tabs[min(max(self._here + step, 0), len(self._tabs) - 1)].key)
