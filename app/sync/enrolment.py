"""How a laptop comes to know its centre, and the centre the laptop: said once, under a one-time code.

The code carries the root's fingerprint. The centre's statement must be that root's before
anything of ours leaves; then laptop and officers prove that they hold the keys they name,
and the centre answers with its policy, where those keys stand certified.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import msgspec
from sqlalchemy import Connection

from app.domain.changes import canonical
from app.domain.errors import Refusal
from app.seal.certificates import Trust
from app.seal.enrolment import EnrolmentCode
from app.seal.keys import ENROLMENT, MESSAGE, DeviceKey, OfficerKey, PublicKey, sign, verify
from app.seal.statements import read_object
from app.store import place
from app.sync import messages
from app.sync.messages import PROTOCOL, STRANGER_BYTES_MAX
from app.sync.policy import Policy, keep_centre, keep_policy, read_policy

CENTRE = "centre"  # the centre's name as a sender; a laptop's is `commune/device`


class _Certificates(msgspec.Struct):
    """How the centre states who it is."""

    certificates: list[str]


class Claim(msgspec.Struct, array_like=True, frozen=True):
    """An officer's key, and her signature under it that she enrols on this laptop by this code."""

    id: str
    name: str
    key: bytes
    proof: bytes


class Application(msgspec.Struct, array_like=True, frozen=True):
    """What a laptop asks for. Its envelope is signed by the laptop's key, which is the sender."""

    protocol: int
    commune: str
    secret: bytes
    device: str
    label: str
    officers: list[Claim]

    def __repr__(self) -> str:
        return f"Application({self.commune}, {self.device})"  # its secret is shown nowhere


class Welcome(msgspec.Struct, array_like=True, frozen=True):
    """What the centre answers, signed by its register key."""

    protocol: int
    commune: str
    name: str
    policy: bytes


@dataclass(frozen=True)
class Applicant:
    """Whoever applies: the laptop with a label for people, and the officers unlocked on it."""

    device: DeviceKey
    label: str
    officers: Sequence[OfficerKey]


@dataclass(frozen=True)
class Enrolled:
    """All that a laptop keeps of its enrolment. `name`: the commune's, as the centre writes it."""

    address: str
    name: str
    root_fingerprint: str
    certificates: tuple[bytes, ...] = field(repr=False)
    policy: bytes = field(repr=False)


def write_centre(certificates: Iterable[bytes]) -> bytes:
    """The centre's statement to anybody: canonical JSON, its root's certificates in base 64."""
    return canonical({"certificates": [base64.b64encode(one).decode() for one in certificates]})


def read_centre(statement: bytes) -> tuple[bytes, ...]:
    """The root's certificates; Refusal("centre.statement") for other bytes."""
    try:
        said = msgspec.convert(read_object(statement), _Certificates).certificates
        return tuple(base64.b64decode(one, validate=True) for one in said)
    except (ValueError, Refusal) as error:
        raise Refusal("centre.statement") from error


def proof_of(commune: str, secret: bytes, device: str, officer: str, name: str) -> bytes:
    """What an officer signs to show that the key is hers, meant for this laptop and this code."""
    return canonical([commune, secret.hex(), device, officer, name])


def apply(code: EnrolmentCode, applicant: Applicant) -> bytes:
    """The bytes of an application."""
    device = applicant.device

    def claim(officer: OfficerKey) -> Claim:
        said = proof_of(code.commune, code.secret, device.id, officer.id, officer.name)
        return Claim(officer.id, officer.name, officer.key.public.raw, sign(officer.key, ENROLMENT, said))

    asked = Application(
        PROTOCOL,
        code.commune,
        code.secret,
        device.id,
        applicant.label,
        [claim(o) for o in applicant.officers],
    )
    return messages.write(asked, device.key.public.raw.hex(), _signer(device))


def _signer(device: DeviceKey) -> Callable[[bytes], bytes]:
    return lambda payload: sign(device.key, ENROLMENT, payload)


def read_application(carried: bytes) -> tuple[PublicKey, Application]:
    """The laptop's key and what it asks, every proof checked.

    Refusal("enrolment.proof") when an officer's key did not sign; the refusals of `messages.read`.
    Anybody may apply under a key made for it, so an application is short.
    """
    sender, asked = messages.read(
        carried,
        Application,
        _is_senders,
        carried_max=STRANGER_BYTES_MAX,
        unpacked_max=STRANGER_BYTES_MAX,
    )
    for claim in asked.officers:
        said = proof_of(asked.commune, asked.secret, asked.device, claim.id, claim.name)
        if not verify(PublicKey(claim.key), ENROLMENT, said, claim.proof):
            raise Refusal("enrolment.proof")
    return PublicKey(bytes.fromhex(sender)), asked


def _is_senders(sender: str, payload: bytes, signature: bytes) -> bool:
    try:
        return verify(PublicKey(bytes.fromhex(sender)), ENROLMENT, payload, signature)
    except ValueError:
        return False


def read_welcome(carried: bytes, code: EnrolmentCode, centre: Trust, applicant: Applicant) -> Welcome:
    """The centre's answer, if it is the centre's and names laptop and officers as they are.

    Refusal("sync.signature"), ("sync.other_commune"), ("enrolment.not_named") or what `read_policy` refuses.
    """
    _sender, welcome = messages.read(
        carried,
        Welcome,
        lambda _who, payload, signature: verify(centre.register, MESSAGE, payload, signature),
    )
    policy = read_policy(centre, welcome.policy)
    if {welcome.commune, policy.commune} != {code.commune}:
        raise Refusal("sync.other_commune")
    if not _names(policy, applicant):
        raise Refusal("enrolment.not_named")
    return welcome


def _names(policy: Policy, applicant: Applicant) -> bool:
    held = [(policy.devices.get(applicant.device.id), applicant.device.key)]
    held += [(policy.officers.get(officer.id), officer.key) for officer in applicant.officers]
    return all(member is not None and member.key == key.public for member, key in held)


def keep(connection: Connection, enrolled: Enrolled) -> None:
    """Write an enrolment into the vault: from here on the laptop believes this centre and can sync.

    Refusal("enrolment.other_centre") where it believes another: its journal is that one's.
    """
    known = place.read_text(connection, "root")
    if known and known != enrolled.root_fingerprint:
        raise Refusal("enrolment.other_centre")
    place.write(connection, "address", enrolled.address.encode())
    keep_centre(connection, enrolled.root_fingerprint, enrolled.certificates)
    keep_policy(connection, enrolled.policy)


def is_enrolled(connection: Connection) -> bool:
    """Whether this laptop knows its centre."""
    return place.read(connection, "centre") is not None
