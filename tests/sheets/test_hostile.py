"""Files made to harm: what the gate can tell is refused before parsing, the rest costs little."""

from __future__ import annotations

import os
import time
import zipfile
from pathlib import Path

import pytest

from app.domain.errors import Refusal
from app.domain.progress import Progress
from app.sheets.book import TEXT_MAX, Book
from app.sheets.gate import Format, admit
from app.sheets.reader import parse
from tests.sheets.scoring import read
from tests.sheets.test_gate import refusal_of, rewritten, sheet_of, small_list

ROW = '<row r="{0}"><c r="A{0}" t="inlineStr"><is><t>{1}</t></is></c></row>'


def with_rows(folder: Path, rows: str) -> Path:
    return rewritten(small_list(folder / "list.xlsx"), "xl/worksheets/sheet1.xml", sheet_of(rows))


def book_of(path: Path) -> Book:
    return parse(str(path), Format.XLSX.value, Progress())


def read_within(seconds: float, path: Path) -> None:
    """None of these files holds a list: said soon, whatever it took to find out."""
    start = time.monotonic()
    with pytest.raises(Refusal, match=r"workbook\.no_table"):
        read(path, kind="xlsx")
    assert time.monotonic() - start < seconds


def test_what_is_no_file_is_not_opened(tmp_path: Path) -> None:
    """A pipe nobody writes to would keep us waiting for ever, and /dev/zero never ends."""
    pipe = tmp_path / "pipe.xlsx"
    os.mkfifo(pipe)
    (tmp_path / "zeros.xlsx").symlink_to("/dev/zero")
    for path in (pipe, tmp_path, tmp_path / "zeros.xlsx"):
        assert refusal_of(path) == "workbook.not_a_file"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"STT,Name\n" + b"1," * (2 << 20), "workbook.endless_line"),
        (b'STT,Name\n"' + b"a" * (2 << 20), "workbook.endless_line"),
        (b"STT,Name\n" + b"\n" * 1_000_000, "workbook.too_long"),
        (b"MIME-Version: 1.0\r\nX-Document-Type: Workbook\r\n\r\n", "workbook.web_page"),
    ],
)
def test_text_that_is_no_list(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(content)
    assert refusal_of(path) == code


def test_vietnamese_in_utf_16_is_text(tmp_path: Path) -> None:
    """Half of ễ, ư, đ is a control character to whoever looks at bytes."""
    path = tmp_path / "list.csv"
    path.write_bytes("Nguyễn Thị Phượng\tĐặng Thị Lựu\r\nẤp Ưu Điềm\tễễễ\r\n".encode("utf-16"))
    assert admit(path) is Format.TEXT


def test_text_doubled_row_by_row(tmp_path: Path) -> None:
    """Sixty formulas that would make a text longer than all memory."""
    formulas = "".join(
        f'<row r="{at}"><c r="A{at}"><f>A{at - 1}&amp;A{at - 1}</f></c></row>' for at in range(2, 60)
    )
    path = with_rows(tmp_path, ROW.format(1, "a" * 20) + formulas)
    read_within(5, path)
    assert all(len(str(cell)) <= TEXT_MAX for row in book_of(path).sheets[0].rows for cell in row.values)


def test_a_formula_longer_than_any(tmp_path: Path) -> None:
    deep = f"{'(' * 200_000}1{')' * 200_000}"
    read_within(5, with_rows(tmp_path, f'<row r="1"><c r="A1"><f>{deep}</f></c></row>'))


def test_a_cell_of_millions_of_letters(tmp_path: Path) -> None:
    read_within(5, with_rows(tmp_path, ROW.format(1, "Ưà " * 3_000_000)))


@pytest.mark.parametrize("row", ["99999999999999999999", "-5", "0", "1048577"])
def test_a_row_no_sheet_has(tmp_path: Path, row: str) -> None:
    assert refusal_of(with_rows(tmp_path, ROW.format(row, "x"))) == "workbook.damaged"


def test_a_row_said_twice_loses_nobody_silently(tmp_path: Path) -> None:
    assert refusal_of(with_rows(tmp_path, ROW.format(2, "x") + ROW.format(2, "y"))) == "workbook.damaged"


def test_a_number_too_long_to_carry(tmp_path: Path) -> None:
    number, half = f"<v>{'9' * 6000}</v>", "<is><t>_xD800_</t></is>"
    cells = f'<row r="1"><c r="A1">{number}</c><c r="B1" t="inlineStr">{half}</c></row>'
    with pytest.raises(Refusal, match=r"workbook\.no_table"):
        read(with_rows(tmp_path, cells))  # through the child, as the window does


def test_columns_hidden_a_hundred_thousand_times(tmp_path: Path) -> None:
    xml = sheet_of(ROW.format(1, "x")).replace(
        b"<sheetData>", b"<cols>" + b'<col min="1" max="16384" hidden="1"/>' * 50_000 + b"</cols><sheetData>"
    )
    path = rewritten(small_list(tmp_path / "list.xlsx"), "xl/worksheets/sheet1.xml", xml)
    read_within(5, path)


def test_open_document_nested_without_end(tmp_path: Path) -> None:
    path = tmp_path / "list.ods"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", "<a>" * 100_000 + "</a>" * 100_000)
    assert refusal_of(path) == "workbook.damaged"


def test_open_document_encrypted_whole(tmp_path: Path) -> None:
    path = tmp_path / "list.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("encrypted-package", b"\x01\x02")
    assert refusal_of(path) == "workbook.password"
