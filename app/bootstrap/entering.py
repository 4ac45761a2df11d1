"""Through the lock: a first start, a password, a printed code → an officer at her desk.

Imports the database, which takes longer than all of the unlock screen: rooms before the lock import
this inside the job that opens it, and `doors` does so while the officer types.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from sqlalchemy import Connection

from app.actions.desk import Desk, Officer
from app.bootstrap.shelves import Shelf
from app.domain.errors import Refusal, Trouble
from app.domain.hybrid_clock import HybridClock
from app.domain.ids import RecordIds, machine_of
from app.domain.progress import Progress
from app.domain.reference import Reference
from app.domain.roles import Author
from app.domain.sight import sight_of
from app.resources import load_reference
from app.seal.keys import CHANGE_SET, DeviceKey, OfficerKey, SigningKey, sign
from app.seal.recovery import read_key, recovery_identity
from app.seal.sealing import Recipient
from app.store import attachments, audit, leave, place, rekeying, unit
from app.store.arrival import arrive, began, begin
from app.store.capsule import Capsule, label_key
from app.store.disk import name_of
from app.store.files import Files
from app.store.fillings import files_of_drafts
from app.store.keyslots import KeyFile, Unlocked
from app.store.proofs import Prover
from app.store.rekeying import Register
from app.store.rights import guarding
from app.store.throttle import Moment
from app.store.vault import Vault
from app.store.witness import Witness
from app.sync import policy
from app.sync.enrolment import is_enrolled
from app.sync.forms import lay_forms
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

    `last_here`: UTC, empty for never; `wrong_tries` at her password since then. `put_back`: what the vault
    no longer knows of that which this laptop remembers of it (`store.witness`).
    """

    desk: Desk
    recovery_code: str = field(default="", repr=False)
    last_here: str = ""
    wrong_tries: int = 0
    put_back: str = ""


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
        begin(connection, unlocked.officer.id, [role])
    return enter(at, unlocked, vault, reference, code)


def unlock(at: Shelf, officer_id: str, password: str, reference: Reference) -> Entered:
    """Open a commune with an officer's password; wrong ones slow down across restarts.

    A new recovery code comes with it when nobody ever confirmed having the last one on paper.
    """
    keyfile = at.keyfile()
    unlocked = keyfile.unlock(officer_id, password, Moment.now())
    vault = _opened(at, keyfile, unlocked.database_key)
    code = "" if at.is_training or keyfile.recovery_is_confirmed else keyfile.renew_recovery(unlocked)
    return enter(at, unlocked, vault, reference, code)


def recover(
    at: Shelf, officer_id: str, code: str, password: str, reference: Reference, progress: Progress
) -> Entered:
    """Open with the printed code, or the longer one that the centre's custodians read out, and a new
    password; the code is spent, a new one comes with the desk.
    """
    keyfile = at.keyfile()
    spelled = read_key(code)
    former = spelled or keyfile.recoverable(recovery_identity(code))
    try:
        vault = _opened(at, keyfile, former)
    except Trouble as trouble:
        if spelled and trouble.code == "vault.wrong_key":
            raise Refusal("recovery.another_code") from trouble
        raise
    try:
        register = Register(vault, keyfile)
        unlocked, new = rekeying.let_in(register, former, officer_id, password, Moment.now(), progress)
    except BaseException:
        vault.lock()
        raise
    return enter(at, unlocked, vault, reference, new)


def _opened(at: Shelf, keyfile: KeyFile, key: bytes) -> Vault:
    """Refusal("keyfile.put_back") where the key file is not the one of this vault, but an older one."""
    try:
        return Vault.open(at.folder.vault, key)
    except Trouble as trouble:
        if trouble.code == "vault.wrong_key" and keyfile.read().vault != name_of(at.folder.vault):
            raise Refusal("keyfile.put_back") from trouble
        raise


def enter(at: Shelf, unlocked: Unlocked, vault: Vault, reference: Reference, code: str) -> Entered:
    """In an open vault: her arrival is noted; `code`: a new recovery code to print, if there is one."""
    try:
        witness = Witness(at.folder.path)
        with vault.write() as connection:
            older = witness.arrive(connection)
            arrival = arrive(connection, unlocked)
            alone = leave.advance(connection, Moment.now())
            if alone is not None and alone.jumped:
                audit.note(connection, unlocked.officer.id, "clock_jumped", detail=f"seconds={alone.jumped}")
            if is_enrolled(connection):  # a start that ended between joining and sealing is made good
                at.keyfile().seal_to_centre(unlocked, policy.centre_of(connection).recovery)
            key = label_key(connection)
        vault.attend(Capsule(at.folder.path, at.place.code, key, _sealed_to).follow)
        vault.attend(witness.follow, parting=witness.remember)
        desk = replace(desk_of(at, unlocked, vault, reference), witness=witness)
        vault.attend(parting=lambda _: desk.line.hang_up())
        return Entered(desk, code, arrival.last_here, arrival.wrong_tries, older)
    except BaseException:
        vault.lock()
        raise


def desk_of(at: Shelf, unlocked: Unlocked, vault: Vault, reference: Reference) -> Desk:
    """The desk at an open vault."""
    reference = _as_published(vault, reference)
    with vault.write() as connection:
        files = Files.of(connection, at.folder.files)
        known = {*attachments.all_here(connection), *files_of_drafts(connection)}
        files.sweep(known, now_ms() / 1000)
        device = place.read_text(connection, "device")
        device_seed = place.read(connection, "device_key") or b""
        officer = _officer(connection, unlocked.officer)
        last = unit.last_clock(connection)
    key, keyfile = unlocked.officer, at.keyfile()
    rights, seen = reference.rights, (officer.id, officer.roles, officer.scope)
    clock, may = HybridClock(now_ms, last), guarding(rights, lambda now: author_of(now, key))
    vault.bound(sight_of(rights.on(now_ms() << 16), Author(*seen)), officer.id)
    prove = Prover(keyfile, unlocked, Moment.now())
    return Desk(
        vault=vault,
        files=files,
        pen=unit.Pen(at.place.code, device, key.id, _signer(key), clock.tick, may),
        ids=RecordIds(device, now_ms),
        clock=Wall(),
        officer=officer,
        officer_key=key,
        device_key=DeviceKey(machine_of(device), SigningKey(device_seed)),
        commune=at.place,
        reference=reference,
        folder=at.folder.path,
        training=at.is_training,
        seal_key_to=lambda centre: keyfile.seal_to_centre(prove.unlocked, centre),
        prove=prove,
    )


def author_of(connection: Connection, key: OfficerKey) -> Author:
    """Her roles and hamlets as her certificate has them now."""
    officer = _officer(connection, key)
    return Author(officer.id, officer.roles, officer.scope)


def is_as_seated(desk: Desk) -> bool:
    """Whether roles and hamlets with which she came in are hers still; else she has to come in anew.

    What she was given besides waits for her next coming, as on the day a laptop joins its centre.
    """
    with desk.vault.read() as connection:
        now = author_of(connection, desk.officer_key)
    seated = desk.officer
    return set(seated.roles) <= set(now.roles) and set(seated.scope) <= set(now.scope)


def _officer(connection: Connection, key: OfficerKey) -> Officer:
    """As her certificate says; before the centre knows her key, as she began here.

    One whose leave the centre took, or whose certificate ended, sees nobody and writes nothing; she may hand
    over what waits.
    """
    held = policy.held_policy(connection)
    member = held.officers.get(key.id) if held else None
    if member is None:
        return Officer(key.id, key.name, *began(connection, key.id))
    found = member.certificate
    if not member.stands(leave.time_ms(connection, Moment.now())):
        return Officer(key.id, found.name, ())
    return Officer(key.id, found.name, found.roles, found.scope, member.key == key.key.public)


def _as_published(vault: Vault, reference: Reference) -> Reference:
    """The centre's programme data in the place of the shipped, unless this program cannot read them."""
    with vault.read() as connection:
        held = held_programme(connection, policy.centre_of(connection)) if is_enrolled(connection) else None
    if held is None:
        return reference
    with vault.write() as connection:
        lay_forms(connection, held.files)  # those that the program before this one could not read
    try:
        return load_reference(held.files, held.issued)
    except (Refusal, ValueError, KeyError, TypeError, AttributeError, IndexError):
        return reference


def _sealed_to(connection: Connection) -> Recipient | None:
    """The centre's sealing key; None before the laptop is known to one."""
    return policy.centre_of(connection).sealing if is_enrolled(connection) else None


def _signer(officer: OfficerKey) -> Callable[[bytes], bytes]:
    return lambda body: sign(officer.key, CHANGE_SET, body)


def now_ms() -> int:
    """Milliseconds since 1970."""
    return time.time_ns() // 1_000_000
