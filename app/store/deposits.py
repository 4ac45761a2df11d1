"""Bytes of attachments at the centre, handed in piece by piece, whole when their hash is right.

Every statement names the commune. Only what a set in the commune's journal cites is taken.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from app.domain.attachments import BYTES_MAX, Cited, media_of, piece_length, pieces_of
from app.domain.errors import Refusal
from app.store.central_tables import deposit, deposit_piece, standing
from app.store.journal import read_cells

COMMUNE_BYTES_MAX = 16 << 30  # 10,000 people with five photos each; what is beyond is no register


@dataclass(frozen=True)
class Held:
    """How much of an attachment the centre has: so many pieces from the first; whole and checked, or not."""

    size: int
    pieces: int
    whole: bool


def cited(connection: Connection, code: str, record: str, sha256: str) -> Cited:
    """What the commune's journal says of an attachment's bytes.

    Refusal("attachment.not_cited") when no accepted set speaks of them, Refusal("attachment.too_large").
    """
    mine = (standing.c.commune == code, standing.c.kind == "attachment", standing.c.record == record)
    cells = read_cells(connection.scalar(select(standing.c.cells).where(*mine)) or {})
    size = cells["size"].value if "size" in cells else None
    if "sha256" not in cells or cells["sha256"].value != sha256 or type(size) is not int or size < 1:
        raise Refusal("attachment.not_cited")
    if size > BYTES_MAX:
        raise Refusal("attachment.too_large", mb_max=BYTES_MAX >> 20)
    return Cited(record, sha256, size)


def held(connection: Connection, code: str, sha256: str) -> Held:
    """How much of it is here; nothing of one that never came."""
    row = connection.execute(select(deposit).where(*_of(deposit.c, code, sha256))).first()
    return Held(row.size, row.pieces, row.whole) if row else Held(0, 0, whole=False)


def take(connection: Connection, code: str, about: Cited, no: int, piece: bytes) -> Held:
    """One piece of what was cited; what the deposit is afterwards.

    The next piece alone is kept, so that a laptop that sends one twice, or too early, does no harm and is
    told where to go on. The last one has all of them hashed: wrong bytes go, and it begins anew.
    Refusal("sync.message") for a piece of the wrong length, ("attachment.kind") when it begins neither like a
    picture nor like a PDF, ("attachment.quota") when there is no more room.
    """
    if not 0 <= no < pieces_of(about.size) or len(piece) != piece_length(about.size, no):
        raise Refusal("sync.message")
    if no == 0 and not media_of(piece):
        raise Refusal("attachment.kind")
    found = _locked(connection, code, about)
    if found.whole or no != found.pieces:
        return found
    key = {"commune": code, "sha256": bytes.fromhex(about.sha256)}
    connection.execute(insert(deposit_piece).values(**key, no=no, piece=piece))
    pieces, whole = no + 1, False
    if pieces == pieces_of(about.size):
        whole = _hash(connection, code, about.sha256) == about.sha256
        if not whole:
            connection.execute(delete(deposit_piece).where(*_of(deposit_piece.c, code, about.sha256)))
            pieces = 0
    moved = update(deposit).where(*_of(deposit.c, code, about.sha256))
    connection.execute(moved.values(pieces=pieces, whole=whole))
    return Held(about.size, pieces, whole)


def piece(connection: Connection, code: str, sha256: str, no: int) -> bytes:
    """One piece of a whole one; Refusal("central.no_such_page") for any other."""
    if held(connection, code, sha256).whole:
        here = (*_of(deposit_piece.c, code, sha256), deposit_piece.c.no == no)
        found: bytes | None = connection.scalar(select(deposit_piece.c.piece).where(*here))
        if found is not None:
            return found
    raise Refusal("central.no_such_page")


def _locked(connection: Connection, code: str, about: Cited) -> Held:
    """The deposit, begun if need be, held until the transaction ends."""
    mine = select(deposit).where(*_of(deposit.c, code, about.sha256)).with_for_update()
    row = connection.execute(mine).first()
    if row is None:
        total = select(func.coalesce(func.sum(deposit.c.size), 0)).where(deposit.c.commune == code)
        if int(connection.scalar(total) or 0) + about.size > COMMUNE_BYTES_MAX:
            raise Refusal("attachment.quota")
        dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
        begun = {"commune": code, "sha256": bytes.fromhex(about.sha256), "size": about.size}
        begin = dialect.insert(deposit).values(**begun, pieces=0, whole=False)
        connection.execute(begin.on_conflict_do_nothing())  # two laptops may begin at one moment
        row = connection.execute(mine).one()
    return Held(row.size, row.pieces, row.whole)


def _hash(connection: Connection, code: str, sha256: str) -> str:
    """Over all pieces, one in memory at a time."""
    mine = select(deposit_piece.c.piece).where(*_of(deposit_piece.c, code, sha256))
    found = hashlib.sha256()
    ordered = mine.order_by(deposit_piece.c.no)
    with connection.execute(ordered, execution_options={"yield_per": 4}) as rows:
        for row in rows:
            found.update(row.piece)
    return found.hexdigest()


def _of(columns, code: str, sha256: str):  # type: ignore[no-untyped-def]
    return columns.commune == code, columns.sha256 == bytes.fromhex(sha256)
