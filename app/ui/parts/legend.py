"""What the parts of a bar mean: a swatch and a word each, painted in one line."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.theme import look

_SWATCH, _GAP, _BETWEEN = 10, 5, 14


class Legend(QWidget):
    """Legend([("bar", _("Approved")), ("bar2", _("Waiting")), ("track", _("None"))]): tokens and words."""

    def __init__(self, entries: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._entries = entries
        self.setAccessibleName(", ".join(words for _token, words in entries))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        metrics, px = QFontMetrics(look().font("caption")), look().px
        words = sum(metrics.horizontalAdvance(words) for _token, words in self._entries)
        return QSize(words + px(_SWATCH + _GAP + _BETWEEN) * len(self._entries), px(16))

    def paintEvent(self, event: QPaintEvent) -> None:
        colours, px = look().colours, look().px
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(look().font("caption"))
        x, top = 0, (self.height() - px(_SWATCH)) // 2
        for token, words in self._entries:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(getattr(colours, token))
            painter.drawRoundedRect(QRectF(x, top, px(_SWATCH), px(_SWATCH)), 2, 2)
            x += px(_SWATCH + _GAP)
            painter.setPen(colours.ink3)
            width = painter.fontMetrics().horizontalAdvance(words)
            painter.drawText(QRectF(x, 0, width + 2, self.height()), Qt.AlignmentFlag.AlignVCenter, words)
            x += width + px(_BETWEEN)
