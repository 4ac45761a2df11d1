"""Lists whose columns are the difficulty: parts, marks, other people, strange headings, none."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

from tests.sheets.layouts.base import MESS, Sample, line, typed_people
from tests.sheets.workbooks import PlanSheet, write_xlsx


def marks_under_three_rows(folder: Path) -> Sample:
    """Nam and Nữ hold marks beside a birth column; headings in three rows; columns numbered A, B, 1, 2."""
    sample = Sample(folder / "marks.xlsx")
    sheet = PlanSheet("Tháng 11")
    sheet.row([None, "PHÒNG VĂN HOÁ - XÃ HỘI"])
    sheet.row([None, None, "BẢNG KÊ CHI TRẢ TRỢ CẤP HÀNG THÁNG"])
    sheet.skip(1)
    top = sheet.head("Số TT | Thông tin người hưởng |  |  |  |  |  | Chế độ |  |  | Ghi chú")
    sheet.head(
        " | Họ, chữ đệm và tên | Giới tính |  | Sinh ngày | Mã định danh | Thôn | Diện | Hs | Tiền trợ cấp"
    )
    sheet.head(" |  | Nam | Nữ")
    sheet.head("A | B | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8=7x540 | 9")
    for column in (0, 10):
        sheet.merge(top, column, top + 2, column)
    for column in (1, *range(4, 10)):
        sheet.merge(top + 1, column, top + 2, column)
    for row, left, right in ((top, 1, 6), (top, 7, 9), (top + 1, 2, 3)):
        sheet.merge(row, left, row, right)
    for at, typed in enumerate(typed_people(11, 40, MESS | {"dates"}, ("Thôn Khe Lạc", "Thôn Đồng Lá")), 1):
        typed.recorded["account"], typed.recorded["phone"] = None, None
        female = typed.person.sex == "female"
        row = sheet.row(
            line(
                typed,
                at,
                "@name",
                None if female else "x",
                "x" if female else None,
                "@birth @personal_id @hamlet @group @coefficient @amount @note",
            )
        )
        sample.tell(sheet.name, row, typed)
    sheet.row([None, "Tổng số: 40 người"])
    sheet.row([None, "(Bằng chữ: Ba mươi triệu đồng)"])
    sheet.head(" |  |  |  |  |  | Ngày 20 tháng 11 năm 2026")
    sheet.head(" | Người lập bảng |  |  |  |  | Thủ trưởng đơn vị")
    sheet.skip(3)
    sheet.head(" | Lò Thị Người Lập |  |  |  |  | Quàng Văn Chủ Tịch")
    write_xlsx([sheet], sample.path)
    return sample


def names_and_births_in_parts(folder: Path) -> Sample:
    """Họ đệm and Tên apart; day, month and year apart; the number before the name; sex as Nam/Nữ."""
    sample = Sample(folder / "parts.xlsx")
    sheet = PlanSheet("Danh sách")
    sheet.row(["DANH SÁCH CẤP THẺ VÀ CHI TRẢ"])
    top = sheet.head(
        "TT | Số CCCD | Họ và tên |  | Ngày sinh |  |  | Nam/Nữ | SĐT | Khu | Loại ĐT | Mức hưởng/tháng"
    )
    sheet.head(" |  | Họ và đệm | Tên | Ngày | Tháng | Năm")
    sheet.merge(top, 2, top, 3)
    sheet.merge(top, 4, top, 6)
    for column in (0, 1, 7, 8, 9, 10, 11):
        sheet.merge(top, column, top + 1, column)
    rng = random.Random(5)
    for at, typed in enumerate(
        typed_people(
            12,
            40,
            {"numbers", "spaced", "old", "missing", "phones", "words", "capitals", "dotted"},
            ("Khu 1", "Khu 2", "Khu 3"),
        ),
        1,
    ):
        typed.recorded["account"], typed.recorded["coefficient"] = None, None
        year, month, day = typed.person.birth.split("-")
        precision = rng.random()
        parts: list[Any] = [int(day), int(month), int(year)]
        if precision < 0.3:
            parts, typed.recorded["birth"] = [None, None, int(year)], year
        elif precision < 0.4:
            parts, typed.recorded["birth"] = [None, month, year], f"{year}-{month}"
        *family, given = typed.cells["name"].split()
        row = sheet.row(
            line(
                typed,
                at,
                "@personal_id",
                " ".join(family) or None,
                given,
                *parts,
                "@sex @phone @hamlet @group @amount",
            )
        )
        sample.tell(sheet.name, row, typed)
    write_xlsx([sheet], sample.path)
    return sample


def accounts_in_columns(folder: Path) -> Sample:
    """Number, bank and holder in columns of their own under one heading; old and new number; a guardian."""
    sample = Sample(folder / "accounts.xlsx")
    sheet = PlanSheet("T11-2026")
    sheet.row(["XÃ ĐỒNG VĂN"])
    sheet.skip(2)
    top = sheet.head(
        "STT | Tên đối tượng | NTNS | GT | Giấy tờ tuỳ thân | | Chỗ ở hiện nay | Chế độ hưởng | Hệ số TC "
        "| Thành tiền | Tài khoản thụ hưởng | | | Người giám hộ | | Liên lạc | Biến động"
    )
    sheet.head(
        " |  |  |  | CMND cũ | Thẻ căn cước |  |  |  |  | Số | Tại ngân hàng | Tên chủ TK | Họ tên | Quan hệ"
    )
    for left, right in ((4, 5), (10, 12), (13, 14)):
        sheet.merge(top, left, top, right)
    for at, typed in enumerate(typed_people(13, 45, MESS - {"old"}, ("Tổ dân phố 1", "Tổ dân phố 2")), 1):
        account = typed.person.account
        number: Any = account.number if account else None
        if account and account.kind == "bank" and at % 3 == 0:
            number = int(account.number)
        guarded = at % 4 == 0
        row = sheet.row(
            line(
                typed,
                at,
                "@name @birth @sex",
                f"0501234{at:02d}" if at % 5 == 0 else None,
                "@personal_id",
                f"{typed.cells['hamlet']}, xã Đồng Văn, tỉnh Tuyên Quang",
                "@group @coefficient @amount",
                number,
                account.bank_word if account else None,
                typed.person.name.upper() if account else None,
                "Lò Thị Giám Hộ" if guarded else None,
                "mẹ" if guarded else None,
                "@phone",
                "Tăng mới" if at % 9 == 0 else None,
            )
        )
        if at % 5 == 0 and typed.recorded["personal_id"] is None and "missing_personal_id" in typed.problems:
            typed.problems = typed.problems - {"missing_personal_id"} | {"old_id_number"}
        sample.tell(sheet.name, row, typed)
    sheet.row([None, "CỘNG", *[None] * 7, 99_000_000])
    write_xlsx([sheet], sample.path)
    return sample


def without_headings(folder: Path) -> Sample:
    """No headings at all: columns told by their contents."""
    sample = Sample(folder / "bare.xlsx")
    sheet = PlanSheet("Sheet1")
    for at, typed in enumerate(
        typed_people(
            19, 40, {"capitals", "loose", "numbers", "spaced", "phones"}, ("Thôn Tân An", "Thôn Tân Bình")
        ),
        1,
    ):
        row = sheet.row(
            line(typed, at, "@name @birth @sex @personal_id @phone @hamlet @group @amount @account")
        )
        typed.recorded["coefficient"] = None
        sample.tell(sheet.name, row, typed)
    write_xlsx([sheet], sample.path)
    return sample


def odd_headings(folder: Path) -> Sample:
    """Strange headings, a bank in one, a column nobody knows, thousands, telephones in the note."""
    sample = Sample(folder / "odd.xlsx")
    sheet = PlanSheet("Quý IV")
    sheet.head("Ủy ban nhân dân xã Chiềng Khương |  |  |  | Mẫu số 01")
    sheet.head(
        "TT | Người được nhận | Tuổi (năm) | Số trên thẻ | Nơi đang sống | Được hưởng theo diện "
        "| Tiền (1.000đ) | Số TK Agribank | Xếp loại 2025 | Ghi chú (SĐT)"
    )
    for at, typed in enumerate(
        typed_people(20, 40, {"capitals", "spaced", "years", "words", "titles"}, ("Bản Híp", "Bản Bó")), 1
    ):
        account = typed.person.account
        is_bank = account is not None and account.kind == "bank"
        number = f"3{at:012d}" if is_bank else None
        typed.recorded["account"] = (
            {"kind": "bank", "provider": "970405", "number": number} if is_bank else None
        )
        typed.recorded["coefficient"] = None
        phone = typed.person.phone
        note = f"ĐT {phone[:4]}.{phone[4:7]}.{phone[7:]}" if phone else "hộ nghèo"
        row = sheet.row(
            line(
                typed,
                at,
                "@name",
                typed.person.birth[:4],
                "@personal_id @hamlet @group",
                typed.person.amount // 1000,
                number,
                "B" if at % 2 else "A",
                note,
            )
        )
        typed.recorded["birth"] = typed.person.birth[:4]
        sample.tell(sheet.name, row, typed)
    write_xlsx([sheet], sample.path)
    return sample


def clauses_and_degrees(folder: Path) -> Sample:
    """Groups as clauses of the decree beside coefficients; births as serial numbers; a sum between."""
    sample = Sample(folder / "clauses.xlsx")
    sheet = PlanSheet("Khoản")
    sheet.head("STT | Họ & tên | Sinh ngày | Nữ | Mã số định danh | Tổ | Thuộc khoản | Hệ số | Trợ cấp")
    clauses = {
        "NKT-DBN": "6",
        "NKT-N": "K6",
        "NKT-N-TE": "Khoản 6",
        "NKT-DBN-TE": "6 Điều 5",
        "DTN": "4",
        "NCT80": "5c",
    }
    for at, typed in enumerate(
        typed_people(21, 40, {"serials", "numbers", "dotted", "commas"}, ("3", "5"), tuple(clauses)), 1
    ):
        row = sheet.row(
            line(
                typed,
                at,
                "@name @birth",
                "x" if typed.person.sex == "female" else None,
                "@personal_id",
                int(typed.person.hamlet),
                clauses[typed.person.group],
                "@coefficient @amount",
            )
        )
        typed.recorded.update(account=None, phone=None, hamlet=f"Tổ {typed.person.hamlet}")
        sample.tell(sheet.name, row, typed)
        if at == 20:
            sheet.row([None, "Cộng dồn", *[None] * 6, 15_000_000])
    write_xlsx([sheet], sample.path)
    return sample
