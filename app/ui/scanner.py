"""A USB scanner types like a keyboard; this tells its bursts from a person's typing.

Keys are held back for one gap (35 ms, below what a person notices and above what scanners
need between two characters). A long enough burst ending in Enter becomes `scanned(text)` and
reaches no field; anything else is typed on, in order, where the cursor is. A Vietnamese input
method takes part: it sends Backspace and other letters, or commits whole words; the burst
keeps what a field would have shown, for `domain.identity.repair_input_method` to mend.

Single printable keys must therefore be handled in `keyPressEvent`, not as QShortcut, and a
test that types with `qtbot.keyClicks` faster than the gap looks like a scanner if it ends in
Enter: give `delay=40`, set the text, or widen nothing and send fewer than `shortest` characters.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

_KEYBOARD = {
    QEvent.Type.KeyPress,
    QEvent.Type.KeyRelease,
    QEvent.Type.ShortcutOverride,
    QEvent.Type.InputMethod,
}
_BREAKS = {QEvent.Type.MouseButtonPress, QEvent.Type.FocusIn, QEvent.Type.WindowDeactivate}
_ENTER = {Qt.Key.Key_Return.value, Qt.Key.Key_Enter.value}
# Scanners hold Shift for capitals and `|`, and Alt with keypad digits for letters beyond ASCII.
_SILENT = {
    key.value
    for key in (
        Qt.Key.Key_Shift,
        Qt.Key.Key_Control,
        Qt.Key.Key_Alt,
        Qt.Key.Key_AltGr,
        Qt.Key.Key_Meta,
        Qt.Key.Key_CapsLock,
        Qt.Key.Key_NumLock,
    )
}
_ALT_DIGIT = Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.KeypadModifier
_TYPING = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier


@dataclass(frozen=True)
class Timing:
    """How a scanner is told from a person; `shortest` counts characters before Enter."""

    gap_ms: int = 35
    shortest: int = 8


class Scanner(QObject):
    """An event filter on the application; `scanned(str)` is what the scanner read."""

    scanned = Signal(str)

    def __init__(self, app: QCoreApplication, timing: Timing = Timing()) -> None:
        super().__init__(app)
        self.timing = timing
        self._held: list[QEvent] = []
        self._text = ""
        self._target: QWidget | None = None
        self._is_replaying = False
        self._timer = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.flush)
        app.installEventFilter(self)
        self._app = app

    def close(self) -> None:
        """Stop listening; what was held is typed on."""
        self.flush()
        self._app.removeEventFilter(self)

    def flush(self) -> None:
        """Type on what was held back: it was a person."""
        self._timer.stop()
        held, target = self._held, self._target
        self._held, self._text, self._target = [], "", None
        if not held or target is None:
            return
        self._is_replaying = True
        try:
            for event in held:
                QCoreApplication.sendEvent(target, event)
        finally:
            self._is_replaying = False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if self._is_replaying or (kind not in _KEYBOARD and (not self._held or kind not in _BREAKS)):
            return False
        if kind in _BREAKS:
            self.flush()
            return False
        if watched is not (QApplication.focusWidget() or QApplication.activeWindow()):
            return False
        if isinstance(event, QInputMethodEvent):
            return self._commit(watched, event)
        if not isinstance(event, QKeyEvent):
            return False
        if kind == QEvent.Type.ShortcutOverride:
            return self._keep_from_shortcuts(event)
        if kind == QEvent.Type.KeyRelease:
            return self._release(event)
        return self._press(watched, event)

    def _keep_from_shortcuts(self, event: QKeyEvent) -> bool:
        """Within a burst a character or Enter is never a shortcut: it belongs to the scan."""
        if not self._held or not (_is_character(event) or _is_enter(event)):
            return False
        event.accept()
        return True

    def _press(self, watched: QObject, event: QKeyEvent) -> bool:
        if self._held and _is_enter(event):
            return self._end()
        if event.key() in _SILENT or event.modifiers() & _ALT_DIGIT == _ALT_DIGIT:
            return False
        if event.isAutoRepeat() or not (
            _is_character(event) or (self._held and event.key() == Qt.Key.Key_Backspace)
        ):
            self.flush()
            return False
        if event.key() == Qt.Key.Key_Backspace:
            self._text = self._text[:-1]
        else:
            self._text += event.text()
        self._hold(watched, event.clone())
        return True

    def _release(self, event: QKeyEvent) -> bool:
        """A key let go while its press is held follows it: Space presses a button by both."""
        if self._held:
            self._held.append(event.clone())
        return bool(self._held)

    def _commit(self, watched: QObject, event: QInputMethodEvent) -> bool:
        """Letters from an input method; what is still being composed waits its turn in a burst."""
        if event.commitString():
            start = len(self._text) + event.replacementStart()
            self._text = self._text[: max(start, 0)] + event.commitString()
        elif not self._held:
            return False
        self._hold(watched, event.clone())
        return True

    def _hold(self, watched: QObject, event: QEvent) -> None:
        self._held.append(event)
        self._target = watched if isinstance(watched, QWidget) else None
        self._timer.start(self.timing.gap_ms)

    def _end(self) -> bool:
        """Enter within the gap: a scan if long enough, else the person's Enter after her keys."""
        text = self._text
        if len(text) < self.timing.shortest:
            self.flush()
            return False
        self._timer.stop()
        target, composed = self._target, any(isinstance(event, QInputMethodEvent) for event in self._held)
        self._held, self._text, self._target = [], "", None
        if composed and target is not None:
            # The field still shows letters whose commit was taken from it.
            QCoreApplication.sendEvent(target, QInputMethodEvent("", []))
        self.scanned.emit(text)
        return True


def _is_enter(event: QKeyEvent) -> bool:
    """Return, Enter, or the line feed (also as Ctrl+J) that some scanners are set to end with."""
    return event.key() in _ENTER or event.text() in {"\r", "\n"}


def _is_character(event: QKeyEvent) -> bool:
    text = event.text()
    return bool(text) and text.isprintable() and not (event.modifiers() & ~_TYPING)
