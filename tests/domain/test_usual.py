"""The glance and the long way come to the same: faults, what stands, who is paid, whom it leaves in doubt."""

from __future__ import annotations

import hashlib
from collections import Counter
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.changes import FORM, canonical, read_json
from app.domain.usual import Line
from app.domain.walk import Walk
from app.store.ground import runs_of
from tests.domain.journals import CLOCK, COMMUNE, Journal, line_of

MANY = settings(max_examples=3 * settings().max_examples)


class LongWay(Walk):
    """One that reads and judges every line."""

    def _is_usual(self, _line: Line) -> bool:
        return False


class Quick(Walk):
    """One that reads as a laptop does."""

    def __init__(self, commune: str, after: int, head: bytes, past: Any) -> None:
        super().__init__(commune, after, head, past, runs_of)


class Counting(Quick):
    """One that says how many lines it passed at a glance."""

    def __init__(self, commune: str, after: int, head: bytes, past: Any) -> None:
        super().__init__(commune, after, head, past)
        self.glances = Counter[bool]()

    def _is_usual(self, line: Line) -> bool:
        is_usual = super()._is_usual(line)
        self.glances[is_usual] += 1
        return is_usual


def said_by(walk: Walk) -> dict[str, object]:
    """All that anybody asks of a walk at its end."""
    return {
        "seq": walk.seq,
        "head": walk.head,
        "paid": walk.paid,
        "doubted": walk.doubted,
        "newest": {device: walk.newest(device) for device in ("man", "mbinh", "mchi", "mx", "d")},
        "authors": walk._authors,
        "cells": {
            key: {name: (type(cell.value), cell) for name, cell in walk.cells(key).items()}  # 1 is not True
            for key in walk.left()
        },
    }


HER, NEW, IT = "a".ljust(32, "0"), "b".ljust(32, "0"), "c".ljust(32, "0")
BEGUN = [["person", HER, [["name", "Lan"], ["note", "x"]]], ["proposal", IT, [["state", "open"]]]]
# What a second set says, and what of it is odd, though its line and its verdicts say that it landed.
ODD: dict[str, tuple[list[Any], dict[int, Any]]] = {
    "another form": ([["person", HER, [["note", "x", "y", 1]]]], {0: "soansinh.set.2"}),
    "another commune": ([["person", HER, [["note", "x", "y", 1]]]], {1: "03980"}),
    "an author who is none": ([["person", HER, [["note", "x", "y", 1]]]], {2: "a n"}),
    "a device that is none": ([["person", HER, [["note", "x", "y", 1]]]], {3: "m m", 4: 1, 5: ""}),
    "a number that is none": ([["person", HER, [["note", "x", "y", 1]]]], {3: "m2", 4: True, 5: ""}),
    "number nought": ([["person", HER, [["note", "x", "y", 1]]]], {3: "m2", 4: 0, 5: ""}),
    "a clock that is none": ([["person", NEW, [["note", "y"]]]], {6: True}),
    "a clock before all": ([["person", NEW, [["note", "y"]]]], {6: -1}),
    "a reason that is none": ([["person", NEW, [["note", "y"]]]], {7: "\0"}),
    "a clock behind": ([["person", HER, [["note", "x", "y", 1]]]], {6: CLOCK + 1}),
    "a clock behind what is guarded": ([["person", HER, [["name", "x", "y", 1]]]], {6: CLOCK + 1}),
    "a set that is true": ([["person", HER, [["note", "x", "y", True]]]], {}),
    "a cell twice, of somebody new": ([["person", NEW, [["note", "x"], ["note", "y"]]]], {}),
    "a cell twice": ([["person", HER, [["note", "x", "y", 1], ["note", "x", "z", 1]]]], {}),
    "a record twice": ([["person", NEW, [["note", "x"]]], ["person", NEW, [["note", "y"]]]], {}),
    "nothing of anybody": ([["person", NEW, []]], {}),
    "nothing of anybody known": ([["person", HER, []]], {}),
    "nothing": ([], {}),
    "nothing beside something": ([["person", NEW, []], ["person", HER, [["note", "x", "y", 1]]]], {}),
    "money": ([["person", NEW, [["receiving_account", IT]]]], {}),
    "money of somebody known": ([["person", HER, [["receiving_account", IT]]]], {}),
    "an alias": ([["alias", NEW, [["survivor", HER], ["why", "x"]]]], {}),
    "a conflict": ([["conflict", NEW, [["subject", "x"], ["seq", 1], ["atom", 0], ["state", "open"]]]], {}),
    "a proposal opened again": ([["proposal", IT, [["state", "open", "open", 1]]]], {}),
    "a proposal sealed": ([["proposal", NEW, [["state", "open"], ["agreed", "0" * 64]]]], {}),
    "a proposal accepted": ([["proposal", NEW, [["state", "accepted"]]]], {}),
    "an approval": ([["&", [["person", HER, "receiving_account", None, IT, None]], []]], {}),
    "no record": ([["person", "x", [["note", "y"]]]], {}),
    "five words": ([["person", HER, [["note", "x", "y", 1, 1]]]], {}),
    "a text for a cell": ([["person", HER, ["ab"]]], {}),
}


@pytest.mark.parametrize("how", ODD)
def test_what_is_odd_goes_the_long_way_and_comes_to_the_same(how: str) -> None:
    runs, other = ODD[how]
    glance = both_ways([(BEGUN, {}), (runs, other)])
    assert glance == {True: 1, False: 1}


def test_what_is_said_of_somebody_joined_goes_the_long_way() -> None:
    alias, name = [["alias", NEW, [["survivor", HER]]]], [["person", NEW, [["name", "Lan"]]]]
    assert both_ways([(BEGUN, {}), (alias, {}), (name, {})]) == {True: 1, False: 2}
    assert both_ways([(BEGUN, {}), (name, {})]) == {True: 2}


def both_ways(sets: list[tuple[list[Any], dict[int, Any]]]) -> Counter[bool]:
    """Sets of one device, each with what is odd in it, walked both ways: how many were passed at a glance."""
    lines, previous = list[Line](), ""
    for number, (runs, other) in enumerate(sets, start=1):
        tree = [FORM, COMMUNE, "an", "m1", number, previous, CLOCK + 5 * number, "test", runs]
        lines.append(line_of(number, [other.get(at, said) for at, said in enumerate(tree)]))
        previous = lines[-1].id.hex()
    glance, whole = (of(COMMUNE, 0, bytes(32), (nothing, nothing)) for of in (Counting, LongWay))
    assert isinstance(glance, Counting)
    assert [glance.step(line) for line in lines] == [whole.step(line) for line in lines]
    assert said_by(glance) == said_by(whole)
    return glance.glances


def nothing(*_asked: object) -> None:
    """A past that knows nothing."""


def test_a_column_that_is_no_whole_number_goes_the_long_way() -> None:
    """Written as one it would be what was signed."""
    line = line_of(1, [FORM, COMMUNE, "an", "m1", 1, "", CLOCK, "test", BEGUN])
    for lied, faults in ((line, []), (line._replace(clock=CLOCK + 0.5), ["line"])):  # type: ignore[arg-type]
        walk = Quick(COMMUNE, 0, bytes(32), (nothing, nothing))
        assert [fault.code for fault in walk.step(lied)] == faults


def test_a_set_that_ends_otherwise_goes_the_long_way() -> None:
    line = line_of(1, [FORM, COMMUNE, "an", "m1", 1, "", CLOCK, "test", BEGUN])
    for end in (b"}", b" ", b"]]", b""):
        body = line.body[:-1] + end
        bent = line._replace(body=body, id=hashlib.sha256(body).digest())
        walk = Quick(COMMUNE, 0, bytes(32), (nothing, nothing))
        assert [fault.code for fault in walk.step(bent)] == ["form"]


@MANY
@given(st.integers(0, (1 << 48) - 1))
def test_both_ways_come_to_the_same(seed: int) -> None:
    journal = Journal(seed)
    glance, of_glance = journal.walked(Quick)
    plain, of_plain = journal.walked(Walk)
    whole, of_whole = journal.walked(LongWay)
    assert of_glance == of_plain == of_whole
    assert said_by(glance) == said_by(plain) == said_by(whole)
    keys = set(glance.left())
    assert {key: glance.take(key) for key in keys} == {key: whole.take(key) for key in keys}
    assert not [*glance.left(), *whole.left()]


def test_the_glance_is_taken_and_so_is_the_long_way() -> None:
    glances = Counter[bool]()
    faults = Counter[str]()
    for seed in range(300):
        walk, found = Journal(seed).walked(Counting)
        assert isinstance(walk, Counting)
        glances += walk.glances
        faults += Counter(fault.code for of_line in found for fault in of_line)  # type: ignore[attr-defined]
    assert min(glances[True], glances[False]) > sum(glances.values()) / 5
    assert faults.keys() >= {"verdict", "verdicts", "form", "content", "line", "chain", "missing"}


def test_without_its_beginning_a_journal_says_nothing_of_what_stands() -> None:
    walk = Walk(COMMUNE, 1, bytes(32), (nothing, nothing))
    tree = [FORM, COMMUNE, "an", "m1", 1, "", CLOCK, "test", BEGUN]
    assert walk.step(line_of(2, tree)) == []
    assert list(walk.left()) == []


# Bytes of a set's atoms as somebody may have written them, words of JSON and such as only look like them.
TEXTS = (b"person", b"", b"\\u00e9\\n", b"\xc3\xa9", b"\\ud800", b"\\ud83d\\ude00", b"\xff", b"\x01", b"\\x")
NUMBERS = (b"1", b"-0", b"01", b"1.0", b"1e2", b"9223372036854775808", b"1" * 30)
OTHERS = (b"NaN", b"true", b"null", b"{}", b"nul")
WORDS = st.sampled_from([*(b'"%b"' % each for each in TEXTS), *NUMBERS, *OTHERS])
BLANKS = st.sampled_from([b",", b",", b",", b" ,\n", b",,", b"\x0b,", b"\x00,"])


def listed(inner: st.SearchStrategy[bytes], most: int) -> st.SearchStrategy[bytes]:
    lists = st.tuples(BLANKS, st.lists(inner, max_size=most))
    return lists.map(lambda found: b"[" + found[0].join(found[1]) + b"]")


CELLS = listed(listed(WORDS, 4), 3)
RUNS = listed(st.builds(b"[%b,%b,%b]".__mod__, st.tuples(WORDS, WORDS, CELLS | WORDS)), 3)
ENDS = st.sampled_from([b"", b"", b" ", b"]", b",1", b"\xef\xbb\xbf"])


@MANY
@given(RUNS, ENDS, st.integers(0, 1 << 16), st.integers(1, 255))
def test_what_a_laptop_reads_at_a_glance_is_what_the_bytes_say(
    runs: bytes, end: bytes, at: int, other: int
) -> None:
    text = runs + end
    place = at % len(text)
    for each in (text, text[:place] + bytes([other]) + text[place + 1 :]):
        with suppress(ValueError):
            found = runs_of(each)
            assert repr([lists(found)]) == repr(read_json(b"[" + each + b"]"))


def lists(found: Any) -> Any:
    """Tuples are lists in JSON."""
    return [lists(each) for each in found] if isinstance(found, list | tuple) else found


def test_a_laptop_reads_what_is_usual_at_a_glance() -> None:
    assert lists(runs_of(canonical(BEGUN))) == BEGUN
