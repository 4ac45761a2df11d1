"""The tab of surveys: fillings about her and her household, read as they were handed in."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot
from sqlalchemy import delete

from app.actions.desk import Desk, save
from app.actions.surveying.filling import begin, correct
from app.actions.surveying.handing_in import hand_in
from app.domain.records import Value
from app.store import fillings
from app.store.fillings import About
from app.store.opened import Opened
from app.store.surveyed import of_submission
from app.store.tables import forms
from app.ui.notices import Notice
from app.ui.parts.buttons import Button
from app.ui.parts.chips import Chip
from app.ui.person.surveys import Surveys
from app.ui.room import Room
from app.ui.window import Window
from tests.actions.test_surveying import of
from tests.surveys import house_form, house_of, published, shipped
from tests.ui.person.room import Settle, open_file, page


@pytest.fixture
def house(desk: Desk) -> About:
    published(desk, house_form())
    return house_of(desk)


@pytest.fixture
def handed(desk: Desk, house: About) -> str:
    """A filling of the household."""
    filling = begin(desk, "hoi_ho", house)
    said = {"poverty": "poor", "note": "nhà dột", "member[1]/phone": "0912000111", "member[2]/birth": "1948"}
    for ref, text in said.items():
        filling.session.answer(f"/data/{ref}", text)
    return hand_in(desk, filling).record


def open_tab(window: Window, settle: Settle, person: str) -> Surveys:
    return page(open_file(window, settle, person, "surveys"), "surveys", Surveys)


def words(tab: Surveys) -> list[str]:
    return [each.text() for each in tab.findChildren(QLabel) if each.isVisibleTo(tab)]


def press(tab: Surveys, text: str) -> None:
    (button,) = (each for each in tab.findChildren(Button) if each.text() == text and each.isVisibleTo(tab))
    button.click()


def test_a_filling_is_read_group_by_group(
    window: Window, desk: Desk, settle: Settle, house: About, handed: str
) -> None:
    tab = open_tab(window, settle, house.person)
    assert "1 phiếu" in words(tab)
    assert "về hộ" in words(tab)
    press(tab, "Hỏi hộ")
    settle()
    told = words(tab)
    assert {"Thành viên 1", "Thành viên 2", "Ghi chú", "nhà dột", "1948"} <= set(told)
    assert told.index("Thành viên 1") < told.index("Cà Văn Inh") < told.index("Thành viên 2")
    assert "0912000111" not in told  # masked as elsewhere
    assert "091••••111" in told
    assert tab.view.correct_button is None  # nothing here lets her correct it
    press(tab, "Tất cả phiếu")
    assert "1 phiếu" in words(tab)


def test_a_correction_and_what_it_replaces_lead_to_each_other(
    window: Window, desk: Desk, settle: Settle, house: About, handed: str, qtbot: QtBot
) -> None:
    again = correct(desk, handed)
    again.session.answer("/data/note", "đã lợp lại")
    newer = hand_in(desk, again).record
    tab = open_tab(window, settle, house.person)
    assert "2 phiếu" in words(tab)
    chips = {each.accessibleName() for each in tab.findChildren(Chip)}
    assert {"Đã có phiếu thay thế", "Phiếu thay thế"} <= chips
    tab.open_one(handed)
    settle()
    assert "Đã có phiếu thay thế." in words(tab)
    (way,) = (each for each in tab.findChildren(Button) if each.text().startswith("Phiếu ngày"))
    way.click()
    settle()
    assert tab.view.record == newer
    qtbot.waitUntil(lambda: "Thay cho một phiếu trước." in words(tab))
    assert "đã lợp lại" in words(tab)


def test_its_surveyor_reads_why_a_proposal_was_refused(
    window: Window, desk: Desk, settle: Settle, house: About, handed: str
) -> None:
    with desk.vault.read() as connection:
        (proposal,) = (each for each, found in of_submission(connection, handed) if found.kind == "household")
    save(desk, "refused", proposal.edits({"state": "refused", "answer": "Chưa họp xét"}))
    tab = open_tab(window, settle, house.person)
    tab.open_one(handed)
    settle()
    assert "Diện hộ · “Chưa họp xét”" in words(tab)
    assert {"Bị từ chối", "Chờ duyệt"} <= {each.accessibleName() for each in tab.view.findChildren(Chip)}


def test_without_its_form_names_and_values_are_shown(
    window: Window, desk: Desk, settle: Settle, house: About, handed: str
) -> None:
    with desk.vault.write() as connection:
        connection.execute(delete(forms))
    tab = open_tab(window, settle, house.person)
    press(tab, "hoi_ho")
    settle()
    assert any("không có biểu mẫu" in each.accessibleName() for each in tab.findChildren(Notice))
    assert {"note", "nhà dột"} <= set(words(tab))


def test_whoever_has_the_room_may_correct(
    window: Window, desk: Desk, settle: Settle, house: About, handed: str
) -> None:
    asked: list[str] = []

    class Elsewhere(Room):
        def enter(self, **arguments: object) -> None:
            asked.append(str(arguments["correct"]))

    window._factories = {**window._factories, "survey": Elsewhere}
    tab = open_tab(window, settle, house.person)
    tab.open_one(handed)
    settle()
    assert tab.view.correct_button
    tab.view.correct_button.click()
    assert asked == [handed]


def test_nothing_was_handed_in_about_somebody(
    window: Window, settle: Settle, house: About, desk: Desk
) -> None:
    tab = open_tab(window, settle, house.person)
    assert "Chưa có phiếu khảo sát nào về người này hay hộ này." in words(tab)


def test_the_poverty_review_that_we_ship_is_read_in_its_own_words(
    window: Window, desk: Desk, settle: Settle, house: About
) -> None:
    review = shipped("poverty_review")
    published(desk, review)
    filling = begin(desk, review.id, house)
    choice = next(
        node
        for node in filling.session.nodes()
        if node.kind == "select1" and node.is_relevant and filling.session.choices(node.ref)
    )
    chosen = filling.session.choices(choice.ref)[0]
    filling.session.answer(choice.ref, chosen.value)
    label = filling.session.node(choice.ref).label
    record = of(desk, "submission", _put(desk, filling.session.xml().decode(), filling.kept)).record
    tab = open_tab(window, settle, house.person)
    tab.open_one(record)
    settle()
    assert tab.view.reading
    said = {line.label: line.words for line in tab.view.reading.lines}
    assert said[label] == chosen.label
    assert not any(line.label.startswith("/") for line in tab.view.reading.lines)


def _put(desk: Desk, content: str, kept: fillings.Kept) -> str:
    """As it stands, incomplete: only how it is read is asked here."""
    record = desk.ids.new()
    values: dict[str, Value] = {
        "form": kept.form,
        "version": kept.version,
        "definition": kept.definition,
        "instance": "uuid:x",
        "household": kept.about.household,
        "person": kept.about.person,
        "finished": desk.clock.now().isoformat(timespec="seconds"),
        "content": content,
        "state": "active",
    }
    save(desk, "survey", Opened("submission", record).edits(values))
    return record
