"""Who a commune's officers and laptops are, as the centre's policy key says it: one signed statement.

Sent when it changed. A laptop keeps the newest beside its rows and believes authors by it,
in the order of versions: an older one, however well signed, is passed over.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial

import msgspec
from sqlalchemy import Connection

from app.domain.errors import Refusal
from app.domain.ids import machine_of
from app.domain.in_force import Certified
from app.domain.roles import SERVICE, Rights
from app.domain.terms import is_over
from app.seal import certificates
from app.seal.certificates import Certificate, certify
from app.seal.keys import CHANGE_SET, HEAD, POLICY, PublicKey, SigningKey, public_key, verify
from app.seal.statements import Json, ms_of, read_statement, state, utc
from app.store import ground, leave, place, roster
from app.store.roster import ACTIVE
from app.store.throttle import Moment
from app.sync import programme, replica, transfer

FORMER = "former"
_MEMBERS_BYTES_MAX = 1 << 20  # thousands of officers and laptops, those who left included


@dataclass(frozen=True)
class Member:
    """An officer or a laptop: the centre's certificate, and whether it still stands; FORMER for a key
    that was replaced, under which what she signed before is still read.
    """

    certificate: Certificate
    standing: str

    @property
    def key(self) -> PublicKey:
        """What its signatures are checked with."""
        return public_key(bytes.fromhex(self.certificate.key))

    @property
    def is_active(self) -> bool:
        """Whether its leave was not taken; a certificate may have ended all the same."""
        return self.standing == ACTIVE

    @property
    def ends(self) -> int:
        """When the certificate ends, in milliseconds since 1970; 0 for never."""
        return ms_of(self.certificate.expires) if self.certificate.expires else 0

    def stands(self, now_ms: int) -> bool:
        """Whether what it signs counts at a moment."""
        return self.is_active and not is_over(self.ends, now_ms)


@dataclass(frozen=True)
class Policy:
    """One version. `issued`: UTC, `2026-11-23T08:00:00Z`, the centre's clock. `former`: replaced keys."""

    version: int
    commune: str
    issued: str
    officers: Mapping[str, Member]
    devices: Mapping[str, Member]
    centre: tuple[bytes, ...] = ()  # the root's certificates as they now are: its pins among them
    former: tuple[Certificate, ...] = ()
    merged: str = ""  # the commune that goes on with this one's people, and from which month

    def keys_of(self, author: str) -> tuple[PublicKey, ...]:
        """What an author's sets may be signed with: her key, then those that it replaced."""
        now = [self.officers[author].certificate] if author in self.officers else []
        were = [found for found in self.former if found.holder == author]
        return tuple(public_key(bytes.fromhex(found.key)) for found in (*now, *were))

    def certified(self, rights: Rights, since: int) -> dict[str, Certified]:
        """Each officer by her newest certificate, and by rules that count since a moment (ms since 1970)."""
        found = {}
        for who, member in self.officers.items():
            said = member.certificate
            may_approve = member.is_active and rights.may_approve(said.roles)
            found[who] = Certified(max(since, ms_of(said.issued)), member.ends, may_approve)
        return found

    @property
    def services(self) -> frozenset[str]:
        """Those through whom the centre itself speaks: what they propose is no officer's word."""
        members = self.officers.items()
        return frozenset(who for who, member in members if member.certificate.subject == SERVICE)


@dataclass(frozen=True)
class Centre:
    """The root's certificates of the centre's keys, and how often they were renewed.

    Renewals count in a policy's version, so that laptops hear of them whichever process answers.
    """

    certificates: tuple[bytes, ...] = ()
    renewals: int = 0


NEVER_RENEWED = Centre()


class _Said(msgspec.Struct, forbid_unknown_fields=True):
    version: int
    commune: str
    issued: str
    officers: list[tuple[str, str]]
    devices: list[tuple[str, str]]
    centre: list[str]
    merged: str = ""


def device_certificate(key: SigningKey, code: str, device: roster.Device) -> bytes:
    """The countersignature of a laptop's key: the same bytes whenever it is asked for."""
    issued = utc(device.enrolled)
    return _certified(key, Certificate("device", device.device, device.key.hex(), issued, code, device.label))


_certified = lru_cache(maxsize=4096)(certify)


def signed_policy(
    key: SigningKey, now_ms: int, connection: Connection, code: str, centre: Centre = NEVER_RENEWED
) -> bytes:
    """What a commune's laptops are told, out of the centre's book."""
    officers = roster.officers(connection, code).values()
    devices = roster.devices(connection, code).values()
    said: dict[str, Json] = {
        "version": roster.policy_version(connection, code) + centre.renewals,
        "commune": code,
        "issued": utc(now_ms),
        "officers": [
            *_listed((one, FORMER) for one in roster.former_certificates(connection, code)),
            *_listed((o.certificate, o.standing) for o in officers),
        ],
        "devices": _listed((device_certificate(key, code, d), d.standing) for d in devices),
        "centre": [base64.b64encode(one).decode() for one in centre.certificates],
    }
    merged = roster.merged_into(connection, code)
    if merged:  # a commune that is none says nothing of it: a program that does not know the word reads on
        said["merged"] = merged
    return state(key, POLICY, said)


def _listed(members: Iterable[tuple[bytes, str]]) -> list[Json]:
    return [[base64.b64encode(certificate).decode(), standing] for certificate, standing in members]


@lru_cache(maxsize=16)
def read_policy(centre: certificates.Trust, signed: bytes) -> Policy:
    """A policy checked down to each certificate: once, though every exchange asks for it.

    Refusal("policy.not_entitled") when another key signed it; Refusal("policy.form") for other bytes.
    """
    statement = read_statement(POLICY, signed, bytes_max=_MEMBERS_BYTES_MAX)
    if statement.by != centre.policy:
        raise Refusal("policy.not_entitled")
    try:
        said = msgspec.convert(dict(statement.said), _Said)
        named = _members(centre, ("officer", "service"), said.commune, said.officers)
        devices = _by_holder(_members(centre, ("device",), said.commune, said.devices))
        renewed = tuple(base64.b64decode(one, validate=True) for one in said.centre)
    except (msgspec.ValidationError, ValueError) as error:
        raise Refusal("policy.form") from error
    officers = _by_holder(one for one in named if one.standing != FORMER)
    former = tuple(one.certificate for one in named if one.standing == FORMER)
    known = (said.version, said.commune, said.issued, officers, devices, renewed, former)
    return Policy(*known, said.merged)


def _members(
    centre: certificates.Trust, subjects: tuple[str, ...], commune: str, listed: Iterable[tuple[str, str]]
) -> list[Member]:
    found = []
    for text, standing in listed:
        # Whether a certificate still runs is the centre's question at receipt; what was taken
        # while it ran is to be read for ever.
        certificate = centre.read(base64.b64decode(text, validate=True), at="")
        if certificate.subject not in subjects or certificate.commune != commune:
            raise Refusal("policy.form")
        found.append(Member(certificate, standing))
    return found


def _by_holder(members: Iterable[Member]) -> dict[str, Member]:
    return {member.certificate.holder: member for member in members}


def held_policy(connection: Connection, centre: certificates.Trust | None = None) -> Policy | None:
    """The newest policy this laptop has; None before it is enrolled."""
    signed = place.read(connection, "policy")
    return read_policy(centre or centre_of(connection), signed) if signed else None


def standing_officers(connection: Connection) -> dict[str, Member]:
    """Those whose signature counts by this laptop's own time; none before there was a policy."""
    held, now = held_policy(connection), leave.time_ms(connection, Moment.now())
    return {who: member for who, member in held.officers.items() if member.stands(now)} if held else {}


def authors(connection: Connection, centre: certificates.Trust | None = None) -> dict[str, list[bytes]]:
    """By whose keys sets are checked: her key, then those that it replaced; empty before it is enrolled."""
    held = held_policy(connection, centre)
    if held is None:
        return {}
    named = {*held.officers, *(one.holder for one in held.former)}
    return {author: [key.raw for key in held.keys_of(author)] for author in sorted(named)}


def officer_names(connection: Connection) -> dict[str, str]:
    """What the commune's officers are called, those who left included; nobody before it is enrolled."""
    policy = held_policy(connection)
    return {officer: member.certificate.name for officer, member in policy.officers.items()} if policy else {}


def centre_of(connection: Connection) -> certificates.Trust:
    """The centre this laptop was enrolled with. Refusal("sync.not_enrolled") before that."""
    found = place.read_all(connection, ("centre", "root"))
    if "centre" not in found:
        raise Refusal("sync.not_enrolled")
    root_certified = msgspec.msgpack.decode(found["centre"], type=list[bytes])
    return certificates.Trust.established(found.get("root", b"").decode(), root_certified)


def keep_centre(connection: Connection, root_fingerprint: str, root_certified: Iterable[bytes]) -> None:
    """Believe this centre from now on."""
    place.write(connection, "root", root_fingerprint.encode())
    place.write(connection, "centre", msgspec.msgpack.encode(list(root_certified)))


def keep_policy(connection: Connection, signed: bytes) -> Policy | None:
    """Take a policy if it is newer than the one held; the one that holds now.

    Refusal("policy.other_commune") when it is not ours.
    """
    found, held = read_policy(centre_of(connection), signed), held_policy(connection)
    if found.commune != place.read_text(connection, "commune"):
        raise Refusal("policy.other_commune")
    if held and (found.version, found.issued) <= (held.version, held.issued):
        return held
    leave.renew(connection, found.issued, Moment.now())
    if found.centre:  # by the same root, or nothing of this policy is kept
        root, former = place.read_text(connection, "root"), centre_of(connection).register
        if certificates.Trust.established(root, found.centre).register != former:
            ground.forget_signed(connection)
        keep_centre(connection, root, found.centre)
    place.write(connection, "policy", signed)
    place.write(connection, "policy_version", str(found.version).encode())
    own = found.devices.get(machine_of(place.read_text(connection, "device")))
    is_revoked = own is not None and not own.is_active
    place.write(connection, place.REVOKED, found.issued.encode() if is_revoked else None)
    place.write(connection, place.MERGED, found.merged.encode() or None)
    return found


def believed(connection: Connection, centre: certificates.Trust) -> replica.Trust:
    """What this laptop believes within one transaction: the register's heads, and certified authors.

    An author whose certificate comes in the same answer is believed at once.
    """
    held = held_policy(connection, centre)
    known = [held] if held else []

    def is_authors(author: str, body: bytes, signature: bytes) -> bool:
        keys = (key for policy in known[-1:] for key in policy.keys_of(author))
        return any(verify(key, CHANGE_SET, body, signature) for key in keys)

    def take(connection: Connection, signed: bytes) -> None:
        taken = keep_policy(connection, signed)
        known.extend([taken] if taken else [])

    return replica.Trust(
        lambda message, signature: verify(centre.register, HEAD, message, signature),
        is_authors,
        take,
        lambda connection, signed: programme.keep_programme(connection, centre, signed),
        partial(transfer.keep, register=centre.register),
    )
