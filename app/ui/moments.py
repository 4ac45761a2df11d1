"""Moments as officers write them: 23/11/2026 08:41, by the machine's zone."""

from __future__ import annotations

from datetime import datetime

from app.words import counted
from app.words import gettext as _

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def show_moment(moment: datetime) -> str:
    """`23/11/2026 08:41`."""
    return moment.astimezone().strftime("%d/%m/%Y %H:%M")


def show_written(iso: str) -> str:
    """A moment as records keep it; what is none stands as it is written."""
    try:
        return show_moment(datetime.fromisoformat(iso))
    except ValueError:
        return iso


def show_time(moment: datetime) -> str:
    """`08:41`."""
    return moment.astimezone().strftime("%H:%M")


def show_day(moment: datetime, today: datetime) -> str:
    """`Hôm nay, 23/11/2026`, or `21/11/2026`."""
    day = moment.astimezone()
    words = day.strftime("%d/%m/%Y")
    return _("Today, {day}").format(day=words) if day.date() == today.astimezone().date() else words


def show_lead(seconds: int) -> str:
    """How far this machine's clock is from the centre's: `nhanh 2 giờ`, `chậm 3 ngày`; rounded."""
    minutes = round(abs(seconds) / 60)
    if minutes < 120:
        span = counted("{count} minute", "{count} minutes", minutes)
    elif minutes < 48 * 60:
        span = counted("{count} hour", "{count} hours", round(minutes / 60))
    else:
        span = counted("{count} day", "{count} days", round(minutes / 1440))
    return (_("{span} fast") if seconds > 0 else _("{span} slow")).format(span=span)


def show_weekday(day: datetime) -> str:
    """`Thứ Hai, 23/11/2026`."""
    return f"{_(_WEEKDAYS[day.weekday()])}, {day.strftime('%d/%m/%Y')}"
