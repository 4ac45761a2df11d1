"""Identifiers that any laptop makes alone and that never meet another's.

UUIDv7 (RFC 9562 §5.7) whose random part is the device's tag and a counter, so that
the ids of one laptop's work share long prefixes and compress well on a 2G link.
Written as 32 lower-case hexadecimal digits.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

_TAG_BITS, _COUNTER_BITS = 40, 34
_RENEWED = "~"  # no laptop's own id has one, so nobody can enrol as another's renewal


class RecordIds:
    """Makes record ids for one device; two calls never give the same id."""

    def __init__(self, device: str, now_ms: Callable[[], int]) -> None:
        self._tag = int.from_bytes(hashlib.sha256(device.encode()).digest()[:5], "big")
        self._now_ms = now_ms
        self._last_ms = 0
        self._counter = 0

    def new(self) -> str:
        """A new id: 48 bits of milliseconds, version 7, device tag, counter."""
        now = max(self._now_ms(), self._last_ms)
        self._counter = self._counter + 1 if now == self._last_ms else 0
        self._last_ms = now
        random = self._tag << _COUNTER_BITS | self._counter
        high, low = random >> 62, random & ((1 << 62) - 1)
        return f"{now << 80 | 7 << 76 | high << 64 | 2 << 62 | low:032x}"


def derived_id(*parts: str) -> str:
    """An id that follows from what it is made of: a conflict's, from its set and atom."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:32]


def renewed(device: str, mark: str) -> str:
    """The id under which a laptop goes on after it was restored, or found to have a double.

    Its sets begin at number 1 again; its key and its standing stay those of `machine_of`, so it
    needs nobody's leave, and whoever revokes the laptop revokes all that it called itself.
    """
    return f"{machine_of(device)}{_RENEWED}{mark}"


def machine_of(device: str) -> str:
    """The laptop's id as it was enrolled."""
    return device.partition(_RENEWED)[0]
