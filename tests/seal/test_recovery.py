"""The safe's code and the custodians' halves: what opens, what opens nothing."""

from __future__ import annotations

import hashlib
import hmac

import pytest

from app.domain.errors import Refusal
from app.seal.codes import spell
from app.seal.recovery import (
    halves,
    joined,
    new_recovery_code,
    read_key,
    recovery_identity,
    spelled_key,
)
from app.seal.sealing import Identity


def test_two_halves_are_the_identity_and_one_says_nothing_of_it() -> None:
    identity = Identity.generate()
    first, second = halves(identity)
    assert joined(first, second).secret == joined(second, first).secret == identity.secret
    assert identity.secret not in (first, second)
    assert len({half for _ in range(20) for half in halves(identity)}) == 40  # no half comes twice
    assert joined(first, halves(identity)[1]).recipient != identity.recipient  # of two pairs


def test_halves_of_another_length_are_no_halves() -> None:
    first, second = halves(Identity.generate())
    with pytest.raises(ValueError, match="argument"):
        joined(first, second[:-1])


def test_a_code_is_one_identity_however_it_is_typed() -> None:
    code = new_recovery_code()
    assert recovery_identity(code).secret == recovery_identity(code.lower().replace("-", " ")).secret
    assert recovery_identity(code).secret != recovery_identity(new_recovery_code()).secret


def test_a_code_printed_years_ago_is_the_same_identity() -> None:
    """RFC 5869 over its sixteen bytes: another answer would open no database key that lies sealed."""
    secret = bytes(range(16))
    block = hmac.new(bytes(32), secret, hashlib.sha256).digest()
    expected = hmac.new(block, b"soansinh/1 recovery\x01", hashlib.sha256).digest()
    assert recovery_identity(spell(secret)).secret == expected


def test_a_key_that_is_read_out_is_no_printed_code() -> None:
    key = bytes(range(32))
    assert read_key(spelled_key(key)) == key
    assert read_key(new_recovery_code()) is None
    with pytest.raises(Refusal, match=r"code\.form"):
        recovery_identity(spell(key))
