"""Ed25519 keys of officers, devices and the centre, and signatures that say what they are for.

By libsodium and not by `cryptography`, which takes low-order keys (208 of 914 edge
vectors, design/security.md): under such a key one signature fits many messages.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from nacl.signing import SigningKey as _Ed25519
from nacl.utils import random as random_bytes

from app.domain.errors import Refusal
from app.seal.many import is_point, unsigned_under

SEED_BYTES = 32
SIGNATURE_BYTES = 64
CHANGE_SET = b"change-set"
MESSAGE = b"message"
HEAD = b"head"
CERTIFICATE = b"certificate"
POLICY = b"policy"
PROGRAMME = b"programme"
ENROLMENT = b"enrolment"
SESSION = b"session"
BUNDLE = b"bundle"
TRANSFER = b"transfer"
_PURPOSE = re.compile(rb"[a-z][a-z0-9-]{0,31}")


@dataclass(frozen=True)
class PublicKey:
    """32 bytes of an Ed25519 public key; one that is weak or no point at all cannot be held."""

    raw: bytes

    def __post_init__(self) -> None:
        """Refusal("key.weak"): not canonical, not on the curve, of low order, or mixed order."""
        if not is_point(self.raw):
            raise Refusal("key.weak")

    @cached_property
    def fingerprint(self) -> str:
        """128 bits of SHA-256, 32 hexadecimal digits: what travels in codes and is read aloud."""
        return hashlib.sha256(self.raw).hexdigest()[:32]


@lru_cache(maxsize=4096)
def public_key(raw: bytes) -> PublicKey:
    """A key that is met again and again: whether it is weak is looked at once, at half a signature's cost."""
    return PublicKey(raw)


@dataclass(frozen=True)
class SigningKey:
    """An Ed25519 key, by its 32-byte seed. Shown nowhere: `repr` gives the public half alone."""

    seed: bytes = field(repr=False)

    @classmethod
    def generate(cls) -> SigningKey:
        """A new random key."""
        return cls(random_bytes(SEED_BYTES))

    @cached_property
    def public(self) -> PublicKey:
        """The half that others check signatures with."""
        return PublicKey(self._ed25519.verify_key.encode())

    def __repr__(self) -> str:
        return f"SigningKey({self.public.fingerprint})"

    @cached_property
    def _ed25519(self) -> _Ed25519:
        return _Ed25519(self.seed)


@dataclass(frozen=True)
class OfficerKey:
    """What an officer signs with. `id` names the person and stays when a lost key is replaced."""

    id: str
    name: str
    key: SigningKey


@dataclass(frozen=True)
class DeviceKey:
    """What a laptop signs messages with; a laptop restored or cloned takes a new id and key."""

    id: str
    key: SigningKey


def sign(key: SigningKey, purpose: bytes, message: bytes) -> bytes:
    """64 bytes over purpose and message: signed as one thing, it is never taken for another."""
    return key._ed25519.sign(framed(purpose, message)).signature


def verify(public: PublicKey, purpose: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the signature holds for this purpose and message (RFC 8032, strict)."""
    return not unsigned(purpose, [((public.raw,), message, signature)])


def unsigned(purpose: bytes, said: Sequence[tuple[Sequence[bytes], bytes, bytes]]) -> list[int]:
    """Which of many, each (raw keys, message, signature), none of the keys has signed; by place."""
    return unsigned_under(framed(purpose, b""), said)


def framed(purpose: bytes, message: bytes) -> bytes:
    """What is signed of a message."""
    return _front(purpose) + message


@lru_cache(maxsize=64)
def _front(purpose: bytes) -> bytes:
    if not _PURPOSE.fullmatch(purpose):
        raise ValueError(f"not a purpose: {purpose!r}")
    return b"soansinh/1 " + purpose + b"\x00"
