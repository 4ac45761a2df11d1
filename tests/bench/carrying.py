"""A register on a stick: its size, how long it is written and verified, and how long a laptop opens it.

Three are opened: the centre's answer to a new laptop, its answer a month later, when others saved a set for
every third person, and the same month on an old laptop's stick, which brings all that was before it too.

Beside it, in the same run and over the same bytes: `zstd -19` of the same columns (signatures apart); age
alone and a copy; bare signature verification and a bare SQLCipher insert of the same rows, through the driver
as it comes, and as our connections have it, which is quicker.
"""

from __future__ import annotations

import io
import os
import random
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
import zstandard
from sqlalchemy import Connection, select

from app.domain.changes import Edit, SignedSet, lone
from app.domain.progress import Progress
from app.seal.keys import CHANGE_SET, public_key, verify
from app.seal.sealing import Identity, identity_of, seal_stream
from app.store import outbox, place, search, unit
from app.store.tables import changes, records, touched
from app.store.vault import Vault
from app.sync import columns, opening, outgoing, stick
from app.sync.opening import Reader
from app.sync.pieces import Authors
from app.sync.policy import authors, centre_of
from tests.bench import people
from tests.bench.bare import driver_as_it_comes
from tests.bench.processes import children_of, forget_peak, held_by, peak_of, seconds_of
from tests.central.conftest import TRAINING
from tests.central.laptops import House, Laptop, house, new_keys
from tests.central.sticks import Stick

COUNT = int(os.environ.get("CARRY", "5000"))
_PEOPLE_A_SET, _ROUNDS, _WRITES = 200, 3, 9
_KEY = bytes(range(32))
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
            yield from _answered(served, carried, folder, old)


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
    made = stick.write(asked.draft, old.device.key, [asked.centre.sealing], carried.place(), Progress())
    plain, reference = _columns(waiting)
    signatures = sum(len(signed.signature) for signed in waiting)
    yield "records handed in", len(records_), f"in {len(waiting):,} sets; their columns are {plain:,} bytes"
    size = made.written.size - signatures
    yield "  bytes", size / reference, "× zstd -19 of the same columns, signatures apart; at most 1.15"
    yield "  composed", composed, "s: columns, zstd, signatures"
    payload = b"".join(content for _, content in asked.draft.parts())
    ours, bare = list[_Time](), list[_Time]()
    for _ in range(_WRITES):
        with _timed() as taken:
            stick.write(asked.draft, old.device.key, [asked.centre.sealing], carried.place(), Progress())
        ours.append(taken)
        bare.append(_age_and_copy(payload, carried.place()))
    yield from _ratios("  written and verified", ours, bare, "age and a copy", "1.5")


def _ratios(name: str, ours: list[_Time], bare: list[_Time], what: str, at_most: str) -> Iterator[Row]:
    """The best of each, by the wall and by the processor."""
    wall, processor = (min(each.wall for each in bare), min(each.processor for each in bare))
    said = f"× {what} ({wall * 1000:,.1f} ms) by the wall; at most {at_most}"
    yield name, min(each.wall for each in ours) / wall, said
    said = f"× by the processor ({processor * 1000:,.1f} ms)"
    yield "", min(each.processor for each in ours) / processor, said


def _columns(sets: list[SignedSet]) -> tuple[int, int]:
    """Bytes of the columns without signatures, and as zstd packs them at its hardest usual level."""
    found = columns.pack(sets)
    found.signatures = b""
    plain = msgspec.msgpack.encode(found)
    return len(plain), len(zstandard.compress(plain, 19))


def _age_and_copy(payload: bytes, folder: Path) -> _Time:
    sealed, copy = folder / "bare.age", folder / "copy.age"
    with _timed() as taken:
        with sealed.open("wb") as file:
            seal_stream(io.BytesIO(payload), file, [Identity.generate().recipient])
            file.flush()
            os.fsync(file.fileno())
        shutil.copyfile(sealed, copy)
        with copy.open("rb+") as file:
            os.fsync(file.fileno())
    return taken


def _answered(served: House, carried: Stick, folder: Path, old: Laptop) -> Iterator[Row]:
    """A new laptop; then the same one a month later, and one that a colleague's laptop brings up to date."""
    carried.round(served, old)
    new, heir = (Laptop.new(folder, TRAINING, served.clock, _KEY) for _ in range(2))
    for laptop in (new, heir):
        served.enrol(laptop)
    answer = carried.handle(served, carried.make(new, served.clock())).file
    yield "a new laptop's stick", answer.stat().st_size / 1_000, "kB, register and whole history"
    yield from _opened(carried, answer, new, folder)
    carried.round(served, heir)
    for laptop in (new, heir):
        _catch_up(laptop)
    _a_month(old)
    carried.round(served, old)
    answer = carried.handle(served, carried.make(new, served.clock())).file
    yield "a month of others' work", answer.stat().st_size / 1_000, f"kB, {COUNT // 3:,} sets"
    yield from _opened(carried, answer, new, folder)
    file = carried.hand_on(old, heir, served.clock())
    yield "an old laptop's stick", file.stat().st_size / 1_000, "kB, the month and all before it"
    yield from _opened(carried, file, heir, folder)


def _catch_up(laptop: Laptop) -> None:
    """As the window does after a first fill, while nobody waits."""
    while True:
        with laptop.vault.write() as connection:
            if not search.catch_up(connection, 1_000):
                return


def _a_month(laptop: Laptop) -> None:
    """A set each: of three, two move one field of somebody known, the third is an enrolment."""
    known = list(people.people(COUNT))
    moved = people.changes(COUNT * 2 // 9, range(COUNT), 1)
    works = [lone([Edit(*known[each.line].place(each.field), each.value)]) for each in moved]
    works += [lone(who.edits()) for who in people.people(COUNT // 9, 8)]
    random.Random(2).shuffle(works)
    for start in range(0, len(works), _PEOPLE_A_SET):
        with laptop.vault.write() as connection:
            unit.save_all(connection, laptop.pen, "month", works[start : start + _PEOPLE_A_SET])


@dataclass
class _Time:
    """What something took: seconds by the wall, seconds of processors, children's with them."""

    wall: float = 0.0
    processor: float = 0.0


@contextmanager
def _timed() -> Iterator[_Time]:
    taken, began, spent = _Time(), time.perf_counter(), _processor()
    yield taken
    taken.wall, taken.processor = time.perf_counter() - began, _processor() - spent


def _processor() -> float:
    ended = os.times()
    children = sum(seconds_of(pid) for pid in children_of(os.getpid()))
    return time.process_time() + ended.children_user + ended.children_system + children


def _opened(carried: Stick, file: Path, laptop: Laptop, folder: Path) -> Iterator[Row]:
    """Several times, each on a copy of the register as it stood before; the last one is kept."""
    with laptop.vault.read() as connection:
        before = place.cursor(connection)
    laptop.vault.lock()
    stood, memory, taken = folder / "stood.db", _begin_memory(), list[_Time]()
    shutil.copyfile(laptop.vault.path, stood)
    for _ in range(_ROUNDS):
        shutil.copyfile(stood, laptop.vault.path)
        laptop.vault = Vault.open(laptop.vault.path, _KEY)
        with _timed() as took:
            _take(carried, file, laptop)
        taken.append(took)
        more = [peak_of(pid) - held for pid, held in memory.items()]
        if len(taken) < _ROUNDS:
            laptop.vault.lock()
    with driver_as_it_comes():
        bare = [_bare(laptop, before, folder) for _ in range(_ROUNDS)]
    yield from _ratios("  opened into the register", taken, bare, "bare verification and insert", "2")
    ours = min(_bare(laptop, before, folder).processor for _ in range(_ROUNDS))
    told = f"× by the processor ({ours * 1000:,.1f} ms), where the bare insert has our adapters too"
    yield "", min(each.processor for each in taken) / ours, told
    yield "  memory", sum(more), f"MB more, {more[-1]:.0f} of them the child's; at most 60"


def _take(carried: Stick, file: Path, laptop: Laptop) -> None:
    """As the program does: looked at in the child, then taken in."""
    identity = identity_of(laptop.device.key)
    found = stick.find(carried.child, file, identity, Progress())
    with laptop.vault.write() as connection:
        opening.arrived(connection, found, laptop.device.id)
        taking = opening.taking(connection, found, Reader(laptop.applicant, laptop.files, laptop.pen))
        opening.take_in(taking, carried.child, found, identity, Progress())


def _begin_memory() -> dict[int, float]:
    """What this process and its child hold, MB; how much more they need is counted from now on."""
    pids = [os.getpid(), *children_of(os.getpid())]
    for pid in pids:
        forget_peak(pid)
    return {pid: held_by(pid) for pid in pids}


def _bare(laptop: Laptop, after: int, folder: Path) -> _Time:
    """The signatures of the sets that came, verified; their lines and the rows they moved, inserted."""
    fresh = select(changes).where(changes.c.seq > after)
    nos = select(touched.c.record).join(changes, changes.c.no == touched.c.change)
    with laptop.vault.read() as connection:
        rows = {"changes": [tuple(row) for row in connection.execute(fresh)]}
        for name, table in records.items():
            moved = select(table).where(table.c.id.in_(nos.where(changes.c.seq > after)))
            rows[name] = [tuple(row) for row in connection.execute(moved)]
        sets = [(row.author, row.body, row.signature) for row in connection.execute(fresh)]
        keys = {name: list(map(public_key, known)) for name, known in _authors(connection).items()}
    with (
        Vault.create(folder / f"{secrets.token_hex(4)}.db", secrets.token_bytes(32)) as vault,
        _timed() as taken,
    ):
        assert all(verify(keys[author][0], CHANGE_SET, body, signed) for author, body, signed in sets)
        with vault.write() as connection:
            raw: Any = connection.connection.driver_connection
            for name, lines in rows.items():
                if lines:
                    raw.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * len(lines[0]))})", lines)
    return taken


def _authors(connection: Connection) -> Authors:
    return authors(connection, centre_of(connection))
