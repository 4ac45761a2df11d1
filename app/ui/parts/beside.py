"""A list with its detail pane: beside it where there is room, over it where there is not.

    Beside(self.table_column, self.pane)
    beside.open_pane() / beside.close_pane()      # only matter when it lies over the list

From 150 % text (or a narrow window) the pane covers the list's right side while open; Esc closes it.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from app.ui.theme import look

_LIST_AT_LEAST = 560


class Beside(QWidget):
    """Places two widgets; the pane keeps its own fixed width."""

    closed = Signal()

    def __init__(self, main: QWidget, pane: QWidget) -> None:
        super().__init__()
        self._main, self._pane = main, pane
        self._is_open = False
        main.setParent(self)
        pane.setParent(self)

    @property
    def is_over(self) -> bool:
        """Whether the pane covers the list instead of standing beside it."""
        return self.width() - self._pane.width() < look().px(_LIST_AT_LEAST)

    def open_pane(self) -> None:
        """Show the pane where it is not shown anyway."""
        self._is_open = True
        self._place()

    def close_pane(self) -> None:
        """Give the list its whole width back."""
        self._is_open = False
        self._place()
        self.closed.emit()

    def _place(self) -> None:
        width, height, pane_width = self.width(), self.height(), self._pane.width()
        is_over = self.is_over
        self._main.setGeometry(0, 0, width if is_over else width - pane_width, height)
        self._pane.setGeometry(width - pane_width, 0, pane_width, height)
        self._pane.setVisible(self._is_open or not is_over)
        self._pane.raise_()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.is_over and self._is_open:
            self.close_pane()
            return
        super().keyPressEvent(event)
