"""Many sets absorbed at once leave what they leave one by one: rows, journal, lists, search, order of names.

The sets are of simulated worlds: conflicts, refusals, proposals, approvals, merges. Some of them wait here
first and get their places as they come; others wait on, above what comes.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from functools import cache
from itertools import repeat
from typing import Any

import pytest
from sqlalchemy import Connection, Row, select

from app.domain.changes import Entry, Outcome, SignedSet, lone, unpack_verdicts
from app.store import place, rows, unit
from app.store.central_tables import journal
from app.store.tables import records, replica
from app.store.unit import Page
from app.store.vault import Vault
from tests.property import schedule
from tests.property.simulated import simulated
from tests.property.world import CODE, Laptop, World

SEEDS = (3, 5, 8)
# Local numbers, order and labels follow the moment of writing; what they mean is compared.
_ASIDE = {"name_order", "spelling", "uncompared", *records}
_MEANT = {
    "order": "SELECT id FROM name_order JOIN person ON no = person ORDER BY label",
    "to be compared": "SELECT DISTINCT id FROM uncompared JOIN person ON no = person ORDER BY id",
    "index": "SELECT id, term FROM temp.said JOIN name_order ON label = doc JOIN person ON no = person"
    " ORDER BY id, term",
}


@cache
def _lived(seed: int) -> tuple[list[Entry], list[SignedSet]]:
    """The journal of a simulated world at its end, and sets that never came to it."""
    with simulated(seed) as world:
        schedule.run(world)
        with world.book.read() as connection:
            lines = connection.execute(select(journal).order_by(journal.c.seq)).all()
        late = _late(world)
    whole = ((line.seq, SignedSet(line.body, line.signature), line.verdicts) for line in lines)
    return [Entry(seq, signed, unpack_verdicts(verdicts)) for seq, signed, verdicts in whole], late


def _late(world: World) -> list[SignedSet]:
    """What an officer saves last, on people who stand."""
    laptop: Laptop = next(each for each in world.laptops if not each.dead)
    with laptop.disk.read() as connection:
        people = connection.scalars(select(records["person"].c.id)).all()
    forms = [world.open(laptop, "person", person) for person in people[:4]]
    edits = [form.opened.edits({"note": f"{at}", "name": f"Lò Thị {at}"}) for at, form in enumerate(forms)]
    author = laptop.officers[0]
    return [
        world.save(laptop, author, list(lone(found)), [form])
        for found, form in zip(edits, forms, strict=True)
        if found
    ]


def _everything(connection: Connection) -> dict[str, Collection[object]]:
    """The whole database, without what says only when something was written."""
    found: dict[str, Collection[object]] = {}
    for table in replica.sorted_tables:
        if table.name not in _ASIDE:
            found[table.name] = sorted(map(repr, connection.execute(select(table))))
    for kind, table in records.items():
        found[kind] = [
            _meaning(connection, kind, row) for row in connection.execute(select(table).order_by("id"))
        ]
    said = "CREATE VIRTUAL TABLE temp.said USING fts5vocab(main, finding, 'instance')"
    connection.exec_driver_sql(said)
    for name, query in _MEANT.items():
        found[name] = [tuple(row) for row in connection.exec_driver_sql(query)]
    return found


def _meaning(connection: Connection, kind: str, row: Row[Any]) -> tuple[object, ...]:
    """A row without its number, its cells taken apart: which of two equal groups comes first says nothing."""
    said = {name: value for name, value in row._mapping.items() if name not in {"no", "behind"}}
    return said, rows.load(connection, {(kind, row.id)})


def _words(connection: Connection) -> set[tuple[object, ...]]:
    return set(map(tuple, connection.exec_driver_sql("SELECT * FROM spelling")))


def _absorbed(
    vault: Vault, entries: Sequence[Entry], waiting: Sequence[SignedSet], sizes: Iterator[int]
) -> tuple[dict[str, Collection[object]], set[tuple[object, ...]]]:
    with vault.write() as connection:
        place.write(connection, "commune", CODE.encode())
        place.write(connection, "device", b"m1")
        unit.carry(connection, waiting)
    at = 0
    while at < len(entries):
        page = entries[at : at + next(sizes)]
        with vault.write() as connection:
            unit.absorb(connection, Page(page, page[-1].seq, b"", b"", goes_on=True))
        at += len(page)
    with vault.write() as connection:
        return _everything(connection), _words(connection)


@pytest.mark.parametrize("seed", SEEDS)
def test_at_once_is_as_one_by_one(seed: int, vaults: list[Vault]) -> None:
    entries, late = _lived(seed)
    chance = random.Random(seed)
    (device, _), *_ = Counter(entry.signed.set.device for entry in entries).most_common(1)
    waiting = [*(entry.signed for entry in entries if entry.signed.set.device == device), *late]
    single, words = _absorbed(vaults[0], entries, waiting, repeat(1))
    bulk, fewer = _absorbed(vaults[1], entries, waiting, iter(lambda: chance.randint(1, 90), 0))
    for name, content in single.items():
        assert bulk[name] == content, name
    assert fewer <= words  # a name that nobody bore at the end of a page was not learnt
    assert len(bulk["order"]) > 3
    assert len(bulk["accepted"]) > 0


def test_the_sets_are_of_every_sort() -> None:
    lived = [_lived(seed) for seed in SEEDS]
    assert all(late for _, late in lived)
    entries = [entry for found, _ in lived for entry in found]
    assert {verdict.outcome for entry in entries for verdict in entry.verdicts} == set(Outcome)
    moved = {(edit.kind, edit.new) for entry in entries for edit in entry.signed.set.edits()}
    assert {kind for kind, _ in moved} >= {"person", "account", "proposal", "alias", "conflict"}
    assert ("proposal", "accepted") in moved
