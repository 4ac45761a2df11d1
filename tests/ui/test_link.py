"""The link to the centre: nothing that was saved waits for the quiet pause."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from threading import Event

import pytest
from pytestqt.qtbot import QtBot

from app.actions import exchange
from app.actions.desk import Desk
from app.actions.exchange import LinkState
from app.domain.progress import Progress
from app.sync.conversation import Summary
from app.ui.link import Link
from app.ui.window import Window

WAIT_MS = 20_000


def test_a_save_during_an_exchange_goes_soon_after_it(
    desk: Desk, make_window: Callable[[], Window], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, goes_on = list[int](), Event()

    def slow(_progress: Progress, _desk: Desk) -> Summary:
        begun.append(1)
        assert goes_on.wait(20)
        return Summary(exchanges=1, in_step=True)

    def enrolled(progress: Progress, desk: Desk) -> LinkState:
        return replace(state_of(progress, desk), enrolled=True)

    state_of = exchange.link_state
    monkeypatch.setattr(exchange, "link_state", enrolled)
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
