"""An invented office's key file and register, with keys that are cheap to derive."""

from __future__ import annotations

import atexit
import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from app.domain.progress import Progress
from app.seal.recovery import recovery_identity
from app.seal.wrapping import Hardness
from app.store import rekeying
from app.store.copying import copy_whole
from app.store.keyslots import FILE, VAULT, Guard, KeyFile, Unlocked
from app.store.rekeying import Register
from app.store.throttle import Moment
from app.store.vault import Vault

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


def new_password(register: Register, made: Unlocked, old: str, new: str, now: Moment = START) -> Unlocked:
    return rekeying.change_password(register, made.officer.id, old, new, now, Progress())


def recovered(
    register: Register, made: Unlocked, code: str, password: str, now: Moment = START, officer: str = ""
) -> tuple[Unlocked, str]:
    key = register.keyfile.recoverable(recovery_identity(code))
    return rekeying.let_in(register, key, officer or made.officer.id, password, now, Progress())


@contextmanager
def opened(keyfile: KeyFile, unlocked: Unlocked) -> Iterator[Register]:
    """The register of this key file; a small one is made where there is none."""
    path = keyfile.folder / VAULT
    with Vault.open(path, unlocked.database_key) if path.exists() else _small(path, unlocked) as vault:
        yield Register(vault, keyfile)


def _small(path: Path, unlocked: Unlocked) -> Vault:
    """With the tables of the program, made once a session: migrations cost more than all else here."""
    template, key = _template()
    copy_whole((template, key), (path, unlocked.database_key), Progress())
    return Vault.open(path, unlocked.database_key)


@cache
def _template() -> tuple[Path, bytes]:
    path, key = Path(tempfile.mkdtemp(prefix="soansinh-template-")) / VAULT, bytes(32)
    atexit.register(shutil.rmtree, path.parent, ignore_errors=True)
    Vault.create(path, key).lock()
    return path, key
