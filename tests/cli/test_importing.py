"""`soansinh import`: one object a person as in the truth files, then the sums; refusals without a trace."""

from __future__ import annotations

import json
from argparse import Namespace
from pathlib import Path

import pytest

from app.cli import frame, importing
from app.domain.progress import Progress
from app.sheets.proposed import Reading
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


def test_what_is_read_is_handed_to_whoever_saves() -> None:
    saved: list[tuple[Reading, Path]] = []

    def save(reading: Reading, path: Path, _: Progress) -> int:
        saved.append((reading, path))
        return 7

    args = Namespace(file=SAMPLE, dry_run=False, json=False)
    assert importing.run(args, save) == 7
    assert (len(saved[0][0].people), saved[0][1]) == (360, SAMPLE)
    assert importing.run(Namespace(file=SAMPLE, dry_run=True, json=False), save) == 0
    assert len(saved) == 1


def test_a_file_that_is_no_workbook_is_refused(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "list.xlsx"
    path.write_bytes(b"MZ" + b"\0" * 100)
    assert frame.run(["import", str(path), "--dry-run", "--json"]) == frame.REFUSED
    said = capfd.readouterr()
    assert (said.out, "không phải bảng tính" in said.err) == ("", True)
