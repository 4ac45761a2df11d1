"""The code in the safe lets an officer in again, and nothing slipped into the file opens to another."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from app.domain.errors import Refusal, Trouble
from app.seal.recovery import recovery_identity
from app.seal.sealing import Identity
from app.store import rekeying
from app.store.keyslots import FILE, KeyFile, Unlocked
from tests.store.office import (
    GUARD,
    PASSWORD,
    START,
    begin,
    contents,
    later,
    new_password,
    opened,
    put,
    recovered,
)

NEW = "mật khẩu mới tinh"
Office = tuple[KeyFile, Unlocked, str]


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return begin(tmp_path)


def test_the_recovery_code_opens_the_register_with_a_new_key_to_it_and_to_sign_with(office: Office) -> None:
    keyfile, made, code = office
    with opened(keyfile, made) as register:
        unlocked, new = recovered(register, made, code.lower().replace("-", " "), NEW, later(9))
        assert register.vault.is_open
    assert unlocked.database_key != made.database_key
    assert unlocked.officer.id == made.officer.id
    assert unlocked.officer.key != made.officer.key
    assert keyfile.unlock(made.officer.id, NEW, START).officer == unlocked.officer
    with opened(keyfile, unlocked):
        pass
    with pytest.raises(Refusal, match=r"unlock\.wrong_password"):
        keyfile.unlock(made.officer.id, PASSWORD, START)
    assert keyfile.recoverable(recovery_identity(new)) == unlocked.database_key
    assert not keyfile.recovery_is_confirmed
    with pytest.raises(Refusal, match=r"recovery\.another_code"):
        keyfile.recoverable(recovery_identity(code))


def test_the_recovery_code_opens_without_the_laptops_secret(office: Office, tmp_path: Path) -> None:
    keyfile, made, code = office
    (tmp_path / "device.secret").unlink()
    with pytest.raises(Trouble, match=r"device_secret\.lost"):
        keyfile.unlock(made.officer.id, PASSWORD, START)
    with opened(keyfile, made) as register:
        unlocked, _ = recovered(register, made, code, NEW)
    assert keyfile.unlock(made.officer.id, NEW, START).database_key == unlocked.database_key


def test_a_mistyped_or_foreign_code_recovers_nothing(office: Office, tmp_path: Path) -> None:
    keyfile, made, code = office
    foreign = begin(tmp_path / "other")[2]
    before = (tmp_path / FILE).read_bytes()
    with opened(keyfile, made) as register:
        for typed, refused in (
            (foreign, r"recovery\.another_code"),
            (("0" if code[0] != "0" else "1") + code[1:], r"code\.mistyped"),
        ):
            with pytest.raises(Refusal, match=refused):
                recovered(register, made, typed, NEW)
        with pytest.raises(Refusal, match=r"password\.too_short"):
            recovered(register, made, code, "ngắn")
        with pytest.raises(Refusal, match=r"unlock\.unknown_officer"):
            recovered(register, made, code, NEW, officer="0" * 32)
        assert (tmp_path / FILE).read_bytes() == before
        keyfile.add_officer(made, "Vàng Thị Sua", "suối trong bản xa", START)
        with pytest.raises(Refusal, match=r"recovery\.whose"):
            rekeying.whose(keyfile.read(), "")
    assert contents(tmp_path)["slots"][0] == json.loads(before)["slots"][0]


def test_a_recovery_sealed_to_another_file_is_damage(office: Office, tmp_path: Path) -> None:
    keyfile, _, code = office
    said = contents(tmp_path)
    said["file"] = "0" * 32
    put(tmp_path, said)
    with pytest.raises(Trouble, match=r"keyfile\.damaged"):
        keyfile.recoverable(recovery_identity(code))


def test_a_renewed_code_ends_the_old_one_and_asks_to_be_confirmed(office: Office, tmp_path: Path) -> None:
    keyfile, made, old = office
    assert not keyfile.recovery_is_confirmed
    keyfile.confirm_recovery()
    assert KeyFile.load(tmp_path, GUARD).recovery_is_confirmed
    new = keyfile.renew_recovery(made)
    assert not keyfile.recovery_is_confirmed
    with pytest.raises(Refusal, match=r"recovery\.another_code"):
        keyfile.recoverable(recovery_identity(old))
    assert keyfile.recoverable(recovery_identity(new)) == made.database_key


def test_the_centre_can_open_the_key_once_it_is_known(office: Office, tmp_path: Path) -> None:
    keyfile, made, _ = office
    centre = Identity.generate()
    keyfile.confirm_recovery()
    keyfile.seal_to_centre(made, centre.recipient)
    assert keyfile.recovery_is_confirmed
    assert keyfile.recoverable(centre) == made.database_key
    newer = keyfile.renew_recovery(made)
    assert keyfile.recoverable(centre) == made.database_key
    assert keyfile.recoverable(recovery_identity(newer)) == made.database_key
    with opened(keyfile, made) as register:
        changed = new_password(register, made, PASSWORD, NEW)
    assert keyfile.recoverable(centre) == changed.database_key
    assert keyfile.recoverable(recovery_identity(newer)) == changed.database_key


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
