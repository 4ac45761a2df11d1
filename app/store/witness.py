"""What the laptop remembers of its vault outside of it: how far it was when it was last put away.

A page or a whole file of the database put back alone knows less than the mark says, and is found when
the vault is opened. The mark lies where the device secret lies: with the system's key store where that
keeps it, else beside it (design/security.md, The chain). Both put back together are found at the next
contact with the centre.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import msgspec
from sqlalchemy import Connection, select

from app.domain.changes import canonical, head_over
from app.domain.errors import Refusal
from app.seal.statements import read_object
from app.store import audit, device_secret, place
from app.store.tables import audit as log
from app.store.tables import changes, replaced

PUT_BACK = "put_back"  # why this vault was found to be older than it was; nothing is paid by it until then
_MARKED = "marked"
Older = Literal["seq", "head", "own", "log", "mark", ""]


class Mark(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where a vault stood: seq and head; the newest set made here; the log. Hashes in hexadecimal."""

    seq: int
    head: str
    device: str
    number: int
    newest: str
    log: int
    log_hash: str


def stands(connection: Connection) -> Mark:
    """Where the vault stands now."""
    here, at = place.here(connection), audit.head(connection)
    query = select(changes.c.number, changes.c.id).where(changes.c.device == here.device)
    row = connection.execute(query.order_by(changes.c.number.desc()).limit(1)).first()
    number, newest = (row.number, row.id.hex()) if row else (0, "")
    return Mark(here.cursor, here.head.hex(), here.device, number, newest, at.no, at.hash.hex())


def keep(folder: Path, mark: Mark) -> None:
    """Remember it; what was remembered before goes."""
    device_secret.keep_beside(folder, canonical(msgspec.to_builtins(mark)).decode())


def recall(folder: Path) -> Mark | None:
    """What is remembered; None where nothing is, or nothing that reads."""
    try:
        return msgspec.convert(read_object(device_secret.recall_beside(folder).encode()), Mark)
    except (Refusal, msgspec.ValidationError):
        return None


def older(connection: Connection, mark: Mark | None) -> Older:
    """What the vault no longer knows of that which the mark says; empty when it knows all.

    `mark`: the vault says that there was one, and there is none.
    """
    if mark is None:
        return "mark" if place.read(connection, _MARKED) else ""
    here = place.here(connection)
    if here.cursor < mark.seq:
        return "seq"
    if not _leads_on(connection, mark, here.cursor, here.head):
        return "head"
    own = bytes.fromhex(mark.newest)
    known = (
        connection.scalar(select(changes.c.no).where(changes.c.id == own)),
        connection.scalar(select(replaced.c.why).where(replaced.c.id == own)),
    )
    if own and known == (None, None):
        return "own"
    noted = connection.scalar(select(log.c.hash).where(log.c.no == mark.log))
    return "log" if mark.log and noted != bytes.fromhex(mark.log_hash) else ""


def _leads_on(connection: Connection, mark: Mark, cursor: int, head: bytes) -> bool:
    """Whether the journal leads from the mark's head to the vault's: what a crash left unmarked is short.

    A laptop filled anew lacks the lines between, and is as far as the centre has signed.
    """
    found, at = bytes.fromhex(mark.head), mark.seq
    lines = select(changes.c.seq, changes.c.id, changes.c.verdicts).where(changes.c.seq > mark.seq)
    for row in connection.execute(lines.order_by(changes.c.seq)):
        found, at = head_over(found, row.seq, row.id, row.verdicts or b""), at + 1
        if row.seq != at:
            break
    if at != cursor:
        return mark.seq < int(place.read_text(connection, "history_below") or 0)
    return found == head


def begin(connection: Connection) -> None:
    """From now on there is a mark."""
    place.write(connection, _MARKED, b"yes")
