"""What the child makes of the long parts of a bundle before it hands them out: lines and rows nearly ready.

So the register's own process parses nothing that is long, and writes while the child reads on. Every
author's signature is checked here, by the keys that the laptop says are theirs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

import msgspec

from app.domain.errors import Refusal
from app.domain.outline import Outline
from app.domain.records import Value
from app.domain.standing import DIGEST_MODULUS, Stretch, stretch_digest
from app.seal.keys import CHANGE_SET, public_key, verify
from app.sync import blocks, messages
from app.sync.messages import History
from app.sync.parts import Part

READ = frozenset({Part.BLOCK, Part.HISTORY, Part.ENTRIES})  # the parts that the child reads
_DIGEST_BYTES = (DIGEST_MODULUS - 1).bit_length() // 8
Authors = dict[str, list[bytes]]  # by officer: the keys that her sets may be signed with


class Known(msgspec.Struct, frozen=True):
    """What the laptop knows that opens a bundle: by whose keys sets are checked, and where it stands."""

    authors: Authors
    cursor: int


class Past(msgspec.Struct, array_like=True, frozen=True, tag="past"):
    """A page of the history, newest first; `head`: the journal's below it."""

    lines: list[Outline]
    head: bytes


class Lines(msgspec.Struct, array_like=True, frozen=True, tag="lines"):
    """A block of entries: those of which a snapshot's conflicts and lists speak, or the journal's."""

    lines: list[Outline]


class Records(msgspec.Struct, array_like=True, frozen=True, tag="records"):
    """A snapshot's block of records (`standing.Stretch`), and the sum of their digests."""

    kind: str
    ids: Sequence[str]
    values: Mapping[str, Sequence[Value]]
    behind: Sequence[int]
    clock: Sequence[int]
    odd: Mapping[int, Mapping[str, tuple[tuple[int, ...], int]]]
    empty: Mapping[int, Sequence[str]]
    digest: bytes

    @property
    def stretch(self) -> Stretch:
        """As it is poured."""
        said = self.ids, self.values, self.behind, self.clock
        return Stretch(self.kind, *said, self.odd, self.empty)


Piece = Past | Lines | Records
_Piece = TypeVar("_Piece", bound=msgspec.Struct)
_pack = msgspec.msgpack.Encoder().encode
unpacked = msgspec.msgpack.Decoder(Piece).decode


def read_out(kind: Part, content: bytes, is_senders: messages.Verify, known: Known | None) -> Iterator[bytes]:
    """A part of those in `READ`, piece by piece; nothing `known`: only what is to be said of it.

    Of another laptop's journal nothing comes that this one has.

    Refusal("sync.message") or ("sync.signature") for other bytes, ("sync.forged_set") for a set that its
    author did not sign.
    """
    if kind is Part.HISTORY:
        found = messages.read(content, History, is_senders)[1]
        lines = blocks.outlined(found.block)
        if isinstance(lines, Stretch):
            raise Refusal("sync.message")
        yield _pack(Past(_checked(lines, known), found.head))
        return
    after = known.cursor if known is not None and kind is Part.ENTRIES else 0
    for read in blocks.apart(content, after):
        if not isinstance(read, Stretch):
            yield _pack(Lines(_checked(read, known)))
        elif known is not None:
            digest = stretch_digest(read).to_bytes(_DIGEST_BYTES, "big")
            said = read.ids, read.values, read.behind, read.clock, read.odd, read.empty
            yield _pack(Records(read.kind, *said, digest))


def _checked(lines: list[Outline], known: Known | None) -> list[Outline]:
    if known is None:
        return [line._replace(body=b"", signature=b"", records=()) for line in lines]
    for line in lines:
        keys = known.authors.get(line.head.author, ())
        if not any(verify(public_key(key), CHANGE_SET, line.body, line.signature) for key in keys):
            raise Refusal("sync.forged_set", seq=line.seq)
    return lines


def taken(content: bytes, kind: type[_Piece]) -> _Piece:
    """A piece as the child handed it out; Refusal("sync.message") for one of another kind."""
    found = unpacked(content)
    if not isinstance(found, kind):
        raise Refusal("sync.message")
    return found
