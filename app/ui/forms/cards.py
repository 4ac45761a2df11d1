"""Choices as cards, and consent as a card: large targets for decisions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QSizePolicy, QStyle

from app.ui import icons
from app.ui.forms.keyed import KeyedButtons
from app.ui.parts.chips import cap_width, paint_cap
from app.ui.style import draw_check, draw_radio
from app.ui.theme import look


@dataclass(frozen=True)
class Choice:
    """A card: bold verb, one or two lines of what goes, an icon at the right, the key that chooses it."""

    key: str
    words: str
    note: str = ""
    icon: str = ""
    cap: str = ""


class _Card(QAbstractButton):
    """Paints box, mark, words and note; chosen: 2 px accent and accentSoft."""

    def __init__(self, words: str, note: str, icon: str = "", *, is_radio: bool, large: bool = False) -> None:
        super().__init__()
        self._words, self._note, self._icon = words, note, icon
        self._is_radio, self._is_large = is_radio, large
        self._has_frame, self._is_quiet = True, False
        self.cap = ""
        self.setCheckable(True)
        self.setText(words)
        self.setAccessibleName(words)
        self.setAccessibleDescription(note)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        # Cards in a row are as tall as the tallest; a consent is as tall as its words.
        vertical = QSizePolicy.Policy.Preferred if is_radio else QSizePolicy.Policy.Fixed
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, vertical)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def _fonts(self) -> tuple[str, str]:
        if self._is_large:
            return ("drive" if self._is_quiet else "driveheading"), "drive"
        return "card", "small"

    def _left(self) -> int:
        return look().px((52 if self._is_radio else 66) if self._is_large else 43)

    def _right(self) -> int:
        return look().px(44 if self._icon else 16)

    def _note_height(self, width: int) -> int:
        metrics = QFontMetrics(look().font(self._fonts()[1]))
        room = QRect(0, 0, max(width - self._left() - self._right(), 40), 10_000)
        return metrics.boundingRect(room, Qt.TextFlag.TextWordWrap, self._note).height() if self._note else 0

    def heightForWidth(self, width: int) -> int:
        line = QFontMetrics(look().font(self._fonts()[0])).height()
        gaps = look().px(36 if self._is_large else 26)
        return line + self._note_height(width) + gaps + (look().px(4) if self._note else 0)

    def hasHeightForWidth(self) -> bool:
        return True

    def sizeHint(self) -> QSize:
        width = QFontMetrics(look().font(self._fonts()[0])).horizontalAdvance(self._words)
        width += self._left() + self._right()
        return QSize(width, self.heightForWidth(max(width, self.width())))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()  # its height follows from how its note wraps

    def paintEvent(self, event: QPaintEvent) -> None:
        colours, px = look().colours, look().px
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        is_strong = self.isChecked() if self._is_radio else False
        fill_colour = colours.accentSoft if is_strong else colours.surface
        if self.underMouse() and not is_strong and self.isEnabled():
            fill_colour = colours.hover
        outline, width = (colours.accent, 2.0) if is_strong or self.hasFocus() else (colours.line2, 1.0)
        if not self.isEnabled() and not is_strong:
            fill_colour, outline = colours.sunk, colours.line
        painter.setPen(QPen(outline, width) if self._has_frame or self.hasFocus() else Qt.PenStyle.NoPen)
        painter.setBrush(fill_colour)
        half = width / 2
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(half, half, -half, -half), 4, 4)
        self._paint_mark(painter)
        self._paint_words(painter)
        if self._icon:
            box = QRect(self.width() - px(36), px(14), px(20), px(20))
            icons.paint(painter, box, self._icon, colours.ink if self.isEnabled() else colours.ink3)
        if self.cap:
            paint_cap(painter, self.width() - px(16) - cap_width(self.cap), px(52), self.cap)

    def _paint_mark(self, painter: QPainter) -> None:
        px = look().px
        state = QStyle.StateFlag.State_On if self.isChecked() else QStyle.StateFlag.State_Off
        if self.isEnabled() or self.isChecked():
            state |= QStyle.StateFlag.State_Enabled
        if self._is_radio:
            size = px(22 if self._is_large else 17)
            draw_radio(
                painter,
                QRect(px(18) if self._is_large else px(14), px(18 if self._is_large else 14), size, size),
                state,
            )
        else:
            size = px(28 if self._is_large else 18)
            draw_check(painter, QRect(px(20) if self._is_large else px(14), px(15), size, size), state)

    def _paint_words(self, painter: QPainter) -> None:
        colours, px = look().colours, look().px
        strong, small = self._fonts()
        line = QFontMetrics(look().font(strong)).height()
        top = px(16 if self._is_large else 12)
        room = self.width() - self._left() - self._right()
        painter.setPen(colours.ink if self.isEnabled() or self.isChecked() else colours.ink3)
        painter.setFont(look().font(strong))
        painter.drawText(QRect(self._left(), top, room, line), Qt.AlignmentFlag.AlignVCenter, self._words)
        painter.setPen(colours.ink2 if self.isEnabled() else colours.ink3)
        painter.setFont(look().font(small))
        note = QRect(self._left(), top + line + px(4), room, self.height())
        painter.drawText(note, Qt.TextFlag.TextWordWrap, self._note)


class ChoiceCards(KeyedButtons):
    """Cards in a row, one chosen; while work runs the others are disabled, not hidden.

    In large text four stand two by two, three below each other.
    """

    def __init__(
        self, choices: Sequence[Choice], value: str | None = None, *, gap: int = 12, large: bool = False
    ) -> None:
        super().__init__([choice.key for choice in choices])
        count = len(choices)
        columns = count if look().factor < 1.5 or count <= 2 else 2 if count % 2 == 0 else 1
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(look().px(gap))
        for column in range(columns):
            layout.setColumnStretch(column, 1)
        for place, choice in enumerate(choices):
            card = _Card(choice.words, choice.note, choice.icon, is_radio=True, large=large)
            card.cap = choice.cap
            self._add(card)
            layout.addWidget(card, *divmod(place, columns))
        self.set_value(value)

    def set_running(self, running: bool) -> None:
        """Only the chosen one stays enabled while its work runs."""
        for button in self._group.buttons():
            button.setEnabled(not running or button.isChecked())


class ConsentCard(_Card):
    """A box ticked by hand, never beforehand: what she agrees to, and the words read to her."""

    changed = Signal()

    def __init__(self, words: str, read_out: str = "", *, large: bool = False) -> None:
        super().__init__(words, read_out, is_radio=False, large=large)
        self.toggled.connect(lambda _checked: self.changed.emit())

    def set_frameless(self, *, is_quiet: bool = False) -> None:
        """Stand inside another card: no outline but the focus; a wish beside the consent is quiet."""
        self._has_frame, self._is_quiet = False, is_quiet

    def value(self) -> bool:
        """Whether it was ticked."""
        return self.isChecked()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Some desktops press buttons by Enter, which saves in the drive: only Space ticks,
        # so consent is never a by-product.
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            event.ignore()
            return
        super().keyPressEvent(event)
