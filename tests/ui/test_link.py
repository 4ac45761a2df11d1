"""The link to the centre: nothing that was saved waits for the quiet pause, and no lock for the link."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from threading import Event

import pytest
from pytestqt.qtbot import QtBot

from app.actions import exchange
from app.actions.desk import Desk
from app.domain.progress import Progress
from app.sync.conversation import Summary
from app.ui.link import Link
from app.ui.window import Window

WAIT_MS = 20_000


@pytest.fixture
def joined(monkeypatch: pytest.MonkeyPatch) -> None:
    """The laptop knows a centre."""
    state_of = exchange.link_state
    monkeypatch.setattr(
        exchange, "link_state", lambda progress, desk: replace(state_of(progress, desk), enrolled=True)
    )


@pytest.mark.usefixtures("joined")
@pytest.mark.parametrize("work", ["exchange", "fetch_past"])
def test_whoever_locks_waits_for_no_answer(
    work: str, desk: Desk, make_window: Callable[[], Window], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, ended = Event(), Event()

    def answerless(progress: Progress, _desk: Desk) -> Summary:
        begun.set()
        try:
            while True:
                progress.step(0, 0)
                time.sleep(0.02)
        finally:
            ended.set()

    monkeypatch.setattr(exchange, work, answerless)
    window = make_window()
    link = Link(window, desk)
    if work == "exchange":
        link.sync_now()
    else:
        link._take_state(replace(exchange.link_state(Progress(), desk), arriving=3))
    qtbot.waitUntil(begun.is_set, timeout=WAIT_MS)
    link.end()
    desk.vault.lock()
    assert ended.wait(10)


@pytest.mark.usefixtures("joined")
def test_a_save_during_an_exchange_goes_soon_after_it(
    desk: Desk, make_window: Callable[[], Window], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, goes_on = list[int](), Event()

    def slow(_progress: Progress, _desk: Desk) -> Summary:
        begun.append(1)
        assert goes_on.wait(20)
        return Summary(exchanges=1, in_step=True)

    monkeypatch.setattr(exchange, "exchange", slow)
    link = Link(make_window(), desk)
    link.sync_now()
    qtbot.waitUntil(lambda: len(begun) == 1, timeout=WAIT_MS)
    link.saved()  # what that exchange carries was composed before
    goes_on.set()
    qtbot.waitUntil(lambda: len(begun) == 2, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: not link.is_running, timeout=WAIT_MS)
    qtbot.wait(1_000)
    assert len(begun) == 2  # and then it is quiet
    link.end()
