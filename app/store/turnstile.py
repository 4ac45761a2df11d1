"""Readers pass freely; once in a while somebody needs the room to be empty."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from app.domain.errors import Trouble

WAIT_SECONDS = 30.0


class Turnstile:
    """`through` for each reader, again within itself too; `closed` while nobody is inside."""

    def __init__(self) -> None:
        self._turn = threading.Condition()
        self._inside = 0
        self._is_closed = False
        self._mine = threading.local()

    @contextmanager
    def through(self) -> Iterator[None]:
        """Inside. Trouble("vault.busy") when it stays closed."""
        depth = getattr(self._mine, "depth", 0)
        with self._turn:
            if not depth and not self._turn.wait_for(lambda: not self._is_closed, WAIT_SECONDS):
                raise Trouble("vault.busy")
            self._inside += 1
        self._mine.depth = depth + 1
        try:
            yield
        finally:
            self._mine.depth = depth
            with self._turn:
                self._inside -= 1
                self._turn.notify_all()

    @contextmanager
    def closed(self) -> Iterator[None]:
        """Everybody has left, and nobody comes in. Trouble("vault.busy") when somebody stays."""
        with self._shut(WAIT_SECONDS) as is_empty:
            if not is_empty:
                raise Trouble("vault.busy")
            yield

    @contextmanager
    def cleared(self, seconds: float, tell: Callable[[], None]) -> Iterator[None]:
        """Nobody comes in; who is inside was told to leave and had so long. Who asks, or will not, stays."""
        with self._shut(seconds, tell, getattr(self._mine, "depth", 0)):
            yield

    @contextmanager
    def _shut(
        self, seconds: float, tell: Callable[[], None] = lambda: None, staying: int = 0
    ) -> Iterator[bool]:
        with self._turn:
            self._is_closed = True
            tell()
            is_empty = self._turn.wait_for(lambda: self._inside <= staying, seconds)
        try:
            yield is_empty
        finally:
            with self._turn:
                self._is_closed = False
                self._turn.notify_all()
