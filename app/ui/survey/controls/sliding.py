"""A number between two: slid or typed, by the steps of the form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QSlider, QWidget

from app.survey.body import Control as Question
from app.survey.views import NodeView
from app.ui.parts.boxes import STRETCH, column, label, row
from app.ui.survey.controls.control import Control
from app.ui.survey.controls.line import Line
from app.ui.survey.controls.numbers import Fraction
from app.ui.survey.controls.reading import Reading
from app.ui.theme import look
from app.words import gettext as _


@dataclass(frozen=True)
class Scale:
    """From the low end by steps to the high one; it may be drawn from the high end."""

    low: Decimal
    high: Decimal
    step: Decimal
    is_turned: bool = False

    @classmethod
    def of(cls, question: Question | None) -> Scale:
        """What the form says; 0 to 10 by ones where it says nothing that can be slid."""
        given = (question.low, question.high, question.step) if question else (None, None, None)
        first, last = (Decimal(str(end)) if end is not None else None for end in given[:2])
        first, last = first if first is not None else Decimal(0), last if last is not None else Decimal(10)
        low, high = min(first, last), max(first, last)
        step = abs(Decimal(str(given[2]))) if given[2] else Decimal(1)
        return cls(low, max(high, low + step), step, first > last)

    @property
    def steps(self) -> int:
        """How many lie between the ends."""
        return int((self.high - self.low) / self.step)

    def at(self, place: int) -> str:
        """The number of a step, as it is kept."""
        said = format(self.low + place * self.step, "f")
        return said.rstrip("0").rstrip(".") if "." in said else said

    def place(self, value: str) -> int | None:
        """The step of a number; None for none, and for what lies between two or beyond."""
        if not value:
            return None
        place = (Decimal(value) - self.low) / self.step
        return int(place) if place == int(place) and 0 <= place <= self.steps else None


@dataclass(frozen=True)
class OnScale:
    """Numbers of the scale alone."""

    scale: Scale
    hint: str = "–"

    def read(self, text: str) -> Reading:
        """A number that a step has."""
        reading = Fraction().read(text)
        if reading.problem or not reading.value or self.scale.place(reading.value) is not None:
            return reading
        scale, show = self.scale, Fraction().show
        told = _("From {low} to {high}, by steps of {step}.").format(
            low=show(scale.at(0)), high=show(scale.at(scale.steps)), step=show(str(scale.step))
        )
        return Reading(problem=told, is_whole=False)

    def show(self, value: str) -> str:
        """With a comma."""
        return Fraction().show(value)


class Sliding(Control):
    """The slider and the number beside it; before an answer there is no knob to be mistaken for one."""

    def __init__(self, question: Question | None) -> None:
        super().__init__()
        self._scale = Scale.of(question)
        self.slider = Slider(self._scale)
        self.line = Line(OnScale(self._scale))
        self.line.box.setFixedWidth(look().px(96))
        self.line.answered.connect(self.answered)
        self.line.refused.connect(self.refuse)
        self.slider.valueChanged.connect(lambda _place: self._slid())
        self.slider.sliderReleased.connect(self._slid)
        show = Fraction().show
        ends = [label(show(self._scale.at(place)), "hint") for place in (0, self._scale.steps)]
        if self._scale.is_turned:
            ends.reverse()
        under = column(self.slider, row(ends[0], STRETCH, ends[1]), gap=0)
        self.put(row(under, self.line, gap=16, grows=0))

    def boxes(self) -> Sequence[QWidget]:
        return (self.slider, self.line.box)

    def paint(self, node: NodeView) -> None:
        self.line.show_node(node)
        self.slider.set_place(self._scale.place(OnScale(self._scale).read(node.value).value))

    def said(self, node: NodeView) -> str:
        return Fraction().show(node.value)

    @property
    def is_typing(self) -> bool:
        return self.line.is_typing

    def commit(self) -> None:
        self.line.commit()

    def _slid(self) -> None:
        if not self.slider.is_set:
            return
        value = self._scale.at(self.slider.value())
        self.line.box.put(self.line.reader.show(value))
        if not self.slider.isSliderDown():
            self.refuse("")
            self.answered.emit(value)


class Slider(QSlider):
    """Sideways; a wheel that passes over it does nothing."""

    def __init__(self, scale: Scale) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setRange(0, scale.steps)
        self.setPageStep(max(1, scale.steps // 10))
        self.setInvertedAppearance(scale.is_turned)
        self.setMinimumHeight(look().px(32))
        self.is_set = False

    def set_place(self, place: int | None) -> None:
        """Show a step, or none; tells nobody."""
        if self.isSliderDown():
            return
        self.is_set = place is not None
        self.blockSignals(True)
        self.setValue(place or 0)
        self.blockSignals(False)
        self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        was_set, before = self.is_set, self.value()
        moves = event.key() in {
            Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down,
            Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown,
        }  # fmt: skip
        self.is_set = was_set or moves
        super().keyPressEvent(event)
        if moves and not was_set and self.value() == before:
            self.valueChanged.emit(before)
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The knob comes to where somebody presses."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        self.is_set = True
        self.setSliderDown(True)
        self._follow(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown():
            self._follow(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown():
            self.setSliderDown(False)

    def _follow(self, event: QMouseEvent) -> None:
        room = max(self.width() - 2 * self._edge(), 1)
        share = min(max((event.position().x() - self._edge()) / room, 0.0), 1.0)
        if self.invertedAppearance():
            share = 1 - share
        self.setValue(round(share * self.maximum()))
        self.update()

    def _edge(self) -> int:
        return look().px(10)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        colours, px = look().colours, look().px
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge, middle, thick = self._edge(), self.height() / 2, px(6)
        room = self.width() - 2 * edge
        share = self.value() / max(self.maximum(), 1)
        x = edge + room * (1 - share if self.invertedAppearance() else share)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.track)
        painter.drawRoundedRect(QRectF(edge, middle - thick / 2, room, thick), thick / 2, thick / 2)
        if self.is_set:
            start = edge + room if self.invertedAppearance() else edge
            painter.setBrush(colours.bar)
            left, right = min(start, x), max(start, x)
            painter.drawRoundedRect(
                QRectF(left, middle - thick / 2, right - left, thick), thick / 2, thick / 2
            )
            painter.setBrush(colours.surface)
            painter.setPen(QPen(colours.accent, 2))
            painter.drawEllipse(QRectF(x - px(9), middle - px(9), px(18), px(18)))
        is_wrong = self.property("error") == "true"
        if self.hasFocus() or is_wrong:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(colours.accent if self.hasFocus() else colours.bad, 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 3, 3)
