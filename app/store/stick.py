"""A file onto a stick, so that "safe to remove" is true: flushed, compared, renamed, read again from there.

A stick that is full, write-protected or pulled is said in those words, and nothing half is left that a
reader would take: until the last step the file ends in `.part` (design/security.md, On a stick).
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast
from zlib import crc32

from app.domain.errors import Trouble
from app.domain.progress import Progress
from app.store.disk import FORBIDDEN, FULL, flush_folder

_CHUNK_BYTES = 1 << 16  # what a processor's own memory holds
_AT_ONCE_BYTES = 4 << 20
_MEBIBYTE = 1 << 20


@dataclass(frozen=True)
class Written:
    """A file that was read again from the stick as it was written."""

    path: Path
    size: int


def write_verified(
    path: Path, pour: Callable[[IO[bytes]], None], progress: Progress, *, bytes_about: int = 0
) -> Written:
    """Let `pour` write a new file there; it may be pulled out once this returns.

    Trouble("stick.no_room"), ("stick.full"), ("stick.read_only"), ("stick.gone") and ("stick.garbled"), or
    whatever `pour` raises: then there is no file, or, on a stick that was pulled, one ending in `.part`.
    """
    draft = path.with_name(f"{path.name}.part")
    with _plain_words():
        _require_room(path.parent, bytes_about)
    try:
        with _plain_words():
            written = _write(draft, pour)
            _require_same(draft, written, progress)
        try:
            with _plain_words():
                draft.replace(path)
                _flush_names(path.parent)
                _require_same(path, written, progress, on_device=True)
        except BaseException:
            with suppress(OSError):
                path.unlink()
            raise
    finally:
        with suppress(OSError):
            draft.unlink()
    return Written(path, written.size)


@contextmanager
def _plain_words() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise Trouble("stick.full") from error
        if error.errno in FORBIDDEN:
            raise Trouble("stick.read_only") from error
        raise Trouble("stick.gone") from error


def _require_room(folder: Path, size: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < size:
        raise Trouble("stick.no_room", free_mb=free // _MEBIBYTE, needed_mb=size // _MEBIBYTE + 1)


class _Watched:
    """A file whose bytes are counted and summed on their way: a checksum finds what a bad stick does.

    They go to the device while the rest is being made, not all of them at the end.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.size = self.sum = self._begun = 0

    def write(self, content: bytes) -> int:
        """As the file's."""
        self._file.write(content)
        self.sum = crc32(content, self.sum)
        self.size += len(content)
        if self.size - self._begun >= _AT_ONCE_BYTES:
            self._begun = self.size
            _let_go(self._file)
        return len(content)


def _let_go(file: IO[bytes]) -> None:
    """Have the system keep none of it in memory: what is not on the device it begins to write."""
    if hasattr(os, "posix_fadvise"):
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _write(draft: Path, pour: Callable[[IO[bytes]], None]) -> _Watched:
    with draft.open("wb") as file:
        watched = _Watched(file)
        pour(cast("IO[bytes]", watched))
        file.flush()
        os.fsync(file.fileno())
    return watched


def _require_same(path: Path, written: _Watched, progress: Progress, *, on_device: bool = False) -> None:
    """Read it again; from the device itself where the system lets its own memory of it be dropped.

    Before it has its name the system may answer for the device: what counts is what lies there at the end,
    and a slow stick is not read twice.
    """
    checksum, size, chunk = 0, 0, bytearray(_CHUNK_BYTES)
    with path.open("rb", buffering=0) as file, memoryview(chunk) as view:
        if on_device:
            _let_go(file)
        while count := file.readinto(chunk):
            checksum = crc32(view[:count], checksum)
            size += count
            progress.step(size, written.size, "Reading the stick again")
    if (size, checksum) != (written.size, written.sum):
        raise Trouble("stick.garbled")


def _flush_names(folder: Path) -> None:
    try:
        flush_folder(folder)
    except OSError as error:
        if error.errno != errno.EINVAL:  # of a file system that has no such call
            raise
