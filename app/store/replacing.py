"""One register put in the place of another on this laptop: whole beside it first, then by two renames.

What stood there is put aside under another name and never deleted. A start after a power cut between the
renames finds the mark of a whole one and ends what was begun (`finish`). Imports no database.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.domain.errors import Trouble
from app.store.disk import Hold, flush_folder, make_folder, plain_words, write_whole

FORMER = "replaced"
_STAGED, _WHOLE = "restoring", "whole.mark"
BACKUPS = "backups"  # beside the vault: those of this laptop's own


@contextmanager
def staged(folder: Path, moment: int) -> Iterator[Path]:
    """A folder beside a commune's, gone again at the end unless it took that one's place.

    Trouble("vault.in_use") while another restores here.
    """
    make_folder(folder.parent)
    with _alone(folder.parent):
        beside = folder.with_name(f"{folder.name}{_STAGED}{moment}")
        make_folder(beside)
        try:
            yield beside
        finally:
            if beside.exists() and not _is_begun(beside, folder):
                shutil.rmtree(beside, ignore_errors=True)


def swap(beside: Path, folder: Path, moment: int) -> None:
    """The staged register takes the commune's place; the laptop's backups stay with the commune."""
    write_whole(beside / _WHOLE, b"")
    with plain_words():
        if folder.exists():
            os.replace(folder, folder.with_name(f"{folder.name}{FORMER}{moment}"))
            flush_folder(folder.parent)
    _settle(beside, folder)


def finish(communes: Path) -> None:
    """What a power cut left of a swap: ended where the old one had gone already, else taken away."""
    if not any(communes.glob(f"*{_STAGED}*")):
        return
    try:
        with _alone(communes):
            for beside in communes.glob(f"*{_STAGED}*"):
                folder = communes / beside.name.partition(_STAGED)[0]
                if _is_begun(beside, folder):
                    _settle(beside, folder)
                else:
                    shutil.rmtree(beside, ignore_errors=True)
    except Trouble:
        return  # it is being restored at this moment


def _is_begun(beside: Path, folder: Path) -> bool:
    """Whether the old register has gone already: then this one is all there is, with the backups."""
    return (beside / _WHOLE).exists() and not folder.exists()


def _settle(beside: Path, folder: Path) -> None:
    former = max(folder.parent.glob(f"{folder.name}{FORMER}*"), default=None)
    with plain_words():
        if former is not None and (former / BACKUPS).exists():
            _bring(former / BACKUPS, beside / BACKUPS)
        os.replace(beside, folder)
        (folder / _WHOLE).unlink()
        flush_folder(folder.parent)


def _bring(source: Path, target: Path) -> None:
    """What stood there, beside the one that was made before the key was exchanged; there for good."""
    if not target.exists():
        os.replace(source, target)
        flush_folder(target.parent)
        return
    for each in source.iterdir():
        if not (target / each.name).exists():
            os.replace(each, target / each.name)
    flush_folder(target)


@contextmanager
def _alone(communes: Path) -> Iterator[None]:
    hold = Hold(communes / f"{_STAGED}.lock")
    try:
        if not hold.take(wait=False):
            raise Trouble("vault.in_use")
        yield
    finally:
        hold.release()
