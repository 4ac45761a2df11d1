"""What a surveyor's views cost: list, search and person card as she reads them beside the whole sight.

100,000 people in twenty hamlets, one register, both read in turns; processor time: only the ratio counts.
She is given two of the hamlets, and then all of them: as many rows as an officer sees, through her rules.
`among hers` asks both for the same people; where few of hers answer, slips are forgiven that the whole sight,
with plenty of answers, never looks for.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator, Sequence

from sqlalchemy import Connection, select

from app.domain.sight import Sight
from app.resources import load_rights
from app.store import dossier, queries
from app.store.history import history
from app.store.listing import Listing
from app.store.search import search
from app.store.tables import records
from tests.bench import registers
from tests.bench.searching import WITHIN, keystrokes

COUNT = 100_000
LIMIT = 1.3
GIVEN = ("Bản Nà Lụa", "Bản Co Mạ")
_ROUNDS = 3
_OTHERWISE = "a key, other answers"

Row = tuple[str, float, str]
Question = Callable[[Connection], object]


def measure() -> Iterator[Row]:
    """Ratios of her reading to the whole sight's, and her milliseconds."""
    home = registers.laptop(COUNT)
    right = load_rights().dated[-1][1]["surveyor"]
    with registers.encrypted(home) as vault:
        with vault.whole() as connection:
            every = [facet.value for facet in queries.counts(connection, Listing()).hamlets if facet.value]
        for words, hamlets, limit in (
            ("2 of 20 hamlets", GIVEN, f", at most {LIMIT}"),
            ("all hamlets", tuple(every), ", and no surveyor is given them"),
        ):
            vault.bound(Sight(hamlets=hamlets, hidden=right.hides), "hanh")
            with vault.whole() as whole, vault.read() as hers:
                for name, questions in _questions(hers, hamlets).items():
                    bound = "" if name == _OTHERWISE else limit
                    yield from _compared(f"{words}: {name}", bound, questions, whole, hers)


def _questions(hers: Connection, hamlets: tuple[str, ...]) -> dict[str, list[Question]]:
    nos = queries.ids(hers, Listing())
    pages = [nos[start : start + 128] for start in range(0, len(nos), max(1, len(nos) // 20))]
    person = records["person"].c
    some = list(hers.scalars(select(person.id).where(person.no.in_(nos[:: max(1, len(nos) // 20)]))))
    typed = keystrokes()[::2]
    return {
        "ids by name": [lambda side: queries.ids(side, Listing())],
        "counts": [lambda side: queries.counts(side, Listing())],
        "progress by hamlet": [queries.progress],
        "today": [lambda side: queries.today(side, "hanh")],
        _OTHERWISE: [_key(text, Listing()) for text in typed],
        "a key among hers": [_key(text, Listing(hamlets=hamlets)) for text in typed],
        "a key within filters": [_key(text, WITHIN) for text in typed],
        "page of 128": [*map(_page, pages)],
        "person card": [*map(_card, some)],
        "history": [*map(_past, some)],
    }


def _key(typed: str, within: Listing) -> Question:
    return lambda side: search(side, typed, within=within)


def _page(nos: Sequence[int]) -> Question:
    return lambda side: queries.person_rows(side, nos)


def _card(person: str) -> Question:
    return lambda side: dossier.person(side, person)


def _past(person: str) -> Question:
    return lambda side: history(side, person)


def _compared(name: str, limit: str, questions: Sequence[Question], *sides: Connection) -> Iterator[Row]:
    """The best of some rounds of each question on each side, taken in turns, then all of them together."""
    taken: list[list[float]] = [[float("inf")] * len(questions) for _ in sides]
    for _ in range(1 + _ROUNDS):
        for at, question in enumerate(questions):
            for side, costs in zip(sides, taken, strict=True):
                began = time.thread_time()
                question(side)
                costs[at] = min(costs[at], (time.thread_time() - began) * 1000)
    whole, hers = taken
    yield f"{name} ratio", sum(hers) / max(sum(whole), 1e-6), f"× the whole sight{limit}"
    yield f"{name} median", statistics.median(hers), "ms of hers"
    yield f"{name} slowest", max(hers), f"ms of hers ({max(whole):.2f} whole)"
