"""Invented beneficiaries of 26 fields, the same ones for the same seed: what every figure of sync is about.

The lists and the order of the draws are those with which Anki and PouchDB were measured. Nobody is real.
"""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

Beneficiary = dict[str, Any]

# fmt: off
FAMILY = (
    ("Nguyễn", 38), ("Trần", 11), ("Lê", 9.5), ("Phạm", 7), ("Hoàng", 3), ("Huỳnh", 2.2), ("Phan", 4.5),
    ("Vũ", 2.4), ("Võ", 1.9), ("Đặng", 2.1), ("Bùi", 2), ("Đỗ", 1.4), ("Hồ", 1.3), ("Ngô", 1.3),
    ("Dương", 1), ("Lý", 0.6), ("Lò", 1.2), ("Quàng", 0.6), ("Vàng", 0.5), ("Giàng", 0.5), ("Sùng", 0.3),
    ("Thào", 0.3), ("Hà", 0.9), ("Lường", 0.4), ("Đinh", 0.8), ("Trương", 1), ("Mai", 0.5), ("Cao", 0.5),
    ("Lương", 0.5), ("Tạ", 0.3),
)
MID_M = (
    "Văn", "Hữu", "Đức", "Công", "Quang", "Minh", "Xuân", "Đình", "Thanh", "Ngọc", "Bá", "Trọng", "Duy",
    "Viết", "Thế", "Khắc",
)
MID_F = (
    "Thị", "Thị", "Thị", "Thị", "Thị Thu", "Thị Ngọc", "Thị Kim", "Thị Thanh", "Ngọc", "Thu", "Kim",
    "Thị Hồng", "Thị Bích", "Mỹ",
)
GIV_M = (
    "Anh", "Bình", "Cường", "Dũng", "Đạt", "Hải", "Hùng", "Huy", "Khánh", "Long", "Mạnh", "Nam", "Phong",
    "Phúc", "Quân", "Sơn", "Thắng", "Thành", "Tuấn", "Tùng", "Việt", "Vinh", "Hiếu", "Hòa", "Lợi", "Nghĩa",
    "Tài", "Toàn", "Trung", "Ước", "Khải", "Chiến",
)
GIV_F = (
    "An", "Bích", "Chi", "Dung", "Duyên", "Giang", "Hà", "Hạnh", "Hằng", "Hiền", "Hoa", "Hồng", "Huệ",
    "Hương", "Lan", "Liên", "Linh", "Loan", "Mai", "Nga", "Ngân", "Nhung", "Oanh", "Phương", "Quyên",
    "Thảo", "Thúy", "Trang", "Tuyết", "Vân", "Xuân", "Yến", "Mỵ", "Lụa",
)
ETH = (
    ("Kinh", 82), ("Tày", 4), ("Thái", 4), ("Mường", 3), ("Mông", 3), ("Dao", 2), ("Khmer", 1),
    ("Nùng", 1),
)
PROV = (
    "001", "002", "004", "006", "008", "010", "011", "012", "014", "015", "017", "019", "020", "022",
    "024", "025", "026", "027", "030", "031", "033", "034", "035", "036", "037", "038", "040", "042",
    "044", "045", "046", "048", "049", "051", "052", "054", "056", "058", "060", "062", "064", "066",
    "067", "068", "070", "072", "074", "075", "077", "079", "080", "082", "083", "084", "086", "087",
    "089", "091", "092", "093", "094", "095", "096",
)
MOBILE = (
    "032", "033", "034", "035", "036", "037", "038", "039", "096", "097", "098", "086", "070", "076",
    "077", "078", "079", "090", "093", "089", "081", "082", "083", "084", "085", "088", "091", "094",
    "056", "058", "092", "059", "099",
)
HAMLET = (
    "Thôn Đông", "Thôn Đoài", "Thôn Thượng", "Thôn Hạ", "Bản Nà Lốc", "Bản Pá Khôm", "Tổ dân phố số 1",
    "Tổ dân phố số 2", "Xóm Mới", "Xóm Đình", "Thôn Phú Mỹ", "Thôn An Lạc", "Ấp Bình Hòa", "Ấp Tân Thạnh",
    "Bản Huổi Cáy", "Thôn Trung Tiến", "Khu 5", "Khu 7", "Thôn Vĩnh Phước", "Xóm Chùa", "Thôn Yên Định",
    "Bản Co Mỵ", "Thôn Đại Đồng", "Thôn Quyết Thắng",
)
CAT = (
    ("TC75", "Trợ cấp hưu trí xã hội từ đủ 75 tuổi", 1.0, 34),
    ("NCT-NEO", "Người cao tuổi không có người phụng dưỡng", 1.5, 7),
    ("KTDBN", "Người khuyết tật đặc biệt nặng", 2.0, 8),
    ("KTDBN-TE", "Trẻ em khuyết tật đặc biệt nặng", 2.5, 2),
    ("KTDBN-NCT", "Người cao tuổi khuyết tật đặc biệt nặng", 2.5, 6),
    ("KTN", "Người khuyết tật nặng", 1.5, 15), ("KTN-TE", "Trẻ em khuyết tật nặng", 2.0, 3),
    ("KTN-NCT", "Người cao tuổi khuyết tật nặng", 2.0, 8), ("TEMC", "Trẻ em mất nguồn nuôi dưỡng", 1.5, 3),
    ("TE3-NGHEO", "Trẻ em dưới 3 tuổi hộ nghèo vùng khó khăn", 1.5, 4),
    ("DTN", "Người đơn thân nghèo đang nuôi con", 1.0, 4),
    ("CSNKT", "Hỗ trợ kinh phí chăm sóc người khuyết tật", 1.0, 5),
    ("HIV", "Người nhiễm HIV thuộc hộ nghèo", 1.5, 1),
)
BANK = (
    ("970405", "VBA", 13), ("970436", "VCB", 13), ("970415", "ICB", 12), ("970418", "BIDV", 14),
    ("970452", "KLB", 12), ("970449", "LPB", 12), ("970422", "MB", 13), ("970407", "TCB", 14),
)
STATUS = (
    ("Đang hưởng", 90), ("Tạm dừng", 4), ("Thôi hưởng", 4), ("Chờ xác minh", 2),
)
REL = (
    "Chủ hộ", "Vợ", "Chồng", "Con", "Mẹ", "Bố", "Cháu", "Ông", "Bà",
)
NOTES = (
    "", "", "", "", "Chưa có tài khoản, nhận tiền mặt", "Con gái nhận thay",
    "Đi điều trị nội trú tại bệnh viện tỉnh", "Hồ sơ giấy lưu tại tủ số 3", "Cần cập nhật số điện thoại",
    "Chuyển đến từ xã khác, đang chờ quyết định",
)
# fmt: on


def beneficiaries(count: int, seed: int = 7) -> Iterator[Beneficiary]:
    """So many people, in households of one to five."""
    chance, household, left, seen = random.Random(seed), 0, 0, set[str]()
    hamlet, house = "", 0
    for number in range(count):
        if left == 0:
            household += 1
            left = chance.choices([1, 2, 3, 4, 5], weights=[25, 30, 20, 15, 10])[0]
            hamlet, house = chance.choice(HAMLET), chance.randrange(1, 220)
        left -= 1
        found = _beneficiary(chance, number, seen)
        yield found | {
            "hamlet": hamlet,
            "address": f"Số nhà {house}, {hamlet}, xã Mường Thanh, tỉnh Điện Biên",
            "household_code": f"011-03127-{household:06d}",
        }


def _beneficiary(chance: random.Random, number: int, seen: set[str]) -> Beneficiary:
    code, category, coefficient, _ = _drawn(chance, CAT)
    gender = chance.choice(["Nam", "Nữ"])
    born = date(min(_year(chance, code), 2025), 1, 1) + timedelta(days=chance.randrange(365))
    name, start = _name(chance, gender), date(2014, 1, 1) + timedelta(days=chance.randrange(4300))
    bank, cash = _drawn(chance, BANK), chance.random() < 0.28
    personal_id = _personal_id(chance, gender, born.year)
    while personal_id in seen:
        personal_id = _personal_id(chance, gender, born.year)
    seen.add(personal_id)
    return {
        "id": _uid(chance, number),
        "cccd": personal_id,
        "full_name": name,
        "dob": born.isoformat(),
        "gender": gender,
        "ethnicity": _drawn(chance, ETH)[0],
        "relation": chance.choice(REL),
        "phone": _phone(chance) if chance.random() < 0.8 else "",
        "category": code,
        "category_name": category,
        "decision_no": f"{chance.randrange(1, 4000)}/QĐ-UBND",
        "decision_date": start.isoformat(),
        "coefficient": str(coefficient),
        "monthly_amount": int(coefficient * 500000),
        "start_month": start.strftime("%Y-%m"),
        "end_month": "" if chance.random() < 0.9 else f"2026-{chance.randrange(1, 13):02d}",
        "status": _drawn(chance, STATUS)[0],
        "pay_channel": "Tiền mặt" if cash else "Chuyển khoản",
        "bank_code": "" if cash else bank[0],
        "bank_account": "" if cash else _account(chance),
        "account_name": "" if cash else _unaccent(name).upper(),
        "proxy_name": _name(chance, chance.choice(["Nam", "Nữ"])) if chance.random() < 0.2 else "",
        "note": chance.choice(NOTES),
    }


def _year(chance: random.Random, code: str) -> int:
    if code.startswith("TC75"):
        return 2026 - chance.randrange(75, 101)
    if "NCT" in code:
        return 2026 - chance.randrange(60, 95)
    return 2026 - (chance.randrange(0, 16) if "TE" in code else chance.randrange(18, 60))


def _drawn(chance: random.Random, weighted: Sequence[tuple[Any, ...]]) -> tuple[Any, ...]:
    return chance.choices(weighted, weights=[each[-1] for each in weighted])[0]


def _name(chance: random.Random, gender: str) -> str:
    is_man = gender == "Nam"
    family, middle = _drawn(chance, FAMILY)[0], chance.choice(MID_M if is_man else MID_F)
    return f"{family} {middle} {chance.choice(GIV_M if is_man else GIV_F)}"


def _personal_id(chance: random.Random, gender: str, year: int) -> str:
    province = "011" if chance.random() < 0.85 else chance.choice(PROV)
    century = (0 if year < 2000 else 2) + (gender == "Nữ")
    return f"{province}{century}{year % 100:02d}{chance.randrange(10**6):06d}"


def _phone(chance: random.Random) -> str:
    return chance.choice(MOBILE) + f"{chance.randrange(10**7):07d}"


def _account(chance: random.Random) -> str:
    return "".join(chance.choice("0123456789") for _ in range(chance.choice([9, 10, 12, 13, 14])))


def _uid(chance: random.Random, number: int) -> str:
    """As a UUIDv7: ordered by time, 74 random bits."""
    moment, first = f"{1767225600000 + number * 977:012x}", f"{chance.getrandbits(12):03x}"
    found = f"{moment}7{first}{0x8 | chance.getrandbits(2):x}{chance.getrandbits(60):015x}"
    return "-".join((found[:8], found[8:12], found[12:16], found[16:20], found[20:]))


def _unaccent(text: str) -> str:
    plain = unicodedata.normalize("NFD", text.translate(str.maketrans("đĐ", "dD")))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))
