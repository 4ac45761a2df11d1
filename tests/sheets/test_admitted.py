"""What packed files say of themselves is looked at before anything is unpacked, and not believed after."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from app.domain.errors import Refusal
from app.domain.progress import Progress
from app.sheets import gate
from app.sheets.gate import Format, admit
from app.sheets.reader import parse

ODS = b"application/vnd.oasis.opendocument.spreadsheet"


def packed(path: Path, **parts: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), content)
    return path


def refusal_of(path: Path) -> str:
    with pytest.raises(Refusal) as refused:
        admit(path)
    return refused.value.code


def test_a_wrapping_of_a_password_in_a_new_package(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("encrypted-package", b"x")
    assert refusal_of(path) == "workbook.password"


def test_a_package_of_another_office_is_no_sheet(tmp_path: Path) -> None:
    text = packed(
        tmp_path / "x.ods", mimetype=b"application/vnd.oasis.opendocument.text", content_xml=b"<x/>"
    )
    assert refusal_of(text) == "workbook.not_a_workbook"
    assert admit(packed(tmp_path / "y.ods", mimetype=ODS, content_xml=b"<x/>")) is Format.ODS


def test_a_sheet_under_a_password_says_so(tmp_path: Path) -> None:
    path = tmp_path / "x.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", ODS)
        archive.writestr("content.xml", b"x")
        archive.writestr("META-INF/manifest.xml", b"<manifest:encryption-data/>")
    assert refusal_of(path) == "workbook.password"


def test_more_than_may_be_unpacked_is_refused_by_what_the_directory_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gate, "INFLATED_BYTES_MAX", 9)
    assert refusal_of(packed(tmp_path / "x.xlsx", xl__workbook_xml=b"0123456789")) == (
        "workbook.unpacks_too_large"
    )


def test_a_directory_that_tells_too_few_is_counted_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = packed(tmp_path / "x.xlsx", xl__workbook_xml=b"x", a=b"", b=b"")
    monkeypatch.setattr(gate, "PARTS_MAX", 2)
    lying = bytearray(path.read_bytes())
    at = lying.rfind(b"PK\x05\x06")
    lying[at + 8 : at + 12] = b"\x02\x00\x02\x00"
    path.write_bytes(lying)
    assert refusal_of(path) == "workbook.too_many_parts"


@pytest.mark.parametrize(
    ("kind", "content"), [("ods", b"PK\x03\x04"), ("xls", b"\xd0\xcf\x11\xe0"), ("xlsx", b"")]
)
def test_what_a_reader_cannot_take_is_damaged(tmp_path: Path, kind: str, content: bytes) -> None:
    path = tmp_path / "x"
    path.write_bytes(content)
    with pytest.raises(Refusal) as refused:
        parse(str(path), kind, Progress())
    assert refused.value.code == "workbook.damaged"


def test_text_is_read_where_it_is_said_to_be_text(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes("STT,Họ và tên\n1,Lò Thị Hạnh\n".encode())
    assert parse(str(path), "text", Progress()).sheets
