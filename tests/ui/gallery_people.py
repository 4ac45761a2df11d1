"""The people page of the gallery: the list and its pane, as in design/look/people.png."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from app.ui.forms.masked import MaskedValue
from app.ui.parts.beside import Beside
from app.ui.parts.boxes import STRETCH, column, fill, footer, label, row
from app.ui.parts.buttons import Button
from app.ui.parts.chips import Chip, FilterChip
from app.ui.parts.comparison import Pair
from app.ui.parts.panes import Facts, Pane, section
from app.ui.parts.search import SearchField
from app.ui.room import Room
from app.ui.tables.columns import Column, MarkCell
from app.ui.tables.table import Table
from app.ui.theme import look
from app.ui.window import Window

APPROVED, WAITS = MarkCell("Đã duyệt", "tick", "ok"), MarkCell("Chờ duyệt", "clock", "warn")
NONE, CASH = MarkCell("Chưa có", "dash"), MarkCell("Tiền mặt", "cash")
AGREES, UNSENT = MarkCell("Khớp", "tick", "ok"), MarkCell("Chưa gửi", "ring")


@dataclass(frozen=True)
class Invented:
    """An invented person."""

    name: str
    born: str
    group: str
    amount: str
    account: MarkCell
    verified: MarkCell


PEOPLE = {
    str(place): person
    for place, person in enumerate(
        (
            Invented("Cà Thị Ánh", "1951", "Hưu trí xã hội", "540.000", APPROVED, AGREES),
            Invented("Quàng Văn Bình", "02/09/1989", "KT nặng", "810.000", APPROVED, AGREES),
            Invented("Lò Văn Chiến", "17/05/1946", "Hưu trí xã hội", "540.000", NONE, AGREES),
            Invented("Tòng Thị Dung", "23/11/1992", "Đơn thân, 2 con", "1.080.000", WAITS, AGREES),
            Invented("Lường Gia Đạt", "30/01/2023", "Trẻ dưới 4 tuổi", "1.350.000", APPROVED, UNSENT),
            Invented("Cà Văn Đôi", "1944", "Hưu trí xã hội", "540.000", CASH, AGREES),
            Invented(
                "Hà Thị Hiên",
                "08/07/1978",
                "KT đặc biệt nặng",
                "1.080.000",
                APPROVED,
                MarkCell("Lệch họ tên", "triangle", "bad"),
            ),
            Invented("Lò Thị Pánh", "12/03/1948", "Hưu trí xã hội", "540.000", WAITS, AGREES),
        )
    )
}
COLUMNS = (
    Column("name", "Họ tên", 142, lambda p: p.name, kind="name", grows=True),
    Column("born", "Ngày sinh", 102, lambda p: p.born),
    Column("group", "Nhóm hưởng", 144, lambda p: p.group),
    Column("amount", "Mức tháng, đ", 96, lambda p: p.amount, kind="number"),
    Column("account", "Tài khoản", 116, lambda p: p.account),
    Column("verified", "Đối chiếu", 138, lambda p: p.verified),
)


def fetch(ids: Sequence[str]) -> list[Invented]:
    """Rows of invented people, over and over."""
    return [PEOPLE[str(int(one) % len(PEOPLE))] for one in ids]


class People(Room):
    """The list with its detail pane, as in people.png."""

    section = "people"

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        actions = [Button("Nhập sổ", icon="table"), Button("Thêm người", icon="plus")]
        self.set_head("Đối tượng", "1.184 người đang hưởng", actions=actions)
        self.box = SearchField("lan 1954, ntl, 4 số cuối…", key="Ctrl K")
        self.box.setFixedWidth(look().px(300))
        hamlet = FilterChip("Thôn")
        hamlet.set_value("Bản Nà Lụa")
        chips = [hamlet, FilterChip("Nhóm"), FilterChip("Tài khoản"), FilterChip("Đối chiếu")]
        icons = [Button.only_icon("columns", "Chọn cột"), Button.only_icon("print", "In")]
        tools = row(self.box, *chips, STRETCH, *icons, margins=(16, 8), role="bar")
        self.table = Table(COLUMNS, fetch, ticks=True)
        self.table.set_ids([str(number) for number in range(1000)])
        self.table.show_sort("name")
        self.table.go_to("7")
        self.table.hovered_row = 4
        total = row(
            label("Bản Nà Lụa: 64 người", "hint"),
            16,
            label("Cộng mức tháng: 45.360.000 đ", "hint"),
            STRETCH,
            label("Chưa có tài khoản 38", "hint"),
            margins=(16, 4),
            role="sunkfooter",
        )
        body = Beside(column(self.table, total), person_pane())
        layout = QVBoxLayout(self)
        fill(layout, tools, body)
        layout.setStretch(1, 1)

    def search(self) -> bool:
        self.box.setFocus()
        return True


def person_pane() -> Pane:
    """The pane of people.png."""
    pane = Pane(footer(Button("So ngày sinh", "primary"), Button("Mở hồ sơ"), Button("In phiếu")))
    identity = Facts(
        [
            ("Số căn cước", MaskedValue("014•••••2213", lambda: "014148002213")),
            ("Ngày sinh", "12/03/1948"),
            ("Chủ hộ", "Lò Văn Chiến (chồng)"),
            ("Điện thoại", "0388•••417 (con gái)"),
        ]
    )
    name = label("Lò Thị Pánh", "pane")
    account = Facts([("LPBank", "••••••••1845"), ("Tên trên thẻ", "LO THI PANH")])
    mismatch = Pair("Trong sổ", "12/03/1948", "Dân cư, 20/11/2026", "03/12/1948")
    pane.show_parts(
        section(
            "", name, label("Bà · 78 tuổi · Bản Nà Lụa", "second"), _left(Chip("Đang hưởng", "tick", "ok"))
        ),
        section("Định danh", identity),
        section("Tài khoản nhận tiền", account, chip=Chip("Chờ duyệt", "clock", "warn")),
        section("Đối chiếu dân cư", mismatch, chip=Chip("Lệch ngày sinh", "triangle", "bad")),
    )
    return pane


def _left(*widgets: QWidget) -> QFrame:
    return row(*widgets, STRETCH)
