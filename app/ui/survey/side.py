"""What stands at the left of a page: the way through the form, and how far one has come."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout

from app.ui.charts import Progressbar
from app.ui.parts.boxes import STRETCH, column, fill, label, row
from app.ui.parts.panes import scroll
from app.ui.survey.steps import PageSteps, StepLine
from app.ui.theme import give, look
from app.words import gettext as _

_WIDTH = 232


class Side(QFrame):
    """`chosen`: a page."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        give(self, role="side")
        self.setFixedWidth(look().px(_WIDTH))
        self.steps = PageSteps()
        self.steps.chosen.connect(self.chosen)
        self.steps.moved.connect(self._follow)
        self._area = scroll(column(self.steps, STRETCH))
        self._figure = label("", "strong")
        self._bar = Progressbar()
        caption = label(_("Stop whenever you like: every answer is kept at once."), "hint", wrap=True)
        figures = row(label(_("Questions answered"), "second"), STRETCH, self._figure)
        foot = column(figures, self._bar, caption, gap=8, margins=(16, 12))
        layout = QVBoxLayout(self)
        fill(layout, self._area, foot)
        layout.setStretch(0, 1)

    def show_way(self, lines: Sequence[StepLine], current: str, answered: int, asked: int) -> None:
        """Pages, the one that is shown, and the figure."""
        self.steps.set_lines(lines, current)
        self._figure.setText(f"{answered}/{asked}")
        self._bar.set_parts(answered, asked)

    @property
    def figure(self) -> str:
        """“21/62”."""
        return self._figure.text()

    def _follow(self, rect: QRect) -> None:
        self._area.ensureVisible(rect.x(), rect.center().y(), 0, rect.height())
