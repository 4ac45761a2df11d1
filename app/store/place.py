"""Where this laptop stands in its commune's journal, and who it is: one named fact a row."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, delete, or_, select
from sqlalchemy.dialects.sqlite import insert

from app.domain.ids import machine_of
from app.domain.standing import DIGEST_MODULUS
from app.store.tables import digest, place

RENEWING = "renewing"  # the id under which this laptop goes on once its authors have signed anew


def read(connection: Connection, name: str) -> bytes | None:
    """The bytes kept under a name, or None."""
    return connection.scalar(select(place.c.value).where(place.c.name == name))


def write(connection: Connection, name: str, value: bytes | None) -> None:
    """Keep bytes under a name; None forgets them."""
    if value is None:
        connection.execute(delete(place).where(place.c.name == name))
        return
    row = insert(place).values(name=name, value=value)
    connection.execute(row.on_conflict_do_update(index_elements=["name"], set_={"value": value}))


def read_text(connection: Connection, name: str) -> str:
    """A fact written as text; empty where there is none."""
    return (read(connection, name) or b"").decode()


def cursor(connection: Connection) -> int:
    """The last seq this replica has applied; 0 before the first."""
    return int(read_text(connection, "cursor") or 0)


def head(connection: Connection) -> bytes:
    """The journal's head at the cursor, 32 bytes."""
    return read(connection, "head") or bytes(32)


def digests(connection: Connection) -> dict[str, int]:
    """The sum for each record kind over accepted values."""
    rows = connection.execute(select(digest.c.kind, digest.c.sum))
    return {kind: int.from_bytes(total, "big") for kind, total in rows}


def write_digests(connection: Connection, sums: dict[str, int]) -> None:
    """Keep the sums at the cursor."""
    for kind, total in sums.items():
        row = insert(digest).values(kind=kind, sum=(total % DIGEST_MODULUS).to_bytes(32, "big"))
        connection.execute(row.on_conflict_do_update(index_elements=["kind"], set_={"sum": row.excluded.sum}))


def whole_digest(sums: dict[str, int]) -> bytes:
    """One sum over all kinds, 32 bytes: what two ends compare."""
    return (sum(sums.values()) % DIGEST_MODULUS).to_bytes(32, "big")


def written_here(connection: Connection, device: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether a set's device is this laptop, under any id that it has had (`ids.renewed`)."""
    machine = machine_of(read_text(connection, "device"))
    return or_(device == machine, device.startswith(f"{machine}~", autoescape=True))
