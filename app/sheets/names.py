"""Name cells: the name, the form of address before it, the remark behind it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.domain.text import clean, proper_case, strip_title
from app.sheets.vocabulary import Phrases, spelled

_PLAIN = re.compile(r"[^\W\d_]+(?: [^\W\d_]{2,}| [AEIOUYÂĂÊÔƠƯ])*")
_BRACKETED = re.compile(r"[\[({]([^\])}]*)[\])}]?")
_NUMBERING = re.compile(r"^(?:[0-9]{1,4}\s*[.)\-:/]\s*|[-–+*•]\s+)(?=\D)")
_CUT = re.compile(r"\s*(?:\n|[;:,/|_]|[-–—]{2,}|\s[-–—]+\s|\s[-–—]|[-–—]\s|=)\s*")
_TITLED = re.compile(r"(?:(ông/bà|bà/ông)|(ông|bà|cụ|anh|chị|cô|chú|em|cháu|bé)\s*:)\s+", re.I)
_DIGITS = re.compile(r"\s+(?:(?:s?đt|sdt|tel|điện thoại)\b[:. ]*)?(\+?[0-9][0-9 .\-]{7,}[0-9])", re.I)
_TRAILING = re.compile(r"(?:\s+|-)([BCDĐGHKLMNPQRSTVX]|[0-9]{1,2}|[*#?!]+)$|([*#?!]+)$")
_TITLE_SEX = {"Ông": "male", "Anh": "male", "Bà": "female", "Chị": "female", "Cô": "female"}


@dataclass(frozen=True)
class NameReading:
    """A name cell taken apart."""

    name: str
    remark: str = ""
    title: str = ""
    sex: str | None = None  # what the form of address says
    is_recased: bool = False
    is_numbered: bool = False


def read_name(text: str, remarks: Phrases, starts: Phrases) -> NameReading:
    """`BÀ LÒ THỊ A (chết)` as Lò Thị A, remark `chết`, title Bà.

    A comma, a dash between spaces, a new line, brackets, a telephone number, a lone
    consonant or figure end the name; so do words such as `đã mất`, small behind a name
    that is not. `remarks` are whole remarks, `starts` the words they begin with.
    """
    if _PLAIN.fullmatch(text) and text.istitle():  # most names, most quickly
        title, name = strip_title(text)
        return NameReading(name, "", title, _TITLE_SEX.get(title))
    plain, found = text.strip(), []
    numbered = _NUMBERING.sub("", plain)
    is_numbered, plain = numbered != plain, numbered

    plain = _TITLED.sub(lambda said: f"{said[2]} " if said[2] else "", plain, count=1)

    def bracketed(hit: re.Match[str]) -> str:
        found.append(hit[1])
        return "\n" if hit.end() == len(plain) else " "

    plain = _BRACKETED.sub(bracketed, plain).strip("\n ")
    digits = _DIGITS.search(plain)
    if digits:
        found.insert(0, digits[1])
        plain = (plain[: digits.start()] + " " + plain[digits.end() :]).strip()
    head, *tail = _CUT.split(plain, maxsplit=1)
    found[:0] = tail
    name = clean(head)
    while trailing := _TRAILING.search(name):
        found.insert(0, trailing[1] or trailing[2])
        name = name[: trailing.start()].strip()
    name, said = _without_sentence(name, starts) or _without_words(name, remarks)
    found[:0] = said
    title, name = strip_title(name)
    name = name.strip(" .-–,'\"")
    cased = proper_case(name)
    remark = clean("; ".join(part.strip(" -–.,;:") for part in found if part.strip(" -–.,;:")))
    return NameReading(cased, remark, title, _TITLE_SEX.get(title), cased != name, is_numbered)


def _without_sentence(name: str, starts: Phrases) -> tuple[str, list[str]] | None:
    """Cut off what a small word such as `chuyển`, `tức`, `con` begins behind two capitalised ones."""
    words = name.split()
    for at, word in enumerate(words):
        if at >= 2 and word.islower() and spelled(word) in starts.marked:
            return " ".join(words[:at]), [" ".join(words[at:])]
        if not word[0].isupper():
            return None
    return None


def _without_words(name: str, remarks: Phrases) -> tuple[str, list[str]]:
    """Cut remark words off the end; a single word only when it is small behind a capitalised name."""
    words = name.split()
    for count in range(min(remarks.longest, len(words) - 2), 0, -1):
        tail = " ".join(words[-count:])
        if spelled(tail) not in remarks.marked:
            continue
        is_small = tail.islower() and not name.islower()
        if is_small or count > 1:
            return " ".join(words[:-count]), [tail]
    return name, []
