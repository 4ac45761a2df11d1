"""Buttons of which one may be chosen, each standing for a key."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QFrame


class KeyedButtons(QFrame):
    """At first none is chosen; `changed` when another is."""

    changed = Signal()

    def __init__(self, keys: Sequence[str]) -> None:
        super().__init__()
        self._values = list(keys)
        self._group = QButtonGroup(self)
        self._group.idToggled.connect(self._toggled)

    def _add(self, button: QAbstractButton) -> None:
        """The button of the next key; the keyboard comes to the first."""
        self._group.addButton(button, len(self._group.buttons()))
        self.setFocusProxy(self._group.button(0))

    def _toggled(self, _place: int, checked: bool) -> None:
        if checked:
            self.changed.emit()

    def value(self) -> str | None:
        """The chosen key, None before one is chosen."""
        place = self._group.checkedId()
        return self._values[place] if place >= 0 else None

    def set_value(self, value: str | None) -> None:
        """Choose, or choose nothing."""
        if value in self._values:
            self._group.button(self._values.index(value)).setChecked(True)
            return
        self._group.setExclusive(False)
        for button in self._group.buttons():
            button.setChecked(False)
        self._group.setExclusive(True)
