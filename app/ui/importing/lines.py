"""The table of cells: as typed, as it will be written, why; accept, edit and undo in each row."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QStyleOptionViewItem

from app.actions.importing.facts import How, Point, Review, Side
from app.ui import icons
from app.ui.importing.words import candidate_brief, place_words, shown_cells, why
from app.ui.tables.columns import Cell, Column, DifferenceCell, Group
from app.ui.tables.painting import PADDING, CellPainter
from app.ui.tables.rows import AnyIndex
from app.ui.tables.table import Table
from app.ui.theme import look
from app.words import gettext as _

MORE = "more:"  # how the key of a heading begins that unfolds a kind
_ACT, _ACT_GAP = 28, 2
_ALL_COLUMNS = ("place", "name", "typed", "value", "why", "acts")


@dataclass(frozen=True)
class Line:
    """A point as the table shows it; `done` is the act that was chosen, if any."""

    point: Point
    place: str
    name: str
    typed: DifferenceCell
    value: DifferenceCell
    why: str
    done: str
    acts: tuple[str, ...]


def line_of(review: Review, point: Point) -> Line:
    """A point in the officer's words."""
    row = review.ground.row(point.row) if point.row else None
    name = row.person.name if row is not None and row.person is not None else ""
    typed, value = shown_cells(point)
    if point.candidates and review.answer(point) is None:
        value = DifferenceCell(candidate_brief(review.ground, point.candidates[0]), is_strong=True)
    elif point.side is Side.ANSWER and not value.words and How.BLANK in point.ways:
        value = DifferenceCell(_("left empty"))
    return Line(
        point,
        place_words(point),
        name,
        typed,
        value,
        why(review, point),
        _done(review, point),
        acts_of(point),
    )


def _done(review: Review, point: Point) -> str:
    answer = review.answer(point)
    if answer is None:
        return ""
    if answer.how is How.VALUE:
        return "edit"
    is_suggested = bool(point.ways) and answer.how is point.ways[0]
    return "accept" if is_suggested and answer.how is not How.SKIP else "undo"


def acts_of(point: Point) -> tuple[str, ...]:
    """What the buttons of a row may do: accept, edit, undo."""
    can_accept = point.is_bulk and point.ways[0] is not How.SKIP
    can_undo = How.TYPED in point.ways or point.side is Side.ANSWER
    offered = (("accept", can_accept), ("edit", How.VALUE in point.ways), ("undo", can_undo))
    return tuple(act for act, is_offered in offered if is_offered)


_ICONS: Mapping[str, str] = {"accept": "tick", "edit": "pencil", "undo": "undo"}


class _LinePainter(CellPainter):
    """As every table, and the buttons of a row and the line that unfolds a kind."""

    def __init__(self, table: Lines) -> None:
        super().__init__(table)
        self._lines = table

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        item = self._lines.rows.item_at(index.row())
        if isinstance(item, Group) and item.key.startswith(MORE):
            painter.save()
            _paint_more(painter, QRect(option.rect), item)
            painter.restore()
            return
        super().paint(painter, option, index)
        column = self._lines.rows.column_at(index.column())
        line = None if isinstance(item, Group) else self._lines.rows.record(index.row())
        if column is not None and column.name == "acts" and line is not None:
            painter.save()
            for act, box in act_boxes(QRect(option.rect), line).items():
                _paint_act(painter, box, act, is_done=line.done == act)
            painter.restore()


def act_boxes(rect: QRect, line: Line) -> dict[str, QRect]:
    """Where the buttons of a row are painted and hit; each keeps its place when others are missing."""
    px = look().px
    size, right = px(_ACT), rect.right() - px(8)
    boxes = {}
    for place, act in enumerate(reversed(tuple(_ICONS))):
        x = right - size - place * (size + px(_ACT_GAP))
        if act in line.acts:
            boxes[act] = QRect(x, rect.center().y() - size // 2, size, size)
    return boxes


def _paint_act(painter: QPainter, box: QRect, act: str, *, is_done: bool) -> None:
    colours = look().colours
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colours.accentFill if is_done else colours.line2, 1))
    painter.setBrush(colours.accentFill if is_done else colours.surface)
    painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
    ink = colours.onFill if is_done else colours.accent if act == "accept" else colours.ink2
    inset = look().px(7)
    icons.paint(painter, box.adjusted(inset, inset, -inset, -inset), _ICONS[act], ink)


def _paint_more(painter: QPainter, rect: QRect, group: Group) -> None:
    colours, px = look().colours, look().px
    painter.fillRect(rect, colours.surface)
    painter.fillRect(QRect(rect.x(), rect.bottom(), rect.width(), 1), colours.line)
    box = QRect(rect.x() + px(PADDING), rect.y(), px(14), rect.height())
    icons.paint(painter, box, "chevron-down", colours.accent)
    painter.setPen(colours.accent)
    painter.setFont(look().font("body"))
    words = rect.adjusted(px(PADDING + 18), 0, 0, 0)
    painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, group.words)


class Lines(Table):
    """Enter accepts, F2 edits, Delete undoes, digits choose an answer, all on the current row."""

    act_wanted = Signal(str, str)  # key of the point; accept, edit or undo
    digit_pressed = Signal(int)

    def __init__(self, fetch: Callable[[Sequence[str]], Sequence[Line | None]]) -> None:
        super().__init__(_columns(), fetch, row_height=34)
        self.setItemDelegate(_LinePainter(self))
        self.setAccessibleName(_("Cells of the workbook"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room the explanation goes first, then the place: the panes below say both."""
        width = self.viewport().width()
        hidden = {"why"} if width < look().px(720) else set()
        hidden |= {"place"} if width < look().px(590) else set()
        self.show_columns(tuple(name for name in _ALL_COLUMNS if name not in hidden))
        super().resizeEvent(event)

    def sizeHint(self) -> QSize:
        return QSize(look().px(480), look().px(160))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        item = self.rows.item_at(index.row()) if index.isValid() else None
        if isinstance(item, Group) and item.key.startswith(MORE):
            self.acted.emit(item.key)
            return
        super().mousePressEvent(event)
        column = self.rows.column_at(index.column()) if index.isValid() else None
        if not isinstance(item, str) or column is None or column.name != "acts":
            return
        line = self.rows.record(index.row())
        boxes = act_boxes(self.visualRect(index), line) if line is not None else {}
        for act, box in boxes.items():
            if box.contains(event.position().toPoint()):
                self.act_wanted.emit(item, act)
                return

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, item = event.key(), self.current_id
        act = {
            Qt.Key.Key_Return.value: "accept",
            Qt.Key.Key_Enter.value: "accept",
            Qt.Key.Key_F2.value: "edit",
            Qt.Key.Key_Delete.value: "undo",
        }.get(key, "")
        if item is not None and act:
            self.act_wanted.emit(item, act)
        elif item is not None and Qt.Key.Key_1 <= key <= Qt.Key.Key_9:
            self.digit_pressed.emit(key - Qt.Key.Key_0)
        else:
            super().keyPressEvent(event)


def _columns() -> tuple[Column, ...]:
    def shown(name: str) -> Callable[[Line | None], Cell]:
        return lambda line: getattr(line, name) if line is not None else ""

    return (
        Column("place", _("Sheet · cell"), 146, shown("place"), is_sortable=False, secondary=True),
        Column("name", _("Full name"), 124, shown("name"), is_sortable=False, grows=True),
        Column("typed", _("In the file"), 116, shown("typed"), is_sortable=False, grows=True, secondary=True),
        Column("value", _("Will be written"), 112, shown("value"), is_sortable=False, grows=True),
        Column("why", _("Why"), 176, shown("why"), is_sortable=False, grows=True, secondary=True),
        Column("acts", "", 104, lambda _line: "", is_sortable=False),
    )
