"""A list that is searched by typing, with what can be done with its chosen line in the foot.

    class Drafts(ListPage[Kept]):
        def weigh(self) -> None: …      # which buttons may be pressed for `self.line`
        def empty(self) -> Empty: …     # why nothing is in it, and what next

Up and Down choose, Enter or a double click presses the last button; Down leads from the box into the list.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Generic, TypeVar

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from app.domain.text import fold
from app.ui.parts.boxes import STRETCH, column_layout, fill, footer, label, row, row_layout
from app.ui.parts.buttons import Button
from app.ui.parts.holder import Holder
from app.ui.parts.panes import Empty
from app.ui.parts.search import SearchField
from app.ui.tables.columns import Column
from app.ui.tables.table import Table
from app.ui.theme import give, look
from app.words import gettext as _

Line = TypeVar("Line")
_ROW = 36


class ListPage(QFrame, Generic[Line]):
    """`narrow`: the columns that large text has room for."""

    def __init__(
        self,
        columns: Sequence[Column],
        hint: str,
        *,
        tools: Sequence[QWidget] = (),
        buttons: Sequence[Button] = (),
        narrow: Sequence[str] = (),
    ) -> None:
        super().__init__()
        self._lines: Mapping[str, Line] = {}
        self._sought: Mapping[str, str] = {}
        self.buttons = tuple(buttons)
        self.search = SearchField(hint)
        self.search.setFixedWidth(look().px(280))
        self.search.searched.connect(self.filter)
        self.search.moved_down.connect(self.enter)
        self.table = Table(columns, lambda ids: [self._lines.get(each) for each in ids], row_height=_ROW)
        is_narrow = bool(narrow) and look().factor >= 1.5
        self.shown_columns = tuple(narrow) if is_narrow else tuple(each.name for each in columns)
        self.table.show_columns(self.shown_columns)
        self.table.followed.connect(lambda _key: self.weigh())
        self.table.opened.connect(lambda _key: self._press())
        self.nothing, self.beside = Holder(), Holder()
        self.figures = label("", "second")
        bar = give(QFrame(), role="bar")
        bar.setLayout(row_layout(self.search, *tools, STRETCH, margins=(20, 8)))
        body = row_layout(column_layout(self.nothing, self.table, grows=1), self.beside, gap=0, grows=0)
        self.head = Holder()
        foot = footer(self.figures, row(STRETCH, *self.buttons, gap=12), grows=1)
        fill(QVBoxLayout(self), self.head, bar, body, foot, grows=2)
        give(self, role="surface")

    @property
    def line(self) -> Line | None:
        """The one that is chosen."""
        return self._lines.get(self.table.current_id or "")

    def show_lines(self, lines: Mapping[str, Line], sought: Mapping[str, str]) -> None:
        """These, in this order; `sought`: of each, folded, what typing finds it by."""
        self._lines, self._sought = lines, sought
        self.filter(self.search.text())

    def filter(self, text: str) -> None:
        """Those whose words hold every word typed, accents or not."""
        sought, shown = self._sought, list(self._lines)
        for word in fold(text).split():
            shown = [key for key in shown if word in sought[key]]
        self.table.set_ids(shown)
        if self.table.current_id is None:
            self.table.go_to_first()
        self.table.setVisible(bool(shown))
        self.nothing.put(None if shown else self._unfound(text) if self._lines else self.empty())
        self.weigh()

    def _unfound(self, text: str) -> Empty:
        back = Button(_("Show the whole list"), on=lambda: self.search.set_text(""))
        return Empty(_("Nobody matches “{text}”.").format(text=text), back, icon="search")

    def empty(self) -> Empty:
        """Why nothing is in the list."""
        raise NotImplementedError

    def weigh(self) -> None:
        """Say in the foot what may be done with the chosen line."""
        raise NotImplementedError

    def enter(self) -> None:
        """Put the cursor in the list."""
        if self.table.isVisible():
            self.table.setFocus()
        else:
            self.search.setFocus()

    def _press(self) -> None:
        if self.buttons and self.buttons[-1].isEnabled():
            self.buttons[-1].click()
