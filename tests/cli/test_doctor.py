"""`soansinh doctor` as a province's IT reads it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.cli import frame
from tests import desks


def test_offline_and_before_unlock(home: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert frame.run(["doctor"]) == 0
    assert "chưa có sổ" in capfd.readouterr().out
    desk = desks.found(home).desk
    desk.vault.lock()
    assert frame.run(["doctor", "--json"]) == 0
    lines = [json.loads(line) for line in capfd.readouterr().out.splitlines()]
    assert {line["about"] for line in lines} == {"disk", "files", "clock", "backup"}
    assert all(line["todo"] for line in lines if line["standing"] != "well")
    assert frame.run(["--language", "en", "doctor", "--unlock"]) == 0
    said = capfd.readouterr().out
    assert "no page is damaged" in said
    assert "has not joined a centre" in said
    assert "doctor." not in said
    desk.vault.path.write_bytes(b"SQLite format 3\0" + bytes(4096))
    assert frame.run(["doctor"]) == 3
    assert "không mã hoá" in capfd.readouterr().out
