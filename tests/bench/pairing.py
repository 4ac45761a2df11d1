"""Who could be one person: everybody compared, one compared again after a Save, the queue counted.

Beside a baseline without blocks: the names of each birth year compared pair by pair with rapidfuzz.
A twentieth of the people is entered twice, with slips.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, islice

from rapidfuzz.distance import OSA
from sqlalchemy import Connection, select

from app.domain.progress import Progress
from app.store import alike, rows
from app.store.tables import records, uncompared
from app.store.vault import Vault
from tests.bench import registers
from tests.invented import Invented, cells, people

_COUNTS = (10_000, 100_000)
_AGAIN = 20

Row = tuple[str, float, str]


def measure() -> Iterator[Row]:
    """Seconds for everybody, milliseconds for one and for the count."""
    for count in _COUNTS:
        home = registers.laptop(count)
        with registers.encrypted(home) as vault:
            yield from _measure(vault, count)


def _measure(vault: Vault, count: int) -> Iterator[Row]:
    _enter_twice(vault, count)
    with vault.read() as connection:
        began = time.perf_counter()
        found = alike.compare(connection, Progress())
        taken = time.perf_counter() - began
        began = time.perf_counter()
        _without_blocks(connection)
        baseline = time.perf_counter() - began
    assert found is not None
    yield f"{count:,} everybody compared", taken, f"s, {len(found.pairs):,} pairs"
    yield (
        f"{count:,} everybody compared ratio",
        taken / baseline,
        f"× rapidfuzz on each year's names, {baseline:.1f} s",
    )
    with vault.write() as connection:
        began = time.perf_counter()
        alike.keep(connection, found)
        kept = time.perf_counter() - began
    yield f"{count:,} pairs kept", kept, "s, in one transaction"
    yield f"{count:,} one compared again", _again(vault, count), "ms, with what is kept of it"
    with vault.read() as connection:
        began = time.perf_counter()
        alike.count_open(connection)
        yield f"{count:,} queue counted", (time.perf_counter() - began) * 1000, "ms"


def _enter_twice(vault: Vault, count: int) -> None:
    chance = random.Random(7)
    doubles = [_slipped(who, at, chance) for at, who in enumerate(islice(people(count), count // 20))]
    with vault.write() as connection:
        rows.store(connection, {("person", who.id): cells(who.values()) for who in doubles})


def _slipped(who: Invented, at: int, chance: random.Random) -> Invented:
    made = replace(who, id=f"d{at:031x}", phone=None)
    match chance.randrange(4):
        case 0:
            return replace(made, personal_id=None)
        case 1:
            return replace(made, birth=made.birth and made.birth[:4])
        case 2:
            return replace(made, name=made.name.upper())
        case _:
            return made


def _without_blocks(connection: Connection) -> int:
    """How many names of one birth year lie at most one slip apart."""
    person = records["person"]
    years: dict[str, list[str]] = {}
    for birth, folded in connection.execute(select(person.c.birth, person.c.name_folded)):
        years.setdefault((birth or "")[:4], []).append(folded)
    return sum(
        OSA.distance(one, other, score_cutoff=1) <= 1
        for names in years.values()
        for one, other in combinations(names, 2)
    )


def _again(vault: Vault, count: int) -> float:
    """Milliseconds from one Save to the queue being right again, the mean of some."""
    began = time.perf_counter()
    for who in islice(people(count), _AGAIN):
        with vault.write() as connection:
            alike.compare_again(connection, [who.id])
        with vault.read() as connection:
            found = alike.compare(connection, Progress())
        assert found is not None
        with vault.write() as connection:
            alike.keep(connection, found)
    with vault.read() as connection:
        assert connection.scalar(select(uncompared.c.ticket).limit(1)) is None
    return (time.perf_counter() - began) * 1000 / _AGAIN
