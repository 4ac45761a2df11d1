"""The model: every id in order, rows in pages of 128 by id, 24 pages kept."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from app.ui.tables.columns import Cell, Column, Group

PAGE = 128
PAGES_KEPT = 24
CELL = Qt.ItemDataRole.UserRole + 1
AnyIndex = QModelIndex | QPersistentModelIndex
Fetch = Callable[[Sequence[str]], Sequence[Any]]
_NOWHERE = QModelIndex()


class Rows(QAbstractTableModel):
    """Holds ids (and `Group` headings) alone; asks `fetch` for what is looked at.

    Ticks are ids, so they survive a sort, a filter and a sync.
    """

    ticked_changed = Signal(int)

    def __init__(
        self, columns: Sequence[Column], fetch: Fetch, *, ticks: bool = False, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self.has_ticks = ticks
        self.ticked: set[str] = set()
        self._fetch = fetch
        self._ids: Sequence[str | Group] = ()
        self._pages: OrderedDict[int, list[Any]] = OrderedDict()
        self._group_rows: list[int] = []

    def set_ids(self, ids: Sequence[str | Group]) -> None:
        """Another list, or the same in another order."""
        self.beginResetModel()
        self._ids = ids
        self._pages.clear()
        self._group_rows = [row for row, item in enumerate(ids) if isinstance(item, Group)]
        self.endResetModel()

    def refresh(self, ids: Collection[str]) -> None:
        """These records changed: fetch their pages anew when they are next looked at."""
        changed = set(ids)
        for page in list(self._pages):
            start = page * PAGE
            rows = [
                start + place
                for place, item in enumerate(self._ids[start : start + PAGE])
                if not isinstance(item, Group) and item in changed
            ]
            if rows:
                del self._pages[page]
                last_column = self.columnCount() - 1
                self.dataChanged.emit(self.index(rows[0], 0), self.index(rows[-1], last_column))

    @property
    def group_rows(self) -> Sequence[int]:
        """Which rows are headings."""
        return self._group_rows

    @property
    def ids(self) -> list[str]:
        """Every id in order, headings left out."""
        return [item for item in self._ids if not isinstance(item, Group)]

    def item_at(self, row: int) -> str | Group | None:
        """The id or heading of a row; None outside."""
        return self._ids[row] if 0 <= row < len(self._ids) else None

    def id_at(self, row: int) -> str | None:
        """The id of a row; None for a heading or outside."""
        item = self.item_at(row)
        return None if isinstance(item, Group) else item

    def row_of(self, item: str) -> int:
        """The row of an id, -1 when it is not in the list."""
        try:
            return self._ids.index(item)
        except ValueError:
            return -1

    def record(self, row: int) -> Any:
        """The fetched row; None for a heading, or when the record is gone meanwhile."""
        number, place = divmod(row, PAGE)
        page = self._pages.get(number)
        if page is None:
            page = self._load(number)
        else:
            self._pages.move_to_end(number)
        return page[place]

    def _load(self, number: int) -> list[Any]:
        items = self._ids[number * PAGE : (number + 1) * PAGE]
        wanted = [item for item in items if not isinstance(item, Group)]
        found = iter(self._fetch(wanted))
        page = [None if isinstance(item, Group) else next(found) for item in items]
        self._pages[number] = page
        if len(self._pages) > PAGES_KEPT:
            self._pages.popitem(last=False)
        return page

    def tick(self, ids: Iterable[str], ticked: bool) -> None:
        """Tick or untick."""
        before = len(self.ticked)
        if ticked:
            self.ticked.update(ids)
        else:
            self.ticked.difference_update(ids)
        if len(self.ticked) != before:
            self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, 0))
            self.ticked_changed.emit(len(self.ticked))

    @property
    def ticks_state(self) -> Qt.CheckState:
        """Whether none, some or all rows of this list are ticked."""
        if not self.ticked:
            return Qt.CheckState.Unchecked
        here = len(self.ticked.intersection(self.ids))
        if here == len(self._ids) - len(self._group_rows) and here:
            return Qt.CheckState.Checked
        return Qt.CheckState.PartiallyChecked if here else Qt.CheckState.Unchecked

    def column_at(self, section: int) -> Column | None:
        """The column of a section; None for the tick boxes."""
        place = section - self.has_ticks
        return self.columns[place] if 0 <= place < len(self.columns) else None

    def cell(self, index: AnyIndex) -> Cell:
        """What a cell shows; empty for headings, tick boxes and vanished records."""
        column = self.column_at(index.column())
        record = self.record(index.row())
        return "" if column is None or record is None else column.show(record)

    def rowCount(self, parent: AnyIndex = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._ids)

    def columnCount(self, parent: AnyIndex = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.columns) + self.has_ticks

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        if role == CELL:
            return self.cell(index)
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            item = self.item_at(index.row())
            if isinstance(item, Group):
                return f"{item.words} {item.note}".strip() if index.column() == 0 else ""
            return str(self.cell(index))
        if role == Qt.ItemDataRole.CheckStateRole and self.has_ticks and index.column() == 0:
            item = self.id_at(index.row())
            if item is not None:
                return Qt.CheckState.Checked if item in self.ticked else Qt.CheckState.Unchecked
        return None

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        if isinstance(self.item_at(index.row()), Group):
            return Qt.ItemFlag.ItemIsEnabled
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        column = self.column_at(section)
        if orientation == Qt.Orientation.Vertical or role != Qt.ItemDataRole.DisplayRole or column is None:
            return None
        return column.words
