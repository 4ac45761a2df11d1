"""Settings: officers and laptops, the recovery code, and the rooms that an administrator does not have."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from app.actions import officers, people
from app.actions.desk import Desk, now_ms
from app.actions.officers import Colleague, Wish
from app.bootstrap.entering import Entered
from app.domain.appointments import Appointment
from app.domain.progress import Progress
from app.domain.terms import Term
from app.ui.link import Link
from app.ui.proving import ProofDialog
from app.ui.rooms.settings import SettingsRoom
from app.ui.session import Session
from app.ui.settings.appointing import Appointing
from app.ui.settings.columns import officer_columns
from app.ui.settings.officers import OfficersPage
from app.ui.settings.roles import RolesPage, lines_of
from app.ui.tables.columns import MarkCell
from app.ui.window import Window
from app.words import gettext as _
from tests.desks import PASSWORD

SUA, SUAS = "Vàng Thị Sua", "suối trong bản xa"


def answer() -> None:
    asked = QApplication.activeModalWidget()
    assert isinstance(asked, ProofDialog)
    asked.field.control.setText(PASSWORD)
    asked.go.click()


def open_page(window: Window, desk: Desk, link: Link, settle: Callable[[], None]) -> OfficersPage:
    page = OfficersPage(window, desk, link)
    page.setParent(window)
    page.show()
    page.refresh()
    settle()
    return page


def names(page: OfficersPage) -> list[str]:
    assert page._office is not None
    return [one.name for one in page._office.officers]


def test_an_officer_is_added_and_leaves_again(
    window: Window, desk: Desk, link: Link, settle: Callable[[], None]
) -> None:
    page = open_page(window, desk, link, settle)
    assert not page.leave.isEnabled()
    page.add_button.click()
    page.name.control.setText(SUA)
    page.password.control.setText(SUAS)
    page.once_more.control.setText("khác")
    page._add()
    assert page.once_more.error
    page.once_more.control.setText(SUAS)
    page._add()
    answer()
    settle()
    assert names(page) == [desk.officer.name, SUA]
    assert page.form.held is None
    page.officers.selectRow(1)
    page._show_chosen()
    assert page.leave.isEnabled()
    page.leave.click()
    answer()
    settle()
    assert names(page) == [desk.officer.name]
    assert SUA in page.notice.text


def test_a_refused_password_is_said_at_its_field(
    window: Window, desk: Desk, link: Link, settle: Callable[[], None]
) -> None:
    page = open_page(window, desk, link, settle)
    page.add_button.click()
    page.name.control.setText(SUA)
    for box in (page.password, page.once_more):
        box.control.setText("12345678")
    page._add()
    answer()
    settle()
    assert page.password.error
    assert names(page) == [desk.officer.name]


def test_an_administrator_has_no_room_with_a_beneficiary(
    desk: Desk, make_window: Callable[[], Window], tmp_path: Path
) -> None:
    window = make_window()
    window.show()
    session = Session(window, replace(desk, officer=replace(desk.officer, roles=("administrator",))))
    window.closing.connect(session.end)
    session.begin(Entered(session.desk))
    room = window.room
    assert isinstance(room, SettingsRoom)
    assert room.tabs.key == "officers"
    assert not {"people", "person", "drive", "import", "today", "conflicts", "duplicates", "returned"} & set(
        window._factories
    )
    window.search()
    assert window.here == "settings"
    window.close()


def test_roles_are_changed_on_the_page(
    window: Window, desk: Desk, link: Link, settle: Callable[[], None]
) -> None:
    people.add_person(desk, {"name": "Lò Thị Pánh", "hamlet": "Bản Nà Lụa"}, "add")
    officers.add(Progress(), desk, desk.prove(PASSWORD), SUA, "officer", SUAS)
    page = open_page(window, desk, link, settle)
    page.officers.selectRow(1)
    page._show_chosen()
    page.roles.click()
    settle()
    form = page.form.held
    assert isinstance(form, Appointing)
    assert not form.places.isVisible()
    form.roles.boxes["officer"].click()
    assert not form.go.isEnabled()  # without any she leaves, and that has a button of its own
    form.roles.boxes["surveyor"].click()
    assert form.places.isVisible()
    form.go.click()
    answer()
    settle()
    assert form.places.error
    (chip,) = form.hamlets.chips
    chip.click()
    form.go.click()
    answer()
    settle()
    assert page._office is not None
    assert (page._office.officers[1].roles, page._office.officers[1].hamlets) == (
        ("surveyor",),
        ("Bản Nà Lụa",),
    )
    assert SUA in page.notice.text


def certified(*, left: int | None = None, until: str = "") -> Colleague:
    """A colleague as the list shows her: her certificate ends in so many days, and more is asked for."""
    asked = Appointment("r", "h", ("approver",), (), "giúp", "l", 0, until) if until else None
    term = Term(date(2026, 12, 31), left) if left is not None else None
    is_over = term is not None and term.is_over
    key = officers.OVER if is_over else officers.CERTIFIED
    return Colleague("h", SUA, () if is_over else ("approver",), True, key, asked=asked, term=term)


@pytest.mark.parametrize(
    ("left", "said", "tone"),
    [(None, "Đã chứng nhận", "ok"), (40, "Đến hết", "ok"), (3, "Đến hết", "warn"), (-1, "Hết hạn", "bad")],
)
def test_the_list_says_until_when_a_key_counts(left: int | None, said: str, tone: str) -> None:
    columns = {column.name: column for column in officer_columns()}
    cell = columns["key"].show(certified(left=left))
    assert isinstance(cell, MarkCell)
    assert (said in cell.words, cell.tone) == (True, tone)
    assert ("31/12/2026" in cell.words) == (left is not None)
    assert "31/01/2027" in str(columns["roles"].show(certified(left=left, until="2027-01-31")))


def test_an_officer_is_lent_until_a_day_by_the_form(window: Window, qtbot: QtBot) -> None:
    form = Appointing(certified(left=3), [], date(2026, 12, 28))
    qtbot.addWidget(form)
    window.show()
    form.setParent(window)
    form.show()
    assert form.until.isVisible()
    assert form.until.control.text() == "31/12/2026"  # to be put later
    wished: list[Wish] = []
    form.wanted.connect(wished.append)
    form.until.control.setText("mai")
    form.go.click()
    assert form.until.error
    assert wished == []
    form.until.control.setText("3/2027")
    form.go.click()
    assert [(wish.roles, wish.until) for wish in wished] == [(("approver",), "2027-03-31")]
    form.roles.boxes["approver"].click()
    assert not form.until.isVisible()  # who leaves, leaves at once


def test_every_role_is_told_with_who_holds_it(window: Window, desk: Desk, settle: Callable[[], None]) -> None:
    page = RolesPage(window, desk)
    page.setParent(window)
    page.show()
    page.refresh()
    settle()
    said = [label.text() for label in page.findChildren(QLabel)]
    assert any(desk.officer.name in text for text in said)
    for role, right in desk.reference.rights.on(now_ms(desk) << 16).items():
        if role != "service":
            assert _(f"role.{role}") in said
            lines = [words for _icon, words in lines_of(right)]
            assert set(lines) <= set(said)
            assert not [words for words in lines if "." in words.rstrip(".") or "kind" in words]
