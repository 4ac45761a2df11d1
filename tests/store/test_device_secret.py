"""The laptop's secret lies with the system where that truly works, else in a file, and says which."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import keyring
import keyring.backend
import keyring.errors
import pytest

from app.domain.errors import Refusal, Trouble
from app.store.device_secret import (
    forget,
    keep_beside,
    make_device_secret,
    read_device_secret,
    recall_beside,
)
from app.store.keyslots import KeyFile
from tests.store.office import GUARD, PASSWORD, START, opened, recovered


class LoginKeyring(keyring.backend.KeyringBackend):
    """Stands in for the system's key store, under its name."""

    priority = 1

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def delete_password(self, service: str, username: str) -> None:
        if self.kept.pop((service, username), None) is None:
            raise keyring.errors.PasswordDeleteError


@pytest.fixture
def login_keyring() -> Iterator[LoginKeyring]:
    before, backend = keyring.get_keyring(), LoginKeyring()
    keyring.set_keyring(backend)
    yield backend
    keyring.set_keyring(before)


def test_the_system_keeps_the_secret_where_it_can(
    tmp_path: Path, login_keyring: LoginKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(LoginKeyring, "__module__", "keyring.backends.SecretService")
    keyfile, made, _ = KeyFile.create(
        tmp_path, "02692", "Lò Thị Mẩy", PASSWORD, START, replace(GUARD, ask_system=True)
    )
    assert not made.device_secret_is_weak
    assert len(login_keyring.kept) == 1
    assert next(iter(login_keyring.kept.values())) not in (tmp_path / "device.secret").read_text()
    assert keyfile.unlock(made.officer.id, PASSWORD, START) == made
    login_keyring.kept.clear()
    with pytest.raises(Trouble, match=r"device_secret\.lost"):
        keyfile.unlock(made.officer.id, PASSWORD, START)


def test_a_key_store_that_is_none_is_not_believed(tmp_path: Path, login_keyring: LoginKeyring) -> None:
    guard = replace(GUARD, ask_system=True)
    _, made, _ = KeyFile.create(tmp_path / "unknown", "02692", "Mẩy", PASSWORD, START, guard)
    assert made.device_secret_is_weak
    assert not login_keyring.kept
    assert len(read_device_secret(tmp_path / "unknown").secret) == 32


def test_a_key_store_that_does_not_answer_costs_no_slot(
    tmp_path: Path, login_keyring: LoginKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(LoginKeyring, "__module__", "keyring.backends.SecretService")
    keyfile, made, code = KeyFile.create(
        tmp_path, "02692", "Lò Thị Mẩy", PASSWORD, START, replace(GUARD, ask_system=True)
    )

    def silent(*_: object) -> str:
        raise keyring.errors.KeyringLocked

    with opened(keyfile, made) as register:
        with monkeypatch.context() as locked:
            locked.setattr(LoginKeyring, "get_password", silent)
            with pytest.raises(Trouble, match=r"device_secret\.unreachable"):
                keyfile.add_officer(made, "Vàng Thị Sua", "suối trong bản xa", START)
            with pytest.raises(Trouble, match=r"device_secret\.unreachable"):
                recovered(register, made, code, "mật khẩu mới tinh")
        assert keyfile.unlock(made.officer.id, PASSWORD, START) == made
        login_keyring.kept.clear()
        with pytest.raises(Trouble, match=r"device_secret\.lost"):
            keyfile.add_officer(made, "Vàng Thị Sua", "suối trong bản xa", START)
        recovered(register, made, code, "mật khẩu mới tinh")
    assert keyfile.unlock(made.officer.id, "mật khẩu mới tinh", START).officer.id == made.officer.id


def test_a_laptop_that_leaves_takes_everything_out_of_the_key_store(
    tmp_path: Path, login_keyring: LoginKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(LoginKeyring, "__module__", "keyring.backends.SecretService")
    guard = replace(GUARD, ask_system=True)
    keyfile, made, _ = KeyFile.create(tmp_path, "02692", "Lò Thị Mẩy", PASSWORD, START, guard)
    with pytest.raises(Refusal, match="wrong_password"):
        keyfile.unlock(made.officer.id, "không phải thế đâu", START)
    assert len(login_keyring.kept) == 2  # the secret and the tries; no mark was kept yet
    login_keyring.kept["another program", "its own"] = "stays"
    forget(tmp_path)
    assert login_keyring.kept == {("another program", "its own"): "stays"}
    forget(tmp_path)  # once more, after a power cut
    with pytest.raises(Trouble, match=r"device_secret\.lost"):
        read_device_secret(tmp_path)


def test_a_key_store_that_does_not_answer_forgets_later(
    tmp_path: Path, login_keyring: LoginKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(LoginKeyring, "__module__", "keyring.backends.SecretService")
    KeyFile.create(tmp_path, "02692", "Lò Thị Mẩy", PASSWORD, START, replace(GUARD, ask_system=True))

    def silent(*_: object) -> None:
        raise keyring.errors.KeyringLocked

    with monkeypatch.context() as locked:
        locked.setattr(LoginKeyring, "delete_password", silent)
        with pytest.raises(Trouble, match=r"device_secret\.unreachable"):
            forget(tmp_path)
        locked.setattr(LoginKeyring, "set_password", silent)
        with pytest.raises(Trouble, match=r"device_secret\.unreachable"):
            keep_beside(tmp_path, "where it stood")
    assert len(read_device_secret(tmp_path).secret) == 32


def test_a_secret_in_a_file_is_its_owners_to_destroy(tmp_path: Path, login_keyring: LoginKeyring) -> None:
    KeyFile.create(tmp_path, "02692", "Mẩy", PASSWORD, START, GUARD)
    before = (tmp_path / "device.secret").read_bytes()
    forget(tmp_path)
    assert (tmp_path / "device.secret").read_bytes() == before
    (tmp_path / "device.secret").unlink()
    forget(tmp_path)


def test_what_is_kept_beside_a_secret_goes_where_it_goes(
    tmp_path: Path, login_keyring: LoginKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(LoginKeyring, "__module__", "keyring.backends.SecretService")
    for name, ask_system in (("system", True), ("file", False)):
        folder = tmp_path / name
        folder.mkdir()
        make_device_secret(folder, name, ask_system=ask_system)
        assert recall_beside(folder) == ""
        keep_beside(folder, "where it stood")
        assert recall_beside(folder) == "where it stood"
        assert (folder / "device.mark").exists() != ask_system
    assert login_keyring.kept["soansinh", "system/mark"] == "where it stood"


def test_a_key_store_that_cannot_be_written_is_not_believed(
    tmp_path: Path, login_keyring: LoginKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(LoginKeyring, "__module__", "keyring.backends.SecretService")

    def full(*_: object) -> None:
        raise keyring.errors.PasswordSetError

    monkeypatch.setattr(LoginKeyring, "set_password", full)
    assert make_device_secret(tmp_path, "name", ask_system=True).is_weak


@pytest.mark.parametrize("bad", [b"", b"{}", b'{"format":1,"name":"n","secret":"AAAA"}', b"\xff"])
def test_a_damaged_device_secret_is_lost(tmp_path: Path, bad: bytes) -> None:
    (tmp_path / "device.secret").write_bytes(bad)
    with pytest.raises(Trouble, match=r"device_secret\.lost"):
        read_device_secret(tmp_path)
