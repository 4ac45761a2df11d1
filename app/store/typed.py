"""What an officer types into the search box, as questions to the index.

`ng thi lan 54` is four words. Each must begin some word of a name or hamlet, or be
somebody's initials, or say a year, or end a number; all of them must hold.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from app.domain.text import canonical, fold
from app.store import tokens

WORDS_MAX = 12
ENDING_SHORTEST = 4
_NUMBER_LENGTHS = range(9, 13)  # old id, phone, personal id
# Beginnings of Vietnamese syllables that hold no vowel; `ntl` is none of them.
_ONSET = re.compile("b|ch?|d|gh?|gi|kh?|h|l|m|ngh?|nh?|ph?|qu?|r|s|th?|tr|v|x")
_NO_VOWEL = re.compile("[bcdfghjklmnpqrstvwxz]{2,}")
_DIALLED = re.compile(r"\+84")
_DATE = re.compile(r"([0-9]{1,2})[./-]([0-9]{1,2})[./-]([0-9]{4}|[0-9]{2})|()([0-9]{1,2})[./-]([0-9]{4})")
_SEPARATED = re.compile(r"[0-9.\- ]+")


@dataclass(frozen=True)
class Word:
    """One typed word: the tokens that answer it; those that answer its marks, when it has any.

    `letters` is the folded word when slips in it can be forgiven, else empty; `is_known` says
    whether anybody answers it.
    """

    answers: tuple[str, ...]
    marked: tuple[str, ...] = ()
    letters: str = ""
    is_known: bool = True


def read(text: str, begins: Callable[[str], bool]) -> list[Word]:
    """The words of what was typed; `begins` tells whether some word in the register begins so."""
    pieces = _pieces(text)[:WORDS_MAX]
    read_words = []
    for at, piece in enumerate(pieces):
        is_typing = at == len(pieces) - 1 and not text[-1:].isspace()
        word = _date(piece) or _word(piece, begins, is_last=at == len(pieces) - 1, is_typing=is_typing)
        if word:
            read_words.append(word)
    return read_words


def _pieces(text: str) -> list[str]:
    """Blank-separated; a long number written in groups is one."""
    plain = _DIALLED.sub("0", text.strip())
    digits = re.sub("[^0-9]", "", plain)
    if _SEPARATED.fullmatch(plain) and len(digits) in _NUMBER_LENGTHS and not _date(plain):
        return [digits]
    return plain.split()


def _date(piece: str) -> Word | None:
    """A birth as officers write it: a day, or a month of a year in four digits."""
    found = _DATE.fullmatch(piece)
    if not found:
        return None
    day, month, year = found.groups()[:3] if found[3] else found.groups()[3:]
    years = [year] if len(year) == 4 else [f"19{year}", f"20{year}"]
    begun = [tokens.day(f"{y}{int(month):02d}" + (f"{int(day):02d}" if day else "")) for y in years]
    return Word(tuple(f'"{token}" *' for token in begun))


def _word(piece: str, begins: Callable[[str], bool], *, is_last: bool, is_typing: bool) -> Word | None:
    plain = _joined(fold(piece))
    if not plain:
        return None
    if plain.isdecimal() and plain.isascii():
        return Word(tuple(_number(plain, is_typing=is_typing)))
    answers, is_known = [plain], begins(plain)
    letters = plain if plain.isalpha() else ""
    if tokens.SETTLEMENT.fullmatch(plain) and not is_last:
        answers.append(tokens.settlement(plain))
        letters, is_known = "", True
    elif letters and len(letters) > 1 and (_holds_no_vowel(plain) or not is_known):
        answers.append(tokens.initial(plain))
        is_known = is_known or begins(tokens.initial(plain))
    spelled = _joined(canonical(piece))
    marked = () if spelled.isascii() else _quoted([spelled])
    return Word(_quoted(answers), marked, letters, is_known)


def _joined(plain: str) -> str:
    return "".join(re.findall(r"[^\W_]+", plain))[: tokens.WORD_LENGTH_MAX]


def _holds_no_vowel(plain: str) -> bool:
    return bool(_NO_VOWEL.fullmatch(plain)) and not _ONSET.fullmatch(plain)


def _number(digits: str, *, is_typing: bool) -> Iterable[str]:
    """A hamlet's number, a year in two or four digits (or its beginning, while typing), a number's end."""
    if len(digits) <= 4:
        yield from _quoted([digits, *_years(digits, is_typing=is_typing)])
    if len(digits) >= ENDING_SHORTEST:
        yield f'"{tokens.ending(digits[: 2 * tokens.WORD_LENGTH_MAX])}" *'


def _years(digits: str, *, is_typing: bool) -> list[str]:
    match len(digits):
        case 4:
            spans = [digits]
        case 2:
            spans = [f"19{digits}", f"20{digits}"]
            spans += [digits] if is_typing and digits in ("19", "20") else []
        case 3:
            spans = [digits] if is_typing else []
        case _:
            begun = {"1": ["19"], "2": ["20"]}.get(digits, [])
            spans = [f"19{digits}", f"20{digits}", *begun] if is_typing else []
    return [tokens.year(span) for span in spans]


def _quoted(found: Iterable[str]) -> tuple[str, ...]:
    return tuple(f'"{token}"' for token in found)


def any_of(answers: Iterable[str]) -> str:
    """A question that any of these answers."""
    return f"({' OR '.join(answers)})"


def all_of(words: Sequence[Word], *, with_marks: bool = False) -> str:
    """The question that what was typed asks; with marks: `Lán` is not answered by Lan."""
    return " AND ".join(any_of(word.marked if with_marks and word.marked else word.answers) for word in words)


def forgiving(words: Sequence[Word], neighbours: Callable[[str], Sequence[str]], shortest: int) -> str | None:
    """The question with one slip forgiven in a word of at least `shortest` letters.

    None when no known word is one slip away.
    """
    strangers = [at for at, word in enumerate(words) if not word.is_known]
    questions = []
    # A word that nobody bears holds the slip; with two of them, no one slip explains both.
    for at in (strangers or range(len(words))) if len(strangers) < 2 else ():
        letters = words[at].letters
        others = neighbours(letters) if len(letters) >= shortest else ()
        if others:
            replaced = [*words[:at], Word(_quoted(others)), *words[at + 1 :]]
            questions.append(f"({all_of(replaced)})")
    return " OR ".join(questions) or None
