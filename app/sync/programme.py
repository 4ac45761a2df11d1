"""Programme data signed by the centre's policy key: texts in the place of files that ship with the program.

Groups, levels, providers, fees, who may do what, deadlines; forms of surveys, which may be filled at once. A
laptop keeps the newest as it came, refuses an older one, and works by it from the next unlock on; one that
its program cannot read is kept and said.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection

from app.domain.errors import Refusal
from app.seal.certificates import Trust
from app.seal.keys import PROGRAMME, SigningKey
from app.seal.statements import read_statement, state, utc
from app.store import place
from app.sync.forms import lay_forms

PROGRAMME_BYTES_MAX = 4 << 20  # forms of surveys among them; it travels under Zstandard, when it changed
_HELD, _VERSION, _ISSUED = "programme", "programme_version", "programme_issued"


@dataclass(frozen=True)
class Programme:
    """One version: when it was published (UTC, `2026-11-23T08:00:00Z`), and texts by file name."""

    version: int
    issued: str
    files: Mapping[str, str]


class _Said(msgspec.Struct, forbid_unknown_fields=True):
    version: int
    issued: str
    files: dict[str, str]


def signed_programme(key: SigningKey, version: int, now_ms: int, files: Mapping[str, str]) -> bytes:
    """The statement as it is kept and sent. Refusal("programme.too_large") beyond four megabytes."""
    said = state(key, PROGRAMME, {"version": version, "issued": utc(now_ms), "files": dict(files)})
    if len(said) > PROGRAMME_BYTES_MAX:
        raise Refusal("programme.too_large", bytes_max=PROGRAMME_BYTES_MAX)
    return said


def read_programme(signed: bytes, centre: Trust) -> Programme:
    """Checked; Refusal("policy.not_entitled") when another key signed it, ("policy.form") for other bytes."""
    statement = read_statement(PROGRAMME, signed, bytes_max=PROGRAMME_BYTES_MAX)
    if statement.by != centre.policy:
        raise Refusal("policy.not_entitled")
    try:
        said = msgspec.convert(dict(statement.said), _Said)
    except msgspec.ValidationError as error:
        raise Refusal("policy.form") from error
    return Programme(said.version, said.issued, said.files)


def held_programme(connection: Connection, centre: Trust) -> Programme | None:
    """The newest that this laptop has; None before the first."""
    signed = place.read(connection, _HELD)
    return read_programme(signed, centre) if signed else None


def held_issue(connection: Connection) -> str:
    """When the newest that this laptop has was published; empty before the first."""
    return place.read_text(connection, _ISSUED)


def keep_programme(connection: Connection, centre: Trust, signed: bytes) -> None:
    """Take one if it is newer than the one held; an older, however well signed, is passed over."""
    found = read_programme(signed, centre)
    if found.version > int(place.read_text(connection, _VERSION) or 0):
        place.write(connection, _HELD, signed)
        place.write(connection, _VERSION, str(found.version).encode())
        place.write(connection, _ISSUED, found.issued.encode())
        lay_forms(connection, found.files)
