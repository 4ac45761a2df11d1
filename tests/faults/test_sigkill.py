"""SIGKILL at random moments of enrolment and of an import's writing; then the vault is looked through.

20 moments in the suite, 200 with SOAK=1.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from app.actions.desk import Desk
from app.domain.changes import SignedSet
from app.domain.standing import record_digest
from app.store import audit, beneath, place, rows
from app.store.tables import changes, records, touched
from tests import desks
from tests.faults.enrolling import open_desk

MOMENTS = 200 if os.environ.get("SOAK") else 20


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    desks.make_keys_cheap(monkeypatch)
    desks.found(tmp_path).desk.vault.lock()
    return tmp_path


def kill_at_work(home: Path, seed: int, work: str, after_s: float) -> list[list[str]]:
    """What the victim had said when it was killed `after_s` seconds into its work."""
    command = [sys.executable, "-m", "tests.faults.enrolling", str(home), str(seed), work]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as victim:
        assert victim.stdout is not None
        assert victim.stdout.readline() == "ready\n"
        time.sleep(after_s)
        victim.send_signal(signal.SIGKILL)
        said = victim.stdout.read()
    return [line.split() for line in said.splitlines(keepends=True) if line.endswith("\n")]


def look_through(desk: Desk, said: list[list[str]]) -> None:
    """The file is sound, what was said is there, and nothing is there by half."""
    assert desk.vault.faults() == ()
    with desk.vault.read() as connection:
        audit.verify(connection)
        held = {row.id.hex(): row for row in connection.execute(changes.select())}
        numbers = sorted(row.number for row in held.values())
        assert numbers == list(range(1, len(held) + 1))
        for kind, *ids in said:
            if kind == "person":
                assert rows.load(connection, [("person", ids[0])])
            elif kind == "enrolled":
                assert ids[0] in held
                assert len(rows.load(connection, [("account", ids[1]), ("proposal", ids[2])])) == 2
            else:
                assert all(each in held for each in ids)
        for row in held.values():
            found = SignedSet(row.body, row.signature).set
            keys = {(edit.kind, edit.record) for edit in found.edits()}
            cells = rows.load(connection, keys)
            assert keys == cells.keys()
            index = connection.execute(touched.select().where(touched.c.change == row.no)).all()
            assert {each.record for each in index} == {record for _, record in keys}
        assert_nothing_accepted(connection)


def assert_nothing_accepted(connection: Connection) -> None:
    """No exchange took place: beneath every row lies nothing, and the digest is that of nothing."""
    keys = {
        (kind, record) for kind, table in records.items() for record in connection.scalars(select(table.c.id))
    }
    journal = beneath.accepted_cells(connection, keys)
    assert sum(record_digest(key, cells) for key, cells in journal.items()) == 0
    assert place.whole_digest(place.digests(connection)) == bytes(32)


@pytest.mark.parametrize("work", ["enrol", "import"])
def test_nothing_said_is_lost_and_nothing_is_half(home: Path, work: str) -> None:
    chance = random.Random(work)
    saves = 0
    for moment in range(MOMENTS // 2):
        said = kill_at_work(home, moment, work, chance.uniform(0.0, 0.5))
        desk = open_desk(home)
        try:
            look_through(desk, said)
            saves += len(said)
        finally:
            desk.vault.lock()
    assert saves, "no victim ever got as far as one save"


def test_the_looking_sees_a_lost_save(home: Path) -> None:
    """The same look at a vault from which one said save was taken fails."""
    said = kill_at_work(home, 1, "enrol", 0.6)
    desk = open_desk(home)
    try:
        with desk.vault.write() as connection:
            last = next(line for line in reversed(said) if line[0] == "enrolled")
            connection.execute(changes.delete().where(changes.c.id == bytes.fromhex(last[1])))
        with pytest.raises(AssertionError):
            look_through(desk, said)
    finally:
        desk.vault.lock()
