"""The search box: magnifier at the left, a key cap at the right while empty.

self.box = SearchField(_("lan 1954, ntl, last 4 digits…"), key="Ctrl K")
self.box.searched.connect(self.look_up)      # 120 ms after the last letter
self.box.emptied_again.connect(self.drop_last_filter)   # Backspace in the empty box
"""

from __future__ import annotations

from PySide6.QtCore import QMargins, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit

from app.ui import icons
from app.ui.parts.chips import cap_width, paint_cap
from app.ui.theme import look

WAIT_MS = 120


class SearchField(QLineEdit):
    """A line of text that tells its words once the typing rests."""

    searched = Signal(str)
    emptied_again = Signal()
    moved_down = Signal()

    def __init__(self, hint: str, *, key: str = "") -> None:
        super().__init__()
        self._key = key
        self.setPlaceholderText(hint)
        self.setAccessibleName(hint)
        self._timer = QTimer(self, singleShot=True, interval=WAIT_MS)
        self._timer.timeout.connect(lambda: self.searched.emit(self.text()))
        self.textEdited.connect(lambda _text: self._timer.start())
        self.measure()

    def measure(self) -> None:
        """Leave room for the icon and the key."""
        key = cap_width(self._key) if self._key and not self.text() else 0
        margins = QMargins(look().px(22), 0, key, 0)
        if margins != self.textMargins():  # setting them paints anew, even the same: without end
            self.setTextMargins(margins)

    def set_text(self, text: str) -> None:
        """Put words there and search at once."""
        self.setText(text)
        self._timer.stop()
        self.searched.emit(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key == Qt.Key.Key_Backspace and not self.text():
            self.emptied_again.emit()
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._timer.stop()
            self.searched.emit(self.text())
            super().keyPressEvent(event)
        elif key == Qt.Key.Key_Down:
            self.moved_down.emit()
        elif key == Qt.Key.Key_Escape and self.text():
            self.set_text("")
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        self.measure()
        super().paintEvent(event)
        px, colours = look().px, look().colours
        painter = QPainter(self)
        icons.paint(painter, QRect(px(10), 0, px(16), self.height()), "search", colours.ink2)
        if self._key and not self.text():
            paint_cap(painter, self.width() - px(8) - cap_width(self._key), self.height() // 2, self._key)
