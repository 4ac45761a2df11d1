"""From Enter at the unlock screen to the list of 100,000 people, and what the window then holds in memory."""

from __future__ import annotations

import resource
import statistics
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench import registers
from tests.bench.event_loop import wait
from tests.desks import PASSWORD

PEOPLE = 100_000
SECONDS_BOUND, MEMORY_BOUND_MB = 1.0, 300
_TIMES, _LOOK_MS = 3, 2


def measure() -> Iterator[tuple[str, float, str]]:
    """Seconds of Argon2 alone and up to the list; megabytes with the list open."""
    home = registers.laptop(PEOPLE)
    began_with = _resident_mb()
    alone = statistics.median(_argon2() for _ in range(_TIMES))
    to_desk, to_list, held = _open(home)
    yield "open, Argon2 alone", alone, "s"
    yield "open, Enter to Today", to_desk, "s"
    yield "open, Enter to the list", to_list, f"s, {PEOPLE:,} people"
    yield "open", to_list - alone, f"s beside Argon2, at most {SECONDS_BOUND}"
    yield (
        "memory",
        held,
        f"MB resident with the list open ({began_with:.0f} before), at most {MEMORY_BOUND_MB}",
    )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    yield "memory, at its highest", peak, "MB, while Argon2 took its 64"


def _argon2() -> float:
    from app.seal.wrapping import PRODUCT, Lock, password_key

    lock = Lock.fresh(PRODUCT)
    began = time.perf_counter()
    password_key(PASSWORD, lock, bytes(32))
    return time.perf_counter() - began


def _open(home: Path) -> tuple[float, float, float]:
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    from app.store.laptop import Laptop
    from app.ui.application import Wardrobe, make_application
    from app.ui.doors import Doors
    from app.ui.rooms.people import People
    from app.ui.rooms.unlock import Unlock
    from app.ui.window import Window

    app = make_application(sys.argv[:1])
    window = Window(app)
    doors = Doors(window, Wardrobe(app), Laptop(home))
    doors.knock()
    window.show()

    QTest.qWait(3_000)  # as long as a quick officer types
    unlock = window.room
    assert isinstance(unlock, Unlock)
    unlock.password.control.setText(PASSWORD)
    began = time.perf_counter()
    QTest.keyClick(unlock.password.control, Qt.Key.Key_Return)
    wait(lambda: window.here == "today", _LOOK_MS)
    to_desk = time.perf_counter() - began
    people = window.go("people")
    assert isinstance(people, People)
    wait(lambda: people.table.rows.rowCount() >= PEOPLE, _LOOK_MS)
    people.table.grab()  # its first page is fetched and painted
    to_list = time.perf_counter() - began
    wait(lambda: window.jobs.is_idle)
    QTest.qWait(500)
    held = _resident_mb()
    window.close()
    return to_desk, to_list, held


def _resident_mb() -> float:
    status = Path("/proc/self/status").read_text("ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS:")) / 1024
