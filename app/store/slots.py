"""What the key file holds: slots, the key sealed for recovery, wrong tries; and its exact bytes.

When the database key is exchanged, officers who are not there cannot type their passwords. Their slots
are handed the new key: wrapped under the former one, which each slot still holds, and sealed to an
identity that is made anew whenever a slot is closed. So an older slot of hers, put back, opens none of it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import msgspec

from app.domain.changes import canonical
from app.domain.errors import Refusal, Trouble
from app.seal.keys import OfficerKey, SigningKey
from app.seal.sealing import Identity, Recipient, open_sealed, seal
from app.seal.statements import Json, read_object
from app.seal.wrapping import KEY_BYTES, LIMIT, Hardness, Lock, derived_key, password_key, unwrap, wrap
from app.store.throttle import Moment, Tries

_FORM = 2
_CHECK_BYTES = 8


@dataclass(frozen=True)
class Held:
    """What a slot wraps: the database key, what its officer signs with, what the next key is handed to."""

    database_key: bytes = field(repr=False)
    officer: OfficerKey
    receives: Identity = field(default_factory=Identity.generate, repr=False)


class Slot(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One officer's way in. All but `wrapped`, `check` and `handed` lies open, and is bound to it.

    `receives`: whom the next key is handed to. `check` tells a spoilt slot from a wrong password, in the
    log alone. `handed`: the way from the key that it holds to the one that counts.
    """

    officer: str
    name: str
    public: bytes
    number: int
    set_at: str  # UTC: since when this password
    memory_kib: int
    passes: int
    lanes: int
    salt: bytes
    receives: bytes = b""
    wrapped: bytes = b""
    check: bytes = b""
    handed: tuple[bytes, ...] = ()

    @property
    def hardness(self) -> Hardness:
        """What one guess at her password costs."""
        return Hardness(self.memory_kib, self.passes, self.lanes)

    @property
    def is_spoilt(self) -> bool:
        """Whether it is not as it was closed: then no password opens it."""
        return self.check != self._checked()

    def open(self, file: str, password: str, device_secret: bytes) -> Held:
        """Refusal("unlock.wrong_password"): another password, device or file, or an altered slot.

        Trouble("keyfile.damaged") for a key handed on by whoever did not have the former one.
        """
        key = password_key(password, Lock(self.hardness, self.salt), device_secret)
        try:
            content = unwrap(key, self.wrapped, self._bound_to(file))
            if self.is_spoilt:
                raise Refusal("wrapped.not_opened")  # noqa: TRY301 - as if it did not
        except Refusal as error:
            raise Refusal("unlock.wrong_password", field="password") from error
        seed, secret = content[KEY_BYTES : 2 * KEY_BYTES], content[2 * KEY_BYTES :]
        officer = OfficerKey(self.officer, self.name, SigningKey(seed))
        held = Held(content[:KEY_BYTES], officer, Identity(secret))
        for each in self.handed:
            held = replace(held, database_key=self._received(file, held, each))
        return held

    def filled(self, file: str, held: Held, password: str, device_secret: bytes) -> Slot:
        """The slot closed over what it is to hold."""
        key = password_key(password, Lock(self.hardness, self.salt), device_secret)
        content = held.database_key + held.officer.key.seed + held.receives.secret
        named = msgspec.structs.replace(self, receives=held.receives.recipient.raw, handed=())
        closed = msgspec.structs.replace(named, wrapped=wrap(key, content, named._bound_to(file)))
        return msgspec.structs.replace(closed, check=closed._checked())

    def handed_on(self, file: str, former: bytes, key: bytes) -> Slot:
        """The slot, handed the key that takes the former one's place."""
        inner = wrap(derived_key(former, b"handed on"), key, self._bound_to(file))
        return msgspec.structs.replace(self, handed=(*self.handed, seal(inner, [Recipient(self.receives)])))

    def _received(self, file: str, held: Held, handed: bytes) -> bytes:
        try:
            inner = open_sealed(handed, held.receives)
            return unwrap(derived_key(held.database_key, b"handed on"), inner, self._bound_to(file))
        except Refusal as error:
            raise Trouble("keyfile.damaged") from error

    def _bound_to(self, file: str) -> bytes:
        return canonical([_FORM, file, self._said(wrapped=b"")])

    def _checked(self) -> bytes:
        return hashlib.sha256(canonical(self._said(wrapped=self.wrapped))).digest()[:_CHECK_BYTES]

    def _said(self, wrapped: bytes) -> Json:
        said: Json = msgspec.to_builtins(msgspec.structs.replace(self, wrapped=wrapped, check=b"", handed=()))
        return said


def empty_slot(officer: OfficerKey, number: int, hardness: Hardness, set_at: str) -> Slot:
    """A slot with a new salt, to be filled."""
    return Slot(
        officer.id,
        officer.name,
        officer.key.public.raw,
        number,
        set_at,
        hardness.memory_kib,
        hardness.passes,
        hardness.lanes,
        Lock.fresh(hardness).salt,
    )


def said(now: Moment) -> str:
    """The moment as a slot says it, by the calendar."""
    return datetime.fromtimestamp(now.wall, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Recovery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The database key sealed to the printed code and, once enrolled, to the centre.

    `vouched` is a seal that only a holder of the database key can make over the recipients:
    without it, who writes her own recipient into the file is sealed the next key.
    """

    printed: bytes
    centre: bytes
    sealed: bytes
    vouched: bytes
    confirmed: bool = False  # the officer has typed the printed code's last group back

    @classmethod
    def sealed_for(
        cls, file: str, database_key: bytes, printed: Recipient, centre: Recipient | None
    ) -> Recovery:
        """The key sealed anew."""
        recipients = [printed, *([centre] if centre else [])]
        content = canonical([_FORM, file, database_key.hex()])
        draft = cls(printed.raw, centre.raw if centre else b"", seal(content, recipients), b"")
        return msgspec.structs.replace(
            draft, vouched=wrap(derived_key(database_key, b"recovery vouch"), b"", draft._recipients(file))
        )

    def open(self, file: str, identity: Identity) -> bytes:
        """The database key. Refusal("recovery.another_code") for a code that was not printed for it."""
        if identity.recipient.raw not in {self.printed, self.centre}:
            raise Refusal("recovery.another_code")
        try:
            form, sealed_file, key = msgspec.json.decode(
                open_sealed(self.sealed, identity), type=tuple[int, str, str]
            )
            database_key = bytes.fromhex(key)
        except (Refusal, ValueError) as error:
            raise Trouble("keyfile.damaged") from error
        if (form, sealed_file, len(database_key)) != (_FORM, file, KEY_BYTES):
            raise Trouble("keyfile.damaged")
        return database_key

    def require_vouched(self, file: str, database_key: bytes) -> None:
        """Trouble("keyfile.damaged") when the recipients are not those of a holder of the key."""
        try:
            unwrap(derived_key(database_key, b"recovery vouch"), self.vouched, self._recipients(file))
        except Refusal as error:
            raise Trouble("keyfile.damaged") from error

    def _recipients(self, file: str) -> bytes:
        return canonical([_FORM, file, self.printed.hex(), self.centre.hex()])


class Kept(msgspec.Struct, frozen=True):
    """What of a key file is left when the slots are gone (`leaving.py`): a whole one reads as this too."""

    file: str
    commune: str
    recovery: Recovery

    def open(self, identity: Identity) -> bytes:
        """The database key; the refusals of `Recovery.open`."""
        return self.recovery.open(self.file, identity)


def read_kept(content: bytes) -> Kept:
    """Out of a key file, or of what a laptop that left kept of it. Trouble("keyfile.damaged")."""
    try:
        return msgspec.convert(read_object(content), Kept)
    except (Refusal, msgspec.ValidationError) as error:
        raise Trouble("keyfile.damaged") from error


class Contents(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file. `number` counts changes of slots; `tries` are the wrong ones, by officer.

    `vault`: the first bytes of the database that the key opens, empty until the key was first exchanged.
    """

    file: str
    commune: str
    recovery: Recovery
    vault: bytes = b""
    number: int = 0
    slots: tuple[Slot, ...] = ()
    tries: dict[str, Tries] = {}
    form: int = _FORM

    @property
    def spoilt(self) -> tuple[str, ...]:
        """Officers whose slots are not as they were closed."""
        return tuple(slot.officer for slot in self.slots if slot.is_spoilt)

    def slot(self, officer: str) -> Slot:
        """An officer's slot; Refusal("unlock.unknown_officer")."""
        for slot in self.slots:
            if slot.officer == officer:
                return slot
        raise Refusal("unlock.unknown_officer")

    def with_slot(self, slot: Slot) -> Contents:
        """The officer's slot put in place of an older one; her wrong tries are forgotten."""
        others = [other for other in self.slots if other.officer != slot.officer]
        tries = {officer: tries for officer, tries in self.tries.items() if officer != slot.officer}
        return msgspec.structs.replace(self, number=slot.number, slots=(*others, slot), tries=tries)

    def without(self, officer: str) -> Contents:
        """Her slot taken away."""
        kept = tuple(slot for slot in self.slots if slot.officer != officer)
        return msgspec.structs.replace(self.with_tries(officer, None), number=self.number + 1, slots=kept)

    def rekeyed(self, former: bytes, key: bytes, vault: bytes, printed: Recipient | None = None) -> Contents:
        """The file around another key: handed to every slot that stood, sealed anew for recovery.

        `printed`: a new code's. Trouble("keyfile.damaged") when the recipients are not vouched for.
        """
        self.recovery.require_vouched(self.file, former)
        centre = Recipient(self.recovery.centre) if self.recovery.centre else None
        recovery = Recovery.sealed_for(self.file, key, printed or Recipient(self.recovery.printed), centre)
        if printed is None:
            recovery = msgspec.structs.replace(recovery, confirmed=self.recovery.confirmed)
        slots = tuple(slot.handed_on(self.file, former, key) for slot in self.slots)
        return msgspec.structs.replace(self, recovery=recovery, slots=slots, vault=vault)

    def with_tries(self, officer: str, tries: Tries | None) -> Contents:
        """The officer's wrong tries as they now are."""
        kept = {other: count for other, count in self.tries.items() if other != officer}
        return msgspec.structs.replace(self, tries=kept | ({officer: tries} if tries else {}))


def encode(contents: Contents) -> bytes:
    """Canonical JSON."""
    return canonical(msgspec.to_builtins(contents))


def decode(content: bytes, least: Hardness) -> Contents:
    """The file's contents; Trouble("keyfile.damaged") for other bytes, or slots too soft or too hard."""
    try:
        said: Json = read_object(content)
        read = msgspec.convert(said, Contents)
    except (Refusal, msgspec.ValidationError) as error:
        raise Trouble("keyfile.damaged") from error
    fit = all(
        slot.hardness.at_least(least) and LIMIT.at_least(slot.hardness) and 1 <= slot.lanes <= 4
        for slot in read.slots
    )
    if read.form != _FORM or not read.slots or not fit or encode(read) != content:
        raise Trouble("keyfile.damaged")
    return read
