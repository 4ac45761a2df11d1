"""Whoever answers in the centre's place without its certificate: the laptop sends nothing to any of them."""

from __future__ import annotations

import socket
import ssl
import struct
import warnings
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from app.domain.errors import Coded, Refusal, Trouble
from app.seal.tls import make_tls_identity
from tests.faults.listening import Greeting, Line, in_tls

NOT_THE_CENTRE, OFFLINE = Refusal("sync.not_the_centre"), Trouble("sync.offline")
_LOGIN = b"HTTP/1.1 302 Found\r\nLocation: http://10.0.0.1/login\r\nContent-Length: 0\r\n\r\n"

Stranger = Callable[[Path, Path], Greeting]  # a folder of its own, the true centre's keys


def _of(pem: bytes, key: bytes, folder: Path, newest: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3) -> Greeting:
    (folder / "cert.pem").write_bytes(pem)
    (folder / "key.pem").write_bytes(key)
    return in_tls(str(folder / "cert.pem"), str(folder / "key.pem"), newest)


def _issued(like: x509.Certificate | None, ends: datetime) -> tuple[bytes, bytes]:
    """A certificate by an authority of the stranger's, in the name that another one bears."""
    key, authority = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Trusted Authority")])
    builder = (
        x509.CertificateBuilder()
        .subject_name(like.subject if like else issuer)
        .issuer_name(like.issuer if like else issuer)
        .public_key(key.public_key())
        .serial_number(like.serial_number if like else x509.random_serial_number())
        .not_valid_before(ends - timedelta(days=90))
        .not_valid_after(ends)
    )
    for extension in like.extensions if like else ():
        builder = builder.add_extension(extension.value, extension.critical)
    pem = builder.sign(authority, SHA256()).public_bytes(Encoding.PEM)
    return pem, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _wrong_name(folder: Path, _true: Path) -> Greeting:
    found = make_tls_identity(["wifi.example.vn"], datetime.now(UTC))
    return _of(found.certificate, found.key, folder)


def _expired(folder: Path, _true: Path) -> Greeting:
    return _of(*_issued(None, datetime.now(UTC) - timedelta(days=1)), folder)


def _other_authority(folder: Path, _true: Path) -> Greeting:
    return _of(*_issued(None, datetime.now(UTC) + timedelta(days=90)), folder)


def _look_alike(folder: Path, true: Path) -> Greeting:
    """Name, issuer, number and dates of the true one; the key alone is another."""
    like = x509.load_pem_x509_certificate((true / "tls.pem").read_bytes())
    return _of(*_issued(like, like.not_valid_after_utc), folder)


def _true_one_behind(folder: Path, true: Path) -> Greeting:
    """Its own certificate first, the true one shown behind it as if it had issued it."""
    found = make_tls_identity(["127.0.0.1"], datetime.now(UTC))
    return _of(found.certificate + (true / "tls.pem").read_bytes(), found.key, folder)


def _tls_1_1(folder: Path, _true: Path) -> Greeting:
    found = make_tls_identity(["127.0.0.1"], datetime.now(UTC))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return _of(found.certificate, found.key, folder, ssl.TLSVersion.TLSv1_1)


def _tls_1_2(_folder: Path, true: Path) -> Greeting:
    """The true certificate and its key, in a TLS that shows everybody who is asked for."""
    return in_tls(str(true / "tls.pem"), str(true / "tls.key"), ssl.TLSVersion.TLSv1_2)


def _saying(raw: bytes) -> Stranger:
    def greet(plain: Line) -> Line:
        plain.recv(1 << 16)
        plain.sendall(raw)
        raise EOFError

    return lambda _folder, _true: greet


def _silent(_folder: Path, _true: Path) -> Greeting:
    def greet(plain: Line) -> Line:
        with suppress(OSError):
            while plain.recv(1 << 16):
                pass
        raise EOFError

    return greet


def _slams(_folder: Path, _true: Path) -> Greeting:
    def greet(plain: Line) -> Line:
        plain.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        raise EOFError

    return greet


def _hangs_up_in_the_middle(_folder: Path, _true: Path) -> Greeting:
    def greet(plain: Line) -> Line:
        plain.recv(1 << 16)
        raise EOFError

    return greet


STRANGERS: dict[str, tuple[Stranger, Coded]] = {
    "wrong name": (_wrong_name, NOT_THE_CENTRE),
    "expired": (_expired, NOT_THE_CENTRE),
    "another authority": (_other_authority, NOT_THE_CENTRE),
    "the same name, number and dates": (_look_alike, NOT_THE_CENTRE),
    "the true certificate behind its own": (_true_one_behind, NOT_THE_CENTRE),
    "TLS 1.1": (_tls_1_1, NOT_THE_CENTRE),
    "TLS 1.2 with the true certificate": (_tls_1_2, NOT_THE_CENTRE),
    "login page without TLS": (_saying(_LOGIN), NOT_THE_CENTRE),
    "an alert": (_saying(b"\x15\x03\x03\x00\x02\x02\x28"), NOT_THE_CENTRE),
    "silent": (_silent, OFFLINE),
    "slams the door": (_slams, OFFLINE),
    "hangs up in the middle": (_hangs_up_in_the_middle, OFFLINE),
}
