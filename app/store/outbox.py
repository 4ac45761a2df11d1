"""What waits for the centre: sets without a seq, in the order in which they were saved.

A set leaves only when the cursor passes its seq. Until then it is pushed again and again, which
harms nobody; one whose laptop has a double (`why` is "clone") waits to be signed anew instead
(`renewal.py`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TypeVar

from sqlalchemy import Connection, func, or_, select, update

from app.domain.changes import SignedSet
from app.store.tables import changes

CLONE = "clone"
STANDING = "standing"  # handed in by a laptop that was revoked meanwhile, and refused there
_CHUNK = 500
_Item = TypeVar("_Item")


def outbox(connection: Connection, bytes_max: int) -> list[SignedSet]:
    """Sets to push, oldest first, at least one and at most `bytes_max` of bodies."""
    waiting = (
        select(changes.c.body, changes.c.signature)
        .where(changes.c.seq.is_(None), or_(changes.c.why.is_(None), changes.c.why.not_in([CLONE, STANDING])))
        .order_by(changes.c.no)
    )
    found: list[SignedSet] = []
    size = 0
    for body, signature in connection.execute(waiting):
        size += len(body)
        if found and size > bytes_max:
            break
        found.append(SignedSet(body, signature))
    return found


def waiting(connection: Connection) -> int:
    """How many sets wait for the centre, those to be signed anew among them."""
    count = select(func.count()).select_from(changes).where(changes.c.seq.is_(None))
    return int(connection.scalar(count) or 0)


def note_not_taken(connection: Connection, whys: Mapping[str, str]) -> None:
    """Keep, by set id, what the centre said of sets that it did not take."""
    for set_id, why in whys.items():
        mine = (changes.c.id == bytes.fromhex(set_id), changes.c.seq.is_(None))
        connection.execute(update(changes).where(*mine).values(why=why))


def own_entries(connection: Connection, ids: Collection[str]) -> dict[str, SignedSet]:
    """The sets this laptop already holds among `ids`: the centre names those by id alone."""
    found: dict[str, SignedSet] = {}
    for chunk in _chunks([bytes.fromhex(i) for i in ids]):
        held = select(changes.c.id, changes.c.body, changes.c.signature).where(changes.c.id.in_(chunk))
        found |= {row.id.hex(): SignedSet(row.body, row.signature) for row in connection.execute(held)}
    return found


def own_sets(connection: Connection, device: str, numbers: Collection[int]) -> dict[int, SignedSet]:
    """The sets among these numbers of a device that this laptop holds."""
    found: dict[int, SignedSet] = {}
    for chunk in _chunks(list(numbers)):
        held = select(changes.c.number, changes.c.body, changes.c.signature).where(
            changes.c.device == device, changes.c.number.in_(chunk)
        )
        found |= {row.number: SignedSet(row.body, row.signature) for row in connection.execute(held)}
    return found


def own_ids(connection: Connection, ids: Collection[str]) -> set[str]:
    """Which of these sets this laptop holds."""
    held: set[str] = set()
    for chunk in _chunks([bytes.fromhex(i) for i in ids]):
        found = connection.scalars(select(changes.c.id).where(changes.c.id.in_(chunk)))
        held.update(each.hex() for each in found)
    return held


def _chunks(items: Sequence[_Item]) -> Iterator[Sequence[_Item]]:
    for start in range(0, len(items), _CHUNK):
        yield items[start : start + _CHUNK]
