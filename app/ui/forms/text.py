"""Lines that know what they hold: words, money, a date as precise as it is known."""

from __future__ import annotations

import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit

from app.domain.dates import DateReading, PartialDate, read_date, show
from app.domain.text import clean, read_amount, show_amount
from app.ui.theme import give, look
from app.words import gettext as _


class TextBox(QLineEdit):
    """A line of text; what leaves it is clean (NFC, no double spaces)."""

    changed = Signal()

    def __init__(self, text: str = "", *, hint: str = "", fit: str = "form") -> None:
        super().__init__(text)
        self.setPlaceholderText(hint)
        give(self, fit=fit)
        self.textEdited.connect(lambda _text: self.changed.emit())

    def value(self) -> str:
        """The cleaned words."""
        return clean(self.text())

    def set_value(self, text: str) -> None:
        """Put words there, from their beginning."""
        self.setText(text)
        self.setCursorPosition(0)

    def set_plain(self, plain: bool) -> None:
        """Read-only: no box, text only."""
        self.setReadOnly(plain)
        give(self, plain=plain)


class MoneyBox(QLineEdit):
    """Whole đồng: `540 ngàn` and `540000` become `540.000` on leaving; “đ” stands at the right."""

    changed = Signal()

    def __init__(self, dong: int | None = None) -> None:
        super().__init__()
        self.textEdited.connect(lambda _text: self.changed.emit())
        self.editingFinished.connect(
            lambda: self.set_value(self.value()) if self.value() is not None else None
        )
        self.setTextMargins(0, 0, look().px(16), 0)
        self.set_value(dong)

    def value(self) -> int | None:
        """Đồng, or None when nothing or nothing readable was typed (`problem` tells which)."""
        return read_amount(self.text()).dong

    def problem(self) -> str:
        """A sentence when what was typed is no amount."""
        if read_amount(self.text()).problem is None:
            return ""
        return _("Not an amount. Write 540.000, 540 thousand or 1,35 million.")

    def set_value(self, dong: int | None) -> None:
        """Show an amount, or none."""
        self.setText("" if dong is None else show_amount(dong))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setPen(look().colours.ink3)
        painter.setFont(self.font())
        room = self.rect().adjusted(0, 0, -look().px(11), 0)
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, "đ")


class DateBox(QLineEdit):
    """dd/mm/yyyy, mm/yyyy, or the year alone; `today` decides the century of `2.3.50`."""

    changed = Signal()

    def __init__(self, today: datetime.date, date: PartialDate | None = None) -> None:
        super().__init__()
        self._today = today
        self.setPlaceholderText(_("dd/mm/yyyy or yyyy"))
        self.textEdited.connect(lambda _text: self.changed.emit())
        self.set_value(date)

    def _reading(self) -> DateReading:
        return read_date(self.text(), self._today)

    def value(self) -> PartialDate | None:
        """The date; None when nothing was typed, or nothing that is a date (`problem` tells which)."""
        reading = self._reading()
        return None if reading.problem or _swapped(reading) else reading.value

    def problem(self) -> str:
        """A sentence when what was typed is no date."""
        reading = self._reading()
        if reading.problem == "impossible_date" and reading.value is not None:
            year = reading.value.year
            return _("No such day in the calendar. If only the year is known, write {year}.").format(
                year=year
            )
        if reading.problem or _swapped(reading):
            return _("Not a date. Write day/month/year, or the year alone.")
        return ""

    def set_value(self, date: PartialDate | None) -> None:
        """Show a date, or none."""
        self.setText("" if date is None else show(date))

    def focusOutEvent(self, event: QFocusEvent) -> None:
        value = self.value()
        if value is not None:
            self.set_value(value)
        super().focusOutEvent(event)


def _swapped(reading: DateReading) -> bool:
    """A workbook's month-first date may be turned round; what an officer types may not, silently."""
    return "month_day_swapped" in reading.mended
