"""The victim of `test_turning.py`: who puts one thing in another's place, and says so.

`python -m tests.faults.turning HOME WORK FILES`: it says its process id, `ready`, and `done`.
"""

from __future__ import annotations

import os
import pickle
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from app.actions import backups as acting
from app.bootstrap import restoring, shelves
from app.bootstrap.restoring import ByPassword
from app.domain.progress import Progress
from app.resources import load_reference
from app.store import backups
from app.store.keyslots import Guard, KeyFile
from app.store.laptop import Laptop
from tests import desks
from tests.central.sticks import Stick
from tests.faults.exchanging import Machine, now_ms
from tests.faults.working import say
from tests.store.office import CHEAP, GUARD, PASSWORD, START, new_password, opened

NEW = "nương ngô mùa hạ"


def rekey(home: Path, _files: Path) -> None:
    """An officer changes her password."""
    keyfile = KeyFile.load(home, GUARD)
    unlocked = keyfile.unlock(keyfile.officers[0].officer, PASSWORD, START)
    with opened(keyfile, unlocked) as register:
        say("ready")
        new_password(register, unlocked, PASSWORD, NEW)
        say("done")


def restore(home: Path, files: Path) -> None:
    """A backup takes the place of the register."""
    reference = load_reference()
    at = shelves.shelf(Laptop(home), desks.place())
    way = ByPassword(at.keyfile().officers[0].officer, desks.PASSWORD)
    say("ready")
    restored = restoring.restore(Progress(), at, backups.read(files), way, reference)
    say("done")
    restored.desk.vault.lock()


def stick(home: Path, files: Path) -> None:
    """What came on a stick is taken in."""
    machine: Machine = pickle.loads((files / "machine").read_bytes())
    laptop, carried = replace(machine, path=home / machine.path.name).open(), Stick(files / "stick")
    say("ready")
    try:
        with carried.child:
            carried.take(laptop, files / "x.bangiao")
        say("done")
    finally:
        laptop.vault.lock()


def backup(home: Path, _files: Path) -> None:
    """A backup is made."""
    desk = desks.found_again(home)
    say("ready")
    try:
        acting.make(Progress(), desk)
        say("done")
    finally:
        desk.vault.lock()


class _Plugged(Stick):
    """One on which files lie beside each other."""

    def place(self) -> Path:
        """The stick itself."""
        return self.folder


def write(home: Path, files: Path) -> None:
    """A stick is written."""
    machine: Machine = pickle.loads((files / "machine").read_bytes())
    laptop, carried = replace(machine, path=home / machine.path.name).open(), _Plugged(home / "stick")
    say("ready")
    try:
        with carried.child:
            carried.make(laptop, now_ms())
        say("done")
    finally:
        laptop.vault.lock()


WORKS: dict[str, Callable[[Path, Path], None]] = {
    "rekey": rekey,
    "restore": restore,
    "stick": stick,
    "backup": backup,
    "write": write,
}

if __name__ == "__main__":
    shelves.Shelf.guard = lambda _shelf: Guard(CHEAP, ask_system=False)  # type: ignore[method-assign, assignment]
    say(str(os.getpid()))
    WORKS[sys.argv[2]](Path(sys.argv[1]), Path(sys.argv[3]))
