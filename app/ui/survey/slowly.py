"""A long page: what fills the screen is built at once, the rest while one reads.

A hundred questions take a second to build; a slot on the window's thread has 50 ms.
"""

from __future__ import annotations

import time
from collections import deque
from typing import Protocol

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

AT_ONCE = 24  # questions: more than a large screen shows
_SLICE_S = 0.02


class Waiting(Protocol):
    """What can wait to be built."""

    def build(self) -> None:
        """Now."""
        ...

    def parentWidget(self) -> QWidget | None:
        """What it is laid out in."""
        ...


class Slowly(QObject):
    """`finished`: nothing waits any more."""

    finished = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._built = 0
        self._waiting = deque[Waiting]()
        self._turn = QTimer(self, interval=0)
        self._turn.timeout.connect(self._build_some)

    def may_build(self) -> bool:
        """Whether what comes now is built at once."""
        self._built += 1
        return self._built <= AT_ONCE

    def wait(self, widget: Waiting) -> None:
        """Build it later, in the order in which they came."""
        if widget not in self._waiting:
            self._waiting.append(widget)
            self._turn.start()

    def begin(self) -> None:
        """Another page: what waited for the last one is built no more."""
        self.go_on()
        self._waiting.clear()
        self._turn.stop()

    def go_on(self) -> None:
        """A row is opened, or an answer brings questions: as many again at once."""
        self._built = 0

    def _build_some(self) -> None:
        until = time.monotonic() + _SLICE_S
        around = set[QWidget]()
        while self._waiting and time.monotonic() < until:
            widget = self._waiting.popleft()
            if not isValid(widget):  # its row was closed meanwhile
                continue
            if (parent := widget.parentWidget()) is not None:
                around.add(hold(parent))
            widget.build()
        for parent in around:
            release(parent)
        if not self._waiting:
            self._turn.stop()
            self.finished.emit()


def hold(parent: QWidget) -> QWidget:
    """Qt lays a parent out at each child that appears; of many, once is enough, at `release`."""
    layout = parent.layout()
    if layout is not None:
        layout.setEnabled(False)
    return parent


def release(parent: QWidget) -> None:
    """Lay it out when Qt comes to what the children asked for."""
    layout = parent.layout()
    if layout is not None:
        layout.setEnabled(True)


def appear(widget: QWidget, is_there: bool) -> None:
    """Show or hide, where that is not so already: what was never hidden comes with its parent."""
    is_hidden = widget.isHidden() and widget.testAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide)
    if is_hidden == is_there:
        widget.setVisible(is_there)
