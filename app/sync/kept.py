"""The line to a centre, kept from one talk to the next for as long as the centre keeps it too.

A new line costs two turns and 1.6 kB before a word is said; on 2G that is most of a small sync.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from typing import Generic, Protocol, TypeVar

KEPT_SECONDS = 60.0  # the centre hangs up after 75, and many a mobile network sooner


class _Closable(Protocol):
    def close(self) -> None:
        """Hang up."""


LineType = TypeVar("LineType", bound=_Closable)


@dataclass(frozen=True)
class _Idle(Generic[LineType]):
    line: LineType
    where: Hashable
    since: float


class KeptLine(Generic[LineType]):
    """At most one idle line. Any thread may borrow; whoever finds it lent opens one of her own."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._idle: _Idle[LineType] | None = None
        self._is_over = False

    @contextmanager
    def lent(self, where: Hashable, dial: Callable[[], LineType]) -> Iterator[LineType]:
        """The line to where, else a new one; kept for the next who asks unless the talk failed."""
        line = self._taken(where) or dial()
        try:
            yield line
        except BaseException:
            line.close()
            raise
        self._put(_Idle(line, where, time.monotonic()))

    def hang_up(self) -> None:
        """For good: what is lent now is kept no more either."""
        self._is_over = True
        self._put(None)

    def _taken(self, where: Hashable) -> LineType | None:
        with self._lock:
            idle, self._idle = self._idle, None
        if idle is None:
            return None
        if idle.where == where and time.monotonic() - idle.since < KEPT_SECONDS:
            return idle.line
        idle.line.close()
        return None

    def _put(self, idle: _Idle[LineType] | None) -> None:
        with self._lock:
            former, self._idle = self._idle, idle
            if self._is_over and idle is not None:
                former, self._idle = idle, None
        if former is not None:
            former.line.close()
