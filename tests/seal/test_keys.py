"""Signatures say what they are for, weak keys cannot be held, secrets are not shown."""

from __future__ import annotations

import pytest
from nacl.bindings import crypto_core_ed25519_add, crypto_sign_ed25519_sk_to_pk
from nacl.signing import SigningKey as Ed25519

from app.domain.errors import Refusal
from app.seal.keys import CHANGE_SET, MESSAGE, PublicKey, SigningKey, sign, verify

# The eight points of low order and their other encodings (Cas Cremers, Dennis Jackson 2019).
LOW_ORDER = [
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "0100000000000000000000000000000000000000000000000000000000000080",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
]


@pytest.mark.parametrize("raw", LOW_ORDER)
def test_low_order_keys_cannot_be_held(raw: str) -> None:
    with pytest.raises(Refusal, match=r"key\.weak"):
        PublicKey(bytes.fromhex(raw))


def test_a_key_of_mixed_order_cannot_be_held() -> None:
    mixed = crypto_core_ed25519_add(SigningKey.generate().public.raw, bytes.fromhex(LOW_ORDER[4]))
    with pytest.raises(Refusal, match=r"key\.weak"):
        PublicKey(mixed)


@pytest.mark.parametrize("raw", [b"", bytes(31), bytes(33)])
def test_a_key_of_another_length_cannot_be_held(raw: bytes) -> None:
    with pytest.raises(Refusal, match=r"key\.weak"):
        PublicKey(raw)


def test_a_signature_holds_for_its_message_purpose_and_key_alone() -> None:
    key, message = SigningKey.generate(), "Trả tiền cho bà Lò Thị Mẩy".encode()
    signature = sign(key, CHANGE_SET, message)
    assert verify(key.public, CHANGE_SET, message, signature)
    assert not verify(key.public, MESSAGE, message, signature)
    assert not verify(key.public, CHANGE_SET, message + b" ", signature)
    assert not verify(SigningKey.generate().public, CHANGE_SET, message, signature)


def test_every_changed_byte_of_a_signature_is_found() -> None:
    key = SigningKey.generate()
    signature = sign(key, MESSAGE, b"m")
    for at in range(64):
        altered = signature[:at] + bytes([signature[at] ^ 1]) + signature[at + 1 :]
        assert not verify(key.public, MESSAGE, b"m", altered)
    for length in (0, 63, 65):
        assert not verify(key.public, MESSAGE, b"m", signature.ljust(65, b"\0")[:length])


def test_what_is_signed_begins_as_it_did_in_every_year() -> None:
    key = SigningKey(bytes(range(32)))
    assert sign(key, MESSAGE, b"m") == Ed25519(key.seed).sign(b"soansinh/1 message\x00m").signature


def test_a_purpose_cannot_run_into_the_message() -> None:
    key = SigningKey.generate()
    with pytest.raises(ValueError, match="purpose"):
        sign(key, b"set\x00", b"m")
    assert sign(key, b"set", b"up") != sign(key, b"setu", b"p")


def test_a_signing_key_shows_its_public_half_alone() -> None:
    key = SigningKey(bytes(range(32)))
    assert repr(key) == f"SigningKey({key.public.fingerprint})"
    assert key.public.raw == crypto_sign_ed25519_sk_to_pk(bytes(range(32)) + key.public.raw)
