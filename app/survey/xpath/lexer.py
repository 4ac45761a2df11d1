"""An expression's text, cut into tokens (XPath 1.0, 3.7)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from app.domain.errors import Refusal

LENGTH_MAX = 32_768


class Sort(Enum):
    """What a token is."""

    NUMBER = "number"
    TEXT = "text"
    NAME = "name"  # local name, with a prefix or without; `p:*` too
    OPERATOR = "operator"  # between two operands
    SIGN = "sign"  # parentheses, slashes, dots and the like
    END = "end"


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the text and where it begins."""

    sort: Sort
    text: str
    at: int


_NAME = r"[^\W\d][\w.\-·]*"
_TOKENS = re.compile(
    rf"""\s*(?:
    (?P<number>\d+(?:\.\d*)?|\.\d+)
    |(?P<text>"[^"]*"|'[^']*')
    |(?P<sign>::|//|\.\.|[()\[\]@,./])
    |(?P<operator><=|>=|!=|[|+\-=<>*])
    |(?P<name>{_NAME}(?::(?!:)(?:{_NAME}|\*))?)
    )""",
    re.VERBOSE,
)
_WORDS = re.compile(r"\s*(and|or|div|mod)(?![^\W\d]|[.\-·])")
# After these, or at the beginning, comes an operand: a `*` is any name, `div` the name of an element.
_OPENS = {"::", "//", "/", "(", "[", "@", ","}


def tokens(text: str) -> list[Token]:
    """All of them and an end; Refusal("survey.syntax") with the place of what is none."""
    if len(text) > LENGTH_MAX:
        raise Refusal("survey.syntax", at=LENGTH_MAX)
    found, at, length = list[Token](), 0, len(text.rstrip())
    while at < length:
        token, at = _next(text, at, is_operand=not found or _opens(found[-1]))
        found.append(token)
    return [*found, Token(Sort.END, "", length)]


def _next(text: str, at: int, *, is_operand: bool) -> tuple[Token, int]:
    if not is_operand and (word := _WORDS.match(text, at)):
        return Token(Sort.OPERATOR, word[1], word.start(1)), word.end()
    match = _TOKENS.match(text, at)
    if match is None or match.lastgroup is None:
        raise Refusal("survey.syntax", at=at)
    said, begun = match[match.lastgroup], match.start(match.lastgroup)
    sort = Sort(match.lastgroup)
    if said == "*" and is_operand:
        sort = Sort.NAME
    return Token(sort, said[1:-1] if sort is Sort.TEXT else said, begun), match.end()


def _opens(before: Token) -> bool:
    return before.sort is Sort.OPERATOR or (before.sort is Sort.SIGN and before.text in _OPENS)
