"""Encrypted connections: how each is opened, and what the database's complaints mean.

A missing `PRAGMA key` makes a plaintext database without a word, so every connection is
keyed first and asked for its cipher, and a file is looked at before and after. The key goes
through the C interface: no statement, trace or address ever contains it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlcipher3
from sqlalchemy import Connection, Engine, create_engine, event, exc
from sqlalchemy.pool import QueuePool

from app.domain.errors import Trouble
from app.store.disk import free_bytes

_PLAIN_HEADER = b"SQLite format 3\0"
_WAIT_SECONDS = 30.0
_ROOM_TO_WORK = 64 << 10
_PRIMARY_CODE = 0xFF  # the rest of SQLite's result code is detail

# The driver asks everything but texts and numbers whether it can be made one: a microsecond for each None and
# each blob that is bound, two thirds of a bulk insert. These answer at once, and what is stored is the same.
sqlcipher3.register_adapter(type(None), {}.get)
sqlcipher3.register_adapter(bytes, bytes)
sqlcipher3.register_adapter(bool, int)


@dataclass(frozen=True)
class Role:
    """What connections of one engine are for. Caches share about 80 MB (design/dependencies.md, Speed)."""

    connections: int
    cache_mb: int
    writes: bool = False
    checks_references: bool = True
    keeps_log: bool = True  # a write-ahead log beside it; a copy on a stick must be one file


WRITER = Role(1, 16, writes=True)
# SQLite rebuilds a table to alter it; its references are checked once, at the end.
MIGRATOR = Role(1, 16, writes=True, checks_references=False)
COPY = Role(1, 16, writes=True, checks_references=False, keeps_log=False)
READERS = Role(2, 24)
PAGE = Role(1, 16)


def make_engine(path: Path, key: bytes, role: Role) -> Engine:
    """An engine of keyed connections; parameters stay out of its errors, for they are people's."""
    engine = create_engine(
        "sqlite://",
        module=sqlcipher3.dbapi2,
        creator=lambda: open_raw(path, key, role),
        poolclass=QueuePool,
        pool_size=role.connections,
        max_overflow=0,
        pool_timeout=_WAIT_SECONDS,
        hide_parameters=True,
    )

    # DDL is transactional only when the driver guesses no transactions; a writer that first
    # reads and then writes would find the file changed beneath it.
    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if role.writes else "BEGIN")

    return engine


def open_raw(path: Path, key: bytes, role: Role) -> Any:
    """A driver's connection, keyed before anything else. Trouble("vault.no_cipher")."""
    raw = sqlcipher3.connect(str(path), timeout=_WAIT_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        _set_up(raw, key, role)
    except BaseException:
        raw.close()  # the error would keep it open, and nothing could take the file's place
        raise
    return raw


def _set_up(raw: Any, key: bytes, role: Role) -> None:
    raw.set_key(f"x'{key.hex()}'")
    raw.execute("PRAGMA cipher_log_level = NONE")
    if not raw.execute("PRAGMA cipher_version").fetchone():
        raise Trouble("vault.no_cipher")
    raw.execute("PRAGMA cipher_memory_security = OFF")
    raw.execute("PRAGMA temp_store = MEMORY")
    raw.execute(f"PRAGMA cache_size = {-role.cache_mb * 1024}")
    raw.execute(f"PRAGMA foreign_keys = {int(role.checks_references)}")
    raw.execute("PRAGMA secure_delete = ON")
    raw.execute("PRAGMA synchronous = FULL")
    if role.writes and role.keeps_log:
        raw.execute("PRAGMA journal_mode = WAL")
    elif not role.writes:
        raw.execute("PRAGMA query_only = ON")


def require_encrypted(path: Path) -> None:
    """Trouble("vault.not_encrypted") for a plain SQLite file. Only while no connection holds it:
    closing a second handle on it would drop SQLite's own locks (POSIX)."""
    with path.open("rb") as file:
        if file.read(len(_PLAIN_HEADER)) == _PLAIN_HEADER:
            raise Trouble("vault.not_encrypted")


@contextmanager
def plainly(folder: Path) -> Iterator[None]:
    """The complaints of a database in a folder as Trouble; what is left is a bug, and rises as it is."""
    try:
        yield
    except exc.TimeoutError as error:
        raise Trouble("vault.busy") from error
    except exc.DBAPIError as error:
        _raise_trouble(error.orig, error, folder)
        raise
    except sqlcipher3.Error as error:
        _raise_trouble(error, error, folder)
        raise


# A copy that fails says it in SQLite's words alone.
_CODES = {
    "database is locked": 5,
    "disk I/O error": 10,
    "database disk image is malformed": 11,
    "database or disk is full": 13,
    "unable to open database file": 14,
}


def _raise_trouble(said: BaseException | None, error: Exception, folder: Path) -> None:
    match (getattr(said, "sqlite_errorcode", 0) or _CODES.get(str(said), 0)) & _PRIMARY_CODE:
        case 26:  # SQLITE_NOTADB
            raise Trouble("vault.wrong_key") from error
        case 11:  # SQLITE_CORRUPT
            raise Trouble("vault.damaged") from error
        # SQLITE_CONSTRAINT names the rule; where it names none, the search index broke upon its own tables.
        case 19 if str(said) == "constraint failed":
            raise Trouble("vault.damaged") from error
        case 13:  # SQLITE_FULL
            raise Trouble("disk.full") from error
        case 3 | 8 | 14:  # SQLITE_PERM, SQLITE_READONLY, SQLITE_CANTOPEN
            raise Trouble("disk.forbidden") from error
        case 5 | 6:  # SQLITE_BUSY, SQLITE_LOCKED
            raise Trouble("vault.busy") from error
        case 7:  # SQLITE_NOMEM
            raise Trouble("memory.short") from error
        # A file beside the database that cannot grow is called a broken disk, when a register is opened.
        case 10 if free_bytes(folder) < _ROOM_TO_WORK:
            raise Trouble("disk.full") from error
        case 10 as number:  # SQLITE_IOERR
            raise Trouble("disk.failed", number=number) from error
