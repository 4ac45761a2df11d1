"""Panes: sections that scroll over a pinned footer; facts in two columns; the empty state.

pane = Pane(footer=row(primary, other))
pane.show_parts(section(_("Identity"), Facts([(_("Personal ID"), MaskedValue(…)), …])))
Empty(_("Nobody matches “{text}”."), Button(_("Drop the filter {hamlet}?"), on=…), icon="search")
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from app.ui.notices import IconLabel
from app.ui.parts.boxes import STRETCH, Margins, column, column_layout, fill, label, row_layout
from app.ui.parts.buttons import Button
from app.ui.theme import give, look

PANE_WIDTH = 352


def scroll(content: QWidget) -> QScrollArea:
    """`content` as tall as it needs, scrolled within what there is."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(content)
    area.viewport().setAutoFillBackground(False)
    content.setAutoFillBackground(False)
    return area


def section(
    title: str, *items: QWidget, chip: QWidget | None = None, gap: int = 6, margins: Margins = (16, 12)
) -> QFrame:
    """A part of a pane: small grey title (a chip at its right), then items, then a rule."""
    head = row_layout(label(title, "section"), STRETCH, *([chip] if chip else []))
    return column(*([head] if title or chip else []), *items, gap=gap, margins=margins, role="section")


class Pane(QFrame):
    """The detail pane: what it shows scrolls, its footer stays."""

    def __init__(
        self, footer: QWidget | None = None, *, width: int = PANE_WIDTH, side: str = "right"
    ) -> None:
        super().__init__()
        give(self, role="pane" if side == "right" else "side")
        if width:
            self.setFixedWidth(look().px(width))
        self._area = scroll(QWidget())
        layout = QVBoxLayout(self)
        fill(layout, self._area)
        layout.setStretch(0, 1)
        if footer is not None:
            layout.addWidget(footer)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def show_parts(self, *sections: QWidget) -> None:
        """Replace what is shown, from the top."""
        content = QWidget()
        content.setLayout(column_layout(*sections, STRETCH))
        # The pane may be re-filled from inside one of its own buttons; let that click end first.
        old = self._area.takeWidget()
        if old is not None:
            old.deleteLater()
        self._area.setWidget(content)
        content.setAutoFillBackground(False)
        self._area.verticalScrollBar().setValue(0)


_APART = 8


class Facts(QFrame):
    """Labels and values in two columns; a value is words or any widget."""

    def __init__(
        self, facts: Sequence[tuple[str, str | QWidget]], *, label_width: int = 104, pitch: int = 24
    ) -> None:
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(look().px(_APART))  # a label longer than its column never meets the value
        grid.setVerticalSpacing(look().px(pitch - 20))
        grid.setColumnMinimumWidth(0, look().px(label_width - _APART))
        grid.setColumnStretch(1, 1)
        for row, (words, value) in enumerate(facts):
            name = label(words, "third")
            shown = label(value, wrap=True) if isinstance(value, str) else value
            if isinstance(value, str):
                shown.setAccessibleName(f"{words}: {value}")
            grid.addWidget(name, row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(shown, row, 1)


class Empty(QFrame):
    """Why it is empty (14/600) and the next step; at the left, no picture."""

    def __init__(self, why: str, *actions: Button, icon: str = "info", more: str = "") -> None:
        super().__init__()
        words = [label(why, "card", wrap=True)]
        if more:
            words.append(label(more, "second", wrap=True))
        self.setAccessibleName(f"{why} {more}".strip())
        next_step = [row_layout(*actions, STRETCH)] if actions else []
        text = column_layout(*words, *next_step, gap=8)
        picture = column_layout(IconLabel(icon, 20, "ink3"), STRETCH)
        layout = row_layout(picture, text, gap=10)
        layout.setStretch(1, 1)
        outer = QVBoxLayout(self)
        fill(outer, layout, STRETCH, margins=20)
