"""A file onto a stick: whole and read again, or none; each way a stick fails is said as what it is."""

from __future__ import annotations

import errno
import os
import resource
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest

from app.domain.errors import Cancelled, Trouble
from app.domain.progress import Progress
from app.store import stick
from app.store.stick import write_verified

CONTENT = bytes(range(256)) * 8_000  # 2 MB


def pour(file: IO[bytes]) -> None:
    for start in range(0, len(CONTENT), 50_000):
        file.write(CONTENT[start : start + 50_000])


@contextmanager
def room(size: int) -> Iterator[None]:
    """No file of this process may grow beyond: a disk that is full, as the system says it."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_it_is_whole_and_read_again(tmp_path: Path) -> None:
    progress = Progress()
    found = write_verified(tmp_path / "x.bangiao", pour, progress)
    assert found.path.read_bytes() == CONTENT
    assert (found.size, progress.done, progress.total) == (len(CONTENT),) * 3
    assert os.listdir(tmp_path) == ["x.bangiao"]


def test_what_is_read_last_is_read_from_the_device(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Under its own name, and not out of the memory in which the system keeps what it has just written."""
    let_go = list[str]()
    forget = stick._let_go

    def noted(file: IO[bytes]) -> None:
        let_go.append(Path(file.name).name)
        forget(file)

    monkeypatch.setattr(stick, "_let_go", noted)
    write_verified(tmp_path / "x.bangiao", pour, Progress())
    assert let_go[-1:] == ["x.bangiao"]


def test_a_full_stick_keeps_what_it_held_and_nothing_half(tmp_path: Path) -> None:
    (tmp_path / "x.bangiao").write_bytes(b"before")
    with room(1_000_000), pytest.raises(Trouble, match=r"stick\.full"):
        write_verified(tmp_path / "x.bangiao", pour, Progress())
    assert (tmp_path / "x.bangiao").read_bytes() == b"before"
    assert os.listdir(tmp_path) == ["x.bangiao"]


def test_too_little_room_is_said_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match=r"stick\.no_room"):
        write_verified(tmp_path / "x.bangiao", pour, Progress(), bytes_about=1 << 60)
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize(
    ("number", "code"),
    [(errno.EROFS, "stick.read_only"), (errno.EACCES, "stick.read_only"), (errno.EIO, "stick.gone")],
)
@pytest.mark.parametrize("step", ["open", "fsync", "replace"])
def test_whatever_the_system_refuses_is_said_in_plain_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, code: str, step: str
) -> None:
    def refuse(*_args: object, **_named: object) -> None:
        raise OSError(number, "no")

    where = {"open": (Path, "open"), "fsync": (os, "fsync"), "replace": (Path, "replace")}[step]
    monkeypatch.setattr(*where, refuse)
    with pytest.raises(Trouble, match=code):
        write_verified(tmp_path / "x.bangiao", pour, Progress())
    assert os.listdir(tmp_path) == []


def test_a_stick_that_was_pulled_out(tmp_path: Path) -> None:
    folder = tmp_path / "stick"
    with pytest.raises(Trouble, match=r"stick\.gone"):
        write_verified(folder / "x.bangiao", pour, Progress())
    folder.mkdir()

    def pulled(file: IO[bytes]) -> None:
        pour(file)
        shutil.rmtree(folder)

    with pytest.raises(Trouble, match=r"stick\.gone"):
        write_verified(folder / "x.bangiao", pulled, Progress())
    assert not folder.exists()


@pytest.mark.parametrize("name", ["x.bangiao.part", "x.bangiao"])
def test_a_stick_that_gives_back_something_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    true: Callable[[Path], None] = stick._flush_names

    def rot(folder: Path) -> None:
        true(folder)
        content = (tmp_path / "x.bangiao").read_bytes()
        (tmp_path / "x.bangiao").write_bytes(content[:-1] + b"?")

    fsync = os.fsync

    def rot_at_once(handle: int) -> None:
        fsync(handle)
        os.pwrite(handle, b"?", 70_000)

    if name == "x.bangiao":
        monkeypatch.setattr(stick, "_flush_names", rot)
    else:
        monkeypatch.setattr(os, "fsync", rot_at_once)
    with pytest.raises(Trouble, match=r"stick\.garbled"):
        write_verified(tmp_path / "x.bangiao", pour, Progress())
    assert os.listdir(tmp_path) == []


def test_cancel_leaves_nothing(tmp_path: Path) -> None:
    progress = Progress()

    def cancelled(file: IO[bytes]) -> None:
        pour(file)
        progress.cancel()

    with pytest.raises(Cancelled):
        write_verified(tmp_path / "x.bangiao", cancelled, progress)
    assert os.listdir(tmp_path) == []
