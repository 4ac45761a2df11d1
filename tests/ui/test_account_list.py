"""The window of the list of accounts: what to look at twice, who is left off, out after her password."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest
from pytestqt.qtbot import QtBot

from app.actions import lists
from app.actions.desk import Desk
from app.actions.lists import AccountList, Listed
from app.domain.in_force import LeftOff, Line, digest_of
from app.domain.progress import Progress
from app.domain.walk import Fault, Paid
from app.store import paid
from app.store.proofs import Proof
from app.store.throttle import Moment
from app.sync.verifying import Report
from app.ui.accounts_out import paper_of
from app.ui.link import Link
from app.ui.papers import account_list
from app.ui.parts.panes import Empty
from app.ui.proving import ProofDialog
from app.ui.rooms.account_list import LEFT, AccountListRoom
from app.ui.window import Window
from app.words import gettext as _
from tests.desks import PASSWORD
from tests.ui.approvals.test_after_signing import last_signed
from tests.ui.pdf_text import pages

WAIT_MS = 20_000
AT = datetime(2026, 11, 29, 9, 58, tzinfo=UTC)


def listed(who: str, name: str, number: str, *flags: str) -> Listed:
    signed = Paid(9, 0, "c" * 32, None, "hanh", frozenset({"quyet"}), 0)
    cells = {"provider": "970405", "number": number, "holder": name.upper()}
    line = Line(who * 32, "c" * 32, {"name": name, "birth": "1951"}, cells, 540_000, signed)
    return Listed(line, "Lò Thị Hạnh", "Hà Văn Quyết", AT, flags)


def made_of(*lines: Listed, left: tuple[LeftOff, ...] = (), is_stopped: bool = False) -> AccountList:
    plain = [each.line for each in lines]
    total = sum(each.amount for each in plain)
    report = Report(9, 9, 0, 0, 9, ())
    names = {"d" * 32: "Vì Văn Khụt"}
    return AccountList(9, AT, lines, left, names, total, digest_of(plain), None, report, is_stopped)


MADE = made_of(
    listed("a", "Lò Thị Lan", "1500205120045"),
    listed("b", "Cà Văn Inh", "1500205120046", "moved", "shared"),
    left=(LeftOff("d" * 32, "waits"),),
)
Seat = Callable[[AccountList], AccountListRoom]


@pytest.fixture
def seat(
    desk: Desk, make_window: Callable[[], Window], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Seat]:
    """The room as it shows a list; how one is told from a journal has tests of its own."""
    links: list[Link] = []

    def begin(made: AccountList) -> AccountListRoom:
        monkeypatch.setattr(lists, "accounts_in_force", lambda *_: made)
        window = make_window()
        window.prove = desk.prove
        link = Link(window, desk)
        links.append(link)
        window.furnish({"account-list": lambda w: AccountListRoom(w, desk, link)})
        window.show()
        room = window.go("account-list")
        assert isinstance(room, AccountListRoom)
        qtbot.waitUntil(lambda: window.jobs.is_idle, timeout=WAIT_MS)
        return room

    yield begin
    for link in links:
        link.end()


def shown(room: AccountListRoom) -> list[str]:
    return [room.line_of(each).name for each in room.table.rows.ids]


def test_everybody_then_only_what_to_look_at_twice(seat: Seat) -> None:
    room = seat(MADE)
    assert shown(room) == ["Lò Thị Lan", "Cà Văn Inh", "Vì Văn Khụt"]
    assert "1500205120045" not in {room.line_of(each).where for each in room.table.rows.ids}
    room.chips["shared"].click()
    assert shown(room) == ["Cà Văn Inh"]
    room.chips[LEFT].click()
    assert shown(room) == ["Vì Văn Khụt"]
    mark = room.line_of("d" * 32).mark
    assert mark is not None
    assert mark.words == "chờ trung tâm trả lời"
    room.chips[LEFT].click()
    assert len(shown(room)) == 3
    assert "2 người, 1.080.000 đ" in room.under.text()


def test_a_journal_that_does_not_hold_gives_no_list(seat: Seat) -> None:
    room = seat(made_of(is_stopped=True))
    assert "không lập được danh sách" in room.told.held.accessibleName() if room.told.held else False
    assert not room.excel.isEnabled()


def test_what_looking_the_register_over_found_is_said_with_what_to_do(seat: Seat) -> None:
    found = Fault("one_hand", 12, kind="person", record="e" * 32)
    room = seat(replace(MADE, report=replace(MADE.report, faults=(found, found))))
    assert room.told.held is not None
    told = room.told.held.accessibleName()
    assert told.count(_("verify.one_hand")) == 1
    assert _("verify.one_hand.todo") in told


def test_nothing_in_force_says_when_something_will_be(seat: Seat) -> None:
    room = seat(made_of())
    assert room.empty.findChildren(Empty)
    assert not room.excel.isEnabled()


def test_it_leaves_only_after_her_password_and_is_noted(
    seat: Seat, desk: Desk, tmp_path: Path, qtbot: QtBot
) -> None:
    room, file = seat(MADE), tmp_path / "tai-khoan.xlsx"
    at = desk.prove.latest.at
    desk.prove.latest = Proof(desk.officer.id, Moment(at.wall, at.up - 400, at.boot))
    room.out.write(MADE, file)
    qtbot.waitUntil(lambda: bool(room.shell.findChildren(ProofDialog)), timeout=WAIT_MS)
    assert not file.exists()
    (asked,) = room.shell.findChildren(ProofDialog)
    asked.field.control.setText(PASSWORD)
    asked.go.click()
    qtbot.waitUntil(lambda: file.exists() and room.shell.jobs.is_idle, timeout=WAIT_MS)
    assert "2 tài khoản" in room.notice.text
    sheet = openpyxl.load_workbook(file).active
    assert sheet is not None
    assert "1500205120046" in {cell.value for row in sheet.iter_rows() for cell in row}
    with desk.vault.read() as connection:
        last = paid.last(connection)
    assert last is not None
    assert (last.count, last.digest) == (2, MADE.digest)


def test_on_paper_both_officers_and_the_digest_stand(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "list.pdf"
    account_list.write_accounts(paper_of(desk, replace(MADE, last=None)), file, Progress())
    words = " ".join(" ".join(pages(file.read_bytes())).split())
    assert "Lò Thị Hạnh ghi, Hà Văn Quyết duyệt 29/11/2026" in words
    assert MADE.digest in words.replace(" ", "")


def test_too_long_without_the_centre_the_ways_out_are_grey_and_say_why(desk: Desk, seat: Seat) -> None:
    last_signed(desk, 52)
    room = seat(MADE)
    assert room.made is not None
    for button in (room.pdf, room.excel, room.printing):
        assert not button.isEnabled()
        assert "đồng bộ trước" in button.toolTip()
