"""SIGKILL of laptops and of the centre at random moments of their exchanges, over real HTTPS.

After each, what was acknowledged is there and nothing is half; at the end all of it has arrived, in an
order without holes, and everybody holds the same. 50 moments in the suite, 500 with SOAK=1.
"""

from __future__ import annotations

import os
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import pytest
from sqlalchemy import select

from app.domain.changes import Entry, SignedSet, unpack_verdicts
from app.store import audit, outbox, place
from app.store.central_tables import commune, journal
from app.store.centre import Centre
from app.store.tables import changes
from tests.central.laptops import Laptop as Opened
from tests.central.laptops import all_agree, house, new_keys
from tests.faults.exchanging import ASKING, SAVED, SYNCED, Machine, line_of, work
from tests.faults.serving import begun, forks, free_port

MOMENTS = 500 if os.environ.get("SOAK") else 50
LAPTOPS = 2
KEY = bytes(range(32))
_WHOM = ("laptop",) * 7 + ("centre",) * 2 + ("both",)

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs Linux's prctl")


@dataclass
class Victim:
    """A laptop, the process that works on it, and what it said."""

    machine: Machine
    process: ForkServerProcess
    heard: Connection
    saved: set[str] = field(default_factory=set)
    last: str = ""
    exchange_s: float = 0.1  # how long the newest one took

    def listen(self) -> None:
        """The next thing that it says."""
        self.last, what = self.heard.recv()
        if self.last == SAVED:
            self.saved.add(what)
        elif self.last == SYNCED:
            self.exchange_s = float(what)

    def wait_until_it_asks(self) -> None:
        """Past all that it had said, to the beginning of its next exchange."""
        while self.heard.poll():
            self.listen()
        self.last = ""
        while self.last != ASKING:
            self.listen()

    def kill(self) -> None:
        """SIGKILL; then all that it had said."""
        self.process.kill()
        self.process.join()
        with suppress(EOFError):
            while True:
                self.listen()
        self.heard.close()
        self.process.close()


@dataclass
class Hall:
    """A centre that serves, and laptops at work on it."""

    folder: Path
    database: str
    code: str
    port: int
    chance: random.Random
    laptops: list[Victim]
    served: ForkServerProcess
    counted: Counter[str] = field(default_factory=Counter)

    @property
    def address(self) -> str:
        """Where the centre listens, whichever process it is now."""
        return f"https://127.0.0.1:{self.port}"

    def start_centre(self) -> None:
        """The centre again, on the book as the last one left it."""
        self.served = begun(self.folder, self.database, self.port)

    def kill_centre(self) -> None:
        """SIGKILL."""
        self.served.kill()
        self.served.join()
        self.served.close()

    def begin_work(self, victim: Victim) -> None:
        """The laptop again, as it lies."""
        victim.process, victim.heard = begun_work(victim.machine, self.address, self.chance.getrandbits(32))

    def strike(self, whom: str) -> None:
        """One moment: who is killed, looked at, and started again."""
        victim = self.chance.choice(self.laptops)
        victim.wait_until_it_asks()
        time.sleep(self.chance.uniform(0, 1.3 * victim.exchange_s))
        if whom != "centre":
            victim.kill()
            self.counted["in an exchange"] += victim.last == ASKING
            self.counted["after it"] += victim.last != ASKING
        if whom != "laptop":
            self.kill_centre()
            self.start_centre()
        if whom != "centre":
            look_at(victim)
            self.begin_work(victim)
        self.counted[whom] += 1


def begun_work(machine: Machine, address: str, seed: int) -> tuple[ForkServerProcess, Connection]:
    heard, say = forks.Pipe(duplex=False)
    process = forks.Process(target=work, args=(machine, address, seed, say), daemon=True)
    process.start()
    say.close()
    heard.recv()
    return process, heard


@contextmanager
def at_work(folder: Path, where: str | Path, database: str, code: str) -> Iterator[Hall]:
    """Laptops enrolled, each in a process of its own, and the centre in another."""
    keys = new_keys(folder / "keys")
    with house(where, keys, code) as door:
        laptops = [Opened.new(folder, code, door.clock, KEY) for _ in range(LAPTOPS)]
        for laptop in laptops:
            door.enrol(laptop)
    port = free_port()
    machines = [Machine.of(laptop, KEY) for laptop in laptops]
    served = begun(folder, database, port)
    address = f"https://127.0.0.1:{port}"
    victims = [Victim(machine, *begun_work(machine, address, 1)) for machine in machines]
    hall = Hall(folder, database, code, port, random.Random(code), victims, served)
    try:
        yield hall
    finally:
        for process in [*(victim.process for victim in hall.laptops), hall.served]:
            if process._popen is not None:  # type: ignore[attr-defined]
                process.kill()
                process.join()


def look_at(victim: Victim) -> None:
    """Right after the kill: sound, whole, in its own order, and all that was said is there."""
    laptop = victim.machine.open()
    try:
        assert laptop.vault.faults() == ()
        kept, summed = laptop.digests()
        assert int.from_bytes(kept, "big") == summed
        with laptop.vault.read() as connection:
            audit.verify(connection)
            lines = connection.execute(
                select(changes.c.id, changes.c.device, changes.c.number, changes.c.seq)
            )
            rows = lines.all()
            cursor, device = place.cursor(connection), place.read_text(connection, "device")
        assert device == victim.machine.device
        own = sorted(row.number for row in rows if row.device == device)
        assert own == list(range(1, len(own) + 1))
        assert victim.saved <= {row.id.hex() for row in rows}
        assert sorted(row.seq for row in rows if row.seq) == list(range(1, cursor + 1))
    finally:
        laptop.vault.lock()


def look_at_end(hall: Hall, where: str | Path) -> int:
    """Everybody is done: nothing waits, all agree, the book has all of it once and in order."""
    laptops = [victim.machine.open() for victim in hall.laptops]
    try:
        for laptop in [*laptops, *laptops]:
            with line_of(laptop, hall.address) as carrier:
                assert laptop.sync(carrier).in_step
            with laptop.vault.read() as connection:
                assert outbox.waiting(connection) == 0
        all_agree(laptops)
    finally:
        for laptop in laptops:
            laptop.vault.lock()
    hall.kill_centre()
    centre = Centre.open(where)
    with centre.read() as connection:
        lines = connection.execute(select(journal).order_by(journal.c.seq)).all()
        kept = connection.execute(select(commune.c.seq, commune.c.head)).one()
    centre.close()
    assert [line.seq for line in lines] == list(range(1, len(lines) + 1))
    head = bytes(32)
    for line in lines:
        signed = SignedSet(line.body, line.signature)
        head = Entry(line.seq, signed, unpack_verdicts(line.verdicts)).head_after(head)
    assert tuple(kept) == (len(lines), head)
    for victim in hall.laptops:
        numbers = [line.number for line in lines if line.device == victim.machine.device]
        assert numbers == list(range(1, len(numbers) + 1))
        assert victim.saved <= {line.id.hex() for line in lines}
    return len(lines)


@pytest.mark.parametrize("kind", ["postgresql", "sqlite"])
def test_killed_anywhere_nothing_acknowledged_is_lost(
    kind: str,
    request: pytest.FixtureRequest,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    where: str | Path
    if kind == "postgresql":
        where = database = str(request.getfixturevalue("postgres_url"))
        code = "03160"
    else:
        where = tmp_path / "centre.db"
        database, code = f"sqlite:///{where}", "T0001"
    with at_work(tmp_path, where, database, code) as hall:
        for _ in range(MOMENTS // 2):
            hall.strike(hall.chance.choice(_WHOM))
        for victim in hall.laptops:
            victim.kill()
        sets = look_at_end(hall, where)
    record_property("kills", dict(hall.counted))
    record_property("sets", sets)
    assert hall.counted["in an exchange"]
    assert sets > MOMENTS // 2
