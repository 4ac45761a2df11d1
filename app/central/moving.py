"""What goes from one commune to another, handed on: each step is one transaction of one commune.

    look      the commune that she leaves: does it pay no longer? from here on it cannot pay her again
    arrive    the commune that she moves to: kept, and told with every answer until somebody opened it
    note      the commune that she left: done

A centre that dies between them begins with what is not done, and the other commune takes each but once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from app.central.keys import Keys
from app.domain.attachments import Cited, pieces_of
from app.domain.errors import Refusal
from app.store import deposits, journal, moves, roster
from app.store.centre import Centre
from app.store.moves import Departure
from app.sync import transfer
from app.sync.transfer import Came, Late


@dataclass(frozen=True)
class HandedOn:
    """One that arrived, and what the commune that it came to is told."""

    gone: Departure
    content: bytes


def forward(centre: Centre, keys: Keys, code: str) -> list[HandedOn]:
    """Hand on what waits, as far as it can go.

    What stays: somebody whom the commune that she leaves still pays, for people there decide a conflict
    first; and who moves to a commune that has no register here yet.
    """
    with centre.read() as connection:
        waiting = moves.departures(connection, code, unfinished=True)
    known, done = {peer for peer in {one.peer for one in waiting} if _has_register(centre, peer)}, []
    for gone in waiting:
        said = _looked_at(centre, code, gone) if gone.peer in known else None
        if said is None:
            continue
        content = transfer.written(keys.register, said)
        for sha256 in _photos(said):
            _copy(centre, sha256, code, gone.peer)
        with centre.write() as connection:
            roster.require_commune(connection, gone.peer, lock=True)
            moves.arrive(connection, gone.peer, gone, content)
            if gone.person:
                moves.stay(connection, gone.peer, gone.person)  # she came back
        with centre.write() as connection:
            moves.set_state(connection, code, gone, moves.ARRIVED)
        done.append(HandedOn(gone, content))
    return done


def _has_register(centre: Centre, code: str) -> bool:
    with centre.read() as connection:
        return roster.find_commune(connection, code) is not None


def _looked_at(centre: Centre, code: str, gone: Departure) -> Came | None:
    """What is told of it, and from here on it is on its way; None for one that has to wait."""
    with centre.write() as connection:
        roster.require_commune(connection, code, lock=True)
        if not gone.person:
            signed = journal.find_set(connection, code, gone.id)
            known = roster.officers(connection, code)
            return transfer.late(code, gone, signed, known) if signed else None
        stood = moves.hers(connection, code, [gone.person])
        closing = journal.find_set(connection, code, gone.id)
        if closing is not None and transfer.still_paid(stood, gone):
            return None
        moves.set_state(connection, code, gone, moves.HANDED)
        return transfer.compose(code, gone, stood, closing.set if closing else None)


def photos_of(content: bytes, keys: Keys) -> tuple[str, ...]:
    """The hashes of the photos that belong to whoever comes."""
    return _photos(transfer.read(content, keys.register.public))


def _photos(said: Came) -> tuple[str, ...]:
    return () if isinstance(said, Late) else tuple(str(one.values["sha256"]) for one in said.of("attachment"))


def _copy(centre: Centre, sha256: str, code: str, peer: str) -> None:
    """The bytes of a photo, where the centre has them whole; piece by piece, each commune by itself."""
    with centre.read() as connection:
        held = deposits.held(connection, code, sha256)
        there = deposits.held(connection, peer, sha256)
    for no in range(there.pieces, pieces_of(held.size) if held.whole and not there.whole else 0):
        with centre.read() as connection:
            piece = deposits.piece(connection, code, sha256, no)
        with suppress(Refusal), centre.write() as connection:  # no room there: the set says what is missing
            deposits.take(connection, peer, Cited("", sha256, held.size), no, piece)


def pieces(centre: Centre, code: str, photos: Sequence[str]) -> Iterator[tuple[str, int, bool, bytes]]:
    """The photos that arrived with somebody, for a parcel: hash, number, whether it is the last, bytes."""
    for sha256 in photos:
        with centre.read() as connection:
            held = deposits.held(connection, code, sha256)
        count = pieces_of(held.size) if held.whole else 0
        for no in range(count):
            with centre.read() as connection:
                yield sha256, no, no == count - 1, deposits.piece(connection, code, sha256, no)
