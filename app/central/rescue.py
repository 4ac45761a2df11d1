"""A rescue capsule read at the centre: what a laptop saved and could hand over in no other way.

Whoever brings the file proves nothing and need not: every set in it bears its author's signature and its
place in its device's chain. Those of a revoked laptop or officer are refused and kept, as always, and any
officer of the commune may adopt them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import IO

from app.central.deeds import Operating
from app.central.moving import forward
from app.central.office import register_office
from app.central.programmes import Programmes
from app.domain.changes import SignedSet, Verdict
from app.domain.errors import Refusal
from app.domain.ids import machine_of
from app.seal.capsule import Frame, frames, read_header
from app.seal.sealing import Identity
from app.store import bell, operators, roster
from app.sync.incoming import said_of
from app.sync.register import hand_in

_AT_ONCE = 200


@dataclass
class Reading:
    """What became of each set: by verdict where it was taken, now or before; else why it was not."""

    commune: str
    sets: int = 0
    judged: Counter[str] = field(default_factory=Counter)
    not_taken: Counter[str] = field(default_factory=Counter)
    unread: int = 0  # sealed to somebody else, or altered

    def count(self, said: Iterable[tuple[Verdict, ...] | str]) -> None:
        """Add what was said of some sets."""
        for one in said:
            if isinstance(one, str):
                self.not_taken[one] += 1
            else:
                self.judged[said_of(one)] += 1


def take_capsule(at: Operating, file: IO[bytes], identity: Identity) -> Reading:
    """Open a capsule and take what is in it, some sets a transaction; again and again to the same end.

    Refusal("capsule.form") for another file, ("central.unknown_commune") for a commune without a journal
    here, ("capsule.not_ours") when nothing in it opens.
    """
    reading = Reading(read_header(file))
    with at.centre.read() as connection:
        roster.require_commune(connection, reading.commune)
    _hand_in(at, reading, _opened(frames(file), identity, reading))
    if reading.unread and not reading.sets:
        raise Refusal("capsule.not_ours")
    with at.centre.write() as connection:
        counts = f"sets={reading.sets}"
        operators.note(connection, at.deed("capsule_taken", reading.commune, detail=counts))
    bell.ring(at.centre, reading.commune)
    return reading


def take_left(at: Operating, commune: str, device: str, sets: Iterable[SignedSet]) -> Reading:
    """What waited in the register of a laptop that can speak no more; again and again to the same end.

    Refusal("central.unknown_commune") for a commune without a journal here.
    """
    reading = Reading(commune)
    with at.centre.read() as connection:
        roster.require_commune(connection, commune)
    _hand_in(at, reading, sets)
    reading.sets = reading.judged.total() + reading.not_taken.total()
    with at.centre.write() as connection:
        counts = f"sets={reading.sets}"
        operators.note(connection, at.deed("left_taken", commune, machine_of(device), counts))
    bell.ring(at.centre, commune)
    return reading


def _hand_in(at: Operating, reading: Reading, sets: Iterable[SignedSet]) -> None:
    waiting = iter(sets)
    while some := list(islice(waiting, _AT_ONCE)):
        with at.centre.write() as connection:
            office = register_office(at.keys, at.now_ms, Programmes(at.keys).in_force(connection))
            reading.count(hand_in(connection, reading.commune, some, office).values())
    forward(at.centre, at.keys, reading.commune)


def _opened(found: Iterable[Frame], identity: Identity, reading: Reading) -> Iterator[SignedSet]:
    for frame in found:
        try:
            signed = frame.open(identity)
        except Refusal:
            reading.unread += 1
            continue
        reading.sets += 1
        yield signed
