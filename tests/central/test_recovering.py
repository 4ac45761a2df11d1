"""The centre lets an office in again that lost passwords and sheet: by two custodians, without a database."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.bootstrap import entering, shelves
from app.central.keys import (
    HALVES,
    ROOT_KEY,
    load_keys,
    make_keys,
    recovery_identity,
    renew_recovery,
    sealing_identity,
)
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
    desk.seal_key_to(Trust.established(keys.root_fingerprint, keys.certificates).recovery)
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

    custody = recovery_identity(load_keys(folder))
    before = code_for((at.folder.path / FILE).read_bytes(), custody)
    leaving.mark(at.folder.path, "2026-11-28", 0)
    leaving.destroy(at.folder.path)
    assert code_for((at.folder.path / leaving.RECOVERY).read_bytes(), custody) == before


def test_two_custodians_open_it_and_one_alone_does_not(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    at, folder = sealed(home, tmp_path)
    first, second = (folder.joinpath(name).rename(tmp_path / name) for name in HALVES)
    other = make_keys(tmp_path / "other", "https://khac.example.vn", datetime.now(UTC)).folder
    keyfile = str(at.folder.path / FILE)

    def recover(*files: Path) -> int:
        given = [word for file in files for word in ("--half", str(file))]
        return frame.run(["--language", "en", "central", "recover", keyfile, "--keys", str(folder), *given])

    for files in ((), (first,), (first, first), (first, other / HALVES[1]), (first, second, second)):
        assert recover(*files) != 0
        assert not capsys.readouterr().out
    assert recover(second, first) == 0
    assert capsys.readouterr().out.splitlines()[0].count("-") == 14
    keys = load_keys(folder)
    content = (at.folder.path / FILE).read_bytes()
    with pytest.raises(Refusal, match=r"recovery\.another_code"):
        code_for(content, sealing_identity(keys))  # what receives sticks opens no laptop
    for half in (first, second):
        with pytest.raises(Refusal, match=r"recovery\.another_code"):
            code_for(content, Identity(bytes.fromhex(half.read_text().strip())))


def test_another_pair_takes_the_place_of_a_lost_one(home: Path, tmp_path: Path) -> None:
    at, folder = sealed(home, tmp_path)
    before = load_keys(folder)
    old = [(folder / name).read_bytes() for name in HALVES]
    with pytest.raises(Refusal, match=r"central\.no_root_key"):
        renew_recovery(folder, folder / "policy.key", datetime.now(UTC))
    assert [(folder / name).read_bytes() for name in HALVES] == old
    keys = renew_recovery(folder, folder / ROOT_KEY, datetime.now(UTC))
    assert keys.centre.renewals == before.centre.renewals + 1  # so that laptops hear of it
    trust = Trust.established(keys.root_fingerprint, keys.certificates)
    assert recovery_identity(keys).recipient == trust.recovery
    content = (at.folder.path / FILE).read_bytes()
    with pytest.raises(Refusal, match=r"recovery\.another_code"):
        code_for(content, recovery_identity(keys))
    desk = desks.found_again(home)
    desk.seal_key_to(trust.recovery)  # as the next unlock does, once the policy is here
    desk.vault.lock()
    assert code_for((at.folder.path / FILE).read_bytes(), recovery_identity(keys))
