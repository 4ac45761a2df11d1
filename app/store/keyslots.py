"""The key file beside the vault: one database key, wrapped for each officer and for recovery.

Each slot holds the database key and one officer's signing seed under her password and this
laptop's secret; everything else in the slot is bound to them, so a slot that was altered,
or moved from another file, opens no more than one with a wrong password. This module and
what it imports stay free of SQLAlchemy, whose import costs more than the unlock screen's.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec

from app.domain.changes import canonical
from app.domain.errors import Refusal, Trouble
from app.seal.keys import OfficerKey, SigningKey
from app.seal.recovery import new_recovery_code, recovery_identity
from app.seal.sealing import Identity, Recipient
from app.seal.statements import read_object
from app.seal.wrapping import FLOOR, KEY_BYTES, PRODUCT, Hardness
from app.store import throttle
from app.store.device_secret import TRIES, keep_beside, make_device_secret, read_device_secret, recall_beside
from app.store.disk import flush_folder, held, make_folder, name_of, plain_words, read_whole, write_whole
from app.store.passwords import check_password
from app.store.slots import Contents, Held, Recovery, Slot, decode, empty_slot, encode, said
from app.store.throttle import Moment, Tries

FILE, NEXT = "keys.json", "keys.next.json"
VAULT = "vault.db"


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
    key file put back is noticed. `wrong_tries`: since she last came in. `spoilt`: officers whose
    slots are not as they were closed.
    """

    database_key: bytes = field(repr=False)
    officer: OfficerKey
    slot_number: int
    wrong_tries: int = 0
    device_secret_is_weak: bool = False
    spoilt: tuple[str, ...] = ()


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
        keyfile.check(password, officer_name)
        make_folder(folder)
        with keyfile._alone():
            if (folder / FILE).exists():
                raise Refusal("keyfile.exists")
            file, code = secrets.token_hex(16), new_recovery_code()
            device = make_device_secret(folder, file, ask_system=guard.ask_system)
            key = secrets.token_bytes(KEY_BYTES)
            holding = Held(key, new_officer(officer_name))
            printed = recovery_identity(code).recipient
            contents = Contents(file, commune, Recovery.sealed_for(file, key, printed, None))
            contents, slot = keyfile.closed(contents, holding, password, said(now))
            keyfile._write(contents)
        unlocked = Unlocked(key, holding.officer, slot.number, device_secret_is_weak=device.is_weak)
        return keyfile, unlocked, code

    @classmethod
    def load(cls, folder: Path, guard: Guard = Guard()) -> KeyFile:
        """An existing one; Trouble("keyfile.missing") or Trouble("keyfile.damaged").

        An exchange of keys that was cut off is brought to its end first, or back to its beginning.
        """
        keyfile = cls(folder, guard)
        with keyfile._alone():
            keyfile._settle()
        keyfile.read()
        return keyfile

    @property
    def commune(self) -> str:
        """The code of the commune whose register the key opens."""
        return self.read().commune

    @property
    def officers(self) -> tuple[Slot, ...]:
        """Who can unlock here, as the unlock screen lists them: `officer` (id), `name`, `set_at`."""
        return self.read().slots

    def seconds_to_wait(self, officer: str, now: Moment) -> int:
        """How long until this officer's next try is taken; 0 when it is."""
        return throttle.seconds_to_wait(self._tries(self.read(), officer), now)

    def unlock(self, officer: str, password: str, now: Moment) -> Unlocked:
        """The keys, for the right password.

        Refusal("unlock.wrong_password"), ("unlock.wait", seconds=…), ("unlock.day_spent").
        A try is counted before the password is looked at: ending the program midway saves none.
        """
        device = read_device_secret(self.folder)
        with self._alone():
            contents = self.read()
            slot = contents.slot(officer)
            known = self._tries(contents, officer)
            before = throttle.turned(known, now)
            if before != known:
                contents = contents.with_tries(officer, before)
                self._write_tries(contents)
            self._write_tries(contents.with_tries(officer, throttle.counted(before, now)))
        holding = slot.open(contents.file, password, device.secret)
        with self._alone():
            contents = self.read().with_tries(officer, None)
            if (slot.handed or not slot.hardness.at_least(self._guard.hardness)) and slot in contents.slots:
                holding = replace(holding, receives=Identity.generate())
                contents, slot = self.closed(contents, holding, password, slot.set_at)
            self._write_tries(contents)
        wrong = before.row if before else 0
        return Unlocked(
            holding.database_key, holding.officer, slot.number, wrong, device.is_weak, contents.spoilt
        )

    def add_officer(self, unlocked: Unlocked, name: str, password: str, now: Moment) -> Unlocked:
        """A slot and a new signing key for one more officer of this laptop, who types her own password.

        Refusal("keyfile.officer_known") for a name that somebody here has already.
        """
        self.check(password, name)
        with self._alone():
            contents = self.read()
            if any(slot.name == name for slot in contents.slots):
                raise Refusal("keyfile.officer_known", field="name")
            holding = Held(unlocked.database_key, new_officer(name))
            contents, slot = self.closed(contents, holding, password, said(now))
            self._write(contents)
        return Unlocked(holding.database_key, holding.officer, slot.number)

    def forgive(self, officer: str) -> None:
        """Forget an officer's wrong tries: a colleague who is inside says that it is she."""
        with self._alone():
            contents = self.read()
            contents.slot(officer)
            self._write_tries(contents.with_tries(officer, None))

    def closed(self, contents: Contents, holding: Held, password: str, set_at: str) -> tuple[Contents, Slot]:
        """The file with a slot closed over what it is to hold, in place of the officer's older one."""
        former = [slot.hardness for slot in contents.slots if slot.officer == holding.officer.id]
        hardness = self._guard.hardness.raised_to(former[0]) if former else self._guard.hardness
        device = read_device_secret(self.folder)
        empty = empty_slot(holding.officer, contents.number + 1, hardness, set_at)
        slot = empty.filled(contents.file, holding, password, device.secret)
        return contents.with_slot(slot), slot

    @contextmanager
    def exchanging(self, seen: Contents, wanted: Contents) -> Iterator[None]:
        """The file that counts from the moment on in which the vault that it names takes its place.

        Trouble("keyfile.changed") when another process changed a slot since `seen`. What was cut off
        in between is settled by the next `load`: whichever vault stands says which file counts.
        """
        with self._alone():
            if self.read().number != seen.number:
                raise Trouble("keyfile.changed")
            write_whole(self.folder / NEXT, encode(wanted))
            try:
                yield
            finally:
                self._settle()

    def recoverable(self, identity: Identity) -> bytes:
        """The database key, by the printed code's identity or the centre's.

        Refusal("recovery.another_code").
        """
        contents = self.read()
        return contents.recovery.open(contents.file, identity)

    @property
    def recovery_is_confirmed(self) -> bool:
        """Whether the printed code's last group was typed back; until then it is shown anew at unlock."""
        return self.read().recovery.confirmed

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
        if self.read().recovery.centre == centre.raw:
            return

        def sealed(contents: Contents) -> Recovery:
            contents.recovery.require_vouched(contents.file, unlocked.database_key)
            printed = Recipient(contents.recovery.printed)
            fresh = Recovery.sealed_for(contents.file, unlocked.database_key, printed, centre)
            return msgspec.structs.replace(fresh, confirmed=contents.recovery.confirmed)

        self._change_recovery(sealed)

    def replace_lost_secret(self) -> None:
        """Where this laptop's secret is gone for good, another; what was closed under it opens no more.

        Trouble("device_secret.unreachable") while the key store does not answer: it may have it still.
        """
        try:
            read_device_secret(self.folder)
        except Trouble as error:
            if error.code != "device_secret.lost":
                raise
            make_device_secret(self.folder, self.read().file, ask_system=self._guard.ask_system)

    def _change_recovery(self, change: Callable[[Contents], Recovery]) -> None:
        with self._alone():
            contents = self.read()
            self._write(msgspec.structs.replace(contents, recovery=change(contents)))

    def check(self, password: str, officer_name: str) -> None:
        """What `check_password` refuses."""
        check_password(password, (*self._guard.names, officer_name))

    def _alone(self) -> AbstractContextManager[None]:
        return held(self.folder / f"{FILE}.lock")

    def _settle(self) -> None:
        """End an exchange of keys: the file that names the vault which stands is the one that counts."""
        with plain_words():
            for begun in self.folder.glob(".keys.*.part"):  # writers hold the lock: these were killed
                begun.unlink()
        content = read_whole(self.folder / NEXT)
        if content is None:
            return
        with plain_words():
            if decode(content, self._guard.least).vault == name_of(self.folder / VAULT):
                os.replace(self.folder / NEXT, self.folder / FILE)
            else:
                (self.folder / NEXT).unlink()
            flush_folder(self.folder)

    def read(self) -> Contents:
        """The file as it is now; Trouble("keyfile.missing") or Trouble("keyfile.damaged")."""
        content = read_whole(self.folder / FILE)
        if content is None:
            raise Trouble("keyfile.missing")
        return decode(content, self._guard.least)

    def _write(self, contents: Contents) -> None:
        write_whole(self.folder / FILE, encode(contents))

    def _write_tries(self, contents: Contents) -> None:
        """Where the laptop's secret is kept too: an older key file put back takes no try back."""
        self._write(contents)
        remember_tries(self.folder, contents)

    def _tries(self, contents: Contents, officer: str) -> Tries | None:
        """Her wrong tries, by the key file or by what is kept with the secret, whichever knows of more."""
        both = (contents.tries.get(officer), remembered_tries(self.folder).get(officer))
        return max((each for each in both if each), key=lambda it: (it.row, it.today), default=None)


def remember_tries(folder: Path, contents: Contents) -> None:
    """Keep every officer's wrong tries where the laptop's secret is kept."""
    keep_beside(folder, canonical(msgspec.to_builtins(contents.tries)).decode(), TRIES)


def remembered_tries(folder: Path) -> dict[str, Tries]:
    """Those kept there; none where nothing reads."""
    try:
        return msgspec.convert(read_object(recall_beside(folder, TRIES).encode()), dict[str, Tries])
    except (Refusal, msgspec.ValidationError):
        return {}


def new_officer(name: str) -> OfficerKey:
    """Somebody who was not here before, with a key of her own."""
    return OfficerKey(secrets.token_hex(16), name, SigningKey.generate())
