"""What a laptop puts on a stick for the centre: its requests, page after page, and photos after them.

The bytes are those that HTTPS would carry, each signed by the laptop; so an answer closes the outbox
whichever way it comes back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

import msgspec
from sqlalchemy import Connection

from app.domain.changes import SignedSet
from app.seal.certificates import Trust
from app.seal.enrolment import EnrolmentCode
from app.seal.keys import MESSAGE, sign
from app.store import attachments, exchanges, outbox, parcels, past, place
from app.sync import enrolment, messages, replica, snapshot
from app.sync.attachments import Asked, Laptop
from app.sync.enrolment import CENTRE, Applicant
from app.sync.messages import PROTOCOL, STICK_LEVEL, SyncRequest
from app.sync.parts import REQUEST, TRANSFER, Part
from app.sync.photos import Photos
from app.sync.policy import centre_of
from app.sync.stick import Draft
from app.sync.transfer import Moves

REFILL = "refill"  # this copy diverged: the next request says so, by a digest that nobody has
_ENROLLING = "enrolling"  # the code that was typed, and who the centre says it is, until it answers
# Of sets in one message: together a tenth smaller than in pages of 8 MB, and as a rule not too long.
_PAGE_BYTES = 14 << 20
_NOBODYS = bytes(31) + b"\xff"  # a digest that no register comes to, but by a chance of 2⁻²⁵⁶


@dataclass(frozen=True)
class Going:
    """What a request would carry. `photos` wait, with so many bytes; they may be left out."""

    sets: int
    photos: int = 0
    photo_bytes: int = 0
    is_first: bool = False  # it asks to be enrolled


@dataclass(frozen=True)
class Request:
    """A request ready to be written; `going` says what is in it."""

    draft: Draft
    going: Going
    centre: Trust = field(repr=False)


def going(connection: Connection) -> Going:
    """What a request made now would carry."""
    load = attachments.load(connection)
    is_first = not enrolment.is_enrolled(connection)
    return Going(outbox.waiting(connection), load.count, load.bytes, is_first)


def begin_enrolment(connection: Connection, code: EnrolmentCode, statement: bytes) -> Trust:
    """Remember the code, and the centre's own statement, until the centre's answer comes.

    Refusal("centre.another_root") when the statement is not that of the centre the code was made by.
    """
    certificates = enrolment.read_centre(statement)
    centre = Trust.established(code.root_fingerprint, certificates)
    place.write(connection, _ENROLLING, msgspec.msgpack.encode([code.text().encode(), *certificates]))
    return centre


def enrolling(connection: Connection) -> tuple[EnrolmentCode, tuple[bytes, ...]] | None:
    """The code and the centre's certificates, while its answer has not come."""
    held = place.read(connection, _ENROLLING)
    if held is None:
        return None
    text, *certificates = msgspec.msgpack.decode(held, type=list[bytes])
    return EnrolmentCode.read(text.decode()), tuple(certificates)


def end_enrolment(connection: Connection) -> None:
    """It is known now."""
    place.write(connection, _ENROLLING, None)


def centre_known(connection: Connection) -> Trust:
    """The centre that this laptop was enrolled with, or asks to be. Refusal("sync.not_enrolled")."""
    asked = enrolling(connection)
    if asked is not None and not enrolment.is_enrolled(connection):
        code, certificates = asked
        return Trust.established(code.root_fingerprint, certificates)
    return centre_of(connection)


def request(
    connection: Connection,
    laptop: Laptop,
    applicant: Applicant,
    now_ms: int,
    *,
    with_photos: bool,
    moves: Sequence[str] = (),
) -> Request:
    """All that waits, as it stands in this transaction. Refusal("sync.not_enrolled") before a code came.

    A photo that cannot be read is left out, said, and waits on: the rest goes all the same. `moves`: sets
    by which people moved, for whose communes the centre writes parcels of their own.
    """
    centre, commune = centre_known(connection), place.here(connection).commune
    sender = f"{commune}/{laptop.device.id}"
    front: list[tuple[Part, bytes]] = []
    asked = enrolling(connection)
    if asked is not None and not enrolment.is_enrolled(connection):
        front.append((Part.APPLICATION, enrolment.apply(asked[0], applicant)))
    front += ((Part.REQUEST, page) for page in _pages(connection, laptop, sender))
    front += ((Part.LACKING, words) for words in _lacking(connection, laptop))
    if moves:
        front.append((Part.MOVES, _signed(laptop, sender, Moves(PROTOCOL, commune, list(moves)))))
    wanted, photos = attachments.waiting(connection) if with_photos else [], Photos(laptop.files)

    def parts() -> Iterator[tuple[Part, bytes]]:
        yield from front
        for cited in wanted:
            for no, piece in enumerate(photos.pieces(cited.sha256)):
                asked = Asked(PROTOCOL, commune, cited.record, cited.sha256, no, piece)
                yield Part.PIECE, _signed(laptop, sender, asked)

    number = parcels.next_number(connection, CENTRE)
    errand = TRANSFER if moves else REQUEST
    draft = Draft(errand, sender, CENTRE, number, now_ms, parts, left_out=photos.left_out)
    carried = Going(outbox.waiting(connection), len(wanted), sum(c.size for c in wanted), asked is not None)
    return Request(draft, carried, centre)


def _pages(connection: Connection, laptop: Laptop, sender: str) -> Iterator[bytes]:
    """Requests with all that waits, a page of sets each; at least one, for it asks too."""
    waiting = outbox.outbox(connection)
    asked = replica.compose(connection, 0, push=False)
    if place.read(connection, REFILL):
        asked = msgspec.structs.replace(asked, digest=_NOBODYS)
    for sets in _paged(waiting):
        yield from _fitting(connection, laptop, sender, asked, sets)


def _fitting(
    connection: Connection, laptop: Laptop, sender: str, asked: SyncRequest, sets: Sequence[SignedSet]
) -> Iterator[bytes]:
    """A page, or its halves: sealed values hardly pack, and a message too long would never be read."""
    numbered = msgspec.structs.replace(asked, number=exchanges.next_number(connection))
    carried = _signed(laptop, sender, messages.pushing(numbered, sets))
    if messages.fits(carried) or len(sets) < 2:
        yield carried
        return
    for half in (sets[: len(sets) // 2], sets[len(sets) // 2 :]):
        yield from _fitting(connection, laptop, sender, asked, half)


def _paged(waiting: Sequence[SignedSet]) -> Iterator[list[SignedSet]]:
    page, size = list[SignedSet](), 0
    for signed in waiting:
        if page and size + len(signed.body) > _PAGE_BYTES:
            yield page
            page, size = [], 0
        page.append(signed)
        size += len(signed.body)
    yield page


def _lacking(connection: Connection, laptop: Laptop) -> Iterable[bytes]:
    """The words that ask for all of the past that has not come."""
    below = past.below(connection)
    if below:
        device = laptop.device
        wanted = past.Wanted((), 0, below)
        yield snapshot.ask_history(connection, device.id, partial(sign, device.key, MESSAGE), wanted)


def _signed(laptop: Laptop, sender: str, said: SyncRequest | Asked | Moves) -> bytes:
    level = STICK_LEVEL if isinstance(said, SyncRequest) else 1  # photos do not pack
    return messages.write(said, sender, partial(sign, laptop.device.key, MESSAGE), level)
