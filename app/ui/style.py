"""Fusion with our sizes and our own ticks: what the style sheet cannot say.

The style sheet (resources/theme/window.qss) colours buttons, fields and frames; this proxy
sets the metrics that grow with the text, and draws check boxes, radios, focus and arrows.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QProxyStyle, QStyle, QStyleHintReturn, QStyleOption, QWidget

from app.ui import icons
from app.ui.theme import look

_METRICS = {
    QStyle.PixelMetric.PM_IndicatorWidth: 16,
    QStyle.PixelMetric.PM_IndicatorHeight: 16,
    QStyle.PixelMetric.PM_ExclusiveIndicatorWidth: 16,
    QStyle.PixelMetric.PM_ExclusiveIndicatorHeight: 16,
    QStyle.PixelMetric.PM_ButtonIconSize: 16,
    QStyle.PixelMetric.PM_SmallIconSize: 16,
    QStyle.PixelMetric.PM_CheckBoxLabelSpacing: 8,
    QStyle.PixelMetric.PM_RadioButtonLabelSpacing: 8,
    QStyle.PixelMetric.PM_ScrollBarExtent: 12,
}
_HINTS = {
    QStyle.StyleHint.SH_ToolTip_WakeUpDelay: 500,
    QStyle.StyleHint.SH_EtchDisabledText: 0,
    QStyle.StyleHint.SH_DitherDisabledText: 0,
    QStyle.StyleHint.SH_ItemView_ActivateItemOnSingleClick: 0,
    QStyle.StyleHint.SH_LineEdit_PasswordCharacter: 0x2022,
    QStyle.StyleHint.SH_DialogButtonBox_ButtonsHaveIcons: 0,
}
_State = QStyle.StateFlag
_Primitive = QStyle.PrimitiveElement


class LedgerStyle(QProxyStyle):
    """Fusion underneath."""

    def __init__(self) -> None:
        super().__init__("Fusion")

    def pixelMetric(
        self, metric: QStyle.PixelMetric, option: QStyleOption | None = None, widget: QWidget | None = None
    ) -> int:
        ours = _METRICS.get(metric)
        return super().pixelMetric(metric, option, widget) if ours is None else look().px(ours)

    def styleHint(
        self,
        hint: QStyle.StyleHint,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
        returned: QStyleHintReturn | None = None,
    ) -> int:
        ours = _HINTS.get(hint)
        return super().styleHint(hint, option, widget, returned) if ours is None else ours

    def drawPrimitive(
        self,
        element: QStyle.PrimitiveElement,
        option: QStyleOption,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        rect, state = QRect(option.rect), option.state
        match element:
            case _Primitive.PE_IndicatorCheckBox | _Primitive.PE_IndicatorItemViewItemCheck:
                draw_check(painter, rect, state)
            case _Primitive.PE_IndicatorRadioButton:
                draw_radio(painter, rect, state)
            case _Primitive.PE_FrameFocusRect:
                _draw_focus(painter, rect)
            case _Primitive.PE_IndicatorArrowDown:
                _draw_arrow(painter, rect, state)
            case _:
                super().drawPrimitive(element, option, painter, widget)


def _box_colours(state: QStyle.StateFlag) -> tuple[QColor, QColor]:
    """Outline and fill of a tick box or radio in this state."""
    colours = look().colours
    if not state & _State.State_Enabled:
        return colours.line, colours.sunk
    if state & (_State.State_On | _State.State_NoChange):
        return colours.accentFill, colours.accentFill
    if state & _State.State_HasFocus:
        return colours.accent, colours.surface
    return colours.line2, colours.hover if state & _State.State_MouseOver else colours.surface


def draw_check(painter: QPainter, rect: QRect, state: QStyle.StateFlag) -> None:
    """A tick box filling `rect`; also drawn by tables."""
    colours = look().colours
    outline, fill = _box_colours(state)
    width = rect.width()
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(outline, 1.2))
    painter.setBrush(fill)
    corner = width / 5
    painter.drawRoundedRect(QRectF(rect).adjusted(0.6, 0.6, -0.6, -0.6), corner, corner)
    mark = colours.onFill if state & _State.State_Enabled else colours.ink3
    painter.setPen(
        QPen(mark, width / 8, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
    )
    painter.setBrush(Qt.BrushStyle.NoBrush)
    points: list[tuple[float, float]] = []
    if state & _State.State_On:
        points = [(0.27, 0.53), (0.44, 0.69), (0.74, 0.34)]
    elif state & _State.State_NoChange:
        points = [(0.28, 0.5), (0.72, 0.5)]
    painter.drawPolyline(QPolygonF([QPointF(rect.x() + x * width, rect.y() + y * width) for x, y in points]))
    painter.restore()


def draw_radio(painter: QPainter, rect: QRect, state: QStyle.StateFlag) -> None:
    """A radio filling `rect`: chosen, a thick ring; choice cards draw it too."""
    outline, fill = _box_colours(state)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(outline, 1.2))
    painter.setBrush(fill)
    painter.drawEllipse(QRectF(rect).adjusted(0.6, 0.6, -0.6, -0.6))
    if state & _State.State_On:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look().colours.onFill)
        middle = QRectF(rect).center()
        painter.drawEllipse(middle, rect.width() * 0.2, rect.width() * 0.2)
    painter.restore()


def _draw_focus(painter: QPainter, rect: QRect) -> None:
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(look().colours.accent, 2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(QRectF(rect).adjusted(1, 1, -1, -1), 3, 3)
    painter.restore()


def _draw_arrow(painter: QPainter, rect: QRect, state: QStyle.StateFlag) -> None:

    size = min(look().px(16), rect.width())
    box = QRect(0, 0, size, size)
    box.moveCenter(rect.center())
    colours = look().colours
    icons.paint(painter, box, "chevron-down", colours.ink if state & _State.State_Enabled else colours.ink3)
