"""Answers to one question counted up: by choice, by size, by month, by what was said."""

from __future__ import annotations

import math
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import fmean, median
from typing import Protocol

from app.domain.dates import PartialDate

TEXTS_SHOWN = 12
TEXTS_KEPT = 1_000  # of so many different ones nobody learns anything: they are only counted
_BINS = 10
_MONTHS_SHOWN, _YEARS_SHOWN = 24, 24
_SIZE_MAX = 1e15  # beyond it nobody counts, and a workbook rounds
_STEPS = (1, 2, 5, 10)


@dataclass(frozen=True)
class Bar:
    """`count` answers. `label`: a choice in words, or a text that was said.

    Of numbers from `low` on, up to but without `high`, which of the last bar, and of a bar of one number,
    is in it; of dates `since`, a month, a year, or with `years` so many of them.
    """

    count: int
    label: str = ""
    low: float | None = None
    high: float | None = None
    since: PartialDate | None = None
    years: int = 1


@dataclass(frozen=True)
class Numbers:
    """What is said of numbers besides their bars."""

    low: float
    high: float
    mean: float
    median: float


@dataclass(frozen=True)
class Counted:
    """`others`: answers that stand in no bar."""

    bars: tuple[Bar, ...] = ()
    numbers: Numbers | None = None
    others: int = 0


class Counting(Protocol):
    """Takes answers, one at a time."""

    def take(self, said: str) -> None:
        """One that is not empty."""

    def counted(self) -> Counted:
        """All of them."""


class Texts:
    """What was said more than once, or all of it where it is little; the most frequent first."""

    def __init__(self) -> None:
        self._said, self._taken = Counter[str](), 0

    def take(self, said: str) -> None:
        self._taken += 1
        if said in self._said or len(self._said) < TEXTS_KEPT:
            self._said[said] += 1

    def counted(self) -> Counted:
        are_few = len(self._said) <= TEXTS_SHOWN
        shown = [each for each in self._said.most_common(TEXTS_SHOWN) if are_few or each[1] > 1]
        bars = tuple(Bar(count, said) for said, count in shown)
        return Counted(bars, others=self._taken - sum(bar.count for bar in bars))


class Plain:
    """Answers that are only there or not: pictures, places."""

    def __init__(self) -> None:
        self._taken = 0

    def take(self, said: str) -> None:
        self._taken += 1

    def counted(self) -> Counted:
        return Counted(others=self._taken)


class Sizes:
    """Numbers."""

    def __init__(self) -> None:
        self._taken, self._others = array("d"), 0

    def take(self, said: str) -> None:
        try:
            value = float(said)
        except ValueError:
            value = math.nan
        if abs(value) <= _SIZE_MAX:  # and no NaN
            self._taken.append(value)
        else:
            self._others += 1

    def counted(self) -> Counted:
        if not self._taken:
            return Counted(others=self._others)
        low, high = min(self._taken), max(self._taken)
        numbers = Numbers(low, high, fmean(self._taken), median(self._taken))
        return Counted(tuple(_histogram(self._taken, low, high)), numbers, self._others)


def _histogram(taken: Sequence[float], low: float, high: float) -> Iterator[Bar]:
    """A bar a number where they are few, else bars of one round width from the least to the greatest."""
    different = set(taken)
    if len(different) <= _BINS:
        counts = Counter(taken)
        yield from (Bar(counts[value], low=value, high=value) for value in sorted(different))
        return
    are_whole = all(value.is_integer() for value in different)
    width = _round_width((high - low) / _BINS, are_whole=are_whole)
    first = math.floor(low / width)
    counts_in = Counter(math.floor(value / width) - first for value in taken)
    for at in range(max(counts_in) + 1):
        yield Bar(counts_in[at], low=(first + at) * width, high=(first + at + 1) * width)


def _round_width(least: float, *, are_whole: bool) -> float:
    """The next of 1, 2 or 5 times a power of ten; of whole numbers a whole one."""
    power = 10.0 ** math.floor(math.log10(max(least, 1.0) if are_whole else least))
    return next(step * power for step in _STEPS if step * power >= least * 0.999_999)


class Days:
    """Dates: by month, by year where that would be too many bars, by ten years where those would be."""

    def __init__(self) -> None:
        self._months, self._others = Counter[tuple[int, int]](), 0

    def take(self, said: str) -> None:
        try:
            day = PartialDate.parse(said[:10])
        except ValueError:
            self._others += 1
        else:
            self._months[day.year, day.month or 1] += 1

    def counted(self) -> Counted:
        return Counted(tuple(self._bars()), others=self._others)

    def _bars(self) -> Iterator[Bar]:
        if not self._months:
            return
        (first, month), (last, last_month) = min(self._months), max(self._months)
        if (last - first) * 12 + last_month - month < _MONTHS_SHOWN:
            for at in range(first * 12 + month - 1, last * 12 + last_month):
                year, nth = at // 12, at % 12 + 1
                yield Bar(self._months[year, nth], since=PartialDate(year, nth))
            return
        years = 1 if last - first < _YEARS_SHOWN else 10
        counts = Counter[int]()
        for (year, _month), count in self._months.items():
            counts[year // years * years] += count
        for begun in range(min(counts), max(counts) + 1, years):
            yield Bar(counts[begun], since=PartialDate(begun), years=years)
