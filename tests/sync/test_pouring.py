"""A first fill writes by column what an exchange writes cell by cell: the same rows, sums and order."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, select

from app.domain.errors import Trouble
from app.domain.records import KINDS
from app.domain.standing import DIGEST_MODULUS, Cell, Cells, Stretch, record_digest, stretch_digest
from app.domain.text import sort_key
from app.store import queries, rows, search
from app.store.filling import Fill
from app.store.listing import Listing
from app.store.tables import records
from app.store.vault import Vault
from app.sync import blocks
from tests.bench import people

ODD = ("person", "note"), ("person", "needs/visit"), ("entitlement", "amount")


def standing() -> dict[tuple[str, str], Cells]:
    """Forty people and what is theirs; some cells stand otherwise than the rest of their record."""
    found: dict[tuple[str, str], Cells] = {}
    for seq, who in enumerate(people.people(40), start=1):
        made: dict[tuple[str, str], Cells] = {}
        for edit in who.edits():
            made.setdefault((edit.kind, edit.record), {})[edit.field] = Cell(edit.new, (seq,), seq << 20)
        for key, cells in made.items():
            found[key] = cells
            if seq % 7 == 0:
                found[key] |= {name: Cell(None, (seq, 90), 5) for kind, name in ODD if kind == key[0]}
            if seq % 5 == 0 and key[0] == "person":
                found[key] |= {
                    f"needs/{need}": Cell(True, (seq,), seq << 20) for need in ("visit", "bedridden")
                }
    return found


def stretches(found: dict[tuple[str, str], Cells]) -> Iterator[Stretch]:
    for kind in KINDS:
        mine = sorted((record, cells) for (one, record), cells in found.items() if one == kind)
        for block in blocks.record_blocks(kind, mine):
            read = blocks.read(block)
            assert isinstance(read, Stretch)
            yield read


def written(connection: Connection) -> dict[str, list[tuple[object, ...]]]:
    """Every row, its local number apart."""
    return {
        kind: sorted(tuple(row)[1:] for row in connection.execute(select(table)))
        for kind, table in records.items()
    }


def test_poured_is_as_stored_and_found_once_the_index_has_caught_up(vaults: list[Vault]) -> None:
    stored, poured = vaults
    found = standing()
    with stored.write() as connection:
        rows.store(connection, found)
    with poured.write() as connection:
        for stretch in stretches(found):
            rows.pour(connection, stretch)
        rows.follow(connection)
        search.fall_behind(connection)
        assert search.lacking(connection) == 40
    name = next(str(cells["name"].value) for (kind, _), cells in found.items() if kind == "person")
    with poured.write() as connection:  # a Save comes in between
        key = next(key for key in found if key[0] == "person")
        rows.store(connection, {key: {**found[key], "note": Cell("saved", (1,), 1)}})
        rows.store(connection, {key: found[key]})
        assert search.lacking(connection) == 39
    while True:
        with poured.write() as connection:
            if not search.catch_up(connection, 7):
                break
    with stored.read() as one, poured.read() as two:
        assert written(two) == written(one)
        assert search.lacking(two) == 0
        assert ids(two, None) == ids(one, None)
        for text in (name, "thon", "1950", "nguyen"):
            assert sorted(ids(two, text)) == sorted(ids(one, text))


def ids(connection: Connection, sought: str | None) -> list[str]:
    """Who is found, or all in the order of the list; of equal names nobody is first."""
    listing = Listing(text=sought or "")
    shown = queries.person_rows(connection, queries.ids(connection, listing))
    return [row.id for row in sorted(filter(None, shown), key=lambda row: (sort_key(row.name), row.id))]


def test_blocks_give_back_every_cell_and_the_same_digest() -> None:
    found = standing()
    read = [(stretch, at) for stretch in stretches(found) for at in range(len(stretch.ids))]
    assert {(stretch.kind, stretch.ids[at]): stretch.cells(at) for stretch, at in read} == found
    total = sum(record_digest(key, cells) for key, cells in found.items()) % DIGEST_MODULUS
    assert sum(map(stretch_digest, stretches(found))) % DIGEST_MODULUS == total


VALUES = st.none() | st.booleans() | st.integers(0, 2**53) | st.text(st.characters(exclude_categories=["Cs"]))
BEHIND = st.lists(st.integers(1, 99), min_size=1, max_size=2).map(tuple)
CELLS = st.dictionaries(
    st.sampled_from(["name", "note", "needs/visit", "household"]),
    st.builds(Cell, VALUES, BEHIND, st.integers(1, 2**60)),
    min_size=1,
)
IDS = st.uuids().map(lambda made: made.hex) | st.just("strange")


@given(st.dictionaries(IDS, CELLS, min_size=1, max_size=5))
def test_any_cells_survive_a_block(found: dict[str, Cells]) -> None:
    [stretch] = stretches({("person", record): cells for record, cells in found.items()})
    assert {record: stretch.cells(at) for at, record in enumerate(stretch.ids)} == found
    total = sum(record_digest(("person", record), cells) for record, cells in found.items())
    assert stretch_digest(stretch) == total % DIGEST_MODULUS


def test_a_filled_vault_has_every_index_again_and_whole(vaults: list[Vault]) -> None:
    untouched, filled = vaults
    with filled.write() as connection:
        fill, total = Fill(connection, 40, {}), dict[str, int]()
        assert len(made(connection)) < len(made_in(untouched))
        for stretch in stretches(standing()):
            fill.records(stretch)
            total[stretch.kind] = total.get(stretch.kind, 0) + stretch_digest(stretch)
        sums = {kind: (one % DIGEST_MODULUS).to_bytes(32, "big") for kind, one in total.items()}
        fill.finish(bytes(32), sums)
    assert made_in(filled) == made_in(untouched)
    with filled.read() as connection:
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalars().all() == ["ok"]


def test_a_fill_that_breaks_off_leaves_the_indexes_alone(vaults: list[Vault]) -> None:
    untouched, broken = vaults
    with suppress(Trouble), broken.write() as connection:
        fill = Fill(connection, 40, {})
        for stretch in stretches(standing()):
            fill.records(stretch)
        fill.finish(bytes(32), {"person": bytes(32)})
    assert made_in(broken) == made_in(untouched)


def made_in(vault: Vault) -> list[tuple[object, ...]]:
    with vault.read() as connection:
        return made(connection)


def made(connection: Connection) -> list[tuple[object, ...]]:
    """Every table and index, as it was made."""
    found = connection.exec_driver_sql("SELECT type, name, sql FROM main.sqlite_master ORDER BY name")
    return [tuple(row) for row in found if not str(row.name).startswith("sqlite_stat")]
