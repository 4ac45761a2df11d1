"""Rows read whole say what they say cell by cell, and sum to the same digest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, select, text

from app.domain.records import KINDS, Type, Value
from app.domain.resting import at_rest as resting
from app.domain.resting import cells_of, pack, packed_plain, unpack
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
    there = ("person", record)
    assert at_rest.digest("person", [(record, resting(found))]) == record_digest(there, found)
    twice = at_rest.digest("person", [(record, resting(found)), ("2", resting(found))])
    assert twice == record_digest(there, found) + record_digest(("person", "2"), found)
    assert at_rest.digest("person", []) == 0


@given(cells)
def test_what_rests_wakes_as_it_was(found: Cells) -> None:
    assert repr(sorted(cells_of(unpack(pack(resting(found)))).items())) == repr(sorted(found.items()))


@given(cells.filter(lambda found: all(cell.value for cell in found.values())))
def test_what_fits_is_packed_and_wakes_as_it_was(found: Cells) -> None:
    """Of what fits no text is empty or has a NUL in it."""
    behind, clock, names, values, odd = resting(
        {name: replace(cell, value=of_one(cell.value)) for name, cell in found.items()}
    )
    woken = unpack((behind, clock, names, packed_plain(values), odd))
    assert repr(woken) == repr((behind, clock, names, values, odd))


def of_one(value: Value) -> Value:
    return value.replace("\0", "") or "x" if isinstance(value, str) else value


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    engine = make_register(tmp_path / "register")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def test_rows_are_held_as_they_are_loaded(connection: Connection) -> None:
    rows.store(connection, {("person", how.ljust(32, "0")): found for how, found in PERSONS.items()})
    held = {row[0].rstrip("0"): at_rest.read("person", row) for row in persons(connection)}
    loaded = rows.load(connection, [("person", how.ljust(32, "0")) for how in PERSONS])
    assert {how: cells_of(row) for how, row in held.items() if row is not None} == PERSONS
    assert loaded == {("person", how.ljust(32, "0")): found for how, found in PERSONS.items()}
    flag = held["of one set"]
    assert flag is not None
    assert dict(zip(flag[2], flag[3], strict=True))["smartphone"] is True
    assert all(list(row[2]) == sorted(row[2]) for row in held.values() if row is not None)


def persons(connection: Connection) -> list[at_rest.Row]:
    return [row for page in at_rest.held(connection, "person") for row in page]


def test_a_row_is_plainly_a_record_only_where_all_of_it_is(connection: Connection) -> None:
    rows.store(connection, {("person", how.ljust(32, "0")): found for how, found in PERSONS.items()})
    held = {row[0].rstrip("0"): row for row in persons(connection)}
    resting_so = {how: resting(found) for how, found in PERSONS.items()}
    for how, row in held.items():
        plainly = [other for other, stands in resting_so.items() if at_rest.is_plainly("person", row, stands)]
        assert plainly == ([how] if how in ("of one set", "of two", "half and half") else [])
        assert at_rest.read("person", row) == resting_so[how] or not plainly
    two = resting_so["of two"]
    for note in ((None, (2, 3), 9), ("y", (2, 3), 9), ("x", (2,), 9), ("x", (2, 3), 8)):
        assert not at_rest.is_plainly("person", held["of two"], (*two[:4], {"note": note}))
    row, one = held["of one set"], resting(PERSONS["of one set"])
    behind, clock, names, values, odd = one
    for at, value in enumerate(row):
        for other in ("x", b"x", 7, None):
            if at and value != other:
                assert not at_rest.is_plainly("person", (*row[:at], other, *row[at + 1 :]), one)
    for off in (
        ((2,), clock, names, values, odd),
        ((1, 2), clock, names, values, odd),
        (behind, clock + 1, names, values, odd),
        (behind, clock, names, ("Lành", True), odd),
        (behind, clock, ("name", "wish"), values, odd),
        (behind, clock, ("name", "needs/visit"), values, odd),
        (behind, clock, names[:1], values[:1], odd),
        (behind, clock, (*names, "wish"), (*values, "cash"), odd),
        (behind, clock, names, values, {"note": (None, (1,), 5)}),
    ):
        assert not at_rest.is_plainly("person", row, off)


def test_cells_of_two_sets_are_not_taken_for_those_of_one(connection: Connection) -> None:
    usual = {name: Cell("1950", (1,), 5) for name in ("birth", "name")}
    row_of = {**usual, "note": Cell("x", (2,), 9), "phone": Cell("0388", (2,), 9)}
    rows.store(connection, {("person", "1" * 32): row_of})
    (row,) = persons(connection)
    assert at_rest.is_plainly("person", row, resting(row_of))
    for other in (Cell("0388", (3,), 9), Cell("0388", (2,), 8)):
        assert not at_rest.is_plainly("person", row, resting({**row_of, "phone": other}))


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
        (row,) = persons(connection)
        found = at_rest.read("person", row)
        assert found is not None
        assert {("person", row[0]): cells_of(found)} == rows.load(connection, [("person", row[0])])
    connection.execute(text("UPDATE person SET behind = x'ff'"))
    assert [at_rest.read("person", row) for row in persons(connection)] == [None]
