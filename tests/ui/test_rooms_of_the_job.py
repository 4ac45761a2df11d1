"""Import through a real window."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.actions.desk import Desk
from app.bootstrap import Entered
from app.store import dossier, known
from app.ui.rooms.workbook import Importing
from app.ui.session import Session
from app.ui.window import Window
from tests import desks
from tests.actions.test_workbook import PEOPLE, write_book

WAIT_MS = 20_000


@pytest.fixture
def window(make_window: Callable[[], Window]) -> Window:
    made = make_window()
    made.show()
    return made


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, window: Window) -> Iterator[Desk]:
    desks.make_keys_cheap(monkeypatch)
    found = desks.desk_of(tmp_path / "home")
    session = Session(window, found)
    session.begin(Entered(found))
    yield found
    session.end()


@pytest.fixture
def settle(window: Window, qtbot: QtBot) -> Callable[[], None]:
    def wait() -> None:
        qtbot.wait(30)
        qtbot.waitUntil(lambda: window.jobs.is_idle, timeout=WAIT_MS)

    return wait


def her(desk: Desk, number: str) -> dossier.Person:
    with desk.vault.read() as connection:
        found = dossier.person(connection, known.everybody(connection).by_number[number])
    assert found is not None
    return found


def test_a_workbook_on_screen(
    window: Window, desk: Desk, qtbot: QtBot, tmp_path: Path, settle: Callable[[], None]
) -> None:
    room = window.go("import", path=write_book(tmp_path / "danh sach.xlsx", PEOPLE))
    assert isinstance(room, Importing)
    qtbot.waitUntil(lambda: room._review is not None, timeout=WAIT_MS)
    settle()
    room._show(2)
    assert "4" in room.forward.text()
    qtbot.mouseClick(room.forward, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: room.done.held is not None, timeout=WAIT_MS)
    settle()
    assert her(desk, "014148032213").row.name == "Lò Thị Pánh"
    room._undo()
    settle()
    with desk.vault.read() as connection:
        assert not known.everybody(connection).by_id
