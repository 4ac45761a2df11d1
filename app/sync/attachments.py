"""The bytes of attachments, after the sets that cite them: sent in pieces that resume, fetched on demand.

A laptop says which record cites the bytes, so that the centre looks up one row and takes nothing that
the commune's journal does not speak of. Pieces go in their order; the centre's answer says which is
wanted next, so that a piece sent twice, or after a break, costs itself alone (design/sync.md, Attachments).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Protocol

import msgspec
from sqlalchemy import Connection

from app.domain.attachments import BYTES_MAX, Cited, piece_length, pieces_of
from app.domain.errors import Cancelled, Coded, Refusal, Trouble
from app.domain.progress import Progress
from app.seal.keys import MESSAGE, DeviceKey, sign, verify
from app.store import attachments, exchanges, outbox, place
from app.store.exchanges import FILES, Exchange
from app.store.files import Files
from app.sync import messages
from app.sync.messages import PROTOCOL
from app.sync.policy import centre_of

_SHA256, _RECORD = re.compile(r"[0-9a-f]{64}"), re.compile(r"[0-9a-f]{32}")


class Asked(msgspec.Struct, array_like=True, frozen=True):
    """Of which attachment a laptop speaks; with a piece of it (`no` from 0) when it sends one."""

    protocol: int
    commune: str
    record: str
    sha256: str
    no: int = 0
    piece: bytes = b""

    @property
    def is_sound(self) -> bool:
        """Whether record and hash have their form."""
        return bool(_SHA256.fullmatch(self.sha256) and _RECORD.fullmatch(self.record))


class Held(msgspec.Struct, array_like=True, frozen=True):
    """What the centre has of it: so many pieces from the first on; whole and checked, or not yet."""

    protocol: int
    commune: str
    sha256: str
    pieces: int
    whole: bool


class Store(Protocol):
    """Where bytes are handed in and fetched; the laptop signs what it says, the centre what it answers."""

    def held(self, asked: bytes, sha256: str) -> bytes:
        """How much of it is there."""

    def put_piece(self, sent: bytes, sha256: str, no: int) -> bytes:
        """One piece handed in; how much is there then."""

    def fetch_piece(self, asked: bytes, sha256: str, no: int) -> bytes:
        """One piece, as it is."""


class Vault(Protocol):
    """Where the laptop's rows are."""

    def write(self) -> AbstractContextManager[Connection]:
        """One transaction."""

    def whole(self) -> AbstractContextManager[Connection]:
        """One unchanging view."""


@dataclass(frozen=True)
class Laptop:
    """One end of the line: rows, sealed files, and the key that signs what is said."""

    vault: Vault
    files: Files
    device: DeviceKey


@dataclass(frozen=True)
class Sent:
    """What one sending did: attachments now whole at the centre, bytes that went, how many still wait.

    `unread`: how many of those cannot be read on this laptop; `whose` they are, by name.
    """

    files: int
    bytes: int
    waiting: int
    unread: int = 0
    whose: tuple[str, ...] = ()


def send(laptop: Laptop, store: Store, progress: Progress) -> Sent:
    """Send what waits, the newest enrolments first, until all is there or a new set waits to go before it.

    Between two pieces it can be cancelled, and gives way. Whatever a break leaves undone goes on at the
    piece that the centre asks for next. What it did is noted in `store.exchanges`, a failure too.
    """
    line, outcome = _Line(laptop, store), FILES
    with laptop.vault.whole() as connection:
        wanted = attachments.waiting(connection)
    try:
        for at, cited in enumerate(wanted):
            for _piece in line.hand_in(cited):
                progress.step(at, len(wanted), "Sending photos")
    except Cancelled:
        pass
    except Coded as error:
        outcome = error.code
        raise
    finally:
        line.note(outcome)
    with laptop.vault.whole() as connection:
        unread, waiting = line.unread, attachments.load(connection).count
        return Sent(line.whole, line.bytes, waiting, len(unread), attachments.whose(connection, unread))


def fetch(laptop: Laptop, store: Store, progress: Progress, cited: Cited) -> None:
    """Have the bytes of one attachment here, from the piece on that came last.

    Trouble("attachment.not_there_yet") when the laptop that took it in has not sent it whole;
    Trouble("attachment.garbled") when what came is something else: it is dropped, and may be asked for again.
    """
    if not 0 < cited.size <= BYTES_MAX:
        raise Refusal("attachment.too_large", mb_max=BYTES_MAX >> 20)
    line, files = _Line(laptop, store), laptop.files
    count = pieces_of(cited.size)
    come = min(files.come(cited.sha256), count)
    if come < count and not line.held(cited).whole:
        raise Trouble("attachment.not_there_yet")
    for no in range(come, count):
        progress.step(no, count, "Fetching the photo")
        piece = store.fetch_piece(line.words(cited), cited.sha256, no)
        if len(piece) != piece_length(cited.size, no):
            raise Trouble("attachment.garbled")
        files.add(cited.sha256, no, piece)
    files.finish(cited.sha256)
    with laptop.vault.write() as connection:
        attachments.note_here(connection, cited.sha256, sent=True)


class _Line:
    """One run of sending or fetching: what is said in it, and what it has done so far."""

    def __init__(self, laptop: Laptop, store: Store) -> None:
        self._laptop, self._store = laptop, store
        with laptop.vault.whole() as connection:
            self._register = centre_of(connection).register
            self._commune = place.here(connection).commune
        self.whole = self.bytes = self._bytes_in = 0
        self.unread: list[str] = []

    def hand_in(self, cited: Cited) -> Iterator[None]:
        """One attachment, piece after piece; stops where a set waits, or the centre wants none of it."""
        try:
            held = self.held(cited)
            while not held.whole and not self._gives_way():
                wanted = held.pieces
                held = self._put(cited, wanted)
                yield
                if not held.whole and held.pieces <= wanted:
                    return  # it was dropped there: what came first was not ours. It begins anew next time
        except Refusal as error:
            if not error.code.startswith("attachment."):
                raise
            return  # this one is not wanted there, or not yet; others may go on
        except Trouble as error:
            if error.code != "attachment.damaged":
                raise
            self.unread.append(cited.sha256)
            return
        if held.whole:
            with self._laptop.vault.write() as connection:
                attachments.note_sent(connection, cited.sha256)
            self.whole += 1

    def held(self, cited: Cited) -> Held:
        """How much the centre has."""
        return self._read(cited, self._store.held(self.words(cited), cited.sha256))

    def words(self, cited: Cited) -> bytes:
        """Signed words that name an attachment."""
        return self._signed(Asked(PROTOCOL, self._commune, cited.record, cited.sha256))

    def _put(self, cited: Cited, no: int) -> Held:
        piece = self._laptop.files.piece(cited.sha256, no)
        sent = self._signed(Asked(PROTOCOL, self._commune, cited.record, cited.sha256, no, piece))
        held = self._read(cited, self._store.put_piece(sent, cited.sha256, no))
        self.bytes += len(sent)
        return held

    def _signed(self, asked: Asked) -> bytes:
        device = self._laptop.device
        return messages.write(asked, f"{self._commune}/{device.id}", partial(sign, device.key, MESSAGE))

    def _read(self, cited: Cited, answer: bytes) -> Held:
        self._bytes_in += len(answer)
        _sender, held = messages.read(
            answer, Held, lambda _who, payload, signed: verify(self._register, MESSAGE, payload, signed)
        )
        if (held.commune, held.sha256) != (self._commune, cited.sha256):
            raise Refusal("sync.message")
        return held

    def _gives_way(self) -> bool:
        """Whether a set was saved meanwhile: it goes first."""
        with self._laptop.vault.whole() as connection:
            return outbox.waiting(connection) > 0

    def note(self, outcome: str) -> None:
        """Keep in the history of exchanges what went, or why it did not."""
        if self.bytes or outcome != FILES:
            now = datetime.now(UTC).replace(microsecond=0)
            done = Exchange(now, outcome, bytes_out=self.bytes, bytes_in=self._bytes_in, files=self.whole)
            with self._laptop.vault.write() as connection:
                exchanges.note(connection, done)
