"""The view: fixed rows, no grid, the keyboard of a list, and ids instead of indexes.

    columns = (
        Column("name", _("Full name"), 200, lambda p: p.name, kind="name", grows=True),
        Column("born", _("Born"), 102, lambda p: show(p.birth)),
        Column("amount", _("Monthly, đ"), 100, lambda p: show_amount(p.amount), kind="number"),
        Column("account", _("Account"), 116, lambda p: MarkCell(_("Approved"), "tick", "ok")),
    )
    table = Table(columns, fetch=lambda ids: queries.people(connection, ids), ticks=True)
    table.set_ids(ids)                    # a reset that keeps the current row, scroll and ticks by id
    table.followed.connect(self.pane.show_person)      # 120 ms after Up, Down or a click
    table.opened.connect(…)               # Enter or double click
    table.sort_wanted.connect(…)          # column name, descending; then table.show_sort(…)
    table.rows.refresh(ids_changed)       # after a save or a sync

`fetch(ids)` answers one row (any frozen object) or None for each id, in order, on the GUI thread's
own read-only connection: a page of 128 by id takes 1.3 ms, so there are no placeholders.
`Group(…)` among the ids is a heading between rows.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import QEvent, QModelIndex, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from app.ui.tables.columns import Column, Group
from app.ui.tables.heading import Heading
from app.ui.tables.painting import CellPainter, action_box
from app.ui.tables.rows import AnyIndex, Fetch, Rows
from app.ui.theme import look

FOLLOW_MS = 120
_TICKS_WIDTH = 44


class Table(QTableView):
    """A list of 100,000 that scrolls like 100."""

    followed = Signal(str)
    opened = Signal(str)
    acted = Signal(str)
    sort_wanted = Signal(str, bool)
    ticked_changed = Signal(int)

    def __init__(
        self, columns: Sequence[Column], fetch: Fetch, *, ticks: bool = False, row_height: int = 32
    ) -> None:
        super().__init__()
        self.rows = Rows(columns, fetch, ticks=ticks, parent=self)
        self.hovered_row = -1
        self._height = row_height
        self._heading = Heading()
        self._waits = QTimer(self, singleShot=True, interval=FOLLOW_MS)
        self._waits.timeout.connect(self._follow)
        self.setModel(self.rows)
        self.setHorizontalHeader(self._heading)
        self.setItemDelegate(CellPainter(self))
        self._set_habits()
        self._heading.sectionClicked.connect(self._head_clicked)
        self.doubleClicked.connect(self._open)
        self.rows.ticked_changed.connect(self.ticked_changed)
        self.rows.ticked_changed.connect(self._heading.viewport().update)

    def _set_habits(self) -> None:
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        side = self.verticalHeader()
        side.hide()
        side.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        side.setMinimumSectionSize(0)
        side.setDefaultSectionSize(self.row_height)

    @property
    def row_height(self) -> int:
        """In pixels of the present look."""
        return look().px(self._height)

    @property
    def first_visible_section(self) -> int:
        """Where the 3 px mark of the current row is painted."""
        for section in range(self.rows.columnCount()):
            if not self.isColumnHidden(section):
                return section
        return 0

    def set_ids(self, ids: Sequence[str | Group]) -> None:
        """Show this list; the current row and the scroll stay with their id when it is still there."""
        current, offset = self.current_id, self.verticalScrollBar().value()
        self.clearSpans()
        self.hovered_row = -1
        for row in self.rows.group_rows:
            self.setRowHeight(row, self.row_height)  # the view keeps heights by place, whatever stands there
        self.rows.set_ids(ids)
        for row in self.rows.group_rows:
            group = self.rows.item_at(row)
            if isinstance(group, Group):
                self.setSpan(row, 0, 1, self.rows.columnCount())
                self.setRowHeight(row, look().px(group.height))
        if current is not None and self.go_to(current):
            self._waits.stop()
            self.verticalScrollBar().setValue(offset)
            self.scrollTo(self.currentIndex())
        self._heading.viewport().update()

    @property
    def current_id(self) -> str | None:
        """The id of the current row."""
        return self.rows.id_at(self.currentIndex().row())

    def go_to(self, item: str) -> bool:
        """Make an id current and scroll to it; False when it is not in the list."""
        row = self.rows.row_of(item)
        if row >= 0:
            self.setCurrentIndex(self.rows.index(row, self.first_visible_section))
        return row >= 0

    def go_to_first(self) -> None:
        """Make the first row current, past a heading."""
        for row in range(self.rows.rowCount()):
            if self.rows.id_at(row) is not None:
                self.setCurrentIndex(self.rows.index(row, self.first_visible_section))
                return

    def show_sort(self, name: str, *, descending: bool = False) -> None:
        """Draw the arrow at the column the ids are sorted by."""
        self._heading.sorted_name, self._heading.is_descending = name, descending
        self._heading.viewport().update()

    def show_columns(self, names: Collection[str]) -> None:
        """Show only these columns (column chooser)."""
        for place, column in enumerate(self.rows.columns):
            self.setColumnHidden(place + self.rows.has_ticks, column.name not in names)
        self._share_width()

    def _share_width(self) -> None:
        """Columns take their width; what is left goes to those that grow, in proportion."""
        px, first = look().px, int(self.rows.has_ticks)
        if first:
            self.setColumnWidth(0, px(_TICKS_WIDTH))
        shown = [
            (place + first, column)
            for place, column in enumerate(self.rows.columns)
            if not self.isColumnHidden(place + first)
        ]
        taken = sum(px(column.width) for _section, column in shown) + (px(_TICKS_WIDTH) if first else 0)
        left = max(self.viewport().width() - taken, 0)
        growing = sum(column.width for _section, column in shown if column.grows) or 1
        for section, column in shown:
            extra = left * column.width // growing if column.grows else 0
            self.setColumnWidth(section, px(column.width) + extra)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_width()

    def currentChanged(self, current: AnyIndex, previous: AnyIndex) -> None:
        super().currentChanged(current, previous)
        for index in (current, previous):
            self._repaint_row(index.row())
        if self.rows.id_at(current.row()) is not None:
            self._waits.start()

    def _follow(self) -> None:
        item = self.current_id
        if item is not None and self.isVisible():  # the room was left, or the register locked, within 120 ms
            self.followed.emit(item)

    def _repaint_row(self, row: int) -> None:
        if row >= 0:
            top, height = self.rowViewportPosition(row), self.rowHeight(row)
            self.viewport().update(0, top, self.viewport().width(), height)

    def _hover(self, row: int) -> None:
        before, self.hovered_row = self.hovered_row, row
        if before != row:
            self._repaint_row(before)
            self._repaint_row(row)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self.rowAt(int(event.position().y())))
        super().mouseMoveEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(-1)
        super().leaveEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        item = self.rows.item_at(index.row()) if index.isValid() else None
        if isinstance(item, Group):
            if item.action and action_box(self.visualRect(index), item).contains(event.position().toPoint()):
                self.acted.emit(item.key)
            return
        if item is not None and self.rows.has_ticks and index.column() == 0:
            self.rows.tick([item], item not in self.rows.ticked)
            return
        super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        item = self.rows.item_at(self.currentIndex().row())
        key = event.key()
        if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and item is not None:
            self._open(self.currentIndex())
        elif key == Qt.Key.Key_Space and self.rows.has_ticks and isinstance(item, str):
            self.rows.tick([item], item not in self.rows.ticked)
        elif key == Qt.Key.Key_A and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            if self.rows.has_ticks:
                self.rows.tick(self.rows.ids, True)
        else:
            super().keyPressEvent(event)
            self._skip_heading(key)

    def _skip_heading(self, key: int) -> None:
        """Up and Down pass over headings that have nothing to press."""
        step = {Qt.Key.Key_Up.value: -1, Qt.Key.Key_Down.value: 1}.get(key, 0)
        item = self.rows.item_at(self.currentIndex().row())
        if step and isinstance(item, Group) and not item.action:
            beyond = self.currentIndex().row() + step
            if self.rows.id_at(beyond) is not None:
                self.setCurrentIndex(self.rows.index(beyond, self.first_visible_section))

    def _open(self, index: QModelIndex) -> None:
        item = self.rows.item_at(index.row())
        if isinstance(item, Group):
            self.acted.emit(item.key)
        elif item is not None:
            self._waits.stop()
            self.opened.emit(item)

    def _head_clicked(self, section: int) -> None:
        column = self.rows.column_at(section)
        if column is None:
            everything = self.rows.ticks_state == Qt.CheckState.Checked
            self.rows.tick(self.rows.ids, not everything)
        elif column.is_sortable:
            again = column.name == self._heading.sorted_name
            self.sort_wanted.emit(column.name, again and not self._heading.is_descending)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.hasFocus():
            painter = QPainter(self.viewport())
            painter.setPen(look().colours.accent)
            painter.drawRect(self.focus_outline())

    def focus_outline(self) -> QRect:
        """Around the current row while the keyboard is here: two tables on a page each have one."""
        whole, row = self.viewport().rect().adjusted(0, 0, -1, -1), self.currentIndex().row()
        if row < 0:
            return whole
        return QRect(whole.x(), self.rowViewportPosition(row), whole.width(), self.rowHeight(row) - 1)
