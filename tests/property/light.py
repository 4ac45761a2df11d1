"""What a schedule leaves out for speed, and what stands in its place.

All leave out the search index and the sums that lists show, which follow rows. All but every hundredth
leave out how a message is packed for the line, and in place of an Ed25519 signature stands a hash under the
same secret key: only who holds it can make one, and any other is false. All of these have tests of their own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import lru_cache
from types import SimpleNamespace
from unittest.mock import patch

import msgspec
from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey

from app.domain.errors import Refusal
from app.seal import many
from app.seal.certificates import certify
from app.seal.keys import SIGNATURE_BYTES
from app.store import search, summaries
from app.sync import messages, policy
from app.sync.messages import Envelope, Message, Sign, Verify

_true_verify = VerifyKey.verify
_seeds: dict[bytes, bytes] = {}  # of everybody who ever signed, by the public half


@contextmanager
def unlisted() -> Iterator[None]:
    """Nothing is found or summed up until the end of the block."""
    with (
        patch.object(search, "refresh", lambda *_: None),
        patch.object(summaries, "refresh", lambda *_: set()),
    ):
        yield


@contextmanager
def lightened() -> Iterator[None]:
    """Nothing is packed or truly signed until the end of the block."""
    with ExitStack() as patches:
        for owner, name, instead in (
            (messages, "write", _write),
            (messages, "read", _read),
            (SigningKey, "sign", _sign),
            (many, "_opens", _opened),
            (policy, "_certified", _certified),
        ):
            patches.enter_context(patch.object(owner, name, instead))
        yield


def _write(message: msgspec.Struct, sender: str, sign: Sign, _level: int = 0) -> bytes:
    payload = msgspec.msgpack.encode(message)
    return msgspec.msgpack.encode(Envelope(sender, payload, sign(messages.claim(payload))))


def _read(carried: bytes, kind: type[Message], verify: Verify, **_bounds: int) -> tuple[str, Message]:
    envelope = msgspec.msgpack.decode(carried, type=Envelope)
    if not verify(envelope.sender, messages.claim(envelope.payload), envelope.signature):
        raise Refusal("sync.signature")
    return envelope.sender, msgspec.msgpack.decode(envelope.payload, type=kind)


def _sign(key: SigningKey, message: bytes) -> SimpleNamespace:
    seed = _seeds.setdefault(bytes(key.verify_key), bytes(key))
    return SimpleNamespace(signature=_hashed(seed, message))


def _verify(key: VerifyKey, message: bytes, signature: bytes) -> bytes:
    seed = _seeds.get(bytes(key))
    if seed is None:  # made before, by a true signature
        return _true_verify(key, message, signature)
    if _hashed(seed, message) != signature:
        raise BadSignatureError("forged")
    return message


def _opened(_into: object, _long: object, signed: bytes, _size: int, raw: bytes) -> int:
    """As libsodium's own: 0 where it holds."""
    try:
        _verify(VerifyKey(raw), signed[SIGNATURE_BYTES:], signed[:SIGNATURE_BYTES])
    except BadSignatureError:
        return -1
    return 0


def _hashed(seed: bytes, message: bytes) -> bytes:
    return hashlib.blake2b(message, key=seed).digest()


_certified = lru_cache(4_096)(certify)
