"""Questions side by side: up to three columns, as many as there is room for; what is hidden takes none."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget

from app.ui.theme import look

COLUMNS_MAX = 3
_NARROWEST, _ACROSS, _DOWN = 240, 20, 12


class Grid(QLayout):
    """12 down and 20 across. What is too wide for a column takes more, what is `wide` takes all."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._wide = set[QWidget]()
        self._known: tuple[int, list[tuple[QLayoutItem, QRect]], int] | None = None
        self.setContentsMargins(0, 0, 0, 0)

    def set_wide(self, widget: QWidget, *, wide: bool) -> None:
        """Whether it takes all columns."""
        if wide != (widget in self._wide):
            (self._wide.add if wide else self._wide.discard)(widget)
            self.invalidate()

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation.Horizontal

    def hasHeightForWidth(self) -> bool:
        return True

    def invalidate(self) -> None:
        self._known = None
        super().invalidate()

    def heightForWidth(self, width: int) -> int:
        return self._arranged(width)[1]

    def minimumSize(self) -> QSize:
        widest = max((item.minimumSize().width() for item in self._items if not item.isEmpty()), default=0)
        return QSize(min(widest, look().px(_NARROWEST)), 0)

    def sizeHint(self) -> QSize:
        width = look().px(_NARROWEST * COLUMNS_MAX + _ACROSS * (COLUMNS_MAX - 1))
        return QSize(width, self._arranged(width)[1])

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        for item, place in self._arranged(rect.width())[0]:
            item.setGeometry(place.translated(rect.topLeft()))

    def _arranged(self, width: int) -> tuple[list[tuple[QLayoutItem, QRect]], int]:
        """Where each item goes, and how high all of it is."""
        if self._known is None or self._known[0] != width:
            self._known = (width, *self._arrange(width))
        return self._known[1], self._known[2]

    def _arrange(self, width: int) -> tuple[list[tuple[QLayoutItem, QRect]], int]:
        across, down = look().px(_ACROSS), look().px(_DOWN)
        columns = max(1, min(COLUMNS_MAX, (width + across) // (look().px(_NARROWEST) + across)))
        pitch = (width + across) / columns
        placed, top, column, tallest = list[tuple[QLayoutItem, QRect]](), 0, 0, 0
        for item in self._items:
            if item.isEmpty():
                continue
            span = self._span(item, columns, pitch, across)
            if column + span > columns:
                top, column, tallest = top + tallest + down, 0, 0
            left = round(column * pitch)
            room = round((column + span) * pitch) - across - left
            height = item.heightForWidth(room) if item.hasHeightForWidth() else item.sizeHint().height()
            placed.append((item, QRect(left, top, room, height)))
            column, tallest = column + span, max(tallest, height)
        return placed, top + tallest

    def _span(self, item: QLayoutItem, columns: int, pitch: float, across: int) -> int:
        if item.widget() in self._wide:
            return columns
        needed = item.minimumSize().width()
        return next((span for span in range(1, columns) if needed <= span * pitch - across), columns)
