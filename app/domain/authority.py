"""Whose word counts for a field, and who may decide when two values stand against each other.

Data of `resources/policy/authority.toml`: the population database for identity, the provider for
an account's state, the commune's decision for entitlement, the newest visit for phone and notes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Literal

from app.domain.reasons import code_of

DECISION, VISIT = "decision", "visit"
Pick = Literal["stands", "came"]


@dataclass(frozen=True)
class Authority:
    """One rule. `of`: `person.name`, `entitlement.*` or `*`; `trusted`: sources, the best first.

    `newest`: among equals the later one knows better; `apart`: who decides wrote neither side;
    `second`: a second officer puts the decision in force.
    """

    of: tuple[str, ...]
    name: str
    trusted: tuple[str, ...]
    deciders: tuple[str, ...]
    newest: bool = False
    apart: bool = False
    second: bool = False

    def rank(self, source: str) -> int:
        """How far a source is to be trusted here: 0 is best."""
        return self.trusted.index(source) if source in self.trusted else len(self.trusted)


@dataclass(frozen=True)
class Claim:
    """What speaks for one side: why and when it was saved, by whom, the decision it carries."""

    reason: str
    author: str
    at: datetime
    decision: str = ""


@dataclass(frozen=True)
class Authorities:
    """Every rule, the first that names a field counts; and the source that a set's reason tells."""

    all: tuple[Authority, ...]
    sources: Mapping[str, str]

    def of(self, kind: str, field: str) -> Authority:
        """The rule for one field; members of a set follow their field."""
        name = field.partition("/")[0]
        return min(
            (authority for authority in self.all if _place(authority, kind, name) is not None),
            key=lambda authority: _place(authority, kind, name) or 0,
        )

    def strictest(self, cells: Iterable[tuple[str, str]]) -> Authority:
        """The rule for cells that stand together: one that needs a second officer, else the first."""
        found = [self.of(kind, field) for kind, field in cells]
        return next((authority for authority in found if authority.second), found[0])

    def source(self, claim: Claim) -> str:
        """Where a value comes from; an officer's own words mean that she was told."""
        return DECISION if claim.decision else self.sources.get(code_of(claim.reason), VISIT)

    def preferred(self, authority: Authority, stands: Claim | None, came: Claim) -> Pick | None:
        """The side that the authority's word is on; None where there is real doubt."""
        if stands is None:
            return "came"
        ranks = [authority.rank(self.source(claim)) for claim in (stands, came)]
        if ranks[0] != ranks[1]:
            return "stands" if ranks[0] < ranks[1] else "came"
        if authority.newest and ranks[0] < len(authority.trusted):
            return "came" if came.at > stands.at else "stands"
        return None


def may_decide(
    authority: Authority, officer: str, roles: Collection[str], claims: Sequence[Claim | None]
) -> bool:
    """Whether this officer may decide here."""
    is_author = any(claim is not None and claim.author == officer for claim in claims)
    return any(role in authority.deciders for role in roles) and not (authority.apart and is_author)


def _place(authority: Authority, kind: str, field: str) -> int | None:
    """How narrowly a rule names a field: 0 by name, 1 its kind, 2 anything; None not at all."""
    return next((place for place, one in enumerate(_patterns(kind, field)) if one in authority.of), None)


def names(pattern: str, kind: str, cell: str) -> bool:
    """Whether `person.phone`, `person.*` or `*` names a cell; members of a set follow their field."""
    return pattern in _patterns(kind, cell.partition("/")[0])


@lru_cache(maxsize=1024)
def _patterns(kind: str, field: str) -> tuple[str, str, str]:
    return f"{kind}.{field}", f"{kind}.*", "*"
