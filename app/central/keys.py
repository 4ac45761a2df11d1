"""The centre's keys: a folder that `soansinh central init` makes, one file a key, read by its owner alone.

The root signs once, here, who the other keys are; after that its file belongs in a safe, and the
service runs without it (design/security.md, Keys).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

from app.domain.errors import Refusal, Trouble
from app.seal.certificates import Certificate, Trust, certify
from app.seal.enrolment import EnrolmentCode
from app.seal.keys import CERTIFICATE, SEED_BYTES, SigningKey
from app.seal.recovery import halves, joined
from app.seal.sealing import Identity
from app.seal.statements import read_statement
from app.seal.tls import LOOPBACK, TlsIdentity, certificate_sha256, make_tls_identity
from app.sync.enrolment import read_centre, write_centre
from app.sync.policy import Centre

STATEMENT, ADDRESS = "centre.json", "address"
TLS_CERTIFICATE, TLS_KEY = "tls.pem", "tls.key"
SPARE_CERTIFICATE, SPARE_KEY = "tls-spare.pem", "tls-spare.key"
ROOT_KEY, SEALING_KEY = "root.key", "sealing.key"
HALVES = ("recovery-1.half", "recovery-2.half")  # for two custodians; together nowhere after the first day


@dataclass(frozen=True)
class Keys:
    """What the running service holds. `certificates`: the root's, of every key here."""

    folder: Path
    address: str
    policy: SigningKey = field(repr=False)
    register: SigningKey = field(repr=False)
    certificates: tuple[bytes, ...]

    @property
    def root_fingerprint(self) -> str:
        """What an enrolment code carries."""
        if not self.certificates:
            raise Refusal("central.keys_broken")
        return read_statement(CERTIFICATE, self.certificates[0]).by.fingerprint

    @cached_property
    def centre(self) -> Centre:
        """What policies say of these keys."""
        said = [read_statement(CERTIFICATE, one).said for one in self.certificates]
        pins, pairs = (
            [int(str(one["name"]) or 0) for one in said if one["subject"] == subject]
            for subject in ("tls", "recovery")
        )
        return Centre(self.certificates, max(0, max(pins) - 2) + max(0, *pairs, 1) - 1)

    @property
    def statement(self) -> bytes:
        """Who this centre is, as served to anybody: JSON, certificates in base 64."""
        return write_centre(self.certificates)


def make_keys(folder: Path, address: str, at: datetime) -> Keys:
    """Make every key, for a centre that laptops reach at `https://host[:port]`.

    Refusal("central.keys_exist") where the folder holds anything: keys are never replaced;
    Refusal("enrolment.address") for an address that no code could carry.
    """
    EnrolmentCode.issue(address, "0", "")  # whether a code can carry the address
    draft = folder.with_name(f"{folder.name}.part")
    try:
        if folder.exists():
            if any(folder.iterdir()):
                raise Refusal("central.keys_exist")
            folder.rmdir()
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700, parents=True)
        _write_keys(draft, address, at)
        draft.replace(folder)  # whole or not at all: half a folder would have to be told from a spoilt one
    except OSError as error:
        raise Trouble("central.keys_unwritten") from error
    return load_keys(folder)


def _write_keys(folder: Path, address: str, at: datetime) -> None:
    root, policy, register = (SigningKey.generate() for _ in range(3))
    sealing, recovery = Identity.generate(), Identity.generate()
    tls, spare = (_tls_identity(address, at) for _ in range(2))
    holds = {
        "policy": policy.public.raw.hex(),
        "register": register.public.raw.hex(),
        "sealing": sealing.recipient.raw.hex(),
    }
    certificates = [certify(root, Certificate(who, "", key, _issued(at))) for who, key in holds.items()]
    certificates.append(_certified_pair(root, recovery, at, 1))
    certificates += [_certified_pin(root, one, at, number) for number, one in ((1, tls), (2, spare))]
    secrets = {"root": root.seed, "policy": policy.seed, "register": register.seed}
    for name, secret in {**secrets, "sealing": sealing.secret}.items():
        _write(folder / f"{name}.key", secret.hex().encode() + b"\n")
    _write_halves(folder, recovery)
    _write(folder / TLS_KEY, tls.key)
    _write(folder / TLS_CERTIFICATE, tls.certificate)
    _write(folder / SPARE_KEY, spare.key)
    _write(folder / SPARE_CERTIFICATE, spare.certificate)
    _write(folder / ADDRESS, address.encode() + b"\n")
    _write(folder / STATEMENT, write_centre(certificates))


def renew_tls(folder: Path, root_key: Path, at: datetime) -> Keys:
    """The spare certificate serves from the next start on, and a new spare is made.

    Laptops hold the pins of both, and hear of the new spare by signed policy. `root_key`: the root's
    file, from the safe. Refusal("central.no_root_key") when it is not there, or another's.
    """
    keys = load_keys(folder)
    root = _root_key(root_key, keys)
    spare, number = _tls_identity(keys.address, at), keys.centre.renewals + 3
    said = {one: read_statement(CERTIFICATE, one).said for one in keys.certificates}
    retired = certificate_sha256((folder / TLS_CERTIFICATE).read_bytes())
    kept = [one for one in keys.certificates if said[one]["key"] != retired]
    with _exchanging(folder) as draft:
        (draft / SPARE_KEY).replace(draft / TLS_KEY)
        (draft / SPARE_CERTIFICATE).replace(draft / TLS_CERTIFICATE)
        _write(draft / SPARE_KEY, spare.key)
        _write(draft / SPARE_CERTIFICATE, spare.certificate)
        _write(draft / STATEMENT, write_centre([*kept, _certified_pin(root, spare, at, number)]))
    return load_keys(folder)


def renew_recovery(folder: Path, root_key: Path, at: datetime) -> Keys:
    """Another pair of halves in the place of one that was lost, or whose custodian left.

    Laptops hear of it by signed policy, and seal their keys to it from their next unlock on. Refusal as
    `renew_tls`.
    """
    keys = load_keys(folder)
    root, made = _root_key(root_key, keys), Identity.generate()
    said = {one: read_statement(CERTIFICATE, one).said for one in keys.certificates}
    kept = [one for one in keys.certificates if said[one]["subject"] != "recovery"]
    number = 1 + max(
        (int(str(one["name"]) or 0) for one in said.values() if one["subject"] == "recovery"), default=0
    )
    with _exchanging(folder) as draft:
        for name in HALVES:
            (draft / name).unlink(missing_ok=True)
        _write_halves(draft, made)
        _write(draft / STATEMENT, write_centre([*kept, _certified_pair(root, made, at, number)]))
    return load_keys(folder)


@contextmanager
def _exchanging(folder: Path) -> Iterator[Path]:
    """A copy of the folder without its statement, which takes its place once it holds together."""
    draft, former = folder.with_name(f"{folder.name}.part"), folder.with_name(f"{folder.name}.former")
    try:
        shutil.rmtree(draft, ignore_errors=True)
        shutil.copytree(folder, draft)
        (draft / STATEMENT).unlink()
        yield draft
        load_keys(draft)
        folder.rename(former)
        draft.rename(folder)
        shutil.rmtree(former)
    except OSError as error:
        raise Trouble("central.keys_unwritten") from error


def recovery_identity(keys: Keys, files: Sequence[Path] = ()) -> Identity:
    """What opens a laptop's database key: both custodians' halves, or those that lie in the folder still.

    Refusal("central.no_halves") for one alone, for another centre's or another pair's.
    """
    try:
        first, second = (_seed(file) for file in files or (keys.folder / name for name in HALVES))
    except (OSError, ValueError) as error:
        raise Refusal("central.no_halves") from error
    identity = joined(first, second)
    if identity.recipient != Trust.established(keys.root_fingerprint, keys.certificates).recovery:
        raise Refusal("central.no_halves")
    return identity


def custody(keys: Keys, halves_: Sequence[Path], sealing: Path | None) -> Identity:
    """The halves', or the sealing key's where laptops were sealed to that, before there were halves."""
    return sealing_identity(keys, sealing) if sealing else recovery_identity(keys, halves_)


def sealing_identity(keys: Keys, file: Path | None = None) -> Identity:
    """What opens what was sealed to this centre: its key lies with the custodians, or in the folder still.

    Refusal("central.no_sealing_key") when it is not there, or another's.
    """
    try:
        identity = Identity(_seed(file or keys.folder / SEALING_KEY))
    except (OSError, ValueError) as error:
        raise Refusal("central.no_sealing_key") from error
    if identity.recipient != Trust.established(keys.root_fingerprint, keys.certificates).sealing:
        raise Refusal("central.no_sealing_key")
    return identity


def own_key(file: Path) -> SigningKey:
    """The key that a service signs with, out of its file; made there when there is none.

    Refusal("central.keys_broken") for a file that holds something else.
    """
    try:
        if not file.exists():
            _write(file, SigningKey.generate().seed.hex().encode() + b"\n")
        return SigningKey(_seed(file))
    except OSError as error:
        raise Trouble("central.keys_unwritten") from error
    except ValueError as error:
        raise Refusal("central.keys_broken") from error


def _root_key(file: Path, keys: Keys) -> SigningKey:
    try:
        root = SigningKey(_seed(file))
    except (OSError, ValueError) as error:
        raise Refusal("central.no_root_key") from error
    if root.public.fingerprint != keys.root_fingerprint:
        raise Refusal("central.no_root_key")
    return root


def _tls_identity(address: str, at: datetime) -> TlsIdentity:
    return make_tls_identity(sorted({urlsplit(address).hostname or LOOPBACK[0], *LOOPBACK}), at)


def _certified_pin(root: SigningKey, tls: TlsIdentity, at: datetime, number: int) -> bytes:
    """`number` counts the centre's TLS certificates from 1, in the place of a name."""
    return certify(root, Certificate("tls", "", tls.pin, _issued(at), name=str(number)))


def _certified_pair(root: SigningKey, pair: Identity, at: datetime, number: int) -> bytes:
    """`number` counts the pairs of halves from 1."""
    key = pair.recipient.raw.hex()
    return certify(root, Certificate("recovery", "", key, _issued(at), name=str(number)))


def _write_halves(folder: Path, pair: Identity) -> None:
    for name, half in zip(HALVES, halves(pair), strict=True):
        _write(folder / name, half.hex().encode() + b"\n")


def _issued(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def load_keys(folder: Path) -> Keys:
    """The keys as made. Refusal("central.no_keys"), or ("central.keys_broken") when they do not fit."""
    try:
        certificates = read_centre((folder / STATEMENT).read_bytes())
        policy, register = (SigningKey(_seed(folder / f"{name}.key")) for name in ("policy", "register"))
        pin = certificate_sha256((folder / TLS_CERTIFICATE).read_bytes())
        address = (folder / ADDRESS).read_text().strip()
    except FileNotFoundError as error:
        raise Refusal("central.no_keys") from error
    except OSError as error:
        raise Trouble("central.keys_unread") from error
    except ValueError as error:
        raise Refusal("central.keys_broken") from error
    found = Keys(folder, address, policy, register, certificates)
    trust = Trust.established(found.root_fingerprint, certificates)
    if (trust.policy, trust.register) != (policy.public, register.public) or pin not in trust.tls:
        raise Refusal("central.keys_broken")
    return found


def _seed(file: Path) -> bytes:
    seed = bytes.fromhex(file.read_text().strip())
    if len(seed) != SEED_BYTES:
        raise ValueError("not a seed")
    return seed


def _write(file: Path, content: bytes) -> None:
    """Readable by its owner alone from its first byte on."""
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(opened.fileno())
