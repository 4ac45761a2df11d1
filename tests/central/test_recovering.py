"""The centre lets an office in again that lost passwords and sheet: with its sealing key, and no database."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.bootstrap import entering, shelves
from app.central.keys import load_keys, make_keys, sealing_identity
from app.central.recovering import code_for
from app.cli import frame
from app.domain.errors import Refusal, Trouble
from app.domain.progress import Progress
from app.resources import load_reference
from app.seal.certificates import Trust
from app.seal.sealing import Identity
from app.store import leaving
from app.store.keyslots import FILE
from app.store.laptop import Laptop
from tests import desks

NEW = "nương ngô mùa hạ"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    desks.make_keys_cheap(monkeypatch)
    return tmp_path / "home"


def sealed(home: Path, tmp_path: Path) -> tuple[shelves.Shelf, Path]:
    """A register joined to a centre, locked; and the folder of the centre's keys."""
    keys = make_keys(tmp_path / "keys", "https://an-sinh.example.vn", datetime.now(UTC))
    desk = desks.found(home).desk
    desk.seal_key_to(Trust.established(keys.root_fingerprint, keys.certificates).sealing)
    desk.vault.lock()
    return shelves.shelf(Laptop(home), desks.place()), keys.folder


def test_the_custodians_code_opens_once(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    at, folder = sealed(home, tmp_path)
    assert frame.run(["central", "recover", str(at.folder.path / FILE), "--keys", str(folder)]) == 0
    code = capsys.readouterr().out.splitlines()[0]
    officer = at.keyfile().officers[0].officer
    entered = entering.recover(at, officer, code.lower(), NEW, load_reference(), Progress())
    assert entered.recovery_code
    entered.desk.vault.lock()
    with pytest.raises(Refusal, match=r"recovery\.another_code"):
        entering.recover(at, officer, code, NEW, load_reference(), Progress())
    entering.unlock(at, officer, NEW, load_reference()).desk.vault.lock()


def test_another_centre_reads_out_nothing(home: Path, tmp_path: Path) -> None:
    at, _folder = sealed(home, tmp_path)
    content = (at.folder.path / FILE).read_bytes()
    with pytest.raises(Refusal, match=r"recovery\.another_code"):
        code_for(content, Identity.generate())
    with pytest.raises(Trouble, match=r"keyfile\.damaged"):
        code_for(content[:-2], Identity.generate())


def test_what_a_revoked_laptop_kept_is_read_too(home: Path, tmp_path: Path) -> None:
    at, folder = sealed(home, tmp_path)

    sealing = sealing_identity(load_keys(folder))
    before = code_for((at.folder.path / FILE).read_bytes(), sealing)
    leaving.mark(at.folder.path, "2026-11-28", 0)
    leaving.destroy(at.folder.path)
    assert code_for((at.folder.path / leaving.RECOVERY).read_bytes(), sealing) == before
