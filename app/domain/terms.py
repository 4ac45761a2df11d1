"""How long an officer's certificate counts: up to the end of a last day, as the day goes in Vietnam.

An approver lent to a commune, a surveyor of one summer: the right ends by itself, and nobody has to
remember to take it. The centre asks at receipt; a laptop by its own time (`store.leave`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from app.domain.errors import Refusal

NEAR_DAYS = 14  # she and whoever keeps the officers are told from here on: a renewal may go by stick
_VIETNAM = timedelta(hours=7)
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Term:
    """`last`: the last day on which she may act; `left`: days after today, 0 on that day, negative after."""

    last: date
    left: int

    @property
    def is_over(self) -> bool:
        """Whether she may do nothing any more."""
        return self.left < 0

    @property
    def is_near(self) -> bool:
        """Whether it is time to ask for more, or past it."""
        return self.left <= NEAR_DAYS


def end_of(last: date) -> int:
    """The moment after a last day, in milliseconds since 1970."""
    midnight = datetime.combine(last + _DAY, time(), UTC) - _VIETNAM
    return int(midnight.timestamp() * 1000)


def last_day(end_ms: int) -> date:
    """The last whole day before a moment."""
    return (datetime.fromtimestamp(end_ms / 1000, UTC) + _VIETNAM - timedelta(milliseconds=1)).date()


def is_over(end_ms: int, now_ms: int) -> bool:
    """Whether a certificate with this end, 0 for none, counts no more."""
    return 0 < end_ms <= now_ms


def term_of(end_ms: int, now_ms: int) -> Term | None:
    """How it stands; None for a certificate without an end."""
    if not end_ms:
        return None
    last, today = last_day(end_ms), last_day(now_ms + 1)
    return Term(last, (last - today).days)


def read_last_day(text: str) -> date | None:
    """`2026-12-31`; None for no words, which means no end. Refusal("officer.until") for another word."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise Refusal("officer.until", field="until") from error
