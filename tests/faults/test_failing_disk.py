"""The k-th call to the disk fails, in save, approval, answer, fill, lock: before or after, never between.

Full, broken, writing half, not flushing. Some k of each in the suite, every k with SOAK=1.
"""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from unittest.mock import patch

import pytest

from app import words
from app.domain.changes import Edit, lone
from app.domain.errors import Trouble
from app.domain.progress import Progress
from app.store import unit
from app.store.vault import Vault
from app.sync import conversation, snapshot
from tests.central.laptops import House, Laptop, house, new_keys
from tests.central.paying import approve, may_approve, propose
from tests.faults.failing_disk import FAULTS, failing, is_possible
from tests.faults.looking import held
from tests.faults.power import Call, image

SOAK = bool(os.environ.get("SOAK"))
KEY, CODE = bytes(range(32)), "T0001"
MOMENTS = 2  # of each work and fault in the suite
IMAGES = 300 if SOAK else 8  # of each work when the power goes
_GATHERED = {"filling"}  # blocks of a fill, each kept as it came

pytestmark = pytest.mark.skipif(not is_possible(), reason="needs Linux")


@dataclass
class Work:
    """Something that writes, and the vault before it."""

    laptop: Laptop
    pristine: Path
    does: Callable[[Laptop], object]
    prepare: Callable[[Laptop], object]
    ends_in: dict[str, list[str]]
    calls: dict[str, int]


def save(laptop: Laptop) -> None:
    """One press of Save, the same to the byte each time."""
    values = {"name": "Lò Thị Pánh", "birth": "1948", "state": "active", "note": "x" * 900}
    edits = [Edit("person", "a" * 32, name, value) for name, value in values.items()]
    with laptop.vault.write() as connection:
        unit.save(connection, at_one_time(laptop).pen, "test", lone(edits))


def at_one_time(laptop: Laptop) -> Laptop:
    """Whatever it saves, it saves at the same moment."""
    return replace(laptop, pen=replace(laptop.pen, tick=lambda: 1_800_000_000_000 << 16))


@pytest.fixture(scope="module")
def works(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Work]]:
    folder = tmp_path_factory.mktemp("failing")
    keys = new_keys(folder / "keys")
    with house(folder / "centre.db", keys, CODE) as centre:
        writer, reader, newcomer, checker = [Laptop.new(folder, CODE, centre.clock, KEY) for _ in range(4)]
        for laptop in (writer, checker):
            centre.enrol(laptop)
        may_approve(centre, checker)
        for laptop in (reader, newcomer):
            centre.enrol(laptop)
        _account, proposal = propose(writer, writer.new_person())
        for number in range(12):
            writer.new_person(note=f"{number} " * 200)
        writer.sync(centre)
        reader.new_person()
        sent = conversation.compose(reader.vault, reader.device)
        answer = centre.exchange(sent.carried)
        checker.sync(centre)
        for laptop in (writer, reader, newcomer, checker):
            laptop.vault.lock()
        yield {
            "save": measured(reader, save, folder),
            "approve": measured(checker, lambda one: approve(at_one_time(one), proposal), folder),
            "absorb": measured(reader, lambda one: conversation.absorb(one.vault, sent, answer), folder),
            "fill": measured(newcomer, lambda one: fill(one, centre), folder),
            "lock": measured(reader, lambda one: one.vault.lock(), folder, save),
        }


def fill(laptop: Laptop, centre: House) -> None:
    with patch.object(conversation, "FAR", 1), patch.object(snapshot, "FAR", 1):
        conversation.fill(laptop.vault, centre, laptop.device, Progress())


def measured(
    laptop: Laptop,
    does: Callable[[Laptop], object],
    folder: Path,
    prepare: Callable[[Laptop], object] = lambda _: None,
) -> Work:
    """How the work ends when nothing fails, and how many calls it makes of each sort."""
    work, calls = Work(laptop, laptop.vault.path, does, prepare, {}, {}), {}
    for fault in FAULTS:
        with at_work(work, folder / "measured") as copy:
            held(copy.vault)
            with failing(fault, 0) as disk:
                does(copy)
            calls[fault] = disk.calls
            work.ends_in = as_found(copy.vault.path, folder / "found")
    return replace(work, calls=calls)


@contextmanager
def at_work(work: Work, folder: Path) -> Iterator[Laptop]:
    """The laptop on a copy of its vault."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    path = folder / "vault.db"
    shutil.copy(work.pristine, path)
    copy = replace(work.laptop, vault=Vault.open(path, KEY))
    work.prepare(copy)
    try:
        yield copy
    finally:
        with suppress(Trouble):
            copy.vault.lock()


def as_found(path: Path, folder: Path) -> dict[str, list[str]]:
    """What a program finds that opens the files as they lie now, whole or refusing to be opened."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for file in path.parent.iterdir():
        if file.name in (path.name, f"{path.name}-wal"):
            shutil.copy(file, folder / file.name)
    with Vault.open(folder / path.name, KEY) as vault:
        assert vault.faults() == ()
        return registered(held(vault))


def registered(found: dict[str, list[str]]) -> dict[str, list[str]]:
    """Without blocks of a fill under way, and without the second in which a policy was heard."""
    kept = {name: rows for name, rows in found.items() if name not in _GATHERED}
    return {**kept, "place": [row for row in kept["place"] if not row.startswith(("('filling'", "('leave'"))]}


def moments(work: Work, fault: str, name: str) -> list[int]:
    count = work.calls[fault]
    every = range(1, count + 1)
    return list(every) if SOAK else random.Random(f"{name} {fault}").sample(every, min(MOMENTS, count))


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("name", ["save", "approve", "absorb", "fill", "lock"])
def test_before_or_after_never_between(works: dict[str, Work], tmp_path: Path, name: str, fault: str) -> None:
    work = works[name]
    assert work.calls[fault] > 0
    for at in moments(work, fault, name):
        with at_work(work, tmp_path / "at") as laptop:
            before = registered(held(laptop.vault))
            ended = {"before": before, "after": work.ends_in}
            with failing(fault, at) as disk:
                try:
                    work.does(laptop)
                    outcome = "done"
                except Trouble as error:
                    outcome = error.code
                    check_told(error, fault)
            assert disk.calls >= at, outcome
            found = as_found(laptop.vault.path, tmp_path / "found")
            assert found in ended.values(), f"{fault} at call {at}"
            if outcome == "done":
                assert found == work.ends_in, f"{fault} at call {at}: said and lost"
            if not laptop.vault.is_open:
                continue
            if outcome != "done":
                assert registered(held(laptop.vault)) == before
                work.does(laptop)
            assert as_found(laptop.vault.path, tmp_path / "found") == work.ends_in


def watched(work: Work, folder: Path) -> tuple[dict[str, bytes], list[Call], dict[str, list[str]]]:
    """The files before the work, all that it wrote and flushed, and what was held before."""
    with at_work(work, folder) as laptop:
        before = registered(held(laptop.vault))
        lie = {file.name: file.read_bytes() for file in laptop.vault.path.parent.iterdir()}
        with failing("", 0) as disk:
            work.does(laptop)
    return lie, disk.seen, before


def after_a_cut(lie: dict[str, bytes], cut: list[Call], chance: random.Random, folder: Path) -> Path:
    """The vault as a power cut after these calls may leave it."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for file, content in image(lie, cut, chance).items():
        (folder / file).write_bytes(content)
    return folder / "vault.db"


@pytest.mark.parametrize("name", ["save", "approve", "absorb", "fill"])
def test_a_power_cut_leaves_before_or_after(works: dict[str, Work], tmp_path: Path, name: str) -> None:
    """What was not flushed may be missing, whole or torn; what was reported as done is there."""
    work, chance = works[name], random.Random(name)
    lie, calls, before = watched(work, tmp_path / "at")
    for number in range(IMAGES):
        is_done = number % 4 == 0
        cut = calls if is_done else calls[: chance.randrange(len(calls))]
        found = as_found(after_a_cut(lie, cut, chance, tmp_path / "image"), tmp_path / "found")
        assert found in (before, work.ends_in)
        assert found == work.ends_in or not is_done


def test_without_flushing_the_images_show_a_loss(works: dict[str, Work], tmp_path: Path) -> None:
    work, chance = works["absorb"], random.Random("lax")
    lie, calls, _before = watched(work, tmp_path / "at")
    lax = [call for call in calls if call.kind != "flush"]
    images = [after_a_cut(lie, lax, chance, tmp_path / f"image {at}") for at in range(6)]
    assert any(as_found(path, tmp_path / "found") != work.ends_in for path in images)


@pytest.mark.parametrize(("free", "code"), [(0, "disk.full"), (1 << 30, "disk.failed")])
def test_a_register_that_cannot_be_opened_for_want_of_room_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, code: str
) -> None:
    """SQLite calls it an input or output error when its index beside the log cannot be made."""
    Vault.create(tmp_path / "vault.db", KEY).lock()
    before = (tmp_path / "vault.db").read_bytes()
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(1 << 40, 1 << 40, free))
    with failing("full", 1), pytest.raises(Trouble, match=code):
        Vault.open(tmp_path / "vault.db", KEY)
    assert (tmp_path / "vault.db").read_bytes() == before
    Vault.open(tmp_path / "vault.db", KEY).lock()


def check_told(error: Trouble, fault: str) -> None:
    """A full disk is called full, and an officer has words for it."""
    assert error.code == ("disk.full" if fault in ("full", "half") else "disk.failed")
    for language in words.LANGUAGES:
        words.speak(language)
        told = words.explain(error)
        assert all([told.happened, told.kept, told.todo])
