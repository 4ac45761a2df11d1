"""Who may receive what: groups, coefficients and levels as dated data the law changes.

Nothing here is a constant: the standard rose from 360,000 to 500,000 to 540,000 đ, groups
move between decrees, and a province may pay more than the nation
(data and confidence in `resources/policy`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Literal

from app.domain.dates import PartialDate
from app.domain.errors import Refusal
from app.domain.text import fold

Programme = Literal["assistance", "pension"]


@dataclass(frozen=True)
class Group:
    """A group of beneficiaries. `coefficients`: those its clause knows, the usual one first.

    `is_hidden`: never shown on public notices (HIV, Decree 20/2021 Art. 8).
    """

    code: str
    name: str
    clause: str
    coefficients: tuple[str, ...]
    form: str
    programme: Programme
    is_hidden: bool


@dataclass(frozen=True)
class GroupWording:
    """A regular expression over folded, spelled-out text; without a code it means no single group."""

    code: str
    pattern: str


@dataclass(frozen=True)
class Groups:
    """All groups, and how offices write them."""

    all: tuple[Group, ...]
    wordings: tuple[GroupWording, ...] = ()
    abbreviations: tuple[tuple[str, str], ...] = ()

    @cached_property
    def by_code(self) -> Mapping[str, Group]:
        """Groups by code."""
        return {group.code: group for group in self.all}

    @cached_property
    def _by_squeezed_code(self) -> Mapping[str, Group]:
        return {_squeezed(group.code): group for group in self.all}

    @cached_property
    def _patterns(self) -> tuple[tuple[re.Pattern[str], Group | None], ...]:
        return tuple((re.compile(w.pattern), self.by_code.get(w.code)) for w in self.wordings)

    @cached_property
    def _short(self) -> tuple[tuple[re.Pattern[str], str], ...]:
        return tuple((re.compile(rf"\b{re.escape(a)}\b"), whole) for a, whole in self.abbreviations)

    def find(self, text: str) -> Group | None:
        """The group a cell, heading or note means: its code, else the first wording that fits.

        Wordings stand in the data from the narrow to the wide, so order decides.
        """
        plain = fold(text)
        by_code = self._by_squeezed_code.get(_squeezed(plain))
        if by_code:
            return by_code
        plain = re.sub(r"[^a-z0-9]+", " ", plain)
        for pattern, whole in self._short:
            plain = pattern.sub(whole, plain)
        return next((group for pattern, group in self._patterns if pattern.search(plain)), None)


def _squeezed(text: str) -> str:
    return re.sub("[^a-z0-9]", "", fold(text))


@dataclass(frozen=True)
class Level:
    """The standard (đồng a month) of a programme from a month on; province `` is the nation."""

    programme: Programme
    since: PartialDate
    amount: int
    province: str
    source: str
    confidence: str


@dataclass(frozen=True)
class Levels:
    """Every standard there was."""

    all: tuple[Level, ...]

    def in_force(self, programme: Programme, month: PartialDate, province: str = "") -> Level:
        """The standard of a month: the province's if it has one and it is higher, else the nation's.

        Refusal `policy.no_level` before the first.
        """
        local, national = self._latest(programme, month, province), self._latest(programme, month, "")
        higher = max((level for level in (national, local) if level), key=lambda it: it.amount, default=None)
        if higher is None:
            raise Refusal("policy.no_level", month=month.iso())
        return higher

    def _latest(self, programme: Programme, month: PartialDate, province: str) -> Level | None:
        known: Iterable[Level] = (
            level
            for level in self.all
            if (level.programme, level.province) == (programme, province)
            and level.since.earliest() <= month.earliest()
        )
        return max(known, key=lambda level: level.since, default=None)

    def monthly_amount(self, group: Group, coefficient: str, month: PartialDate, province: str = "") -> int:
        """Đồng for one month: standard times coefficient (`1.5`), exact, rounded to whole đồng."""
        return round(self.in_force(group.programme, month, province).amount * Decimal(coefficient))
