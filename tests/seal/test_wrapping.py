"""A wrapped key opens with password, salt and device secret together, and with nothing altered."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

import pytest

from app.domain.errors import Refusal
from app.seal.wrapping import LIMIT, PRODUCT, Hardness, Lock, password_key, unwrap, wrap

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
