"""What may be attached to a person's file: which kinds, how large, in which pieces it travels."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.errors import Refusal

BYTES_MAX = 4 << 20  # a photo as taken in is some 300 kB, a scanned page of a PDF less
PIECE_BYTES = 64 << 10  # what a line that breaks costs, at most
_BEGINNINGS = {"jpeg": b"\xff\xd8\xff", "png": b"\x89PNG\r\n\x1a\n", "pdf": b"%PDF-"}


@dataclass(frozen=True)
class Cited:
    """The bytes that an attachment speaks of: its record, their SHA-256 in hexadecimal, how many."""

    record: str
    sha256: str
    size: int


def media_of(content: bytes) -> str:
    """jpeg, png or pdf, by how the bytes begin, whatever the file was called; empty for anything else."""
    return next((media for media, start in _BEGINNINGS.items() if content.startswith(start)), "")


def check(content: bytes) -> str:
    """The media of bytes that may be attached. Refusal("attachment.kind") or ("attachment.too_large")."""
    media = media_of(content)
    if not media:
        raise Refusal("attachment.kind")
    if len(content) > BYTES_MAX:
        raise Refusal("attachment.too_large", mb_max=BYTES_MAX >> 20)
    return media


def pieces_of(size: int) -> int:
    """How many pieces bytes of this size travel in."""
    return -(-size // PIECE_BYTES)


def piece_length(size: int, no: int) -> int:
    """How long one of its pieces is: all are alike but for the last."""
    return min(PIECE_BYTES, size - no * PIECE_BYTES)
