"""Whom the centre knows: its communes, and of each its laptops, officers and one-time invitations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, Connection, Row, bindparam, insert, literal, select, update

from app.domain.errors import Refusal
from app.domain.terms import is_over
from app.store.central_tables import commune, device, former_key, invitation, officer

ACTIVE, REVOKED = "active", "revoked"

# Built once: every exchange says these.
_OF_COMMUNE: BindParameter[str] = bindparam("code")
_NAMED: BindParameter[str] = bindparam("name")
_POLICY = select(commune.c.policy).where(commune.c.commune == _OF_COMMUNE)
_MERGED = select(commune.c.merged).where(commune.c.commune == _OF_COMMUNE)
_DEVICES = select(device).where(device.c.commune == _OF_COMMUNE)
_DEVICE = _DEVICES.where(device.c.device == _NAMED)
_OFFICERS = select(officer).where(officer.c.commune == _OF_COMMUNE)
_FORMER = select(former_key.c.certificate).where(former_key.c.commune == _OF_COMMUNE)
_FORMER_KEYS = select(former_key.c.officer, former_key.c.key).where(former_key.c.commune == _OF_COMMUNE)
_CONTACT = (
    update(device)
    .where(device.c.commune == _OF_COMMUNE, device.c.device == _NAMED)
    .values({name: bindparam(name) for name in ("last_contact", "last_request", "cursor")})
)


@dataclass(frozen=True)
class Commune:
    """A commune: code, name, whether invented, how long its journal is."""

    code: str
    name: str
    training: bool
    seq: int


@dataclass(frozen=True)
class Device:
    """A laptop: Ed25519 public key (32 bytes), standing; moments in milliseconds since 1970, 0 for never.

    `cursor`: how far it had read when it last spoke. `reason`: why it was revoked.
    """

    device: str
    key: bytes
    label: str
    standing: str
    enrolled: int = 0
    last_contact: int = 0
    cursor: int = 0
    revoked: int = 0
    reason: str = ""


@dataclass(frozen=True)
class Officer:
    """An officer: Ed25519 public key (32 bytes), roles, standing, the centre's certificate of the key.

    What the centre itself originates is signed by one too, a `service`. `scope`: see `Certificate`.
    `expires`: when the certificate ends, milliseconds since 1970; 0 for never.
    """

    officer: str
    name: str
    key: bytes
    roles: tuple[str, ...]
    standing: str
    certificate: bytes
    scope: tuple[str, ...] = ()
    expires: int = 0

    def stands(self, now_ms: int) -> bool:
        """Whether what she signs counts at a moment."""
        return self.standing == ACTIVE and not is_over(self.expires, now_ms)


@dataclass(frozen=True)
class Invitation:
    """Leave for one laptop to enrol, until `expires` (milliseconds since 1970); `used_by` its device id.

    `officer`: whose new key may come with it in the place of the one that is certified; empty for nobody's.
    """

    expires: int
    used_by: str | None
    officer: str = ""


def add_commune(connection: Connection, found: Commune) -> None:
    """Open a commune's journal. Refusal("central.commune_known") when it has one."""
    if find_commune(connection, found.code):
        raise Refusal("central.commune_known")
    row = {"commune": found.code, "name": found.name, "training": found.training}
    connection.execute(insert(commune).values(**row, head=bytes(32), digests={}))


def find_commune(connection: Connection, code: str, *, lock: bool = False) -> Commune | None:
    """One commune; with `lock`, nobody else changes anything of it until the transaction ends."""
    query = select(commune).where(commune.c.commune == code)
    row = connection.execute(query.with_for_update() if lock else query).first()
    return Commune(row.commune, row.name, row.training, row.seq) if row else None


def require_commune(connection: Connection, code: str, *, lock: bool = False) -> Commune:
    """One commune, as `find_commune`; Refusal("central.unknown_commune") when it has no journal here."""
    found = find_commune(connection, code, lock=lock)
    if found is None:
        raise Refusal("central.unknown_commune")
    return found


def communes(connection: Connection) -> list[Commune]:
    """Every commune here, by code: for the command line, the only reader of more than one."""
    rows = connection.execute(select(commune).order_by(commune.c.commune))
    return [Commune(row.commune, row.name, row.training, row.seq) for row in rows]


def is_reachable(connection: Connection) -> bool:
    """True, or Trouble("central.database") from the connection: the shortest question there is."""
    return bool(connection.scalar(select(literal(True))))


def merged_into(connection: Connection, code: str) -> str:
    """The commune that goes on with this one's people, and from which month; empty for one that goes on."""
    return connection.scalar(_MERGED, {"code": code}) or ""


def merge(connection: Connection, code: str, into: str, month: str) -> None:
    """Let another commune go on with the people of this one from a month on; its laptops hear of it."""
    connection.execute(update(commune).where(commune.c.commune == code).values(merged=f"{into} {month}"))
    _move_policy(connection, code)


def policy_version(connection: Connection, code: str) -> int:
    """How often a commune's officers or laptops changed."""
    return int(connection.scalar(_POLICY, {"code": code}) or 0)


def devices(connection: Connection, code: str) -> dict[str, Device]:
    """Every laptop of a commune by its id, revoked ones too."""
    rows = connection.execute(_DEVICES, {"code": code})
    return {row.device: _device(row) for row in rows}


def find_device(connection: Connection, code: str, name: str) -> Device | None:
    """One laptop of a commune."""
    row = connection.execute(_DEVICE, {"code": code, "name": name}).first()
    return _device(row) if row else None


def _device(row: Row[Any]) -> Device:
    contact, revoked = row.last_contact or 0, row.revoked or 0
    known = (row.device, row.key, row.label, row.standing, row.enrolled)
    return Device(*known, contact, row.cursor, revoked, row.reason)


def officers(connection: Connection, code: str) -> dict[str, Officer]:
    """Every officer of a commune by id, also those who left."""
    return {row.officer: _officer(row) for row in connection.execute(_OFFICERS, {"code": code})}


def _officer(row: Row[Any]) -> Officer:
    known = (row.officer, row.name, row.key, tuple(row.roles), row.standing, row.certificate)
    return Officer(*known, tuple(row.scope), row.expires)


def add_device(connection: Connection, code: str, found: Device, now_ms: int) -> None:
    """Enrol a laptop; the policy moves on so that every laptop hears of it."""
    row = {"device": found.device, "key": found.key, "label": found.label, "standing": found.standing}
    connection.execute(insert(device).values(commune=code, enrolled=now_ms, **row))
    _move_policy(connection, code)


def add_officer(connection: Connection, code: str, found: Officer) -> None:
    """Certify an officer; the policy moves on so that every laptop hears of her."""
    row: dict[str, object] = {"officer": found.officer, "name": found.name, "key": found.key}
    row |= {"roles": list(found.roles)}
    row |= {"scope": list(found.scope), "standing": found.standing, "certificate": found.certificate}
    row |= {"expires": found.expires}
    connection.execute(insert(officer).values(commune=code, **row))
    _move_policy(connection, code)


def revoke_device(connection: Connection, code: str, name: str, reason: str, now_ms: int) -> None:
    """Take a laptop's leave, for good; the policy moves on, so that it hears of it itself.

    Refusal("central.no_such_device"), or ("central.device_revoked") when that was done before.
    """
    held = find_device(connection, code, name)
    if held is None:
        raise Refusal("central.no_such_device")
    if held.standing != ACTIVE:
        raise Refusal("central.device_revoked")
    mine = update(device).where(device.c.commune == code, device.c.device == name)
    connection.execute(mine.values(standing=REVOKED, revoked=now_ms, reason=reason))
    _move_policy(connection, code)


def certify_officer(connection: Connection, code: str, found: Officer) -> None:
    """Write an officer's roles, standing and certificate anew; her key stays the one her sets are read by."""
    mine = update(officer).where(officer.c.commune == code, officer.c.officer == found.officer)
    row: dict[str, object] = {"name": found.name, "roles": list(found.roles), "scope": list(found.scope)}
    row |= {"expires": found.expires}
    connection.execute(mine.values(standing=found.standing, certificate=found.certificate, **row))
    _move_policy(connection, code)


def replace_key(connection: Connection, code: str, found: Officer, now_ms: int) -> None:
    """An officer's new key in the place of hers; the former one stays for what it signed."""
    held = officers(connection, code)[found.officer]
    row = {"commune": code, "officer": held.officer, "key": held.key, "certificate": held.certificate}
    connection.execute(insert(former_key).values(replaced=now_ms, **row))
    mine = update(officer).where(officer.c.commune == code, officer.c.officer == found.officer)
    connection.execute(mine.values(key=found.key))
    certify_officer(connection, code, found)


def former_keys(connection: Connection, code: str) -> dict[str, list[bytes]]:
    """By officer, the keys that she had before."""
    found: dict[str, list[bytes]] = {}
    for row in connection.execute(_FORMER_KEYS, {"code": code}):
        found.setdefault(row.officer, []).append(row.key)
    return found


def former_certificates(connection: Connection, code: str) -> list[bytes]:
    """Of keys that were replaced, the oldest first."""
    return list(connection.scalars(_FORMER.order_by(former_key.c.replaced), {"code": code}))


def _move_policy(connection: Connection, code: str) -> None:
    moved = update(commune).where(commune.c.commune == code).values(policy=commune.c.policy + 1)
    connection.execute(moved)


def note_contact(
    connection: Connection, code: str, name: str, request: int, now_ms: int, *, cursor: int
) -> None:
    """Remember when a laptop last spoke, how far it had read, and its request number: only labels."""
    said = {"last_contact": now_ms, "last_request": request, "cursor": cursor}
    connection.execute(_CONTACT, {"code": code, "name": name, **said})


def invite(connection: Connection, code: str, secret_hash: bytes, expires_ms: int, officer: str = "") -> None:
    """Let one laptop enrol with the secret whose SHA-256 this is, until `expires_ms`; or her new key."""
    row = {"commune": code, "secret": secret_hash, "expires": expires_ms, "officer": officer}
    connection.execute(insert(invitation).values(**row))


def find_invitation(connection: Connection, code: str, secret_hash: bytes) -> Invitation | None:
    """The invitation with this secret's SHA-256."""
    mine = select(invitation).where(invitation.c.commune == code, invitation.c.secret == secret_hash)
    row = connection.execute(mine).first()
    return Invitation(row.expires, row.used_by, row.officer) if row else None


def spend_invitation(connection: Connection, code: str, secret_hash: bytes, name: str) -> None:
    """Mark an invitation as used by a device."""
    mine = update(invitation).where(invitation.c.commune == code, invitation.c.secret == secret_hash)
    connection.execute(mine.values(used_by=name))
