"""Buttons: one primary a screen, verb first, the key in a cap where speed matters.

    Button(_("Save and print slip"), "primary", icon="print", key="Enter", size="drive", on=self.save)
    Button.only_icon("columns", _("Choose columns"), on=…)

Roles: "" (outlined), primary, danger (outlined red), quiet and quietbad (words alone), link,
onspine. Sizes: small 28, "" 32, form 36, unlock 40, drive 56. A disabled button says why:
`button.forbid(_("…"))`, `button.allow()`. `button.busy(_("Saving…"))` keeps its width, `ready()`.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRect, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QIcon, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QPushButton, QStyle, QStyleOptionButton

from app.ui import icons
from app.ui.parts.chips import cap_width, paint_cap
from app.ui.theme import give, look

_INKS = {
    "primary": "onFill",
    "danger": "bad",
    "quiet": "accent",
    "quietbad": "bad",
    "link": "accent",
    "toastlink": "toastLink",
    "onspine": "onFill",
    "spineicon": "spineInk",
}
_PADDING = {"quiet": 6, "quietbad": 6, "link": 0, "toastlink": 0}


class Button(QPushButton):
    """A push button that paints its own contents: icon, words, key cap, trailing icon, arc."""

    def __init__(  # noqa: PLR0913 - what a button shows, all but the words optional
        self,
        text: str,
        role: str = "",
        *,
        icon: str = "",
        trailing: str = "",
        key: str = "",
        size: str = "",
        on: Callable[[], object] | None = None,
    ) -> None:
        super().__init__(text)
        self._role, self._icon, self._trailing, self._key = role, icon, trailing, key
        self._size = size
        self._busy = ""
        self._is_short = False
        self._width = 0
        self._turn = QTimer(self, interval=80)
        self._turn.timeout.connect(self.update)
        self._angle = 0
        self.setAutoDefault(False)
        if role:
            give(self, role=role)
        if size:
            give(self, fit=size)
        if role in {"link", "quiet", "quietbad"}:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        if on is not None:
            self.clicked.connect(lambda _checked=False: on())

    @classmethod
    def only_icon(
        cls,
        icon: str,
        name: str,
        *,
        bare: bool = False,
        role: str = "",
        on: Callable[[], object] | None = None,
    ) -> Button:
        """A square button; `name` is its tooltip and what a screen reader says."""
        made = cls("", role or ("bareicon" if bare else "icon"), icon=icon, on=on)
        made.setToolTip(name)
        made.setAccessibleName(name)
        return made

    def forbid(self, why: str) -> None:
        """Disable, and say why on hover."""
        self.setEnabled(False)
        self.setToolTip(why)

    def allow(self) -> None:
        """Enable again, but not while it is busy."""
        self.setEnabled(not self._busy)
        self.setToolTip("")

    def busy(self, verb: str) -> None:
        """Show an arc and the verb, at the same width, until `ready`."""
        self._width = self.sizeHint().width()  # before it is laid out it is as wide as Qt likes
        self._busy = verb
        self.setEnabled(False)
        self._turn.start()
        self.updateGeometry()

    def ready(self) -> None:
        """Back to the words, and enabled."""
        self._busy = ""
        self._turn.stop()
        self.setEnabled(True)
        self.updateGeometry()

    def set_short(self, short: bool) -> None:
        """Show the icon alone (a narrow top bar); the words become the tooltip."""
        self._is_short = short and bool(self._icon)
        if self._is_short or self.toolTip() == self.text():
            self.setToolTip(self.text() if self._is_short else "")
        self.setAccessibleName(self.text())
        self.updateGeometry()

    def set_role(self, role: str) -> None:
        """Become the next step, or cease to be it."""
        self._role = role
        give(self, role=role)

    def set_icon(self, icon: str) -> None:
        """Change the icon."""
        self._icon = icon
        self.update()

    def _shape(self) -> tuple[int, int, int]:
        """Icon size, gap and side padding in pixels."""
        is_drive = self._size == "drive"
        px = look().px
        return (
            px(20 if is_drive else 16),
            px(10 if is_drive else 6),
            px(20 if is_drive else _PADDING.get(self._role, 12)),
        )

    def _words(self) -> str:
        return "" if self._is_short else self._busy or self.text()

    def _content_width(self) -> int:
        icon, gap, _padding = self._shape()
        widths = [icon] if self._icon or self._busy else []
        if self._words():
            widths.append(self.fontMetrics().horizontalAdvance(self._words()))
        if self._key and not self._is_short:
            widths.append(cap_width(self._key))
        if self._trailing:
            widths.append(icon)
        return sum(widths) + gap * max(0, len(widths) - 1)

    def sizeHint(self) -> QSize:
        self.ensurePolished()
        hint = super().sizeHint()
        if self._role in {"icon", "bareicon", "spineicon"}:
            return hint
        width = max(self._width if self._busy else 0, self._content_width() + 2 * self._shape()[2] + 2)
        return QSize(width, hint.height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text, option.icon = "", QIcon()
        self.style().drawControl(QStyle.ControlElement.CE_PushButton, option, painter, self)
        icon, gap, _padding = self._shape()
        ink = self._ink()
        x = (self.width() - self._content_width()) // 2
        middle = QRect(0, 0, self.width(), self.height())
        if self._busy:
            self._paint_arc(painter, QRect(x, (self.height() - icon) // 2, icon, icon), ink)
            x += icon + gap
        elif self._icon:
            icons.paint(painter, QRect(x, (self.height() - icon) // 2, icon, icon), self._icon, ink)
            x += icon + gap
        if words := self._words():
            painter.setPen(ink)
            painter.setFont(self.font())
            painter.drawText(middle.adjusted(x, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, words)
            x += self.fontMetrics().horizontalAdvance(words) + gap
        if self._key and not self._is_short:
            x += paint_cap(painter, x, self.height() // 2, self._key, ink) + gap
        if self._trailing:
            icons.paint(painter, QRect(x, (self.height() - icon) // 2, icon, icon), self._trailing, ink)

    def _ink(self) -> QColor:
        colours = look().colours
        if not self.isEnabled():
            return colours.ink3
        colour: QColor = getattr(colours, _INKS.get(self._role, "ink"))
        return colour

    def _paint_arc(self, painter: QPainter, box: QRect, ink: QColor) -> None:
        self._angle = (self._angle + 30) % 360
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(ink, 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawArc(box.adjusted(2, 2, -2, -2), -self._angle * 16, 270 * 16)
        painter.restore()
