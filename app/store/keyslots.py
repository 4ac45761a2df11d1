"""The key file beside the vault: one database key, wrapped for each officer and for recovery.

Each slot holds the database key and one officer's signing seed under her password and this
laptop's secret; everything else in the slot is bound to them, so a slot that was altered,
or moved from another file, opens no more than one with a wrong password. This module and
what it imports stay free of SQLAlchemy, whose import costs more than the unlock screen's.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from app.domain.errors import Refusal, Trouble
from app.seal.keys import OfficerKey, SigningKey
from app.seal.recovery import new_recovery_code, recovery_identity
from app.seal.sealing import Recipient
from app.seal.wrapping import FLOOR, KEY_BYTES, PRODUCT, Hardness
from app.store import throttle
from app.store.device_secret import DeviceSecret, make_device_secret, read_device_secret
from app.store.disk import held, make_folder, read_whole, write_whole
from app.store.passwords import check_password
from app.store.slots import Contents, Held, Recovery, Slot, decode, empty_slot, encode
from app.store.throttle import Moment

FILE = "keys.json"


@dataclass(frozen=True)
class Guard:
    """How hard a key file is to break into. Tests lower `hardness`; the product never passes any.

    `names`: the commune's and such, which a password may not consist of. `ask_system`: whether
    the laptop's secret may go to the system's key store; training leaves no trace there.
    """

    hardness: Hardness = PRODUCT
    names: tuple[str, ...] = ()
    ask_system: bool = True

    @property
    def least(self) -> Hardness:
        """The softest slot that is read."""
        return FLOOR if self.hardness.at_least(FLOOR) else self.hardness


@dataclass(frozen=True)
class Unlocked:
    """What the right password gives.

    `slot_number` rises with every change of a slot: the vault remembers it, so that an older
    key file put back is noticed. `wrong_tries`: since she last came in.
    """

    database_key: bytes = field(repr=False)
    officer: OfficerKey
    slot_number: int
    wrong_tries: int = 0
    device_secret_is_weak: bool = False


class KeyFile:
    """`keys.json` in a commune's folder. Read afresh for each act: another process may have changed it."""

    def __init__(self, folder: Path, guard: Guard) -> None:
        self.folder = folder
        self._guard = guard

    @classmethod
    def create(
        cls,
        folder: Path,
        commune: str,
        officer_name: str,
        password: str,
        now: Moment,
        guard: Guard = Guard(),
    ) -> tuple[KeyFile, Unlocked, str]:
        """First start: new keys, the first officer's slot, and the recovery code to be printed now.

        Refusal("keyfile.exists"), or what `check_password` refuses; then nothing was written.
        """
        keyfile = cls(folder, guard)
        keyfile._check(password, officer_name)
        make_folder(folder)
        with keyfile._alone():
            if (folder / FILE).exists():
                raise Refusal("keyfile.exists")
            file, code = secrets.token_hex(16), new_recovery_code()
            device = make_device_secret(folder, file, ask_system=guard.ask_system)
            key = secrets.token_bytes(KEY_BYTES)
            holding = Held(key, OfficerKey(secrets.token_hex(16), officer_name, SigningKey.generate()))
            printed = recovery_identity(code).recipient
            contents = Contents(file, commune, Recovery.sealed_for(file, key, printed, None))
            unlocked = keyfile._put(contents, holding, password, device, now)
        return keyfile, unlocked, code

    @classmethod
    def load(cls, folder: Path, guard: Guard = Guard()) -> KeyFile:
        """An existing one; Trouble("keyfile.missing") or Trouble("keyfile.damaged")."""
        keyfile = cls(folder, guard)
        keyfile._read()
        return keyfile

    @property
    def commune(self) -> str:
        """The code of the commune whose register the key opens."""
        return self._read().commune

    @property
    def officers(self) -> tuple[Slot, ...]:
        """Who can unlock here, as the unlock screen lists them: `officer` (id), `name`, `set_at`."""
        return self._read().slots

    def seconds_to_wait(self, officer: str, now: Moment) -> int:
        """How long until this officer's next try is taken; 0 when it is."""
        return throttle.seconds_to_wait(self._read().tries.get(officer), now)

    def unlock(self, officer: str, password: str, now: Moment) -> Unlocked:
        """The keys, for the right password.

        Refusal("unlock.wrong_password"), ("unlock.wait", seconds=…), ("unlock.day_spent").
        A try is counted before the password is looked at: ending the program midway saves none.
        """
        device = read_device_secret(self.folder)
        with self._alone():
            contents = self._read()
            slot = contents.slot(officer)
            before = throttle.turned(contents.tries.get(officer), now)
            if before != contents.tries.get(officer):
                contents = contents.with_tries(officer, before)
                self._write(contents)
            self._write(contents.with_tries(officer, throttle.counted(before, now)))
        holding = slot.open(contents.file, password, device.secret)
        with self._alone():
            self._write(self._read().with_tries(officer, None))
        wrong = before.row if before else 0
        return Unlocked(holding.database_key, holding.officer, slot.number, wrong, device.is_weak)

    def change_password(self, officer: str, old: str, new: str, now: Moment) -> Unlocked:
        """Wrap the same keys under a new password and salt; the database key is changed by re-keying."""
        unlocked = self.unlock(officer, old, now)
        self._check(new, unlocked.officer.name)
        with self._alone():
            holding = Held(unlocked.database_key, unlocked.officer)
            return self._put(self._read(), holding, new, read_device_secret(self.folder), now)

    def add_officer(self, unlocked: Unlocked, name: str, password: str, now: Moment) -> Unlocked:
        """A slot and a new signing key for one more officer of this laptop, who types her own password."""
        self._check(password, name)
        with self._alone():
            officer = OfficerKey(secrets.token_hex(16), name, SigningKey.generate())
            device = read_device_secret(self.folder)
            return self._put(self._read(), Held(unlocked.database_key, officer), password, device, now)

    def recover(self, code: str, password: str, now: Moment, officer: str = "") -> Unlocked:
        """Let an officer in by the printed code, with a new password and a new signing key.

        Her former key is gone with her password; whoever recovers cannot sign as she did. An
        empty `officer` is the only one there is. What `unspell` refuses, or
        Refusal("recovery.another_code").
        """
        identity = recovery_identity(code)
        with self._alone():
            contents = self._read()
            if not officer and len(contents.slots) > 1:
                raise Refusal("recovery.whose")
            slot = contents.slot(officer or contents.slots[0].officer)
            self._check(password, slot.name)
            key = contents.recovery.open(contents.file, identity)
            holding = Held(key, OfficerKey(slot.officer, slot.name, SigningKey.generate()))
            return self._put(contents, holding, password, self._device_secret(contents.file), now)

    @property
    def recovery_is_confirmed(self) -> bool:
        """Whether the printed code's last group was typed back; until then it is shown anew at unlock."""
        return self._read().recovery.confirmed

    def confirm_recovery(self) -> None:
        """The officer has the code on paper."""
        self._change_recovery(lambda contents: msgspec.structs.replace(contents.recovery, confirmed=True))

    def renew_recovery(self, unlocked: Unlocked) -> str:
        """A new code to print; the one before opens nothing any more."""
        code = new_recovery_code()
        printed = recovery_identity(code).recipient

        def renewed(contents: Contents) -> Recovery:
            contents.recovery.require_vouched(contents.file, unlocked.database_key)
            centre = Recipient(contents.recovery.centre) if contents.recovery.centre else None
            return Recovery.sealed_for(contents.file, unlocked.database_key, printed, centre)

        self._change_recovery(renewed)
        return code

    def seal_to_centre(self, unlocked: Unlocked, centre: Recipient) -> None:
        """Let the centre's recovery identity open the database key too, as enrolment promises.

        Nothing is written where it can already.
        """
        if self._read().recovery.centre == centre.raw:
            return

        def sealed(contents: Contents) -> Recovery:
            contents.recovery.require_vouched(contents.file, unlocked.database_key)
            printed = Recipient(contents.recovery.printed)
            fresh = Recovery.sealed_for(contents.file, unlocked.database_key, printed, centre)
            return msgspec.structs.replace(fresh, confirmed=contents.recovery.confirmed)

        self._change_recovery(sealed)

    def _put(
        self, contents: Contents, holding: Held, password: str, device: DeviceSecret, now: Moment
    ) -> Unlocked:
        """Close a slot over what it is to hold, in place of the officer's older one, and write the file."""
        former = [slot.hardness for slot in contents.slots if slot.officer == holding.officer.id]
        hardness = self._guard.hardness.raised_to(former[0]) if former else self._guard.hardness
        empty = empty_slot(holding.officer, contents.number + 1, hardness, now)
        slot = empty.filled(contents.file, holding, password, device.secret)
        self._write(contents.with_slot(slot))
        return Unlocked(holding.database_key, holding.officer, slot.number, 0, device.is_weak)

    def _device_secret(self, file: str) -> DeviceSecret:
        try:
            return read_device_secret(self.folder)
        except Trouble:
            return make_device_secret(self.folder, file, ask_system=self._guard.ask_system)

    def _change_recovery(self, change: Callable[[Contents], Recovery]) -> None:
        with self._alone():
            contents = self._read()
            self._write(msgspec.structs.replace(contents, recovery=change(contents)))

    def _check(self, password: str, officer_name: str) -> None:
        check_password(password, (*self._guard.names, officer_name))

    def _alone(self) -> AbstractContextManager[None]:
        return held(self.folder / f"{FILE}.lock")

    def _read(self) -> Contents:
        content = read_whole(self.folder / FILE)
        if content is None:
            raise Trouble("keyfile.missing")
        return decode(content, self._guard.least)

    def _write(self, contents: Contents) -> None:
        write_whole(self.folder / FILE, encode(contents))
