"""A laptop comes with a one-time code and leaves known: the book's side of enrolment.

The answer may be lost on a bad line, so the same laptop asking the same again gets the same
answer; a spent code brings nobody new.
"""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection

from app.central.keys import Keys
from app.central.office import admit_device, certified_anew, certify_officer, expiry, issue_code, secret_hash
from app.domain.errors import Refusal
from app.seal.enrolment import EnrolmentCode
from app.seal.keys import PublicKey
from app.store import roster
from app.store.centre import Centre
from app.store.roster import ACTIVE, Officer
from app.sync.enrolment import Application, Claim, Welcome
from app.sync.messages import PROTOCOL
from app.sync.policy import signed_policy


def invite(
    centre: Centre, keys: Keys, code: str, address: str, now_ms: int, officer: str = ""
) -> EnrolmentCode:
    """A code for one laptop of a commune, or for the new key of one officer whose password was lost.

    Refusal("central.unknown_commune") when the commune has no journal here.
    """
    issued = issue_code(keys, address, code)
    with centre.write() as connection:
        roster.require_commune(connection, code)
        roster.invite(connection, code, secret_hash(issued.secret), expiry(now_ms), officer)
    return issued


def enrol(centre: Centre, keys: Keys, key: PublicKey, asked: Application, now_ms: int) -> Welcome:
    """Take laptop and officers in, their proofs already checked; all of them, or nothing.

    Refusal("central.invitation_unknown"), ("central.invitation_expired"), ("central.invitation_used"),
    ("central.device_taken") and ("central.officer_taken") for an id that stands with another key, unless
    the code was given for that officer's new one; ("central.device_revoked") for one whose leave was taken;
    ("central.one_officer") for more than one whom nobody knows: a code brings one person, or whoever has it
    would come as two, and be her own second pair of eyes.
    """
    with centre.write() as connection:
        found = roster.require_commune(connection, asked.commune, lock=True)
        if not _is_repeated(connection, key, asked, now_ms):
            _admit(connection, keys, key, asked, now_ms)
        policy = signed_policy(keys.policy, now_ms, connection, found.code, keys.centre)
    return Welcome(PROTOCOL, found.code, found.name, policy)


def _is_repeated(connection: Connection, key: PublicKey, asked: Application, now_ms: int) -> bool:
    """Whether this laptop asked the same before; refuses whoever brings no valid code."""
    invitation = roster.find_invitation(connection, asked.commune, secret_hash(asked.secret))
    if invitation is None:
        raise Refusal("central.invitation_unknown")
    if invitation.used_by is None:
        if invitation.expires < now_ms:
            raise Refusal("central.invitation_expired")
        return False
    device = roster.find_device(connection, asked.commune, asked.device)
    officers = roster.officers(connection, asked.commune)
    same = invitation.used_by == asked.device and device is not None and device.key == key.raw
    if not same or any(_holder(officers, claim) != claim.key for claim in asked.officers):
        raise Refusal("central.invitation_used")
    return True


def _holder(officers: dict[str, Officer], claim: Claim) -> bytes | None:
    held = officers.get(claim.id)
    return held.key if held else None


def _admit(connection: Connection, keys: Keys, key: PublicKey, asked: Application, now_ms: int) -> None:
    code = asked.commune
    device = roster.find_device(connection, code, asked.device)
    if device is None:
        roster.add_device(connection, code, admit_device(asked.device, key, asked.label, now_ms), now_ms)
    elif device.key != key.raw:
        raise Refusal("central.device_taken")
    elif device.standing != ACTIVE:
        raise Refusal("central.device_revoked")
    officers = roster.officers(connection, code)
    invitation = roster.find_invitation(connection, code, secret_hash(asked.secret))
    if sum(claim.id not in officers for claim in asked.officers) > 1:
        raise Refusal("central.one_officer")
    for claim in asked.officers:
        held = officers.get(claim.id)
        if held is None:
            roster.add_officer(connection, code, certify_officer(keys, code, claim, now_ms))
        elif held.key != claim.key:
            if invitation is None or invitation.officer != claim.id:
                raise Refusal("central.officer_taken")
            renewed = replace(held, key=PublicKey(claim.key).raw)
            roster.replace_key(connection, code, certified_anew(keys, code, renewed, now_ms), now_ms)
    roster.spend_invitation(connection, code, secret_hash(asked.secret), asked.device)
