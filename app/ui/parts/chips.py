"""States and filters in few words: icon and word, never colour alone.

Chip(_("Approved"), "tick", "ok")              22 px, soft fill, in panes and headers
Mark(_("No account"), "dash", "neutral")       14 px icon and word, no fill
chip = FilterChip(_("Hamlet")); chip.set_value("Bản Nà Lụa"); chip.opened / chip.cleared
KeyCap("Ctrl K")
"""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from app.ui import icons
from app.ui.theme import Tone, look

FIXED = QSizePolicy.Policy.Fixed


class _State(QWidget):
    """A state said by a word and an icon, never by colour alone."""

    def __init__(self, words: str, icon: str = "", tone: Tone = "neutral") -> None:
        super().__init__()
        self._words, self._icon, self._tone = words, icon, tone
        self.setSizePolicy(FIXED, FIXED)
        self.setAccessibleName(words)

    def say(self, words: str, icon: str, tone: Tone) -> None:
        """Show another state."""
        self._words, self._icon, self._tone = words, icon, tone
        self.setAccessibleName(words)
        self.updateGeometry()
        self.update()


class Chip(_State):
    """A state as a small pill; at most two stand side by side."""

    def sizeHint(self) -> QSize:
        px = look().px
        icon = px(13) + px(4) if self._icon else 0
        words = QFontMetrics(look().font("caption")).horizontalAdvance(self._words)
        return QSize(px(8) + icon + words + px(9), px(22))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        ink, soft = look().tone(self._tone)
        paint_pill(painter, self.rect(), soft)
        px = look().px
        x = px(8)
        if self._icon:
            icons.paint(painter, QRect(x, 0, px(13), self.height()), self._icon, ink)
            x += px(13) + px(4)
        painter.setPen(ink)
        painter.setFont(look().font("caption"))
        painter.drawText(self.rect().adjusted(x, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, self._words)


class Mark(_State):
    """A state without fill; a good one is said in ink2 with a green tick (look.md, State)."""

    def sizeHint(self) -> QSize:
        px = look().px
        words = QFontMetrics(look().font("body")).horizontalAdvance(self._words)
        return QSize(px(14) + px(5) + words + 1, px(20))

    def paintEvent(self, event: QPaintEvent) -> None:
        paint_mark(QPainter(self), self.rect(), self._words, self._icon, self._tone)


def paint_mark(painter: QPainter, rect: QRect, words: str, icon: str, tone: Tone) -> None:
    """Icon and word in `rect`, the word elided at the end; used by tables as well."""
    px = look().px
    ink, word_ink = mark_inks(tone)
    icons.paint(painter, QRect(rect.x(), rect.y(), px(14), rect.height()), icon, ink)
    painter.setFont(look().font("body"))
    painter.setPen(word_ink)
    room = rect.adjusted(px(14) + px(5), 0, 0, 0)
    shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, room.width())
    painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, shown)


def mark_inks(tone: Tone) -> tuple[QColor, QColor]:
    """Colours of a mark's icon and word: only what needs work has coloured words."""
    colours = look().colours
    if tone == "ok":
        return colours.ok, colours.ink2
    if tone == "neutral":
        return colours.ink3, colours.ink3
    ink = look().tone(tone)[0]
    return ink, ink


def paint_pill(painter: QPainter, rect: QRect, fill: QColor, outline: QColor | None = None) -> None:
    """A shape whose ends are half circles."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(outline, 1) if outline else Qt.PenStyle.NoPen)
    painter.setBrush(fill)
    box = QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5) if outline else QRectF(rect)
    painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
    painter.restore()


def cap_width(key: str) -> int:
    """Width in pixels of a key drawn in a cap."""
    return QFontMetrics(look().font("key")).horizontalAdvance(key) + look().px(12)


def paint_cap(painter: QPainter, x: int, middle: int, key: str, ink: QColor | None = None) -> int:
    """A key in a cap, its left edge at `x`, centred on `middle`; returns its width."""
    colours = look().colours
    height, width = look().px(18), cap_width(key)
    box = QRectF(x + 0.5, middle - height / 2 + 0.5, width - 1, height - 1)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colours.line if ink is None else _half(ink), 1))
    painter.setBrush(colours.sunk if ink is None else Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(box, 3, 3)
    painter.setPen(ink or colours.ink3)
    painter.setFont(look().font("key"))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, key)
    painter.restore()
    return width


def _half(ink: QColor) -> QColor:
    faded = QColor(ink)
    faded.setAlphaF(0.5)
    return faded


class KeyCap(QWidget):
    """A key as it looks on the keyboard."""

    def __init__(self, key: str) -> None:
        super().__init__()
        self._key = key
        self.setSizePolicy(FIXED, FIXED)
        self.setAccessibleName(key)

    def sizeHint(self) -> QSize:
        return QSize(cap_width(self._key), look().px(18))

    def paintEvent(self, event: QPaintEvent) -> None:
        paint_cap(QPainter(self), 0, self.height() // 2, self._key)


class FilterChip(QAbstractButton):
    """A filter: off, its name and an arrow; on, its name and value and a cross.

    `opened` asks for the menu of values; `cleared` says the cross (or Delete) was pressed.
    With `is_toggle` it has no menu and a click turns it on or off (`toggled`).
    """

    opened = Signal()
    cleared = Signal()

    def __init__(self, name: str, *, icon: str = "", is_toggle: bool = False) -> None:
        super().__init__()
        self.name = name
        self._icon, self._value = icon, ""
        self._is_toggle = is_toggle
        self.setCheckable(is_toggle)
        self.setSizePolicy(FIXED, FIXED)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setAccessibleName(name)
        if not is_toggle:
            self.clicked.connect(self.opened)

    @property
    def value(self) -> str:
        """The words of the value it filters by; empty when off."""
        return self._value

    def set_value(self, value: str) -> None:
        """Turn on with these words, or off with none."""
        self._value = value
        self.setAccessibleName(self._words())
        self.updateGeometry()
        self.update()

    def _is_on(self) -> bool:
        return bool(self._value) or (self._is_toggle and self.isChecked())

    def _words(self) -> str:
        return f"{self.name}: {self._value}" if self._value else self.name

    def _tail(self) -> str:
        if self._is_toggle or self._icon:
            return ""
        return "cross" if self._value else "chevron-down"

    def sizeHint(self) -> QSize:
        px = look().px
        words = QFontMetrics(look().font("caption")).horizontalAdvance(self._words())
        icons_width = sum(px(14) + px(6) for part in (self._icon, self._tail()) if part)
        return QSize(px(12) + words + icons_width + px(12), px(28))

    def paintEvent(self, event: QPaintEvent) -> None:
        colours, px = look().colours, look().px
        painter = QPainter(self)
        fill = colours.hover if self.underMouse() else colours.surface
        ink, outline = colours.ink2, colours.line2
        if self._is_on():
            fill, ink, outline = colours.accentSoft, colours.accent, colours.accent
        paint_pill(painter, self.rect(), fill, colours.accent if self.hasFocus() else outline)
        if self.hasFocus():
            paint_pill(painter, self.rect().adjusted(1, 1, -1, -1), fill, colours.accent)
        x = px(12)
        if self._icon:
            icons.paint(painter, QRect(x, 0, px(14), self.height()), self._icon, ink)
            x += px(14) + px(6)
        painter.setPen(ink)
        painter.setFont(look().font("caption"))
        painter.drawText(self.rect().adjusted(x, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, self._words())
        if self._tail():
            icons.paint(painter, self._tail_box(), self._tail(), ink)

    def _tail_box(self) -> QRect:
        px = look().px
        return QRect(self.width() - px(12) - px(14), 0, px(14), self.height())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._value and self._tail_box().adjusted(-6, 0, 12, 0).contains(event.position().toPoint()):
            self.setDown(False)
            self.cleared.emit()
            return
        super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._value and event.key() in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace}:
            self.cleared.emit()
            return
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down} and not self._is_toggle:
            self.opened.emit()
            return
        super().keyPressEvent(event)
