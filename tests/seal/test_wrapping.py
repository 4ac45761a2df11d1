"""A wrapped key opens with password, salt and device secret together, and with nothing altered."""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from dataclasses import replace

import pytest
from argon2.low_level import Type, hash_secret_raw

from app.domain.errors import Refusal, Trouble
from app.seal.wrapping import (
    FLOOR,
    KEY_BYTES,
    LIMIT,
    PRODUCT,
    SALT_BYTES,
    Hardness,
    Lock,
    derived_key,
    password_key,
    unwrap,
    wrap,
)

CHEAP = Hardness(memory_kib=64, passes=1)
LOCK = Lock(CHEAP, bytes(16))


def test_the_product_asks_for_64_mib_and_three_passes() -> None:
    assert PRODUCT.memory_kib >= 64 * 1024
    assert PRODUCT.passes >= 3
    assert LIMIT.at_least(PRODUCT)


def test_the_same_password_composed_otherwise_gives_the_same_key() -> None:
    password = "Bản Phố mùa ngô"
    decomposed = unicodedata.normalize("NFD", password)
    assert decomposed != password
    assert password_key(password, LOCK, bytes(32)) == password_key(decomposed, LOCK, bytes(32))


def test_password_salt_cost_and_device_secret_each_change_the_key() -> None:
    keys = {
        password_key("mật khẩu dài", LOCK, bytes(32)),
        password_key("mật khẩu dai", LOCK, bytes(32)),
        password_key("mật khẩu dài", replace(LOCK, salt=bytes(15) + b"\x01"), bytes(32)),
        password_key("mật khẩu dài", replace(LOCK, hardness=Hardness(128, 1)), bytes(32)),
        password_key("mật khẩu dài", replace(LOCK, hardness=Hardness(64, 2)), bytes(32)),
        password_key("mật khẩu dài", LOCK, bytes(31) + b"\x01"),
    }
    assert len(keys) == 6


def test_what_is_wrapped_opens_bound_to_the_same_words_alone() -> None:
    key = bytes(range(32))
    wrapped = wrap(key, b"secret", b"bound")
    assert unwrap(key, wrapped, b"bound") == b"secret"
    assert wrap(key, b"secret", b"bound") != wrapped
    for attempt in ((bytes(32), wrapped, b"bound"), (key, wrapped, b"bount"), (key, b"", b"bound")):
        with pytest.raises(Refusal, match=r"wrapped\.not_opened"):
            unwrap(*attempt)
    for at in range(len(wrapped)):
        with pytest.raises(Refusal, match=r"wrapped\.not_opened"):
            unwrap(key, wrapped[:at] + bytes([wrapped[at] ^ 128]) + wrapped[at + 1 :], b"bound")


def test_hardness_is_raised_and_never_lowered() -> None:
    assert Hardness(64, 5).raised_to(Hardness(128, 3)) == Hardness(128, 5)
    assert Hardness(256, 5).raised_to(Hardness(128, 3)) == Hardness(256, 5)
    assert not Hardness(63, 3).at_least(Hardness(64, 3))
    assert not Hardness(64, 2).at_least(Hardness(64, 3))


def test_the_costs_are_those_of_the_slots_that_lie_on_laptops() -> None:
    """A laptop of today opens a slot of the first year: floor, limit and lengths do not move unseen."""
    assert Hardness(65_536, 3) == FLOOR
    assert Hardness(1_048_576, 16) == LIMIT
    assert (KEY_BYTES, SALT_BYTES) == (32, 16)
    assert Hardness(64, 3).at_least(Hardness(64, 3))
    assert Hardness(64, 3, 2).raised_to(Hardness(128, 4, 1)) == Hardness(128, 4, 2)


def test_a_lock_has_a_salt_of_its_own() -> None:
    one, other = Lock.fresh(CHEAP), Lock.fresh(CHEAP)
    assert (one.hardness, len(one.salt)) == (CHEAP, 16)
    assert one.salt != other.salt


def test_keys_are_derived_as_they_always_were() -> None:
    """RFC 9106 and RFC 5869 over our own words: another answer would open no slot that exists."""
    stretched = hash_secret_raw(b"mat khau", bytes(16), 1, 64, 1, 32, Type.ID)
    secret = bytes(range(32))
    block = hmac.new(bytes(32), stretched + secret, hashlib.sha256).digest()
    expected = hmac.new(block, b"soansinh/1 slot\x01", hashlib.sha256).digest()
    assert password_key("mat khau", LOCK, secret) == expected
    assert derived_key(stretched + secret, b"slot") == expected
    assert derived_key(stretched + secret, b"recovery") != expected


def test_a_password_of_half_a_letter_is_a_password() -> None:
    assert password_key("\ud800", LOCK, bytes(32)) != password_key("\ud801", LOCK, bytes(32))


def test_too_little_memory_is_said() -> None:
    with pytest.raises(Trouble) as troubled:
        password_key("x", Lock(Hardness(64, 0), bytes(16)), bytes(32))
    assert troubled.value.code == "memory.short"


@pytest.mark.parametrize("wrapped", [b"", bytes(10), bytes(24), bytes(39), bytes(40)])
def test_what_is_too_short_opens_nothing(wrapped: bytes) -> None:
    with pytest.raises(Refusal) as refused:
        unwrap(bytes(32), wrapped, b"bound")
    assert refused.value.code == "wrapped.not_opened"
