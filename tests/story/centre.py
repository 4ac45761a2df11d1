"""A province's centre as its administrator sets it up: by the command line, in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from app.cli import frame


@dataclass(frozen=True)
class Operator:
    """What the province's administrator does while the commune works: one command line each."""

    central: Callable[..., str]
    commune: str
    place: tuple[str, ...]
    address: str

    def invite(self) -> str:
        """A code for one more laptop."""
        asked = ("device", "enrol", self.commune, *self.place, "--address", self.address, "--json")
        return str(json.loads(self.central(*asked))["code"])

    def officers(self) -> set[str]:
        """Everybody of the commune."""
        told = self.central("officer", "list", self.commune, *self.place, "--json")
        return {row["officer"] for row in json.loads(told)}

    def certify(self, officer: str, role: str) -> None:
        """Give an officer a role."""
        self.central("officer", "certify", self.commune, officer, "--role", role, *self.place)


@contextmanager
def served_centre(folder: Path, database: str, commune: str, said: Callable[[], str]) -> Iterator[Operator]:
    """Serve one commune from `database`; gives whoever runs it.

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
            yield Operator(central, commune, place, address)
        finally:
            process.terminate()
            assert process.wait(20) == 0
