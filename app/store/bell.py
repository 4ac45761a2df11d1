"""How the processes of one centre tell each other that a commune's journal or policy has moved.

PostgreSQL carries it (NOTIFY and LISTEN); a training centre's file is looked at instead. It is said
after the commit, in a transaction of its own that waits for no disk: PostgreSQL lets one transaction
at a time announce, and a commune's Save must not queue behind another's. What is lost does no harm.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

import psycopg
from sqlalchemy import Connection, select, text

from app.store.central_tables import commune
from app.store.centre import Centre

_RING = text(
    "SELECT pg_notify('soansinh', commune || ' ' || seq || ' ' || policy),"
    " set_config('synchronous_commit', 'off', true) FROM commune WHERE commune.commune = :code"
)


@dataclass(frozen=True)
class Moved:
    """Where a commune's journal and policy stand now."""

    commune: str
    seq: int
    policy: int


def ring(centre: Centre, code: str) -> None:
    """Tell every process where this commune stands; a centre in a file tells nobody, and is looked at."""
    if centre.is_training:
        return
    with centre.write() as connection:
        connection.execute(_RING, {"code": code})


def stand(connection: Connection, code: str) -> Moved:
    """Where a commune stands; zeros for one that has no journal here."""
    asked = select(commune.c.seq, commune.c.policy).where(commune.c.commune == code)
    row = connection.execute(asked).first()
    return Moved(code, row.seq, row.policy) if row else Moved(code, 0, 0)


def look(centre: Centre, codes: Sequence[str]) -> list[Moved]:
    """Where each of these communes stands."""
    with centre.read() as connection:
        return [stand(connection, code) for code in codes]


async def heard(centre: Centre) -> AsyncIterator[Moved]:
    """What any process rings, for as long as the line holds; OSError or psycopg.Error when it breaks."""
    address, password = centre.address_and_password()
    opened = await psycopg.AsyncConnection.connect(address, password=password or None, autocommit=True)
    async with opened:
        await opened.execute("LISTEN soansinh")
        async for note in opened.notifies():
            code, seq, policy = note.payload.split()
            yield Moved(code, int(seq), int(policy))
