"""The conflict screen on real vaults: seen, decided by keyboard, and everywhere after a sync."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.actions import conflicts
from app.actions.desk import Officer
from app.actions.people import add_person
from app.domain.changes import Edit, canonical, lone
from app.domain.decisions import decision
from app.domain.progress import Progress
from app.domain.records import Value
from app.store import unit
from app.store.contest import open_contests
from app.store.pointed import Pointed
from app.ui.approvals.found import read_found as read_proposals
from app.ui.conflicts.deciding import Deciding
from app.ui.conflicts.pages import AskedPage, DecidedPage
from app.ui.exchange_columns import conflict_row
from app.ui.forms.masked import MaskedValue
from app.ui.notices import Notice
from app.ui.parts.buttons import Button
from app.ui.parts.panes import Empty
from app.ui.rooms import exchange
from app.ui.rooms.conflicts import ConflictsRoom
from app.ui.window import Window
from tests.offices import Commune, change, value
from tests.ui.queueing import Elsewhere, Sit, Sitting, shown, sitting


@pytest.fixture
def lan(office: Commune) -> str:
    """Two laptops wrote her birth and her number apart; the second laptop saw her card."""
    first, second = office.desks
    who = add_person(first, {"name": "Lò Thị Lan", "birth": "1951", "hamlet": "Bản Nà Lụa"}, "add")
    office.sync(first, second)
    change(first, who, "import", birth="1951-03-12", personal_id="014151000123")
    change(second, who, "card", birth="1951-12-03", personal_id="014151000456")
    office.sync(first, second, first)
    return who


@pytest.fixture
def sit(make_window: Callable[[], Window], qtbot: QtBot) -> Iterator[Sit]:
    rooms = {"conflicts": ConflictsRoom, "person": Elsewhere, "sync": Elsewhere}
    yield from sitting(make_window, qtbot, rooms, at="conflicts")


def asked(at: Sitting) -> AskedPage:
    assert isinstance(at.pane.page, AskedPage)
    return at.pane.page


def deciding_of(at: Sitting) -> Deciding:
    deciding = asked(at).deciding
    assert deciding is not None
    return deciding


def test_decided_by_keyboard_and_everywhere_after_a_sync(office: Commune, lan: str, sit: Sit) -> None:
    first, second = office.desks
    at = sit(first)
    assert at.lines() == ["Lò Thị Lan, Ngày sinh", "Lò Thị Lan, Số căn cước"]
    deciding = deciding_of(at)
    assert deciding.choice.value() == "came"  # her card speaks for it
    assert not asked(at).decide.isEnabled()
    at.press(Qt.Key.Key_Return)
    deciding.reason.control._chips[0].click()
    assert asked(at).decide.isEnabled()
    assert "03/12/1951" in at.pane.follows.text()
    at.press_ctrl_enter()
    assert value(first, lan, "birth") == "1951-12-03"
    assert "Lò Thị Lan" in at.told
    assert at.lines() == ["Lò Thị Lan, Số căn cước", "Lò Thị Lan, Ngày sinh"]
    assert asked(at).asked.contest.cells[0].field == "personal_id"
    office.sync(first, second)
    assert value(second, lan, "birth") == "1951-12-03"
    with second.vault.read() as connection:
        assert [each.cells[0].field for each in open_contests(connection)] == ["personal_id"]


def test_numbers_stay_masked_and_each_look_is_noted(office: Commune, lan: str, sit: Sit) -> None:
    first = office.desks[0]
    at = sit(first)
    at.pane.list.step(1)
    at.settle()
    masks = shown(at.pane.page, MaskedValue)
    assert [mask.text[-4:] for mask in masks] == ["0123", "0456"]
    assert all("•" in mask.text for mask in masks)
    before = at.looks(lan)
    masks[1]._turn()
    assert masks[1].text == "014151000456"
    assert at.looks(lan) == before + 1


def test_who_may_not_decide_sees_all_but_the_decision(office: Commune, lan: str, sit: Sit) -> None:
    first = office.desks[0]
    at = sit(replace(first, officer=Officer(first.officer.id, "Kiểm", ("auditor",))))
    assert asked(at).deciding is None
    assert [each.isVisible() for each in asked(at).buttons] == [True]  # she may put it off
    (told,) = shown(at.pane.page, Notice)
    assert "Ở xã chưa ai có quyền ấy" in told.accessibleName()


def test_decided_elsewhere_meanwhile_is_said_and_read_again(office: Commune, lan: str, sit: Sit) -> None:
    first, second = office.desks
    at = sit(first)
    deciding_of(at).reason.control.set_value("by phone")
    asked(at).weigh()
    with second.vault.read() as connection:
        theirs = open_contests(connection)[0]
    conflicts.decide(second, theirs, ["1950-01-01"], "both wrong")
    office.sync(second, first)
    asked(at).decide.click()
    at.settle()
    assert "Vừa có người quyết" in at.told
    assert value(first, lan, "birth") == "1950-01-01"
    assert len(at.pane.found.asked if at.pane.found else []) == 1


@pytest.mark.parametrize(("count", "barred"), [(1, ""), (2, "unshown")])
def test_a_proposed_decision_of_several_contests_is_approved_by_nobody(
    office: Commune, lan: str, count: int, barred: str
) -> None:
    """Its page shows one contest: what else it would write, nobody would see."""
    first, second = office.desks
    with first.vault.write() as connection:
        several = open_contests(connection)[:count]
        edits = [
            cell.becomes(side)
            for one in several
            for cell, side in zip(one.cells, one.came.values, strict=True)
        ]
        atom = decision({key: on for one in several for key, on in one.conflicts.items()}, edits)
        wants = canonical([[*edit.cell, edit.new, edit.on] for edit in atom.edits]).decode()
        says: dict[str, Value] = {"person": lan, "subject": "decision", "wants": wants, "state": "open"}
        proposal = lone([Edit("proposal", "e" * 32, *each) for each in says.items()])
        unit.save(connection, first.pen, "x", list(proposal))
    office.sync(first, second)
    boss = office.approver(second, "approver", "lead")
    assert [each.barred for each in read_proposals(Progress(), boss).asked] == [barred]


def test_a_half_made_decision_outlives_a_sync(office: Commune, lan: str, sit: Sit) -> None:
    at = sit(office.desks[0])
    deciding = deciding_of(at)
    deciding.reason.control.set_value("asked her dau")
    change(office.desks[0], lan, phone="0388000111")
    at.pane.refresh()
    at.settle()
    assert deciding_of(at) is deciding
    assert deciding.reason.control.value() == "asked her dau"


def test_what_was_decided_is_still_told_and_nothing_open_says_so(office: Commune, lan: str, sit: Sit) -> None:
    first = office.desks[0]
    for _round in range(2):
        with first.vault.read() as connection:
            contest = open_contests(connection)[0]
        conflicts.decide(first, contest, contest.came.values, "her card")
    at = sit(first)
    assert len(at.lines()) == 2
    assert isinstance(at.pane.page, DecidedPage)
    (way,) = shown(at.pane.page, Button)
    way.click()
    assert isinstance(at.window.room, Elsewhere)
    assert at.window.room.asked == {"person": lan, "tab": "history"}


def test_an_office_at_peace_says_why_it_is_empty(office: Commune, sit: Sit) -> None:
    at = sit(office.desks[0])
    assert shown(at.pane.shown, Empty)
    assert not at.pane.side.isVisible()


def test_the_sync_room_lists_what_people_must_decide(office: Commune, lan: str) -> None:
    found = exchange.look_up(Progress(), office.desks[1])
    rows = [conflict_row(line, found.pointed, office.desks[1].reference) for line in found.conflicts]
    assert {(str(row["who"]), str(row["stands"])) for row in rows} == {
        ("Lò Thị Lan", "12/03/1951"),
        ("Lò Thị Lan", "014•••••0123"),
    }
    assert [str(row["wanted"]) for row in rows if row["stands"] == "12/03/1951"] == ["03/12/1951"]
    assert {line.person for line in found.conflicts} == {lan}
    paid = replace(found.conflicts[0], field="receiving_account", stands=None, came="a" * 32)
    account = {("account", "a" * 32): {"provider": "970405", "number": "3601205044471"}}
    row = conflict_row(paid, Pointed(account), office.desks[1].reference)
    assert "4471" in str(row["wanted"])
