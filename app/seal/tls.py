"""The centre's own TLS certificate: self-signed, believed because the root certified its SHA-256."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from ipaddress import ip_address

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

LOOPBACK = ("localhost", "127.0.0.1", "::1")
_VALID = timedelta(days=10 * 365)  # the pin ends it, by signed policy, not a date


@dataclass(frozen=True)
class TlsIdentity:
    """Certificate and private key as PEM. The key is kept by the centre alone, in a file of its own."""

    certificate: bytes
    key: bytes = field(repr=False)

    @property
    def pin(self) -> str:
        """SHA-256 of the certificate (DER), 64 hexadecimal digits: what a laptop compares."""
        return certificate_sha256(self.certificate)


def make_tls_identity(names: Sequence[str], at: datetime) -> TlsIdentity:
    """A P-256 key and its certificate for these host names and addresses, from a day before `at`.

    A day, because clocks in the field are wrong and the certificate is believed by its pin.
    """
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - timedelta(days=1))
        .not_valid_after(at + _VALID)
        .add_extension(x509.SubjectAlternativeName([_general_name(n) for n in names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return TlsIdentity(certificate.public_bytes(Encoding.PEM), private)


def certificate_sha256(pem: bytes) -> str:
    """The pin of a certificate given as PEM."""
    return hashlib.sha256(x509.load_pem_x509_certificate(pem).public_bytes(Encoding.DER)).hexdigest()


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)
