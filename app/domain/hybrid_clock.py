"""The clock by which sets are put in order: the wall's, but never behind what it has seen."""

from __future__ import annotations

from collections.abc import Callable


class HybridClock:
    """Milliseconds since 1970 × 2¹⁶ plus a counter: never behind what it has seen (Kulkarni et al. 2014)."""

    def __init__(self, now_ms: Callable[[], int], last: int = 0) -> None:
        self._now_ms = now_ms
        self._last = last

    def tick(self) -> int:
        """A reading later than every earlier one."""
        self._last = max(self._now_ms() << 16, self._last + 1)
        return self._last


def milliseconds(clock: int) -> int:
    """Wall time of a hybrid clock reading, in milliseconds since 1970."""
    return clock >> 16
