"""Indexes of the record tables, set aside while a whole register is poured in and made again at once.

Sorted first, an index costs a third of what it does entry by entry, its pages are full, and none is written
twice because the cache was too small. Inside the caller's transaction: whoever else reads has them all the
while, and what breaks off leaves them as they were.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection

from app.store.tables import records

# An index without a text is a constraint's own, and stays.
_MADE = "SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"


def set_aside(connection: Connection) -> dict[str, list[str]]:
    """Drop them while their tables are empty; what makes them again, by table."""
    makers: dict[str, list[str]] = {}
    for table, name, sql in connection.exec_driver_sql(_MADE).all():
        if table in records:
            connection.exec_driver_sql(f'DROP INDEX "{name}"')
            makers.setdefault(table, []).append(sql)
    return makers


def make_again(connection: Connection, makers: Iterable[str]) -> None:
    """Make them, of the rows that stand now."""
    for sql in makers:
        connection.exec_driver_sql(sql)
