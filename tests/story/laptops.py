"""Laptops of a commune in folders of their own, one window open at a time, as in an office of one desk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pytestqt.qtbot import QtBot

from app.store.laptop import Laptop
from app.ui.application import Wardrobe, Wishes, make_application
from app.ui.doors import Doors
from app.ui.window import Window
from tests.story.officer import Officer


@contextmanager
def at_window(qtbot: QtBot, laptop: Laptop) -> Iterator[Officer]:
    """The program started on a laptop, as `make run` does it, and closed afterwards."""
    app = make_application([])
    wardrobe = Wardrobe(app, Wishes())
    window = Window(app)
    wardrobe.changed.connect(window.refurnish)
    doors = Doors(window, wardrobe, laptop)
    doors.knock()
    officer = Officer(window, qtbot)
    try:
        window.show()
        officer.come_to_the_table()
        yield officer
    finally:
        window.close()
        window.deleteLater()
        wardrobe.deleteLater()


def laptops(folder: Path) -> tuple[Laptop, Laptop]:
    """The first laptop, and a second one of the same commune."""
    return Laptop(folder), Laptop(folder / "profiles" / "second")
