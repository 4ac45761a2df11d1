"""The drive's own frame: header on the spine, four steps, the bar of actions, the scanner's line."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFont, QIcon, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from app.resources import resource
from app.ui.charts import Expanding, Fixed, Step, paint_step
from app.ui.notices import IconLabel
from app.ui.parts.boxes import STRETCH, fill, label
from app.ui.parts.buttons import Button
from app.ui.parts.chips import Chip
from app.ui.pill import Pill
from app.ui.theme import give, look
from app.words import gettext as _

HEAD, TABS, FOOT, FOOT_LOW, SCANNER = 56, 64, 88, 72, 40


class DriveHead(QFrame):
    """Title, where and when, how the copy stands with the centre, and the way out."""

    def __init__(self, on_end: Callable[[], object]) -> None:
        super().__init__()
        give(self, role="spine")
        self.setFixedHeight(look().px(HEAD))
        cover = QLabel()
        size = look().px(32)
        cover.setPixmap(QIcon(str(resource("icons/soansinh.svg"))).pixmap(QSize(size, size)))
        is_large = look().factor >= 1.25  # then the short title leaves room for the place
        title = label(
            _("Enrolment drive") if is_large else _("Account enrolment drive"), "pane", tone="white"
        )
        self.place = Button("", "onspine", icon="pin", size="small")
        self.count = label("", "driveheading", tone="white")
        self.pill = Pill(on_spine=True)
        self.end = Button(_("Leave the drive"), "onspine", icon="door", on=on_end)
        for button in (self.place, self.end):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        training = [Chip(_("TRAINING"), "cap", "warn")] if look().is_training else []
        layout = QHBoxLayout(self)
        ends = (self.count, self.pill, self.end)
        fill(layout, cover, title, *training, self.place, STRETCH, *ends, gap=12, margins=(20, 0))

    def show_place(self, words: str) -> None:
        """Where the drive is held, and the day."""
        self.place.setText(words)
        self.place.updateGeometry()

    def show_count(self, words: str) -> None:
        """The counter, where the side panel has no room."""
        self.count.setText(words)
        self.count.setVisible(bool(words))


class StepTabs(QWidget):
    """Four steps over the whole width; a done one may be pressed to go back to it."""

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._steps: Sequence[Step] = ()
        self.setSizePolicy(Expanding, Fixed)
        self.setFixedHeight(look().px(TABS))

    def set_steps(self, steps: Sequence[Step]) -> None:
        """Show these steps, one of them `now`."""
        self._steps = steps
        self.setAccessibleName("; ".join(f"{step.words} {step.note}".strip() for step in steps))
        self.update()

    def _cell(self, place: int) -> QRect:
        count = max(len(self._steps), 1)
        left = self.width() * place // count
        return QRect(left, 0, self.width() * (place + 1) // count - left, self.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), look().colours.surface)
        for place in range(len(self._steps)):
            self._paint(painter, place)
        painter.fillRect(QRect(0, self.height() - 1, self.width(), 1), look().colours.line)
        now = next((n for n, step in enumerate(self._steps) if step.state == "now"), -1)
        if now >= 0:
            cell = self._cell(now)
            mark = QRect(cell.x(), cell.bottom() - look().px(3), cell.width(), look().px(4))
            painter.fillRect(mark, look().colours.accentFill)

    def _paint(self, painter: QPainter, place: int) -> None:
        colours, px = look().colours, look().px
        step, cell = self._steps[place], self._cell(place)
        if place:
            painter.fillRect(QRect(cell.x(), 0, 1, cell.height()), colours.line)
        middle = QPointF(cell.x() + px(36), cell.height() / 2)
        paint_step(painter, middle, px(16), step.state, str(place + 1))
        room = QRect(cell.x() + px(64), 0, cell.width() - px(72), cell.height())
        is_low = not step.note
        words = room.adjusted(0, 0 if is_low else px(10), 0, 0 if is_low else -px(28))
        painter.setFont(_title_font(is_now=step.state == "now"))
        painter.setPen(colours.ink if step.state == "now" else colours.ink2)
        shown = painter.fontMetrics().elidedText(step.words, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, shown)
        painter.setFont(look().font("body"))
        painter.setPen(colours.ink3)
        note = painter.fontMetrics().elidedText(step.note, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room.adjusted(0, px(34), 0, -px(8)), Qt.AlignmentFlag.AlignVCenter, note)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        for place, step in enumerate(self._steps):
            if step.state == "done" and self._cell(place).contains(event.position().toPoint()):
                self.chosen.emit(place)
                return


def _title_font(*, is_now: bool) -> QFont:
    font = QFont(look().font("drive"))
    font.setWeight(QFont.Weight.DemiBold if is_now else QFont.Weight.Normal)
    return font


class DriveFoot(QFrame):
    """Way back at the left, primary at the right; every key stands on its button.

    The buttons take no focus: a key pressed in a field does the same from there.
    """

    def __init__(self, acts: Sequence[Callable[[], object]]) -> None:
        super().__init__()
        give(self, role="footer")
        back, later, picture, camera, silent, forward = acts
        self.back = Button(_("Back"), key="Esc", size="drive", on=back)
        self.later = Button(_("Later"), key="F8", size="drive", on=later)
        self.picture = Button(_("Read from a picture"), icon="image", key="Ctrl O", size="drive", on=picture)
        self.camera = Button(_("Camera"), icon="camera", key="F6", size="drive", on=camera)
        self.silent = Button(_("Save without a slip"), key="F9", size="drive", on=silent)
        self.forward = Button("", "primary", key="Enter", size="drive", on=forward)
        self.words = label("", "hint", tone="accent", wrap=True)
        self._buttons = (self.back, self.later, self.picture, self.camera, self.silent, self.forward)
        for button in self._buttons:
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        layout = QHBoxLayout(self)
        left, right = self._buttons[:4], self._buttons[4:]
        fill(layout, *left, self.words, STRETCH, *right, gap=12, margins=(20, 0))
        layout.setStretch(5, 0)
        layout.setStretch(4, 1)
        self.set_low(False)

    def set_low(self, is_low: bool) -> None:
        """The lower bar of a small screen: what the scanner's line says moves in here."""
        self.setFixedHeight(look().px(FOOT_LOW if is_low else FOOT))
        self._is_low = is_low
        self._fit()

    def _fit(self) -> None:
        """The scanner's words only where they have room for a line or two."""
        taken = sum(b.sizeHint().width() + look().px(12) for b in self._buttons if not b.isHidden())
        room = self.width() - taken - look().px(40)
        self.words.setVisible(self._is_low and room >= look().px(170))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def show_forward(self, words: str, icon: str = "") -> None:
        """What Enter does now; nothing hides it."""
        self.forward.setVisible(bool(words))
        self.forward.setText(words)
        self.forward.set_icon(icon)
        self.forward.updateGeometry()
        self._fit()


class ScannerLine(QFrame):
    """What the scanner may read next; always in sight, for it works wherever the cursor is."""

    def __init__(self) -> None:
        super().__init__()
        give(self, role="scanner")
        self.setFixedHeight(look().px(SCANNER))
        self.words = label("", "label", tone="accent")
        fill(QHBoxLayout(self), IconLabel("scan", 18, "accent"), self.words, STRETCH, gap=10, margins=(20, 0))
