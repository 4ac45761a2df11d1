"""Somebody at a queue of questions: the real window on a real desk, by keyboard."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.actions.desk import Desk
from app.store import audit
from app.ui.link import Link
from app.ui.room import Room
from app.ui.window import Window

WAIT_MS = 20_000
MakeRoom = Callable[..., Room]


class Elsewhere(Room):
    """Where a way out of the queue leads; `asked` is what it was asked for."""

    asked: Mapping[str, object]

    def __init__(self, window: Window, *_desk: object) -> None:
        super().__init__(window)
        self.asked = {}

    def enter(self, **arguments: object) -> None:
        self.asked = arguments


class Sitting:
    """At the pane of one queue."""

    def __init__(self, window: Window, desk: Desk, pane: Any, qtbot: QtBot) -> None:
        self.window, self.desk, self.pane, self._qtbot = window, desk, pane, qtbot

    def settle(self) -> None:
        self._qtbot.wait(20)
        self._qtbot.waitUntil(lambda: self.window.jobs.is_idle, timeout=WAIT_MS)

    def press(self, key: Qt.Key, on: QWidget | None = None) -> None:
        self._qtbot.keyClick(on or self.pane.list, key)
        self.settle()

    def press_ctrl_enter(self) -> None:
        """Offscreen, a window seldom becomes active, so the shortcut is told."""
        shortcuts = {each.key().toString(): each for each in self.pane.findChildren(QShortcut)}
        shortcuts["Ctrl+Return"].activated.emit()
        self.settle()

    def choose(self, key: str) -> None:
        self.pane.list.choose(key)
        self.settle()

    def say(self, reason: str) -> None:
        """Give a reason on the page that is open."""
        self.pane.page.reason.control.set_value(reason)
        self.pane.page.reason.control.changed.emit()

    def lines(self) -> list[str]:
        """Who and what, line by line."""
        return [f"{line.name}, {line.about}" for line in self.pane.list._lines]

    @property
    def told(self) -> str:
        """The notice above the page."""
        return str(self.pane.notice.text)

    def looks(self, who: str) -> int:
        """How often masked numbers of hers were shown today."""
        with self.desk.vault.read() as connection:
            return audit.looks(connection, who, self.desk.clock.now().replace(hour=0, minute=0, second=0))


Sit = Callable[[Desk], Sitting]


def sitting(
    make_window: Callable[[], Window], qtbot: QtBot, rooms: Mapping[str, MakeRoom], *, at: str
) -> Iterator[Sit]:
    """Seats somebody at the queue of the room `at`; the other rooms lie around it."""
    links: list[Link] = []

    def begin(desk: Desk) -> Sitting:
        window = make_window()
        link = Link(window, desk)
        links.append(link)
        window.furnish({name: partial(_make, room, desk, link) for name, room in rooms.items()})
        window.show()
        room = window.go(at)
        seated = Sitting(window, desk, getattr(room, at), qtbot)
        seated.settle()
        return seated

    yield begin
    for link in links:
        link.end()


def _make(room: MakeRoom, desk: Desk, link: Link, window: Window) -> Room:
    return room(window, desk, link)


def shown(where: QWidget, part: type[Any]) -> list[Any]:
    """The parts of one kind that a page shows."""
    found: list[Any] = where.findChildren(part)
    return found
