"""A province's centre as its administrator sets it up: by the command line, in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from app.cli import frame

Invite = Callable[[], str]


@contextmanager
def served_centre(folder: Path, database: str, commune: str, said: Callable[[], str]) -> Iterator[Invite]:
    """Serve one commune from `database`; gives a way to ask for an enrolment code.

    `said` is what the command line printed since it was last asked.
    """
    keys = folder / "keys"
    place = ("--database", database, "--keys", str(keys))

    def central(*words: str) -> str:
        assert frame.run(["--language", "vi", "central", *words]) == 0
        return said()

    central("init", "--keys", str(keys), "--address", "https://127.0.0.1:8443")
    central("commune", "add", commune, *place)
    serving = [sys.executable, "-m", "app", "central", *place, "--listen", "127.0.0.1:0"]
    with (
        (folder / "centre.log").open("wb") as log,
        subprocess.Popen(serving, stdout=subprocess.PIPE, stderr=log) as process,
    ):
        assert process.stdout is not None
        address = process.stdout.readline().decode().split()[-1]
        try:
            ask = ("device", "enrol", commune, *place, "--address", address, "--json")
            yield lambda: json.loads(central(*ask))["code"]
        finally:
            process.terminate()
            assert process.wait(20) == 0
