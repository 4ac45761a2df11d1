"""Drafts and what was handed in: gone on with, dropped and put back, moved to a newer form, corrected."""

from __future__ import annotations

from PySide6.QtCore import Qt

from app.actions.surveying.filling import begin, correct, keep
from app.actions.surveying.handing_in import hand_in
from app.domain.progress import Progress
from app.store import fillings
from tests.surveys import house_form, parcel, published
from tests.ui.surveys.conftest import Survey, said
from tests.ui.surveys.test_todo import shown


def kept(survey: Survey) -> list[str]:
    with survey.desk.vault.read() as connection:
        return [each.id for each in fillings.every(connection)]


def test_a_draft_is_gone_on_with_by_enter(survey: Survey) -> None:
    draft = survey.draft("Lò Thị Lả")
    page = survey.enter("drafts").drafts
    assert shown(page, "whom") == ["Lò Thị Lả"]
    assert "1 phiếu nháp, chỉ có ở máy này" in said(page)
    survey.qtbot.keyClick(page.table, Qt.Key.Key_Return)
    assert survey.gone() == {"draft": draft}


def test_a_dropped_draft_is_put_back_by_undo(survey: Survey) -> None:
    draft = survey.draft("Lò Thị Lả")
    page = survey.enter("drafts").drafts
    page.dropping.click()
    survey.settle()
    assert kept(survey) == []
    assert "Không có phiếu nháp" in said(page)
    toast = survey.window.toast
    assert "Đã bỏ: Hỏi hộ, Lò Thị Lả" in said(toast)
    toast._press()
    survey.settle()
    assert kept(survey) == [draft]
    assert shown(page, "whom") == ["Lò Thị Lả"]


def test_a_draft_of_an_older_form_is_moved_and_what_is_lost_is_named(survey: Survey) -> None:
    filling = begin(survey.desk, "hoi_ho", survey.houses["Lò Thị Lả"])
    filling.session.answer("/data/note", "nhà dột")
    keep(Progress(), survey.desk, filling.kept_now("", 3, 7))
    later = house_form("2").xform.replace("note", "remark")
    page = survey.enter("drafts").drafts
    assert not page.moving.isVisibleTo(page)
    published(survey.desk, parcel(later))
    survey.enter("drafts")
    assert shown(page, "answered") == ["3/7"]
    assert "có bản mới 2" in shown(page, "state")[0]
    page.moving.click()
    survey.settle()
    assert "sang bản 2" in page.notice.text
    assert "Ghi chú" in page.notice.text
    assert not page.moving.isVisibleTo(page)
    with survey.desk.vault.read() as connection:
        assert [each.version for each in fillings.every(connection)] == ["2"]


def test_what_was_handed_in_is_corrected_once(survey: Survey) -> None:
    record = survey.hand_in("Lò Thị Lả", note="sai")
    page = survey.enter("done").done
    assert shown(page, "whom") == ["Lò Thị Lả"]
    assert shown(page, "officer") == [survey.desk.officer.name]
    page.correct.click()
    assert survey.gone() == {"correct": record}
    again = correct(survey.desk, record)
    again.session.answer("/data/note", "đúng")
    hand_in(survey.desk, again)
    survey.enter("done")
    assert sorted(shown(page, "state")) == ["bản sửa", "đã thay"]
    assert "1 phiếu đã nộp" in said(page)
    place = shown(page, "state").index("đã thay")
    page.table.go_to(page.table.rows.ids[place])
    survey.settle()
    assert not page.correct.isEnabled()
    assert "hãy sửa bản đó" in page.correct.toolTip()


def test_why_a_list_is_empty(survey: Survey) -> None:
    assert "Không có phiếu nháp" in said(survey.enter("drafts").drafts)
    assert "Chưa ai nộp phiếu này." in said(survey.enter("done").done)
    with survey.desk.vault.write() as connection:
        connection.exec_driver_sql("DELETE FROM forms")
    for tab in ("done", "forms", "todo"):
        page = survey.enter(tab).page
        assert "Chưa có biểu mẫu nào." in said(page), tab
        assert "Đồng bộ để nhận biểu mẫu tỉnh ban hành." in said(page), tab
