"""What a file must be before anything parses it (security.md, Files in, files out).

Cheap, streaming and in this process: magic bytes, size, parts, what the parts really
inflate to, no DOCTYPE. Names and extensions prove nothing; a renamed .exe is told here.
"""

from __future__ import annotations

import stat
import struct
import zipfile
import zlib
from enum import StrEnum
from pathlib import Path
from typing import IO

from app.domain.errors import Refusal, Trouble
from app.sheets.book import ROWS_MAX

BYTES_MAX = 20 << 20
PARTS_MAX = 2_000
INFLATED_BYTES_MAX = 200 << 20
RATIO_MAX = 100
_RATIO_COUNTS_FROM = 8 << 20  # a small styles part of blanks inflates 200-fold and harms nobody
_CHUNK = 1 << 18
_DIRECTORY_BYTES_MAX = PARTS_MAX * 1_000
_DIRECTORY_END, _END_BYTES, _COMMENT_BYTES_MAX = b"PK\x05\x06", 22, 1 << 16
LINES_MAX = 2 * ROWS_MAX  # a cell may hold several lines
_LINE_CHUNKS_MAX = 4  # a line of a list has hundreds of letters, not a million

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_FOREIGN = (
    (b"MZ", "program"),
    (b"\x7fELF", "program"),
    (b"%PDF", "pdf"),
    (b"{\\rtf", "document"),
    (b"\x89PNG", "picture"),
    (b"\xff\xd8\xff", "picture"),
    (b"GIF8", "picture"),
    (b"Rar!", "archive"),
    (b"7z\xbc\xaf", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"SQLite format 3", "database"),
)
_CONTROLS = frozenset(map(chr, {*range(1, 32)} - {*b"\t\n\r\f\v"}))  # text has none
_DOCTYPES = tuple("<!DOCTYPE".encode(coding) for coding in ("utf-8", "utf-16-le", "utf-16-be"))


class Format(StrEnum):
    """What can be read."""

    XLSX = "xlsx"
    XLS = "xls"
    ODS = "ods"
    TEXT = "text"


def admit(path: Path) -> Format:
    """Say what `path` is, or refuse it before any parser sees it.

    Raises Refusal("workbook.…") for what is no workbook or too much of one, and
    Trouble("file.unreadable") when the disk says no. Memory stays below a few MiB.
    """
    try:
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):  # a pipe would keep us waiting for ever, a device never ends
            raise Refusal("workbook.not_a_file")
        size = about.st_size
        with path.open("rb") as file:
            start = file.read(4096)
            if size > BYTES_MAX:
                raise Refusal("workbook.too_large", mebibytes=size >> 20, most=BYTES_MAX >> 20)
            if start.startswith(_OLE):
                return _ole(start + file.read())
            if not start.startswith(_ZIP):
                return _text(start, file, size)
    except OSError as error:
        raise Trouble("file.unreadable", reason=error.strerror or "") from error
    return _zip(path, size)


def _text(start: bytes, file: IO[bytes], size: int) -> Format:
    """Separated text, or some other thing that is told by name."""
    if not start.strip():
        raise Refusal("workbook.empty")
    for magic, what in _FOREIGN:
        if start.startswith(magic):
            raise Refusal("workbook.not_a_workbook", what=what, bytes=size)
    if start.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] == b"<" or start.startswith(b"MIME-Version:"):
        raise Refusal("workbook.web_page")
    letters = start.decode(_utf16_of(start) or "latin-1", "replace")  # half a letter may look like a control
    if "\0" in letters or sum(letter in _CONTROLS for letter in letters) * 50 > len(letters):
        raise Refusal("workbook.not_a_workbook", what="unknown", bytes=size)
    _measure_lines(start, file)
    return Format.TEXT


def _measure_lines(start: bytes, file: IO[bytes]) -> None:
    """Count the lines before anything lays them out, and refuse one that never ends."""
    chunk, lines, without = start, 0, 0
    while chunk:
        ends = chunk.count(b"\n") or chunk.count(b"\r")
        lines += ends
        without = 0 if ends else without + 1
        if lines > LINES_MAX:
            raise Refusal("workbook.too_long", most=ROWS_MAX)
        if without > _LINE_CHUNKS_MAX:
            raise Refusal("workbook.endless_line")
        chunk = file.read(_CHUNK)


def _utf16_of(start: bytes) -> str:
    """Which UTF-16 the text is: by its mark, else every other byte of commas and digits is zero."""
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    even, odd = start[0::2].count(0), start[1::2].count(0)
    if max(even, odd) <= len(start) // 6 or min(even, odd):
        return ""
    return "utf-16-le" if odd else "utf-16-be"


def _ole(content: bytes) -> Format:
    """An old Excel file, or the wrapping of a password-protected new one."""
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise Refusal("workbook.password")
    if any(name.encode("utf-16-le") in content for name in ("Workbook\0", "Book\0")):
        return Format.XLS
    raise Refusal("workbook.not_a_workbook", what="document", bytes=len(content))


def _zip(path: Path, size: int) -> Format:
    try:
        _look_at_directory(path, size)
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            found = _kind(archive, parts)
            _measure(archive, parts, size)
            return found
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError) as error:
        raise Refusal("workbook.truncated") from error


def _look_at_directory(path: Path, size: int) -> None:
    """Refuse a directory of a hundred thousand parts before it is read into memory."""
    with path.open("rb") as file:
        file.seek(max(0, size - _END_BYTES - _COMMENT_BYTES_MAX))
        tail = file.read()
    at = tail.rfind(_DIRECTORY_END)
    if at < 0 or len(tail) - at < _END_BYTES:
        return  # cut off: told by whoever opens it
    parts, directory_bytes = struct.unpack_from("<HI", tail, at + 10)
    if parts > PARTS_MAX or directory_bytes > _DIRECTORY_BYTES_MAX:
        raise Refusal("workbook.too_many_parts", parts=parts, most=PARTS_MAX)


def _kind(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> Format:
    if len(parts) > PARTS_MAX:
        raise Refusal("workbook.too_many_parts", parts=len(parts), most=PARTS_MAX)
    if any(part.flag_bits & 1 for part in parts):
        raise Refusal("workbook.password")
    names = {part.filename.lstrip("/").lower() for part in parts}
    if "xl/workbook.xml" in names:
        return Format.XLSX
    if "xl/workbook.bin" in names:
        raise Refusal("workbook.binary_workbook")
    if "encrypted-package" in names:
        raise Refusal("workbook.password")
    if "mimetype" in names and "content.xml" in names:
        with archive.open("mimetype") as file:
            if b"opendocument.spreadsheet" in file.read(200):
                return Format.ODS
    raise Refusal("workbook.not_a_workbook", what="archive", bytes=len(names))


def _measure(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo], size: int) -> None:
    """Inflate every part and count; what the directory claims is only trusted to refuse."""
    if sum(part.file_size for part in parts) > INFLATED_BYTES_MAX:
        raise Refusal("workbook.unpacks_too_large", most=INFLATED_BYTES_MAX >> 20)
    total = 0
    for part in parts:
        with archive.open(part) as file:
            first = True
            while chunk := file.read(_CHUNK):
                total += len(chunk)
                if total > INFLATED_BYTES_MAX or (total > _RATIO_COUNTS_FROM and total > size * RATIO_MAX):
                    raise Refusal("workbook.unpacks_too_large", most=INFLATED_BYTES_MAX >> 20)
                if first and any(mark in chunk for mark in _DOCTYPES):
                    raise Refusal("workbook.doctype")
                if part.filename == "META-INF/manifest.xml" and b"encryption-data" in chunk:
                    raise Refusal("workbook.password")
                first = False
