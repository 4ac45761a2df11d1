"""A laptop that the centre revoked: it handed over what waited, and lets go of what opens its register.

First the mark, flushed to the disk; then slots and secret; a start that finds the mark goes on there. So
a power cut leaves a laptop that works, or one that has left, and never one that opens with half its keys.
The key sealed for recovery stays: the office's safe and the centre's custodians can still open the
register, if photos that were never sent must be had. What an SSD keeps of overwritten blocks is its own.
"""

from __future__ import annotations

import os
from pathlib import Path

from app.domain.changes import canonical
from app.domain.errors import Refusal
from app.seal.statements import Json, read_object
from app.store import device_secret, keyslots
from app.store.disk import flush_folder, plain_words, read_whole, write_whole
from app.store.replacing import BACKUPS, FORMER

MARK, RECOVERY = "revoked.json", "recovery.json"


def mark(folder: Path, day: str, photos: int) -> None:
    """From here on the laptop has left: on which day (ISO), and how many photos it could not hand over."""
    write_whole(folder / MARK, canonical({"day": day, "photos": photos}))


def left(folder: Path) -> tuple[str, int] | None:
    """When it left, and how many photos it could not hand over; None while it has not."""
    content = read_whole(folder / MARK)
    if content is None:
        return None
    said = read_object(content)
    return str(said["day"]), int(str(said["photos"]))


def destroy(folder: Path) -> None:
    """Slots and secret, wherever they are: those of its backups too, and of registers that a restored one
    replaced; again and again to the same end.
    """
    for register in (folder, *folder.parent.glob(f"{folder.name}{FORMER}*")):
        for each in (register, *(register / BACKUPS).glob("*Z")):
            _keep_recovery(each)
            _overwrite(each / keyslots.FILE)
        device_secret.forget(register)
        _overwrite(register / device_secret.FILE)


def _keep_recovery(folder: Path) -> None:
    """What the safe and the centre open; nothing of a key file that does not read."""
    slots = read_whole(folder / keyslots.FILE)
    if slots is None or (folder / RECOVERY).exists():
        return
    try:
        held = read_object(slots)
        kept: dict[str, Json] = {name: held[name] for name in ("file", "commune", "recovery")}
    except (Refusal, KeyError):
        return
    write_whole(folder / RECOVERY, canonical(kept))


def _overwrite(file: Path) -> None:
    with plain_words():
        if not file.exists():
            return
        with file.open("rb+") as opened:
            opened.write(bytes(file.stat().st_size))
            opened.flush()
            os.fsync(opened.fileno())
        file.unlink()
        flush_folder(file.parent)
