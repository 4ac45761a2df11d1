"""Real windows without a screen; whatever a test leaves behind fails it."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from typing import TypeVar

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QThread, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from app.actions.desk import Desk
from app.ui.application import make_application
from app.ui.jobs import Jobs
from app.ui.link import Link
from app.ui.theme import look, make_look, wear
from app.ui.window import Window

T = TypeVar("T", bound=QObject)
WAIT_MS = 60_000
SOON_MS = 350


@pytest.fixture(scope="session")
def qapp() -> QApplication:
    """The application as the program makes it: fonts, style, Qt's words."""
    return make_application(["tests"])


@pytest.fixture(autouse=True)
def nothing_left(qapp: QApplication) -> Iterator[None]:
    """Windows, running timers and threads of Qt that outlive a test fail it."""
    before = {id(widget) for widget in QApplication.topLevelWidgets()}
    gc.freeze()  # what stood before is no fault of this test; walking all of it twice took seconds a test
    yield
    for _round in range(2):
        gc.collect()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        QCoreApplication.processEvents()
    left = [widget for widget in QApplication.topLevelWidgets() if id(widget) not in before]
    assert not left, f"windows left: {left}"
    running = _running()
    if running and all(timer.isSingleShot() and timer.remainingTime() <= SOON_MS for timer in running):
        QTest.qWait(SOON_MS)  # what Qt itself made for one shot, and ends by itself
        running = _running()
    assert not running, f"timers left: {[(timer.interval(), timer.parent()) for timer in running]}"
    threads = [thread for thread in _alive(QThread) if thread.isRunning() and thread is not qapp.thread()]
    assert not threads, f"threads left: {threads}"


def _running() -> list[QTimer]:
    return [timer for timer in _alive(QTimer) if timer.isActive()]


def _alive(kind: type[T]) -> list[T]:
    return [thing for thing in gc.get_objects() if isinstance(thing, kind) and isValid(thing)]


@pytest.fixture(autouse=True)
def undressed(qapp: QApplication) -> Iterator[None]:
    """Every test begins and ends in the light look at 100 %."""
    yield
    if look() != make_look():  # to dress every widget that stands takes half a second
        wear(qapp, make_look())


@pytest.fixture
def jobs(qapp: QApplication) -> Iterator[Jobs]:
    """The lanes, closed afterwards."""
    made = Jobs()
    yield made
    made.close(finish_writes=False)


@pytest.fixture
def make_window(qapp: QApplication, qtbot: QtBot) -> Callable[[], Window]:
    """Makes furnished-by-nobody windows that are closed afterwards."""

    def make() -> Window:
        made = Window(qapp)
        qtbot.addWidget(made)
        return made

    return make


@pytest.fixture
def window(desk: Desk, make_window: Callable[[], Window]) -> Iterator[Window]:
    """Without rooms; asks the officer at the desk for her password."""
    made = make_window()
    made.prove = desk.prove
    made.show()
    yield made
    made.close()


@pytest.fixture
def link(window: Window, desk: Desk) -> Iterator[Link]:
    """To a centre that nobody answers at."""
    made = Link(window, desk)
    yield made
    made.end()


@pytest.fixture
def settle(window: Window, qtbot: QtBot) -> Callable[[], None]:
    """Waits until no job of the test's window runs."""

    def wait() -> None:
        qtbot.wait(20)
        qtbot.waitUntil(lambda: window.jobs.is_idle, timeout=WAIT_MS)

    return wait
