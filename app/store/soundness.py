"""Whether a copy of a register holds: its pages, its rows, its journal by the heads, its log by the chain.

Asks only for what every form of the tables has had, so that a backup of an older one is looked through
before anything in it is changed.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from sqlalchemy import Connection, text

from app.domain.changes import head_over
from app.domain.progress import Progress
from app.store import audit, past, place

_STEPS = 5
_SETS = text("SELECT id, body, seq, verdicts FROM changes ORDER BY seq")
_PEOPLE = text("SELECT count(*) FROM person")


@dataclass(frozen=True)
class Soundness:
    """What was found. `faults`: codes of what does not hold; `log`: the last entry's number."""

    faults: tuple[str, ...]
    people: int
    sets: int
    waiting: int
    log: int


def look_through(progress: Progress, connection: Connection) -> Soundness:
    """Read all of it. Nothing is changed."""
    progress.step(0, _STEPS, "Reading every page of the copy")
    damaged = altered_pages(connection)
    if damaged:
        return Soundness(damaged, 0, 0, 0, 0)
    progress.step(1, _STEPS)
    faults = [*broken_rows(connection)]
    progress.step(2, _STEPS, "Verifying the copy by its chains")
    sets, waiting, broken = _journal(connection)
    faults += broken
    progress.step(3, _STEPS)
    first_broken = audit.verify(connection)
    if first_broken is not None:
        faults.append(f"log {first_broken}")
    progress.step(4, _STEPS)
    people = int(connection.scalar(_PEOPLE) or 0)
    log = audit.head(connection).no
    progress.step(_STEPS, _STEPS)
    return Soundness(tuple(faults), people, sets, waiting, log)


def altered_pages(connection: Connection) -> tuple[str, ...]:
    """Pages that are not as they were written: the rows on them cannot be read at all."""
    return tuple(map(str, connection.exec_driver_sql("PRAGMA cipher_integrity_check").scalars()))


def broken_rows(connection: Connection) -> tuple[str, ...]:
    """Rows and references that do not hold, as SQLite says them."""
    rows = connection.exec_driver_sql("PRAGMA integrity_check").scalars()
    loose = connection.exec_driver_sql("PRAGMA foreign_key_check")
    return (*(str(row) for row in rows if row != "ok"), *(f"reference {row[0]} {row[1]}" for row in loose))


def _journal(connection: Connection) -> tuple[int, int, list[str]]:
    """Every set is what its id says; from where nothing is left out, the heads lead to the one believed."""
    count = waiting = 0
    faults: list[str] = []
    seq, head = past.whole_above(connection)
    for row in connection.execute(_SETS):
        count += 1
        if type(row.body) is not bytes or hashlib.sha256(row.body).digest() != row.id:
            faults.append(f"set {count}")
        if row.seq is None:
            waiting += 1
        elif row.seq == seq + 1:
            seq, head = row.seq, head_over(head, row.seq, row.id, row.verdicts or b"")
    if (seq, head) != (place.cursor(connection), place.head(connection)):
        faults.append("head")
    return count, waiting, faults
