"""This laptop's own secret: without it a copied slot does not open, whatever the password.

Kept by the system's key store where that truly works (tried by writing and reading back);
otherwise in a file that only this user reads, which is weaker and said so on the screen.
"""

from __future__ import annotations

import base64
import hmac
import secrets
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from app.domain.changes import canonical
from app.domain.errors import Refusal, Trouble
from app.seal.statements import read_object
from app.store.disk import read_whole, write_whole

FILE = "device.secret"
MARK, TRIES = "mark", "tries"  # what is kept beside it: where the vault stood; wrong tries of its officers
_SERVICE = "soansinh"
_BYTES = 32
# Backends that keep secrets encrypted under the user's login; "alt" ones write plain files.
_TRUSTED = (
    "keyring.backends.SecretService",
    "keyring.backends.Windows",
    "keyring.backends.libsecret",
    "keyring.backends.kwallet",
)


@dataclass(frozen=True)
class DeviceSecret:
    """32 bytes; weak where only a file's permissions protect them."""

    secret: bytes = field(repr=False)
    is_weak: bool


class _Note(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the file says: the secret itself, or under which name the system keeps it."""

    format: int
    name: str
    secret: str

    def __repr__(self) -> str:
        return f"_Note({self.name})"


def make_device_secret(folder: Path, name: str, *, ask_system: bool) -> DeviceSecret:
    """A new secret, kept under `name`; replaces what the folder's file named."""
    secret = secrets.token_bytes(_BYTES)
    text = base64.b64encode(secret).decode()
    by_system = ask_system and _system_keeps(name, text)
    note = _Note(1, name, "" if by_system else text)
    write_whole(folder / FILE, canonical(msgspec.to_builtins(note)))
    return DeviceSecret(secret, not by_system)


def read_device_secret(folder: Path) -> DeviceSecret:
    """The secret; Trouble("device_secret.lost") when file or system no longer has it."""
    try:
        note = msgspec.convert(read_object(read_whole(folder / FILE) or b""), _Note)
        text = note.secret or _system_recalls(note.name)
        secret = base64.b64decode(text, validate=True)
    except (Refusal, ValueError) as error:
        raise Trouble("device_secret.lost") from error
    if len(secret) != _BYTES:
        raise Trouble("device_secret.lost")
    return DeviceSecret(secret, bool(note.secret))


def keep_beside(folder: Path, text: str, what: str = MARK) -> None:
    """Keep a few words where the secret is kept. Trouble("device_secret.unreachable") as in reading it."""
    note = _read(folder)
    if note is None or note.secret:
        write_whole(folder / f"device.{what}", text.encode())
        return
    import keyring
    from keyring.errors import KeyringError

    try:
        keyring.set_password(_SERVICE, f"{note.name}/{what}", text)
    except (KeyringError, OSError, RuntimeError) as error:
        raise Trouble("device_secret.unreachable") from error


def recall_beside(folder: Path, what: str = MARK) -> str:
    """The words kept there; empty for none."""
    note = _read(folder)
    if note is None or note.secret:
        return (read_whole(folder / f"device.{what}") or b"").decode("utf-8", "replace")
    return _system_recalls(f"{note.name}/{what}")


def _read(folder: Path) -> _Note | None:
    try:
        return msgspec.convert(read_object(read_whole(folder / FILE) or b""), _Note)
    except (Refusal, ValueError):
        return None


def forget(folder: Path) -> None:
    """Take the secret out of the system's key store, if it keeps it; the file is its owner's to destroy.

    Trouble("device_secret.unreachable") when the key store does not answer: try again later.
    """
    import keyring
    from keyring.errors import KeyringError, PasswordDeleteError

    note = _read(folder)
    if note is None or note.secret:
        return
    try:
        for name in (*(f"{note.name}/{what}" for what in (MARK, TRIES)), note.name):
            with suppress(PasswordDeleteError):
                keyring.delete_password(_SERVICE, name)
    except (KeyringError, OSError, RuntimeError) as error:
        raise Trouble("device_secret.unreachable") from error


def _system_keeps(name: str, text: str) -> bool:
    import keyring
    from keyring.errors import KeyringError

    try:
        if type(_strongest(keyring.get_keyring())).__module__ not in _TRUSTED:
            return False
        keyring.set_password(_SERVICE, name, text)
        return hmac.compare_digest(keyring.get_password(_SERVICE, name) or "", text)
    except (KeyringError, OSError, RuntimeError):
        return False


def _system_recalls(name: str) -> str:
    import keyring
    from keyring.errors import KeyringError

    try:
        return keyring.get_password(_SERVICE, name) or ""
    except (KeyringError, OSError, RuntimeError) as error:
        raise Trouble("device_secret.unreachable") from error


def _strongest(backend: object) -> object:
    """The one that a chain of backends writes to."""
    return next(iter(getattr(backend, "backends", ())), backend)
