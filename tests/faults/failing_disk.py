"""A disk that fails at the k-th call: full, broken, writing half, or not flushing, beneath SQLCipher.

It keeps what reached it too, so that the images of a power cut can be made (`power.py`).

SQLite lets a test set its system calls (`xSetSystemCall`); flushing is not among them, so a file's
own method is replaced when it is opened. All else is what the program runs on. Linux alone.
"""

from __future__ import annotations

import ctypes
import errno
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import sqlcipher3._sqlite3

from tests.faults.power import Call

_library = ctypes.CDLL(sqlcipher3._sqlite3.__file__)
_POINTER, _INT, _SIZE = ctypes.c_void_p, ctypes.c_int, ctypes.c_size_t
_OK, _IOERR_FSYNC = 0, 1034

_Open = ctypes.CFUNCTYPE(_INT, _POINTER, _POINTER, _POINTER, _INT, _POINTER)
_Sync = ctypes.CFUNCTYPE(_INT, _POINTER, _INT)
_SetCall = ctypes.CFUNCTYPE(_INT, _POINTER, ctypes.c_char_p, _POINTER)
_GetCall = ctypes.CFUNCTYPE(_POINTER, _POINTER, ctypes.c_char_p)
_Pwrite = ctypes.CFUNCTYPE(ctypes.c_ssize_t, _INT, _POINTER, _SIZE, ctypes.c_int64, use_errno=True)
_Truncate = ctypes.CFUNCTYPE(_INT, _INT, ctypes.c_int64, use_errno=True)


class _Vfs(ctypes.Structure):
    """SQLite's `sqlite3_vfs`, as far as it is needed."""

    _fields_ = (
        *((name, _INT) for name in ("version", "file_bytes", "path_length")),
        *((name, _POINTER) for name in ("next", "name", "data")),
        ("open", _POINTER),
        *((f"other{at}", _POINTER) for at in range(12)),
        *((name, _POINTER) for name in ("set_call", "get_call", "next_call")),
    )


class _Methods(ctypes.Structure):
    """SQLite's `sqlite3_io_methods`."""

    _fields_ = (
        ("version", _INT),
        *((name, _POINTER) for name in ("close", "read", "write", "truncate", "sync")),
        *((f"other{at}", _POINTER) for at in range(13)),
    )


class _File(ctypes.Structure):
    _fields_ = (("methods", ctypes.POINTER(_Methods)),)


_BEFALLEN: dict[str, set[str]] = {
    "": set(),
    "full": {"write"},
    "half": {"write"},
    "broken": {"write", "cut"},
    "unflushed": {"flush"},
}
FAULTS = ("full", "half", "broken", "unflushed")


@dataclass
class Disk:
    """What goes wrong: the `at`-th call that the fault may befall, 0 for none; `calls` were counted."""

    fault: str
    at: int
    calls: int = 0
    is_full: bool = False
    is_watched: bool = True
    seen: list[Call] = field(default_factory=list)  # what went well

    def fails(self, kind: str) -> bool:
        """Count a call; whether this one fails."""
        if kind not in _BEFALLEN[self.fault]:
            return False
        self.calls += 1
        is_it = self.calls == self.at
        self.is_full = self.is_full or (is_it and self.fault in ("full", "half"))
        return is_it or self.is_full

    def note(self, kind: str, file: str, offset: int = 0, data: bytes = b"") -> None:
        """Keep what went well."""
        if self.is_watched:
            self.seen.append(Call(kind, file, offset, data))


_NUMBERS = {"full": errno.ENOSPC, "half": errno.ENOSPC, "broken": errno.EIO}
_idle = Disk("", 0, is_watched=False)
_disk = _idle
_kept: list[Any] = []  # what SQLite holds pointers to


@contextmanager
def failing(fault: str, at: int, below: Path | None = None) -> Iterator[Disk]:
    """From here on the `at`-th call fails; a full disk stays full until the block ends.

    `below`: the program's own calls are counted too, on files and names of this folder.
    """
    global _disk
    _install()
    _disk = Disk(fault, at)
    try:
        with pytest.MonkeyPatch.context() as patched:
            if below is not None:
                _watch_program(patched, below)
            yield _disk
    finally:
        _disk = _idle


def _watch_program(patched: pytest.MonkeyPatch, below: Path) -> None:
    """What Python itself asks of the disk, where names are made and what it flushes."""

    def guarded(true: Callable[..., Any], kind: str, *, only_making: bool = False) -> Callable[..., Any]:
        def call(*args: Any, **more: Any) -> Any:
            where = Path(os.readlink(f"/proc/self/fd/{args[0]}") if kind == "flush" else os.fspath(args[0]))
            is_ours = where.is_relative_to(below) and (not only_making or args[1] & os.O_CREAT)
            if is_ours and _disk.fails(kind):
                number = _NUMBERS.get(_disk.fault, errno.EIO)
                raise OSError(number, os.strerror(number), str(where))
            return true(*args, **more)

        return call

    patched.setattr(os, "fsync", guarded(os.fsync, "flush"))
    patched.setattr(os, "open", guarded(os.open, "write", only_making=True))
    for name in ("replace", "rename", "mkdir"):
        patched.setattr(os, name, guarded(getattr(os, name), "write"))


def _install() -> None:
    if _kept:
        return
    _library.sqlite3_vfs_find.restype = ctypes.POINTER(_Vfs)
    vfs = _library.sqlite3_vfs_find(None)
    get, put = _GetCall(vfs.contents.get_call), _SetCall(vfs.contents.set_call)
    for name, kind, make in (
        (b"pwrite", _Pwrite, _writing),
        (b"pwrite64", _Pwrite, _writing),
        (b"ftruncate", _Truncate, _cutting),
    ):
        true = get(vfs, name)
        if true:
            ours = kind(make(kind(true)))
            _kept.append(ours)
            assert put(vfs, name, ctypes.cast(ours, _POINTER)) == _OK
    opening = _Open(_opening(_Open(vfs.contents.open)))
    _kept.append(opening)
    vfs.contents.open = ctypes.cast(opening, _POINTER)


def _writing(true: Callable[..., int]) -> Callable[..., int]:
    def write(handle: int, content: int, size: int, offset: int) -> int:
        if not _disk.fails("write"):
            _disk.note("write", _named(handle), offset, ctypes.string_at(content, size))
            return true(handle, content, size, offset)
        if _disk.fault == "half" and _disk.calls == _disk.at and size > 1:
            return true(handle, content, size // 2, offset)  # the other half will be refused
        ctypes.set_errno(_NUMBERS[_disk.fault])
        return -1

    return write


def _cutting(true: Callable[..., int]) -> Callable[..., int]:
    def cut(handle: int, size: int) -> int:
        if not _disk.fails("cut"):
            _disk.note("cut", _named(handle), size)
            return true(handle, size)
        ctypes.set_errno(errno.EIO)
        return -1

    return cut


def _opening(true: Callable[..., int]) -> Callable[..., int]:
    """After a file is opened its method for flushing is ours."""
    ours: dict[int, Any] = {}
    names: dict[int, str] = {}

    def opened(vfs: int, name: int, file: int, flags: int, said: int) -> int:
        result = true(vfs, name, file, flags, said)
        there = _File.from_address(file)
        if result == _OK and there.methods:
            names[file] = Path(ctypes.string_at(name).decode()).name if name else ""
            at = ctypes.addressof(there.methods.contents)
            if at not in ours:
                methods = _Methods.from_buffer_copy(there.methods.contents)
                flush = _Sync(_flushing(_Sync(methods.sync), names))
                methods.sync = ctypes.cast(flush, _POINTER)
                ours[at] = (methods, flush)
            there.methods = ctypes.pointer(ours[at][0])
        return result

    return opened


def _flushing(true: Callable[..., int], names: dict[int, str]) -> Callable[..., int]:
    def flush(file: int, flags: int) -> int:
        if _disk.fails("flush"):
            return _IOERR_FSYNC
        _disk.note("flush", names.get(file, ""))
        return true(file, flags)

    return flush


def _named(handle: int) -> str:
    return Path(os.readlink(f"/proc/self/fd/{handle}")).name


def is_possible() -> bool:
    """Whether this machine's SQLCipher lets itself be watched so."""
    return sys.platform == "linux" and hasattr(_library, "sqlite3_vfs_find")
