"""Which backups have outlived their use: seven days and four weeks are kept, and all of today's."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TypeVar

DAYS, WEEKS = 7, 4
_Name = TypeVar("_Name")


def outlived(made: Mapping[_Name, datetime], now: datetime) -> list[_Name]:
    """Those to take away.

    Of each of the seven latest days that have any, the newest stays; of each of the four latest weeks,
    the newest too. All of today's stay: an import may have to be gone back before, twice. Days on which
    nobody worked count for nothing, so an office that was closed for a month keeps what it had.
    """
    newest_first = sorted(made, key=lambda name: made[name], reverse=True)
    days: dict[date, _Name] = {}
    weeks: dict[tuple[int, int], _Name] = {}
    for name in newest_first:
        day = made[name].date()
        days.setdefault(day, name)
        weeks.setdefault(day.isocalendar()[:2], name)
    kept = [*list(days.values())[:DAYS], *list(weeks.values())[:WEEKS]]
    return [name for name in newest_first if name not in kept and made[name].date() != now.date()]
