"""The one delegate: it paints fill, bottom rule, left mark and hover row, then the cell by its kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QHelpEvent, QPainter, QPen
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QToolTip

from app.ui import icons
from app.ui.charts import paint_bar
from app.ui.parts.chips import paint_mark
from app.ui.parts.letters import drawn
from app.ui.style import draw_check
from app.ui.tables.columns import BarCell, Cell, Column, DifferenceCell, Group, MarkCell
from app.ui.theme import Tone, look

if TYPE_CHECKING:
    from app.ui.tables.table import Table

AnyIndex = QModelIndex | QPersistentModelIndex
PADDING = 10
_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
_ELIDE = Qt.TextElideMode.ElideRight


class CellPainter(QStyledItemDelegate):
    """Paints every cell of a table."""

    def __init__(self, table: Table) -> None:
        super().__init__(table)
        self._table = table

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        return QSize(look().px(40), self._table.row_height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        rect = QRect(option.rect)
        rows = self._table.rows
        item = rows.item_at(index.row())
        painter.save()
        if isinstance(item, Group):
            paint_group(painter, rect, item)
        else:
            self._paint_ground(painter, rect, index)
            column = rows.column_at(index.column())
            if column is None:
                paint_tick_box(painter, rect, item in rows.ticked)
            else:
                inner = rect.adjusted(look().px(PADDING), 0, -look().px(PADDING), -1)
                paint_cell(painter, inner, rows.cell(index), column)
        painter.restore()

    def _paint_ground(self, painter: QPainter, rect: QRect, index: AnyIndex) -> None:
        colours = look().colours
        is_current = index.row() == self._table.currentIndex().row()
        if is_current:
            fill = colours.accentSoft
        else:
            fill = colours.hover if index.row() == self._table.hovered_row else colours.surface
        painter.fillRect(rect, fill)
        painter.fillRect(QRect(rect.x(), rect.bottom(), rect.width(), 1), colours.line)
        if is_current and index.column() == self._table.first_visible_section:
            painter.fillRect(QRect(rect.x(), rect.y(), 3, rect.height()), colours.accentFill)

    def helpEvent(
        self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: AnyIndex
    ) -> bool:
        """What is elided shows whole on hover."""
        rows = self._table.rows
        column = rows.column_at(index.column()) if index.isValid() else None
        if event.type() != QEvent.Type.ToolTip or column is None:
            return super().helpEvent(event, view, option, index)
        words = str(rows.cell(index))
        room = option.rect.width() - 2 * look().px(PADDING)
        if QFontMetrics(look().font("strong")).horizontalAdvance(words) > room:
            QToolTip.showText(event.globalPos(), words, view)
        else:
            QToolTip.hideText()
        return True


def paint_cell(painter: QPainter, rect: QRect, cell: Cell, column: Column) -> None:
    """One cell inside its padding."""
    colours = look().colours
    ink = colours.ink2 if column.secondary else colours.ink
    match cell:
        case MarkCell():
            _paint_mark_cell(painter, rect, cell)
        case BarCell():
            _paint_bar_cell(painter, rect, cell)
        case DifferenceCell():
            paint_difference(painter, rect, cell, ink)
        case str() if column.kind == "name":
            paint_name(painter, rect, cell)
        case _:
            painter.setPen(ink)
            painter.setFont(look().font("strong" if column.kind == "strong" else "body"))
            shown = painter.fontMetrics().elidedText(str(cell), _ELIDE, rect.width())
            painter.drawText(rect, _RIGHT if column.kind == "number" else _LEFT, shown)


def paint_name(painter: QPainter, rect: QRect, name: str) -> None:
    """Family and middle names 400, the given name (by which lists are sorted) 600."""
    before, space, given = name.rpartition(" ")
    painter.setPen(look().colours.ink)
    strong = QFontMetrics(look().font("strong"))
    painter.setFont(look().font("body"))
    room = rect.width() - strong.horizontalAdvance(given)
    first = painter.fontMetrics().elidedText(before + space, _ELIDE, max(room, 0))
    painter.drawText(rect, _LEFT, first)
    x = painter.fontMetrics().horizontalAdvance(first)
    painter.setFont(look().font("strong"))
    painter.drawText(rect.adjusted(x, 0, 0, 0), _LEFT, strong.elidedText(given, _ELIDE, rect.width()))


def _paint_mark_cell(painter: QPainter, rect: QRect, cell: MarkCell) -> None:
    paint_mark(painter, rect, cell.words, cell.icon, cell.tone)
    if cell.note:
        x = look().px(14 + 5 + 6) + QFontMetrics(look().font("body")).horizontalAdvance(cell.words)
        painter.setPen(look().colours.ink3)
        note = rect.adjusted(x, 0, 0, 0)
        painter.drawText(note, _LEFT, painter.fontMetrics().elidedText(cell.note, _ELIDE, note.width()))


def _paint_bar_cell(painter: QPainter, rect: QRect, cell: BarCell) -> None:
    px = look().px
    bar = QRectF(rect.x(), rect.center().y() - px(4), px(52), px(8))
    paint_bar(painter, bar, cell.done / max(cell.total, 1))
    painter.setPen(look().colours.ink if cell.tone == "neutral" else look().tone(cell.tone)[0])
    painter.setFont(look().font("body"))
    painter.drawText(rect.adjusted(px(62), 0, 0, 0), _LEFT, cell.words)


def paint_difference(painter: QPainter, rect: QRect, cell: DifferenceCell, ink: QColor) -> None:
    """Letters with soft fills behind the marked ones; invisible characters drawn."""
    x = rect.x()
    for words, tone in pieces(cell):
        font = look().font("strong" if cell.is_strong or tone else "body")
        metrics = QFontMetrics(font)
        painter.setFont(font)
        shown = drawn(words) if tone else words
        width = metrics.horizontalAdvance(shown)
        if x + width > rect.right():
            shown = metrics.elidedText(shown, _ELIDE, max(rect.right() - x, 0))
        if tone:
            word_ink, soft = look().tone(tone)
            # accentSoft would vanish in the selected row, which is accentSoft itself.
            soft = look().colours.selection if tone == "info" else soft
            painter.fillRect(QRect(x - 1, rect.center().y() - look().px(9), width + 2, look().px(19)), soft)
            painter.setPen(word_ink)
        else:
            painter.setPen(ink)
        painter.drawText(QRect(x, rect.y(), width + 1, rect.height()), _LEFT, shown)
        x += width
        if x > rect.right():
            return


def pieces(cell: DifferenceCell) -> list[tuple[str, Tone | None]]:
    """The words cut where a mark begins or ends, each with its tone, if any."""
    found: list[tuple[str, Tone | None]] = []
    at = 0
    for span in sorted(cell.spans, key=lambda span: span.start):
        found.append((cell.words[at : span.start], None))
        at = max(at, span.start + span.length)
        found.append((cell.words[span.start : at], span.tone))
    found.append((cell.words[at:], None))
    return [(words, tone) for words, tone in found if words]


def paint_tick_box(painter: QPainter, rect: QRect, ticked: bool, *, some: bool = False) -> None:
    """A tick box in the middle of a cell or header."""
    size = look().px(16)
    box = QRect(0, 0, size, size)
    box.moveCenter(rect.center())
    state = QStyle.StateFlag.State_Enabled
    if some:
        state |= QStyle.StateFlag.State_NoChange
    elif ticked:
        state |= QStyle.StateFlag.State_On
    draw_check(painter, box, state)


def paint_group(painter: QPainter, rect: QRect, group: Group) -> None:
    """A heading: words, a note, and its action as a button at the right."""
    colours, px = look().colours, look().px
    is_plain = not group.action
    painter.fillRect(rect, colours.sunk if is_plain else colours.surface)
    painter.fillRect(QRect(rect.x(), rect.bottom(), rect.width(), 1), colours.line)
    painter.setPen(colours.ink3 if is_plain else colours.ink)
    font = look().font("smallstrong" if is_plain else "strong")
    painter.setFont(font)
    words = rect.adjusted(px(PADDING), 0, -px(PADDING), 0)
    painter.drawText(words, _LEFT, group.words)
    x = QFontMetrics(font).horizontalAdvance(group.words) + px(8)
    painter.setPen(colours.ink3)
    painter.setFont(look().font("small" if is_plain else "body"))
    painter.drawText(words.adjusted(x, 0, 0, 0), _LEFT, group.note)
    if group.action:
        _paint_action(painter, action_box(rect, group), group)


def action_box(rect: QRect, group: Group) -> QRect:
    """Where a heading's action is painted and hit."""
    px = look().px
    icon = px(22) if group.action_icon else 0
    width = QFontMetrics(look().font("button")).horizontalAdvance(group.action) + icon + px(24)
    height = min(px(28), rect.height() - px(6))
    corner = QPoint(rect.right() - px(8) - width, rect.center().y() - height // 2)
    return QRect(corner, QSize(width, height))


def _paint_action(painter: QPainter, box: QRect, group: Group) -> None:
    colours, px = look().colours, look().px
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colours.line2, 1))
    painter.setBrush(colours.surface)
    painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
    x = px(12)
    if group.action_icon:
        icons.paint(
            painter, QRect(box.x() + x, box.y(), px(16), box.height()), group.action_icon, colours.ink
        )
        x += px(22)
    painter.setPen(colours.ink)
    painter.setFont(look().font("button"))
    painter.drawText(box.adjusted(x, 0, 0, 0), _LEFT, group.action)
