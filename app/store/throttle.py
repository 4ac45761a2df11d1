"""Wrong passwords slow down: five free tries, then 30 s doubling to 15 min, 50 a day.

A wait is measured by the time this machine has proved to be running, never by its
calendar: setting the clock forward shortens nothing, after a restart only the time since
then counts. A day is measured the same way until a restart; after one the calendar is
believed, for a laptop that sleeps at night would never see a day pass. So who turns the
calendar *and* restarts gains at most what the 15-minute waits leave: four tries an hour.

Tries are counted in the key file and where the laptop's secret is kept, whichever knows of more (`keyslots`).
Where the system keeps the secret nobody puts both back. Where a file does, both put back together give tries
back, and nothing without a link can help: whoever writes those files can read them too, and guess elsewhere,
at the price of Argon2 alone. That is why such a secret is called weak on the screen.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import msgspec

from app.domain.errors import Refusal

FREE_TRIES = 5
FIRST_WAIT_SECONDS = 30
LONGEST_WAIT_SECONDS = 15 * 60
TRIES_A_DAY = 50
_DAY_SECONDS = 24 * 60 * 60


class Moment(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A point in time as machine and calendar tell it.

    `wall`: seconds since 1970, the calendar's word. `up`: seconds since the machine started,
    sleep included. `boot`: which start that was.
    """

    wall: int
    up: int
    boot: str

    @classmethod
    def now(cls) -> Moment:
        """The moment on this machine."""
        up = time.monotonic() if sys.platform == "win32" else time.clock_gettime(time.CLOCK_BOOTTIME)
        return cls(int(time.time()), int(up), _this_boot())


class Tries(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Wrong tries of one officer: in a row with the last, and since `day` began."""

    row: int
    last: Moment
    today: int
    day: Moment


def seconds_to_wait(tries: Tries | None, now: Moment) -> int:
    """How long until the next try is taken; 0 when it is. The day's limit is another matter."""
    if tries is None or tries.row < FREE_TRIES:
        return 0
    wait = min(FIRST_WAIT_SECONDS << min(tries.row - FREE_TRIES, 10), LONGEST_WAIT_SECONDS)
    return max(0, wait - _proved_seconds(tries.last, now))


def counted(tries: Tries | None, now: Moment) -> Tries:
    """One more try begun: counted as wrong until it proves right.

    Refusal("unlock.wait", seconds=…) while a wait runs, Refusal("unlock.day_spent") after 50 a day.
    """
    if tries is None:
        return Tries(1, now, 1, now)
    wait = seconds_to_wait(tries, now)
    if wait:
        raise Refusal("unlock.wait", seconds=wait)
    if tries.today >= TRIES_A_DAY:
        raise Refusal("unlock.day_spent")
    return Tries(tries.row + 1, now, tries.today + 1, tries.day)


def turned(tries: Tries | None, now: Moment) -> Tries | None:
    """The tries after looking at the calendar: a passed day is forgotten.

    A day that began in the future (the calendar was wrong then) begins anew, or it would never end.
    """
    if tries is None:
        return None
    same_boot = tries.day.boot == now.boot
    passed = _proved_seconds(tries.day, now) if same_boot else max(now.up, now.wall - tries.day.wall)
    if passed >= _DAY_SECONDS:
        return Tries(tries.row, tries.last, 0, now)
    if not same_boot and now.wall < tries.day.wall:
        return Tries(tries.row, tries.last, tries.today, now)
    return tries


def _proved_seconds(then: Moment, now: Moment) -> int:
    return now.up if then.boot != now.boot else max(0, now.up - then.up)


if sys.platform == "win32":
    import winreg

    _BOOT = r"SYSTEM\CurrentControlSet\Control\Session Manager\Memory Management\PrefetchParameters"

    def _this_boot() -> str:
        with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, _BOOT) as key:
            return str(winreg.QueryValueEx(key, "BootId")[0])

else:

    def _this_boot() -> str:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
