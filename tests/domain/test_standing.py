"""What stands after a verdict, and its digest: one for all who hold the same cells."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.changes import Atom, ChangeSet, Edit, Entry, Outcome, SignedSet, Verdict, canonical
from app.domain.ids import derived_id
from app.domain.standing import (
    DIGEST_MODULUS,
    Cell,
    Overwritten,
    RecordKey,
    Standing,
    Stretch,
    conflict_id,
    gave_way,
    on_of,
    record_digest,
    settle,
    stretch_digest,
    touched,
)

HER, HIM = "1" * 32, "2" * 32


def entry(seq: int, *judged: tuple[Atom, Verdict]) -> Entry:
    atoms = tuple(atom for atom, _said in judged)
    found = ChangeSet("C", "a", "d", seq, "", 9, "", atoms)
    return Entry(seq, SignedSet(found.body, b""), tuple(said for _atom, said in judged))


def her(name: str, new: str) -> Edit:
    return Edit("person", HER, name, new)


def stood(**cells: Cell) -> Standing:
    return Standing({("person", HER): dict(cells)})


# Verdicts


def test_what_is_applied_stands_with_its_set_alone_behind_it() -> None:
    standing = stood(name=Cell("Lan", (1, 2), 5))
    atom = Atom((her("name", "Lành"), her("birth", "1950")))
    assert settle(standing, entry(7, (atom, Verdict(Outcome.APPLIED, 6)))) == []
    assert standing.records["person", HER] == {"name": Cell("Lành", (7,), 6), "birth": Cell("1950", (7,), 6)}


def test_the_same_apart_stands_behind_it_too_under_the_later_clock() -> None:
    for clock, later in ((3, 5), (9, 9)):
        standing = stood(name=Cell("Lan", (1, 8), 5))
        settle(standing, entry(7, (Atom((her("name", "Lan"),)), Verdict(Outcome.SAME, clock))))
        assert standing.cell("person", HER, "name") == Cell("Lan", (1, 7, 8), later)


@pytest.mark.parametrize("outcome", [Outcome.SUPERSEDED, Outcome.REFUSED])
def test_what_did_not_stand_moves_nothing(outcome: Outcome) -> None:
    standing = stood(name=Cell("Lan", (1,), 5))
    settle(standing, entry(7, (Atom((her("name", "Lành"),)), Verdict(outcome, 9))))
    assert standing == stood(name=Cell("Lan", (1,), 5))


def test_a_conflict_is_opened_under_an_id_that_everyone_derives() -> None:
    standing = stood(name=Cell("Lan", (1,), 5))
    plain = Atom((her("note", "x"),)), Verdict(Outcome.APPLIED, 9)
    judged = entry(7, plain, (Atom((her("name", "Lành"),)), Verdict(Outcome.CONFLICT, 9)))
    settle(standing, judged)
    assert standing.value("person", HER, "name") == "Lan"
    key = conflict_id(judged.signed.id, 1)
    assert key == derived_id("conflict", judged.signed.id, "1")
    assert standing.records["conflict", key] == {
        "subject": Cell(HER, (7,), 9),
        "seq": Cell(7, (7,), 9),
        "atom": Cell(1, (7,), 9),
        "state": Cell("open", (7,), 9),
    }


def test_a_conflict_of_decisions_is_about_what_they_decided() -> None:
    named = Edit("conflict", "9" * 32, "state", "decided")
    for edits, subject in (((named, her("name", "Lành")), HER), ((named,), "9" * 32)):
        standing = Standing()
        judged = entry(7, (Atom(edits), Verdict(Outcome.CONFLICT, 9)))
        settle(standing, judged)
        assert standing.value("conflict", conflict_id(judged.signed.id, 0), "subject") == subject


def test_values_that_gave_way_are_told() -> None:
    atom = Atom((her("phone", "0388"), her("note", "x")))
    lone = Atom((her("note", "y"),))
    judged = entry(
        7,
        (atom, Verdict(Outcome.APPLIED, 9, (3, 4))),
        (lone, Verdict(Outcome.SUPERSEDED, 9, (5,))),
        (Atom((her("name", "z"),)), Verdict(Outcome.REFUSED, 9, (6,))),
    )
    replaced = [Overwritten(at, "person", HER, name, 7) for name in ("phone", "note") for at in (3, 4)]
    assert gave_way(judged) == [*replaced, Overwritten(7, "person", HER, "note", 5)]
    standing = stood(note=Cell("w", (5,), 9))
    assert settle(standing, judged) == gave_way(judged)


def test_as_many_verdicts_as_atoms() -> None:
    whole = entry(7, *[(Atom((her("note", "x"),)), Verdict(Outcome.APPLIED, 9))] * 2)
    short = Entry(7, whole.signed, whole.verdicts[:1])
    for moved in (gave_way, lambda found: settle(Standing(), found)):
        with pytest.raises(ValueError, match="shorter"):
            moved(short)


# Reading it


def test_where_nothing_stood_there_is_nothing() -> None:
    standing = stood(name=Cell(None, (3,), 1))
    assert standing.cell("person", HER, "birth") is None
    assert standing.cell("person", HIM, "name") is None
    assert standing.value("person", HIM, "name") is None
    assert standing.value("person", HER, "name") is None


def test_what_an_editor_remembers_is_the_newest_set_behind_it() -> None:
    assert on_of(None, {}) is None
    assert on_of(Cell("x", (), 0), {}) is None
    assert on_of(Cell("x", (3, 7), 0), {}) == 7
    assert on_of(Cell("x", (3, -2), 0), {-2: "b" * 64}) == "b" * 64


def test_what_a_set_touches() -> None:
    edits = [her("name", "x"), her("note", "y"), Edit("account", HIM, "number", "1")]
    records = {("person", HER), ("account", HIM)}
    assert touched(edits) == records
    opened = {("conflict", conflict_id("f" * 64, at)) for at in (0, 1)}
    assert touched(edits, conflicts_of="f" * 64, atoms=2) == records | opened


# The digest


_TEXTS = st.text(st.characters(codec="utf-8"), max_size=6)
_VALUES = st.none() | st.booleans() | st.integers(-(1 << 62), 1 << 62) | _TEXTS
_CELLS = st.builds(
    Cell, _VALUES, st.lists(st.integers(-9, 1 << 40), max_size=3).map(tuple), st.integers(0, 1 << 62)
)


@given(_TEXTS, _TEXTS, st.dictionaries(_TEXTS, _CELLS, min_size=1, max_size=5))
def test_any_record_has_the_digest_of_its_canonical_form(
    kind: str, record: str, cells: dict[str, Cell]
) -> None:
    form = [kind, record, [[name, cell.value, list(cell.behind)] for name, cell in sorted(cells.items())]]
    expected = int.from_bytes(hashlib.sha256(canonical(form)).digest(), "big")
    assert record_digest((kind, record), cells) == expected


def test_the_digest_of_a_record_is_of_its_cells_in_order_and_the_sets_behind_them() -> None:
    cells = {"name": Cell("Lan", (1, 2), 5), "birth": Cell("1950", (1,), 5)}
    form = ["person", HER, [["birth", "1950", [1]], ["name", "Lan", [1, 2]]]]
    expected = int.from_bytes(hashlib.sha256(canonical(form)).digest(), "big")
    assert record_digest(("person", HER), cells) == expected
    assert record_digest(("person", HER), {**cells, "name": Cell("Lan", (1, 2), 99)}) == expected
    assert record_digest(("person", HER), {}) == 0
    moved = {**cells, "name": Cell("Lan", (1, 3), 5)}
    assert record_digest(("person", HER), moved) != expected


STRETCH = Stretch(
    "person",
    [HER, HIM, "3" * 32, "4" * 32, "5" * 32],
    {
        "name": ['Lò "Thị"\n', "Vi", None, "Sùng", None],
        "poverty_year": [None, 2026, None, 0, None],
        "interpreter": [True, None, None, False, None],
    },
    [1, 2, 3, 4, 5],
    [10, 20, 30, 40, 50],
    {1: {"name": ((7, 8), 99)}, 4: {"note": ((9,), 90)}},
    {3: ["note"], 4: ["note"]},
)
LAID: dict[RecordKey, dict[str, Cell]] = {
    ("person", HER): {"name": Cell('Lò "Thị"\n', (1,), 10), "interpreter": Cell(True, (1,), 10)},
    ("person", HIM): {"name": Cell("Vi", (7, 8), 99), "poverty_year": Cell(2026, (2,), 20)},
    ("person", "3" * 32): {},
    ("person", "4" * 32): {
        "name": Cell("Sùng", (4,), 40),
        "poverty_year": Cell(0, (4,), 40),
        "interpreter": Cell(False, (4,), 40),
        "note": Cell(None, (4,), 40),
    },
    ("person", "5" * 32): {"note": Cell(None, (9,), 90)},
}


def test_columns_hold_the_same_cells_as_records() -> None:
    assert {("person", each): STRETCH.cells(at) for at, each in enumerate(STRETCH.ids)} == LAID


def test_a_stretch_has_the_digest_of_its_records() -> None:
    total = sum(record_digest(key, cells) for key, cells in LAID.items())
    assert DIGEST_MODULUS == 2**256
    assert total > DIGEST_MODULUS  # or nothing is shown of where it begins again
    assert stretch_digest(STRETCH) == total % DIGEST_MODULUS
