"""What is typed: answered on Enter, on leaving the box, and after a short pause while typing.

A pause answers only what is whole: `31/02` on its way to a date is neither kept nor called wrong.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from app.survey.views import NodeView
from app.ui import icons
from app.ui.survey.controls.control import STAYS, Control
from app.ui.survey.controls.reading import Reader
from app.ui.theme import give, look

PAUSE_MS = 400


class Box(QLineEdit):
    """A line; `left` when the keyboard goes elsewhere."""

    edited = Signal()
    left = Signal()
    entered = Signal()

    def __init__(self, icon: str = "") -> None:
        super().__init__()
        self._icon = icon
        give(self, fit="form")
        if icon:
            self.setTextMargins(look().px(22), 0, 0, 0)
        self.textEdited.connect(lambda _text: self.edited.emit())
        self.returnPressed.connect(self.entered)

    def typed(self) -> str:
        """What stands there."""
        return self.text()

    def put(self, text: str) -> None:
        """Show this; from its beginning, unless somebody is at its end."""
        if text != self.text():
            self.setText(text)
            if not self.hasFocus():
                self.setCursorPosition(0)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in STAYS:
            self.left.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._icon:
            px = look().px
            box = QRect(px(11), 0, px(16), self.height())
            icons.paint(QPainter(self), box, self._icon, look().colours.ink2)


class Sheet(QPlainTextEdit):
    """Several lines, as high as three at first and seven at most; Tab goes on, Ctrl+Enter answers."""

    edited = Signal()
    left = Signal()
    entered = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._is_putting = False
        self.setTabChangesFocus(True)
        self.setFont(look().font("input"))
        self.textChanged.connect(self._changed)
        self._fit()

    def typed(self) -> str:
        """What stands there."""
        return self.toPlainText()

    def put(self, text: str) -> None:
        """Show this."""
        if text != self.toPlainText():
            self._is_putting = True
            self.setPlainText(text)
            self._is_putting = False

    def _changed(self) -> None:
        self._fit()
        if not self._is_putting:
            self.edited.emit()

    def _fit(self) -> None:
        lines = min(max(self.blockCount(), 3), 7)
        height = QFontMetrics(self.font()).lineSpacing() * lines + look().px(20)
        if height != self.height():
            self.setFixedHeight(height)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        if is_enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.entered.emit()
            return
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in STAYS:
            self.left.emit()


class Line(Control):
    """One box and its reader."""

    def __init__(self, reader: Reader, box: Box | Sheet | None = None) -> None:
        super().__init__()
        self.reader = reader
        self.box = box or Box()
        self.box.setPlaceholderText(reader.hint)
        self._kept = ""  # the value that was last shown or answered
        self._is_typing = False
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self._paused)
        self.box.edited.connect(self._edited)
        self.box.entered.connect(self.commit)
        self.box.left.connect(self.commit)
        self.put(self.box)

    def boxes(self) -> Sequence[QWidget]:
        """The line."""
        return (self.box,)

    @property
    def is_typing(self) -> bool:
        """Whether what stands here is not answered."""
        return self._is_typing

    def said(self, node: NodeView) -> str:
        """As it is typed."""
        return self.reader.show(node.value)

    def paint(self, node: NodeView) -> None:
        """A value from elsewhere comes in; the echo of what was typed does not touch the box."""
        before, self._kept = self._kept, node.value
        if node.is_readonly:
            self._give_up()
        is_news = self._shown(before) != self._shown(node.value)
        if self._is_typing and (not is_news or self.box.hasFocus()):
            return
        if not self.box.hasFocus() or (is_news and not self._says(node.value)):
            self.box.put(self.reader.show(node.value))
            self._give_up()

    def commit(self) -> None:
        """Answer it, or say what is wrong; numbers get their dots, dates their slashes."""
        self._pause.stop()
        if self._is_typing:
            self._answer()
        if not self._is_typing and self.reader.show(self._kept) != self.box.typed():
            self.box.put(self.reader.show(self._kept))

    def type_in(self, text: str) -> None:
        """As if somebody had typed it, and Enter."""
        self.box.put(text)
        self._is_typing = True
        self.commit()

    def begin_with(self, text: str) -> None:
        """As if somebody had typed so much, and was going on."""
        self.box.put(text)
        self._edited()

    def _edited(self) -> None:
        self._is_typing = not self._says(self._kept) or bool(self.refusal)
        self._pause.start()

    def _paused(self) -> None:
        reading = self.reader.read(self.box.typed())
        if reading.is_whole and not reading.problem and self._is_typing:
            self._answer()

    def _answer(self) -> None:
        reading = self.reader.read(self.box.typed())
        self.refuse(reading.problem)
        if reading.problem:
            return
        self._is_typing = False
        if self._shown(reading.value) != self._shown(self._kept):
            self._kept = reading.value
            self.answered.emit(reading.value)

    def _give_up(self) -> None:
        """What was typed is forgotten: another value stands in its place."""
        self._pause.stop()
        self._is_typing = False
        self.refuse("")

    def _says(self, value: str) -> bool:
        """Whether the box says this value already, however it is written."""
        reading = self.reader.read(self.box.typed())
        return not reading.problem and self._shown(reading.value) == self._shown(value)

    def _shown(self, value: str) -> str:
        return self.reader.show(value)
