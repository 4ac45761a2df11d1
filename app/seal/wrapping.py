"""What a password opens: keys wrapped under Argon2id and the laptop's own secret.

Both are needed, so a slot copied to another machine is not worth guessing at
(design/security.md, Keys). Passwords are compared as NFC: keyboards differ in how
they compose ế. The unlock screen only lists officers: what derives keys is imported with the first key.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from nacl.bindings import (
    crypto_aead_xchacha20poly1305_ietf_decrypt,
    crypto_aead_xchacha20poly1305_ietf_encrypt,
)
from nacl.exceptions import CryptoError
from nacl.utils import random as random_bytes

from app.domain.errors import Refusal, Trouble

KEY_BYTES = 32
SALT_BYTES = 16
NONCE_BYTES = 24


@dataclass(frozen=True, order=True)
class Hardness:
    """Argon2id's cost (RFC 9106): memory in KiB, passes over it, lanes."""

    memory_kib: int
    passes: int
    lanes: int = 1

    def at_least(self, other: Hardness) -> bool:
        """Whether guessing costs no less than under the other."""
        return self.memory_kib >= other.memory_kib and self.passes >= other.passes

    def raised_to(self, other: Hardness) -> Hardness:
        """The harder of each: parameters rise with the years, they never fall."""
        return Hardness(max(self.memory_kib, other.memory_kib), max(self.passes, other.passes), self.lanes)


# No slot of the product was ever softer: a softer one was not made by it.
FLOOR = Hardness(memory_kib=64 * 1024, passes=3)
# What new slots get: 0.3-0.5 s on the slow laptops of 2026. May rise with the years.
PRODUCT = FLOOR
# A slot that asks for more was made to freeze the laptop that reads it.
LIMIT = Hardness(memory_kib=1024 * 1024, passes=16)


@dataclass(frozen=True)
class Lock:
    """What is stored in clear beside a wrapped secret to derive its key again."""

    hardness: Hardness
    salt: bytes

    @classmethod
    def fresh(cls, hardness: Hardness) -> Lock:
        """A lock with a new random salt."""
        return cls(hardness, random_bytes(SALT_BYTES))


def password_key(password: str, lock: Lock, device_secret: bytes) -> bytes:
    """HKDF(Argon2id(password, salt) ‖ device secret), 32 bytes. Trouble("memory.short")."""
    from argon2.exceptions import HashingError
    from argon2.low_level import Type, hash_secret_raw

    hardness = lock.hardness
    try:
        stretched = hash_secret_raw(
            unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass"),
            lock.salt,
            time_cost=hardness.passes,
            memory_cost=hardness.memory_kib,
            parallelism=hardness.lanes,
            hash_len=KEY_BYTES,
            type=Type.ID,
        )
    except HashingError as error:
        raise Trouble("memory.short") from error
    return derived_key(stretched + device_secret, b"slot")


def derived_key(secret: bytes, use: bytes) -> bytes:
    """32 bytes for one use out of a secret that is already hard to guess (HKDF-SHA256, RFC 5869)."""
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(SHA256(), KEY_BYTES, salt=None, info=b"soansinh/1 " + use).derive(secret)


def wrap(key: bytes, content: bytes, bound_to: bytes) -> bytes:
    """XChaCha20-Poly1305 under a random nonce, which stands in front; `bound_to` is authenticated too."""
    nonce = random_bytes(NONCE_BYTES)
    return nonce + crypto_aead_xchacha20poly1305_ietf_encrypt(content, bound_to, nonce, key)


def unwrap(key: bytes, wrapped: bytes, bound_to: bytes) -> bytes:
    """The content; Refusal("wrapped.not_opened") for another key or any changed bit."""
    nonce, sealed = wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:]
    try:
        return crypto_aead_xchacha20poly1305_ietf_decrypt(sealed, bound_to, nonce, key)
    except (CryptoError, ValueError) as error:
        raise Refusal("wrapped.not_opened") from error
