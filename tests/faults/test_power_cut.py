"""The power goes at any moment: no save that was reported is lost, the vault opens, its capsule is whole.

40 images in the suite, 1,000 with SOAK=1. Linux alone, where strace records what is written.
"""

from __future__ import annotations

import os
import random
import shutil
import sys
from pathlib import Path

import pytest

from app.actions.desk import Desk
from app.domain.errors import Trouble
from app.store.laptop import Laptop
from app.store.rescue import FILE
from tests import desks
from tests.faults.capsules import found_with_a_centre, look_into_capsule
from tests.faults.looking import look_through
from tests.faults.power import Call, image, watch
from tests.faults.working import open_desk

IMAGES = 1_000 if os.environ.get("SOAK") else 40
_LINES = 24

pytestmark = pytest.mark.skipif(not shutil.which("strace"), reason="needs strace")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    desks.make_keys_cheap(monkeypatch)
    found_with_a_centre(tmp_path / "home")
    return tmp_path / "home"


def losses(home: Path, tmp_path: Path, strictness: str, images: int) -> int:
    """In how many images the vault does not open whole, or a reported save is missing."""
    folder = Laptop(home).commune(desks.COMMUNE).path
    before = {file.name: file.read_bytes() for file in folder.iterdir() if file.name.startswith("vault.db")}
    assert not (folder / FILE).exists()
    command = [sys.executable, "-m", "tests.faults.working", str(home), "7", "enrol", strictness]
    calls = watch(command, folder, tmp_path / "trace", _LINES)
    assert sum(call.kind == "said" for call in calls) >= _LINES
    first = next(at for at, call in enumerate(calls) if call.said == ("ready",))
    chance = random.Random(strictness)
    lost = 0
    for number in range(images):
        cut = calls[: chance.randrange(first, len(calls) + 1)]
        at = tmp_path / f"{strictness} {number}"
        shutil.copytree(home, at, ignore=shutil.ignore_patterns("vault.db*", FILE))
        for name, content in image(before, cut, chance).items():
            (Laptop(at).commune(desks.COMMUNE).path / name).write_bytes(content)
        lost += not is_whole(at, cut)
        shutil.rmtree(at)
    return lost


def is_whole(home: Path, cut: list[Call]) -> bool:
    """Whether the vault opens and holds what was said before the cut."""
    try:
        desk: Desk = open_desk(home)
    except Trouble:
        return False
    try:
        look_through(desk, [list(call.said) for call in cut if call.said])
        look_into_capsule(desk)
    except AssertionError:
        return False
    finally:
        desk.vault.lock()
    return True


def test_a_power_cut_loses_nothing_that_was_reported(home: Path, tmp_path: Path) -> None:
    assert losses(home, tmp_path, "FULL", IMAGES) == 0


def test_a_laxer_disk_would_lose_saves_and_the_images_show_it(home: Path, tmp_path: Path) -> None:
    assert losses(home, tmp_path, "NORMAL", 15) > 0
