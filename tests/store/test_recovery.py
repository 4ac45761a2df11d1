"""The code in the safe lets an officer in again, and nothing slipped into the file opens to another."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from app.domain.errors import Refusal, Trouble
from app.seal.sealing import Identity
from app.store.keyslots import FILE, KeyFile, Unlocked
from tests.store.office import GUARD, PASSWORD, START, begin, contents, later, put

Office = tuple[KeyFile, Unlocked, str]


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return begin(tmp_path)


def test_the_recovery_code_restores_the_database_key_and_makes_a_new_signing_key(
    office: Office, tmp_path: Path
) -> None:
    keyfile, made, code = office
    recovered = keyfile.recover(code.lower().replace("-", " "), "mật khẩu mới tinh", later(9))
    assert recovered.database_key == made.database_key
    assert recovered.officer.id == made.officer.id
    assert recovered.officer.key != made.officer.key
    assert keyfile.unlock(made.officer.id, "mật khẩu mới tinh", START).officer == recovered.officer
    with pytest.raises(Refusal, match=r"unlock\.wrong_password"):
        keyfile.unlock(made.officer.id, PASSWORD, START)


def test_the_recovery_code_opens_without_the_laptops_secret(office: Office, tmp_path: Path) -> None:
    keyfile, made, code = office
    (tmp_path / "device.secret").unlink()
    with pytest.raises(Trouble, match=r"device_secret\.lost"):
        keyfile.unlock(made.officer.id, PASSWORD, START)
    keyfile.recover(code, "mật khẩu mới tinh", START)
    unlocked = keyfile.unlock(made.officer.id, "mật khẩu mới tinh", START)
    assert unlocked.database_key == made.database_key


def test_a_mistyped_or_foreign_code_recovers_nothing(office: Office, tmp_path: Path) -> None:
    keyfile, made, code = office
    foreign = begin(tmp_path / "other")[2]
    before = (tmp_path / FILE).read_bytes()
    with pytest.raises(Refusal, match=r"recovery\.another_code"):
        keyfile.recover(foreign, "mật khẩu mới tinh", START)
    with pytest.raises(Refusal, match=r"code\.mistyped"):
        keyfile.recover(("0" if code[0] != "0" else "1") + code[1:], "mật khẩu mới tinh", START)
    with pytest.raises(Refusal, match=r"password\.too_short"):
        keyfile.recover(code, "ngắn", START)
    keyfile.add_officer(made, "Vàng Thị Sua", "suối trong bản xa", START)
    with pytest.raises(Refusal, match=r"recovery\.whose"):
        keyfile.recover(code, "mật khẩu mới tinh", START)
    with pytest.raises(Refusal, match=r"unlock\.unknown_officer"):
        keyfile.recover(code, "mật khẩu mới tinh", START, "0" * 32)
    assert contents(tmp_path)["slots"][0] == json.loads(before)["slots"][0]


def test_a_recovery_sealed_to_another_file_is_damage(office: Office, tmp_path: Path) -> None:
    keyfile, _, code = office
    said = contents(tmp_path)
    said["file"] = "0" * 32
    put(tmp_path, said)
    with pytest.raises(Trouble, match=r"keyfile\.damaged"):
        keyfile.recover(code, "mật khẩu mới tinh", START)


def test_a_renewed_code_ends_the_old_one_and_asks_to_be_confirmed(office: Office, tmp_path: Path) -> None:
    keyfile, made, old = office
    assert not keyfile.recovery_is_confirmed
    keyfile.confirm_recovery()
    assert KeyFile.load(tmp_path, GUARD).recovery_is_confirmed
    new = keyfile.renew_recovery(made)
    assert not keyfile.recovery_is_confirmed
    with pytest.raises(Refusal, match=r"recovery\.another_code"):
        keyfile.recover(old, "mật khẩu mới tinh", START)
    assert keyfile.recover(new, "mật khẩu mới tinh", START).database_key == made.database_key


def test_the_centre_can_open_the_key_once_it_is_known(office: Office, tmp_path: Path) -> None:
    keyfile, made, _ = office
    centre = Identity.generate()
    keyfile.confirm_recovery()
    keyfile.seal_to_centre(made, centre.recipient)
    assert keyfile.recovery_is_confirmed
    assert keyfile._read().recovery.open(contents(tmp_path)["file"], centre) == made.database_key
    newer = keyfile.renew_recovery(made)
    assert keyfile._read().recovery.open(contents(tmp_path)["file"], centre) == made.database_key
    assert keyfile.recover(newer, "mật khẩu mới tinh", START).database_key == made.database_key


@pytest.mark.parametrize("place", ["printed", "centre"])
def test_a_recipient_slipped_into_the_file_is_never_sealed_to(
    office: Office, tmp_path: Path, place: str
) -> None:
    keyfile, made, _ = office
    said = contents(tmp_path)
    said["recovery"][place] = base64.b64encode(Identity.generate().recipient.raw).decode()
    put(tmp_path, said)
    with pytest.raises(Trouble, match=r"keyfile\.damaged"):
        keyfile.seal_to_centre(made, Identity.generate().recipient)
    with pytest.raises(Trouble, match=r"keyfile\.damaged"):
        keyfile.renew_recovery(made)
