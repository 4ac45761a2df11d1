"""How the communes of a centre stand with it: beside their list, all that reads across communes.

Each commune is asked for by its own keys (devices, open conflicts), so on a database spread by commune
this is one small question to each shard. No exchange ever waits for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, func, select

from app.domain.appointments import APPOINTMENT, Appointment, read
from app.domain.standing import Cell, Cells
from app.domain.terms import Term, term_of
from app.store.central_tables import commune, device, standing
from app.store.roster import ACTIVE, Device, Officer, devices, officers


@dataclass(frozen=True)
class CommuneLine:
    """One commune: its laptops that stand, when the last of them spoke (ms since 1970, 0 for never).

    `lag`: journal entries that the laptop furthest behind has not read; `conflicts`: those open.
    """

    code: str
    name: str
    seq: int
    laptops: int
    last_contact: int
    lag: int
    conflicts: int


def overview(connection: Connection) -> list[CommuneLine]:
    """Every commune, the one that has been silent longest first."""
    rows = connection.execute(_every_commune())
    lines = [
        CommuneLine(
            row.commune,
            row.name,
            row.seq,
            row.laptops or 0,
            row.contact or 0,
            row.seq - row.read if row.read is not None else 0,
            row.conflicts,
        )
        for row in rows
    ]
    return sorted(lines, key=lambda line: (line.last_contact, line.code))


def _every_commune() -> Select[tuple[object, ...]]:
    stands = (device.c.commune == commune.c.commune, device.c.standing == ACTIVE)
    opened = (
        standing.c.commune == commune.c.commune,
        standing.c.kind == "conflict",
        standing.c.cells["state"][0].as_string() == "open",
    )
    asked = {
        "laptops": select(func.count()).select_from(device).where(*stands),
        "contact": select(func.max(device.c.last_contact)).where(*stands),
        "read": select(func.min(device.c.cursor)).where(*stands),
        "conflicts": select(func.count()).select_from(standing).where(*opened),
    }
    counted = [query.correlate(commune).scalar_subquery().label(name) for name, query in asked.items()]
    return select(commune.c.commune, commune.c.name, commune.c.seq, *counted)


def appointments(connection: Connection, code: str) -> list[Appointment]:
    """Which roles a commune's officers are to have: every asking that came."""
    mine = (standing.c.commune == code, standing.c.kind == APPOINTMENT)
    found = connection.execute(select(standing.c.record, standing.c.cells).where(*mine))
    asked = (read(row.record, _cells(row.cells)) for row in found)
    return [each for each in asked if each is not None]


def ending(connection: Connection, code: str, now_ms: int) -> list[tuple[Officer, Term]]:
    """The officers of a commune whose certificates end, the nearest first; those that ended too."""
    found = (one for one in officers(connection, code).values() if one.standing == ACTIVE)
    lent = [(one, term) for one in found if (term := term_of(one.expires, now_ms))]
    return sorted(lent, key=lambda each: (each[1].last, each[0].officer))


def _cells(said: Mapping[str, Any]) -> Cells:
    return {name: Cell(value, tuple(behind), clock) for name, (value, behind, clock) in said.items()}


def laptops(connection: Connection, code: str) -> list[Device]:
    """One commune's laptops by their ids, revoked ones last."""
    held = devices(connection, code).values()
    return sorted(held, key=lambda found: (found.standing != ACTIVE, found.enrolled, found.device))
