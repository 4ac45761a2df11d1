"""The same person twice in a workbook: told by number, or by name and birth that can be one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.sheets.scoring import read
from tests.sheets.workbooks import PlanSheet, write_xlsx

FIRST = ["Lò Thị Hạnh", "02/03/1950", "Nữ", "014150032213", "0987000111", "Bản Nà Lốc"]


@pytest.mark.parametrize(
    ("second", "is_twice"),
    [
        (["Lò Thị Hạnh", "02/03/1950", "Nữ", "014150032213", None, "Bản Híp"], True),
        (["Lò Thị Hạn", 1951, "Nữ", 14150032213, None, None], True),  # the number alone
        (["LÒ THỊ HẠNH", 1950, "Nữ", None, None, None], True),
        (["Lò Thị Hạnh", "3/1950", "Nữ", "123456789", None, None], True),
        (["Lò Thị Hạnh", 1950, "Nữ", "01415003221O", None, None], True),
        (["Lo Thi Hanh", "02/03/1950", "Nữ", None, None, None], True),
        (["Lò Thị Hạnh", 1950, "Nữ", "014150099999", None, None], False),
        (["Lò Thị Hạnh", 1950, "Nữ", "00815009999O", None, None], False),
        (["Lò Thị Hạnh", "05/03/1950", "Nữ", None, None, None], False),
        (["Lò Thị Hạnh", 1951, "Nữ", None, None, None], False),
        (["Lò Thị Hạnh", 1950, "Nam", None, None, None], False),
        (["Lò Thị Hạnh", 1950, "Nữ", None, "0912000111", None], False),
        (["Lò Thị Hãnh", 1950, "Nữ", None, None, None], False),
        (["Lo Thi Hanh", 1950, "Nữ", None, None, None], False),
        (["Lò Thị Hạnh", None, "Nữ", None, "0987000111", None], False),
    ],
)
def test_the_second_occurrence(tmp_path: Path, second: list[Any], is_twice: bool) -> None:
    sheet = PlanSheet("DS")
    sheet.head("Họ và tên | Ngày sinh | Giới tính | Số CCCD | SĐT | Thôn")
    sheet.row(FIRST)
    sheet.row(["Giàng A Lử", 1950, "Nam", "014050032299"])
    sheet.row(second)
    write_xlsx([sheet], tmp_path / "list.xlsx")
    raised = [
        [problem.kind for problem in person.problems if problem.kind == "possible_duplicate"]
        for person in read(tmp_path / "list.xlsx", kind="xlsx").people
    ]
    assert raised == [[], [], ["possible_duplicate"] * is_twice]
