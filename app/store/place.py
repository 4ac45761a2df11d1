"""Where this laptop stands in its commune's journal, and who it is: one named fact a row."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, bindparam, delete, or_, select
from sqlalchemy.dialects.sqlite import insert

from app.domain.ids import machine_of
from app.domain.standing import DIGEST_MODULUS
from app.store.among import among, listed
from app.store.tables import digest, place

REVOKED = "revoked"  # when the centre's policy said so of this laptop
MARKED = "marked"  # this laptop remembers outside of the vault where it stood (`witness.py`)
PUT_BACK = "put_back"  # why it was found to stand further back than it did; until the centre has told it
RESTORED = "restored"  # out of a backup, and knows of it: it stands further back, and is meant to
MERGED = "merged"  # which commune goes on with this one's people, from when, once the centre says so
LEFT = "left"  # it has handed over what waited, and takes nothing more
RENEWING = "renewing"  # the id under which this laptop goes on once its authors have signed anew
SIGNED = "head_signed"  # the digest at the head, and the centre's signature over both
ASKS_POLICY = "policy_asked"  # the next exchange asks the centre to sign its policy anew

# Built once: an exchange asks for a dozen of these facts.
_READ = select(place.c.value).where(place.c.name == bindparam("wanted"))
_READ_ALL = select(place.c.name, place.c.value).where(among(place.c.name, "wanted"))
_FORGET = delete(place).where(place.c.name == bindparam("wanted"))
_INSERT = insert(place)
_WRITE = _INSERT.on_conflict_do_update(index_elements=["name"], set_={"value": _INSERT.excluded.value})
_DIGESTS = select(digest.c.kind, digest.c.sum)
_INSERT_DIGEST = insert(digest)
_WRITE_DIGEST = _INSERT_DIGEST.on_conflict_do_update(
    index_elements=["kind"], set_={"sum": _INSERT_DIGEST.excluded.sum}
)
_HERE = listed(
    (
        *("commune", "device", "cursor", "head", "policy_version", "programme_version"),
        *(RENEWING, LEFT, MERGED, SIGNED, ASKS_POLICY),
    )
)


def read(connection: Connection, name: str) -> bytes | None:
    """The bytes kept under a name, or None."""
    return connection.scalar(_READ, {"wanted": name})


def read_all(connection: Connection, names: Collection[str]) -> dict[str, bytes]:
    """The bytes kept under each of these names that has any."""
    return _read(connection, listed(names))


def _read(connection: Connection, wanted: str) -> dict[str, bytes]:
    rows = connection.execute(_READ_ALL, {"wanted": wanted})
    return {name: value for name, value in rows if value is not None}


def read_below(connection: Connection, front: str) -> dict[str, bytes]:
    """The bytes kept under each name that begins so."""
    named = select(place.c.name, place.c.value).where(place.c.name.startswith(front, autoescape=True))
    return {name: value for name, value in connection.execute(named.order_by(place.c.name)) if value}


@dataclass(frozen=True)
class Here:
    """Where this laptop stands, read at once: whose journal, under which id, how far.

    `is_signed`: the centre's word on the head is here.
    `policy`: the version held, 0 when a new one is to be asked for.
    """

    commune: str
    device: str
    cursor: int
    head: bytes
    policy: int
    renewing: str
    programme: int
    has_left: bool
    merged: str
    is_signed: bool


def here(connection: Connection) -> Here:
    """All of it in one question."""
    found = _read(connection, _HERE)
    said = {name: found.get(name, b"").decode() for name in ("commune", "device", RENEWING, MERGED)}
    numbers = ("cursor", "policy_version", "programme_version")
    cursor, policy, programme = (int(found.get(name) or 0) for name in numbers)
    head = found.get("head") or bytes(32)
    policy = 0 if ASKS_POLICY in found else policy
    marks = (said[RENEWING], programme, LEFT in found, said[MERGED], SIGNED in found)
    return Here(said["commune"], said["device"], cursor, head, policy, *marks)


def write(connection: Connection, name: str, value: bytes | None) -> None:
    """Keep bytes under a name; None forgets them."""
    if value is None:
        connection.execute(_FORGET, {"wanted": name})
        return
    connection.execute(_WRITE, {"name": name, "value": value})


def write_all(connection: Connection, facts: Mapping[str, bytes]) -> None:
    """Keep bytes under each of these names."""
    connection.execute(_WRITE, [{"name": name, "value": value} for name, value in facts.items()])


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
    rows = connection.execute(_DIGESTS)
    return {kind: int.from_bytes(total, "big") for kind, total in rows}


def write_digests(connection: Connection, sums: dict[str, int]) -> None:
    """Keep the sums at the cursor."""
    rows = [{"kind": k, "sum": (total % DIGEST_MODULUS).to_bytes(32, "big")} for k, total in sums.items()]
    if rows:
        connection.execute(_WRITE_DIGEST, rows)


def whole_digest(sums: dict[str, int]) -> bytes:
    """One sum over all kinds, 32 bytes: what two ends compare."""
    return (sum(sums.values()) % DIGEST_MODULUS).to_bytes(32, "big")


def written_here(connection: Connection, device: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether a set's device is this laptop, under any id that it has had (`ids.renewed`)."""
    machine = machine_of(read_text(connection, "device"))
    return or_(device == machine, device.startswith(f"{machine}~", autoescape=True))
