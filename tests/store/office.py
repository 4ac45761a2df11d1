"""An invented office's key file, with keys that are cheap to derive."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from app.seal.wrapping import Hardness
from app.store.keyslots import FILE, Guard, KeyFile, Unlocked
from app.store.throttle import Moment

CHEAP = Hardness(memory_kib=64, passes=1)
GUARD = Guard(CHEAP, names=("Bản Phố",), ask_system=False)
START = Moment(1_800_000_000, 1000, "a")
PASSWORD = "ruộng bậc thang"


def later(seconds: int, *, boot: str = "a", wall: int = 0) -> Moment:
    return Moment(START.wall + seconds + wall, START.up + seconds, boot)


def begin(folder: Path) -> tuple[KeyFile, Unlocked, str]:
    return KeyFile.create(folder, "02692", "Lò Thị Mẩy", PASSWORD, START, GUARD)


def contents(folder: Path) -> Any:
    return json.loads((folder / FILE).read_bytes())


def put(folder: Path, said: Any) -> None:
    text = json.dumps(said, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    (folder / FILE).write_text(text, encoding="utf-8")
