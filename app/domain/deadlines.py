"""By which day of a month a commune's list must be whole: dated data of `resources/policy/deadlines.toml`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Deadline:
    """From `since` on, the list is due on that day of each month; `lead`: days before it that it leads.

    `kinds`: the records whose changes it waits for.
    """

    since: date
    day: int
    lead: int
    kinds: tuple[str, ...]


@dataclass(frozen=True)
class Due:
    """The next deadline: its day, days left (0 on the day), whether it leads by now, what it waits for."""

    on: date
    left: int
    leads: bool
    kinds: tuple[str, ...]


@dataclass(frozen=True)
class Deadlines:
    """Every rule that was given, by its day."""

    all: tuple[Deadline, ...]

    def next(self, today: date) -> Due | None:
        """The next one, today's included; None where no rule counts yet."""
        counting = [deadline for deadline in self.all if deadline.since <= today]
        if not counting:
            return None
        rule = max(counting, key=lambda it: it.since)
        on = today.replace(day=rule.day)
        if on < today:
            year, month = divmod(today.year * 12 + today.month, 12)
            on = date(year, month + 1, rule.day)
        left = (on - today).days
        return Due(on, left, left <= rule.lead, rule.kinds)
