"""Photos in a parcel, piece by piece as they are: out of another laptop, or with somebody who moves."""

from __future__ import annotations

import msgspec
from sqlalchemy import Connection

from app.domain.errors import Refusal
from app.store import attachments
from app.store.files import Files


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
