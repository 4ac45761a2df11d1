"""Settings: officers and laptops, the recovery code, and the rooms that an administrator does not have."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtWidgets import QApplication

from app.actions.desk import Desk
from app.bootstrap.entering import Entered
from app.ui.proving import ProofDialog
from app.ui.rooms.settings import SettingsRoom
from app.ui.session import Session
from app.ui.settings.officers import OfficersPage
from app.ui.window import Window
from tests.desks import PASSWORD

SUA, SUAS = "Vàng Thị Sua", "suối trong bản xa"


def answer() -> None:
    asked = QApplication.activeModalWidget()
    assert isinstance(asked, ProofDialog)
    asked.field.control.setText(PASSWORD)
    asked.go.click()


def open_page(window: Window, desk: Desk, settle: Callable[[], None]) -> OfficersPage:
    page = OfficersPage(window, desk)
    page.setParent(window)
    page.show()
    page.refresh()
    settle()
    return page


def names(page: OfficersPage) -> list[str]:
    assert page._office is not None
    return [one.name for one in page._office.officers]


def test_an_officer_is_added_and_leaves_again(window: Window, desk: Desk, settle: Callable[[], None]) -> None:
    page = open_page(window, desk, settle)
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
    window: Window, desk: Desk, settle: Callable[[], None]
) -> None:
    page = open_page(window, desk, settle)
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
