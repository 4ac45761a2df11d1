"""Lists out: zeros kept, days as days, nothing that runs, nothing half written."""

from __future__ import annotations

import datetime
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from app.domain.dates import PartialDate
from app.domain.errors import Cancelled, Refusal, Trouble
from app.domain.progress import Progress
from app.sheets import writer
from app.sheets.writer import FORMULA_STARTS, Column, Holds, Leaf, Value, write_leaves, write_list
from tests.sheets.scoring import read

COLUMNS = (
    Column("STT", 6, Holds.NUMBER),
    Column("Họ và tên", 28),
    Column("Ngày sinh", 14, Holds.DATE),
    Column("Số CCCD", 16),
    Column("Mức hưởng", 14, Holds.AMOUNT),
)
ROWS: tuple[tuple[Value, ...], ...] = (
    (1, "Lò Thị Hạnh", PartialDate(1950, 3, 2), "014150032213", 540_000),
    (2, "Quàng Văn Páo", PartialDate(1948), "014048032214", 1_080_000),
    (3, "Giàng A Lử", PartialDate(1899, 1, 5), None, None),
)


def written(path: Path, rows: tuple[tuple[Value, ...], ...] = ROWS) -> Worksheet:
    assert write_list(path, ["Danh sách [1]", "Tháng 11"], COLUMNS, rows, Progress()) == len(rows)
    return openpyxl.load_workbook(path).worksheets[0]


def test_cells_hold_what_was_meant(tmp_path: Path) -> None:
    sheet = written(tmp_path / "list.xlsx")
    assert sheet.title == "Danh sách  1"
    values = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4, max_row=7)]
    assert values[0] == [column.heading for column in COLUMNS]
    assert values[1] == [1, "Lò Thị Hạnh", datetime.datetime(1950, 3, 2), "014150032213", 540_000]
    assert values[2][2] == "1948"
    assert values[3][2:] == ["05/01/1899", None, None]
    assert (sheet["C5"].number_format, sheet["D5"].number_format) == ("dd/mm/yyyy", "@")


def test_what_goes_out_comes_back(tmp_path: Path) -> None:
    written(tmp_path / "list.xlsx", ROWS[:2])
    first, second = read(tmp_path / "list.xlsx", kind="xlsx").people
    assert (first.name, first.birth, first.personal_id, first.amount) == ROWS[0][1:]
    assert (second.name, second.birth, second.personal_id, second.amount) == ROWS[1][1:]


@pytest.mark.parametrize("start", FORMULA_STARTS)
def test_text_that_begins_like_a_formula_stays_text(tmp_path: Path, start: str) -> None:
    hostile = start + "cmd|' /C calc'!A0"
    sheet = written(tmp_path / "list.xlsx", ((1, hostile, None, None, None),))
    cell = sheet["B5"]
    assert (cell.data_type, cell.quotePrefix) == ("s", True)


def test_a_cancelled_list_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    path.write_bytes(b"old")
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        write_list(path, [], COLUMNS, ROWS * 500, progress)
    assert [file.name for file in tmp_path.iterdir()] == ["list.xlsx"]
    assert path.read_bytes() == b"old"


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match=r"file\.unwritable"):
        write_list(tmp_path / "gone" / "list.xlsx", [], COLUMNS, ROWS, Progress())


def test_several_sheets_are_filled_in_turn(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    moment = datetime.datetime(2026, 11, 29, 7, 30, tzinfo=datetime.timezone(datetime.timedelta(hours=7)))
    leaves = [
        Leaf("Hộ", [Column("a"), Column("b")], ["A", "B"]),
        Leaf("hộ", [Column("a")]),
        Leaf("History", []),
    ]
    write_leaves(path, leaves, [(0, (moment, 0.5)), (1, ("=1",)), (0, (None, "x"))])
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["Hộ", "hộ 2", "History 2"]
    assert [[cell.value for cell in row] for row in book["Hộ"].iter_rows()] == [
        ["a", "b"],
        ["A", "B"],
        [datetime.datetime(2026, 11, 29, 7, 30), 0.5],
        [None, "x"],
    ]
    assert book["hộ 2"]["A2"].quotePrefix
    assert [file.name for file in tmp_path.iterdir()] == ["book.xlsx"]


def test_what_a_sheet_cannot_hold_is_refused_not_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "LAST_ROW", 3)
    with pytest.raises(Refusal, match=r"list\.too_long"):
        write_leaves(tmp_path / "a.xlsx", [Leaf("a", [Column("a")])], [(0, (at,)) for at in range(3)])
    with pytest.raises(Refusal, match=r"list\.too_wide"):
        write_leaves(tmp_path / "a.xlsx", [Leaf("a", [Column("a")] * 16_385)], [])
    assert list(tmp_path.iterdir()) == []
