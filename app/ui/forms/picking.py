"""A searchable list: type a few letters without accents, Up and Down, Enter takes.

    PickBox(lambda text: [Pick(c.code, c.name, f"xã · {c.code}") for c in places.search_communes(text)],
            hint=_("Name or code"))

`search(text)` is called as one types (on the GUI thread: it must answer from memory); what it
gives is shown in its order with the matched letters strong. `value()` is the key taken.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QStandardItem,
    QStandardItemModel,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
)

from app.domain.text import fold
from app.ui import icons
from app.ui.parts.boxes import fill
from app.ui.tables.rows import AnyIndex
from app.ui.theme import give, look
from app.words import gettext as _

_PICK = Qt.ItemDataRole.UserRole + 1
_SHOWN_MOST = 8
_MOVES = {Qt.Key.Key_Up.value: -1, Qt.Key.Key_Down.value: 1}


@dataclass(frozen=True)
class Pick:
    """One thing to take; `note` stands at the right (kind and code)."""

    key: str
    words: str
    note: str = ""


class PickBox(QLineEdit):
    """The box; its list opens below it while one types."""

    changed = Signal()
    searched = Signal(int)

    def __init__(
        self, search: Callable[[str], Sequence[Pick]], *, hint: str = "", opens_empty: bool = True
    ) -> None:
        super().__init__()
        self._search, self._opens_empty = search, opens_empty
        self._taken: Pick | None = None
        self._list: _Found | None = None
        give(self, fit="form")
        self.setPlaceholderText(hint)
        self.setTextMargins(look().px(22), 0, look().px(8), 0)
        self.textEdited.connect(self._edited)

    def value(self) -> str | None:
        """The key taken, None while none is."""
        return self._taken.key if self._taken else None

    @property
    def taken(self) -> Pick | None:
        """What was taken."""
        return self._taken

    def set_value(self, pick: Pick | None) -> None:
        """Take this without asking."""
        self._taken = pick
        self.setText(pick.words if pick else "")
        self._close()
        self.update()

    def _edited(self, text: str) -> None:
        was_taken, self._taken = self._taken, None
        self._open(text)
        if was_taken is not None:
            self.changed.emit()

    def _open(self, text: str) -> None:
        found = list(self._search(text))
        self.searched.emit(len(found))
        if not found or not (text or self._opens_empty):
            self._close()
            return
        if self._list is None:
            self._list = _Found(self)
            self._list.taken.connect(self._take)
        self._list.show_found(found, text)

    def _take(self, pick: Pick) -> None:
        self.set_value(pick)
        self.changed.emit()

    def _close(self) -> None:
        if self._list is not None:
            self._list.hide()
            self._list.deleteLater()
            self._list = None

    @property
    def is_open(self) -> bool:
        """Whether the list is shown."""
        return self._list is not None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in _MOVES:
            if self._list is None:
                self._open(self.text() if self._taken is None else "")
            else:
                self._list.move_by(_MOVES[key])
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab} and self._list is not None:
            self._list.take_current()
            if key == Qt.Key.Key_Tab:
                super().keyPressEvent(event)
        elif key == Qt.Key.Key_Escape and self._list is not None:
            self._close()
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        # Tab leaves before keyPressEvent sees it; what is marked is taken first.
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Tab and self._list is not None:
                self._list.take_current()
        elif event.type() in {QEvent.Type.FocusOut, QEvent.Type.Hide}:
            self._close()
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        if self._list is None and self._opens_empty:
            self.selectAll()
            self._open("" if self._taken else self.text())

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        px = look().px
        icon = "tick" if self._taken else "search"
        icons.paint(QPainter(self), QRect(px(11), 0, px(16), self.height()), icon, look().colours.ink2)


class _Found(QFrame):
    """The list below the box, a child of the window: a popup would take the keyboard away."""

    taken = Signal(object)

    def __init__(self, box: PickBox) -> None:
        super().__init__(box.window())
        give(self, role="popup")
        self._box = box
        self._list = QListView()
        self._list.setModel(QStandardItemModel(self._list))
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self._list.setUniformItemSizes(True)
        self._list.setMouseTracking(True)
        self._list.setAccessibleName(_("Found"))
        self._lines = _Lines(self._list)
        self._list.setItemDelegate(self._lines)
        self._list.pressed.connect(lambda index: self.taken.emit(index.data(_PICK)))
        fill(QVBoxLayout(self), self._list, margins=0)
        box.window().installEventFilter(self)

    def show_found(self, found: Sequence[Pick], text: str) -> None:
        model = self._list.model()
        assert isinstance(model, QStandardItemModel)
        model.clear()
        for pick in found:
            item = QStandardItem(pick.words)
            item.setData(pick, _PICK)
            model.appendRow(item)
        self._lines.sought = fold(text)
        self._list.setCurrentIndex(model.index(0, 0))
        self._place(len(found))
        self.show()
        self.raise_()

    def _place(self, count: int) -> None:
        """Below the box, or above it where there is no room below."""
        height = min(count, _SHOWN_MOST) * look().px(36) + 2
        window = self._box.window()
        below = self._box.mapTo(window, QPoint(0, self._box.height() + 2))
        if below.y() + height > window.height():
            below.setY(max(self._box.mapTo(window, QPoint(0, 0)).y() - height - 2, 0))
        self.setGeometry(below.x(), below.y(), self._box.width(), height)

    def move_by(self, step: int) -> None:
        row = self._list.currentIndex().row() + step
        model = self._list.model()
        self._list.setCurrentIndex(model.index(min(max(row, 0), model.rowCount() - 1), 0))

    def take_current(self) -> None:
        pick = self._list.currentIndex().data(_PICK)
        if pick is not None:
            self.taken.emit(pick)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.hide()
        return super().eventFilter(watched, event)


class _Lines(QStyledItemDelegate):
    """36 px rows, matched letters strong, the note at the right."""

    sought = ""

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        return QSize(look().px(120), look().px(36))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        colours, px = look().colours, look().px
        pick: Pick = index.data(_PICK)
        rect = QRect(option.rect)
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, colours.accentSoft)
            painter.fillRect(QRect(rect.x(), rect.y(), 3, rect.height()), colours.accentFill)
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, colours.hover)
        painter.fillRect(QRect(rect.x(), rect.bottom(), rect.width(), 1), colours.line)
        inner = rect.adjusted(px(11), 0, -px(11), 0)
        painter.setPen(colours.ink3)
        painter.setFont(look().font("small"))
        note_width = painter.fontMetrics().horizontalAdvance(pick.note)
        centre = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(inner, centre | Qt.AlignmentFlag.AlignRight, pick.note)
        painter.setPen(colours.ink)
        x, right = inner.x(), inner.right() - note_width - px(8)
        for words, is_strong in matched(pick.words, self.sought):
            font = look().font("strong" if is_strong else "body")
            metrics = QFontMetrics(font)
            painter.setFont(font)
            shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, max(right - x, 0))
            painter.drawText(QRect(x, rect.y(), right - x, rect.height()), centre, shown)
            x += metrics.horizontalAdvance(words)
        painter.restore()


def matched(words: str, sought: str) -> list[tuple[str, bool]]:
    """The words cut into what matches the folded text and what does not.

    Folding keeps one letter for one, so places in the folded words are places in the words.
    """
    folded = fold(words)
    start = folded.find(sought) if sought and len(folded) == len(words) else -1
    if start < 0:
        return [(words, False)]
    end = start + len(sought)
    cut = ((words[:start], False), (words[start:end], True), (words[end:], False))
    return [(part, is_strong) for part, is_strong in cut if part]
