"""Databases in memory behind the stores' own code: copied as a disk is cloned, broken at any statement."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

import sqlcipher3.dbapi2
from sqlalchemy import Connection, create_engine, event
from sqlalchemy.pool import StaticPool

from tests.property.straight import Power, Straight


class _Ways:
    """Whether SQLAlchemy's own connection is spoken to."""

    is_real = False


def _through_sqlalchemy(raw: Any) -> Connection:
    engine = create_engine("sqlite://", creator=lambda: raw, poolclass=StaticPool, module=sqlcipher3.dbapi2)
    event.listen(engine, "before_cursor_execute", lambda *_: Power.count())
    return engine.connect()


class Disk:
    """One machine's database, in memory; at a centre it stands for a file."""

    is_training = True

    def __init__(self, like: Disk | None = None) -> None:
        self._raw = sqlcipher3.dbapi2.connect(":memory:", isolation_level=None, check_same_thread=False)
        straight = cast("Connection", Straight(self._raw))
        self._connection = _through_sqlalchemy(self._raw) if _Ways.is_real else straight
        if like is not None:
            like._raw.backup(self._raw)

    def copy(self) -> Disk:
        """The same bytes on another machine."""
        return Disk(self)

    def close(self) -> None:
        """Give the memory back."""
        self._connection.close()
        self._raw.close()

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction."""
        self._raw.execute("BEGIN")
        try:
            yield self._connection
        except BaseException:
            self._raw.execute("ROLLBACK")
            raise
        self._raw.execute("COMMIT")

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Nobody else writes meanwhile."""
        yield self._connection

    whole = read


@contextmanager
def real_connections() -> Iterator[None]:
    """Every disk made from now on is spoken to by SQLAlchemy's own connection."""
    _Ways.is_real = True
    try:
        yield
    finally:
        _Ways.is_real = False


@contextmanager
def going_down_after(statements: int) -> Iterator[None]:
    """Whoever works now goes down at this statement, if there are so many."""
    Power.statements_left = statements
    try:
        yield
    finally:
        Power.statements_left = None
