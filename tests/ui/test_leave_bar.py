"""How long this laptop goes on without its centre, said in the window; and a role that the centre changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from pytestqt.qtbot import QtBot

from app.actions.desk import Desk
from app.bootstrap.entering import Entered
from app.store import leave
from app.store.throttle import Moment
from app.ui.parts.buttons import Button
from app.ui.session import Session
from app.ui.window import Window

DAY = 86_400


@pytest.fixture
def session(window: Window, desk: Desk, settle: Callable[[], None]) -> Iterator[Callable[[Desk], Session]]:
    begun: list[Session] = []

    def begin(at: Desk) -> Session:
        begun.append(Session(window, at))
        begun[0].begin(Entered(at))
        settle()
        return begun[0]

    yield begin
    for each in begun:
        each.end()


def last_signed(desk: Desk, days: int) -> None:
    """The clock is moved: the centre signed so many days ago, and the laptop ran all that while."""
    now = Moment.now()
    signed = datetime.fromtimestamp(now.wall - days * DAY, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    with desk.vault.write() as connection:
        leave.renew(connection, signed, Moment(now.wall - days * DAY, now.up - days * DAY, now.boot))


@pytest.mark.parametrize(
    ("days", "left", "tone"),
    [
        (29, "", ""),
        (30, "15", "warn"),
        (44, "1", "warn"),
        (45, "45", "bad"),
        (89, "1", "bad"),
        (90, "90", "bad"),
    ],
)
def test_it_says_what_is_left_and_what_stops(
    window: Window, desk: Desk, session: Callable[[Desk], Session], days: int, left: str, tone: str
) -> None:
    last_signed(desk, days)
    session(desk)
    bar = window.leave_bar
    assert bar.isVisible() == bool(tone)
    if tone:
        assert str(days) in bar.notice.text
        assert left in bar.notice.text
        assert bar.notice.findChildren(Button)[-1].text()
        assert bar.notice._notice is not None
        assert bar.notice._notice.property("tone") == tone
    window.furnish({})
    assert not bar.isVisible()


def test_both_ways_to_the_centre_stand_in_it(
    window: Window, desk: Desk, session: Callable[[Desk], Session], settle: Callable[[], None]
) -> None:
    last_signed(desk, 50)
    session(desk)
    sync, stick = window.leave_bar.notice.findChildren(Button)
    stick.click()
    settle()
    assert window.here == "handover"
    sync.click()
    settle()
    assert window.here == "sync"


def test_a_role_that_moved_ends_the_sitting(
    window: Window, desk: Desk, session: Callable[[Desk], Session], qtbot: QtBot
) -> None:
    made = replace(desk, officer=replace(desk.officer, roles=("approver",)))
    begun = Session(window, made)
    with qtbot.waitSignal(begun.role_changed):
        begun.refresh_counts()
    begun.end()
