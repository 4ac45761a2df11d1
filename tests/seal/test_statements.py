"""A statement is read in its one byte form, under the signature of whoever says it."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from app.domain.changes import canonical
from app.domain.errors import Refusal
from app.seal.keys import MESSAGE, POLICY, SigningKey, sign
from app.seal.statements import STATEMENT_BYTES_MAX, Json, ms_of, read_object, read_statement, state, utc

KEY = SigningKey(bytes(range(32)))
SAID: dict[str, Json] = {"b": [1, True, None, {"x": "ế"}], "a": "chữ"}


def code_of(statement: bytes, **bounds: int) -> str:
    with pytest.raises(Refusal) as refused:
        read_statement(POLICY, statement, **bounds)
    return refused.value.code


def raw(body: bytes) -> bytes:
    return KEY.public.raw + sign(KEY, POLICY, body) + body


def test_it_is_signer_signature_and_canonical_json() -> None:
    statement = state(KEY, POLICY, SAID)
    body = '{"a":"chữ","b":[1,true,null,{"x":"ế"}]}'.encode()
    assert statement == raw(body)
    found = read_statement(POLICY, statement)
    assert (dict(found.said), found.by) == (SAID, KEY.public)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b'"a"',
        b"null",
        b'{"a":1,"a":1}',
        b'{"a":1, "b":2}',
        b'{"b":1,"a":2}',
        b'{"a":1.0}',
        b'{"a":NaN}',
        b'{"a":-Infinity}',
        b'{"a":1e2}',
        b'{"a":"\\u0061"}',
        b'{"a":"\xff"}',
        b'{"a":1}\n',
        b"{",
        b'{"a":' + b"[" * 20_000 + b"]" * 20_000 + b"}",
    ],
)
def test_any_other_form_is_none(body: bytes) -> None:
    assert code_of(raw(body)) == "statement.form"
    with pytest.raises(Refusal) as refused:
        read_object(body)
    assert refused.value.code == "statement.form"


def test_whoever_did_not_sign_it_did_not_say_it() -> None:
    statement = state(KEY, POLICY, SAID)
    assert code_of(state(KEY, MESSAGE, SAID)) == "signature.invalid"
    assert code_of(SigningKey.generate().public.raw + statement[32:]) == "signature.invalid"
    assert code_of(bytes(32) + statement[32:]) == "key.weak"
    for at in range(32, len(statement)):
        assert (
            code_of(statement[:at] + bytes([statement[at] ^ 1]) + statement[at + 1 :]) == "signature.invalid"
        )


def test_it_has_a_body_and_is_not_too_long() -> None:
    assert code_of(state(KEY, POLICY, SAID)[:96]) == "statement.form"
    assert code_of(b"") == "statement.form"
    front = len(state(KEY, POLICY, {"a": ""}))
    longest = state(KEY, POLICY, {"a": "x" * (STATEMENT_BYTES_MAX - front)})
    assert len(longest) == STATEMENT_BYTES_MAX == 64 * 1024
    assert read_statement(POLICY, longest).by == KEY.public
    assert code_of(state(KEY, POLICY, {"a": "x" * (STATEMENT_BYTES_MAX - front + 1)})) == "statement.form"
    assert code_of(longest, bytes_max=len(longest) - 1) == "statement.form"


def test_moments_are_written_by_seconds_in_utc() -> None:
    assert utc(0) == "1970-01-01T00:00:00Z"
    assert utc(1_796_000_000_999) == "2026-11-30T00:53:20Z"
    assert utc(1_796_000_001_000) == "2026-11-30T00:53:21Z"


@pytest.fixture(params=["UTC", "Asia/Ho_Chi_Minh", "America/Lima"])
def _somewhere(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A laptop that is set to this zone."""
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="only there can a zone be set for one process")
@pytest.mark.usefixtures("_somewhere")
def test_a_moment_is_one_moment_wherever_a_laptop_stands() -> None:
    assert utc(1_796_000_000_999) == "2026-11-30T00:53:20Z"
    assert ms_of("2026-11-30T00:53:20Z") == 1_796_000_000_000
    assert ms_of("2026-11-30T00:53:20") == 1_796_000_000_000
    assert ms_of(utc(0)) == 0


def test_canonical_bytes_are_what_is_read_back() -> None:
    assert read_object(canonical(SAID)) == SAID
