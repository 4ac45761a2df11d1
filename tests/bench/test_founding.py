"""What the benches lay into a centre's book by COPY is what the centre itself writes for the same sets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import select

from app.store.central_tables import commune, journal, standing
from app.sync import messages
from tests.bench import founding, people
from tests.bench.founding import Hand
from tests.central.conftest import REAL
from tests.central.laptops import House, Laptop, all_agree, house, new_keys

OTHER = "03163"
_COUNT = 40


def book_of(found: House) -> dict[str, list[Any]]:
    """Every line of the book, the moment of receipt apart."""
    lines: dict[str, list[Any]] = {}
    with found.centre.read() as connection:
        for table in (commune, journal, standing):
            columns = [column for column in table.c if column.name not in ("received", "policy")]
            rows = connection.execute(select(*columns).order_by(*table.primary_key.columns)).mappings().all()
            lines[table.name] = [dict(row) for row in rows]
    return lines


def test_a_commune_laid_in_is_the_one_that_was_pushed(postgres_url: str, tmp_path: Path) -> None:
    lines = list(people.people(_COUNT))
    keys = new_keys(tmp_path / "keys")
    with house(postgres_url, keys, REAL) as found:
        device, officer = found.enrol_keys()
        hand = Hand(REAL, device, officer)
        with psycopg.connect(postgres_url) as book:
            founding.found_commune(book, hand, (line.edits() for line in lines))
        laid_in = book_of(found)
        with found.centre.write() as connection:
            for table in (journal, standing):
                connection.execute(table.delete())
            connection.execute(commune.update().values(seq=0, head=bytes(32), digests={}))
        push(found, hand, lines)
        assert book_of(found) == laid_in
        laptop = Laptop.new(tmp_path, REAL, found.clock)
        found.enrol(laptop)
        assert laptop.sync(found).in_step
        all_agree([laptop])
        laptop.vault.lock()


def push(found: House, hand: Hand, lines: list[people.Listed]) -> None:
    """The same sets through the door."""
    sets, previous = [], ""
    for number, line in enumerate(lines, 1):
        signed = founding.written(hand, line.edits(), number, previous)
        previous = signed.id
        sets.append((signed.body, signed.signature))
    request = messages.SyncRequest(messages.PROTOCOL, REAL, hand.device.id, 1, 0, bytes(32), 0, sets)
    found.exchange(founding.signed_message(hand, request))
