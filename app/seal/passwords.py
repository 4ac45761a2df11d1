"""Passwords that only open a page: Argon2id as a line of text, for operators of the centre."""

from __future__ import annotations

import unicodedata
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_HASHER = PasswordHasher()  # RFC 9106's second choice: 64 MiB, three passes
_AT_ONCE = BoundedSemaphore(2)  # so that a crowd at the door costs 128 MiB and no more


def hash_password(password: str) -> str:
    """What is kept of a password."""
    with _AT_ONCE:
        return _HASHER.hash(_typed(password))


def is_password(kept: str, password: str) -> bool:
    """Whether this is the password; takes as long when it is not."""
    with _AT_ONCE:
        try:
            return _HASHER.verify(kept, _typed(password))
        except (VerificationError, InvalidHashError, UnicodeEncodeError):
            return False


def _typed(password: str) -> str:
    return unicodedata.normalize("NFC", password)
