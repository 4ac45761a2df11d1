"""Every part on three pages, filled with invented people: to look at beside design/look/*.png."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.ui.charts import Countdown, HamletBars, Progressbar, Progressed, Step, StepLine, Steps
from app.ui.forms.cards import Choice, ChoiceCards, ConsentCard
from app.ui.forms.choices import Dropdown, Joined, Radios, Reason
from app.ui.forms.field import Field, Form
from app.ui.forms.masked import MaskedValue
from app.ui.forms.password import PasswordBox
from app.ui.forms.picking import Pick, PickBox
from app.ui.forms.text import DateBox, MoneyBox, TextBox
from app.ui.notices import Notice, notice_row
from app.ui.parts.beside import Beside
from app.ui.parts.boxes import (
    STRETCH,
    card,
    column,
    column_layout,
    fill,
    footer,
    label,
    row,
    row_layout,
    rule,
)
from app.ui.parts.buttons import Button
from app.ui.parts.chips import Chip, FilterChip, Mark
from app.ui.parts.comparison import Compared, Comparison, Pair
from app.ui.parts.cover import Cover
from app.ui.parts.panes import Empty, Facts, Pane, scroll, section
from app.ui.parts.search import SearchField
from app.ui.parts.tabs import Tab, Tabs
from app.ui.parts.timeline import Day, Event, Timeline
from app.ui.pill import offline
from app.ui.rail import Officer, Section
from app.ui.room import Room
from app.ui.tables.columns import BarCell, Column, DifferenceCell, Group, MarkCell, Span
from app.ui.tables.table import Table
from app.ui.theme import Tone, give, look
from app.ui.window import Window

SECTIONS = (
    Section("gallery", "today", "Hôm nay"),
    Section("people", "people", "Đối tượng"),
    Section("households", "home", "Hộ gia đình"),
    Section("drive", "scan", "Đợt đăng ký"),
    Section("surveys", "clipboard", "Khảo sát"),
    Section("verification", "checklist", "Đối soát"),
    Section("payments", "cash", "Chi trả"),
    Section("sync", "sync", "Đồng bộ, bàn giao", starts_group=True),
    Section("reports", "chart", "Báo cáo"),
    Section("help", "book", "Hướng dẫn", starts_group=True),
    Section("settings", "sliders", "Cài đặt"),
)
TODAY = datetime.date(2026, 11, 23)
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


class Gallery(Room):
    """Cards, charts, chips and forms."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self.set_head("Hôm nay", "Thứ Hai, 23/11/2026", has_search=True)
        body = row_layout(fields(), progress(), gap=12)
        content = column(deadline(), STRETCH, gap=12, margins=(20, 16))
        inner = content.layout()
        assert isinstance(inner, QVBoxLayout)
        inner.insertLayout(1, body)
        fill(QVBoxLayout(self), scroll(content))


def deadline() -> QFrame:
    """The card at the top of today.png."""
    countdown = Countdown()
    countdown.set_days(2)
    steps = Steps(
        [
            Step("Rà biến động", "xong 18/11", "done"),
            Step("Lập danh sách", "xong 20/11", "done"),
            Step("Kiểm tra", "còn 3 điểm", "now"),
            Step("Phê duyệt", "Hà Văn Quyết"),
            Step("Chuyển", "3 đơn vị chi trả"),
        ]
    )
    words = column(
        label("ngày nữa phải chuyển danh sách", "card"),
        label("Kỳ chi trả tháng 12 · trước ngày 25/11/2026"),
        label("1.184 người · 861.570.000 đ", "second"),
    )
    onward = Button("Kiểm tra tiếp", "primary", trailing="chevron-right", size="form")
    return card(row(countdown, words, rule(vertical=True), steps, onward, gap=16), margins=20)


def progress() -> QFrame:
    """The card at the right of today.png."""
    bars = HamletBars()
    bars.set_rows(
        [
            Progressed("Bản Nà Lụa", 18, 64, 8),
            Progressed("Bản Pom Khoang", 33, 58, 6),
            Progressed("Thôn Tân Lập", 57, 71, 3),
            Progressed("Thôn Hoà Bình", 70, 76, 3),
        ]
    )
    bar = Progressbar()
    bar.set_parts(244, 388)
    chips = [Chip("Chờ gửi", "ring"), Chip("Xung đột", "triangle", "bad"), Chip("Đã thay", "replaced")]
    marks = [Mark("Khớp sổ", "tick", "ok"), Mark("Tiền mặt", "cash")]
    radios = Radios([("a", "Lĩnh tiền mặt"), ("b", "Chuyển khoản")], "b")
    made = card(
        row(label("Tiến độ theo thôn, bản", "card"), STRETCH, Button("Báo cáo", "link")),
        bars,
        row(label("Đang ghi 244/388 phần", "strong"), bar, Button("Huỷ", size="small")),
        row(*chips, STRETCH),
        row(*marks, STRETCH),
        radios,
        Empty("Không ai khớp ‘lan 1954’.", Button("Bỏ bộ lọc Bản Nà Lụa?"), icon="search"),
    )
    made.setFixedWidth(look().px(376))
    return made


def fields() -> QFrame:
    """The form of survey.png and the choices of conflict.png."""
    born = Field("Ngày sinh", DateBox(TODAY), required=True)
    born.control.setText("31/02/2014")
    born.set_error(born.control.problem())
    name = Field("Họ và tên", TextBox("Cà Thị Bích Ấn"), required=True)
    kin = Field("Quan hệ với chủ hộ", Dropdown([("con", "Con"), ("me", "Mẹ")], "con"), required=True)
    sex = Field("Giới tính", Joined([("male", "Nam"), ("female", "Nữ")], "female"), required=True)
    money = Field("Mức tháng", MoneyBox(540_000), hint="Theo quyết định")
    place = Field(
        "Xã, phường", PickBox(lambda text: [Pick("03874", "Mường Sen", "xã · 03874")], hint="muong s")
    )
    form = Form(
        {"name": name, "kin": kin, "sex": sex, "born": born, "money": money, "place": place}, columns=3
    )
    cards = ChoiceCards(
        [
            Choice("keep", "Giữ LPBank 7720", "Bản Agribank vào lịch sử"),
            Choice("use", "Dùng Agribank 3306", "Tài khoản LPBank được đóng"),
            Choice("ask", "Hỏi lại bà Xuân", "Kỳ tháng 12 trả tiền mặt", icon="upload"),
        ],
        "use",
    )
    reason = Field("Lý do", Reason(["Theo ý người hưởng", "Ghi nhầm người"]), note="bắt buộc")
    consent = ConsentCard(
        "Bà Pánh đồng ý nhận trợ cấp qua tài khoản này", "“Xã ghi tên, số căn cước, số tài khoản.”"
    )
    return card(form, cards, reason, consent, gap=12)


class History(Room):
    """Tabs, timeline, comparison, review table."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self.set_head(
            "Lường Thị Xuân",
            "76 tuổi · Bản Nà Lụa",
            back="people",
            actions=[Button("In hồ sơ", icon="print")],
        )
        tabs = Tabs(
            [
                Tab("a", "Hồ sơ"),
                Tab("b", "Xung đột", 2, "bad"),
                Tab("c", "Tài khoản", 4),
                Tab("d", "Lịch sử", 11),
            ]
        )
        tabs.open("d")
        left = give(history(), role="card")
        right = column(comparison(), notices(), review(), gap=12)
        body = row_layout(left, right, gap=12, margins=(20, 16))
        body.setStretch(0, 1)
        body.setStretch(1, 1)
        what_follows = label("Quyết xong: danh sách tháng 12 dùng Agribank 3306.", "second")
        foot = footer(what_follows, STRETCH, Button("Để sau"), Button("Quyết và ký", "primary", icon="key"))
        layout = QVBoxLayout(self)
        fill(layout, tabs, body, foot)
        layout.setStretch(1, 1)


def history() -> Timeline:
    """Two days of person.png."""
    timeline = Timeline()
    waits: tuple[str, str, Tone] = ("Chờ gửi", "ring", "neutral")
    stands: tuple[str, str, Tone] = ("Có hiệu lực", "tick", "ok")
    phone = Event("1", "08:41", "Điện thoại", "trống", "0388•••552", "Lò Thị Hạnh · máy 01", "waiting", waits)
    conflict = Event(
        "2",
        "15:10",
        "Tài khoản",
        "Tiền mặt",
        "Agribank ••3306",
        "Lò Thị Hạnh · máy 01 · “Con gái mang sổ lên”",
        "conflict",
        ("Xung đột", "triangle", "bad"),
        [("Khi ghi đã thấy", "Tiền mặt"), ("Trái với", "bản LPBank 7720")],
    )
    first = Event(
        "3", "09:58", "Tài khoản", "Tiền mặt", "LPBank ••7720", "Quàng Văn Thương", "in_force", stands
    )
    timeline.set_days([Day("Hôm nay, 23/11/2026", [phone]), Day("21/11/2026", [conflict, first])])
    timeline._press("2")
    return timeline


def comparison() -> Comparison:
    """approvals.png in small."""
    return Comparison(
        ("Đang dùng", Chip("Có hiệu lực", "tick", "ok")),
        ("Đề nghị", Chip("Chờ duyệt", "clock", "warn")),
        [
            Compared("Tài khoản", "Agribank ••4471", "LPBank ••9038", differs=True, is_head=True),
            Compared("Tên chủ", "LO THI LA", "LO THI LA"),
            Compared("Ai ghi", "Lò Thị Hạnh", "Quàng Văn Thương"),
        ],
    )


def notices() -> QFrame:
    """Two warnings side by side."""
    frame = QFrame()
    frame.setLayout(
        notice_row(
            Notice("Số này đang nhận tiền cho người khác.", "Khác hộ, sổ không ghi họ hàng.", tone="bad"),
            Notice("Rút USB được rồi.", "Đã đọc lại khớp cả 388 phần.", tone="ok"),
        )
    )
    return frame


def review() -> Table:
    """Groups, mended letters and bars, as in import.png."""
    mended = {
        "a": DifferenceCell("014•••••2213", (Span(0, 1, "info"),), is_strong=True),
        "b": DifferenceCell(" Quàng văn  Thắm", (Span(0, 1, "bad"), Span(10, 2, "bad"))),
    }
    columns = (
        Column(
            "cell", "Trang tính · ô", 120, lambda key: f"Nà Lụa · E{17 if key == 'a' else 22}", secondary=True
        ),
        Column("value", "Sẽ ghi", 160, lambda key: mended[key], grows=True),
        Column("left", "Ngoại tuyến còn", 140, lambda key: BarCell(12, 45, "12 ngày", "warn")),
    )
    table = Table(columns, list, row_height=34)
    table.set_ids(
        [
            Group("zero", "Mất số 0 ở đầu", "31 ô", "Nhận cả 31", "tick"),
            "a",
            Group("more", "Dấu cách thừa", "9 ô"),
            "b",
        ]
    )
    table.go_to("a")
    return table


def unlock() -> QWidget:
    """The cover beside a password."""
    whole = give(QFrame(), role="canvas")
    cover = Cover(
        [("Xã", "Mường Sen"), ("Tỉnh", "Sơn La"), ("Máy", "01 · Phòng Văn hoá – Xã hội"), ("Năm", "2026")]
    )
    password = Field("Mật khẩu của chị Hạnh", PasswordBox(fit="unlock"))
    password.control.setText("matkhau12")
    column_of = column_layout(
        STRETCH,
        label("Mở khoá", "cover"),
        label("Sổ đã tự khoá lúc 11:32 vì nghỉ quá 10 phút. Bản nháp còn nguyên.", "second"),
        16,
        password,
        Notice(
            "Bộ gõ tiếng Việt đang bật.",
            "Nó có thể đổi chữ trong mật khẩu: tắt bằng Ctrl + Shift.",
            tone="warn",
        ),
        Button("Mở sổ", "primary", icon="key", size="unlock"),
        StepLine([Step("Chọn tệp", state="done"), Step("Khớp cột", state="now"), Step("Xem lại")]),
        STRETCH,
        gap=10,
    )
    layout = QHBoxLayout(whole)
    fill(layout, cover, STRETCH, column_of, STRETCH)
    layout.setStretch(2, 0)
    return whole


ROOMS = {"people": People, "gallery": Gallery, "history": History}


def window(app: QApplication, name: str) -> Window:
    """A furnished window that shows one page of the gallery."""
    made = Window(app)
    made.set_place("Xã Mường Sen")
    made.set_officer(Officer("Lò Thị Hạnh", "Cán bộ bảo trợ", "LH"))
    made.furnish(ROOMS, SECTIONS)
    made.set_counts({"gallery": 16, "surveys": 12, "verification": 7, "sync": 2})
    made.pill.show_state(offline(12))
    made.go(name)
    return made
