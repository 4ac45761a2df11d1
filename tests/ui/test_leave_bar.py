"""How long this laptop goes on without its centre, said in the window; and a role that the centre changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from pytestqt.qtbot import QtBot

from app.actions.desk import Desk, remember
from app.actions.people import add_person
from app.bootstrap.entering import Entered
from app.domain.errors import Trouble
from app.domain.progress import Progress
from app.domain.terms import Term
from app.store import audit, leave, witness
from app.store.throttle import Moment
from app.ui import session as seating
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


@pytest.mark.parametrize(
    ("left", "tone", "said"),
    [(15, "", ""), (14, "warn", "hết hạn ngày"), (0, "warn", "hết hạn ngày"), (-1, "bad", "đã hết hạn")],
)
def test_it_says_when_her_certificate_ends(
    window: Window, desk: Desk, session: Callable[[Desk], Session], left: int, tone: str, said: str
) -> None:
    session(desk)
    bar = window.leave_bar
    assert not bar.isVisible()
    term = Term(desk.clock.today() + timedelta(left), left)
    bar.show_term(term)
    assert bar.isVisible() == bool(tone)
    if tone:
        assert said in bar.term.text
        assert f"{term.last:%d/%m/%Y}" in bar.term.text
        assert bar.term._notice is not None
        assert bar.term._notice.property("tone") == tone
    bar.show_term(None)
    assert not bar.isVisible()


def test_what_is_saved_is_remembered_within_moments(
    desk: Desk, session: Callable[[Desk], Session], qtbot: QtBot
) -> None:
    session(desk)
    add_person(desk, {"name": "Lò Thị Pánh"}, "add")
    assert desk.witness is not None
    with desk.vault.read() as connection:
        saved = audit.head(connection).no

    def is_remembered() -> bool:
        mark = witness.recall(desk.folder)
        return mark is not None and mark.log >= saved

    assert not is_remembered()
    qtbot.waitUntil(is_remembered, timeout=20_000)


def test_a_register_that_is_busy_is_asked_again_and_troubles_nobody(
    window: Window,
    desk: Desk,
    session: Callable[[Desk], Session],
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    witness = desk.witness
    assert witness is not None
    asked, told = list[Progress](), list[Exception]()
    window.jobs.unheard.connect(told.append)

    def once_busy(progress: Progress, at: Desk) -> None:
        asked.append(progress)
        if len(asked) == 1:
            raise Trouble("vault.busy")
        remember(progress, at)

    monkeypatch.setattr(seating, "remember", once_busy)
    session(desk)
    add_person(desk, {"name": "Lò Thị Pánh"}, "add")
    qtbot.waitUntil(lambda: len(asked) > 1 and not witness.is_behind, timeout=20_000)
    assert told == []


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
