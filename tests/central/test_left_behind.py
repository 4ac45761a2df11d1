"""A laptop that can speak no more: what waited in it is taken by the centre's key, and may be adopted."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from app.actions import backups as acting
from app.actions.leaving import take_leave
from app.actions.people import add_person
from app.central.deeds import Operating
from app.central.keys import sealing_identity
from app.central.rescue import take_left
from app.domain.changes import unpack_verdicts
from app.domain.errors import Refusal
from app.domain.progress import Progress
from app.seal.sealing import Identity
from app.store import backups, device_secret, journal, keyslots, leaving, operators, place, returned
from app.store.left_behind import read_left
from tests.central.conftest import TRAINING
from tests.central.laptops import House, Laptop
from tests.central.test_leaving import Stolen
from tests.central.test_leaving import stolen as stolen

pytestmark = pytest.mark.usefixtures("stolen")


def operating(found: House) -> Operating:
    return Operating(found.centre, found.keys, "huy", found.clock())


def _broken(stolen: Stolen, tmp_path: Path) -> Path:
    """Its folder carried to the province, as it was."""
    stolen.desk.vault.lock()
    return Path(shutil.copytree(stolen.desk.folder, tmp_path / "carried"))


def test_what_a_revoked_laptop_never_sent_is_kept_and_can_be_adopted(stolen: Stolen, tmp_path: Path) -> None:
    """Revoked while it was far from any line: nobody's unsent work is destroyed by that."""
    centre, desk = stolen.centre, stolen.desk
    desk.seal_key_to(sealing_identity(centre.keys).recipient)
    add_person(desk, {"name": "Lò Thị Muộn"}, "add")
    stolen.revoke()
    with desk.vault.write() as connection:  # it heard of it, and its officer had it leave all the same
        place.write(connection, place.LEFT, b"yes")
    leaving.mark(desk.folder, "2026-11-28", 0)
    desk.vault.lock()
    leaving.destroy(desk.folder)
    folder = _broken(stolen, tmp_path)
    assert not (folder / keyslots.FILE).exists()
    found = read_left(folder, sealing_identity(centre.keys))
    assert len(found.sets) == 1
    for _again in range(2):
        reading = take_left(operating(centre), found.commune, found.device, found.sets)
        assert (reading.sets, dict(reading.judged)) == (1, {"refused": 1})
    with centre.centre.read() as connection:
        *_before, line = journal.lines(connection, TRAINING, 0, 1 << 24)
        deeds = [each.act for each in operators.deeds(connection)]
    assert unpack_verdicts(line.verdicts)[0].why == "standing"
    assert deeds.count("left_taken") == 2
    other = Laptop.new(tmp_path, TRAINING, centre.clock)
    centre.enrol(other)
    other.sync(centre)
    with other.vault.read() as connection:
        [refused] = returned.refusals(connection, other.officer.id)
    assert refused.may_adopt(other.officer.id)
    other.vault.lock()


def test_a_broken_laptop_that_stands_has_its_work_put_in_force(stolen: Stolen, tmp_path: Path) -> None:
    centre, desk = stolen.centre, stolen.desk
    desk.seal_key_to(sealing_identity(centre.keys).recipient)
    add_person(desk, {"name": "Lò Thị Muộn"}, "add")
    made = acting.make(Progress(), desk)
    desk.vault.lock()
    found = read_left(made.path, sealing_identity(centre.keys))
    reading = take_left(operating(centre), found.commune, found.device, found.sets)
    assert dict(reading.judged) == {"in_force": 1}


def test_another_key_opens_nothing(stolen: Stolen, tmp_path: Path) -> None:
    folder = _broken(stolen, tmp_path)
    with pytest.raises(Refusal, match=r"recovery\.another_code"):
        read_left(folder, Identity.generate())
    for content in (b"{}", b"no key file"):
        (folder / keyslots.FILE).write_bytes(content)
        with pytest.raises(Refusal, match=r"left\.not_a_register"):
            read_left(folder, Identity.generate())
    (folder / keyslots.FILE).unlink()
    with pytest.raises(Refusal, match=r"left\.not_a_register"):
        read_left(folder, Identity.generate())


def test_the_slots_of_its_backups_are_destroyed_too(stolen: Stolen) -> None:
    desk = stolen.desk
    made = acting.make(Progress(), desk)
    stolen.revoke()
    assert stolen.sync().revoked
    assert take_leave(Progress(), desk)
    desk.vault.lock()
    leaving.destroy(desk.folder)
    assert {each.name for each in made.path.iterdir()} == {"about.json", "recovery.json", "vault.db"}
    assert not (desk.folder / device_secret.FILE).exists()
    assert backups.listed(desk.folder / backups.FOLDER) == [made]
