"""Why a set was saved: an officer's own words, a code of the program, or a code with the id of a batch.

All sets of one import say `import <id>`, so that any laptop that holds the journal finds them together,
and those that took it back say `withdraw <id>`.
"""

from __future__ import annotations

import re

IMPORT, WITHDRAW = "import", "withdraw"
_BATCH = re.compile(f"({IMPORT}|{WITHDRAW}) ([0-9a-f]{{32}})")


def of_batch(code: str, batch: str) -> str:
    """The reason that every set of a batch bears."""
    return f"{code} {batch}"


def code_of(reason: str) -> str:
    """What the words of a reason are kept under; an officer's own words as they are."""
    found = _BATCH.fullmatch(reason)
    return found[1] if found else reason


def batch_of(reason: str) -> str:
    """The id of the batch that a set belongs to; empty for one that was saved alone."""
    found = _BATCH.fullmatch(reason)
    return found[2] if found else ""
