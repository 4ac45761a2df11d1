"""What operators do, at the command line and on the page alike: each with its line in the record of deeds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.central.enrolling import invite
from app.central.keys import Keys
from app.central.office import admit_commune, certified_anew, is_training
from app.domain.errors import Refusal
from app.resources import load_reference
from app.seal.enrolment import EnrolmentCode
from app.store import bell, operators, roster
from app.store.centre import Centre
from app.store.operators import Deed
from app.store.roster import ACTIVE, REVOKED, Commune, Officer


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


def certify_officer(at: Operating, code: str, officer: str, roles: Sequence[str]) -> Officer:
    """Give an officer other roles, or none any more: an empty `roles` takes her leave.

    Refusal("central.no_such_officer") or ("central.roles").
    """
    with at.centre.write() as connection:
        roster.require_commune(connection, code, lock=True)
        held = roster.officers(connection, code).get(officer)
        if held is None:
            raise Refusal("central.no_such_officer")
        standing = ACTIVE if roles else REVOKED
        found = certified_anew(at.keys, code, held, roles or held.roles, standing, at.now_ms)
        roster.certify_officer(connection, code, found)
        act = "officer_certified" if roles else "officer_revoked"
        operators.note(connection, at.deed(act, code, officer, " ".join(roles)))
    bell.ring(at.centre, code)
    return found
