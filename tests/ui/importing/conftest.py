"""A desk, a window with the import in it, and a way to wait until nothing runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot

from app.actions.desk import Desk
from app.ui.link import Link
from app.ui.room import Room
from app.ui.rooms.importing import Importing
from app.ui.window import Window

WAIT_MS = 60_000
Settle = Callable[[], None]


class People(Room):
    """Where the written people are looked at."""


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
def room(window: Window, settle: Settle) -> Importing:
    made = window.go("import")
    assert isinstance(made, Importing)
    settle()
    return made
