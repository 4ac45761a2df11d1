"""Habits of clerks the samples do not know, one small list each: what a careful reader records."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from app.sheets.proposed import Proposed
from app.sheets.vocabulary import Meaning
from tests.sheets.scoring import read
from tests.sheets.workbooks import PlanSheet, write_csv, write_xlsx

NUMBERS = ("038140001234", "038041005678", "038142004321", "038043001111")
NAMES = ("Vi Thị Hoa", "Lò Văn Ba", "Kha Thị Mai", "Thò Bá Xò")


def people_of(folder: Path, headings: str, *columns: list[Any], kind: str = "xlsx") -> tuple[Proposed, ...]:
    """A list of up to four people: the columns behind ordinal, name and number, read back."""
    sheet = PlanSheet("Tháng 11")
    sheet.head(f"STT | Họ và tên | {headings}")
    for at, values in enumerate(zip(*columns, strict=True)):
        sheet.row([at + 1, NAMES[at], *values])
    path = folder / f"list.{kind}"
    if kind == "csv":
        write_csv([sheet], path, coding="utf-8", separator=",")
    else:
        write_xlsx([sheet], path)
    return read(path, kind="text" if kind == "csv" else kind).people


@pytest.mark.parametrize("heading", ["Hệ số mức trợ cấp", "HỆ SỐ MỨC TRỢ CẤP", "H.số", "Hệ số (lần)"])
def test_a_coefficient_is_no_amount(tmp_path: Path, heading: str) -> None:
    people = people_of(
        tmp_path, f"Năm sinh | Số CCCD | {heading}", [1940, 1941, 1942], [*NUMBERS[:3]], [1, 2.5, "1,5"]
    )
    assert [(person.coefficient, person.amount) for person in people] == [
        ("1.0", None),
        ("2.5", None),
        ("1.5", None),
    ]


def test_a_card_number_is_no_account(tmp_path: Path) -> None:
    people = people_of(tmp_path, "Năm sinh | Số thẻ CC/CCCD", [1940, 1941, 1942], [*NUMBERS[:3]])
    assert [(person.personal_id, person.account) for person in people] == [(it, None) for it in NUMBERS[:3]]


def test_when_somebody_began_is_no_birth(tmp_path: Path) -> None:
    """Births stand under Nam and Nữ, so a column of months nobody claims is still no birth."""
    sheet = PlanSheet("Tháng 11")
    sheet.head("STT | Họ và tên | Năm sinh | | Số CCCD | Ngày, tháng hưởng | Tháng bắt đầu hưởng")
    sheet.head(" | | Nam | Nữ")
    sheet.merge(1, 2, 1, 3)
    for at, number in enumerate(NUMBERS):
        born = [None, f"194{at}"] if number[3] == "1" else [f"194{at}", None]
        sheet.row([at + 1, NAMES[at], *born, number, f"01/0{at + 1}/2024", f"0{at + 1}/2024"])
    write_xlsx([sheet], tmp_path / "list.xlsx")
    people = read(tmp_path / "list.xlsx", kind="xlsx").people
    assert [person.birth and person.birth.iso() for person in people] == ["1940", "1941", "1942", "1943"]


def test_the_birth_column_of_the_sex_nobody_has(tmp_path: Path) -> None:
    """Empty in the rows looked at, it keeps what its heading says for the row that fills it."""
    sheet = PlanSheet("Tháng 11")
    sheet.head("STT | Họ và tên | Ngày tháng năm sinh | | Số CCCD")
    sheet.head(" | | Nam | Nữ")
    sheet.merge(1, 2, 1, 3)
    for at in range(3):
        sheet.row([at + 1, f"Vi Thị {at}", None, 1940 + at, f"03814{at}00123{at}"])
    write_xlsx([sheet], tmp_path / "list.xlsx")
    layout = read(tmp_path / "list.xlsx", kind="xlsx").layouts[0]
    assert [column.meaning for column in layout.columns[2:4]] == [Meaning.BIRTH_MALE, Meaning.BIRTH_FEMALE]


@pytest.mark.parametrize(
    ("typed", "hamlet"),
    [
        ("Bản Phồng, xã Tam Hợp, tỉnh Nghệ An", "Bản Phồng"),
        ("Bản Phồng - Tam Hợp", "Bản Phồng"),
        ("Tổ 3, Khu phố 2", "Tổ 3, Khu phố 2"),
        ("KHÓM 1", "Khóm 1"),
        ("TỔ DÂN PHỐ SỐ 5", "Tổ dân phố số 5"),
        ("TDP SỐ 1", "TDP số 1"),
        ("KP 2", "KP 2"),
    ],
)
def test_hamlets_as_written_in_full(tmp_path: Path, typed: str, hamlet: str) -> None:
    people = people_of(
        tmp_path, "Năm sinh | Số CCCD | Thôn, xóm", [1940, 1941], [*NUMBERS[:2]], [typed, typed]
    )
    assert [person.hamlet for person in people] == [hamlet, hamlet]


def test_full_width_figures(tmp_path: Path) -> None:
    wide = NUMBERS[0].translate({ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789"})
    people = people_of(tmp_path, "Năm sinh | Số CCCD", ["１９４０", 1941], [wide, NUMBERS[1]])
    assert (people[0].personal_id, people[0].birth and people[0].birth.year) == (NUMBERS[0], 1940)
    assert {mended.kind for mended in people[0].mended} >= {"full_width"}


def test_a_lunar_birth_keeps_its_year_and_is_asked_about(tmp_path: Path) -> None:
    people = people_of(tmp_path, "Ngày sinh | Số CCCD", ["12/3/1940 (âm lịch)", "1941"], [*NUMBERS[:2]])
    assert people[0].birth is not None
    assert people[0].birth.iso() == "1940"
    assert [problem.kind for problem in people[0].problems] == ["lunar_birth_date"]


def test_the_same_person_with_a_damaged_number(tmp_path: Path) -> None:
    """Digits shifted or mistyped prove no second person of the same name and year."""
    sheet = PlanSheet("Tháng 11")
    sheet.head("STT | Họ và tên | Năm sinh | Số CCCD")
    sheet.row([1, "Vi Thị Hoa", 1940, "0038140001234"])
    sheet.row([2, "Vi Thị Hoa", "02/01/1940", "038140001234"])
    write_xlsx([sheet], tmp_path / "list.xlsx")
    second = read(tmp_path / "list.xlsx", kind="xlsx").people[1]
    assert [problem.kind for problem in second.problems] == ["possible_duplicate"]


def test_names_in_two_columns_under_one_heading_of_a_text_file(tmp_path: Path) -> None:
    sheet = PlanSheet("")
    sheet.head("Họ và tên | | Năm sinh | Số CCCD | Họ tên chủ hộ")
    for at, number in enumerate(NUMBERS):
        family, _, given = NAMES[at].rpartition(" ")
        sheet.row([family, given, 1940 + at, number, "Vi Văn Chủ"])
    write_csv([sheet], tmp_path / "list.csv", coding="utf-8", separator=",")
    assert [person.name for person in read(tmp_path / "list.csv", kind="text").people] == list(NAMES)
