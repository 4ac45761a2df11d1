"""Separated text: encodings, separators, quoted lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.domain.errors import Refusal
from app.domain.progress import Progress
from app.sheets.separated import read_separated
from tests.sheets.workbooks import encoded

TEXT = 'STT;Họ và tên;Ghi chú\r\n1;Lò Thị Hạnh;"nhận hộ: ""con""\r\ntrai; gần"\r\n\r\n2;Quàng Đức Ưởng;\r\n'


def rows_of(content: bytes, folder: Path) -> list[tuple[int, list[object]]]:
    path = folder / "list.csv"
    path.write_bytes(content)
    with path.open("rb") as file:
        return [(row.number, list(row.values)) for row in read_separated(file, Progress()).sheets[0].rows]


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1258"])
@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_every_encoding_and_separator(tmp_path: Path, coding: str, separator: str) -> None:
    text = TEXT if separator == ";" else TEXT.replace("; gần", " gần").replace(";", separator)
    rows = rows_of(encoded(text, coding), tmp_path)
    assert [values[1] for _, values in rows] == ["Họ và tên", "Lò Thị Hạnh", "Quàng Đức Ưởng"]
    assert str(rows[1][1][2]).startswith('nhận hộ: "con"\r\ntrai')
    assert [number for number, _ in rows] == [1, 2, 4]


def test_a_declared_separator(tmp_path: Path) -> None:
    rows = rows_of("sep=#\r\nSTT#Họ, tên\r\n1#Lò Thị Hạnh\r\n".encode(), tmp_path)
    assert rows == [(2, ["STT", "Họ, tên"]), (3, ["1", "Lò Thị Hạnh"])]


def test_a_field_without_end(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match=r"workbook\.damaged"):
        rows_of(b'a,"' + b"x" * 200_000, tmp_path)


def test_ditto_marks_swallow_nobody(tmp_path: Path) -> None:
    """A lone quote opens a field for whoever believes it, and the next one closes it rows below."""
    people = "".join(f'{number},"Lò Thị {number}",195{number},"\r\n' for number in range(9))
    rows = rows_of(f"STT,Họ và tên,Năm sinh,Thôn\r\n{people}".encode(), tmp_path)
    assert [values[1] for _, values in rows[1:]] == [f"Lò Thị {number}" for number in range(9)]
