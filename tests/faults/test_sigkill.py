"""SIGKILL at random moments of enrolment and of an import; then the vault is looked through.

20 moments in the suite, 200 with SOAK=1.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from app.store.tables import changes
from tests import desks
from tests.actions.importing.books import GROUP, write_book
from tests.faults.capsules import found_with_a_centre, look_into_capsule
from tests.faults.looking import Said, look_through
from tests.faults.working import open_desk
from tests.invented import people

MOMENTS = 200 if os.environ.get("SOAK") else 20
_PEOPLE = 120  # of a workbook
_IN_A_VAULT = 5  # moments, then a new one: looking takes longer the more was written


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    desks.make_keys_cheap(monkeypatch)
    found_with_a_centre(tmp_path / "home")
    return tmp_path / "home"


def workbook(folder: Path, number: int) -> str:
    """The next page of one long list: people without anything to ask about them."""
    everybody = [who for who in people(_PEOPLE * (number + 2)) if who.personal_id and who.birth]
    page = everybody[_PEOPLE * number :][:_PEOPLE]
    lines = [
        (
            place,
            who.name,
            "/".join(reversed((who.birth or "").split("-"))),
            "Nữ" if who.sex == "female" else "Nam",
            *(who.personal_id, "", who.hamlet, GROUP, 540_000, ""),
        )
        for place, who in enumerate(page, start=1)
    ]
    return str(write_book(folder / f"trang {number}.xlsx", lines))


def kill_at_work(home: Path, seed: int, work: str, after: str, wait_s: float) -> Said:
    """What the victim had said when it was killed, `wait_s` seconds after it began a line with `after`."""
    command = [sys.executable, "-m", "tests.faults.working", str(home), str(seed), work]
    said: Said = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as victim:
        assert victim.stdout is not None
        while not said or said[-1][0] != after:
            said.append(victim.stdout.readline().split())
        time.sleep(wait_s)
        victim.send_signal(signal.SIGKILL)
        rest = victim.stdout.read()
    return said + [line.split() for line in rest.splitlines(keepends=True) if line.endswith("\n")]


@pytest.mark.parametrize("work", ["enrol", "import"])
def test_nothing_said_is_lost_and_nothing_is_half(home: Path, tmp_path: Path, work: str) -> None:
    chance = random.Random(work)
    reported, said, at = 0, list[list[str]](), home
    for moment in range(MOMENTS // 2):
        if moment % _IN_A_VAULT == 0:
            said, at = [], tmp_path / f"vault {moment}"
            shutil.copytree(home, at)
        after = "ready" if work == "enrol" else chance.choice(("reading", "writing", "writing"))
        what = work if work == "enrol" else workbook(tmp_path, moment % _IN_A_VAULT)
        said += kill_at_work(at, moment, what, after, chance.uniform(0.0, 0.5))
        desk = open_desk(at)
        try:
            look_through(desk, said)
            look_into_capsule(desk)
        finally:
            desk.vault.lock()
        reported += sum(line[0] in ("enrolled", "import") for line in said)
    assert reported, "no victim ever got as far as one save"


def test_the_looking_sees_a_lost_save(home: Path) -> None:
    """The same look at a vault from which one said save was taken fails."""
    said = kill_at_work(home, 1, "enrol", "enrolled", 0.0)
    desk = open_desk(home)
    try:
        with desk.vault.write() as connection:
            last = next(line for line in reversed(said) if line[0] == "enrolled")
            connection.execute(changes.delete().where(changes.c.id == bytes.fromhex(last[1])))
        with pytest.raises(AssertionError):
            look_through(desk, said)
    finally:
        desk.vault.lock()
