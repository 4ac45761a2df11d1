"""Old left, new right, on the same line; what differs is marked, invisible characters are drawn.

Comparison(("Đang dùng", Chip(…)), ("Đề nghị", Chip(…)), [
    Compared(_("Account"), "Agribank ••••4471", "LPBank ••••9038", differs=True, is_head=True), …])
Pair("Trong sổ", "12/03/1948", "Dân cư, 20/11/2026", "03/12/1948")     # two small boxes
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.ui.parts.boxes import STRETCH, column_layout, label, row, row_layout
from app.ui.parts.letters import drawn
from app.ui.tables.columns import DifferenceCell, Span
from app.ui.tables.painting import paint_difference
from app.ui.theme import Tone, give, look

_HALF = 230  # pixels that one side of a comparison holds on one line whatever the size of the text


def differing(left: str, right: str, tone: Tone = "warn") -> tuple[DifferenceCell, DifferenceCell]:
    """Both values with the letters marked that the other does not have in that place.

    Marks reach from the first to the last differing letter: `12/03`/1948 against `03/12`/1948.
    """
    if left == right:
        return DifferenceCell(left), DifferenceCell(right)
    start = next(
        (n for n, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), min(len(left), len(right))
    )
    most = min(len(left), len(right)) - start
    tail = next((n for n in range(most) if left[-1 - n] != right[-1 - n]), most)
    return (
        DifferenceCell(left, (Span(start, len(left) - start - tail, tone),)),
        DifferenceCell(right, (Span(start, len(right) - start - tail, tone),)),
    )


class Marked(QWidget):
    """A value with its differing letters marked."""

    def __init__(self, cell: DifferenceCell) -> None:
        super().__init__()
        self._cell = cell
        self.setAccessibleName(cell.words)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(
            QFontMetrics(look().font("strong")).horizontalAdvance(self._cell.words) + 4, look().px(22)
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        rect = QRect(2, 0, self.width() - 2, self.height())
        paint_difference(QPainter(self), rect, self._cell, look().colours.ink)


class Pair(QFrame):
    """Two sources of one fact, side by side, what differs marked."""

    def __init__(self, left_name: str, left: str, right_name: str, right: str) -> None:
        super().__init__()
        give(self, role="card")
        cells = differing(left, right)
        halves = [
            column_layout(label(name, "hint"), Marked(cell), gap=2, margins=(10, 8))
            for name, cell in zip((left_name, right_name), cells, strict=True)
        ]
        layout = row_layout(halves[0], give(_line(), role="rule"), halves[1], gap=0)
        layout.setStretch(0, 1)
        layout.setStretch(2, 1)
        self.setLayout(layout)


def _line() -> QFrame:
    line = QFrame()
    line.setFixedWidth(1)
    return line


@dataclass(frozen=True)
class Compared:
    """One line of a comparison; a value is words or any widget. `is_head` is larger (the account)."""

    words: str
    left: str | QWidget
    right: str | QWidget
    differs: bool = False
    is_head: bool = False


class Comparison(QFrame):
    """A ruled table of two versions, with vertical rules, as only comparisons have."""

    def __init__(
        self, left: tuple[str, QWidget | None], right: tuple[str, QWidget | None], lines: Sequence[Compared]
    ) -> None:
        super().__init__()
        give(self, role="card")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(1, 1, 1, 1)
        self._grid.setSpacing(0)
        self._grid.setColumnStretch(1, 1)
        self._grid.setColumnStretch(2, 1)
        self._put(0, 0, QWidget(), is_head=True)
        for column, (words, chip) in enumerate((left, right), start=1):
            content = QFrame()
            content.setLayout(_head(label(words, "card"), chip))
            self._put(0, column, content, is_head=True)
        for place, line in enumerate(lines, start=1):
            self._put(place, 0, label(line.words, "third"))
            for column, value in enumerate((line.left, line.right), start=1):
                self._put(place, column, _value(value, line))

    def _put(self, row: int, column: int, content: QWidget, *, is_head: bool = False) -> None:
        cell = _Cell(has_top=row > 0, has_left=column > 0, is_sunk=is_head)
        cell.setMinimumHeight(look().px(39 if is_head else 30))
        cell.setLayout(row_layout(content, margins=(16, 4)))
        self._grid.addWidget(cell, row, column)


def _head(words: QWidget, chip: QWidget | None) -> QHBoxLayout | QVBoxLayout:
    """The chip beside the words; below them where large text leaves no room."""
    if chip is None or look().factor < 1.5:
        return row_layout(words, *([chip] if chip else []), STRETCH)
    return column_layout(words, row(chip, STRETCH), gap=2)


def _value(value: str | QWidget, line: Compared) -> QWidget:
    if not isinstance(value, str):
        return value
    if not line.differs:
        return label(value, "driveheading" if line.is_head else "", wrap=True)
    if _hides_something(value) and not line.is_head:
        return Marked(DifferenceCell(value, (Span(0, len(value), "warn"),), is_strong=True))
    role = "driveheading" if line.is_head else "strong"
    is_short = _is_short(value, role)
    marked = give(label(value, role, wrap=not is_short), marked="head" if line.is_head else "value")
    if not is_short:
        return marked
    # As wide and high as its words, so that the fill marks them and not the whole cell.
    around = row(marked, STRETCH)
    layout = around.layout()
    assert layout is not None
    layout.setAlignment(marked, Qt.AlignmentFlag.AlignVCenter)
    return around


def _hides_something(value: str) -> bool:
    """Whether letters have to be drawn: spaces at an end or doubled, and what cannot be seen at all."""
    bare = value.replace(" ", "")
    return value != value.strip() or "  " in value or drawn(bare) != bare


def _is_short(value: str, role: str) -> bool:
    return QFontMetrics(look().font(role)).horizontalAdvance(value) < _HALF


class _Cell(QFrame):
    """A cell that rules its own top and left."""

    def __init__(self, *, has_top: bool, has_left: bool, is_sunk: bool) -> None:
        super().__init__()
        self._has_top, self._has_left, self._is_sunk = has_top, has_left, is_sunk

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = look().colours
        painter = QPainter(self)
        if self._is_sunk:
            painter.fillRect(self.rect(), colours.sunk)
        if self._has_top:
            painter.fillRect(QRect(0, 0, self.width(), 1), colours.line)
        if self._has_left:
            painter.fillRect(QRect(0, 0, 1, self.height()), colours.line)
