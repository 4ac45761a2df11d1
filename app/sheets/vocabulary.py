"""What offices call things, as data: resources/sheets/*.toml made ready for comparing.

Words are compared with their marks (Tổng sums up, Tống is a family; Năm is a year, Nam a
man), tone placement aside; text without any marks is compared without them.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

from rapidfuzz import fuzz, process

from app.domain.text import canonical, fold
from app.resources import resource


class Meaning(StrEnum):
    """What a column holds. `blank` has no content; `unknown` is a question to the officer."""

    ORDINAL = "ordinal"
    NAME = "name"
    FAMILY_NAME = "family_name"
    GIVEN_NAME = "given_name"
    OTHER_NAME = "other_name"
    BIRTH = "birth"
    BIRTH_MALE = "birth_male"
    BIRTH_FEMALE = "birth_female"
    BIRTH_DAY = "birth_day"
    BIRTH_MONTH = "birth_month"
    BIRTH_YEAR = "birth_year"
    AGE = "age"
    SEX = "sex"
    MALE_MARK = "male_mark"
    FEMALE_MARK = "female_mark"
    PERSONAL_ID = "personal_id"
    OLD_ID = "old_id"
    ID_ISSUED = "id_issued"
    ID_ISSUER = "id_issuer"
    PHONE = "phone"
    HAMLET = "hamlet"
    ADDRESS = "address"
    CURRENT_ADDRESS = "current_address"
    ETHNICITY = "ethnicity"
    GROUP = "group"
    GROUP_MARK = "group_mark"
    DEGREE = "degree"
    DISABILITY = "disability"
    COEFFICIENT = "coefficient"
    STANDARD = "standard"
    AMOUNT = "amount"
    ARREARS = "arrears"
    TOTAL = "total"
    MONTHS = "months"
    ACCOUNT = "account"
    PROVIDER = "provider"
    BRANCH = "branch"
    HOLDER = "holder"
    METHOD = "method"
    PAYEE_NAME = "payee_name"
    PAYEE_ID = "payee_id"
    PAYEE_PHONE = "payee_phone"
    PAYEE_RELATION = "payee_relation"
    SIGNATURE = "signature"
    NOTE = "note"
    HOUSEHOLD_HEAD = "household_head"
    RELATION = "relation"
    HOUSEHOLD_CODE = "household_code"
    POVERTY = "poverty"
    DECISION = "decision"
    DECIDED = "decided"
    SINCE = "since"
    UNTIL = "until"
    OTHER = "other"
    UNKNOWN = "unknown"
    BLANK = "blank"


_BRACKETED = re.compile(r"[(\[][^)\]]*[)\]]?")
_BETWEEN = re.compile(r"[^\w']+|_")
_SURE = 0.72  # a heading scored below this may be a slip of the keyboard
_SLIP_LENGTH_MIN, _SLIP_MIN = 6, 88
_CUT = 2  # letters that a word cut short keeps
_PARTIES: dict[tuple[str, Meaning], Meaning] = {
    ("payee", Meaning.NAME): Meaning.PAYEE_NAME,
    ("payee", Meaning.GIVEN_NAME): Meaning.PAYEE_NAME,
    ("payee", Meaning.PERSONAL_ID): Meaning.PAYEE_ID,
    ("payee", Meaning.OLD_ID): Meaning.PAYEE_ID,
    ("payee", Meaning.PHONE): Meaning.PAYEE_PHONE,
    ("payee", Meaning.RELATION): Meaning.PAYEE_RELATION,
    ("payee", Meaning.ACCOUNT): Meaning.ACCOUNT,  # what she receives by is the person's way to be paid
    ("payee", Meaning.PROVIDER): Meaning.PROVIDER,
    ("payee", Meaning.HOLDER): Meaning.HOLDER,
    ("head", Meaning.NAME): Meaning.HOUSEHOLD_HEAD,
    ("head", Meaning.GIVEN_NAME): Meaning.HOUSEHOLD_HEAD,
    ("head", Meaning.RELATION): Meaning.RELATION,
    ("holder", Meaning.NAME): Meaning.HOLDER,
    ("holder", Meaning.GIVEN_NAME): Meaning.HOLDER,
}


@lru_cache(maxsize=20_000)
def spelled(text: str) -> str:
    """Words alone, lower case, marks kept, tone placement aside: for comparing with phrases."""
    return " ".join(_BETWEEN.sub(" ", canonical(text)).split())


def _squeezed(text: str) -> str:
    return "".join(filter(str.isalnum, fold(text)))


@dataclass(frozen=True)
class Phrases:
    """A list of phrases to look for, with marks and without."""

    marked: frozenset[str]
    bare: frozenset[str]
    longest: int

    @classmethod
    def of(cls, phrases: Iterable[str]) -> Phrases:
        """Made from phrases as the data files write them."""
        marked = frozenset(spelled(phrase) or phrase for phrase in phrases)
        longest = max(len(phrase.split()) for phrase in marked)
        return cls(marked, frozenset(fold(phrase) for phrase in marked), longest)

    def hold(self, text: str) -> bool:
        """Whether the whole text is one of the phrases."""
        said = spelled(text)
        return said in self.marked or (said.isascii() and said in self.bare)

    def begin(self, text: str) -> str:
        """The longest phrase the text begins with, or nothing."""
        words = spelled(text).split()
        for count in range(min(self.longest, len(words)), 0, -1):
            start = " ".join(words[:count])
            if start in self.marked or (start in self.bare and all(word.isascii() for word in words)):
                return start
        return ""


@dataclass(frozen=True)
class Heading:
    """What a heading can mean, each meaning with a score between 0 and 1, the best first."""

    scores: tuple[tuple[Meaning, float], ...]

    @property
    def best(self) -> tuple[Meaning, float]:
        """The likeliest meaning, `unknown` when none fits."""
        return self.scores[0] if self.scores else (Meaning.UNKNOWN, 0.0)


@dataclass(frozen=True)
class Vocabulary:
    """All of resources/sheets, ready for comparing."""

    phrases: tuple[tuple[str, str, Meaning, int], ...]  # marked, bare, meaning, rank
    parties: tuple[tuple[str, str, str], ...]  # marked, bare, party
    squeezed: dict[str, Meaning]  # phrases of three letters and more, without marks and spaces
    habits: dict[str, Phrases]

    def heading(self, parts: tuple[str, ...]) -> Heading:
        """What a heading of these parts, from top to bottom, can mean."""
        said = [spelled(part) for part in parts]
        for at in range(len(said) - 1, -1, -1):  # the nearest part that is about somebody else decides
            party, rest = self._party(said[at])
            if party:
                below = " ".join(filter(None, [rest, *said[at + 1 :]]))
                return Heading(self._of_party(party, below))
        whole, leaf = " ".join(filter(None, said)), said[-1] if said else ""
        scores = self._scores(whole)
        bare = spelled(_BRACKETED.sub(" ", parts[-1])) if parts else ""
        if bare and bare != leaf:  # a unit in brackets explains, it does not name: Tiền (1.000đ)
            for meaning, score in self._scores(bare).items():
                scores[meaning] = max(scores.get(meaning, 0.0), score * 0.97)
        if leaf != whole:
            for meaning, score in self._scores(leaf).items():
                scores[meaning] = max(scores.get(meaning, 0.0), score * 0.95)
        if max(scores.values(), default=0.0) < _SURE:
            guessed = self._misspelled(leaf) or self._abbreviated(bare or leaf)
            if guessed:
                scores[guessed] = _SURE + 0.02
        return Heading(tuple(sorted(scores.items(), key=lambda item: -item[1])))

    def _misspelled(self, text: str) -> Meaning | None:
        """The meaning of a heading that differs from a phrase by spaces or a slip: `Họ vàtên`, `S Đ T`."""
        squeezed = _squeezed(text)
        if squeezed in self.squeezed:
            return self.squeezed[squeezed]
        if len(squeezed) < _SLIP_LENGTH_MIN:
            return None
        found = process.extractOne(squeezed, self.squeezed.keys(), scorer=fuzz.ratio, score_cutoff=_SLIP_MIN)
        return self.squeezed[found[0]] if found else None

    def _abbreviated(self, text: str) -> Meaning | None:
        """The one meaning whose phrases begin as these words do, some of them cut: `M.hưởng`, `Đ.tượng`."""
        words = text.split()
        if not any(len(word) <= _CUT for word in words) or all(len(word) <= _CUT for word in words):
            return None
        meant = {meaning for marked, _, meaning, _ in self.phrases if _is_cut(words, marked.split())}
        return meant.pop() if len(meant) == 1 else None

    def _party(self, whole: str) -> tuple[str, str]:
        padded = f" {whole} "
        bare = padded if whole.isascii() else ""
        for marked, plain, party in self.parties:
            for text, phrase in ((padded, marked), (bare, plain)):
                if f" {phrase} " in text:
                    if party == "person":
                        return "", whole
                    return party, text.replace(f" {phrase} ", " ", 1).strip()
        return "", whole

    def _of_party(self, party: str, rest: str) -> tuple[tuple[Meaning, float], ...]:
        alone = {"payee": Meaning.PAYEE_NAME, "head": Meaning.HOUSEHOLD_HEAD, "holder": Meaning.HOLDER}
        found = sorted(self._scores(rest).items(), key=lambda item: -item[1])
        if not rest or not found:
            return ((alone.get(party, Meaning.OTHER), 0.9),)
        return ((_PARTIES.get((party, found[0][0]), Meaning.OTHER), 0.95),)

    def _scores(self, text: str) -> dict[Meaning, float]:
        """Half for being there, half for how much of the heading the phrase explains."""
        scores: dict[Meaning, float] = {}
        padded, size = f" {text} ", max(len(text), 1)
        bare = f" {fold(text)} "
        for marked, plain, meaning, rank in self.phrases:
            if f" {marked} " in padded:
                weight = 1.0
            elif f" {plain} " in bare:
                weight = 1.0 if text.isascii() else 0.9 if plain not in ("nam", "nu", "ho", "ban") else 0.0
            else:
                continue
            score = weight * (0.5 + 0.5 * len(marked) / size) + 0.01 * rank
            if weight and score > scores.get(meaning, 0.0):
                scores[meaning] = score
        return scores


def _is_cut(words: list[str], whole: list[str]) -> bool:
    return len(words) == len(whole) and all(
        word == full or (len(word) <= _CUT and full.startswith(word))
        for word, full in zip(words, whole, strict=True)
    )


@lru_cache(maxsize=1)
def load_vocabulary() -> Vocabulary:
    """Read the data files; once in a process, for they do not change."""
    headings, habits = _read("headings"), _read("habits")
    parties = [
        (spelled(phrase), fold(spelled(phrase)), entry["party"])
        for entry in headings.pop("party")
        for phrase in entry["phrases"]
    ]
    phrases = {
        (spelled(phrase), fold(spelled(phrase)), Meaning(name), int(entry.get("rank", 1)))
        for name, entry in headings.items()
        for phrase in entry["phrases"]
    }
    return Vocabulary(
        tuple(sorted(phrases, key=lambda phrase: (-len(phrase[0]), phrase))),
        tuple(sorted(parties, key=lambda party: -len(party[0]))),
        {_squeezed(bare): meaning for _, bare, meaning, _ in sorted(phrases) if len(_squeezed(bare)) > 2},
        {name: Phrases.of(listed) for name, listed in habits.items()},
    )


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(resource(f"sheets/{name}.toml").read_text("utf-8"))
