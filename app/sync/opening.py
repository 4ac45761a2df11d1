"""What a laptop does with a bundle, on whichever errand: the centre's answer, another laptop's register."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Protocol

from sqlalchemy import Connection

from app.domain.progress import Progress
from app.sandbox.children import Child
from app.seal.sealing import Identity
from app.store import place
from app.store.files import Files
from app.store.unit import Pen
from app.sync import incoming, outgoing, stick, succession
from app.sync.enrolment import Applicant
from app.sync.incoming import ANSWERED, Answered, Arrived, Taking
from app.sync.parts import LAPTOP, Part
from app.sync.pieces import Known
from app.sync.stick import Found
from app.sync.succession import HANDED_ON, TakingOn

BELIEVED = (Part.WELCOME, Part.POLICY)


@dataclass(frozen=True)
class Reader:
    """Who opens it: the laptop with whoever sits there, where its photos are kept, and her pen."""

    applicant: Applicant
    files: Files = field(repr=False)
    pen: Pen | None = None

    @property
    def device(self) -> str:
        """The laptop's id as it was enrolled."""
        return self.applicant.device.id


class Taker(Protocol):
    """One transaction in which a bundle is taken in."""

    def take(self, kind: Part, content: bytes) -> None:
        """The next part, or a piece of it."""

    def known(self) -> Known:
        """By whose keys the sets that come are checked, as far as is known by now, and what is here."""

    def finish(self) -> Answered:
        """What all of it did."""


def kinds(found: Found) -> Collection[Part]:
    """The parts that are of use on this errand."""
    return HANDED_ON if found.manifest.errand == LAPTOP else ANSWERED


def arrived(connection: Connection, found: Found, device: str) -> Arrived:
    """Whether it is ours to take in; the refusals of both errands' own."""
    check = succession.arrived if found.manifest.errand == LAPTOP else incoming.arrived
    return check(connection, found, device)


def preview(connection: Connection, found: Found, parts: Iterable[tuple[Part, bytes]]) -> Answered:
    """What taking it in would do."""
    here = place.here(connection)
    if found.manifest.errand == LAPTOP:
        return succession.preview(parts, here.cursor)
    return incoming.preview(parts, outgoing.centre_known(connection), here)


def take_in(taker: Taker, where: Child, found: Found, identity: Identity, progress: Progress) -> Answered:
    """All of its parts: first those that say whom to believe, then what is to be believed."""
    for kind, content in stick.pour(where, found, identity, BELIEVED, progress):
        taker.take(kind, content)
    rest = [kind for kind in kinds(found) if kind not in BELIEVED]
    for kind, content in stick.pour(where, found, identity, rest, progress, taker.known()):
        taker.take(kind, content)
    return taker.finish()


def taking(connection: Connection, found: Found, reader: Reader) -> Taker:
    """Begin to take it in."""
    if found.manifest.errand == LAPTOP:
        return TakingOn(connection, reader.files)
    has_past, centre = Part.HISTORY in found.surveyed.counts, outgoing.centre_known(connection)
    return Taking(connection, centre, reader.applicant, reader.files, reader.pen, has_past=has_past)
