"""Small workbooks as a commune keeps them, for tests of actions and of windows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from openpyxl import Workbook

HEADINGS = (
    *("STT", "Họ và tên", "Ngày sinh", "Giới tính", "Số CCCD", "Điện thoại", "Thôn"),
    *("Nhóm đối tượng", "Số tiền", "Số tài khoản"),
)
HAMLET = "Bản Nà Lụa"
GROUP = "Hưu trí xã hội"
LINE = "014148032213"

# Mends: capitals, a lost zero, a dotted amount. Asks: an impossible date, a number that is none, a remark.
PANH = (1, "LÒ THỊ PÁNH", "12/03/1948", "Nữ", LINE, "0388123417", HAMLET, GROUP, 540000)
PEOPLE: tuple[tuple[object, ...], ...] = (
    (*PANH, "Agribank 3906205123456"),
    (2, "Quàng Văn Thương", "1951", "Nam", "14051000777", "", HAMLET, GROUP, 540000, ""),
    (3, "Cà Thị Ánh", "02/09/1944", "Nữ", "", "", "Bản Co Mạ", GROUP, "540.000", ""),
    (4, "Hà Văn Quyết", "31/02/1950", "Nam", "12345", "", "Bản Co Mạ", GROUP, 810000, ""),
    (5, "Vì Thị Mấy (chết)", "1939", "Nữ", "14139000871", "", "Bản Co Mạ", GROUP, 540000, ""),
)
PLAIN = tuple((*person[:-1], "") for person in PEOPLE[:3])  # nothing to answer


def write_book(path: Path, people: Sequence[Sequence[object]], headings: Sequence[str] = HEADINGS) -> Path:
    """A workbook of one sheet with a title and these people."""
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.title = "Nà Lụa"
    sheet.append(["DANH SÁCH ĐỐI TƯỢNG BẢO TRỢ XÃ HỘI"])
    sheet.append(list(headings))
    for person in people:
        sheet.append(list(person))
    made.save(path)
    return path
