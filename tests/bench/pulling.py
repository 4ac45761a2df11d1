"""A colleague's thousand edits come in while the list of 10,000 people is open: does the window stall?

A real window at a real link to a centre on PostgreSQL. The colleague's laptop, a process of its own, edits
and pushes; the centre says so, and this laptop pulls by itself and shows it. How long the event loop left a
timer waiting is what an officer would feel; the same window left alone stands beside it.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from tests.bench import people, processes
from tests.bench.event_loop import wait
from tests.bench.people import Listed
from tests.bench.processes import Centre
from tests.bench.sync.run import fill_commune
from tests.bench.sync.sides import Worker
from tests.desks import COMMUNE, found

if TYPE_CHECKING:
    from app.bootstrap.entering import Entered
    from app.ui.session import Session

PEOPLE, EDITS = 10_000, 1_000
BOUND_MS = 50.0  # design/ui.md: what one turn of the window's loop may take
_BEAT_MS, _ALONE_S = 2, 5.0

Row = tuple[str, float, str]


class Pulse:
    """Milliseconds by which a timer of the window's loop came late, beat by beat."""

    def __init__(self) -> None:
        from PySide6.QtCore import Qt, QTimer

        self.late: list[float] = []
        self._timer = QTimer(interval=_BEAT_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._last = time.perf_counter()
        self._timer.start()

    def _beat(self) -> None:
        now = time.perf_counter()
        self.late.append((now - self._last) * 1000 - _BEAT_MS)
        self._last = now

    def said(self) -> tuple[float, float]:
        """The longest, and what one in a hundred exceeds; it beats no more."""
        self._timer.stop()
        late = sorted(self.late)
        return late[-1], late[int(len(late) * 0.99)]


def measure() -> Iterator[Row]:
    """Milliseconds the window was held up: left alone, and while a thousand edits came in."""
    with (
        TemporaryDirectory(prefix="sas-bench-") as name,
        processes.centre(Path(name), [COMMUNE], 2) as centre,
    ):
        lines = list(people.people(PEOPLE))
        fill_commune(centre, COMMUNE, lines)
        with _colleague(Path(name), centre) as colleague, _at_the_list(Path(name), centre) as session:
            yield from _measure(colleague, session, lines)


def _measure(colleague: Worker, session: Session, lines: list[Listed]) -> Iterator[Row]:
    pulse = Pulse()
    end = time.monotonic() + _ALONE_S
    wait(lambda: time.monotonic() > end)
    alone, alone_99 = pulse.said()
    changes = people.changes(EDITS, range(PEOPLE), 7)
    colleague.do("edit", changes=[(*lines[one.line].place(one.field), one.value) for one in changes])
    came: list[int] = []
    session.link.synced.connect(lambda summary: came.append(summary.pulled))
    pulse, began = Pulse(), time.perf_counter()
    with ThreadPoolExecutor(1) as colleagues:
        pushed = colleagues.submit(colleague.do, "sync")
        wait(lambda: sum(came) >= EDITS and session.window.jobs.is_idle)
        pushed.result()
    took = time.perf_counter() - began
    longest, one_in_100 = pulse.said()
    yield "window left alone, longest wait", alone, f"ms, 99 of 100 at most {alone_99:.1f}"
    yield (
        f"window while {EDITS:,} edits come in, longest wait",
        longest,
        f"ms, 99 of 100 at most {one_in_100:.1f}, pushed and shown in {took:.1f} s; at most {BOUND_MS:.0f}",
    )


@contextmanager
def _colleague(folder: Path, centre: Centre) -> Iterator[Worker]:
    log = folder / "colleague.log"
    with processes.child([sys.executable, "-m", "tests.bench.sync.worker"], log) as process:
        worker = Worker(process, log)
        code = centre.invite(COMMUNE, f"https://127.0.0.1:{centre.port}")
        worker.do("enrol", folder=str(folder / "colleague"), name="b", code=code)
        worker.do("fill")
        yield worker


@contextmanager
def _at_the_list(folder: Path, centre: Centre) -> Iterator[Session]:
    """A laptop of the commune filled and whole, its list open, its line to the centre too."""
    from app.actions import exchange
    from app.domain.progress import Progress
    from app.ui.application import Wardrobe, make_application
    from app.ui.rooms.people import People
    from app.ui.session import Session
    from app.ui.window import Window

    entered: Entered = replace(found(folder / "laptop"), recovery_code="")
    code = centre.invite(COMMUNE, f"https://127.0.0.1:{centre.port}")
    exchange.enrol_laptop(Progress(), entered.desk, code)
    exchange.exchange(Progress(), entered.desk)
    while exchange.fetch_past(Progress(), entered.desk):
        pass
    app = make_application(sys.argv[:1])
    wardrobe, window = Wardrobe(app), Window(app)
    wardrobe.changed.connect(window.refurnish)
    window.show()
    session = Session(window, entered.desk)
    session.begin(entered)
    room = window.go("people")
    assert isinstance(room, People)
    wait(lambda: room.table.rows.rowCount() >= PEOPLE and session.link._ear.is_open)
    wait(lambda: window.jobs.is_idle)
    yield session
    session.end()
    window.close()
