"""`soansinh backup` as it is typed: made, listed, tried and restored, with one JSON object a line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app.actions import backups as acting
from app.actions.people import add_person
from app.cli.frame import REFUSED, TROUBLED, run
from tests.desks import PASSWORD, found, make_keys_cheap

CODED = "mật khẩu mới tinh"


@pytest.fixture
def code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A laptop with a register of one person; its recovery code."""
    make_keys_cheap(monkeypatch)
    monkeypatch.setenv("SOANSINH_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(acting, "_is_same_disk", lambda _folder, _register: False)
    entered = found(tmp_path / "home")
    add_person(entered.desk, {"name": "Lò Thị Pánh"}, "new")
    entered.desk.vault.lock()
    _type(monkeypatch, PASSWORD)
    return entered.recovery_code


def _type(monkeypatch: pytest.MonkeyPatch, *answers: str) -> None:
    waiting = [*answers]
    monkeypatch.setattr("app.cli.unlocking.getpass", lambda _asked: answers[0])
    monkeypatch.setattr("app.cli.backups.getpass", lambda _asked: waiting.pop(0) if waiting else answers[0])


def _said(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_made_listed_and_tried(code: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["backup", "verify"]) == TROUBLED
    assert run(["backup", "make", "--json"]) == 0
    [made] = _said(capsys)
    assert (made["people"], made["waiting"], made["why"]) == (1, 1, "asked")
    assert run(["backup", "list", "--json"]) == 0
    assert [each["path"] for each in _said(capsys)] == [made["path"]]
    assert run(["backup", "verify", "--json"]) == 0
    [tried] = _said(capsys)
    assert (tried["people"], tried["sets"], tried["photos"]) == (1, 1, 0)
    assert run(["backup", "list"]) == 0
    assert "Pánh" not in capsys.readouterr().out


def test_carried_to_another_laptop(
    code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    assert run(["backup", "make", "--onto", str(stick)]) == 0
    monkeypatch.setenv("SOANSINH_HOME", str(tmp_path / "other"))
    assert run(["backup", "restore", str(stick)]) == REFUSED
    _type(monkeypatch, code, CODED, CODED)
    capsys.readouterr()
    assert run(["backup", "restore", str(stick), "--code", "--json"]) == 0
    [restored] = _said(capsys)
    assert restored["device_now"].startswith(f"{restored['device']}~")
    _type(monkeypatch, CODED)
    assert run(["backup", "make"]) == 0
