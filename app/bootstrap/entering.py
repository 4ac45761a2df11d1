"""Through the lock: a first start, a password, a printed code → an officer at her desk.

Imports the database, which takes longer than all of the unlock screen: rooms before the lock import
this inside the job that opens it, and `doors` does so while the officer types.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from app.actions.desk import Desk, Officer
from app.bootstrap.shelves import Shelf
from app.domain.changes import HybridClock
from app.domain.errors import Refusal
from app.domain.ids import RecordIds, machine_of
from app.domain.reference import Reference
from app.resources import load_reference
from app.seal.keys import CHANGE_SET, DeviceKey, OfficerKey, SigningKey, sign
from app.store import attachments, place, unit
from app.store.arrival import arrive
from app.store.files import Files
from app.store.keyslots import KeyFile, Unlocked
from app.store.proofs import Prover
from app.store.throttle import Moment
from app.store.vault import Vault
from app.sync import policy
from app.sync.enrolment import is_enrolled
from app.sync.programme import held_programme


class Wall:
    """The machine's own clock."""

    def now(self) -> datetime:
        """The moment, in the machine's zone."""
        return datetime.now().astimezone()

    def today(self) -> date:
        """The day where the officer sits."""
        return date.today()


@dataclass(frozen=True)
class Entered:
    """An officer at her desk. `recovery_code`: a new one to print, when there is one.

    `last_here`: UTC, empty for never; `wrong_tries` at her password since then.
    """

    desk: Desk
    recovery_code: str = ""
    last_here: str = ""
    wrong_tries: int = 0


def found(at: Shelf, officer_name: str, password: str, role: str, reference: Reference) -> Entered:
    """First start of a commune on this laptop: keys, an empty vault, the recovery code to print now.

    Refusal("commune.exists") when the laptop already holds it, or what the password rules refuse;
    then nothing was written.
    """
    folder = at.folder.path
    if at.folder.vault.exists():
        raise Refusal("commune.exists")
    if folder.exists():  # an earlier start was cut off before its vault was whole
        folder.rename(folder.with_name(f"{folder.name}unfinished{now_ms()}"))
    _, unlocked, code = KeyFile.create(
        folder, at.place.code, officer_name, password, Moment.now(), at.guard()
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
    keyfile = at.keyfile()
    unlocked = keyfile.unlock(officer_id, password, Moment.now())
    vault = Vault.open(at.folder.vault, unlocked.database_key)
    code = "" if at.is_training or keyfile.recovery_is_confirmed else keyfile.renew_recovery(unlocked)
    return _enter(at, unlocked, vault, reference, code)


def recover(at: Shelf, officer_id: str, code: str, password: str, reference: Reference) -> Entered:
    """Open with the printed code and a new password; the code is spent, a new one comes with the desk."""
    keyfile = at.keyfile()
    unlocked = keyfile.recover(code, password, Moment.now(), officer_id)
    vault = Vault.open(at.folder.vault, unlocked.database_key)
    return _enter(at, unlocked, vault, reference, keyfile.renew_recovery(unlocked))


def _enter(at: Shelf, unlocked: Unlocked, vault: Vault, reference: Reference, code: str) -> Entered:
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
    reference = _as_published(vault, reference)
    with vault.write() as connection:
        files = Files.of(connection, at.folder.files)
        files.sweep(attachments.all_here(connection), now_ms() / 1000)
        device = place.read_text(connection, "device")
        device_seed = place.read(connection, "device_key") or b""
        role = place.read_text(connection, f"role/{unlocked.officer.id}")
        last = unit.last_clock(connection)
    key = unlocked.officer
    return Desk(
        vault=vault,
        files=files,
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
        prove=Prover(at.keyfile(), unlocked, Moment.now()),
    )


def _as_published(vault: Vault, reference: Reference) -> Reference:
    """The centre's programme data in the place of the shipped, unless this program cannot read them."""
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


def now_ms() -> int:
    """Milliseconds since 1970."""
    return time.time_ns() // 1_000_000
