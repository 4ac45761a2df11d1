"""Photos in a parcel, piece by piece as they are: one that cannot be read here holds nothing else up."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

import msgspec
from sqlalchemy import Connection

from app.domain.attachments import PIECE_BYTES
from app.domain.errors import Refusal, Trouble
from app.store import attachments
from app.store.files import Files


@dataclass
class Photos:
    """A bundle's parts are run through twice: what could not be read at first is left out of both."""

    files: Files
    _left_out: dict[str, None] = field(default_factory=dict)
    _read: set[str] = field(default_factory=set)

    @property
    def left_out(self) -> Collection[str]:
        """Those that were not read, by SHA-256."""
        return self._left_out.keys()

    def pieces(self, sha256: str) -> Iterator[bytes]:
        """All pieces of one, or none; the trouble of reading it when it was read before."""
        if sha256 in self._left_out:
            return
        try:
            content = self.files.read(sha256)
        except Trouble:
            if sha256 in self._read:
                raise
            self._left_out[sha256] = None
            return
        self._read.add(sha256)
        for start in range(0, len(content), PIECE_BYTES):
            yield content[start : start + PIECE_BYTES]


class Piece(msgspec.Struct, array_like=True, frozen=True):
    """A piece of a photo; `last` ends it."""

    sha256: str
    no: int
    last: bool
    content: bytes


def read_piece(content: bytes) -> Piece:
    """One out of its bytes; Refusal("sync.message")."""
    try:
        return msgspec.msgpack.decode(content, type=Piece)
    except msgspec.MsgspecError as error:
        raise Refusal("sync.message") from error


def keep_piece(connection: Connection, files: Files, content: bytes, *, sent: bool) -> bool:
    """Keep one, unless the photo is here; whether that made it whole. `sent`: the centre has it too."""
    piece = read_piece(content)
    if attachments.is_here(connection, piece.sha256):
        return False
    files.add(piece.sha256, piece.no, piece.content)
    if piece.last:
        files.finish(piece.sha256)
        attachments.note_here(connection, piece.sha256, sent=sent)
    return piece.last
