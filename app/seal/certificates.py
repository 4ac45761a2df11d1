"""Who is believed: the centre's root certifies its keys, and those certify officers and devices.

The root's fingerprint comes with the enrolment code, so nothing is trusted because it
was met first (design/security.md, Keys).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

import msgspec

from app.domain.errors import Refusal
from app.seal.keys import CERTIFICATE, PublicKey, SigningKey, public_key
from app.seal.sealing import Recipient
from app.seal.statements import Statement, read_statement, state

ROOT_CERTIFIES = frozenset({"policy", "register", "sealing", "recovery", "tls"})
_LATER = frozenset({"recovery"})  # a centre made before custodians had a key of their own: the sealing key's
POLICY_CERTIFIES = frozenset({"officer", "device", "service"})


@dataclass(frozen=True)
class Certificate:
    """A holder's key and what it may do.

    `subject`: policy, register, sealing, recovery or tls (the centre's own), officer, device or service.
    `key`: 32 bytes as hexadecimal: Ed25519; for sealing and recovery X25519; for tls the SHA-256 of the
    certificate. `holder`: officer, device or service id; empty for the centre's. `first_number`: the
    device number from which the key's sets are taken: 1, so that work saved before enrolment is pushed
    under it. `issued` and `expires`: UTC, `2026-11-23T08:00:00Z`; an empty `expires` never passes.
    `scope`, said only where there is any: the hamlets of a surveyor, the kinds a service may write.
    """

    subject: str
    holder: str
    key: str
    issued: str
    commune: str = ""
    name: str = ""
    roles: tuple[str, ...] = ()
    first_number: int = 1
    expires: str = ""
    scope: tuple[str, ...] = ()


@dataclass(frozen=True)
class Trust:
    """The centre's keys, each certified by the root whose fingerprint the enrolment code carried.

    `sealing` receives sticks and capsules; `recovery`, with two custodians, opens a laptop's database key.
    """

    root: PublicKey
    policy: PublicKey
    register: PublicKey
    sealing: Recipient
    recovery: Recipient
    tls: tuple[str, ...]

    @classmethod
    def established(cls, root_fingerprint: str, certificates: Iterable[bytes]) -> Trust:
        """The keys out of root-signed certificates, the newest of each subject; `tls` keeps all.

        Every exchange asks for them, and they are checked once. Refusal("centre.another_root") when
        another root signed one of them, Refusal("centre.incomplete") when one is missing.
        """
        return _established(root_fingerprint, tuple(certificates))

    def read(self, certificate: bytes, *, at: str) -> Certificate:
        """An officer's, device's or service's certificate, checked at a time (UTC, as in `issued`).

        Refusal("certificate.not_entitled") when its signer may not give it,
        Refusal("certificate.expired") after its time.
        """
        statement = read_statement(CERTIFICATE, certificate)
        found = _certificate(statement)
        if statement.by != self.policy or found.subject not in POLICY_CERTIFIES:
            raise Refusal("certificate.not_entitled", subject=found.subject)
        if found.expires and at >= found.expires:
            raise Refusal("certificate.expired")
        return found


@lru_cache(maxsize=16)
def _established(root_fingerprint: str, certificates: tuple[bytes, ...]) -> Trust:
    newest: dict[str, Certificate] = {}
    pins: list[str] = []
    statements = [read_statement(CERTIFICATE, blob) for blob in certificates]
    signers = {statement.by for statement in statements}
    if any(signer.fingerprint != root_fingerprint for signer in signers):
        raise Refusal("centre.another_root")
    for found in map(_certificate, statements):
        if found.subject not in ROOT_CERTIFIES:
            raise Refusal("certificate.not_entitled", subject=found.subject)
        if found.subject == "tls":
            pins.append(found.key)
        elif found.subject not in newest or newest[found.subject].issued < found.issued:
            newest[found.subject] = found
    if not pins or newest.keys() | _LATER != ROOT_CERTIFIES - {"tls"}:
        raise Refusal("centre.incomplete")
    (root,) = signers
    policy, register = (public_key(bytes.fromhex(newest[s].key)) for s in ("policy", "register"))
    keepers = newest.get("recovery", newest["sealing"])
    sealing, recovery = (Recipient(bytes.fromhex(each.key)) for each in (newest["sealing"], keepers))
    return Trust(root, policy, register, sealing, recovery, tuple(pins))


def certify(signer: SigningKey, certificate: Certificate) -> bytes:
    """The certificate signed, as it is kept and sent. Refusal("key.weak") for a key not fit to be held."""
    _check_key(certificate)
    said = asdict(certificate)
    return state(signer, CERTIFICATE, said if certificate.scope else _unbounded(said))


def _unbounded(said: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in said.items() if name != "scope"}


def _certificate(statement: Statement) -> Certificate:
    try:
        found: Certificate = msgspec.convert(dict(statement.said), Certificate)
        every = set(Certificate.__dataclass_fields__)
        known = set(statement.said) == (every if found.scope else every - {"scope"})
        _check_key(found)
    except ValueError as error:
        raise Refusal("certificate.form") from error
    if not known:
        raise Refusal("certificate.form")
    return found


def _check_key(certificate: Certificate) -> None:
    raw = bytes.fromhex(certificate.key)
    if certificate.subject not in {"sealing", "recovery", "tls"}:
        public_key(raw)
    elif certificate.subject != "tls":
        Recipient(raw)
    elif len(raw) != 32:
        raise Refusal("certificate.form")
