"""Waits are measured by what the machine has proved, whatever its calendar says."""

from __future__ import annotations

import pytest

from app.domain.errors import Refusal
from app.store.throttle import TRIES_A_DAY, Moment, Tries, counted, seconds_to_wait, turned

START = Moment(1_800_000_000, 1000, "a")
HOUR, DAY = 3600, 86_400


def later(seconds: int, then: Moment = START) -> Moment:
    return Moment(then.wall + seconds, then.up + seconds, then.boot)


def after(wrong: int, at: Moment = START) -> Tries:
    return Tries(wrong, at, wrong, at)


def test_five_tries_are_free() -> None:
    tries = None
    for _ in range(5):
        assert seconds_to_wait(tries, START) == 0
        tries = counted(tries, START)
    assert seconds_to_wait(tries, START) == 30
    with pytest.raises(Refusal) as refused:
        counted(tries, later(10))
    assert (refused.value.code, refused.value.facts) == ("unlock.wait", {"seconds": 20})


def test_waits_double_to_a_quarter_of_an_hour() -> None:
    waits = [seconds_to_wait(after(wrong), START) for wrong in range(12)]
    assert waits == [0, 0, 0, 0, 0, 30, 60, 120, 240, 480, 900, 900]
    assert seconds_to_wait(after(10_000), START) == 900
    assert seconds_to_wait(after(5), later(30)) == 0


@pytest.mark.parametrize("years", [-10, 10])
def test_turning_the_calendar_shortens_no_wait(years: int) -> None:
    turned_clock = Moment(START.wall + years * 365 * DAY, START.up + 1, START.boot)
    assert seconds_to_wait(after(7), turned_clock) == 119
    restarted = Moment(turned_clock.wall, 20, "b")
    assert seconds_to_wait(after(7), restarted) == 100


def test_fifty_tries_a_day() -> None:
    tries, now = counted(None, START), START
    for _ in range(TRIES_A_DAY - 1):
        now = later(900, now)
        tries = counted(turned(tries, now), now)
    with pytest.raises(Refusal, match=r"unlock\.day_spent"):
        counted(turned(tries, later(900, now)), later(900, now))
    tomorrow = later(DAY)
    assert counted(turned(tries, tomorrow), tomorrow).today == 1


def test_the_calendar_alone_does_not_end_a_day() -> None:
    forward = Moment(START.wall + 2 * DAY, START.up + HOUR, START.boot)
    assert turned(after(50), forward) == after(50)


def test_after_a_restart_the_calendar_ends_the_day() -> None:
    next_morning = Moment(START.wall + DAY, 300, "b")
    renewed = turned(after(50), next_morning)
    assert renewed == Tries(50, START, 0, next_morning)
    assert seconds_to_wait(renewed, next_morning) == 600


def test_a_day_that_began_in_a_wrong_future_ends_all_the_same() -> None:
    wrong_future = Moment(START.wall + 70 * 365 * DAY, 100, "b")
    corrected = Moment(START.wall, 100, "c")
    begun_anew = turned(after(50, wrong_future), corrected)
    assert begun_anew == Tries(50, wrong_future, 50, corrected)
    renewed = turned(begun_anew, Moment(START.wall + DAY, 100, "d"))
    assert renewed
    assert renewed.today == 0


def test_this_machine_tells_the_moment() -> None:
    first, second = Moment.now(), Moment.now()
    assert first.boot == second.boot != ""
    assert 0 < first.up <= second.up
