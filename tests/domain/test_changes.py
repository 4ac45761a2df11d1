"""A change set is its bytes: what is read back is what was meant, and nothing else is read."""

from __future__ import annotations

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.changes import (
    Atom,
    ChangeSet,
    Edit,
    Entry,
    HybridClock,
    Outcome,
    Read,
    SignedSet,
    Verdict,
    fault_in,
    milliseconds,
    pack_verdicts,
    parse,
    unpack_verdicts,
)
from app.domain.errors import Refusal

names = st.sampled_from(["person", "account", "a", "&"])
texts = st.text(max_size=12)
values = st.none() | texts | st.booleans() | st.integers(-(1 << 60), 1 << 60)
ons = st.none() | st.integers(1, 1 << 40) | st.text("0123456789abcdef", max_size=8)
edits = st.builds(Edit, names.filter(lambda n: n != "&"), texts, texts, values, values, ons)
reads = st.builds(Read, names, texts, texts, ons)
atoms = st.builds(
    Atom, st.lists(edits, min_size=1, max_size=3).map(tuple), st.lists(reads, max_size=2).map(tuple)
)
sets = st.builds(
    ChangeSet,
    texts,
    texts,
    texts,
    st.integers(1, 1 << 40),
    texts,
    st.integers(0, (1 << 62) - 1),
    texts,
    st.lists(atoms, min_size=1, max_size=6).map(tuple),
)
verdicts = st.builds(
    Verdict,
    st.sampled_from(Outcome),
    st.integers(0, 1 << 60),
    st.lists(st.integers(1, 99), max_size=3).map(tuple),
    texts,
)


@given(sets)
def test_reading_gives_back_what_was_written(found: ChangeSet) -> None:
    assert parse(found.body) == found
    assert found.id == hashlib.sha256(found.body).hexdigest() == SignedSet(found.body, b"").id


@given(
    st.binary(max_size=80)
    | st.recursive(values, lambda v: st.lists(v, max_size=9)).map(lambda v: json.dumps(v).encode())
)
def test_other_bytes_are_refused(body: bytes) -> None:
    with pytest.raises(Refusal, match=r"set\.form"):
        parse(body)


def test_another_spelling_of_the_same_set_is_refused() -> None:
    found = ChangeSet("c", "a", "d", 1, "", 5, "r", (Atom((Edit("person", "x", "name", "Lả"),)),))
    for other in (found.body.replace(b",", b", ", 1), json.dumps(json.loads(found.body)).encode()):
        with pytest.raises(Refusal, match=r"set\.form"):
            parse(other)


@given(st.lists(verdicts, max_size=8).map(tuple))
def test_verdicts_come_back(given_verdicts: tuple[Verdict, ...]) -> None:
    assert unpack_verdicts(pack_verdicts(given_verdicts)) == given_verdicts


def test_head_binds_order_set_and_verdicts() -> None:
    signed = SignedSet(ChangeSet("c", "a", "d", 1, "", 5, "", (Atom((Edit("p", "x", "n", 1),)),)).body, b"")
    other = SignedSet(ChangeSet("c", "a", "d", 2, "", 5, "", (Atom((Edit("p", "x", "n", 1),)),)).body, b"")
    applied, refused = (Verdict(Outcome.APPLIED, 5),), (Verdict(Outcome.REFUSED, 5),)
    entries = [
        Entry(1, signed, applied),
        Entry(2, signed, applied),
        Entry(1, other, applied),
        Entry(1, signed, refused),
    ]
    heads = {entry.head_after(bytes(32)) for entry in entries} | {entries[0].head_after(b"x" * 32)}
    assert len(heads) == 5


@pytest.mark.parametrize(
    ("edit", "fault"),
    [
        (Edit("person", "x", "nickname", "a"), "unknown_field"),
        (Edit("ghost", "x", "name", "a"), "unknown_field"),
        (Edit("person", "x", "name", "e\u0302"), "not_text"),
        (Edit("person", "x", "birth", "1948-02-30"), "not_date"),
        (Edit("person", "x", "birth", 1948), "not_date"),
        (Edit("person", "x", "personal_id", "014 148"), "not_digits"),
        (Edit("entitlement", "x", "amount", "540.000"), "not_money"),
        (Edit("entitlement", "x", "amount", True), "not_money"),
        (Edit("entitlement", "x", "amount", -1), "not_money"),
        (Edit("person", "x", "sex", "nữ"), "not_choice"),
        (Edit("person", "x", "needs", "visit"), "unknown_field"),
        (Edit("person", "x", "needs/gold", True), "unknown_field"),
        (Edit("person", "x", "household", "../x"), "not_ref"),
    ],
)
def test_what_may_not_stand_is_named(edit: Edit, fault: str) -> None:
    assert fault_in(ChangeSet("c", "a", "d", 1, "", 5, "", (Atom((edit,)),))) == fault


def test_one_cell_is_edited_once() -> None:
    twice = tuple(Atom((Edit("person", "x", "phone", number),)) for number in ("0388", "0389"))
    assert fault_in(ChangeSet("c", "a", "d", 1, "", 5, "", twice)) == "cell_twice"


@given(st.lists(st.integers(0, 1 << 44), min_size=2, max_size=20))
def test_clock_never_goes_back(moments: list[int]) -> None:
    wall = iter(moments)
    clock = HybridClock(lambda: next(wall))
    ticks = [clock.tick() for _ in moments]
    assert ticks == sorted(set(ticks))
    assert milliseconds(ticks[-1]) >= max(moments)
