"""What surveys found, at the queue: beside what stands, somebody new, several signed at once, refused."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.actions.approvals import accept_batch
from app.actions.desk import Desk
from app.actions.people import add_person
from app.actions.surveying.filling import begin
from app.actions.surveying.handing_in import hand_in
from app.domain.errors import Refusal
from app.domain.progress import Progress
from app.store.fillings import About
from app.ui.approvals.found import read_found
from app.ui.approvals.settled import SettledPage
from app.ui.approvals.surveyed import SurveyPage
from app.ui.forms.masked import MaskedValue
from app.ui.notices import Notice
from app.ui.parts.chips import Mark
from app.ui.parts.panes import Empty
from tests.actions.test_surveying import of
from tests.desks import PASSWORD
from tests.offices import Commune, change, shown
from tests.surveys import house_form, house_of, published
from tests.ui.approvals.seen import page
from tests.ui.queueing import Sit, Sitting
from tests.ui.queueing import shown as parts


@pytest.fixture
def house(office: Commune) -> About:
    """A household of two that the first officer surveys."""
    for each in office.desks:
        published(each, house_form())
    return house_of(office.desks[0])


def surveyed(office: Commune, house: About, answers: dict[str, str], *, rows: int = 0) -> list[str]:
    """Handed in by the first officer; the proposals that came of it, at both laptops."""
    first, second = office.desks
    filling = begin(first, "hoi_ho", house)
    for _row in range(rows):
        filling.session.add_repeat("/data/member")
    for ref, text in answers.items():
        filling.session.answer(f"/data/{ref}", text)
    handed = hand_in(first, filling)
    office.sync(first, second)
    return list(handed.proposals)


def words(at: Sitting) -> list[str]:
    page_ = at.pane.page
    return [each.text() for each in parts(page_, QLabel)] + [
        each.accessibleName() for each in parts(page_, Mark)
    ]


def tick(at: Sitting, qtbot: QtBot) -> None:
    """Say of the chosen one that she looked; a page full of words is drawn before the key is read."""
    assert isinstance(at.pane.page, SurveyPage)
    at.press(Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: at.pane.list.key in at.pane.looked_at)
    at.settle()


def sign(at: Sitting) -> None:
    signing = page(at).signing
    assert signing is not None
    signing.password.control.setText(PASSWORD)
    signing.password.control.changed.emit()
    at.press_ctrl_enter()


def test_both_sides_are_shown_and_several_are_signed_at_once(
    office: Commune, boss: Desk, house: About, sit: Sit, qtbot: QtBot
) -> None:
    first, second = office.desks
    surveyed(office, house, {"poverty": "poor", "member[2]/birth": "1948"})
    at = sit(boss)
    assert sorted(at.lines()) == [
        "Hộ Cà Văn Inh, Khảo sát: Hỏi hộ – 1 mục",
        "Lò Thị Lả, Khảo sát: Hỏi hộ – 1 mục",
    ]
    for key in [line.key for line in at.pane.list._lines]:
        at.choose(key)
        tick(at, qtbot)
    told = words(at)
    assert {"Trong sổ", "Khảo sát ghi"} <= set(told)
    assert any("nộp ·" in each for each in told)
    sign(at)
    assert "Đã duyệt và ký" in at.told
    assert isinstance(at.pane.page, SettledPage | Empty)
    office.sync(second, first)
    assert of(first, "household", house.household).values["poverty"] == "poor"


def test_what_moved_since_the_survey_is_said_and_has_to_be_looked_at_again(
    office: Commune, boss: Desk, house: About, sit: Sit, qtbot: QtBot
) -> None:
    first, second = office.desks
    (proposal,) = surveyed(office, house, {"member[2]/birth": "1948"})
    at = sit(boss)
    tick(at, qtbot)
    assert proposal in at.pane.looked_at
    before = shown(boss, proposal)
    mother = str(of(first, "proposal", proposal).values["person"])
    change(first, mother, birth="1949")
    office.sync(first, second)
    at.pane.refresh()
    at.settle()
    assert at.pane.looked_at == {}
    assert "khi khảo sát: 10/1947" in words(at)
    assert "1949" in words(at)
    assert any("đã khác lúc khảo sát" in each.accessibleName() for each in parts(at.pane.page, Notice))
    with pytest.raises(Refusal, match=r"approval\.moved"):
        accept_batch(boss, [before], set(), boss.prove(PASSWORD))


def test_somebody_new_is_shown_with_whom_she_could_be(
    office: Commune, boss: Desk, house: About, sit: Sit
) -> None:
    first, second = office.desks
    twin = add_person(first, {"name": "Cà Thị Hà Vy", "birth": "2019", "hamlet": "Nà Lụa"}, "add")
    answers = {"member[3]/full_name": "Cà Thị Hà Vy", "member[3]/birth": "2019"}
    (proposal,) = surveyed(office, house, answers, rows=1)
    at = sit(boss)
    assert at.lines() == ["Cà Thị Hà Vy, Khảo sát: Hỏi hộ – chưa có trong sổ"]
    assert any("giống người này" in each.accessibleName() for each in parts(at.pane.page, Notice))
    assert "Cà Văn Inh" in words(at)  # whose household she would belong to
    page_ = at.pane.page
    assert isinstance(page_, SurveyPage)
    page_._open_person(twin)
    assert at.window.here == "person"
    at.window.go("approvals")
    at.settle()
    at.say("Đã có trong sổ")
    page(at).refuse()
    at.settle()
    assert of(second, "proposal", proposal).values["state"] == "refused"


def test_a_household_of_nobody_known_is_told_by_what_would_be_done(
    office: Commune, boss: Desk, house: About, sit: Sit, qtbot: QtBot
) -> None:
    """A filling of nobody known: its household has no person to stand for it."""
    nobody = About(hamlet="Nà Lụa")
    answers = {"household_id": "nha-moi", "address": "Đầu bản"}
    assert surveyed(office, nobody, answers)
    at = sit(boss)
    assert at.lines() == ["Hộ mới, theo khảo sát, Khảo sát: Hỏi hộ – chưa có trong sổ"]
    assert "Đầu bản" in words(at)
    tick(at, qtbot)
    sign(at)
    assert "Đã duyệt và ký: Hộ mới, theo khảo sát" in at.told


def test_a_number_is_masked_and_a_look_at_it_is_noted(
    office: Commune, boss: Desk, house: About, sit: Sit
) -> None:
    filling = begin(office.desks[0], "hoi_ho", house)
    change(office.desks[0], house.person, phone="0900000999")
    filling.session.answer("/data/member[1]/phone", "0987000222")
    hand_in(office.desks[0], filling)
    office.sync(*office.desks)
    at = sit(boss)
    stands, found = parts(at.pane.page, MaskedValue)
    assert "0987000222" not in words(at)
    found._turn()
    at.settle()
    assert found.text == "0987000222"
    stands._turn()
    at.settle()
    assert stands.text == "0900000999"
    assert at.looks(house.person) == 2


def test_the_filling_is_read_in_place(office: Commune, boss: Desk, house: About, sit: Sit) -> None:
    surveyed(office, house, {"poverty": "poor", "note": "nhà dột"})
    at = sit(boss)
    page_ = at.pane.page
    assert isinstance(page_, SurveyPage)
    page_.read_button.click()
    at.settle()
    told = words(at)
    assert {"Thành viên 1", "Thành viên 2", "Ghi chú", "nhà dột"} <= set(told)
    assert page_.answers.correct_button is None


def test_her_own_and_a_role_that_does_not_approve(office: Commune, house: About, sit: Sit) -> None:
    first, second = office.desks
    surveyed(office, house, {"poverty": "poor"})
    found = read_found(Progress(), first)
    assert [each.barred for each in found.asked] == ["own"]
    at = sit(replace(second, officer=replace(second.officer, id="0" * 32, roles=("surveyor",))))
    assert page(at).signing is None
    assert any("Vai trò" in each.accessibleName() for each in parts(at.pane.page, Notice))
