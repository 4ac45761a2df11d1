"""What a schedule asks of pure functions again and again, answered from memory: the answers are the same.

A signature made by a true key holds; all others are reckoned as ever.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import lru_cache
from unittest.mock import patch

from nacl.signing import SignedMessage, VerifyKey
from nacl.signing import SigningKey as Ed25519

from app.domain import changes
from app.sync import columns, messages

_KEPT = 50_000
_true_verify, _true_sign = VerifyKey.verify, Ed25519.sign
_made: set[tuple[bytes, bytes, bytes]] = set()


@contextmanager
def remembered() -> Iterator[None]:
    """Until the end of the block."""
    with ExitStack() as patches:
        for owner, name, answering in (
            (changes, "parse", _parse),
            (messages, "unpack_verdicts", _unpack_verdicts),
            (messages, "_usual_verdicts", _usual_verdicts),
            (columns, "_regular", _regular),
            (VerifyKey, "verify", _verified),
            (Ed25519, "sign", _signed),
        ):
            patches.enter_context(patch.object(owner, name, answering))
        yield


_parse = lru_cache(_KEPT)(changes.parse)
_unpack_verdicts = lru_cache(_KEPT)(changes.unpack_verdicts)
_usual_verdicts = lru_cache(_KEPT)(messages._usual_verdicts)
_regular = lru_cache(_KEPT)(columns._regular)


def _signed(key: Ed25519, message: bytes) -> SignedMessage:
    signed = _true_sign(key, message)
    if len(_made) > _KEPT:
        _made.clear()
    _made.add((bytes(key.verify_key), message, signed.signature))
    return signed


def _verified(key: VerifyKey, message: bytes, signature: bytes) -> bytes:
    if (bytes(key), message, signature) in _made:
        return message
    return _true_verify(key, message, signature)
