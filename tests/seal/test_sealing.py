"""Only the addressee opens; headers outside the narrow profile never reach the library."""

from __future__ import annotations

import base64
import io

import pyrage
import pytest

from app.domain.errors import Refusal
from app.seal.sealing import Identity, Recipient, open_sealed, open_stream, seal


def test_each_recipient_opens_and_nobody_else() -> None:
    first, second, other = (Identity.generate() for _ in range(3))
    for _ in range(40):  # rage's noise stanza differs each time
        sealed = seal(b"content", [first.recipient, second.recipient])
        assert open_sealed(sealed, first) == open_sealed(sealed, second) == b"content"
    with pytest.raises(Refusal, match=r"sealed\.not_opened"):
        open_sealed(sealed, other)


def test_keys_are_written_as_age_writes_them() -> None:
    known = pyrage.x25519.Identity.generate()
    identity = Identity.generate()
    opened = pyrage.decrypt(
        pyrage.encrypt(
            b"x", [pyrage.x25519.Recipient.from_str(identity.recipient.address), known.to_public()]
        ),
        [known],
    )
    assert opened == b"x"
    assert identity.recipient.address.startswith("age1")
    assert len(identity.recipient.address) == len(str(known.to_public()))


def test_every_flipped_byte_is_refused() -> None:
    identity = Identity.generate()
    sealed = seal(b"database key", [identity.recipient])
    for at in range(len(sealed)):
        with pytest.raises(Refusal, match="sealed"):
            open_sealed(sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :], identity)
    for at in range(len(sealed)):
        with pytest.raises(Refusal, match="sealed"):
            open_sealed(sealed[:at], identity)


def test_a_password_stanza_is_refused_before_any_work() -> None:
    with pytest.raises(Refusal, match=r"sealed\.form"):
        open_sealed(pyrage.passphrase.encrypt(b"x", "mat khau"), Identity.generate())


def test_armour_is_refused() -> None:
    identity = Identity.generate()
    recipient = pyrage.x25519.Recipient.from_str(identity.recipient.address)
    with pytest.raises(Refusal, match=r"sealed\.form"):
        open_sealed(pyrage.encrypt(b"x", [recipient], armored=True), identity)


def test_a_crowd_of_recipients_is_refused() -> None:
    identity = Identity.generate()
    crowd = [Identity.generate().recipient for _ in range(20)]
    assert open_sealed(seal(b"x", [*crowd[:19], identity.recipient]), identity) == b"x"
    with pytest.raises(Refusal, match=r"sealed\.form"):
        open_sealed(seal(b"x", [*crowd, identity.recipient]), identity)


def test_a_huge_noise_stanza_is_refused() -> None:
    identity = Identity.generate()
    sealed = seal(b"x", [identity.recipient])
    noise = b"-> big-grease\n" + base64.b64encode(bytes(48)) * 200 + b"\n--- "
    with pytest.raises(Refusal, match=r"sealed\.form"):
        open_sealed(sealed.replace(b"--- ", noise, 1), identity)


def test_of_something_else_no_more_is_read_than_a_header_may_be_long() -> None:
    file = io.BytesIO(b"x" * 100_000)
    with pytest.raises(Refusal, match=r"sealed\.form"):
        open_stream(file, io.BytesIO(), Identity.generate())
    assert file.tell() == 8 * 1024


@pytest.mark.parametrize("raw", [bytes(32), (1).to_bytes(32, "little"), b"", bytes(31)])
def test_a_recipient_whose_seal_opens_to_all_cannot_be_held(raw: bytes) -> None:
    with pytest.raises(Refusal, match=r"key\.weak"):
        Recipient(raw)


def test_an_identity_shows_no_secret() -> None:
    identity = Identity(bytes(range(32)))
    assert "1f" not in repr(identity)
    assert repr(identity.secret) not in repr(identity)
