"""The database key exchanged for a new one: a password changed, an officer left, a recovery code was used.

From then on no older key file opens the register, whoever kept a copy of it. Backups made before stay
open to the slots of their day: who has one, that day's password and the laptop's secret reads it, though
here it is not restored by who has left (`app/bootstrap/restoring.py`). The register is copied
under the new key beside itself and read back; `keys.next.json` is written, which names the copy; the
copy takes the register's place, and with that one rename the new key counts; then the key file takes
its own. Cut off anywhere, the next start finds one whole pair or the other (`KeyFile.load`). What an
SSD keeps of the blocks that the former copy lay in is its own.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace

from app.domain.errors import Refusal
from app.domain.progress import Progress
from app.seal.keys import OfficerKey, SigningKey
from app.seal.recovery import new_recovery_code, recovery_identity
from app.seal.wrapping import KEY_BYTES
from app.store import backups
from app.store.keyslots import KeyFile, Unlocked, remember_tries
from app.store.slots import Contents, Held, said
from app.store.throttle import Moment
from app.store.vault import Vault


@dataclass(frozen=True)
class Register:
    """What is locked and what locks it: an open vault and the key file beside it."""

    vault: Vault
    keyfile: KeyFile


def change_password(
    register: Register, officer: str, old: str, new: str, now: Moment, progress: Progress
) -> Unlocked:
    """Her password, by herself: the refusals of `unlock` for the old one, of `check_password` for the new."""
    keyfile = register.keyfile
    unlocked = keyfile.unlock(officer, old, now)
    keyfile.check(new, unlocked.officer.name)
    seen, former, key = keyfile.read(), unlocked.database_key, secrets.token_bytes(KEY_BYTES)
    _, slot = keyfile.closed(seen, Held(key, unlocked.officer), new, said(now))

    def wanted(salt: bytes) -> Contents:
        return seen.without(officer).rekeyed(former, key, salt).with_slot(slot)

    _exchange(register, seen, (former, key), wanted, progress)
    return replace(unlocked, database_key=key, slot_number=slot.number)


def dismiss(register: Register, unlocked: Unlocked, officer: str, progress: Progress) -> Unlocked:
    """An officer leaves this laptop: her slot goes, with the signing key in it, and so does the key she knew.

    Refusal("keyfile.own_slot") for herself: whoever closes the door must be inside;
    Refusal("unlock.unknown_officer").
    """
    if officer == unlocked.officer.id:
        raise Refusal("keyfile.own_slot")
    seen, former, key = register.keyfile.read(), unlocked.database_key, secrets.token_bytes(KEY_BYTES)
    seen.slot(officer)

    def wanted(salt: bytes) -> Contents:
        return seen.without(officer).rekeyed(former, key, salt)

    _exchange(register, seen, (former, key), wanted, progress)
    return replace(unlocked, database_key=key)


def let_in(
    register: Register, former: bytes, officer: str, password: str, now: Moment, progress: Progress
) -> tuple[Unlocked, str]:
    """Let an officer in by what recovery opened: a new password, a new signing key, a new code to print.

    Her former signing key is gone with her password; whoever recovers cannot sign as she did. An
    empty `officer` is the only one there is: Refusal("recovery.whose") where there are more.
    """
    keyfile = register.keyfile
    seen, key, code = keyfile.read(), secrets.token_bytes(KEY_BYTES), new_recovery_code()
    hers = whose(seen, officer)
    keyfile.check(password, hers.name)
    keyfile.replace_lost_secret()
    _, slot = keyfile.closed(seen, Held(key, hers), password, said(now))
    printed = recovery_identity(code).recipient

    def wanted(salt: bytes) -> Contents:
        return seen.without(hers.id).rekeyed(former, key, salt, printed).with_slot(slot)

    tries = seen.tries.get(hers.id)
    _exchange(register, seen, (former, key), wanted, progress)
    remember_tries(keyfile.folder, keyfile.read())
    return Unlocked(key, hers, slot.number, tries.row if tries else 0, spoilt=seen.spoilt), code


def whose(seen: Contents, officer: str) -> OfficerKey:
    """The officer as she will sign from now on. Refusal("recovery.whose"), ("unlock.unknown_officer")."""
    if not officer and len(seen.slots) > 1:
        raise Refusal("recovery.whose")
    slot = seen.slot(officer or seen.slots[0].officer)
    return OfficerKey(slot.officer, slot.name, SigningKey.generate())


def _exchange(
    register: Register,
    seen: Contents,
    keys: tuple[bytes, bytes],
    wanted: Callable[[bytes], Contents],
    progress: Progress,
) -> None:
    def settled(salt: bytes) -> AbstractContextManager[None]:
        return register.keyfile.exchanging(seen, wanted(salt))

    former, key = keys
    folder = register.keyfile.folder / backups.FOLDER
    with register.vault.original(progress) as original:
        backups.make(progress, original, folder, backups.REKEY)
    progress.what = "Giving the register another key"
    register.vault.change_key(former, key, settled, progress)
