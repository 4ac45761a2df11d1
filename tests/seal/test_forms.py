"""Words and lengths that are agreed between laptops and a centre of other years."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from hashlib import sha512

import nacl.bindings as curve
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import ExtendedKeyUsageOID
from nacl._sodium import lib

from app.domain.errors import Refusal
from app.seal import keys, many
from app.seal.codes import ALPHABET, spell, unspell
from app.seal.enrolment import EnrolmentCode
from app.seal.keys import CHANGE_SET, MESSAGE, SigningKey, sign, unsigned
from app.seal.recovery import new_recovery_code, read_key, spelled_key
from app.seal.sealing import Identity, identity_of, open_sealed, recipient_of, seal
from app.seal.tls import certificate_sha256, make_tls_identity

KEY = SigningKey(bytes(range(32)))
AT = datetime(2026, 11, 23, 8, tzinfo=UTC)


def test_what_signatures_are_for() -> None:
    purposes = {
        "CHANGE_SET": b"change-set",
        "MESSAGE": b"message",
        "HEAD": b"head",
        "CERTIFICATE": b"certificate",
        "POLICY": b"policy",
        "PROGRAMME": b"programme",
        "ENROLMENT": b"enrolment",
        "SESSION": b"session",
        "BUNDLE": b"bundle",
        "TRANSFER": b"transfer",
    }
    assert {name: getattr(keys, name) for name in purposes} == purposes


def test_of_many_signatures_those_that_nobody_made_are_named() -> None:
    other = SigningKey.generate()
    both = (other.public.raw, KEY.public.raw)
    signed = sign(KEY, MESSAGE, b"m")
    said = [(both, b"m", signed), (both, b"n", signed), (both[:1], b"m", signed), ((), b"m", signed)]
    assert list(unsigned(MESSAGE, said)) == [1, 2, 3]
    off = [signed[:-1], signed + b"m", b"", signed + sign(KEY, MESSAGE, b"m"), sign(KEY, CHANGE_SET, b"m")]
    assert unsigned(MESSAGE, [(both, b"m", each) for each in off]) == list(range(len(off)))
    frame = b"soansinh/1 message\0"
    over_more = sign(KEY, MESSAGE, b"y" + frame + b"m")
    assert unsigned(MESSAGE, [(both, b"m", over_more + frame + b"y"), (both, b"m", signed)]) == [0]


def test_a_key_that_is_none_signs_nothing() -> None:
    signed = sign(KEY, MESSAGE, b"m")
    for off in (KEY.public.raw + b"x", KEY.public.raw[:-1], b"", bytes(32)):
        assert unsigned(MESSAGE, [([off], b"m", signed), ([off, KEY.public.raw], b"m", signed)]) == [0]


def test_where_libsodium_does_not_begin_nothing_is_said_of_any_signature(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said = [([KEY.public.raw], b"m", sign(KEY, MESSAGE, b"m"))]
    for answer in (0, 1):  # it began, or had begun
        with monkeypatch.context() as patch:
            patch.setattr(many, "lib", Library(answer))
            assert unsigned(MESSAGE, said) == []
    monkeypatch.setattr(many, "lib", Library(-1))
    with pytest.raises(RuntimeError, match="libsodium"):
        unsigned(MESSAGE, said)


class Library:
    """libsodium, but for what it answers when it is asked to begin."""

    def __init__(self, answer: int) -> None:
        self.sodium_init = lambda: answer

    def __getattr__(self, name: str) -> object:
        return getattr(lib, name)


def test_a_key_of_mixed_order_signs_nothing() -> None:
    """Its holder can sign what holds for some and not for others; libsodium alone takes it."""
    secret, once = ((bytes([number]) + bytes(31)) for number in (5, 7))
    base = curve.crypto_scalarmult_ed25519_base_noclamp
    of_order_8 = bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a")
    key, point = curve.crypto_core_ed25519_add(base(secret), of_order_8), base(once)
    for number in range(1_000):
        message = b"%d" % number
        whole = sha512(point + key + b"soansinh/1 message\0" + message).digest()
        drawn = curve.crypto_core_ed25519_scalar_reduce(whole)
        scalar = curve.crypto_core_ed25519_scalar_mul(drawn, secret)
        signature = point + curve.crypto_core_ed25519_scalar_add(once, scalar)
        if drawn[0] % 8 == 0:
            break
    curve.crypto_sign_open(signature + b"soansinh/1 message\0" + message, key)
    assert unsigned(MESSAGE, [([key], message, signature)]) == [0]


def test_a_signing_key_opens_what_was_sealed_to_its_public_half() -> None:
    sealed = seal(b"content", [recipient_of(KEY.public)])
    assert open_sealed(sealed, identity_of(KEY)) == b"content"
    with pytest.raises(Refusal):
        open_sealed(sealed, Identity.generate())


def test_a_database_key_is_told_from_a_printed_code() -> None:
    assert read_key(spelled_key(bytes(range(32)))) == bytes(range(32))
    assert read_key(new_recovery_code()) is None


# Enrolment codes


def written(form: int = 1, commune: bytes = b"03321", host: bytes = b"centre.vn", tail: bytes = b"") -> str:
    named = bytes([len(commune)]) + commune + bytes([len(host)]) + host
    return spell(bytes([form]) + bytes(16) + bytes(10) + named + tail)


def test_an_enrolment_code_lies_as_its_form_says() -> None:
    found = EnrolmentCode.read(written())
    assert found == EnrolmentCode("https://centre.vn", "03321", "00" * 16, bytes(10))
    assert found.text() == written()
    assert len(EnrolmentCode.issue("https://centre.vn", "03321", "00" * 16).secret) == 10


@pytest.mark.parametrize(
    "code",
    [
        written(form=2),
        written(commune=b""),
        written(commune=b"0332a"),
        written(host=b""),
        written(host=b"centre vn"),
        written(tail=b"x"),
        spell(b"\x01" + bytes(26)),
    ],
)
def test_a_code_that_says_anything_else_is_none(code: str) -> None:
    with pytest.raises(Refusal) as refused:
        EnrolmentCode.read(code)
    assert refused.value.code == "enrolment.form"


def test_an_address_is_as_long_as_it_may_be() -> None:
    longest = "https://" + "a" * 192
    assert EnrolmentCode.issue(longest, "0", "00" * 16).address == longest
    for address, commune in ((longest + "a", "0"), ("https://a", ""), ("https://a", "x"), ("http://a", "0")):
        with pytest.raises(Refusal) as refused:
            EnrolmentCode.issue(address, commune, "00" * 16)
        assert refused.value.code == "enrolment.address"


# The centre's certificate


def test_a_tls_certificate_is_a_servers_for_ten_years_from_the_day_before() -> None:
    identity = make_tls_identity(["localhost", "127.0.0.1", "::1"], AT)
    found = x509.load_pem_x509_certificate(identity.certificate)
    assert found.not_valid_before_utc == AT - timedelta(days=1)
    assert found.not_valid_after_utc == AT + timedelta(days=3650)
    names = found.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    assert names.value.get_values_for_type(x509.DNSName) == ["localhost"]
    assert [str(each) for each in names.value.get_values_for_type(x509.IPAddress)] == ["127.0.0.1", "::1"]
    basic = found.extensions.get_extension_for_class(x509.BasicConstraints)
    usage = found.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    assert (basic.critical, basic.value.ca, names.critical, usage.critical) == (True, False, False, False)
    assert list(usage.value) == [ExtendedKeyUsageOID.SERVER_AUTH]
    assert found.subject.rfc4514_string() == found.issuer.rfc4514_string() == "CN=localhost"
    assert identity.pin == certificate_sha256(identity.certificate) == found.fingerprint(SHA256()).hex()


# Codes that people type


def signs_of(number: int, count: int) -> str:
    signs = ""
    while len(signs) < count:
        number, value = divmod(number, 24)
        signs = ALPHABET[value] + signs
    return signs


def test_neighbours_swapped_are_located() -> None:
    signs = spell(bytes(range(7, 23))).replace("-", "")
    for at in range(1, len(signs)):
        if signs[at] == signs[at - 1]:
            continue
        swapped = signs[: at - 1] + signs[at] + signs[at - 1] + signs[at + 1 :]
        with pytest.raises(Refusal) as refused:
            unspell(swapped)
        assert (refused.value.code, refused.value.facts) == ("code.mistyped_group", {"group": at // 4 + 1})


def test_a_code_says_no_more_than_it_has_room_for() -> None:
    """Two groups hold two bytes: a number whose check holds and that is larger was never spelled."""
    for content, is_read in ((0, True), (65_535, True), (65_536, False), (331_775, False)):
        base = content * 24**4
        signs = signs_of(base + -base % 331_697, 8)
        if is_read:
            assert unspell(signs) == content.to_bytes(2, "big")
            continue
        with pytest.raises(Refusal) as refused:
            unspell(signs)
        assert refused.value.code.startswith("code.mistyped")


def test_codes_have_lengths() -> None:
    longest = spell(bytes(223))
    assert len(longest.replace("-", "")) <= 400
    for content in (b"", b"a", b"ab", b"abc"):
        assert unspell(spell(content))[: len(content)] == content
    assert [len(spell(bytes(size)).replace("-", "")) for size in (1, 2, 3, 16)] == [8, 8, 12, 32]
    for code in ("", "0000", "00000", "0000-0000-0", "0" * 404, "0000-000A"):
        with pytest.raises(Refusal) as refused:
            unspell(code)
        assert refused.value.code == "code.form"
    assert not any(unspell("0" * 400))
