"""Vietnamese text: one spelling to store, others to compare, sort and say.

Names reach us in capitals, decomposed, without marks, with the tone on either vowel
(Hoà, Hòa), with look-alike letters and invisible ones. The register keeps clean text;
comparing, sorting and searching each use a form of their own made here.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
TONES = "\u0300\u0309\u0303\u0301\u0323"  # huyền, hỏi, ngã, sắc, nặng; ngang has no mark
_VOWELS = "aăâeêioôơuưy"


def _with_tone(letter: str, tone: str) -> str:
    return unicodedata.normalize("NFC", letter + tone)


_TONED = {_with_tone(vowel, tone): (vowel, tone) for vowel in _VOWELS for tone in TONES}
_BASE = str.maketrans("ăâđêôơư", "aadeoou")

_LOOK_ALIKES = {"Ð": "Đ", "Ɖ": "Đ", "ð": "đ", "ɖ": "đ", "\xa0": " "}
_INVISIBLE = [
    "\xad",
    "\u034f",
    "\u061c",
    "\ufeff",
    *map(chr, [*range(0x200B, 0x2010), *range(0x202A, 0x202F)]),
]
_INVISIBLE += map(chr, [*range(0x2060, 0x2070), *range(0xFE00, 0xFE10)])
_CONTROLS = [chr(code) for code in [*range(0x20), *range(0x7F, 0xA0)] if not chr(code).isspace()]
_CLEAN = {ord(letter): "" for letter in [*_INVISIBLE, *_CONTROLS]}
_CLEAN |= {ord(letter): plain for letter, plain in _LOOK_ALIKES.items()}
_SURROGATE = re.compile("[\ud800-\udfff]")
# Most cells are clean already, and 10,000 people have 200,000: told at a third of the price.
_LETTER = "!-~À-ÏÑ-ïñ-ƈƊ-ɏẠ-ỹ"
_CLEAN_ALREADY = re.compile(f"[{_LETTER}]+(?: [{_LETTER}]+)*")
_QUOTES = {ord(quote): "'" for quote in "’‘ʼʻ`´′"}


def clean(text: str) -> str:
    """The text as stored: NFC, Đ for its look-alikes, nothing invisible, single spaces.

    TCVN3 text must be decoded first: its ư is a soft hyphen.
    """
    if _CLEAN_ALREADY.fullmatch(text):
        return text
    visible = text if text.isascii() else _SURROGATE.sub("", text)
    return " ".join(unicodedata.normalize("NFC", visible.translate(_CLEAN)).split())


def _fold_table() -> dict[int, str]:
    table = {toned: vowel.translate(_BASE) for toned, (vowel, _) in _TONED.items()}
    table |= {letter: letter.translate(_BASE) for letter in "ăâđêôơư"} | {"ƀ": "b"}
    table |= {letter.upper(): base for letter, base in table.items()}
    table |= {letter: letter.lower() for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
    return _CLEAN | _QUOTES | {ord(letter): base for letter, base in table.items()}


_FOLD = _fold_table()


def fold(text: str) -> str:
    """Lower case without marks, đ as d, one kind of apostrophe, single spaces: for searching."""
    if _CLEAN_ALREADY.fullmatch(text):
        return " ".join(map(_fold_word, text.split(" ")))
    return _fold(text)


def _fold(text: str) -> str:
    plain = text.translate(_FOLD)
    if not plain.isascii():
        letters = unicodedata.normalize("NFKD", clean(text).translate(_FOLD)).lower().translate(_FOLD)
        bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
        plain = unicodedata.normalize("NFC", bare)
    return " ".join(plain.split())


_fold_word = lru_cache(8_192)(_fold)  # of a register's names and places
_MISPLACED = re.compile(
    "(?:(?<=q)[ùúủũụ](?=[aeiyăâêôơ])|[òóỏõọ](?=[ae])|[ùúủũụ](?=[yêơ])|(?<=g)[ìíỉĩị](?=[aeuoăâêôơư]))(.)"
)


def _move_tone(found: re.Match[str]) -> str:
    vowel, tone = _TONED[found[0][0]]
    return vowel + _with_tone(found[1], tone)


def canonical(text: str) -> str:
    """What two spellings of one name share: case, spaces, apostrophes and tone placement.

    Hoà is Hòa, Quý is Qúy. Lý and Lí stay apart, and so do Lan and Lân: a program may
    not decide those.
    """
    plain = unicodedata.normalize("NFC", clean(text).translate(_QUOTES).casefold())
    return plain if plain.isascii() else _MISPLACED.sub(_move_tone, plain)


_LETTERS = re.compile(r"(?:[^\W\d_][\u0300-\u036f]*)+")


def proper_case(name: str) -> str:
    """`LÝ H'MÔNG-AN` as Lý H'Mông-An: each run of letters begins with its only capital."""
    cased = _LETTERS.sub(lambda run: run[0].capitalize(), clean(name).translate(_QUOTES))
    return unicodedata.normalize("NFC", cased)


_REMARK = re.compile(r"\([^()]*\)")
_RANK = {letter: chr(0x44 + place) for place, letter in enumerate(ALPHABET)}
_RANK |= {digit: chr(0x3A + int(digit)) for digit in "0123456789"}


def sort_key(name: str) -> str:
    """A key whose plain string order is the order of a Vietnamese list of names.

    Given name first (the last word), then family name, then the rest; within a word
    the letters of the alphabet, then the tones ngang, huyền, hỏi, ngã, sắc, nặng.
    Ranks of letters lie above tone digits, those above the space, all in ASCII, so
    SQLite, PostgreSQL with the C collation and Python agree.
    """
    if "(" not in name and _CLEAN_ALREADY.fullmatch(name):
        keys = list(filter(None, map(_clean_word_key, name.split(" "))))
    else:
        keys = [key for key in map(_word_key, canonical(_REMARK.sub(" ", name)).split()) if key]
    return " ".join([*keys[-1:], *keys[:-1]])


@lru_cache(8_192)
def _clean_word_key(word: str) -> str:
    return _word_key(canonical(word))


@lru_cache(8_192)  # a commune spells its names with some thousand words
def _word_key(word: str) -> str:
    ranks, tones = [], []
    for letter in word:
        vowel, tone = _TONED.get(letter, (letter, ""))
        base = vowel if vowel in _RANK else fold(vowel)
        ranks += [_RANK[part] for part in base if part in _RANK]
        if tone:
            tones.append(str(TONES.index(tone) + 1))
    return "".join(ranks + tones)


def initials(name: str) -> str:
    """The first letters of a name's words, folded: Nguyễn Thị Lan gives `ntl`."""
    return "".join(word[0] for word in re.findall(r"[^\W_]+(?:'[^\W_]+)*", fold(name)))


_TITLES = {
    title.lower(): title for title in ("Ông", "Bà", "Cụ", "Anh", "Chị", "Em", "Cháu", "Bé", "Cô", "Chú")
}
_TITLES |= {"ô.": "Ông", "b.": "Bà", "c.": "Cụ", "ông/bà": "Ông/Bà", "(bé)": "Bé"}


def strip_title(name: str) -> tuple[str, str]:
    """Split a form of address from a name: `Ông Lò Văn A` gives (`Ông`, `Lò Văn A`).

    A title alone is a name, and Ông Thị Lan is of the family Ông: Thị follows no title
    of a man.
    """
    plain = clean(name)
    first, _, rest = plain.partition(" ")
    dotted = re.fullmatch(r"([ÔBCôbc]\.)(\S+)", first)  # Ô.Nguyễn, without the space
    if dotted:
        first, rest = dotted[1], f"{dotted[2]} {rest}".strip()
    title = _TITLES.get(first.lower() if first.endswith(".") else first.lower().rstrip(":"))
    if not title or not rest or (title == "Ông" and fold(rest).split()[0] == "thi"):
        return "", plain
    return title, rest.lstrip(" :.-")


_UNITS = ("", "nghìn", "triệu")
_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")


def amount_in_words(dong: int) -> str:
    """As payment papers want it: 540000 is `Năm trăm bốn mươi nghìn đồng`."""
    words = ["âm"] * (dong < 0) + (_billions(abs(dong)) or [_DIGITS[0]])
    return " ".join([*words, "đồng"]).capitalize()


def _billions(number: int) -> list[str]:
    high, low = divmod(number, 10**9)
    words = [*_billions(high), "tỷ"] if high else []
    for power in (2, 1, 0):
        triad = low // 1000**power % 1000
        if triad:
            words += _triad(triad, whole=bool(words))
            words += [_UNITS[power]] * (power > 0)
    return words


def _triad(number: int, *, whole: bool) -> list[str]:
    """Three digits; after a higher unit the zeros in front are said: không trăm linh năm."""
    hundreds, tens, ones = number // 100, number // 10 % 10, number % 10
    words = [_DIGITS[hundreds], "trăm"] if hundreds or whole else []
    if tens:
        words += ["mười"] if tens == 1 else [_DIGITS[tens], "mươi"]
    elif ones and words:
        words.append("linh")
    if ones:
        spoken = {1: "mốt", 4: "tư"}.get(ones) if tens > 1 else None
        words.append(spoken or ("lăm" if tens and ones == 5 else _DIGITS[ones]))
    return words


def show_amount(dong: int) -> str:
    """`1.250.000`, as Vietnamese papers group digits."""
    return f"{dong:,}".replace(",", ".")


@dataclass(frozen=True)
class AmountReading:
    """Whole đồng, or None: because nothing was written, or with problem `invalid_amount`."""

    dong: int | None
    problem: str | None = None


_GROUPED = re.compile(r"[0-9]{1,3}(?:([., ])[0-9]{3})(?:\1[0-9]{3})*(?:[.,]0{1,2})?")
_PLAIN = re.compile(r"([0-9]{1,15})(?:[.,]0+)?")
_DECIMAL = re.compile(r"([0-9]{1,9})(?:[.,]([0-9]{1,2}))?")
_MULTIPLES = {"trieu": 10**6, "tr": 10**6, "nghin": 1000, "ngan": 1000, "ng": 1000, "k": 1000}
_MULTIPLE = re.compile(r"([0-9., ]*[0-9]) ?(trieu|tr|nghin|ngan|ng|k)( ?[0-9]{1,3})?")
_CURRENCY = re.compile(r"[ .]*(dong|vnd|vn d|d|₫)(/(nguoi/)?thang)?\.?$")
_EXPLAINED = re.compile(r"\([^()0-9]*\)$")
_TIMES = re.compile(r"^(he so|hs)[ :.]*| ?lan$")


def read_amount(text: str) -> AmountReading:
    """Read đồng as offices type them: `1.350.000`, `540,000 đ`, `540 ngàn`, `1,35 triệu`, `540000.0`."""
    plain = _CURRENCY.sub("", _EXPLAINED.sub("", fold(text)).strip()).strip(" '.")
    if plain.strip("-. ") in ("", "khong"):
        return AmountReading(None)
    multiple = _MULTIPLE.fullmatch(plain)
    dong = _multiplied(multiple) if multiple else _written_out(plain)
    return AmountReading(dong, None if dong is not None else "invalid_amount")


def _written_out(plain: str) -> int | None:
    grouped = _GROUPED.fullmatch(plain)
    if grouped:
        whole, _, rest = plain.rpartition(grouped[1])
        return int(re.sub("[., ]", "", whole + re.split("[.,]", rest)[0]))
    number = _PLAIN.fullmatch(plain)
    return int(number[1]) if number else None


def _multiplied(found: re.Match[str]) -> int | None:
    """`1,35 triệu` and `1tr350`; `1.350 triệu` could be either of two sums and is not read."""
    unit = _MULTIPLES[found[2]]
    if found[3]:
        tail = found[3].strip()
        return int(found[1]) * unit + int(tail.ljust(3, "0")) * unit // 1000 if found[1].isdigit() else None
    number = _DECIMAL.fullmatch(found[1])
    if number:
        return int(number[1] + (number[2] or "").ljust(2, "0")) * unit // 100
    return None if unit > 1000 else _times(_written_out(found[1]), unit)


def _times(number: int | None, unit: int) -> int | None:
    return None if number is None else number * unit


def read_coefficient(text: str) -> str | None:
    """`1,5` as `1.5`, `2` as `2.0`; None for what no coefficient of a decree looks like (0 < c ≤ 10)."""
    number = _DECIMAL.fullmatch(_TIMES.sub("", fold(text)).strip(" :x'"))
    if not number or not 0 < float(f"{number[1]}.{number[2] or 0}") <= 10:
        return None
    places = (number[2] or "0").rstrip("0") or "0"
    return f"{int(number[1])}.{places}"
