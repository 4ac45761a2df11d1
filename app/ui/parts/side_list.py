"""The list at the left of a room: what waits, what was decided; one widget paints every line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from app.ui import icons
from app.ui.theme import look

_HEAD, _ROW = 34, 75
_MOVES = {Qt.Key.Key_Up.value: -1, Qt.Key.Key_Down.value: 1}


@dataclass(frozen=True)
class SideLine:
    """Three lines of one question: about whom, about what, since when or by whom.

    `warning` stands before the note; `mark` is an icon at the right edge, `marked` says it in words.
    """

    key: str
    name: str
    about: str
    note: str
    warning: str = ""
    mark: str = ""
    marked: str = ""

    @property
    def words(self) -> str:
        """All of it, for who hears it read."""
        return ", ".join(
            part for part in (self.name, self.about, self.warning, self.note, self.marked) if part
        )


@dataclass(frozen=True)
class SideGroup:
    """A heading with its count, and its lines; `count` where not all of them are listed."""

    words: str
    lines: Sequence[SideLine]
    count: int | None = None
    icon: str = ""


class SideList(QWidget):
    """Up and Down choose, Enter goes to the decision, Space ticks where the room has something to tick."""

    chosen = Signal(str)
    opened = Signal(str)
    ticked = Signal(str)
    moved = Signal(QRect)

    def __init__(self) -> None:
        super().__init__()
        self._groups: Sequence[SideGroup] = ()
        self._lines: list[SideLine] = []
        self._key = ""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def key(self) -> str:
        """The line that is chosen; empty while there is none."""
        return self._key

    def set_groups(self, groups: Sequence[SideGroup]) -> None:
        """Show these; the chosen line stays chosen, or the one that took its place in its group."""
        kept = self._kept(groups)
        self._groups = [group for group in groups if group.lines]
        self._lines = [line for group in self._groups for line in group.lines]
        self._key = kept or (self._lines[0].key if self._lines else "")
        self._say()
        self.updateGeometry()
        self.update()

    def _kept(self, groups: Sequence[SideGroup]) -> str:
        """What is chosen from now on; empty for the first of all. A line that moved on gives up its place."""
        keys = {group.words: [line.key for line in group.lines] for group in groups}
        for group in self._groups:
            before = [line.key for line in group.lines]
            left = keys.get(group.words, [])
            if self._key in before and self._key not in left and left:
                return left[min(before.index(self._key), len(left) - 1)]
        return self._key if any(self._key in left for left in keys.values()) else ""

    def choose(self, key: str) -> None:
        """Choose a line; a stranger changes nothing."""
        keys = [line.key for line in self._lines]
        if key in keys and key != self._key:
            self._key = key
            self._say()
            self.update()
            self.moved.emit(self._rect_of(keys.index(key)))
            self.chosen.emit(key)

    def step(self, by: int) -> None:
        """The line above or below."""
        keys = [line.key for line in self._lines]
        if keys:
            at = keys.index(self._key) + by
            self.choose(keys[min(max(at, 0), len(keys) - 1)])

    def _say(self) -> None:
        line = next((line for line in self._lines if line.key == self._key), None)
        self.setAccessibleName(line.words if line else "")

    def sizeHint(self) -> QSize:
        px = look().px
        return QSize(px(248), px(_HEAD) * len(self._groups) + px(_ROW) * len(self._lines))

    def _rect_of(self, wanted: int) -> QRect:
        y, at, px = 0, 0, look().px
        for group in self._groups:
            y += px(_HEAD)
            if wanted < at + len(group.lines):
                return QRect(0, y + (wanted - at) * px(_ROW), self.width(), px(_ROW))
            at += len(group.lines)
            y += len(group.lines) * px(_ROW)
        return QRect()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _MOVES:
            self.step(_MOVES[event.key()])
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self._key:
            self.opened.emit(self._key)
        elif event.key() == Qt.Key.Key_Space and self._key:
            self.ticked.emit(self._key)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        for at, line in enumerate(self._lines):
            if self._rect_of(at).contains(event.position().toPoint()):
                self.choose(line.key)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.whole_line(event.pos()), self)
            return True
        return super().event(event)

    def whole_line(self, spot: QPoint) -> str:
        """All of the line there, what gave way too; empty where there is none."""
        under = (line for at, line in enumerate(self._lines) if self._rect_of(at).contains(spot))
        parts = next(((line.name, line.about, line.warning, line.note) for line in under), ())
        return "\n".join(part for part in parts if part)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, px = QPainter(self), look().px
        y = at = 0
        for group in self._groups:
            self._paint_head(painter, QRect(0, y, self.width(), px(_HEAD)), group)
            y += px(_HEAD)
            for line in group.lines:
                rect = self._rect_of(at)
                if rect.intersects(event.rect()):  # a list may be long
                    self._paint_line(painter, rect, line)
                at += 1
                y += px(_ROW)

    def _paint_head(self, painter: QPainter, rect: QRect, group: SideGroup) -> None:
        colours, px = look().colours, look().px
        painter.fillRect(rect, colours.sunk)
        painter.fillRect(QRect(0, rect.bottom(), rect.width(), 1), colours.line)
        painter.setFont(look().font("caption"))
        painter.setPen(colours.ink3)
        count = f" · {len(group.lines) if group.count is None else group.count}"
        left = px(16)
        if group.icon:
            icons.paint(painter, QRect(left, rect.y(), px(14), rect.height()), group.icon, colours.ink3)
            left += px(20)
        metrics, room = painter.fontMetrics(), rect.width() - left - px(8)
        room -= metrics.horizontalAdvance(count)
        words = metrics.elidedText(group.words, Qt.TextElideMode.ElideRight, room) + count
        painter.drawText(rect.adjusted(left, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, words)

    def _paint_line(self, painter: QPainter, rect: QRect, line: SideLine) -> None:
        colours, px = look().colours, look().px
        if line.key == self._key:
            painter.fillRect(rect, colours.accentSoft)
            painter.fillRect(QRect(0, rect.y(), px(3), rect.height()), colours.accent)
        painter.fillRect(QRect(0, rect.bottom(), rect.width(), 1), colours.line)
        words = rect.adjusted(px(16), px(9), -px(12), -px(8))
        if line.mark:
            spot = QRect(words.right() - px(14), words.y(), px(14), px(19))
            icons.paint(painter, spot, line.mark, colours.ok if line.mark == "tick" else colours.ink3)
        parts = ((line.name, "card", colours.ink), (line.about, "body", colours.ink2))
        for at, (text, role, ink) in enumerate((*parts, (line.note, "caption", colours.ink3))):
            box = QRect(words.x(), words.y() + at * px(19), words.width(), px(19))
            if at == 0 and line.mark:
                box.setRight(box.right() - px(20))
            if at == len(parts) and line.warning:
                box.setLeft(self._paint_warning(painter, box, line.warning) + px(8))
                text = text if QFontMetrics(look().font(role)).horizontalAdvance(text) <= box.width() else ""
            _paint_words(painter, box, text, role, ink)
        if line.key == self._key and self.hasFocus():
            painter.setPen(colours.accent)
            painter.drawRect(rect.adjusted(1, 1, -2, -2))

    def _paint_warning(self, painter: QPainter, box: QRect, words: str) -> int:
        """A triangle and the words; where they end."""
        px, warn = look().px, look().colours.warn
        icons.paint(painter, QRect(box.x(), box.y(), px(13), box.height()), "triangle", warn)
        left = box.x() + px(18)
        _paint_words(painter, QRect(left, box.y(), box.right() - left, box.height()), words, "caption", warn)
        return left + QFontMetrics(look().font("caption")).horizontalAdvance(words)


def _paint_words(painter: QPainter, box: QRect, text: str, role: str, ink: QColor) -> None:
    painter.setFont(look().font(role))
    painter.setPen(ink)
    painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, fitting(text, painter.fontMetrics(), box.width()))


def fitting(text: str, metrics: QFontMetrics, width: int) -> str:
    """As much of it as says something whole: what comes after a dot gives way, then what was before."""
    if metrics.horizontalAdvance(text) > width and "→" in text:
        text = f"→{text.rpartition('→')[2]}"
    while metrics.horizontalAdvance(text) > width and " · " in text:
        text = text.rpartition(" · ")[0]
    return metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)
