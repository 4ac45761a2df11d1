"""What Excel, LibreOffice and libraries write differently, read the same."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from app.domain.progress import Progress
from app.sheets.book import Book, Kind, address, column_of
from app.sheets.numbers import Shown, as_number, day_of, shown_by
from app.sheets.xlsx import read_xlsx

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def book_of(sheet: str, strings: str = "", styles: str = "", properties: str = "") -> Book:
    """A workbook of one sheet part, written by hand."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}">{properties}'
            '<sheets><sheet name="A" sheetId="1" r:id="r1"/></sheets></workbook>',
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" '
            'Type="x/worksheet" Target="/xl/worksheets/sheet1.xml"/></Relationships>',
        )
        archive.writestr("xl/worksheets/sheet1.xml", sheet)
        archive.writestr("xl/sharedStrings.xml", strings or f'<sst xmlns="{MAIN}"/>')
        archive.writestr("xl/styles.xml", styles or f'<styleSheet xmlns="{MAIN}"/>')
    content.seek(0)
    return read_xlsx(content, Progress())


def rows_of(cells: str, **others: str) -> list[tuple[list[int], str, list[object]]]:
    sheet = f'<worksheet xmlns="{MAIN}"><sheetData>{cells}</sheetData></worksheet>'
    return [(row.columns, row.kinds, list(row.values)) for row in book_of(sheet, **others).sheets[0].rows]


def test_cells_without_places_follow_each_other() -> None:
    cells = '<row><c><v>1</v></c><c t="str"><v>x</v></c></row><row><c><v>2</v></c></row>'
    assert rows_of(cells) == [([0, 1], "nt", [1, "x"]), ([0], "n", [2])]


def test_tags_with_a_prefix() -> None:
    row = '<x:row r="2"><x:c r="C2"><x:v>7</x:v></x:c></x:row>'
    sheet = f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData>{row}</x:sheetData></x:worksheet>'
    found = book_of(sheet).sheets[0].rows[0]
    assert (found.number, found.columns, found.values) == (2, [2], [7])


def test_rich_text_keeps_the_font_of_each_run() -> None:
    strings = (
        f'<sst xmlns="{MAIN}"><si><r><rPr><rFont val=".VnTime"/></rPr><t>Lß </t></r>'
        "<r><t>Văn</t></r><rPh><t>no text</t></rPh></si></sst>"
    )
    row = '<row r="1"><c r="A1" t="s"><v>0</v></c></row>'
    sheet = f'<worksheet xmlns="{MAIN}"><sheetData>{row}</sheetData></worksheet>'
    found = book_of(sheet, strings).sheets[0]
    assert found.rows[0].values == ["Lß Văn"]
    assert found.fonts[0].runs == [("Lß ", ".VnTime"), ("Văn", "")]


def test_days_count_from_1904_where_the_book_says_so() -> None:
    styles = (
        f'<styleSheet xmlns="{MAIN}"><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>'
    )
    cells = '<row r="1"><c r="A1" s="1"><v>18324</v></c></row>'
    assert rows_of(cells, styles=styles)[0][1:] == ("d", ["1950-03-02"])
    macintosh = '<workbookPr date1904="1"/>'
    assert rows_of(cells, styles=styles, properties=macintosh)[0][2] == ["1954-03-03"]


def test_shared_formulas_without_values_are_written_out() -> None:
    cells = (
        '<row r="2"><c r="C2"><f t="shared" ref="C2:C3" si="0">A2*$B$1&amp;"A1"</f></c></row>'
        '<row r="3"><c r="C3"><f t="shared" si="0"/><v></v></c><c r="D3"><f>1+1</f><v>2</v></c></row>'
    )
    assert rows_of(cells) == [([2], "f", ['A2*$B$1&"A1"']), ([2, 3], "fn", ['A3*$B$1&"A1"', 2])]


def test_a_formula_with_a_stored_zero_is_calculated_again() -> None:
    """xlsxwriter stores 0 for every formula."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content)
    book.add_worksheet().write_formula(0, 0, "=540000*2.0")
    book.close()
    content.seek(0)
    row = read_xlsx(content, Progress()).sheets[0].rows[0]
    assert (row.kinds, row.values) == (Kind.FORMULA, ["540000*2.0"])


def test_escaped_controls_and_errors() -> None:
    text, error = "<is><t>a_x000D_b</t></is>", "<v>#REF!</v>"
    cells = f'<row r="1"><c r="A1" t="inlineStr">{text}</c><c r="B1" t="e">{error}</c></row>'
    assert rows_of(cells)[0][1:] == ("te", ["a\rb", "#REF!"])


def test_values_agree_with_openpyxl(tmp_path: Path) -> None:
    path = Path(__file__).parent / "samples" / "commune-list-a.xlsx"
    with path.open("rb") as file:
        ours = read_xlsx(file, Progress())
    theirs = openpyxl.load_workbook(path, data_only=True)
    for sheet, other in zip(ours.sheets, theirs.worksheets, strict=True):
        cells = {(row.number, column): row for row in sheet.rows for column in row.columns}
        for (number, column), row in cells.items():
            at = row.columns.index(column)
            value, expected = row.values[at], other.cell(number, column + 1).value
            if row.kinds[at] == Kind.DATE:
                assert value == expected.strftime("%Y-%m-%d")  # type: ignore[union-attr]
            elif row.kinds[at] != Kind.FORMULA:
                assert value == expected


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("dd/mm/yyyy", Shown.DAY),
        ('d"/"m"/"yy', Shown.DAY),
        ("mm/yyyy", Shown.MONTH),
        ("yyyy", Shown.YEAR),
        ("[$-42A]dd mmmm yyyy;@", Shown.DAY),
        ("#,##0 \\đ", Shown.NUMBER),
        ('#,##0" đồng/năm yyyy"', Shown.NUMBER),
        ("General", Shown.NUMBER),
        ("000000000000", Shown.NUMBER),
        ("h:mm:ss", Shown.NUMBER),
        ("[Red]0.00", Shown.NUMBER),
    ],
)
def test_what_a_number_format_shows(code: str, shown: Shown) -> None:
    assert shown_by(164, code) is shown


def test_numbers_and_places() -> None:
    assert [as_number(text) for text in ("12", "12.0", "1.5", "1.09901E+11", "x")] == [
        12,
        12,
        1.5,
        109901000000,
        "x",
    ]
    assert (day_of(1, Shown.DAY), day_of(60, Shown.DAY), day_of(61, Shown.DAY)) == (
        "1900-01-01",
        None,
        "1900-03-01",
    )
    assert [address(3, column) for column in (0, 25, 26, 701)] == ["A3", "Z3", "AA3", "ZZ3"]
    assert [column_of(letters) for letters in ("A", "Z", "AA", "XFD")] == [0, 25, 26, 16_383]
