"""How long a laptop that hears nothing of its centre may do what: full work, a warning, capture alone.

The numbers are data (`resources/policy/leave.toml`, or as the centre published them). Capturing and handing
over are never locked, however long it was: nobody's unsent work is ever locked in.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

DAY_S = 24 * 3600


class Stage(IntEnum):
    """How far it has come."""

    FULL = 0
    WARNED = 1
    CAPTURE = 2  # nothing is approved, nothing leaves but to the centre
    LAPSED = 3  # nor is anything masked shown


@dataclass(frozen=True)
class Leave:
    """Days after the last signed policy."""

    warned: int
    full: int
    capture: int

    def stage(self, seconds: int) -> Stage:
        """What so many seconds without the centre leave."""
        days = seconds // DAY_S
        if days < self.warned:
            return Stage.FULL
        if days < self.full:
            return Stage.WARNED
        return Stage.CAPTURE if days < self.capture else Stage.LAPSED

    def days_left(self, seconds: int) -> int:
        """Days until more of it stops: full work first, then what is masked; none once both have."""
        ends = self.full if self.stage(seconds) < Stage.CAPTURE else self.capture
        return max(0, ends - seconds // DAY_S)
