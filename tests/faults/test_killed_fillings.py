"""SIGKILL at random moments of a survey: at most the field that was being typed is lost, nothing is by half.

20 moments in the suite, 200 with SOAK=1.
"""

from __future__ import annotations

import hashlib
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.actions.desk import Desk
from app.actions.households import found_household
from app.actions.people import add_person
from app.actions.surveying.filling import take_up
from app.store import fillings, submissions
from app.store.opened import open_record
from app.store.tables import drafts, records
from tests import desks
from tests.faults.looking import Said, look_through
from tests.faults.working import open_desk
from tests.surveys import house_form, published

MOMENTS = 200 if os.environ.get("SOAK") else 20
_SELDOM = 5  # looking through all of it takes longer the more was written


@pytest.fixture
def at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, str]:
    """A laptop with a household and a form."""
    desks.make_keys_cheap(monkeypatch)
    desk = desks.desk_of(tmp_path / "home")
    published(desk, house_form())
    person = add_person(desk, {"name": "Lò Thị Lả", "birth": "1947", "hamlet": "Nà Lụa"}, "add")
    with desk.vault.read() as connection:
        opened = open_record(connection, "person", person)
    assert opened
    household = found_household(desk, opened, {"hamlet": "Nà Lụa"}, "found")
    desk.vault.lock()
    return tmp_path / "home", household


@pytest.fixture
def nursery() -> Iterator[subprocess.Popen[str]]:
    """Where victims come from."""
    command = [sys.executable, "-m", "tests.faults.filling"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as made:
        yield made
        assert made.stdin is not None
        made.stdin.close()


def kill_at_work(nursery: subprocess.Popen[str], at: tuple[Path, str], seed: int, wait_s: float) -> Said:
    """What the victim had said when it was killed, `wait_s` seconds after it was ready."""
    assert nursery.stdin is not None
    assert nursery.stdout is not None
    nursery.stdin.write(f"{at[0]} {seed} hoi_ho {at[1]}\n")
    nursery.stdin.flush()
    said: Said = []
    while not said or said[-1] != ["ready"]:
        said.append(nursery.stdout.readline().split())
    time.sleep(wait_s)
    os.kill(int(said[0][1]), signal.SIGKILL)
    while said[-1] != ["ended"]:
        line = nursery.stdout.readline()
        if line.endswith("ended\n") and line != "ended\n":  # it died within a word
            line = "ended\n"
        said.append(line.split())
    return said


def look_at_fillings(desk: Desk, said: Said) -> None:
    """What was said to be kept is there, whole; only a draft that its victim died at may be further."""
    kept, handed, pending = dict[str, str](), dict[str, str](), dict[str, str]()
    for kind, *words in said:
        if kind in ("answering", "handing"):
            pending[words[0]] = kind
        elif kind in ("kept", "handed"):
            (kept if kind == "kept" else handed)[words[0]] = words[1]
            del pending[words[0]]
    with desk.vault.read() as connection:
        standing = {each.id: each for each in fillings.every(connection)}
        found = [submissions.one(connection, record) for record in handed.values()]
        photos = set(fillings.files_of_drafts(connection))
    assert all(each is not None and each.content for each in found)
    assert not standing.keys() & handed.keys()
    for draft in kept.keys() - handed.keys():
        if draft not in standing:  # it died between the saving and the saying
            assert pending.get(draft) == "handing"
        elif draft not in pending:
            assert hashlib.sha256(standing[draft].content).hexdigest() == kept[draft]
    for draft in standing:
        take_up(desk, draft)
    for sha256 in photos:
        desk.files.read(sha256)


def test_at_most_the_field_being_typed_is_lost(nursery: subprocess.Popen[str], at: tuple[Path, str]) -> None:
    chance, said = random.Random("survey"), list[list[str]]()
    for moment in range(MOMENTS):
        said += kill_at_work(nursery, at, moment, chance.uniform(0.0, 0.6))
        desk = open_desk(at[0])
        try:
            look_at_fillings(desk, said)
            if moment % _SELDOM == 0:
                look_through(desk, [])
        finally:
            desk.vault.lock()
    kinds = {line[0] for line in said}
    assert {"kept", "handed"} <= kinds, "no victim ever got as far as that"


def test_the_looking_sees_a_lost_answer(nursery: subprocess.Popen[str], at: tuple[Path, str]) -> None:
    said: Said = []
    while not [words for words in said if words[0] == "kept"]:
        said = kill_at_work(nursery, at, 1, 0.5)
    desk = open_desk(at[0])
    try:
        with desk.vault.write() as connection:
            connection.execute(drafts.delete())
            connection.execute(records["submission"].delete())
        with pytest.raises(AssertionError):
            look_at_fillings(desk, said)
    finally:
        desk.vault.lock()
