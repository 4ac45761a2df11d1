"""Lists whose rows are the difficulty: pages, sums, headings between people, tables beside and below."""

from __future__ import annotations

from pathlib import Path

from tests.sheets.invented import GROUPS, Typist, again
from tests.sheets.layouts.base import MESS, Sample, cell, line, typed_people
from tests.sheets.workbooks import PlanSheet, write_xlsx


def side_by_side(folder: Path) -> Sample:
    """Two tables beside each other, each with its hamlet above, two pages below each other."""
    sample = Sample(folder / "beside.xlsx")
    sheet = PlanSheet("Trang 1")
    everybody = typed_people(
        14, 40, {"capitals", "years", "numbers", "remarks", "dotted", "zeros"}, ("?",), ("NCT80",)
    )
    for hamlets in (("Xóm Bến", "Xóm Chùa"), ("Xóm Đình", "Xóm Mới")):
        sheet.row([hamlets[0].upper(), *[None] * 5, hamlets[1].upper()])
        headings = ["STT", "Họ tên người cao tuổi", "Ngày tháng năm sinh", "Giới", "Số định danh"]
        sheet.row([*headings, None, *headings])
        for number in range(1, 11):
            pair, everybody = everybody[:2], everybody[2:]
            cells = [line(typed, number, "@name @birth @sex @personal_id") for typed in pair]
            row = sheet.row([*cells[0], None, *cells[1]])
            for typed, hamlet in zip(pair, hamlets, strict=True):
                unsaid = dict.fromkeys(("group", "coefficient", "amount", "account", "phone"))
                sample.tell(sheet.name, row, typed, hamlet=hamlet, **unsaid)
        sheet.skip(1)
    write_xlsx([sheet], sample.path)
    return sample


def pages_with_repeated_headings(folder: Path) -> Sample:
    """Printed pages: headings repeated, page sums, groups in merged headings that run on over a page."""
    sample = Sample(folder / "pages.xlsx")
    sheet = PlanSheet("In")
    headings = [
        "Số thứ tự",
        "HỌ VÀ TÊN ĐỐI TƯỢNG",
        "NĂM SINH",
        "GIỚI TÍNH",
        "CĂN CƯỚC CÔNG DÂN",
        "THÔN, BẢN",
        "MỨC HƯỞNG",
        "KÝ NHẬN",
    ]
    sheet.row(["DANH SÁCH CHI TRẢ TRỢ CẤP XÃ HỘI THÁNG 11/2026"])
    sheet.merge(1, 0, 1, 7)
    sheet.row(headings)
    at = 0
    for label, code in zip(("A", "B", "C"), ("NKT-DBN", "NKT-N", "DTN"), strict=True):
        row = sheet.row([f"{label}. {GROUPS[code][0]}: 15 người"])
        sheet.merge(row, 0, row, 7)
        for typed in typed_people(15 + at, 15, MESS - {"words"}, ("Bản Pom", "Bản Huổi Só"), (code,)):
            at += 1
            row = sheet.row(line(typed, str(at), "@name @birth @sex @personal_id @hamlet @amount"))
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
    sheet.head(
        "TT | Họ tên | Năm sinh | Phái | CMND/CCCD | Điện thoại liên hệ | Mức trợ cấp/tháng "
        "| Tài khoản (số, ngân hàng)"
    )
    number = 0
    for label, hamlet in (("I", "Bản Co Muông"), ("II", "Bản Phiêng Lanh")):
        sheet.row([label, hamlet])
        for inner, code in enumerate(("NCT80", "NKT-N", "TEMC"), 1):
            sheet.row([f"{label}.{inner}", GROUPS[code][0]])
            for typed in typed_people(100 + number, 7, MESS, (hamlet,), (code,)):
                number += 1
                row = sheet.row(line(typed, number, "@name @birth @sex @personal_id @phone @amount @account"))
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
    sheet.head(
        "Thôn/bản | Diện đối tượng | STT | Họ tên người thụ hưởng | Sinh năm | GT | Số căn cước | Hệ số "
        "| Số tiền hưởng | STK ngân hàng | Đt"
    )
    number = 0
    typist = Typist(77, MESS | {"dates"})
    for hamlet in ("Buôn Trấp", "Buôn Kla"):
        top = sheet.at
        for code in ("NCT80", "NKT-DBN-TE"):
            inner = sheet.at
            found = typed_people(200 + number, 9, MESS | {"dates"}, (hamlet,), (code,))
            found.insert(5, again(found[1], typist))
            for typed in found:
                number += 1
                at = sheet.at
                row = sheet.row(
                    line(
                        typed,
                        hamlet if at == top else None,
                        GROUPS[code][0] if at == inner else None,
                        number,
                        "@name @birth @sex @personal_id",
                        float(typed.person.coefficient),
                        f"=$I$1*H{at}",
                        "@account @phone",
                    )
                )
                sample.tell(sheet.name, row, typed)
            sheet.merge(inner, 1, sheet.at - 1, 1)
        sheet.merge(top, 0, sheet.at - 1, 0)
    sheet.row([None, "Cộng", *[None] * 6, f"=SUM(I3:I{sheet.at - 1})"])
    write_xlsx([sheet], sample.path)
    return sample


def stacked_tables(folder: Path) -> Sample:
    """Tables below each other with different columns and titles that tell the group; signatures between."""
    sample = Sample(folder / "stacked.xlsx")
    sheet = PlanSheet("Bản Khá")
    sheet.row(["I. DANH SÁCH NGƯỜI KHUYẾT TẬT NẶNG"])
    sheet.head("STT | Họ tên người khuyết tật | Ngày sinh | Giới tính | Số ĐDCN | Mức TC")
    for at, typed in enumerate(typed_people(22, 15, MESS, ("Bản Khá",), ("NKT-N",)), 1):
        row = sheet.row(line(typed, at, "@name @birth @sex @personal_id @amount"))
        typed.recorded.update(account=None, phone=None, coefficient=None)
        sample.tell(sheet.name, row, typed)
    sheet.head(" | Tổng cộng |  |  |  | 12.150.000")
    sheet.head(" | Người lập |  |  | Trưởng bản")
    sheet.skip(2)
    sheet.head(" | Lò Văn Lập |  |  | Lò Văn Bản")
    sheet.skip(1)
    sheet.row(["II. DANH SÁCH TRẺ EM MỒ CÔI CẢ CHA VÀ MẸ"])
    top = sheet.head(
        "TT | Họ và tên trẻ | Năm sinh |  | Mã định danh cá nhân | Tiền được hưởng | Người nuôi dưỡng"
    )
    sheet.head(" |  | Nam | Nữ")
    sheet.merge(top, 2, top, 3)
    for at, typed in enumerate(typed_people(23, 15, MESS, ("Bản Khá",), ("TEMC",)), 1):
        birth, male = cell(typed, "birth"), typed.person.sex == "male"
        row = sheet.row(
            line(
                typed,
                at,
                "@name",
                birth if male else None,
                None if male else birth,
                "@personal_id @amount",
                "Lò Thị Bà",
            )
        )
        typed.recorded.update(account=None, phone=None, coefficient=None)
        sample.tell(sheet.name, row, typed)
    write_xlsx([sheet], sample.path)
    return sample
