"""Identity numbers are mended only where a machine damaged them; cards are read or refused with a reason."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.dates import PartialDate
from app.domain.errors import Refusal
from app.domain.identity import (
    CardQr,
    PersonalIdReading,
    birth_year_of,
    mask_personal_id,
    mask_phone,
    parse_card_qr,
    parse_mrz,
    plausibility,
    read_personal_id,
    sex_of,
)
from app.domain.phones import PhoneReading, read_phone
from app.domain.reference import Reference
from app.resources import load_reference
from tests.domain.naughty import NAUGHTY, anything, refusal_of

REFERENCE = load_reference()
NUMBER = "014148032213"
CARD = f"{NUMBER}|050123456|Lò Thị Lan|02031948|Nữ|Bản Nà Lốc, Mường Lạn, Sơn La|10052021"
personal_ids = st.from_regex(r"\A0(0[12468]|[1-8][0-9]|9[0-6])[0-3][0-9]{8}\Z")


@given(personal_ids)
def test_zeros_a_spreadsheet_took_come_back(number: str) -> None:
    assert read_personal_id(number) == PersonalIdReading(number)
    as_number = str(int(number))
    lost = () if as_number == number else ("lost_zero",)
    assert read_personal_id(as_number) == PersonalIdReading(number, None, lost)
    assert read_personal_id(f"{as_number}.0").personal_id == number
    assert read_personal_id(f"{int(number):.5E}").problem == "invalid_personal_id"


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("'014148032213", ("apostrophe",)),
        ("014 148 032 213", ("separators",)),
        ("014\xa0148.032-213", ("separators",)),
        ("014148032213.0", ("decimal_zero",)),
        ("14,148,032,213", ("separators", "lost_zero")),
        ("Số CCCD: 014148032213", ("label",)),
        ("Căn cước công dân 014148032213", ("label",)),
    ],
)
def test_a_number_is_mended_and_says_so(text: str, mended: tuple[str, ...]) -> None:
    assert read_personal_id(text) == PersonalIdReading(NUMBER, None, mended)


NO_NUMBERS = [
    "01508715018O",
    "1.09901E+11",
    "01414803221",
    "0141480322",
    "99148032213",
    "1414803221322",
    "123",
]
NO_NUMBERS += [
    "abc",
    "014148032213 Lan",
    "０１４１４８０３２２１３",
    "3043797425",
    "1443797425",
    "14948032213",
    "01414803221٣",
]


@pytest.mark.parametrize("text", NO_NUMBERS)
def test_a_number_that_cannot_be_one_is_never_guessed(text: str) -> None:
    assert read_personal_id(text) == PersonalIdReading(problem="invalid_personal_id")


@pytest.mark.parametrize(
    "text",
    ["", " ", "-", "--", "chưa có", "Chưa cấp", "không", "k có", "ko có", "không nhớ", "mất", "0", "0" * 12],
)
def test_saying_there_is_none_is_a_missing_number(text: str) -> None:
    assert read_personal_id(text) == PersonalIdReading(problem="missing_personal_id")


def test_an_old_number_is_kept_beside() -> None:
    assert read_personal_id("050123456") == PersonalIdReading(None, "050123456", (), "old_id_number")
    assert read_personal_id("50123456").old_id == "050123456"
    both = PersonalIdReading(NUMBER, "050123456", ("two_numbers",))
    assert read_personal_id(f"{NUMBER} (CMND cũ 050123456)") == both
    assert read_personal_id(f"050123456 / {NUMBER}") == both


@given(anything)
def test_any_cell_is_a_number_or_a_problem(text: str) -> None:
    reading = read_personal_id(text)
    assert (reading.personal_id is None) == (reading.problem is not None)
    assert reading.personal_id is None or len(reading.personal_id) == 12


def test_doubts_are_told_and_no_more(reference: Reference) -> None:
    assert (sex_of(NUMBER), birth_year_of(NUMBER)) == ("female", 1948)
    assert (sex_of("014215000001"), birth_year_of("014215000001")) == ("male", 2015)
    assert plausibility(NUMBER, "female", PartialDate(1948), reference) == ()
    assert plausibility(NUMBER, None, None, reference) == ()
    doubts = plausibility("003" + NUMBER[3:], "male", PartialDate(1950, 3), reference)
    assert doubts == ("unknown_id_province", "sex_disagrees", "birth_disagrees")


def test_masks_show_enough_to_recognise() -> None:
    assert mask_personal_id(NUMBER) == "014•••••2213"
    assert mask_personal_id("050123456") == "••••••456"
    assert mask_phone("0987654321") == "098••••321"
    assert [mask_personal_id("12"), mask_phone("")] == ["••", ""]


def test_a_card_is_read() -> None:
    assert parse_card_qr(CARD + "\r\n") == CardQr(
        NUMBER,
        "050123456",
        "Lò Thị Lan",
        PartialDate(1948, 3, 2),
        "female",
        "Bản Nà Lốc, Mường Lạn, Sơn La",
        PartialDate(2021, 5, 10),
    )


@pytest.mark.parametrize(
    ("written", "birth"),
    [
        ("02031948", "1948-03-02"),
        ("02/03/1948", "1948-03-02"),
        ("1948", "1948"),
        ("00001948", "1948"),
        ("00031948", "1948-03"),
    ],
)
def test_cards_old_and_new(written: str, birth: str) -> None:
    card = parse_card_qr(CARD.replace("050123456", "").replace("02031948", written) + "|Lò Văn A|Vì Thị B||")
    assert (card.old_id, card.birth.iso(), card.sex) == (None, birth, "female")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "card_qr.not_a_card"),
        ("Nguyễn Văn A", "card_qr.not_a_card"),
        ("a|b|c|d|e|f|g", "card_qr.garbled"),
        (CARD.rsplit("|", 3)[0], "card_qr.cut_short"),
        (CARD[1:], "card_qr.number"),
        (CARD.replace("02031948", "31021948"), "card_qr.birth"),
        (CARD.replace("02031948", ""), "card_qr.birth"),
        (CARD.replace("Lò Thị Lan", " "), "card_qr.name"),
        (CARD.replace("Nữ", "X"), "card_qr.sex"),
        (CARD.replace("0141480", "0141ạ8"), "card_qr.garbled"),
    ],
)
def test_a_card_is_refused_with_the_reason(text: str, code: str) -> None:
    assert refusal_of(lambda: parse_card_qr(text)) == code


def test_a_scanner_without_vietnamese_letters_is_noticed() -> None:
    lost = parse_card_qr(CARD.replace("Nữ", "N?").replace("Lò Thị", "L? Th?"))
    assert (lost.personal_id, lost.sex, lost.mended) == (NUMBER, "female", ("letters_lost",))


@given(st.one_of(anything, st.lists(anything, min_size=7, max_size=9).map("|".join)))
def test_any_scan_is_a_card_or_refused(text: str) -> None:
    code = refusal_of(lambda: parse_card_qr(text))
    assert code.startswith(("card_qr.", "vietqr.")) or text.count("|") >= 6


MRZ = ["IDVNM1480322138014148032213<<5", "4803025F3803028VNM<<<<<<<<<<<0", "LO<<THI<LAN<<<<<<<<<<<<<<<<<<<"]


def test_a_machine_readable_zone_is_proven() -> None:
    zone = parse_mrz(MRZ)
    assert (zone.personal_id, zone.birth.iso(), zone.sex, zone.name) == (
        NUMBER,
        "1948-03-02",
        "female",
        "LO THI LAN",
    )
    assert zone.expires == PartialDate(2038, 3, 2)
    assert parse_mrz([line.lower() + "\n" for line in MRZ]) == zone


@pytest.mark.parametrize("line", [0, 1])
def test_one_wrong_digit_is_found(line: int) -> None:
    for place, letter in enumerate(MRZ[line]):
        if letter.isdigit():
            wrong = MRZ[line][:place] + str((int(letter) + 1) % 10) + MRZ[line][place + 1 :]
            lines = [wrong if at == line else text for at, text in enumerate(MRZ)]
            with pytest.raises(Refusal, match=r"mrz\.check_digit"):
                parse_mrz(lines)


@given(st.lists(st.one_of(anything, st.sampled_from(MRZ)), max_size=4))
def test_any_lines_are_a_zone_or_refused(lines: list[str]) -> None:
    code = refusal_of(lambda: parse_mrz(lines))
    assert code.startswith("mrz.") or len(lines) >= 3


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("0987654321", ()),
        ("0987.654.321", ("separators",)),
        ("+84 987 654 321", ("separators", "country_code")),
        ("84987654321", ("country_code",)),
        ("987654321", ("lost_zero",)),
        ("987654321.0", ("decimal_zero", "lost_zero")),
        ("ĐT: 0987654321", ()),
        ("0987654321 (con trai)", ("remark",)),
    ],
)
def test_telephones_are_mended(text: str, mended: tuple[str, ...]) -> None:
    assert read_phone(text, REFERENCE) == PhoneReading("0987654321", mended)


def test_telephones_of_before_2018_have_a_new_prefix() -> None:
    for old, new in REFERENCE.old_phone_prefixes.items():
        assert read_phone(old + "1234567", REFERENCE).phone == new + "1234567"
    assert read_phone("1651234567", REFERENCE).mended == ("lost_zero", "old_prefix")


@pytest.mark.parametrize(
    "text", ["0987654321/0912345678", "0987654321 - 0912345678", "0987654321 0912345678"]
)
def test_of_two_telephones_the_first_counts_and_none_is_lost(text: str) -> None:
    assert read_phone(text, REFERENCE) == PhoneReading("0987654321", ("second_phone",), None, ("0912345678",))


@given(st.one_of(anything, st.sampled_from(NAUGHTY)))
def test_any_cell_is_a_telephone_or_not(text: str) -> None:
    reading = read_phone(text, REFERENCE)
    assert reading.phone is None or (reading.phone[0] == "0" and len(reading.phone) in (10, 11))
    assert not (reading.phone and reading.problem)


@pytest.mark.parametrize("text", ["123", "098765432O", "098765432", "abc", "O987654321", "00000000000"])
def test_what_is_no_telephone_is_said(text: str) -> None:
    assert read_phone(text, REFERENCE) == PhoneReading(problem="invalid_phone")
