"""What operators do, at the command line and on the page alike: each with its line in the record of deeds."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from app.central.enrolling import invite
from app.central.keys import Keys
from app.central.moving import HandedOn, forward
from app.central.office import admit_commune, certified_anew, is_training
from app.central.office import certify_service as certify_service_key
from app.domain.changes import canonical
from app.domain.errors import Refusal
from app.domain.reasons import Move, move_of
from app.domain.roles import SERVICE
from app.domain.terms import end_of, is_over
from app.resources import load_reference
from app.seal.enrolment import EnrolmentCode
from app.seal.keys import PublicKey
from app.store import bell, moves, operators, roster
from app.store.centre import Centre
from app.store.moves import Departure
from app.store.operators import Deed
from app.store.roster import ACTIVE, REVOKED, Commune, Device, Officer


@dataclass(frozen=True)
class Operating:
    """Who acts on which centre, when (milliseconds since 1970)."""

    centre: Centre
    keys: Keys
    by: str
    now_ms: int

    def deed(self, act: str, about: str, subject: str = "", detail: str = "") -> Deed:
        """The line that is kept of it."""
        return Deed(self.now_ms, self.by, act, about, subject, detail)


REASONS = ("lost", "stolen", "replaced", "officer_left", "other")


def open_commune(at: Operating, code: str) -> Commune:
    """Open a commune's register under its name in Decision 19/2025/QĐ-TTg.

    Refusal("central.no_such_commune"), ("central.other_kind") or ("central.commune_known").
    """
    known = load_reference().places.commune_by_code.get(code)
    if known is None and not is_training(code):
        raise Refusal("central.no_such_commune")
    found = admit_commune(code, known.name if known else code, training=at.centre.is_training)
    with at.centre.write() as connection:
        roster.add_commune(connection, found)
        operators.note(connection, at.deed("commune_opened", code))
    return found


def merge_communes(at: Operating, old: str, new: str, month: str) -> list[HandedOn]:
    """Let `new` go on with the people of `old`, paid there from a month on; what was handed on.

    The register of `old` stays as it is, and takes nothing any more: its laptops hear of it with the next
    answer, and what they still hand in is refused, kept, and told where their people are now. Done again it
    hands on what was not. Refusal("central.merge"), ("central.unknown_commune").
    """
    if old == new or move_of(Move(new, month).reason) is None:
        raise Refusal("central.merge")
    with at.centre.read() as connection:
        roster.require_commune(connection, new)
        is_gone = bool(roster.merged_into(connection, new))
    with at.centre.write() as connection:
        roster.require_commune(connection, old, lock=True)
        into = roster.merged_into(connection, old).partition(" ")[0]
        if is_gone or into not in ("", new):
            raise Refusal("central.merge")
        if not into:
            roster.merge(connection, old, new, month)
            about = hashlib.sha256(canonical(["merged", old, new, month])).hexdigest()
            people = moves.active_people(connection, old)
            moves.depart(connection, old, (Departure(about, one, new, month) for one in people))
            detail = f"into={new} month={month} people={len(people)}"
            operators.note(connection, at.deed("communes_merged", old, new, detail))
    done = forward(at.centre, at.keys, old)
    for code in (old, new):
        bell.ring(at.centre, code)
    return done


def invite_laptop(at: Operating, code: str, address: str = "") -> EnrolmentCode:
    """A code for one laptop, for the centre's own address or another; the refusals of `invite`."""
    issued = invite(at.centre, at.keys, code, address or at.keys.address, at.now_ms)
    with at.centre.write() as connection:
        operators.note(connection, at.deed("laptop_invited", code))
    return issued


def revoke_laptop(at: Operating, code: str, device: str, reason: str) -> None:
    """Take a laptop's leave for good; what it still hands in is refused and kept.

    Refusal("central.reason") for one that is not in `REASONS`, or what `roster.revoke_device` refuses.
    """
    if reason not in REASONS:
        raise Refusal("central.reason", known=", ".join(REASONS))
    with at.centre.write() as connection:
        roster.require_commune(connection, code, lock=True)
        roster.revoke_device(connection, code, device, reason, at.now_ms)
        operators.note(connection, at.deed("laptop_revoked", code, device, reason))
    bell.ring(at.centre, code)


def certify_officer(
    at: Operating,
    code: str,
    officer: str,
    roles: Sequence[str],
    hamlets: Sequence[str] = (),
    until: date | None = None,
) -> Officer:
    """Give an officer other roles, or none any more: an empty `roles` takes her leave.

    `hamlets`: to which a surveyor's right is bounded; `until`: the last day on which all of it counts, None
    for no end. Refusal("central.no_such_officer"), ("central.roles"), ("central.hamlets") or
    ("central.until_past") for a day that is over, unless her certificate ended on it already.
    """
    expires = end_of(until) if until else 0
    with at.centre.write() as connection:
        roster.require_commune(connection, code, lock=True)
        held = roster.officers(connection, code).get(officer)
        if held is None or SERVICE in held.roles:
            raise Refusal("central.no_such_officer")
        if roles and is_over(expires, at.now_ms) and expires != held.expires:
            raise Refusal("central.until_past")
        wanted = replace(held, roles=tuple(roles), scope=tuple(hamlets), standing=ACTIVE, expires=expires)
        wanted = wanted if roles else replace(held, standing=REVOKED)
        found = certified_anew(at.keys, code, wanted, at.now_ms)
        roster.certify_officer(connection, code, found)
        act = "officer_certified" if roles else "officer_revoked"
        said = [*roles, *([f"until={until}"] if until and roles else [])]
        operators.note(connection, at.deed(act, code, officer, " ".join(said)))
    bell.ring(at.centre, code)
    return found


def extend_officer(at: Operating, code: str, officer: str, until: date | None) -> Officer:
    """Let an officer's roles count up to another last day, None for no end; else as they are.

    Before the old end nobody notices; after it what she signed meanwhile stays refused and kept. Refusal
    ("central.no_such_officer") also for one who left, or those of `certify_officer`.
    """
    with at.centre.read() as connection:
        held = roster.officers(connection, code).get(officer)
    if held is None or held.standing != ACTIVE:
        raise Refusal("central.no_such_officer")
    return certify_officer(at, code, officer, held.roles, held.scope, until)


def renew_officer(at: Operating, code: str, officer: str, address: str = "") -> EnrolmentCode:
    """A code under which a laptop brings an officer's new key, when her password is lost.

    Everybody in the commune sees that she has a new one. Refusal("central.no_such_officer") also for one
    who left.
    """
    with at.centre.read() as connection:
        held = roster.officers(connection, code).get(officer)
    if held is None or SERVICE in held.roles or held.standing != ACTIVE:
        raise Refusal("central.no_such_officer")
    issued = invite(at.centre, at.keys, code, address or at.keys.address, at.now_ms, officer)
    with at.centre.write() as connection:
        operators.note(connection, at.deed("officer_renewed", code, officer))
    return issued


def certify_service(at: Operating, code: str, name: str, key: PublicKey, kinds: Sequence[str]) -> Officer:
    """Let what the centre itself originates be proposed in a commune, signed by a key of its own.

    It speaks as a laptop does, under its own name. Refusal("central.kinds"), ("enrolment.id"), or
    ("central.device_taken") when the name stands with another key.
    """
    found = certify_service_key(at.keys, code, name, key, kinds, at.now_ms)
    with at.centre.write() as connection:
        roster.require_commune(connection, code, lock=True)
        held, laptop = roster.officers(connection, code).get(name), roster.find_device(connection, code, name)
        if any(one is not None and one.key != found.key for one in (held, laptop)):
            raise Refusal("central.device_taken")
        if laptop is None:
            roster.add_device(connection, code, Device(name, found.key, name, ACTIVE), at.now_ms)
        if held is None:
            roster.add_officer(connection, code, found)
        else:
            roster.certify_officer(connection, code, found)
        operators.note(connection, at.deed("service_certified", code, name, " ".join(found.scope)))
    bell.ring(at.centre, code)
    return found
