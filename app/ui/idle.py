"""The idle lock: nobody at the keyboard for so long, and the window asks to be locked.

window.idle.set_minutes(IDLE_MINUTES)   # 0 turns it off; the unlock room turns it off while shown
"""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer, Signal

IDLE_MINUTES = 10
_SIGNS_OF_LIFE = {
    QEvent.Type.KeyPress,
    QEvent.Type.MouseButtonPress,
    QEvent.Type.MouseMove,
    QEvent.Type.Wheel,
    QEvent.Type.TouchBegin,
    QEvent.Type.InputMethod,
}


class Idle(QObject):
    """Notes when a hand last moved; a slow timer compares, so an event costs one look-up."""

    expired = Signal()

    def __init__(self, app: QCoreApplication, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(app)
        self._app = app
        self._clock = clock
        self._last = clock()
        self._limit_s = 0.0
        self._timer = QTimer(self, interval=5_000)
        self._timer.timeout.connect(self.check)

    def set_minutes(self, minutes: float) -> None:
        """Start counting anew with this limit; 0 stops."""
        self._limit_s = minutes * 60
        self._last = self._clock()
        self._app.removeEventFilter(self)
        if minutes:
            self._app.installEventFilter(self)
            self._timer.start()
        else:
            self._timer.stop()

    def check(self) -> None:
        """Lock when the limit has passed."""
        if self._limit_s and self._clock() - self._last >= self._limit_s:
            self.set_minutes(0)
            self.expired.emit()

    def close(self) -> None:
        """Stop watching."""
        self.set_minutes(0)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _SIGNS_OF_LIFE:
            self._last = self._clock()
        return False
