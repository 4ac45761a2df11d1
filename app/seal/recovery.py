"""The recovery code in the safe: an X25519 identity short enough to be typed.

128 random bits, printed once and stored nowhere; the identity follows from them, so each
later key can be sealed to its public half without the code.
"""

from __future__ import annotations

from nacl.utils import random as random_bytes

from app.domain.errors import Refusal
from app.seal.codes import GROUP, spell, tidy, unspell
from app.seal.sealing import Identity
from app.seal.wrapping import KEY_BYTES, derived_key

_SECRET_BYTES = 16


def new_recovery_code() -> str:
    """Eight groups of four, the last one the check."""
    return spell(random_bytes(_SECRET_BYTES))


def recovery_identity(code: str) -> Identity:
    """The identity behind a code as typed; the refusals of `unspell`."""
    secret = unspell(code)
    if len(secret) != _SECRET_BYTES:
        raise Refusal("code.form")
    return Identity(derived_key(secret, b"recovery"))


def halves(identity: Identity) -> tuple[bytes, bytes]:
    """What two custodians keep of an identity: both make it, one alone says nothing of it."""
    first = random_bytes(len(identity.secret))
    return first, _crossed(first, identity.secret)


def joined(first: bytes, second: bytes) -> Identity:
    """The identity of two halves; of others an identity that opens nothing."""
    return Identity(_crossed(first, second))


def _crossed(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))


def spelled_key(database_key: bytes) -> str:
    """The database key itself as it is read out to whoever lost every way in: fifteen groups of four.

    Only the centre's custodians can make one; the register gets another key as soon as it was used.
    """
    return spell(database_key)


def read_key(code: str) -> bytes | None:
    """The database key out of a code as typed; None for a printed recovery code. Refusals of `unspell`."""
    content = unspell(code)
    return content if len(content) == KEY_BYTES else None


def is_last_group(code: str, typed: str) -> bool:
    """Whether the officer has the paper in front of her: she types the last group back."""
    return tidy(typed) == tidy(code)[-GROUP:]
