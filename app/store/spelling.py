"""Words one slip of the finger away, found by what both look like with one letter missing.

A word and its misspelling share a form with at most one letter dropped (symmetric
deletion), so neighbours are a handful of look-ups, however many words a register knows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rapidfuzz.distance import OSA
from sqlalchemy import Connection, insert, select

from app.store.tables import spelling

SHORTEST = 3  # of two letters, any other two are one slip away
_CHUNK = 500


def learn(connection: Connection, words: Iterable[str]) -> None:
    """Know these words from now on; a word nobody bears any more does no harm."""
    spelled = sorted(word for word in words if is_spelled(word))
    for start in range(0, len(spelled), _CHUNK):
        chunk = spelled[start : start + _CHUNK]
        known = select(spelling.c.word).where(
            spelling.c.missing.in_(chunk), spelling.c.word == spelling.c.missing
        )
        fresh = set(chunk).difference(connection.scalars(known))
        rows = [{"missing": form, "word": word} for word in sorted(fresh) for form in set(_forms(word))]
        if rows:
            connection.execute(insert(spelling), rows)


def neighbours(connection: Connection, word: str) -> list[str]:
    """Known words that one letter added, dropped, changed or swapped makes of `word`, in order.

    Words that begin with `word` are left out: they are found without forgiving.
    """
    alike = select(spelling.c.word).where(spelling.c.missing.in_(sorted(set(_forms(word))))).distinct()
    return sorted(
        other
        for other in connection.scalars(alike)
        if not other.startswith(word) and OSA.distance(word, other, score_cutoff=1) == 1
    )


def is_spelled(word: str) -> bool:
    """Whether slips in such a word are forgiven at all."""
    return len(word) >= SHORTEST and word.isalpha()


def _forms(word: str) -> Iterator[str]:
    yield word
    yield from (word[:at] + word[at + 1 :] for at in range(len(word)))
