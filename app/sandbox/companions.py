"""Companions that live beside us and end with us: the training centre."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from app.sandbox.frames import SERVICE, close, environment, own_command
from app.sandbox.system import end_with_us, follow_input

_STOP_SECONDS = 5.0


class Service:
    """A long-lived companion (the training centre): ends when told, and when we end."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process

    @property
    def is_running(self) -> bool:
        """Whether it still lives."""
        return self._process.poll() is None

    def stop(self) -> None:
        """End it: politely, then not."""
        close(self._process)
        self._process.terminate()
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def start_service(argv: Sequence[str], log: Path) -> Service:
    """Start `soansinh argv…` as a companion; what it prints goes to the file `log`.

    Its standard input is a pipe nobody writes to: when we end, however we end, the pipe
    closes and the companion ends too. (Linux's death signal would not do: it follows the
    starting *thread*, and a pool's threads come and go.)
    """
    with log.open("ab") as file:
        process = subprocess.Popen(
            [*own_command(), SERVICE, *argv],
            stdin=subprocess.PIPE,
            stdout=file,
            stderr=file,
            env=environment(),
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    end_with_us(process)
    return Service(process)


def service_main(argv: Sequence[str], run: Callable[[Sequence[str]], int]) -> int:
    """What `--service …` does: the verb, bound to the life of whoever started us."""
    if sys.platform != "win32":
        signal.signal(signal.SIGIO, lambda *_: os.kill(os.getpid(), signal.SIGTERM))
    follow_input()
    return run(argv)
