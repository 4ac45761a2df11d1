"""The rail: the ledger's spine, with the sections, their counts, and who is at work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFontMetrics,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QStandardItem,
    QStandardItemModel,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from app.domain.places import without_kind
from app.ui import icons
from app.ui.parts.buttons import Button
from app.ui.parts.chips import paint_pill
from app.ui.theme import give, look
from app.words import gettext as _

AnyIndex = QModelIndex | QPersistentModelIndex
_SECTION = Qt.ItemDataRole.UserRole + 1
_WIDE, _NARROW = 208, 56


@dataclass(frozen=True)
class Section:
    """One entry: the room it opens, its icon and word; `starts_group` draws a rule above it."""

    room: str
    icon: str
    words: str
    starts_group: bool = False


@dataclass(frozen=True)
class Officer:
    """Who is at work, for the foot of the rail."""

    name: str
    role: str
    initials: str


class Rail(QFrame):
    """208 px with words, 56 px with icons alone."""

    chosen = Signal(str)
    lock_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        give(self, role="spine")
        self._is_narrow = False
        self._cover = _Cover()
        self._list = QListView()
        self._list.setModel(QStandardItemModel(self))
        self._list.setItemDelegate(_Entries(self))
        self._list.setStyleSheet("background: transparent")
        self._list.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self._list.setMouseTracking(True)
        self._list.setAccessibleName(_("Sections"))
        self._list.clicked.connect(self._choose)
        self._list.activated.connect(self._choose)
        self._foot = _Foot()
        self._foot.lock.clicked.connect(self.lock_wanted)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._cover)
        layout.addWidget(self._list, 1)
        layout.addWidget(self._foot)
        self.measure()

    @property
    def is_narrow(self) -> bool:
        """Whether only icons are shown."""
        return self._is_narrow

    @property
    def pitch(self) -> int:
        """Height of an entry: 38 px, less where large text would push the last ones out of sight."""
        model = self._model()
        sections = [model.item(place).data(_SECTION) for place in range(model.rowCount())]
        groups = sum(look().px(15) for section in sections if section.starts_group)
        room = (self._list.height() - groups) // max(len(sections), 1)
        return max(look().px(28), min(look().px(38), room))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._list.doItemsLayout()

    def fold(self, narrow: bool) -> None:
        """Icons alone, or icons and words."""
        self._is_narrow = narrow
        self.measure()

    def measure(self) -> None:
        """Take the sizes of the present look."""
        px = look().px
        self.setFixedWidth(px(_NARROW if self._is_narrow else _WIDE))
        self._cover.setFixedHeight(px(63))
        self._cover.is_narrow = self._is_narrow
        self._foot.measure(self._is_narrow)
        self._list.doItemsLayout()
        self.update()

    def set_place(self, commune: str) -> None:
        """The commune under the program's name."""
        self._cover.commune = commune
        self._cover.setAccessibleName(commune)
        self._cover.update()

    def set_officer(self, officer: Officer) -> None:
        """Who is at work."""
        self._foot.show_officer(officer)

    def set_sections(self, sections: Sequence[Section]) -> None:
        """Which rooms hang in the rail, in order."""
        model = self._model()
        model.clear()
        for section in sections:
            item = QStandardItem(section.words)
            item.setData(section, _SECTION)
            item.setData(0, Qt.ItemDataRole.UserRole)
            item.setToolTip(section.words)
            model.appendRow(item)

    def set_counts(self, counts: Mapping[str, int]) -> None:
        """Badges by room name; those not named keep what they show."""
        model = self._model()
        for place in range(model.rowCount()):
            item = model.item(place)
            count = counts.get(item.data(_SECTION).room)
            if count is not None:
                item.setData(count, Qt.ItemDataRole.UserRole)
                name = f"{item.text()}, {count}" if count else item.text()
                item.setData(name, Qt.ItemDataRole.AccessibleTextRole)

    def mark(self, room: str) -> None:
        """Show which section is open."""
        model = self._model()
        for place in range(model.rowCount()):
            if model.item(place).data(_SECTION).room == room:
                self._list.setCurrentIndex(model.index(place, 0))
                return
        self._list.setCurrentIndex(QModelIndex())

    def _model(self) -> QStandardItemModel:
        model = self._list.model()
        assert isinstance(model, QStandardItemModel)
        return model

    def _choose(self, index: QModelIndex) -> None:
        self.chosen.emit(index.data(_SECTION).room)


class _Entries(QStyledItemDelegate):
    """36 px rows with 2 px between; a rule above each group."""

    def __init__(self, rail: Rail) -> None:
        super().__init__(rail)
        self._rail = rail

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        section: Section = index.data(_SECTION)
        return QSize(look().px(40), self._rail.pitch + (look().px(15) if section.starts_group else 0))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        colours, px = look().colours, look().px
        section: Section = index.data(_SECTION)
        whole = QRect(option.rect)
        pitch = self._rail.pitch
        row = QRect(px(8), whole.bottom() + 1 - pitch + px(1), whole.width() - px(16), pitch - px(2))
        if section.starts_group:
            painter.fillRect(QRect(px(16), whole.y() + px(6), whole.width() - px(32), 1), colours.spineRule)
        is_here = bool(option.state & QStyle.StateFlag.State_Selected)
        is_lit = is_here or bool(option.state & QStyle.StateFlag.State_MouseOver)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if is_lit:
            painter.setBrush(colours.spineSelected)
            painter.drawRoundedRect(QRectF(row), 4, 4)
        if is_here:
            painter.fillRect(QRect(row.x(), row.y() + px(9), 3, row.height() - px(18)), colours.spineMark)
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(colours.spineMark, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(row).adjusted(1, 1, -1, -1), 4, 4)
        ink = colours.onFill if is_here else colours.spineInk
        icons.paint(painter, QRect(row.x() + px(10), row.y(), px(18), row.height()), section.icon, ink)
        if not self._rail.is_narrow:
            painter.setPen(ink)
            painter.setFont(look().font("strong" if is_here else "body"))
            words = row.adjusted(px(38), 0, -px(8), 0)
            painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, section.words)
        self._paint_count(painter, row, int(index.data(Qt.ItemDataRole.UserRole) or 0), is_here)
        painter.restore()

    def _paint_count(self, painter: QPainter, row: QRect, count: int, is_here: bool) -> None:
        if not count:
            return
        colours, px = look().colours, look().px
        if self._rail.is_narrow:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colours.spineMark)
            painter.drawEllipse(QRectF(row.right() - px(11), row.y() + px(6), px(7), px(7)))
            return
        text = f"{count:,}".replace(",", ".")
        font = look().font("smallstrong")
        width = max(px(24), QFontMetrics(font).horizontalAdvance(text) + px(14))
        badge = QRect(row.right() + 1 - px(8) - width, row.center().y() - px(9), width, px(19))
        paint_pill(painter, badge, colours.spineSelected if is_here else colours.spineRule)
        painter.setPen(colours.onFill)
        painter.setFont(font)
        painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, text)


class _Cover(QWidget):
    """The ledger's mark, the program's name, the commune; TẬP HUẤN when training."""

    def __init__(self) -> None:
        super().__init__()
        self.commune = ""
        self.is_narrow = False

    def paintEvent(self, event: QPaintEvent) -> None:
        colours, px = look().colours, look().px
        painter = QPainter(self)
        size = px(32)
        x = (self.width() - size) // 2 if self.is_narrow else px(13)
        painter.drawPixmap(
            x, px(14), icons.pixmap("soansinh", size, colours.onFill, self.devicePixelRatioF())
        )
        if self.is_narrow:
            return
        painter.setPen(colours.onFill)
        painter.setFont(look().font("card"))
        painter.drawText(
            QRect(px(52), px(12), self.width() - px(56), px(20)), Qt.AlignmentFlag.AlignVCenter, "Sổ An Sinh"
        )
        painter.setPen(colours.spineInk)
        painter.setFont(look().font("small"))
        below = QRect(px(52), px(31), self.width() - px(56), px(16))
        # The kind of place gives way: the word TRAINING and the name must both be seen whole.
        words = f"{_('TRAINING')} · {without_kind(self.commune)}" if look().is_training else self.commune
        words = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, below.width())
        painter.drawText(below, Qt.AlignmentFlag.AlignVCenter, words)


class _Foot(QFrame):
    """Who is at work, and the lock."""

    def __init__(self) -> None:
        super().__init__()
        self._officer = Officer("", "", "")
        self._is_narrow = False
        self.lock = Button.only_icon("lock", _("Lock (Ctrl+L)"), role="spineicon")
        self.lock.setParent(self)

    def show_officer(self, officer: Officer) -> None:
        self._officer = officer
        self.setAccessibleName(f"{officer.name}, {officer.role}")
        self.setToolTip(officer.name if self._is_narrow else "")
        self.setVisible(bool(officer.name))
        self.update()

    def measure(self, narrow: bool) -> None:
        px = look().px
        self._is_narrow = narrow
        self.setFixedHeight(px(84 if narrow else 54))
        self.lock.move(px(14) if narrow else px(171), px(50) if narrow else px(14))

    def paintEvent(self, event: QPaintEvent) -> None:
        colours, px = look().colours, look().px
        painter = QPainter(self)
        painter.fillRect(QRect(px(8), 0, self.width() - px(16), 1), colours.spineRule)
        tile = QRect(px(14), px(14), px(28), px(28))
        paint_initials(painter, tile, self._officer.initials)
        if self._is_narrow:
            return
        room = self.width() - px(50) - px(40)
        for top, font, ink, text in (
            (10, "body", colours.onFill, self._officer.name),
            (28, "small", colours.spineInk, self._officer.role),
        ):
            painter.setPen(ink)
            painter.setFont(look().font(font))
            shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room)
            painter.drawText(QRect(px(50), px(top), room, px(18)), Qt.AlignmentFlag.AlignVCenter, shown)


def paint_initials(painter: QPainter, tile: QRect, initials: str) -> None:
    """Two letters on a dark tile."""
    colours = look().colours
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colours.spineSelected)
    painter.drawRoundedRect(QRectF(tile), 4, 4)
    painter.setPen(colours.onFill)
    painter.setFont(look().font("smallstrong"))
    painter.drawText(tile, Qt.AlignmentFlag.AlignCenter, initials)
    painter.restore()
