"""What a person is to the search index: a bag of tokens. Tags begin with §, which no word holds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from app.domain.text import canonical, fold, initials

_PIECE = re.compile(r"[^\W_]+")
WORD_LENGTH_MAX, WORDS_MAX = 16, 24

# What a hamlet is called before its own name. As beginnings they would find everybody.
SETTLEMENT = re.compile(
    "ap|ban|bon|buon|cum|dan|doi|khoi|khom|khu|kp|lang|phum|plei|pho|so|soc|tdp|thon|tieu|to|xom"
)


@dataclass(frozen=True, slots=True)
class Findable:
    """The columns of a person row that she can be found by; numbers are digits, `birth` is ISO."""

    no: int
    name: str | None
    name_key: str | None
    birth: str | None
    hamlet: str | None
    personal_id: str | None
    old_id: str | None
    phone: str | None
    state: str | None
    account_state: str | None
    group_codes: str | None


def words(plain: str) -> list[str]:
    """The words of folded or canonical text. H'Mông counts whole and in its parts."""
    found: list[str] = []
    for piece in plain.split()[:WORDS_MAX]:
        parts = _PIECE.findall(piece)
        found += parts if len(parts) < 2 else [*parts, "".join(parts)]
    return [word[:WORD_LENGTH_MAX] for word in found]


def split_settlement(hamlet: list[str]) -> tuple[list[str], list[str]]:
    """`to dan pho so 5` as what kind of place it is, and its own name."""
    own = next((at for at, word in enumerate(hamlet) if not SETTLEMENT.fullmatch(word)), len(hamlet))
    return hamlet[:own], hamlet[own:]


def vocabulary(person: Findable) -> set[str]:
    """The folded words of her name and of her hamlet's own name."""
    return {*_folded(person.name or ""), *split_settlement(list(_folded(person.hamlet or "")))[1]}


def document(person: Findable, joined: Iterable[Findable] = ()) -> set[str]:
    """Every token that finds this person; by the name, birth and numbers of who was joined to her too."""
    tokens = _identity(person).union(_of_hamlet(person.hamlet or ""), *map(_identity, joined))
    tokens.add(tag("a", person.account_state or "none"))
    tokens.add(tag("s", person.state or "active"))
    tokens.update(tag("g", code) for code in (person.group_codes or "").split(","))
    return tokens


@lru_cache(maxsize=512)  # a commune has some dozen
def _of_hamlet(hamlet: str) -> frozenset[str]:
    kinds, own = split_settlement(list(_folded(hamlet)))
    spelled = words(canonical(hamlet))[len(kinds) :]
    named = chain.from_iterable(map(_beginnings, [*own, *spelled]))
    return frozenset([*named, *map(settlement, kinds), tag("h", hamlet)])


@lru_cache(maxsize=4_096)
def _folded(text: str) -> tuple[str, ...]:
    """The folded words of a name: asked for by the document, then by the vocabulary."""
    return tuple(words(fold(text)))


def _identity(person: Findable) -> set[str]:
    """Who she is, wherever she lives."""
    name = person.name or ""
    tokens = set(chain.from_iterable(map(_beginnings, [*_folded(name), *words(canonical(name))])))
    tokens.update(map(initial, _shorthands(initials(name))))
    tokens.update(_birth(person.birth or ""))
    tokens.update(ending(number) for number in (person.personal_id, person.old_id, person.phone) if number)
    return tokens


def settlement(kind: str) -> str:
    """Lives in a place of that kind: `ban`, `thon`."""
    return f"§k{kind}"


def initial(letters: str) -> str:
    """Has initials that begin so."""
    return f"§i{letters}"


def year(digits: str) -> str:
    """Born in that year, decade (three digits) or century (two)."""
    return f"§y{digits}"


def day(iso: str) -> str:
    """Born on that day, or in that month when no more is known."""
    return f"§d{iso.replace('-', '')}"


def ending(digits: str) -> str:
    """Has a number that ends so: asked for by its beginning, as it stands backwards."""
    return f"§n{digits[::-1]}"


@lru_cache(maxsize=4_096)
def tag(kind: str, value: str) -> str:
    """One value of a filter, whatever letters it is made of."""
    return f"§{kind}{value.encode('utf-8', 'replace').hex()}"


@lru_cache(maxsize=8_192)  # a commune spells its names with some thousand words
def _beginnings(word: str) -> tuple[str, ...]:
    return tuple(word[:length] for length in range(1, len(word) + 1))


def _shorthands(letters: str) -> Iterator[str]:
    """Nguyễn Thị Ngọc Lan is `ntnl` and its beginnings, but also `ntl` and `nl`."""
    for length in range(2, len(letters) + 1):
        yield letters[:length]
        yield letters[: length - 1] + letters[-1]


def _birth(iso: str) -> Iterator[str]:
    if iso:
        yield from (year(iso[:2]), year(iso[:3]), year(iso[:4]))
    if len(iso) > len("1950"):
        yield day(iso)
