"""From the password to an open vault, beside Argon2 alone: what the program adds to what it must cost."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from app.seal.wrapping import PRODUCT, Lock, password_key
from app.store.keyslots import Guard, KeyFile
from app.store.throttle import Moment

_PASSWORD = "ruộng bậc thang"
_TIMES = 5


def measure() -> Iterator[tuple[str, float, str]]:
    """Seconds: the database's import, Argon2 alone, unlock to open vault, and what that adds."""
    began = time.perf_counter()
    from app.store.vault import Vault  # counted here, as the window imports it behind the unlock screen

    yield "unlock: importing the database", time.perf_counter() - began, "s, while the password is typed"
    with tempfile.TemporaryDirectory() as folder:
        keyfile, made, _ = KeyFile.create(
            Path(folder), "02692", "Lò Thị Mẩy", _PASSWORD, Moment.now(), Guard(ask_system=False)
        )
        path = Path(folder, "vault.db")
        Vault.create(path, made.database_key).lock()

        def unlock() -> None:
            unlocked = keyfile.unlock(made.officer.id, _PASSWORD, Moment.now())
            Vault.open(path, unlocked.database_key).lock()

        lock = Lock.fresh(PRODUCT)
        bare = _median(lambda: password_key(_PASSWORD, lock, bytes(32)))
        whole = _median(unlock)
    yield "unlock: Argon2 alone", bare, "s"
    yield "unlock: password to open vault", whole, "s"
    yield "unlock: added to Argon2", whole - bare, "s, at most 1 up to the list"


def _median(act: Callable[[], object]) -> float:
    taken = []
    for _ in range(_TIMES):
        start = time.perf_counter()
        act()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)
