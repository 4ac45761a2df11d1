"""What a walk says of lines that somebody with the database key wrote, moved or took out."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest

from app.domain.changes import (
    ChangeSet,
    Edit,
    Entry,
    Outcome,
    Verdict,
    lone,
    pack_verdicts,
    unfolded,
)
from app.domain.resting import at_rest, digest_form
from app.domain.standing import Cell, conflict_id, settle
from app.domain.usual import Line
from app.domain.walk import Fault, Walk, differing, is_kept, laid_over, read
from tests.domain.test_walk import CLOCK, PERSON, Centre, proposed

OTHER = "9" * 32


def faults_of(centre: Centre) -> list[str]:
    return centre.walked()[1]


def set_of(line: Line) -> ChangeSet:
    return unfolded(line.body, b"").set


def said_again(line: Line, found: ChangeSet) -> Line:
    """The line of another set, with columns that say what its body says."""
    said = (found.device, found.number, found.author, found.clock, found.reason)
    return Line(line.seq, bytes.fromhex(found.id), *said, found.body, b"", line.verdicts)


# Lines by themselves


def test_a_column_that_says_otherwise_than_what_was_signed() -> None:
    line = proposed().lines[1]
    assert read(line, "03979").codes == []
    for lied in (
        line._replace(device="mbinh"),
        line._replace(number=3),
        line._replace(author="binh"),
        line._replace(clock=line.clock + 1),
        line._replace(reason="x"),
    ):
        assert read(lied, "03979").codes == ["line"]


def test_a_set_of_another_commune() -> None:
    centre = proposed()
    assert read(centre.lines[0], "03874").codes == ["commune"]
    centre.lines[-1] = said_again(centre.lines[-1], replace(set_of(centre.lines[-1]), commune="03874"))
    assert faults_of(centre) == ["commune 2"]


def test_a_body_that_is_not_what_its_hash_says() -> None:
    line = proposed().lines[1]
    changed = line._replace(body=line.body.replace(b"VI VAN MOT", b"VI VAN HAI"))
    assert read(changed, "03979").codes == ["content"]
    assert {key[0] for key in read(changed, "03979").keys} == {"account", "proposal"}


@pytest.mark.parametrize("body", [b"", b"{}", b"\xff", b"[1]"])
def test_bytes_that_are_no_set(body: bytes) -> None:
    line = proposed().lines[0]._replace(body=body, id=hashlib.sha256(body).digest())
    found = read(line, "03979")
    assert (found.entry, found.codes, found.keys) == (None, ["form"], set())
    assert found.faults == [Fault("form", 1, line.device, 1)]


def test_verdicts_that_are_none_of_this_set() -> None:
    line = proposed().lines[1]
    one_short = pack_verdicts((Verdict(Outcome.APPLIED, 5),))
    assert read(line._replace(verdicts=one_short), "03979").codes == ["verdicts"]
    assert read(line._replace(verdicts=b"x"), "03979").codes == ["form"]
    assert read(line._replace(seq=None, verdicts=b"x"), "03979").codes == []  # one that waits has none yet


# Lines after one another


def test_the_line_after_one_that_is_no_set_does_not_follow_in_its_chain() -> None:
    centre = proposed()
    centre.lines[1] = centre.lines[1]._replace(body=b"{}")
    centre.take("an", lone([Edit("person", PERSON, "note", "x")]))
    walk, faults = centre.walked()
    assert faults == ["content 2", "form 2", "chain 3"]
    assert walk.seq == 3
    assert walk.newest("man") == (3, centre.lines[2].id.hex())
    assert walk.newest("nobody's") is None
    assert walk.doubted == {("person", PERSON)}


def test_verdicts_for_fewer_atoms_move_nothing() -> None:
    centre = proposed()
    whole = centre.lines[1]
    centre.lines[1] = whole._replace(verdicts=pack_verdicts((Verdict(Outcome.APPLIED, CLOCK),)))
    walk, faults = centre.walked()
    assert faults == ["verdicts 2"]
    assert {key[0] for key in walk.left()} == {"person"}
    assert {key[0] for key in walk.doubted} == {"account", "proposal"}


def test_the_same_as_nothing_is_no_verdict() -> None:
    centre = proposed()
    found = set_of(centre.lines[0])
    same = tuple(Verdict(Outcome.SAME, found.clock) for _atom in found.atoms)
    centre.lines[0] = centre.lines[0]._replace(verdicts=pack_verdicts(same))
    assert faults_of(centre)[0] == "verdict 1"


def test_a_walk_from_where_history_ends_asks_only_order_and_form() -> None:
    """What stood below is not known, so verdicts cannot be given anew; chains are followed from there on."""
    centre = proposed()
    centre.take("an", lone([Edit("person", PERSON, "name", "Vi Văn Hai", "Vi Văn Một", 1)]))
    centre.lines[2] = said_again(centre.lines[2], replace(set_of(centre.lines[2]), previous="0" * 64))
    walk = Walk("03979", 1, b"h" * 32, (lambda _id: None, lambda _seq, _at: None))
    faults = [f"{fault.code} {fault.seq}" for line in centre.lines[1:] for fault in walk.step(line)]
    assert (walk.is_whole, faults) == (False, ["chain 3"])
    assert not list(walk.left())
    assert walk.paid == {}


def test_what_no_line_speaks_of_for_a_thousand_lines_stands_as_it_stood() -> None:
    """Records that rest are woken by an edit, a read or an answer, with the sets behind each cell."""
    centre = Centre()
    fresh = {"name": "Vi Văn Một", "birth": "1950", "state": "active"}
    centre.take("an", lone([Edit("person", PERSON, name, value) for name, value in fresh.items()]))
    centre.take("binh", lone([Edit("person", PERSON, "phone", "0388")]))
    for turn in range(600):
        centre.take("an", lone([Edit("person", f"{turn:032x}", "name", "Vi Văn Hai")]))
    centre.take("binh", lone([Edit("person", PERSON, "name", "Vi Văn Ba", "Vi Văn Một", 1)]))
    walk, faults = centre.walked()
    assert faults == []
    stands = walk.cells(("person", PERSON))
    assert stands == centre.standing.records["person", PERSON]
    assert {name: cell.behind for name, cell in stands.items()} == {
        "name": (603,),
        "birth": (1,),
        "state": (1,),
        "phone": (2,),
    }
    resting = ("person", f"{7:032x}")
    assert walk.cells(resting) == walk.take(resting) == {"name": Cell("Vi Văn Hai", (10,), CLOCK + 10)}
    assert walk.cells(resting) == walk.take(resting) == {}
    assert len(list(walk.left())) == 600


def test_an_edit_laid_on_what_had_moved_long_before_is_found_after_a_rest() -> None:
    centre = proposed()
    centre.take("an", lone([Edit("person", PERSON, "name", "Vi Văn Hai", "Vi Văn Một", 1)]))
    for turn in range(600):
        centre.take("an", lone([Edit("person", f"{turn:032x}", "name", "Vi Văn Hai")]))
    centre.take("binh", lone([Edit("person", PERSON, "name", "Vi Văn Ba", "Vi Văn Một", 1)]))
    assert faults_of(centre) == ["verdict 604"]


def test_a_conflict_that_a_line_opened_stands_at_the_end() -> None:
    centre = proposed()
    centre.take("an", lone([Edit("person", PERSON, "name", "Vi Văn Hai", "Vi Văn Một", 1)]))
    late = ChangeSet(
        "03979",
        "binh",
        "mbinh",
        1,
        "",
        CLOCK + 4,
        "test",
        lone([Edit("person", PERSON, "name", "Vi Văn Ba", "Vi Văn Một", 1)]),
    )
    verdicts = (Verdict(Outcome.CONFLICT, CLOCK + 4),)
    said = ("mbinh", 1, "binh", CLOCK + 4, "test")
    line = Line(4, bytes.fromhex(late.id), *said, late.body, b"", pack_verdicts(verdicts))
    settle(centre.standing, Entry(4, unfolded(late.body, b""), verdicts))
    centre.lines.append(line)
    walk, faults = centre.walked()
    assert faults == []
    assert walk.cells(("conflict", conflict_id(late.id, 0)))["state"] == Cell("open", (4,), CLOCK + 4)


# Rows beside it


def test_a_row_differs_by_value_by_sets_and_by_clock() -> None:
    journal = {name: Cell("a", (1,), 5) for name in ("value", "behind", "clock", "gone", "same")}
    row = {
        "value": Cell("b", (1,), 5),
        "behind": Cell("a", (2,), 5),
        "clock": Cell("a", (1,), 6),
        "same": Cell("a", (1,), 5),
        "slipped_in": Cell("a", (1,), 5),
    }
    assert differing(journal, row) == ["behind", "clock", "gone", "slipped_in", "value"]


def test_what_rests_is_what_stands_until_it_is_let_go() -> None:
    """The set behind most cells, these by name, and cells behind which another stands."""
    centre = Centre()
    fresh = {"name": "Vi Văn Một", "birth": "1950"}
    centre.take("an", lone([Edit("person", PERSON, name, value) for name, value in fresh.items()]))
    centre.take("binh", lone([Edit("person", PERSON, "phone", "0388")]))
    centre.take("an", lone([Edit("person", PERSON, "name", "Vi Văn Hai", "Vi Văn Một", 1)]))
    walk, key = centre.walked()[0], ("person", PERSON)
    row = at_rest(dict(sorted(centre.standing.records[key].items())))
    assert row[2] == ("birth",)
    assert walk.resting(key) == row
    assert walk.resting(("person", OTHER)) is None
    assert walk.cells(key) == centre.standing.records[key]
    walk.let_go(key)
    assert walk.resting(key) is None
    assert not list(walk.left())
    assert (
        sorted(digest_form(row))
        == digest_form(row)
        == [(name, cell.value, cell.behind) for name, cell in sorted(centre.standing.records[key].items())]
    )


def test_what_waits_is_shown_above_the_journal() -> None:
    journal = {"name": Cell("Lan", (1,), 5), "birth": Cell("1950", (1,), 5)}
    waits = [(3, 7, Edit("person", PERSON, "name", "Lành")), (4, 8, Edit("person", PERSON, "name", "Lả"))]
    assert laid_over(journal, waits) == {"name": Cell("Lả", (-4,), 8), "birth": Cell("1950", (1,), 5)}
    assert laid_over(journal, []) == journal


def test_a_record_of_a_kind_that_nobody_knows_has_no_row() -> None:
    assert is_kept(("person", OTHER))
    assert not is_kept(("submarine", OTHER))
