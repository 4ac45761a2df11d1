"""Handing over by stick: what would go, writing it, looking at what came, taking it in."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from app.actions import moving
from app.actions.desk import Desk, now_ms, require_her_word
from app.actions.exchange import LABEL_LENGTH_MAX
from app.domain.errors import Refusal, Trouble
from app.domain.progress import Progress
from app.domain.reasons import Move
from app.seal.enrolment import EnrolmentCode
from app.seal.sealing import identity_of
from app.store import attachments, exchanges, parcels, place, renewal
from app.store.disk import read_whole
from app.store.exchanges import DONE, Exchange
from app.store.parcels import Parcel
from app.sync import admitting, opening, outgoing, stick, succession
from app.sync.admitting import Coming
from app.sync.attachments import Laptop
from app.sync.enrolment import Applicant
from app.sync.incoming import Answered, Arrived
from app.sync.opening import Reader
from app.sync.outgoing import Going
from app.sync.policy import centre_of
from app.sync.stick import Made
from app.sync.succession import Heir

_STATEMENT_BYTES_MAX = 64 << 10
_DOUBLE, _DIVERGED = "sync.unknown_own_set", "sync.diverged"


@dataclass(frozen=True)
class Looked:
    """A bundle that was read and checked; `told`: what taking it in would do; `coming`: whose files."""

    arrived: Arrived
    told: Answered
    coming: tuple[Coming, ...] = ()

    @property
    def path(self) -> Path:
        """Where it lies."""
        return self.arrived.found.path


def what_goes(_progress: Progress, desk: Desk) -> Going:
    """What a stick for the centre would carry now."""
    with desk.vault.whole() as connection:
        return outgoing.going(connection)


def ask_to_join(_progress: Progress, desk: Desk, typed: str, statement: Path) -> None:
    """Have the next stick for the centre ask that this laptop be enrolled: no link is needed for it.

    `typed`: the code from the centre; `statement`: its file that came with it, which the code's
    fingerprint proves. Refusal("enrolment.other_commune"), ("centre.statement"), ("centre.another_root").
    """
    code = EnrolmentCode.read(typed)
    if code.commune != desk.commune.code:
        raise Refusal("enrolment.other_commune", theirs=code.commune, ours=desk.commune.code)
    content = read_whole(statement) or b""
    if len(content) > _STATEMENT_BYTES_MAX:
        raise Refusal("centre.statement")
    with desk.vault.write() as connection:
        outgoing.begin_enrolment(connection, code, content)


def make(progress: Progress, desk: Desk, folder: Path, *, with_photos: bool = True) -> Made:
    """Write what waits onto a stick for the centre; the troubles of `write_verified`, Cancelled.

    Refusal("sync.not_enrolled") before `ask_to_join`.
    """
    return _make(progress, desk, folder, (), with_photos=with_photos)


def _make(progress: Progress, desk: Desk, folder: Path, moves: Sequence[str], *, with_photos: bool) -> Made:
    laptop, who = Laptop(desk.vault, desk.files, desk.device_key), _applicant(desk)
    with desk.vault.write() as connection:
        made = outgoing.request(connection, laptop, who, now_ms(desk), with_photos=with_photos, moves=moves)
    recipients = [made.centre.sealing]
    written = stick.write(made.draft, desk.device_key.key, recipients, folder, progress)
    photos = made.going.photos - len(written.left_out)
    return _noted(desk, written, {"sets": made.going.sets, "photos": photos, "people": len(moves)})


def _noted(desk: Desk, made: Made, counts: dict[str, int]) -> Made:
    """In the book of parcels; with the names of those whose photos stayed behind."""
    with desk.vault.write() as connection:
        parcels.note(connection, made.parcel(counts))
        return replace(made, whose=attachments.whose(connection, made.left_out))


def heirs(_progress: Progress, desk: Desk) -> list[Heir]:
    """The laptops of this commune to which this register could be handed on."""
    with desk.vault.whole() as connection:
        return succession.heirs(connection, desk.device_key.id)


def make_for_heir(progress: Progress, desk: Desk, heir: Heir, folder: Path) -> Made:
    """Write the register, what waits and photos that never went onto a stick for another laptop.

    Refusal("proof.wanted"); ("bundle.past") while history is still to come; the troubles of
    `write_verified`, Cancelled.
    """
    require_her_word(desk)
    laptop = Laptop(desk.vault, desk.files, desk.device_key)
    with desk.vault.whole() as connection:
        draft = succession.draft(connection, laptop, heir, now_ms(desk))
        recipients = [heir.recipient, centre_of(connection).sealing]
    return _noted(desk, stick.write(draft, desk.device_key.key, recipients, folder, progress), {})


def make_transfer(progress: Progress, desk: Desk, people: Sequence[str], move: Move, folder: Path) -> Made:
    """Close the files of those who move, and write that with what waits onto a stick for the centre.

    It hands them on to the other commune, and writes a parcel for it. Whose file was closed by a move
    before is asked for once more: a parcel may have been lost. The refusals of `moving.move_away`; the
    troubles of `write_verified`, Cancelled: the files stay closed, and the next stick or sync tells it.
    """
    sets = moving.move_away(desk, people, move)
    return _make(progress, desk, folder, sets, with_photos=True)


def look(progress: Progress, desk: Desk, path: Path) -> Looked:
    """Check a bundle to its end and say what it would do; nothing is changed.

    The refusals of `stick.find` and `incoming.arrived`, each by the name of the check that failed.
    """
    identity = identity_of(desk.device_key.key)
    with stick.child() as child:
        found = stick.find(child, path, identity, progress)
        with desk.vault.whole() as connection:
            arrived = opening.arrived(connection, found, desk.device_key.id)
            parts = stick.pour(child, found, identity, opening.kinds(found), progress)
            told = opening.preview(connection, found, parts)
            return Looked(arrived, told, tuple(admitting.coming_in(connection, one) for one in told.comers))


def take(progress: Progress, desk: Desk, looked: Looked) -> Answered:
    """Take in what was looked at, in one transaction; the refusals of `Taking.take` change nothing.

    The files of those who come out of another commune are opened in it, by the officer who sits here.
    """
    identity, found = identity_of(desk.device_key.key), looked.arrived.found
    try:
        with stick.child() as child, desk.vault.write() as connection:
            opening.arrived(connection, found, desk.device_key.id)  # meanwhile another may have come
            taking = opening.taking(connection, found, Reader(_applicant(desk), desk.files, desk.pen))
            done = opening.take_in(taking, child, found, identity, progress)
            done.opened = admitting.open_files(connection, desk.pen, done.comers)
            parcels.note(connection, found.parcel(done.counts()))
            place.write(connection, "in_step", b"yes" if done.in_step else b"no")
            moment = datetime.now(UTC).replace(microsecond=0)
            size = found.surveyed.size
            exchanges.note(connection, Exchange(moment, DONE, received=done.pulled, bytes_in=size))
    except (Refusal, Trouble) as error:
        _remember(desk, error)
        raise
    if done.enrolled:
        with desk.vault.read() as connection:
            recovery = centre_of(connection).recovery
        desk.seal_key_to(recovery)
    return done


def parcels_of(_progress: Progress, desk: Desk) -> list[Parcel]:
    """The bundles that went and came, newest first: what a minute is printed from."""
    with desk.vault.read() as connection:
        return parcels.recent(connection)


def _remember(desk: Desk, error: Refusal | Trouble) -> None:
    """What a line would mend by asking again at once, the next stick asks for."""
    with desk.vault.write() as connection:
        if error.code == _DOUBLE:
            renewal.mark(connection)
        elif error.code == _DIVERGED:
            place.write(connection, outgoing.REFILL, b"yes")


def _applicant(desk: Desk) -> Applicant:
    label = f"{desk.officer.name} · {platform.node()}"[:LABEL_LENGTH_MAX]
    return Applicant(desk.device_key, label, [desk.officer_key])
