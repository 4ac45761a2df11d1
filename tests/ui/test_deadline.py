"""Before the list's deadline: the pill counts what it waits for, photos wait, tries come sooner."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

import pytest
from pytestqt.qtbot import QtBot

from app.actions import attachments, exchange
from app.actions.desk import Desk, save
from app.actions.people import add_person
from app.domain.changes import Edit
from app.domain.errors import Trouble
from app.domain.progress import Progress
from app.sync.conversation import PAUSE_SECONDS_HURRYING
from app.ui.link import Link, due_in_words
from app.ui.window import Window

WAIT_MS = 20_000


@dataclass(frozen=True)
class Day:
    """A clock that stands."""

    day: date

    def today(self) -> date:
        return self.day

    def now(self) -> datetime:
        return datetime(self.day.year, self.day.month, self.day.day, 8).astimezone()


def on(desk: Desk, day: str) -> Desk:
    return replace(desk, clock=Day(date.fromisoformat(day)))


def state_of(desk: Desk) -> exchange.LinkState:
    return replace(exchange.link_state(Progress(), desk), enrolled=True)


def test_what_the_list_waits_for_leads(
    desk: Desk, make_window: Callable[[], Window], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.ui.link.random.random", lambda: 0.9)
    her = add_person(desk, {"name": "Lò Thị Lan"}, "add")
    entitlement, proposal = desk.ids.new(), desk.ids.new()
    save(desk, "x", [Edit("entitlement", entitlement, "person", her), Edit("person", her, "note", "x")])
    save(desk, "x", [Edit("entitlement", entitlement, "amount", 500_000)])
    save(desk, "x", [Edit("proposal", proposal, "person", her), Edit("proposal", proposal, "state", "open")])
    early, near, last = (on(desk, day) for day in ("2026-12-10", "2026-12-20", "2026-12-25"))
    far = state_of(early)
    assert (far.for_list, far.hurries, due_in_words(far)) == (3, False, "")

    window = make_window()
    link = Link(window, near)
    link.state = state_of(near)
    assert link.state.waiting == 4
    assert link.standing.words == "Còn 5 ngày · 3 cho danh sách"
    told = "Còn 5 ngày đến hạn danh sách (25/12): 3 thay đổi về tài khoản, chế độ chưa gửi"
    assert told in link.standing.why
    link.state = state_of(last)
    assert link.standing.words == "Hạn hôm nay · 3 cho danh sách"
    link.state = replace(link.state, for_list=0)
    assert link.standing.words == "4 thay đổi chờ gửi"
    assert "máy này không còn gì chờ gửi" in due_in_words(link.state)

    asked: list[object] = []
    link.state = state_of(near)
    window.jobs.run = lambda _owner, fn, *_args, **_words: asked.append(fn)  # type: ignore[method-assign,assignment]
    link.send_files()
    for _ in range(8):
        link._failed(Trouble("sync.offline"))
    assert link._next.remainingTime() <= PAUSE_SECONDS_HURRYING * 1000
    assert attachments.send not in asked
    link.state = state_of(early)
    link._failed(Trouble("sync.offline"))
    link.send_files()
    assert link._next.remainingTime() > PAUSE_SECONDS_HURRYING * 1000
    assert attachments.send in asked
    link.end()
