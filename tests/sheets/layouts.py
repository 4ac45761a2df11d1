"""Lists laid out in many ways, each with the truth a careful reader records.

None repeats the two samples: other headings, other orders, other habits.
"""

from __future__ import annotations

import datetime
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.sheets.invented import GROUPS, Invented, Typed, Typist, again, people, tcvn3, vni
from tests.sheets.workbooks import Cell, PlanSheet, write_csv, write_ods, write_xlsx

MESS = {"capitals", "spaces", "loose", "years", "zeros", "impossible", "numbers", "spaced", "apostrophes", "old"}
MESS |= {"missing", "broken", "phones", "dotted", "commas", "remarks", "decomposed", "months", "words", "sexes"}


@dataclass
class Sample:
    """A workbook on disk and its truth: recorded facts and problems by sheet, row and column of the table."""

    path: Path
    truth: list[dict[str, Any]] = field(default_factory=list)
    questions: int = 0

    def tell(self, sheet: str, row: int, typed: Typed, **others: Any) -> None:
        """Record one person's truth."""
        told = {"sheet": sheet, "row": row, **typed.recorded, "problems": sorted(typed.problems), **others}
        self.truth.append(told)


Layout = Callable[[Path], Sample]


def _cell(typed: Typed, key: str) -> Cell:
    return Cell(typed.cells[key], typed.fonts.get(key, ""), typed.formats.get(key, ""))


def _typed(seed: int, count: int, habits: set[str], hamlets: tuple[str, ...], groups: Any = None) -> list[Typed]:
    typist = Typist(seed, habits)
    found = people(seed, count, hamlets, groups or tuple(GROUPS))
    return [typist.type(person) for person in found]


def marks_under_three_rows(folder: Path) -> Sample:
    """Nam and Nữ hold marks beside a birth column; headings in three rows; columns numbered A, B, 1, 2."""
    sample = Sample(folder / "marks.xlsx")
    sheet = PlanSheet("Tháng 11")
    sheet.row([None, "PHÒNG VĂN HOÁ - XÃ HỘI"])
    sheet.row([None, None, "BẢNG KÊ CHI TRẢ TRỢ CẤP HÀNG THÁNG"])
    sheet.skip(1)
    top = sheet.row(["Số TT", "Thông tin người hưởng", None, None, None, None, None, "Chế độ", None, None, "Ghi chú"])
    sheet.row([None, "Họ, chữ đệm và tên", "Giới tính", None, "Sinh ngày", "Mã định danh", "Thôn", "Diện", "Hs", "Tiền trợ cấp"])
    sheet.row([None, None, "Nam", "Nữ"])
    sheet.row(["A", "B", "1", "2", "3", "4", "5", "6", "7", "8=7x540", "9"])
    for area in ((0, 0, 2, 0), (0, 1, 0, 6), (0, 7, 0, 9), (0, 10, 2, 10), (1, 1, 2, 1), (1, 2, 1, 3), (1, 4, 2, 4), (1, 5, 2, 5), (1, 6, 2, 6), (1, 7, 2, 7), (1, 8, 2, 8), (1, 9, 2, 9)):
        sheet.merge(top + area[0], area[1], top + area[2], area[3])
    for at, typed in enumerate(_typed(11, 40, MESS | {"dates"}, ("Thôn Khe Lạc", "Thôn Đồng Lá")), 1):
        typed.recorded["account"], typed.recorded["phone"] = None, None
        female = typed.person.sex == "female"
        row = sheet.row([at, _cell(typed, "name"), None if female else "x", "x" if female else None, _cell(typed, "birth"),
                         _cell(typed, "personal_id"), typed.cells["hamlet"], typed.cells["group"], typed.cells["coefficient"], typed.cells["amount"], typed.cells["note"]])
        sample.tell(sheet.name, row, typed)
    sheet.row([None, "Tổng số: 40 người"])
    sheet.row([None, "(Bằng chữ: Ba mươi triệu đồng)"])
    sheet.row([None, None, None, None, None, None, "Ngày 20 tháng 11 năm 2026"])
    sheet.row([None, "Người lập bảng", None, None, None, None, "Thủ trưởng đơn vị"])
    sheet.skip(3)
    sheet.row([None, "Lò Thị Người Lập", None, None, None, None, "Quàng Văn Chủ Tịch"])
    write_xlsx([sheet], sample.path)
    return sample


def names_and_births_in_parts(folder: Path) -> Sample:
    """Họ đệm and Tên apart; day, month and year apart; the number before the name; sex as Nam/Nữ."""
    sample = Sample(folder / "parts.xlsx")
    sheet = PlanSheet("Danh sách")
    sheet.row(["DANH SÁCH CẤP THẺ VÀ CHI TRẢ"])
    top = sheet.row(["TT", "Số CCCD", "Họ và tên", None, "Ngày sinh", None, None, "Nam/Nữ", "SĐT", "Khu", "Loại ĐT", "Mức hưởng/tháng"])
    sheet.row([None, None, "Họ và đệm", "Tên", "Ngày", "Tháng", "Năm"])
    sheet.merge(top, 2, top, 3)
    sheet.merge(top, 4, top, 6)
    for column in (0, 1, 7, 8, 9, 10, 11):
        sheet.merge(top, column, top + 1, column)
    rng = random.Random(5)
    for at, typed in enumerate(_typed(12, 40, {"numbers", "spaced", "old", "missing", "phones", "words", "capitals", "dotted"}, ("Khu 1", "Khu 2", "Khu 3")), 1):
        typed.recorded["account"], typed.recorded["coefficient"] = None, None
        year, month, day = typed.person.birth.split("-")
        precision = rng.random()
        parts = [int(day), int(month), int(year)]
        if precision < 0.3:
            parts, typed.recorded["birth"] = [None, None, int(year)], year
        elif precision < 0.4:
            parts, typed.recorded["birth"] = [None, month, year], f"{year}-{month}"
        *family, given = typed.cells["name"].split()
        row = sheet.row([at, _cell(typed, "personal_id"), " ".join(family) or None, given, *parts, typed.cells["sex"],
                         typed.cells["phone"], typed.cells["hamlet"], typed.cells["group"], typed.cells["amount"]])
        sample.tell(sheet.name, row, typed)
    write_xlsx([sheet], sample.path)
    return sample


def accounts_in_columns(folder: Path) -> Sample:
    """Number, bank and holder in columns of their own under one heading; old and new number; a guardian."""
    sample = Sample(folder / "accounts.xlsx")
    sheet = PlanSheet("T11-2026")
    sheet.row(["XÃ ĐỒNG VĂN"])
    sheet.skip(2)
    top = sheet.row(["STT", "Tên đối tượng", "NTNS", "GT", "Giấy tờ tuỳ thân", None, "Chỗ ở hiện nay", "Chế độ hưởng", "Hệ số TC", "Thành tiền",
                     "Tài khoản thụ hưởng", None, None, "Người giám hộ", None, "Liên lạc", "Biến động"])
    sheet.row([None, None, None, None, "CMND cũ", "Thẻ căn cước", None, None, None, None, "Số", "Tại ngân hàng", "Tên chủ TK", "Họ tên", "Quan hệ"])
    for left, right in ((4, 5), (10, 12), (13, 14)):
        sheet.merge(top, left, top, right)
    for at, typed in enumerate(_typed(13, 45, MESS - {"old"}, ("Tổ dân phố 1", "Tổ dân phố 2")), 1):
        account = typed.person.account
        number: Any = account.number if account else None
        if account and account.kind == "bank" and at % 3 == 0:
            number = int(account.number)
        guarded = at % 4 == 0
        row = sheet.row([at, _cell(typed, "name"), _cell(typed, "birth"), typed.cells["sex"], f"0501234{at:02d}" if at % 5 == 0 else None, _cell(typed, "personal_id"),
                         f"{typed.cells['hamlet']}, xã Đồng Văn, tỉnh Tuyên Quang", typed.cells["group"], typed.cells["coefficient"], typed.cells["amount"],
                         number, account.bank_word if account else None, typed.person.name.upper() if account else None,
                         "Lò Thị Giám Hộ" if guarded else None, "mẹ" if guarded else None, typed.cells["phone"], "Tăng mới" if at % 9 == 0 else None])
        if at % 5 == 0 and typed.recorded["personal_id"] is None and "missing_personal_id" in typed.problems:
            typed.problems = typed.problems - {"missing_personal_id"} | {"old_id_number"}
        sample.tell(sheet.name, row, typed)
    sheet.row([None, "CỘNG", *[None] * 7, 99_000_000])
    write_xlsx([sheet], sample.path)
    return sample


def side_by_side(folder: Path) -> Sample:
    """Two tables beside each other, each with its hamlet above, two pages below each other."""
    sample = Sample(folder / "beside.xlsx")
    sheet = PlanSheet("Trang 1")
    everybody = _typed(14, 40, {"capitals", "years", "numbers", "remarks", "dotted", "zeros"}, ("?",), ("NCT80",))
    at = 0
    for hamlets in (("Xóm Bến", "Xóm Chùa"), ("Xóm Đình", "Xóm Mới")):
        sheet.row([hamlets[0].upper(), *[None] * 5, hamlets[1].upper()])
        headings = ["STT", "Họ tên người cao tuổi", "Ngày tháng năm sinh", "Giới", "Số định danh"]
        sheet.row([*headings, None, *headings])
        for line in range(10):
            left, right = everybody[at], everybody[at + 1]
            at += 2
            row = sheet.row([line + 1, _cell(left, "name"), _cell(left, "birth"), left.cells["sex"], _cell(left, "personal_id"), None,
                             line + 1, _cell(right, "name"), _cell(right, "birth"), right.cells["sex"], _cell(right, "personal_id")])
            for typed, hamlet in ((left, hamlets[0]), (right, hamlets[1])):
                typed.recorded.update(hamlet=hamlet, group=None, coefficient=None, amount=None, account=None, phone=None)
                sample.tell(sheet.name, row, typed)
        sheet.skip(1)
    write_xlsx([sheet], sample.path)
    return sample


def pages_with_repeated_headings(folder: Path) -> Sample:
    """Printed pages: headings repeated, page sums, groups in merged headings that run on over a page."""
    sample = Sample(folder / "pages.xlsx")
    sheet = PlanSheet("In")
    headings = ["Số thứ tự", "HỌ VÀ TÊN ĐỐI TƯỢNG", "NĂM SINH", "GIỚI TÍNH", "CĂN CƯỚC CÔNG DÂN", "THÔN, BẢN", "MỨC HƯỞNG", "KÝ NHẬN"]
    sheet.row(["DANH SÁCH CHI TRẢ TRỢ CẤP XÃ HỘI THÁNG 11/2026"])
    sheet.merge(1, 0, 1, 7)
    sheet.row(headings)
    at = 0
    for label, code in zip(("A", "B", "C"), ("NKT-DBN", "NKT-N", "DTN"), strict=True):
        row = sheet.row([f"{label}. {GROUPS[code][0]}: 15 người"])
        sheet.merge(row, 0, row, 7)
        for typed in _typed(15 + at, 15, MESS - {"words"}, ("Bản Pom", "Bản Huổi Só"), (code,)):
            at += 1
            row = sheet.row([str(at), _cell(typed, "name"), _cell(typed, "birth"), typed.cells["sex"], _cell(typed, "personal_id"), typed.cells["hamlet"], typed.cells["amount"]])
            typed.recorded.update(coefficient=None, account=None, phone=None)
            sample.tell(sheet.name, row, typed)
            if at % 10 == 0:
                sheet.row([None, "Cộng trang", *[None] * 4, 1_000_000])
                sheet.row(headings)
        sheet.row([None, f"Cộng {label}", *[None] * 4, "8.100.000"])
    sheet.row([None, "TỔNG CỘNG (A+B+C)", *[None] * 4, "24.300.000"])
    write_xlsx([sheet], sample.path)
    return sample


def hamlets_then_groups(folder: Path) -> Sample:
    """Hamlet headings outside, group headings inside, blank rows, sums; neither has a column."""
    sample = Sample(folder / "nested.xlsx")
    sheet = PlanSheet("Tổng hợp")
    sheet.row(["Đơn vị: Xã Mường Lạn"])
    sheet.row(["Đơn vị tính: đồng"])
    sheet.row(["TT", "Họ tên", "Năm sinh", "Phái", "CMND/CCCD", "Điện thoại liên hệ", "Mức trợ cấp/tháng", "Tài khoản (số, ngân hàng)"])
    number = 0
    for label, hamlet in (("I", "Bản Co Muông"), ("II", "Bản Phiêng Lanh")):
        sheet.row([label, hamlet])
        for inner, code in enumerate(("NCT80", "NKT-N", "TEMC"), 1):
            sheet.row([f"{label}.{inner}", GROUPS[code][0]])
            for typed in _typed(100 + number, 7, MESS, (hamlet,), (code,)):
                number += 1
                row = sheet.row([number, _cell(typed, "name"), _cell(typed, "birth"), typed.cells["sex"], _cell(typed, "personal_id"), typed.cells["phone"], typed.cells["amount"], typed.cells["account"]])
                typed.recorded["coefficient"] = None
                sample.tell(sheet.name, row, typed)
            sheet.skip(1)
        sheet.row([None, f"Tổng {hamlet}", *[None] * 4, 12_345_000])
    write_xlsx([sheet], sample.path)
    return sample


def merged_at_the_side(folder: Path) -> Sample:
    """Hamlet and group in merged cells beside their people; formulas that refer to a rate; duplicates."""
    sample = Sample(folder / "merged.xlsx")
    sheet = PlanSheet("DS")
    sheet.row([None, None, None, None, None, None, None, "Mức chuẩn", 540_000])
    sheet.row(["Thôn/bản", "Diện đối tượng", "STT", "Họ tên người thụ hưởng", "Sinh năm", "GT", "Số căn cước", "Hệ số", "Số tiền hưởng", "STK ngân hàng", "Đt"])
    number = 0
    typist = Typist(77, MESS | {"dates"})
    for hamlet in ("Buôn Trấp", "Buôn Kla"):
        top = sheet.at
        for code in ("NCT80", "NKT-DBN-TE"):
            inner = sheet.at
            found = _typed(200 + number, 9, MESS | {"dates"}, (hamlet,), (code,))
            found.insert(5, again(found[1], typist))
            for typed in found:
                number += 1
                at = sheet.at
                row = sheet.row([hamlet if at == top else None, GROUPS[code][0] if at == inner else None, number, _cell(typed, "name"), _cell(typed, "birth"), typed.cells["sex"],
                                 _cell(typed, "personal_id"), float(typed.person.coefficient), f"=$I$1*H{at}", typed.cells["account"], typed.cells["phone"]])
                sample.tell(sheet.name, row, typed)
            sheet.merge(inner, 1, sheet.at - 1, 1)
        sheet.merge(top, 0, sheet.at - 1, 0)
    sheet.row([None, "Cộng", *[None] * 6, f"=SUM(I3:I{sheet.at - 1})"])
    write_xlsx([sheet], sample.path)
    return sample


def plain_text_without_marks(folder: Path) -> Sample:
    """Semicolons, headings in capitals without marks, values in Vietnamese, ditto marks."""
    sample = Sample(folder / "plain.csv")
    sheet = PlanSheet("")
    sheet.row(["STT", "HO VA TEN", "NGAY SINH", "GIOI TINH", "SO CCCD", "DIEN THOAI", "THON", "DOI TUONG", "HE SO", "SO TIEN", "SO TK", "NGAN HANG"])
    last: dict[str, Any] = {}
    for at, typed in enumerate(_typed(16, 40, MESS - {"remarks"}, ("Thôn Hạ", "Thôn Thượng")), 1):
        account = typed.person.account
        hamlet = '"' if last.get("hamlet") == typed.cells["hamlet"] else typed.cells["hamlet"]
        last["hamlet"] = typed.cells["hamlet"]
        birth = typed.cells["birth"]
        sheet.row([at, typed.cells["name"], birth, typed.cells["sex"], typed.cells["personal_id"], typed.cells["phone"], hamlet, typed.cells["group"], typed.cells["coefficient"], typed.cells["amount"],
                   account.number if account else None, account.bank_word if account else None])
        sample.tell("", at + 1, typed)
    write_csv([sheet], sample.path, coding="utf-8-sig", separator=";")
    return sample


def plain_text_1258(folder: Path) -> Sample:
    """Tabs and the Windows code page of Vietnamese, with a title above."""
    sample = Sample(folder / "cp1258.csv")
    sheet = PlanSheet("")
    sheet.row(["DANH SÁCH NGƯỜI CAO TUỔI"])
    sheet.row(["Thôn: Nà Sẳm"])
    sheet.row(["STT", "Họ và tên", "Ngày, tháng, năm sinh", "Giới tính", "Số CCCD", "Nhóm", "Số điện thoại", "Ghi chú"])
    for at, typed in enumerate(_typed(17, 30, MESS - {"decomposed"}, ("Thôn Nà Sẳm",)), 1):
        sheet.row([at, typed.cells["name"], typed.cells["birth"], typed.cells["sex"], typed.cells["personal_id"], typed.cells["group"], typed.cells["phone"], typed.cells["note"]])
        typed.recorded.update(coefficient=None, amount=None, account=None)
        sample.tell("", at + 3, typed)
    write_csv([sheet], sample.path, coding="cp1258", separator="\t")
    return sample


def plain_text_tcvn3(folder: Path) -> Sample:
    """Commas and TCVN3 bytes, headings too; no fonts to tell it."""
    sample = Sample(folder / "tcvn3.csv")
    sheet = PlanSheet("")
    sheet.row([tcvn3(text) for text in ("STT", "Họ và tên", "Năm sinh", "Giới tính", "Số CMND/CCCD", "Bản", "Đối tượng", "Mức trợ cấp")])
    for at, typed in enumerate(_typed(18, 40, {"years", "spaced", "old", "missing", "words"}, ("Bản Nà Lốc", "Bản Phú")), 1):
        typed.recorded.update(coefficient=None, account=None, phone=None)
        sheet.row([at, *(tcvn3(str(typed.cells[key] or "")) for key in ("name", "birth", "sex", "personal_id", "hamlet", "group")), typed.cells["amount"]])
        sample.tell("", at + 1, typed)
    write_csv([sheet], sample.path, coding="legacy", separator=",")
    return sample


def open_document(folder: Path) -> Sample:
    """An .ods with a hidden column, hidden rows, dates shown as years, .VnTime cells, one sheet a hamlet."""
    sample = Sample(folder / "open.ods")
    sheets = []
    for at, hamlet in enumerate(("Ấp Tân Lập", "Ấp Tân Tiến")):
        sheet = PlanSheet(hamlet)
        sheet.row(["DANH SÁCH HƯỞNG TRỢ CẤP"])
        sheet.merge(1, 0, 1, 7)
        sheet.skip(1)
        sheet.row(["Stt", "Họ và tên người hưởng", "Ngày sinh", "G.Tính", "Định danh cá nhân", "Nhóm ĐT", "Hệ số hưởng", "Số tiền (đồng)", "TK nhận trợ cấp"])
        sheet.hidden_columns = {4}
        for line, typed in enumerate(_typed(300 + at, 25, MESS | {"dates", "only_years_shown", "tcvn3", "formulas"}, (hamlet,)), 1):
            row = sheet.row([line, _cell(typed, "name"), _cell(typed, "birth"), typed.cells["sex"], _cell(typed, "personal_id"), typed.cells["group"], typed.cells["coefficient"], typed.cells["amount"], typed.cells["account"]])
            typed.recorded["phone"] = None
            if line % 8 == 0:
                sheet.hidden_rows.add(row)
            sample.tell(hamlet, row, typed)
        sheets.append(sheet)
    write_ods(sheets, sample.path)
    return sample


def old_fonts_everywhere(folder: Path) -> Sample:
    """Headings, hamlets and names in .VnTime and VNI; capitals drawn by .VnTimeH."""
    sample = Sample(folder / "fonts.xlsx")
    sheets = []
    for name, encode, font, habits in (("Sheet1", tcvn3, ".VnTime", {"tcvn3h"}), ("Sheet2", vni, "VNI-Times", {"vni"})):
        sheet = PlanSheet(name)
        headings = ("STT", "Họ và tên", "Ngày sinh", "Giới tính", "Số chứng minh nhân dân", "Địa chỉ", "Đối tượng", "Hệ số", "Mức hưởng", "Ghi chú")
        sheet.row([Cell(encode("Danh sách đối tượng bảo trợ xã hội"), font)])
        sheet.row([Cell(encode(text), font) for text in headings])
        for at, typed in enumerate(_typed(400 + len(sheets), 30, habits | {"years", "old", "missing", "zeros", "commas"}, ("Thôn Đông", "Thôn Đoài")), 1):
            cells = [Cell(encode(str(typed.cells[key])), font) for key in ("sex", "hamlet", "group", "note")]
            who = _cell(typed, "name") if typed.fonts else Cell(encode(typed.cells["name"]), font)
            if not typed.fonts and "'" in typed.person.name:
                who = Cell(typed.cells["name"])
            if typed.cells["note"] is None:
                cells[3] = Cell("")
            row = sheet.row([at, who, _cell(typed, "birth"), cells[0], _cell(typed, "personal_id"), cells[1], Cell(typed.cells["group"]), typed.cells["coefficient"], typed.cells["amount"], cells[3]])
            typed.recorded.update(account=None, phone=None)
            sample.tell(name, row, typed)
        sheets.append(sheet)
    write_xlsx(sheets, sample.path)
    return sample


def without_headings(folder: Path) -> Sample:
    """No headings at all: columns told by their contents."""
    sample = Sample(folder / "bare.xlsx")
    sheet = PlanSheet("Sheet1")
    for at, typed in enumerate(_typed(19, 40, {"capitals", "loose", "numbers", "spaced", "phones"}, ("Thôn Tân An", "Thôn Tân Bình")), 1):
        row = sheet.row([at, _cell(typed, "name"), _cell(typed, "birth"), typed.cells["sex"], _cell(typed, "personal_id"), typed.cells["phone"], typed.cells["hamlet"], typed.cells["group"], typed.cells["amount"], typed.cells["account"]])
        typed.recorded["coefficient"] = None
        sample.tell(sheet.name, row, typed)
    write_xlsx([sheet], sample.path)
    return sample


def odd_headings(folder: Path) -> Sample:
    """Headings no list of words has, a column nobody knows, amounts in thousands, phones in the note, a bank in a heading."""
    sample = Sample(folder / "odd.xlsx")
    sheet = PlanSheet("Quý IV")
    sheet.row(["Ủy ban nhân dân xã Chiềng Khương", None, None, None, "Mẫu số 01"])
    sheet.row(["TT", "Người được nhận", "Tuổi (năm)", "Số trên thẻ", "Nơi đang sống", "Được hưởng theo diện", "Tiền (1.000đ)", "Số TK Agribank", "Xếp loại 2025", "Ghi chú (SĐT)"])
    for at, typed in enumerate(_typed(20, 40, {"capitals", "spaced", "years", "words", "titles"}, ("Bản Híp", "Bản Bó")), 1):
        account = typed.person.account
        is_bank = account is not None and account.kind == "bank"
        number = f"3{at:012d}" if is_bank else None
        typed.recorded["account"] = {"kind": "bank", "provider": "970405", "number": number} if is_bank else None
        typed.recorded["coefficient"] = None
        phone = typed.person.phone
        note = f"ĐT {phone[:4]}.{phone[4:7]}.{phone[7:]}" if phone else "hộ nghèo"
        row = sheet.row([at, _cell(typed, "name"), typed.person.birth[:4], _cell(typed, "personal_id"), typed.cells["hamlet"], typed.cells["group"], typed.person.amount // 1000, number, "B" if at % 2 else "A", note])
        typed.recorded["birth"] = typed.person.birth[:4]
        sample.tell(sheet.name, row, typed)
    write_xlsx([sheet], sample.path)
    return sample


def clauses_and_degrees(folder: Path) -> Sample:
    """Groups as clauses of the decree beside coefficients; births as serial numbers; a sum between."""
    sample = Sample(folder / "clauses.xlsx")
    sheet = PlanSheet("Khoản")
    sheet.row(["STT", "Họ & tên", "Sinh ngày", "Nữ", "Mã số định danh", "Tổ", "Thuộc khoản", "Hệ số", "Trợ cấp"])
    clauses = {"NKT-DBN": "6", "NKT-N": "K6", "NKT-N-TE": "Khoản 6", "NKT-DBN-TE": "6 Điều 5", "DTN": "4", "NCT80": "5c"}
    for at, typed in enumerate(_typed(21, 40, {"serials", "numbers", "dotted", "commas"}, ("3", "5"), tuple(clauses)), 1):
        row = sheet.row([at, _cell(typed, "name"), _cell(typed, "birth"), "x" if typed.person.sex == "female" else None, _cell(typed, "personal_id"), int(typed.person.hamlet), clauses[typed.person.group], typed.cells["coefficient"], typed.cells["amount"]])
        typed.recorded.update(account=None, phone=None, hamlet=f"Tổ {typed.person.hamlet}")
        sample.tell(sheet.name, row, typed)
        if at == 20:
            sheet.row([None, "Cộng dồn", *[None] * 6, 15_000_000])
    write_xlsx([sheet], sample.path)
    return sample


def stacked_tables(folder: Path) -> Sample:
    """Tables below each other with different columns and titles that tell the group; signatures between."""
    sample = Sample(folder / "stacked.xlsx")
    sheet = PlanSheet("Bản Khá")
    sheet.row(["I. DANH SÁCH NGƯỜI KHUYẾT TẬT NẶNG"])
    sheet.row(["STT", "Họ tên người khuyết tật", "Ngày sinh", "Giới tính", "Số ĐDCN", "Mức TC"])
    for at, typed in enumerate(_typed(22, 15, MESS, ("Bản Khá",), ("NKT-N",)), 1):
        row = sheet.row([at, _cell(typed, "name"), _cell(typed, "birth"), typed.cells["sex"], _cell(typed, "personal_id"), typed.cells["amount"]])
        typed.recorded.update(account=None, phone=None, coefficient=None)
        sample.tell(sheet.name, row, typed)
    sheet.row([None, "Tổng cộng", None, None, None, "12.150.000"])
    sheet.row([None, "Người lập", None, None, "Trưởng bản"])
    sheet.skip(2)
    sheet.row([None, "Lò Văn Lập", None, None, "Lò Văn Bản"])
    sheet.skip(1)
    sheet.row(["II. DANH SÁCH TRẺ EM MỒ CÔI CẢ CHA VÀ MẸ"])
    top = sheet.row(["TT", "Họ và tên trẻ", "Năm sinh", None, "Mã định danh cá nhân", "Tiền được hưởng", "Người nuôi dưỡng"])
    sheet.row([None, None, "Nam", "Nữ"])
    sheet.merge(top, 2, top, 3)
    for at, typed in enumerate(_typed(23, 15, MESS, ("Bản Khá",), ("TEMC",)), 1):
        birth = _cell(typed, "birth")
        male = typed.person.sex == "male"
        row = sheet.row([at, _cell(typed, "name"), birth if male else None, None if male else birth, _cell(typed, "personal_id"), typed.cells["amount"], "Lò Thị Bà"])
        typed.recorded.update(account=None, phone=None, coefficient=None)
        sample.tell(sheet.name, row, typed)
    write_xlsx([sheet], sample.path)
    return sample


LAYOUTS: tuple[Layout, ...] = (
    marks_under_three_rows,
    names_and_births_in_parts,
    accounts_in_columns,
    side_by_side,
    pages_with_repeated_headings,
    hamlets_then_groups,
    merged_at_the_side,
    plain_text_without_marks,
    plain_text_1258,
    plain_text_tcvn3,
    open_document,
    old_fonts_everywhere,
    without_headings,
    odd_headings,
    clauses_and_degrees,
    stacked_tables,
)
TODAY = datetime.date(2026, 11, 24)
