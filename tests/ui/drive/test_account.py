"""Step 3: provider and number by scan or hand, whose name it is, who receives, who else is paid there."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt

from app.actions import people
from app.actions.invented.people import vietqr
from app.actions.people import change_record
from app.domain.fees import FeePolicy
from app.store.opened import open_record
from app.ui.drive.account import AccountStep
from app.ui.drive.stage import ACCOUNT, CONSENT, SCAN, WAY
from app.ui.forms.field import Field
from tests.ui.drive.hall import ACCOUNT as CODE
from tests.ui.drive.hall import CARD, NEW_CARD, NUMBER, PANH, Hall

DAUGHTER = "014175000321||Lò Thị Dung|05061975|Nữ|Bản Nà Lụa, Mộc Sơn, Sơn La|01012022"


def account(hall: Hall) -> AccountStep:
    return hall.stage.account


def put(field: Field, words: str) -> None:  # type: ignore[type-arg]
    field.control.setText(words)
    field.control.textEdited.emit(words)


def agree(hall: Hall) -> dict[str, object]:
    """Through the consent; the newest account as it was saved."""
    assert hall.stage.at == CONSENT
    hall.space()
    hall.key(Qt.Key.Key_F9)
    assert hall.stage.at == SCAN
    return dict(hall.her().accounts[0].opened.values)


def test_typed_numbers_of_any_length_and_a_bank_by_its_old_name(hall: Hall, panh: str) -> None:
    hall.come_in().scan(CARD)
    hall.enter_way("1")
    hall.write("lienviet")
    hall.enter()
    assert account(hall).provider.control.value() == "LPB"
    hall.write("77")
    assert "Độ dài" in account(hall).number._below.text()
    assert account(hall).number.error == ""
    put(account(hall).holder, "Lo Thi Panh")
    hall.enter()
    saved = agree(hall)
    assert (saved["provider"], saved["number"], saved["evidence"]) == ("LPB", "77", "typed")


def test_mobile_money_by_her_own_telephone(hall: Hall, panh: str) -> None:
    hall.come_in().scan(CARD)
    hall.enter_way("3")
    hall.write("viettel")
    hall.enter()
    account(hall).own_phone.click()
    hall.settle()
    put(account(hall).holder, "lo thi panh")
    hall.enter()
    saved = agree(hall)
    assert (saved["kind"], saved["provider"], saved["number"]) == ("mobile_money", "VTLMONEY", "0388000111")


def test_another_way_takes_its_provider_with_it(hall: Hall, panh: str) -> None:
    hall.come_in().to_account()
    hall.esc()
    hall.key(Qt.Key.Key_2, "2")
    assert account(hall).provider.control.value() is None
    assert account(hall).number.control.text() == ""
    hall.scan(CODE)  # a bank's code where a wallet was wanted: she is paid by the bank
    hall.write("lo thi panh")
    hall.esc()
    assert hall.stage.way.ways.value() == "bank"
    hall.enter()
    hall.enter()
    assert agree(hall)["kind"] == "bank"


def test_a_changed_number_is_no_longer_as_scanned(hall: Hall, panh: str) -> None:
    hall.come_in().to_account()
    stale = account(hall).sharing
    assert stale is not None
    put(account(hall).number, NUMBER + "9")
    account(hall).show_sharing(stale)
    assert account(hall).sharing is None  # what the register said was of another number
    hall.settle()
    hall.write("lo thi panh")
    said = hall.room._collect()
    assert said is not None
    assert (said.evidence, said.scanned, said.number) == ("typed", "", NUMBER + "9")


def test_another_name_wants_a_reason(hall: Hall, panh: str) -> None:
    hall.come_in().to_account()
    hall.enter()
    assert "ghi tên ai" in account(hall).holder.error
    hall.write("lò thị panh")  # accents aside is the same to a bank
    assert not account(hall).mismatch.isVisible()
    put(account(hall).holder, "lo thi la")
    hall.enter()
    assert hall.stage.at == ACCOUNT
    assert account(hall).mismatch.error
    put_reason(account(hall).mismatch, "Thẻ mở theo tên khai sinh cũ")
    hall.enter()
    assert agree(hall)["mismatch_reason"] == "Thẻ mở theo tên khai sinh cũ"


def test_one_account_for_strangers_is_flagged(hall: Hall, panh: str) -> None:
    hall.come_in().to_consent()
    agree(hall)
    people.add_person(hall.desk, {"name": "Vì Văn Khụt", "personal_id": "014054000888"}, "add")
    hall.scan(NEW_CARD)
    hall.key(Qt.Key.Key_F7)
    hall.scan(CODE)
    hall.write("vi van khut")
    hall.enter()
    assert hall.stage.at == ACCOUNT
    assert account(hall).shared.isVisible()
    assert "1 người khác hộ" in account(hall).known.held.accessibleName()  # type: ignore[union-attr]
    assert account(hall).shared.error
    put_reason(account(hall).shared, "Hàng xóm rút tiền giúp")
    hall.enter()
    hall.space()
    hall.key(Qt.Key.Key_F9)
    saved = hall.her("014054000888").accounts[0].opened.values
    assert saved["shared_reason"] == "Hàng xóm rút tiền giúp"


def test_one_account_for_a_household_is_not(hall: Hall, panh: str) -> None:
    house = hall.desk.ids.new()
    other = people.add_person(hall.desk, {"name": "Vì Văn Khụt", "personal_id": "014054000888"}, "add")
    for person in (panh, other):
        with hall.desk.vault.read() as connection:
            opened = open_record(connection, "person", person)
        assert opened is not None
        change_record(hall.desk, opened, {"household": house}, "gộp hộ")
    hall.come_in().to_consent()
    agree(hall)
    hall.scan(NEW_CARD)
    hall.key(Qt.Key.Key_F7)
    hall.scan(CODE)
    hall.write("vi van khut")
    hall.enter()
    assert hall.stage.at == CONSENT


def put_reason(field: Field, words: str) -> None:  # type: ignore[type-arg]
    field.control._box.setText(words)
    field.control._box.textEdited.emit(words)


def test_somebody_receives_for_her(hall: Hall, panh: str) -> None:
    hall.come_in().to_account()
    payee = account(hall).payee
    payee.kind.set_value("authorised")
    hall.scan(CARD)
    assert payee.texts["payee_name"].value() == ""  # her own card again is not who receives
    hall.scan(DAUGHTER)
    assert payee.texts["payee_name"].value() == "Lò Thị Dung"
    put(account(hall).holder, "lo thi dung")
    assert not account(hall).mismatch.isVisible()
    hall.enter()
    assert payee.form.fields["payee_relation"].error
    put(payee.form.fields["payee_relation"], "con gái")
    hall.enter()
    assert payee.form.fields["payee_paper"].error
    put(payee.form.fields["payee_paper"], "Giấy uỷ quyền 12/UBND")
    put(payee.form.fields["payee_until"], "01/01/2020")
    hall.enter()
    assert "hết hạn" in payee.form.fields["payee_until"].error
    put(payee.form.fields["payee_until"], "31/12/2031")
    hall.enter()
    assert "nhận thay" in hall.stage.consent.agreed.text()  # type: ignore[union-attr]
    saved = agree(hall)
    assert {name: saved[name] for name in ("payee", "payee_name", "payee_id", "payee_until")} == {
        "payee": "authorised",
        "payee_name": "Lò Thị Dung",
        "payee_id": "014175000321",
        "payee_until": "2031-12-31",
    }
    assert hall.her().consents[0].values["given_by"] == "authorised"


def test_for_a_child_who_receives_is_asked(hall: Hall) -> None:
    people.add_person(hall.desk, {**PANH, "name": "Lò Văn Tý", "birth": "2019-03-12"}, "add")
    hall.come_in().scan(CARD.replace("Lò Thị Pánh", "Lò Văn Tý").replace("1948", "2019").replace("Nữ", "Nữ"))
    hall.scan(CODE)
    hall.write("lo van ty")
    hall.enter()
    assert hall.stage.at == ACCOUNT
    assert account(hall).payee.kind.value() is None


def test_bad_codes_are_told_and_fees_that_nobody_told_are_not_zero(hall: Hall, panh: str) -> None:
    from PySide6.QtWidgets import QLabel

    hall.come_in().scan(CARD)
    words = [each.text() for each in hall.stage.way.fees.findChildren(QLabel)]
    assert "Chưa rõ, hỏi ngân hàng" in words
    assert not any(each in ("0 đ", "Không phí") for each in words)
    bank = hall.desk.reference.providers.find("Agribank")
    assert bank is not None
    known = FeePolicy(bank.code, "", "", 0, 3_300, 50_000, "", date(2026, 1, 1))
    fees = hall.stage.way._fee_card([known])
    told = [each.text() for each in fees.findChildren(QLabel)]
    assert told[-2:] == ["Nơi khác", "Chưa rõ, hỏi ngân hàng"]
    for bad in (CODE[:-1] + ("0" if CODE[-1] != "0" else "1"), vietqr("999999", NUMBER)):
        hall.scan(bad)
        assert hall.stage.at == WAY
        assert hall.stage.notice.text
    hall.scan(CODE)
    hall.write("lo thi panh")
    hall.enter()
    shown = " ".join(each.text() for each in hall.stage.consent.account.findChildren(QLabel))
    assert "phí chưa rõ, hỏi ngân hàng" in shown
