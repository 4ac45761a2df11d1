"""Which roles officers are to have, as this laptop holds the askings; the centre's: `overview.py`."""

from __future__ import annotations

from sqlalchemy import Connection, select

from app.domain.appointments import APPOINTMENT, Appointment, read
from app.store import rows
from app.store.tables import records


def kept(connection: Connection) -> list[Appointment]:
    """Every asking that this laptop knows of."""
    known = connection.scalars(select(records[APPOINTMENT].c.id))
    found = rows.load(connection, [(APPOINTMENT, record) for record in known])
    asked = (read(record, cells) for (_, record), cells in found.items())
    return [each for each in asked if each is not None]
