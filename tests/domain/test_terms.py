"""When a certificate ends: by the day in Vietnam, and how near it is."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from app.domain.appointments import Appointment, Held, read, waiting, wanted
from app.domain.errors import Refusal
from app.domain.standing import Cell
from app.domain.terms import NEAR_DAYS, end_of, is_over, last_day, read_last_day, term_of

LAST = date(2026, 12, 31)


def ms(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp() * 1000)


def test_it_counts_up_to_midnight_in_vietnam() -> None:
    end = end_of(LAST)
    assert datetime.fromtimestamp(end / 1000, UTC).isoformat() == "2026-12-31T17:00:00+00:00"
    assert last_day(end) == LAST
    assert not is_over(end, ms("2026-12-31T23:59:59+07:00"))
    assert is_over(end, ms("2027-01-01T00:00:00+07:00"))
    assert not is_over(0, ms("2099-01-01T00:00:00+07:00"))


@pytest.mark.parametrize(
    ("now", "left", "near", "over"),
    [
        ("2026-12-01T08:00:00+07:00", 30, False, False),
        ("2026-12-17T23:59:59+07:00", NEAR_DAYS, True, False),
        ("2026-12-31T00:00:00+07:00", 0, True, False),
        ("2026-12-31T23:59:59+07:00", 0, True, False),
        ("2027-01-01T00:00:00+07:00", -1, True, True),
    ],
)
def test_how_near_it_is(now: str, left: int, near: bool, over: bool) -> None:
    term = term_of(end_of(LAST), ms(now))
    assert term is not None
    assert (term.last, term.left, term.is_near, term.is_over) == (LAST, left, near, over)
    assert term_of(0, ms(now)) is None


def test_a_last_day_is_read_or_refused() -> None:
    assert read_last_day("2026-12-31") == LAST
    assert read_last_day("") is None
    for odd in ("31/12/2026", "2026-13-01", "soon"):
        with pytest.raises(Refusal, match=r"officer\.until"):
            read_last_day(odd)


def asking(wants: str) -> Appointment | None:
    cells = {"officer": Cell("h", (1,), 5_000 << 16), "wants": Cell(wants, (1,), 5_000 << 16)}
    return read("r", cells)


def test_an_asking_says_until_when() -> None:
    found = asking(wanted(["approver"], [], "2026-12-31"))
    assert found is not None
    assert found.until == "2026-12-31"
    plain = asking(wanted(["approver"], []))
    assert plain is not None
    assert plain.until == ""
    assert "until" not in wanted([], [], "2026-12-31")  # who leaves, leaves at once
    assert asking('{"roles": ["approver"], "hamlets": [], "until": "soon"}') is None
    assert asking('{"roles": ["approver"], "hamlets": [], "until": 5}') is None


def test_the_same_roles_for_longer_wait_for_an_answer() -> None:
    found = asking(wanted(["approver"], [], "2027-03-31"))
    assert found is not None
    for until, is_open in (("2026-12-31", True), ("", True), ("2027-03-31", False)):
        assert bool(waiting([found], Held("h", ("approver",), (), 1_000, until))) is is_open
