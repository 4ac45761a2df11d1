"""The ear of a link: it hears when somebody else's work has reached the centre.

A line that breaks is opened again after growing, jittered pauses; whatever was missed meanwhile
comes with the next exchange.
"""

from __future__ import annotations

import random

from PySide6.QtCore import QObject, QTimer, Signal

from app.actions.desk import Desk
from app.actions.exchange import Listening
from app.sync.conversation import pause_after
from app.sync.events import Told
from app.ui.jobs import Jobs


class Ear(QObject):
    """Listens from `begin` to `end`; `heard` gives each word of the centre's."""

    heard = Signal(object)

    def __init__(self, parent: QObject, jobs: Jobs, desk: Desk) -> None:
        super().__init__(parent)
        self._jobs, self._desk = jobs, desk
        self._listening: Listening | None = None
        self._failures = 0
        self._again = QTimer(self, singleShot=True)
        self._again.timeout.connect(self.begin)
        self.is_open = False  # the centre has spoken on this line

    def begin(self) -> None:
        """Listen, unless that is done already, or its time has not come yet."""
        if self._listening is None and not self._again.isActive():
            self._listening = Listening(self._desk)
            self._wait(self._listening)

    def end(self) -> None:
        """Hang up for good."""
        self._again.stop()
        listening, self._listening = self._listening, None
        if listening is not None:
            listening.hang_up()
        self.blockSignals(True)

    def _wait(self, listening: Listening) -> None:
        self._jobs.run(self, listening.wait, lane="listen", done=self._told, failed=self._broken)

    def _told(self, told: Told) -> None:
        if self._listening is None:
            return
        self._failures, self.is_open = 0, True
        self._wait(self._listening)
        self.heard.emit(told)

    def _broken(self, _error: Exception) -> None:
        if self._listening is None:
            return
        self._listening, self.is_open = None, False
        self._again.start(int(pause_after(self._failures, random.random()) * 1000))
        self._failures += 1
