"""Groups are recognised as offices write them, and amounts follow the month."""

from __future__ import annotations

import pytest
from hypothesis import given

from app.domain.dates import PartialDate
from app.domain.errors import Refusal
from app.domain.policy import Level, Levels
from app.domain.reference import Reference
from app.resources import load_reference
from tests.domain.naughty import NAUGHTY, anything

REFERENCE = load_reference()


@pytest.mark.parametrize(
    ("code", "wordings"),
    [
        (
            "NCT80",
            [
                "Người cao tuổi từ đủ 80 tuổi trở lên không có lương hưu",
                "NCT 80",
                "nct80",
                "Từ đủ 80 tuổi trở lên",
            ],
        ),
        ("NKT-DBN", ["Người khuyết tật đặc biệt nặng", "NKT ĐBN", "KT đặc biệt nặng", "nkt-dbn", "NKTĐBN"]),
        (
            "NKT-DBN-TE",
            ["Người khuyết tật đặc biệt nặng là trẻ em", "Trẻ em KT đặc biệt nặng", "NKT ĐBN (TE)"],
        ),
        ("NKT-DBN-NCT", ["Người khuyết tật đặc biệt nặng là người cao tuổi", "NCT khuyết tật ĐBN"]),
        ("NKT-N", ["Người khuyết tật nặng", "NKT nặng", "III. NGƯỜI KHUYẾT TẬT NẶNG", "KTN"]),
        ("NKT-N-TE", ["NKT nặng là trẻ em", "Trẻ em khuyết tật nặng"]),
        ("NKT-N-NCT", ["Người khuyết tật nặng là người cao tuổi"]),
        (
            "TEMC",
            ["Trẻ em mồ côi cả cha và mẹ", "Trẻ em mồ côi cả cha lẫn mẹ", "TE mồ côi", "Mồ côi cả bố mẹ"],
        ),
        (
            "TE-KND",
            [
                "Trẻ em bị bỏ rơi chưa có người nhận",
                "Trẻ em mồ côi cha, mẹ mất tích",
                "Trẻ em mất nguồn nuôi dưỡng",
            ],
        ),
        ("TE-HOC", ["Người từ 16 đến 22 tuổi đang đi học"]),
        ("TE-HIV", ["Trẻ em nhiễm HIV thuộc hộ nghèo"]),
        ("HIV", ["Người nhiễm HIV/AIDS thuộc hộ nghèo"]),
        ("DTN", ["Người đơn thân nghèo đang nuôi con", "Đơn thân nghèo", "Hộ đơn thân nuôi con nhỏ"]),
        ("TE3", ["Trẻ em dưới 3 tuổi thuộc hộ nghèo vùng ĐBKK"]),
        ("NCT60-N", ["Người cao tuổi từ 60 đến 80 tuổi thuộc hộ nghèo không có người phụng dưỡng"]),
        ("NCT80-N", ["Người cao tuổi từ đủ 80 tuổi thuộc hộ nghèo không có người có nghĩa vụ phụng dưỡng"]),
        ("NCT75", ["Người cao tuổi từ đủ 75 đến dưới 80 tuổi vùng đặc biệt khó khăn"]),
        ("HTXH", ["Trợ cấp hưu trí xã hội", "HTXH", "Người từ đủ 75 tuổi trở lên hưởng hưu trí xã hội"]),
        ("HTXH70", ["Hưu trí xã hội từ đủ 70 đến dưới 75 tuổi hộ nghèo"]),
        ("CS-NKT", ["Kinh phí chăm sóc người khuyết tật đặc biệt nặng", "Hộ chăm sóc NKT đặc biệt nặng"]),
        ("NHAN-NKT", ["Hộ nhận chăm sóc, nuôi dưỡng người khuyết tật đặc biệt nặng"]),
        ("NHAN-TE", ["Hộ nhận nuôi dưỡng trẻ mồ côi"]),
        ("NKT-MT", ["Người khuyết tật nặng đang mang thai", "NKT đặc biệt nặng nuôi con dưới 36 tháng tuổi"]),
    ],
)
def test_groups_as_offices_write_them(code: str, wordings: list[str]) -> None:
    found = {wording: REFERENCE.groups.find(wording) for wording in wordings}
    assert {wording: group and group.code for wording, group in found.items()} == dict.fromkeys(
        wordings, code
    )


NO_GROUP = [
    "",
    "Cộng",
    "Tổng cộng",
    "Bản Nà Lốc",
    "DANH SÁCH ĐỐI TƯỢNG HƯỞNG TRỢ CẤP XÃ HỘI HÀNG THÁNG",
    "hộ nghèo",
]
NO_GROUP += [
    "Người cao tuổi",
    "Người khuyết tật",
    "Người khuyết tật nhẹ",
    "Người khuyết tật nặng, đặc biệt nặng",
]
NO_GROUP += ["Người cao tuổi cô đơn", "Tháng 11 năm 2026", "Tổ 80", "Lò Văn Nặng", "NGƯỜI LẬP BIỂU"]


@pytest.mark.parametrize("text", [*NO_GROUP, "Trẻ em, người cao tuổi khuyết tật đặc biệt nặng"])
def test_what_means_no_single_group(text: str) -> None:
    assert REFERENCE.groups.find(text) is None


def test_every_group_is_found_by_its_own_name(reference: Reference) -> None:
    found = {group.code: reference.groups.find(group.name) for group in reference.groups.all}
    assert {code: group and group.code for code, group in found.items()} == {code: code for code in found}
    codes = {group.code: reference.groups.find(group.code.lower()) for group in reference.groups.all}
    assert {code: group and group.code for code, group in codes.items()} == {code: code for code in codes}


def test_illness_is_never_shown_on_notices(reference: Reference) -> None:
    assert {group.code for group in reference.groups.all if group.is_hidden} == {"HIV", "TE-HIV"}


@given(anything)
def test_any_text_is_a_group_or_none(text: str) -> None:
    REFERENCE.groups.find(text)


def test_naughty_strings_are_no_groups() -> None:
    assert [text for text in NAUGHTY if REFERENCE.groups.find(text)] == []


@pytest.mark.parametrize(
    ("code", "coefficient", "month", "dong"),
    [
        ("NCT80", "1.0", PartialDate(2026, 11), 540_000),
        ("NKT-DBN-TE", "2.5", PartialDate(2026, 7), 1_350_000),
        ("NKT-DBN-TE", "2.5", PartialDate(2026, 6), 1_250_000),
        ("NKT-N", "1.5", PartialDate(2024, 7), 750_000),
        ("NKT-N", "1.5", PartialDate(2024, 6), 540_000),
        ("HTXH", "1.0", PartialDate(2025, 7), 500_000),
        ("HTXH", "1.0", PartialDate(2026, 12), 540_000),
    ],
)
def test_amounts_follow_the_month(code: str, coefficient: str, month: PartialDate, dong: int) -> None:
    group = REFERENCE.groups.by_code[code]
    assert REFERENCE.levels.monthly_amount(group, coefficient, month) == dong


def test_before_the_first_level_there_is_none() -> None:
    with pytest.raises(Refusal) as caught:
        REFERENCE.levels.in_force("pension", PartialDate(2025, 6))
    assert (caught.value.code, caught.value.facts) == ("policy.no_level", {"month": "2025-06"})


def test_a_province_may_pay_more_but_not_less() -> None:
    since = PartialDate(2024, 7)
    levels = Levels(
        (
            Level("assistance", since, 500_000, "", "", ""),
            Level("assistance", since, 650_000, "01", "", ""),
            Level("assistance", PartialDate(2026, 7), 700_000, "", "", ""),
        )
    )
    assert levels.in_force("assistance", PartialDate(2025, 1), "01").amount == 650_000
    assert levels.in_force("assistance", PartialDate(2025, 1), "14").amount == 500_000
    assert levels.in_force("assistance", PartialDate(2026, 8), "01").amount == 700_000
