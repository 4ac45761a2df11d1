"""The centre as its own command serves it, in a process that can be killed and begun again."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from tests.faults.exchanging import serve

START_SECONDS = 60

# A start costs what opening a book costs: everything is imported once, in the server of forks.
forks = get_context("forkserver")
forks.set_forkserver_preload(["tests.faults.exchanging"])


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def begun(folder: Path, database: str, port: int) -> ForkServerProcess:
    """The centre of the keys in a folder, listening."""
    log = folder / "centre.log"
    process = forks.Process(target=serve, args=(database, folder / "keys", port, log), daemon=True)
    process.start()
    _wait_for(port, log)
    return process


@contextmanager
def served(folder: Path, database: str) -> Iterator[str]:
    """The same until the block ends; its address."""
    port = free_port()
    process = begun(folder, database, port)
    try:
        yield f"https://127.0.0.1:{port}"
    finally:
        process.kill()
        process.join()


def _wait_for(port: int, log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise AssertionError(log.read_text())
