"""Small signed statements: certificates, policies. Strict canonical JSON, one byte form each.

Readers of JSON disagree on duplicate keys, floats and blanks, and a signature over a
text that two readers understand differently proves nothing. So what is read must write
back to the very same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeAlias

from app.domain.changes import canonical
from app.domain.errors import Refusal
from app.seal.keys import SIGNATURE_BYTES, PublicKey, SigningKey, public_key, sign, verify

Json: TypeAlias = str | int | bool | list["Json"] | dict[str, "Json"] | None
STATEMENT_BYTES_MAX = 64 * 1024


@dataclass(frozen=True)
class Statement:
    """What was said and whose key says so."""

    said: Mapping[str, Json]
    by: PublicKey


def state(key: SigningKey, purpose: bytes, said: Mapping[str, Json]) -> bytes:
    """The statement as it travels: signer's key (32), signature (64), canonical JSON."""
    body = canonical(said)
    return key.public.raw + sign(key, purpose, body) + body


def read_statement(purpose: bytes, statement: bytes, *, bytes_max: int = STATEMENT_BYTES_MAX) -> Statement:
    """The statement, its signature checked; whether its signer is to be believed is the caller's question.

    Refusal("statement.form"), Refusal("signature.invalid") or Refusal("key.weak").
    """
    by, body = statement[:32], statement[32 + SIGNATURE_BYTES :]
    if not body or len(statement) > bytes_max:
        raise Refusal("statement.form")
    public = public_key(by)
    if not verify(public, purpose, body, statement[32 : 32 + SIGNATURE_BYTES]):
        raise Refusal("signature.invalid")
    return Statement(read_object(body), public)


def read_object(body: bytes) -> dict[str, Json]:
    """One JSON object out of its canonical bytes; any other bytes are Refusal("statement.form")."""
    try:
        said = json.loads(body, parse_float=str)  # so that no number with a fraction writes back to itself
        sound = isinstance(said, dict) and canonical(said) == body
    except (ValueError, RecursionError) as error:
        raise Refusal("statement.form") from error
    if not sound:
        raise Refusal("statement.form")
    return dict(said)


def utc(now_ms: int) -> str:
    """A moment as statements and certificates write it."""
    return datetime.fromtimestamp(now_ms // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def ms_of(moment: str) -> int:
    """The same, read back."""
    return int(datetime.fromisoformat(moment).replace(tzinfo=UTC).timestamp() * 1000)
