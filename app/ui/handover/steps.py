"""Steps one below the other, each with what it came to; and a bar of work that moves them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.charts import Step, paint_step
from app.ui.notices import WorkBar
from app.ui.theme import look

_PITCH = 30


class StepList(QWidget):
    """What was done, what is being done, what is to come."""

    def __init__(self) -> None:
        super().__init__()
        self._steps: Sequence[Step] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_steps(self, steps: Sequence[Step]) -> None:
        """Show these steps."""
        self._steps = steps
        self.setAccessibleName("; ".join(f"{step.words} {step.note}".strip() for step in steps))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(look().px(220), look().px(_PITCH) * len(self._steps))

    def paintEvent(self, event: QPaintEvent) -> None:
        colours, px = look().colours, look().px
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        centred = Qt.AlignmentFlag.AlignVCenter
        for place, step in enumerate(self._steps):
            line = QRect(0, place * px(_PITCH), self.width(), px(_PITCH))
            paint_step(painter, QPointF(px(9), line.center().y()), px(8), step.state)
            painter.setFont(look().font("small"))
            painter.setPen(colours.ink3)
            painter.drawText(line, centred | Qt.AlignmentFlag.AlignRight, step.note)
            room = line.width() - px(34) - painter.fontMetrics().horizontalAdvance(step.note)
            font = look().font("strong" if step.state == "now" else "body")
            painter.setFont(font)
            painter.setPen(colours.ink2 if step.state == "later" else colours.ink)
            words = QFontMetrics(font).elidedText(step.words, Qt.TextElideMode.ElideRight, room)
            painter.drawText(line.adjusted(px(26), 0, 0, 0), centred, words)


class WatchedBar(WorkBar):
    """A bar that says aloud what is being done, so that the steps beside it keep up."""

    def __init__(self, heard: Callable[[str], object]) -> None:
        super().__init__()
        self._heard = heard

    def tell(self, done: int, total: int, what: str, elapsed_s: float) -> None:
        """As the bar, and to who listens."""
        super().tell(done, total, what, elapsed_s)
        self._heard(what)
