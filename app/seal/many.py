"""Which of many messages nobody signed, told by libsodium and nothing around it.

A child that does only this begins with it at once: it imports no more than the library (PyNaCl's own
modules take longer to import than a thousand signatures to check), and asks it without a copy.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from nacl._sodium import ffi, lib

_KEY_BYTES, _SIGNATURE_BYTES = 32, 64
_opens = lib.crypto_sign_open


def unsigned_under(frame: bytes, said: Sequence[tuple[Sequence[bytes], bytes, bytes]]) -> list[int]:
    """Which of many, each (raw keys, message, signature), none of the keys has signed; by place.

    `frame` stands before each message in what was signed. A weak key (`keys.PublicKey`) signs nothing.
    RuntimeError where libsodium does not begin.
    """
    if lib.sodium_init() < 0:
        raise RuntimeError("libsodium does not begin")
    opens, nothing = _opens, ffi.NULL
    found = []
    for at, (keys, message, signature) in enumerate(said):
        signed = signature + frame + message
        # A longer signature would be let pass over the end of what it signs.
        is_one = len(signature) == _SIGNATURE_BYTES
        for key in keys:
            if is_one and is_point(key) and opens(nothing, nothing, signed, len(signed), key) == 0:
                break
        else:
            found.append(at)
    return found


@lru_cache(maxsize=4096)
def is_point(key: bytes) -> bool:
    """Whether these are a key under which a signature says something. Looked at once: half a signature."""
    return len(key) == _KEY_BYTES and lib.crypto_core_ed25519_is_valid_point(key) == 1
