"""Which roles an officer is to have: asked for by whoever keeps a laptop's officers, given by the centre.

The asking is a record like any other: signed, carried by sync or stick, seen by everybody. The answer is
the certificate: whichever the centre makes after it was asked answers it, as asked or otherwise.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.domain.changes import canonical
from app.domain.errors import Refusal
from app.domain.hybrid_clock import milliseconds
from app.domain.roles import OFFICERS
from app.domain.standing import Cell, Cells
from app.domain.terms import read_last_day

APPOINTMENT = "appointment"
SURVEYOR = "surveyor"
_A_SECOND = 1_000  # as exactly as a certificate says when it was made


@dataclass(frozen=True)
class Appointment:
    """One asking. `roles` empty: her leave is to be taken; `asked`: milliseconds since 1970.

    `until`: the last day on which they are to count, `2026-12-31`; empty for no end.
    """

    record: str
    officer: str
    roles: tuple[str, ...]
    hamlets: tuple[str, ...]
    why: str
    by: str
    asked: int
    until: str = ""


@dataclass(frozen=True)
class Held:
    """What an officer's certificate says; no roles once her leave was taken. `certified`: ms since 1970.

    `until`: as an asking says it.
    """

    officer: str
    roles: tuple[str, ...]
    hamlets: tuple[str, ...]
    certified: int
    until: str = ""


def wanted(roles: Sequence[str], hamlets: Sequence[str], until: str = "") -> str:
    """As the record says it. Refusal("officer.role") for a role that none has, ("officer.hamlets") for a
    surveyor without hamlets: she would see nobody; ("officer.until") for a last day that is none.
    """
    if not set(roles) <= set(OFFICERS):
        raise Refusal("officer.role", field="roles")
    if SURVEYOR in roles and not hamlets:
        raise Refusal("officer.hamlets", field="hamlets")
    kept = [role for role in OFFICERS if role in roles]
    scope = list(dict.fromkeys(hamlets)) if SURVEYOR in roles else []
    said = {"roles": kept, "hamlets": scope}
    last = read_last_day(until) if kept else None  # who leaves, leaves at once
    return canonical({**said, "until": last.isoformat()} if last else said).decode()


def read(record: str, cells: Cells) -> Appointment | None:
    """What a record says; None for one that says nothing that can be given."""
    try:
        said = json.loads(_text(cells, "wants"))
        roles, hamlets = tuple(map(str, said["roles"])), tuple(map(str, said["hamlets"]))
        last = read_last_day(said.get("until", ""))
    except (ValueError, KeyError, TypeError, RecursionError, Refusal):
        return None
    officer = cells.get("officer")
    if officer is None or not set(roles) <= set(OFFICERS):
        return None
    who, why, by = str(officer.value), _text(cells, "why"), _text(cells, "asker")
    until = last.isoformat() if last else ""
    return Appointment(record, who, roles, hamlets, why, by, milliseconds(officer.clock), until)


def waiting(found: Iterable[Appointment], held: Held) -> Appointment | None:
    """The newest asking for her, unless her certificate came after it or says the same; None if none."""
    hers = [each for each in found if each.officer == held.officer]
    newest = max(hers, key=lambda each: (each.asked, each.record), default=None)
    if newest is None or newest.asked < held.certified + _A_SECOND:
        return None
    is_new = (newest.roles, newest.hamlets, newest.until) != (held.roles, held.hamlets, held.until)
    return newest if is_new else None


def _text(cells: Cells, name: str) -> str:
    cell = cells.get(name, Cell(None, (), 0))
    return str(cell.value or "")
