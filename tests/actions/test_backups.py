"""Backups made by themselves, carried away, tried and restored, here and elsewhere: nothing is lost."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import select

from app.actions import backups as acting
from app.actions import officers
from app.actions.desk import Desk
from app.actions.people import add_person
from app.bootstrap import entering, restoring, shelves
from app.bootstrap.entering import Entered
from app.bootstrap.restoring import ByCode, ByPassword
from app.bootstrap.shelves import Shelf
from app.domain.errors import Cancelled, Refusal, Trouble
from app.domain.ids import machine_of
from app.domain.progress import Progress
from app.resources import load_reference
from app.store import audit, backups, outbox, place, rekeying, replacing
from app.store.laptop import Laptop
from app.store.rekeying import Register
from app.store.tables import records
from app.store.throttle import Moment
from tests.desks import COMMUNE, PASSWORD, found, make_keys_cheap
from tests.desks import place as commune_place
from tests.faults.capsules import believe, far_centre, sets_in
from tests.offices import Commune, approve, change, value

NEW_PASSWORD = "mật khẩu mới tinh"


@dataclass
class Here:
    """A laptop with a register, its recovery code, and a backup of it."""

    shelf: Shelf
    entered: Entered
    code: str

    @property
    def desk(self) -> Desk:
        """The desk before anything was restored."""
        return self.entered.desk

    def by_password(self) -> ByPassword:
        """Her password."""
        return ByPassword(self.desk.officer.id, PASSWORD)

    def by_code(self) -> ByCode:
        """The sheet in the safe, and a new password."""
        return ByCode(self.code, self.desk.officer.id, NEW_PASSWORD)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Here]:
    make_keys_cheap(monkeypatch)
    monkeypatch.setattr(acting, "_is_same_disk", lambda _folder, _register: False)
    made = found(tmp_path / "home")
    yield Here(_shelf(tmp_path / "home"), made, made.recovery_code)
    made.desk.vault.lock()


def _shelf(home: Path) -> Shelf:
    return shelves.shelf(Laptop(home), commune_place())


def _restored(at: Shelf, backup: backups.Backup, way: restoring.Way) -> Entered:
    return restoring.restore(Progress(), at, backup, way, load_reference())


def _names(desk: Desk) -> set[str]:
    with desk.vault.read() as connection:
        rows = connection.execute(records["person"].select())
        return {row.name for row in rows}


def _proposals(desk: Desk) -> list[tuple[str, str]]:
    with desk.vault.read() as connection:
        rows = connection.execute(records["proposal"].select())
        return [(row.subject, row.state) for row in rows]


def test_one_a_day_and_another_when_the_keys_moved(here: Here) -> None:
    add_person(here.desk, {"name": "Lò Thị Pánh"}, "new")
    made = acting.make_daily(Progress(), here.desk)
    assert made is not None
    assert (made.about.why, made.about.people) == (backups.DAILY, 1)
    assert acting.make_daily(Progress(), here.desk) is None
    officers.change_password(Progress(), here.desk, PASSWORD, NEW_PASSWORD)
    assert acting.make_daily(Progress(), here.desk) is not None


def test_another_where_the_key_file_of_the_newest_is_damaged(here: Here) -> None:
    made = acting.make_daily(Progress(), here.desk)
    assert made is not None
    (made.path / backups.KEYS).write_bytes(b"{")
    assert acting.make_daily(Progress(), here.desk) is not None


def test_before_something_large_unless_nothing_was_written(here: Here) -> None:
    add_person(here.desk, {"name": "Lò Thị Pánh"}, "new")
    assert acting.make_before(Progress(), here.desk, backups.IMPORT) is not None
    assert acting.make_before(Progress(), here.desk, backups.IMPORT) is None
    add_person(here.desk, {"name": "Giàng A Của"}, "new")
    assert acting.make_before(Progress(), here.desk, backups.IMPORT) is not None


def test_it_is_in_the_log(here: Here) -> None:
    acting.make(Progress(), here.desk)
    with here.desk.vault.read() as connection:
        assert audit.last_time(connection, here.desk.officer.id, "backup")


def test_onto_the_same_disk_is_refused(here: Here, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.undo()
    with pytest.raises(Trouble, match=r"backup\.same_disk"):
        acting.carry(Progress(), here.desk, tmp_path)


def test_a_drill_changes_nothing(here: Here) -> None:
    add_person(here.desk, {"name": "Lò Thị Pánh"}, "new")
    made = acting.make(Progress(), here.desk)
    before = sorted(each.name for each in here.shelf.folder.path.parent.iterdir())
    for way in (here.by_password(), here.by_code()):
        tried = restoring.rehearse(Progress(), here.shelf, made, way)
        assert (tried.sound.people, tried.sound.waiting) == (1, 1)
    left = sorted(each.name for each in here.shelf.folder.path.parent.iterdir())
    assert set(left) - set(before) <= {"restoring.lock"}
    assert backups.listed(acting.own_place(here.desk)) == [made]
    here.desk.vault.lock()
    entering.unlock(here.shelf, here.desk.officer.id, PASSWORD, load_reference()).desk.vault.lock()


def test_restored_on_this_laptop(here: Here) -> None:
    add_person(here.desk, {"name": "Lò Thị Pánh"}, "new")
    made = acting.make(Progress(), here.desk)
    add_person(here.desk, {"name": "Giàng A Của"}, "new")
    with pytest.raises(Trouble, match=r"vault\.in_use"):
        _restored(here.shelf, made, here.by_password())
    here.desk.vault.lock()
    entered = _restored(here.shelf, made, here.by_password())
    try:
        assert _names(entered.desk) == {"Lò Thị Pánh"}
        assert _proposals(entered.desk) == [("restore", "open")]
        assert entered.desk.pen.device != here.desk.pen.device
        assert machine_of(entered.desk.pen.device) == machine_of(here.desk.pen.device)
        assert [each.path.name for each in backups.listed(acting.own_place(entered.desk))] == [made.path.name]
        [former] = here.shelf.folder.path.parent.glob(f"{COMMUNE}{replacing.FORMER}*")
        assert (former / "vault.db").exists()
    finally:
        entered.desk.vault.lock()


def test_saves_newer_than_the_backup_stay_in_the_capsule(here: Here) -> None:
    """So they can be handed in for a register that does not know them any more."""
    believe(here.desk, far_centre().keys)
    made = acting.make(Progress(), here.desk)
    for name in ("Pánh", "Của"):
        add_person(here.desk, {"name": f"Lò Thị {name}"}, "new")
    newer = sets_in(here.desk.folder, far_centre())
    assert len(newer) == 2
    here.desk.vault.lock()
    restored = _restored(here.shelf, made, here.by_password()).desk
    assert sets_in(restored.folder, far_centre())[:2] == newer
    restored.vault.lock()


def test_restored_on_another_laptop_by_the_sheet_from_the_safe(here: Here, tmp_path: Path) -> None:
    add_person(here.desk, {"name": "Lò Thị Pánh"}, "new")
    photo = here.desk.files.keep(b"\xff\xd8\xff" + b"x" * 100_000)
    stick = tmp_path / "stick"
    stick.mkdir()
    acting.carry(Progress(), here.desk, stick)
    [made] = acting.found_in(stick)
    other = _shelf(tmp_path / "other")
    with pytest.raises(Refusal, match=r"backup\.needs_code"):
        _restored(other, made, here.by_password())
    entered = _restored(other, made, here.by_code())
    try:
        assert _names(entered.desk) == {"Lò Thị Pánh"}
        assert entered.desk.files.read(photo).startswith(b"\xff\xd8\xff")
        assert entered.recovery_code not in ("", here.code)
    finally:
        entered.desk.vault.lock()
    entering.unlock(other, here.desk.officer.id, NEW_PASSWORD, load_reference()).desk.vault.lock()


@pytest.mark.parametrize("wrong", ["password", "code", "commune", "damaged", "cancelled"])
def test_whatever_is_refused_what_stood_stands(here: Here, wrong: str) -> None:
    add_person(here.desk, {"name": "Lò Thị Pánh"}, "new")
    made, way, at = acting.make(Progress(), here.desk), here.by_password(), here.shelf
    here.desk.vault.lock()
    progress, expected = Progress(), r"unlock\.wrong_password"
    kind: type[Exception] = Refusal
    chosen: restoring.Way = way
    match wrong:
        case "password":
            chosen = ByPassword(way.officer, "không phải mật khẩu")
        case "code":
            chosen = ByCode("AAAA-AAAA-AAAA-AAAA-AAAA-AAAA-AAAA-AAAA", way.officer, NEW_PASSWORD)
            expected = r"code\.|recovery\."
        case "commune":
            at = shelves.shelf(
                Laptop(at.folder.path.parent.parent), shelves.place_of(load_reference(), "00004")
            )
            expected = r"backup\.other_commune"
        case "damaged":
            vault = made.path / backups.VAULT
            vault.write_bytes(vault.read_bytes()[:-1] + b"x")
            kind, expected = Trouble, r"backup\.altered"
        case "cancelled":
            progress.cancel()
            kind, expected = Cancelled, "^$"
    with pytest.raises(kind, match=expected):
        restoring.restore(progress, at, made, chosen, load_reference())
    entered = entering.unlock(here.shelf, way.officer, PASSWORD, load_reference())
    try:
        assert _names(entered.desk) == {"Lò Thị Pánh"}
        assert entered.desk.pen.device == here.desk.pen.device
    finally:
        entered.desk.vault.lock()
    assert not [*here.shelf.folder.path.parent.glob("*restoring1*")]


def test_a_backup_is_no_way_around_the_waiting(here: Here) -> None:
    made = acting.make(Progress(), here.desk)
    here.desk.vault.lock()
    for _try in range(5):
        with pytest.raises(Refusal, match=r"unlock\.wrong_password"):
            _restored(here.shelf, made, ByPassword(here.desk.officer.id, "không phải mật khẩu"))
    with pytest.raises(Refusal, match=r"unlock\.wait"):
        _restored(here.shelf, made, here.by_password())
    with pytest.raises(Refusal, match=r"unlock\.wait"):
        entering.unlock(here.shelf, here.desk.officer.id, PASSWORD, load_reference())


def test_a_former_password_on_a_backup_forgives_no_tries(here: Here) -> None:
    made = acting.make(Progress(), here.desk)
    officers.change_password(Progress(), here.desk, PASSWORD, NEW_PASSWORD)
    here.desk.vault.lock()
    for _try in range(4):
        with pytest.raises(Refusal, match=r"unlock\.wrong_password"):
            entering.unlock(here.shelf, here.desk.officer.id, "không phải mật khẩu", load_reference())
    restoring.rehearse(Progress(), here.shelf, made, here.by_password())
    [tries] = here.shelf.keyfile().read().tries.values()
    assert tries.row == 4


def test_who_has_left_restores_no_backup_by_her_slot_of_that_day(here: Here) -> None:
    keyfile = here.shelf.keyfile()
    inside = keyfile.unlock(here.desk.officer.id, PASSWORD, Moment.now())
    other = keyfile.add_officer(inside, "Vàng Thị Sua", NEW_PASSWORD, Moment.now())
    made = acting.make(Progress(), here.desk)
    way = ByPassword(other.officer.id, NEW_PASSWORD)
    restoring.rehearse(Progress(), here.shelf, made, way)
    rekeying.dismiss(Register(here.desk.vault, keyfile), inside, other.officer.id, Progress())
    here.desk.vault.lock()
    with pytest.raises(Refusal, match=r"backup\.needs_code"):
        _restored(here.shelf, made, way)
    restoring.rehearse(Progress(), here.shelf, made, here.by_password())


def test_restored_by_the_code_on_this_laptop_its_backups_stay_with_it(here: Here) -> None:
    path = acting.make(Progress(), here.desk).path
    made = backups.read(path.rename(path.with_name("2026-11-01T080000Z")))  # not within one second
    here.desk.vault.lock()
    entered = _restored(here.shelf, made, here.by_code())
    kept = backups.listed(acting.own_place(entered.desk))
    entered.desk.vault.lock()
    assert len(kept) == 2
    assert made.path.name in {each.path.name for each in kept}


def test_a_disk_that_fails_between_the_renames_costs_nothing(
    here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(_source: Path, _target: Path) -> None:
        raise OSError(5, "failed")

    path = acting.make(Progress(), here.desk).path
    here.desk.vault.lock()
    made = backups.read(path)
    with monkeypatch.context() as broken:
        broken.setattr(replacing, "_bring", failing)
        with pytest.raises(Trouble, match=r"disk\.failed"):
            _restored(here.shelf, made, here.by_password())
    folder = here.shelf.folder.path
    [found_again] = shelves.shelves(Laptop(folder.parent.parent), load_reference())
    assert found_again.folder.path == folder
    entering.unlock(here.shelf, here.desk.officer.id, PASSWORD, load_reference()).desk.vault.lock()
    assert [each.path for each in backups.listed(folder / "backups")] == [path]


def test_a_damaged_key_file_is_a_reason_to_restore(here: Here) -> None:
    made = acting.make(Progress(), here.desk)
    here.desk.vault.lock()
    (here.shelf.folder.path / backups.KEYS).write_bytes(b"{}")
    _restored(here.shelf, made, here.by_password()).desk.vault.lock()


def test_a_power_cut_between_the_renames_is_made_good(here: Here) -> None:
    add_person(here.desk, {"name": "Lò Thị Pánh"}, "new")
    made = acting.make(Progress(), here.desk)
    here.desk.vault.lock()
    folder = here.shelf.folder.path
    beside = folder.with_name(f"{folder.name}restoring1764000000000")
    shutil.copytree(folder, beside)
    shutil.rmtree(beside / "backups")
    (beside / "whole.mark").write_bytes(b"")
    folder.rename(folder.with_name(f"{folder.name}{replacing.FORMER}1764000000000"))
    [found_again] = shelves.shelves(Laptop(folder.parent.parent), load_reference())
    assert found_again.folder.path == folder
    assert [each.path.name for each in backups.listed(folder / "backups")] == [made.path.name]


def test_what_a_cut_off_restore_left_is_taken_away(here: Here) -> None:
    folder = here.shelf.folder.path
    beside = folder.with_name(f"{folder.name}restoring1764000000000")
    beside.mkdir()
    (beside / "vault.db").write_bytes(b"half")
    shelves.shelves(Laptop(folder.parent.parent), load_reference())
    assert not beside.exists()
    assert folder.exists()


def test_restored_it_loses_nothing_that_the_centre_has_nor_what_waited(office: Commune) -> None:
    """Saved, synced; saved and not synced; backed up; more synced after it; then the disk dies."""
    laptop, colleague = office.desks
    her = add_person(laptop, {"name": "Lò Thị Pánh", "phone": "0912345678"}, "new")
    office.sync(laptop)
    waited = add_person(laptop, {"name": "Giàng A Của"}, "new")
    made = acting.make(Progress(), laptop)
    office.sync(laptop)  # what waits in the backup reaches the centre by itself meanwhile
    change(laptop, her, phone="0987654321")
    later = add_person(laptop, {"name": "Vàng Thị Mỷ"}, "new")
    office.sync(laptop)
    laptop.vault.lock()
    at = _shelf(office.home / "laptop0")
    entered = _restored(at, made, ByPassword(laptop.officer.id, PASSWORD))
    office.desks[0] = restored = entered.desk
    after = add_person(restored, {"name": "Hạng A Sình"}, "new")
    office.sync(restored, colleague, restored)
    for desk in (restored, colleague):
        assert _names(desk) == {"Lò Thị Pánh", "Giàng A Của", "Vàng Thị Mỷ", "Hạng A Sình"}
        assert value(desk, her, "phone") == "0987654321"
        assert {value(desk, each, "state") for each in (waited, later, after)} == {"active"}
        assert ("restore", "open") in _proposals(desk)
        with desk.vault.read() as connection:
            assert outbox.waiting(connection) == 0
            assert place.read_text(connection, "in_step") == "yes"


def test_what_waited_only_in_the_backup_reaches_the_centre_from_it(office: Commune) -> None:
    laptop, colleague = office.desks
    add_person(laptop, {"name": "Giàng A Của"}, "new")
    made = acting.make(Progress(), laptop)
    laptop.vault.lock()
    shutil.rmtree(laptop.folder.parent / "gone", ignore_errors=True)
    at = _shelf(office.home / "laptop0")
    office.desks[0] = restored = _restored(at, made, ByPassword(laptop.officer.id, PASSWORD)).desk
    office.sync(restored, colleague)
    assert _names(colleague) == {"Giàng A Của"}


def test_another_officer_says_that_she_knows_of_it_and_nobody_else_can(office: Commune) -> None:
    laptop, colleague = office.desks
    made = acting.make(Progress(), laptop)
    laptop.vault.lock()
    at = _shelf(office.home / "laptop0")
    office.desks[0] = restored = _restored(at, made, ByPassword(laptop.officer.id, PASSWORD)).desk
    office.sync(restored, colleague)
    with colleague.vault.read() as connection:
        [proposal] = connection.scalars(select(records["proposal"].c.id))
    for officer in (restored, colleague):
        with pytest.raises(Refusal, match=r"approval\.(same_officer|approver)"):
            approve(officer, proposal)
    approve(office.approver(colleague), proposal)
    office.sync(colleague, restored)
    for desk in (colleague, restored):
        assert _proposals(desk) == [("restore", "accepted")]
