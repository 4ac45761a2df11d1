"""A short list of people to choose one from: digits, arrows, Enter or a click."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.domain.identity import mask_personal_id
from app.store.queries import PersonRow
from app.ui.parts.chips import cap_width, paint_cap
from app.ui.person.facts import born, who
from app.ui.theme import look
from app.words import gettext as _

_ROW = 52


class PeopleChoice(QWidget):
    """`taken(record id)` when one is chosen; the first is marked at first."""

    taken = Signal(str)

    def __init__(self, today: date) -> None:
        super().__init__()
        self._today = today
        self._people: Sequence[PersonRow] = ()
        self._here = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.hide()

    def show_people(self, people: Sequence[PersonRow]) -> None:
        """Offer these; takes no room without any."""
        self._people, self._here = people, 0
        self.setAccessibleName("; ".join(f"{n}. {row.name}" for n, row in enumerate(people, 1)))
        self.setVisible(bool(people))
        self.updateGeometry()
        self.update()

    @property
    def people(self) -> Sequence[PersonRow]:
        """Who is offered."""
        return self._people

    def take(self) -> bool:
        """Take the marked one; False when nobody is offered."""
        if self._people:
            self.taken.emit(self._people[self._here].id)
        return bool(self._people)

    def move_by(self, step: int) -> None:
        """Mark the next or the one before."""
        self._here = min(max(self._here + step, 0), max(len(self._people) - 1, 0))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(look().px(400), look().px(_ROW) * len(self._people))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up.value: -1, Qt.Key.Key_Down.value: 1}.get(event.key())
        if step is not None:
            self.move_by(step)
        elif event.text().isdecimal() and 1 <= int(event.text()) <= len(self._people):
            self._here = int(event.text()) - 1
            self.take()
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        place = int(event.position().y()) // look().px(_ROW)
        if 0 <= place < len(self._people):
            self._here = place
            self.take()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        for place in range(len(self._people)):
            self._paint(painter, place)

    def _paint(self, painter: QPainter, place: int) -> None:
        colours, px = look().colours, look().px
        seen, height = self._people[place], px(_ROW)
        line = QRect(0, place * height, self.width(), height)
        if place == self._here:
            painter.fillRect(line, colours.accentSoft)
            painter.fillRect(QRect(0, line.y(), 3, height), colours.accentFill)
        painter.fillRect(QRect(0, line.bottom(), line.width(), 1), colours.line)
        if self.hasFocus():  # below a box that is typed into, digits are words
            paint_cap(painter, px(14), line.center().y(), str(place + 1))
        left = px(14) + cap_width("8") + px(14)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(look().font("driveheading"))
        painter.setPen(colours.ink)
        room = line.adjusted(left, 0, -px(14), 0)
        half = room.width() * 2 // 5
        name = painter.fontMetrics().elidedText(seen.name, Qt.TextElideMode.ElideRight, half - px(12))
        painter.drawText(room, middle, name)
        painter.setFont(look().font("drive"))
        painter.setPen(colours.ink2)
        number = mask_personal_id(seen.personal_id) if seen.personal_id else _("no ID number")
        words = " · ".join(
            part
            for part in (who(seen.sex, seen.birth, seen.hamlet, self._today), born(seen.birth), number)
            if part
        )
        words = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, room.width() - half)
        painter.drawText(room.adjusted(half, 0, 0, 0), middle, words)
