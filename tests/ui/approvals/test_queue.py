"""The queue of approvals on real vaults: seen whole, approved by keyboard, refused, in force after a sync."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QShortcut
from PySide6.QtWidgets import QLabel

from app.actions import approvals, attachments, duplicates
from app.actions.accounts import Enrolment, enrol
from app.actions.attachments import Paper
from app.actions.desk import Desk
from app.actions.duplicates import Merge
from app.actions.people import add_person
from app.domain.progress import Progress
from app.store import queries, twins
from app.store import queue as store_queue
from app.ui.approvals.account import AccountPage
from app.ui.approvals.people import PeoplePage
from app.ui.approvals.settled import SettledPage
from app.ui.forms.masked import MaskedValue
from app.ui.notices import Notice
from app.ui.parts.panes import Empty
from app.ui.person.accounts_past import approved_words, span_words, why_ended
from app.ui.person.file import read_file
from app.ui.pictures import prepare
from app.ui.rooms.today import _queues
from app.ui.session import _counts, _sections
from tests.desks import PASSWORD
from tests.offices import Commune, approve, change, value
from tests.ui.approvals.seen import page, standing, whole
from tests.ui.queueing import Sit, Sitting, shown


def paid(
    office: Commune,
    name: str = "Lò Thị Lan",
    holder: str = "LO THI LAN",
    number: str = "12610001845",
    mismatch_reason: str | None = None,
    shared_reason: str | None = None,
) -> str:
    """Somebody with an account that the first officer proposed, known to both laptops."""
    first, second = office.desks
    who = add_person(first, {"name": name, "birth": "1951", "hamlet": "Bản Nà Lụa"}, "add")
    bank = first.reference.providers.find("BIDV")
    assert bank is not None
    account = Enrolment(who, "bank", bank.code, number, holder, "typed", "Tôi đồng ý", "fingerprint")
    enrol(first, replace(account, mismatch_reason=mismatch_reason, shared_reason=shared_reason))
    office.sync(first, second)
    return who


def sign(at: Sitting, password: str = PASSWORD) -> None:
    signing = page(at).signing
    assert signing is not None
    signing.password.control.setText(password)
    signing.password.control.changed.emit()
    at.press_ctrl_enter()


def words(at: Sitting) -> list[str]:
    return [each.text() for each in shown(at.pane.page, QLabel)]


def test_approved_by_keyboard_waits_for_the_centre_and_is_in_force_everywhere_after(
    office: Commune, boss: Desk, sit: Sit
) -> None:
    first, second = office.desks
    lan = paid(office)
    at = sit(boss)
    assert at.lines() == ["Lò Thị Lan, chưa có → BIDV 1845"]
    assert isinstance(page(at), AccountPage)
    assert [line.mark for line in at.pane.list._lines] == ["eye"]
    button = page(at).signing_button
    assert not button.isEnabled()
    at.press(Qt.Key.Key_Space)
    assert [line.mark for line in at.pane.list._lines] == ["tick"]
    assert not button.isEnabled()  # her password is wanted still
    sign(at)
    assert "Đã duyệt và ký: Lò Thị Lan" in at.told
    assert "Không hoàn tác được" in at.told
    assert isinstance(at.pane.page, SettledPage)
    assert "chờ trung tâm" in at.pane.list.accessibleName()
    assert value(second, lan, "receiving_account") is not None
    assert standing(second, lan) == ["approved"]
    office.sync(second, first)
    assert [standing(desk, lan) for desk in (first, second)] == [["in_force"], ["in_force"]]
    at.pane.refresh()
    at.settle()
    assert "chờ trung tâm" not in at.pane.list.accessibleName()


def test_a_wrong_password_signs_nothing_and_is_said_at_the_field(
    office: Commune, boss: Desk, sit: Sit
) -> None:
    lan = paid(office)
    at = sit(boss)
    at.press(Qt.Key.Key_Space)
    sign(at, "không phải mật khẩu")
    signing = page(at).signing
    assert signing is not None
    assert signing.password.error
    assert page(at).signing_button.isEnabled()
    assert standing(boss, lan) == ["proposed"]


def test_her_own_is_shown_and_says_why_she_cannot(office: Commune, sit: Sit) -> None:
    first = office.desks[0]
    paid(office)
    at = sit(first)
    assert at.lines() == ["Lò Thị Lan, chưa có → BIDV 1845"]
    assert page(at).signing is None
    assert any("phải người khác duyệt" in each.accessibleName() for each in shown(at.pane.page, Notice))
    at.press(Qt.Key.Key_Space)
    at.press_ctrl_enter()
    assert not at.pane.looked_at


def test_refused_with_a_reason_that_its_proposer_reads(office: Commune, boss: Desk, sit: Sit) -> None:
    first, second = office.desks
    lan = paid(office)
    at = sit(boss)
    refuse = {each.key().toString(): each for each in at.pane.findChildren(QShortcut)}["Ctrl+R"]
    refuse.activated.emit()
    assert standing(second, lan) == ["proposed"]  # no reason, no refusal
    signing = page(at).signing
    assert signing is not None
    signing.reason.control.set_value("Thiếu phiếu")
    signing.reason.control.changed.emit()
    refuse.activated.emit()
    at.settle()
    assert "Đã từ chối" in at.told
    office.sync(second, first)
    assert standing(first, lan) == ["refused"]
    proposal = whole(first, lan).accounts[0].proposal
    assert proposal is not None
    assert proposal.values["answer"] == "Thiếu phiếu"


def test_a_batch_signs_only_what_was_opened_and_looked_at(office: Commune, boss: Desk, sit: Sit) -> None:
    names = ("LO VAN AN", "VI THI BE", "CA VAN CU")
    who = [paid(office, name, name, f"1261000{at}") for at, name in enumerate(names, 1844)]
    at = sit(boss)
    assert [line.mark for line in at.pane.list._lines] == ["eye", "", ""]
    for _step in range(2):
        at.press(Qt.Key.Key_Space)
        at.press(Qt.Key.Key_Down)
    assert [line.mark for line in at.pane.list._lines] == ["tick", "tick", "eye"]
    assert "2" in page(at).signing_button.text()
    sign(at)
    assert [standing(boss, each) for each in who] == [["approved"], ["approved"], ["proposed"]]
    assert not at.pane.looked_at


def test_what_moves_after_it_was_looked_at_is_looked_at_again(office: Commune, boss: Desk, sit: Sit) -> None:
    first, second = office.desks
    lan = paid(office)
    at = sit(boss)
    at.press(Qt.Key.Key_Space)
    before = page(at)
    change(first, lan, "her card", name="Lò Thị Lán")
    office.sync(first, second)
    at.pane.refresh()
    at.settle()
    assert not at.pane.looked_at
    assert page(at) is not before
    assert [line.mark for line in at.pane.list._lines] == ["eye"]


def test_cautions_stand_beside_and_are_counted(office: Commune, boss: Desk, sit: Sit) -> None:
    first, second = office.desks
    approve(boss, _proposal(boss, paid(office, "Tòng Văn Kẹo", "TONG VAN KEO")))
    office.sync(second, first)
    paid(office, holder="TONG VAN KEO", mismatch_reason="con rể", shared_reason="hàng xóm")
    at = sit(boss)
    (line,) = at.pane.list._groups[0].lines
    assert line.warning == "2 cảnh báo"
    told = [each.accessibleName() for each in shown(at.pane.page, Notice)]
    assert any("Tòng Văn Kẹo" in each and "hàng xóm" in each for each in told)
    assert any("TONG VAN KEO" in each for each in told)


def _proposal(desk: Desk, who: str) -> str:
    proposal = whole(desk, who).accounts[0].proposal
    assert proposal is not None
    return proposal.record


def test_a_photo_must_be_opened_before_she_can_say_she_looked(office: Commune, boss: Desk, sit: Sit) -> None:
    lan = paid(office)
    prepared = prepare(Progress(), _picture())
    photo = attachments.attach(boss, lan, Paper(prepared.content, "consent"))
    at = sit(boss)
    signing = page(at).signing
    assert signing is not None
    assert not signing.box.isEnabled()
    at.press(Qt.Key.Key_Space)
    assert not at.pane.looked_at
    looks = at.looks(photo)
    opened = page(at)
    assert isinstance(opened, AccountPage)
    (see,) = [each for each in shown(opened.evidence, type(page(at).buttons[0])) if "Xem" in each.text()]
    see.click()
    at.settle()
    assert opened.evidence.large.held is not None
    assert at.looks(photo) == looks + 1
    assert signing.box.isEnabled()


def _picture() -> QImage:
    image = QImage(400, 300, QImage.Format.Format_RGB32)
    image.fill(0xFF88AACC)
    return image


def test_numbers_stay_masked(office: Commune, boss: Desk, sit: Sit) -> None:
    lan = paid(office)
    at = sit(boss)
    (mask,) = [each for each in shown(at.pane.page, MaskedValue) if each.text.endswith("1845")]
    account = whole(boss, lan).accounts[0].opened.record
    before = at.looks(account)
    assert "12610001845" not in " ".join(words(at))
    mask._turn()
    assert mask.text == "12610001845"
    assert at.looks(account) == before + 1


def test_a_merge_is_joined_by_the_same_queue_and_parted_again(office: Commune, boss: Desk, sit: Sit) -> None:
    first, second = office.desks
    one = add_person(first, {"name": "Lò Thị Lan", "birth": "1951"}, "add")
    other = add_person(first, {"name": "Lò Thị Lan", "birth": "1951", "phone": "0388000111"}, "card")
    with first.vault.read() as connection:
        known = twins.candidates(connection, [one, other])
    duplicates.propose(first, [Merge(known[one], known[other])], "asked her")
    office.sync(first, second)
    at = sit(boss)
    assert isinstance(at.pane.page, PeoplePage)
    at.press(Qt.Key.Key_Space)
    sign(at)
    office.sync(second, first)
    both = whole(first, other)
    assert both.row.id == one
    duplicates.part(first, one, both.joined[0], "two sisters")
    office.sync(first, second)
    at.pane.refresh()
    at.settle()
    at.choose(at.pane.found.asked[0].record)
    assert isinstance(at.pane.page, PeoplePage)
    at.press(Qt.Key.Key_Space)
    sign(at)
    office.sync(second, first)
    assert whole(first, other).row.id == other


def test_an_office_without_proposals_says_so(office: Commune, boss: Desk, sit: Sit) -> None:
    at = sit(boss)
    assert shown(at.pane.shown, Empty)
    assert not at.pane.foot.isVisible()


def test_who_approves_has_it_in_the_rail_and_everybody_comes_from_today(office: Commune, boss: Desk) -> None:
    paid(office)
    approving, enrolling = ([section.room for section in _sections(desk)] for desk in (boss, office.desks[0]))
    assert ("approvals" in approving, "approvals" in enrolling) == (True, False)
    assert _counts(Progress(), boss)["approvals"] == 1
    with boss.vault.read() as connection:
        ways = {queue.key: (count, way.room) for count, queue, way in _queues(queries.today(connection, ""))}
    assert ways["proposals"] == (1, "approvals")


def test_the_file_tells_since_when_by_whom_and_why_not(office: Commune, boss: Desk) -> None:
    first, second = office.desks
    lan = paid(office, number="12610001844")
    approve(boss, _proposal(boss, lan))
    office.sync(second, first)
    for number, answer in (("12610001845", approve), ("12610001846", _refuse)):
        enrol(first, _again(first, lan, number))
        office.sync(first, second)
        answer(boss, _open(boss))
        office.sync(second, first)
    file = read_file(Progress(), first, lan)
    by_end = {str(each.opened.values["number"])[-1]: each for each in file.person.accounts}
    assert {end: each.standing for end, each in by_end.items()} == {
        "5": "in_force",
        "6": "refused",
        "4": "earlier",
    }
    assert approved_words(file, by_end["5"])
    assert "1845" in why_ended(file, by_end["4"], first.reference)
    assert " – " in span_words(file, by_end["4"])
    assert "“Thiếu phiếu”" in why_ended(file, by_end["6"], first.reference)


def _again(desk: Desk, who: str, number: str) -> Enrolment:
    bank = desk.reference.providers.find("BIDV")
    assert bank is not None
    return Enrolment(who, "bank", bank.code, number, "LO THI LAN", "typed", "Tôi đồng ý", "fingerprint")


def _open(desk: Desk) -> str:
    with desk.vault.read() as connection:
        (waiting,) = store_queue.waiting(connection, 10)
    return waiting.opened.record


def _refuse(desk: Desk, proposal: str) -> str:
    return approvals.refuse(desk, proposal, "Thiếu phiếu")
