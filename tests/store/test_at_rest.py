"""Rows read whole say what they say cell by cell, and sum to the same digest."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, select, text

from app.domain.records import KINDS, Type, Value
from app.domain.resting import at_rest as resting
from app.domain.resting import cells_of, pack, unpack
from app.domain.standing import Cell, Cells, record_digest
from app.store import at_rest, rows
from app.store.tables import records
from tests.registers import make_register

texts = st.text(st.characters(codec="utf-8"), max_size=12) | st.sampled_from(["\x00\x1f\x7f", '"\\/'])
values: st.SearchStrategy[Value] = (
    st.none()
    | st.booleans()
    | st.integers(-(1 << 53), 1 << 53)
    | texts
    | st.sampled_from(["\x00\x1f\x7f", '"\\/'])
)
behind = st.lists(st.integers(1, 1 << 53), min_size=1, max_size=3).map(tuple)
cells = st.dictionaries(
    st.sampled_from(["name", "note", "needs/visit", "phone", "z"]),
    st.builds(Cell, values, st.just((1,)) | behind, st.just(1) | st.integers(0, 1 << 62)),
    min_size=1,
)
PERSONS: dict[str, Cells] = {
    "of one set": {"name": Cell("Lan", (1,), 5), "smartphone": Cell(True, (1,), 5)},
    "of two": {"name": Cell("Lan", (1,), 5), "birth": Cell("1950", (1,), 5), "note": Cell("x", (2, 3), 9)},
    "half and half": {"name": Cell("Lan", (1,), 5), "note": Cell("x", (2,), 9)},
    "with members": {
        "name": Cell("Lan", (1,), 5),
        "needs/visit": Cell(True, (1,), 5),
        "needs/bedridden": Cell(True, (2,), 7),
        "smartphone": Cell(False, (2,), 7),
    },
    "emptied": {
        "name": Cell("Lan", (1,), 5),
        "note": Cell(None, (2,), 7),
        "needs/visit": Cell(None, (1,), 5),
    },
    "all emptied": {"note": Cell(None, (2,), 7)},
}


@given(texts, cells)
def test_a_digest_is_that_of_the_cells(record: str, found: Cells) -> None:
    assert at_rest.digest("person", record, resting(found)) == record_digest(("person", record), found)


@given(cells)
def test_what_rests_wakes_as_it_was(found: Cells) -> None:
    assert repr(sorted(cells_of(unpack(pack(resting(found)))).items())) == repr(sorted(found.items()))


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    engine = make_register(tmp_path / "register")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def test_rows_are_held_as_they_are_loaded(connection: Connection) -> None:
    rows.store(connection, {("person", how.ljust(32, "0")): found for how, found in PERSONS.items()})
    held = {record.rstrip("0"): row for page in at_rest.held(connection, "person") for record, row in page}
    loaded = rows.load(connection, [("person", how.ljust(32, "0")) for how in PERSONS])
    assert {how: cells_of(row) for how, row in held.items() if row is not None} == PERSONS
    assert loaded == {("person", how.ljust(32, "0")): found for how, found in PERSONS.items()}
    flag = held["of one set"]
    assert flag is not None
    assert flag[2]["smartphone"] is True


def test_members_of_a_set_lie_in_one_order_whoever_named_them_first(connection: Connection) -> None:
    field = next(field for field in KINDS["person"].fields if field.type is Type.MEMBERS)
    names = [f"{field.name}/{member}" for member in field.choices[:3]]
    for record, order in (("1" * 32, names), ("2" * 32, names[::-1])):
        rows.store(connection, {("person", record): {name: Cell(True, (1,), 5) for name in order}})
    assert len(set(connection.scalars(select(records["person"].c[field.name])))) == 1


def test_groups_in_another_order_are_read_all_the_same(connection: Connection) -> None:
    """Nothing here writes them so; whoever edits a file may."""
    odd = {"note": Cell("x", (2,), 9)}
    usual = {"name": Cell("Lan", (1,), 5)}
    rows.store(connection, {("person", "1" * 32): {**usual, **odd}})
    for groups in ([[[1], 5, None], [[2], 9, ["note"]]], [[[1], 5, ["name"]], [[2], 9, ["note"]]]):
        told = {"groups": msgspec.msgpack.encode(groups)}
        connection.execute(text("UPDATE person SET behind = :groups"), told)
        ((record, row),) = next(at_rest.held(connection, "person"))
        assert row is not None
        assert {("person", record): cells_of(row)} == rows.load(connection, [("person", record)])
    connection.execute(text("UPDATE person SET behind = x'ff'"))
    assert next(at_rest.held(connection, "person")) == [("1" * 32, None)]
