"""Sealed to X25519 identities, in age's format: recovery, the centre, sticks.

age says nothing of the sender, so whoever opens something checks a signature inside.
Its readers are lenient (huge scrypt work factors, thousands of stanzas), so the header
is held to a narrow profile before a library sees it (design/security.md, Found by trying).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import IO

import pyrage
from nacl.bindings import (
    crypto_scalarmult,
    crypto_scalarmult_base,
    crypto_sign_ed25519_pk_to_curve25519,
    crypto_sign_ed25519_sk_to_curve25519,
)
from nacl.utils import random as random_bytes

from app.domain.errors import Refusal
from app.seal.keys import PublicKey, SigningKey

_KEY_BYTES = 32
HEADER_BYTES_MAX = 8 * 1024
STANZAS_MAX = 20
# RFC-less, see C2SP age.md: the last line of a stanza's body is shorter than 64 characters.
# rage adds one `…-grease` stanza of noise to every file it writes.
_BASE64 = rb"[A-Za-z0-9+/]"
_X25519 = rb"-> X25519 " + _BASE64 + rb"{43}\n" + _BASE64 + rb"{43}\n"
_GREASE = (
    rb"-> [!-~]{1,64}-grease(?: [!-~]{1,128}){0,8}\n(?:"
    + _BASE64
    + rb"{64}\n){0,16}"
    + _BASE64
    + rb"{0,63}\n"
)
_HEADER = re.compile(
    rb"age-encryption\.org/v1\n((?:"
    + _X25519
    + rb"){1,%d})(?:" % STANZAS_MAX
    + _GREASE
    + rb")?--- "
    + _BASE64
    + rb"{43}\n"
)
_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"


@dataclass(frozen=True)
class Recipient:
    """32 bytes of an X25519 public key. Refusal("key.weak") for a low-order one: its seal opens to all."""

    raw: bytes

    def __post_init__(self) -> None:
        if len(self.raw) != _KEY_BYTES:
            raise Refusal("key.weak")
        try:
            crypto_scalarmult(bytes(_KEY_BYTES), self.raw)
        except RuntimeError as error:
            raise Refusal("key.weak") from error

    @cached_property
    def address(self) -> str:
        """The key as age writes it: `age1…`."""
        return _bech32("age", self.raw)


@dataclass(frozen=True)
class Identity:
    """An X25519 secret: opens what was sealed to its recipient."""

    secret: bytes = field(repr=False)

    @classmethod
    def generate(cls) -> Identity:
        """A new random identity."""
        return cls(random_bytes(_KEY_BYTES))

    @cached_property
    def recipient(self) -> Recipient:
        """The half that others seal to."""
        return Recipient(crypto_scalarmult_base(self.secret))


def recipient_of(key: PublicKey) -> Recipient:
    """The same key as X25519: who knows how a laptop signs can seal to it; no second key to be certified.

    One pair may serve both (E. Thormarker, IACR 2021/509): Ed25519 and age hash under names of their own.
    """
    return Recipient(crypto_sign_ed25519_pk_to_curve25519(key.raw))


def identity_of(key: SigningKey) -> Identity:
    """The half that opens what was sealed to `recipient_of` its public key."""
    return Identity(crypto_sign_ed25519_sk_to_curve25519(key.seed + key.public.raw))


def seal(content: bytes, recipients: Sequence[Recipient]) -> bytes:
    """The content, opened by any one of the recipients' identities."""
    sealed: bytes = pyrage.encrypt(content, [pyrage.x25519.Recipient.from_str(r.address) for r in recipients])
    return sealed


def seal_stream(content: IO[bytes], sealed: IO[bytes], recipients: Sequence[Recipient]) -> None:
    """The same for what is too long to hold: read to its end, written as it goes."""
    named = [pyrage.x25519.Recipient.from_str(recipient.address) for recipient in recipients]
    pyrage.encrypt_io(content, sealed, named)


def open_sealed(sealed: bytes, identity: Identity) -> bytes:
    """The content; Refusal("sealed.form") outside the profile, Refusal("sealed.not_opened") otherwise.

    Not opened: sealed to somebody else, or altered on the way; age cannot tell which.
    """
    if not _HEADER.match(sealed):
        raise Refusal("sealed.form")
    try:
        content: bytes = pyrage.decrypt(sealed, [pyrage.x25519.Identity.from_str(_written(identity))])
    except pyrage.DecryptError as error:
        raise Refusal("sealed.not_opened") from error
    return content


def open_stream(sealed: IO[bytes], content: IO[bytes], identity: Identity) -> None:
    """The same for what is too long to hold; what was written before a refusal is nobody's word.

    Refusal("sealed.form") and ("sealed.not_opened") as above; ("sealed.altered") once the addressee is
    known to be right and a piece is not as it was sealed, or the end is missing.
    """
    if not _HEADER.match(sealed.read(HEADER_BYTES_MAX)):
        raise Refusal("sealed.form")
    sealed.seek(0)
    try:
        pyrage.decrypt_io(sealed, content, [pyrage.x25519.Identity.from_str(_written(identity))])
    except pyrage.DecryptError as error:
        raise Refusal("sealed.not_opened") from error
    except OSError as error:
        raise Refusal("sealed.altered") from error


def _written(identity: Identity) -> str:
    """An identity as age writes it."""
    return _bech32("age-secret-key-", identity.secret).upper()


def _bech32(prefix: str, raw: bytes) -> str:
    """BIP 173, encoding only: how age writes X25519 keys."""
    bits = int.from_bytes(raw, "big") << (-len(raw) * 8 % 5)
    count = -(-len(raw) * 8 // 5)
    data = [bits >> 5 * (count - 1 - at) & 31 for at in range(count)]
    spread = [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]
    rest = _bech32_remainder(spread + data + [0] * 6) ^ 1
    return prefix + "1" + "".join(_BECH32[v] for v in data + [rest >> 5 * (5 - at) & 31 for at in range(6)])


def _bech32_remainder(values: Sequence[int]) -> int:
    rest = 1
    for value in values:
        top, rest = rest >> 25, (rest & 0x1FFFFFF) << 5 ^ value
        for at, generator in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            rest ^= generator if top >> at & 1 else 0
    return rest
