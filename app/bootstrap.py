"""The one place where parts are joined: laptop, key file, vault, clock → Desk. No Qt.

The cover of a commune (its name, whether it is the training one) is looked up from its code,
so nothing is read from the vault before it is unlocked. The database, and what speaks to it, is
imported by those who unlock: it takes longer than all of the unlock screen (`warm_up`).
"""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING

from app.actions.desk import Desk, Officer, Place
from app.actions.invented.people import TRAINING_CODE, training_place
from app.domain.changes import HybridClock
from app.domain.errors import Refusal, Trouble
from app.domain.ids import RecordIds, machine_of
from app.domain.progress import Progress
from app.domain.reference import Reference
from app.resources import load_reference
from app.seal.keys import CHANGE_SET, DeviceKey, OfficerKey, SigningKey, sign
from app.store.keyslots import Guard, KeyFile, Unlocked
from app.store.laptop import CommuneFolder, Laptop
from app.store.throttle import Moment

if TYPE_CHECKING:
    from app.actions.training import TrainingCentre
    from app.store.vault import Vault


class Wall:
    """The machine's own clock."""

    def now(self) -> datetime:
        """The moment, in the machine's zone."""
        return datetime.now().astimezone()

    def today(self) -> date:
        """The day where the officer sits."""
        return date.today()


@dataclass(frozen=True)
class Shelf:
    """A commune's register on this laptop, as its cover says."""

    folder: CommuneFolder
    place: Place

    @property
    def is_training(self) -> bool:
        """Whether its people are invented."""
        return self.place.code == TRAINING_CODE

    def keyfile(self) -> KeyFile:
        """Its key file."""
        return KeyFile.load(self.folder.path, _guard(self.place))

    def wait_s(self, officer_id: str) -> int:
        """Seconds until this officer's next password is looked at; 0 when it is."""
        return self.keyfile().seconds_to_wait(officer_id, Moment.now()) if officer_id else 0


def laptop(profile: str = "") -> Laptop:
    """This laptop's folder; a profile stands for another laptop on the same machine."""
    return Laptop.found(os.environ, profile)


def shelf(where: Laptop, place_of: Place) -> Shelf:
    """The place of a commune on this laptop, begun or not."""
    return Shelf(where.commune(place_of.code), place_of)


def shelves(where: Laptop, reference: Reference) -> Sequence[Shelf]:
    """The real communes this laptop holds, the one opened last first."""
    last = where.settings().commune
    codes = [folder.code for folder in where.communes() if folder.code != TRAINING_CODE]
    ordered = sorted(codes, key=lambda code: (code != last, code))
    return [shelf(where, place_of(reference, code)) for code in ordered]


def place_of(reference: Reference, code: str) -> Place:
    """A commune's name and province by its code; Refusal("commune.unknown") for none of the 3,321."""
    if code == TRAINING_CODE:
        invented = training_place()
        return Place(code, invented.name, reference.places.province_by_code[invented.province].name)
    commune = reference.places.commune_by_code.get(code)
    if commune is None:
        raise Refusal("commune.unknown")
    province = reference.places.province_by_code[commune.province]
    return Place(commune.code, commune.name, province.name)


@dataclass(frozen=True)
class Entered:
    """An officer at her desk. `recovery_code`: a new one to print, when there is one.

    `last_here`: UTC, empty for never; `wrong_tries` at her password since then.
    """

    desk: Desk
    recovery_code: str = ""
    last_here: str = ""
    wrong_tries: int = 0


def warm_up(_progress: Progress) -> None:
    """Import what unlocking needs, while the officer types her password."""
    for needed in ("argon2.low_level", "app.store.vault", "app.store.arrival", "app.actions.exchange"):
        import_module(needed)


def found(at: Shelf, officer_name: str, password: str, role: str, reference: Reference) -> Entered:
    """First start of a commune on this laptop: keys, an empty vault, the recovery code to print now.

    Refusal("commune.exists") when the laptop already holds it, or what the password rules refuse;
    then nothing was written.
    """
    from app.store import place
    from app.store.vault import Vault

    folder = at.folder.path
    if at.folder.vault.exists():
        raise Refusal("commune.exists")
    if folder.exists():  # an earlier start was cut off before its vault was whole
        folder.rename(folder.with_name(f"{folder.name}unfinished{now_ms()}"))
    _, unlocked, code = KeyFile.create(
        folder, at.place.code, officer_name, password, Moment.now(), _guard(at.place)
    )
    vault = Vault.create(at.folder.vault, unlocked.database_key)
    with vault.write() as connection:
        place.write(connection, "commune", at.place.code.encode())
        place.write(connection, "device", f"m{secrets.token_hex(8)}".encode())
        place.write(connection, "device_key", SigningKey.generate().seed)
        place.write(connection, f"role/{unlocked.officer.id}", role.encode())
    return _enter(at, unlocked, vault, reference, code)


def unlock(at: Shelf, officer_id: str, password: str, reference: Reference) -> Entered:
    """Open a commune with an officer's password; wrong ones slow down across restarts.

    A new recovery code comes with it when nobody ever confirmed having the last one on paper.
    """
    from app.store.vault import Vault

    keyfile = at.keyfile()
    unlocked = keyfile.unlock(officer_id, password, Moment.now())
    vault = Vault.open(at.folder.vault, unlocked.database_key)
    code = "" if at.is_training or keyfile.recovery_is_confirmed else keyfile.renew_recovery(unlocked)
    return _enter(at, unlocked, vault, reference, code)


def recover(at: Shelf, officer_id: str, code: str, password: str, reference: Reference) -> Entered:
    """Open with the printed code and a new password; the code is spent, a new one comes with the desk."""
    from app.store.vault import Vault

    keyfile = at.keyfile()
    unlocked = keyfile.recover(code, password, Moment.now(), officer_id)
    vault = Vault.open(at.folder.vault, unlocked.database_key)
    return _enter(at, unlocked, vault, reference, keyfile.renew_recovery(unlocked))


@dataclass(frozen=True)
class TrainingDay:
    """A training desk; `centre` is None when it would not start, and `trouble` says why."""

    entered: Entered
    centre: TrainingCentre | None = None
    trouble: Trouble | None = None


def begin_training(progress: Progress, where: Laptop, reference: Reference) -> TrainingDay:
    """The training desk and its centre; the register opens even when the centre does not start.

    The invented people are written by the first laptop; a second one has them from the centre.
    """
    from app.actions import training

    at = shelf(where, place_of(reference, TRAINING_CODE))
    if at.folder.vault.exists():
        entered = unlock(at, at.keyfile().officers[0].officer, training.PASSWORD, reference)
    else:
        entered = found(at, training.OFFICER, training.PASSWORD, "officer", reference)
    try:
        return _train(progress, where, entered)
    except BaseException:
        entered.desk.vault.lock()
        raise


def _train(progress: Progress, where: Laptop, entered: Entered) -> TrainingDay:
    from app.actions import exchange, training

    desk, centre, trouble = entered.desk, None, None
    try:
        folder = where.machine / "training-centre"
        centre = training.start_centre(progress, folder, desk.commune.code, desk.commune.name)
        training.join_centre(progress, desk, centre.ready)
    except Trouble as error:
        trouble = error
    try:
        if not training.is_filled(desk):
            training.fill(progress, desk)
            if centre is not None:
                # Before anybody works: a second laptop that opens now must find these people there.
                with suppress(Trouble):  # the link tries again, and says so
                    exchange.exchange(progress, desk)
    except BaseException:
        if centre is not None:
            centre.service.stop()
        raise
    return TrainingDay(replace(entered, recovery_code=""), centre, trouble)


def _enter(at: Shelf, unlocked: Unlocked, vault: Vault, reference: Reference, code: str) -> Entered:
    from app.store.arrival import arrive
    from app.sync import policy
    from app.sync.enrolment import is_enrolled

    try:
        with vault.write() as connection:
            arrival = arrive(connection, unlocked)
            if is_enrolled(connection):  # a start that ended between joining and sealing is made good
                at.keyfile().seal_to_centre(unlocked, policy.centre_of(connection).sealing)
        return Entered(_desk(at, unlocked, vault, reference), code, arrival.last_here, arrival.wrong_tries)
    except BaseException:
        vault.lock()
        raise


def _desk(at: Shelf, unlocked: Unlocked, vault: Vault, reference: Reference) -> Desk:
    from app.store import place, unit

    reference = _as_published(vault, reference)
    with vault.read() as connection:
        device = place.read_text(connection, "device")
        device_seed = place.read(connection, "device_key") or b""
        role = place.read_text(connection, f"role/{unlocked.officer.id}")
        last = unit.last_clock(connection)
    key = unlocked.officer
    return Desk(
        vault=vault,
        pen=unit.Pen(at.place.code, device, key.id, _signer(key), HybridClock(now_ms, last).tick),
        ids=RecordIds(device, now_ms),
        clock=Wall(),
        officer=Officer(key.id, key.name, (role or "officer",)),
        officer_key=key,
        device_key=DeviceKey(machine_of(device), SigningKey(device_seed)),
        commune=at.place,
        reference=reference,
        folder=at.folder.path,
        training=at.is_training,
        seal_key_to=partial(at.keyfile().seal_to_centre, unlocked),
    )


def _as_published(vault: Vault, reference: Reference) -> Reference:
    """The centre's programme data in the place of the shipped, unless this program cannot read them."""
    from app.sync import policy
    from app.sync.enrolment import is_enrolled
    from app.sync.programme import held_programme

    with vault.read() as connection:
        held = held_programme(connection, policy.centre_of(connection)) if is_enrolled(connection) else None
    if held is None:
        return reference
    try:
        return load_reference(held.files, held.issued)
    except (Refusal, ValueError, KeyError, TypeError, AttributeError, IndexError):
        return reference


def _signer(officer: OfficerKey) -> Callable[[bytes], bytes]:
    return lambda body: sign(officer.key, CHANGE_SET, body)


def _guard(place_of: Place) -> Guard:
    return Guard(names=(place_of.name, place_of.province), ask_system=place_of.code != TRAINING_CODE)


def now_ms() -> int:
    """Milliseconds since 1970."""
    return time.time_ns() // 1_000_000
