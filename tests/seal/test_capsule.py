"""What a laptop that cannot get in gives away: frames that only the centre opens, whole or not at all."""

from __future__ import annotations

import hashlib
import io

import pytest

from app.domain.changes import SignedSet
from app.domain.errors import Refusal
from app.seal.capsule import SET_BYTES_MAX, Frame, frame, frames, header, mark_of, read_header
from app.seal.sealing import Identity, open_sealed
from app.seal.wrapping import unwrap, wrap

KEY, CENTRE = bytes(range(32)), Identity(bytes(range(1, 33)))
SETS = [SignedSet(b"set %d" % at, bytes([at]) * 64) for at in range(3)]


@pytest.fixture(scope="module")
def whole() -> list[bytes]:
    return [frame(each, KEY, CENTRE.recipient) for each in SETS]


@pytest.fixture(scope="module")
def sound(whole: list[bytes]) -> bytes:
    return header("03321") + b"".join(whole)


def read(content: bytes) -> list[Frame]:
    file = io.BytesIO(content)
    assert read_header(file) == "03321"
    return list(frames(file))


def test_each_set_comes_back_as_it_was_signed(sound: bytes) -> None:
    found = read(sound)
    assert [each.open(CENTRE) for each in found] == SETS


def test_a_frame_lies_as_its_form_says(whole: list[bytes]) -> None:
    """Capsules lie beside vaults for years: length, BLAKE2b-128, label of 80 bytes, one age file."""
    lying = whole[1]
    assert int.from_bytes(lying[:4], "big") == len(lying) - 20
    assert lying[4:20] == hashlib.blake2b(lying[20:], digest_size=16).digest()
    assert unwrap(KEY, lying[20:100], b"soansinh/1 capsule label") == (
        bytes.fromhex(SETS[1].id) + CENTRE.recipient.raw[:8]
    )
    assert open_sealed(lying[100:], CENTRE) == SETS[1].signature + SETS[1].body
    assert header("03321") == b"soansinh capsule 1 03321\n"
    assert SET_BYTES_MAX == 16 * 1024 * 1024


def test_a_frame_says_where_it_lies(sound: bytes, whole: list[bytes]) -> None:
    at = len(header("03321"))
    for found, lying in zip(read(sound), whole, strict=True):
        assert (found.at, found.end) == (at, at + len(lying))
        at = found.end
    assert at == len(sound)


def test_its_laptop_knows_the_sets_and_whose_key_opens_them_and_nobody_else_does(sound: bytes) -> None:
    for found, each in zip(read(sound), SETS, strict=True):
        assert found.names(KEY) == (each.id, mark_of(CENTRE.recipient))
        assert found.names(bytes(32)) == ("", b"")
    assert mark_of(CENTRE.recipient) == CENTRE.recipient.raw[:8]
    assert mark_of(Identity.generate().recipient) != mark_of(CENTRE.recipient)


def test_a_label_is_no_label_of_anything_else() -> None:
    """What it is bound to is authenticated: another program's wrapped bytes are no name."""
    foreign = Frame(0, wrap(KEY, bytes(40), b"something else"), b"")
    assert foreign.names(KEY) == ("", b"")


def test_only_the_centre_opens_it(sound: bytes) -> None:
    with pytest.raises(Refusal) as refused:
        read(sound)[0].open(Identity.generate())
    assert refused.value.code == "sealed.not_opened"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"soansinh capsule 1 \n",
        b"soansinh capsule 2 03321\n",
        b"soansinh capsule 1 03321",
        b"soansinh capsule 1 0332a\n",
        b"soansinh capsule 1 " + b"0" * 11 + b"\n",
        b" soansinh capsule 1 03321\n",
        b"soansinh capsule 1 03321\r\n",
    ],
)
def test_a_file_that_is_no_capsule(content: bytes) -> None:
    with pytest.raises(Refusal) as refused:
        read_header(io.BytesIO(content))
    assert refused.value.code == "capsule.form"


def test_of_a_file_that_is_none_no_more_is_read_than_a_header_is_long() -> None:
    file = io.BytesIO(b"x" * 10_000)
    with pytest.raises(Refusal):
        read_header(file)
    assert file.tell() == len(header("0" * 10)) == 30


def test_a_header_names_any_commune_and_stops_at_its_line() -> None:
    for commune in ("0", "0123456789", "TRAIN"):
        file = io.BytesIO(header(commune) + b"more")
        assert read_header(file) == commune
        assert file.read() == b"more"


def test_a_torn_tail_leaves_the_whole_frames_before_it(sound: bytes, whole: list[bytes]) -> None:
    begun = len(header("03321")) + len(whole[0])
    for cut in range(begun, begun + len(whole[1])):
        assert [each.open(CENTRE) for each in read(sound[:cut])] == SETS[:1]


def test_an_altered_frame_ends_it(sound: bytes, whole: list[bytes]) -> None:
    begun = len(header("03321")) + len(whole[0])
    for at in range(begun, begun + len(whole[1]), 7):
        bent = sound[:at] + bytes([sound[at] ^ 1]) + sound[at + 1 :]
        assert [each.open(CENTRE) for each in read(bent)] == SETS[:1]


def lying(content: bytes) -> bytes:
    """A frame of any content, its length and digest right."""
    return len(content).to_bytes(4, "big") + hashlib.blake2b(content, digest_size=16).digest() + content


def test_a_frame_is_more_than_its_label_and_no_longer_than_a_set() -> None:
    at = len(header("03321"))
    assert read(header("03321") + lying(bytes(80))) == []
    assert read(header("03321") + lying(bytes(81))) == [Frame(at, bytes(80), bytes(1))]
    assert len(read(header("03321") + lying(bytes(SET_BYTES_MAX)))) == 1
    assert read(header("03321") + lying(bytes(SET_BYTES_MAX + 1))) == []
