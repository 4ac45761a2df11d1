"""What runs in the child: a stranger's file opened and taken apart, before any of it is believed.

Imports no database, so that it starts at once and keeps within 200 MB.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from app.domain.errors import Refusal, Trouble
from app.domain.progress import Progress
from app.seal import bundles
from app.seal.bundles import Front, Tally
from app.seal.keys import MESSAGE, verify
from app.seal.sealing import Identity
from app.sync import messages, pieces
from app.sync.parts import MESSAGES, Part

_KINDS = frozenset(Part)


class Surveyed(msgspec.Struct, frozen=True):
    """What a bundle is, read to its end: its front, what its payload comes to, and the first fault in it.

    A fault in the payload is told last: who sent it, and to whom, says more to whoever holds the stick.
    """

    statement: bytes
    credentials: bytes
    digest: str
    length: int
    counts: dict[int, int]
    size: int
    fault: str = ""


class Asked(msgspec.Struct, frozen=True):
    """Which parts of the payload that was surveyed are to be handed out.

    `known`: what the laptop knows that takes them in; without it long parts are only told of.
    """

    kinds: list[int]
    digest: str
    known: pieces.Known | None = None


def survey(file: str, secret: bytes, progress: Progress) -> Surveyed:
    """Read all of it, keep nothing. Each message in it should be one, of whoever signed the manifest.

    Refusal("bundle.header"), ("bundle.not_for_us"), ("bundle.altered"), ("bundle.form"),
    ("bundle.signature"); Trouble("stick.gone").
    """
    path, signer, faults = Path(file), cache(_signer), list[str]()

    def take(front: Front, kind: int, content: bytes) -> None:
        progress.step(0, 0, "Reading the stick")
        if kind not in _KINDS:
            faults.append("bundle.form")
        elif kind in MESSAGES and not faults:
            try:
                messages.probe(content, signer(front.statement))
            except Refusal as error:
                faults.append(error.code)

    front, tally = _opened(path, secret, take)
    bundles.read_manifest(front.statement)
    size = path.stat().st_size
    said = (front.statement, front.credentials, tally.digest, tally.length, tally.counts, size)
    return Surveyed(*said, "".join(faults[:1]))


def pour(
    file: str,
    secret: bytes,
    asked: Any,
    send: Callable[[bytes], None],
    progress: Progress,
) -> None:
    """Hand out the parts that are `Asked` for, each behind its kind; long ones as `read_out` reads them.

    Refusal("bundle.changed") at the end when this is not the payload that was surveyed, and those of
    `read_out` before it.
    """
    wanted, signer = msgspec.convert(asked, Asked), cache(_signer)

    def take(front: Front, kind: int, content: bytes) -> None:
        progress.step(0, 0, "Reading the stick")
        if kind not in wanted.kinds:
            return
        if kind not in pieces.READ:
            send(bytes([kind]) + content)
            return
        for piece in pieces.read_out(Part(kind), content, signer(front.statement), wanted.known):
            send(bytes([kind]) + piece)

    _front, tally = _opened(Path(file), secret, take)
    if tally.digest != wanted.digest:
        raise Refusal("bundle.changed")


def _signer(statement: bytes) -> messages.Verify:
    """Whoever signed the manifest signed each of its messages too, under the same name."""
    manifest, by = bundles.read_manifest(statement)
    return lambda who, payload, signature: who == manifest.sender and verify(by, MESSAGE, payload, signature)


def _opened(path: Path, secret: bytes, take: Callable[[Front, int, bytes], None]) -> tuple[Front, Tally]:
    try:
        with path.open("rb") as sealed:
            return bundles.open_bundle(sealed, Identity(secret), take)
    except OSError as error:
        raise Trouble("stick.gone") from error
    except Refusal as error:
        match error.code:  # what sealed files say, as what it means of a stick
            case "sealed.form":
                raise Refusal("bundle.header") from error
            case "sealed.not_opened":
                raise Refusal("bundle.not_for_us") from error
            case "sealed.altered":
                raise Refusal("bundle.altered") from error
        raise
