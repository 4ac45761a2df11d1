"""Who a commune's centre knows: its laptops, its officers, and one-time invitations to enrol."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, insert, select, update

from app.store.tables import commune, device, invitation, officer

ACTIVE = "active"


@dataclass(frozen=True)
class Device:
    """A laptop: Ed25519 public key (32 bytes) and standing."""

    device: str
    key: bytes
    label: str
    standing: str


@dataclass(frozen=True)
class Officer:
    """An officer: Ed25519 public key (32 bytes), roles, standing, the centre's certificate of the key."""

    officer: str
    name: str
    key: bytes
    roles: tuple[str, ...]
    standing: str
    certificate: bytes


def devices(connection: Connection, code: str) -> dict[str, Device]:
    """Every laptop of a commune by its id, revoked ones too."""
    rows = connection.execute(select(device).where(device.c.commune == code))
    return {r.device: Device(r.device, r.key, r.label, r.standing) for r in rows}


def find_device(connection: Connection, code: str, name: str) -> Device | None:
    """One laptop of a commune."""
    row = connection.execute(select(device).where(device.c.commune == code, device.c.device == name)).first()
    return Device(row.device, row.key, row.label, row.standing) if row else None


def officers(connection: Connection, code: str) -> dict[str, Officer]:
    """Every officer of a commune by id, also those who left."""
    rows = connection.execute(select(officer).where(officer.c.commune == code))
    return {
        r.officer: Officer(r.officer, r.name, r.key, tuple(r.roles), r.standing, r.certificate) for r in rows
    }


def add_device(connection: Connection, code: str, found: Device, now_ms: int) -> None:
    """Enrol a laptop."""
    row = {"device": found.device, "key": found.key, "label": found.label, "standing": found.standing}
    connection.execute(insert(device).values(commune=code, enrolled=now_ms, **row))


def add_officer(connection: Connection, code: str, found: Officer) -> None:
    """Certify an officer; the policy moves on so that every laptop hears of her."""
    row = {"officer": found.officer, "name": found.name, "key": found.key, "roles": list(found.roles)}
    connection.execute(
        insert(officer).values(commune=code, standing=found.standing, certificate=found.certificate, **row)
    )
    connection.execute(
        update(commune).where(commune.c.commune == code).values(policy=commune.c.policy + 1)
    )


def note_contact(connection: Connection, code: str, name: str, request: int, now_ms: int) -> None:
    """Remember when a laptop last spoke, and its request number: a label, nothing is decided by it."""
    mine = update(device).where(device.c.commune == code, device.c.device == name)
    connection.execute(mine.values(last_contact=now_ms, last_request=request))


def invite(connection: Connection, code: str, secret_hash: bytes, expires_ms: int) -> None:
    """Let one laptop enrol with the secret whose SHA-256 this is, until `expires_ms`."""
    connection.execute(insert(invitation).values(commune=code, secret=secret_hash, expires=expires_ms))


def use_invitation(connection: Connection, code: str, secret_hash: bytes, name: str, now_ms: int) -> bool:
    """Spend an invitation; False when there is none, it has run out, or another laptop used it."""
    mine = (
        invitation.c.commune == code,
        invitation.c.secret == secret_hash,
        invitation.c.expires >= now_ms,
        (invitation.c.used_by.is_(None)) | (invitation.c.used_by == name),
    )
    return bool(connection.execute(update(invitation).where(*mine).values(used_by=name)).rowcount)
