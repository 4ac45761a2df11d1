"""Hamlets and groups said above people: in addresses, titles, headings between rows, sheet names."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile

from app.domain.dates import PartialDate, age_on
from app.domain.policy import Groups
from app.domain.text import clean, fold, proper_case
from app.sheets.contents import Contents, unlabelled
from app.sheets.vocabulary import Vocabulary, load_vocabulary

_SEGMENTS = re.compile(r"\s*(?:[()\[\];,\n]|\s[-–—]+\s)\s*")
_PARTS = re.compile("[:()]")
_LABELLED = re.compile(r"^([^\d:]{2,20}?)\s*:\s*(.+)$", re.S)
_COUNTED = re.compile(
    r"\s*(?:[:\-–]\s*\(?\s*[0-9]+[^0-9]{0,16}|\(\s*[0-9]+[^0-9)]{0,16}\)"
    r"|[:\-–]?\s*\(?[0-9]+\s*(?:người|đối tượng|hộ|trường hợp|đt)\s*\)?)\s*$",
    re.I,
)
_HAMLET_WORDS_MAX = 6
_CLAUSE = re.compile(
    r"""(?:(?:diem\ )?(?P<before>[a-e]|dd)[ ,]*)?(?:khoan|k)?\ ?(?P<clause>[1-8])\ ?
        (?:[,.]?\ ?(?:diem\ )?(?P<after>[a-e]|dd)\b)?(?:[ ,]*(?:dieu|d)\ ?5)?
    |5\.(?P<dotted>[1-8])(?P<dotted_letter>[a-e])?""",
    re.VERBOSE,
)
_CHILD_BELOW, _OLD_FROM = 16, 60


@dataclass(frozen=True)
class Surroundings:
    """What stands above a row: the group and hamlet of the nearest headings, as written."""

    group: str | None = None
    hamlet: str | None = None


class Places:
    """Tells hamlets and groups from the words around people."""

    def __init__(self, vocabulary: Vocabulary, contents: Contents, groups: Groups) -> None:
        self._habits, self._hamlets = vocabulary.habits, vocabulary.habits["hamlets"]
        self._above = vocabulary.habits["above_hamlets"]
        self._contents, self._groups = contents, groups
        self.hamlet_of_address = lru_cache(maxsize=5_000)(self._hamlet_of_address)

    def hamlet_in(self, text: str) -> str | None:
        """The hamlet a title, heading or sheet name says: `(Bản Nà Lốc – Tháng 11)`, `Thôn: Nà Lốc`."""
        for segment in _SEGMENTS.split(text):
            plain = clean(segment)
            found = self._hamlet(_COUNTED.sub("", unlabelled(plain)) or plain) or self._hamlet(plain)
            found = found or self._hamlet_inside(plain)
            if found:
                return tidy(found)
        return None

    def _hamlet(self, segment: str) -> str | None:
        labelled = _LABELLED.match(segment)
        if labelled and self._hamlets.hold(labelled[1]):
            name = labelled[2]
            return name if self._hamlets.begin(name) else f"{labelled[1]} {name}"
        start = self._hamlets.begin(segment)
        words = segment.split()
        if not start or not len(start.split()) < len(words) <= _HAMLET_WORDS_MAX:
            return None
        return None if self._habits["not_hamlets"].begin(segment) else segment

    def _hamlet_inside(self, title: str) -> str | None:
        """`DANH SÁCH CHI TRẢ BẢN NÀ LỐC THÁNG 11`: a hamlet's word behind others, its name up to the next."""
        words = title.split()
        for at in range(1, len(words) - 1):
            rest = " ".join(words[at:])
            start = self._habits["hamlets_inside"].begin(rest)
            if not start or words[at - 1].casefold() in ("văn", "cơ", "các", "những", "theo"):
                continue
            length = len(start.split())
            name = list(
                takewhile(lambda word: not self._habits["title_goes_on"].hold(word), words[at + length :])
            )
            if 1 <= len(name) <= _HAMLET_WORDS_MAX - length and not self._habits["not_hamlets"].begin(rest):
                return " ".join([*words[at : at + length], *name])
        return None

    def hamlet_alone(self, text: str) -> str:
        """A hamlet's cell without the units above it: `Bản Phồng, xã Tam Hợp, tỉnh Nghệ An`."""
        first, *rest = [segment for segment in _SEGMENTS.split(text) if segment] or [text]
        is_cut = rest and (
            self._above.begin(rest[0]) or (self._hamlet(first) and not any(map(self._hamlet, rest)))
        )
        return first if is_cut else text

    def _hamlet_of_address(self, text: str) -> tuple[str | None, bool]:
        """The hamlet of an address, and whether words say that it is one.

        An address without any unit named above the hamlet is the hamlet's name itself.
        """
        segments = [segment for segment in _SEGMENTS.split(clean(text)) if segment]
        for segment in segments:
            if self._hamlet(segment):
                return segment, True
        if not segments or any(self._above.begin(segment) for segment in segments[:1]):
            return None, False
        return segments[0], False

    def group_in(self, text: str) -> str | None:
        """The text itself, when it names a group."""
        plain = _COUNTED.sub("", unlabelled(clean(text)))
        parts = [plain, *map(clean, _PARTS.split(plain))]
        return next((part for part in parts if part and self._contents.group_of(part)), None)

    def group_code(
        self, text: str, coefficient: str | None, birth: PartialDate | None, today: datetime.date
    ) -> str | None:
        """The register's code for a group as written: by code, words, or clause of Decree 20, Article 5."""
        return self._contents.group_of(clean(text)) or self._by_clause(text, coefficient, birth, today)

    def _by_clause(
        self, text: str, coefficient: str | None, birth: PartialDate | None, today: datetime.date
    ) -> str | None:
        """`K6` with 2.0 for somebody of 40: the one group of clause 6 that has it at this age."""
        found = _CLAUSE.fullmatch(" ".join(re.sub(r"[^a-z0-9.,]+", " ", fold(text)).split()))
        if not found:
            return None
        clause = found["clause"] or found["dotted"]
        letter = (found["before"] or found["after"] or found["dotted_letter"] or "").replace("dd", "đ")
        fitting = [
            group
            for group in self._groups.all
            if re.fullmatch(rf"Điều 5 khoản {clause}{letter or '[a-eđ]?'}", group.clause)
            and (coefficient is None or coefficient in group.coefficients)
        ]
        if len(fitting) > 1 and birth:
            age = age_on(birth, today)
            stage = "trẻ em" if age < _CHILD_BELOW else "người cao tuổi" if age >= _OLD_FROM else ""
            fitting = [
                group
                for group in fitting
                if (stage in group.name.casefold() if stage else not _is_of_an_age(group.name))
            ]
        return fitting[0].code if len(fitting) == 1 else None


def _is_of_an_age(name: str) -> bool:
    return "trẻ em" in name.casefold() or "cao tuổi" in name.casefold()


def tidy(hamlet: str) -> str:
    """`BẢN NÀ LỐC` as Bản Nà Lốc, `TỔ DÂN PHỐ SỐ 1` as Tổ dân phố số 1; TDP 1 and small letters stay."""
    plain = clean(hamlet).strip(" .-–:")
    if not plain.isupper():
        return plain
    unit = load_vocabulary().habits["hamlets"].begin(plain)
    count = len(unit.split())
    words = plain.split()
    kind = " ".join(words[:count])
    is_short = count == 1 and not re.search("[aeiouy]", fold(kind))
    name = re.sub(r"\bSố\b", "số", proper_case(" ".join(words[count:])))
    return clean(f"{kind if is_short else kind.capitalize()} {name}")
