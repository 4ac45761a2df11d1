"""A place that holds one thing at a time: facts read anew, an empty state, a card that comes and goes."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget


class Holder(QFrame):
    """holder.put(Facts([...])); holder.put(None) takes it away. Takes no room while empty."""

    def __init__(self) -> None:
        super().__init__()
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self.held: QWidget | None = None
        self.hide()

    def put(self, widget: QWidget | None) -> None:
        """Hold this instead of what is held."""
        if self.held is not None:
            self._layout.removeWidget(self.held)
            self.held.hide()
            self.held.deleteLater()
        self.held = widget
        if widget is not None:
            self._layout.addWidget(widget)
        self.setVisible(widget is not None)
