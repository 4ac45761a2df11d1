"""The ledger's cover, beside unlock and first start: its label fills as one chooses.

cover = Cover([(_("Commune"), "Mường Sen"), (_("Province"), "Sơn La"), (_("Year"), "2026")])
cover.set_lines(…)                    # as the officer chooses
self.setLayout(covered(cover, [title, form], [bar], [back, forward]))
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from app.domain.places import without_kind
from app.ui.parts.boxes import Item, column, column_layout, footer, margins_of, row_layout
from app.ui.parts.panes import scroll
from app.ui.theme import look
from app.words import gettext as _

Lines = Sequence[tuple[str, str]]


def place_lines(commune: str, province: str) -> list[tuple[str, str]]:
    """A place as papers have it: `Phường` printed, `Mộc Sơn` written; both kinds of commune and province."""
    return [_split(commune, _("Commune")), _split(province, _("Province"))]


def _split(name: str, otherwise: str) -> tuple[str, str]:
    bare = without_kind(name)
    return name.removesuffix(bare).strip() or otherwise, bare


def covered(cover: Cover, work: Sequence[Item], bars: Sequence[Item], foot: Sequence[Item]) -> QHBoxLayout:
    """The frame of the rooms before a register is open: the work scrolls between cover and footer."""
    bottom = footer(*foot)
    inner = bottom.layout()
    assert inner is not None
    inner.setContentsMargins(*margins_of((40, 0)))
    right = column_layout(scroll(column(*work, gap=4, margins=(40, 28))), *bars, bottom)
    right.setStretch(0, 1)
    whole = row_layout(cover, right, gap=0)
    whole.setStretch(1, 1)
    return whole


class Cover(QWidget):
    """Spine, fold, and a paper label with ruled lines."""

    def __init__(self, lines: Lines, *, width: int = 520) -> None:
        super().__init__()
        self._lines: Lines = ()
        self._is_wide = width > 400
        # The label must fit; the cloth around it need not grow with the text.
        self.setFixedWidth(
            look().px(width) if look().factor < 1.25 else look().px(425 if self._is_wide else 330)
        )
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.set_lines(lines)

    def set_lines(self, lines: Lines) -> None:
        """What is written on the label, each under its printed name."""
        self._lines = lines
        self.setAccessibleName(
            "Sổ An Sinh. " + ". ".join(f"{name}: {value}" for name, value in lines if value)
        )
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self.width(), look().px(600))

    def paintEvent(self, event: QPaintEvent) -> None:
        colours, px = look().colours, look().px
        painter = QPainter(self)
        painter.fillRect(self.rect(), colours.spine)
        fold = px(37 if self._is_wide else 29)
        painter.fillRect(QRect(0, 0, fold, self.height()), colours.spineEdge)
        painter.fillRect(QRect(fold, 0, 1, self.height()), colours.spineRule)
        box = QRect(0, 0, px(324 if self._is_wide else 268), px(132 + 41 * len(self._lines)))
        box.moveCenter(QRect(fold, 0, self.width() - fold, self.height()).center())
        box.moveTop((self.height() - box.height()) // 2 - px(24))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.paper)
        painter.drawRoundedRect(QRectF(box), 2, 2)
        painter.setPen(QPen(colours.paperInk, 2))
        painter.drawRect(QRectF(box).adjusted(px(7), px(7), -px(7), -px(7)))
        self._write(painter, box)

    def _write(self, painter: QPainter, box: QRect) -> None:
        colours, px = look().colours, look().px
        centre = Qt.AlignmentFlag.AlignCenter
        painter.setPen(colours.paperInk)
        painter.setFont(look().font("cover" if self._is_wide else "drivename"))
        painter.drawText(QRect(box.x(), box.y() + px(34), box.width(), px(46)), centre, "Sổ An Sinh")
        painter.setFont(look().font("body"))
        subtitle = QRect(box.x(), box.y() + px(80), box.width(), px(20))
        words = _("TRAINING") if look().is_training else _("People under social protection")
        painter.drawText(subtitle, centre, words)
        left, right = box.x() + px(34 if self._is_wide else 28), box.right() - px(34 if self._is_wide else 28)
        for place, (name, value) in enumerate(self._lines):
            base = box.y() + px(142) + px(39) * place
            painter.setFont(look().font("body"))
            painter.drawText(left, base, name)
            x = left + painter.fontMetrics().horizontalAdvance(name) + px(8)
            painter.fillRect(QRect(x, base + px(5), right - x, 1), colours.spineMark)
            font = look().font("label")
            font.setPixelSize(px(15))
            font.setWeight(look().font("strong").weight())
            painter.setFont(font)
            shown = QFontMetrics(font).elidedText(value, Qt.TextElideMode.ElideRight, right - x - px(6))
            painter.drawText(x + px(4), base - px(1), shown)
