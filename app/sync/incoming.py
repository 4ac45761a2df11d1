"""The centre's answer, taken out of a bundle on a laptop: one transaction, before or after and never between.

What comes late, twice, or after it was said over a line, moves nothing: cursors see to that.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import Connection

from app.domain.changes import Outcome, Verdict, unpack_verdicts
from app.domain.errors import Refusal
from app.domain.outline import Outline
from app.domain.standing import RecordKey
from app.seal.certificates import Trust
from app.seal.keys import MESSAGE, verify
from app.store import attachments, outbox, parcels, past, place
from app.store.divergences import Divergence
from app.store.files import Files
from app.store.filling import Fill
from app.store.past import Wanted
from app.store.place import Here
from app.store.unit import Pen
from app.sync import enrolment, messages, outgoing, pieces, replica, snapshot, stick, transfer
from app.sync.attachments import Held
from app.sync.enrolment import CENTRE, Applicant, Enrolled
from app.sync.messages import SyncResponse
from app.sync.parts import RESPONSE, TRANSFER, Part
from app.sync.photos import keep_piece, read_piece
from app.sync.pieces import Known, Lines, Past, Piece, Records
from app.sync.policy import authors, believed, held_policy, keep_policy
from app.sync.snapshot import Snapshot
from app.sync.stick import Found
from app.sync.transfer import Came, Transfer

ANSWERED = (
    Part.WELCOME,
    Part.POLICY,
    Part.SNAPSHOT,
    Part.BLOCK,
    Part.RESPONSE,
    Part.HISTORY,
    Part.HELD,
    Part.TRANSFER,
    Part.FILE,
)
IN_FORCE, CONFLICT, REFUSED, OVERWRITTEN, NOT_TAKEN = (
    "in_force",
    "conflict",
    "refused",
    "overwritten",
    "not_taken",
)
_WORST = (
    (Outcome.REFUSED, REFUSED),
    (Outcome.CONFLICT, CONFLICT),
    (Outcome.SUPERSEDED, OVERWRITTEN),
)


def said_of_own(verdicts: bytes) -> str:
    """Of a set that its laptop has itself: it is told nothing where every atom was applied as it stands."""
    return said_of(unpack_verdicts(verdicts)) if verdicts else IN_FORCE


def said_of(verdicts: Iterable[Verdict]) -> str:
    """What became of a whole set: the worst that was said of one of its atoms."""
    outcomes = {verdict.outcome for verdict in verdicts}
    return next((word for outcome, word in _WORST if outcome in outcomes), IN_FORCE)


@dataclass(frozen=True)
class Arrived:
    """A bundle that is ours to take in. `again`: it was taken in before; `older`: a newer one was."""

    found: Found
    again: bool = False
    older: bool = False


def arrived(connection: Connection, found: Found, device: str) -> Arrived:
    """Whether a bundle is the centre's answer to this laptop, whole, and in its time.

    Refusal("bundle.sender"), ("bundle.addressee"), ("bundle.errand"), those of `in_time`.
    """
    said, centre = found.manifest, outgoing.centre_known(connection)
    if said.sender != CENTRE or found.by != centre.register:
        raise Refusal("bundle.sender")
    commune = place.here(connection).commune
    if said.to != (commune if said.errand == TRANSFER else f"{commune}/{device}"):
        raise Refusal("bundle.addressee", to=said.to)
    if said.errand not in (RESPONSE, TRANSFER):
        raise Refusal("bundle.errand")
    return in_time(connection, found)


def in_time(connection: Connection, found: Found) -> Arrived:
    """Whether a bundle that is ours came whole and while it counts, and whether one like it came before.

    Refusal("bundle.expired"), those of `stick.require_payload`. Its time is told by what the centre
    signed, not by a clock that anybody sets.
    """
    said = found.manifest
    if said.expiry <= _latest_signed(connection):
        raise Refusal("bundle.expired", day=said.expiry[:10])
    again = parcels.find(connection, said.id) is not None
    older = parcels.newest(connection, parcels.IN, said.sender) > said.number
    stick.require_payload(found)
    return Arrived(found, again, older)


def _latest_signed(connection: Connection) -> str:
    """The latest moment that the centre signed and this laptop saw (UTC); empty before the first."""
    held = held_policy(connection)
    return max(held.issued if held else "", parcels.latest_time(connection, CENTRE))


@dataclass
class Answered:
    """What an answer says, or what taking it in did.

    `own`: of this laptop's sets, by number, what became of each; `why`: of those not taken, the reasons;
    `pulled`: sets of others; `carried`: those of another laptop, to be handed in for it; `photos`: that are
    whole at the centre; `came`: what came from other communes, in a parcel of its own; `opened`: files of
    those who come that were opened; `snapshot`, `history`: whether the whole register came, and how much
    of its past.
    """

    own: dict[int, str] = field(default_factory=dict)
    why: Counter[str] = field(default_factory=Counter)
    pulled: int = 0
    carried: int = 0
    photos: int = 0
    came: tuple[Came, ...] = ()
    opened: int = 0
    snapshot: bool = False
    history: int = 0
    policy: bool = False
    programme: bool = False
    enrolled: bool = False
    cursor: int = 0
    waiting: int = 0
    in_step: bool = False
    revoked: bool = False
    renewed: int = 0
    records: frozenset[RecordKey] = frozenset()
    diverged: tuple[Divergence, ...] = ()

    @property
    def comers(self) -> tuple[Transfer, ...]:
        """Those who come out of another commune."""
        return tuple(one for one in self.came if isinstance(one, Transfer))

    def counts(self) -> dict[str, int]:
        """What the book of parcels keeps, and the minute prints."""
        found = Counter(self.own.values())
        found[NOT_TAKEN] = sum(self.why.values())
        found["pulled"], found["carried"] = self.pulled, self.carried
        found["photos"], found["history"], found["people"] = self.photos, self.history, len(self.came)
        return {word: count for word, count in found.items() if count}

    def hear_past(self, lines: Iterable[Outline], device: str) -> None:
        """Count what came of the past; this laptop's own among it were not told otherwise."""
        for line in lines:
            self.history += 1
            if line.head.device == device:
                self.own[line.head.number] = said_of(unpack_verdicts(line.verdicts))

    def hear(self, response: SyncResponse, after: int) -> None:
        """Count what a page of the journal says, beyond where this laptop stands."""
        for wire in response.entries:
            if wire.number:
                self.own[wire.number] = said_of_own(wire.verdicts)
            elif wire.seq > after:
                self.pulled += 1
        self.why.update(receipt.why for receipt in response.receipts)
        self.policy, self.programme = self.policy or bool(response.policy), bool(response.programme)


def preview(parts: Iterable[tuple[Part, bytes]], centre: Trust, here: Here) -> Answered:
    """What an answer says, every message's signature checked; nothing is changed."""
    cursor = here.cursor
    told = Answered(cursor=cursor)
    for kind, content in parts:
        match kind:
            case Part.RESPONSE:
                response = messages.read(content, SyncResponse, _is_from(centre))[1]
                told.hear(response, cursor)
                told.cursor = max(told.cursor, response.cursor)
            case Part.SNAPSHOT:
                found = messages.read(content, Snapshot, _is_from(centre))[1]
                told.snapshot, told.cursor = True, max(told.cursor, found.seq)
            case Part.HISTORY:
                told.hear_past(pieces.taken(content, Past).lines, here.device)
            case Part.HELD:
                told.photos += messages.read(content, Held, _is_from(centre))[1].whole
            case Part.WELCOME:
                told.enrolled = True
            case Part.POLICY:
                told.policy = True
            case Part.TRANSFER:
                told.came += (transfer.read(content, centre.register),)
            case Part.FILE:
                told.photos += read_piece(content).last
    return told


class Taking:
    """One transaction in which an answer is taken in, part after part, the long ones as `pieces`.

    `has_past`: the history is in it too, behind the snapshot.
    """

    def __init__(
        self,
        connection: Connection,
        centre: Trust,
        applicant: Applicant,
        files: Files,
        pen: Pen | None = None,
        *,
        has_past: bool = False,
    ) -> None:
        self._connection, self._centre, self._files = connection, centre, files
        self._applicant, self._pen, self._has_past = applicant, pen, has_past
        self._filling: tuple[Snapshot, Fill] | None = None
        self._blocks = 0
        self.done = Answered()

    def take(self, kind: Part, content: bytes) -> None:
        """The next part; the refusals of `replica.absorb`, `snapshot.take_in` and `past.keep`."""
        match kind:
            case Part.WELCOME:
                self._welcome(content)
            case Part.POLICY:
                keep_policy(self._connection, content)
                self.done.policy = True
            case Part.SNAPSHOT:
                self._begin(content)
            case Part.BLOCK:
                self._block(pieces.unpacked(content))
            case Part.RESPONSE:
                self._absorb(content)
            case Part.HISTORY:
                self._history(pieces.taken(content, Past))
            case _:
                self._besides(kind, content)

    def _besides(self, kind: Part, content: bytes) -> None:
        """What lies beside the conversation: photos, and who comes out of another commune."""
        match kind:
            case Part.HELD:
                held = messages.read(content, Held, _is_from(self._centre))[1]
                if held.whole:
                    attachments.note_sent(self._connection, held.sha256)
                    self.done.photos += 1
            case Part.TRANSFER:
                self.done.came += (transfer.keep(self._connection, content, self._centre.register),)
            case Part.FILE:
                self.done.photos += keep_piece(self._connection, self._files, content, sent=True)

    def known(self) -> Known:
        """By whose keys the sets that come are checked, and where this laptop stands."""
        return Known(authors(self._connection, self._centre), place.cursor(self._connection))

    def finish(self) -> Answered:
        """What it all did."""
        connection, done = self._connection, self.done
        if self._filling is not None:
            raise Refusal("bundle.form")
        done.cursor, done.waiting = place.cursor(connection), outbox.waiting(connection)
        done.revoked = bool(place.read(connection, place.REVOKED)) and outbox.is_handed_over(connection)
        return done

    def _welcome(self, content: bytes) -> None:
        asked = outgoing.enrolling(self._connection)
        if asked is None or enrolment.is_enrolled(self._connection):
            return  # an answer that came twice
        code, certificates = asked
        welcome = enrolment.read_welcome(content, code, self._centre, self._applicant)
        found = Enrolled(code.address, welcome.name, code.root_fingerprint, certificates, welcome.policy)
        enrolment.keep(self._connection, found)
        outgoing.end_enrolment(self._connection)
        self.done.enrolled = True

    def _begin(self, content: bytes) -> None:
        if self._filling is not None:  # what it set aside only its own end brings back
            raise Refusal("bundle.form")
        found = messages.read(content, Snapshot, _is_from(self._centre))[1]
        is_asked = bool(place.read(self._connection, outgoing.REFILL))
        if found.seq <= place.cursor(self._connection) and not is_asked:
            return  # a line was quicker
        trust = believed(self._connection, self._centre)
        fill = snapshot.begin(self._connection, found, trust, past_follows=self._has_past)
        self._filling, self._blocks = (found, fill), 0
        self._close_fill()

    def _block(self, read: Piece) -> None:
        """A block of it; the sums that the centre signed say if it is true."""
        if self._filling is None:
            return
        _, fill = self._filling
        match read:
            case Records():
                fill.records(read.stretch, int.from_bytes(read.digest, "big"))
            case Lines() | Past():
                fill.entries(read.lines)
        self._blocks += 1
        self._close_fill()

    def _close_fill(self) -> None:
        """Let it stand, once its last block has come."""
        if self._filling is None or self._blocks < len(self._filling[0].blocks):
            return
        found, fill = self._filling
        snapshot.finish(fill, found)
        place.write(self._connection, outgoing.REFILL, None)
        self._filling, self.done.snapshot = None, True
        self.done.diverged = tuple(fill.diverged)

    def _absorb(self, content: bytes) -> None:
        connection = self._connection
        response = messages.read(content, SyncResponse, _is_from(self._centre))[1]
        self.done.hear(response, place.cursor(connection))
        trust = believed(connection, self._centre)
        outcome = replica.absorb(connection, response, trust, self._pen)
        self.done.in_step = outcome.in_step
        self.done.renewed += outcome.renewed
        self.done.records |= outcome.records

    def _history(self, page: Past) -> None:
        below = past.below(self._connection)
        lines = [line for line in page.lines if line.seq <= below]
        if not lines or lines[0].seq != below:
            return  # it came already, or belongs to a fill that a line was quicker with
        seqs = [line.seq for line in lines]
        past.keep(self._connection, Wanted(seqs, seqs[-1] - 1, below), lines, page.head)
        self.done.hear_past(lines, place.read_text(self._connection, "device"))


def _is_from(centre: Trust) -> messages.Verify:
    return lambda _who, payload, signed: verify(centre.register, MESSAGE, payload, signed)
