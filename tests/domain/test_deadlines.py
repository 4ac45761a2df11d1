"""Before which day the list must be whole, and from when on that leads."""

from __future__ import annotations

from datetime import date

import pytest

from app.domain.deadlines import Deadline, Deadlines
from app.domain.records import KINDS
from app.resources import load_reference

RULES = Deadlines(
    (
        Deadline(date(2027, 1, 1), 20, 3, ("account",)),
        Deadline(date(2025, 7, 1), 25, 7, ("account", "entitlement")),
    )
)


@pytest.mark.parametrize(
    ("today", "on", "left", "leads"),
    [
        ("2026-11-17", "2026-11-25", 8, False),
        ("2026-11-18", "2026-11-25", 7, True),
        ("2026-11-25", "2026-11-25", 0, True),
        ("2026-11-26", "2026-12-25", 29, False),
        ("2026-12-26", "2027-01-25", 30, False),  # by the rule that counts today
        ("2027-01-18", "2027-01-20", 2, True),
        ("2028-02-29", "2028-03-20", 20, False),
    ],
)
def test_the_next_one(today: str, on: str, left: int, leads: bool) -> None:
    due = RULES.next(date.fromisoformat(today))
    assert due is not None
    assert (due.on.isoformat(), due.left, due.leads) == (on, left, leads)


def test_none_before_the_first() -> None:
    assert RULES.next(date(2025, 6, 30)) is None


def test_what_ships_is_the_25th_and_speaks_of_records_that_there_are() -> None:
    due = load_reference().deadlines.next(date(2026, 12, 20))
    assert due is not None
    assert (due.on, due.left, due.leads) == (date(2026, 12, 25), 5, True)
    assert set(due.kinds) <= set(KINDS)
