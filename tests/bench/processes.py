"""Processes that are measured: a centre as a province runs it, its database, memory and processor time."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from app.central.enrolling import invite
from app.central.keys import load_keys, make_keys
from app.central.office import admit_commune
from app.central.server import now_ms
from app.store import roster
from app.store.centre import Centre as Book
from tests.postgres import Server, running_server

HERE = Path(__file__).resolve().parents[2]
_TICKS = os.sysconf("SC_CLK_TCK")
# As PostgreSQL comes, every commit on the disk; only what a machine of this size would be given. Rows that
# were laid in at one go would be vacuumed in the middle of what is measured: those of a real day come slowly.
DURABLE = (
    *("shared_buffers=1GB", "max_wal_size=8GB", "checkpoint_timeout=30min"),
    "autovacuum_vacuum_insert_threshold=-1",
)
ENVIRONMENT = {**os.environ, "LC_ALL": "C.UTF-8", "PYTHONPATH": str(HERE)}


def free_port() -> int:
    """A port of this machine that nobody listens at."""
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        return int(opened.getsockname()[1])


def seconds_of(pid: int, *, with_ended: bool = False) -> float:
    """Processor time, user and system, of a process, 0 when it is no more; `with_ended` children too."""
    try:
        said = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(map(int, said[11 : 15 if with_ended else 13])) / _TICKS


def peak_of(pid: int) -> float:
    """The most memory that a process held since `forget_peak`, in MB."""
    status = Path(f"/proc/{pid}/status").read_text()
    return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM"))


def held_by(pid: int) -> float:
    """The memory that a process holds now, in MB."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / (1 << 20)


def forget_peak(pid: int) -> None:
    """Count the most memory from now on."""
    Path(f"/proc/{pid}/clear_refs").write_text("5")


def children_of(pid: int) -> list[int]:
    """The processes that one started."""
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def load() -> str:
    """The machine's load averages: what else ran."""
    return " ".join(f"{each:.1f}" for each in os.getloadavg())


@contextmanager
def child(command: Sequence[str], log: Path) -> Iterator[subprocess.Popen[str]]:
    """A process until the end of the block; what it complains of goes to `log`."""
    with log.open("w") as complaints:
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=complaints,
            text=True,
            env=ENVIRONMENT,
            cwd=HERE,
        )
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe:
                    pipe.close()


@dataclass
class Centre:
    """A centre of some processes on one port. `logs`: a line of JSON a visit, one file a process."""

    folder: Path
    server: Server
    port: int
    processes: list[subprocess.Popen[str]] = field(default_factory=list)
    logs: list[Path] = field(default_factory=list)

    @property
    def keys(self) -> Path:
        """The folder with its keys."""
        return self.folder / "keys"

    @property
    def database(self) -> str:
        """Where its book is."""
        return self.server.url("centre")

    def invite(self, commune: str, address: str) -> str:
        """An enrolment code for a laptop that reaches the centre at this address."""
        with self.book() as opened:
            return invite(opened, load_keys(self.keys), commune, address, now_ms()).text()

    @contextmanager
    def book(self) -> Iterator[Book]:
        """Its book, opened as an operator's command opens it."""
        opened = Book.open(self.database)
        try:
            yield opened
        finally:
            opened.close()

    def begin(self, communes: Iterable[str]) -> None:
        """Keys made, and the registers of these communes opened."""
        make_keys(self.keys, f"https://127.0.0.1:{self.port}", datetime.now(UTC))
        with self.book() as opened, opened.write() as connection:
            for code in communes:
                roster.add_commune(connection, admit_commune(code, f"Xã {code}", training=False))

    def pids(self) -> list[int]:
        """The service's processes."""
        return [each.pid for each in self.processes]

    def seconds(self) -> float:
        """Processor time of the service."""
        return sum(map(seconds_of, self.pids()))

    def database_seconds(self) -> float:
        """Processor time of PostgreSQL: of its connections, those that have ended too."""
        first = int((self.server.socket / "data" / "postmaster.pid").read_text().splitlines()[0])
        return seconds_of(first, with_ended=True) + sum(map(seconds_of, children_of(first)))

    def visits(self) -> int:
        """How many requests it answered so far."""
        return sum(log.read_text().count('"what"') for log in self.logs)


@contextmanager
def centre(folder: Path, communes: Iterable[str], processes: int = 1) -> Iterator[Centre]:
    """A centre with these communes, served by the command line from a PostgreSQL of its own."""
    with running_server(DURABLE) as server, ExitStack() as stack:
        server.command("CREATE DATABASE centre")
        found = Centre(folder, server, free_port())
        found.begin(communes)
        for at in range(processes):
            _serve(stack, found, folder / f"centre{at}.log")
        yield found


def _serve(stack: ExitStack, found: Centre, log: Path) -> None:
    listen = ("--listen", f"127.0.0.1:{found.port}", "--share-port")
    place = ("--database", found.database, "--keys", str(found.keys))
    command = [sys.executable, "-m", "app", "central", *place, *listen]
    process = stack.enter_context(child(command, log))
    assert process.stdout is not None
    if not process.stdout.readline():
        raise RuntimeError(log.read_text())
    found.processes.append(process)
    found.logs.append(log)


def wait_for(is_so: Callable[[], bool], seconds: float = 30) -> None:
    """Wait until something is so."""
    end = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(0.02)


def connect(found: Centre) -> psycopg.Connection[tuple[object, ...]]:
    """A connection to the centre's book, for filling it."""
    return psycopg.connect(found.database)
