"""Telephone numbers as offices keep them: ten digits since the renumbering of 2018."""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.domain.reference import Reference
from app.domain.text import fold


@dataclass(frozen=True)
class PhoneReading:
    """What a cell of telephone numbers says.

    mended: `separators`, `decimal_zero`, `country_code`, `lost_zero`, `old_prefix` (eleven
    digits before 2018), `remark` (words beside the number), `second_phone` (there were
    more; the first is read, the rest stand in `others`). problem: `invalid_phone`.
    A blank cell is None without a problem.
    """

    phone: str | None = None
    mended: tuple[str, ...] = ()
    problem: str | None = None
    others: tuple[str, ...] = ()


_NONE = {"", "0", "x", "k", "ko", "khong", "chua co", "khong co", "ko co", "k co"}
_LABEL = re.compile(r"^(so )?(sdt|dt|dien thoai|tel|phone|di dong|dd|zalo)\b[ :.]*")
_REMARK = re.compile(r"(?<![0-9a-z])[a-z]+(?![0-9a-z])|[():]")  # O1… is a digit mistyped, no remark
_BETWEEN = re.compile(r"[/;,\n|&]| - (?=[0+8])|(?<=[0-9]{9})-(?=0)| (?=0[0-9]{9}\b)")
_MOBILE = re.compile("0[35789][0-9]{8}")
_LANDLINE = re.compile("02[0-9]{8,9}")


def read_phone(text: str, reference: Reference) -> PhoneReading:
    """Read a cell of telephone numbers; the prefix never proves the operator (numbers are ported)."""
    if _MOBILE.fullmatch(text):
        return PhoneReading(text)
    plain = _LABEL.sub("", fold(text))
    if plain.strip(" .,-_?'") in _NONE:
        return PhoneReading()
    whole = _read_one(plain, reference)
    if whole.phone:
        return whole
    bare = _REMARK.sub(" ", plain)
    readings = [_read_one(part.strip(), reference) for part in _BETWEEN.split(bare)]
    sound = [reading for reading in readings if reading.phone]
    if not sound:
        return PhoneReading(problem="invalid_phone")
    others = tuple(reading.phone for reading in sound[1:] if reading.phone)
    mended = (*sound[0].mended, *["remark"] * (bare != plain), *["second_phone"] * bool(others))
    return PhoneReading(sound[0].phone, mended, None, others)


def _read_one(text: str, reference: Reference) -> PhoneReading:
    mended = []
    plain = re.sub(r"(?<=[0-9]{8})[.,]0$", "", text)
    mended += ["decimal_zero"] * (plain != text)
    digits = re.sub(r"[\s.\-()'\"`]|(?<=[0-9]),(?=[0-9]{3})", "", plain)
    mended += ["separators"] * (digits != plain)
    abroad = re.fullmatch(r"(?:\+|00)840?([0-9]{9,10})|84([0-9]{9})", digits)
    if abroad:
        digits = "0" + (abroad[1] or abroad[2])
        mended.append("country_code")
    if not (digits.isascii() and digits.isdigit()):
        return PhoneReading(problem="invalid_phone")
    if digits[0] != "0" and len(digits) in (9, 10):
        digits = "0" + digits
        mended.append("lost_zero")
    renumbered = reference.old_phone_prefixes.get(digits[:4]) if len(digits) == 11 else None
    if renumbered:
        digits = renumbered + digits[4:]
        mended.append("old_prefix")
    if not _MOBILE.fullmatch(digits) and not _LANDLINE.fullmatch(digits):
        return PhoneReading(problem="invalid_phone")
    return PhoneReading(digits, tuple(mended))
