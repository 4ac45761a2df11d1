"""A hall with an unlocked desk, and Lò Thị Pánh in its register."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.actions import people
from app.actions.desk import Desk
from app.bootstrap.entering import Entered
from app.ui.session import Session
from app.ui.window import Window
from tests.ui.drive.hall import PANH, RIGHT, Hall


class Stray(QObject):
    """Widgets shown before they have a parent: a window each, which takes the keyboard away."""

    def __init__(self, window: Window) -> None:
        super().__init__()
        self._window = window
        self.shown: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.shown += [repr(watched)] * (watched is not self._window)
        return False


@pytest.fixture
def panh(desk: Desk) -> str:
    return people.add_person(desk, PANH, "add", RIGHT)


@pytest.fixture
def hall(
    qapp: QApplication,
    desk: Desk,
    make_window: Callable[[], Window],
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Hall]:
    # Whether this machine has a printer is not what is tried here.
    monkeypatch.setattr("app.ui.drive.slips.office_printer", lambda: None)
    window = make_window()
    stray = Stray(window)
    qapp.installEventFilter(stray)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    session = Session(window, desk)
    window.closing.connect(session.end)  # as the doors do
    session.begin(Entered(desk))
    made = Hall(window, desk, qtbot)
    made.settle()
    yield made
    window.close()
    qapp.removeEventFilter(stray)
    assert stray.shown == []
