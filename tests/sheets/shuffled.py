"""Lists nobody planned: columns drawn by lot, in any order, under headings drawn by lot, among columns
that are about other people and other things; grouped or not; with or without a letterhead."""

from __future__ import annotations

import datetime
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.sheets.invented import GROUPS, Invented, Typed, Typist, people
from tests.sheets.layouts.base import MESS, Sample, cell
from tests.sheets.workbooks import PlanSheet, write_ods, write_xlsx

HEADINGS = {
    "ordinal": "STT|TT|Số TT|Số thứ tự|S.TT",
    "name": "Họ và tên|HỌ TÊN|Họ & tên|Họ tên đối tượng hưởng|Tên người hưởng TC|Người hưởng chế độ|HO TEN"
    "|Họ và tên người được trợ giúp|Họ tên (viết in hoa)|Họ, tên người thụ hưởng|Họ vàtên",
    "birth": "Năm sinh|Ngày sinh|Ngày, tháng, năm sinh|NS|Sinh ngày|Năm/ngày sinh|NGÀY SINH (dd/mm/yyyy)",
    "sex": "Giới tính|GT|Nam/Nữ|Phái|Giới tính (Nam, Nữ)|Giới",
    "personal_id": "Số CCCD|CCCD|Số định danh cá nhân|Căn cước|CMND/CCCD|Mã ĐDCN|Số giấy tờ tùy thân"
    "|CCCD (12 số)|Số CMTND|Mã số định danh cá nhân/CCCD|Số căn cước công dân gắn chip",
    "hamlet": "Thôn|Bản|Địa chỉ|Nơi ở|Thôn/bản|Nơi cư trú|Xóm|Địa chỉ (thôn, bản)|Tổ dân phố|Khu dân cư",
    "phone": "Điện thoại|SĐT|Số ĐT|Số điện thoại liên lạc|Di động|ĐT liên hệ|Số ĐT/Zalo",
    "group": "Nhóm đối tượng|Loại ĐT|Diện|Chế độ|Loại đối tượng bảo trợ|Thuộc đối tượng|Mã đối tượng",
    "coefficient": "Hệ số|HS|Hệ số hưởng|Hệ số TC",
    "amount": "Mức hưởng|Số tiền|Mức TC (đồng)|Thành tiền|Tiền trợ cấp|Số tiền được hưởng/tháng"
    "|Mức hưởng (đ/tháng)|Trợ cấp tháng 11",
    "account": "Số tài khoản|STK|Tài khoản ngân hàng|Số TK và nơi mở|Thông tin tài khoản nhận tiền",
    "note": "Ghi chú|GC|Chú thích|Ghi chú (tăng, giảm)",
}
Beside = Callable[[random.Random, Invented], Any]
BESIDE: dict[str, Beside] = {
    "Ngày cấp|Ngày cấp CCCD": lambda rng, _: f"{rng.randint(1, 28):02d}/05/{rng.randint(2016, 2025)}",
    "Nơi cấp": lambda rng, _: rng.choice(("Cục CSQLHC về TTXH", "Bộ Công an")),
    "Dân tộc|DT": lambda rng, _: rng.choice(("Thái", "Kinh", "H'Mông", "Khơ Mú")),
    "Số QĐ|Số quyết định hưởng": lambda rng, _: f"{rng.randint(1, 999)}/QĐ-UBND",
    "Ngày QĐ|Ngày ký": lambda rng, _: datetime.datetime(rng.randint(2018, 2025), 5, rng.randint(1, 28)),
    "Hưởng từ|Từ tháng": lambda rng, _: f"{rng.randint(1, 12):02d}/{rng.randint(2018, 2025)}",
    "Truy lĩnh|Tiền truy lĩnh": lambda rng, _: rng.choice((None, 80_000, 160_000)),
    "Tổng cộng|Thực lĩnh": lambda rng, person: person.amount + rng.choice((0, 80_000)),
    "Chủ hộ|Họ tên chủ hộ": lambda _, person: f"{person.name.split()[0]} Văn Hộ",
    "Quan hệ với chủ hộ|QH với chủ hộ": lambda rng, _: rng.choice(("con", "vợ", "chủ hộ")),
    "Người nhận thay|Họ tên người giám hộ": lambda rng, _: rng.choice((None, "Lò Thị Nhận")),
    "CCCD người nhận thay": lambda rng, _: rng.choice((None, "014180001234")),
    "SĐT người nhận thay": lambda rng, _: rng.choice((None, "0987000111")),
    "Số thẻ BHYT": lambda rng, _: f"BT2{rng.randint(10, 99)}{rng.randint(10**9, 10**10 - 1)}",
    "Mã BHXH": lambda rng, _: str(rng.randint(10**9, 10**10 - 1)),
    "Số sổ|Số sổ lĩnh tiền": lambda rng, _: rng.randint(1000, 9999),
    "Tuổi": lambda _, person: 2026 - int(person.birth[:4]),
    "Xã|Xã/phường": lambda _rng, _person: "Mường Lạn",
    "Ký nhận|Người nhận (ký, họ tên)": lambda _rng, _person: None,
    "Hộ nghèo|Diện hộ": lambda rng, _: rng.choice(("x", None, "Hộ nghèo")),
    "Xếp loại|Kiểm tra": lambda rng, _: rng.choice(("A", "B", "đã xem")),
}
HAMLETS = (
    ("Thôn Khe Lạc", "Thôn Lá"),
    ("Bản Nà Lốc", "Bản Híp"),
    ("Tổ dân phố số 1", "Tổ dân phố số 2"),
)
ALWAYS = {"name", "birth", "personal_id"}
LETTERHEAD = (
    "UBND XÃ MƯỜNG LẠN",
    "DANH SÁCH ĐỐI TƯỢNG BẢO TRỢ XÃ HỘI",
    "Tháng 11 năm 2026",
    "Đơn vị tính: đồng",
)
HABITS = [*sorted(MESS), "dates", "serials", "tcvn3", "formulas", "only_years_shown", "titles"]


class Shuffled:
    """One list, drawn by `seed`."""

    def __init__(self, seed: int, folder: Path) -> None:
        self._rng = rng = random.Random(seed)
        habits = {habit for habit in HABITS if rng.random() < 0.5}
        self._typist = Typist(seed, habits)
        self._people = people(seed, rng.randint(5, 30), rng.choice(HAMLETS))
        self._sheet = PlanSheet("Tháng 11")
        self._left = rng.choice((0, 0, 1, 2))
        kept = [key for key in HEADINGS if key in ALWAYS or rng.random() < 0.75]
        beside = rng.sample(sorted(BESIDE), rng.randint(0, 8))
        rest = [key for key in kept if key not in ("ordinal", "name")] + beside
        rng.shuffle(rest)
        self._columns = [key for key in ("ordinal", "name") if key in kept] + rest
        self._has_births_by_sex = "sex" not in kept and rng.random() < 0.5
        self._grouped = rng.choice((None, "group", "hamlet" if "hamlet" not in kept else None))
        self._sample = Sample(folder / f"shuffled-{seed}.{'ods' if rng.random() < 0.2 else 'xlsx'}")

    def make(self) -> Sample:
        """Write it; the truth comes back with it."""
        rng, sheet = self._rng, self._sheet
        for title in rng.sample(LETTERHEAD, rng.randint(0, 3)):
            sheet.row([title], self._left)
        sheet.skip(rng.randint(0, 1))
        self._heads()
        self._body()
        if rng.random() < 0.6:
            sheet.row([None, "Tổng cộng"], self._left)
            sheet.skip(1)
            sheet.row([None, "Người lập biểu", None, "TM. UBND XÃ"], self._left)
            sheet.skip(2)
            sheet.row([None, "Lò Văn Lập", None, "Nguyễn Văn Chủ"], self._left)
        write = write_ods if self._sample.path.suffix == ".ods" else write_xlsx
        write([sheet], self._sample.path)
        return self._sample

    def _heads(self) -> None:
        first: list[str | None] = []
        second: list[str | None] = []
        for key in self._columns:
            heading = self._rng.choice(HEADINGS.get(key, key).split("|"))
            by_sex = key == "birth" and self._has_births_by_sex
            first += ["Năm sinh", None] if by_sex else [heading]
            second += ["Nam", "Nữ"] if by_sex else [None]
        self._sheet.row(list(first), self._left)
        if any(second):
            self._sheet.row(list(second), self._left)
        if self._rng.random() < 0.4:
            self._sheet.row([f"({number})" for number in range(1, len(first) + 1)], self._left)

    def _body(self) -> None:
        grouped, last = self._grouped, ""
        in_order = sorted(self._people, key=lambda person: getattr(person, grouped or "name"))
        for number, person in enumerate(in_order, 1):
            if grouped and getattr(person, grouped) != last:
                last = getattr(person, grouped)
                said = GROUPS[last][0] if grouped == "group" else last
                self._sheet.row(["I", said] if self._columns[0] == "ordinal" else [f"I. {said}"], self._left)
            typed = self._typist.type(person)
            row = self._sheet.row(self._line(typed, number), self._left)
            self._sample.tell(self._sheet.name, row, typed, **self._unsaid())

    def _line(self, typed: Typed, number: int) -> list[Any]:
        cells: list[Any] = []
        for key in self._columns:
            if key == "ordinal":
                cells.append(number)
            elif key in BESIDE:
                cells.append(BESIDE[key](self._rng, typed.person))
            elif key == "birth" and self._has_births_by_sex:
                both = [cell(typed, "birth"), None]
                cells += both if typed.person.sex == "male" else reversed(both)
            else:
                cells.append(cell(typed, key))
        return cells

    def _unsaid(self) -> dict[str, Any]:
        """What this list does not say; a sum may stand for the amount, a title or number for the sex."""
        columns = set(self._columns) | {self._grouped}
        fields = ("hamlet", "phone", "group", "coefficient", "account")
        unsaid: dict[str, Any] = {field: None for field in fields if field not in columns}
        unsaid |= {} if "amount" in columns else {"amount": ...}
        unsaid |= {} if "sex" in columns or self._has_births_by_sex else {"sex": ...}
        return unsaid
