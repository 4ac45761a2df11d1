"""Paper in millimetres: text that wraps, rules and boxes, on a PDF or a printer alike.

Type is Inter, embedded, in points; colours are those of the light look, for paper is light.
A paper draws itself on a `Page`; `pdf` makes bytes of it, `save` puts them on disk whole or
not at all, `send` gives it to a printer.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QPagedPaintDevice,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
    QPen,
    QTextLayout,
    QTextOption,
)
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo
from PySide6.QtWidgets import QFileDialog, QWidget

from app.domain.errors import Cancelled, Trouble
from app.ui.fonts import FAMILIES
from app.ui.theme import LIGHT

_DPI = 600
_MM_PER_INCH = 25.4
_MM_PER_POINT = _MM_PER_INCH / 72
Align = Qt.AlignmentFlag
A4, A5 = QPageSize(QPageSize.PageSizeId.A4), QPageSize(QPageSize.PageSizeId.A5)


@dataclass(frozen=True)
class Style:
    """How text looks: size in points, weight, colour, leading as a multiple of the size."""

    size: float = 9.5
    weight: QFont.Weight = QFont.Weight.Normal
    colour: QColor = field(default_factory=lambda: LIGHT.ink)
    leading: float = 1.38
    spacing: float = 0.0

    def bold(self) -> Style:
        """The same, half-bold."""
        return replace(self, weight=QFont.Weight.DemiBold)

    def quiet(self) -> Style:
        """The same, for labels."""
        return replace(self, colour=LIGHT.ink3)


class Page:
    """A sheet, or a part of one, being drawn. All lengths in millimetres from its upper left."""

    def __init__(
        self, painter: QPainter, device: QPagedPaintDevice, area: QRectF, *, is_silent: bool = False
    ) -> None:
        self._painter = painter
        self._device = device
        self._area = area
        self._is_silent = is_silent
        self._scale = device.logicalDpiX() / _MM_PER_INCH

    @property
    def width(self) -> float:
        """Of this part."""
        return self._area.width()

    @property
    def height(self) -> float:
        """Of this part."""
        return self._area.height()

    def part(self, x: float, y: float, width: float, height: float) -> Page:
        """A part of this sheet, with its own upper left."""
        corner = self._area.topLeft() + QPointF(x, y)
        return Page(self._painter, self._device, QRectF(corner.x(), corner.y(), width, height))

    def silent(self) -> Page:
        """The same sheet, measured and not drawn on: how many pages will it be?"""
        return Page(self._painter, self._device, self._area, is_silent=True)

    def turn(self) -> None:
        """A fresh sheet."""
        if not self._is_silent:
            self._device.newPage()

    def text(
        self, at: tuple[float, float], width: float, text: str, style: Style, align: Align = Align.AlignLeft
    ) -> float:
        """Draw text wrapped to a width; returns the height it took."""
        layout, height = self._laid(text, width, style, align)
        if self._is_silent:
            return height
        self._painter.setPen(style.colour)
        layout.draw(self._painter, self._point(*at))
        return height

    def height_of(self, text: str, width: float, style: Style) -> float:
        """The height text will take when wrapped to a width."""
        return self._laid(text, width, style, Align.AlignLeft)[1]

    def width_of(self, text: str, style: Style) -> float:
        """The width of text on one line."""
        layout, _height = self._laid(text, 10_000, style, Align.AlignLeft)
        return layout.lineAt(0).naturalTextWidth() / self._scale

    def _laid(self, text: str, width: float, style: Style, align: Align) -> tuple[QTextLayout, float]:
        layout = QTextLayout(text, self._font(style), self._device)
        option = QTextOption(align)
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        layout.beginLayout()
        step, lines = style.size * _MM_PER_POINT * style.leading, 0
        while (line := layout.createLine()).isValid():
            line.setLineWidth(width * self._scale)
            # The line's own height differs with the font's marks; papers are set on even lines.
            baseline = (lines + 0.76) * step * self._scale
            line.setPosition(QPointF(0, baseline - line.ascent()))
            lines += 1
        layout.endLayout()
        return layout, max(lines, 1) * step

    def _font(self, style: Style) -> QFont:
        font = QFont()
        font.setFamilies(list(FAMILIES))
        font.setPointSizeF(style.size)
        font.setWeight(style.weight)
        # Neither the window's tabular figures nor Inter's alternates: Qt gives such glyphs no Unicode
        # in a PDF, so that a number could be neither found nor read aloud.
        font.clearFeatures()
        font.setFeature(QFont.Tag("calt"), 0)
        font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
        if style.spacing:
            font.setLetterSpacing(QFont.SpacingType.PercentageSpacing, 100 + style.spacing)
        return font

    def rule(
        self, y: float, start: float, end: float, colour: QColor = LIGHT.line2, weight: float = 0.2
    ) -> None:
        """A level line."""
        self._line((start, y), (end, y), self._pen(colour, weight))

    def dots(self, y: float, start: float, end: float) -> None:
        """A dotted line to write on."""
        pen = self._pen(LIGHT.ink3, 0.25)
        pen.setStyle(Qt.PenStyle.DotLine)
        self._line((start, y), (end, y), pen)

    def cut_line(self) -> None:
        """An upright dashed line down the left edge of this part."""
        pen = self._pen(LIGHT.line2, 0.2)
        pen.setStyle(Qt.PenStyle.DashLine)
        self._line((0, 0), (0, self.height), pen)

    def _line(self, start: tuple[float, float], end: tuple[float, float], pen: QPen) -> None:
        if not self._is_silent:
            self._painter.setPen(pen)
            self._painter.drawLine(self._point(*start), self._point(*end))

    def box(
        self,
        area: QRectF,
        outline: QColor | None = LIGHT.line2,
        fill: QColor | None = None,
        *,
        weight: float = 0.2,
        is_dashed: bool = False,
    ) -> None:
        """A frame, a filled field, or both."""
        if self._is_silent:
            return
        if outline is None:
            self._painter.setPen(Qt.PenStyle.NoPen)
        else:
            pen = self._pen(outline, weight)
            pen.setStyle(Qt.PenStyle.DashLine if is_dashed else Qt.PenStyle.SolidLine)
            self._painter.setPen(pen)
        self._painter.setBrush(fill or Qt.BrushStyle.NoBrush)
        corner = self._point(area.x(), area.y())
        size = (area.width() * self._scale, area.height() * self._scale)
        self._painter.drawRect(QRectF(corner.x(), corner.y(), *size))

    def tick_box(self, x: float, y: float, size: float, *, is_ticked: bool) -> None:
        """A small box, ticked or not."""
        self.box(QRectF(x, y, size, size), LIGHT.ink, weight=0.25)
        if is_ticked:
            self._painter.setPen(self._pen(LIGHT.ink, size * 0.14))
            marks = ((0.2, 0.52), (0.42, 0.75), (0.82, 0.25))
            points = [self._point(x + size * across, y + size * down) for across, down in marks]
            self._painter.drawPolyline(points)

    def _pen(self, colour: QColor, weight: float) -> QPen:
        pen = QPen(colour)
        pen.setWidthF(weight * self._scale)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        return pen

    def _point(self, x: float, y: float) -> QPointF:
        return (self._area.topLeft() + QPointF(x, y)) * self._scale


Draw = Callable[[Page], None]


def pdf(draw: Draw, size: QPageSize, *, title: str, is_wide: bool = False) -> bytes:
    """A PDF of what `draw` draws; `title` names the kind of paper, never a person."""
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(_DPI)
    writer.setTitle(title)
    writer.setCreator("Sổ An Sinh")
    _draw_on(writer, draw, size, is_wide=is_wide)
    buffer.close()
    return bytes(content.data())


def send(draw: Draw, printer: QPrinter, size: QPageSize, *, is_wide: bool = False) -> None:
    """Print what `draw` draws; Trouble("paper.printer") when the printer does not take it."""
    try:
        _draw_on(printer, draw, size, is_wide=is_wide)
    except Cancelled:
        printer.abort()
        raise


def _draw_on(device: QPagedPaintDevice, draw: Draw, size: QPageSize, *, is_wide: bool) -> None:
    turned = QPageLayout.Orientation.Landscape if is_wide else QPageLayout.Orientation.Portrait
    layout = QPageLayout(size, turned, QMarginsF(), QPageLayout.Unit.Millimeter)
    layout.setMode(QPageLayout.Mode.FullPageMode)
    device.setPageLayout(layout)
    painter = QPainter()
    if not painter.begin(device):
        raise Trouble("paper.printer")
    try:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        sheet = layout.fullRect(QPageLayout.Unit.Millimeter)
        draw(Page(painter, device, QRectF(0, 0, sheet.width(), sheet.height())))
    finally:
        painter.end()


def save(content: bytes, path: Path) -> None:
    """Put a paper on disk, whole or not at all; Trouble("paper.not_written") when it cannot be."""
    part = path.with_name(f"{path.name}.part")
    try:
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise Trouble("paper.not_written") from error


def office_printer() -> QPrinter | None:
    """The printer this laptop prints on, None where there is none."""
    usual = QPrinterInfo.defaultPrinter()
    if usual.isNull():
        return None
    return QPrinter(usual, QPrinter.PrinterMode.HighResolution)


def printer_or_file(owner: QWidget, title: str, name: str) -> QPrinter | Path | None:
    """The office's printer; without one a PDF where the officer wants it, None when she wants none."""
    printer = office_printer()
    if printer is not None:
        return printer
    path, _kind = QFileDialog.getSaveFileName(owner, title, name, "PDF (*.pdf)")
    return Path(path) if path else None
