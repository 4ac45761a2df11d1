"""Every part on a few pages, filled with invented people: to look at beside design/look/*.png."""

from __future__ import annotations

import datetime

from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.ui.charts import Countdown, HamletBars, Progressbar, Progressed, Step, StepLine, Steps
from app.ui.forms.cards import Choice, ChoiceCards, ConsentCard
from app.ui.forms.choices import Dropdown, Joined, Radios, Reason
from app.ui.forms.field import Field, Form
from app.ui.forms.password import PasswordBox
from app.ui.forms.picking import Pick, PickBox
from app.ui.forms.text import DateBox, MoneyBox, TextBox
from app.ui.notices import Notice
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
from app.ui.parts.chips import Chip, Mark
from app.ui.parts.comparison import Compared, Comparison
from app.ui.parts.cover import Cover
from app.ui.parts.panes import Empty, scroll
from app.ui.parts.tabs import Tab, Tabs
from app.ui.parts.timeline import Day, Event, Timeline
from app.ui.pill import offline
from app.ui.rail import Officer, Section
from app.ui.room import Room
from app.ui.tables.columns import BarCell, Column, DifferenceCell, Group, Span
from app.ui.tables.table import Table
from app.ui.theme import Tone, give, look
from app.ui.window import Window
from tests.ui.gallery_people import People

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
        row_layout(
            Notice("Số này đang nhận tiền cho người khác.", "Khác hộ, sổ không ghi họ hàng.", tone="bad"),
            Notice("Rút USB được rồi.", "Đã đọc lại khớp cả 388 phần.", tone="ok"),
            gap=12,
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
