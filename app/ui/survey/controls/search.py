"""Many choices: a box that finds one without accents, a list to tick several in."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QAbstractItemModel, QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QStandardItem,
    QStandardItemModel,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QLineEdit,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
)

from app.domain.text import fold
from app.survey.choices import Choice
from app.ui import icons
from app.ui.forms.picking import Pick, PickBox
from app.ui.parts.boxes import fill, label
from app.ui.survey.controls.control import STAYS
from app.ui.survey.controls.faces import Face
from app.ui.tables.rows import AnyIndex
from app.ui.theme import give, look
from app.words import counted
from app.words import gettext as _

LAZY_FROM = 100  # so many are asked for anew when somebody opens the list, not at every answer
_SHOWN_MOST = 200
_ROWS = 7
_STATE = Qt.ItemDataRole.CheckStateRole
_VALUE = Qt.ItemDataRole.UserRole + 1


class Found:
    """Choices by letters of their words: those that begin so first."""

    def __init__(self, offered: Sequence[Choice]) -> None:
        self.offered = tuple(offered)
        self._folded: list[tuple[str, Choice]] = []

    def search(self, text: str) -> list[Pick]:
        """As many as anybody would look through."""
        if len(self._folded) != len(self.offered):
            self._folded = [(fold(choice.label), choice) for choice in self.offered]
        sought = fold(text)
        hits = [(folded, choice) for folded, choice in self._folded if sought in folded]
        hits.sort(key=lambda hit: not hit[0].startswith(sought))
        return [Pick(choice.value, choice.label) for _folded, choice in hits[:_SHOWN_MOST]]

    def named(self, text: str) -> list[Choice]:
        """Those whose words are exactly these, accents apart."""
        return [choice for choice in self.offered if fold(choice.label) == fold(text)]


class ChoiceBox(PickBox):
    """The box of a question; `left` when the keyboard goes elsewhere."""

    left = Signal()

    def __init__(self, search: Callable[[str], Sequence[Pick]]) -> None:
        super().__init__(search, hint=_("Choose, or type a few letters"))
        self.setTextMargins(0, 0, look().px(24), 0)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in STAYS:
            self.left.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        QLineEdit.paintEvent(self, event)
        px, colours = look().px, look().colours
        icons.paint(
            QPainter(self),
            QRect(self.width() - px(28), 0, px(16), self.height()),
            "chevron-down",
            colours.ink,
        )


class Search(Face):
    """One of many."""

    left = Signal()

    def __init__(self, offered: Sequence[Choice]) -> None:
        super().__init__(offered)
        self._found = Found(offered)
        self.box = ChoiceBox(self._search)
        self.is_edited = False  # typed in since something was taken or shown
        self.box.textEdited.connect(self._edited)
        self.box.changed.connect(self._changed)
        self.box.left.connect(self.left)
        self.box.returnPressed.connect(self.left)
        self.fresh: Callable[[], Sequence[Choice]] | None = None
        fill(QVBoxLayout(self), self.box, margins=0)
        self.setFocusProxy(self.box)

    def offer(self, offered: Sequence[Choice]) -> None:
        """Other choices, while nobody looks at the list."""
        if tuple(offered) == self.offered:
            return
        self.offered = tuple(offered)
        self._found = Found(offered)

    def values(self) -> list[str]:
        taken = self.box.value()
        return [] if taken is None else [taken]

    def choose(self, values: Sequence[str]) -> None:
        known = {choice.value: choice.label for choice in self.offered}
        picks = [Pick(value, known.get(value) or value) for value in values[:1]]
        self.is_edited = False
        if [pick.words for pick in picks] != [self.box.text()] or self.values() != list(values[:1]):
            self.box.set_value(picks[0] if picks else None)
            self.box.setCursorPosition(0)

    def describe(self, name: str, description: str) -> None:
        super().describe(name, description)
        self.box.setAccessibleName(name)
        self.box.setAccessibleDescription(description)

    @property
    def typed(self) -> str:
        """What was typed and not taken from the list."""
        return "" if self.box.value() is not None else self.box.text().strip()

    def take_typed(self) -> bool:
        """Take what is named in full; False when the words name none, or two."""
        named = self._found.named(self.typed)
        if len(named) != 1:
            return False
        self.choose([named[0].value])
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.ignore()  # Delete belongs to the box

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DynamicPropertyChange:
            give(self.box, error=self.property("error") == "true")
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        QFrame.paintEvent(self, event)  # its box has the outline

    def _search(self, text: str) -> Sequence[Pick]:
        if self.fresh is not None and not self.box.is_open and len(self.offered) >= LAZY_FROM:
            self.offer(self.fresh())
        return self._found.search(text)

    def _edited(self, _text: str) -> None:
        self.is_edited = True

    def _changed(self) -> None:
        if self.box.value() is not None:
            self.is_edited = False
            self.changed.emit()


class Checklist(Face):
    """Several of many: letters narrow the list, Space ticks, and what is ticked stands above it."""

    def __init__(self, offered: Sequence[Choice]) -> None:
        super().__init__(offered)
        self._found = Found(offered)
        self._ticked: set[str] = set()
        self.box = _NarrowBox()
        self.box.setPlaceholderText(_("Type a few letters"))
        self.list = _List()
        self._model = QStandardItemModel(self.list)
        self.list.setModel(self._model)
        self.told = label("", "second", wrap=True)
        self.box.textEdited.connect(lambda _text: self._narrow())
        self.box.down.connect(self.list.setFocus)
        self._model.itemChanged.connect(self._marked)
        fill(QVBoxLayout(self), self.box, self.list, self.told, gap=4)
        self.setFocusProxy(self.box)
        self._narrow()

    def values(self) -> list[str]:
        return [choice.value for choice in self.offered if choice.value in self._ticked]

    def choose(self, values: Sequence[str]) -> None:
        if set(values) != self._ticked:
            self._ticked = set(values)
            self._narrow()

    def describe(self, name: str, description: str) -> None:
        super().describe(name, description)
        for part in (self.box, self.list):
            part.setAccessibleName(name)
            part.setAccessibleDescription(description)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.ignore()  # a list of many is not emptied by one key

    def _narrow(self) -> None:
        self._model.clear()
        for pick in self._found.search(self.box.text()):
            item = QStandardItem(pick.words)
            item.setData(pick.key, _VALUE)
            item.setSizeHint(QSize(0, look().px(30)))
            item.setFlags(
                Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable
            )
            ticked = pick.key in self._ticked
            item.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
            self._model.appendRow(item)
        self._tell()

    def _marked(self, item: QStandardItem) -> None:
        value = str(item.data(_VALUE))
        if (item.checkState() == Qt.CheckState.Checked) == (value in self._ticked):
            return
        self._ticked ^= {value}
        self._tell()
        self.changed.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        """What is ticked wraps, and a scrolled page asks nobody how high that is."""
        self.told.setFixedHeight(max(self.told.heightForWidth(self.width()), look().px(20)))

    def _tell(self) -> None:
        chosen = [choice.label for choice in self.offered if choice.value in self._ticked]
        count = counted("{count} chosen", "{count} chosen", len(chosen))
        self.told.setText(f"{count}: {', '.join(chosen)}" if chosen else count)
        self._make_room()


class _NarrowBox(QLineEdit):
    down = Signal()

    def __init__(self) -> None:
        super().__init__()
        give(self, fit="form")
        self.setTextMargins(look().px(22), 0, 0, 0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down:
            self.down.emit()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        px = look().px
        icons.paint(QPainter(self), QRect(px(11), 0, px(16), self.height()), "search", look().colours.ink2)


class _Ticking(QStyledItemDelegate):
    """A click anywhere in a row ticks it."""

    def editorEvent(
        self, event: QEvent, model: QAbstractItemModel, option: QStyleOptionViewItem, index: AnyIndex
    ) -> bool:
        if event.type() != QEvent.Type.MouseButtonRelease:
            return super().editorEvent(event, model, option, index)
        is_ticked = index.data(_STATE) == Qt.CheckState.Checked.value
        state = Qt.CheckState.Unchecked if is_ticked else Qt.CheckState.Checked
        return model.setData(index, state.value, _STATE)


class _List(QListView):
    """Rows to tick."""

    def __init__(self) -> None:
        super().__init__()
        give(self, role="boxed")
        self.setFont(look().font("input"))
        self.setFrameShape(QListView.Shape.Box)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setUniformItemSizes(True)
        self.setItemDelegate(_Ticking(self))
        self.setFixedHeight(look().px(30) * _ROWS + 4)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if not self.currentIndex().isValid():
            self.setCurrentIndex(self.model().index(0, 0))
