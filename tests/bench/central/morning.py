"""A morning: every commune's laptop is opened within minutes, calls, and goes on as the program does.

Real requests at their real times. The first call comes when the window's link begins, one in five of them
with twenty changes of the evening before; after it the laptop listens on a line that it keeps. The next call
is planned as `app.ui.link` plans it, after a failure as `app.sync.conversation.pause_after` says, with its
jitter. How long a call took is counted from the moment it was due: a centre that is late is not spared.
"""

from __future__ import annotations

import random
import resource
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from app.sync.conversation import pause_after
from app.ui.link import AFTER_SAVE_S, QUIET_LISTENING_S, QUIET_S
from tests.bench.central.calls import Caller
from tests.bench.central.driver import Answers, Asking, Due, Line, at_their_time

_HANDS, _WITH_CHANGES = 64, 0.2


@dataclass
class Morning:
    """How it went: the calls, and the opening of the lines to listen on."""

    port: int
    first: Sequence[Asking]
    quiet: Sequence[Asking]
    listening: Sequence[Asking]
    seconds: float
    chance: random.Random
    calls: Answers = field(default_factory=Answers)
    opened: Answers = field(default_factory=Answers)
    lines: dict[int, Line] = field(default_factory=dict)
    known: set[int] = field(default_factory=set)

    def make(self, due: Due, at: float) -> Due | None:
        """One call; the one that follows within this morning."""
        line, errors = Line(self.port), len(self.calls.errors)
        said = self.quiet if due.laptop in self.known else self.first
        try:
            self.calls.hear(*line.ask(said[due.laptop]))
        except OSError as error:
            self.calls.errors.append(repr(error))
        line.hang_up()
        self.calls.seconds.append(time.perf_counter() - at)
        if len(self.calls.errors) > errors:  # perhaps another's: then this one calls once more than it would
            pause = pause_after(due.failures, self.chance.random())
            return Due(due.at + pause, due.laptop, due.failures + 1)
        self.known.add(due.laptop)
        following = due.at + (QUIET_LISTENING_S if self._listen(due.laptop, time.perf_counter()) else QUIET_S)
        return Due(following, due.laptop) if following < self.seconds else None

    def _listen(self, laptop: int, at: float) -> bool:
        if laptop in self.lines:
            return True
        line = Line(self.port)
        try:
            status, said = line.listen(self.listening[laptop])
        except OSError as error:
            status, said = 0, repr(error).encode()
        self.opened.hear(status, said)
        self.opened.seconds.append(time.perf_counter() - at)
        if status == 200:
            self.lines[laptop] = line
        return status == 200

    def all_lines_break(self) -> Answers:
        """What a restart of the service does to those that listen: each calls again after its pause."""
        for line in self.lines.values():
            line.hang_up()
        broken, self.lines, self.opened = list(self.lines), {}, Answers()
        calls = [Due(pause_after(0, self.chance.random()), laptop) for laptop in broken]
        self.opened.wall = at_their_time(calls, self._open_again, _HANDS)
        return self.opened

    def _open_again(self, due: Due, at: float) -> None:
        self._listen(due.laptop, at)

    def end(self) -> None:
        """Hang up."""
        for line in self.lines.values():
            line.hang_up()


def run(port: int, callers: Sequence[Caller], seconds: int) -> Morning:
    """The morning, as it went; the lines on which laptops listen are open at its end."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    chance = random.Random(8)
    morning = Morning(
        port,
        [one.changes() if chance.random() < _WITH_CHANGES else one.nothing_new() for one in callers],
        [one.nothing_new() for one in callers],
        [one.listening() for one in callers],
        seconds,
        chance,
    )
    calls = [Due(chance.uniform(0, seconds) + AFTER_SAVE_S, at) for at in range(len(callers))]
    morning.calls.wall = morning.opened.wall = at_their_time(calls, morning.make, _HANDS)
    return morning
