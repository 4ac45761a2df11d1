"""A morning: every commune's laptop is opened within minutes, calls, and calls again as the program does.

Real requests at their real times. The first call comes when the window's link begins, one in five of them
with twenty changes of the evening before; after an answer the next call is planned as `app.ui.link` plans it,
after a failure as `app.sync.conversation.pause_after` says, with its jitter. How long a call took is counted
from the moment it was due: a centre that cannot keep up is not spared.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

from app.sync.conversation import pause_after
from tests.bench.central.calls import Caller
from tests.bench.central.driver import Answers, Asking, Due, at_their_time

_AFTER_OPENING_S, _QUIET_S = 1.5, 120.0  # AFTER_SAVE_S and QUIET_S of app.ui.link, which needs a window
_HANDS, _WITH_CHANGES = 64, 0.2


def run(port: int, callers: Sequence[Caller], seconds: int) -> Answers:
    """The morning, as it went."""
    chance = random.Random(8)
    first = [one.changes() if chance.random() < _WITH_CHANGES else one.nothing_new() for one in callers]
    quiet = [one.nothing_new() for one in callers]
    calls = [Due(chance.uniform(0, seconds) + _AFTER_OPENING_S, at) for at in range(len(callers))]
    is_known = [False] * len(callers)

    def say(due: Due) -> Asking:
        return quiet[due.laptop] if is_known[due.laptop] else first[due.laptop]

    def after(due: Due, went_well: bool) -> Due | None:
        is_known[due.laptop] |= went_well
        if not went_well:
            return Due(due.at + pause_after(due.failures, chance.random()), due.laptop, due.failures + 1)
        following = Due(due.at + _QUIET_S, due.laptop)
        return following if following.at < seconds else None

    return at_their_time(port, calls, say, after, _HANDS)
