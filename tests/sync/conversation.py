"""Laptops and a centre joined without a transport: what the tests of the conversation drive.

Databases are real; signatures are a keyed hash, for keys have tests of their own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import sqlcipher3.dbapi2
from sqlalchemy import Connection, Engine, Table, create_engine, event, insert
from sqlalchemy.pool import StaticPool

from app.domain.changes import Atom, Edit, SignedSet, lone
from app.domain.hybrid_clock import HybridClock
from app.domain.records import Value
from app.domain.standing import record_digest
from app.store import beneath, place, rows, search, unit
from app.store.central_tables import central, commune
from app.store.roster import Device, Officer, add_device, add_officer
from app.store.tables import records, replica
from app.store.unit import Pen
from app.sync import register
from app.sync.messages import SyncRequest, SyncResponse
from app.sync.register import Office
from app.sync.replica import Outcome, Trust, absorb, compose

CODE = "03874"


def sign(secret: bytes, message: bytes) -> bytes:
    return hashlib.sha512(secret + message).digest()


def sqlite_engine() -> Engine:
    engine = create_engine("sqlite://", poolclass=StaticPool, module=sqlcipher3.dbapi2)

    @event.listens_for(engine, "connect")
    def own_transactions(connection: Any, _record: object) -> None:
        connection.isolation_level = None

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


@dataclass
class Clock:
    ms: int = 1_790_000_000_000

    def __call__(self) -> int:
        self.ms += 7
        return self.ms


@dataclass
class Centre:
    engine: Engine
    clock: Clock

    @classmethod
    def new(cls, engine: Engine, clock: Clock, code: str = CODE) -> Centre:
        central.create_all(engine)
        with engine.begin() as connection:
            zero = {"head": bytes(32), "digests": {}, "policy": 0}
            connection.execute(insert(commune).values(commune=code, name="Mường Sen", training=True, **zero))
        return cls(engine, clock)

    def enrol(self, laptop: Laptop) -> None:
        author = Officer(laptop.pen.author, "An", laptop.pen.author.encode(), ("officer",), "active", b"")
        with self.engine.begin() as connection:
            add_device(connection, CODE, Device(laptop.pen.device, b"", "", "active"), 0)
            add_officer(connection, CODE, author)

    def exchange(self, request: SyncRequest) -> SyncResponse:
        office = Office(
            self.clock(),
            lambda message: sign(b"register", message),
            lambda key, body, signature: sign(key, body) == signature,
            lambda _connection, _code: b"",
        )
        with self.engine.begin() as connection:
            return register.exchange(connection, request, office)


TRUST = Trust(
    lambda message, signature: sign(b"register", message) == signature,
    lambda author, body, signature: sign(author.encode(), body) == signature,
    lambda _connection, _policy: None,
    lambda _connection, _programme: None,
    lambda _connection, _arrival: None,
)


@dataclass
class Laptop:
    engine: Engine
    pen: Pen
    requests: Iterator[int] = field(default_factory=lambda: count(1))

    @classmethod
    def new(cls, device: str, clock: Clock) -> Laptop:
        engine = sqlite_engine()
        replica.create_all(engine)
        author = f"officer-{device}"
        pen = Pen(CODE, device, author, lambda body: sign(author.encode(), body), HybridClock(clock).tick)
        with engine.begin() as connection:
            for statement in search.DDL:
                connection.exec_driver_sql(statement)
            place.write(connection, "commune", CODE.encode())
            place.write(connection, "device", device.encode())
        return cls(engine, pen)

    @contextmanager
    def write(self) -> Iterator[Connection]:
        with self.engine.begin() as connection:
            yield connection

    def save(self, *edits: Edit | Atom, reason: str = "test") -> SignedSet:
        atoms = [edit if isinstance(edit, Atom) else lone([edit])[0] for edit in edits]
        with self.write() as connection:
            return unit.save(connection, self.pen, reason, atoms)

    def compose(self) -> SyncRequest:
        with self.write() as connection:
            return compose(connection, next(self.requests))

    def absorb(self, response: SyncResponse) -> Outcome:
        with self.write() as connection:
            return absorb(connection, response, TRUST)

    def sync(self, centre: Centre) -> Outcome:
        while True:
            outcome = self.absorb(centre.exchange(self.compose()))
            if not outcome.more:
                return outcome

    def cells(self) -> dict[str, dict[str, Value]]:
        """What the officer sees: kind → id → cell → value."""
        with self.write() as connection:
            keys = [(kind, row) for kind, table in records.items() for row in _ids(connection, table)]
            return {
                f"{kind}/{record}": {name: cell.value for name, cell in cells.items()}
                for (kind, record), cells in rows.load(connection, keys).items()
            }

    def recomputed_digest(self) -> int:
        """The digest summed anew from what the journal says."""
        with self.write() as connection:
            keys = {(kind, row) for kind, table in records.items() for row in _ids(connection, table)}
            cells = beneath.accepted_cells(connection, keys)
            return sum(record_digest(key, found) for key, found in cells.items()) % (1 << 256)

    def kept_digest(self) -> int:
        with self.write() as connection:
            return sum(place.digests(connection).values()) % (1 << 256)


def _ids(connection: Connection, table: Table) -> Sequence[str]:
    return connection.scalars(table.select().with_only_columns(table.c.id)).all()
