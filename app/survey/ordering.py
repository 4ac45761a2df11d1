"""In what order relevance and calculations are reckoned: each after whatever it asks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from app.domain.errors import Refusal
from app.survey.references import CALCULATE, RELEVANT, Reference, Use, above

Key = tuple[str, str]


def ordered(uses: Sequence[Use]) -> dict[Key, int]:
    """Path and property → rank. Refusal("survey.circle") when they ask each other in a circle."""
    return _Ordering([use for use in uses if use.what in (RELEVANT, CALCULATE)]).ranks()


class _Ordering:
    """A walk from each to what it asks, without Python's own stack: a form may have a long chain."""

    def __init__(self, ranked: Sequence[Use]) -> None:
        self._ranked = ranked
        self._by_key = {(use.path, use.what): use for use in ranked}

    def ranks(self) -> dict[Key, int]:
        """The order."""
        order, begun = dict[Key, int](), set[Key]()
        for first in self._ranked:
            walk = [(first, self._before(first))]
            begun.add(_key(first))
            while walk and _key(first) not in order:
                use, earlier = walk[-1]
                following = next((each for each in earlier if _key(each) not in order), None)
                if following is None:
                    order[_key(use)] = len(order)
                    walk.pop()
                elif _key(following) in begun:
                    raise Refusal("survey.circle", what=following.path)
                else:
                    begun.add(_key(following))
                    walk.append((following, self._before(following)))
        return order

    def _before(self, use: Use) -> Iterator[Use]:
        if use.what == CALCULATE:
            yield from self._relevance(use.path)
        for asked in use.asks:
            if not _is_about_its_place(use, asked):
                yield from self._asked(use, asked)

    def _relevance(self, path: str) -> Iterator[Use]:
        return (self._by_key[at, RELEVANT] for at in above(path) if (at, RELEVANT) in self._by_key)

    def _asked(self, use: Use, asked: Reference) -> Iterator[Use]:
        guards = self._relevance(asked.path)
        yield from (each for each in guards if not f"{use.path}/".startswith(f"{each.path}/"))
        if (asked.path, CALCULATE) in self._by_key:
            yield self._by_key[asked.path, CALCULATE]
        if asked.is_deep:
            inside = f"{asked.path}/"
            yield from (each for each in self._ranked if each.path.startswith(inside) and each is not use)


def _key(use: Use) -> Key:
    return use.path, use.what


def _is_about_its_place(use: Use, asked: Reference) -> bool:
    """Its own answer, of which it keeps what is there; its row or group, where it asks only where it stands.

    A calculation that its own answer never satisfies is found when it is reckoned.
    """
    return f"{use.path}/".startswith(f"{asked.path}/")
