"""Writing test workbooks: one plan of cells, many file formats."""

from __future__ import annotations

import csv
import datetime
import io
import unicodedata
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import openpyxl
from openpyxl.cell.cell import Cell as XlsxCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter


@dataclass
class Cell:
    """A value and how it is shown."""

    value: Any
    font: str = ""
    shown: str = ""


@dataclass
class PlanSheet:
    """Cells by row (from 1) and column (from 0)."""

    name: str
    cells: dict[tuple[int, int], Cell] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    at: int = 1

    def put(self, row: int, column: int, value: Any, font: str = "", shown: str = "") -> None:
        """One cell."""
        if value is not None:
            self.cells[row, column] = Cell(value, font, shown)

    def row(self, values: list[Any], first: int = 0) -> int:
        """One row of cells at the cursor, which moves on; its number is returned."""
        for column, value in enumerate(values, first):
            if isinstance(value, Cell):
                self.put(self.at, column, value.value, value.font, value.shown)
            else:
                self.put(self.at, column, value)
        self.at += 1
        return self.at - 1

    def head(self, texts: str) -> int:
        """A row of headings, written `STT | Họ và tên | | Ghi chú`."""
        return self.row([text.strip() or None for text in texts.split("|")])

    def skip(self, rows: int = 1) -> None:
        """Leave rows blank."""
        self.at += rows

    def merge(self, top: int, left: int, bottom: int, right: int) -> None:
        """Merge a rectangle."""
        self.merged.append((top, left, bottom, right))


def write_xlsx(sheets: list[PlanSheet], path: Path) -> None:
    """With openpyxl: formulas have no stored value."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for sheet in sheets:
        found = book.create_sheet(sheet.name)
        for (row, column), cell in sheet.cells.items():
            target = found.cell(row, column + 1)
            assert isinstance(target, XlsxCell)
            target.value = cell.value
            if cell.font:
                target.font = Font(name=cell.font)
            if cell.shown:
                target.number_format = cell.shown
        for top, left, bottom, right in sheet.merged:
            found.merge_cells(start_row=top, start_column=left + 1, end_row=bottom, end_column=right + 1)
        for row in sheet.hidden_rows:
            found.row_dimensions[row].hidden = True
        for column in sheet.hidden_columns:
            found.column_dimensions[get_column_letter(column + 1)].hidden = True
    book.save(path)


def write_csv(sheets: list[PlanSheet], path: Path, *, coding: str, separator: str) -> None:
    """The first sheet as text."""
    sheet = sheets[0]
    height = max(row for row, _ in sheet.cells)
    width = max(column for _, column in sheet.cells) + 1
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator, lineterminator="\r\n")
    for row in range(1, height + 1):
        found = (sheet.cells.get((row, column)) for column in range(width))
        writer.writerow(["" if cell is None else cell.value for cell in found])
    path.write_bytes(encoded(text.getvalue(), coding))


def encoded(text: str, coding: str) -> bytes:
    """Windows-1258 keeps tones apart; TCVN3 text is bytes that Windows calls 1252."""
    if coding == "cp1258":
        return "".join(map(_for_1258, text)).encode("cp1258")
    if coding == "legacy":
        return b"".join(letter.encode("cp1252" if letter > "\xff" else "latin-1") for letter in text)
    return text.encode(coding)


def _for_1258(letter: str) -> str:
    try:
        letter.encode("cp1258")
        return letter
    except UnicodeEncodeError:
        parts = unicodedata.normalize("NFD", letter)
        tones = [mark for mark in parts if mark in "\u0300\u0309\u0303\u0301\u0323"]
        base = unicodedata.normalize("NFC", "".join(mark for mark in parts if mark not in tones))
        return base + "".join(tones)


_URN = "urn:oasis:names:tc:opendocument:xmlns:"
_ODS_SPACES = {"office": "office", "table": "table", "text": "text", "style": "style", "number": "datastyle"}
_ODS_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content office:version="1.2" '
    + " ".join(f'xmlns:{prefix}="{_URN}{name}:1.0"' for prefix, name in _ODS_SPACES.items())
    + """><office:automatic-styles>
<number:date-style style:name="D1"><number:year number:style="long"/></number:date-style>
<style:style style:name="year" style:family="table-cell" style:data-style-name="D1"/>
<style:style style:name="vn" style:family="table-cell">
<style:text-properties style:font-name=".VnTime"/></style:style>
</office:automatic-styles><office:body><office:spreadsheet>"""
)


def write_ods(sheets: list[PlanSheet], path: Path) -> None:
    """OpenDocument, as much of it as an office's list needs."""
    body = "".join(map(_ods_table, sheets))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        archive.writestr(
            "content.xml", f"{_ODS_HEAD}{body}</office:spreadsheet></office:body></office:document-content>"
        )


def _ods_table(sheet: PlanSheet) -> str:
    height = max(row for row, _ in sheet.cells)
    width = max(column for _, column in sheet.cells) + 1
    parts = [f"<table:table table:name={quoteattr(sheet.name)}>"]
    for column in range(width):
        hidden = ' table:visibility="collapse"' if column in sheet.hidden_columns else ""
        parts.append(f"<table:table-column{hidden}/>")
    spans = {(top, left): (bottom - top + 1, right - left + 1) for top, left, bottom, right in sheet.merged}
    for row in range(1, height + 1):
        hidden = ' table:visibility="filter"' if row in sheet.hidden_rows else ""
        cells = "".join(
            _ods_cell(sheet.cells.get((row, column)), spans.get((row, column))) for column in range(width)
        )
        parts.append(f"<table:table-row{hidden}>{cells}</table:table-row>")
    blank = '<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row>'
    return "".join([*parts, blank, "</table:table>"])


def _ods_cell(cell: Cell | None, span: tuple[int, int] | None) -> str:
    spanned = ""
    if span:
        spanned = f' table:number-rows-spanned="{span[0]}" table:number-columns-spanned="{span[1]}"'
    if cell is None:
        return f"<table:table-cell{spanned}/>"
    value = cell.value
    style = ' table:style-name="year"' if cell.shown == "yyyy" else ""
    style = ' table:style-name="vn"' if cell.font == ".VnTime" else style
    if isinstance(value, datetime.datetime):
        return (
            f'<table:table-cell{spanned}{style} office:value-type="date" office:date-value="{value.date()}"/>'
        )
    if isinstance(value, str) and value.startswith("="):
        formula = quoteattr("of:" + value)
        return (
            f'<table:table-cell{spanned} table:formula={formula} office:value-type="float" office:value="0"/>'
        )
    if isinstance(value, int | float):
        return f'<table:table-cell{spanned} office:value-type="float" office:value="{value}"/>'
    lines = "".join(f"<text:p>{escape(line)}</text:p>" for line in value.split("\n"))
    return f'<table:table-cell{spanned}{style} office:value-type="string">{lines}</table:table-cell>'
