"""Sticks at the centre: a laptop's bundle in, the answer's bundle out.

What is taken is committed before the answer is composed: a file handed in again gets its answer again,
so a lost, copied or late stick costs a repeat. A revoked laptop may hand in too: refused, kept, said.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import msgspec

from app.central import moving
from app.central.answering import Answer, Answering
from app.central.enrolling import enrol
from app.central.keys import Keys
from app.central.moving import forward, photos_of
from app.central.office import register_office
from app.central.programmes import Programmes
from app.domain.errors import Refusal
from app.domain.ids import machine_of
from app.domain.progress import Progress
from app.sandbox.children import Child
from app.seal.certificates import Trust
from app.seal.keys import MESSAGE, public_key, verify
from app.seal.sealing import STANZAS_MAX, Identity, recipient_of
from app.seal.statements import utc
from app.store import bell, deposits, moves, parcels, roster
from app.store.centre import Centre
from app.store.parcels import Parcel
from app.store.roster import ACTIVE
from app.sync import messages, register, stick
from app.sync.attachments import Asked
from app.sync.enrolment import CENTRE, Welcome, read_application
from app.sync.messages import Receipt, SyncRequest
from app.sync.parts import REQUEST, RESPONSE, TRANSFER, Part
from app.sync.photos import Piece
from app.sync.snapshot import HistoryRequest
from app.sync.stick import Draft, Found, Made
from app.sync.transfer import Moves

_NUMBER_MAX = 2**31
_SAID = (Part.APPLICATION, Part.REQUEST, Part.LACKING, Part.MOVES)


@dataclass(frozen=True)
class Handled:
    """One bundle taken in and answered: the parcels of both ways, as the minute prints them.

    `moved`: the parcels for communes to which somebody moves by it. `again`: it had come before;
    `older`: a newer one of that laptop had; `expired`: its day was over.
    """

    came: Parcel
    went: Parcel
    file: Path
    commune: str
    device: str
    again: bool = False
    older: bool = False
    expired: bool = False
    revoked: bool = False
    moved: tuple[tuple[Parcel, Path], ...] = ()


@dataclass
class _Said:
    """What a laptop says in one bundle, every signature checked."""

    welcome: Welcome | None = None
    requests: list[SyncRequest] = field(default_factory=list)
    below: int = 0  # of the history that it lacks
    moves: set[str] = field(default_factory=set)  # by which sets people moved


@dataclass(frozen=True)
class _Outcome:
    """What taking a bundle in came to: why sets were not taken; which photos are whole now."""

    receipts: Sequence[Receipt]
    whole: Sequence[str]


class Sticks:
    """A centre's desk for sticks: its book, its keys, what opens what was sealed to it."""

    def __init__(self, centre: Centre, keys: Keys, identity: Identity, now_ms: int) -> None:
        self._centre, self._keys, self._identity, self._now_ms = centre, keys, identity, now_ms
        self._trust = Trust.established(keys.root_fingerprint, keys.certificates)
        self._programmes = Programmes(keys)

    def handle(self, where: Child, file: Path, folder: Path, progress: Progress) -> Handled:
        """Take one bundle in and write its answer into a folder.

        Refusal("bundle.sender") for nobody's laptop, ("bundle.addressee"), ("bundle.errand"), those of
        `stick.find`, `stick.require_payload`, `enrol` and `register.exchange`: then nothing was taken.
        """
        found = stick.find(where, file, self._identity, progress)
        code, machine = self._sender(found)
        if found.manifest.to != CENTRE:
            raise Refusal("bundle.addressee", to=found.manifest.to)
        if found.manifest.errand not in (REQUEST, TRANSFER):
            raise Refusal("bundle.errand")
        stick.require_payload(found)
        said = self._read(where, found, progress)
        handled, receipts = self._taken(found, said, code, machine)
        whole = self._take_pieces(where, found, code, progress) if not handled.revoked else []
        moved = self._hand_on(found, said, folder, progress) if not handled.revoked else ()
        made, went = self._answer(found, said, _Outcome(receipts, whole), folder, progress)
        if said.requests and any(request.sets for request in said.requests):
            bell.ring(self._centre, code)
        return replace(handled, went=went, file=made.written.path, moved=moved)

    def _sender(self, found: Found) -> tuple[str, str]:
        """Commune and laptop. One that is not known yet must ask to be enrolled, by the key that it names."""
        code, _, machine = found.manifest.sender.partition("/")
        with self._centre.read() as connection:
            device = roster.find_device(connection, code, machine)
        is_known = device is not None and device.key == found.by.raw
        if not is_known and not (device is None and Part.APPLICATION in found.surveyed.counts):
            raise Refusal("bundle.sender")
        return code, machine

    def _hand_on(
        self, found: Found, said: _Said, folder: Path, progress: Progress
    ) -> tuple[tuple[Parcel, Path], ...]:
        """A parcel for each commune to which somebody moves by this bundle: also when it comes again."""
        code = found.manifest.sender.partition("/")[0]
        forward(self._centre, self._keys, code)
        moved: dict[str, list[str]] = {}
        with self._centre.read() as connection:
            for gone in moves.departures(connection, code):
                if gone.id in said.moves:
                    moved.setdefault(gone.peer, []).append(gone.id)
        return tuple(
            parcel
            for peer, ids in sorted(moved.items())
            if (parcel := self._parcel_for(code, peer, ids, folder, progress)) is not None
        )

    def _parcel_for(
        self, code: str, peer: str, ids: Sequence[str], folder: Path, progress: Progress
    ) -> tuple[Parcel, Path] | None:
        """What its laptops open without asking first; None while nothing came, or nobody could open it."""
        with self._centre.read() as connection:
            came = moves.find_arrivals(connection, peer, ids)
            active = [d for d in roster.devices(connection, peer).values() if d.standing == ACTIVE]
            number = parcels.next_number(connection, peer, code)
        if not came or not active:
            return None
        photos = [sha256 for one in came for sha256 in photos_of(one.content, self._keys)]
        pieces = partial(moving.pieces, self._centre, peer, photos)

        def parts() -> Iterator[tuple[Part, bytes]]:
            yield from ((Part.TRANSFER, one.content) for one in came)
            yield from ((Part.FILE, msgspec.msgpack.encode(Piece(*piece))) for piece in pieces())

        draft = Draft(TRANSFER, CENTRE, peer, number, self._now_ms, parts)
        recipients = [recipient_of(public_key(device.key)) for device in active][:STANZAS_MAX]
        made = stick.write(draft, self._keys.register, recipients, folder, progress)
        went = made.parcel({"people": len(came)})
        with self._centre.write() as connection:
            parcels.note(connection, went, code)
        return went, made.written.path

    def _read(self, where: Child, found: Found, progress: Progress) -> _Said:
        """All but the photos; a laptop that is new is enrolled, once all of it has come."""
        said, is_senders = _Said(), _senders(found)
        application: bytes | None = None  # an empty one is none that anybody may leave unread

        for kind, content in stick.pour(where, found, self._identity, _SAID, progress):
            match kind:
                case Part.APPLICATION:
                    application = content
                case Part.REQUEST:
                    said.requests.append(_request(content, is_senders))
                case Part.LACKING:
                    said.below = messages.read(content, HistoryRequest, is_senders)[1].below
                case Part.MOVES:
                    said.moves.update(messages.read(content, Moves, is_senders)[1].sets)
        if application is not None:
            said.welcome = self._enrolled(application, found)
        return said

    def _enrolled(self, application: bytes, found: Found) -> Welcome:
        key, asked = read_application(application)
        if key != found.by or found.manifest.sender != f"{asked.commune}/{asked.device}":
            raise Refusal("bundle.sender")
        return enrol(self._centre, self._keys, key, asked, self._now_ms)

    def _taken(self, found: Found, said: _Said, code: str, machine: str) -> tuple[Handled, Sequence[Receipt]]:
        """What was pushed, judged: one transaction. Refusal("bundle.sender") for one still unknown."""
        manifest = found.manifest
        with self._centre.write() as connection:
            device = roster.find_device(connection, code, machine)
            if device is None:
                raise Refusal("bundle.sender")
            office = register_office(self._keys, self._now_ms, self._programmes.in_force(connection))
            pushed = [request for request in said.requests if request.sets]
            answers = [register.exchange(connection, request, office) for request in pushed]
            receipts = [receipt for answer in answers for receipt in answer.receipts]
            handled = Handled(
                came=found.parcel({"sets": sum(len(request.sets) for request in said.requests)}),
                went=found.parcel({}),
                file=found.path,
                commune=code,
                device=machine,
                again=parcels.find(connection, manifest.id, code) is not None,
                older=parcels.newest(connection, parcels.IN, manifest.sender, code) > manifest.number,
                expired=utc(self._now_ms) >= manifest.expiry,
                revoked=device.standing != ACTIVE,
            )
            parcels.note(connection, handled.came, code)
        return handled, receipts

    def _take_pieces(self, where: Child, found: Found, code: str, progress: Progress) -> list[str]:
        """The photos, a transaction a piece; which are whole now. One that nothing cites is left out."""
        touched: dict[str, bool] = {}
        if Part.PIECE not in found.surveyed.counts:
            return []
        is_senders = _senders(found)
        for _kind, content in stick.pour(where, found, self._identity, [Part.PIECE], progress):
            asked = messages.read(content, Asked, is_senders)[1]
            if asked.commune != code or not asked.is_sound:
                raise Refusal("sync.message")
            try:
                with self._centre.write() as connection:
                    cited = deposits.cited(connection, code, asked.record, asked.sha256)
                    touched[asked.sha256] = deposits.take(
                        connection, code, cited, asked.no, asked.piece
                    ).whole
            except Refusal as error:
                if not error.code.startswith("attachment."):
                    raise
        return [sha256 for sha256, is_whole in touched.items() if is_whole]

    def _answer(
        self, found: Found, said: _Said, outcome: _Outcome, folder: Path, progress: Progress
    ) -> tuple[Made, Parcel]:
        """Write the answer, and keep its number."""
        code, _, machine = found.manifest.sender.partition("/")
        answering = Answering(self._centre, self._keys, self._programmes, self._now_ms)
        asked = msgspec.structs.replace(said.requests[-1], sets=[]) if said.requests else None
        answer: Answer = answering.answer(code, machine, asked, outcome.receipts, said.below, progress)
        parts = answer.parts(said.welcome, outcome.whole)
        sender = found.manifest.sender
        with self._centre.read() as connection:
            number = parcels.next_number(connection, sender, code)
        draft = Draft(RESPONSE, CENTRE, sender, number, self._now_ms, lambda: parts)
        recipients = [recipient_of(found.by), self._trust.sealing]
        made = stick.write(draft, self._keys.register, recipients, folder, progress)
        went = made.parcel(dict(answer.counts))
        with self._centre.write() as connection:
            parcels.note(connection, went, code)
        return made, went


def _senders(found: Found) -> messages.Verify:
    """Whether a message inside is by whom the bundle is."""
    sender, by = found.manifest.sender, found.by
    return lambda who, payload, signature: who == sender and verify(by, MESSAGE, payload, signature)


def _request(content: bytes, is_senders: messages.Verify) -> SyncRequest:
    sender, request = messages.read(content, SyncRequest, is_senders)
    if sender != f"{request.commune}/{machine_of(request.device)}" or not 0 <= request.number < _NUMBER_MAX:
        raise Refusal("sync.message")
    return request
