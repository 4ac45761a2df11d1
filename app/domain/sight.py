"""Whom an officer sees, and what of them: the sum of what her roles let her see.

The data are those of `roles.py` (`sees`, `hides`); the store lays it over every read (`store/sight.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.domain.authority import names
from app.domain.roles import ASSIGNED, EVERYBODY, Author, Right


@dataclass(frozen=True)
class Sight:
    """Everybody, or the people of these hamlets (none of them: nobody), without what is `hidden`.

    `hidden`: patterns, `kind.field` or `kind.*`.
    """

    everybody: bool = False
    hamlets: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether nothing is kept from her."""
        return self.everybody and not self.hidden

    @property
    def is_nobody(self) -> bool:
        """Whether she sees no person at all."""
        return not self.everybody and not self.hamlets

    def shows(self, kind: str, cell: str) -> bool:
        """Whether she sees this field of whom she sees."""
        return not any(names(pattern, kind, cell) for pattern in self.hidden)


WHOLE = Sight(everybody=True)


def sight_of(rights: Mapping[str, Right], author: Author) -> Sight:
    """What one of her roles shows she sees, whatever another hides; an unknown role shows nothing."""
    held = [right for role, right in rights.items() if role in author.roles]
    if any(right.sees == EVERYBODY for right in held):
        held = [right for right in held if right.sees == EVERYBODY]
        return Sight(everybody=True, hidden=_hidden(held))
    held = [right for right in held if right.sees == ASSIGNED]
    return Sight(hamlets=author.scope if held else (), hidden=_hidden(held))


def _hidden(held: Sequence[Right]) -> tuple[str, ...]:
    """What every one of them hides."""
    return tuple(name for name in held[0].hides if all(name in right.hides for right in held)) if held else ()
