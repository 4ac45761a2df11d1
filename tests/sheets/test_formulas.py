"""Formulas nobody calculated: arithmetic, references, a few functions; everything else has no value."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.sheets.book import Scalar
from app.sheets.formulas import evaluate, shifted

CELLS: dict[tuple[str, int, int], Scalar] = {
    ("", 1, 0): 540_000,
    ("", 1, 1): "1,5",
    ("", 2, 0): 2,
    ("", 2, 1): "Lò Văn",
    ("Mức chuẩn", 1, 0): 500_000,
}


def look(sheet: str, row: int, column: int) -> Scalar | None:
    return CELLS.get((sheet, row, column))


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("=540000*2.0", 1_080_000),
        ("540000*1.5", 810_000),
        ("=A1*B1", 810_000),
        ("=$A$1*A2+1", 1_080_001),
        ("='Mức chuẩn'!A1*2", 1_000_000),
        ("=SUM(A1:A2)", 540_002),
        ("=SUM(A1:B2,3)", 540_005),
        ("=ROUND(A1/7,0)", 77_143),
        ("=-A2^2", 4),
        ("=(1+2)*3-4/2", 7),
        ("=10%*50", 5),
        ('="0"&TEXT(14148032213,"00000000000")', "014148032213"),
        ('=B2&" A"', "Lò Văn A"),
        ('=CONCATENATE(B2," ","A")', "Lò Văn A"),
        ("=IF(A2>=2,A1,0)", 540_000),
        ('=IF(B2="x",1,2)', 2),
        ("=IF(A2=1;5;6)", 6),
        ('=UPPER(TRIM("  lò  a "))', "LÒ A"),
        ("=DATE(1950,3,2)", 18_324),
        ("of:=[.A1]*[.A2]", 1_080_000),
        ("of:=SUM([.A1:.A2])", 540_002),
        ("of:=[$'Mức chuẩn'.A1]", 500_000),
    ],
)
def test_value(formula: str, value: Scalar) -> None:
    assert evaluate(formula, look) == value


@pytest.mark.parametrize(
    "formula",
    [
        "=VLOOKUP(A1,B:C,2,0)",
        "=A1/0",
        "=B2*2",
        "=1+",
        "=((((1",
        "=SUM(",
        "=" + "(" * 500 + "1" + ")" * 500,
        "=9^99",
        "=SUM(A1:XFD1048576)",
        "=[1]Sheet!A1",
        "",
    ],
)
def test_no_value(formula: str) -> None:
    assert evaluate(formula, look) is None


def test_a_shared_formula_moves_with_its_cell() -> None:
    assert shifted("A1*$B$2+C$3", 2, 1) == "B3*$B$2+D$3"
    assert shifted('"A1"&LOG10(A1)', 1, 0) == '"A1"&LOG10(A2)'


@given(st.text(alphabet="=+-*/^&<>(),;%\"0123456789.ABSUMIF $:!'", max_size=60))
def test_anything_typed_ends(text: str) -> None:
    evaluate(text, look)
