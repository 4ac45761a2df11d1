"""What a handheld scanner typed: which kind of code, and undoing an input method.

A USB scanner is a keyboard. It types the code's digits, letters and signs as keys of an
American layout, and letters outside ASCII as Alt codes, one for each UTF-8 byte if it
knows no better. Between it and the program stands whatever turns keys into Vietnamese:

- No input method, UTF-8 typed bytewise: `Nguyá»…n`. Reversible, done.
- Windows' own Vietnamese layout: the number row types ă â ê ô, five tone marks and đ.
  One key, one sign, so digits come back as they were, as long as nobody composed the
  marks with letters before them. Done, for the number fields of a card and whole VietQR
  texts; in a card's address only words made of nothing else.
- UniKey in Telex: composes runs of letters only, and digits and bars end a run. In
  properly spelled Vietnamese no tone key follows its vowel, so cards pass unharmed. A
  VietQR has letters by design (`QRIBFTTA`, a check sum like `19DD` or `EF9A`): the keys
  behind each composed letter are put back, and the check sum says whether that was right.
- UniKey in VNI: a digit after a vowel is eaten. In a VietQR the check sum judges the
  repair as above. A card's number has no check digit, so one that lost or gained
  anything is refused and never guessed.
- Caps Lock: a VietQR in small letters is tried in capitals, against the check sum.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

from app.domain import emv
from app.domain.errors import Refusal
from app.domain.text import TONES, clean

ScanKind = Literal["card", "vietqr", "mrz", "number", "other"]

CARD_FIELDS = 7
_CARD_NUMBERS = (0, 1, 3, 6)  # identity number, old number, birth, issue
_NUMBER_ROW = str.maketrans("ăâêô\u0300\u0309\u0303\u0301\u0323đĂÂÊÔĐ", "123456789012340")
_NUMBER_WORD = re.compile(rf"(?<![^\W_])[{''.join(map(chr, _NUMBER_ROW))}]+(?![^\W_])")
_DIGITS = re.compile("[0-9]{8,}")
_MRZ_LINE = re.compile("I[A-Z<]VNM[0-9A-Z<]{25}")


def kind_of_scan(text: str) -> ScanKind:
    """What a scanned text looks like, garbled or not; says nothing about whether it is sound."""
    plain = _trimmed(text)
    digits = plain.translate(_NUMBER_ROW)
    if plain.count("|") >= CARD_FIELDS - 1:
        return "card"
    if _looks_like_vietqr(plain) or _looks_like_vietqr(digits):
        return "vietqr"
    if any(_MRZ_LINE.fullmatch(line.strip().upper()) for line in plain.splitlines()):
        return "mrz"
    return "number" if _DIGITS.fullmatch(re.sub(r"[\s.\-]", "", digits)) else "other"


def repair_input_method(text: str) -> str:
    """The text as the code holds it. Pass the keys as they came: normalising loses their order.

    Refusal `card_qr.garbled` or `vietqr.garbled` where an input method took something
    that cannot be put back for certain; text that shows no such damage comes back trimmed.
    """
    plain = _undo_bytes(_trimmed(text))
    match kind_of_scan(plain):
        case "card":
            return _repair_card(plain)
        case "vietqr":
            return _repair_vietqr(plain)
        case "number":
            return plain.translate(_NUMBER_ROW)
    return plain


def _trimmed(text: str) -> str:
    """Without the scanner's own prefix (AIM, `]Q3`) and closing keys."""
    return re.sub(r"^\][A-Za-z][0-9]", "", text.strip("\x00\x02\x03\x1d\t\r\n \ufeff"))


def _undo_bytes(text: str) -> str:
    """UTF-8 that was typed byte by byte as Windows-1252."""
    try:
        return b"".join(_typed_byte(letter) for letter in text).decode()
    except UnicodeError:
        return text


def _typed_byte(letter: str) -> bytes:
    """Five bytes have no sign in Windows-1252 and arrive as control characters."""
    return letter.encode("latin-1" if letter < "\xa0" else "cp1252")


def _repair_card(text: str) -> str:
    fields = text.split("|")
    numbers = {place: fields[place].strip().translate(_NUMBER_ROW) for place in _CARD_NUMBERS}
    if not all(re.fullmatch("[0-9/]*", number) for number in numbers.values()):
        raise Refusal("card_qr.garbled")
    if any(number != fields[place].strip() for place, number in numbers.items()):
        fields[5] = _NUMBER_WORD.sub(lambda word: word[0].translate(_NUMBER_ROW), fields[5])
    return "|".join(numbers.get(place, clean(field)) for place, field in enumerate(fields))


def _looks_like_vietqr(text: str) -> bool:
    return text.startswith("000201") or "a000000727" in text.lower()


def _key_table(tones: str, circumflex: str, breve: str, horn: str, stroke: str) -> dict[int, str]:
    """The keys behind each composed capital, mark by mark: Ế is EES in Telex. `*` doubles the letter."""
    keys = dict(zip([*TONES, "\u0302", "\u0306", "\u031b"], [*tones, circumflex, breve, horn], strict=True))
    table = {ord("Đ"): f"D{stroke}".replace("*", "D")}
    for letter in map(chr, [*range(0xC0, 0x1B1), *range(0x1EA0, 0x1EFA)]):
        base, *marks = list(unicodedata.normalize("NFD", letter))
        if letter.isupper() and base in "AEIOUY" and marks and all(mark in keys for mark in marks):
            order = sorted(marks, key=TONES.find)
            table[ord(letter)] = base + "".join(keys[mark].replace("*", base) for mark in order)
    return table


_TELEX = _key_table("FRXSJ", "*", "W", "W", "*")
_VNI = _key_table("23415", "6", "8", "7", "9")
_SERVICE = re.compile(r"0208QR[A-Z0-9]{3,9}?([AC])[FSRXJ]?5?303704")


def _repair_vietqr(text: str) -> str:
    """The first reading whose check sum is right; the text itself if it shows no foreign letter."""
    capitals = unicodedata.normalize("NFC", text).upper()
    for reading in (text, text.translate(_NUMBER_ROW), capitals.translate(_TELEX), capitals.translate(_VNI)):
        # A tone key goes to the vowel wherever it was typed; the service is one of two words.
        for candidate in (
            reading,
            reading.upper(),
            _SERVICE.sub(r"0208QRIBFTT\g<1>5303704", reading.upper()),
        ):
            if emv.is_sound(candidate):
                return candidate
    if any(letter in _FOREIGN for letter in text):
        raise Refusal("vietqr.garbled")
    return text


_FOREIGN = {letter for table in (_NUMBER_ROW, _TELEX) for letter in map(chr, table)}
_FOREIGN |= {letter.lower() for letter in _FOREIGN}
