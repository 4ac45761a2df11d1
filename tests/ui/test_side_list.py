"""The list at the left of a queue: what it leaves out where there is little room."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.ui.parts.side_list import SideGroup, SideLine, SideList, fitting
from app.ui.theme import look


@pytest.mark.parametrize(
    ("text", "like", "shown"),
    [
        ("chưa có → LPBank 9038", "chưa có → LPBank 9038", "chưa có → LPBank 9038"),
        ("chưa có → LPBank 9038", "chưa có → LPBank 9", "→ LPBank 9038"),
        ("Từ 29/11/2026 · Lò Thị Hạnh", "Từ 29/11/2026 · Lò T", "Từ 29/11/2026"),
    ],
)
def test_what_gives_way_is_whole(qapp: QApplication, text: str, like: str, shown: str) -> None:
    metrics = QFontMetrics(look().font("body"))
    assert fitting(text, metrics, metrics.horizontalAdvance(like)) == shown
    assert fitting("Quàng Thị Ngọc Bích", metrics, metrics.horizontalAdvance("Quàng Thị")).endswith("…")


def test_the_whole_line_is_told_under_the_pointer(qtbot: QtBot) -> None:
    made = SideList()
    qtbot.addWidget(made)
    line = SideLine("a", "Lò Thị Lả", "Agribank 4471 → LPBank 9038", "Từ 23/11 · Hà Văn Quyết", "2 cảnh báo")
    made.set_groups([SideGroup("Tài khoản", [line])])
    made.resize(made.sizeHint())
    whole = "\n".join((line.name, line.about, line.warning, line.note))
    assert (made.whole_line(QPoint(20, look().px(60))), made.whole_line(QPoint(20, 5))) == (whole, "")
