"""Repeats: a table of rows, the open one below it; rows come, go, and come back."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.survey.session import Session
from app.ui.jobs import Jobs
from app.ui.notices import Toast
from app.ui.parts.buttons import Button
from app.ui.survey.rows import Repeat
from app.ui.survey.runner import Runner
from app.ui.survey.slowly import AT_ONCE
from app.ui.tables.table import FOLLOW_MS, Table
from tests.survey.test_session import HEAD
from tests.ui.survey.household import HOUSE, MEMBER, Desk, begun, press

PEOPLE = (
    ("Cà Văn Inh", "chu", "nam", "1979-02-04", "", "co"),
    ("Lò Thị Lả", "me", "nu", "1947-10-05", "", "co"),
    ("Cà Thị Bích Ẩn", "con", "nu", "2014-02-03", "Lớp 7", ""),
)
NAMES = ("ten", "quan_he", "gioi", "ngay_sinh", "hoc", "bhyt")


@pytest.fixture
def desk(qtbot: QtBot, jobs: Jobs) -> Desk:
    return Desk(qtbot, jobs)


@pytest.fixture
def session() -> Session:
    made = begun()
    made.answer(f"{HOUSE}/chu", "Cà Văn Inh")
    for number, person in enumerate(PEOPLE, 1):
        made.add_repeat(MEMBER)
        for name, value in zip(NAMES, person, strict=True):
            made.answer(f"{MEMBER}[{number}]/{name}", value)
    return made


def repeat(runner: Runner, ref: str = MEMBER) -> Repeat:
    return next(each for each in runner.findChildren(Repeat) if each.ref == ref and each.isVisible())


def table(runner: Runner, ref: str = MEMBER) -> list[tuple[str, ...]]:
    """What the table says, each row with its state."""
    shown = repeat(runner, ref)
    view = next(each for each in shown.findChildren(Table) if each.isVisible())
    assert view.rows.ids == shown.refs
    return [(*shown.facts(ref).cells, shown.facts(ref).mark.words) for ref in view.rows.ids]


def press_button(runner: Runner, words: str) -> None:
    next(each for each in runner.findChildren(Button) if each.text() == words and each.isVisible()).click()


def toast(runner: Runner) -> Toast:
    return runner.findChildren(Toast)[0]


def test_rows_are_read_by_their_labels_and_state(desk: Desk, session: Session) -> None:
    runner = desk.open(session, page=MEMBER)
    assert table(runner) == [
        ("Cà Văn Inh", "Chủ hộ", "Nam", "04/02/1979", "", "Có", "Đủ"),
        ("Lò Thị Lả", "Mẹ", "Nữ", "05/10/1947", "", "Có", "Đủ"),
        ("Cà Thị Bích Ẩn", "Con", "Nữ", "03/02/2014", "Lớp 7", "—", "Còn 1 câu"),
    ]
    view = repeat(runner).findChildren(Table)[0]
    headings = [column.words for column in view.rows.columns]
    assert headings == [
        "STT",
        "Họ và tên",
        "Quan hệ với chủ hộ",
        "Giới tính",
        "Ngày sinh",
        "Đang học",
        "Có thẻ bảo hiểm y tế?",
        "Phiếu",
    ]
    assert repeat(runner).row == f"{MEMBER}[1]"


def test_a_narrow_table_leaves_out_its_last_columns(desk: Desk, session: Session) -> None:
    runner = desk.open(session, page=MEMBER)
    view = repeat(runner).findChildren(Table)[0]

    def hidden() -> list[str]:
        return [each.words for at, each in enumerate(view.rows.columns) if view.isColumnHidden(at)]

    assert hidden() == []
    runner.resize(860, 600)
    QApplication.processEvents()
    assert hidden() == ["Ngày sinh", "Đang học", "Có thẻ bảo hiểm y tế?"]
    runner.resize(1158, 716)
    QApplication.processEvents()
    assert hidden() == []


def test_an_answer_is_read_in_the_table_at_once(desk: Desk, session: Session) -> None:
    runner = desk.open(session, page=MEMBER)
    repeat(runner).open_row(f"{MEMBER}[3]")
    desk.answer(f"{MEMBER}[3]/bhyt", "khong")
    assert table(runner)[2][-2:] == ("Không", "Đủ")
    desk.answer(f"{MEMBER}[3]/ten", "")
    assert table(runner)[2][-1] == "1 lỗi"
    assert runner.side.steps.lines[1].errors == 1


def test_a_row_is_opened_from_the_table(desk: Desk, session: Session, qtbot: QtBot) -> None:
    runner = desk.open(session, page=MEMBER)
    view = repeat(runner).findChildren(Table)[0]
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: repeat(runner).row == f"{MEMBER}[2]", timeout=FOLLOW_MS * 20)
    assert view.hasFocus()
    qtbot.keyClick(view, Qt.Key.Key_Return)
    assert desk.line(f"{MEMBER}[2]/ten").hasFocus()
    assert desk.line(f"{MEMBER}[2]/ten").text() == "Lò Thị Lả"
    press_button(runner, "Dòng sau")
    assert desk.line(f"{MEMBER}[3]/ten").text() == "Cà Thị Bích Ẩn"
    assert view.current_id == f"{MEMBER}[3]"
    press_button(runner, "Dòng trước")
    assert repeat(runner).row == f"{MEMBER}[2]"


def test_each_row_that_is_opened_stands_there_at_once(desk: Desk, session: Session) -> None:
    runner = desk.open(session, page=MEMBER)
    for row in [1, 2, 3] * 4:
        repeat(runner).open_row(f"{MEMBER}[{row}]")
        assert not any(each.waits for each in runner.sheet.questions())


IN_A_ROW = AT_ONCE + 40
MANY_IN_A_ROW = f"""{HEAD}<instance><data id="m"><r jr:template="">
{"".join(f"<q{n}/>" for n in range(IN_A_ROW))}</r></data></instance></model></h:head><h:body>
<repeat nodeset="/data/r">{"".join(f'<input ref="/data/r/q{n}"/>' for n in range(IN_A_ROW))}</repeat>
</h:body></h:html>"""


def test_a_row_may_be_closed_while_it_is_being_built(desk: Desk, qtbot: QtBot) -> None:
    session = begun(MANY_IN_A_ROW)
    runner = desk.open(session)
    for row in (1, 2):
        runner.add_row()
        assert any(each.waits for each in runner.sheet.questions())
        assert repeat(runner, "/data/r").row == f"/data/r[{row}]"
    press_button(runner, "Bỏ dòng này")
    qtbot.waitUntil(lambda: not any(each.waits for each in runner.sheet.questions()))
    assert len(desk.asked()) == IN_A_ROW


def test_what_is_being_typed_stays_in_its_row(desk: Desk, session: Session) -> None:
    runner = desk.open(session, page=MEMBER)
    line = desk.line(f"{MEMBER}[1]/ten")
    line.selectAll()
    press(line, "Cà Văn Minh")
    repeat(runner).open_row(f"{MEMBER}[2]")
    assert [row[0] for row in table(runner)] == ["Cà Văn Minh", "Lò Thị Lả", "Cà Thị Bích Ẩn"]


def test_ctrl_plus_adds_a_row_and_the_cursor_is_in_it(desk: Desk, session: Session) -> None:
    runner = desk.open(session, page=MEMBER)
    desk.key(Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    assert repeat(runner).row == f"{MEMBER}[4]"
    assert desk.line(f"{MEMBER}[4]/ten").hasFocus()
    assert table(runner)[3][-1] == "Còn 5 câu"
    assert runner.footing.errors == ""  # what nobody touched is not wrong yet
    assert b"<nguoi>" in desk.kept.drafts[-1][0]
    assert session.rows(MEMBER).count == 4


def test_a_removed_row_comes_back(desk: Desk, session: Session) -> None:
    runner = desk.open(session, page=MEMBER)
    repeat(runner).open_row(f"{MEMBER}[2]")
    desk.answer(f"{MEMBER}[2]/ten", "")
    press_button(runner, "Bỏ dòng này")
    assert [row[0] for row in table(runner)] == ["Cà Văn Inh", "Cà Thị Bích Ẩn"]
    assert repeat(runner).row == f"{MEMBER}[2]"
    assert desk.line(f"{MEMBER}[2]/ten").text() == "Cà Thị Bích Ẩn"
    assert runner.footing.errors == ""
    assert toast(runner).isVisible()
    press_button(runner, "Hoàn tác")
    assert [row[0] for row in table(runner)] == ["Cà Văn Inh", "—", "Cà Thị Bích Ẩn"]
    assert repeat(runner).row == f"{MEMBER}[2]"
    assert runner.footing.errors == "Còn 1 lỗi ở trang này"
    assert desk.question(f"{MEMBER}[2]/ten").error == "Câu này cần trả lời."
    assert desk.kept.drafts[-1][0].count(b"<nguoi>") == 3


def test_another_answer_is_the_end_of_undoing(desk: Desk, session: Session) -> None:
    runner = desk.open(session, page=MEMBER)
    press_button(runner, "Bỏ dòng này")
    assert toast(runner).isVisible()
    desk.type(f"{MEMBER}[1]/ten", "Lò Thị Pánh")
    assert not toast(runner).isVisible()
    assert runner.live.take_back() == ""
    assert [row[0] for row in table(runner)] == ["Lò Thị Pánh", "Cà Thị Bích Ẩn"]


def test_the_last_row_goes_too(desk: Desk, session: Session) -> None:
    runner = desk.open(session, page=MEMBER)
    for _row in PEOPLE:
        press_button(runner, "Bỏ dòng này")
    assert repeat(runner).row == ""
    assert desk.asked() == []
    press_button(runner, "Hoàn tác")
    assert [row[0] for row in table(runner)] == ["Cà Thị Bích Ẩn"]


def test_leaving_opens_the_row_that_is_wrong(desk: Desk, session: Session) -> None:
    runner = desk.open(session, page=MEMBER)
    runner.forth()
    assert runner.sheet.title == "2. Thành viên trong hộ"
    assert repeat(runner).row == f"{MEMBER}[3]"
    assert desk.question(f"{MEMBER}[3]/bhyt").error == "Câu này cần trả lời."
    assert table(runner)[2][-1] == "1 lỗi"
    at = QApplication.focusWidget()
    assert desk.question(f"{MEMBER}[3]/bhyt").isAncestorOf(at) if at else False


def test_a_repeat_within_a_row_is_filled_there(desk: Desk, session: Session) -> None:
    runner = desk.open(session, page=MEMBER)
    repeat(runner).open_row(f"{MEMBER}[2]")
    inner = f"{MEMBER}[2]/viec"
    desk.question(f"{MEMBER}[2]/bhyt").take_focus()
    next(each for each in runner.findChildren(Repeat) if each.ref == inner).add_row()
    desk.type(f"{inner}[1]/nghe", "Làm ruộng")
    desk.question(f"{inner}[1]/nghe").take_focus()
    desk.key(Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    assert session.rows(inner).count == 2
    assert session.rows(MEMBER).count == 3
    assert table(runner, inner) == [("Làm ruộng", "Đủ"), ("—", "Đủ")]
    repeat(runner).open_row(f"{MEMBER}[1]")
    assert session.rows(f"{MEMBER}[1]/viec").count == 0
    repeat(runner).open_row(f"{MEMBER}[2]")
    assert table(runner, inner)[0] == ("Làm ruộng", "Đủ")


def test_another_language_is_read_in_the_table(desk: Desk, session: Session) -> None:
    runner = desk.open(session, page=MEMBER)
    switch = runner.sheet.languages
    assert switch is not None
    switch.setCurrentIndex(1)
    switch.activated.emit(1)
    assert table(runner)[0][1:3] == ("Head", "Male")
    view = next(each for each in repeat(runner).findChildren(Table) if each.isVisible())
    assert view.rows.columns[1].words == "Full name"


COUNTED = f"""{HEAD}<instance><data id="n"><many/><kid jr:template=""><age/></kid></data></instance>
<bind nodeset="/data/many" type="int"/><bind nodeset="/data/kid/age" type="int"/></model></h:head><h:body>
<group><label>Tất cả</label><input ref="/data/many"><label>Mấy con</label></input>
<group ref="/data/kid"><label>Con</label><repeat nodeset="/data/kid" jr:count="/data/many">
<input ref="/data/kid/age"><label>Tuổi</label></input></repeat></group></group></h:body></h:html>"""


def test_rows_that_the_form_counts_follow_their_answer(desk: Desk) -> None:
    runner = desk.open(begun(COUNTED))
    assert desk.asked() == ["/data/many"]
    desk.type("/data/many", "2")
    shown = repeat(runner, "/data/kid")
    assert not shown.is_free
    assert not shown.add.isVisible()
    assert not any(each.isVisible() for each in runner.findChildren(Button) if each.text() == "Bỏ dòng này")
    shown.open_row("/data/kid[2]")
    desk.type("/data/kid[2]/age", "8")
    desk.type("/data/many", "3")
    assert table(runner, "/data/kid") == [("—", "Đủ"), ("8", "Đủ"), ("—", "Đủ")]
    assert shown.row == "/data/kid[2]"
    desk.type("/data/many", "1")
    assert shown.row == "/data/kid[1]"
    runner.add_row()
    assert runner.live.session.rows("/data/kid").count == 1


def test_a_form_that_takes_no_more_rows_says_so(
    desk: Desk, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.survey.answers.ROWS_MAX", 3)
    runner = desk.open(session, page=MEMBER)
    runner.add_row()
    assert session.rows(MEMBER).count == 3
    assert "3" in runner.live.complaint(MEMBER)
    desk.type(f"{MEMBER}[1]/ten", "Cà Văn Minh")
    assert runner.live.complaint(MEMBER) == ""
