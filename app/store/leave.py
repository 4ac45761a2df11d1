"""How long ago the centre last signed this laptop's policy: by elapsed time, not by the calendar.

Time is the latest signed time seen, advanced by what this machine proves to have run; after a restart
the calendar is believed as far as it is plausible. A jump of the calendar is reported, not obeyed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec
from sqlalchemy import Connection

from app.store import place
from app.store.throttle import Moment

_NAME = "leave"
_JUMP_S = 600
_DRAWER_S = 200 * 24 * 3600  # longer than that no laptop lies unused: the calendar was turned


class _Kept(msgspec.Struct, array_like=True, frozen=True):
    issued: int  # seconds since 1970, when the policy was signed
    now: int  # this laptop's time, as of `seen`
    seen: Moment


@dataclass(frozen=True)
class Alone:
    """Seconds since the centre last signed, and by how many the calendar jumped since the last look."""

    seconds: int
    jumped: int


def renew(connection: Connection, issued: str, now: Moment) -> None:
    """The centre signed at this moment (UTC), and it is not later than that here."""
    signed = int(datetime.fromisoformat(issued).replace(tzinfo=UTC).timestamp())
    kept = _read(connection)
    if kept is None or signed > kept.issued:
        # A late stick is no new leave: what passed since it was signed has passed.
        ours = kept.now + _elapsed(kept.seen, now)[0] if kept else min(now.wall, signed + _DRAWER_S)
        _write(connection, _Kept(signed, max(signed, ours), now))
    place.write(connection, place.ASKS_POLICY, None)


def look(connection: Connection, now: Moment) -> Alone | None:
    """How long it has been; None before there was a policy. Writes nothing."""
    kept = _read(connection)
    if kept is None:
        return None
    elapsed, jumped = _elapsed(kept.seen, now)
    return Alone(max(0, kept.now + elapsed - kept.issued), jumped)


def time_ms(connection: Connection, now: Moment) -> int:
    """This laptop's own time, in milliseconds since 1970; the calendar's before there was a policy."""
    kept = _read(connection)
    if kept is None:
        return now.wall * 1000
    return max(kept.issued, kept.now + _elapsed(kept.seen, now)[0]) * 1000


def advance(connection: Connection, now: Moment) -> Alone | None:
    """The same, and from here on it counts from now; the next exchange asks the centre to sign anew."""
    alone, kept = look(connection, now), _read(connection)
    if kept is not None and alone is not None:
        _write(connection, _Kept(kept.issued, kept.issued + alone.seconds, now))
        place.write(connection, place.ASKS_POLICY, b"yes")
    return alone


def _elapsed(then: Moment, now: Moment) -> tuple[int, int]:
    """Seconds that passed, and by how many the calendar says something else."""
    by_calendar = now.wall - then.wall
    if then.boot == now.boot:
        passed = max(0, now.up - then.up)
    else:
        passed = by_calendar if now.up <= by_calendar <= _DRAWER_S else now.up
    jumped = by_calendar - passed
    return passed, jumped if abs(jumped) >= _JUMP_S else 0


def _read(connection: Connection) -> _Kept | None:
    content = place.read(connection, _NAME)
    return msgspec.msgpack.decode(content, type=_Kept) if content else None


def _write(connection: Connection, kept: _Kept) -> None:
    place.write(connection, _NAME, msgspec.msgpack.encode(kept))
