"""A day: typed, or found in a calendar that opens at the button or by Alt+Down."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QDate, QLocale, QPoint, Qt, Signal
from PySide6.QtGui import QIcon, QKeyEvent, QTextCharFormat
from PySide6.QtWidgets import QCalendarWidget, QFrame, QToolButton, QVBoxLayout

from app.survey.views import NodeView
from app.ui import icons
from app.ui.parts.boxes import fill
from app.ui.parts.buttons import Button
from app.ui.survey.controls.line import Box, Line
from app.ui.survey.controls.moments import Clock, Day, DayAndTime
from app.ui.theme import give, look
from app.words import gettext as _
from app.words import spoken


class DayLine(Line):
    """The line with its button; a moment keeps its time when another day is chosen."""

    def __init__(self, reader: Day | DayAndTime, clock: Clock) -> None:
        self._button = Button.only_icon("calendar", _("Open the calendar"), on=self.open_calendar)
        give(self._button, fit="form")
        super().__init__(reader, _DayBox(), self._button)
        self._clock = clock
        self._sheet: MonthSheet | None = None
        assert isinstance(self.box, _DayBox)
        self.box.calendar_wanted.connect(self.open_calendar)

    def paint(self, node: NodeView) -> None:
        super().paint(node)
        self._button.setAccessibleDescription(node.label)

    @property
    def calendar(self) -> MonthSheet | None:
        """What is open."""
        return self._sheet

    def open_calendar(self) -> None:
        """At the day that stands in the line, or today."""
        self._close()
        self._sheet = MonthSheet(self, self._standing())
        self._sheet.chosen.connect(self._choose)
        below = self.box.mapToGlobal(QPoint(0, self.box.height() + 2))
        room = self.screen().availableGeometry()
        size = self._sheet.sizeHint()
        if below.y() + size.height() > room.bottom():
            below.setY(self.box.mapToGlobal(QPoint(0, 0)).y() - size.height() - 2)
        self._sheet.move(min(below.x(), room.right() - size.width()), max(below.y(), room.top()))
        self._sheet.show()
        self._sheet.calendar.setFocus()

    def _standing(self) -> date:
        value = self.reader.read(self.box.typed()).value or self._kept
        try:
            return date.fromisoformat(value[:10])
        except ValueError:
            return self._clock()

    def _choose(self, day: date) -> None:
        self._close()
        shown = f"{day:%d/%m/}{day.year:04d}"
        if isinstance(self.reader, DayAndTime):
            _day, _space, time = self.reader.show(self._kept).partition(" ")
            shown = f"{shown} {time or '00:00'}"
        self.type_in(shown)
        self.take_focus()

    def _close(self) -> None:
        if self._sheet is not None:
            self._sheet.close()
            self._sheet.deleteLater()
            self._sheet = None


class _DayBox(Box):
    calendar_wanted = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_down = event.key() == Qt.Key.Key_Down
        if event.key() == Qt.Key.Key_F4 or (is_down and event.modifiers() & Qt.KeyboardModifier.AltModifier):
            self.calendar_wanted.emit()
            return
        super().keyPressEvent(event)


class MonthSheet(QFrame):
    """A month; `chosen(date)` by click or Enter. Escape and a click elsewhere close it."""

    chosen = Signal(object)

    def __init__(self, line: DayLine, day: date) -> None:
        super().__init__(line, Qt.WindowType.Popup)
        give(self, role="popup")
        self.calendar = QCalendarWidget()
        self.calendar.setLocale(QLocale(spoken()))
        self.calendar.setFont(look().font("input"))
        self.calendar.setFirstDayOfWeek(Qt.DayOfWeek.Monday)
        self.calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        self.calendar.setHorizontalHeaderFormat(QCalendarWidget.HorizontalHeaderFormat.ShortDayNames)
        self.calendar.setSelectedDate(QDate(day.year, day.month, day.day))
        self.calendar.setAccessibleName(_("Calendar"))
        self._draw_plainly()
        self.calendar.clicked.connect(self._take)
        self.calendar.activated.connect(self._take)
        fill(QVBoxLayout(self), self.calendar, margins=4)

    def _draw_plainly(self) -> None:
        """Qt paints days off red, and arrows of its own: red is for what needs a person."""
        plain, head = QTextCharFormat(), QTextCharFormat()
        plain.setForeground(look().colours.ink)
        head.setForeground(look().colours.ink3)
        head.setBackground(look().colours.surface)
        for day in Qt.DayOfWeek:
            self.calendar.setWeekdayTextFormat(day, plain)
        self.calendar.setHeaderTextFormat(head)
        ratio = self.devicePixelRatioF()
        for name, icon in (
            ("qt_calendar_prevmonth", "chevron-left"),
            ("qt_calendar_nextmonth", "chevron-right"),
        ):
            button = self.calendar.findChild(QToolButton, name)
            if button is not None:
                button.setIcon(QIcon(icons.pixmap(icon, look().px(16), look().colours.ink2, ratio)))

    def _take(self, day: QDate) -> None:
        self.chosen.emit(date(day.year(), day.month(), day.day()))
