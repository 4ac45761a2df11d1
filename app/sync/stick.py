"""The second carrier: the same messages in a file that somebody takes across, by motorbike if need be.

Writing: parts are run through twice, for the manifest stands before them and says what they come to.
Reading: the file's size, its header, what is inside (in a child), who sent it, to whom, its number,
digest and form; only then is anything poured out (design/security.md, On a stick). Who takes it in:
`incoming.py` on a laptop, `central.handover` at the centre. What goes: `outgoing.py`, and there.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from app.domain.errors import Refusal, Trouble
from app.domain.progress import Progress
from app.sandbox.children import Child, Limits
from app.seal import bundles
from app.seal.bundles import BUNDLE_BYTES_MAX, FORMAT, Front, Manifest, new_id, sign_manifest
from app.seal.keys import PublicKey, SigningKey
from app.seal.sealing import Identity, Recipient
from app.seal.statements import utc
from app.store import parcels
from app.store.parcels import Parcel
from app.store.stick import Written, write_verified
from app.sync import unsealing
from app.sync.messages import UNPACKED_BYTES_MAX
from app.sync.parts import Part
from app.sync.pieces import Known
from app.sync.unsealing import Asked, Surveyed

SUFFIX = ".bangiao"
SCHEMA = 1  # of parts and records; a newer one is not guessed at
VALID_DAYS = 180
_DAY_MS = 24 * 3600 * 1000
_SEALED_ABOUT = 1.002  # age adds 16 bytes to 64 KiB
_MEMORY_BYTES = 200 << 20
_SECONDS = 2.0
_BYTES_PER_SECOND = 512 << 10  # it unpacks tenfold: a register of 22,000 people took 2 s on a busy machine

Parts = Callable[[], Iterable[tuple[Part, bytes]]]  # the same each time it is asked


@dataclass(frozen=True)
class Draft:
    """A bundle to be written: from and to whom, its number in that pair, what is in it.

    `left_out`: the photos that turned out not to be readable, once its parts were run through.
    """

    errand: str
    sender: str
    to: str
    number: int
    now_ms: int
    parts: Parts
    credentials: bytes = b""
    left_out: Collection[str] = ()


@dataclass(frozen=True)
class Made:
    """A bundle on a stick, read again from it.

    `left_out`: the photos that are not in it, being damaged or gone, by SHA-256; `whose` they are, by name.
    """

    manifest: Manifest
    written: Written
    left_out: tuple[str, ...] = ()
    whose: tuple[str, ...] = ()

    def parcel(self, counts: dict[str, int]) -> Parcel:
        """As the book of parcels keeps it."""
        return _parcel(parcels.OUT, self.manifest.to, self.manifest, self.written.size, counts)


@dataclass(frozen=True)
class Found:
    """A bundle that was read to its end: what it says of itself, whose key signed that, what is in it."""

    path: Path
    manifest: Manifest
    by: PublicKey
    surveyed: Surveyed

    def parcel(self, counts: dict[str, int]) -> Parcel:
        """As the book of parcels keeps it."""
        return _parcel(parcels.IN, self.manifest.sender, self.manifest, self.surveyed.size, counts)


def _parcel(way: str, peer: str, said: Manifest, size: int, counts: dict[str, int]) -> Parcel:
    whole = {**said.counts, **counts}
    return Parcel(said.id, way, said.errand, peer, said.number, said.time, said.digest, size, whole)


def child() -> Child:
    """What sticks are read in: 200 MB, and two seconds more than the bytes should take."""
    return Child(Limits(_MEMORY_BYTES, _SECONDS))


def file_name(manifest: Manifest) -> str:
    """Who, to whom, which: communes, laptops and numbers, no person.

    The id tells apart what has the same number: transfers out of two communes, a laptop put back from a copy.
    """
    ends = "-".join(one.replace("/", "-").replace("~", ".") for one in (manifest.sender, manifest.to))
    return f"{ends}-{manifest.errand}-{manifest.number:04}-{manifest.id[:8]}{SUFFIX}"


def write(
    draft: Draft, key: SigningKey, recipients: Sequence[Recipient], folder: Path, progress: Progress
) -> Made:
    """Write a bundle into a folder of a stick; the troubles of `write_verified`, Cancelled."""
    tally = bundles.tally(_told(draft.parts(), 0, progress, "Gathering"))
    manifest = Manifest(
        FORMAT,
        new_id(),
        draft.errand,
        draft.sender,
        draft.to,
        draft.number,
        utc(draft.now_ms),
        utc(draft.now_ms + VALID_DAYS * _DAY_MS),
        SCHEMA,
        tally.digest,
        tally.length,
        {Part(kind).word: count for kind, count in tally.counts.items()},
    )
    front = Front(sign_manifest(key, manifest), draft.credentials)

    def pour(sealed: IO[bytes]) -> None:
        parts = _told(draft.parts(), tally.length, progress, "Writing the stick")
        bundles.seal_bundle(front, parts, sealed, recipients)

    size = int(tally.length * _SEALED_ABOUT) + len(draft.credentials) + bundles.STATEMENT_BYTES_MAX
    if size > BUNDLE_BYTES_MAX:
        raise Refusal("bundle.too_much", gb_max=BUNDLE_BYTES_MAX >> 30)
    written = write_verified(folder / file_name(manifest), pour, progress, bytes_about=size)
    return Made(manifest, written, tuple(draft.left_out))


def _told(
    parts: Iterable[tuple[Part, bytes]], total: int, progress: Progress, what: str
) -> Iterator[tuple[int, bytes]]:
    done = 0
    for kind, content in parts:
        progress.step(done, total, what)
        done += len(content)
        yield kind, content


def find(where: Child, path: Path, identity: Identity, progress: Progress) -> Found:
    """Read a file to its end in the child, and believe nothing yet.

    Refusal("bundle.size"), those of `unsealing.survey` and of the child; Trouble("stick.gone").
    """
    try:
        size = path.stat().st_size
    except OSError as error:
        raise Trouble("stick.gone") from error
    if not 0 < size <= BUNDLE_BYTES_MAX:
        raise Refusal("bundle.size")
    file, seconds = str(path), _seconds(size)
    surveyed = where.call(
        unsealing.survey, file, identity.secret, progress=progress, returns=Surveyed, seconds=seconds
    )
    manifest, by = bundles.read_manifest(surveyed.statement)
    return Found(path, manifest, by, surveyed)


def _seconds(size: int) -> float:
    return _SECONDS + size / _BYTES_PER_SECOND


def require_payload(found: Found) -> None:
    """Whether the payload is the one that was signed, in a form that this program knows.

    Refusal("bundle.digest"), ("bundle.newer"), ("bundle.form"), ("sync.signature"), ("sync.too_large")
    or ("sync.message").
    """
    said, come = found.manifest, found.surveyed
    known = {kind.value: kind.word for kind in Part}
    counts = {known.get(kind, "strange"): count for kind, count in come.counts.items()}
    if (said.digest, said.length, said.counts) != (come.digest, come.length, counts):
        raise Refusal("bundle.digest")
    if said.schema > SCHEMA:
        raise Refusal("bundle.newer")
    match come.fault:
        case "":
            return
        case "bundle.form":
            raise Refusal("bundle.form")
        case "sync.signature":
            raise Refusal("sync.signature")
        case "sync.too_large":
            raise Refusal("sync.too_large", bytes_max=UNPACKED_BYTES_MAX)
        case _:
            raise Refusal("sync.message")


def pour(
    where: Child,
    found: Found,
    identity: Identity,
    kinds: Collection[Part],
    progress: Progress,
    known: Known | None = None,
) -> Iterator[tuple[Part, bytes]]:
    """The parts of these kinds, in their order; Refusal("bundle.changed") at the end if others came.

    So nothing may be kept before the end: whoever takes them in does so in one transaction. Of the long
    ones the child hands out `pieces`, checked by what is `known`; without that, what is to be said.
    """
    size = found.surveyed.size
    asked = Asked([int(kind) for kind in kinds], found.manifest.digest, known)
    said = (str(found.path), identity.secret, asked)
    for piece in where.stream(unsealing.pour, *said, progress=progress, seconds=10 * _seconds(size)):
        yield Part(piece[0]), piece[1:]


def fingerprint(path: Path) -> str:
    """SHA-256 of a file as it lies there."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
