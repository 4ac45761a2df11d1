"""Databases in memory behind the stores' own code: copied as a disk is cloned, broken at any statement.

One SQLAlchemy engine serves them all, for its compiled statements are most of what a new engine
costs; which database it speaks to is whichever disk is in use.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlcipher3.dbapi2
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import NullPool


class Crash(Exception):
    """The machine went down in the middle of a transaction."""


class _Bench:
    """What the engine speaks to now, and after how many statements that machine goes down."""

    raw: Any = None
    statements_left: int | None = None


def _engine() -> Engine:
    engine = create_engine(
        "sqlite://", creator=lambda: _Bench.raw, poolclass=NullPool, module=sqlcipher3.dbapi2
    )
    engine.dialect.do_close = lambda dbapi_connection: None  # type: ignore[method-assign]
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))

    @event.listens_for(engine, "before_cursor_execute")
    def count(*_args: object) -> None:
        if _Bench.statements_left is not None:
            _Bench.statements_left -= 1
            if _Bench.statements_left <= 0:
                raise Crash

    return engine


ENGINE = _engine()


class Disk:
    """One machine's database."""

    def __init__(self, like: Disk | None = None) -> None:
        self._raw = sqlcipher3.dbapi2.connect(":memory:", isolation_level=None, check_same_thread=False)
        if like is not None:
            like._raw.backup(self._raw)

    def copy(self) -> Disk:
        """The same bytes on another machine."""
        return Disk(self)

    def close(self) -> None:
        """Give the memory back."""
        self._raw.close()

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction."""
        before, _Bench.raw = _Bench.raw, self._raw
        try:
            with ENGINE.begin() as connection:
                yield connection
        finally:
            _Bench.raw = before

    read = write


@contextmanager
def going_down_after(statements: int) -> Iterator[None]:
    """Whoever works now goes down at this statement, if there are so many."""
    _Bench.statements_left = statements
    try:
        yield
    finally:
        _Bench.statements_left = None
