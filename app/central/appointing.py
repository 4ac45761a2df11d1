"""Roles that a commune asks for its officers: shown to operators, given as asked or left as they are.

The asking came signed, by sync or stick; the answer is a certificate, and goes back the same way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.central.deeds import Operating, certify_officer
from app.domain.appointments import Appointment, Held, waiting
from app.domain.errors import Refusal
from app.domain.roles import SERVICE
from app.domain.terms import last_day, read_last_day
from app.seal.keys import CERTIFICATE
from app.seal.statements import ms_of, read_statement
from app.store import overview, roster
from app.store.roster import ACTIVE, Officer


@dataclass(frozen=True)
class Asked:
    """An officer as she is certified, what is asked for her, and by whom."""

    officer: Officer
    wish: Appointment
    by: str


def asked(at: Operating, code: str) -> list[Asked]:
    """What waits for an answer in a commune, the oldest first. Refusal("central.unknown_commune")."""
    with at.centre.read() as connection:
        roster.require_commune(connection, code)
        wishes, known = overview.appointments(connection, code), roster.officers(connection, code)
    officers = (officer for officer in known.values() if SERVICE not in officer.roles)
    found = [(officer, waiting(wishes, _held(officer))) for officer in officers]
    open_ones = [Asked(officer, wish, _name(known, wish.by)) for officer, wish in found if wish]
    return sorted(open_ones, key=lambda each: each.wish.asked)


def give(at: Operating, code: str, wish: str) -> Officer:
    """As it was asked. Refusal("central.no_such_wish") when it waits no more; those of `certify_officer`."""
    found = _open(at, code, wish).wish
    return certify_officer(at, code, found.officer, found.roles, found.hamlets, read_last_day(found.until))


def leave_as_is(at: Operating, code: str, wish: str) -> Officer:
    """The same certificate made anew: the commune hears that it was answered. The refusals of `give`."""
    officer = _open(at, code, wish).officer
    roles: Sequence[str] = officer.roles if officer.standing == ACTIVE else ()
    until = last_day(officer.expires) if officer.expires else None
    return certify_officer(at, code, officer.officer, roles, officer.scope, until)


def _open(at: Operating, code: str, wish: str) -> Asked:
    for each in asked(at, code):
        if each.wish.record == wish:
            return each
    raise Refusal("central.no_such_wish")


def _held(officer: Officer) -> Held:
    issued = ms_of(str(read_statement(CERTIFICATE, officer.certificate).said["issued"]))
    roles = officer.roles if officer.standing == ACTIVE else ()
    until = last_day(officer.expires).isoformat() if officer.expires else ""
    return Held(officer.officer, roles, officer.scope, issued, until)


def _name(known: dict[str, Officer], officer: str) -> str:
    return known[officer].name if officer in known else officer
