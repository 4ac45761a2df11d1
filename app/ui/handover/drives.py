"""Where a stick may be plugged in: removable drives that are mounted, and the bundles that lie on them."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QStorageInfo

from app.domain.progress import Progress
from app.sync.stick import SUFFIX

_SYSTEM_BLOCKS = Path("/sys/class/block")
_MOUNTED_BY_HAND = ("/media/", "/run/media/", "/Volumes/")
_NEWEST = 20


@dataclass(frozen=True)
class Drive:
    """A removable drive: where it is mounted, its name, how many bytes fit."""

    path: Path
    name: str
    free: int
    is_read_only: bool = False


@dataclass(frozen=True)
class Plugged:
    """The removable drives there are, and the newest bundles on them."""

    drives: Sequence[Drive] = ()
    bundles: Sequence[Path] = ()


def plugged(_progress: Progress) -> Plugged:
    """Looked at anew: a drive that was pulled meanwhile is simply not among them."""
    drives = [
        Drive(Path(volume.rootPath()), volume.displayName(), volume.bytesAvailable(), volume.isReadOnly())
        for volume in QStorageInfo.mountedVolumes()
        if volume.isValid() and volume.isReady() and _is_removable(volume)
    ]
    return Plugged(drives, [file for drive in drives for file in bundles_in(drive.path)])


def bundles_in(folder: Path) -> list[Path]:
    """The bundles in a folder and one below it, the newest first."""
    try:
        found = [*folder.glob(f"*{SUFFIX}"), *folder.glob(f"*/*{SUFFIX}")]
        return sorted(found, key=lambda file: file.stat().st_mtime, reverse=True)[:_NEWEST]
    except OSError:  # pulled
        return []


if sys.platform == "win32":
    import ctypes

    _REMOVABLE = 2

    def _is_removable(volume: QStorageInfo) -> bool:
        kind: int = ctypes.windll.kernel32.GetDriveTypeW(volume.rootPath())
        return kind == _REMOVABLE

else:

    def _is_removable(volume: QStorageInfo) -> bool:
        """By the disk under it, where the kernel says so; else by where desktops mount what is plugged in."""
        if volume.rootPath().startswith(_MOUNTED_BY_HAND):
            return True
        device = Path(bytes(volume.device().data()).decode(errors="replace"))
        try:
            disk = (_SYSTEM_BLOCKS / device.name).resolve(strict=True)
            flag = next(each / "removable" for each in (disk, disk.parent) if (each / "removable").exists())
            return flag.read_text().strip() == "1"
        except (OSError, StopIteration):
            return False
