"""The rescue capsule on its way: a forgotten password, a revoked laptop, a broken database.

No key is asked for and no database imported: whoever holds the laptop may carry the file, and nobody but
the centre opens what is in it (`capsule.py` writes it, the centre's `rescue.py` reads it).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from app.domain.errors import Refusal, Trouble
from app.seal.capsule import frames, read_header
from app.store.disk import plain_words, read_whole, write_whole

FILE = "rescue.capsule"


@dataclass(frozen=True)
class Waiting:
    """What a capsule holds: whole sets and their bytes; when the last was added, None for none."""

    sets: int = 0
    size: int = 0
    at: datetime | None = None


def look(folder: Path) -> Waiting:
    """What a register's capsule holds."""
    with plain_words():
        try:
            file = (folder / FILE).open("rb")
        except FileNotFoundError:
            return Waiting()
        with file:
            read_header(file)
            count, end = 0, 0
            for each in frames(file):
                count, end = count + 1, each.end
        at = datetime.fromtimestamp((folder / FILE).stat().st_mtime).astimezone()
    return Waiting(count, end, at) if count else Waiting()


def carry(folder: Path, to: Path) -> None:
    """Along with the register into another folder: what it holds may be newer than a backup put back."""
    content = read_whole(folder / FILE)
    if content is not None:
        write_whole(to / FILE, content)


def hand_out(folder: Path, out: Path, moment: datetime) -> Path:
    """Copy the whole sets into a folder, or under the name of a file that is not there yet; the file.

    Refusal("capsule.empty") when nothing waits, ("capsule.exists") rather than writing over a file.
    """
    held = look(folder)
    if not held.sets:
        raise Refusal("capsule.empty")
    target = out / f"xa-{folder.name}-cuu-ho-{moment:%Y%m%d-%H%M%S}.cuuho" if out.is_dir() else out
    if target.exists():
        raise Refusal("capsule.exists")
    with plain_words(), (folder / FILE).open("rb") as file:
        content = file.read(held.size)
    write_whole(target, content)
    if read_whole(target) != content:
        raise Trouble("capsule.unlike")
    return target
