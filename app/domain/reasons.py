"""Why a set was saved: an officer's own words, a code of the program, or a code with what it belongs to.

All sets of one import say `import <id>`, so that any laptop that holds the journal finds them together,
and those that took it back say `withdraw <id>`. The set that closes a file says `move <commune> <month>`,
the one that opens it in the other commune `moved <commune> <id of that set>`: both name one move.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

IMPORT, WITHDRAW, MOVE, MOVED, ADOPTED = "import", "withdraw", "move", "moved", "adopted"
_BATCH = re.compile(f"({IMPORT}|{WITHDRAW}) ([0-9a-f]{{32}})")
_MOVE = re.compile(rf"({MOVE}) ([0-9A-Z]{{1,10}}) (\d{{4}}-(?:0[1-9]|1[0-2]))")
_MOVED = re.compile(f"({MOVED}|{ADOPTED}) ([0-9A-Z]{{1,10}}) ([0-9a-f]{{64}})")


@dataclass(frozen=True)
class Move:
    """To which commune, and the first month (2026-12) that it pays for."""

    to: str
    month: str

    @property
    def reason(self) -> str:
        """What the set that closes her file bears."""
        return f"{MOVE} {self.to} {self.month}"


def of_batch(code: str, batch: str) -> str:
    """The reason that every set of a batch bears."""
    return f"{code} {batch}"


def of_other(code: str, commune: str, about: str) -> str:
    """The reason of a set that opens what another commune's set closed, or adopts what one wrote."""
    return f"{code} {commune} {about}"


def code_of(reason: str) -> str:
    """What the words of a reason are kept under; an officer's own words as they are."""
    found = _BATCH.fullmatch(reason) or _MOVE.fullmatch(reason) or _MOVED.fullmatch(reason)
    return found[1] if found else reason


def batch_of(reason: str) -> str:
    """The id of the batch that a set belongs to; empty for one that was saved alone."""
    found = _BATCH.fullmatch(reason)
    return found[2] if found else ""


def move_of(reason: str) -> Move | None:
    """The move whose closing set bears this reason; None for any other."""
    found = _MOVE.fullmatch(reason)
    return Move(found[2], found[3]) if found else None


def other_of(reason: str) -> str:
    """The set of another commune that a set opened or adopted; empty for any other."""
    found = _MOVED.fullmatch(reason)
    return found[3] if found else ""
