"""The registers that are measured: a laptop's, of invented people, and the same one unencrypted.

Each is built once a run, in the folder that `run` hands down; name it with BENCH_FOLDER to keep
them (a million people take a quarter of an hour).
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import sqlcipher3
from sqlalchemy import Connection

from app.bootstrap import shelves
from app.resources import load_reference
from app.store import rows
from app.store.laptop import Laptop
from app.store.throttle import Moment
from app.store.vault import Vault
from tests.desks import COMMUNE, PASSWORD, found
from tests.invented import cells, people
from tests.registers import open_register

_PAGE = 10_000
_READERS_CACHE_KIB = 24 << 10


def laptop(count: int) -> Path:
    """A laptop's folder whose commune has so many people."""
    home = Path(os.environ["BENCH_FOLDER"], str(count))
    if not (home / "filled").exists():  # by another process: memory is measured in this one
        command = [sys.executable, "-m", "tests.bench.registers", str(home), str(count)]
        subprocess.run(command, check=True)
    return home


def _fill(home: Path, count: int) -> None:
    vault = found(home).desk.vault
    waiting = people(count)
    while page := list(islice(waiting, _PAGE)):
        written = {("person", who.id): cells(who.values()) for who in page}
        written |= {("entitlement", f"e{who.id[1:]}"): cells(who.entitlement()) for who in page if who.group}
        with vault.write() as connection:
            rows.store(connection, written)
    vault.lock()
    (home / "filled").touch()


def _key(home: Path) -> bytes:
    at = shelves.shelf(Laptop(home), shelves.place_of(load_reference(), COMMUNE))
    keyfile = at.keyfile()
    return keyfile.unlock(keyfile.officers[0].officer, PASSWORD, Moment.now()).database_key


@contextmanager
def encrypted(home: Path) -> Iterator[Vault]:
    """The vault of such a laptop, open."""
    with Vault.open(Laptop(home).commune(COMMUNE).vault, _key(home)) as vault:
        yield vault


@contextmanager
def plain(home: Path) -> Iterator[Connection]:
    """The same register in plain SQLite, read with the same cache: a copy of this moment."""
    path = home / "plain.db"
    for ending in ("", "-wal", "-shm"):
        Path(f"{path}{ending}").unlink(missing_ok=True)
    raw = sqlcipher3.connect(str(Laptop(home).commune(COMMUNE).vault), isolation_level=None)
    raw.set_key(f"x'{_key(home).hex()}'")
    raw.execute("ATTACH ? AS plain KEY ''", (str(path),))
    raw.execute("SELECT sqlcipher_export('plain')")
    raw.close()
    engine = open_register(path, encrypted=False, cache_kib=_READERS_CACHE_KIB)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


if __name__ == "__main__":
    _fill(Path(sys.argv[1]), int(sys.argv[2]))
