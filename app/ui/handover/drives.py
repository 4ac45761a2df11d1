"""Where a stick may be plugged in: removable drives that are mounted, and the bundles that lie on them."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
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
class Bundle:
    """A parcel's file that lies there, and when it was written."""

    path: Path
    at: datetime


@dataclass(frozen=True)
class Plugged:
    """The removable drives there are, and the newest bundles on them."""

    drives: Sequence[Drive] = ()
    bundles: Sequence[Bundle] = ()


def plugged(_progress: Progress) -> Plugged:
    """Looked at anew: a drive that was pulled meanwhile is simply not among them."""
    drives = [
        Drive(Path(volume.rootPath()), volume.displayName(), volume.bytesAvailable(), volume.isReadOnly())
        for volume in QStorageInfo.mountedVolumes()
        if volume.isValid() and volume.isReady() and _is_removable(volume)
    ]
    return Plugged(drives, [each for drive in drives for each in _bundles_in(drive.path)])


def _bundles_in(folder: Path) -> list[Bundle]:
    """The bundles in a folder and one below it, the newest first."""
    try:
        files = [*folder.glob(f"*{SUFFIX}"), *folder.glob(f"*/*{SUFFIX}")]
        found = [Bundle(each, datetime.fromtimestamp(each.stat().st_mtime).astimezone()) for each in files]
    except OSError:  # pulled
        return []
    return sorted(found, key=lambda each: each.at, reverse=True)[:_NEWEST]


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
