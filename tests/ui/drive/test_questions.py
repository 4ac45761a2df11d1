"""Step 1: whom a card means, what is asked when that is not certain, what a bad code is told."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QGuiApplication, QImage

from app.actions import people
from app.store import queries
from app.store.listing import Listing
from app.ui.drive.stage import ACCOUNT, SCAN, WAY
from tests.ui.drive.hall import ACCOUNT as CODE
from tests.ui.drive.hall import CARD, NEW_CARD, NUMBER, PANH, Hall, save_picture

OTHER = "Lò Thị Lả"


def everybody(hall: Hall) -> int:
    with hall.desk.vault.read() as connection:
        return len(queries.ids(connection, Listing()))


def test_name_and_birth_without_a_number_are_asked(hall: Hall) -> None:
    person = people.add_person(hall.desk, {"name": "Lò Thị Pánh", "birth": "1948", "sex": "female"}, "add")
    hall.come_in().scan(CARD)
    assert hall.stage.at == SCAN
    assert "trùng họ tên và năm sinh" in text(hall)
    hall.enter()  # it is she; then what the card says more precisely
    assert "căn cước ghi khác sổ" in text(hall)
    hall.enter()
    assert hall.stage.at == WAY
    found = hall.her()
    assert found.row.id == person
    assert (found.opened.values["birth"], found.row.old_id) == ("1948-03-12", "145123456")
    assert hall.room.saving.is_running is False


def test_none_of_them_is_somebody_new(hall: Hall) -> None:
    people.add_person(hall.desk, {"name": "Lò Thị Pánh", "birth": "1948"}, "add")
    hall.come_in().scan(CARD)
    hall.stage.scan._ask_new()
    hall.write("Bản Nà Lụa")
    hall.enter()
    hall.room.forward()
    hall.room.forward()  # a second press while the first is written is no second person
    hall.settle()
    assert hall.stage.at == WAY
    assert everybody(hall) == 2
    assert hall.her().row.hamlet == "Bản Nà Lụa"
    hall.esc()
    hall.scan(NEW_CARD)
    assert hall.stage.scan.question.held is not None  # the list of before is gone, nothing hangs on it
    hall.esc()
    hall.write("pánh")
    assert len(hall.stage.scan.people.people) == 2


def test_a_new_card_with_a_year_and_no_old_number(hall: Hall) -> None:
    hall.come_in().scan(NEW_CARD)
    assert "Vì Văn Khụt · 1954 · 014•••••0888" in text(hall)
    assert everybody(hall) == 0
    hall.enter()
    assert hall.stage.at == WAY
    values = hall.her("014054000888").opened.values
    assert (values["birth"], values.get("old_id"), values["sex"]) == ("1954", None, "male")


def test_letters_lost_by_the_scanner_are_asked_for(hall: Hall) -> None:
    hall.come_in().scan("014148032213||L? Th? P?nh|12031948|N?|B?n N? L?a|01012022")
    name = hall.stage.scan._newcomer.fields["name"]  # type: ignore[union-attr]
    assert name.control.hasFocus()
    hall.enter()
    assert "Chưa có họ và tên" in name.error
    assert everybody(hall) == 0
    hall.write("Lò Thị Pánh")
    hall.enter()
    assert hall.her().row.name == "Lò Thị Pánh"


def test_card_and_register_disagree(hall: Hall) -> None:
    values = {**PANH, "name": OTHER}
    people.add_person(hall.desk, values, "add")
    hall.come_in().scan(CARD)
    assert f"{OTHER}: căn cước ghi khác sổ" in text(hall)
    hall.key(Qt.Key.Key_F7)
    assert (hall.stage.at, hall.her().row.name) == (WAY, OTHER)
    hall.esc()
    hall.scan(CARD)
    hall.enter()
    assert (hall.stage.at, hall.her().row.name) == (WAY, "Lò Thị Pánh")


def test_what_the_card_says_more_is_offered(hall: Hall) -> None:
    lacking = {**PANH, "old_id": None, "address": None}
    people.add_person(hall.desk, lacking, "add")
    hall.come_in().scan(CARD)
    assert hall.stage.at == WAY  # it holds up nobody
    assert "sổ chưa có" in hall.stage.notice.text
    assert "145123456" not in hall.stage.notice.text
    assert hall.her().row.old_id is None
    notice = hall.stage.notice._notice
    assert notice is not None
    button(notice, "Bổ sung vào sổ").click()
    hall.settle()
    assert hall.her().row.old_id == "145123456"
    assert hall.stage.at == WAY


def test_who_is_no_longer_paid_is_not_enrolled(hall: Hall) -> None:
    people.add_person(hall.desk, {**PANH, "state": "died"}, "add")
    hall.come_in().scan(CARD)
    assert hall.stage.at == SCAN
    assert "không còn đang hưởng" in hall.stage.notice.text


BAD = {
    "014148032213||Lò Thị Pánh|12031948|Nữ": "chưa được đọc hết",
    "01414803a213|145123456|Lò Thị Pánh|12031948|Nữ|Bản Nà Lụa|01012022": "bộ gõ",
    CODE: "chưa biết của ai",
    "014000000001": "Trong sổ chưa ai có số này",
    "HTTPS://EXAMPLE.VN/ABC": "không phải căn cước",
}


def test_other_codes_are_refused_with_the_reason(hall: Hall, panh: str) -> None:
    hall.come_in()
    for code, said in BAD.items():
        hall.scan(code)
        assert hall.stage.at == SCAN
        assert said in hall.stage.notice.text
    assert everybody(hall) == 1


def test_an_input_method_in_between_is_undone(hall: Hall, panh: str) -> None:
    row = str.maketrans("1234567890", "ăâêô\u0300\u0309\u0303\u0301\u0323đ")
    hall.come_in().scan(CARD.translate(row))
    assert (hall.stage.at, hall.room._name()) == (WAY, "Lò Thị Pánh")
    hall.scan(CODE.replace("QRIBFTTA", "QRIBFTTÂ"))
    assert (hall.stage.at, hall.stage.account.number.control.text()) == (ACCOUNT, NUMBER)


def test_codes_out_of_pictures(hall: Hall, panh: str, tmp_path: Path) -> None:
    hall.come_in()
    hall.room.pictures.take(save_picture(CARD, tmp_path / "card.png"))
    hall.settle()
    assert hall.stage.at == WAY
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(save_picture(CODE, tmp_path / "code.jpg")))])
    QGuiApplication.clipboard().setMimeData(mime)
    hall.enter_way("1")
    hall.key(Qt.Key.Key_V, "\x16", Qt.KeyboardModifier.ControlModifier)
    assert hall.stage.account.number.control.text() == NUMBER
    hall.write("lo thi panh")
    assert hall.room._collect().evidence == "picture"  # type: ignore[union-attr]
    QGuiApplication.clipboard().clear()


def test_a_picture_without_a_code_is_told(hall: Hall, panh: str, tmp_path: Path) -> None:
    blank = QImage(300, 300, QImage.Format.Format_RGB32)
    blank.fill(Qt.GlobalColor.white)
    assert blank.save(str(tmp_path / "blank.png"))
    (tmp_path / "text.png").write_text("no picture")
    hall.come_in()
    for name, said in (
        ("blank", "Không thấy mã QR"),
        ("text", "không phải ảnh đọc được"),
        ("nowhere", "không phải ảnh đọc được"),
    ):
        hall.room.pictures.take(tmp_path / f"{name}.png")
        hall.settle()
        assert said in hall.stage.notice.text


def text(hall: Hall) -> str:
    from PySide6.QtWidgets import QLabel

    held = hall.stage.scan.question.held
    return " ".join(each.text() for each in held.findChildren(QLabel)) if held is not None else ""


def button(part, words: str):  # type: ignore[no-untyped-def]
    from app.ui.parts.buttons import Button

    return next(each for each in part.findChildren(Button) if each.text() == words)
