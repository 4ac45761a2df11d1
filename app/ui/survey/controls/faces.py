"""Ways to show a few choices: joined, in columns, in a row; `search` shows many.

All tell `changed` when somebody chose, never when they are told what is chosen.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QEvent, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QVBoxLayout, QWidget

from app.survey.choices import Choice
from app.ui.forms.choices import Joined
from app.ui.parts.boxes import fill, label
from app.ui.survey.controls.marks import Circle, Marked, Tick, least_width, whole_width
from app.ui.theme import give, look

_CLEARS = {Qt.Key.Key_Delete.value, Qt.Key.Key_Backspace.value}
_STEPS = {
    Qt.Key.Key_Up.value: -1,
    Qt.Key.Key_Left.value: -1,
    Qt.Key.Key_Down.value: 1,
    Qt.Key.Key_Right.value: 1,
}


class Face(QFrame):
    """Choices as they are shown. Delete takes the answer back."""

    changed = Signal()

    def __init__(self, offered: Sequence[Choice]) -> None:
        super().__init__()
        self.offered = tuple(offered)

    def values(self) -> list[str]:
        """What is chosen, in the form's order."""
        raise NotImplementedError

    def choose(self, values: Sequence[str]) -> None:
        """Show these as chosen."""
        raise NotImplementedError

    def describe(self, name: str, description: str) -> None:
        """What a screen reader says of the question before it says the choice."""
        self.setAccessibleName(name)
        self.setAccessibleDescription(description)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _CLEARS and self.values():
            self.choose([])
            self.changed.emit()
            return
        super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DynamicPropertyChange:
            self.update()
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.property("error") == "true":
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(look().colours.bad, 2))
            painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), 4, 4)


class Segments(Face):
    """Joined buttons: arrows and digits choose."""

    def __init__(self, offered: Sequence[Choice]) -> None:
        super().__init__(offered)
        self.joined = Joined([(choice.value, choice.label) for choice in offered])
        self.joined.changed.connect(self.changed)
        fill(QVBoxLayout(self), self.joined, margins=0)
        self.setFocusProxy(self.joined)

    def values(self) -> list[str]:
        value = self.joined.value()
        return [] if value is None else [value]

    def choose(self, values: Sequence[str]) -> None:
        with QSignalBlocker(self.joined):
            self.joined.set_value(values[0] if values else None)

    def describe(self, name: str, description: str) -> None:
        super().describe(name, description)
        self.joined.setAccessibleName(name)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DynamicPropertyChange:
            for button in self.joined.findChildren(
                QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly
            ):
                give(button, error=self.property("error") == "true")
        return super().event(event)


class Marks(Face):
    """Radios or check boxes; one of them stands in the round of Tab, arrows reach the others."""

    def __init__(self, offered: Sequence[Choice], *, is_one: bool, has_words: bool = True) -> None:
        super().__init__(offered)
        self._is_one = is_one
        make = Circle if is_one else Tick
        self.marks: list[Marked] = [make(choice.label if has_words else "") for choice in offered]
        for place, mark in enumerate(self.marks):
            mark.setAutoExclusive(False)
            mark.setAccessibleName(offered[place].label)
            mark.clicked.connect(partial(self._clicked, place))
            mark.keyed.connect(partial(self._keyed, place))
        self._stand_at(0)

    def values(self) -> list[str]:
        return [
            choice.value for choice, mark in zip(self.offered, self.marks, strict=True) if mark.isChecked()
        ]

    def choose(self, values: Sequence[str]) -> None:
        for choice, mark in zip(self.offered, self.marks, strict=True):
            mark.setChecked(choice.value in values)
        chosen = [place for place, mark in enumerate(self.marks) if mark.isChecked()]
        if chosen and self._is_one:
            self._stand_at(chosen[0])

    def describe(self, name: str, description: str) -> None:
        super().describe(name, description)
        for mark in self.marks:
            mark.setAccessibleDescription(name)

    def _clicked(self, place: int, _checked: bool = False) -> None:
        self._stand_at(place)
        if self._is_one:  # a second click, as of whoever clicks everything twice, takes nothing back
            for at, mark in enumerate(self.marks):
                mark.setChecked(at == place)
        self.changed.emit()

    def _keyed(self, place: int, event: QKeyEvent) -> None:
        typed = event.text()
        if event.key() in _STEPS:
            self._go((place + _STEPS[event.key()]) % len(self.marks))
        elif typed.isdecimal() and 1 <= int(typed) <= len(self.marks):
            self._press(int(typed) - 1)
        else:
            return
        event.accept()

    def _go(self, place: int) -> None:
        """Among radios the answer goes along, as everywhere."""
        if self._is_one:
            self._press(place)
        else:
            self._stand_at(place)
            self.marks[place].setFocus(Qt.FocusReason.OtherFocusReason)

    def _press(self, place: int) -> None:
        self.marks[place].setFocus(Qt.FocusReason.OtherFocusReason)
        self.marks[place].click()

    def _stand_at(self, place: int) -> None:
        for at, mark in enumerate(self.marks):
            mark.setFocusPolicy(Qt.FocusPolicy.StrongFocus if at == place else Qt.FocusPolicy.ClickFocus)
        if self.marks:
            self.setFocusProxy(self.marks[place])


class Columns(Marks):
    """Below each other, or in columns read line by line: so many as are wanted, and as the width holds."""

    def __init__(self, offered: Sequence[Choice], *, is_one: bool, columns: int = 1) -> None:
        super().__init__(offered, is_one=is_one)
        self._wanted, self._columns = columns, 0
        self._grid = _grid(self, across=16)
        self._arrange(columns)

    def minimumSizeHint(self) -> QSize:
        least = max((least_width(choice.label) for choice in self.offered), default=0)
        return QSize(least, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        gap = self._grid.horizontalSpacing()
        widest = max((whole_width(choice.label) for choice in self.offered), default=1)
        self._arrange(max(1, min(self._wanted, (self.width() + gap) // (widest + gap))))

    def _arrange(self, columns: int) -> None:
        if columns == self._columns:
            return
        for column in range(self._columns):
            self._grid.setColumnStretch(column, 0)
        self._columns = columns
        for place, mark in enumerate(self.marks):
            self._grid.addWidget(mark, *divmod(place, columns), Qt.AlignmentFlag.AlignTop)
        for column in range(columns):
            self._grid.setColumnStretch(column, 1)
        self.updateGeometry()


class Row(Marks):
    """Side by side in columns of one width, words above: lines of a table stand under each other.

    Without `has_marks` the words alone, which head such a table.
    """

    def __init__(
        self, offered: Sequence[Choice], *, is_one: bool, has_words: bool = True, has_marks: bool = True
    ) -> None:
        super().__init__(offered, is_one=is_one, has_words=False)
        grid = _grid(self)
        centre = Qt.AlignmentFlag.AlignHCenter
        for place, mark in enumerate(self.marks):
            grid.setColumnStretch(place, 1)
            grid.setColumnMinimumWidth(place, look().px(48))
            if has_words:
                words = _Words(offered[place].label, mark.click)
                grid.addWidget(words, 0, place, Qt.AlignmentFlag.AlignBottom)
            if has_marks:
                grid.addWidget(mark, 1, place, centre)
            else:
                mark.setParent(self)
                mark.hide()


class _Words(QFrame):
    """Words in the middle of a column; a click on them is one on the mark below."""

    def __init__(self, words: str, click: Callable[[], None]) -> None:
        super().__init__()
        self._click = click
        shown = label(words, "second", wrap=True)
        shown.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom)
        fill(QVBoxLayout(self), shown, margins=(2, 0))

    def mouseReleaseEvent(self, _event: object) -> None:
        self._click()


def _grid(face: QWidget, across: int = 0) -> QGridLayout:
    grid = QGridLayout(face)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(look().px(across))
    grid.setVerticalSpacing(look().px(2))
    return grid
