"""Sealed files: what was kept is read back, nothing of it shows on the disk, nothing half is ever whole."""

from __future__ import annotations

import hashlib
import secrets
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.attachments import PIECE_BYTES, media_of, piece_length, pieces_of
from app.domain.errors import Trouble
from app.store import disk
from app.store.files import Files

PAPER = b"%PDF-1.7 Lo Thi Panh 014148032213" + secrets.token_bytes(3 * PIECE_BYTES)


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path / "files", secrets.token_bytes(32))


def on_disk(files: Files) -> list[Path]:
    return sorted(files._folder.iterdir()) if files._folder.exists() else []


def test_what_is_kept_is_read_whole_and_by_piece(files: Files) -> None:
    sha256 = files.keep(PAPER)
    assert sha256 == hashlib.sha256(PAPER).hexdigest()
    assert files.read(sha256) == PAPER
    pieces = [files.piece(sha256, no) for no in range(pieces_of(len(PAPER)))]
    assert [len(piece) for piece in pieces] == [piece_length(len(PAPER), no) for no in range(len(pieces))]
    assert b"".join(pieces) == PAPER


def test_the_folder_tells_nothing(files: Files) -> None:
    sha256 = files.keep(PAPER)
    files.add("f" * 64, 0, PAPER[:PIECE_BYTES])
    for path in on_disk(files):
        assert path.stat().st_mode & 0o777 == 0o600
        assert sha256[:8] not in path.name
        assert b"Panh" not in path.read_bytes()


def test_another_key_opens_nothing(files: Files) -> None:
    sha256 = files.keep(PAPER)
    other = Files(files._folder, secrets.token_bytes(32))
    on_disk(files)[0].rename(other._whole(sha256))
    with pytest.raises(Trouble, match=r"attachment\.damaged"):
        other.read(sha256)


@given(at=st.integers(0, 10**6), cut=st.booleans())
@settings(max_examples=30, deadline=None)
def test_a_changed_or_cut_file_is_damaged_and_never_shown(
    tmp_path_factory: pytest.TempPathFactory, at: int, cut: bool
) -> None:
    files = Files(tmp_path_factory.mktemp("sealed"), bytes(32))
    sha256 = files.keep(PAPER[: PIECE_BYTES + 9])
    path = on_disk(files)[0]
    sealed = bytearray(path.read_bytes())
    at %= len(sealed)
    if cut:
        del sealed[at:]
    else:
        sealed[at] ^= 1
    path.write_bytes(sealed)
    with pytest.raises(Trouble, match=r"attachment\.damaged"):
        files.read(sha256)


def test_pieces_swapped_within_a_file_are_damage(files: Files) -> None:
    sha256 = files.keep(PAPER)
    path = on_disk(files)[0]
    sealed, frame = path.read_bytes(), PIECE_BYTES + 40
    path.write_bytes(sealed[frame : 2 * frame] + sealed[:frame] + sealed[2 * frame :])
    with pytest.raises(Trouble, match=r"attachment\.damaged"):
        files.piece(sha256, 0)


def test_what_comes_in_pieces_goes_on_after_a_cut(files: Files) -> None:
    sha256 = hashlib.sha256(PAPER).hexdigest()
    count = pieces_of(len(PAPER))
    for no in range(2):
        files.add(sha256, no, PAPER[no * PIECE_BYTES : (no + 1) * PIECE_BYTES])
    with files._coming(sha256).open("ab") as file:
        file.write(b"a piece that the cut tore")
    assert files.come(sha256) == 2
    for no in range(2, count):
        files.add(sha256, no, PAPER[no * PIECE_BYTES : (no + 1) * PIECE_BYTES])
    with pytest.raises(Trouble, match=r"attachment\.damaged"):
        files.read(sha256)  # not whole before it is finished
    files.finish(sha256)
    assert files.read(sha256) == PAPER


def test_a_piece_that_was_never_written_out_is_asked_for_again(files: Files) -> None:
    """A power cut may leave a file of the right length whose last block is zeros."""
    sha256 = hashlib.sha256(PAPER[:PIECE_BYTES]).hexdigest()
    files.add(sha256, 0, PAPER[:PIECE_BYTES])
    path = files._coming(sha256)
    path.write_bytes(bytes(path.stat().st_size))
    with pytest.raises(Trouble, match=r"attachment\.garbled"):
        files.finish(sha256)
    assert files.come(sha256) == 0


def test_only_orphans_are_swept(files: Files) -> None:
    kept, orphan = files.keep(PAPER), files.keep(PAPER[:100])
    files.add("f" * 64, 0, b"on its way")
    now = time.time()
    assert files.sweep({kept}, now) == 0  # the vault may have been put back: its sets may come again
    assert files.read(orphan) == PAPER[:100]
    assert files.sweep({kept}, now + 31 * 24 * 3600) == 1
    assert files.read(kept) == PAPER
    assert files.come("f" * 64) == 0  # less than a piece; but it was not taken away
    assert files._coming("f" * 64).exists()
    with pytest.raises(Trouble, match=r"attachment\.damaged"):
        files.read(orphan)


def test_a_full_disk_is_said_before_anything_is_written(
    files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disk, "free_bytes", lambda _folder: 1 << 20)
    with pytest.raises(Trouble, match=r"disk\.no_room"):
        files.keep(PAPER)
    assert on_disk(files) == []


def test_the_kind_is_told_by_the_bytes() -> None:
    assert media_of(b"\xff\xd8\xff\xe0") == "jpeg"
    assert media_of(PAPER) == "pdf"
    assert media_of(b"MZ\x90\x00") == media_of(b"") == media_of(b"<svg/>") == ""
