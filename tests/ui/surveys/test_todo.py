"""Who is to be asked: the assignments, who is left, visits in vain, cards, drafts that are there already."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt

from app.actions.surveying.assigning import assign
from app.domain.dates import PartialDate
from app.store import queries
from app.store.fillings import About
from app.store.listing import Listing
from app.store.tables import records
from app.ui.surveys.columns import due_mark, visits_cell
from app.ui.surveys.left import LeftPage
from app.ui.surveys.list_page import ListPage
from app.ui.surveys.visiting import VisitPane
from app.ui.tables.columns import MarkCell
from tests.surveys import published
from tests.ui.surveys.conftest import CO_MA, FORM, NA_LUA, NUMBERS, Survey, said


def shown(page: ListPage[Any], column: str) -> list[str]:
    table = page.table
    at = next(n for n, each in enumerate(table.rows.columns) if each.name == column)
    return [str(table.rows.index(row, at).data()) for row in range(table.rows.rowCount())]


def visit_of(left: LeftPage) -> VisitPane | None:
    """The pane beside the list."""
    return left.visit


def left_of(survey: Survey) -> LeftPage:
    """Open the chosen assignment by the keyboard."""
    survey.enter("todo")
    survey.qtbot.keyClick(survey.room.todo.errands.table, Qt.Key.Key_Return)
    survey.settle()
    left = survey.room.todo.left
    assert left is not None
    return left


def test_an_assignment_says_where_by_when_and_how_far(survey: Survey) -> None:
    today = survey.desk.clock.today()
    survey.give(due=PartialDate(today.year, today.month, today.day), note="đi buổi tối")
    survey.hand_in("Cà Văn Inh")
    page = survey.enter("todo").todo.errands
    assert shown(page, "form") == ["Hỏi hộ"]
    assert shown(page, "whom") == [NA_LUA]
    assert shown(page, "progress") == ["1/2"]
    assert "Ngày cuối" in shown(page, "due")[0]
    assert "đi buổi tối" in said(page)
    assert "Còn 1 hộ" in said(page)


@pytest.mark.parametrize(
    ("days", "words", "tone"),
    [(-2, "quá 2 ngày", "bad"), (0, "Ngày cuối", "warn"), (2, "còn 2 ngày", "warn")],
)
def test_what_is_due_is_said_in_words(survey: Survey, days: int, words: str, tone: str) -> None:
    today = survey.desk.clock.today()
    cell = due_mark((today + timedelta(days)).isoformat(), today)
    assert isinstance(cell, MarkCell)
    assert (cell.words, cell.tone) == (words, tone)
    assert due_mark((today + timedelta(30)).isoformat(), today) == f"{today + timedelta(30):%d/%m/%Y}"


def test_hers_first_and_everybodys_when_asked(survey: Survey) -> None:
    survey.give()
    assign(survey.desk, FORM, [About(hamlet=CO_MA)], "e" * 32)
    page = survey.enter("todo").todo.errands
    assert shown(page, "whom") == [NA_LUA]
    page.mine.click()
    assert shown(page, "whom") == [CO_MA, NA_LUA]


def test_who_is_left_is_found_without_accents_and_begun_with_enter(survey: Survey) -> None:
    survey.give()
    left = left_of(survey)
    assert shown(left, "name") == ["Cà Văn Inh", "Lò Thị Lả"]
    left.search.set_text("lo thi")
    assert shown(left, "name") == ["Lò Thị Lả"]
    survey.qtbot.keyClick(left.table, Qt.Key.Key_Return)
    assert survey.gone() == {"form": FORM, "about": survey.houses["Lò Thị Lả"]}


def test_where_a_draft_is_it_is_gone_on_with(survey: Survey) -> None:
    survey.give()
    draft = survey.draft("Lò Thị Lả")
    left = left_of(survey)
    left.search.set_text("la")
    survey.settle()
    assert "Nháp" in shown(left, "state")[0]
    assert left.go.text() == "Làm tiếp phiếu nháp"
    left.go.click()
    assert survey.gone() == {"draft": draft}


def test_a_withdrawn_form_is_not_begun(survey: Survey) -> None:
    survey.give()
    published(survey.desk)
    left = left_of(survey)
    assert not left.go.isEnabled()
    assert "không còn dùng" in left.go.toolTip()


def test_a_visit_in_vain_is_noted_beside_the_list(survey: Survey) -> None:
    survey.give()
    left = left_of(survey)
    left.in_vain.click()
    pane = visit_of(left)
    assert pane is not None
    pane.outcome.control.set_value("other")
    pane.keep.click()
    survey.settle()
    assert pane.note.error
    assert visit_of(left) is pane
    later = survey.desk.clock.today() + timedelta(3)
    pane.again.control.set_value(PartialDate(later.year, later.month, later.day))
    pane.note.control.setText("đi nương")
    survey.qtbot.keyClick(pane.note.control, Qt.Key.Key_Return)
    survey.settle()
    assert visit_of(left) is None
    line = left.line
    assert line is not None
    told = str(visits_cell(line))
    assert "1 lần" in told
    assert f"hẹn {later:%d/%m/%Y}" in told
    with survey.desk.vault.read() as connection:
        (visit,) = connection.execute(records["visit"].select()).all()
    assert (visit.form, visit.outcome, visit.note) == (FORM, "other", "đi nương")
    assert visit.household == survey.houses["Cà Văn Inh"].household


def test_escape_gives_a_visit_up(survey: Survey) -> None:
    survey.give()
    left = left_of(survey)
    left.in_vain.click()
    pane = visit_of(left)
    assert pane is not None
    survey.qtbot.keyClick(pane, Qt.Key.Key_Escape)
    assert visit_of(left) is None
    with survey.desk.vault.read() as connection:
        assert connection.execute(records["visit"].select()).all() == []


def test_a_day_that_is_none_is_said_at_its_field(survey: Survey) -> None:
    survey.give()
    left = left_of(survey)
    left.in_vain.click()
    pane = visit_of(left)
    assert pane is not None
    pane.again.control.setText("31/02/2199")
    pane.keep.click()
    assert pane.again.error
    assert pane.keep.isEnabled()


def test_a_scanned_card_begins_for_her_household(survey: Survey) -> None:
    survey.give()
    survey.enter("todo")
    assert survey.room.take_scan(NUMBERS["Lò Thị Lả"])
    survey.settle()
    assert survey.gone() == {"form": FORM, "about": survey.houses["Lò Thị Lả"]}


def test_a_card_of_somebody_on_no_list_leads_to_the_forms(survey: Survey) -> None:
    survey.give()
    survey.enter("todo")
    survey.room.take_scan(NUMBERS["Vì Văn Sơn"])
    survey.settle()
    notice = survey.room.todo.notice
    assert "Vì Văn Sơn không có trong các danh sách này" in notice.text
    survey.room.todo.wanted.emit(_person(survey, "Vì Văn Sơn"))
    survey.settle()
    assert survey.gone() == {"form": FORM, "about": survey.houses["Vì Văn Sơn"]}


def test_where_several_forms_wait_she_is_asked_which(survey: Survey) -> None:
    survey.give()
    survey.give(survey.houses["Lò Thị Lả"])
    survey.enter("todo")
    survey.room.take_scan(NUMBERS["Lò Thị Lả"])
    survey.settle()
    assert survey.window.here == "surveys"
    assert "Làm phiếu nào?" in survey.room.todo.notice.text
    assert not survey.room.take_scan("00020101021138")
    survey.room.take_scan("079000000999")
    survey.settle()
    assert "chưa ai có số này" in survey.room.todo.notice.text


def test_why_nothing_is_there_and_what_next(survey: Survey) -> None:
    page = survey.enter("todo").todo
    assert "Chưa giao việc nào." in said(page)
    survey.give()
    survey.hand_in("Cà Văn Inh")
    survey.hand_in("Lò Thị Lả")
    left = left_of(survey)
    assert "Đã hỏi xong cả danh sách này." in said(left)
    survey.qtbot.keyClick(left.search, Qt.Key.Key_Escape)
    assert page.left is None


def _person(survey: Survey, name: str) -> object:
    with survey.desk.vault.read() as connection:
        nos = queries.ids(connection, Listing(text=name))
        return queries.person_rows(connection, nos)[0]


def test_today_counts_who_is_left_and_drafts(survey: Survey) -> None:
    survey.give()
    survey.draft("Vì Văn Sơn")
    with survey.desk.vault.read() as connection:
        assert queries.today(connection, survey.desk.officer.id).surveys == 3
