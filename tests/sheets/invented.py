"""Invented people, and the ways offices type them: each typing knows what a careful reader records."""

from __future__ import annotations

import datetime
import random
import unicodedata
from dataclasses import dataclass, field, replace
from typing import Any

from app.resources import load_reference

REFERENCE = load_reference()
FAMILIES = (
    "Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Giàng Vàng Sùng Thào Lò Quàng "
    "Cầm Lường Hà Mai Đinh Trịnh Đoàn Mùa Tòng Cà Bàn Triệu Nông Hoàng Chu Ma Khoàng Lèng"
).split()
MIDDLES = {
    "male": "Văn Đức Công Hữu Minh Quang Thế Xuân A Seo Bá Duy Đình".split(),
    "female": "Thị Thu Kim Hồng Ngọc Mỹ Bích Thanh Diệu Thị Mai".split(),
}
GIVEN = {
    "male": (
        "Hùng Dũng Páo Chống Sử Tài Lợi Vượng Sơn Bình Đạt Hải Kiên Thành Lượng Thắng Tuấn Phúc Quý Khải"
    ).split(),
    "female": (
        "Hoa Hương Lan Mai Nga Nhung Oanh Phượng Quyên Sua Thắm Thuý Tuyết Xuyến Yến Dợ Mỷ Huệ Hòa Hằng"
    ).split(),
}
ODD_NAMES = {"male": ["Y Blô Niê", "K'Brểu", "Giàng A Lử"], "female": ["H'Hen Niê", "Y Ngông", "Lò Thị Ế"]}
PROVINCES = ("001", "002", "004", "006", "008", "011", "014", "015", "040", "075", "096")
GROUPS = {
    "NCT80": ("Người cao tuổi từ đủ 80 tuổi trở lên không có lương hưu", "1.0", (1926, 1945)),
    "NKT-DBN": ("Người khuyết tật đặc biệt nặng", "2.0", (1967, 2007)),
    "NKT-DBN-TE": ("Người khuyết tật đặc biệt nặng là trẻ em", "2.5", (2011, 2022)),
    "NKT-N": ("Người khuyết tật nặng", "1.5", (1967, 2007)),
    "NKT-N-TE": ("Người khuyết tật nặng là trẻ em", "2.0", (2011, 2022)),
    "TEMC": ("Trẻ em mồ côi cả cha và mẹ", "1.5", (2011, 2021)),
    "DTN": ("Người đơn thân nghèo đang nuôi con", "1.0", (1970, 2003)),
}
OTHER_WORDS = {
    "NCT80": ("NCT từ 80 tuổi", "NCT80", "Người cao tuổi từ đủ 80 tuổi"),
    "NKT-DBN": ("KT ĐBN", "NKT đặc biệt nặng", "Khuyết tật đặc biệt nặng"),
    "NKT-DBN-TE": ("KTĐBN (TE)", "NKT ĐBN là trẻ em", "Trẻ em khuyết tật đặc biệt nặng"),
    "NKT-N": ("KTN", "NKT nặng", "Khuyết tật nặng"),
    "NKT-N-TE": ("KTN-TE", "Trẻ em khuyết tật nặng", "NKT-N-TE"),
    "TEMC": ("Trẻ mồ côi cả cha lẫn mẹ", "TEMC", "Mồ côi cả cha, mẹ"),
    "DTN": ("Đơn thân nghèo nuôi con", "DTN", "Đơn thân"),
}
BANKS = {
    "970405": (13, ("Agribank", "NHNN&PTNT", "Ngân hàng Nông nghiệp", "NH NN và PTNT")),
    "970436": (13, ("Vietcombank", "VCB", "NH Ngoại thương")),
    "970418": (14, ("BIDV", "NH Đầu tư", "Ngân hàng Đầu tư và Phát triển")),
    "970415": (12, ("Vietinbank", "CTG", "NH Công thương")),
    "970449": (12, ("LPBank", "LienVietPostBank", "Bưu điện Liên Việt")),
}
WALLETS = {"MoMo": "e_wallet", "Viettel Money": "mobile_money", "VNPT Money": "mobile_money"}
OLD_PREFIXES = {new: old for old, new in REFERENCE.old_phone_prefixes.items()}
TO_TCVN3 = {letter: shown for shown, letter in REFERENCE.tcvn3.items()}
TO_VNI = {letter: shown for shown, letter in REFERENCE.vni.items()}


@dataclass(frozen=True)
class Account:
    """An account as the truth files tell it."""

    kind: str
    provider: str
    number: str
    bank_word: str


@dataclass(frozen=True)
class Invented:
    """Somebody who does not exist."""

    name: str
    sex: str
    birth: str
    personal_id: str
    phone: str | None
    hamlet: str
    group: str
    account: Account | None

    @property
    def coefficient(self) -> str:
        """As the decree has it."""
        return GROUPS[self.group][1]

    @property
    def amount(self) -> int:
        """Đồng a month."""
        return int(540_000 * float(self.coefficient))


@dataclass
class Typed:
    """One person as typed: cells by field, what is recorded of them, what somebody must look at."""

    person: Invented
    cells: dict[str, Any] = field(default_factory=dict)
    fonts: dict[str, str] = field(default_factory=dict)
    formats: dict[str, str] = field(default_factory=dict)
    recorded: dict[str, Any] = field(default_factory=dict)
    problems: set[str] = field(default_factory=set)


def invent(
    rng: random.Random, hamlets: tuple[str, ...], groups: tuple[str, ...] = tuple(GROUPS), odd: float = 0.04
) -> Invented:
    """One person."""
    sex = rng.choice(("male", "female"))
    name = f"{rng.choice(FAMILIES)} {rng.choice(MIDDLES[sex])} {rng.choice(GIVEN[sex])}"
    if rng.random() < odd:
        name = rng.choice(ODD_NAMES[sex])
    group = rng.choice(groups)
    first, last = GROUPS[group][2]
    born = datetime.date(rng.randint(first, last), rng.randint(1, 12), rng.randint(1, 28))
    century = (0 if born.year < 2000 else 2) + (sex == "female")
    number = f"{rng.choice(PROVINCES)}{century}{born.year % 100:02d}{rng.randint(0, 999_999):06d}"
    phone = None
    if rng.random() < 0.7:
        phone = rng.choice(("033", "086", "091", "097", "070", "088")) + f"{rng.randint(0, 9_999_999):07d}"
    return Invented(
        name, sex, born.isoformat(), number, phone, rng.choice(hamlets), group, _account(rng, phone)
    )


def _account(rng: random.Random, phone: str | None) -> Account | None:
    if rng.random() < 0.45:
        return None
    if rng.random() < 0.25:
        wallet = rng.choice(list(WALLETS))
        number = phone or f"0987{rng.randint(0, 999_999):06d}"
        return Account(WALLETS[wallet], wallet, number, wallet)
    provider = rng.choice(list(BANKS))
    length, words = BANKS[provider]
    number = str(rng.randint(1, 9)) + "".join(rng.choice("0123456789") for _ in range(length - 1))
    return Account("bank", provider, number, rng.choice(words))


def people(
    seed: int, count: int, hamlets: tuple[str, ...], groups: tuple[str, ...] = tuple(GROUPS)
) -> list[Invented]:
    """Distinct people: no two share name and year."""
    rng, found, known = random.Random(seed), list[Invented](), set[tuple[str, str]]()
    while len(found) < count:
        person = invent(rng, hamlets, groups)
        key = (person.name, person.birth[:4])
        if key not in known:
            known.add(key)
            found.append(person)
    return found


def tcvn3(text: str) -> str:
    """Text as a .Vn* font stores it, where capitals have no tones: those are typed small."""
    return "".join(TO_TCVN3.get(letter) or TO_TCVN3.get(letter.lower(), letter) for letter in text)


def vni(text: str) -> str:
    """Text as a VNI font stores it."""
    return "".join(TO_VNI.get(letter, letter) for letter in text)


class Typist:
    """Types people the way one office does. `habits` names what it does; the rest is typed cleanly."""

    def __init__(self, seed: int, habits: set[str]) -> None:
        self._rng = random.Random(seed)
        self._habits = habits

    def _does(self, habit: str, share: float) -> bool:
        return habit in self._habits and self._rng.random() < share

    def type(self, person: Invented) -> Typed:
        """All cells of one person."""
        typed = Typed(person)
        typed.recorded = {
            "name": person.name,
            "sex": person.sex,
            "birth": person.birth,
            "personal_id": person.personal_id,
            "phone": person.phone,
            "hamlet": person.hamlet,
            "group": person.group,
            "coefficient": float(person.coefficient),
            "amount": person.amount,
            "account": _told(person.account),
        }
        self._name(typed)
        self._birth(typed)
        self._identity(typed)
        self._phone(typed)
        self._rest(typed)
        return typed

    def _name(self, typed: Typed) -> None:
        name, rng = typed.person.name, self._rng
        is_plain = "'" not in name
        if self._does("tcvn3", 0.3) and is_plain:
            typed.cells["name"], typed.fonts["name"] = tcvn3(name), ".VnTime"
        elif self._does("tcvn3h", 0.3) and is_plain:
            typed.cells["name"], typed.fonts["name"] = tcvn3(name.lower()), ".VnTimeH"
        elif self._does("vni", 0.5) and is_plain:
            typed.cells["name"], typed.fonts["name"] = vni(name), "VNI-Times"
        elif self._does("capitals", 0.3):
            typed.cells["name"] = name.upper()
        elif self._does("decomposed", 0.2):
            typed.cells["name"] = unicodedata.normalize("NFD", name)
        elif self._does("spaces", 0.2):
            typed.cells["name"] = f" {name.replace(' ', '  ')} "
        else:
            typed.cells["name"] = name
        if "name" in typed.fonts:
            return
        if self._does("titles", 0.4):
            title = "Bà" if typed.person.sex == "female" else "Ông"
            typed.cells["name"] = f"{title} {typed.cells['name'].strip()}"
        if self._does("remarks", 0.15):
            remark = rng.choice(
                (" (chết)", " (B)", " - đã mất", ", chuyển đi", "\n(hộ nghèo)", " đã mất", "(mất T9)")
            )
            typed.cells["name"] = typed.cells["name"].rstrip() + remark
            typed.problems.add("remark_in_name")

    def _birth(self, typed: Typed) -> None:
        year, month, day = typed.person.birth.split("-")
        date, rng = datetime.date.fromisoformat(typed.person.birth), self._rng
        cell: Any = f"{day}/{month}/{year}"
        if self._does("years", 0.35):
            cell, typed.recorded["birth"] = rng.choice((int(year), year)), year
        elif self._does("zeros", 0.2):
            cell, typed.recorded["birth"] = (
                rng.choice((f"00/00/{year}", f"--/--/{year}", f"../../{year}")),
                year,
            )
        elif self._does("months", 0.1):
            cell, typed.recorded["birth"] = f"{int(month)}/{year}", f"{year}-{month}"
        elif self._does("impossible", 0.06):
            cell, typed.recorded["birth"] = f"31/02/{year}", year
            typed.problems.add("invalid_birth_date")
        elif self._does("serials", 0.3):
            cell = (date - datetime.date(1899, 12, 30)).days
        elif self._does("dates", 0.6):
            cell = datetime.datetime(date.year, date.month, date.day)
            typed.formats["birth"] = "dd/mm/yyyy"
            if self._does("only_years_shown", 0.5):
                typed.formats["birth"], typed.recorded["birth"] = "yyyy", year
        elif self._does("loose", 0.7):
            cell = rng.choice(
                (
                    f"{int(day)}.{int(month)}.{year}",
                    f"{day}-{month}-{year}",
                    f"{int(day)}/{int(month)}/{year}",
                )
            )
        typed.cells["birth"] = cell

    def _identity(self, typed: Typed) -> None:
        number, rng = typed.person.personal_id, self._rng
        cell: Any = number
        if self._does("numbers", 0.35):
            cell = int(number)
        elif self._does("spaced", 0.3):
            cell = rng.choice(
                (
                    " ".join(number[at : at + 3] for at in (0, 3, 6, 9)),
                    f"{number[:6]}.{number[6:]}",
                    f" {number}",
                )
            )
        elif self._does("apostrophes", 0.2):
            cell = f"'{number}"
        elif self._does("old", 0.1):
            cell = f"{rng.randint(1, 9)}{rng.randint(0, 99_999_999):08d}"
            typed.recorded["personal_id"], typed.problems = None, typed.problems | {"old_id_number"}
        elif self._does("missing", 0.06):
            cell = rng.choice((None, "-", "chưa có", "Chưa làm", "không"))
            typed.recorded["personal_id"], typed.problems = None, typed.problems | {"missing_personal_id"}
        elif self._does("broken", 0.05):
            cell = rng.choice((number[:11] + "O", number[:10], "1.09901E+11", number + "1"))
            if cell == number[:10] and number[0] != "0":
                cell = number[:11] + "O"
            typed.recorded["personal_id"], typed.problems = None, typed.problems | {"invalid_personal_id"}
        typed.cells["personal_id"] = cell

    def _phone(self, typed: Typed) -> None:
        phone, rng = typed.person.phone, self._rng
        cell: Any = phone
        if phone and self._does("phones", 0.7):
            forms: list[Any] = [
                int(phone),
                f"+84{phone[1:]}",
                f"{phone[:4]}.{phone[4:7]}.{phone[7:]}",
                f"{phone[:4]} {phone[4:7]} {phone[7:]}",
                f"84{phone[1:]}",
            ]
            if phone[:3] in OLD_PREFIXES:
                forms.append(OLD_PREFIXES[phone[:3]] + phone[3:])
            cell = rng.choice(forms)
        typed.cells["phone"] = cell

    def _rest(self, typed: Typed) -> None:
        person, rng = typed.person, self._rng
        amount, coefficient = person.amount, float(person.coefficient)
        typed.cells["sex"] = "Nữ" if person.sex == "female" else "Nam"
        if self._does("sexes", 0.5):
            typed.cells["sex"] = rng.choice(("nữ", "Nu", "NỮ") if person.sex == "female" else ("nam", "NAM"))
        typed.cells["hamlet"] = person.hamlet
        typed.cells["group"] = person.group
        if self._does("words", 0.8):
            typed.cells["group"] = rng.choice((GROUPS[person.group][0], *OTHER_WORDS[person.group]))
        typed.cells["coefficient"] = coefficient
        if self._does("commas", 0.5):
            typed.cells["coefficient"] = f"{coefficient:.1f}".replace(".", ",")
        typed.cells["amount"] = amount
        if self._does("dotted", 0.6):
            typed.cells["amount"] = rng.choice(
                (f"{amount:,}".replace(",", "."), f"{amount:,} đ", f"{amount:,}đ".replace(",", "."))
            )
        elif self._does("formulas", 0.5):
            typed.cells["amount"] = f"=540000*{coefficient}"
        account = person.account
        typed.cells["account"] = None
        if account:
            typed.cells["account"] = self._rng.choice(
                (
                    f"{account.number} - {account.bank_word}",
                    f"{account.bank_word}: {account.number}",
                    f"STK {account.number} {account.bank_word}",
                    f"{account.number} ({account.bank_word})",
                    f"{account.number}\n{account.bank_word}",
                )
            )
        typed.cells["note"] = rng.choice(
            (None, None, "hộ nghèo", "nhận hộ: con trai", "tăng mới", "cận nghèo")
        )


def _told(account: Account | None) -> dict[str, str] | None:
    return (
        None
        if account is None
        else {"kind": account.kind, "provider": account.provider, "number": account.number}
    )


def again(typed: Typed, typist: Typist) -> Typed:
    """The same person typed a second time."""
    second = typist.type(replace(typed.person))
    second.problems.add("possible_duplicate")
    return second
