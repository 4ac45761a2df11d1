"""How long work reports and is stopped: numbers stored by the worker, read by a timer.

The worker calls `step`; it only stores numbers and raises `Cancelled` if the
officer asked to stop. Nobody is signalled, so a step costs next to nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.errors import Cancelled


@dataclass
class Progress:
    """Shared between one worker and one watcher; plain attributes are enough under the GIL."""

    done: int = 0
    total: int = 0
    what: str = ""  # a msgid, translated by whoever shows it
    stop: bool = False

    def step(self, done: int, total: int, what: str = "") -> None:
        """Report `done` of `total` units of `what`; raises Cancelled when asked to stop."""
        self.done, self.total = done, total
        self.what = what or self.what
        if self.stop:
            raise Cancelled

    def cancel(self) -> None:
        """Ask the worker to stop at its next step."""
        self.stop = True
