"""A few answers to choose from: joined buttons up to 4, radios up to 7, a drop-down, ready phrases."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QRadioButton,
    QStyledItemDelegate,
    QVBoxLayout,
)

from app.ui import icons
from app.ui.forms.keyed import KeyedButtons
from app.ui.forms.text import TextBox
from app.ui.parts.boxes import STRETCH, fill
from app.ui.parts.buttons import Button
from app.ui.parts.chips import FilterChip
from app.ui.theme import give, look

Answers = Sequence[tuple[str, str]]
_STEPS = {Qt.Key.Key_Left.value: -1, Qt.Key.Key_Right.value: 1}


class Joined(KeyedButtons):
    """Up to four short answers side by side; arrows move, digits 1-9 choose, none is chosen at first."""

    def __init__(self, answers: Answers, value: str | None = None) -> None:
        super().__init__([key for key, _words in answers])
        layout = QHBoxLayout(self)
        fill(layout)
        for place, (_key, words) in enumerate(answers):
            button = _JoinedButton(words, self)
            give(button, joined=_joint(place, len(answers)))
            self._add(button)
            layout.addWidget(button, 1)
        self.set_value(value)

    def _toggled(self, place: int, checked: bool) -> None:
        button = self._group.button(place)
        if isinstance(button, Button):
            button.set_icon("tick" if checked else "")
        if checked:
            self.setFocusProxy(button)
        super()._toggled(place, checked)

    def take_key(self, event: QKeyEvent) -> bool:
        """Arrows and digits, on behalf of the buttons."""
        count = len(self._values)
        if event.key() in _STEPS:
            here = max(self._group.checkedId(), 0 if self._group.checkedId() >= 0 else -_STEPS[event.key()])
            button = self._group.button((here + _STEPS[event.key()]) % count)
        elif event.text().isdecimal() and 1 <= int(event.text()) <= count:
            button = self._group.button(int(event.text()) - 1)
        else:
            return False
        button.setFocus(Qt.FocusReason.OtherFocusReason)
        button.setChecked(True)
        return True


class _JoinedButton(Button):
    """A checkable button that hands its keys to the row."""

    def __init__(self, words: str, row: Joined) -> None:
        super().__init__(words)
        self._row = row
        self.setCheckable(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._row.take_key(event):
            super().keyPressEvent(event)


def _joint(place: int, count: int) -> str:
    if count == 1:
        return "only"
    return "first" if place == 0 else "last" if place == count - 1 else "mid"


class Radios(KeyedButtons):
    """Up to seven answers one below the other; none is chosen at first."""

    def __init__(self, answers: Answers, value: str | None = None) -> None:
        super().__init__([key for key, _words in answers])
        layout = QVBoxLayout(self)
        fill(layout, gap=4)
        for _key, words in answers:
            button = QRadioButton(words)
            button.setMinimumHeight(look().px(28))
            self._add(button)
            layout.addWidget(button)
        self.set_value(value)


class Dropdown(QComboBox):
    """A short fixed list; with `hint` nothing is chosen at first."""

    changed = Signal()

    def __init__(self, answers: Answers, value: str | None = None, *, hint: str = "") -> None:
        super().__init__()
        give(self, fit="form")
        # The delegate a combo box brings along pays no heed to the style sheet's row height.
        self.setItemDelegate(QStyledItemDelegate(self))
        for key, words in answers:
            self.addItem(words, key)
        self.setPlaceholderText(hint)
        self.setCurrentIndex(self.findData(value) if value is not None else -1 if hint else 0)
        self.currentIndexChanged.connect(lambda _place: self.changed.emit())

    def paintEvent(self, event: QPaintEvent) -> None:
        # With a border of its own from the style sheet Qt no longer draws the arrow.
        super().paintEvent(event)
        px, colours = look().px, look().colours
        box = QRect(self.width() - px(28), 0, px(16), self.height())
        icons.paint(QPainter(self), box, "chevron-down", colours.ink if self.isEnabled() else colours.ink3)

    def value(self) -> str | None:
        """The chosen answer."""
        found = self.currentData()
        return found if isinstance(found, str) else None

    def set_value(self, value: str | None) -> None:
        """Choose an answer."""
        self.setCurrentIndex(-1 if value is None else self.findData(value))


class Reason(QFrame):
    """A reason in the officer's words, with ready phrases that fill it."""

    changed = Signal()

    def __init__(self, phrases: Sequence[str], *, hint: str = "") -> None:
        super().__init__()
        self._chips = [FilterChip(words, is_toggle=True) for words in phrases]
        self._box = TextBox(hint=hint)
        self._box.changed.connect(self._typed)
        for chip in self._chips:
            chip.clicked.connect(self._chosen)
        head = QHBoxLayout()
        fill(head, *self._chips, STRETCH, gap=8)
        fill(QVBoxLayout(self), head, self._box, gap=6)
        self.setFocusProxy(self._box)

    def value(self) -> str:
        """The reason, cleaned; empty when none was given."""
        return self._box.value()

    def set_value(self, reason: str) -> None:
        """Show a reason given before, or none."""
        self._box.set_value(reason)
        for chip in self._chips:
            chip.setChecked(bool(reason) and reason.startswith(chip.name))

    def _chosen(self) -> None:
        sender = self.sender()
        for chip in self._chips:
            chip.setChecked(chip is sender)
            if chip is sender:
                self._box.set_value(chip.name)
        self.changed.emit()

    def _typed(self) -> None:
        for chip in self._chips:
            chip.setChecked(self._box.text().startswith(chip.name))
        self.changed.emit()
