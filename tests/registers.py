"""Registers for tests and benchmarks: real files, encrypted or not, filled with invented people."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from pathlib import Path

import sqlcipher3
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from app.store import rows, search
from app.store.tables import replica
from tests.invented import Invented, cells

KEY = "5a" * 32
_PAGE = 5_000


def open_register(path: Path, *, encrypted: bool = True, cache_kib: int = 16_384) -> Engine:
    """An engine on a register's file, set up as the vault does; plain only to compare with."""
    engine = create_engine(f"sqlite:///{path}", module=sqlcipher3.dbapi2)

    def set_up(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        if encrypted:
            cursor.execute(f"PRAGMA key = \"x'{KEY}'\"")
        cursor.execute(f"PRAGMA cache_size = -{cache_kib}")
        cursor.execute("PRAGMA temp_store = MEMORY")
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.close()

    event.listen(engine, "connect", set_up)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    return engine


def make_register(path: Path, people: Iterable[Invented] = (), *, encrypted: bool = True) -> Engine:
    """A new register holding these people and what they are entitled to."""
    engine = open_register(path, encrypted=encrypted)
    with engine.begin() as connection:
        replica.create_all(connection)
        for statement in search.DDL:
            connection.exec_driver_sql(statement)
    waiting = iter(people)
    while page := list(islice(waiting, _PAGE)):
        written = {("person", who.id): cells(who.values()) for who in page}
        written |= {("entitlement", f"e{who.id[1:]}"): cells(who.entitlement()) for who in page if who.group}
        with engine.begin() as connection:
            rows.store(connection, written)
    return engine
