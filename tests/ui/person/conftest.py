"""A desk, a window with the room in it, and somebody to look at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.actions import people
from app.actions.desk import Desk
from app.ui.link import Link
from app.ui.room import Room
from app.ui.rooms.person import PersonRoom
from app.ui.window import Window
from tests import desks
from tests.ui.person.room import (
    PANH,
    RIGHT,
    WAIT_MS,
    Settle,
)


class People(Room):
    """Where the way back leads."""


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    desks.make_keys_cheap(monkeypatch)
    made = desks.desk_of(tmp_path / "home")
    yield made
    made.vault.lock()


@pytest.fixture
def window(desk: Desk, make_window: Callable[[], Window], qtbot: QtBot) -> Iterator[Window]:
    made = make_window()
    link = Link(made, desk)
    made.furnish(
        {"person": lambda w: PersonRoom(w, desk, link), "people": People, "drive": People, "sync": People}
    )
    made.show()
    yield made
    link.end()
    made.close()


@pytest.fixture
def settle(window: Window, qtbot: QtBot) -> Settle:
    def wait() -> None:
        qtbot.wait(20)
        qtbot.waitUntil(lambda: window.jobs.is_idle, timeout=WAIT_MS)

    return wait


@pytest.fixture
def panh(desk: Desk) -> str:
    return people.add_person(desk, PANH, "add", RIGHT)
