"""Invented people of an invented commune, the same ones for the same seed. Nobody here is real."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.domain.records import Value
from app.domain.standing import Cell, Cells

_PEOPLES = {
    "Kinh": (
        52,
        "Nguyễn Nguyễn Nguyễn Nguyễn Trần Trần Lê Phạm Hoàng Phan Vũ Đặng Bùi Đỗ Hồ Ngô Dương Đinh Trương",
        "Văn Văn Văn Hữu Đức Công Quang Minh Xuân Đình Thanh Bá Trọng",
        "Thị Thị Thị Thị Thị Ngọc Thu Kim",
    ),
    "Thái": (18, "Lò Lò Quàng Cà Tòng Lường Cầm Vì Hà Hoàng", "Văn Văn Văn Gia Bảo", "Thị Thị Thị"),
    "Mông": (12, "Giàng Vàng Sùng Thào Mùa Hạng Lầu", "A A A Seo Chứ", "Thị Thị"),
    "Tày": (8, "Nông Hoàng Lương Ma Bế Hứa", "Văn Đức Xuân", "Thị Thị Thuý"),
    "Dao": (6, "Bàn Triệu Phùng Đặng Lý", "Văn Tài Phúc", "Thị Mùi Tả"),
    "Ê Đê": (4, "Niê Mlô Ayun Kbuôr Êban", "Y", "H'"),
}
_GIVEN = {
    "male": "Anh Bình Cường Chiến Dũng Đạt Đôi Hải Hùng Huy Khánh Long Mạnh Nam Phong Phúc Quân Sơn Thắng "
    "Thành Tuấn Tùng Việt Vinh Hiếu Hoà Lợi Nghĩa Tài Toàn Trung Ước Pó Dơ Páo Khụt Ún Inh",
    "female": "An Ánh Bích Chi Dung Duyên Giang Hà Hạnh Hằng Hiền Hoa Hồng Huệ Hương Lan Lán Liên Linh Loan "
    "Mai Mẩy Nga Ngân Nhung Oanh Phương Quyên Thảo Thuý Trang Tuyết Vân Xuân Yến Mỵ Lụa Pánh Ín Bua Lả",
}
_HAMLETS = (
    "Bản Nà Lụa",
    "Bản Pom Khoang",
    "Bản Huổi Lót",
    "Bản Co Mạ",
    "Bản Nậm Tia",
    "Bản Phiêng Ban",
    "Bản Hua Nà",
    "Bản Lọng Khoang",
    "Bản Noong Bua",
    "Bản Bó Ẩn",
    "Bản Pá Sang",
    "Thôn Tân Lập",
    "Thôn Đồng Tâm",
    "Thôn Hoà Bình",
    "Thôn 3",
    "Thôn 12",
    "Tổ dân phố số 1",
    "Tổ dân phố số 2",
    "Buôn Kmrơng A",
    "Xóm Mới",
)
_GROUPS = {
    "HTXH": (540_000, "1.0"),
    "NCT80": (540_000, "1.0"),
    "NKT-N": (810_000, "1.5"),
    "NKT-DBN": (1_080_000, "2.0"),
    "NKT-N-TE": (1_080_000, "2.0"),
    "TEMC": (810_000, "1.5"),
    "DTN": (540_000, "1.0"),
}


@dataclass(frozen=True)
class Invented:
    """One person and what she is entitled to. Numbers are plausible; `birth` is ISO, as precise as known."""

    id: str
    name: str
    sex: str
    birth: str | None
    personal_id: str | None
    old_id: str | None
    phone: str | None
    ethnicity: str
    hamlet: str
    state: str
    wish: str | None
    group: str | None
    coefficient: str
    amount: int

    def values(self) -> Mapping[str, Value]:
        """The fields of her person record that are filled."""
        fields = "name sex birth personal_id old_id phone ethnicity hamlet state wish"  # as in domain.records
        return {name: value for name in fields.split() if (value := getattr(self, name)) is not None}

    def entitlement(self) -> Mapping[str, Value]:
        """The fields of her entitlement record; empty without one."""
        if self.group is None:
            return {}
        right = {"person": self.id, "group": self.group, "coefficient": self.coefficient}
        return {**right, "amount": self.amount, "since": "2025-07-01", "state": "active"}


def people(count: int, seed: int = 7) -> Iterator[Invented]:
    """So many people; the first ones are the same however many are asked for."""
    chance = random.Random(seed)
    names = list(_PEOPLES)
    weights = [share for share, *_ in _PEOPLES.values()]
    for number in range(count):
        yield _person(chance, number, chance.choices(names, weights)[0])


def _person(chance: random.Random, number: int, ethnicity: str) -> Invented:
    sex = chance.choice(("male", "female"))
    born = chance.choice((chance.randint(1926, 1956), chance.randint(1957, 2025)))
    group = chance.choice(list(_GROUPS)) if chance.random() < 0.9 else None
    amount, coefficient = _GROUPS[group] if group else (0, "")
    state = chance.choices(("active", "died", "moved"), (94, 4, 2))[0]
    return Invented(
        id=f"{number:032x}",
        name=_name(chance, ethnicity, sex),
        sex=sex,
        birth=_birth(chance, born),
        personal_id=_personal_id(chance, sex, born) if chance.random() < 0.93 else None,
        old_id=f"0{chance.randrange(10**8):08d}" if born < 1995 and chance.random() < 0.4 else None,
        phone=f"0{chance.choice('35789')}{chance.randrange(10**8):08d}" if chance.random() < 0.6 else None,
        ethnicity=ethnicity,
        hamlet=chance.choice(_HAMLETS),
        state=state,
        wish="cash" if chance.random() < 0.05 else None,
        group=group if state == "active" else None,
        coefficient=coefficient,
        amount=amount,
    )


def _name(chance: random.Random, ethnicity: str, sex: str) -> str:
    _, families, male, female = _PEOPLES[ethnicity]
    middle = chance.choice((male if sex == "male" else female).split())
    given = chance.choice(_GIVEN[sex].split())
    family = chance.choice(families.split())
    if ethnicity == "Ê Đê":
        return f"H'{given} {family}" if sex == "female" else f"Y {given} {family}"
    if chance.random() < 0.25:
        middle = f"{middle} {chance.choice(_GIVEN[sex].split())}"
    return f"{family} {middle} {given}"


def _birth(chance: random.Random, year: int) -> str | None:
    known = chance.random()
    if known < 0.01:
        return None
    if known < 0.3:
        return str(year)
    return f"{year}-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}"


def _personal_id(chance: random.Random, sex: str, year: int) -> str:
    """Province, century and sex, year, six digits (Decree 70/2024)."""
    province = "014" if chance.random() < 0.85 else chance.choice(("001", "011", "025", "066"))
    century = 2 * (year >= 2000) + (sex == "female")
    return f"{province}{century}{year % 100:02d}{chance.randrange(10**6):06d}"


def cells(values: Mapping[str, Value], seq: int = 1) -> Cells:
    """Cells as they stand after one set, for tests that write rows without a Save."""
    return {name: Cell(value, (seq,), seq) for name, value in values.items()}
