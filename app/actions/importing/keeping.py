"""Drafts of imports, and what earlier imports wrote. Kept in the register's own encrypted file.

`import:<digest>` is an import that still asks something, `imported:<digest>` one that is done: its
answers make the same file say nothing new, its sets can be taken back. `workbook:<digest>` is
what the workbook said, so that a draft outlives the stick it was read from.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import msgspec
import zstandard
from sqlalchemy import Connection

from app.actions.importing.facts import Import
from app.sheets.book import Book
from app.store import drafts

OPEN, DONE, _BOOK = "import:", "imported:", "workbook:"
_BOOK_BYTES_MAX = 1 << 28


def found(connection: Connection, digest: str) -> Import | None:
    """What is kept of a workbook; None for one never read here, or kept by another version of the program."""
    for state in (OPEN, DONE):
        body = drafts.kept(connection, state + digest)
        if body is not None and (kept := _read(body)) is not None:
            return kept
    return None


def keep(connection: Connection, kept: Import, *, is_done: bool) -> None:
    """Keep what was answered and written so far; of one that is done the workbook is let go."""
    digest = kept.file.digest
    drafts.drop(connection, (OPEN if is_done else DONE) + digest)
    drafts.keep(connection, (DONE if is_done else OPEN) + digest, msgspec.msgpack.encode(kept))
    if is_done:
        drafts.drop(connection, _BOOK + digest)


def drop(connection: Connection, digest: str) -> None:
    """Give up a draft."""
    for state in (OPEN, DONE, _BOOK):
        drafts.drop(connection, state + digest)


def keep_book(connection: Connection, digest: str, book: Book) -> None:
    """Keep what the workbook says."""
    packed = zstandard.ZstdCompressor(level=3).compress(msgspec.msgpack.encode(book))
    drafts.keep(connection, _BOOK + digest, packed)


def has_book(connection: Connection, digest: str) -> bool:
    """Whether what the workbook says is kept."""
    return drafts.is_kept(connection, _BOOK + digest)


def book(connection: Connection, digest: str) -> Book | None:
    """What the workbook of a draft says."""
    packed = drafts.kept(connection, _BOOK + digest)
    if packed is None:
        return None
    unpacked = zstandard.ZstdDecompressor().decompress(packed, max_output_size=_BOOK_BYTES_MAX)
    return msgspec.msgpack.decode(unpacked, type=Book)


def unfinished(connection: Connection) -> list[Import]:
    """Imports that still ask something, the newest first."""
    return list(_all(connection, OPEN))


def finished(connection: Connection) -> list[Import]:
    """Imports that were written whole, the newest first."""
    return list(_all(connection, DONE))


def _all(connection: Connection, state: str) -> Iterator[Import]:
    for _subject, body in drafts.kept_under(connection, state):
        if (kept := _read(body)) is not None:
            yield kept


def _read(body: bytes) -> Import | None:
    try:
        return msgspec.msgpack.decode(body, type=Import)
    except msgspec.MsgspecError:
        return None


def now() -> str:
    """The moment, UTC, as drafts write it."""
    return datetime.now(UTC).isoformat(timespec="seconds")
