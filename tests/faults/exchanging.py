"""The victims of `test_killed_exchanges.py`: a laptop that edits and syncs, and the centre it calls.

They are forked from a server of forks that has imported all of this and opened nothing: a start
costs what opening a vault or a book costs.
"""

from __future__ import annotations

import ctypes
import os
import random
import signal
import time
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path

import app.central.server
import app.central.training
import app.cli.central  # noqa: F401 - all of it beforehand
from app import words
from app.cli import frame
from app.domain.errors import Coded
from app.domain.hybrid_clock import HybridClock
from app.domain.ids import RecordIds
from app.seal.keys import CHANGE_SET, DeviceKey, OfficerKey, SigningKey, sign
from app.store import unit
from app.store.files import Files
from app.store.unit import Pen
from app.store.vault import Vault
from app.sync.https import HttpsCarrier
from app.sync.policy import centre_of
from tests.central.laptops import Laptop

SAVED, ASKING, SYNCED, READY = "saved", "asking", "synced", "ready"
_DIES_WITH_PARENT = 1  # PR_SET_PDEATHSIG


@dataclass(frozen=True)
class Machine:
    """A laptop as it lies on the disk, and what its officer and it sign with."""

    path: Path
    key: bytes
    code: str
    device: str
    device_seed: bytes
    officer: str
    officer_seed: bytes

    @classmethod
    def of(cls, laptop: Laptop, key: bytes) -> Machine:
        """A laptop put down."""
        laptop.vault.lock()
        return cls(
            laptop.vault.path,
            key,
            laptop.pen.commune,
            laptop.device.id,
            laptop.device.key.seed,
            laptop.officer.id,
            laptop.officer.key.seed,
        )

    def open(self) -> Laptop:
        """The laptop opened, its clock going on where it was."""
        vault = Vault.open(self.path, self.key)
        with vault.write() as connection:
            last = unit.last_clock(connection)
            files = Files.of(connection, self.path.with_suffix(".files"))
        officer = OfficerKey(self.officer, "Cán bộ", SigningKey(self.officer_seed))
        clock = HybridClock(now_ms, last)
        pen = Pen(self.code, self.device, self.officer, partial(sign, officer.key, CHANGE_SET), clock.tick)
        device = DeviceKey(self.device, SigningKey(self.device_seed))
        return Laptop(vault, device, officer, pen, RecordIds(self.device, now_ms), files)


def now_ms() -> int:
    """This machine's clock."""
    return time.time_ns() // 1_000_000


def line_of(laptop: Laptop, address: str) -> HttpsCarrier:
    """A line to the centre that it knows, at an address."""
    with laptop.vault.read() as connection:
        return HttpsCarrier(address, centre_of(connection).tls)


def work(machine: Machine, address: str, seed: int, say: Connection) -> None:
    """Save, say each save that was acknowledged, exchange, again, until killed."""
    words.speak("vi")
    laptop, chance = machine.open(), random.Random(seed)
    people = [record for kind, record in laptop.cells() if kind == "person"]
    say.send((READY, ""))
    with line_of(laptop, address) as line:
        while True:
            for _ in range(chance.randint(1, 3)):
                say.send((SAVED, edit(laptop, people, chance)))
            say.send((ASKING, ""))
            began = time.monotonic()
            with suppress(Coded):
                laptop.sync(line)
                say.send((SYNCED, str(time.monotonic() - began)))


def edit(laptop: Laptop, people: list[str], chance: random.Random) -> str:
    """Somebody new, or a change to somebody whom another laptop may be changing; the set's id."""
    if len(people) < 3 or chance.random() < 0.2:
        people.append(laptop.new_person(note=str(chance.random())))
    else:
        name = chance.choice(("note", "phone", "name", "birth"))
        value = {"phone": "09", "birth": "19"}.get(name, "") + str(chance.randrange(10, 99))
        laptop.change(chance.choice(people), **{name: value, "note": str(chance.random())})
    with laptop.vault.read() as connection:
        return unit.last_of_device(connection, laptop.device.id)[1]


def serve(database: str, keys: Path, port: int, log: Path) -> None:
    """`soansinh central` itself, which ends when nobody is left who could kill it."""
    ctypes.CDLL(None).prctl(_DIES_WITH_PARENT, signal.SIGKILL)
    with log.open("ab") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    place = ["--database", database, "--keys", str(keys), "--listen", f"127.0.0.1:{port}"]
    raise SystemExit(frame.run(["central", *place]))
