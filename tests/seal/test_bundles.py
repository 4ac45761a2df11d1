"""A bundle says who made it, for whom and of what; anything else inside is no bundle."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Any, cast

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import Refusal
from app.seal.bundles import (
    BUNDLE_BYTES_MAX,
    CREDENTIALS_BYTES_MAX,
    PART_BYTES_MAX,
    STATEMENT_BYTES_MAX,
    Front,
    Manifest,
    before,
    new_id,
    open_bundle,
    read_manifest,
    seal_bundle,
    sign_manifest,
    tally,
)
from app.seal.keys import BUNDLE, MESSAGE, SigningKey
from app.seal.sealing import Identity, seal
from app.seal.statements import Json, state

KEY, READER = SigningKey(bytes(range(32))), Identity(bytes(range(1, 33)))
MANIFEST = Manifest(
    format="soansinh.bundle.1",
    id="0123456789abcdef" * 2,
    errand="request",
    sender="03321/laptop-1",
    to="centre",
    number=1,
    time="2026-11-29T08:00:00Z",
    expiry="2027-01-13T08:00:00Z",
    schema=11,
    digest="0123456789abcdef" * 4,
    length=0,
    counts={"sets": 3},
)
FRONT = Front(b"said", b"who")


def code_of(refused: pytest.ExceptionInfo[Refusal]) -> str:
    return refused.value.code


def said(**instead: object) -> dict[str, Any]:
    """A manifest as it is written, with other words in it."""
    return {**msgspec.to_builtins(MANIFEST), **instead}


def signed(words: dict[str, Any], purpose: bytes = BUNDLE) -> bytes:
    return state(KEY, purpose, cast("dict[str, Json]", words))


# The manifest


def test_a_manifest_is_read_as_it_was_signed_and_by_whom() -> None:
    assert read_manifest(sign_manifest(KEY, MANIFEST)) == (MANIFEST, KEY.public)
    assert said()["from"] == "03321/laptop-1"


@pytest.mark.parametrize(
    "words",
    [
        {"number": 0, "length": (1 << 53) - 1, "schema": 0, "counts": {}},
        {"from": "a" * 140, "to": "Z/~-9", "errand": "a" * 32, "counts": {"a_z": 0}},
    ],
)
def test_what_a_manifest_may_say(words: dict[str, object]) -> None:
    found, _by = read_manifest(signed(said(**words)))
    assert msgspec.to_builtins(found) == said(**words)


@pytest.mark.parametrize(
    "words",
    [
        {"format": "soansinh.bundle.2"},
        {"id": "0123456789abcdef" * 2 + "0"},
        {"id": "0123456789ABCDEF" * 2},
        {"digest": "0123456789abcdef" * 4 + "0"},
        {"digest": ""},
        {"from": "a" * 141},
        {"from": ""},
        {"from": "../a b"},
        {"to": "a" * 141},
        {"to": "a\n"},
        {"errand": "a" * 33},
        {"errand": "Request"},
        {"time": "2026-11-29T08:00:00+00:00"},
        {"time": "2026-11-29"},
        {"expiry": "never"},
        {"number": -1},
        {"number": 1 << 53},
        {"length": -1},
        {"length": 1 << 53},
        {"schema": -1},
        {"schema": 1 << 53},
        {"number": True},
        {"number": "1"},
        {"counts": {"sets": -1}},
        {"counts": {"Sets": 1}},
        {"counts": {"": 1}},
        {"counts": [1]},
        {"sender": "x"},
    ],
)
def test_what_no_manifest_says(words: dict[str, object]) -> None:
    with pytest.raises(Refusal) as refused:
        read_manifest(signed(said(**words)))
    assert code_of(refused) == "bundle.form"


@pytest.mark.parametrize("name", sorted(said()))
def test_a_manifest_leaves_nothing_out(name: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_manifest(signed({key: value for key, value in said().items() if key != name}))
    assert code_of(refused) == "bundle.form"


def test_a_statement_that_its_signer_did_not_sign() -> None:
    sound = sign_manifest(KEY, MANIFEST)
    forged = (
        sound[:40] + bytes([sound[40] ^ 1]) + sound[41:],
        signed(said(), MESSAGE),
        bytes(32) + sound[32:],  # a weak key, under which one signature fits many messages
        SigningKey.generate().public.raw + sound[32:],
    )
    for statement in forged:
        with pytest.raises(Refusal) as refused:
            read_manifest(statement)
        assert code_of(refused) == "bundle.signature"


@pytest.mark.parametrize("statement", [b"", bytes(96), signed({"x": ""})])
def test_a_statement_that_is_none(statement: bytes) -> None:
    with pytest.raises(Refusal) as refused:
        read_manifest(statement)
    assert code_of(refused) == "bundle.form"


def test_a_statement_is_as_long_as_it_may_be() -> None:
    counts, left = dict[str, int](), STATEMENT_BYTES_MAX - len(signed(said(counts={"a": 0})))
    while left >= 0:  # each name costs its letters and `"":0,`
        name = chr(97 + len(counts) // 26) + chr(97 + len(counts) % 26)
        length = min(32, left - 5 - 7 if 37 < left < 45 else left - 5) if left > 5 else 0
        if not length:
            break
        counts[name.ljust(length, "z")] = 0
        left -= length + 5
    longest = signed(said(counts={"a": 0, **counts}))
    assert len(longest) == STATEMENT_BYTES_MAX
    assert len(read_manifest(longest)[0].counts) == len(counts) + 1
    with pytest.raises(Refusal) as refused:
        read_manifest(signed(said(counts={"aa": 0, **counts})))
    assert code_of(refused) == "bundle.form"


def test_ids_are_a_hundred_and_twenty_eight_bits() -> None:
    ids = {new_id() for _ in range(50)}
    assert len(ids) == 50
    assert all(len(bytes.fromhex(each)) == 16 for each in ids)


# The file


def test_the_bounds_of_the_form() -> None:
    """What FAT holds in one file; what a reader takes before it knows who wrote it."""
    assert BUNDLE_BYTES_MAX == 4_294_967_295
    assert STATEMENT_BYTES_MAX == 8_192
    assert CREDENTIALS_BYTES_MAX == 1_048_576
    assert PART_BYTES_MAX == 10_485_760


@dataclass
class Taken:
    """What a reader had of a bundle."""

    parts: list[tuple[int, bytes]] = field(default_factory=list)

    def __call__(self, front: Front, kind: int, content: bytes) -> None:
        assert front == FRONT
        self.parts.append((kind, content))


def sealed(parts: list[tuple[int, bytes]], front: Front = FRONT) -> io.BytesIO:
    file = io.BytesIO()
    seal_bundle(front, parts, file, [READER.recipient])
    file.seek(0)
    return file


@given(st.lists(st.tuples(st.integers(0, 255), st.integers(0, 70_000)), max_size=5))
def test_parts_come_back_whole_and_in_order(sizes: list[tuple[int, int]]) -> None:
    parts, taken = [(kind, bytes([kind]) * size) for kind, size in sizes], Taken()
    front, found = open_bundle(sealed(parts), READER, taken)
    assert (front, taken.parts) == (FRONT, parts)
    assert found == tally(parts)
    assert found.length == sum(5 + size for _kind, size in sizes)
    assert sum(found.counts.values()) == len(parts)


def test_a_tally_is_of_the_bytes_as_they_lie() -> None:
    found = tally([(1, b"ab"), (2, b""), (1, b"c")])
    assert before(1, b"ab") + b"ab" == b"\x01\x00\x00\x00\x02ab"
    assert found.length == 18
    assert found.counts == {1: 2, 2: 1}
    lying = b"\x01\x00\x00\x00\x02ab" + b"\x02\x00\x00\x00\x00" + b"\x01\x00\x00\x00\x01c"
    assert found.digest == hashlib.sha256(lying).hexdigest()


@pytest.mark.parametrize("size", [PART_BYTES_MAX, PART_BYTES_MAX + 1])
def test_a_part_is_as_long_as_it_may_be(size: int) -> None:
    taken = Taken()
    if size == PART_BYTES_MAX:
        open_bundle(sealed([(3, bytes(size))]), READER, taken)
        assert [len(content) for _kind, content in taken.parts] == [size]
        return
    with pytest.raises(Refusal) as refused:
        open_bundle(sealed([(3, bytes(size))]), READER, taken)
    assert (code_of(refused), taken.parts) == ("bundle.form", [])


def test_what_stands_before_the_payload_has_its_lengths_too() -> None:
    longest = Front(bytes(STATEMENT_BYTES_MAX), bytes(CREDENTIALS_BYTES_MAX))
    assert open_bundle(sealed([], longest), READER, Taken()) == (longest, tally([]))
    for front in (
        Front(bytes(STATEMENT_BYTES_MAX + 1), b""),
        Front(b"", bytes(CREDENTIALS_BYTES_MAX + 1)),
    ):
        with pytest.raises(Refusal) as refused:
            open_bundle(sealed([], front), READER, Taken())
        assert code_of(refused) == "bundle.form"


@pytest.mark.parametrize("content", [b"", b"\x00\x00", b"\x00\x00\x00\x00", FRONT.framed()[:-1]])
def test_something_else_inside_is_no_bundle(content: bytes) -> None:
    with pytest.raises(Refusal) as refused:
        open_bundle(io.BytesIO(seal(content, [READER.recipient])), READER, Taken())
    assert code_of(refused) == "bundle.form"


@pytest.mark.parametrize("tail", [b"\x01", b"\x01\x00\x00\x00\x02", b"\x01\x00\x00\x00\x02a"])
def test_what_was_begun_and_not_ended_is_no_bundle(tail: bytes) -> None:
    taken = Taken()
    whole = FRONT.framed() + before(1, b"whole") + b"whole"
    with pytest.raises(Refusal) as refused:
        open_bundle(io.BytesIO(seal(whole + tail, [READER.recipient])), READER, taken)
    assert (code_of(refused), taken.parts) == ("bundle.form", [(1, b"whole")])


def test_for_another_reader_or_altered_on_the_way() -> None:
    file = sealed([(1, bytes(200_000))]).getvalue()
    bent = (
        (file, Identity.generate(), "sealed.not_opened"),
        (b"x" + file, READER, "sealed.form"),
        (file[:-1], READER, "sealed.altered"),
        (file[:150_000] + b"x" + file[150_001:], READER, "sealed.altered"),
    )
    for content, reader, code in bent:
        with pytest.raises(Refusal) as refused:
            open_bundle(io.BytesIO(content), reader, Taken())
        assert code_of(refused) == code


# Whatever goes wrong around it comes through as it was


class Mishap(BaseException):
    """Something that no library knows."""


@pytest.mark.parametrize("mishap", [Mishap(), Refusal("people.no"), OSError(28, "No space left on device")])
def test_what_the_reader_raises_comes_through_and_nothing_more_is_handed_over(mishap: BaseException) -> None:
    calls = list[int]()

    def take(_front: Front, kind: int, _content: bytes) -> None:
        calls.append(kind)
        raise mishap

    with pytest.raises(type(mishap)) as raised:
        open_bundle(sealed([(at, bytes(70_000)) for at in range(1, 5)]), READER, take)
    assert raised.value is mishap
    assert calls == [1]


def test_what_the_parts_raise_comes_through() -> None:
    mishap = Mishap()

    def parts() -> Iterator[tuple[int, bytes]]:
        yield 1, b"first"
        raise mishap

    with pytest.raises(Mishap) as raised:
        seal_bundle(FRONT, parts(), io.BytesIO(), [READER.recipient])
    assert raised.value is mishap


def test_what_broke_off_while_it_was_written_does_not_end_as_if_it_were_whole() -> None:
    def parts() -> Iterator[tuple[int, bytes]]:
        yield 1, bytes(200_000)
        raise Mishap

    file = io.BytesIO()
    with pytest.raises(Mishap):
        seal_bundle(FRONT, parts(), file, [READER.recipient])
    assert file.tell() > 100_000
    file.seek(0)
    with pytest.raises(Refusal) as refused:
        open_bundle(file, READER, Taken())
    assert code_of(refused) == "sealed.altered"


def test_what_the_writing_raises_comes_through() -> None:
    full = OSError(28, "No space left on device")

    class Full(io.BytesIO):
        def write(self, content: object, /) -> int:
            raise full

    with pytest.raises(OSError, match="No space") as raised:
        seal_bundle(FRONT, [(1, bytes(200_000))], cast("IO[bytes]", Full()), [READER.recipient])
    assert raised.value is full
