"""What must hold of a vault after a fault: it opens, it is sound, what was said is there, nothing by half."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import Connection, select

from app.actions.desk import Desk
from app.domain import reasons
from app.domain.changes import SignedSet
from app.domain.standing import record_digest
from app.store import audit, beneath, place, rows
from app.store.tables import changes, records, touched
from app.store.vault import Vault

Said = list[list[str]]


def look_through(desk: Desk, said: Said) -> None:
    """Against what the victim said; AssertionError where it does not hold."""
    assert desk.vault.faults() == ()
    _look_at_attachments(desk, said)
    with desk.vault.read() as connection:
        audit.verify(connection)
        held = {row.id.hex(): row for row in connection.execute(changes.select())}
        numbers = sorted(row.number for row in held.values())
        assert numbers == list(range(1, len(held) + 1))
        _look_for_said(connection, said, held.keys())
        _look_at_imports(Counter(reasons.batch_of(row.reason) for row in held.values()), said)
        for row in held.values():
            found = SignedSet(row.body, row.signature).set
            keys = {(edit.kind, edit.record) for edit in found.edits()}
            cells = rows.load(connection, keys)
            assert keys == cells.keys()
            index = connection.execute(touched.select().where(touched.c.change == row.no)).all()
            assert {each.record for each in index} == {record for _, record in keys}
        _look_beneath(connection)


def _look_for_said(connection: Connection, said: Said, sets: object) -> None:
    for kind, *ids in said:
        if kind == "person":
            assert rows.load(connection, [("person", ids[0])])
        elif kind == "enrolled":
            assert ids[0] in sets  # type: ignore[operator]
            assert len(rows.load(connection, [("account", ids[1]), ("proposal", ids[2])])) == 2


def _look_at_attachments(desk: Desk, said: Said) -> None:
    """Whatever set there is that cites a photo, its bytes are on the disk, whole."""
    table = records["attachment"]
    with desk.vault.read() as connection:
        cited = {row.id: row.sha256 for row in connection.execute(select(table.c.id, table.c.sha256))}
    assert {ids[0] for kind, *ids in said if kind == "attached"} <= cited.keys()
    for sha256 in cited.values():
        desk.files.read(sha256)


def _look_at_imports(sets: Counter[str], said: Said) -> None:
    """One set a person: as many sets bear an import's id as it said it would write, or none."""
    announced = {int(count) for kind, *rest in said if kind == "writing" for count in rest}
    found = {batch: count for batch, count in sets.items() if batch}
    assert set(found.values()) <= announced
    assert {line[1] for line in said if line[0] == "import"} <= found.keys()


def _look_beneath(connection: Connection) -> None:
    """No exchange took place: beneath every row lies nothing, and the digest is that of nothing."""
    keys = {
        (kind, record) for kind, table in records.items() for record in connection.scalars(select(table.c.id))
    }
    journal = beneath.accepted_cells(connection, keys)
    assert sum(record_digest(key, cells) for key, cells in journal.items()) == 0
    assert place.whole_digest(place.digests(connection)) == bytes(32)


def held(vault: Vault) -> dict[str, list[str]]:
    """All that a laptop holds, but for what was tried: notes of exchanges, the last request's number.

    The log of who did what is counted, for it tells the time.
    """
    with vault.read() as connection:
        audit.verify(connection)
        names = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars()
        found = {}
        for name in set(names) - {"exchanges", "sqlite_sequence"}:
            rows_of = connection.exec_driver_sql(f'SELECT * FROM "{name}"')
            found[name] = sorted(repr(tuple(row)) for row in rows_of if row[0] != "request_number")
    found["audit"] = [str(len(found["audit"]))]
    return found
