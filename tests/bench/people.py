"""The same invented people twice: as rows of 26 fields, and as the records that the program keeps of them.

Begun from `tests.invented`; what a commune's list says besides is added here. A row becomes a person, her
household (once), her entitlement and, where a bank pays, an account with the proposal that waits for it and
her consent: one set a person, as an import and an enrolment write them, under ids as laptops make them.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from app.domain.accounts import bank_name
from app.domain.changes import Edit, canonical
from app.domain.ids import RecordIds
from app.domain.records import Value
from tests import invented

FIELDS = tuple(
    "id name sex birth personal_id ethnicity household hamlet address relation phone wish group group_name "
    "coefficient amount decision decided since until state bank account holder guardian note".split()
)
# One field and one edit on either side. An account is none of them: here it is written once, and corrected
# by another account.
EDITABLE = ("phone", "guardian", "hamlet", "address", "note", "decision", "amount", "until")
GUARDED = ("decision", "amount", "until")  # of the entitlement: two values apart are a conflict
_MS = 1_767_225_600_000
_BANKS = ("970405", "970436", "970415", "970418", "970452", "970449", "970422", "970407")
_RELATIONS = ("Chủ hộ", "Vợ", "Chồng", "Con", "Mẹ", "Bố", "Cháu", "Ông", "Bà")
_NOTES = (
    "Chưa có tài khoản, nhận tiền mặt",
    "Con gái nhận thay",
    "Đi điều trị nội trú tại bệnh viện tỉnh",
    "Hồ sơ giấy lưu tại tủ số 3",
    "Cần cập nhật số điện thoại",
    "Chuyển đến từ xã khác, đang chờ quyết định",
)
_WORDING = "Tôi đồng ý để Uỷ ban nhân dân xã dùng số tài khoản này để chi trả trợ cấp xã hội hằng tháng."
_GROUP_NAMES = {
    "HTXH": "Trợ cấp hưu trí xã hội",
    "NCT80": "Người cao tuổi từ đủ 80 tuổi",
    "NKT-N": "Người khuyết tật nặng",
    "NKT-DBN": "Người khuyết tật đặc biệt nặng",
    "NKT-N-TE": "Trẻ em khuyết tật nặng",
    "TEMC": "Trẻ em mất nguồn nuôi dưỡng",
    "DTN": "Người đơn thân nghèo đang nuôi con",
}

Row = Mapping[str, str | int]
Place = tuple[str, str, str]  # kind, record, cell


@dataclass(frozen=True)
class Listed:
    """One line of the list, and the ids of the records behind it; `account` is empty for cash."""

    row: Row
    household: str
    right: str
    account: str = ""
    proposal: str = ""
    consent: str = ""
    opens_house: bool = False

    @property
    def person(self) -> str:
        """The id of her own record."""
        return str(self.row["id"])

    def place(self, field: str) -> Place:
        """Where the program keeps one of the `EDITABLE` fields."""
        return ("entitlement", self.right, field) if field in GUARDED else ("person", self.person, field)

    def edits(self, *, enrolled: bool = True) -> list[Edit]:
        """Her set; without `enrolled` she has no account yet."""
        row, house = self.row, Edit("person", self.person, "household", self.household)
        found = [*_fresh("person", self.person, _of("person", row)), house]
        if self.opens_house:
            found += _fresh("household", self.household, _household(row))
        right: dict[str, Value] = {"person": self.person, **_of("entitlement", row)}
        found += _fresh("entitlement", self.right, right)
        return [*found, *self._enrolment()] if enrolled and self.account else found

    def _enrolment(self) -> list[Edit]:
        row, person = self.row, self.person
        account: dict[str, Value] = {
            "person": person,
            "kind": "bank",
            "provider": row["bank"],
            "number": row["account"],
        }
        account |= {"holder": row["holder"], "payee": "self", "evidence": "workbook"}
        wants = canonical([["person", person, "receiving_account", self.account, None]]).decode()
        evidence = canonical({"how": "workbook", "scanned": ""}).decode()
        proposal: dict[str, Value] = {
            "person": person,
            "subject": "account",
            "wants": wants,
            "evidence": evidence,
        }
        proposal |= {"proposer": "0" * 32, "state": "open"}
        consent: dict[str, Value] = {
            "person": person,
            "purpose": "account_payment",
            "wording": _WORDING,
            "given_by": "self",
        }
        consent |= {"sign": "signature", "given": row["decided"]}
        return [
            *_fresh("account", self.account, account),
            *_fresh("proposal", self.proposal, proposal),
            *_fresh("consent", self.consent, consent),
        ]


_PERSON = tuple(
    "name sex birth personal_id ethnicity hamlet address relation phone wish guardian note".split()
)
_RIGHT = ("group", "coefficient", "amount", "decision", "decided", "since", "until", "state")


def _of(kind: str, row: Row) -> dict[str, Value]:
    if kind == "person":
        return {"state": "active", **{name: row[name] for name in _PERSON}}
    return {name: row[name] for name in _RIGHT}


def _household(row: Row) -> dict[str, Value]:
    return {"code": row["household"], "hamlet": row["hamlet"], "address": row["address"], "state": "active"}


def _fresh(kind: str, record: str, values: Mapping[str, Value]) -> list[Edit]:
    return [Edit(kind, record, name, value) for name, value in values.items() if value != ""]


@dataclass
class _Typist:
    """A clock: somebody types a person in a second or two."""

    chance: random.Random
    ms: int = _MS

    def __call__(self) -> int:
        return self.ms

    def type(self) -> None:
        self.ms += self.chance.randrange(2_000)


def people(count: int, seed: int = 7) -> Iterator[Listed]:
    """So many lines; the first ones are the same however many are asked for."""
    chance = random.Random(seed)
    typist = _Typist(chance)
    ids = RecordIds("m01", typist)
    house, left, record, number, hamlet = 0, 0, "", 0, ""
    for who in invented.people(count, seed):
        typist.type()
        opens = not left
        if opens:
            house, left = house + 1, chance.choices((1, 2, 3, 4, 5), (25, 30, 20, 15, 10))[0]
            record, number, hamlet = ids.new(), chance.randrange(1, 220), who.hamlet
        left -= 1
        at = {"household": f"011-03127-{house:06d}", "hamlet": hamlet}
        at["address"] = f"Số nhà {number}, {hamlet}, xã Mường Thanh, tỉnh Điện Biên"
        said = {**_said(chance, who), **at, "id": ids.new()}
        found = Listed({name: said[name] for name in FIELDS}, record, ids.new(), opens_house=opens)
        yield (
            found
            if said["wish"] == "cash"
            else replace(found, account=ids.new(), proposal=ids.new(), consent=ids.new())
        )


def _said(chance: random.Random, who: invented.Invented) -> dict[str, str | int]:
    cash = chance.random() < 0.28
    group = who.group or "HTXH"
    since = f"{chance.randrange(2014, 2026)}-{chance.randrange(1, 13):02d}"
    return {
        "name": who.name,
        "sex": who.sex,
        "birth": who.birth or "1950",
        "personal_id": who.personal_id or f"014{chance.randrange(10**9):09d}",
        "ethnicity": who.ethnicity,
        "relation": chance.choice(_RELATIONS),
        "phone": who.phone or "",
        "wish": "cash" if cash else "account",
        "group": group,
        "group_name": _GROUP_NAMES[group],
        "coefficient": who.coefficient or "1.0",
        "amount": who.amount or 540_000,
        "decision": _decision(chance),
        "decided": f"{since}-{chance.randrange(1, 29):02d}",
        "since": since,
        "until": "" if chance.random() < 0.9 else _month(chance),
        "state": chance.choices(("active", "suspended", "ended"), (92, 4, 4))[0],
        "bank": "" if cash else chance.choice(_BANKS),
        "account": "" if cash else _digits(chance, chance.choice((9, 10, 12, 13, 14))),
        "holder": "" if cash else bank_name(who.name),
        "guardian": "" if chance.random() < 0.8 else _name(chance),
        "note": "" if chance.random() < 0.4 else chance.choice(_NOTES),
    }


def _digits(chance: random.Random, length: int) -> str:
    return f"{chance.randrange(10**length):0{length}d}"


def _decision(chance: random.Random) -> str:
    return f"{chance.randrange(1, 4_000)}/QĐ-UBND"


def _month(chance: random.Random) -> str:
    return f"2027-{chance.randrange(1, 13):02d}"


def _name(chance: random.Random) -> str:
    return next(invented.people(1, chance.randrange(1 << 30))).name


def _another(chance: random.Random, field: str) -> str | int:
    match field:
        case "phone":
            return f"09{_digits(chance, 8)}"
        case "guardian":
            return _name(chance)
        case "hamlet":
            return f"Bản {_name(chance).split()[-1]} {chance.randrange(1, 99)}"
        case "address":
            return f"Số nhà {chance.randrange(1, 999)}, ngõ {chance.randrange(1, 99)}"
        case "note":
            return f"{chance.choice(_NOTES)} ({chance.randrange(1, 29)}/{chance.randrange(1, 13)})"
        case "decision":
            return f"{chance.randrange(5_000, 99_999)}/QĐ-UBND"
        case "amount":
            return 1_000 * chance.randrange(500, 9_000)
        case _:
            return (
                f"{chance.randrange(2028, 2100)}-{chance.randrange(1, 13):02d}-{chance.randrange(1, 29):02d}"
            )


@dataclass(frozen=True)
class Change:
    """One field of one line moved."""

    line: int
    field: str
    value: str | int


def changes(count: int, lines: Sequence[int], seed: int) -> list[Change]:
    """One change on each of so many of these lines."""
    chance = random.Random(seed)
    return [_change(chance, line) for line in sorted(chance.sample(lines, count))]


def _change(chance: random.Random, line: int, fields: Sequence[str] = EDITABLE) -> Change:
    field = chance.choice(fields)
    return Change(line, field, _another(chance, field))


def collisions(each: int, shared: int, lines: Sequence[int], seed: int) -> tuple[list[Change], list[Change]]:
    """What two laptops change apart, `each` so many; half of the `shared` lines in the very same field."""
    chance = random.Random(seed)
    drawn = chance.sample(lines, 2 * each - shared)
    both, ours, theirs = drawn[:shared], drawn[shared:each], drawn[each:]
    first = [_change(chance, line) for line in ours]
    second = [_change(chance, line) for line in theirs]
    for at, line in enumerate(both):
        one = _change(chance, line)
        others = [field for field in EDITABLE if field != one.field]
        other = _change(chance, line, [one.field] if at < shared // 2 else others)
        while other.value == one.value:
            other = _change(chance, line, [one.field])
        first.append(one)
        second.append(other)
    return first, second
