"""The parts: words for those who do not see, keys for those without a mouse, room for large text."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QCoreApplication, QPoint, QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QFileDialog, QLabel, QWidget
from pytestqt.qtbot import QtBot

from app import words
from app.ui.charts import Countdown, HamletBars, Progressbar, Progressed, Step, StepLine, Steps
from app.ui.parts.beside import Beside
from app.ui.parts.boxes import label
from app.ui.parts.buttons import Button
from app.ui.parts.chips import Chip, FilterChip, KeyCap, Mark
from app.ui.parts.comparison import Compared, Comparison, Marked, Pair, differing
from app.ui.parts.cover import Cover
from app.ui.parts.letters import drawn
from app.ui.parts.panes import Empty, Facts, Pane, section
from app.ui.parts.search import SearchField
from app.ui.parts.tabs import Tab, Tabs
from app.ui.parts.timeline import Day, Event, Timeline
from app.ui.theme import LIGHT, make_look, wear
from tests.ui import gallery
from tests.ui.pictures import dress

PAINTED: list[tuple[Callable[[], QWidget], str]] = [
    (lambda: Chip("Đang hưởng", "tick", "ok"), "Đang hưởng"),
    (lambda: Mark("Chưa có", "dash"), "Chưa có"),
    (lambda: KeyCap("Ctrl K"), "Ctrl K"),
    (lambda: FilterChip("Thôn"), "Thôn"),
    (lambda: Steps([Step("Kiểm tra", "còn 3 điểm", "now")]), "Kiểm tra còn 3 điểm"),
    (lambda: StepLine([Step("Chọn tệp", state="done"), Step("Khớp cột")]), "Chọn tệp; Khớp cột"),
    (lambda: Tabs([Tab("a", "Hồ sơ"), Tab("b", "Hộ", 3)]), "Hồ sơ"),
    (lambda: Cover([("Xã", "Mường Sen"), ("Máy", "")]), "Sổ An Sinh. Xã: Mường Sen"),
    (lambda: Marked(differing("12", "13")[0]), "12"),
    (lambda: Button.only_icon("print", "In danh sách"), "In danh sách"),
    (lambda: SearchField("Tìm người", key="Ctrl K"), "Tìm người"),
    (lambda: Empty("Chưa có ai.", Button("Nhập sổ")), "Chưa có ai."),
]


@pytest.mark.parametrize(("make", "name"), PAINTED)
def test_what_is_painted_is_also_said(qtbot: QtBot, make: Callable[[], QWidget], name: str) -> None:
    widget = make()
    qtbot.addWidget(widget)
    assert widget.accessibleName() == name
    widget.grab()


@pytest.mark.parametrize("factor", [1.0, 1.5, 1.75])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_page_is_drawn(qapp: QApplication, qtbot: QtBot, factor: float, theme: str) -> None:
    dress(qapp, "dark" if theme == "dark" else "light", factor)
    for name in gallery.ROOMS:
        window = gallery.window(qapp, name)
        qtbot.addWidget(window)
        window.resize(QSize(1366, 690))
        window.show()
        image = window.grab().toImage()
        assert len({image.pixel(x, y) for x in range(0, 1366, 7) for y in range(0, 690, 7)}) > 20
        window.close()


def test_a_button_stays_as_wide_while_busy(qtbot: QtBot) -> None:
    pressed: list[int] = []
    button = Button("Ghi 371 người vào sổ", "primary", key="Enter", on=lambda: pressed.append(1))
    qtbot.addWidget(button)
    button.show()
    button.adjustSize()
    before = button.sizeHint()
    button.busy("Đang ghi…")
    assert button.sizeHint() == before
    button.grab()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    button.ready()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert pressed == [1]
    button.forbid("Chưa mở chứng cứ.")
    assert (button.isEnabled(), button.toolTip()) == (False, "Chưa mở chứng cứ.")
    button.allow()
    assert button.isEnabled()


def test_a_filter_opens_by_click_and_arrow_and_clears_by_cross_and_delete(qtbot: QtBot) -> None:
    chip = FilterChip("Thôn")
    qtbot.addWidget(chip)
    chip.adjustSize()
    chip.show()
    with qtbot.waitSignal(chip.opened):
        QTest.mouseClick(chip, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(chip.opened):
        QTest.keyClick(chip, Qt.Key.Key_Down)
    chip.set_value("Bản Nà Lụa")
    chip.adjustSize()
    assert chip.accessibleName() == "Thôn: Bản Nà Lụa"
    cross = QPoint(chip.width() - 18, chip.height() // 2)
    with qtbot.waitSignal(chip.cleared), qtbot.assertNotEmitted(chip.opened):
        QTest.mouseClick(chip, Qt.MouseButton.LeftButton, pos=cross)
    with qtbot.waitSignal(chip.cleared):
        QTest.keyClick(chip, Qt.Key.Key_Delete)


def test_the_search_box_waits_for_the_typing_to_rest(qtbot: QtBot) -> None:
    box = SearchField("Tìm", key="Ctrl K")
    qtbot.addWidget(box)
    box.show()
    heard: list[str] = []
    box.searched.connect(heard.append)
    QTest.keyClicks(box, "ntl")
    assert heard == []
    qtbot.waitUntil(lambda: heard == ["ntl"])
    QTest.keyClicks(box, " 54")
    QTest.keyClick(box, Qt.Key.Key_Return)
    QTest.keyClick(box, Qt.Key.Key_Escape)
    assert heard == ["ntl", "ntl 54", ""]
    with qtbot.waitSignal(box.emptied_again):
        QTest.keyClick(box, Qt.Key.Key_Backspace)
    with qtbot.waitSignal(box.moved_down):
        QTest.keyClick(box, Qt.Key.Key_Down)


def test_the_search_box_rests_when_nobody_types(qtbot: QtBot) -> None:
    """It once asked for the next painting while it was painted: a busy processor in every room."""
    painted: list[bool] = []

    class Counting(SearchField):
        def paintEvent(self, event: QPaintEvent) -> None:
            painted.append(True)
            super().paintEvent(event)

    field = Counting("lan 1954", key="Ctrl K")
    qtbot.addWidget(field)
    with qtbot.waitExposed(field):
        field.show()
    qtbot.wait(100)
    painted.clear()
    qtbot.wait(200)
    assert painted == []


def test_tabs_move_by_arrows_and_mouse_and_keep_their_place(qtbot: QtBot) -> None:
    tabs = Tabs([Tab("a", "Hồ sơ"), Tab("b", "Xung đột", 2, "bad"), Tab("c", "Lịch sử")])
    qtbot.addWidget(tabs)
    tabs.resize(600, 40)
    tabs.show()
    with qtbot.waitSignal(tabs.chosen) as chosen:
        QTest.keyClick(tabs, Qt.Key.Key_Right)
    assert chosen.args == ["b"]
    tabs.set_tabs([Tab("a", "Hồ sơ"), Tab("b", "Xung đột", 1, "bad"), Tab("c", "Lịch sử")])
    assert tabs.key == "b"
    QTest.mouseClick(tabs, Qt.MouseButton.LeftButton, pos=tabs._boxes()[2].center())
    assert tabs.key == "c"


def test_bars_are_walked_and_opened_by_key(qtbot: QtBot) -> None:
    bars = HamletBars()
    qtbot.addWidget(bars)
    bars.set_rows([Progressed("Bản Nà Lụa", 18, 64, 8, "na-lua"), Progressed("Bản Co Mạ", 3, 6, key="co-ma")])
    bars.resize(bars.sizeHint())
    bars.show()
    assert bars.accessibleName() == "Bản Nà Lụa 26/64; Bản Co Mạ 3/6"
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Down):
        QTest.keyClick(bars, key)
    with qtbot.waitSignal(bars.opened) as opened:
        QTest.keyClick(bars, Qt.Key.Key_Return)
    assert opened.args == ["co-ma"]
    with qtbot.waitSignal(bars.opened) as opened:
        QTest.mouseClick(bars, Qt.MouseButton.LeftButton, pos=QPoint(10, 10))
    assert opened.args == ["na-lua"]
    bar = Progressbar()
    qtbot.addWidget(bar)
    bar.set_parts(3, 0)
    bar.grab()


@pytest.mark.parametrize(
    ("days", "ink"), [(10, LIGHT.ink3), (3, LIGHT.warn), (0, LIGHT.bad), (-2, LIGHT.bad)]
)
def test_the_countdown_warns_from_three_days(qtbot: QtBot, days: int, ink: object) -> None:
    countdown = Countdown()
    qtbot.addWidget(countdown)
    countdown.set_days(days)
    assert countdown.ink() == ink


def test_only_what_differs_is_marked() -> None:
    left, right = differing("12/03/1948", "03/12/1948")
    assert [(span.start, span.length) for span in (*left.spans, *right.spans)] == [(0, 5), (0, 5)]
    left, right = differing("Lò Thị Pánh", "Lò Thị Pán")
    assert (left.spans[0].start, left.spans[0].length, right.spans[0].length) == (10, 1, 0)
    assert differing("a", "a")[0].spans == ()


def test_invisible_letters_are_drawn() -> None:
    assert drawn(" Quàng\u00a0\tThắm\u200b\u00ad\n") == "␣Quàng␣⇥Thắm¬¬↵"


def test_a_timeline_row_unfolds_and_folds(qtbot: QtBot) -> None:
    timeline = Timeline()
    qtbot.addWidget(timeline)
    details = [("Chữ ký", "Đúng của chị Hạnh")]
    event = Event(
        "1",
        "15:10",
        "Tài khoản",
        "",
        "LPBank",
        "Lò Thị Hạnh",
        "conflict",
        ("Xung đột", "triangle", "bad"),
        details,
    )
    for dot in ("waiting", "in_force", "replaced"):
        timeline.set_days(
            [Day("Hôm nay", [event, Event("2", "9:58", "Họ tên", "A", "B", "C", dot, ("x", "tick", "ok"))])]
        )
        timeline.grab()
    row = timeline._rows[0]
    timeline.show()
    with qtbot.waitSignal(timeline.chosen):
        QTest.keyClick(row, Qt.Key.Key_Return)
    assert row.is_unfolded
    assert row._more.isVisible()
    QTest.mouseClick(row, Qt.MouseButton.LeftButton)
    assert not row.is_unfolded


def test_a_pane_is_filled_anew_from_the_top(qtbot: QtBot) -> None:
    pane = Pane(label("chân"))
    qtbot.addWidget(pane)
    pane.resize(352, 300)
    pane.show()
    for name in ("Lò Thị Pánh", "Vì Văn Khụt"):
        pane.show_parts(section(name, Facts([("Số", "014•••••2213"), ("Chip", Chip("x"))])))
    QApplication.processEvents()
    shown = [found.text() for found in pane.findChildren(QLabel) if found.isVisible()]
    assert "Vì Văn Khụt" in shown
    assert "Lò Thị Pánh" not in shown


def test_comparisons_hold_words_and_widgets(qtbot: QtBot) -> None:
    lines = [
        Compared("Tài khoản", "Agribank", "LPBank", differs=True, is_head=True),
        Compared("Tên", "LO THI LA", "LO THI LO", differs=True),
        Compared("Ai ghi", Mark("khớp", "tick", "ok"), "Quàng Văn Thương"),
    ]
    for widget in (
        Comparison(("Đang dùng", None), ("Đề nghị", Chip("Chờ")), lines),
        Pair("a", "1", "b", "2"),
    ):
        qtbot.addWidget(widget)
        widget.grab()


def test_the_pane_covers_the_list_where_there_is_no_room(qtbot: QtBot, qapp: QApplication) -> None:
    main, pane = QWidget(), Pane()
    beside = Beside(main, pane)
    qtbot.addWidget(beside)
    beside.resize(1158, 600)
    beside.show()
    assert (beside.is_over, pane.isVisible(), main.width()) == (False, True, 1158 - 352)
    beside.resize(800, 600)
    assert (beside.is_over, pane.isVisible(), main.width()) == (True, False, 800)
    beside.open_pane()
    assert pane.isVisible()
    with qtbot.waitSignal(beside.closed):
        QTest.keyClick(beside, Qt.Key.Key_Escape)
    assert not pane.isVisible()


def test_qts_own_dialogs_speak_vietnamese(qtbot: QtBot) -> None:
    box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel | QDialogButtonBox.StandardButton.Save)
    qtbot.addWidget(box)
    assert {button.text() for button in box.buttons()} == {"Huỷ", "Ghi"}
    assert QCoreApplication.translate("QFileDialog", "File &name:") == "Tên tệp:"
    dialog = QFileDialog()
    qtbot.addWidget(dialog)
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    assert "Xem trong:" in {found.text() for found in dialog.findChildren(QLabel)}
    assert QCoreApplication.translate("QShortcut", "Delete") == "Delete"
    words.speak("en")
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "Cancel"


def test_large_text_never_makes_a_part_smaller(qapp: QApplication, qtbot: QtBot) -> None:
    sizes: list[list[QSize]] = []
    for factor in (1.0, 1.75):
        wear(qapp, make_look(factor=factor))
        widgets = [make() for make, _name in PAINTED]
        for widget in widgets:
            qtbot.addWidget(widget)
        sizes.append([widget.sizeHint() for widget in widgets])
    assert all(large.height() > small.height() for small, large in zip(*sizes, strict=True))
