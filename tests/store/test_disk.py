"""Whole files or none, and the disk's complaints in plain words."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from app.domain.errors import Refusal, Trouble
from app.store.disk import Hold, held, plain_words, read_whole, whole_file, whole_folder, write_whole


def test_a_file_is_replaced_and_nothing_lies_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    for content in (b"first", b"second"):
        write_whole(path, content)
        assert read_whole(path) == content
    assert [p.name for p in tmp_path.iterdir()] == ["keys.json"]
    assert path.stat().st_mode & 0o777 == 0o600
    assert read_whole(tmp_path / "none") is None


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "keys.json"
    write_whole(path, b"old")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Trouble, match=r"disk\.full"):
        write_whole(path, b"new")
    assert path.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["keys.json"]


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOSPC, "disk.full"),
        (errno.EDQUOT, "disk.full"),
        (errno.EROFS, "disk.forbidden"),
        (errno.EACCES, "disk.forbidden"),
        (errno.EIO, "disk.failed"),
    ],
)
def test_what_the_system_says_has_a_sentence(number: int, code: str) -> None:
    with pytest.raises(Trouble) as said, plain_words():
        raise OSError(number, "/nowhere/secret")
    assert said.value.code == code
    assert "secret" not in str(said.value)


def test_one_holder_at_a_time(tmp_path: Path) -> None:
    first, second = Hold(tmp_path / "lock"), Hold(tmp_path / "lock")
    assert first.take(wait=False)
    assert not second.take(wait=False)
    first.release()
    assert second.take(wait=False)
    second.release()
    with held(tmp_path / "lock"), held(tmp_path / "other"):
        third = Hold(tmp_path / "lock")
        assert not third.take(wait=False)
        third.release()


def test_a_folder_takes_its_name_once_it_is_whole(tmp_path: Path) -> None:
    with whole_folder(tmp_path / "out") as made:
        (made / "in").mkdir()
        (made / "in" / "a").write_text("1")
        assert not (tmp_path / "out").exists()
    assert (tmp_path / "out" / "in" / "a").read_text() == "1"
    with pytest.raises(Refusal, match=r"folder\.taken"), whole_folder(tmp_path / "out"):
        pass
    with pytest.raises(ZeroDivisionError), whole_folder(tmp_path / "other") as made:
        (made / "a").write_text(str(1 / 0))
    assert [each.name for each in tmp_path.iterdir()] == ["out"]


def test_a_file_that_others_write_takes_its_place_once_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_text("old")
    with pytest.raises(ZeroDivisionError), whole_file(path) as part:
        part.write_text(str(1 / 0))
    assert path.read_text() == "old"
    with whole_file(path) as part:
        part.write_text("new")
    assert path.read_text() == "new"
    assert path.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["a.zip"]
