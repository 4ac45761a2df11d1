"""Rights, accounts, household, history, closing: each through the window."""

from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.actions import people
from app.actions.desk import Desk
from app.domain.dates import PartialDate
from app.store.opened import open_record
from app.ui.forms.picking import Pick
from app.ui.person.accounts import Accounts
from app.ui.person.ending import EndingForm
from app.ui.person.history import History
from app.ui.person.household import HouseholdTab, _Joining
from app.ui.person.rights import Rights
from app.ui.window import Window
from tests.desks import enrolled
from tests.ui.person.room import (
    Settle,
    open_file,
    page,
    values,
    whole,
    why,
    write,
)


def test_a_right_is_added_with_the_amount_of_the_law_and_ended(
    window: Window, desk: Desk, panh: str, settle: Settle
) -> None:
    room = open_file(window, settle, panh, "entitlements")
    rights = page(room, "entitlements", Rights)
    rights.add()
    editing = rights.editing
    assert editing is not None
    fields = editing.form.fields
    fields["group"].control.set_value(Pick("NKT-N", "Người khuyết tật nặng"))
    fields["group"].control.changed.emit()
    level = desk.reference.levels.in_force(
        "assistance", PartialDate(desk.clock.today().year, desk.clock.today().month)
    )
    assert fields["coefficient"].control.value() == "1.5"
    assert fields["amount"].control.value() == level.amount * 3 // 2
    editing.submit()
    settle()
    assert editing.reason.error
    editing.reason.control.set_value("Quyết định mới")
    editing.submit()
    settle()
    assert fields["since"].error
    write(editing, "since", "07/2026")
    editing.submit()
    settle()
    settle()
    added = next(r for r in whole(desk, panh).entitlements if r.values["group"] == "NKT-N")
    assert (added.values["coefficient"], added.values["since"]) == ("1.5", "2026-07")
    rights.end(added)
    ending = rights.editing
    assert ending is not None
    ending.reason.control.set_value("Không còn đủ điều kiện")
    ending.submit()
    settle()
    states = {r.values["group"]: r.values["state"] for r in whole(desk, panh).entitlements}
    assert states == {"HTXH": "active", "NKT-N": "ended"}


def test_a_proposed_account_waits_and_can_be_taken_back(
    window: Window, desk: Desk, panh: str, settle: Settle
) -> None:
    enrolled(desk, panh, "LO THI PANH")
    room = open_file(window, settle, panh, "accounts")
    told = {each.event.field: each for each in page(room, "history", History)._told.values()}
    assert told["Tài khoản"].event.after.startswith("BIDV")
    proposal = whole(desk, panh).accounts[0].proposal
    assert proposal is not None
    page(room, "accounts", Accounts)._withdraw(proposal, why("Đăng ký nhầm"))
    settle()
    assert [account.standing for account in whole(desk, panh).accounts] == ["withdrawn"]
    assert values(desk, panh).get("receiving_account") is None


def test_history_is_narrowed_and_a_save_undone_with_a_reason(
    window: Window, desk: Desk, panh: str, settle: Settle
) -> None:
    with desk.vault.read() as connection:
        seen = open_record(connection, "person", panh)
    assert seen is not None
    people.change_record(desk, seen, {"phone": "0388000999"}, "Con gái cho số")
    room = open_file(window, settle, panh, "history")
    history = page(room, "history", History)
    assert {told.event.field for told in history._told.values()} == {"Điện thoại", "Hồ sơ", "Chế độ"}
    history.kinds["entitlement"].click()
    assert {told.event.field for told in history._told.values()} == {"Chế độ"}
    history.kinds["all"].click()
    key = next(key for key, told in history._told.items() if told.event.field == "Điện thoại")
    assert [history._told[key].event.before, history._told[key].event.after] == ["038••••111", "038••••999"]
    history.timeline._press(key)
    assert history.foot.held is not None
    history._take_back(history._told[key], why("Ghi sai"))
    settle()
    settle()
    assert values(desk, panh)["phone"] == "0388000111"
    assert next(iter(history._told.values())).hand.reason == "Ghi sai"


def test_closing_and_opening_again(window: Window, desk: Desk, panh: str, settle: Settle) -> None:
    room = open_file(window, settle, panh)
    room.end_button.click()
    ending = room.ending
    assert ending is not None
    ending.submit()
    assert "Chọn" in ending.notice.text
    ending.state.set_value("died")
    ending.submit()
    settle()
    assert ending.reason.error
    ending.reason.control.set_value("Giấy chứng tử")
    ending.submit()
    settle()
    settle()
    assert whole(desk, panh).row.state == "died"
    assert [right.values["state"] for right in whole(desk, panh).entitlements] == ["ended"]
    assert room.end_button.text() == "Mở lại hồ sơ"
    room.end_button.click()
    again = room.findChildren(EndingForm)[-1]
    again.reason.control.set_value("Đóng nhầm")
    again.submit()
    settle()
    settle()
    assert whole(desk, panh).row.state == "active"


def test_escape_goes_back_but_never_out_of_a_form(
    window: Window, panh: str, settle: Settle, qtbot: QtBot
) -> None:
    room = open_file(window, settle, panh)
    room.change_button.click()
    qtbot.keyClick(room, Qt.Key.Key_Escape)
    assert window.here == "person"
    editing = room.pages["profile"].editing
    assert editing is not None
    editing.give_up()
    settle()
    room.end_button.click()
    qtbot.keyClick(room, Qt.Key.Key_Escape)
    assert (window.here, room.ending) == ("person", None)
    qtbot.keyClick(room, Qt.Key.Key_Escape)
    assert window.here == "people"


def test_a_household_is_founded_and_joined(window: Window, desk: Desk, panh: str, settle: Settle) -> None:
    room = open_file(window, settle, panh, "household")
    tab = page(room, "household", HouseholdTab)
    tab.found()
    editing = tab.editing
    assert editing is not None
    assert editing.form.fields["hamlet"].control.text() == "Bản Nà Lụa"
    editing.reason.control.set_value("Rà soát hộ")
    editing.submit()
    settle()
    settle()
    assert room.file is not None
    assert room.file.head == "Lò Thị Pánh"
    child = people.add_person(desk, {"name": "Lò Văn Chiến"}, "add")
    room = open_file(window, settle, child, "household")
    tab.join()
    settle()
    joining = tab.form.held
    assert isinstance(joining, _Joining)
    (pick,) = joining.which.control._search("panh")
    joining.which.control.set_value(pick)
    joining.relation.control.set_value("con")
    joining.reason.control.set_value("Gia đình báo")
    joining.save.click()
    settle()
    household = whole(desk, child).household
    assert household is not None
    assert {member.name for member in household.members} == {"Lò Văn Chiến", "Lò Thị Pánh"}
