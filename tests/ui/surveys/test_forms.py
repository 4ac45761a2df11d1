"""The forms: begun for whom, given to whom, what the answers come to, and out they go."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QMenu

from app.actions.desk import sight
from app.actions.officers import Colleague
from app.actions.surveying.filling import correct
from app.domain.dates import PartialDate
from app.store import assignments
from app.store.fillings import About
from app.ui.proving import ProofDialog
from app.ui.rooms.surveys import SurveysRoom
from app.ui.surveys.form_page import FormPage
from tests.desks import PASSWORD
from tests.surveys import HOUSE, house_form, parcel, published
from tests.ui.surveys.conftest import CO_MA, FORM, NA_LUA, NUMBERS, Survey, said
from tests.ui.test_ways_out import long_ago

FREE = HOUSE.replace("hoi_ho", "nhat_ky").replace("Hỏi hộ", "Nhật ký").replace("household", "x")


def page_of(survey: Survey) -> FormPage:
    survey.enter("forms")
    page = survey.room.forms.page
    assert page is not None
    return page


def given(survey: Survey) -> list[tuple[str, str, str]]:
    with survey.desk.vault.read() as connection:
        found = assignments.assigned(connection, {FORM: "household"})
    return [
        tuple(str(each.opened.values.get(name) or "") for name in ("hamlet", "household", "officer"))  # type: ignore[misc]
        for each in found
    ]


def test_a_form_is_begun_for_a_household_that_is_typed(survey: Survey) -> None:
    page = page_of(survey)
    page.begin.click()
    survey.settle()
    whom = page.whom
    assert whom is not None
    survey.qtbot.keyClicks(whom.control, "lo thi")
    survey.qtbot.keyClick(whom.control, Qt.Key.Key_Return)
    survey.settle()
    assert survey.gone() == {"form": FORM, "about": survey.houses["Lò Thị Lả"]}


def test_a_correction_that_is_not_finished_is_no_draft_of_a_new_form(survey: Survey) -> None:
    record = survey.hand_in("Lò Thị Lả")
    correct(survey.desk, record)
    page_of(survey).begin_for(survey.houses["Lò Thị Lả"])
    assert survey.gone() == {"form": FORM, "about": survey.houses["Lò Thị Lả"]}


def test_a_card_begins_the_chosen_form(survey: Survey) -> None:
    page_of(survey)
    survey.room.take_scan(NUMBERS["Vì Văn Sơn"])
    survey.settle()
    assert survey.gone() == {"form": FORM, "about": survey.houses["Vì Văn Sơn"]}


def test_a_form_of_nobody_is_begun_at_once_and_sends_nobody(survey: Survey) -> None:
    free = replace(parcel(FREE.format(version="1", more="", body="")), about="")
    published(survey.desk, free)
    page = page_of(survey)
    assert not page.assign.isEnabled()
    page.begin.click()
    assert survey.gone() == {"form": "nhat_ky", "about": About()}


def test_how_far_each_hamlet_is(survey: Survey) -> None:
    survey.hand_in("Cà Văn Inh")
    page = page_of(survey)
    assert [(row.words, row.done, row.total) for row in page.bars._rows] == [(CO_MA, 0, 1), (NA_LUA, 1, 2)]
    assert "1 phiếu đã nộp" in said(page)


def test_hamlets_and_households_are_given_to_an_officer(survey: Survey) -> None:
    page = page_of(survey)
    page.assign.click()
    survey.settle()
    giving = survey.room.forms.giving
    assert giving is not None
    assert not giving.give.isEnabled()
    giving.hamlets[NA_LUA].setChecked(True)
    survey.room.take_scan(NUMBERS["Vì Văn Sơn"])
    survey.settle()
    assert [each.record for each in giving.to] == ["", survey.houses["Vì Văn Sơn"].household]
    giving.give.click()
    survey.settle()
    assert giving.officer.error  # nobody was chosen
    giving.officer.control.set_value(survey.desk.officer.id)
    giving.due.control.set_value(PartialDate(2020, 1, 1))
    giving.give.click()
    survey.settle()
    assert giving.due.error
    giving.due.control.set_value(PartialDate(2199, 1, 1))
    giving.give.click()
    survey.settle()
    hers = survey.desk.officer.id
    house = survey.houses["Vì Văn Sơn"].household
    assert sorted(given(survey)) == sorted([(NA_LUA, "", hers), (CO_MA, house, hers)])
    assert "Đã giao 2 việc." in survey.room.forms.notice.text
    assert survey.room.forms.giving is None


def test_all_hamlets_that_are_left_are_ticked_together(survey: Survey) -> None:
    survey.hand_in("Vì Văn Sơn")
    page_of(survey).assign.click()
    survey.settle()
    giving = survey.room.forms.giving
    assert giving is not None
    giving._tick_all()
    assert [each.hamlet for each in giving.to] == [NA_LUA]


def test_whom_a_surveyor_does_not_see_is_said_before_she_is_sent(survey: Survey) -> None:
    page_of(survey).assign.click()
    survey.settle()
    giving = survey.room.forms.giving
    assert giving is not None
    sua = Colleague("e" * 32, "Vàng Thị Sua", ("surveyor",), False, "certified", hamlets=(CO_MA,))
    giving._colleagues[sua.id] = sua
    giving.officer.control.addItem(sua.name, sua.id)
    giving.officer.control.set_value(sua.id)
    giving.hamlets[NA_LUA].setChecked(True)
    assert f"Vàng Thị Sua không xem được {NA_LUA}" in giving.told.text()
    giving.hamlets[NA_LUA].setChecked(False)
    giving.hamlets[CO_MA].setChecked(True)
    assert "không xem được" not in giving.told.text()


def test_assignments_are_ended_and_given_to_another(survey: Survey) -> None:
    survey.give(About(hamlet=NA_LUA), About(hamlet=CO_MA))
    going = page_of(survey).going
    assert not going.end.isEnabled()
    first, second = going.table.rows.ids
    going.table.rows.tick([first], True)
    going.end.click()
    survey.settle()
    assert len(given(survey)) == 1
    going.table.rows.tick([second], True)
    going.hand_over.click()
    assert going.officer is not None
    going._hand_over()
    survey.settle()
    assert going.officer.error
    going.officer.control.set_value(survey.desk.officer.id)
    going._hand_over()
    survey.settle()
    assert "Đã đổi 1 việc" in going.notice.text


def test_what_the_answers_come_to(survey: Survey) -> None:
    survey.hand_in("Cà Văn Inh", note="nhà dột")
    survey.hand_in("Lò Thị Lả", note="nhà dột")
    page = page_of(survey)
    page.summary.click()
    survey.settle()
    summary = survey.room.forms.summary
    assert summary is not None
    assert "2 phiếu" in said(summary)
    assert "Ghi chú" in said(summary)
    survey.room.forms.close_over()
    assert survey.room.forms.summary is None


def test_the_answers_leave_after_her_password(
    survey: Survey, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    survey.hand_in("Cà Văn Inh", note="nhà dột")
    page = page_of(survey)
    path = tmp_path / "answers.xlsx"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
    long_ago(survey.desk)
    ways = iter(range(3))
    monkeypatch.setattr(QMenu, "popup", lambda menu, _at: menu.actions()[next(ways)].trigger())
    page.save.click()
    survey.settle()
    assert not path.exists()
    (asked,) = survey.window.findChildren(ProofDialog)
    asked.field.control.setText(PASSWORD)
    asked._ask()
    survey.qtbot.waitUntil(path.exists, timeout=20_000)
    survey.settle()
    assert "Đã ghi 1 phiếu vào answers.xlsx" in page.notice.text
    cells = [str(cell.value) for row in openpyxl.load_workbook(path).worksheets[0] for cell in row]
    assert "nhà dột" in cells
    for _way in range(2):
        page.save.click()
        survey.settle()
    assert len([each for each in tmp_path.iterdir() if each.is_dir() and each.name.startswith(FORM)]) == 2


def test_a_withdrawn_form_is_told_of_and_begun_no_more(survey: Survey) -> None:
    survey.hand_in("Cà Văn Inh")
    published(survey.desk)
    page = page_of(survey)
    assert not page.begin.isEnabled()
    assert not page.assign.isEnabled()
    assert page.summary.isEnabled()
    published(survey.desk, house_form("2"))
    page = page_of(survey)
    assert page.begin.isEnabled()
    assert "bản 2" in said(page)


def test_a_surveyor_is_offered_nothing_that_she_may_not(survey: Survey) -> None:
    survey.give(About(hamlet=NA_LUA), About(hamlet=CO_MA))
    officer = replace(survey.desk.officer, roles=("surveyor",), scope=(NA_LUA,))
    hers = replace(survey.desk, officer=officer)
    hers.vault.bound(sight(hers), officer.id)
    room = SurveysRoom(survey.window, hers, survey.link)
    survey.qtbot.addWidget(room)
    room.refresh()
    survey.settle()
    page = room.forms.page
    assert page is not None
    assert "Giao việc…" not in said(page)
    assert not page.going.hand_over.isVisibleTo(page)
    assert page.begin.isEnabled()
    assert [each.value("hamlet") for each in room.todo.errands.shown] == [NA_LUA]
    assert not room.todo.errands.mine.isVisibleTo(room.todo)
