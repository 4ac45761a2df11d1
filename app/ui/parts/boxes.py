"""Rows, columns, cards and labels: a room's layout said in one expression.

    column(label(_("Waiting"), "card"), row(a, b, STRETCH, c, gap=8), rule(), margins=(20, 16))

Numbers are pixels at 100 %; an int between widgets is a space, STRETCH takes what is left, or else the
item at the place that `grows` names.
Margins are (all), (sides, ends) or (left, top, right, bottom).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.ui.theme import give, look

# Line heights of look.md, so that single lines stand on the 4 px grid.
_LINES = {
    "page": 28,
    "pane": 24,
    "caption": 16,
    "section": 16,
    "hint": 16,
    "error": 16,
    "sum": 28,
    "count": 48,
    "drive": 24,
    "driveheading": 26,
    "drivename": 38,
    "driveaccount": 32,
    "cover": 32,
}


class _Stretch:
    """The space that takes what is left."""


STRETCH: Final = _Stretch()
Item = QWidget | QLayout | int | _Stretch
Margins = Sequence[int] | int


def margins_of(margins: Margins) -> tuple[int, int, int, int]:
    """The four margins in pixels of the present look."""
    px = look().px
    match margins:
        case int(every):
            return px(every), px(every), px(every), px(every)
        case (sides, ends):
            return px(sides), px(ends), px(sides), px(ends)
        case (left, top, right, bottom):
            return px(left), px(top), px(right), px(bottom)
        case _:
            raise ValueError(margins)


def fill(
    layout: QBoxLayout, *items: Item, gap: int = 0, margins: Margins = 0, grows: int | None = None
) -> None:
    """Put items into a layout that a widget already has."""
    layout.setContentsMargins(*margins_of(margins))
    layout.setSpacing(look().px(gap))
    for item in items:
        if isinstance(item, QWidget):
            layout.addWidget(item)
        elif isinstance(item, QLayout):
            layout.addLayout(item)
        elif isinstance(item, int):
            layout.addSpacing(look().px(item))
        else:
            layout.addStretch(1)
    if grows is not None:
        layout.setStretch(grows, 1)


def row_layout(*items: Item, gap: int = 8, margins: Margins = 0, grows: int | None = None) -> QHBoxLayout:
    """Items side by side."""
    layout = QHBoxLayout()
    fill(layout, *items, gap=gap, margins=margins, grows=grows)
    return layout


def column_layout(*items: Item, gap: int = 0, margins: Margins = 0, grows: int | None = None) -> QVBoxLayout:
    """Items one below the other."""
    layout = QVBoxLayout()
    fill(layout, *items, gap=gap, margins=margins, grows=grows)
    return layout


def row(*items: Item, gap: int = 8, margins: Margins = 0, role: str = "", grows: int | None = None) -> QFrame:
    """A frame with items side by side; `role` is a frame role of the style sheet (card, bar, footer)."""
    return _framed(row_layout(*items, gap=gap, margins=margins, grows=grows), role)


def column(
    *items: Item, gap: int = 0, margins: Margins = 0, role: str = "", grows: int | None = None
) -> QFrame:
    """A frame with items one below the other."""
    return _framed(column_layout(*items, gap=gap, margins=margins, grows=grows), role)


def card(*items: Item, gap: int = 8, margins: Margins = 16) -> QFrame:
    """A white page with a ruled edge."""
    return column(*items, gap=gap, margins=margins, role="card")


def footer(*items: Item, height: int = 56, grows: int | None = None) -> QFrame:
    """The pinned bar of actions: way back at the left, primary last (look.md, Rules for parts)."""
    frame = row(*items, gap=12, margins=(20, 0), role="footer", grows=grows)
    frame.setFixedHeight(look().px(height))
    return frame


def _framed(layout: QBoxLayout, role: str) -> QFrame:
    frame = QFrame()
    frame.setLayout(layout)
    if role:
        give(frame, role=role)
    return frame


def rule(*, vertical: bool = False) -> QFrame:
    """A 1 px line."""
    line = give(QFrame(), role="rule")
    if vertical:
        line.setFixedWidth(1)
    else:
        line.setFixedHeight(1)
    return line


def label(
    text: str = "", role: str = "", *, tone: str = "", wrap: bool = False, rich: bool = False
) -> QLabel:
    """Words in a type role of the style sheet; plain text unless `rich`, for names may hold `<`.

    Types: page pane card label strong caption section hint second third sum count error, and
    drive driveheading drivename driveaccount cover. `tone`: ok warn bad accent spine white.
    """
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.RichText if rich else Qt.TextFormat.PlainText)
    made.setWordWrap(wrap)
    if wrap:
        made.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    made.setMinimumHeight(look().px(_LINES.get(role, 20)))
    if role:
        # `type`, not `role`: a QLabel is a QFrame, and would take a frame's look for its own.
        give(made, type=role)
    if tone:
        give(made, tone=tone)
    return made
