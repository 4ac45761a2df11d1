"""How an import keeps itself in the drafts of the register's own encrypted file.

`import:<digest>` is an import that still asks something or waits to be written, `imported:<digest>` one
that is done: its answers make the same file say nothing new. `workbook:<digest>` is what the
workbook said, so that a draft outlives the stick it was read from.
"""

from __future__ import annotations

import msgspec
import zstandard

from app.actions.importing.facts import Import
from app.sheets.book import Book
from app.store import drafts

OPEN, DONE = "import:", "imported:"
_BOOK_BYTES_MAX = 1 << 28


def subjects(digest: str) -> tuple[str, str]:
    """Where an import of a workbook may be kept."""
    return OPEN + digest, DONE + digest


def book_subject(digest: str) -> str:
    """Where what a workbook says is kept."""
    return f"workbook:{digest}"


def entries(kept: Import, *, is_done: bool) -> dict[str, bytes | None]:
    """Drafts to keep and (None) to drop; the workbook of one that is done is let go."""
    left, taken = subjects(kept.file.digest)
    if is_done:
        return {left: None, taken: msgspec.msgpack.encode(kept), book_subject(kept.file.digest): None}
    return {taken: None, left: msgspec.msgpack.encode(kept)}


def nothing(digest: str) -> dict[str, bytes | None]:
    """Drafts to drop: nothing of a workbook is kept."""
    return dict.fromkeys((*subjects(digest), book_subject(digest)))


def pack_book(book: Book) -> bytes:
    """What a workbook says."""
    return zstandard.ZstdCompressor(level=3).compress(msgspec.msgpack.encode(book))


def unpack_book(packed: bytes) -> Book:
    """The book that was packed."""
    unpacked = zstandard.ZstdDecompressor().decompress(packed, max_output_size=_BOOK_BYTES_MAX)
    return msgspec.msgpack.decode(unpacked, type=Book)


def read(body: bytes | None) -> Import | None:
    """An import as it was kept; None for nothing, or by a version of the program that kept it otherwise."""
    return drafts.unpacked(body, Import)
