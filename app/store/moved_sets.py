"""Sets by what their reason names: who moved away by which, and what of other communes was opened here."""

from __future__ import annotations

from sqlalchemy import Connection, select

from app.domain.reasons import ADOPTED, MOVE, MOVED, other_of
from app.store.tables import changes, touched


def set_of_move(connection: Connection, person: str) -> str:
    """The newest set that closed her file by a move; empty where there is none."""
    hers = select(touched.c.change).where(touched.c.record == person)
    found = connection.scalar(
        select(changes.c.id)
        .where(changes.c.no.in_(hers), changes.c.reason.startswith(f"{MOVE} "))
        .order_by(changes.c.no.desc())
        .limit(1)
    )
    return found.hex() if found else ""


def is_opened(connection: Connection, person: str, about: str) -> bool:
    """Whether a set here opened her file by that move."""
    hers = select(touched.c.change).where(touched.c.record == person)
    opened = select(changes.c.reason).where(changes.c.no.in_(hers), changes.c.reason.startswith(f"{MOVED} "))
    return about in {other_of(reason) for reason in connection.scalars(opened)}


def others(connection: Connection) -> set[str]:
    """The sets of other communes that were opened or adopted here."""
    by_words = changes.c.reason.startswith(f"{MOVED} ") | changes.c.reason.startswith(f"{ADOPTED} ")
    return {other_of(reason) for reason in connection.scalars(select(changes.c.reason).where(by_words))}


def moves(connection: Connection) -> list[tuple[str, str]]:
    """Every set that closed a file by a move, the newest first, with its reason."""
    asked = select(changes.c.id, changes.c.reason).where(changes.c.reason.startswith(f"{MOVE} "))
    return [(row.id.hex(), row.reason) for row in connection.execute(asked.order_by(changes.c.no.desc()))]
