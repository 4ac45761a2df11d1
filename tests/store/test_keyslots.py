"""What opens a key file, what does not, and what a power cut or a copied file leaves of it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from app.domain.errors import Refusal, Trouble
from app.seal.keys import CHANGE_SET, sign, verify
from app.seal.wrapping import PRODUCT, Hardness
from app.store.keyslots import FILE, Guard, KeyFile, Unlocked
from app.store.throttle import Moment
from tests.store.office import CHEAP, GUARD, PASSWORD, START, begin, contents, later, opened, put, recovered

Office = tuple[KeyFile, Unlocked, str]


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return begin(tmp_path)


def test_the_right_password_gives_the_same_keys_after_a_restart(office: Office, tmp_path: Path) -> None:
    _, made, _ = office
    keyfile = KeyFile.load(tmp_path, GUARD)
    (listed,) = keyfile.officers
    unlocked = keyfile.unlock(listed.officer, PASSWORD, START)
    assert (listed.name, keyfile.commune) == ("Lò Thị Mẩy", "02692")
    assert unlocked == replace(made, device_secret_is_weak=True)
    assert verify(made.officer.key.public, CHANGE_SET, b"m", sign(unlocked.officer.key, CHANGE_SET, b"m"))
    assert listed.public == made.officer.key.public.raw


def test_nothing_secret_lies_open(office: Office, tmp_path: Path) -> None:
    _, made, code = office
    for path in tmp_path.iterdir():
        assert path.stat().st_mode & 0o077 == 0
        content = path.read_bytes().lower()
        for secret in (made.database_key, made.officer.key.seed):
            assert secret not in content
            assert secret.hex().encode() not in content
        assert code[:9].lower().encode() not in content
    assert made.database_key.hex() not in repr(made)
    assert repr(made.database_key) not in repr(made)


def test_the_product_goes_no_lower_than_its_floor(tmp_path: Path) -> None:
    begin(tmp_path)
    with pytest.raises(Trouble, match=r"keyfile\.damaged"):
        KeyFile.load(tmp_path)
    assert Guard().hardness == PRODUCT


def test_a_slot_that_asks_for_the_whole_memory_is_refused(office: Office, tmp_path: Path) -> None:
    said = contents(tmp_path)
    for name, value in (("memory_kib", 1 << 31), ("passes", 1 << 20), ("lanes", 200)):
        altered = json.loads(json.dumps(said))
        altered["slots"][0][name] = value
        put(tmp_path, altered)
        with pytest.raises(Trouble, match=r"keyfile\.damaged"):
            KeyFile.load(tmp_path, GUARD)


def test_another_first_start_changes_nothing(office: Office, tmp_path: Path) -> None:
    before = (tmp_path / FILE).read_bytes()
    with pytest.raises(Refusal, match=r"keyfile\.exists"):
        begin(tmp_path)
    assert (tmp_path / FILE).read_bytes() == before


@pytest.mark.parametrize("password", ["ngắn", "Bản Phố 2026", "Lò Thị Mẩy"])
def test_a_password_that_is_refused_writes_nothing(tmp_path: Path, password: str) -> None:
    with pytest.raises(Refusal, match="password"):
        KeyFile.create(tmp_path / "new", "02692", "Lò Thị Mẩy", password, START, GUARD)
    assert not (tmp_path / "new").exists()


def test_wrong_passwords_slow_down_across_restarts_and_turned_clocks(office: Office, tmp_path: Path) -> None:
    officer = office[1].officer.id
    for _ in range(5):
        with pytest.raises(Refusal, match=r"unlock\.wrong_password"):
            KeyFile.load(tmp_path, GUARD).unlock(officer, "không phải", START)
    keyfile = KeyFile.load(tmp_path, GUARD)
    for now in (later(29), later(1, wall=10**9), later(1, wall=-(10**9)), Moment(0, 3, "b")):
        with pytest.raises(Refusal, match=r"unlock\.wait"):
            keyfile.unlock(officer, PASSWORD, now)
    assert keyfile.seconds_to_wait(officer, later(29)) == 1
    unlocked = keyfile.unlock(officer, PASSWORD, later(30))
    assert unlocked.wrong_tries == 5
    assert keyfile.unlock(officer, PASSWORD, later(30)).wrong_tries == 0


def test_fifty_a_day_then_the_recovery_code_still_opens(office: Office, tmp_path: Path) -> None:
    keyfile, made, code = office
    officer, at = made.officer.id, START
    for _ in range(50):
        with pytest.raises(Refusal, match=r"unlock\.wrong_password"):
            keyfile.unlock(officer, "không phải", at)
        at = Moment(at.wall + 900, at.up + 900, "a")
    with pytest.raises(Refusal, match=r"unlock\.day_spent"):
        keyfile.unlock(officer, PASSWORD, at)
    with opened(keyfile, made) as register:
        unlocked, _ = recovered(register, made, code, "mật khẩu mới tinh", at)
    assert unlocked.wrong_tries == 50
    assert keyfile.unlock(officer, "mật khẩu mới tinh", at).wrong_tries == 0


@pytest.mark.parametrize("taken_back", [(FILE,), ("device.tries",)])
def test_an_older_counter_put_back_takes_no_try_back(
    office: Office, tmp_path: Path, taken_back: tuple[str, ...]
) -> None:
    """Each lies elsewhere where the system keeps this laptop's secret; both put back together do."""
    keyfile, made, _ = office
    with pytest.raises(Refusal, match=r"unlock\.wrong_password"):
        keyfile.unlock(made.officer.id, "không phải", START)
    older = {name: (tmp_path / name).read_bytes() for name in taken_back}
    for _again in range(4):
        for name, content in older.items():
            (tmp_path / name).write_bytes(content)
        with pytest.raises(Refusal, match=r"unlock\.wrong_password"):
            keyfile.unlock(made.officer.id, "không phải", START)
    for name, content in older.items():
        (tmp_path / name).write_bytes(content)
    assert keyfile.seconds_to_wait(made.officer.id, START) == 30
    with pytest.raises(Refusal, match=r"unlock\.wait"):
        keyfile.unlock(made.officer.id, PASSWORD, START)
    assert keyfile.unlock(made.officer.id, PASSWORD, later(30)).wrong_tries == 5
    for name, content in older.items():
        (tmp_path / name).write_bytes(content)
    assert keyfile.unlock(made.officer.id, PASSWORD, later(30)).wrong_tries == 1


def test_a_try_cut_short_counts(office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keyfile, made, _ = office

    class PowerCutError(Exception):
        pass

    def cut(*_: object) -> bytes:
        raise PowerCutError

    with monkeypatch.context() as patch:
        patch.setattr("app.store.slots.password_key", cut)
        with pytest.raises(PowerCutError):
            keyfile.unlock(made.officer.id, "không phải", START)
    assert keyfile.unlock(made.officer.id, PASSWORD, START).wrong_tries == 1


def test_every_altered_byte_of_a_slot_is_refused(office: Office, tmp_path: Path) -> None:
    keyfile, made, _ = office
    whole = (tmp_path / FILE).read_bytes()
    start, end = whole.index(b'"slots":'), whole.index(b'"tries":')
    for at in range(start, end):
        (tmp_path / FILE).write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        (tmp_path / "device.tries").unlink(missing_ok=True)
        with pytest.raises((Refusal, Trouble)) as said:
            keyfile.unlock(made.officer.id, PASSWORD, START)
        assert said.value.code in {"keyfile.damaged", "unlock.wrong_password", "unlock.unknown_officer"}


@pytest.mark.parametrize("name", ["name", "officer", "number", "set_at", "public", "salt", "wrapped"])
def test_every_word_of_a_slot_is_bound_to_it(office: Office, tmp_path: Path, name: str) -> None:
    keyfile = office[0]
    other = begin(tmp_path / "other")[0]
    said, others = contents(tmp_path), contents(other.folder)
    said["slots"][0][name] = 9 if name == "number" else others["slots"][0][name]
    if name in {"name", "set_at"}:
        said["slots"][0][name] += " "
    put(tmp_path, said)
    with pytest.raises(Refusal, match=r"unlock\.wrong_password"):
        keyfile.unlock(said["slots"][0]["officer"], PASSWORD, START)


def test_a_slot_copied_to_another_laptop_does_not_open(office: Office, tmp_path: Path) -> None:
    _, made, _ = office
    other = begin(tmp_path / "other")[0]
    shutil.copy(tmp_path / FILE, other.folder / FILE)
    with pytest.raises(Refusal, match=r"unlock\.wrong_password"):
        other.unlock(made.officer.id, PASSWORD, START)


def test_a_slot_put_into_another_file_of_the_same_laptop_does_not_open(
    office: Office, tmp_path: Path
) -> None:
    _, made, _ = office
    other = begin(tmp_path / "other")[0]
    shutil.copy(tmp_path / "device.secret", other.folder / "device.secret")
    said = contents(other.folder)
    said["slots"].append(contents(tmp_path)["slots"][0])
    put(other.folder, said)
    with pytest.raises(Refusal, match=r"unlock\.wrong_password"):
        other.unlock(made.officer.id, PASSWORD, START)


def test_hardness_rises_when_she_comes_in_and_never_falls(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.store.keyslots.FLOOR", CHEAP)
    officer = begin(tmp_path)[1].officer.id
    (before,) = contents(tmp_path)["slots"]
    for asked, given in ((Hardness(128, 1), (128, 1)), (CHEAP, (128, 1)), (Hardness(64, 2), (128, 2))):
        keyfile = KeyFile.load(tmp_path, replace(GUARD, hardness=asked))
        keyfile.unlock(officer, PASSWORD, later(60))
        (slot,) = contents(tmp_path)["slots"]
        assert (slot["memory_kib"], slot["passes"]) == given
        assert slot["set_at"] == before["set_at"]
        keyfile.unlock(officer, PASSWORD, START)


def test_a_spoilt_slot_looks_like_a_wrong_password_and_is_told_apart_in_the_log(
    office: Office, tmp_path: Path
) -> None:
    keyfile, made, code = office
    sua = keyfile.add_officer(made, "Vàng Thị Sua", "suối trong bản xa", START)
    assert keyfile.unlock(sua.officer.id, "suối trong bản xa", START).spoilt == ()
    said = contents(tmp_path)
    said["slots"][0]["salt"] = said["slots"][1]["salt"]
    put(tmp_path, said)
    with pytest.raises(Refusal, match=r"unlock\.wrong_password"):
        keyfile.unlock(made.officer.id, PASSWORD, START)
    with pytest.raises(Refusal, match=r"unlock\.wrong_password"):
        keyfile.unlock(sua.officer.id, "không phải", START)
    assert keyfile.unlock(sua.officer.id, "suối trong bản xa", START).spoilt == (made.officer.id,)
    with opened(keyfile, made) as register:
        unlocked, _ = recovered(register, made, code, "mật khẩu mới tinh")
    assert unlocked.spoilt == (made.officer.id,)
    assert keyfile.unlock(made.officer.id, "mật khẩu mới tinh", START).spoilt == ()


def test_each_officer_opens_the_vault_and_signs_for_herself_alone(office: Office, tmp_path: Path) -> None:
    keyfile, made, _ = office
    second = keyfile.add_officer(made, "Vàng Thị Sua", "suối trong bản xa", START)
    assert second.database_key == made.database_key
    assert second.officer.key != made.officer.key
    assert [slot.name for slot in keyfile.officers] == ["Lò Thị Mẩy", "Vàng Thị Sua"]
    assert keyfile.unlock(second.officer.id, "suối trong bản xa", START).officer == second.officer
    with pytest.raises(Refusal, match=r"keyfile\.officer_known"):
        keyfile.add_officer(made, "Vàng Thị Sua", "một mật khẩu khác", START)
    with pytest.raises(Refusal, match=r"unlock\.wrong_password"):
        keyfile.unlock(second.officer.id, PASSWORD, START)
    with pytest.raises(Refusal, match=r"unlock\.unknown_officer"):
        keyfile.unlock("0" * 32, PASSWORD, START)


@pytest.mark.parametrize("bad", [b"", b"{}", b"[]", b"\xff", b'{"slots": []}', b"[" * 60_000])
def test_another_file_in_its_place_is_damage(tmp_path: Path, bad: bytes) -> None:
    (tmp_path / FILE).write_bytes(bad)
    with pytest.raises(Trouble, match=r"keyfile\.damaged"):
        KeyFile.load(tmp_path, GUARD)


def test_no_key_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match=r"keyfile\.missing"):
        KeyFile.load(tmp_path, GUARD)


@pytest.mark.parametrize(
    ("module", "absent"),
    [
        ("app.store.keyslots", {"sqlalchemy", "alembic", "keyring", "PySide6"}),
        ("app.seal.tls", {"sqlalchemy", "sqlcipher3", "PySide6", "requests"}),
        ("app.store.vault", {"alembic", "keyring", "PySide6"}),
    ],
)
def test_what_stands_behind_the_unlock_screen_is_not_loaded_before_it(module: str, absent: set[str]) -> None:
    say = f"import sys, {module}; print(*sys.modules)"
    loaded = subprocess.check_output([sys.executable, "-c", say], cwd=Path(__file__).parents[2], text=True)
    assert absent.isdisjoint(loaded.split())
