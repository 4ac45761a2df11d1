"""Bundles that nobody's program would write: sealed by strangers, by insiders, bent in every place."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

import pyrage

from app.seal import bundles
from app.seal.bundles import Front
from app.seal.keys import BUNDLE, SigningKey, sign
from app.seal.sealing import Identity, Recipient
from app.sync.parts import Part

Said = list[tuple[int, bytes]]


@dataclass
class Inside:
    """A bundle opened by an insider: whoever holds the key that opens it may seal anything again."""

    statement: bytes
    credentials: bytes
    parts: Said

    @classmethod
    def of(cls, sealed: bytes, identity: Identity) -> Inside:
        parts: Said = []
        front, _ = bundles.open_bundle(
            io.BytesIO(sealed), identity, lambda _front, kind, content: parts.append((kind, content))
        )
        return cls(front.statement, front.credentials, parts)

    @property
    def manifest(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.statement[96:])
        return found

    def sealed(self, *recipients: Recipient) -> bytes:
        out = io.BytesIO()
        bundles.seal_bundle(Front(self.statement, self.credentials), self.parts, out, recipients)
        return out.getvalue()

    def plain(self) -> bytes:
        front = Front(self.statement, self.credentials).framed()
        return front + b"".join(bundles.before(kind, content) + content for kind, content in self.parts)

    def signed(self, key: SigningKey, **other: object) -> Inside:
        """The manifest with other words, signed by a key that the insider holds."""
        manifest = {**self.manifest, **other}
        return self.said(key, json.dumps(manifest, separators=(",", ":"), sort_keys=True).encode())

    def said(self, key: SigningKey, body: bytes) -> Inside:
        """Any bytes in the manifest's place, well signed."""
        statement = key.public.raw + sign(key, BUNDLE, body) + body
        return Inside(statement, self.credentials, self.parts)

    def carrying(self, key: SigningKey, parts: Said) -> Inside:
        """Other parts, and a manifest that is true of them."""
        tally = bundles.tally(parts)
        known = [kind.value for kind in Part]
        counts = {
            Part(kind).word if kind in known else "strange": count for kind, count in tally.counts.items()
        }
        made = Inside(self.statement, self.credentials, parts)
        return made.signed(key, digest=tally.digest, length=tally.length, counts=counts)


def sealed_bytes(plain: bytes, *recipients: Recipient) -> bytes:
    """Anything at all, sealed."""
    out: bytes = pyrage.encrypt(plain, [pyrage.x25519.Recipient.from_str(one.address) for one in recipients])
    return out


def with_stanzas(sealed: bytes, stanzas: bytes) -> bytes:
    """A header with more in it."""
    first, _, rest = sealed.partition(b"\n")
    return first + b"\n" + stanzas + rest


def chunks(sealed: bytes) -> tuple[bytes, list[bytes]]:
    """Header with nonce, and the pieces of 64 KiB that age authenticates one by one."""
    at = sealed.index(b"\n--- ") + 1
    end = sealed.index(b"\n", at) + 1 + 16
    body, size = sealed[end:], (64 << 10) + 16
    return sealed[:end], [body[start : start + size] for start in range(0, len(body), size)]


def bent(chance: Random, whole: bytes, others: Sequence[bytes]) -> bytes:
    """The bytes with something done to them."""
    at, other = chance.randrange(len(whole)), chance.choice(others)
    end = min(len(whole), at + chance.randint(1, 200))
    match chance.randrange(8):
        case 0:
            return whole[:at] + bytes([whole[at] ^ 1 << chance.randrange(8)]) + whole[at + 1 :]
        case 1:
            return whole[:at]
        case 2:
            return whole[:at] + whole[end:]
        case 3:
            return whole[:at] + chance.randbytes(chance.randint(1, 60)) + whole[at:]
        case 4:
            return whole[:at] + bytes(end - at) + whole[end:]
        case 5:
            return whole[:end] + whole[at:]
        case 6:
            return whole[:at] + other[at:]
        case _:
            return whole[:at] + chance.randbytes(end - at) + whole[end:]
