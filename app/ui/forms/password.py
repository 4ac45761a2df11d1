"""A password: an eye, and two warnings that save a locked-out morning.

Caps lock shows as a capital without Shift; a Vietnamese input method shows as a letter with a
mark, or as a commit. `warned(text)` gives the sentence for a hint or notice, empty when all is well.
"""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QFocusEvent, QInputMethodEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit

from app.ui import icons
from app.ui.theme import give, look
from app.words import gettext as _


class PasswordBox(QLineEdit):
    """A line shown as bullets until its eye is pressed; hidden again on leaving."""

    changed = Signal()
    warned = Signal(str)

    def __init__(self, *, fit: str = "form") -> None:
        super().__init__()
        self._warning = ""
        give(self, fit=fit)
        self.setEchoMode(QLineEdit.EchoMode.Password)
        hints = Qt.InputMethodHint
        self.setInputMethodHints(hints.ImhSensitiveData | hints.ImhHiddenText | hints.ImhNoPredictiveText)
        self.setTextMargins(0, 0, look().px(28), 0)
        self.setMouseTracking(True)
        self.textEdited.connect(self._edited)

    def value(self) -> str:
        """Exactly what was typed."""
        return self.text()

    @property
    def warning(self) -> str:
        """What is being warned of, empty when nothing."""
        return self._warning

    def _edited(self, text: str) -> None:
        if not text.isascii():
            self._warn(_("The Vietnamese input method is on. It may change letters of the password."))
        elif not text:
            self._warn("")
        self.changed.emit()

    def _warn(self, warning: str) -> None:
        if warning != self._warning:
            self._warning = warning
            self.warned.emit(warning)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        text = event.text()
        if len(text) == 1 and text.isalpha() and text.isascii():
            shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._warn(_("Caps Lock is on.") if text.isupper() != shifted else "")
        if event.key() == Qt.Key.Key_F4:
            self._turn()
            return
        super().keyPressEvent(event)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        super().inputMethodEvent(event)
        if event.preeditString() or not event.commitString().isascii():
            self._warn(_("The Vietnamese input method is on. It may change letters of the password."))

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.setEchoMode(QLineEdit.EchoMode.Password)
        super().focusOutEvent(event)

    def _eye(self) -> QRect:
        px = look().px
        return QRect(self.width() - px(34), 0, px(28), self.height())

    def _turn(self) -> None:
        """Show or hide the letters (the eye, or F4)."""
        is_hidden = self.echoMode() == QLineEdit.EchoMode.Password
        self.setEchoMode(QLineEdit.EchoMode.Normal if is_hidden else QLineEdit.EchoMode.Password)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._eye().contains(event.position().toPoint()):
            self._turn()
            return
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        over_eye = self._eye().contains(event.position().toPoint())
        self.setCursor(Qt.CursorShape.PointingHandCursor if over_eye else Qt.CursorShape.IBeamCursor)
        super().mouseMoveEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        size = look().px(18)
        box = QRect(0, 0, size, size)
        box.moveCenter(self._eye().center())
        is_hidden = self.echoMode() == QLineEdit.EchoMode.Password
        icons.paint(QPainter(self), box, "eye" if is_hidden else "eye-off", look().colours.ink2)
