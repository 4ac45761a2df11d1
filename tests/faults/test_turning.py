"""One thing takes another's place: a key, a register, a backup, what comes on a stick or goes on it.

The power goes, or the k-th call to the disk fails: before or after, never between. Whichever it is opens,
whole, and what was reported as done is done. A few images and calls of each in the suite, 300 images and
every call with SOAK=1. Linux alone, where strace records what is done.
"""

from __future__ import annotations

import os
import pickle
import random
import shutil
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path

import pytest
from sqlalchemy import select

from app.actions import backups as acting
from app.actions.people import add_person
from app.bootstrap import entering, shelves
from app.central.keys import sealing_identity
from app.domain.errors import Coded, Trouble
from app.domain.progress import Progress
from app.resources import load_reference
from app.store import backups, outbox, parcels, place
from app.store.keyslots import FILE, KeyFile
from app.store.laptop import Laptop
from app.store.tables import records
from app.sync import stick
from tests import desks
from tests.central.laptops import Laptop as Driven
from tests.central.laptops import house, new_keys
from tests.central.sticks import Stick
from tests.faults import turning
from tests.faults.exchanging import Machine
from tests.faults.failing_disk import FAULTS, Disk, failing, is_possible
from tests.faults.folders import Watched, lay, tree_of, watch
from tests.store.office import GUARD, PASSWORD, START, begin, opened

SOAK = bool(os.environ.get("SOAK"))
IMAGES = 300 if SOAK else 6
KEY, CODE = bytes(range(32)), "T0001"
JPEG = b"\xff\xd8\xff\xe0" + random.Random(7).randbytes(150_000)

pytestmark = pytest.mark.skipif(not shutil.which("strace") or not is_possible(), reason="needs strace")


@dataclass
class Turn:
    """Something that was done under watch, and what an image of it comes to: `before` or `after`."""

    work: str
    root: Path
    files: Path
    looked_at: Callable[[Path], str]

    def __post_init__(self) -> None:
        self.before = tree_of(self.root)

    @cached_property
    def watched(self) -> Watched:
        """Done by a process of its own."""
        victim = [sys.executable, "-m", "tests.faults.turning", str(self.root), self.work, str(self.files)]
        return watch(victim, self.root, self.files.parent / f"trace of {self.work}")

    def does(self, at: Path, fault: str = "", number: int = 0) -> Disk:
        """Done in this process, on a copy, with a disk that fails from where the work begins."""
        disk = Disk(fault, 0)
        with ExitStack() as failure, pytest.MonkeyPatch.context() as patch:

            def heard(word: str) -> None:
                nonlocal disk
                if word == "ready":
                    disk = failure.enter_context(failing(fault, number, at))
                else:
                    failure.close()

            patch.setattr(turning, "say", heard)
            turning.WORKS[self.work](at, self.files)
        return disk

    def images(self, count: int, at: Path, *, is_lax: bool = False) -> Iterator[tuple[str, bool]]:
        """What each image comes to, and whether it was reported as done; `lost` where it does not open."""
        chance = random.Random(f"{at.name} {is_lax}")
        touches = self.watched.touches
        done = next(no for no, touch in enumerate(touches) if touch.said == "done")
        for number in range(count):
            is_done = number % 4 == 0
            cut = done + 1 if is_done else chance.randrange(self.watched.begun, done + 1)
            folder = at / f"{number}"
            lay(self.watched.image(cut, chance, is_lax=is_lax), folder)
            try:
                yield self.looked_at(folder), is_done
            except (Coded, AssertionError) as error:
                yield f"lost: {error!r}", is_done
            shutil.rmtree(folder)


# A password is changed: the register goes on under another key


@contextmanager
def rekeyed(folder: Path) -> Iterator[Turn]:
    root, second = folder / "commune", "suối trong bản xa"
    keyfile, made, _code = begin(root)
    sua = keyfile.add_officer(made, "Vàng Thị Sua", second, START)
    with opened(keyfile, made) as register, register.vault.write() as connection:
        place.write(connection, "word", "lúa".encode())
    older = (root / FILE).read_bytes()

    def opens(at: Path, officer: str, password: str) -> bool:
        keyfile = KeyFile.load(at, GUARD)
        try:
            unlocked = keyfile.unlock(officer, password, START)
            with opened(keyfile, unlocked) as register, register.vault.read() as connection:
                return place.read_text(connection, "word") == "lúa"
        except Coded as error:
            if error.code not in ("unlock.wrong_password", "vault.wrong_key"):
                raise
            return False

    def looked_at(at: Path) -> str:
        ways = [word for word in (PASSWORD, turning.NEW) if opens(at, made.officer.id, word)]
        assert len(ways) == 1
        assert opens(at, sua.officer.id, second)
        if ways == [PASSWORD]:
            return "before"
        (at / FILE).write_bytes(older)
        assert not opens(at, made.officer.id, PASSWORD)
        assert not opens(at, sua.officer.id, second)
        return "after"

    yield Turn("rekey", root, folder / "none", looked_at)


# A backup takes the register's place


@contextmanager
def restored(folder: Path) -> Iterator[Turn]:
    with pytest.MonkeyPatch.context() as patch:
        desks.make_keys_cheap(patch)
        desk = desks.found(folder / "home").desk
        add_person(desk, {"name": "Lò Thị Pánh"}, "new")
        desk.files.keep(JPEG)
        made = acting.make(Progress(), desk)
        add_person(desk, {"name": "Giàng A Của"}, "new")
        officer = desk.officer.id
        desk.vault.lock()

        def looked_at(at: Path) -> str:
            found_again = shelves.shelves(Laptop(at), load_reference())
            assert len(found_again) == 1
            [shelf] = found_again
            found = entering.unlock(shelf, officer, desks.PASSWORD, load_reference()).desk
            try:
                assert found.vault.faults() == ()
                with found.vault.read() as connection:
                    names = set(connection.scalars(select(records["person"].c.name)))
                    proposals = len(connection.execute(select(records["proposal"].c.id)).all())
                kept = [each.path.name for each in backups.listed(found.folder / backups.FOLDER)]
                assert made.path.name in kept
            finally:
                found.vault.lock()
            if proposals:
                assert names == {"Lò Thị Pánh"}
                assert [path for path in (at / "communes").iterdir() if "replaced" in path.name]
                return "after"
            assert names == {"Lò Thị Pánh", "Giàng A Của"}
            return "before"

        kept = folder / "kept"
        shutil.copytree(made.path, kept)
        yield Turn("restore", folder / "home", kept, looked_at)


# A backup is made


@contextmanager
def backed_up(folder: Path) -> Iterator[Turn]:
    with pytest.MonkeyPatch.context() as patch:
        desks.make_keys_cheap(patch)
        desk = desks.found(folder / "home").desk
        add_person(desk, {"name": "Lò Thị Pánh"}, "new")
        with desk.vault.original(Progress()) as original:
            key = original.key
        desk.vault.lock()

        def looked_at(at: Path) -> str:
            listed = backups.listed(Laptop(at).commune(desks.COMMUNE).path / backups.FOLDER)
            for each in listed:
                backups.verify(Progress(), each, key)
            desks.found_again(at).vault.lock()
            return "after" if listed else "before"

        yield Turn("backup", folder / "home", folder / "none", looked_at)


# A stick is written


@contextmanager
def written(folder: Path) -> Iterator[Turn]:
    for name in ("home/stick", "files"):
        (folder / name).mkdir(parents=True)
    with house(folder / "centre.db", new_keys(folder / "keys"), CODE) as served, stick.child() as child:
        laptop = Driven.new(folder / "home", CODE, served.clock, KEY)
        served.enrol(laptop)
        laptop.new_person()
        machine, identity = Machine.of(laptop, KEY), sealing_identity(served.keys)
        (folder / "files" / "machine").write_bytes(pickle.dumps(machine))

        def looked_at(at: Path) -> str:
            found = list((at / "stick").rglob(f"*{stick.SUFFIX}"))
            for each in found:
                assert stick.find(child, each, identity, Progress()).manifest.counts["request"] == 1
            replace(machine, path=at / machine.path.name).open().vault.lock()
            return "after" if found else "before"

        yield Turn("write", folder / "home", folder / "files", looked_at)


# What came on a stick is taken in: the centre's answer, and another laptop's register


@dataclass
class _Held:
    """What tells before from after, of a laptop that takes something in."""

    state: dict[str, object]

    @classmethod
    def of(cls, machine: Machine, root: Path) -> _Held:
        laptop = replace(machine, path=root / machine.path.name).open()
        try:
            assert laptop.vault.faults() == ()
            kept, summed = laptop.digests()
            assert int.from_bytes(kept, "big") == summed
            _look_at_photos(laptop)
            with laptop.vault.read() as connection:
                here, waiting = place.here(connection), outbox.waiting(connection)
                noted = len(parcels.recent(connection))
            return cls({"here": here, "waiting": waiting, "parcels": noted, "cells": laptop.cells()})
        finally:
            laptop.vault.lock()


def _look_at_photos(laptop: Driven) -> None:
    with laptop.vault.read() as connection:
        table = records["attachment"]
        cited = list(connection.scalars(select(table.c.sha256)))
    for sha256 in cited:
        laptop.files.read(sha256)


@contextmanager
def taken(what: str, folder: Path) -> Iterator[Turn]:
    for name in ("old", "new", "files"):
        (folder / name).mkdir()
    with house(folder / "centre.db", new_keys(folder / "keys"), CODE) as served:
        old, new = (Driven.new(folder / name, CODE, served.clock, KEY) for name in ("old", "new"))
        made = Stick(folder / "files" / "stick")
        for laptop in (old, new):
            served.enrol(laptop)
        old.new_person()
        old.sync(served)
        old.sync(served)  # it hears of the other
        person = old.new_person(name="Vàng A Dế")
        old.attach(JPEG, person)
        with made.child:
            if what == "answer":
                taker, file = old, made.handle(served, made.make(old, served.clock())).file
            else:
                taker, file = new, made.hand_on(old, new, served.clock())
        shutil.copy(file, folder / "files" / "x.bangiao")
        machine = Machine.of(taker, KEY)
        other = new if taker is old else old
        other.vault.lock()
        (folder / "files" / "machine").write_bytes(pickle.dumps(machine))
        root = machine.path.parent
        if taker is old:  # as `Machine` names the folder of its photos
            (root / f"{old.device.id}-{CODE}-files").rename(machine.path.with_suffix(".files"))
        yield _turn(machine, root, folder)


def _turn(machine: Machine, root: Path, folder: Path) -> Turn:
    before = tree_of(root)
    for name in ("as it was", "as it is then"):
        lay(before, folder / name)
    was = _Held.of(machine, folder / "as it was")
    turn = Turn("stick", root, folder / "files", lambda _: "")
    turn.does(folder / "as it is then")
    now = _Held.of(machine, folder / "as it is then")
    assert was != now

    def looked_at(at: Path) -> str:
        held = _Held.of(machine, at)
        assert held in (was, now)
        return "before" if held == was else "after"

    return Turn("stick", root, folder / "files", looked_at)


TURNS: dict[str, Callable[[Path], AbstractContextManager[Turn]]] = {
    "rekey": rekeyed,
    "restore": restored,
    "backup": backed_up,
    "write": written,
    "answer": partial(taken, "answer"),
    "register": partial(taken, "register"),
}


@pytest.fixture(scope="module", params=TURNS)
def turn(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Turn]:
    with TURNS[request.param](tmp_path_factory.mktemp("turn")) as made:
        yield made


def test_before_or_after_never_between(
    turn: Turn, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    counted = Counter[str]()
    for outcome, is_done in turn.images(IMAGES, tmp_path / "kept"):
        assert outcome in ("before", "after")
        assert outcome == "after" or not is_done
        counted[outcome] += 1
    record_property("images", dict(counted))
    assert counted["after"]


def test_without_flushing_the_images_show_a_loss(turn: Turn, tmp_path: Path) -> None:
    found = list(turn.images(8, tmp_path / "lax", is_lax=True))
    assert any(outcome.startswith("lost") or (is_done and outcome == "before") for outcome, is_done in found)


# The last: the log could not be folded into the register before another took its place, whatever kept it.
_SAID = ("disk.full", "disk.failed", "stick.full", "stick.gone", "vault.busy")


@pytest.mark.parametrize("fault", FAULTS if SOAK else ("half", "unflushed"))
def test_the_disk_fails_at_the_kth_call(
    turn: Turn, fault: str, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    lay(turn.before, tmp_path / "counted")
    calls = turn.does(tmp_path / "counted", fault).calls
    assert calls
    assert turn.looked_at(tmp_path / "counted") == "after"
    every = range(1, calls + 1)
    counted = Counter[str]()
    for number in every if SOAK else random.Random(f"{turn.work} {fault}").sample(every, 1):
        at = tmp_path / f"{number}"
        lay(turn.before, at)
        try:
            turn.does(at, fault, number)
            outcome = "done"
        except Trouble as error:
            outcome = error.code
            assert outcome in ("disk.full", "disk.failed", "stick.full", "stick.gone", "stick.failed"), (
                outcome
            )
        shutil.copytree(at, tmp_path / "seen")
        found = turn.looked_at(tmp_path / "seen")
        assert found == "after" or outcome != "done", f"{fault} at call {number}: said and lost"
        if found == "before":
            turn.does(at)
            assert turn.looked_at(at) == "after"
        counted[f"{found}, {outcome}"] += 1
        for each in (at, tmp_path / "seen"):
            shutil.rmtree(each)
    record_property(f"{fault} of {calls}", dict(counted))
