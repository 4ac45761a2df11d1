"""Tables of ids: pages, ticks, headings, the keyboard, and 100,000 rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from app.ui.tables.columns import Column, DifferenceCell, Group, MarkCell, Span
from app.ui.tables.painting import action_box, pieces
from app.ui.tables.rows import PAGE, PAGES_KEPT, Rows
from app.ui.tables.table import FOLLOW_MS, Table


@dataclass
class Register:
    """Rows by id, and which ids were asked for."""

    asked: list[Sequence[str]] = field(default_factory=list)
    gone: set[str] = field(default_factory=set)

    def fetch(self, ids: Sequence[str]) -> list[str | None]:
        self.asked.append(ids)
        return [None if one in self.gone else f"Lò Thị {one}" for one in ids]


COLUMNS = (
    Column("name", "Họ tên", 160, str, kind="name", grows=True),
    Column("account", "Tài khoản", 116, lambda _row: MarkCell("Đã duyệt", "tick", "ok")),
    Column("amount", "Mức", 100, lambda _row: "540.000", kind="number", is_sortable=False),
)
MANY = [str(number) for number in range(100_000)]


@pytest.fixture
def register() -> Register:
    return Register()


def make_table(register: Register, qtbot: QtBot, ids: Sequence[str | Group], *, ticks: bool = True) -> Table:
    table = Table(COLUMNS, register.fetch, ticks=ticks)
    qtbot.addWidget(table)
    table.resize(800, 400)
    table.set_ids(ids)
    table.show()
    return table


def state_of(table: Table) -> Qt.CheckState:
    return table.rows.ticks_state


@pytest.mark.parametrize("ticks", [False, True])
def test_the_model_is_a_model(register: Register, qtmodeltester: ModelTester, ticks: bool) -> None:
    rows = Rows(COLUMNS, register.fetch, ticks=ticks)
    rows.set_ids([*MANY[:150], Group("g", "Nhóm"), *MANY[150:300]])
    qtmodeltester.check(rows, force_py=True)


def test_rows_come_in_pages_and_only_some_are_kept(register: Register) -> None:
    rows = Rows(COLUMNS, register.fetch)
    rows.set_ids(MANY)
    assert rows.record(99_999) == "Lò Thị 99999"
    assert rows.record(99_998) == "Lò Thị 99998"
    assert [len(ids) for ids in register.asked] == [100_000 % PAGE]
    for page in range(PAGES_KEPT - 1):
        rows.record(page * PAGE)
    rows.record(99_999)
    rows.record(PAGES_KEPT * PAGE)
    assert len(register.asked) == PAGES_KEPT + 1
    rows.record(99_999)
    assert len(register.asked) == PAGES_KEPT + 1, "what was looked at last is kept"
    rows.record(0)
    assert len(register.asked) == PAGES_KEPT + 2, "what was looked at first is not"


def test_a_changed_record_is_fetched_anew_and_a_vanished_one_is_blank(register: Register) -> None:
    rows = Rows(COLUMNS, register.fetch)
    rows.set_ids(MANY[:300])
    for row in (0, 200):
        rows.record(row)
    register.gone.add("200")
    rows.refresh({"200"})
    assert rows.data(rows.index(200, 0)) == ""
    rows.record(0)
    assert [ids[0] for ids in register.asked] == ["0", "128", "128"]


def test_opening_100_000_rows_fetches_what_is_seen(register: Register, qtbot: QtBot) -> None:
    table = make_table(register, qtbot, MANY)
    table.grab()
    table.verticalScrollBar().setValue(table.verticalScrollBar().maximum())
    table.grab()
    assert len(register.asked) <= 4
    assert table.rowAt(table.viewport().height() - 10) == 99_999


def test_the_current_row_and_the_ticks_stay_with_their_id(register: Register, qtbot: QtBot) -> None:
    table = make_table(register, qtbot, MANY[:500])
    table.go_to("300")
    table.rows.tick(["300", "7"], True)
    table.set_ids(list(reversed(MANY[:400])))
    assert table.current_id == "300"
    assert table.rows.ticked == {"300", "7"}
    table.set_ids(MANY[:100])
    assert table.current_id is None


def test_the_pane_follows_the_keyboard_and_enter_opens(register: Register, qtbot: QtBot) -> None:
    table = make_table(register, qtbot, MANY[:50])
    table.go_to_first()
    with qtbot.waitSignal(table.followed) as followed:
        for _ in range(3):
            QTest.keyClick(table, Qt.Key.Key_Down)
    assert followed.args == ["3"]
    with qtbot.waitSignal(table.opened) as opened:
        QTest.keyClick(table, Qt.Key.Key_Return)
    assert opened.args == ["3"]


def test_whoever_left_the_table_is_shown_nobody(register: Register, qtbot: QtBot) -> None:
    """The register may be locked by then."""
    table = make_table(register, qtbot, MANY[:50])
    table.go_to_first()
    QTest.keyClick(table, Qt.Key.Key_Down)
    table.hide()
    with qtbot.assertNotEmitted(table.followed, wait=3 * FOLLOW_MS):
        pass
    assert table.current_id == "1"


def test_the_keyboard_is_outlined_at_the_current_row(register: Register, qtbot: QtBot) -> None:
    table = make_table(register, qtbot, MANY[:10])
    table.selectRow(3)
    outline = table.focus_outline()
    assert (outline.y(), outline.height()) == (table.rowViewportPosition(3), table.rowHeight(3) - 1)
    table.set_ids([])
    assert table.focus_outline().height() == table.viewport().height() - 1


def test_space_and_clicks_tick_and_the_head_ticks_all(register: Register, qtbot: QtBot) -> None:
    table = make_table(register, qtbot, MANY[:20])
    table.go_to("4")
    QTest.keyClick(table, Qt.Key.Key_Space)
    box = table.visualRect(table.rows.index(6, 0)).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=box)
    assert table.rows.ticked == {"4", "6"}
    assert state_of(table) == Qt.CheckState.PartiallyChecked
    head = table.horizontalHeader().viewport()
    QTest.mouseClick(head, Qt.MouseButton.LeftButton, pos=QPoint(20, 10))
    assert state_of(table) == Qt.CheckState.Checked
    QTest.mouseClick(head, Qt.MouseButton.LeftButton, pos=QPoint(20, 10))
    assert table.rows.ticked == set()


def test_a_head_asks_to_sort_and_turns_round(register: Register, qtbot: QtBot) -> None:
    table = make_table(register, qtbot, MANY[:20], ticks=False)
    asked: list[tuple[str, bool]] = []
    table.sort_wanted.connect(lambda name, descending: asked.append((name, descending)))
    head = table.horizontalHeader()
    for section in (0, 1, 2):
        head.sectionClicked.emit(section)
    table.show_sort("name")
    head.sectionClicked.emit(0)
    assert asked == [("name", False), ("account", False), ("name", True)]


def test_headings_span_the_row_are_passed_over_and_act(register: Register, qtbot: QtBot) -> None:
    zero = Group("zero", "Mất số 0 ở đầu", "2 ô", "Nhận cả 2", "tick")
    table = make_table(register, qtbot, [zero, "1", "2", Group("more", "Khác"), "3"])
    assert table.columnSpan(0, 0) == 4
    table.go_to("2")
    QTest.keyClick(table, Qt.Key.Key_Down)
    assert table.current_id == "3"
    with qtbot.waitSignal(table.acted) as acted:
        box = action_box(table.visualRect(table.rows.index(0, 0)), zero)
        QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=box.center())
    assert acted.args == ["zero"]
    assert table.rows.ids == ["1", "2", "3"]
    table.rows.tick(table.rows.ids, True)
    assert state_of(table) == Qt.CheckState.Checked
    table.grab()


def test_columns_are_shown_as_chosen_and_fill_the_width(register: Register, qtbot: QtBot) -> None:
    table = make_table(register, qtbot, MANY[:5])
    table.show_columns({"name", "amount"})
    widths = [table.columnWidth(section) for section in range(4) if not table.isColumnHidden(section)]
    assert len(widths) == 3
    assert sum(widths) == table.viewport().width()


def test_what_differs_is_cut_out_of_the_words() -> None:
    cell = DifferenceCell("12/03/1948", (Span(0, 2, "warn"), Span(3, 2, "bad")))
    assert pieces(cell) == [("12", "warn"), ("/", None), ("03", "bad"), ("/1948", None)]
