"""Name cells: name, remark, form of address."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.sheets.names import read_name
from app.sheets.vocabulary import load_vocabulary

REMARKS, STARTS = (load_vocabulary().habits[name] for name in ("bare_remarks", "remark_starts"))


@pytest.mark.parametrize(
    ("typed", "name", "remark"),
    [
        ("Lò Thị Hạnh", "Lò Thị Hạnh", ""),
        ("LÒ THỊ HẠNH", "Lò Thị Hạnh", ""),
        ("  lò   thị hạnh ", "Lò Thị Hạnh", ""),
        ("Lò Thị Hạnh (chết)", "Lò Thị Hạnh", "chết"),
        ("Lò Thị Hạnh(B)", "Lò Thị Hạnh", "B"),
        ("Lò Thị Hạnh (mất T9", "Lò Thị Hạnh", "mất T9"),
        ("Lò Thị Hạnh - đã mất", "Lò Thị Hạnh", "đã mất"),
        ("Lò Thị Hạnh, chuyển đi", "Lò Thị Hạnh", "chuyển đi"),
        ("Lò Thị Hạnh\n(hộ nghèo)", "Lò Thị Hạnh", "hộ nghèo"),
        ("LÒ THỊ HẠNH ĐÃ MẤT", "Lò Thị Hạnh", "ĐÃ MẤT"),
        ("Lò Thị Hạnh chết", "Lò Thị Hạnh", "chết"),
        ("Lò Văn Mất", "Lò Văn Mất", ""),
        ("Lò Thị Hạnh chuyển xã khác", "Lò Thị Hạnh", "chuyển xã khác"),
        ("Lò Thị Hạnh--chết", "Lò Thị Hạnh", "chết"),
        ("Lò Thị Hạnh-B", "Lò Thị Hạnh", "B"),
        ("Ma-Lê Thị Hạnh", "Ma-Lê Thị Hạnh", ""),
        ("Ông/bà Lò Thị Hạnh", "Lò Thị Hạnh", ""),
        ("Bà: Lò Thị Hạnh", "Lò Thị Hạnh", ""),
        ("Lò Thị Hạnh B", "Lò Thị Hạnh", "B"),
        ("Lò Thị Hạnh 2", "Lò Thị Hạnh", "2"),
        ("Giàng A", "Giàng A", ""),
        ("Giàng A Ư", "Giàng A Ư", ""),
        ("Lò Thị Hạnh 0987 654 321", "Lò Thị Hạnh", "0987 654 321"),
        ("1. Lò Thị Hạnh", "Lò Thị Hạnh", ""),
        ("Lò Thị Hạnh*", "Lò Thị Hạnh", "*"),
        ("H'HEN NIÊ", "H'Hen Niê", ""),
        ("Y-Blô Niê", "Y-Blô Niê", ""),
        ("Ma Thị Bé (tức Lan) - chết", "Ma Thị Bé", "chết; tức Lan"),
    ],
)
def test_name_and_remark(typed: str, name: str, remark: str) -> None:
    reading = read_name(typed, REMARKS, STARTS)
    assert (reading.name, reading.remark) == (name, remark)


def test_a_form_of_address_is_no_remark() -> None:
    reading = read_name("BÀ LÒ THỊ HẠNH", REMARKS, STARTS)
    assert (reading.name, reading.title, reading.sex, reading.remark) == ("Lò Thị Hạnh", "Bà", "female", "")


@given(st.text(max_size=80))
def test_any_cell_is_read(typed: str) -> None:
    read_name(typed, REMARKS, STARTS)
