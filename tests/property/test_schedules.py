"""Random schedules of the real engine, and bugs planted into it: none of the first break a rule, all
of the second are found."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from multiprocessing import get_context

import pytest

from tests.property import schedule
from tests.property.disks import real_connections
from tests.property.planted import BUGS
from tests.property.simulated import simulated

SOAK = bool(os.environ.get("SOAK"))
SEEDS = 20_000 if SOAK else 300
SECONDS = 24 * 3600.0 if SOAK else 30.0  # a slow or busy machine gets through fewer of them
SEEDS_MIN = 8
BUG_SEEDS = 1_000
_BATCH = 2
_SEEDS_A_POOL = 1_000  # then others do the work: a process grows by a megabyte a schedule


def broken(seeds: Iterable[int]) -> list[str]:
    """What these seeds break, each said with its seed."""
    found = []
    for seed in seeds:
        try:
            with simulated(seed) as world:
                schedule.run(world)
        except Exception as error:  # noqa: BLE001 - whatever it is, the seed must be told
            found.append(f"seed {seed}: {type(error).__name__}: {error}")
    return found


def broken_before(seeds: Sequence[int], deadline: float) -> tuple[int, list[str]]:
    """How many of these seeds ran, and what they broke; none is begun after the deadline."""
    found: list[str] = []
    for done, seed in enumerate(seeds):
        if seed >= SEEDS_MIN and time.time() > deadline:
            return done, found
        found += broken([seed])
    return len(seeds), found


def found_by(bug: str) -> int | None:
    """The first seed whose schedule shows a planted bug."""
    with BUGS[bug]():
        return next((seed for seed in range(BUG_SEEDS) if broken([seed])), None)


def _pool() -> ProcessPoolExecutor:
    """As many processes as there are processors: a schedule waits for nothing."""
    return ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn"))


def test_no_schedule_breaks_a_rule(record_property: Callable[[str, object], None]) -> None:
    start, done = time.time(), list[tuple[int, list[str]]]()
    for first in range(0, SEEDS, _SEEDS_A_POOL):
        last = min(first + _SEEDS_A_POOL, SEEDS)
        batches = [range(at, min(at + _BATCH, last)) for at in range(first, last, _BATCH)]
        with _pool() as pool:
            done += pool.map(broken_before, batches, repeat(start + SECONDS))
    schedules = sum(count for count, _ in done)
    rate = schedules / (time.time() - start)
    record_property("schedules", schedules)
    record_property("schedules_a_second", round(rate, 2))
    assert [line for _, lines in done for line in lines] == []
    assert schedules >= SEEDS_MIN


def _journal(seed: int) -> list[str]:
    with simulated(seed) as world:
        schedule.run(world)
        return world.ids


def test_a_seed_replays_exactly() -> None:
    assert _journal(7) == _journal(7) != []


def test_a_seed_comes_out_the_same_through_sqlalchemys_own_connection() -> None:
    """The simulator hands compiled statements straight to SQLite: that must change nothing."""
    straight = _journal(5)
    with real_connections():
        assert _journal(5) == straight != []


@pytest.mark.soak
def test_every_planted_bug_is_found() -> None:
    assert len(BUGS) >= 20
    with _pool() as pool:
        found = dict(zip(BUGS, pool.map(found_by, BUGS), strict=True))
    assert [bug for bug, seed in found.items() if seed is None] == []


QUICKLY_FOUND = (
    "waiting edits are not put back",
    "an answer is applied twice",
    "signatures are not checked at the centre",
    "laptops are not told who was revoked",
    "what stands counts as seen",
    "reads are not looked at",
    "whoever is revoked may still write",
    "overwritten values are not listed",
    "a replayed set is not recognised",
    "a conflict is not opened",
)


@pytest.mark.parametrize("bug", QUICKLY_FOUND)
def test_planted_bugs_are_found(bug: str) -> None:
    """A few of them, so that a simulator that sees nothing does not pass for a sound engine."""
    with BUGS[bug]():
        assert any(broken([seed]) for seed in range(8))
