"""Old laptop → new laptop, by stick: the register, what waits for the centre, and photos it has not got.

The new one is enrolled already. It believes nothing that the old one says: each set by its author's
certified key, the order and the verdicts by the head that the centre signed. So a register is handed on
where no line is, and the old laptop's unsent work goes on with the new one, which hands it in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import msgspec
from sqlalchemy import Connection

from app.domain.changes import Entry, SignedSet, read_again, unpack_verdicts
from app.domain.errors import Refusal
from app.domain.outline import Outline
from app.seal.certificates import Trust
from app.seal.sealing import Recipient, recipient_of
from app.store import attachments, ground, outbox, parcels, place, unit
from app.store.files import Files
from app.store.unit import Page
from app.sync import blocks, columns, messages, pieces, told
from app.sync.attachments import Laptop
from app.sync.columns import Columns
from app.sync.incoming import Answered, Arrived, in_time
from app.sync.messages import STICK_LEVEL
from app.sync.parts import LAPTOP, Part
from app.sync.photos import Photos, Piece, keep_piece, read_piece
from app.sync.pieces import Known, Lines
from app.sync.policy import Member, authors, believed, centre_of, held_policy
from app.sync.stick import Draft, Found

HANDED_ON = (Part.POLICY, Part.ENTRIES, Part.HEAD, Part.WAITING, Part.FILE)
_GATHERED_BYTES_MAX = 2 << 20  # of sets in their bytes; read, they are ten times as much
_Any = TypeVar("_Any")


class _Head(msgspec.Struct, array_like=True, frozen=True):
    """What the centre signed of the journal's end, as the old laptop has it."""

    seq: int
    head: bytes
    digest: bytes
    signature: bytes


@dataclass(frozen=True)
class Heir:
    """A laptop of this commune to which a register can be handed on."""

    device: str
    label: str
    recipient: Recipient = field(repr=False)


def heirs(connection: Connection, own: str) -> list[Heir]:
    """The commune's other laptops in standing, by the centre's policy."""
    held = held_policy(connection)
    members = held.devices if held else {}
    return [
        Heir(name, member.certificate.name, recipient_of(member.key))
        for name, member in members.items()
        if name != own and member.is_active
    ]


def draft(connection: Connection, laptop: Laptop, heir: Heir, now_ms: int) -> Draft:
    """All of this register for another laptop, as it stands in this transaction.

    A photo that cannot be read is left out and counted: the rest goes on all the same.
    Refusal("bundle.past") while a part of the history is still to come here: the centre has it whole.
    """
    here, at = place.here(connection), ground.ground(connection)
    if at.lacking:
        raise Refusal("bundle.past", count=at.lacking)
    parts = [(Part.POLICY, place.read(connection, "policy") or b"")]
    made = blocks.entry_blocks(_journal(connection))
    parts += ((Part.ENTRIES, packed) for packed in blocks.together(made, STICK_LEVEL))
    if here.cursor:
        signed = _Head(here.cursor, here.head, at.digest, at.signature)
        parts.append((Part.HEAD, msgspec.msgpack.encode(signed)))
    waiting = outbox.outbox(connection)
    parts += ((Part.WAITING, msgspec.msgpack.encode(columns.pack(page))) for page in _pages(waiting))
    wanted, photos = attachments.waiting(connection), Photos(laptop.files)

    def all_parts() -> Iterator[tuple[Part, bytes]]:
        yield from parts
        for cited in wanted:
            for piece in _photo(photos, cited.sha256):
                yield Part.FILE, msgspec.msgpack.encode(piece)

    to = f"{here.commune}/{heir.device}"
    number = parcels.next_number(connection, to)
    sender = f"{here.commune}/{laptop.device.id}"
    return Draft(LAPTOP, sender, to, number, now_ms, all_parts, left_out=photos.left_out)


def _photo(photos: Photos, sha256: str) -> Iterator[Piece]:
    pieces = list(photos.pieces(sha256))
    for no, piece in enumerate(pieces):
        yield Piece(sha256, no, no == len(pieces) - 1, piece)


def _journal(connection: Connection) -> Iterator[Entry]:
    for lines in ground.stretch(connection, 0):
        for line in lines:
            yield Entry(line.seq or 0, SignedSet(line.body, line.signature), unpack_verdicts(line.verdicts))


def _pages(waiting: Sequence[SignedSet]) -> Iterable[Sequence[SignedSet]]:
    return (waiting[start : start + 500] for start in range(0, len(waiting), 500))


def arrived(connection: Connection, found: Found, device: str) -> Arrived:
    """Whether a bundle is a colleague's laptop's for this one, whole, and in its time.

    Refusal("bundle.sender") for one that this commune's policy does not hold in standing,
    ("bundle.addressee"), ("bundle.errand"), those of `in_time`.
    """
    said, here = found.manifest, place.here(connection)
    commune, _, sender = said.sender.partition("/")
    held = held_policy(connection)
    member = held.devices.get(sender) if held and commune == here.commune else None
    if not _is_standing(member, found):
        raise Refusal("bundle.sender")
    if said.to != f"{here.commune}/{device}":
        raise Refusal("bundle.addressee", to=said.to)
    if said.errand != LAPTOP:
        raise Refusal("bundle.errand")
    return in_time(connection, found)


def _is_standing(member: Member | None, found: Found) -> bool:
    return member is not None and member.is_active and member.key == found.by


def preview(parts: Iterable[tuple[Part, bytes]], cursor: int) -> Answered:
    """What taking it on would bring; nothing is changed."""
    told = Answered(cursor=cursor)
    for kind, content in parts:
        match kind:
            case Part.ENTRIES:
                seqs = [line.seq for line in pieces.taken(content, Lines).lines]
                told.pulled += sum(seq > cursor for seq in seqs)
                told.cursor = max([told.cursor, *seqs])
            case Part.WAITING:
                told.carried += len(_decoded(content, Columns).layout)
            case Part.FILE:
                told.photos += read_piece(content).last
    return told


class TakingOn:
    """One transaction in which a new laptop takes a register on, part after part."""

    def __init__(self, connection: Connection, files: Files) -> None:
        self._connection, self._files = connection, files
        self._centre: Trust = centre_of(connection)
        self._trust = believed(connection, self._centre)
        self._is_signed = True
        self._gathered, self._gathered_bytes = list[Outline](), 0
        self.done = Answered()

    def take(self, kind: Part, content: bytes) -> None:
        """The next part. Refusal("sync.forged_set"), ("sync.forged_head"); Trouble("sync.diverged")."""
        match kind:
            case Part.POLICY:
                self._trust.take_policy(self._connection, content)
            case Part.ENTRIES:
                self._gather(pieces.taken(content, Lines).lines)
            case Part.HEAD:
                self._absorb()
                self._close(_decoded(content, _Head))
            case Part.WAITING:
                self._absorb()
                sets = told.unpack(_decoded(content, Columns))
                self._check(sets)
                self.done.carried += unit.carry(self._connection, sets)
            case Part.FILE:
                self.done.photos += keep_piece(self._connection, self._files, content, sent=False)

    def known(self) -> Known:
        """By whose keys the sets that come are checked, and where this laptop stands."""
        return Known(authors(self._connection, self._centre), place.cursor(self._connection))

    def finish(self) -> Answered:
        """What it all did. Refusal("sync.forged_head") when no head that the centre signed closed it."""
        self._absorb()
        if not self._is_signed:
            raise Refusal("sync.forged_head")
        self.done.cursor = place.cursor(self._connection)
        self.done.waiting = outbox.waiting(self._connection)
        return self.done

    def _gather(self, lines: Iterable[Outline]) -> None:
        """Many at once: a person is written anew, and her place among the names found, once for all."""
        for line in lines:
            self._gathered.append(line)
            self._gathered_bytes += len(line.body)
            if self._gathered_bytes >= _GATHERED_BYTES_MAX:
                self._absorb()

    def _absorb(self) -> None:
        cursor = place.cursor(self._connection)
        # The child has looked at the form of each.
        fresh = [
            Entry(
                line.seq,
                read_again(line.body, line.signature, line.id.hex()),
                unpack_verdicts(line.verdicts),
            )
            for line in self._gathered
            if line.seq > cursor
        ]
        self._gathered, self._gathered_bytes = [], 0
        if fresh:
            unit.absorb(self._connection, Page(fresh, fresh[-1].seq, b"", b"", goes_on=True))
            self.done.pulled += len(fresh)
            self._is_signed = False

    def _check(self, sets: Iterable[SignedSet]) -> None:
        for signed in sets:
            if not self._trust.verify_set(signed.set.author, signed.body, signed.signature):
                raise Refusal("sync.forged_set", seq=0)

    def _close(self, said: _Head) -> None:
        """The centre's word on the end of what came, or nothing where this laptop is further."""
        here = place.here(self._connection)
        if self._is_signed:
            return
        head = messages.head_message(here.commune, said.seq, said.head, said.digest)
        if said.seq != here.cursor or not self._trust.verify_head(head, said.signature):
            raise Refusal("sync.forged_head")
        unit.absorb(self._connection, Page((), said.seq, said.digest, said.head))
        ground.keep_signed(self._connection, said.digest, said.signature)
        self._is_signed = True


def _decoded(content: bytes, kind: type[_Any]) -> _Any:
    try:
        return msgspec.msgpack.decode(content, type=kind)
    except msgspec.MsgspecError as error:
        raise Refusal("sync.message") from error
