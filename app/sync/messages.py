"""SyncRequest and SyncResponse: what they say, their bytes, who signed them.

A message is MessagePack arrays under Zstandard, in an envelope that signs the packed bytes: whoever
is nobody's laptop costs one signature and unpacks nothing. The same bytes go over HTTPS or
inside a stick's seal, so the signature is the message's own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import msgspec
import zstandard

from app.domain.changes import Entry, SignedSet, pack_verdicts, unpack_verdicts
from app.domain.errors import Refusal

PROTOCOL = 1
BODY_BYTES_MAX = 10 << 20  # one message as carried
UNPACKED_BYTES_MAX = 64 << 20  # and as unpacked: a bomb stops here
STRANGER_BYTES_MAX = 64 << 10  # of somebody who is not known yet, carried and unpacked
_CHUNK_BYTES = 64 << 10
_WINDOW_BYTES_MAX = 8 << 20  # what unpacking may look back on; our own level 3 needs 2 MiB
PAGE_BYTES = 1 << 20  # bodies of sets or entries in one message

Sign = Callable[[bytes], bytes]
Verify = Callable[[str, bytes, bytes], bool]  # sender, payload, signature


class SyncRequest(msgspec.Struct, array_like=True, frozen=True):
    """What a laptop says. `digest` is of its accepted values at `cursor` (32 bytes).

    `device` is the id under which it writes now. `whole` asks for its own sets too with their
    bodies: it met one that it did not make.
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


class WireEntry(msgspec.Struct, array_like=True, frozen=True):
    """One journal entry; of the asker's own sets the id alone (`body` empty, `signature` the id)."""

    seq: int
    body: bytes
    signature: bytes
    verdicts: bytes


class Receipt(msgspec.Struct, array_like=True, frozen=True):
    """Of one pushed set: its seq in the journal, or 0 and why it was not taken."""

    id: bytes
    seq: int
    why: str = ""


class SyncResponse(msgspec.Struct, array_like=True, frozen=True):
    """What the centre answers to the request `number` of a laptop that stood at `start`.

    It is for `device` alone: a laptop's own sets are named in it by id.
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


class Envelope(msgspec.Struct, array_like=True, frozen=True):
    """Who sends, the message's packed bytes, an Ed25519 signature over them as packed."""

    sender: str
    payload: bytes
    signature: bytes


Message = TypeVar("Message", bound=msgspec.Struct)


def write(message: msgspec.Struct, sender: str, sign: Sign) -> bytes:
    """The bytes a carrier takes across."""
    payload = zstandard.compress(msgspec.msgpack.encode(message), 3)
    return msgspec.msgpack.encode(Envelope(sender, payload, sign(payload)))


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
        if not verify(envelope.sender, envelope.payload, envelope.signature):
            raise Refusal("sync.signature")
        plain = _unpack(envelope.payload, unpacked_max)
        head = msgspec.msgpack.decode(plain, type=list[msgspec.Raw])
        spoken = msgspec.msgpack.decode(head[0], type=int)
        if spoken != PROTOCOL:
            raise Refusal("sync.protocol", theirs=spoken, ours=PROTOCOL)
        return envelope.sender, msgspec.msgpack.decode(plain, type=kind)
    except (msgspec.MsgspecError, zstandard.ZstdError, UnicodeDecodeError, IndexError) as error:
        raise Refusal("sync.message") from error


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


def wire_entry(entry: Entry, asker: str) -> WireEntry:
    """An entry as it travels to one laptop."""
    own = entry.signed.set.device == asker
    body, mark = (b"", bytes.fromhex(entry.signed.id)) if own else (entry.signed.body, entry.signed.signature)
    return WireEntry(entry.seq, body, mark, pack_verdicts(entry.verdicts))


def entry_of(wire: WireEntry, own: dict[str, SignedSet]) -> Entry:
    """The entry again; Refusal("sync.unknown_own_set") when this laptop does not hold what it named."""
    if wire.body:
        signed: SignedSet | None = SignedSet(wire.body, wire.signature)
    else:
        signed = own.get(wire.signature.hex())
    if signed is None:
        raise Refusal("sync.unknown_own_set", seq=wire.seq)
    return Entry(wire.seq, signed, unpack_verdicts(wire.verdicts))


def head_message(commune: str, seq: int, head: bytes, digest: bytes) -> bytes:
    """What the register key signs of a head: a receipt and a checkpoint in one."""
    return b"\x1f".join([commune.encode(), str(seq).encode(), head, digest])
