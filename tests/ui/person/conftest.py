"""A desk, a window with the room in it, and somebody to look at."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot

from app.actions import people
from app.actions.desk import Desk
from app.ui.link import Link
from app.ui.room import Room
from app.ui.rooms.person import PersonRoom
from app.ui.window import Window
from tests.ui.person.room import (
    PANH,
    RIGHT,
)


class People(Room):
    """Where the way back leads."""


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
def panh(desk: Desk) -> str:
    return people.add_person(desk, PANH, "add", RIGHT)
