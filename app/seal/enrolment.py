"""The enrolment code: what a laptop must know before it speaks to a centre for the first time."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from nacl.utils import random as random_bytes

from app.domain.errors import Refusal
from app.seal.codes import spell, unspell

SECRET_BYTES = 10  # guessed against a centre that counts, once, within days
_FORM = 1
_FINGERPRINT_BYTES = 16
_ADDRESS = re.compile(r"https://(?:[a-z0-9.-]+|\[[0-9a-f:]+\])(?::[0-9]{1,5})?")
_COMMUNE = re.compile(r"[0-9A-Z]{1,10}")


@dataclass(frozen=True)
class EnrolmentCode:
    """`address`: `https://host[:port]`; `root_fingerprint`: as `PublicKey.fingerprint`; one-time `secret`."""

    address: str
    commune: str
    root_fingerprint: str
    secret: bytes = field(repr=False)

    @classmethod
    def issue(cls, address: str, commune: str, root_fingerprint: str) -> EnrolmentCode:
        """A code with a new secret. Refusal("enrolment.address") for anything but an https address."""
        if not _ADDRESS.fullmatch(address) or len(address) > 200 or not _COMMUNE.fullmatch(commune):
            raise Refusal("enrolment.address")
        return cls(address, commune, root_fingerprint, random_bytes(SECRET_BYTES))

    def text(self) -> str:
        """What is printed, typed or drawn as a QR code (its alphanumeric mode takes every sign)."""
        parts = (self.commune.encode(), self.address.removeprefix("https://").encode())
        named = b"".join(bytes([len(part)]) + part for part in parts)
        return spell(bytes([_FORM]) + bytes.fromhex(self.root_fingerprint) + self.secret + named)

    @classmethod
    def read(cls, text: str) -> EnrolmentCode:
        """The code as typed, pasted or scanned; the refusals of `unspell`, or Refusal("enrolment.form")."""
        content = unspell(text)
        secret_at = 1 + _FINGERPRINT_BYTES
        fingerprint, secret = content[1:secret_at], content[secret_at : secret_at + SECRET_BYTES]
        commune, rest = _part(content[secret_at + SECRET_BYTES :])
        host, filling = _part(rest)
        address = f"https://{host}"
        sound = content[0] == _FORM and not any(filling)
        if not sound or not _COMMUNE.fullmatch(commune) or not _ADDRESS.fullmatch(address):
            raise Refusal("enrolment.form")
        return cls(address, commune, fingerprint.hex(), secret)


def _part(content: bytes) -> tuple[str, bytes]:
    size = int.from_bytes(content[:1])  # nothing left has no length
    return content[1 : 1 + size].decode("ascii", "replace"), content[1 + size :]
