"""What is told at a console: how far the work is, and the answer as lines of JSON.

Progress is one line that moves on a terminal, a line a stage elsewhere.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable

from app.domain.progress import Progress
from app.words import gettext as _

_EVERY_SECONDS = 0.2


def tell_lines(lines: Iterable[object]) -> None:
    """A JSON object a line on stdout, in UTF-8 whatever the console speaks."""
    import msgspec

    encoder = msgspec.json.Encoder()
    for line in lines:
        sys.stdout.buffer.write(encoder.encode(line) + b"\n")
    sys.stdout.buffer.flush()


class TellingProgress(Progress):
    """Says on stderr how far the work is, so that stdout carries nothing but the answer."""

    def __init__(self) -> None:
        super().__init__()
        self._told, self._next = "", 0.0
        self._moves = sys.stderr.isatty()

    def step(self, done: int, total: int, what: str = "") -> None:
        """Note the numbers, and tell them when it is time."""
        super().step(done, total, what)
        if not self._moves:
            self._tell_stage()
        elif time.monotonic() >= self._next:
            self._next = time.monotonic() + _EVERY_SECONDS
            count = f" {done:,}/{total:,}".replace(",", ".") if total else ""
            print(f"\r\033[K{_(self.what) if self.what else ''}{count}", end="", file=sys.stderr, flush=True)

    def _tell_stage(self) -> None:
        if self.what and self.what != self._told:
            self._told = self.what
            print(f"{_(self.what)} …", file=sys.stderr, flush=True)

    def clear(self) -> None:
        """Take the moving line away before something else is said."""
        if self._moves:
            print("\r\033[K", end="", file=sys.stderr, flush=True)
