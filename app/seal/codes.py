"""Bytes as people type them: groups of four that find their own typing mistakes.

The alphabet has no vowel, no D and no W, so that no Vietnamese input method (Telex, VNI,
VIQR) turns keys into an accented letter; what looks like one of its signs is read as that.
The last group is a check: the whole code, read as a number in base 24, is a multiple of
331,697. That prime divides neither a difference of two signs (< 24) times a power of 24,
nor 23 times that, so every single wrong sign and every swap of neighbours is found. Of the
primes below 24⁴ it is the first under which no two such mistakes in 112 signs look alike
(its larger neighbours have 24⁴ too close to a multiple): any two wrong signs are found,
one is located, and of other mistakes one in 331,697 passes.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from app.domain.errors import Refusal

ALPHABET = "0123456789CFGHJKMNPQRTVX"
GROUP = 4
SIGNS_MAX = 100 * GROUP
_BASE = len(ALPHABET)
_PRIME = 331_697
_CHECK: int = _BASE**GROUP
_LOOKALIKES = str.maketrans("OILSZBUDĐ", "011528V00")


def spell(content: bytes) -> str:
    """`XXXX-XXXX-…`, the last group the check. Zero bytes fill the content up to whole groups."""
    groups = 1
    while _capacity(groups) < len(content):
        groups += 1
    number = int.from_bytes(content.ljust(_capacity(groups), b"\x00"), "big") * _CHECK
    number += -number % _PRIME
    signs = ""
    while len(signs) < (groups + 1) * GROUP:
        number, value = divmod(number, _BASE)
        signs = ALPHABET[value] + signs
    return "-".join(signs[at : at + GROUP] for at in range(0, len(signs), GROUP))


def unspell(code: str) -> bytes:
    """The content with what filled it up. Blanks, hyphens and case do not matter.

    Refusal("code.form") for text that is no such code (too short, a sign that none has);
    Refusal("code.mistyped_group", group=…) when one sign or one swap explains the mistake,
    otherwise Refusal("code.mistyped").
    """
    signs = tidy(code)
    known = all(sign in ALPHABET for sign in signs)
    if not known or len(signs) % GROUP or not 2 * GROUP <= len(signs) <= SIGNS_MAX:
        raise Refusal("code.form")
    number = _number(signs)
    size = _capacity(len(signs) // GROUP - 1)
    if number % _PRIME or number // _CHECK >= 1 << 8 * size:
        suspects = set(_suspects(signs))
        if len(suspects) == 1:
            raise Refusal("code.mistyped_group", group=suspects.pop())
        raise Refusal("code.mistyped")
    return (number // _CHECK).to_bytes(size, "big")


def tidy(code: str) -> str:
    """The signs alone, as the alphabet has them: what was typed made comparable with what was printed."""
    plain = unicodedata.normalize("NFKC", code).upper().translate(_LOOKALIKES)
    return "".join(sign for sign in plain if not sign.isspace() and sign not in "-‐‑–—._")


def _capacity(groups: int) -> int:
    return (int(_CHECK**groups).bit_length() - 1) // 8


def _number(signs: str) -> int:
    number = 0
    for sign in signs:
        number = number * _BASE + ALPHABET.index(sign)
    return number


def _suspects(signs: str) -> Iterator[int]:
    """The groups (from 1) where one other sign, or one swap of neighbours, would make the check hold."""
    off = _number(signs) % _PRIME
    values = [ALPHABET.index(sign) for sign in signs]
    weight = 1
    for at in reversed(range(len(values))):
        moves = [new - values[at] for new in range(_BASE)]
        if at:
            moves.append((_BASE - 1) * (values[at] - values[at - 1]))
        if any((off + weight * move) % _PRIME == 0 for move in moves):
            yield at // GROUP + 1
        weight = weight * _BASE % _PRIME
