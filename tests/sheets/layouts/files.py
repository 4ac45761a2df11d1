"""Lists whose files are the difficulty: separated text in old encodings, OpenDocument, old fonts."""

from __future__ import annotations

from pathlib import Path

from tests.sheets.invented import tcvn3, vni
from tests.sheets.layouts.base import MESS, Sample, line, typed_people
from tests.sheets.workbooks import Cell, PlanSheet, write_csv, write_ods, write_xlsx


def plain_text_without_marks(folder: Path) -> Sample:
    """Semicolons, headings in capitals without marks, values in Vietnamese, ditto marks."""
    sample = Sample(folder / "plain.csv")
    sheet = PlanSheet("")
    sheet.head(
        "STT | HO VA TEN | NGAY SINH | GIOI TINH | SO CCCD | DIEN THOAI | THON | DOI TUONG | HE SO | SO TIEN "
        "| SO TK | NGAN HANG"
    )
    above = ""
    for at, typed in enumerate(typed_people(16, 40, MESS - {"remarks"}, ("Thôn Hạ", "Thôn Thượng")), 1):
        account, hamlet = typed.person.account, typed.person.hamlet
        number, bank = (account.number, account.bank_word) if account else (None, None)
        ditto, above = ('"' if hamlet == above else hamlet), hamlet
        cells = line(typed, at, "@name @birth @sex @personal_id @phone", ditto, "@group @coefficient @amount")
        sheet.row([*cells, number, bank])
        sample.tell(sample.path.stem, at + 1, typed)
    write_csv([sheet], sample.path, coding="utf-8-sig", separator=";")
    return sample


def plain_text_1258(folder: Path) -> Sample:
    """Tabs and the Windows code page of Vietnamese, with a title above."""
    sample = Sample(folder / "cp1258.csv")
    sheet = PlanSheet("")
    sheet.row(["DANH SÁCH NGƯỜI CAO TUỔI"])
    sheet.row(["Thôn: Nà Sẳm"])
    sheet.head(
        "STT | Họ và tên | Ngày, tháng, năm sinh | Giới tính | Số CCCD | Nhóm | Số điện thoại | Ghi chú"
    )
    for at, typed in enumerate(typed_people(17, 30, MESS - {"decomposed"}, ("Thôn Nà Sẳm",)), 1):
        sheet.row(line(typed, at, "@name @birth @sex @personal_id @group @phone @note"))
        typed.recorded.update(coefficient=None, amount=None, account=None)
        sample.tell(sample.path.stem, at + 3, typed)
    write_csv([sheet], sample.path, coding="cp1258", separator="\t")
    return sample


def plain_text_tcvn3(folder: Path) -> Sample:
    """Commas and TCVN3 bytes, headings too; no fonts to tell it."""
    sample = Sample(folder / "tcvn3.csv")
    sheet = PlanSheet("")
    sheet.row(
        [
            tcvn3(text)
            for text in (
                "STT",
                "Họ và tên",
                "Năm sinh",
                "Giới tính",
                "Số CMND/CCCD",
                "Bản",
                "Đối tượng",
                "Mức trợ cấp",
            )
        ]
    )
    for at, typed in enumerate(
        typed_people(18, 40, {"years", "spaced", "old", "missing", "words"}, ("Bản Nà Lốc", "Bản Phú")), 1
    ):
        typed.recorded.update(coefficient=None, account=None, phone=None)
        sheet.row(
            line(
                typed,
                at,
                *(
                    tcvn3(str(typed.cells[key] or ""))
                    for key in ("name", "birth", "sex", "personal_id", "hamlet", "group")
                ),
                "@amount",
            )
        )
        sample.tell(sample.path.stem, at + 1, typed)
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
        sheet.head(
            "Stt | Họ và tên người hưởng | Ngày sinh | G.Tính | Định danh cá nhân | Nhóm ĐT | Hệ số hưởng "
            "| Số tiền (đồng) | TK nhận trợ cấp"
        )
        sheet.hidden_columns = {4}
        for at_line, typed in enumerate(
            typed_people(300 + at, 25, MESS | {"dates", "only_years_shown", "tcvn3", "formulas"}, (hamlet,)),
            1,
        ):
            row = sheet.row(
                line(typed, at_line, "@name @birth @sex @personal_id @group @coefficient @amount @account")
            )
            typed.recorded["phone"] = None
            if at_line % 8 == 0:
                sheet.hidden_rows.add(row)
            sample.tell(hamlet, row, typed)
        sheets.append(sheet)
    write_ods(sheets, sample.path)
    return sample


def old_fonts_everywhere(folder: Path) -> Sample:
    """Headings, hamlets and names in .VnTime and VNI; capitals drawn by .VnTimeH."""
    sample = Sample(folder / "fonts.xlsx")
    sheets: list[PlanSheet] = []
    headings = "STT|Họ và tên|Ngày sinh|Giới tính|Số chứng minh nhân dân|Địa chỉ|Đối tượng|Hệ số|Mức hưởng"
    for encode, font, habit in ((tcvn3, ".VnTime", "tcvn3h"), (vni, "VNI-Times", "vni")):
        sheet = PlanSheet(habit)
        sheet.row([Cell(encode("Danh sách đối tượng bảo trợ xã hội"), font)])
        sheet.row([Cell(encode(text), font) for text in headings.split("|")])
        habits = {habit, "years", "old", "missing", "zeros", "commas"}
        found = typed_people(400 + len(sheets), 30, habits, ("Thôn Đông", "Thôn Đoài"))
        for at, typed in enumerate(found, 1):
            if not typed.fonts and "'" not in typed.person.name:
                typed.cells["name"], typed.fonts["name"] = encode(typed.person.name), font
            sex, hamlet = (Cell(encode(typed.cells[key]), font) for key in ("sex", "hamlet"))
            cells = line(
                typed, at, "@name @birth", sex, "@personal_id", hamlet, "@group @coefficient @amount"
            )
            sample.tell(habit, sheet.row(cells), typed, account=None, phone=None)
        sheets.append(sheet)
    write_xlsx(sheets, sample.path)
    return sample
