"""The rescue capsule's form: signed sets, each sealed to the centre in a frame of its own.

    header   `soansinh capsule 1 <commune>` and a line feed
    frame    length (4 bytes, of all that follows the digest) · BLAKE2b-128 · label (80) · one age file

The label names the set to the laptop that wrote it and to nobody else: a bare hash could be tried against
guesses. What is sealed is the author's signature (64) and the set's canonical form. Power goes while a
frame is written: a torn tail is no error, whoever reads takes the whole frames before it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from app.domain.changes import SignedSet
from app.domain.errors import Refusal
from app.seal.keys import SIGNATURE_BYTES
from app.seal.sealing import Identity, Recipient, open_sealed, seal
from app.seal.wrapping import unwrap, wrap

SET_BYTES_MAX = 16 << 20
_HEADER = re.compile(rb"soansinh capsule 1 ([0-9A-Z]{1,10})\n")
_HEADER_BYTES_MAX = 30
_LENGTH_BYTES, _DIGEST_BYTES, _ID_BYTES, _MARK_BYTES = 4, 16, 32, 8
_LABEL_BYTES = 24 + _ID_BYTES + _MARK_BYTES + 16
_BOUND_TO = b"soansinh/1 capsule label"


@dataclass(frozen=True)
class Frame:
    """A whole frame, and where in its file it begins."""

    at: int
    label: bytes
    sealed: bytes

    @property
    def end(self) -> int:
        """Where the next one begins."""
        return self.at + _LENGTH_BYTES + _DIGEST_BYTES + len(self.label) + len(self.sealed)

    def names(self, key: bytes) -> tuple[str, bytes]:
        """The set in it and a mark of the centre it is sealed to; empty for a label of another key's."""
        try:
            said = unwrap(key, self.label, _BOUND_TO)
        except Refusal:
            return "", b""
        return said[:_ID_BYTES].hex(), said[_ID_BYTES:]

    def open(self, identity: Identity) -> SignedSet:
        """The set as it was signed; whether its signature holds is the caller's question.

        Refusal("sealed.form") or ("sealed.not_opened").
        """
        content = open_sealed(self.sealed, identity)
        return SignedSet(content[SIGNATURE_BYTES:], content[:SIGNATURE_BYTES])


def header(commune: str) -> bytes:
    """How a capsule of this commune begins."""
    return b"soansinh capsule 1 %s\n" % commune.encode()


def mark_of(centre: Recipient) -> bytes:
    """What a label says of the key that opens its frame."""
    return centre.raw[:_MARK_BYTES]


def frame(signed: SignedSet, key: bytes, centre: Recipient) -> bytes:
    """One set as it is appended."""
    label = wrap(key, bytes.fromhex(signed.id) + mark_of(centre), _BOUND_TO)
    content = label + seal(signed.signature + signed.body, [centre])
    return len(content).to_bytes(_LENGTH_BYTES, "big") + _digest(content) + content


def read_header(file: IO[bytes]) -> str:
    """The commune of a capsule; Refusal("capsule.form") for a file that is none."""
    found = _HEADER.fullmatch(file.readline(_HEADER_BYTES_MAX))
    if found is None:
        raise Refusal("capsule.form")
    return found[1].decode()


def frames(file: IO[bytes]) -> Iterator[Frame]:
    """The whole frames that follow the header; it ends where one is torn, altered or too long."""
    at = file.tell()
    while True:
        head = file.read(_LENGTH_BYTES + _DIGEST_BYTES)
        length = int.from_bytes(head[:_LENGTH_BYTES], "big")
        if not _LABEL_BYTES < length <= SET_BYTES_MAX:
            return
        content = file.read(length)
        if _digest(content) != head[_LENGTH_BYTES:]:  # nor has a torn one this digest
            return
        found = Frame(at, content[:_LABEL_BYTES], content[_LABEL_BYTES:])
        yield found
        at = found.end


def _digest(content: bytes) -> bytes:
    return hashlib.blake2b(content, digest_size=_DIGEST_BYTES).digest()
