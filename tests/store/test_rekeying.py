"""The database key exchanged: what still opens, what no longer does, and what a kill leaves at each step."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from app.domain.errors import Cancelled, Refusal, Trouble
from app.domain.progress import Progress
from app.store import place, rekeying
from app.store.copying import copy_whole
from app.store.keyslots import FILE, VAULT, KeyFile, Unlocked
from tests.store.office import GUARD, PASSWORD, START, begin, contents, new_password, opened, put

PAGES = 4 if os.environ.get("SOAK") else 128
NEW, SUAS = "nương ngô mùa hạ", "suối trong bản xa"


@dataclass
class Commune:
    """Two officers' register with one word in it."""

    folder: Path
    keyfile: KeyFile
    made: Unlocked
    sua: Unlocked
    code: str

    def word(self, officer: str, password: str) -> str:
        """What stands in the register, for who comes in so."""
        keyfile = KeyFile.load(self.folder, GUARD)
        unlocked = keyfile.unlock(officer, password, START)
        with opened(keyfile, unlocked) as register, register.vault.read() as connection:
            return place.read_text(connection, "word")

    def can_open(self, officer: str, password: str) -> bool:
        try:
            return self.word(officer, password) == "lúa"
        except (Refusal, Trouble) as error:
            if error.code not in {"unlock.wrong_password", "vault.wrong_key"}:
                raise
            return False


@pytest.fixture
def at(tmp_path: Path) -> Commune:
    folder = tmp_path / "commune"
    keyfile, made, code = begin(folder)
    sua = keyfile.add_officer(made, "Vàng Thị Sua", SUAS, START)
    with opened(keyfile, made) as register, register.vault.write() as connection:
        place.write(connection, "word", "lúa".encode())
    return Commune(folder, keyfile, made, sua, code)


def test_a_new_password_brings_a_new_key_and_colleagues_are_handed_it(at: Commune) -> None:
    older = (at.folder / FILE).read_bytes()
    with opened(at.keyfile, at.made) as register:
        changed = new_password(register, at.made, PASSWORD, NEW)
        with register.vault.read() as connection:  # the open register went on under the new key
            assert place.read_text(connection, "word") == "lúa"
        again = new_password(register, changed, NEW, PASSWORD)
    assert len({at.made.database_key, changed.database_key, again.database_key}) == 3
    assert changed.officer == at.made.officer
    assert at.can_open(at.made.officer.id, PASSWORD)
    assert len(contents(at.folder)["slots"][0]["handed"]) == 2
    assert at.can_open(at.sua.officer.id, SUAS)
    assert [slot["handed"] for slot in contents(at.folder)["slots"]] == [[], []]
    assert not at.can_open(at.made.officer.id, NEW)
    newer = (at.folder / FILE).read_bytes()
    (at.folder / FILE).write_bytes(older)
    for officer, password in ((at.made, PASSWORD), (at.made, NEW), (at.sua, SUAS)):
        assert not at.can_open(officer.officer.id, password)
    (at.folder / FILE).write_bytes(newer)
    assert at.can_open(at.sua.officer.id, SUAS)


def test_an_older_slot_of_hers_is_handed_nothing(at: Commune) -> None:
    """She changed her password, then a colleague did: the slot under her first one must not follow."""
    first = contents(at.folder)["slots"][0]
    with opened(at.keyfile, at.made) as register:
        changed = new_password(register, at.made, PASSWORD, NEW)
        sua = at.keyfile.unlock(at.sua.officer.id, SUAS, START)
        assert sua.database_key == changed.database_key
        new_password(register, sua, SUAS, "lúa chín đầy đồng")
    said = contents(at.folder)
    hers = next(slot for slot in said["slots"] if slot["officer"] == at.made.officer.id)
    said["slots"] = [first | {"handed": hers["handed"]}, *(s for s in said["slots"] if s is not hers)]
    put(at.folder, said)
    with pytest.raises(Trouble, match=r"keyfile\.damaged"):
        at.keyfile.unlock(at.made.officer.id, PASSWORD, START)


def test_a_key_slipped_in_by_a_stranger_is_not_taken(at: Commune) -> None:
    keyfile = at.keyfile
    seen = keyfile.read()
    slot = seen.slot(at.sua.officer.id).handed_on(seen.file, bytes(32), bytes(32))
    with keyfile._alone():
        keyfile._write(seen.with_slot(slot))
    with pytest.raises(Trouble, match=r"keyfile\.damaged"):
        keyfile.unlock(at.sua.officer.id, SUAS, START)


def test_a_password_is_changed_by_who_knows_it(at: Commune) -> None:
    before = (at.folder / VAULT).read_bytes()
    with opened(at.keyfile, at.made) as register:
        with pytest.raises(Refusal, match=r"unlock\.wrong_password"):
            new_password(register, at.made, "không phải", NEW)
        with pytest.raises(Refusal, match=r"password\.too_common"):
            new_password(register, at.made, PASSWORD, "banpho123")
    assert (at.folder / VAULT).read_bytes() == before
    assert at.can_open(at.made.officer.id, PASSWORD)


def test_who_leaves_opens_nothing_any_more(at: Commune) -> None:
    older = (at.folder / FILE).read_bytes()
    with opened(at.keyfile, at.made) as register:
        with pytest.raises(Refusal, match=r"keyfile\.own_slot"):
            rekeying.dismiss(register, at.made, at.made.officer.id, Progress())
        with pytest.raises(Refusal, match=r"unlock\.unknown_officer"):
            rekeying.dismiss(register, at.made, "0" * 32, Progress())
        left = rekeying.dismiss(register, at.made, at.sua.officer.id, Progress())
    assert [slot.officer for slot in KeyFile.load(at.folder, GUARD).officers] == [at.made.officer.id]
    assert at.keyfile.unlock(at.made.officer.id, PASSWORD, START).database_key == left.database_key
    assert at.can_open(at.made.officer.id, PASSWORD)
    (at.folder / FILE).write_bytes(older)
    assert not at.can_open(at.sua.officer.id, SUAS)


def test_a_slot_changed_by_another_program_stops_the_exchange(
    at: Commune, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = KeyFile(at.folder, GUARD)

    def meanwhile(*copied: object) -> None:
        other.add_officer(at.made, "Hà Văn Quyết", "một mật khẩu khác", START)

    monkeypatch.setattr("app.store.vault.require_sound", meanwhile)
    with opened(at.keyfile, at.made) as register:
        with pytest.raises(Trouble, match=r"keyfile\.changed"):
            new_password(register, at.made, PASSWORD, NEW)
        with register.vault.read() as connection:
            assert place.read_text(connection, "word") == "lúa"
    assert at.can_open(at.made.officer.id, PASSWORD)


def test_cancelled_it_leaves_everything_as_it_was(at: Commune) -> None:
    progress = Progress()
    progress.cancel()
    with opened(at.keyfile, at.made) as register:
        with pytest.raises(Cancelled):
            rekeying.dismiss(register, at.made, at.sua.officer.id, progress)
        assert sorted(path.name for path in at.folder.glob(f"{VAULT}.next*")) == []
    assert at.can_open(at.sua.officer.id, SUAS)


def test_who_reads_is_waited_for_and_nobody_reads_by_half(at: Commune) -> None:
    """A reader inside holds the exchange up; others come in after it, under the new key."""
    with opened(at.keyfile, at.made) as register:
        done: list[Unlocked] = []
        change = threading.Thread(target=lambda: done.append(new_password(register, at.made, PASSWORD, NEW)))
        with register.vault.read() as connection:
            change.start()
            while not register.vault._turnstile._is_closed:
                pass
            with register.vault.page() as within:  # whoever is inside already comes through again
                assert place.read_text(within, "word") == "lúa"
            assert place.read_text(connection, "word") == "lúa"
            assert not done
        with register.vault.read() as connection:
            assert place.read_text(connection, "word") == "lúa"
        change.join()
        assert done[0].database_key != at.made.database_key


def test_killed_at_each_step_the_old_password_opens_or_the_new_one(
    at: Commune, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.store.copying._PAGES_A_STEP", PAGES)
    older = (at.folder / FILE).read_bytes()
    step, has_ended, seen = 0, False, set()
    while not has_ended:
        step += 1
        folder = tmp_path / f"step{step}"
        shutil.copytree(at.folder, folder)
        here = Commune(folder, KeyFile(folder, GUARD), at.made, at.sua, at.code)
        has_ended = ends(step, here, monkeypatch)
        opens = [password for password in (PASSWORD, NEW) if here.can_open(at.made.officer.id, password)]
        assert len(opens) == 1
        assert here.can_open(at.sua.officer.id, SUAS)
        assert sorted(p.name for p in folder.iterdir() if "next" in p.name) == []
        seen.add(opens[0])
        if opens == [NEW]:
            (folder / FILE).write_bytes(older)
            assert not here.can_open(at.made.officer.id, PASSWORD)
            assert not here.can_open(at.sua.officer.id, SUAS)
        shutil.rmtree(folder)
    assert step > 15
    assert seen == {PASSWORD, NEW}


def exchange(at: Commune) -> None:
    with opened(at.keyfile, at.keyfile.unlock(at.made.officer.id, PASSWORD, START)) as register:
        new_password(register, at.made, PASSWORD, NEW)


@dataclass
class Steps:
    """Kills this process at the n-th time that it touches the folder, once it counts."""

    folder: str
    left: int
    is_counting: bool

    def heard(self, event: str, arguments: tuple[object, ...]) -> None:
        touching = event in {"open", "os.rename", "os.remove", "sqlite3.connect"}
        if touching and self.folder in str(arguments[0]):
            self.take()

    def take(self) -> None:
        self.left -= self.is_counting
        if not self.left:
            os.kill(os.getpid(), signal.SIGKILL)


def ends(step: int, at: Commune, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Exchange the key in a fork that dies at the n-th step on the disk; whether it came to its end.

    In the suite steps count from the copying on: what comes before is coming in, tested by itself.
    """
    steps, told = Steps(str(at.folder), step, bool(os.environ.get("SOAK"))), Progress.step

    def copied(*what: Any) -> None:
        steps.is_counting = True
        copy_whole(*what)

    def paged(progress: Progress, done: int, total: int, what: str = "") -> None:
        steps.take()
        told(progress, done, total, what)

    child = os.fork()
    if child:
        _, status = os.waitpid(child, 0)
        assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
        return os.WIFEXITED(status)
    try:
        monkeypatch.setattr("app.store.vault.copy_whole", copied)
        monkeypatch.setattr(Progress, "step", paged)
        sys.addaudithook(steps.heard)
        exchange(at)
        os._exit(0)
    except BaseException as error:  # noqa: BLE001 - a fork must not go on as a second pytest
        sys.stderr.write(repr(error))
        os._exit(1)
