"""Random schedules on real HTTPS, real vaults and a real PostgreSQL, over lines that do what lines do.

Several laptops edit and exchange, one by one and all at once; then every line is sound, all finish, and
rules 2 to 7 are reckoned for every set ever made, as the simulator reckons them (`tests.property.truth`).
"""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path

import pytest

from app.central.enrolling import invite
from app.central.keys import Keys
from app.central.office import admit_commune
from app.domain.errors import Coded
from app.domain.progress import Progress
from app.store import outbox, place, roster
from app.store.centre import Centre
from app.store.vault import Vault
from app.sync import bounds, conversation, enrolment, https
from app.sync.https import HttpsCarrier
from app.sync.policy import centre_of
from tests.central.laptops import new_keys
from tests.faults.exchanging import now_ms
from tests.faults.lines import Courier, bytes_line, messages_line
from tests.faults.serving import served
from tests.postgres import Server
from tests.property.officers import edit
from tests.property.planted import BUGS
from tests.property.truth import Violation, check_end, check_screen
from tests.property.world import CODE, Laptop, World

SOAK = bool(os.environ.get("SOAK"))
SEEDS = 200 if SOAK else 3
SECONDS = 3_600.0 if SOAK else 15.0  # a slow or busy machine gets through fewer
STEPS, LAPTOPS = 40, 3
# What a bad line may bring about, and what the centre says of a message that was spoilt.
HARMLESS = {
    "sync.offline",
    "sync.not_the_centre",
    "sync.message",
    "sync.signature",
    "sync.other_answer",
    "sync.unknown_device",
    "sync.centre_trouble",
    "sync.protocol",
}

numbers = count(1)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """What spoils a length lets both ends wait for bytes that never come."""
    monkeypatch.setattr(bounds, "READ_SECONDS", 3.0)


class Net(World):
    """A world whose laptops are vaults, whose centre is a process, and whose time is ours."""

    def __init__(self, seed: int, book: Centre, address: str, keys: Keys, folder: Path) -> None:
        self.chance = random.Random(seed)
        self.now = now_ms()
        self.book = book  # type: ignore[assignment]
        self.made, self.delivered, self.renamed = {}, set(), {}
        self.proposed, self.spoilt = {}, set()
        self.doubled, self.calm, self.revoked = set(), True, set()
        self.arrivals, self.ids = {}, []
        self.sticks, self.backups, self.laptops = [], [], []
        self._numbers = count(seed << 16)
        self._address, self._keys, self._folder = address, keys, folder
        self.lines: dict[str, tuple[str, ...]] = {}
        self.heard: Counter[str] = Counter()
        for _ in range(LAPTOPS):
            self.enrol()

    def enrol(self, *_named: str) -> Laptop:
        """One more laptop, over a sound line."""
        machine = f"m{next(self._numbers)}"
        vault = Vault.create(self._folder / f"{machine}.db", bytes(32))
        officers = self.chance.sample(["o1", "o2", "o3"], self.chance.randint(1, 2))
        laptop = Laptop(vault, machine, officers)  # type: ignore[arg-type]
        for known in range(1, len(officers) + 1):  # a code brings one officer
            code = invite(self.book, self._keys, CODE, self._address, now_ms())  # type: ignore[arg-type]
            found = https.enrol(code, self._applicant(laptop, officers[:known]))
        with vault.write() as connection:
            place.write(connection, "commune", CODE.encode())
            place.write(connection, "device", machine.encode())
            enrolment.keep(connection, found)
        self.let_some_approve()
        self.laptops.append(laptop)
        return laptop

    def exchange(self, laptop: Laptop, address: str) -> bool:
        """Press Sync; whether all is in step. Anything but harm from the line is a bug."""
        with laptop.disk.read() as connection:
            pins = centre_of(connection).tls
        pen = self.pen(laptop, laptop.officers[0])
        try:
            with HttpsCarrier(address, pins) as carrier:
                done = conversation.synchronise(laptop.disk, carrier, laptop.key, Progress(), pen)
        except Coded as error:
            self.heard[error.code] += 1
            if error.code not in HARMLESS:
                raise
            return False
        self.heard["done"] += 1
        return done.in_step

    def over_a_bad_line(self, laptop: Laptop) -> bool:
        """The same over one of its bad lines."""
        return self.exchange(laptop, self.chance.choice(self.lines[laptop.machine]))

    def run(self) -> None:
        """The whole schedule; raises Violation for the first rule that does not hold."""
        for _ in range(STEPS):
            self.step()
        self.finish()
        check_end(self)

    def step(self) -> None:
        """One thing happens."""
        self.now = now_ms()
        laptop, luck = self.chance.choice(self.laptops), self.chance.random()
        if luck < 0.6:
            edit(self, laptop)
            return
        if luck < 0.9:
            self.over_a_bad_line(laptop)
        else:
            with ThreadPoolExecutor(len(self.laptops)) as crowd:
                list(crowd.map(self.over_a_bad_line, self.laptops))
        self.note_arrivals()
        for one in self.laptops:
            check_screen(self, one)

    def finish(self) -> None:
        """Every line is sound; nothing waits any more."""
        for _ in range(2):
            for laptop in self.laptops:
                assert self.exchange(laptop, self._address)
        self.note_arrivals()
        for laptop in self.laptops:
            with laptop.disk.read() as connection:
                assert outbox.waiting(connection) == 0

    def close(self) -> None:
        """Lock every vault."""
        for laptop in self.laptops:
            laptop.disk.lock()  # type: ignore[attr-defined]


@contextmanager
def net(seed: int, server: Server, folder: Path, keys: Keys) -> Iterator[Net]:
    """A fresh book, the centre on it, laptops enrolled, two bad lines a laptop."""
    name = f"lines_{os.getpid()}_{next(numbers)}"
    server.command(f"CREATE DATABASE {name}")
    with ExitStack() as stack:
        stack.callback(server.command, f"DROP DATABASE {name} WITH (FORCE)")
        book = Centre.open(server.url(name))
        stack.callback(book.close)
        with book.write() as connection:
            roster.add_commune(connection, admit_commune(CODE, "Xã Mường Sen", training=False))
        address = stack.enter_context(served(keys.folder.parent, server.url(name)))
        world = Net(seed, book, address, keys, folder)
        stack.callback(world.close)
        for laptop in world.laptops:
            chance = random.Random(f"{seed} {laptop.machine}")
            courier = Courier(address, chance)
            world.lines[laptop.machine] = (
                stack.enter_context(bytes_line(address, chance)),
                stack.enter_context(messages_line(keys.folder, courier)),
            )
        yield world


def test_no_line_breaks_a_rule(
    postgres_server: Server, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    keys, heard, began, ran = new_keys(tmp_path / "keys"), Counter[str](), time.monotonic(), 0
    for seed in range(1, SEEDS + 1):
        if ran and time.monotonic() - began > SECONDS:
            break
        (tmp_path / str(seed)).mkdir()
        with net(seed, postgres_server, tmp_path / str(seed), keys) as world:
            world.run()
            heard += world.heard
        ran += 1
    record_property("schedules", ran)
    record_property("heard", dict(heard))
    assert heard["done"]
    assert heard["sync.offline"]


@pytest.mark.soak
def test_a_planted_bug_is_seen(postgres_server: Server, tmp_path: Path) -> None:
    """The reckoning is not blind to what happens out here."""
    keys = new_keys(tmp_path / "keys")
    with (
        BUGS["waiting edits are not put back"](),
        net(1, postgres_server, tmp_path, keys) as world,
        pytest.raises((Violation, Coded)),
    ):
        world.run()
