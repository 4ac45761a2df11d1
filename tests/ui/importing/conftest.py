"""A desk, a window with the import in it, and a way to wait until nothing runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.actions.desk import Desk
from app.ui.link import Link
from app.ui.room import Room
from app.ui.rooms.importing import Importing
from app.ui.window import Window
from tests import desks

WAIT_MS = 60_000
Settle = Callable[[], None]


class People(Room):
    """Where the written people are looked at."""


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
    made.furnish({"import": lambda w: Importing(w, desk, link), "people": People, "sync": People})
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
def room(window: Window, settle: Settle) -> Importing:
    made = window.go("import")
    assert isinstance(made, Importing)
    settle()
    return made
