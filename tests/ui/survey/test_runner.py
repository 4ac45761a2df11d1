"""The runner: one page after the other, errors where they are, a draft after every answer."""

from __future__ import annotations

from datetime import datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.domain.dates import PartialDate
from app.domain.identity import CardQr
from app.survey.pages import REVIEW
from app.survey.session import Session
from app.ui.jobs import Jobs
from app.ui.survey.footing import Footing
from app.ui.survey.slowly import AT_ONCE
from tests.survey.test_session import HEAD
from tests.survey.walks import FORMS, WORLD, load
from tests.ui.survey.household import FIELDS, HOUSE, MEMBER, WORK, Desk, begun

CHU, THON, PHONE = f"{HOUSE}/chu", f"{HOUSE}/thon", f"{HOUSE}/dien_thoai"
OWES, HOW_MUCH, INCOME = f"{WORK}/no", f"{WORK}/no_may", f"{WORK}/thu_nhap"


@pytest.fixture
def desk(qtbot: QtBot, jobs: Jobs) -> Desk:
    return Desk(qtbot, jobs)


def words_of(widget: QWidget) -> str:
    shown = [each for each in widget.findChildren(QLabel) if each.isVisible()]
    return " | ".join(each.text() for each in shown)


def test_a_page_shows_what_is_asked_and_where_one_is(desk: Desk) -> None:
    runner = desk.open(begun())
    assert runner.sheet.title == "1. Thông tin hộ"
    assert runner.sheet.hint == "Hỏi chủ hộ, hoặc người biết rõ cả nhà."
    assert desk.asked() == [CHU, THON, PHONE, f"{HOUSE}/nuoc/gieng"]
    assert "Họ tên chủ hộ" in words_of(desk.question(CHU))
    assert "*" in words_of(desk.question(CHU))
    assert "*" not in words_of(desk.question(THON))
    assert [line.words for line in runner.side.steps.lines] == [
        "Thông tin hộ",
        "Thành viên trong hộ",
        "Việc làm, thu nhập",
        "Xem lại và nộp",
    ]
    assert runner.footing.next_button.text() == "Trang sau: Thành viên trong hộ"
    assert desk.here() == CHU


def test_every_answer_is_kept_and_resumed_from(desk: Desk) -> None:
    session = begun()
    runner = desk.open(session)
    desk.type(CHU, "Cà Văn Inh")
    desk.type(THON, "Bản Nà Lụa")
    assert len(desk.kept.drafts) == 2
    runner.forth()
    runner.add_row()
    desk.type(f"{MEMBER}[1]/ten", "Lò Thị Lả")
    for number, (draft, page) in enumerate(desk.kept.drafts):
        again = desk.open(Session.resume(session.form, WORLD, draft), page)
        assert again.live.session.node(CHU).value == "Cà Văn Inh"
        assert again.sheet.title == ("1. Thông tin hộ" if number < 2 else "2. Thành viên trong hộ")
    assert desk.question(f"{MEMBER}[1]/ten").words == "Họ và tên"
    assert desk.line(f"{MEMBER}[1]/ten").text() == "Lò Thị Lả"
    assert desk.runner.side.steps.lines[0].is_done


def test_the_footer_tells_what_was_kept(desk: Desk) -> None:
    runner = desk.open(begun())
    runner.kept(datetime(2026, 11, 29, 10, 42, 7))
    assert runner.footing.kept == "Đã giữ nháp 10:42:07"
    runner.not_kept("Đĩa đầy.")
    assert runner.footing.kept == "Đĩa đầy."


def test_where_the_footer_is_narrow_it_shows_the_time_alone_or_nothing(qtbot: QtBot) -> None:
    footing = Footing()
    qtbot.addWidget(footing)
    footing.show()
    footing.show_step("Thành viên trong hộ", 18, is_first=False)
    footing.show_kept(datetime(2026, 11, 29, 10, 42, 7))
    seen = []
    for width in range(2_000, 0, -20):
        footing.resize(width, 60)
        seen.append(next(each.text() for each in footing.findChildren(QLabel) if each.toolTip()))
    assert list(dict.fromkeys(seen)) == ["Đã giữ nháp 10:42:07", "10:42:07", ""]


def test_leaving_a_page_shows_what_is_wrong_on_it(desk: Desk) -> None:
    runner = desk.open(begun())
    assert desk.question(CHU).error == ""
    desk.question(PHONE).take_focus()
    desk.type(PHONE, "123")
    assert desk.question(PHONE).error == "Mười chữ số"
    assert runner.footing.errors == "Còn 1 lỗi ở trang này"
    assert runner.side.steps.lines[0].errors == 1
    runner.forth()
    assert runner.sheet.title == "1. Thông tin hộ"
    assert desk.question(CHU).error == "Câu này cần trả lời."
    assert desk.line(CHU).property("error") == "true"
    assert runner.footing.errors == "Còn 2 lỗi ở trang này"
    assert desk.here() == CHU
    desk.type(CHU, "Cà Văn Inh")
    assert desk.question(CHU).error == ""
    assert desk.line(CHU).property("error") == "false"
    desk.type(PHONE, "0912345678")
    runner.forth()
    assert runner.sheet.title == "2. Thành viên trong hộ"
    assert runner.side.steps.lines[0].is_done


def test_going_back_is_free(desk: Desk, qtbot: QtBot) -> None:
    session = begun()
    session.answer(CHU, "Cà Văn Inh")
    runner = desk.open(session, page=WORK)
    desk.answer(OWES, "co")
    runner.back()
    runner.back()
    assert runner.sheet.title == "1. Thông tin hộ"
    with qtbot.waitSignal(runner.left):
        runner.back()


def test_questions_come_and_go_while_one_types(desk: Desk, qtbot: QtBot) -> None:
    session = begun()
    session.answer(CHU, "Cà Văn Inh")
    desk.open(session, page=WORK)
    assert desk.asked() == [INCOME, OWES]
    desk.question(OWES).take_focus()
    built = desk.question(INCOME)
    desk.answer(OWES, "co")
    assert desk.asked() == [INCOME, OWES, HOW_MUCH]
    assert desk.here() == OWES
    assert desk.question(INCOME) is built
    come, beside = desk.question(HOW_MUCH), desk.question(OWES)
    qtbot.waitUntil(lambda: come.x() > beside.geometry().right() and come.height() >= beside.height() > 30)
    desk.answer(OWES, "khong")
    assert desk.asked() == [INCOME, OWES]
    assert desk.here() == OWES


def test_pages_that_ask_nothing_are_passed_over(desk: Desk) -> None:
    session = begun()
    session.answer(CHU, "Cà Văn Inh")
    runner = desk.open(session, page=WORK)
    desk.type(INCOME, "500000")
    assert [line.key for line in runner.side.steps.lines][2:] == [WORK, FIELDS, REVIEW]
    assert runner.footing.next_button.text() == "Trang sau: Ruộng"
    desk.type(INCOME, "5000000")
    runner.forth()
    assert runner.sheet.title == "Xem lại và nộp"


def test_a_refusal_is_said_at_its_question_and_the_old_value_stands(desk: Desk) -> None:
    session = begun()
    session.answer(CHU, "Cà Văn Inh")
    runner = desk.open(session, page=WORK)
    desk.answer(INCOME, "3000000")
    kept = len(desk.kept.drafts)
    desk.answer(INCOME, "5400000000")
    assert "2147483647" in desk.question(INCOME).error
    assert desk.line(INCOME).text().replace(".", "") == "3000000"
    assert len(desk.kept.drafts) == kept
    desk.answer(OWES, "khong")
    assert desk.question(INCOME).error == ""
    desk.answer(INCOME, "5400000000")
    runner.forth()  # what stands there is right
    assert runner.sheet.title == "Xem lại và nộp"


def test_what_a_control_refuses_holds_the_page(desk: Desk) -> None:
    runner = desk.open(begun())
    desk.type(CHU, "Cà Văn Inh")
    control = desk.question(THON).control
    assert control is not None
    control.refused.emit("Không có bản nào tên ấy.")
    runner.forth()
    assert runner.sheet.title == "1. Thông tin hộ"
    assert desk.question(THON).error == "Không có bản nào tên ấy."
    control.refused.emit("")
    assert desk.question(THON).error == ""
    runner.forth()
    assert runner.sheet.title == "2. Thành viên trong hộ"


def test_what_came_from_the_register_says_so_until_it_is_edited(desk: Desk) -> None:
    session = begun()
    session.answer(CHU, "Cà Văn Inh")
    session.answer(INCOME, "3000000")
    known = {CHU: "Cà Văn Inh", THON: "Bản Nà Lụa", INCOME: "3000000", "/data/ho/gone": "x"}
    desk.open(session, prefilled=known)
    assert desk.question(CHU).is_marked
    assert "từ sổ" in words_of(desk.question(CHU))
    assert not desk.question(THON).is_marked  # she had cleared it before
    desk.type(CHU, "Cà Văn Inh")
    assert desk.question(CHU).is_marked
    desk.type(CHU, "Cà Văn Minh")
    assert not desk.question(CHU).is_marked
    desk.type(CHU, "Cà Văn Inh")
    assert not desk.question(CHU).is_marked


def test_another_language_changes_words_and_no_answer(desk: Desk) -> None:
    session = begun()
    session.answer(CHU, "Cà Văn Inh")
    runner = desk.open(session, page=WORK)
    desk.answer(OWES, "co")
    desk.question(OWES).take_focus()
    switch = runner.sheet.languages
    assert switch is not None
    switch.setCurrentIndex(1)
    switch.activated.emit(1)
    assert runner.sheet.title == "3. Work and income"
    assert desk.question(OWES).words == "Owes a bank"
    assert "Yes" in [choice.label for choice in session.choices(OWES)]
    assert session.node(OWES).value == "co"
    assert runner.side.steps.lines[0].words == "Household"
    runner.go(MEMBER)
    assert runner.sheet.title == "2. Members"


def test_a_form_in_one_language_has_no_switch(desk: Desk) -> None:
    assert desk.open(begun(QUOTING)).sheet.languages is None


QUOTING = f"""{HEAD}<instance><data id="q"><a/><b/></data></instance>
<bind nodeset="/data/b" constraint=". != /data/a"/></model></h:head><h:body>
<input ref="/data/a"><label>Tên &amp; họ</label></input>
<input ref="/data/b"><label>Ai cùng ở với <output value="/data/a"/>?</label></input></h:body></h:html>"""


def test_labels_that_quote_answers_follow_them(desk: Desk) -> None:
    runner = desk.open(begun(QUOTING))
    assert runner.sheet.title == "1. Rà soát hộ nghèo 2026"
    desk.type("/data/a", "Lò <Thị> Lả")
    assert desk.question("/data/b").words == "Ai cùng ở với Lò <Thị> Lả?"
    assert "Ai cùng ở với Lò &lt;Thị&gt; Lả?" in words_of(desk.question("/data/b"))
    desk.type("/data/b", "Lò <Thị> Lả")
    assert desk.question("/data/b").error == "Phiếu không nhận câu trả lời này."


def test_the_review_leads_to_what_is_missing(desk: Desk, qtbot: QtBot) -> None:
    runner = desk.open(begun())
    runner.go(REVIEW)
    assert runner.sheet.hint == "Rà soát hộ nghèo 2026 · Hộ ông Cà Văn Inh · Bản Nà Lụa"
    assert "Còn 1 câu phải xem lại." in words_of(runner.sheet)
    assert "1. Thông tin hộ · Câu này cần trả lời." in words_of(runner.sheet)
    assert not runner.footing.next_button.isEnabled()
    with qtbot.assertNotEmitted(runner.handed_in):
        runner.forth()
    way = QApplication.focusWidget()
    assert way is not None
    assert way.accessibleName() == "Đến câu này: Họ tên chủ hộ"
    QTest.keyClick(way, Qt.Key.Key_Space)
    assert desk.here() == CHU
    desk.type(CHU, "Cà Văn Inh")
    runner.go(REVIEW)
    assert runner.footing.next_button.isEnabled()
    assert runner.footing.next_button.text() == "Nộp phiếu"
    with qtbot.waitSignal(runner.handed_in):
        runner.footing.next_button.click()


def test_progress_is_said(desk: Desk) -> None:
    runner = desk.open(begun())
    assert runner.side.figure == "0/6"
    desk.type(CHU, "Cà Văn Inh")
    assert runner.side.figure == "1/6"


def test_a_step_behind_an_error_is_not_reached(desk: Desk) -> None:
    runner = desk.open(begun())
    runner.go(WORK)
    assert runner.sheet.title == "1. Thông tin hộ"
    assert desk.question(CHU).error == "Câu này cần trả lời."


def test_a_card_fills_what_is_empty_beside_it(desk: Desk) -> None:
    runner = desk.open(begun())
    desk.type(CHU, "Cà Văn Inh")
    runner.forth()
    runner.add_row()
    card = CardQr("012345678901", None, "Lò Thị Lả", PartialDate(1947, 10, 5), "female", "Bản Nà Lụa", None)
    desk.answer(f"{MEMBER}[1]/quan_he", "me")
    runner.live.scanned_card(f"{MEMBER}[1]/bhyt", card)
    held = {
        name: runner.live.session.node(f"{MEMBER}[1]/{name}").value for name in ("ten", "gioi", "ngay_sinh")
    }
    assert held == {"ten": "Lò Thị Lả", "gioi": "nu", "ngay_sinh": "1947-10-05"}
    assert runner.live.session.node(f"{MEMBER}[1]/quan_he").value == "me"
    assert desk.line(f"{MEMBER}[1]/ten").text() == "Lò Thị Lả"


LONG = AT_ONCE + 30
LONG_FORM = f"""{HEAD}<instance><data id="l"><g>{
    "".join(f"<q{n}/>" for n in range(LONG))
}</g></data></instance>
</model></h:head><h:body><group ref="/data/g"><label>Dài</label>{
    "".join(f'<input ref="/data/g/q{n}"><label>Câu {n}</label></input>' for n in range(LONG))
}</group></h:body></h:html>"""


def test_a_long_page_is_built_while_one_reads(desk: Desk, qtbot: QtBot) -> None:
    runner = desk.open(begun(LONG_FORM))
    assert len(desk.asked()) == LONG
    desk.question(f"/data/g/q{LONG - 1}").take_focus()  # whoever goes there does not wait
    assert desk.here() == f"/data/g/q{LONG - 1}"
    qtbot.waitUntil(lambda: not any(each.waits for each in runner.sheet.questions()))
    assert all(desk.question(ref).isVisible() for ref in desk.asked())
    desk.type(f"/data/g/q{LONG - 2}", "x")
    assert desk.here() == f"/data/g/q{LONG - 1}"


SHOWN = (
    "all-question-types-v2024091201-3",
    "repeats/08-complex-repeats",
    "repeats/12-NestedRepeat",
    "repeats/14-repeat-fixed",
    "select/4-appearances",
    "socio-economic-survey-v20240515",
    "notes/2-all-possible-notes",
)


@pytest.mark.parametrize("name", [name for name in FORMS if name.removesuffix(".xml").endswith(SHOWN)])
def test_every_page_of_odks_own_forms_can_be_shown(desk: Desk, name: str) -> None:
    runner = desk.open(Session.new(load(name), WORLD))
    for line in runner.side.steps.lines:
        runner.pages.go(REVIEW)
        runner.go(line.key)
        runner.add_row()
        assert runner.sheet.title.endswith(line.words)
