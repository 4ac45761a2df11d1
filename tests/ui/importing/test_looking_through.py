"""The third step in a real window: kinds and counts, answers by keyboard and mouse, the row itself."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.actions.desk import Desk
from app.actions.importing.facts import Side
from app.actions.people import add_person
from app.ui.importing.lines import MORE, act_boxes
from app.ui.importing.page import ReviewPage
from app.ui.rooms.importing import REVIEW, Importing
from app.ui.tables.columns import Group
from app.ui.tables.painting import action_box
from tests.actions.importing.books import LINE, PEOPLE, PLAIN, write_book
from tests.sheets.test_reading import SAMPLES
from tests.ui.importing.conftest import Settle

Left = Qt.MouseButton.LeftButton


def read(room: Importing, settle: Settle, path: Path) -> ReviewPage:
    room.read(path)
    settle()
    room._show(REVIEW)
    return room.page


def choose(page: ReviewPage, kind: str) -> None:
    entry = next(entry for entry in page.kinds.entries if entry.key.endswith(f":{kind}"))
    page.kinds._choose(entry.key)
    page.lines.setFocus()


def press(qtbot: QtBot, page: ReviewPage, act: str) -> None:
    """Click a button of the current row."""
    row = page.lines.currentIndex().row()
    section = next(at for at, column in enumerate(page.lines.rows.columns) if column.name == "acts")
    rect = page.lines.visualRect(page.lines.rows.index(row, section))
    box = act_boxes(QRect(rect), page.lines.rows.record(row))[act]
    qtbot.mouseClick(page.lines.viewport(), Left, pos=box.center())


def figures(room: Importing) -> dict[str, int]:
    return {entry.key: entry.count for entry in room.page.kinds.entries}


def test_kinds_at_the_left_with_their_counts(room: Importing, settle: Settle, tmp_path: Path) -> None:
    page = read(room, settle, write_book(tmp_path / "ds.xlsx", PEOPLE))
    counted = figures(room)
    assert counted["answer"] == counted["answer:all"] == 2  # rows
    assert counted["answer:invalid_birth_date"] == counted["answer:remark_in_name"] == 1
    assert counted["mended:lost_zero"] == 2
    assert counted["know:new"] == 3
    held = page.sum_line.held
    assert held is not None
    said = " ".join(part.accessibleName() for part in held.findChildren(QWidget))
    assert "7 dòng trong tệp" in said
    assert "= 3 người" in said
    assert "+ 2 câu hỏi" in said
    assert "3 người" in room.forward.text()


def test_all_of_a_kind_by_one_press(room: Importing, settle: Settle, qtbot: QtBot, tmp_path: Path) -> None:
    page = read(room, settle, write_book(tmp_path / "ds.xlsx", PEOPLE))
    choose(page, "lost_zero")
    heading = page.lines.rows.item_at(0)
    assert isinstance(heading, Group)
    assert heading.action == "Nhận cả 2"
    rect = page.lines.visualRect(page.lines.rows.index(0, 0))
    rect.setWidth(page.lines.viewport().width())
    qtbot.mouseClick(page.lines.viewport(), Left, pos=action_box(rect, heading).center() - QPoint(4, 0))
    settle()
    assert {page.lines.rows.record(row).done for row in (1, 2)} == {"accept"}
    again = page.lines.rows.item_at(0)
    assert isinstance(again, Group)
    assert again.action == ""


def test_accept_edit_and_undo_one_cell(room: Importing, settle: Settle, qtbot: QtBot, tmp_path: Path) -> None:
    page = read(room, settle, write_book(tmp_path / "ds.xlsx", PEOPLE))
    choose(page, "capitals")
    press(qtbot, page, "accept")
    settle()
    assert page.lines.rows.record(1).done == "accept"
    press(qtbot, page, "undo")  # back to what it was
    settle()
    assert page.lines.rows.record(1).done == ""
    press(qtbot, page, "undo")  # as it stands in the workbook
    settle()
    assert str(page.lines.rows.record(1).value) == "LÒ THỊ PÁNH"
    qtbot.keyClick(page.lines, Qt.Key.Key_F2)
    page.answering.box.setText("Lò Thị Pánh Em")
    qtbot.keyClick(page.answering.box, Qt.Key.Key_Return)
    settle()
    assert str(page.lines.rows.record(1).value) == "Lò Thị Pánh Em"
    assert page.lines.hasFocus()


def test_questions_by_keyboard_alone(room: Importing, settle: Settle, qtbot: QtBot, tmp_path: Path) -> None:
    page = read(room, settle, write_book(tmp_path / "ds.xlsx", PEOPLE))
    room.ask.click()
    page.lines.go_to_first()
    for _question in range(3):
        line = page.lines.rows.record(page.lines.currentIndex().row())
        assert line.done == ""
        page._follow(line.point.key)  # what the pane does 120 ms after Down
        qtbot.keyClick(page.lines, Qt.Key.Key_1)  # and the next question is the current one
        room.shell.scanner.flush()  # it holds a key back until it is sure that a person typed
        settle()
    assert "5 người" in room.forward.text()
    assert room.ask.isHidden()


def test_nonsense_is_said_beside_the_line_and_changes_nothing(
    room: Importing, settle: Settle, qtbot: QtBot, tmp_path: Path
) -> None:
    page = read(room, settle, write_book(tmp_path / "ds.xlsx", PEOPLE))
    choose(page, "invalid_birth_date")
    before = room.review
    qtbot.keyClick(page.lines, Qt.Key.Key_F2)
    page.answering.box.setText("hôm qua")
    qtbot.keyClick(page.answering.box, Qt.Key.Key_Return)
    assert "Không đọc được" in page.answering._fault.text()
    assert room.review is before
    qtbot.keyClick(page.answering.box, Qt.Key.Key_Escape)
    assert page.answering.line.isHidden()


def test_the_row_as_it_stands_and_what_the_register_has_under_it(
    room: Importing, desk: Desk, settle: Settle, tmp_path: Path
) -> None:
    add_person(
        desk,
        {"name": "Lò Thị Pánh", "personal_id": LINE, "birth": "1948-03-15", "hamlet": "Bản Pom Khoang"},
        "add",
    )
    page = read(room, settle, write_book(tmp_path / "ds.xlsx", PLAIN))
    choose(page, "register_says")
    page._follow(page.lines.current_id or "")
    paper = page.strip._paper
    assert page.strip._title.text() == "Dòng 3 trong tệp"
    cells = {cell.letters: cell for cell in paper._cells}
    assert (cells["C"].text, cells["C"].stands, cells["C"].differs) == ("12/03/1948", "15/03/1948", True)
    assert (cells["G"].text, cells["G"].stands) == ("Bản Nà Lụa", "Bản Pom Khoang")
    assert (cells["F"].text, cells["F"].stands) == ("0•••••3417", "")
    assert LINE not in paper.accessibleName()  # numbers are masked wherever they stand


def test_three_of_each_kind_are_shown_and_the_rest_unfolds(room: Importing, settle: Settle) -> None:
    page = read(room, settle, SAMPLES[0])
    choose(page, "all")
    page._choose(f"{Side.MENDED}:all")
    more = next(
        item
        for row in range(page.lines.rows.rowCount())
        if isinstance(item := page.lines.rows.item_at(row), Group) and item.key.startswith(MORE)
    )
    page.lines.acted.emit(more.key)
    pile = next(pile for pile in page._piles if pile.key == more.key.removeprefix(MORE))
    assert page.lines.rows.rowCount() == len(pile.points) + 1
