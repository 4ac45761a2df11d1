"""An officer at a window: she finds things by their words, types, presses, scans. No room is known here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from PySide6.QtCore import QCoreApplication, QEvent, QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QWidget
from pytestqt.exceptions import TimeoutError
from pytestqt.qtbot import QtBot

from app.ui.window import Window

WAIT_MS = 60_000
W = TypeVar("W", bound=QWidget)
_NO_MODIFIER = Qt.KeyboardModifier.NoModifier


@dataclass
class Officer:
    """Sits at one window of one laptop; every act waits until what it needs is there."""

    window: Window
    qtbot: QtBot
    bugs: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.window.jobs.bug.connect(lambda *told: self.bugs.append(str(told)))

    def come_to_the_table(self) -> None:
        """Keys go to this window; the offscreen platform forgets it when a room takes the whole screen."""

        def is_here() -> bool:
            self.window.activateWindow()
            return QApplication.activeWindow() is self.window

        self.wait(is_here)

    def wait(self, is_so: Callable[[], bool]) -> None:
        """Until something is so, and no work is under way."""
        try:
            self.qtbot.waitUntil(lambda: is_so() and self.window.jobs.is_idle, timeout=WAIT_MS)
        except TimeoutError as error:
            assert not self.bugs, self.bugs
            at_work = [f"{job.lane} {job.work[0]}" for job in self.window.jobs._open]
            raise AssertionError(f"waited in vain; {at_work}; on the screen: {self._screen()}") from error

    def press(self, words: str) -> None:
        """The button or card that says this."""
        button = self._find(QAbstractButton, lambda found: words in (found.text(), found.accessibleName()))
        self.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    def write(self, field: str, text: str) -> None:
        """Into the field of this name, as an input method commits letters."""
        box = self._find(QLineEdit, lambda found: field in (found.accessibleName(), found.placeholderText()))
        box.setFocus()
        box.selectAll()
        self.type_on(text)

    def type_on(self, text: str) -> None:
        """Where the cursor is, slower than any scanner."""
        for letter in text:
            self._commit(letter)
            self.qtbot.wait(self.window.scanner.timing.gap_ms + 5)

    def key(self, key: Qt.Key, text: str = "") -> None:
        """One key, wherever the cursor is."""
        for kind in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QCoreApplication.sendEvent(self._focus(), QKeyEvent(kind, key, _NO_MODIFIER, text))
        self.qtbot.wait(self.window.scanner.timing.gap_ms + 5)

    def scan(self, text: str) -> None:
        """The scanner types a code and Enter, quicker than anybody."""
        for letter in f"{text}\r":
            key = Qt.Key.Key_Return if letter == "\r" else Qt.Key(0)
            for kind in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress):
                QCoreApplication.sendEvent(self._focus(), QKeyEvent(kind, key, _NO_MODIFIER, letter))

    def drop(self, path: str) -> None:
        """A file from the file manager onto the window."""
        held = QMimeData()
        held.setUrls([QUrl.fromLocalFile(path)])
        room = self.window.room
        assert room is not None
        copy, button = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
        at = room.rect().center()
        QCoreApplication.sendEvent(room, QDragEnterEvent(at, copy, held, button, _NO_MODIFIER))
        QCoreApplication.sendEvent(room, QDropEvent(QPointF(at), copy, held, button, _NO_MODIFIER))

    def reads(self, words: str) -> None:
        """Wait until this stands somewhere on the screen."""
        self._find(QWidget, lambda found: words in _said(found))

    def _find(self, kind: type[W], fits: Callable[[W], bool]) -> W:
        found: list[W] = []

        def there() -> bool:
            shown = (each for each in self.window.findChildren(kind) if each.isVisible())
            found[:] = [each for each in shown if each.isEnabled() and fits(each)]
            return bool(found)

        self.wait(there)
        return found[0]

    def _screen(self) -> str:
        shown = (each for each in self.window.findChildren(QWidget) if each.isVisible())
        return " · ".join(dict.fromkeys(filter(None, map(_said, shown))))

    def _focus(self) -> QWidget:
        if QApplication.activeWindow() is not self.window:
            self.come_to_the_table()
        return QApplication.focusWidget() or self.window

    def _commit(self, letter: str) -> None:
        event = QInputMethodEvent("", [])
        event.setCommitString(letter)
        QCoreApplication.sendEvent(self._focus(), event)


def _said(widget: QWidget) -> str:
    """What a label says, or what a painted part says to a screen reader."""
    return widget.text() if isinstance(widget, QLabel) else widget.accessibleName()
