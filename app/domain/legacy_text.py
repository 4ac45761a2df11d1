"""Text typed before Unicode reached the office: TCVN3 (.Vn* fonts) and VNI.

Such cells hold Latin letters that only look Vietnamese in their font: `NguyÔn`,
`Nguyeãn`. Where the font is known it decides; elsewhere a cell is read as legacy only
if that turns more of its words into Vietnamese syllables than Unicode does, so
English, French, codes and short cells stay what they are.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from app.domain.text import TONES

Encoding = Literal["unicode", "tcvn3", "vni"]
Table = Mapping[str, str]


def decode_tcvn3(text: str, table: Table, *, capitals: bool = False) -> str:
    """Decode TCVN3 (ABC). `capitals` for fonts named .VnXxxH, which draw small letters as capitals.

    Give it the raw cell: ư is U+00AD, the soft hyphen, which cleaning removes.
    """
    decoded = unicodedata.normalize("NFC", "".join(table.get(letter, letter) for letter in text))
    return decoded.upper() if capitals else decoded


def decode_vni(text: str, table: Table) -> str:
    """Decode VNI-Windows, a base letter and its mark at a time, the longer match first."""
    letters, at = [], 0
    while at < len(text):
        pair = text[at : at + 2]
        found = table.get(pair) or table.get(pair[0] + pair[1:].upper())
        if len(pair) == 2 and found:
            letters.append(found)
            at += 2
        else:
            letters.append(table.get(pair[0], pair[0]))
            at += 1
    return unicodedata.normalize("NFC", "".join(letters))


def guess_encoding(text: str, tcvn3: Table, vni: Table) -> Encoding:
    """How a cell of unknown font is written; Unicode whenever in doubt."""
    if _is_surely_unicode(text):
        return "unicode"
    words = _marked_words(text)
    scores = _scores(words, tcvn3, vni)
    best: Encoding = "vni" if scores["vni"] > scores["tcvn3"] else "tcvn3"
    return best if scores[best] > scores["unicode"] and scores[best] * 2 >= len(words) else "unicode"


def _is_surely_unicode(text: str) -> bool:
    """Neither ASCII nor letters beyond Latin-1 need decoding; NFD is composed to tell."""
    return text.isascii() or any(letter > "\xff" for letter in unicodedata.normalize("NFC", text))


def _marked_words(text: str) -> list[str]:
    return [word for word in _WORD_BREAK.split(text) if len(word) > 1 and not word.isascii()]


def _scores(words: list[str], tcvn3: Table, vni: Table) -> dict[Encoding, int]:
    """How many words each encoding turns into Vietnamese syllables."""
    return {
        "unicode": sum(map(is_syllable, words)),
        "tcvn3": sum(is_syllable(decode_tcvn3(word, tcvn3)) for word in words),
        "vni": sum(is_syllable(decode_vni(word, vni)) for word in words),
    }


@dataclass(frozen=True)
class LegacyReading:
    """The text in Unicode, and how the cell was written."""

    text: str
    encoding: Encoding


def read_legacy(text: str, font: str | None, tcvn3: Table, vni: Table) -> LegacyReading:
    """Decode a cell by its font where that tells (`.VnTimeH`, `VNI-Times`), else by its letters.

    People paste Unicode into columns formatted for .VnTime, and Windows draws it all the
    same: letters beyond Latin-1, or words that only Unicode makes sense of, outweigh the font.
    """
    name = (font or "").casefold()
    by_font: Encoding = "tcvn3" if name.startswith(".vn") else "vni" if name.startswith("vni") else "unicode"
    capitals = by_font == "tcvn3" and name.endswith("h")
    if _is_surely_unicode(text):
        return LegacyReading(text.upper() if capitals and text.isascii() else text, "unicode")
    if by_font != "unicode":
        scores = _scores(_marked_words(text), tcvn3, vni)
        encoding = by_font if scores[by_font] >= scores["unicode"] else "unicode"
    else:
        encoding = guess_encoding(text, tcvn3, vni)
    if encoding == "tcvn3":
        return LegacyReading(decode_tcvn3(text, tcvn3, capitals=capitals), encoding)
    return LegacyReading(decode_vni(text, vni) if encoding == "vni" else text, encoding)


_WORD_BREAK = re.compile(r"[\s0-9!-/:-@\[-`{-~]+")
_SPELLED = (
    "a ac ach ai am an ang anh ao ap at au ay ă ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây "
    "e ec em en eng eo ep et ê êch êm ên ênh êp êt êu i ia ich im in inh ip it iu "
    "iêc iêm iên iêng iêp iêt iêu yêm yên yêng yêt yêu o oc oi om on ong op ot oong ooc "
    "ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt oa oac oach oai oam oan oang oanh oao oap oat oay "
    "oăc oăm oăn oăng oăt oe oen oeo oet u ua uc ui um un ung up ut ư ưa ưc ưi ưm ưn ưng ưt ưu "
    "uân uâng uât uây uê uêch uênh uơ uy uya uych uynh uyt uyu uyp uyên uyêt uôc uôi uôm uôn uông uôt "
    "ươc ươi ươm ươn ương ươp ươt ươu y ynh yt ych"
)
_RHYMES = frozenset(_SPELLED.split())
_STOPPED = ("c", "ch", "p", "t")
_ONSET = re.compile(r"(ngh|ng|nh|ch|gh|kh|ph|th|tr|qu|gi|[bcdđghklmnpqrstvx])?(.*)")


def is_syllable(word: str) -> bool:
    """Whether a word is spelled as one Vietnamese syllable can be, tone included."""
    marks = unicodedata.normalize("NFD", word.lower())
    tones = [mark for mark in marks if mark in TONES]
    letters = unicodedata.normalize("NFC", "".join(mark for mark in marks if mark not in TONES))
    found = _ONSET.fullmatch(letters)
    if not found or len(tones) > 1:
        return False
    onset, rhyme = found[1] or "", found[2]
    if rhyme.endswith(_STOPPED) and tones not in (["\u0301"], ["\u0323"]):
        return False
    glides = {"qu": ("u", "o"), "gi": ("i",)}.get(onset, ())
    return rhyme in _RHYMES or any(glide + rhyme in _RHYMES for glide in glides)
