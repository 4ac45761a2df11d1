"""What is left out because it would come to the same does come to the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select

from app.domain.changes import Edit
from app.domain.records import Value
from app.store import journal, many, outbox, rows
from app.store.central_tables import journal as journal_table
from app.store.central_tables import standing
from app.store.journal import Book, Line
from app.store.tables import name_order, records
from app.sync import register
from tests.central.laptops import House, Laptop
from tests.central.paying import PaidOffice


def shown(connection: Connection) -> dict[str, list[tuple[Any, ...]]]:
    """Every row, the order of names, and by which words each of them is found."""
    said = {
        name: [tuple(row) for row in connection.execute(select(table))] for name, table in records.items()
    }
    connection.exec_driver_sql(
        "CREATE VIRTUAL TABLE IF NOT EXISTS temp.words USING fts5vocab(main, finding, instance)"
    )
    words = connection.exec_driver_sql("SELECT doc, term FROM temp.words ORDER BY doc, term")
    said["finding"] = [tuple(row) for row in words]
    said["name_order"] = [tuple(row) for row in connection.execute(select(name_order))]
    return said


def written_again(laptop: Laptop) -> tuple[object, object]:
    """What a laptop shows, and what it shows once every record was written from its first cell on."""
    with laptop.vault.write() as connection:
        left = shown(connection)
        keys = [(kind, str(row[1])) for kind in records for row in left[kind]]
        rows.store(connection, rows.load(connection, keys))
        return left, shown(connection)


def test_own_sets_that_were_taken_leave_what_writing_all_again_would(trained: House, tmp_path: Path) -> None:
    office = PaidOffice(trained, tmp_path)
    maker, checker = office.maker, office.checker
    right = maker.ids.new()
    said: dict[str, Value] = {"person": office.person, "group": "NCT80", "amount": 500_000, "state": "active"}
    maker.save(*(Edit("entitlement", right, name, value) for name, value in said.items()))
    maker.change(office.person, phone="0388000000", name="Vi Văn Ba")
    for laptop in (maker, checker):
        laptop.sync(trained)
    checker.change(office.person, phone="0388111111")
    maker.change(office.person, phone="0388222222")
    for laptop in (maker, checker, maker):
        laptop.sync(trained)
    for laptop in (maker, checker):
        left, again = written_again(laptop)
        assert left == again
        with laptop.vault.read() as connection:
            person = records["person"]
            sums = connection.execute(select(person.c.account_state, person.c.monthly_amount)).all()
        assert "in_force" in [row.account_state for row in sums]
        assert 500_000 in [row.monthly_amount for row in sums]
        laptop.vault.lock()


def test_what_was_appended_is_told_as_it_lies(
    served: House, pair: list[Laptop], monkeypatch: pytest.MonkeyPatch
) -> None:
    told, fresh = Book.lines, list[bool]()

    def both(book: Book, after: int, bytes_max: int) -> list[Line]:
        found = told(book, after, bytes_max)
        assert found == journal.lines(book._connection, book.code, after, bytes_max)
        fresh.append(after == book._began)
        return found

    monkeypatch.setattr(Book, "lines", both)
    monkeypatch.setattr(register, "PAGE_BYTES", 700)
    first, second = pair
    for laptop in (first, second, first):
        for _ in range(3):
            laptop.new_person()
        laptop.sync(served)
    assert set(fresh) == {True, False}
    assert first.cells() != {}


def test_a_set_is_read_ahead_only_where_its_bytes_are_those_kept(
    trained_pair: list[Laptop],
) -> None:
    laptop, _ = trained_pair
    laptop.new_person()
    laptop.new_person()
    with laptop.vault.read() as connection:
        one, other = outbox.outbox(connection)
    kept = outbox.kept(bytes.fromhex(one.id), one.body, one.signature)
    assert "set" in vars(kept)
    assert (kept.set, kept.id) == (one.set, one.id)
    slipped = outbox.kept(bytes.fromhex(one.id), other.body, one.signature)
    assert vars(slipped).keys() == {"body", "signature"}
    assert slipped.id == other.id


ODD = "Lò Thị “Pánh” \\ ' % :code \n\t{} ₫ 👵"


def test_rows_written_at_once_are_those_that_were_meant(served: House) -> None:
    line = {"commune": served.code, "seq": 1, "id": bytes(range(32)), "device": ODD, "number": (1 << 31) - 1}
    line |= {"body": bytes(range(256)), "signature": b"", "verdicts": b"[1,5,[]]", "head": b"\\x00"}
    line |= {"digest": b"'", "received": (1 << 62) + 1}
    cells = {ODD: [ODD, [1, 1 << 40], 1 << 62], "state": [None, [], 0], "flag": [True, [3], 1]}
    stands = [
        {"commune": served.code, "kind": "person", "record": record, "cells": cells} for record in ("a", ODD)
    ]
    with served.centre.write() as connection:
        many.write(connection, journal_table, [line, {**line, "seq": 2, "id": bytes(32), "number": 1}])
        many.write(connection, standing, stands, over=["cells"])
        many.write(connection, standing, [{**stands[0], "cells": {}}], over=["cells"])
        lines = connection.execute(select(journal_table).order_by(journal_table.c.seq)).mappings().all()
        assert dict(lines[0]) == line
        assert (lines[1]["seq"], lines[1]["id"]) == (2, bytes(32))
        asked = select(standing.c.record, standing.c.cells)
        kept = {row.record: row.cells for row in connection.execute(asked)}
        assert kept == {"a": {}, ODD: cells}
        found = asked.where(many.among(standing.c.record, "records", connection.dialect.name))
        assert connection.execute(found, {"records": [ODD, "b"]}).scalars().all() == [ODD]
        connection.rollback()
