"""The queue of approvals: accounts with cautions, a photo, a payee, a merge, a batch, one's own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

from PySide6.QtGui import QColor, QImage, QPainter

from app.actions import attachments
from app.actions.accounts import Enrolment, Payee, enrol
from app.actions.attachments import Paper
from app.actions.desk import Desk, Officer
from app.actions.lists import AccountList, Listed
from app.domain.accounts import bank_name
from app.domain.in_force import LeftOff, Line, digest_of
from app.domain.progress import Progress
from app.domain.walk import Fault, Paid
from app.store.opened import open_record
from app.sync.verifying import Report
from app.ui.approvals.account import AccountPage
from app.ui.approvals.found import read_found
from app.ui.approvals.page import ApprovalPage
from app.ui.approvals.pane import Approvals
from app.ui.pictures import prepare
from app.ui.rooms.account_list import AccountListRoom
from app.ui.rooms.approvals import ApprovalsRoom
from tests.ui.scenes import Stage
from tests.ui.scenes_desk import first_people

WORDS = "Tôi đồng ý nhận tiền qua tài khoản này."


def _desk(stage: Stage) -> Desk:
    assert stage.doors.session is not None
    return stage.doors.session.desk


def _enrolment(desk: Desk, person: str, bank: str, number: str, holder: str) -> Enrolment:
    provider = desk.reference.providers.find(bank)
    assert provider is not None
    return Enrolment(person, "bank", provider.code, number, holder, "vietqr", WORDS, "fingerprint")


def propose_some(stage: Stage) -> None:
    """Accounts that ask something: a stranger's number, another holder, a payee whose paper ends."""
    desk = _desk(stage)
    people = first_people(desk, "vi thi", 2) + first_people(desk, "ca van", 2)
    shared = _enrolment(desk, people[0], "LPBank", "0388419038", "TONG VAN KEO")
    enrol(desk, replace(shared, mismatch_reason="Bà mất thẻ cũ, cháu mở giúp"))
    apart = _enrolment(desk, people[1], "LPBank", "0388419038", "VI THI MAI")
    apart = replace(apart, mismatch_reason="Tên trong giấy khai sinh", shared_reason="Hàng xóm nhận giúp")
    enrol(desk, apart)
    payee = Payee("authorised", "Cầm Văn Hợp", None, "0388417290", "con trai", "Số 31/UQ", None, "2026-12-05")
    other = _enrolment(desk, people[2], "Agribank", "3601205006150", "CAM VAN HOP")
    enrol(desk, replace(other, payee=payee, evidence="typed"))
    enrol(
        desk, _enrolment(desk, people[3], "BIDV", "12610001845", bank_name(value_of(desk, people[3], "name")))
    )
    content = prepare(Progress(), _slip()).content
    for person in people[:2]:
        attachments.attach(desk, person, Paper(content, "consent"))
    assert stage.doors.session is not None
    stage.doors.session.link.saved()
    stage.settle()


def value_of(desk: Desk, person: str, name: str) -> str:
    """What stands in one of her fields."""
    with desk.vault.read() as connection:
        opened = open_record(connection, "person", person)
    return str(opened.values[name]) if opened else ""


def _slip() -> QImage:
    """An invented slip: lines and a thumb."""
    image = QImage(900, 1200, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    painter.setPen(QColor("black"))
    for line in range(14):
        painter.fillRect(90, 120 + line * 52, 720 - (line % 4) * 90, 10, QColor("#555555"))
    painter.setBrush(QColor("#A1261D"))
    painter.drawEllipse(560, 940, 120, 160)
    painter.end()
    return image


def sit_as(pane: Approvals, desk: Desk) -> None:
    """Look at the queue as somebody."""
    pane._desk, pane._read = desk, partial(read_found, desk=desk)
    pane.looked_at.clear()
    pane.refresh()


@contextmanager
def sit_as_approver(pane: Approvals, desk: Desk) -> Iterator[None]:
    """Look at the queue as somebody who may sign there."""
    sit_as(pane, replace(desk, officer=Officer("f" * 32, "Hà Văn Quyết", ("approver",))))
    yield
    sit_as(pane, desk)


def approvals(stage: Stage) -> None:
    """As an approver sees it, begun, the photo, a batch; and as its proposer does."""
    room = stage.window.go("approvals")
    assert isinstance(room, ApprovalsRoom)
    pane, desk = room.approvals, _desk(stage)
    stage.settle()
    stage.draw("approvals-own")
    approver = replace(desk, officer=Officer("f" * 32, "Hà Văn Quyết", ("approver",)))
    sit_as(pane, approver)
    stage.settle()
    assert pane.found is not None
    wanted = [each for each in pane.found.asked if each.cautions and each.kind == "account"]
    for name, asked in zip(("approvals", "approvals-shared"), wanted[-3:], strict=False):
        pane.list.choose(asked.record)
        stage.settle()
        stage.draw(name)
    page = pane.page
    assert isinstance(page, AccountPage)
    for button in page.evidence.findChildren(type(page.buttons[0])):
        if button.isVisible() and button.text().startswith("Xem"):
            button.click()
            break
    stage.settle()
    stage.draw("approvals-photo")
    page.evidence.large.put(None)
    pane.list.setFocus()
    _look_at_some(pane, stage)
    pane.body.verticalScrollBar().setValue(10_000)
    stage.draw("approvals-batch")
    for kind in ("payee", "merge"):
        asked_of = next((each for each in pane.found.asked if each.kind == kind), None)
        if asked_of is not None:
            pane.list.choose(asked_of.record)
            stage.settle()
            stage.draw(f"approvals-{kind}")
    sit_as(pane, desk)
    stage.settle()


def _look_at_some(pane: Approvals, stage: Stage) -> None:
    for _step in range(4):
        if isinstance(pane.page, ApprovalPage):
            pane.page.toggle()
        pane.list.step(-1)
        stage.settle()
    page = pane.page
    if isinstance(page, ApprovalPage) and page.signing is not None:
        page.signing.password.control.setText("con trâu đi trước")
        page.signing.password.control.changed.emit()


def account_list(stage: Stage) -> None:
    """The list as it is before anything is in force, and with some lines that were never signed."""
    room = stage.window.go("account-list")
    assert isinstance(room, AccountListRoom)
    stage.settle()
    stage.draw("account-list-empty")
    made = _invented_list(_desk(stage))
    room._show(made)
    stage.draw("account-list")
    found = Fault("one_hand", 1_204, kind="person", record=made.lines[0].line.person)
    room._show(replace(made, report=replace(made.report, faults=(found,))))
    stage.draw("account-list-one-hand")
    room._show(replace(made, lines=(), is_stopped=True, report=replace(made.report, faults=(found,))))
    stage.draw("account-list-stopped")


def _invented_list(desk: Desk) -> AccountList:
    """Lines made up of people of the training commune."""
    people, bank = first_people(desk, "lo thi", 9), desk.reference.providers.find("Agribank")
    assert bank is not None
    signed = Paid(9, 0, "c" * 32, None, "", frozenset(), 0)
    lines = []
    for at, person in enumerate(people[:8]):
        name = value_of(desk, person, "name")
        cells = {"provider": bank.code, "number": f"36012050{at:02}150", "holder": bank_name(name)}
        who = {"name": name, "birth": value_of(desk, person, "birth")}
        line = Line(person, "c" * 32, who, {**cells, "payee_name": None}, 540_000, signed)
        flags = {1: ("moved", "recent"), 4: ("shared",)}.get(at, ())
        lines.append(Listed(line, desk.officer.name, "Hà Văn Quyết", desk.clock.now(), flags))
    left, names = (LeftOff(people[8], "waits"),), {people[8]: value_of(desk, people[8], "name")}
    report = Report(4_120, 9_000, 0, 0, 4_120, ())
    plain = [each.line for each in lines]
    totals = (sum(each.amount for each in plain), digest_of(plain))
    return AccountList(4_120, desk.clock.now(), tuple(lines), left, names, *totals, None, report, False)


SCENES: tuple[Callable[[Stage], None], ...] = (approvals, account_list)
