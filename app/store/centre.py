"""The centre's database: PostgreSQL for real communes, a local SQLite file for training.

State lives here alone, so service processes multiply freely (design/architecture.md, 11).
Which of the two it is decides what it may hold: a file takes training communes only, and
PostgreSQL never takes one.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import URL, Connection, Engine, create_engine, event, exc, make_url, text

from app.domain.errors import Refusal, Trouble
from app.resources import resource

_SCRIPTS = resource("../migrations/central").resolve()
_CONNECTIONS = 16  # service threads beyond this wait their turn; PostgreSQL allows 100 in all
_WAIT_SECONDS = 30
# A push of a thousand sets reads and writes two megabytes of it.
_JSON: dict[str, Any] = {
    "json_serializer": lambda value: msgspec.json.encode(value).decode(),
    "json_deserializer": msgspec.json.decode,
}
_MIGRATING = 5201  # any number: two processes that start together migrate one after the other


class Centre:
    """An open database. Connections are handed to threads; one `write` is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @classmethod
    def open(cls, where: str | Path) -> Centre:
        """Open `postgresql://…`, `sqlite:///file` or a file's path, migrated to this program's tables.

        Refusal("central.database_url") for any other, ("central.database_newer") for one that a newer
        program migrated; Trouble("central.database") when it cannot be reached.
        """
        engine = _engine(where)
        centre = cls(engine)
        try:
            with centre.write() as connection:
                _migrate(connection)
        except BaseException:
            engine.dispose()
            raise
        return centre

    @property
    def is_training(self) -> bool:
        """Whether it is a local file, and so holds training communes only."""
        return self._engine.dialect.name == "sqlite"

    def address_and_password(self) -> tuple[str, str]:
        """Where it is, for PostgreSQL's own programs; the password apart."""
        url = self._engine.url
        plain = url.set(drivername="postgresql", password=None)
        return plain.render_as_string(hide_password=False), str(url.password or "")

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction: all on disk at the end, or nothing."""
        with _translated(), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One unchanging view of what stands, without holding up a writer."""
        still = {} if self.is_training else {"isolation_level": "REPEATABLE READ"}
        with _translated(), self._engine.connect().execution_options(reads=True, **still) as connection:
            yield connection

    def close(self) -> None:
        """Give every connection back."""
        self._engine.dispose()


@contextmanager
def _translated() -> Iterator[None]:
    """The driver's exceptions in our words.

    DataError, OverflowError: PostgreSQL takes no NUL in a text, and neither an integer beyond a
    column's; whoever sends one is refused as for any other malformed message.
    """
    try:
        yield
    except (exc.DataError, OverflowError) as error:
        raise Refusal("sync.message") from error
    except (exc.OperationalError, exc.InterfaceError, exc.TimeoutError) as error:
        raise Trouble("central.database") from error


def _engine(where: str | Path) -> Engine:
    try:
        parsed = make_url(where) if isinstance(where, str) else URL.create("sqlite", database=str(where))
    except exc.ArgumentError as error:
        raise Refusal("central.database_url") from error
    match parsed.get_backend_name():
        case "postgresql":
            waits = f"-c lock_timeout={_WAIT_SECONDS}s -c idle_in_transaction_session_timeout=60s"
            return create_engine(
                parsed.set(drivername="postgresql+psycopg"),
                pool_size=_CONNECTIONS,
                max_overflow=0,
                pool_timeout=_WAIT_SECONDS,
                pool_pre_ping=True,
                hide_parameters=True,  # what a statement carries must not reach a log
                **_JSON,
                connect_args={"connect_timeout": 10, "options": waits},
            )
        case "sqlite" if parsed.database:
            return _sqlite(parsed)
        case _:
            raise Refusal("central.database_url")


def _sqlite(url: URL) -> Engine:
    engine = create_engine(url, hide_parameters=True, connect_args={"timeout": _WAIT_SECONDS}, **_JSON)

    @event.listens_for(engine, "connect")
    def settle(connection, _record) -> None:  # type: ignore[no-untyped-def]
        connection.isolation_level = None  # transactions are begun below, not guessed by the driver
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A transaction that reads first and writes later would find the file locked under it.
        reads = connection.get_execution_options().get("reads")
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")

    return engine


def _migrate(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATING})
    try:
        command.upgrade(migrations(connection), "head")
    except CommandError as error:  # a revision that these files do not know
        raise Refusal("central.database_newer") from error


def migrations(connection: Connection) -> Config:
    """Alembic's settings for this connection; its commands run in the caller's transaction."""
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    return config
