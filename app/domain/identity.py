"""Identity numbers as offices keep them, and what an identity card says of itself.

The twelve-digit number (Circular 59/2021/TT-BCA; codes in Circular 07/2016/TT-BCA) is
`PPP G YY RRRRRR`: where the birth was registered, century and sex, year of birth, chance.
It has no check digit, so a number can be mended where a spreadsheet is known to have
taken something, and otherwise only doubted.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.dates import PartialDate
from app.domain.errors import Refusal
from app.domain.reference import Reference
from app.domain.scans import CARD_FIELDS
from app.domain.scans import repair_input_method as repair_input_method
from app.domain.text import clean, fold, proper_case


@dataclass(frozen=True)
class PersonalIdReading:
    """What a cell of identity numbers says.

    mended: `apostrophe`, `separators`, `decimal_zero`, `lost_zero`, `label`, `two_numbers`.
    problem: `missing_personal_id`, `old_id_number` (nine digits, kept in `old_id`) or
    `invalid_personal_id` (cannot be a number; never guessed).
    """

    personal_id: str | None = None
    old_id: str | None = None
    mended: tuple[str, ...] = ()
    problem: str | None = None


_MISSING = {"", "0", "x", "k", "ko", "khong", "chua", "mat", "that lac", "none", "null", "n/a", "na", "nan"}
_MISSING |= {"dang lam", "cho cap", "lam lai", "khong nho", "khong biet"}
_WHOLE = re.compile(r"(?=.*[1-9])[0-9]{12}")
_MISSING_START = re.compile(
    r"(chua|khong|ko|k|kg|0) (co|cap|lam|duoc cap|ro|thay)\b.*"
    r"|(gks|giay (khai sinh|to)|mat (giay|the|cccd|cmnd)|tre (em|nho)|con nho)\b[^0-9]*"
)
_LABEL = (
    r"^(số |so |thẻ )*(cccd|cmnd|cmtnd|cmt|cc|căn cước( công dân)?|định danh|đdcn|ddcn|id)(?![^\W\d_])[ :.]*"
)
_STEPS = (
    ("label", re.compile(_LABEL, re.IGNORECASE)),
    ("apostrophe", re.compile("[\"'`´’‘]")),
    ("decimal_zero", re.compile(r"(?<=[0-9]{8})[.,]0{1,2}\s*$")),
    ("separators", re.compile(r"[\s.,\-]")),
)
_BOTH = re.compile(r"(?<![0-9])(?P<new>[0-9]{12})(?![0-9])|(?<![0-9])(?P<old>[0-9]{9})(?![0-9])")
_AROUND_BOTH = re.compile(r"[\s/,;:()\-]*|(so|cu|moi|cccd|cmnd|cmt|cc)", re.I)
# 001 Hà Nội, 002 Hà Giang, 004 Cao Bằng, 006 Bắc Kạn, 008 Tuyên Quang (Circular 07/2016, Appendix 1).
_TWO_ZERO_PROVINCES = "12468"
_LAST_PROVINCE = 96


def read_personal_id(text: str) -> PersonalIdReading:
    """Read a cell of identity numbers, mending only what spreadsheets and people are known to do."""
    if _WHOLE.fullmatch(text):
        return PersonalIdReading(text)
    plain = clean(text)
    said = fold(plain).strip(" .,-_/?'*:")
    if said in _MISSING or _MISSING_START.fullmatch(said):
        return PersonalIdReading(problem="missing_personal_id")
    return _both_numbers(plain) or _one_number(plain)


def _both_numbers(plain: str) -> PersonalIdReading | None:
    """The new number and the old one in one cell, as `014148032213 (CMND 050123456)`."""
    found = list(_BOTH.finditer(plain))
    around = re.split(r"[\s:()./,;\-]+", fold(_BOTH.sub(" ", plain)))
    if len(found) != 2 or not all(_AROUND_BOTH.fullmatch(word) for word in around):
        return None
    personal_id, old_id = (next((hit[kind] for hit in found if hit[kind]), None) for kind in ("new", "old"))
    return PersonalIdReading(personal_id, old_id, ("two_numbers",)) if personal_id and old_id else None


def _one_number(plain: str) -> PersonalIdReading:
    mended: list[str] = []
    for name, removed in () if plain.isdigit() else _STEPS:
        before, plain = plain, removed.sub("", plain)
        mended += [name] * (before != plain)
    if not (plain.isascii() and plain.isdigit()):
        return PersonalIdReading(problem="invalid_personal_id")
    if not plain.strip("0"):
        return PersonalIdReading(problem="missing_personal_id")
    whole = plain.zfill(12 if _lost_zeros(plain) else 9 if _lost_old_zero(plain) else 0)
    mended += ["lost_zero"] * (whole != plain)
    if len(whole) == 12:
        return PersonalIdReading(whole, None, tuple(mended))
    if len(whole) == 9:
        return PersonalIdReading(None, whole, tuple(mended), "old_id_number")
    return PersonalIdReading(problem="invalid_personal_id")


def _lost_zeros(digits: str) -> bool:
    """Whether a spreadsheet can have taken the leading zeros of a twelve-digit number.

    A number that still begins with zero was kept as text: what it lacks is another digit.
    """
    match len(digits):
        case 11:
            return 10 <= int(digits[:2]) <= _LAST_PROVINCE and digits[2] in "0123"
        case 10:
            return digits[0] in _TWO_ZERO_PROVINCES and digits[1] in "0123"
    return False


def _lost_old_zero(digits: str) -> bool:
    """Old numbers of the northern provinces begin with 0 (Sơn La 05, Lào Cai 06, Hà Giang 07)."""
    return len(digits) == 8 and digits[0] != "0"


def sex_of(personal_id: str) -> str:
    """`male` or `female`, by the fourth digit."""
    return "female" if int(personal_id[3]) % 2 else "male"


def birth_year_of(personal_id: str) -> int:
    """The year of birth the number says, century by the fourth digit."""
    return 1900 + 100 * (int(personal_id[3]) // 2) + int(personal_id[4:6])


def plausibility(
    personal_id: str, sex: str | None, birth: PartialDate | None, reference: Reference
) -> tuple[str, ...]:
    """Doubts about a twelve-digit number: `unknown_id_province`, `sex_disagrees`, `birth_disagrees`.

    Only doubts: a number is kept when civil status is corrected later, and the codes of
    births registered since July 2025 are not published.
    """
    doubts = (
        ("unknown_id_province", personal_id[:3] not in reference.id_provinces),
        ("sex_disagrees", sex is not None and sex != sex_of(personal_id)),
        ("birth_disagrees", birth is not None and birth.year != birth_year_of(personal_id)),
    )
    return tuple(kind for kind, holds in doubts if holds)


def mask_personal_id(number: str) -> str:
    """`014148032213` as `014•••••2213`; a shorter number shows its last three digits."""
    if len(number) < 12:
        return _masked(number, 0, 3)
    return _masked(number, 3, 4)


def mask_phone(phone: str) -> str:
    """`0987654321` as `098••••321`."""
    return _masked(phone, 3, 3)


def _masked(text: str, head: int, tail: int) -> str:
    """Dots for all between head and tail; for all of it when too little would be hidden."""
    hidden = len(text) - head - tail
    return text[:head] + "•" * hidden + text[-tail:] if hidden >= 3 else "•" * len(text)


@dataclass(frozen=True)
class CardQr:
    """What the code on an identity card says. `address` is the residence as printed.

    mended: `letters_lost` when the scanner could not type Vietnamese letters: the number
    and the birth stand, the name must come from the register or the card.
    """

    personal_id: str
    old_id: str | None
    name: str
    birth: PartialDate
    sex: str
    address: str
    issued: PartialDate | None
    mended: tuple[str, ...] = ()


_SEXES = {"nam": "male", "nu": "female", "n": "female", "n?": "female", "n\ufffd": "female"}


def parse_card_qr(text: str) -> CardQr:
    """Read the code of a chip card, old or new; fields after the seventh are not looked at.

    `number|old number|name|ddMMyyyy|Nam or Nữ|residence|ddMMyyyy of issue`. Refusals
    `card_qr.not_a_card`, `.cut_short`, `.garbled`, `.number`, `.name`, `.birth`, `.sex`.
    """
    fields = [clean(field) for field in repair_input_method(text).split("|")]
    number = fields[0]
    if len(fields) < CARD_FIELDS:
        raise Refusal("card_qr.cut_short" if re.fullmatch("[0-9]{12}", number) else "card_qr.not_a_card")
    if not re.fullmatch("[0-9]{12}", number):
        raise Refusal("card_qr.number", digits=len(number))
    if not fields[2]:
        raise Refusal("card_qr.name")
    birth, sex = _card_date(fields[3]), _SEXES.get(fold(fields[4]))
    if birth is None:
        raise Refusal("card_qr.birth")
    if sex is None:
        raise Refusal("card_qr.sex")
    lost = not re.fullmatch("nam|nu", fold(fields[4])) or re.search("[?\ufffd]", fields[2])
    return CardQr(
        number,
        fields[1] if re.fullmatch("[0-9]{9}", fields[1]) else None,
        proper_case(fields[2]),
        birth,
        sex,
        fields[5],
        _card_date(fields[6]),
        ("letters_lost",) if lost else (),
    )


def _card_date(text: str) -> PartialDate | None:
    """`02031954`, `02/03/1954`, and for people without a known day `1954` or `00001954`."""
    found = re.fullmatch("(?:([0-9]{2})/?([0-9]{2})/?)?([0-9]{4})", text)
    if not found:
        return None
    day, month, year = (int(part or 0) for part in found.groups())
    try:
        return PartialDate(year, month or None, day or None if month else None)
    except ValueError:
        return None


@dataclass(frozen=True)
class Mrz:
    """The machine-readable zone of an identity card; the name has no marks and is in capitals."""

    personal_id: str
    birth: PartialDate
    sex: str | None
    expires: PartialDate | None
    name: str


_MRZ_1 = re.compile("I[A-Z<]VNM([0-9]{9})([0-9])([0-9]{12})<<([0-9])")
_MRZ_2 = re.compile("([0-9<]{6})([0-9])([MF<])([0-9<]{6})([0-9<])[A-Z<]{3}[A-Z0-9<]{11}([0-9])")
_MRZ_3 = re.compile("[A-Z<]{30}")


def parse_mrz(lines: Sequence[str]) -> Mrz:
    """Read the three lines of a TD1 document (ICAO 9303-5 §4.2), every check digit proven.

    Refusals `mrz.not_a_card`, `mrz.check_digit` (fact `line`) and `mrz.birth`.
    """
    plain = [re.sub(r"\s", "", line).upper() for line in lines if line.strip()]
    if len(plain) != 3:
        raise Refusal("mrz.not_a_card")
    first, second = _MRZ_1.fullmatch(plain[0]), _MRZ_2.fullmatch(plain[1])
    if not first or not second or not _MRZ_3.fullmatch(plain[2]):
        raise Refusal("mrz.not_a_card")
    number = first[3]
    if _check_digit(first[1]) != first[2] or _check_digit(number) != first[4] or number[3:] != first[1]:
        raise Refusal("mrz.check_digit", line=1)
    whole = plain[0][5:] + plain[1][:7] + plain[1][8:15] + plain[1][18:29]
    checked = ((second[1], second[2]), (second[4], second[5]), (whole, second[6]))
    if any(_check_digit(part) != digit for part, digit in checked if digit != "<"):
        raise Refusal("mrz.check_digit", line=2)
    birth = _mrz_date(second[1], birth_year_of(number) // 100)
    if birth is None:
        raise Refusal("mrz.birth")
    sex = {"M": "male", "F": "female"}.get(second[3])
    return Mrz(number, birth, sex, _mrz_date(second[4], 20), " ".join(plain[2].replace("<", " ").split()))


def _check_digit(text: str) -> str:
    """ICAO 9303-3 §4.9: weights 7, 3, 1; letters count from 10, the filler nothing."""
    values = (0 if letter == "<" else int(letter, 36) for letter in text)
    return str(sum(value * (7, 3, 1)[place % 3] for place, value in enumerate(values)) % 10)


def _mrz_date(text: str, century: int) -> PartialDate | None:
    """YYMMDD, with `<` or zeros for an unknown month or day."""
    year, month, day = (int(text[at : at + 2].replace("<", "0")) for at in (0, 2, 4))
    if "<" in text[:2]:
        return None
    try:
        return PartialDate(century * 100 + year, month or None, day or None if month else None)
    except ValueError:
        return None
