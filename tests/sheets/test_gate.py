"""Hostile and broken files: each refused by name before a parser sees it, or by the parser's limits."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import openpyxl
import pytest

from app.domain.errors import Refusal, Trouble
from app.domain.progress import Progress
from app.sheets.gate import BYTES_MAX, Format, admit
from app.sheets.reader import parse, read_book
from tests.sheets.scoring import read
from tests.sheets.workbooks import PlanSheet, write_xlsx

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def small_list(path: Path) -> Path:
    sheet = PlanSheet("Thôn 1")
    sheet.head("STT | Họ và tên | Năm sinh | Số CCCD")
    sheet.row([1, "Lò Thị Hạnh", 1950, "014150032213"])
    sheet.row([2, "Quàng Văn Páo", 1948, "014048032214"])
    write_xlsx([sheet], path)
    return path


def rewritten(path: Path, part: str, change: bytes | None, **swaps: bytes) -> Path:
    """The workbook with one part replaced, or with bytes swapped in it."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    content = parts[part] if change is None else change
    if swaps:
        content = content.replace(swaps["old"], swaps["new"])
    parts[part] = content
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return path


def sheet_of(cells: str, before: str = "") -> bytes:
    data = f'<worksheet xmlns="{SPREADSHEET}"><sheetData>{cells}</sheetData></worksheet>'
    return f'<?xml version="1.0"?>{before}{data}'.encode()


def refusal_of(path: Path) -> str:
    with pytest.raises(Refusal) as caught:
        read_book(path, Progress())
    return caught.value.code


def test_a_program_under_a_workbooks_name(tmp_path: Path) -> None:
    path = tmp_path / "danh sach.xlsx"
    path.write_bytes(b"MZ\x90\x00" + b"\0" * 5000)
    assert refusal_of(path) == "workbook.not_a_workbook"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "workbook.empty"),
        (b"%PDF-1.7 ...", "workbook.not_a_workbook"),
        (b"\x89PNG\r\n", "workbook.not_a_workbook"),
        (b"<html><table><tr><td>STT</td></tr></table></html>", "workbook.web_page"),
        (b"\x00\x01\x02\x03" * 99, "workbook.not_a_workbook"),
        (OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "workbook.password"),
        (OLE + b"\0" * 600 + "WordDocument".encode("utf-16-le"), "workbook.not_a_workbook"),
        (OLE + b"\0" * 600 + "Workbook\0".encode("utf-16-le"), "workbook.damaged"),
    ],
)
def test_what_is_no_workbook_is_told_by_name(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "list.xls"
    path.write_bytes(content)
    assert refusal_of(path) == code


def test_too_large_a_file(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    path.write_bytes(b"PK\x03\x04" + b"\0" * BYTES_MAX)
    assert refusal_of(path) == "workbook.too_large"


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match=r"file\.unreadable"):
        read_book(tmp_path / "gone.xlsx", Progress())


@pytest.mark.parametrize("keep", [0.3, 0.7, 0.98])
def test_a_cut_off_file(tmp_path: Path, keep: float) -> None:
    path = small_list(tmp_path / "list.xlsx")
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * keep)])
    assert refusal_of(path) == "workbook.truncated"


def test_a_password_on_the_archive(tmp_path: Path) -> None:
    path = small_list(tmp_path / "list.xlsx")
    content = bytearray(path.read_bytes())
    for magic, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(magic)
        while at >= 0:
            content[at + flags] |= 1
            at = content.find(magic, at + 4)
    path.write_bytes(content)
    assert refusal_of(path) == "workbook.password"


def test_a_bomb(tmp_path: Path) -> None:
    path = small_list(tmp_path / "list.xlsx")
    rewritten(path, "xl/worksheets/sheet1.xml", sheet_of("<row/>") + b" " * (210 << 20))
    assert path.stat().st_size < 1 << 20
    assert refusal_of(path) == "workbook.unpacks_too_large"


def test_a_small_bomb_is_told_by_how_far_it_inflates(tmp_path: Path) -> None:
    path = rewritten(small_list(tmp_path / "list.xlsx"), "xl/styles.xml", b"0" * (9 << 20))
    assert refusal_of(path) == "workbook.unpacks_too_large"
    path = rewritten(small_list(tmp_path / "list.xlsx"), "xl/styles.xml", b"0" * (7 << 20))
    assert admit(path) is Format.XLSX  # blanks inflate two hundredfold and harm nobody


def test_a_bomb_that_lies_about_its_size(tmp_path: Path) -> None:
    path = small_list(tmp_path / "list.xlsx")
    rewritten(path, "xl/worksheets/sheet1.xml", sheet_of("<row/>") + b" " * (40 << 20))
    content = path.read_bytes()
    real, claimed = (40 << 20) + len(sheet_of("<row/>")), 1000
    path.write_bytes(content.replace(real.to_bytes(4, "little"), claimed.to_bytes(4, "little")))
    assert refusal_of(path) in ("workbook.truncated", "workbook.unpacks_too_large")


def test_too_many_parts(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(2001):
            archive.writestr(f"xl/{number}.xml", "")
    assert refusal_of(path) == "workbook.too_many_parts"


def test_too_many_parts_under_a_directory_that_counts_one(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(2_001):
            archive.writestr(f"xl/{number}", b"")
    content = bytearray(path.read_bytes())
    content[-14:-10] = struct.pack("<HH", 1, 1)  # its own word for how many parts there are
    path.write_bytes(content)
    with zipfile.ZipFile(path) as archive:
        assert len(archive.infolist()) == 2_001
    assert refusal_of(path) == "workbook.too_many_parts"


def test_a_part_that_says_it_unpacks_to_a_gigabyte(tmp_path: Path) -> None:
    path = small_list(tmp_path / "list.xlsx")
    content = bytearray(path.read_bytes())
    first = content.index(b"PK\x01\x02")
    content[first + 24 : first + 28] = struct.pack("<I", 1 << 30)
    path.write_bytes(content)
    assert refusal_of(path) == "workbook.unpacks_too_large"


def test_a_directory_without_end_is_told_from_its_last_bytes(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    content = bytearray(path.read_bytes())
    end = content.rfind(b"PK\x05\x06")
    content[end + 10 : end + 12] = (60_000).to_bytes(2, "little")
    path.write_bytes(bytes(content))
    assert refusal_of(path) == "workbook.too_many_parts"


def test_millions_of_fields_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(b"a,b\n" + b"1," * 2_000_000)
    assert refusal_of(path) == "workbook.endless_line"


def test_entities(tmp_path: Path) -> None:
    bomb = '<!DOCTYPE lolz [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    cells = '<row r="1"><c r="A1" t="inlineStr"><is><t>&b;</t></is></c></row>'
    path = rewritten(small_list(tmp_path / "list.xlsx"), "xl/worksheets/sheet1.xml", sheet_of(cells, bomb))
    assert refusal_of(path) == "workbook.doctype"


def test_entities_behind_a_long_comment(tmp_path: Path) -> None:
    """Beyond what the gate looks at, the parser itself refuses."""
    words = "".join(f"{number:x} " for number in range(120_000))
    late = f"<!--{words}--><!DOCTYPE x>"
    path = rewritten(small_list(tmp_path / "list.xlsx"), "xl/worksheets/sheet1.xml", sheet_of("", late))
    assert refusal_of(path) == "workbook.doctype"


def test_entities_in_open_document(tmp_path: Path) -> None:
    path = tmp_path / "list.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "content.xml", "<!--" + "x " * 200_000 + "--><!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"
        )
    with pytest.raises(Refusal, match=r"workbook\.doctype"):
        parse(str(path), Format.ODS.value, Progress())


@pytest.mark.parametrize("claimed", [b"A1", b"A1:XFD1048576"])
def test_a_lying_dimension_changes_nothing(tmp_path: Path, claimed: bytes) -> None:
    path = small_list(tmp_path / "list.xlsx")
    swap = {"old": b'<dimension ref="A1:D3"', "new": b'<dimension ref="' + claimed + b'"'}
    rewritten(path, "xl/worksheets/sheet1.xml", None, **swap)
    assert [person.name for person in read(path, kind="xlsx").people] == ["Lò Thị Hạnh", "Quàng Văn Páo"]


def test_16384_columns(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["x"] * 16_384)
    book.save(tmp_path / "wide.xlsx")
    assert refusal_of(tmp_path / "wide.xlsx") == "workbook.too_wide"


def test_a_sparse_workbook(tmp_path: Path) -> None:
    """1.4 kB that claim 17 thousand million cells: one of them far away has content."""
    cells = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    path = rewritten(small_list(tmp_path / "list.xlsx"), "xl/worksheets/sheet1.xml", sheet_of(cells))
    assert refusal_of(path) == "workbook.too_wide"


def test_a_row_far_below_is_only_far_below(tmp_path: Path) -> None:
    cells = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="A1048576"><v>1</v></c></row>'
    path = rewritten(small_list(tmp_path / "list.xlsx"), "xl/worksheets/sheet1.xml", sheet_of(cells))
    assert [row.number for row in read_book(path, Progress()).sheets[0].rows] == [1, 1_048_576]


def test_too_many_rows(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    path.write_bytes(b"1\n" * 200_001)
    assert refusal_of(path) == "workbook.too_long"


def test_open_document_repeated_beyond_reason(tmp_path: Path) -> None:
    table = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
    office = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
    cell = '<t:table-cell o:value-type="float" o:value="1"/>'
    rows = f'<t:table-row t:number-rows-repeated="1048576">{cell}</t:table-row>'
    spaces = f'xmlns:o="{office}" xmlns:t="{table}"'
    content = f'<o:d {spaces}><t:table t:name="x">{rows}</t:table></o:d>'
    path = tmp_path / "list.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
    assert refusal_of(path) == "workbook.too_long"


def test_merges_without_end(tmp_path: Path) -> None:
    areas = "".join(f'<mergeCell ref="A1:B{100_000 + number}"/>' for number in range(100))
    rows = "".join(f'<row r="{number}"><c r="A{number}"><v>1</v></c></row>' for number in range(1, 20_000))
    xml = sheet_of(rows).replace(b"</worksheet>", f"<mergeCells>{areas}</mergeCells></worksheet>".encode())
    path = rewritten(small_list(tmp_path / "list.xlsx"), "xl/worksheets/sheet1.xml", xml)
    with pytest.raises(Refusal, match=r"workbook\.damaged"):
        read(path, kind="xlsx")


def test_a_cell_of_spaces_costs_nothing(tmp_path: Path) -> None:
    sheet = PlanSheet("Thôn 1")
    sheet.head("STT | Họ và tên | Năm sinh | Số CCCD | Ghi chú")
    sheet.row([1, "Lò Thị" + " " * 30_000 + "Hạnh", 1950, "014150032213", "( " * 15_000])
    write_xlsx([sheet], tmp_path / "list.xlsx")
    reading = read(tmp_path / "list.xlsx", kind="xlsx")
    assert sum(sheet.rows for sheet in reading.sums) == 2


def test_external_links_and_macros_are_not_followed(tmp_path: Path) -> None:
    path = small_list(tmp_path / "list.xlsx")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/externalLinks/externalLink1.xml", "<externalLink/>")
        archive.writestr("xl/vbaProject.bin", b"\0" * 100)
    assert len(read(path, kind="xlsx").people) == 2


def test_a_binary_workbook_is_told_by_name(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsb"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.bin", b"x")
    assert refusal_of(path) == "workbook.binary_workbook"


def test_each_kind_is_told_by_its_content(tmp_path: Path) -> None:
    path = small_list(tmp_path / "renamed.csv")
    assert admit(path) is Format.XLSX
    text = tmp_path / "text.xlsx"
    text.write_text("STT;Họ và tên\n1;Lò Thị Hạnh\n", "utf-8")
    assert admit(text) is Format.TEXT
    utf16 = tmp_path / "utf16.csv"
    utf16.write_bytes("STT\tHo va ten\r\n1\tLo Thi Hanh\r\n".encode("utf-16-le"))
    assert admit(utf16) is Format.TEXT


def test_a_workbook_within_an_archive_of_something_else(tmp_path: Path) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("word/document.xml", "<document/>")
    path = tmp_path / "letter.xlsx"
    path.write_bytes(content.getvalue())
    assert refusal_of(path) == "workbook.not_a_workbook"
