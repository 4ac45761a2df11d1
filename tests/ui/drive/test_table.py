"""One person after another: card, account, name, consent, slip; keys and scanner alone, nothing in force."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from app.actions import people
from app.ui.drive import whole_screen
from app.ui.drive.stage import ACCOUNT, CONSENT, SCAN, WAY
from app.ui.parts.buttons import Button
from tests.ui import pdf_text
from tests.ui.drive.hall import ACCOUNT as CODE
from tests.ui.drive.hall import CARD, NEW_CARD, NUMBER, PANH, Hall


def test_a_person_without_the_mouse(hall: Hall, panh: str, tmp_path: Path) -> None:
    hall.come_in()
    hall.room.tray.use_folder(str(tmp_path))
    hall.scan(CARD)
    assert hall.stage.at == WAY
    hall.scan(CODE)
    assert hall.stage.at == ACCOUNT
    hall.write("lo thi panh")
    hall.enter()
    assert hall.stage.at == CONSENT
    assert hall.room.saving.is_running is False
    hall.enter()  # not ticked: Enter never agrees for her
    assert hall.stage.at == CONSENT
    assert "Chưa đánh dấu" in hall.stage.notice.text
    hall.space()
    hall.key(Qt.Key.Key_F7)
    hall.enter()
    assert hall.stage.at == SCAN
    found = hall.her()
    account = found.accounts[0]
    assert account.standing == "proposed"
    assert found.row.account == "proposed"
    assert found.opened.values.get("receiving_account") is None
    assert {n: account.opened.values[n] for n in ("number", "holder", "evidence", "payee")} == {
        "number": NUMBER,
        "holder": "LO THI PANH",
        "evidence": "vietqr",
        "payee": "self",
    }
    consent = found.consents[0].values
    assert (consent["purpose"], consent["sign"], consent["given_by"]) == (
        "account_payment",
        "fingerprint",
        "self",
    )
    assert "91/2025/QH15" in str(consent["wording"])
    assert "356/2025" in str(consent["wording"])
    assert consent["given"] == date.today().isoformat()
    (slip,) = tmp_path.glob("phieu-*.pdf")
    (sheet,) = pdf_text.pages(slip.read_bytes())
    assert "Lò Thị Pánh" in sheet
    assert "•••••••••1845" in sheet
    assert NUMBER not in sheet
    assert hall.desk.officer.name in sheet
    assert slip.name in hall.stage.slip_notice.text


def test_a_slip_without_a_printer_waits_for_a_folder(hall: Hall, panh: str, tmp_path: Path) -> None:
    hall.come_in()
    hall.to_consent()
    hall.space()
    hall.enter()
    assert hall.her().row.account == "proposed"
    assert "chưa có máy in" in hall.stage.slip_notice.text
    assert hall.room.tray.waiting == 1
    hall.room.tray.use_folder(str(tmp_path / "nowhere"))
    hall.settle()
    assert hall.room.tray.waiting == 1  # the folder takes nothing: it waits on
    hall.room.tray.use_folder(str(tmp_path))
    hall.settle()
    assert len(list(tmp_path.glob("phieu-*.pdf"))) == 1
    assert hall.room.tray.waiting == 0


def test_the_next_card_saves_who_agreed(hall: Hall, panh: str) -> None:
    hall.come_in().to_consent()
    hall.scan(NEW_CARD)
    assert hall.stage.at == CONSENT  # not ticked yet: nothing is saved by a card
    assert "chưa ghi xong" in hall.stage.notice.text
    hall.space()
    hall.scan(NEW_CARD)
    assert hall.her().row.account == "proposed"
    assert hall.room.tray.waiting == 1  # her slip was sent out as Enter would have
    assert "Vì Văn Khụt" in _texts(hall)


def test_a_card_scanned_while_saving_waits_its_turn(hall: Hall, panh: str) -> None:
    people.add_person(hall.desk, {"name": "Vì Văn Khụt", "personal_id": "014054000888"}, "add")
    hall.come_in().to_consent()
    hall.space()
    hall.room.forward()
    assert hall.room.saving.is_running
    hall.scan(NEW_CARD)
    assert hall.her().row.account == "proposed"
    hall.settle()
    assert hall.stage.scan.question.held is not None  # her card says more than the register: asked
    hall.key(Qt.Key.Key_F7)
    assert hall.stage.at == WAY
    assert hall.room._name() == "Vì Văn Khụt"


def test_cash_wants_a_reason_and_undo_takes_it_back(hall: Hall, panh: str) -> None:
    hall.come_in().scan(CARD)
    hall.key(Qt.Key.Key_4, "4")
    hall.enter()
    assert hall.stage.at == WAY
    assert hall.stage.way.why.error
    hall.write("Xa chỗ rút tiền")
    hall.enter()
    assert hall.stage.at == SCAN
    assert hall.her().row.account == "cash"
    assert _done(hall) == [("Lò Thị Pánh", "cash")]
    notice = hall.stage.notice._notice
    assert notice is not None
    next(each for each in notice.findChildren(Button) if each.text() == "Hoàn tác").click()
    hall.settle()
    assert hall.her().row.account == "none"
    assert _done(hall) == []


def test_undo_withdraws_the_proposal(hall: Hall, panh: str) -> None:
    hall.come_in().to_consent()
    hall.space()
    hall.enter()
    assert _done(hall) == [("Lò Thị Pánh", "account")]
    undo = [each for each in hall.stage.side.findChildren(Button) if each.text() == "Hoàn tác"]
    undo[0].click()
    undo[0].click()  # a second press finds nothing more to take back
    hall.settle()
    assert "Đã rút lại" in hall.stage.notice.text
    found = hall.her()
    assert found.row.account == "none"
    assert [a.standing for a in found.accounts] == ["withdrawn"]
    assert [each.values["withdrawn"] for each in found.consents] == [date.today().isoformat()]
    assert _done(hall) == []


def test_counted_by_hamlet_and_by_hour(hall: Hall, panh: str) -> None:
    people.add_person(hall.desk, {"name": "Hà Thị Hiên", "hamlet": "Bản Co Mạ"}, "add")
    people.add_person(hall.desk, {"name": "Lò Văn Ún", "hamlet": "Bản Nà Lụa"}, "add")
    hall.come_in().to_consent()
    hall.space()
    hall.enter()
    tally = _tally(hall)
    assert (len(tally.done), tally.appointed, tally.left) == (1, 3, 2)
    assert set(tally.hamlets) == {("Bản Nà Lụa", 1, 2), ("Bản Co Mạ", 0, 1)}
    assert tally.per_hour is None  # one save makes no pace
    hall.stage.scan.called._chips[1].click()
    hall.settle()
    assert _tally(hall).appointed == 2
    assert hall.room.kept.drive is not None
    assert hall.room.kept.drive.hamlets == ("Bản Nà Lụa",)


def test_somebody_enrolled_already_is_told_and_not_enrolled_twice(hall: Hall, panh: str) -> None:
    hall.come_in().to_consent()
    hall.space()
    hall.key(Qt.Key.Key_F9)
    assert hall.room.tray.waiting == 0  # saved without a slip
    hall.scan(CARD)
    assert "chờ duyệt" in hall.stage.way.notice.text
    hall.scan(CODE)
    hall.write("lo thi panh")
    hall.enter()
    assert hall.stage.at == ACCOUNT
    assert "đã có trong sổ" in hall.stage.account.number.error
    assert len(hall.her().accounts) == 1


def test_typed_words_find_her_too(hall: Hall, panh: str) -> None:
    people.add_person(hall.desk, {**PANH, "personal_id": None, "name": "Lò Thị Pành", "birth": "1950"}, "add")
    hall.come_in()
    hall.stage.scan.called.place.control.setFocus()
    hall.window.search()  # Ctrl+K
    hall.write("lo thi pan")
    found = [row.name for row in hall.stage.scan.people.people]
    assert sorted(found) == ["Lò Thị Pành", "Lò Thị Pánh"]
    hall.key(Qt.Key.Key_Down)
    hall.enter()
    assert (hall.stage.at, hall.room._name()) == (WAY, found[1])
    hall.esc()
    hall.write("2213")
    hall.enter()
    assert hall.room._name() == "Lò Thị Pánh"


def _tally(hall: Hall):  # type: ignore[no-untyped-def]
    from app.actions.drive import tally
    from app.domain.progress import Progress

    assert hall.room.kept.drive is not None
    return tally(Progress(), hall.desk, hall.room.kept.drive)


def _done(hall: Hall) -> list[tuple[str, str]]:
    return [(each.name, each.how) for each in _tally(hall).done]


def _texts(hall: Hall) -> str:
    from PySide6.QtWidgets import QLabel, QLineEdit

    labels = [each.text() for each in hall.room.findChildren(QLabel) if each.isVisible()]
    boxes = [each.text() for each in hall.room.findChildren(QLineEdit) if each.isVisible()]
    return " ".join([*labels, *boxes])


def test_the_whole_screen_of_a_small_laptop(hall: Hall, panh: str, monkeypatch: pytest.MonkeyPatch) -> None:
    hall.come_in()
    assert not hall.window.isFullScreen()
    hall.key(Qt.Key.Key_F11)
    assert hall.window.isFullScreen()
    hall.window.go("today")
    assert not hall.window.isFullScreen()
    monkeypatch.setattr(whole_screen, "_LOW", 10_000)
    hall.come_in()
    hall.qtbot.waitUntil(hall.window.isFullScreen)
    hall.window.go("today")
    assert not hall.window.isFullScreen()
