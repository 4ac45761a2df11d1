"""Two sides that do the same work, each behind a line: the program with its centre, Anki with its server."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.bench import processes
from tests.bench.people import Change, Listed
from tests.bench.processes import Centre

Said = dict[str, Any]
TWO_G = {"rtt_ms": 300, "kbit": 64}
_MARK = "@@"  # Anki's library prints too


class Worker:
    """A laptop's process."""

    def __init__(self, process: subprocess.Popen[str], log: Path) -> None:
        self.process, self.pid, self.log = process, process.pid, log

    def ask(self, verb: str, **said: object) -> Said:
        """Tell it what to do; what it answered."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps({"verb": verb, **said}, ensure_ascii=False) + "\n")
        self.process.stdin.flush()
        for line in self.process.stdout:
            if line.startswith((_MARK, "{")):
                return dict(json.loads(line.removeprefix(_MARK)))
        raise RuntimeError(f"{verb}: the worker ended: {self.log.read_text()}")

    def do(self, verb: str, **said: object) -> Said:
        """The same; a refusal is an error."""
        answer = self.ask(verb, **said)
        if "refused" in answer:
            raise RuntimeError(f"{verb}: {answer['refused']}")
        return answer


@dataclass(frozen=True)
class Measured:
    """What a piece of work cost: bytes and turns on the line, seconds, MB above what was held before.

    `requests`: as the server's own log counts them, 0 where it keeps none.
    """

    up: int
    down: int
    turns: int
    connections: int
    requests: int
    wall: float
    cpu: float
    server_cpu: float
    memory: float
    server_memory: float
    said: Said = field(default_factory=dict)

    @property
    def bytes(self) -> int:
        """Both ways."""
        return self.up + self.down


@dataclass
class Side:
    """A server, the line before it, and its laptops."""

    name: str
    port: int  # where laptops call: the proxy's
    control: socket.socket
    servers: list[int]
    seconds: Callable[[], float]
    requests: Callable[[], int]
    hire: Callable[[str], Worker]
    held: dict[int, float] = field(default_factory=dict)  # by the servers, when they began on their own

    def watch(self) -> None:
        """Count the servers' memory from now on for what is measured next: they begin when invited."""
        for pid in self.servers:
            processes.forget_peak(pid)
        self.held = {pid: processes.held_by(pid) for pid in self.servers}

    def line(self, **told: int) -> Said:
        """Let the line be so from now on; what was counted on it before."""
        return self._tell(told)

    def counted(self) -> Said:
        """What was counted so far."""
        return self._tell(None)

    def _tell(self, told: object) -> Said:
        self.control.sendall(json.dumps(told).encode() + b"\n")
        heard = b""
        while not heard.endswith(b"\n"):
            heard += self.control.recv(4096)
        return dict(json.loads(heard))

    def measure(self, worker: Worker, verb: str, *, line: dict[str, int] | None = None) -> Measured:
        """One verb of one laptop, watched from outside."""
        pids = [worker.pid, *self.servers]
        for pid in set(pids) - self.held.keys():
            processes.forget_peak(pid)
        before = {pid: processes.held_by(pid) for pid in pids} | self.held
        self.held = {}
        served, server_cpu, cpu = self.requests(), self.seconds(), processes.seconds_of(worker.pid)
        self.line(**(line or {}))
        start = time.perf_counter()
        said = worker.ask(verb)
        wall = time.perf_counter() - start
        counted = self.counted()
        self.line()
        grown = [processes.peak_of(pid) - before[pid] for pid in pids]
        return Measured(
            **counted,
            requests=self.requests() - served,
            wall=wall,
            cpu=processes.seconds_of(worker.pid) - cpu,
            server_cpu=self.seconds() - server_cpu,
            memory=grown[0],
            server_memory=max(grown[1:]),
            said=said,
        )


@contextmanager
def line_before(server: int, folder: Path) -> Iterator[tuple[int, socket.socket]]:
    """A proxy's port, and the way to speak with it."""
    listen, control = processes.free_port(), processes.free_port()
    command = [sys.executable, "-m", "tests.bench.sync.proxy", *map(str, (listen, server, control))]
    with processes.child(command, folder / f"line{listen}.log") as proxy:
        assert proxy.stdout is not None
        proxy.stdout.readline()
        with socket.create_connection(("127.0.0.1", control)) as opened:
            yield listen, opened


@contextmanager
def ours(folder: Path, centre: Centre, commune: str) -> Iterator[Side]:
    """The program: laptops of one commune."""
    folder.mkdir()
    with ExitStack() as stack:
        port, control = stack.enter_context(line_before(centre.port, folder))

        def hire(name: str) -> Worker:
            command = [sys.executable, "-m", "tests.bench.sync.worker"]
            log = folder / f"{name}.log"
            worker = Worker(stack.enter_context(processes.child(command, log)), log)
            code = centre.invite(commune, f"https://127.0.0.1:{port}")
            worker.do("enrol", folder=str(folder / name), name=name, code=code)
            return worker

        def seconds() -> float:
            return centre.seconds() + centre.database_seconds()

        yield Side("ours", port, control, centre.pids(), seconds, centre.visits, hire)


@contextmanager
def anki(folder: Path, python: Path, people: Path) -> Iterator[Side]:
    """Anki: collections that sync with one server."""
    folder.mkdir()
    port = processes.free_port()
    known = {"SYNC_USER1": "u:p", "SYNC_HOST": "127.0.0.1", "SYNC_PORT": str(port), "RUST_LOG": "error"}
    known |= {"SYNC_BASE": str(folder / "server"), "MAX_SYNC_PAYLOAD_MEGS": "1000"}
    with ExitStack() as stack:
        bare = ["env", *(f"{name}={value}" for name, value in known.items()), str(python)]
        served = stack.enter_context(processes.child([*bare, "-m", "anki.syncserver"], folder / "server.log"))
        processes.wait_for(lambda: _listens(port))
        listen, control = stack.enter_context(line_before(port, folder))

        def hire(name: str) -> Worker:
            command = [*bare, str(Path(__file__).with_name("anki_worker.py"))]
            log = folder / f"{name}.log"
            worker = Worker(stack.enter_context(processes.child(command, log)), log)
            where = {"path": str(folder / f"{name}.anki2"), "people": str(people)}
            worker.do("open", url=f"http://127.0.0.1:{listen}/", **where)
            return worker

        def seconds() -> float:
            return processes.seconds_of(served.pid)

        yield Side("anki", listen, control, [served.pid], seconds, lambda: 0, hire)


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


def told(side: Side, changes: Sequence[Change], lines: Sequence[Listed]) -> list[tuple[object, ...]]:
    """Changes as this side's workers are told them."""
    if side.name == "anki":
        return [(change.line, change.field, change.value) for change in changes]
    return [(*lines[change.line].place(change.field), change.value) for change in changes]


def at_once(*works: Callable[[], None]) -> None:
    """Work that waits for lines rather than for a processor, side by side; the first error is raised."""
    failed: list[BaseException] = []

    def run(work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - raised again below
            failed.append(error)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]


def people_file(folder: Path, lines: Sequence[Listed]) -> Path:
    """The rows of 26 fields, a line of JSON each."""
    path = folder / "people.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for line in lines:
            file.write(json.dumps(line.row, ensure_ascii=False) + os.linesep)
    return path
