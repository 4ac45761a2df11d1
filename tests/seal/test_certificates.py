"""Who is believed, from the root's fingerprint down; one byte form a statement."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest
from cryptography import x509

from app.domain.errors import Refusal
from app.seal.certificates import Certificate, Trust, certify
from app.seal.enrolment import EnrolmentCode
from app.seal.keys import CERTIFICATE, POLICY, SigningKey, sign
from app.seal.sealing import Identity
from app.seal.statements import Json, read_statement, state
from app.seal.tls import LOOPBACK, certificate_sha256, make_tls_identity

AT = "2026-11-23T08:00:00Z"


@dataclass(frozen=True)
class Centre:
    root: SigningKey
    policy: SigningKey
    register: SigningKey
    sealing: Identity

    def certificates(self) -> list[bytes]:
        keys = {
            "policy": self.policy.public.raw,
            "register": self.register.public.raw,
            "sealing": self.sealing.recipient.raw,
            "tls": bytes(range(32)),
        }
        return [certify(self.root, Certificate(s, "", key.hex(), AT)) for s, key in keys.items()]

    def trust(self) -> Trust:
        return Trust.established(self.root.public.fingerprint, self.certificates())


@pytest.fixture
def centre() -> Centre:
    root, policy, register = (SigningKey.generate() for _ in range(3))
    return Centre(root, policy, register, Identity.generate())


def officer(key: SigningKey) -> Certificate:
    return Certificate("officer", "0" * 32, key.public.raw.hex(), AT, "02692", "Lò Thị Mẩy", ("officer",))


def test_trust_follows_from_the_fingerprint(centre: Centre) -> None:
    trust = centre.trust()
    assert trust.policy == centre.policy.public
    assert trust.register == centre.register.public
    assert trust.sealing == centre.sealing.recipient
    assert trust.tls == (bytes(range(32)).hex(),)


def test_custodians_hold_the_recovery_key_where_the_centre_has_one(centre: Centre) -> None:
    keepers = Identity(bytes(range(1, 33))).recipient  # no Ed25519 key, and none is asked for
    extra = certify(centre.root, Certificate("recovery", "", keepers.raw.hex(), AT))
    trust = Trust.established(centre.root.public.fingerprint, [*centre.certificates(), extra])
    assert (trust.recovery, trust.sealing) == (keepers, centre.sealing.recipient)
    assert centre.trust().recovery == centre.sealing.recipient  # one made before custodians had a key


def test_another_root_is_refused(centre: Centre) -> None:
    with pytest.raises(Refusal, match=r"centre\.another_root"):
        Trust.established(SigningKey.generate().public.fingerprint, centre.certificates())
    stranger = certify(SigningKey.generate(), officer(SigningKey.generate()))
    with pytest.raises(Refusal, match=r"centre\.another_root"):
        Trust.established(centre.root.public.fingerprint, [*centre.certificates(), stranger])


def test_a_missing_certificate_is_refused(centre: Centre) -> None:
    whole = centre.certificates()
    for missing in range(len(whole)):
        with pytest.raises(Refusal, match=r"centre\.incomplete"):
            Trust.established(centre.root.public.fingerprint, whole[:missing] + whole[missing + 1 :])


def test_the_newest_key_of_a_subject_stands_and_both_pins(centre: Centre) -> None:
    newer = SigningKey.generate()
    extra = [
        certify(centre.root, Certificate("policy", "", newer.public.raw.hex(), "2026-12-01T00:00:00Z")),
        certify(centre.root, Certificate("tls", "", bytes(32).hex(), AT)),
    ]
    trust = Trust.established(centre.root.public.fingerprint, [*extra, *centre.certificates()])
    assert trust.policy == newer.public
    assert len(trust.tls) == 2


def test_the_newest_key_stands_in_whatever_order_they_come(centre: Centre) -> None:
    older, later = (
        certify(centre.root, Certificate("register", "", SigningKey.generate().public.raw.hex(), at))
        for at in ("2026-11-23T07:59:59Z", "2026-11-23T08:00:01Z")
    )
    fingerprint, whole = centre.root.public.fingerprint, centre.certificates()
    for order in ([older, *whole], [*whole, older], [*whole[:2], older, *whole[2:]]):
        assert Trust.established(fingerprint, order).register == centre.register.public
    for order in ([older, *whole, later], [later, *whole, older]):
        assert Trust.established(fingerprint, order).register != centre.register.public


def test_of_two_of_one_moment_the_first_stands(centre: Centre) -> None:
    twin = certify(centre.root, Certificate("register", "", SigningKey.generate().public.raw.hex(), AT))
    fingerprint = centre.root.public.fingerprint
    assert Trust.established(fingerprint, [*centre.certificates(), twin]).register == centre.register.public


def test_nothing_is_no_trust(centre: Centre) -> None:
    with pytest.raises(Refusal) as refused:
        Trust.established(centre.root.public.fingerprint, [])
    assert refused.value.code == "centre.incomplete"


@pytest.mark.parametrize("subject", ["officer", "device", "service"])
def test_whom_the_policy_key_certifies(centre: Centre, subject: str) -> None:
    wanted = replace(officer(SigningKey.generate()), subject=subject)
    assert centre.trust().read(certify(centre.policy, wanted), at=AT) == wanted


@pytest.mark.parametrize("subject", ["policy", "register", "sealing", "tls", "root", ""])
def test_whom_it_does_not(centre: Centre, subject: str) -> None:
    key = SigningKey.generate().public.raw
    with pytest.raises(Refusal) as refused:
        centre.trust().read(
            certify(centre.policy, Certificate(subject, "x", key.hex(), AT)),
            at=AT,
        )
    assert (refused.value.code, refused.value.facts) == ("certificate.not_entitled", {"subject": subject})


@pytest.mark.parametrize("subject", ["officer", "device", "service", "root"])
def test_whom_the_root_does_not_certify(centre: Centre, subject: str) -> None:
    extra = certify(centre.root, replace(officer(SigningKey.generate()), subject=subject))
    with pytest.raises(Refusal) as refused:
        Trust.established(centre.root.public.fingerprint, [extra, *centre.certificates()])
    assert (refused.value.code, refused.value.facts) == ("certificate.not_entitled", {"subject": subject})


@pytest.mark.parametrize(
    ("subject", "key", "code"),
    [
        ("officer", bytes(32).hex(), "key.weak"),
        ("sealing", bytes(32).hex(), "key.weak"),
        ("tls", bytes(31).hex(), "certificate.form"),
        ("tls", bytes(33).hex(), "certificate.form"),
        ("officer", "no figures", "certificate.form"),
        ("sealing", "0", "certificate.form"),
    ],
)
def test_a_key_that_is_none_is_not_believed_whoever_signed_it(
    centre: Centre, subject: str, key: str, code: str
) -> None:
    """Signed by a programme of another's making, which looks at less than `certify`."""
    said = json.loads(certify(centre.policy, officer(SigningKey.generate()))[96:])
    with pytest.raises(Refusal) as refused:
        centre.trust().read(
            state(centre.policy, CERTIFICATE, {**said, "subject": subject, "key": key}), at=AT
        )
    assert refused.value.code == code


@pytest.mark.parametrize("length", [31, 33])
def test_a_pin_of_another_length_is_not_certified(centre: Centre, length: int) -> None:
    with pytest.raises(Refusal) as refused:
        certify(centre.root, Certificate("tls", "", bytes(length).hex(), AT))
    assert refused.value.code == "certificate.form"


def test_scope_is_said_only_where_there_is_any(centre: Centre) -> None:
    wide = officer(SigningKey.generate())
    narrow = replace(wide, scope=("Bản Phố", "Tả Van"))
    for wanted in (wide, narrow):
        blob = certify(centre.policy, wanted)
        assert (b'"scope"' in blob) == bool(wanted.scope)
        assert centre.trust().read(blob, at=AT) == wanted
    said = json.loads(certify(centre.policy, wide)[96:])
    scopes: list[Json] = [[], None]
    for scope in scopes:
        with pytest.raises(Refusal) as refused:
            centre.trust().read(state(centre.policy, CERTIFICATE, {**said, "scope": scope}), at=AT)
        assert refused.value.code == "certificate.form"
    silent = json.loads(certify(centre.policy, narrow)[96:])
    del silent["first_number"]
    with pytest.raises(Refusal) as refused:
        centre.trust().read(state(centre.policy, CERTIFICATE, silent), at=AT)
    assert refused.value.code == "certificate.form"


def test_an_officer_is_believed_by_the_policy_key_alone(centre: Centre) -> None:
    trust, wanted = centre.trust(), officer(SigningKey.generate())
    assert trust.read(certify(centre.policy, wanted), at=AT) == wanted
    for signer in (centre.root, centre.register, SigningKey.generate()):
        with pytest.raises(Refusal, match=r"certificate\.not_entitled"):
            trust.read(certify(signer, wanted), at=AT)


def test_the_policy_key_cannot_name_another_policy_key(centre: Centre) -> None:
    usurper = replace(officer(SigningKey.generate()), subject="policy")
    with pytest.raises(Refusal, match=r"certificate\.not_entitled"):
        centre.trust().read(certify(centre.policy, usurper), at=AT)
    with pytest.raises(Refusal, match=r"certificate\.not_entitled"):
        Trust.established(
            centre.root.public.fingerprint,
            [certify(centre.root, officer(SigningKey.generate())), *centre.certificates()],
        )


def test_a_certificate_ends(centre: Centre) -> None:
    ending = replace(officer(SigningKey.generate()), expires="2027-01-01T00:00:00Z")
    blob = certify(centre.policy, ending)
    assert centre.trust().read(blob, at="2026-12-31T23:59:59Z") == ending
    with pytest.raises(Refusal, match=r"certificate\.expired"):
        centre.trust().read(blob, at="2027-01-01T00:00:00Z")


def test_a_weak_key_is_not_certified(centre: Centre) -> None:
    with pytest.raises(Refusal, match=r"key\.weak"):
        certify(centre.policy, replace(officer(SigningKey.generate()), key=bytes(32).hex()))


def test_every_flipped_byte_of_a_certificate_is_refused(centre: Centre) -> None:
    trust, blob = centre.trust(), certify(centre.policy, officer(SigningKey.generate()))
    for at in range(len(blob)):
        with pytest.raises(Refusal):
            trust.read(blob[:at] + bytes([blob[at] ^ 1]) + blob[at + 1 :], at=AT)


def test_a_statement_for_one_purpose_is_none_for_another() -> None:
    with pytest.raises(Refusal, match=r"signature\.invalid"):
        read_statement(POLICY, state(SigningKey.generate(), CERTIFICATE, {"a": 1}))


@pytest.mark.parametrize(
    "body",
    [
        b'{"a":1,"a":2}',
        b'{"a": 1}',
        b'{"b":1,"a":2}',
        b'{"a":1.0}',
        b'{"a":NaN}',
        b'{"a":1e400}',
        b'{"a":"\\u0041"}',
        b'["a"]',
        b"\xff",
        b'{"a":' + b"[" * 30_000 + b"]" * 30_000 + b"}",
        b'{"a":"' + b"x" * 70_000 + b'"}',
    ],
)
def test_a_statement_that_has_two_readings_is_refused(body: bytes) -> None:
    key = SigningKey.generate()
    with pytest.raises(Refusal, match=r"statement\.form"):
        read_statement(CERTIFICATE, key.public.raw + sign(key, CERTIFICATE, body) + body)


def test_a_certificate_with_unknown_or_missing_words_is_refused(centre: Centre) -> None:
    said = json.loads(certify(centre.policy, officer(SigningKey.generate()))[96:])
    said.pop("expires")
    for altered in (said, {**said, "expires": "", "power": "all"}, {**said, "expires": 3}):
        with pytest.raises(Refusal, match=r"certificate\.form"):
            centre.trust().read(state(centre.policy, CERTIFICATE, altered), at=AT)


@pytest.mark.parametrize("address", ["https://127.0.0.1:8443", "https://so.example.vn", "https://[::1]:443"])
def test_an_enrolment_code_is_read_as_it_was_written(centre: Centre, address: str) -> None:
    code = EnrolmentCode.issue(address, "02692", centre.root.public.fingerprint)
    assert EnrolmentCode.read(code.text().lower().replace("-", " ")) == code
    assert code.secret.hex() not in repr(code)


def test_a_mistyped_enrolment_code_is_refused(centre: Centre) -> None:
    text = EnrolmentCode.issue("https://h.vn", "02692", centre.root.public.fingerprint).text()
    wrong = "C" if text[0] != "C" else "F"
    with pytest.raises(Refusal, match=r"code\.mistyped"):
        EnrolmentCode.read(wrong + text[1:])


@pytest.mark.parametrize("address", ["http://h.vn", "https://h.vn/x", "https://h vn", "https://" + "h" * 300])
def test_an_address_without_tls_or_too_long_gets_no_code(centre: Centre, address: str) -> None:
    with pytest.raises(Refusal, match=r"enrolment\.address"):
        EnrolmentCode.issue(address, "02692", centre.root.public.fingerprint)


def test_a_code_of_another_kind_is_no_enrolment_code() -> None:
    from app.seal.codes import spell

    for content in (bytes(40), b"\x01" + bytes(20), b"\x01" + bytes(26) + b"\x05aaaa\xff"):
        with pytest.raises(Refusal, match=r"enrolment\.form"):
            EnrolmentCode.read(spell(content))


def test_the_tls_certificate_names_the_loopback_and_has_one_pin() -> None:
    identity = make_tls_identity(LOOPBACK, datetime(2026, 11, 23, tzinfo=UTC))
    found = x509.load_pem_x509_certificate(identity.certificate)
    names = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert [str(each.value) for each in names] == ["localhost", "127.0.0.1", "::1"]
    assert identity.pin == certificate_sha256(identity.certificate)
    assert b"PRIVATE" not in identity.certificate
    assert "PRIVATE" not in repr(identity)
