"""The icons: one family drawn on a 20 grid with a 1.6 line, coloured by whoever shows them.

    button.setIcon(icon("print"))                  takes the palette's text colour and its state
    label.setPixmap(pixmap("tick", 14, colours.ok))
    paint(painter, rect, "clock", colours.warn)    inside a paintEvent or a delegate

Names are the files of `resources/icons`. Below 15 px the line is drawn 2 wide, or it would fade.
"""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QIconEngine, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import QApplication

from app.resources import resource
from app.ui.theme import look


def icon(name: str, tone: str = "") -> QIcon:
    """An icon whose colour follows the palette; `tone` names a colour token to use instead."""
    return QIcon(_Engine(name, tone))


def pixmap(name: str, size: int, colour: QColor, ratio: float = 1.0) -> QPixmap:
    """The icon `size` logical pixels wide in one colour, drawn for a screen of this pixel ratio."""
    return _drawn(name, size, colour.rgba(), ratio)


def paint(painter: QPainter, rect: QRect, name: str, colour: QColor) -> None:
    """Paint an icon in the middle of `rect`, as large as its shorter side."""
    size = min(rect.width(), rect.height())
    ratio = painter.device().devicePixelRatio()
    corner = QPoint(rect.x() + (rect.width() - size) // 2, rect.y() + (rect.height() - size) // 2)
    painter.drawPixmap(corner, pixmap(name, size, colour, ratio))


@lru_cache(maxsize=512)
def _drawn(name: str, size: int, rgba: int, ratio: float) -> QPixmap:
    # QtSvg only when the first icon is painted: the window's first frame should not wait for it.
    from PySide6.QtSvg import QSvgRenderer

    picture = QPixmap(QSize(round(size * ratio), round(size * ratio)))
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    colour = QColor.fromRgba(rgba)
    text = _source(name).replace("currentColor", colour.name())
    if size < 15:
        text = text.replace('stroke-width="1.6"', 'stroke-width="2"')
    painter.setOpacity(colour.alphaF())
    QSvgRenderer(QByteArray(text.encode())).render(painter, QRectF(picture.rect()))
    painter.end()
    picture.setDevicePixelRatio(ratio)
    return picture


@lru_cache(maxsize=256)
def _source(name: str) -> str:
    return resource(f"icons/{name}.svg").read_text("utf-8")


class _Engine(QIconEngine):
    """Asks for the colour at each paint, so a change of theme needs no new icon."""

    def __init__(self, name: str, tone: str) -> None:
        super().__init__()
        self._name, self._tone = name, tone

    def clone(self) -> QIconEngine:
        return _Engine(self._name, self._tone)

    def _colour(self, mode: QIcon.Mode) -> QColor:
        if mode == QIcon.Mode.Disabled:
            return look().colours.ink3
        if self._tone:
            colour: QColor = getattr(look().colours, self._tone)
            return colour
        return QApplication.palette().color(QPalette.ColorRole.WindowText)

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        paint(painter, rect, self._name, self._colour(mode))

    def scaledPixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float) -> QPixmap:
        logical = round(min(size.width(), size.height()) / scale)
        return pixmap(self._name, logical, self._colour(mode), scale)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return pixmap(self._name, min(size.width(), size.height()), self._colour(mode), 1.0)
