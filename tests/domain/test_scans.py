"""What an input method does to a scanner's keys is undone where that can be proven, and else refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.emv import is_sound
from app.domain.errors import Refusal
from app.domain.scans import kind_of_scan, repair_input_method
from tests.domain.naughty import anything, refusal_of

CARD = "014148032213|050123456|Nguyễn Thị Ướt|02031954|Nữ|Bản 5, Xã Mường Lạn, Sơn La|10052021"
VIETQR = "00020101021138570010A00000072701270006970405011312345678901230208QRIBFTTA53037045802VN6304EF9A"
WITH_AMOUNT = (
    "00020101021238570010A00000072701270006970405011312345678901230208QRIBFTTA"
    "530370454065400005802VN62160812TCXH 11 2026630419DD"
)
NUMBER_ROW = str.maketrans("1234567890", "ăâêô\u0300\u0309\u0303\u0301\u0323đ")


@pytest.mark.parametrize("text", [CARD, VIETQR, WITH_AMOUNT, "014148032213", "Lò Văn A", ""])
def test_what_is_whole_stays(text: str) -> None:
    assert repair_input_method(f"]Q3{text}\r\n") == text


def test_bytes_typed_one_by_one_become_letters() -> None:
    typed = "".join(
        chr(byte) if byte in b"\x81\x8d\x8f\x90\x9d" else bytes([byte]).decode("cp1252")
        for byte in CARD.encode()
    )
    assert typed != CARD
    assert repair_input_method(typed) == CARD


def test_the_number_row_of_windows_vietnamese_layout_is_read_back() -> None:
    assert repair_input_method(CARD.translate(NUMBER_ROW)) == CARD
    assert repair_input_method(VIETQR.translate(NUMBER_ROW)) == VIETQR
    assert repair_input_method("014148032213".translate(NUMBER_ROW)) == "014148032213"


@pytest.mark.parametrize(
    ("whole", "typed"),
    [
        (VIETQR, VIETQR.replace("QRIBFTTA", "QRÌBTTA").replace("EF9A", "È9A")),  # Telex: F after a vowel
        (VIETQR, VIETQR.replace("QRIBFTTA", "QRIBTTÀ").replace("EF9A", "È9A")),
        (WITH_AMOUNT, WITH_AMOUNT.replace("DD", "Đ")),  # Telex: DD
        (WITH_AMOUNT, WITH_AMOUNT.replace("A530", "Ạ30")),  # VNI: 5 eaten
        (VIETQR, VIETQR.lower()),  # Caps Lock
    ],
)
def test_a_vietqr_is_repaired_against_its_check_sum(whole: str, typed: str) -> None:
    assert typed != whole
    assert repair_input_method(typed) == whole


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (CARD.replace("0141480", "0141ạ80"), "card_qr.garbled"),
        (CARD.replace("02031954", "0203ấ54"), "card_qr.garbled"),
        (VIETQR.replace("12345", "1ẳ45"), "vietqr.garbled"),
    ],
)
def test_what_cannot_be_proven_is_refused(text: str, code: str) -> None:
    with pytest.raises(Refusal) as caught:
        repair_input_method(text)
    assert caught.value.code == code


def test_a_misread_vietqr_is_not_repaired_into_another() -> None:
    wrong = VIETQR.replace("12345", "12346")
    assert not is_sound(repair_input_method(wrong))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (CARD, "card"),
        (CARD.translate(NUMBER_ROW), "card"),
        (VIETQR, "vietqr"),
        (VIETQR.lower(), "vietqr"),
        (VIETQR.translate(NUMBER_ROW), "vietqr"),
        ("IDVNM0900000018001090000001<<9", "mrz"),
        ("014148032213", "number"),
        ("3906 2051 23456", "number"),
        ("1234", "other"),
        ("Nguyễn Văn A", "other"),
        ("https://example.org/00020101", "other"),
        ("", "other"),
    ],
)
def test_scans_are_told_apart(text: str, kind: str) -> None:
    assert kind_of_scan(text) == kind


@given(st.one_of(anything, st.text(max_size=20).map(lambda tail: VIETQR[:-4] + tail)))
def test_any_scan_is_repaired_or_refused(text: str) -> None:
    kind_of_scan(text)
    assert refusal_of(lambda: repair_input_method(text)) in ("", "card_qr.garbled", "vietqr.garbled")
