"""What waits for the centre: sets without a seq, in the order in which they were saved.

A set leaves only when the cursor passes its seq. Until then it is pushed again and again, which
harms nobody; one whose laptop has a double (`why` is "clone") waits to be signed anew instead
(`renewal.py`).
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Collection, Mapping

from sqlalchemy import Connection, and_, bindparam, exists, false, func, or_, select, update

from app.domain.changes import SignedSet, read_again
from app.store.among import among, among_ids, listed
from app.store.tables import changes, records, touched

CLONE = "clone"
_KEPT_THERE = ("standing", "stranger", "signature")
STANDING = "standing"  # handed in by a laptop that was revoked meanwhile, and refused there

_WAITS = changes.c.seq.is_(None)
_OUTBOX = (
    select(changes.c.id, changes.c.body, changes.c.signature)
    .where(_WAITS, or_(changes.c.why.is_(None), and_(changes.c.why != CLONE, changes.c.why != STANDING)))
    .order_by(changes.c.no)
)
_OLDEST = select(func.min(changes.c.clock)).where(_WAITS)
_WAITING = select(func.count()).select_from(changes).where(_WAITS)
_NOTE = update(changes).where(changes.c.id == bindparam("which"), _WAITS).values(why=bindparam("said"))
_ENTRIES = select(changes.c.id, changes.c.body, changes.c.signature).where(among_ids(changes.c.id, "ids"))
_OWN_SETS = select(changes.c.number, changes.c.id, changes.c.body, changes.c.signature).where(
    changes.c.device == bindparam("by"), among(changes.c.number, "numbers")
)
_OWN_IDS = select(changes.c.id).where(among_ids(changes.c.id, "ids"))


def outbox(connection: Connection, bytes_max: int = sys.maxsize) -> list[SignedSet]:
    """Sets to push, oldest first: all, or at least one and at most `bytes_max` of bodies."""
    found: list[SignedSet] = []
    size = 0
    for set_id, body, signature in connection.execute(_OUTBOX):
        size += len(body)
        if found and size > bytes_max:
            break
        found.append(kept(set_id, body, signature))
    return found


def kept(set_id: bytes, body: bytes, signature: bytes) -> SignedSet:
    """A set as it was kept: read, where its bytes are those whose form was looked at when they came here."""
    is_so = hashlib.sha256(body).digest() == set_id
    return read_again(body, signature, set_id.hex()) if is_so else SignedSet(body, signature)


def waiting(connection: Connection) -> int:
    """How many sets wait for the centre, those to be signed anew among them."""
    return int(connection.scalar(_WAITING) or 0)


def oldest(connection: Connection) -> int | None:
    """The clock of the set that waits longest; None when none does."""
    found: int | None = connection.scalar(_OLDEST)
    return found


def is_handed_over(connection: Connection) -> bool:
    """Whether the centre has and keeps every set that waits: refused, or put aside for good."""
    missing = or_(changes.c.why.is_(None), changes.c.why.not_in(_KEPT_THERE))
    return not connection.scalar(select(exists().where(changes.c.seq.is_(None), missing)))


def waiting_about(connection: Connection, kinds: Collection[str]) -> int:
    """How many of them touch a record of these kinds."""
    of_kind = (touched.c.record.in_(select(records[kind].c.id)) for kind in kinds if kind in records)
    count = (
        select(func.count(changes.c.no.distinct()))
        .join(touched, touched.c.change == changes.c.no)
        .where(changes.c.seq.is_(None), or_(false(), *of_kind))
    )
    return int(connection.scalar(count) or 0)


def note_not_taken(connection: Connection, whys: Mapping[str, str]) -> None:
    """Keep, by set id, what the centre said of sets that it did not take."""
    if whys:
        said = [{"which": bytes.fromhex(set_id), "said": why} for set_id, why in whys.items()]
        connection.execute(_NOTE, said)


def own_entries(connection: Connection, ids: Collection[str]) -> dict[str, SignedSet]:
    """The sets this laptop already holds among `ids`: the centre names those by id alone."""
    held = connection.execute(_ENTRIES, {"ids": listed(ids)}) if ids else ()
    return {row.id.hex(): SignedSet(row.body, row.signature) for row in held}


def own_sets(connection: Connection, device: str, numbers: Collection[int]) -> dict[int, SignedSet]:
    """The sets among these numbers of a device that this laptop holds."""
    held = connection.execute(_OWN_SETS, {"by": device, "numbers": listed(numbers)}) if numbers else ()
    return {number: kept(*said) for number, *said in held}


def own_ids(connection: Connection, ids: Collection[str]) -> set[str]:
    """Which of these sets this laptop holds."""
    held = connection.scalars(_OWN_IDS, {"ids": listed(ids)}) if ids else ()
    return {each.hex() for each in held}
