"""`soansinh import`: one object a person as in the truth files, then the sums; refusals without a trace."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from app.actions.importing import around
from app.cli import frame
from tests import desks
from tests.sheets.scoring import FIELDS, truth_of

SAMPLE = Path(__file__).parent.parent / "sheets" / "samples" / "commune-list-a.xlsx"


def test_json_lines_are_the_truths_and_the_last_sums_up(capfd: pytest.CaptureFixture[str]) -> None:
    assert frame.run(["import", str(SAMPLE), "--dry-run", "--json"]) == 0
    *people, last = map(json.loads, capfd.readouterr().out.splitlines())
    for person, told in zip(people, truth_of(SAMPLE), strict=True):
        assert {name: person[name] for name in ("sheet", "row", *FIELDS, "problems")} == told
    summary = last["summary"]
    parts = ("people", "headings", "totals", "questions", "other", "blank")
    assert summary["rows"] == sum(summary[part] for part in parts)
    assert summary["people"] == len(people) == 360
    assert all(sheet["rows"] == sum(sheet[part] for part in parts) for sheet in summary["sheets"])
    assert summary["layouts"][0]["columns"][1] == {
        "column": "B",
        "heading": "Họ và tên",
        "meaning": "name",
        "hidden": False,
    }


def test_an_officer_reads_the_sum_and_the_kinds(capfd: pytest.CaptureFixture[str]) -> None:
    assert frame.run(["import", str(SAMPLE), "--dry-run"]) == 0
    said = capfd.readouterr().out
    assert "Bản Nà Lốc: 90 người, 9 dòng tiêu đề, 7 dòng cộng" in said
    assert "11  Có thể trùng với người đã gặp ở trên" in said


def test_what_is_read_is_written_into_the_register(home: Path, capfd: pytest.CaptureFixture[str]) -> None:
    desks.found(home).desk.vault.lock()
    assert frame.run(["import", str(SAMPLE)]) == 0
    said = capfd.readouterr().out
    assert "Đã ghi 325 người" in said
    assert "35 dòng còn hỏi" in said
    assert frame.run(["import", str(SAMPLE), "--json"]) == 0
    again = capfd.readouterr()
    assert "summary" in json.loads(again.out.splitlines()[-1])
    assert "Đã ghi 0 người" in again.err


def test_a_laptop_that_joined_fills_first(
    home: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    desks.found(home).desk.vault.lock()
    joined = SimpleNamespace(is_enrolled=lambda _connection: True)  # and never heard of anybody
    monkeypatch.setattr(around, "enrolment", joined)
    assert frame.run(["import", str(SAMPLE)]) == frame.REFUSED
    assert "Đồng bộ một lần rồi nhập" in capfd.readouterr().err


def test_without_a_register_nothing_is_saved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SOANSINH_HOME", str(tmp_path))
    assert frame.run(["import", str(SAMPLE)]) == frame.REFUSED
    assert "chưa có sổ" in capfd.readouterr().err


def test_a_file_that_is_no_workbook_is_refused(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "list.xlsx"
    path.write_bytes(b"MZ" + b"\0" * 100)
    assert frame.run(["import", str(path), "--dry-run", "--json"]) == frame.REFUSED
    said = capfd.readouterr()
    assert (said.out, "không phải bảng tính" in said.err) == ("", True)
