"""A register on a stick: its size, how long it is written and verified, and how long a new laptop opens it.

Beside it, in the same run and over the same bytes: `zstd -19` of the same columns (signatures apart); age
alone and a copy; bare signature verification and a bare SQLCipher insert of the same rows.
"""

from __future__ import annotations

import io
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
import zstandard
from sqlalchemy import select

from app.domain.changes import SignedSet, lone
from app.domain.progress import Progress
from app.seal.keys import CHANGE_SET, verify
from app.seal.sealing import Identity, identity_of, seal_stream
from app.store import outbox, unit
from app.store.tables import changes, records
from app.store.vault import Vault
from app.sync import columns, opening, outgoing, stick
from app.sync.opening import Reader
from tests.bench import people
from tests.central.conftest import TRAINING
from tests.central.laptops import House, Laptop, house, new_keys
from tests.central.sticks import Stick

COUNT = int(os.environ.get("CARRY", "5000"))
_PEOPLE_A_SET, _ROUNDS = 200, 3
Row = tuple[str, float, str]


def measure() -> Iterator[Row]:
    """How a month's handover, and a new laptop's first stick, compare with the bare work."""
    with TemporaryDirectory() as home:
        folder = Path(home)
        with (
            house(folder / "centre.db", new_keys(folder / "keys"), TRAINING) as served,
            stick.child() as child,
        ):
            carried = Stick(folder / "stick", child)
            old = Laptop.new(folder, TRAINING, served.clock)
            served.enrol(old)
            _save(old)
            yield f"load of the machine, {COUNT:,} people", os.getloadavg()[0], "processes that wanted a core"
            yield from _request(served, carried, old)
            yield from _opened(served, carried, folder, old)


def _save(laptop: Laptop) -> None:
    listed = people.people(COUNT)
    while page := list(islice(listed, _PEOPLE_A_SET)):
        with laptop.vault.write() as connection:
            unit.save(connection, laptop.pen, "import", lone([e for who in page for e in who.edits()]))


def _request(served: House, carried: Stick, old: Laptop) -> Iterator[Row]:
    with old.vault.write() as connection:
        waiting = outbox.outbox(connection, 1 << 40)
        began = time.perf_counter()
        asked = outgoing.request(connection, old.end, old.applicant, served.clock(), with_photos=True)
        composed = time.perf_counter() - began
    records_ = {(edit.kind, edit.record) for signed in waiting for edit in signed.set.edits()}
    began = time.perf_counter()
    made = stick.write(asked.draft, old.device.key, [asked.centre.sealing], carried.place(), Progress())
    written = time.perf_counter() - began
    plain, reference = _columns(waiting)
    signatures = sum(len(signed.signature) for signed in waiting)
    yield "records handed in", len(records_), f"in {len(waiting):,} sets; their columns are {plain:,} bytes"
    ours = made.written.size - signatures
    yield "  bytes", ours / reference, "× zstd -19 of the same columns, signatures apart; at most 1.15"
    yield "  composed", composed, "s: columns, zstd, signatures"
    taken = [written]
    for _ in range(_ROUNDS - 1):
        began = time.perf_counter()
        stick.write(asked.draft, old.device.key, [asked.centre.sealing], carried.place(), Progress())
        taken.append(time.perf_counter() - began)
    payload = b"".join(content for _, content in asked.draft.parts())
    bare = min(_age_and_copy(payload, carried.place()) for _ in range(_ROUNDS))
    yield "  written and verified", min(taken) / bare, f"× age and a copy ({bare * 1000:.1f} ms); at most 1.5"


def _columns(sets: list[SignedSet]) -> tuple[int, int]:
    """Bytes of the columns without signatures, and as zstd packs them at its hardest usual level."""
    found = columns.pack(sets)
    found.signatures = b""
    plain = msgspec.msgpack.encode(found)
    return len(plain), len(zstandard.compress(plain, 19))


def _age_and_copy(payload: bytes, folder: Path) -> float:
    began = time.perf_counter()
    sealed, copy = folder / "bare.age", folder / "copy.age"
    with sealed.open("wb") as file:
        seal_stream(io.BytesIO(payload), file, [Identity.generate().recipient])
        file.flush()
        os.fsync(file.fileno())
    shutil.copyfile(sealed, copy)
    with copy.open("rb+") as file:
        os.fsync(file.fileno())
    return time.perf_counter() - began


def _opened(served: House, carried: Stick, folder: Path, old: Laptop) -> Iterator[Row]:
    carried.take(old, carried.handle(served, carried.make(old, served.clock())).file)
    new = Laptop.new(folder, TRAINING, served.clock)
    served.enrol(new)
    answer = carried.handle(served, carried.make(new, served.clock())).file
    yield "a new laptop's stick", answer.stat().st_size / 1_000, "kB, register and whole history"
    began = time.perf_counter()
    found = stick.find(carried.child, answer, identity_of(new.device.key), Progress())
    looked = time.perf_counter() - began
    with new.vault.write() as connection:
        opening.arrived(connection, found, new.device.id)
        taking = opening.taking(connection, found, Reader(new.applicant, new.files, new.pen))
        done = opening.take_in(taking, carried.child, found, identity_of(new.device.key), Progress())
    taken = time.perf_counter() - began
    assert done.cursor == -(-COUNT // _PEOPLE_A_SET)
    bare = _verified(new, old) + _inserted(folder, new)
    yield "  looked at in the child", looked, "s"
    yield (
        "  opened into the register",
        taken / bare,
        f"× bare verification and insert ({bare:.2f} s); at most 2",
    )


def _verified(new: Laptop, author: Laptop) -> float:
    with new.vault.read() as connection:
        sets = connection.execute(select(changes.c.body, changes.c.signature)).all()
    public, began = author.officer.key.public, time.perf_counter()
    assert all(verify(public, CHANGE_SET, body, signature) for body, signature in sets)
    return time.perf_counter() - began


def _inserted(folder: Path, new: Laptop) -> float:
    tables = {**records, "changes": changes}
    with new.vault.read() as connection:
        rows = {name: [tuple(r) for r in connection.execute(select(t))] for name, t in tables.items()}
    with Vault.create(folder / f"{secrets.token_hex(4)}.db", secrets.token_bytes(32)) as vault:
        began = time.perf_counter()
        with vault.write() as connection:
            raw: Any = connection.connection.driver_connection
            for name, found in rows.items():
                if found:
                    raw.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * len(found[0]))})", found)
        return time.perf_counter() - began
