"""Rows between and around people: headings, sums, second lines, signatures, questions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from app.sheets.proposed import Reading
from app.sheets.vocabulary import Meaning
from tests.sheets.scoring import read
from tests.sheets.workbooks import PlanSheet, write_xlsx

HEADINGS = "STT | Họ và tên | Năm sinh | Giới tính | Số CCCD | Đối tượng | Mức hưởng"
HANH = [1, "Lò Thị Hạnh", 1950, "Nữ", "014150032213", "NCT80", 540_000]
PAO = [2, "Quàng Văn Páo", 1948, "Nam", "014048032214", "NCT80", 540_000]


def reading_of(
    folder: Path, *rows: list[Any] | str, sheet: str = "Tháng 11", merged: tuple[int, ...] = ()
) -> Reading:
    plan = PlanSheet(sheet)
    for row in rows:
        plan.head(row) if isinstance(row, str) else plan.row(row)
    write_xlsx([plan], folder / "list.xlsx")
    return read(folder / "list.xlsx", kind="xlsx")


def names(reading: Reading) -> list[str]:
    return [person.name for person in reading.people]


def test_a_name_alone_is_a_question(tmp_path: Path) -> None:
    reading = reading_of(tmp_path, HEADINGS, HANH, [None, "Giàng A Lử"], PAO)
    assert names(reading) == ["Lò Thị Hạnh", "Quàng Văn Páo"]
    assert [(question.row, question.why) for question in reading.questions] == [(3, "name_alone")]


def test_facts_without_a_name_are_a_question(tmp_path: Path) -> None:
    reading = reading_of(tmp_path, HEADINGS, HANH, [2, None, 1948, "Nam", "014048032214"])
    assert [(question.row, question.why) for question in reading.questions] == [(3, "no_name")]


def test_a_second_line_of_a_merged_person_is_a_question(tmp_path: Path) -> None:
    plan = PlanSheet("Tháng 11")
    plan.head(HEADINGS)
    plan.row(HANH)
    plan.row([None, None, None, None, "014150032299", "DTN", 540_000])
    plan.merge(2, 1, 3, 1)
    write_xlsx([plan], tmp_path / "list.xlsx")
    reading = read(tmp_path / "list.xlsx", kind="xlsx")
    assert (names(reading), [question.why for question in reading.questions]) == (
        ["Lò Thị Hạnh"],
        ["continues"],
    )


def test_people_above_the_first_headings_are_asked_about(tmp_path: Path) -> None:
    reading = reading_of(tmp_path, [None, "Giàng A Lử", None, None, "014048032299"], [], HEADINGS, HANH)
    assert [(question.row, question.why) for question in reading.questions] == [(1, "outside_table")]


def test_signatures_are_nobody(tmp_path: Path) -> None:
    reading = reading_of(
        tmp_path,
        HEADINGS,
        HANH,
        "| Tổng cộng (1 người)",
        "| | | Mường Lạn, ngày 20 tháng 11 năm 2026",
        "| Người lập biểu | | | Chủ tịch",
        "| Trần Thị Lập | | | Nguyễn Văn Ký",
    )
    sums = reading.sums[0]
    assert (names(reading), sums.totals, sums.other, sums.questions) == (["Lò Thị Hạnh"], 1, 3, 0)


def test_people_below_the_signatures_are_people(tmp_path: Path) -> None:
    reading = reading_of(tmp_path, HEADINGS, HANH, "| Người lập biểu", PAO)
    assert names(reading) == ["Lò Thị Hạnh", "Quàng Văn Páo"]


def test_a_family_called_tong_is_no_sum(tmp_path: Path) -> None:
    reading = reading_of(tmp_path, HEADINGS, [1, "Tống Văn Cộng", 1950, "Nam", "014050032213"])
    assert names(reading) == ["Tống Văn Cộng"]


def test_the_group_of_a_heading_ends_with_a_heading_nobody_knows(tmp_path: Path) -> None:
    bare = HANH[:5]
    reading = reading_of(
        tmp_path, HEADINGS, "I | Người khuyết tật nặng", bare, "II | Đối tượng khác của xã", [2, *PAO[1:5]]
    )
    first, second = reading.people
    assert (first.group, second.group) == ("NKT-N", None)
    assert [problem.kind for problem in second.problems] == ["unknown_group"]


def test_ditto_marks_and_blanks_are_not_the_same(tmp_path: Path) -> None:
    heads = HEADINGS.replace("Mức hưởng", "Thôn")
    rows = [[*HANH[:6], "Thôn 1"], [*PAO[:6], "″"], [3, "Giàng A Lử", 1950, "Nam", "014050032299", "NCT80"]]
    reading = reading_of(tmp_path, heads, *rows)
    assert [person.hamlet for person in reading.people] == ["Thôn 1", "Thôn 1", None]
    assert [mended.kind for mended in reading.people[1].mended] == ["ditto"]


def test_a_sheet_named_after_its_hamlet_or_group(tmp_path: Path) -> None:
    heads = "STT | Họ và tên | Năm sinh | Giới tính | Số CCCD"
    assert reading_of(tmp_path, heads, HANH[:5], sheet="Bản Nà Lốc").people[0].hamlet == "Bản Nà Lốc"
    assert reading_of(tmp_path, heads, HANH[:5], sheet="NKT nặng").people[0].group == "NKT-N"


def test_a_column_nobody_knows_is_asked_about_once_and_kept(tmp_path: Path) -> None:
    rows = [[*HANH, "A1"], [*PAO, "B2"]]
    reading = reading_of(tmp_path, HEADINGS + " | Kiểm tra lần 2", *rows)
    assert [column.heading for column in reading.layouts[0].unknown] == ["Kiểm tra lần 2"]
    assert [dict(person.details.extra) for person in reading.people] == [
        {"Kiểm tra lần 2": "A1"},
        {"Kiểm tra lần 2": "B2"},
    ]


def test_contents_outweigh_a_wrong_heading(tmp_path: Path) -> None:
    """CCCD and telephone swapped their headings."""
    people = [
        [number, f"Lò Văn {name}", 1950, "Nam", f"09870001{number:02d}", f"0140500322{number:02d}"]
        for number, name in enumerate(("An", "Bình", "Cường", "Dũng", "Giang", "Hải"), 10)
    ]
    reading = reading_of(tmp_path, "STT | Họ và tên | Năm sinh | Giới tính | Số CCCD | Số ĐT", *people)
    meanings = [column.meaning for column in reading.layouts[0].columns]
    assert meanings[4:] == [Meaning.PHONE, Meaning.PERSONAL_ID]


def test_a_sum_sheet_holds_nobody(tmp_path: Path) -> None:
    reading = reading_of(
        tmp_path,
        "STT | Đối tượng | Số người | Số tiền",
        [1, "Người cao tuổi từ đủ 80 tuổi trở lên", 90, 48_600_000],
        [2, "Người khuyết tật nặng", 40, 32_400_000],
        [None, "Tổng cộng", 130, 81_000_000],
    )
    assert reading.people == ()


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("1.09901E+11", "invalid_personal_id"),
        (109_901_000_000, "invalid_personal_id"),
        (14_150_032_213.5, "invalid_personal_id"),
        ("123456789", "old_id_number"),
        ("đang làm", "missing_personal_id"),
        ("014050032213", "sex_disagrees"),
        ("014149032213", "birth_disagrees"),
        ("099150032213", "unknown_id_province"),
    ],
)
def test_numbers_nobody_may_guess(tmp_path: Path, typed: object, problem: str) -> None:
    person = reading_of(tmp_path, HEADINGS, [*HANH[:4], typed, *HANH[5:]]).people[0]
    assert [found.kind for found in person.problems] == [problem]
    assert problem.startswith(("sex", "birth", "unknown")) or person.personal_id is None


def test_a_cell_without_a_value_is_a_problem_not_a_zero(tmp_path: Path) -> None:
    person = reading_of(tmp_path, HEADINGS, [*HANH[:6], "=VLOOKUP(F2,A:B,2)"]).people[0]
    assert (person.amount, [problem.kind for problem in person.problems]) == (None, ["invalid_amount"])


@pytest.mark.parametrize(
    ("title", "hamlet", "group"),
    [
        ("(Bản Nà Lốc - Tháng 11 năm 2026)", "Bản Nà Lốc", None),
        ("THÔN: NÀ SẲM", "Thôn Nà Sẳm", None),
        ("DANH SÁCH CHI TRẢ BẢN NÀ LỐC THÁNG 11/2026", "Bản Nà Lốc", None),
        ("Danh sách người khuyết tật nặng thôn Đông xã Mường Lạn", "thôn Đông", None),
        ("DANH SÁCH NGƯỜI KHUYẾT TẬT NẶNG", None, "NKT-N"),
        ("Tổ công tác chi trả xã Mường Lạn", None, None),
        ("(Xã khu vực III)", None, None),
        ("Theo văn bản số 12", None, None),
    ],
)
def test_titles_tell_hamlet_and_group(
    tmp_path: Path, title: str, hamlet: str | None, group: str | None
) -> None:
    heads = "STT | Họ và tên | Năm sinh | Giới tính | Số CCCD"
    person = reading_of(tmp_path, [title], heads, HANH[:5]).people[0]
    assert person.hamlet == hamlet
    assert group is None or person.group == group


def test_a_heading_of_a_code_in_words(tmp_path: Path) -> None:
    heads = "STT | Họ và tên | Năm sinh | Giới tính | Số CCCD"
    reading = reading_of(
        tmp_path, heads, "I | Nhóm: NCT80", HANH[:5], "II | Đối tượng: NKT-N (nặng)", PAO[:5]
    )
    assert [person.group for person in reading.people] == ["NCT80", "NKT-N"]


def test_a_bank_nobody_knows_is_told_as_written(tmp_path: Path) -> None:
    heads = HEADINGS.replace("Mức hưởng", "Số tài khoản")
    person = reading_of(tmp_path, heads, [*HANH[:6], "STK 123456789012 Quỹ Bản Xa"]).people[0]
    assert person.account is not None
    assert (person.account.provider, person.account.identifier) == (None, "Quỹ Bản Xa")
    assert [problem.kind for problem in person.problems] == ["unknown_provider"]


def test_habits_of_one_hurried_office(tmp_path: Path) -> None:
    """Headings cut short, ages beside years, amounts with their unit, two numbers in a cell, ditto marks."""
    found = reading_of(
        tmp_path,
        "Stt | Họ,tên NCT | Ng/sinh | G.tính | Số ĐDCN/CCCD | Đ.thoại | Đ/c | M.hưởng (đ/tháng)",
        [
            1,
            "Ông Lò Văn Ín",
            "ngày 02 tháng 3 năm 1940",
            "Nam",
            "014040001234\n(CMND 050123456)",
            "0987.654.321",
            "Bản Nà Lụa",
            "540.000đ/tháng",
        ],
        [
            2,
            "H'Lan Niê",
            "1943 (83 tuổi)",
            "Nữ",
            "CCCD: 066143001237",
            "84987654324",
            "Buôn Ky",
            "0.54 triệu",
        ],
        [3, "Y Bhăm Êban", "2/3/44", "Nam", "066044001238", "(con) 0987654323", "nt", "540k"],
        [4, "Giàng A Pó", "1/1/1946, 80t", "Nam", "không có", None, '"', '"'],
    )
    assert [person.amount for person in found.people] == [540_000] * 4
    births = [person.birth.iso() for person in found.people if person.birth]
    assert births == ["1940-03-02", "1943", "1944-03-02", "1946-01-01"]
    first, second, third, last = found.people
    assert (first.name, first.personal_id, first.old_id) == ("Lò Văn Ín", "014040001234", "050123456")
    assert (second.phone, third.phone) == ("0987654324", "0987654323")
    assert (third.hamlet, last.hamlet) == ("Buôn Ky", "Buôn Ky")
    assert [problem.kind for problem in last.problems] == ["missing_personal_id"]


def test_an_orphan_is_paid_and_her_parents_are_not(tmp_path: Path) -> None:
    found = reading_of(
        tmp_path,
        "STT | Họ và tên trẻ | Ngày sinh của trẻ | Mã định danh | Họ tên cha | Họ tên mẹ | Người giám hộ"
        " | Số tài khoản người giám hộ | Mức hưởng",
        [
            1,
            "Lò Thị Hoa",
            "05/06/2015",
            "014315000123",
            "Đã mất",
            "Đã mất",
            "Lò Văn Pọm",
            "7900205000001 Agribank",
            1350000,
        ],
        [
            2,
            "Quàng Văn Bình",
            "12/2012",
            "014212000124",
            "Quàng Văn Tâm (chết)",
            "Không rõ",
            "Quàng Thị Xuân",
            None,
            1350000,
        ],
    )
    assert names(found) == ["Lò Thị Hoa", "Quàng Văn Bình"]
    hoa = found.people[0]
    assert hoa.account is not None
    assert hoa.payee is not None
    assert (hoa.account.number, hoa.payee.name) == ("7900205000001", "Lò Văn Pọm")


def test_the_newest_month_tells_what_she_gets(tmp_path: Path) -> None:
    found = reading_of(
        tmp_path,
        "STT | Họ và tên | Năm sinh | Số CCCD | Tháng 9 |  | Tháng 10 |  | Tháng 11 | ",
        " |  |  |  | Số tiền | Ký nhận | Số tiền | Ký nhận | Số tiền | Ký nhận",
        [1, "Lò Văn Ín", 1940, "014040001234", 500_000, "x", 500_000, "x", 540_000, None],
        [2, "Cà Thị Ơn", 1942, "014142001235", 500_000, "x", 500_000, None, 540_000, None],
    )
    assert [person.amount for person in found.people] == [540_000, 540_000]
    kept = dict(found.people[0].details.extra)
    assert kept["Tháng 9 – Số tiền"] == "500000"


def test_a_group_within_a_group(tmp_path: Path) -> None:
    """`1. Trẻ em` below `I. Người khuyết tật nặng` is a group of its own, and nobody's name."""
    sheet = PlanSheet("Tháng 11")
    sheet.head("STT | Họ và tên | Năm sinh | Số CCCD | Ấp")
    expected: dict[int, str] = {}
    for label, group in (("I", "Người khuyết tật đặc biệt nặng"), ("II", "Người khuyết tật nặng")):
        sheet.row([label, group])
        code = "NKT-DBN" if label == "I" else "NKT-N"
        for number, (part, end) in enumerate((("Trẻ em", "-TE"), ("Người cao tuổi", "-NCT")), 1):
            sheet.row([number, part] if label == "I" else [None, f"- {part}"])
            row = sheet.row([1, "Lò Thị Hạnh", 1950, f"01415003221{len(expected)}", "Ấp 1"])
            expected[row] = code + end
    write_xlsx([sheet], tmp_path / "list.xlsx")
    reading = read(tmp_path / "list.xlsx", kind="xlsx")
    assert {person.row: person.group for person in reading.people} == expected


def test_a_second_line_of_a_person_is_asked_about(tmp_path: Path) -> None:
    sheet = PlanSheet("Tháng 11")
    sheet.head("STT | Họ và tên | Năm sinh | Số CCCD | Địa chỉ")
    sheet.row([1, "Lò Thị Hạnh", 1950, "014150032213", "Thôn 1"])
    sheet.row([None, "(mẹ: Lò Thị Hoa)"])
    sheet.row([2, "Lò Thị Lan", 1951, "014151032213", "Thôn 1"])
    write_xlsx([sheet], tmp_path / "list.xlsx")
    reading = read(tmp_path / "list.xlsx", kind="xlsx")
    assert [(question.row, question.why) for question in reading.questions] == [(3, "unclear")]


def test_groups_told_by_marks_in_columns(tmp_path: Path) -> None:
    """`NCT 80 | NKT nặng | Mồ côi` below `Đối tượng` are headings, and an x says which."""
    sheet = PlanSheet("Tháng 11")
    sheet.head("STT | Họ và tên | Năm sinh | Số CCCD | Đối tượng")
    sheet.head(" | | | | NCT 80 | NKT nặng | NKT ĐBN")
    sheet.merge(1, 4, 1, 6)
    marks = ([None, "x", None], ["x", None, None], [None, None, "X"], ["x", "x", None])
    for at, marked in enumerate(marks):
        sheet.row([at + 1, f"Lò Thị {at}", 1950, f"01415003221{at}", *marked])
    write_xlsx([sheet], tmp_path / "list.xlsx")
    people = read(tmp_path / "list.xlsx", kind="xlsx").people
    assert [person.group for person in people] == ["NKT-N", "NCT80", "NKT-DBN", None]
    assert [problem.kind for problem in people[3].problems] == ["remark_in_name", "unclear_group"]
