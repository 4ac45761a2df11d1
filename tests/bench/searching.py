"""The search box key by key, lists, likeness and a Save, encrypted beside the same in plain SQLite.

100,000 people; with BIG=1 also 1,000,000 (builds for a quarter of an hour).
"""

from __future__ import annotations

import os
import secrets
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import islice

from sqlalchemy import Connection

from app.domain.dates import PartialDate
from app.domain.progress import Progress
from app.store import queries, rows
from app.store.likeness import Facts, likes, pairs
from app.store.listing import Listing
from app.store.search import search
from app.store.vault import Vault
from tests.bench import registers
from tests.invented import Invented, cells, people

TYPED = (
    *("nguyen thi lan 1954", "ng thi lan 54", "lo thi panh", "giang a pao", "Nguyễn Thị Lán", "h'lua nie"),
    *(
        "ntl 1954",
        "nvt",
        "thi",
        "van anh",
        "xuan yen",
        "tran van thi xuan",
        "thi mui ban na lua",
        "to dan pho so 2",
    ),
    *("2213", "014154148032", "0388 004 417", "12/3/1948", "54", "1954", "thon 12"),
    *("nguyne thi lan", "lna", "hunog thi", "quangg van", "zzzz", "ntx qq"),
)
WITHIN = Listing(hamlets=("Bản Nà Lụa",), groups=("HTXH", "NKT-N"), accounts=("none",), states=("active",))
_ROUNDS = 5
_SAVES = 300
_LIMITS = {100_000: 16, 1_000_000: 50}

Row = tuple[str, float, str]


def measure() -> Iterator[Row]:
    """Milliseconds a keystroke costs, and how that compares with no encryption."""
    for count in _LIMITS if os.environ.get("BIG") else [100_000]:
        yield from _measure(count)


def _measure(count: int) -> Iterator[Row]:
    began = time.perf_counter()
    home = registers.laptop(count)
    yield f"{count:,} built", time.perf_counter() - began, "s, rows and index (0 when kept from before)"
    with registers.encrypted(home) as vault:
        saves = _saves(vault, count)
    with registers.plain(home) as plain_side, registers.encrypted(home) as vault, vault.read() as sealed_side:
        costs, plain_costs = _type_all(sealed_side, plain_side)
        lists = [*_lists(sealed_side, count)]
    for share in (50, 95, 100):
        limit = f", at most {_LIMITS[count]}" if share == 95 else ""
        yield f"{count:,} key p{share}", _percentile(costs, share), f"ms, encrypted{limit}"
    for share in (50, 95):
        ratio = _percentile(costs, share) / _percentile(plain_costs, share)
        yield f"{count:,} key p{share} ratio", ratio, "× the same in plain SQLite, at most 1.3"
    yield from lists
    yield f"{count:,} one person saved p50", _percentile(saves, 50), "ms, her row and the index, on disk"
    yield (
        f"{count:,} one person saved p100",
        _percentile(saves, 100),
        f"ms, the slowest of {_SAVES}, at most 50",
    )


def _saves(vault: Vault, count: int) -> list[float]:
    """Milliseconds of each, new people every time."""
    taken = []
    for who in islice(people(count + _SAVES), count, None):
        fresh = replace(who, id=secrets.token_hex(16))
        began = time.perf_counter()
        with vault.write() as connection:
            rows.store(connection, {("person", fresh.id): cells(fresh.values())})
        taken.append((time.perf_counter() - began) * 1000)
    return taken


def _lists(side: Connection, count: int) -> Iterator[Row]:
    nos = queries.ids(side, Listing())
    pages = [nos[start : start + 128] for start in range(0, len(nos), len(nos) // 50)]
    cards = [_facts(who) for who in islice(people(count), 10_000)]
    yield f"{count:,} ids by name", _milliseconds(lambda: queries.ids(side, Listing())), "ms"
    yield f"{count:,} counts", _milliseconds(lambda: queries.counts(side, Listing())), "ms, footer and chips"
    taken = [_milliseconds(lambda page=page: queries.person_rows(side, page), 1) for page in pages]  # type: ignore[misc]
    yield f"{count:,} page of 128", statistics.median(taken), "ms, anywhere in the list"
    if count > 100_000:  # no commune compares a million with each other
        return
    yield f"{count:,} 10,000 likes", _milliseconds(lambda: likes(side, cards, Progress()), 1) / 1000, "s"
    yield f"{count:,} pairs", _milliseconds(lambda: pairs(side, Progress()), 1) / 1000, "s"


def _facts(who: Invented) -> Facts:
    birth = PartialDate.parse(who.birth) if who.birth else None
    return Facts(who.name, birth, who.sex, None, None, who.phone, who.hamlet)


def _milliseconds(work: Callable[[], object], times: int = 5) -> float:
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        taken.append((time.perf_counter() - began) * 1000)
    return statistics.median(taken)


def keystrokes() -> list[str]:
    """What stands in the box after each key of each text."""
    return [text[:length] for text in TYPED for length in range(1, len(text) + 1)]


def _type_all(*sides: Connection) -> tuple[list[float], ...]:
    """Milliseconds of each question on each side: the best of some rounds, taken in turns."""
    questions: list[Callable[[Connection], object]] = []
    for typed in keystrokes():
        questions.append(lambda side, typed=typed: search(side, typed))  # type: ignore[misc]
        questions.append(lambda side, typed=typed: search(side, typed, within=WITHIN))  # type: ignore[misc]
    samples: list[list[list[float]]] = [[[] for _ in questions] for _ in sides]
    for turn in range(1 + _ROUNDS):
        for at, question in enumerate(questions):
            for side, taken in zip(sides, samples, strict=True):
                began = time.perf_counter()
                question(side)
                if turn:  # the first round warms the caches
                    taken[at].append((time.perf_counter() - began) * 1000)
    return tuple([min(each) for each in taken] for taken in samples)


def _percentile(costs: Sequence[float], share: int) -> float:
    ordered = sorted(costs)
    return ordered[min(len(ordered) - 1, len(ordered) * share // 100)]
