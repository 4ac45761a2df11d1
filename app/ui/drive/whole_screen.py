"""The whole screen for the drive where the screen is small: its height is drawn for one without bars."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QWidget

_LOW = 768  # what the title bar and the task bar of a laptop leave is less


class WholeScreen(QObject):
    """Takes it when the room is shown on a small screen, gives it back when the room goes; F11 either way."""

    def __init__(self, room: QWidget, window: QWidget) -> None:
        super().__init__(room)
        self._room, self._window = room, window
        self._has_taken = False
        room.installEventFilter(self)

    def toggle(self) -> None:
        """F11."""
        self._set(not self._window.isFullScreen())

    def _set(self, whole: bool) -> None:
        self._has_taken = whole
        if whole != self._window.isFullScreen():
            self._window.setWindowState(self._window.windowState() ^ Qt.WindowState.WindowFullScreen)

    def _take(self) -> None:
        if self._room.isVisible() and self._window.screen().availableGeometry().height() < _LOW:
            self._set(True)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show:
            QTimer.singleShot(0, self, self._take)
        elif event.type() == QEvent.Type.Hide and self._has_taken:
            self._set(False)
        return False
