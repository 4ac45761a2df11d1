"""The self-test: what it sees, and that every finding has its words and its remedy."""

from __future__ import annotations

import ast
import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from app.actions import backups as acting
from app.actions import checkup
from app.actions.checkup import Finding, at_the_desk, before_unlock, worst
from app.actions.desk import Desk
from app.bootstrap import entering, shelves
from app.bootstrap.entering import Wall
from app.domain.errors import Trouble
from app.domain.progress import Progress
from app.store import place
from app.store.laptop import Laptop
from tests.catalogues import LANGUAGES, said
from tests.desks import PASSWORD

NOW = Wall().now()
OF_ERRORS = {"sync.offline", "sync.not_the_centre"}


def codes(found: list[Finding]) -> dict[str, str]:
    return {each.code: each.standing for each in found}


def test_an_empty_laptop_says_what_comes_first(tmp_path: Path) -> None:
    found = codes(before_unlock(Laptop(tmp_path / "not yet there"), NOW))
    assert found["register.none"] == "attention"
    assert "disk.roomy" in found or "disk.low" in found


def test_before_unlock_files_clock_and_copies(desk: Desk, tmp_path: Path) -> None:
    desk.vault.lock()
    laptop, vault = Laptop(tmp_path / "home"), desk.vault.path
    found = codes(before_unlock(laptop, NOW + timedelta(minutes=1)))
    assert {"files.encrypted", "clock.plausible", "backup.none"} <= found.keys()
    assert codes(before_unlock(laptop, NOW - timedelta(days=3)))["clock.behind"] == "bad"
    vault.write_bytes(b"SQLite format 3\0" + bytes(4096))
    assert codes(before_unlock(laptop, NOW))["files.plain"] == "bad"


def test_the_age_of_the_newest_backup(desk: Desk, tmp_path: Path) -> None:
    laptop = Laptop(tmp_path / "home")
    acting.make(Progress(), desk)
    now = Wall().now()
    assert codes(before_unlock(laptop, now))["backup.fresh"] == "well"
    assert codes(before_unlock(laptop, now + timedelta(days=5)))["backup.old"] == "attention"
    assert "backup.fresh" in codes(at_the_desk(Progress(), desk))


def test_nobody_is_asked_to_keep_the_training_register(desk: Desk) -> None:
    assert {"backup.none", "stick.never"} & codes(at_the_desk(Progress(), desk)).keys()
    training = codes(at_the_desk(Progress(), replace(desk, training=True)))
    assert not [code for code in training if code.startswith(("backup.", "stick."))]


def test_when_one_was_last_carried_away(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(acting, "_is_same_disk", lambda _folder, _register: False)
    acting.carry(Progress(), desk, tmp_path)
    assert codes(at_the_desk(Progress(), desk))["stick.carried"] == "well"
    with desk.vault.write() as connection:
        place.write(connection, "backup_carried", b"2026-01-01T00:00:00+00:00")
    assert codes(at_the_desk(Progress(), desk))["stick.long_ago"] == "attention"


def test_a_disk_that_fills(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for free, code in ((1 << 20, "disk.full"), (1 << 30, "disk.low"), (1 << 40, "disk.roomy")):
        monkeypatch.setattr(checkup, "free_bytes", lambda _folder, free=free: free)
        assert code in codes(before_unlock(Laptop(tmp_path), NOW))

    def broken(_folder: Path) -> int:
        raise Trouble("disk.failed")

    monkeypatch.setattr(checkup, "free_bytes", broken)
    assert codes(before_unlock(Laptop(tmp_path), NOW))["disk.unreadable"] == "bad"


def test_at_a_desk_that_never_joined_a_centre(desk: Desk) -> None:
    found = at_the_desk(Progress(), desk)
    assert codes(found) | {"disk.roomy": "well"} == {
        "disk.roomy": "well",
        "database.sound": "well",
        "address.none": "attention",
        "sync.alone": "attention",
        "backup.none": "attention",
        "stick.never": "attention",
    }
    assert worst(found) == "attention"


def test_a_damaged_page_is_found(desk: Desk) -> None:
    desk.vault.lock()
    with desk.vault.path.open("r+b") as file:
        file.seek(-4000, os.SEEK_END)
        file.write(os.urandom(64))
    at = shelves.shelf(Laptop(desk.folder.parent.parent), desk.commune)
    opened = entering.unlock(at, desk.officer.id, PASSWORD, desk.reference).desk
    found = codes(at_the_desk(Progress(), opened))
    opened.vault.lock()
    assert found["database.damaged"] == "bad"


def test_every_finding_has_its_words_and_its_remedy() -> None:
    tree = ast.parse(Path(checkup.__file__).read_text("utf-8"))
    named = {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if node.value.count(".") == 1 and node.value.replace(".", "").replace("_", "").isalpha()
    }
    found = {each for each in named if each.partition(".")[0] in _abouts()} - OF_ERRORS
    assert len(found) >= 28
    for language in LANGUAGES:
        words = said(language)
        assert [code for code in found if f"doctor.{code}" not in words] == []


def _abouts() -> set[str]:
    return {key.rpartition(".")[2] for key in said("vi") if key.startswith("doctor.about.")}
