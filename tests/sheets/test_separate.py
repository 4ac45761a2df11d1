"""Separated text: whatever somebody typed, no spreadsheet runs it, whichever sign it separates by."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.sheets.separate import harmless, separated
from app.sheets.writer import FORMULA_STARTS, Value

ROWS: list[list[Value]] = [["a", None, 1, 0.5, "x\ny"], ["=1", "'b", -1, -0.5, 'say "hi", then']]


def test_a_row_comes_back_as_it_was(tmp_path: Path) -> None:
    with separated(tmp_path / "a.csv") as write:
        for row in ROWS:
            write(row)
    content = (tmp_path / "a.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert list(csv.reader(content.decode("utf-8-sig").splitlines(keepends=True))) == [
        ["a", "", "1", "0.5", "x\ny"],
        ["'=1", "'b", "-1", "-0.5", 'say "hi", then'],
    ]


def test_another_file_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("mine")
    with pytest.raises(FileExistsError), separated(tmp_path / "a.csv"):
        pass


@given(st.text(alphabet=[*FORMULA_STARTS, ";", ",", '"', "'", " ", "a", "ẩ"], max_size=12))
def test_nothing_begins_like_a_formula_wherever_a_cell_may_begin(text: str) -> None:
    said = harmless(text)
    assert not said.startswith(FORMULA_STARTS)
    for sign in ";\t\r\n":
        for part in said.split(sign)[1:]:
            assert not part.strip().startswith(tuple("=+-@＝＋－＠"))
    assert said.replace("'", "") == text.replace("'", "")
