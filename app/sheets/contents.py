"""What a cell could be, told by its content alone: for naming columns and sorting rows."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache

from app.domain.policy import Groups
from app.domain.reference import Reference
from app.domain.text import fold, read_amount, strip_title
from app.sheets.grid import Cell, Day, Fault
from app.sheets.vocabulary import Vocabulary


class Like(StrEnum):
    """Something a cell could be."""

    ORDINAL = "ordinal"
    SMALL = "small"
    YEAR = "year"
    DATE = "date"
    SERIAL = "serial"
    IDENTITY = "identity"
    OLD_IDENTITY = "old_identity"
    PHONE = "phone"
    SEX = "sex"
    MARK = "mark"
    NAME = "name"
    WORD = "word"
    HAMLET = "hamlet"
    AMOUNT = "amount"
    HUNDREDS = "hundreds"
    COEFFICIENT = "coefficient"
    DIGITS = "digits"
    ACCOUNT = "account"
    PROVIDER = "provider"
    GROUP = "group"
    ETHNICITY = "ethnicity"
    RELATION = "relation"
    TEXT = "text"


_DATE = re.compile(r"\D{0,12}([0-9-]{1,2}[/.\-])?[0-9-]{1,2}[/.\-](?:[0-9]{4}|[0-9]{2})\b.{0,9}")
_AMOUNT = re.compile(r"[0-9]{1,3}([.,][0-9]{3})+( ?(đồng|đ|d|vnđ|vnd))?|[0-9]{4,9} ?(đồng|đ|d|vnđ|vnd)", re.I)
_COEFFICIENT = re.compile(r"(?:x ?)?[0-9][.,][0-9]{1,2}")
_NOT_IN_NAMES = re.compile(r"[0-9@#%&=:;/\\_+*<>\"]")
_BRACKETED = re.compile(r"[\[({][^\])}]*[\])}]?")
_SEPARATORS = re.compile(r"[\s.\-']")
_NAME_WORDS_MAX = 7


class Contents:
    """Tells what cells could be; remembers the answers, for offices repeat themselves."""

    def __init__(self, vocabulary: Vocabulary, reference: Reference) -> None:
        self._habits = vocabulary.habits
        self._providers = reference.providers
        self._groups: Groups = reference.groups
        self.of_text = lru_cache(maxsize=20_000)(self._of_text)
        self.group_of = lru_cache(maxsize=5_000)(self._group_of)
        self.is_name = lru_cache(maxsize=20_000)(self._is_name)

    def of(self, cell: Cell) -> frozenset[Like]:
        """All that the cell could be."""
        if isinstance(cell, Day):
            return _DATED
        if isinstance(cell, Fault):
            return _TEXTUAL
        if isinstance(cell, str):
            return self.of_text(cell)
        return _of_number(cell)

    def _of_text(self, text: str) -> frozenset[Like]:
        plain = text.strip()
        joined = _SEPARATORS.sub("", plain)
        found: set[Like] = set()
        if _DATE.fullmatch(plain):
            found.add(Like.DATE)
        if _COEFFICIENT.fullmatch(plain):
            found.add(Like.COEFFICIENT)
        if _AMOUNT.fullmatch(plain):
            found.add(Like.AMOUNT)
        if joined.isdigit() and joined.isascii():
            return frozenset(found | _of_digits(joined))
        if joined[:1] == "+" and joined[1:].isdigit():
            return _PHONED
        if plain[:1].isdigit() and (read_amount(plain).dong or 0) >= _LEAST_AMOUNT:
            found.add(Like.AMOUNT)  # `540.000đ/tháng`, `0,54 triệu`
        if re.fullmatch(r"[0-9]{11}[A-Za-z]|[0-9]\.[0-9]+[eE]\+?[0-9]{2}", joined):
            found.add(Like.IDENTITY)
        return frozenset(found | self._of_words(plain))

    def _of_words(self, plain: str) -> set[Like]:
        habits = self._habits
        found = {Like.TEXT}
        for name, like in _LISTED:
            if habits[name].hold(plain):
                found.add(like)
        if plain.casefold() in habits["marks"].marked or plain in "+*√✓✔":
            found.add(Like.MARK)
        if habits["hamlets"].begin(plain):
            found.add(Like.HAMLET)
        if self.group_of(plain):
            found.add(Like.GROUP)
        if self.is_name(plain):
            found.add(Like.NAME if " " in plain else Like.WORD)
        if len(plain) < 120 and self._providers.find(plain):
            found.add(Like.ACCOUNT if re.search(r"[0-9]{6}", plain) else Like.PROVIDER)
        elif re.search(r"[0-9]{8}", plain):
            found.add(Like.DIGITS)
        return found

    def _group_of(self, text: str) -> str | None:
        """The group's code that the text names by code or words."""
        group = self._groups.find(text) if len(text) < 400 else None
        return group.code if group else None

    def _is_name(self, text: str) -> bool:
        """Whether the text reads as somebody's name, remarks in brackets and titles aside."""
        _, plain = strip_title(_BRACKETED.sub(" ", text.replace("\n", " ")))
        words = plain.split()
        if not 1 <= len(words) <= _NAME_WORDS_MAX or _NOT_IN_NAMES.search(plain) or len(plain) > 50:
            return False
        if not all(word[0].isalpha() for word in words if word not in ("-", "'")):
            return False
        habits = self._habits
        if any(
            habits[kind].begin(plain) for kind in ("totals", "endings", "titles", "hamlets", "categories")
        ):
            return False
        return not self.group_of(plain) and len(fold(plain)) >= 1


def unlabelled(text: str) -> str:
    """A heading without its number or letter: `A. Thôn 1`, `II) …`, `1.2. …`, `- …`."""
    return _LABEL.sub("", text)


_LABEL = re.compile(r"^(?:[IVXLC]+|[0-9]{1,2}(?:\.[0-9]{1,2})*|[A-ZĐa-zđ])\s*[.)\-:/]+\s*|^[-–+*•]\s*")
_LEAST_AMOUNT = 50_000
_LISTED = (
    ("male", Like.SEX),
    ("female", Like.SEX),
    ("ethnicities", Like.ETHNICITY),
    ("relations", Like.RELATION),
)
_DATED = frozenset({Like.DATE})
_TEXTUAL = frozenset({Like.TEXT})
_PHONED = frozenset({Like.PHONE})


@lru_cache(maxsize=20_000)
def _of_number(number: float) -> frozenset[Like]:
    if not isinstance(number, int):
        return frozenset({Like.COEFFICIENT} if 0 < number < 10 else {Like.AMOUNT} if number > 1000 else ())
    found = _of_digits(str(number)) if number > 0 else set()
    if number % 100 == 0 and 50_000 <= number < 100_000_000:
        found.add(Like.AMOUNT)
    return frozenset(found)


def _of_digits(digits: str) -> set[Like]:
    number, length = int(digits), len(digits)
    held = (
        (Like.SMALL, 0 <= number <= 31),
        (Like.ORDINAL, 0 < number < 10_000 and length < 5),
        (Like.COEFFICIENT, number in (1, 2, 3)),
        (Like.MARK, number == 1),
        (Like.SEX, number in (0, 1)),
        (Like.YEAR, 1880 <= number <= 2100 and length == 4),
        (Like.SERIAL, 1000 <= number <= 60_000 and length in (4, 5)),
        (Like.DATE, length == 8 and (digits[:2] in ("19", "20") or digits[4:6] in ("19", "20"))),
        (Like.IDENTITY, _may_be_identity(digits)),
        (Like.OLD_IDENTITY, length == 9 or (length == 8 and digits[0] != "0")),
        (Like.PHONE, length == 10 and digits[0] == "0" and digits[1] in "2356789"),
        (Like.PHONE, length == 9 and digits[0] in "356789"),
        (Like.PHONE, length == 11 and (digits[:2] in ("01", "02", "84"))),
        (Like.AMOUNT, number % 1000 == 0 and 5 <= length <= 8),
        (Like.HUNDREDS, 100 <= number < 10_000),
        (Like.DIGITS, length >= 6),
    )
    return {like for like, holds in held if holds}


def _may_be_identity(digits: str) -> bool:
    """Twelve digits from a province's code on, or what a spreadsheet leaves of them."""
    whole = digits.zfill(12)
    return len(whole) == 12 and len(digits) >= 10 and whole[:3] <= "096" and whole[3] in "0123"
