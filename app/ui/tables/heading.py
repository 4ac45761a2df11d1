"""The header: sunk, 32 px, the sorted column strong with an arrow, the box that ticks all."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QHeaderView

from app.ui import icons
from app.ui.tables.painting import PADDING, paint_tick_box
from app.ui.tables.rows import Rows
from app.ui.theme import look


class Heading(QHeaderView):
    """Painted whole: a style sheet's `::section` would be slower and could not hold the tick box."""

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.sorted_name = ""
        self.is_descending = False
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setMinimumSectionSize(0)

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), look().px(33))

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:
        colours, px = look().colours, look().px
        painter.save()
        painter.fillRect(rect, colours.sunk)
        painter.fillRect(QRect(rect.x(), rect.bottom(), rect.width(), 1), colours.line)
        rows = self.model()
        column = rows.column_at(logicalIndex) if isinstance(rows, Rows) else None
        if column is not None:
            is_sorted = column.name == self.sorted_name
            painter.setPen(colours.ink if is_sorted else colours.ink3)
            font = look().font("smallstrong" if is_sorted else "caption")
            painter.setFont(font)
            inner = rect.adjusted(px(PADDING), 0, -px(PADDING), -1)
            is_number = column.kind == "number"
            side = Qt.AlignmentFlag.AlignRight if is_number else Qt.AlignmentFlag.AlignLeft
            words = QFontMetrics(font).elidedText(column.words, Qt.TextElideMode.ElideRight, inner.width())
            painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter | side, words)
            if is_sorted:
                width = QFontMetrics(font).horizontalAdvance(words)
                x = inner.right() - width - px(16) if is_number else inner.x() + width + px(4)
                arrow = "chevron-down" if self.is_descending else "chevron-up"
                icons.paint(painter, QRect(x, rect.y(), px(12), rect.height()), arrow, colours.ink)
        elif isinstance(rows, Rows) and rows.has_ticks and logicalIndex == 0:
            state = rows.ticks_state
            is_some = state == Qt.CheckState.PartiallyChecked
            paint_tick_box(painter, rect, state == Qt.CheckState.Checked, some=is_some)
        painter.restore()
