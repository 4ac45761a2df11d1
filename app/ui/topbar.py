"""The bar over a room: way back, title, what the room can do, search, and the pill."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from app.ui.parts.boxes import STRETCH, fill, label
from app.ui.parts.buttons import Button
from app.ui.parts.search import SearchField
from app.ui.pill import Pill
from app.ui.room import Head
from app.ui.theme import give, look
from app.words import gettext as _


class TopBar(QFrame):
    """52 px; the actions are the room's own widgets, lent while it is shown.

    When the words do not fit (large text, small screen) the subtitle goes first, then the
    actions keep their icons alone, then the search box shrinks, then the pill.
    """

    back_wanted = Signal(str)
    searched = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        give(self, role="bar")
        self._head = Head()
        self._back = Button.only_icon("chevron-left", _("Back"), bare=True, on=self._go_back)
        self._title = label("", "page")
        self._subtitle = label("", "third")
        self._lent = QHBoxLayout()
        self.search = SearchField(_("Find a person, number, household…"), key="Ctrl K")
        self.search.searched.connect(self.searched)
        self.pill = Pill()
        self._row = QHBoxLayout(self)
        parts = (self._back, self._title, self._subtitle, STRETCH, self._lent, self.search, self.pill)
        fill(self._row, *parts, gap=12)
        self.measure()

    def measure(self) -> None:
        """Take the sizes of the present look."""
        px = look().px
        self.setFixedHeight(px(52))
        self._lent.setSpacing(px(12))
        self._row.setSpacing(px(12))
        self._row.setContentsMargins(px(12 if self._head.back else 20), 0, px(20), 0)
        self._fit()

    def show_head(self, head: Head | None) -> None:
        """Show a room's head; `None` hands its widgets back before the room goes."""
        old, self._head = self._head, head or Head()
        self._title.setText(self._head.title)
        self._subtitle.setText(self._head.subtitle)
        self._back.setVisible(bool(self._head.back))
        self.search.setVisible(self._head.has_search)
        self.search.clear()
        if tuple(self._head.actions) != tuple(old.actions):
            self._lend(old, self._head)
        self.measure()

    def _lend(self, old: Head, new: Head) -> None:
        for widget in old.actions:
            self._lent.removeWidget(widget)
            widget.hide()
        for widget in new.actions:
            self._lent.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
            widget.show()

    def _fit(self) -> None:
        """Give up words in the order above until the rest fits."""
        px = look().px
        buttons = [action for action in self._head.actions if isinstance(action, Button)]
        self._subtitle.setVisible(bool(self._head.subtitle))
        self.search.setFixedWidth(px(272))
        self.pill.set_short(False)
        for button in buttons:
            button.set_short(False)
        steps: list[Callable[[], object]] = [self._subtitle.hide]
        steps += [partial(button.set_short, True) for button in buttons]
        steps += [partial(self.search.setFixedWidth, px(140)), partial(self.pill.set_short, True)]
        for give_up in steps:
            if self._needed() <= self.width():
                return
            give_up()

    def _needed(self) -> int:
        widgets: list[QWidget] = [self._back, self._title, self._subtitle, self.search, self.pill]
        widgets += self._head.actions
        margins = self._row.contentsMargins()
        gap = self._row.spacing()
        shown = [widget for widget in widgets if not widget.isHidden()]
        widths = (
            widget.minimumWidth() if widget is self.search else widget.sizeHint().width() for widget in shown
        )
        return sum(widths) + gap * (len(shown) + 1) + margins.left() + margins.right()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _go_back(self) -> None:
        self.back_wanted.emit(self._head.back)
