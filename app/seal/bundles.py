"""What a stick carries: one age file around a signed manifest, what makes its signer known, and the payload.

    statement    the manifest in strict canonical JSON, under its sender's signature
    credentials  what a reader needs who has never heard of the sender; signed by whom it says, or empty
    payload      parts, each with its kind and length; the manifest has their SHA-256, length and counts

age does not say who sealed, so sender and addressee stand inside (design/security.md, On a stick).
All of it streams: a month's photos are never held whole. Whether a sender is to be believed, and
what a part means, is the caller's question.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain
from typing import IO, cast

import msgspec

from app.domain.errors import Refusal
from app.seal.keys import BUNDLE, PublicKey, SigningKey
from app.seal.sealing import Identity, Recipient, open_stream, seal_stream
from app.seal.statements import Json, read_statement, state

FORMAT = "soansinh.bundle.1"
BUNDLE_BYTES_MAX = (1 << 32) - 1  # what FAT holds in one file
STATEMENT_BYTES_MAX = 8 * 1024
CREDENTIALS_BYTES_MAX = 1 << 20
PART_BYTES_MAX = 10 << 20
_LENGTH_BYTES = 4
_PART_FRONT = 1 + _LENGTH_BYTES
_ID, _DIGEST = re.compile(r"[0-9a-f]{32}"), re.compile(r"[0-9a-f]{64}")
_WHO = re.compile(r"[0-9A-Za-z/~-]{1,140}")
_WORD, _MOMENT = re.compile(r"[a-z_]{1,32}"), re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_WHOLE_MAX = 1 << 53


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"sender": "from"}):
    """What a bundle says of itself. `number`: the sender's, of this pair; `time`, `expiry`: UTC, by seconds.

    `counts`: how many parts of each kind; `digest`, `length`: of the payload.
    """

    format: str
    id: str
    errand: str
    sender: str
    to: str
    number: int
    time: str
    expiry: str
    schema: int
    digest: str
    length: int
    counts: dict[str, int]


@dataclass(frozen=True)
class Tally:
    """What a payload comes to."""

    digest: str
    length: int
    counts: dict[int, int]  # by kind


@dataclass(frozen=True)
class Front:
    """What stands before the payload."""

    statement: bytes
    credentials: bytes = b""

    def framed(self) -> bytes:
        """As it is sealed."""
        parts = (self.statement, self.credentials)
        return b"".join(len(part).to_bytes(_LENGTH_BYTES, "big") + part for part in parts)


def new_id() -> str:
    """128 random bits."""
    return secrets.token_hex(16)


def before(kind: int, content: bytes) -> bytes:
    """What stands before a part in the payload."""
    return bytes([kind]) + len(content).to_bytes(_LENGTH_BYTES, "big")


def tally(parts: Iterable[tuple[int, bytes]]) -> Tally:
    """Digest, length and counts of a payload."""
    digest, length, counts = hashlib.sha256(), 0, Counter[int]()
    for kind, content in parts:
        digest.update(before(kind, content))
        digest.update(content)
        length += _PART_FRONT + len(content)
        counts[kind] += 1
    return Tally(digest.hexdigest(), length, dict(counts))


def sign_manifest(key: SigningKey, manifest: Manifest) -> bytes:
    """The statement."""
    return state(key, BUNDLE, cast("dict[str, Json]", msgspec.to_builtins(manifest)))


def read_manifest(statement: bytes) -> tuple[Manifest, PublicKey]:
    """The manifest, and whose key signed it.

    Refusal("bundle.signature") when that key did not; ("bundle.form") for any other bytes than our own.
    """
    try:
        found = read_statement(BUNDLE, statement, bytes_max=STATEMENT_BYTES_MAX)
        manifest = msgspec.convert(dict(found.said), Manifest)
    except msgspec.ValidationError as error:
        raise Refusal("bundle.form") from error
    except Refusal as error:
        if error.code == "statement.form":
            raise Refusal("bundle.form") from error
        raise Refusal("bundle.signature") from error
    if not _is_sound(manifest):
        raise Refusal("bundle.form")
    return manifest, found.by


def _is_sound(manifest: Manifest) -> bool:
    numbers = (manifest.number, manifest.length, manifest.schema, *manifest.counts.values())
    return (
        manifest.format == FORMAT
        and bool(_ID.fullmatch(manifest.id) and _DIGEST.fullmatch(manifest.digest))
        and bool(_WHO.fullmatch(manifest.sender) and _WHO.fullmatch(manifest.to))
        and all(_MOMENT.fullmatch(moment) for moment in (manifest.time, manifest.expiry))
        and all(_WORD.fullmatch(word) for word in (manifest.errand, *manifest.counts))
        and all(0 <= number < _WHOLE_MAX for number in numbers)
    )


def seal_bundle(
    front: Front, parts: Iterable[tuple[int, bytes]], sealed: IO[bytes], recipients: Sequence[Recipient]
) -> None:
    """Write it; what the parts or the writing raise comes through as it is."""
    payload = chain.from_iterable((before(*part), part[1]) for part in parts)
    source = _Source(chain([front.framed()], payload))
    sink = _Kept(sealed)
    try:
        seal_stream(cast("IO[bytes]", source), cast("IO[bytes]", sink), recipients)
    finally:
        _raise_first(source.fault, sink.fault)


def open_bundle(
    sealed: IO[bytes], identity: Identity, take: Callable[[Front, int, bytes], None]
) -> tuple[Front, Tally]:
    """Front and tally of a bundle; `take` has front and part as each comes, before all is known to be true.

    The refusals of `sealing.open_stream`; Refusal("bundle.form") when there is something else inside, and
    whatever `take` raises.
    """
    sieve = _Sieve(take)
    try:
        open_stream(sealed, cast("IO[bytes]", sieve), identity)
    finally:
        _raise_first(sieve.fault)
    return sieve.finished()


def _raise_first(*faults: BaseException | None) -> None:
    """Our own errors pass through age's library, which makes them its own; said again as they were."""
    for fault in faults:
        if fault is not None:
            raise fault


@dataclass
class _Remembering:
    """What a file of ours could not do, and why."""

    fault: BaseException | None = field(default=None, init=False)

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Whatever is raised within goes on, and is remembered."""
        try:
            yield
        except BaseException as error:
            self.fault = error
            raise


@dataclass
class _Source(_Remembering):
    """Pieces read as a file."""

    pieces: Iterator[bytes]
    _piece: bytes = b""
    _at: int = 0

    def read(self, size: int) -> bytes:
        """Up to `size` bytes, none at the end."""
        while self._at >= len(self._piece):
            with self.kept():
                piece = next(self.pieces, None)
            if piece is None:
                break
            self._piece, self._at = piece, 0
        begun, self._at = self._at, self._at + size
        return self._piece[begun : self._at]


@dataclass
class _Kept(_Remembering):
    """A file that remembers why it could not be written."""

    file: IO[bytes]

    def write(self, content: bytes) -> int:
        """As the file's."""
        with self.kept():
            return self.file.write(content)

    def flush(self) -> None:
        """What is flushed, and when, is the owner's of the file."""


@dataclass
class _Sieve(_Remembering):
    """The plain bytes as they come, taken apart."""

    take: Callable[[Front, int, bytes], None]
    _held: bytearray = field(default_factory=bytearray)
    _front: list[bytes] = field(default_factory=list)
    _counts: Counter[int] = field(default_factory=Counter)
    _length: int = 0

    def __post_init__(self) -> None:
        self._digest = hashlib.sha256()

    def write(self, content: bytes) -> int:
        """As a file's."""
        if self.fault is not None:  # the library may try once more
            raise self.fault
        with self.kept():
            self._held += content
            self._sift()
        return len(content)

    def flush(self) -> None:
        """Nothing is kept back."""

    def _sift(self) -> None:
        at = 0
        while (end := self._next_end(at)) is not None:
            with memoryview(self._held) as held:
                piece = bytes(held[at:end])
            self._take(piece)
            at = end
        if at:
            del self._held[:at]

    def _next_end(self, at: int) -> int | None:
        """Where the piece that begins here ends; None while it has not come.

        A length of which some bytes are still to come reads as less, and ends beyond what is held.
        """
        is_front = len(self._front) < 2
        front = _LENGTH_BYTES if is_front else _PART_FRONT
        size = int.from_bytes(self._held[at + front - _LENGTH_BYTES : at + front], "big")
        longest = (STATEMENT_BYTES_MAX, CREDENTIALS_BYTES_MAX, PART_BYTES_MAX)[len(self._front)]
        if size > longest:
            raise Refusal("bundle.form")
        end = at + front + size
        return end if end <= len(self._held) else None

    def _take(self, piece: bytes) -> None:
        if len(self._front) < 2:
            self._front.append(piece[_LENGTH_BYTES:])
        else:
            self._digest.update(piece)
            self._length += len(piece)
            self._counts[piece[0]] += 1
            self.take(Front(*self._front), piece[0], piece[_PART_FRONT:])

    def finished(self) -> tuple[Front, Tally]:
        """What it came to; Refusal("bundle.form") when something was begun and not ended."""
        if len(self._front) < 2 or self._held:
            raise Refusal("bundle.form")
        return Front(*self._front), Tally(self._digest.hexdigest(), self._length, dict(self._counts))
