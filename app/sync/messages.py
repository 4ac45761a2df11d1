"""SyncRequest and SyncResponse: what they say, their bytes, who signed them.

A message is MessagePack arrays, its sets in columns (`columns.py`), under Zstandard in an envelope
that signs length and hash of the packed bytes: whoever is nobody's laptop costs one signature and
unpacks nothing. The same bytes go over HTTPS or inside a stick's seal, so the signature is the
message's own; over HTTPS a long one is announced by it (`announced`), before the body.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TypeVar

import msgspec
import zstandard

from app.domain.changes import SignedSet
from app.domain.errors import Refusal
from app.sync import columns, told
from app.sync.columns import Columns
from app.sync.entries import Entries, WireEntry, packed_entries, unpacked_entries

PROTOCOL = 1
MEDIA = "application/octet-stream"
BODY_BYTES_MAX = 10 << 20  # one message as carried
UNPACKED_BYTES_MAX = 2 * BODY_BYTES_MAX  # and as unpacked: a bomb stops here
STRANGER_BYTES_MAX = 64 << 10  # of somebody who is not known yet, carried and unpacked
FRONT_BYTES = 256  # in which a sender's name stands
_LENGTH_BYTES = 8
_ENVELOPE, _FIXED_STR, _STR_8 = 0x93, 0xA0, 0xD9  # how MessagePack begins an array of three, and a text
_CHUNK_BYTES = 64 << 10
_WINDOW_BYTES_MAX = 8 << 20  # what unpacking may look back on; our own level 3 needs 2 MiB
PAGE_BYTES = 1 << 20  # bodies of sets or entries in one message
STICK_PAGE_BYTES = 4 << 20  # in an answer on a stick, where nothing breaks; a laptop holds each five times
_LEVEL, STICK_LEVEL = 3, 17  # a fifth smaller than 15 and half as long as 19, where nobody waits on a line

Sign = Callable[[bytes], bytes]
Verify = Callable[[str, bytes, bytes], bool]  # sender, what is signed, signature


class SyncRequest(msgspec.Struct, array_like=True, frozen=True, dict=True):
    """What a laptop says. `digest` is of its accepted values at `cursor` (32 bytes).

    `device` is the id under which it writes now. `whole` asks for its own sets too with their
    bodies: it met one that it did not make. `policy`, `programme`: the versions that it holds;
    `arrived`: the last of what came from other communes.
    """

    protocol: int
    commune: str
    device: str
    number: int
    cursor: int
    digest: bytes
    policy: int
    sets: list[tuple[bytes, bytes]] = []
    whole: bool = False
    programme: int = 0
    arrived: int = 0

    @cached_property
    def signed(self) -> Sequence[SignedSet]:
        """The sets; read already, where they came in columns or out of a vault."""
        return [SignedSet(*pair) for pair in self.sets]


class Receipt(msgspec.Struct, array_like=True, frozen=True):
    """Of a pushed set that has no seq: why it was not taken. One that was taken comes in the journal."""

    id: bytes
    why: str


class SyncResponse(msgspec.Struct, array_like=True, frozen=True):
    """What the centre answers to the request `number` of a laptop that stood at `start`.

    It is for `device` alone: a laptop's own sets are named in it by number, and `own` is a hash over
    their ids. Head, digest and signature are empty when the laptop holds them already. `furthest`: where
    it said to stand before, when that is further than it says now. `arrivals`: what came from other
    communes, as the centre signed it (`transfer.py`); `arrived`: how far these go.
    """

    protocol: int
    commune: str
    device: str
    number: int
    start: int
    entries: list[WireEntry]
    receipts: list[Receipt]
    cursor: int
    more: bool
    digest: bytes
    head: bytes
    head_signature: bytes
    policy: bytes = b""
    own: bytes = b""
    programme: bytes = b""
    furthest: int = 0
    arrivals: list[bytes] = []
    arrived: int = 0


class History(msgspec.Struct, array_like=True, frozen=True):
    """As many of them as one page holds, as a block of entries; the policy when it is another.

    Whoever wrote them may have been certified after the laptop last heard. `head`: the journal's
    below the stretch that these entries close, where one was asked for.
    """

    protocol: int
    commune: str
    block: bytes
    policy: bytes = b""
    head: bytes = b""


class Envelope(msgspec.Struct, array_like=True, frozen=True):
    """Who sends, the message's packed bytes, an Ed25519 signature over what says which they are."""

    sender: str
    payload: bytes
    signature: bytes


class Announced(msgspec.Struct, array_like=True, frozen=True):
    """A message that is about to come: the same but for its packed bytes, in the place of which stand
    their length and hash."""

    sender: str
    claim: bytes
    signature: bytes

    @property
    def length(self) -> int:
        """How long the message is at most, its envelope with it."""
        return int.from_bytes(self.claim[:_LENGTH_BYTES], "big") + FRONT_BYTES + len(self.signature)


Message = TypeVar("Message", bound=msgspec.Struct)


def pushing(asked: Message, sets: Sequence[SignedSet]) -> Message:
    """The same request with these sets, read as far as they were."""
    pushed = msgspec.structs.replace(asked, sets=[(each.body, each.signature) for each in sets])
    vars(pushed)["signed"] = sets  # where the cached property keeps it
    return pushed


def write(message: msgspec.Struct, sender: str, sign: Sign, level: int = _LEVEL) -> bytes:
    """The bytes a carrier takes across."""
    payload = zstandard.compress(msgspec.msgpack.encode(_in_columns(message, sender)), level)
    return msgspec.msgpack.encode(Envelope(sender, payload, sign(claim(payload))))


def read(
    carried: bytes,
    kind: type[Message],
    verify: Verify,
    *,
    carried_max: int = BODY_BYTES_MAX,
    unpacked_max: int = UNPACKED_BYTES_MAX,
) -> tuple[str, Message]:
    """Sender and message; Refusal("sync.message") for other bytes, "sync.signature" for a forged one.

    Refusal("sync.too_large") beyond what one message may be.

    The protocol is looked at before the rest, so that a newer program's message is refused with
    "sync.protocol" rather than misread.
    """
    if len(carried) > carried_max:
        raise Refusal("sync.too_large", bytes_max=carried_max)
    try:
        envelope = msgspec.msgpack.decode(carried, type=Envelope)
        if not verify(envelope.sender, claim(envelope.payload), envelope.signature):
            raise Refusal("sync.signature")
        plain = _unpack(envelope.payload, unpacked_max)
        head = msgspec.msgpack.decode(plain, type=list[msgspec.Raw])
        spoken = msgspec.msgpack.decode(head[0], type=int)
        if spoken != PROTOCOL:
            raise Refusal("sync.protocol", theirs=spoken, ours=PROTOCOL)
        return envelope.sender, _out_of_columns(head, kind, envelope.sender)
    except (msgspec.MsgspecError, zstandard.ZstdError, ValueError, IndexError, RecursionError) as error:
        raise Refusal("sync.message") from error


def probe(carried: bytes, verify: Verify) -> None:
    """Whether these bytes are a message, of whatever kind, by whom it should be: looked at in a child.

    Refusal("sync.message"), ("sync.signature") or ("sync.too_large").
    """
    try:
        envelope = msgspec.msgpack.decode(carried, type=Envelope)
        if not verify(envelope.sender, claim(envelope.payload), envelope.signature):
            raise Refusal("sync.signature")
        # Made into objects, a page of a list's sets would fill the child's memory.
        msgspec.msgpack.decode(_unpack(envelope.payload, UNPACKED_BYTES_MAX), type=list[msgspec.Raw])
    except (msgspec.MsgspecError, zstandard.ZstdError, ValueError, RecursionError) as error:
        raise Refusal("sync.message") from error


def fits(carried: bytes) -> bool:
    """Whether a message of ours is one that whoever gets it will read."""
    payload = msgspec.msgpack.decode(carried, type=Envelope).payload
    plain = zstandard.get_frame_parameters(payload).content_size
    return len(carried) <= BODY_BYTES_MAX and plain <= UNPACKED_BYTES_MAX


def _unpack(packed: bytes, bytes_max: int) -> bytes:
    """Decompress as a stream with a counted cap: `max_output_size` does not stop a bomb."""
    unpacker = zstandard.ZstdDecompressor(max_window_size=_WINDOW_BYTES_MAX)
    plain = bytearray()
    with unpacker.stream_reader(packed) as stream:
        while chunk := stream.read(_CHUNK_BYTES):
            plain += chunk
            if len(plain) > bytes_max:
                raise Refusal("sync.too_large", bytes_max=bytes_max)
    return bytes(plain)


def claim(payload: bytes) -> bytes:
    """What is signed of a message: its length and its hash."""
    return len(payload).to_bytes(_LENGTH_BYTES, "big") + hashlib.sha256(payload).digest()


def announce(carried: bytes) -> bytes:
    """The words that go before a long message; empty for one that needs none."""
    if len(carried) <= STRANGER_BYTES_MAX:
        return b""
    envelope = msgspec.msgpack.decode(carried, type=Envelope)
    said = Announced(envelope.sender, claim(envelope.payload), envelope.signature)
    return msgspec.msgpack.encode(said)


def read_announced(words: bytes, verify: Verify) -> Announced:
    """Who will send how much; Refusal("sync.message") for other words, "sync.signature" for forged ones."""
    try:
        found = msgspec.msgpack.decode(words, type=Announced)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise Refusal("sync.message") from error
    if not verify(found.sender, found.claim, found.signature):
        raise Refusal("sync.signature")
    return found


def words_in(header: str) -> bytes:
    """The words that stand in a header `Authorization`, base 64; Refusal("sync.message") for other text."""
    try:
        return base64.b64decode(header, validate=True)
    except ValueError as error:
        raise Refusal("sync.message") from error


def sender_of(carried: bytes) -> str:
    """Who says to have sent a message of ours; nothing is checked."""
    return msgspec.msgpack.decode(carried, type=Envelope).sender


def sender_in(front: bytes) -> str:
    """The same out of a message's first `FRONT_BYTES`; empty for bytes that do not begin like one."""
    if len(front) < 2 or front[0] != _ENVELOPE:
        return ""
    begin, length = (3, front[2]) if front[1] == _STR_8 and len(front) > 2 else (2, front[1] - _FIXED_STR)
    try:
        return front[begin : begin + length].decode() if 0 < length <= FRONT_BYTES - 3 else ""
    except UnicodeDecodeError:
        return ""


def _in_columns(message: msgspec.Struct, sender: str) -> object:
    """The message as it travels: its one long field in columns, and what its sender says left out."""
    place = _LONG.get(type(message))
    if place is None:
        return message
    fields = list(msgspec.structs.astuple(message))
    if isinstance(message, SyncRequest):
        if sender == f"{message.commune}/{message.device}":
            fields[_COMMUNE] = fields[_DEVICE] = ""
        fields[place] = columns.pack(message.signed) if message.sets else None
    elif isinstance(message, SyncResponse):
        fields[place] = packed_entries(message.entries) if message.entries else None
    return fields


def _out_of_columns(head: list[msgspec.Raw], kind: type[Message], sender: str) -> Message:
    place = _LONG.get(kind)
    if place is None:
        return msgspec.convert([msgspec.msgpack.decode(raw) for raw in head], kind)
    fields = [msgspec.msgpack.decode(raw) if at != place else [] for at, raw in enumerate(head)]
    if kind is not SyncRequest:
        page = msgspec.msgpack.decode(head[place], type=Entries | None)
        fields[place] = unpacked_entries(page) if page else []
        return msgspec.convert(fields, kind)
    if not fields[_COMMUNE] and not fields[_DEVICE]:
        fields[_COMMUNE], _, fields[_DEVICE] = sender.partition("/")
    packed = msgspec.msgpack.decode(head[place], type=Columns | None)
    return pushing(msgspec.convert(fields, kind), told.unpack(packed) if packed else [])


_COMMUNE, _DEVICE = (SyncRequest.__struct_fields__.index(name) for name in ("commune", "device"))
_LONG: dict[type, int] = {
    SyncRequest: SyncRequest.__struct_fields__.index("sets"),
    SyncResponse: SyncResponse.__struct_fields__.index("entries"),
}


def head_message(commune: str, seq: int, head: bytes, digest: bytes) -> bytes:
    """What the register key signs of a head: a receipt and a checkpoint in one."""
    return b"\x1f".join([commune.encode(), str(seq).encode(), head, digest])
