"""Backups: verified before they count, found when altered, rotated, and nothing half after a cut."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from app.actions.desk import Desk
from app.actions.people import add_person
from app.domain.changes import canonical
from app.domain.errors import Cancelled, Refusal, Trouble
from app.domain.progress import Progress
from app.seal.statements import Json
from app.store import audit, backups
from app.store import vault as vaults
from app.store.backups import Backup, Original
from app.store.rotation import outlived
from tests.store.office import begin

KEY = bytes(range(32))
NOW = datetime(2026, 11, 28, 9, 0, tzinfo=UTC)


def _make(desk: Desk, where: Path, progress: Progress) -> Backup:
    with desk.vault.original(progress) as original:
        return backups.make(progress, original, where, backups.ASKED)


def _key(desk: Desk) -> bytes:
    with desk.vault.original(Progress()) as original:
        return original.key


@pytest.fixture
def made(desk: Desk) -> Backup:
    """A backup of a register with somebody in it."""
    add_person(desk, {"name": "Lò Thị Pánh"}, "new")
    return _make(desk, desk.folder / backups.FOLDER, Progress())


def test_a_backup_says_what_it_holds_and_verifies(desk: Desk, made: Backup) -> None:
    assert (made.about.people, made.about.waiting, made.about.faults) == (1, 1, 0)
    assert sorted(each.name for each in made.path.iterdir()) == ["about.json", "keys.json", "vault.db"]
    assert backups.listed(desk.folder / backups.FOLDER) == [made]
    assert backups.verify(Progress(), made, _key(desk)).people == 1
    assert "Pánh" not in (made.path / backups.ABOUT).read_text("utf-8")


def test_saving_goes_on_while_a_backup_is_made_and_is_not_in_it(desk: Desk) -> None:
    class Saving(Progress):
        saved = False

        def step(self, done: int, total: int, what: str = "") -> None:
            if not self.saved:
                self.saved = True
                add_person(desk, {"name": "Giàng A Của"}, "new")

    found = _make(desk, desk.folder / backups.FOLDER, Saving())
    assert found.about.people in (0, 1)
    assert backups.verify(Progress(), found, _key(desk)).faults == ()


def test_another_key_is_said_to_be_another(made: Backup) -> None:
    with pytest.raises(Trouble, match=r"vault\.wrong_key"):
        backups.verify(Progress(), made, KEY)


def _flip(path: Path, at: int) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        was = file.read(1)
        file.seek(at)
        file.write(bytes([was[0] ^ 1]))


DAMAGES: dict[str, Callable[[Backup], object]] = {
    "a bit of the first page": lambda made: _flip(made.path / backups.VAULT, 100),
    "a bit of the last page": lambda made: _flip(made.path / backups.VAULT, made.about.size - 10),
    "shortened": lambda made: os.truncate(made.path / backups.VAULT, made.about.size - 4096),
    "gone": lambda made: (made.path / backups.VAULT).unlink(),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_backup_is_found(desk: Desk, made: Backup, damage: str) -> None:
    DAMAGES[damage](made)
    with pytest.raises(Trouble, match=r"backup\.altered|vault\.wrong_key"):
        backups.verify(Progress(), made, _key(desk))


def test_a_page_put_back_from_an_older_copy_is_found(desk: Desk, made: Backup) -> None:
    """SQLCipher itself does not notice: the page is under the same key, for the same place."""
    add_person(desk, {"name": "Giàng A Của"}, "new")
    newer = _make(desk, made.path.parent, Progress())
    old, new = ((each.path / backups.VAULT).read_bytes() for each in (made, newer))
    page = next(at for at in range(4096, len(old), 4096) if old[at : at + 4096] != new[at : at + 4096])
    (newer.path / backups.VAULT).write_bytes(new[:page] + old[page : page + 4096] + new[page + 4096 :])
    with pytest.raises(Trouble, match=r"backup\.altered"):
        backups.verify(Progress(), newer, _key(desk))


def test_a_backup_that_says_other_things_of_itself_is_found(desk: Desk, made: Backup) -> None:
    about = made.path / backups.ABOUT
    about.write_text(about.read_text("utf-8").replace('"waiting":1', '"waiting":0'), "utf-8")
    with pytest.raises(Trouble, match=r"backup\.altered"):
        backups.verify(Progress(), backups.read(made.path), _key(desk))


def test_a_register_whose_log_was_cut_makes_no_backup(desk: Desk, made: Backup) -> None:
    with desk.vault.write() as connection:
        audit.note(connection, desk.officer.id, "reveal")
        connection.exec_driver_sql("DELETE FROM audit WHERE no = 1")
    with pytest.raises(Trouble, match=r"backup\.unsound"):
        _make(desk, desk.folder / backups.FOLDER, Progress())
    assert backups.listed(desk.folder / backups.FOLDER) == [made]


def test_a_register_whose_journal_was_edited_makes_no_backup(desk: Desk, made: Backup) -> None:
    with desk.vault.write() as connection:
        connection.exec_driver_sql("UPDATE changes SET body = CAST(body || ' ' AS BLOB)")
    with pytest.raises(Trouble, match=r"backup\.unsound"):
        _make(desk, desk.folder / backups.FOLDER, Progress())


@pytest.mark.parametrize("keys", ["missing", "damaged", "another's"])
def test_what_opens_nothing_is_no_backup(desk: Desk, made: Backup, tmp_path: Path, keys: str) -> None:
    file = desk.folder / backups.KEYS
    match keys:
        case "missing":
            file.unlink()
        case "damaged":
            file.write_bytes(file.read_bytes()[:-1])
        case _:
            begin(tmp_path / "another")
            shutil.copy(tmp_path / "another" / backups.KEYS, file)
    with pytest.raises(Trouble, match=r"backup\.unsound"):
        _make(desk, made.path.parent, Progress())
    assert backups.listed(made.path.parent) == [made]


def test_cancelled_it_leaves_nothing(desk: Desk, made: Backup) -> None:
    stopped = Progress()
    stopped.cancel()
    with pytest.raises(Cancelled):
        _make(desk, desk.folder / backups.FOLDER, stopped)
    assert [each.name for each in (desk.folder / backups.FOLDER).iterdir()] == [made.path.name]


def test_locking_stops_a_copy_and_closes_nothing_beside_it(
    desk: Desk, made: Backup, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, told, closed = threading.Event(), threading.Event(), threading.Event()
    came = list[str]()
    dispose = vaults._dispose

    def noted(engines: Mapping[str, Engine]) -> None:
        came.append("closed")
        closed.set()
        dispose(engines)

    class Halfway(Progress):
        def step(self, done: int, total: int, what: str = "") -> None:
            if total and not begun.is_set():
                begun.set()
                told.wait(5)
                closed.wait(0.2)  # nobody may have waited for us
            super().step(done, total, what)

        def cancel(self) -> None:
            super().cancel()
            told.set()

    def copy() -> None:
        with desk.vault.original(progress) as original:
            with pytest.raises(Cancelled):
                backups.make(progress, original, made.path.parent, backups.DAILY)
            came.append("stopped")

    progress = Halfway()
    copying = threading.Thread(target=copy)
    copying.start()
    begun.wait()
    monkeypatch.setattr(vaults, "_dispose", noted)
    desk.vault.lock()
    copying.join()
    assert came == ["stopped", "closed"]
    assert [each.name for each in made.path.parent.iterdir()] == [made.path.name]


def test_what_a_cut_left_is_no_backup_and_goes(desk: Desk, made: Backup) -> None:
    half = made.path.with_name(".20261128T000000000000.part")
    shutil.copytree(made.path, half)
    assert backups.listed(made.path.parent) == [made]
    _make(desk, made.path.parent, Progress())
    assert not half.exists()


def test_without_room_it_says_so(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.store.disk.free_bytes", lambda _folder: 1 << 20)
    with pytest.raises(Trouble, match=r"disk\.no_room"):
        _make(desk, desk.folder / backups.FOLDER, Progress())
    assert backups.listed(desk.folder / backups.FOLDER) == []


def test_a_folder_that_nobody_may_write_on_still_verifies(desk: Desk, made: Backup, tmp_path: Path) -> None:
    """Read from where no log may be laid beside it, as on a stick whose switch is closed."""
    before = sorted(each.name for each in made.path.iterdir())
    backups.verify(Progress(), made, _key(desk))
    assert sorted(each.name for each in made.path.iterdir()) == before


@given(st.lists(st.integers(0, 24 * 80), unique=True, max_size=60))
def test_seven_days_and_four_weeks_are_kept(hours: list[int]) -> None:
    made = {hour: NOW - timedelta(hours=hour) for hour in hours}
    gone = outlived(made, NOW)
    kept = {*made} - {*gone}
    days = sorted({each.date() for each in made.values()}, reverse=True)
    weeks = sorted({each.date().isocalendar()[:2] for each in made.values()}, reverse=True)
    for day in days[:7]:
        newest = min(hour for hour, moment in made.items() if moment.date() == day)
        assert newest in kept
    for week in weeks[:4]:
        newest = min(hour for hour, moment in made.items() if moment.date().isocalendar()[:2] == week)
        assert newest in kept
    assert {hour for hour, moment in made.items() if moment.date() == NOW.date()} <= kept
    former = [hour for hour in kept if made[hour].date() != NOW.date()]
    assert len(former) <= 7 + 4


@pytest.mark.parametrize(
    ("said", "is_gone"), [({}, True), ({"device": "f" * 32}, False), ({"faults": 1}, False)]
)
def test_only_this_laptops_sound_ones_are_rotated(
    desk: Desk, made: Backup, said: dict[str, Json], is_gone: bool
) -> None:
    where, first = made.path.parent, datetime(2026, 1, 5, 8, tzinfo=UTC)
    old = _aged(made, first, said)
    for week in range(1, 9):
        _aged(made, first + timedelta(weeks=week), {})
    _make(desk, where, Progress())
    assert old.exists() is not is_gone


def _aged(made: Backup, moment: datetime, said: dict[str, Json]) -> Path:
    folder = made.path.with_name(f"{moment:%Y-%m-%dT%H%M%SZ}")
    folder.mkdir()
    about: dict[str, Json] = {**msgspec.to_builtins(made.about), "made": moment.isoformat(), **said}
    (folder / backups.ABOUT).write_bytes(canonical(about))
    return folder


def test_a_stick_gets_each_photo_once(tmp_path: Path) -> None:
    source, stick = tmp_path / "files", tmp_path / "stick"
    source.mkdir()
    (source / "aa").write_bytes(b"1")
    assert backups.carry_files(Progress(), source, stick) == 1
    (source / "bb").write_bytes(b"2")
    assert backups.carry_files(Progress(), source, stick) == 1
    assert sorted(each.name for each in stick.iterdir()) == ["aa", "bb"]


def test_a_folder_that_is_no_backup_says_so(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match=r"backup\.none"):
        backups.read(tmp_path)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"form": 2, "more": ""}, r"backup\.newer"),
        ({"form": 1, "more": ""}, r"backup\.none"),
        ({"form": 1}, r"backup\.none"),
    ],
)
def test_one_that_does_not_read_stands_in_no_other_s_way(
    desk: Desk, made: Backup, said: dict[str, Json], why: str
) -> None:
    strange = made.path.with_name("2026-01-02T030405Z")
    strange.mkdir()
    (strange / backups.ABOUT).write_bytes(canonical(said))
    with pytest.raises((Refusal, Trouble), match=why):
        backups.read(strange)
    newer = _make(desk, made.path.parent, Progress())
    assert backups.listed(made.path.parent) == [newer, made]
    assert strange.exists()


def test_of_a_vault_that_is_gone_nothing_is_made(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match=r"disk\.failed"):
        backups.make(Progress(), Original(tmp_path / "vault.db", KEY), tmp_path / "there", backups.ASKED)
    assert list((tmp_path / "there").iterdir()) == []
