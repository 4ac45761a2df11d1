"""A day: typed, or found in a calendar that opens at its picture or by Alt+Down."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QDate, QEvent, QLocale, QObject, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QIcon, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QTextCharFormat
from PySide6.QtWidgets import QApplication, QCalendarWidget, QFrame, QToolButton, QVBoxLayout, QWidget

from app.ui import icons
from app.ui.parts.boxes import fill
from app.ui.survey.controls.line import Box, Line
from app.ui.survey.controls.moments import AsKnown, Clock, Day, DayAndTime
from app.ui.theme import give, look
from app.words import gettext as _
from app.words import spoken


class DayLine(Line):
    """The line with its calendar; a moment keeps its time when another day is chosen."""

    def __init__(self, reader: AsKnown | Day | DayAndTime, clock: Clock) -> None:
        super().__init__(reader, _DayBox())
        self._clock = clock
        self._sheet: MonthSheet | None = None
        assert isinstance(self.box, _DayBox)
        self.box.calendar_wanted.connect(self.open_calendar)

    @property
    def calendar(self) -> MonthSheet | None:
        """What is open."""
        return self._sheet

    def open_calendar(self) -> None:
        """At the day that stands in the line, or today."""
        self._close()
        self._sheet = MonthSheet(self.window(), self._standing())
        self._sheet.chosen.connect(self._choose)
        self._sheet.left.connect(self._close)
        self._sheet.given_up.connect(self._give_back)
        self._sheet.stand_by(self.box)
        self._sheet.show()
        self._sheet.raise_()
        self._sheet.calendar.setFocus()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._close()

    def _give_back(self) -> None:
        self._close()
        self.take_focus()

    def _standing(self) -> date:
        value = self.reader.read(self.box.typed()).value or self._kept
        try:
            return date.fromisoformat(value[:10])
        except ValueError:
            return self._clock()

    def _choose(self, day: date) -> None:
        self._close()
        self.take_focus()
        shown = f"{day:%d/%m/}{day.year:04d}"
        if not isinstance(self.reader, DayAndTime):
            self.type_in(shown)
            return
        time = self.reader.show(self._kept).partition(" ")[2]
        if time:
            self.type_in(f"{shown} {time}")
        else:
            self.begin_with(f"{shown} ")  # nobody said when on that day

    def _close(self) -> None:
        sheet, self._sheet = self._sheet, None  # first: hiding it takes the keyboard from it
        if sheet is not None:
            sheet.hide()
            sheet.deleteLater()


class _DayBox(Box):
    """With the picture of a calendar at its end, which opens one."""

    calendar_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setTextMargins(0, 0, look().px(24), 0)
        self.setToolTip(_("Calendar: Alt+Down"))

    def _picture(self) -> QRect:
        return QRect(self.width() - look().px(36), 0, look().px(36), self.height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_down = event.key() == Qt.Key.Key_Down
        if event.key() == Qt.Key.Key_F4 or (is_down and event.modifiers() & Qt.KeyboardModifier.AltModifier):
            self.calendar_wanted.emit()
            return
        super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._picture().contains(event.position().toPoint()):
            self.calendar_wanted.emit()
            return
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        is_over = self._picture().contains(event.position().toPoint())
        self.setCursor(Qt.CursorShape.PointingHandCursor if is_over else Qt.CursorShape.IBeamCursor)
        super().mouseMoveEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        box = QRect(0, 0, look().px(16), look().px(16))
        box.moveCenter(self._picture().center())
        icons.paint(QPainter(self), box, "calendar", look().colours.ink2)


class MonthSheet(QFrame):
    """A month over the page. `chosen(date)` by click or Enter; `given_up` by Escape; `left` for elsewhere.

    A child of the window: a popup of its own would take the scanner's keys.
    """

    chosen = Signal(object)
    given_up = Signal()
    left = Signal()

    def __init__(self, window: QWidget, day: date) -> None:
        super().__init__(window)
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
        for part in self.calendar.findChildren(QWidget):
            part.installEventFilter(self)

    def stand_by(self, box: QWidget) -> None:
        """Below it, or above where there is no room below."""
        window, size = box.window(), self.sizeHint()
        at = box.mapTo(window, QPoint(0, box.height() + 2))
        if at.y() + size.height() > window.height():
            at.setY(max(box.mapTo(window, QPoint(0, 0)).y() - size.height() - 2, 0))
        at.setX(max(min(at.x(), window.width() - size.width()), 0))
        self.setGeometry(QRect(at, size))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.given_up.emit()
            return
        super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut:
            QTimer.singleShot(0, self, self._look_round)
        return super().eventFilter(watched, event)

    def _look_round(self) -> None:
        """The list of months is a menu, and no leaving."""
        focus = QApplication.focusWidget()
        if QApplication.activePopupWidget() is None and (focus is None or not self.isAncestorOf(focus)):
            self.left.emit()

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
