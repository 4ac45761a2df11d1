"""Which of the centre's keys says what: heads and answers by the register key, people by the policy key."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from app.central.keys import Keys
from app.central.programmes import AS_SHIPPED, InForce
from app.domain.errors import Refusal
from app.domain.records import KINDS
from app.domain.roles import OFFICERS, SERVICE
from app.seal.certificates import Certificate, certify
from app.seal.enrolment import EnrolmentCode
from app.seal.keys import CHANGE_SET, HEAD, MESSAGE, PublicKey, public_key, sign, verify
from app.seal.statements import utc
from app.store.roster import ACTIVE, Commune, Device, Officer
from app.sync.enrolment import Claim
from app.sync.policy import signed_policy
from app.sync.register import Office

FIRST_ROLES = ("officer",)
TRAINING_ROLES = ("officer", "approver")  # two newcomers try both sides; nobody approves her own there either
INVITATION_DAYS = 7
_DAY_MS = 24 * 3600 * 1000
_ID = re.compile(r"[0-9A-Za-z-]{1,64}")
_NAME_LENGTH_MAX = 200
# A training commune is told from a real one (five digits) by its code alone, wherever it is met.
_TRAINING_CODE = re.compile(r"T[0-9]{4}")


def register_office(keys: Keys, now_ms: int, in_force: InForce = AS_SHIPPED) -> Office:
    """What the centre brings to one exchange. `in_force`: the programme data that count."""
    return Office(
        now_ms,
        partial(sign, keys.register, HEAD),
        lambda key, body, signature: verify(public_key(key), CHANGE_SET, body, signature),
        partial(signed_policy, keys.policy, now_ms, centre=keys.centre),
        keys.centre.renewals,
        in_force.rights,
        (in_force.version, in_force.signed),
    )


def sign_message(keys: Keys, payload: bytes) -> bytes:
    """The centre's signature under a whole answer."""
    return sign(keys.register, MESSAGE, payload)


def is_training(code: str) -> bool:
    """Whether a commune's code is an invented one's."""
    return bool(_TRAINING_CODE.fullmatch(code))


def admit_commune(code: str, name: str, *, training: bool) -> Commune:
    """A commune for this kind of centre; Refusal("central.other_kind") when it belongs to the other."""
    if is_training(code) != training:
        raise Refusal("central.other_kind")
    return Commune(code, named(name), training, 0)


def admit_device(name: str, key: PublicKey, label: str, now_ms: int) -> Device:
    """A laptop to enrol. Refusal("enrolment.id") or ("enrolment.name") for ids or names out of form."""
    return Device(_identified(name), key.raw, named(label), ACTIVE, now_ms)


def certify_officer(keys: Keys, code: str, claim: Claim, now_ms: int) -> Officer:
    """An officer to enrol, her key countersigned as from her laptop's first set."""
    found, name = _identified(claim.id), named(claim.name)
    key = PublicKey(claim.key).raw
    roles = TRAINING_ROLES if is_training(code) else FIRST_ROLES
    certificate = Certificate("officer", found, key.hex(), utc(now_ms), code, name, roles)
    return Officer(found, name, key, roles, ACTIVE, certify(keys.policy, certificate))


def certified_anew(keys: Keys, code: str, held: Officer, now_ms: int) -> Officer:
    """An officer with roles, hamlets, end and standing as written there, under the key her sets are read by.

    Refusal("central.roles") for no role, or one that no officer has; ("central.hamlets") for a surveyor
    without hamlets: she would be refused whatever she writes.
    """
    if not held.roles or not set(held.roles) <= set(OFFICERS):
        raise Refusal("central.roles", known=", ".join(OFFICERS))
    if "surveyor" in held.roles and not held.scope:
        raise Refusal("central.hamlets")
    roles = tuple(role for role in OFFICERS if role in held.roles)
    scope = tuple(dict.fromkeys(named(hamlet) for hamlet in held.scope))
    return _certified(keys, code, replace(held, roles=roles, scope=scope), "officer", now_ms)


def certify_service(
    keys: Keys, code: str, name: str, key: PublicKey, kinds: Sequence[str], now_ms: int
) -> Officer:
    """What signs in the centre's own name: it may propose, in these kinds of record alone.

    Refusal("central.kinds") for none, or one that no record is of.
    """
    if not kinds or not set(kinds) <= set(KINDS):
        raise Refusal("central.kinds", known=", ".join(KINDS))
    scope = tuple(kind for kind in KINDS if kind in kinds)
    made = Officer(_identified(name), name, key.raw, (SERVICE,), ACTIVE, b"", scope)
    return _certified(keys, code, made, SERVICE, now_ms)


def _certified(keys: Keys, code: str, found: Officer, subject: str, now_ms: int) -> Officer:
    said = (subject, found.officer, found.key.hex(), utc(now_ms), code, found.name, found.roles)
    ends = utc(found.expires) if found.expires else ""
    made = Certificate(*said, expires=ends, scope=found.scope)
    return replace(found, certificate=certify(keys.policy, made))


def secret_hash(secret: bytes) -> bytes:
    """What the book keeps of a one-time secret: 80 random bits need no slow hash."""
    return hashlib.sha256(secret).digest()


def issue_code(keys: Keys, address: str, code: str) -> EnrolmentCode:
    """A fresh enrolment code for a laptop of a commune."""
    return EnrolmentCode.issue(address, code, keys.root_fingerprint)


def expiry(now_ms: int) -> int:
    """Until when an invitation made now may be used."""
    return now_ms + INVITATION_DAYS * _DAY_MS


def _identified(text: str) -> str:
    if not _ID.fullmatch(text):
        raise Refusal("enrolment.id")
    return text


def named(text: str) -> str:
    """A name as people read it; Refusal("enrolment.name") out of form."""
    plain = unicodedata.is_normalized("NFC", text) and text.isprintable() and text == text.strip()
    if not plain or not 0 < len(text) <= _NAME_LENGTH_MAX:
        raise Refusal("enrolment.name")
    return text
