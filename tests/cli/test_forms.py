"""`soansinh form check` as the author of a form reads it; the workbook is parsed in the sandbox's child."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.actions import surveys
from app.cli import frame
from app.domain.errors import Refusal
from app.domain.progress import Progress
from app.survey.definition import FormDefinition
from app.sync.forms import read_parcel
from tests.survey.sheets import xlsform

NAME = ("text", "ten", "Họ tên")
WRONG = [NAME, ("integer", "thu_nhap", "Thu nhập", "khong-co(1)")]


def test_a_sound_form_is_told_and_written(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    file, out = tmp_path / "phiếu.xlsx", tmp_path / "phiếu.xml"
    file.write_bytes(xlsform([NAME, ("select_one_from_file ban.csv", "ban", "Bản")]))
    (tmp_path / "ban.csv").write_text("name,label\nb1,Bản Nà Lụa\n", "utf-8")
    assert frame.run(["form", "check", str(file), "--xform", str(out)]) == 0
    said = capfd.readouterr().out
    assert said.splitlines() == ["Phiếu thử: 2 câu hỏi; Tiếng Việt (vi)", "Biểu mẫu ban hành được."]
    assert FormDefinition.load(out.read_bytes()).id == "thu"


def test_what_is_wrong_is_told_by_its_cell_and_nothing_is_written(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    file, out = tmp_path / "phiếu.xlsx", tmp_path / "phiếu.xml"
    file.write_bytes(xlsform(WRONG))
    assert frame.run(["form", "check", str(file), "--xform", str(out)]) == 2
    said = capfd.readouterr().out
    assert "✗ survey!D3: Câu hỏi thu_nhap dùng hàm khong-co" in said
    assert "! survey!A3: thu_nhap là tiền" in said
    assert "chưa ban hành được" in said
    assert not out.exists()
    assert frame.run(["--language", "en", "form", "check", str(file), "--json"]) == 2
    lines = [json.loads(line) for line in capfd.readouterr().out.splitlines()]
    assert [(line["place"], line["code"]) for line in lines[:-1]] == [
        (["survey", "D3"], "no_function"),
        (["survey", "A3"], "money_as_int"),
    ]
    assert lines[-1]["summary"]["may_be_published"] is False
    assert not any("finding." in line["said"] for line in lines[:-1])


def test_it_is_packed_with_its_lists_for_a_centre_to_publish(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    file, packed = tmp_path / "phiếu.xlsx", tmp_path / "thu-1.bieumau"
    file.write_bytes(xlsform([NAME, ("select_one_from_file ban.csv", "ban", "Bản")]))
    (tmp_path / "ban.csv").write_bytes(b"\xef\xbb\xbfname,label\nb1,x\n")  # as Excel saves it
    (tmp_path / "khac.csv").write_text("name,label\n", "utf-8")
    assert frame.run(["form", "check", str(file), "--pack", str(packed), "--json"]) == 0
    found = read_parcel(packed.read_bytes())
    summary = json.loads(capfd.readouterr().out.splitlines()[-1])["summary"]
    assert (found.id, found.version, found.sha256) == (summary["id"], summary["version"], summary["sha256"])
    assert found.lists == {"ban.csv": "name,label\nb1,x\n"}  # and none that it does not ask
    packed.unlink()
    (tmp_path / "ban.csv").write_bytes(b"name,label\nb1,\xff\n")
    assert frame.run(["form", "check", str(file), "--pack", str(packed)]) == 2
    file.write_bytes(xlsform(WRONG))
    assert frame.run(["form", "check", str(file), "--pack", str(packed)]) == 2
    assert not packed.exists()


def test_what_is_no_form_is_refused(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    for name, content in (("a.xlsx", b"MZ\x90"), ("b.csv", "tên,tuổi\nAn,8\n".encode())):
        file = tmp_path / name
        file.write_bytes(content)
        assert frame.run(["form", "check", str(file)]) == 2
        assert capfd.readouterr().err.strip()
    assert frame.run(["form", "check", str(tmp_path / "nothing.xlsx")]) == 3


def test_lists_beside_a_form_have_an_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "phiếu.xlsx"
    file.write_bytes(xlsform([NAME]))
    (tmp_path / "ban.csv").write_bytes(bytes(2_000))
    monkeypatch.setattr(surveys, "_LISTS_BYTES_MAX", 1_000)
    with pytest.raises(Refusal, match=r"survey\.lists"):
        surveys.check_form(file, Progress())
