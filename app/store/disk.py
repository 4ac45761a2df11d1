"""What is asked of the disk: whole files or none, one holder at a time, room enough, plain words."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from app.domain.errors import Refusal, Trouble

_MEBIBYTE = 1 << 20
_SALT_BYTES = 16
# What a system says of a disk with no room left, and of one that may not be written to.
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}


@contextlib.contextmanager
def plain_words() -> Iterator[None]:
    """What the operating system says of the disk, as a Trouble the officer can read."""
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise Trouble("disk.full") from error
        if error.errno in FORBIDDEN:
            raise Trouble("disk.forbidden") from error
        raise Trouble("disk.failed", number=error.errno or 0) from error


def write_whole(path: Path, content: bytes) -> None:
    """Replace a file so that a power cut leaves the old one or the new one; readable by its owner alone.

    Written beside, flushed to the device, renamed, and the folder flushed: without the last
    the name may still be the old one after the cut.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    with plain_words():
        try:
            with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.replace(beside, path)
        finally:
            beside.unlink(missing_ok=True)
        flush_folder(path.parent)


@contextlib.contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A new file beside, to be written, that takes the place of `path` once it is on the disk."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    with plain_words():
        try:
            os.close(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
            yield beside
            flush_file(beside)
            os.replace(beside, path)
        finally:
            beside.unlink(missing_ok=True)
        flush_folder(path.parent)


@contextlib.contextmanager
def whole_folder(folder: Path) -> Iterator[Path]:
    """A folder to be filled, which takes its name once everything in it is on the disk; or else it goes.

    Refusal("folder.taken") where something lies in it already; Trouble as the disk says it.
    """
    beside = folder.with_name(f".{folder.name}.{os.getpid()}.part")
    with plain_words():
        if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
            raise Refusal("folder.taken", name=folder.name)
        try:
            beside.mkdir(mode=0o700)
            yield beside
            for each in beside.rglob("*"):
                flush_folder(each) if each.is_dir() else flush_file(each)
            flush_folder(beside)
            if folder.exists():
                folder.rmdir()  # empty: Windows renames onto nothing
            beside.rename(folder)
            flush_folder(folder.parent)
        finally:
            shutil.rmtree(beside, ignore_errors=True)


def read_whole(path: Path) -> bytes | None:
    """A small file's bytes; None where there is none."""
    with plain_words():
        try:
            return path.read_bytes()
        except FileNotFoundError:
            return None


def name_of(database: Path) -> bytes:
    """What names an encrypted database: it begins with its salt. Empty where there is none."""
    with plain_words():
        try:
            with database.open("rb") as file:
                return file.read(_SALT_BYTES)
        except FileNotFoundError:
            return b""


def flush_folder(folder: Path) -> None:
    """Make the folder's names last. Windows keeps them with the file and has no call for it."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def flush_file(path: Path) -> None:
    """Make a file that another library wrote last."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def sha256_of(path: Path) -> str:
    """Of a whole file, a piece in memory at a time."""
    with plain_words(), path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def make_folder(folder: Path) -> None:
    """The folder and those above it, closed to other users of the machine, and there for good."""
    with plain_words():
        made = [each for each in (folder, *folder.parents) if not each.exists()]
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for each in made:
            flush_folder(each.parent)


def free_bytes(folder: Path) -> int:
    """How much fits on the folder's disk; the folder may still have to be made."""
    with plain_words():
        there = next(each for each in (folder, *folder.parents) if each.exists())
        return shutil.disk_usage(there).free


def require_room(folder: Path, size: int) -> None:
    """Trouble("disk.no_room") unless `size` bytes fit on the folder's disk."""
    free = free_bytes(folder)
    if free < size:
        raise Trouble("disk.no_room", free_mb=free // _MEBIBYTE, needed_mb=size // _MEBIBYTE + 1)


class Hold:
    """A file held against every other process; the system lets go when we end, however we end."""

    def __init__(self, path: Path) -> None:
        with plain_words():
            self._handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)

    def take(self, *, wait: bool) -> bool:
        """Take it; without `wait`, False when another has it."""
        return _take(self._handle, wait)

    def release(self) -> None:
        """Let go."""
        os.close(self._handle)


@contextlib.contextmanager
def held(path: Path) -> Iterator[None]:
    """Alone with this file among all processes, after waiting one's turn."""
    hold = Hold(path)
    try:
        hold.take(wait=True)
        yield
    finally:
        hold.release()


if sys.platform == "win32":
    import msvcrt

    def _take(handle: int, wait: bool) -> bool:
        while True:
            try:
                msvcrt.locking(handle, msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
            except OSError:
                if not wait:
                    return False
            else:
                return True

else:
    import fcntl

    def _take(handle: int, wait: bool) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            return False
        return True
