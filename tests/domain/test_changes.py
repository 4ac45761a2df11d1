"""A change set is its bytes: what is read back is what was meant, and nothing else is read."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.changes import (
    Atom,
    ChangeSet,
    Edit,
    Entry,
    Outcome,
    Read,
    SignedSet,
    Verdict,
    canonical,
    fault_in,
    pack_verdicts,
    parse,
    unfolded,
    unpack_verdicts,
)
from app.domain.errors import Refusal
from app.domain.hybrid_clock import HybridClock, milliseconds

X = "0198f000000070008000000000000001"
kinds = st.sampled_from(["person", "account", "a"])
fields = st.sampled_from(["name", "needs/visit", "x1"])
names = st.from_regex(r"[0-9A-Za-z-]{1,64}", fullmatch=True)
hexadecimal = partial(st.text, "0123456789abcdef")
records, ids = hexadecimal(min_size=32, max_size=32), hexadecimal(min_size=64, max_size=64)
texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)
values = st.none() | st.text(max_size=12) | st.booleans() | st.integers(-(1 << 60), 1 << 60)
ons = st.none() | st.integers(1, 1 << 40) | ids
edits = st.builds(Edit, kinds, records, fields, values, values, ons)
reads = st.builds(Read, kinds, records, fields, ons)
atoms = st.builds(
    Atom, st.lists(edits, min_size=1, max_size=3).map(tuple), st.lists(reads, max_size=2).map(tuple)
)
sets = st.builds(
    ChangeSet,
    st.from_regex(r"[0-9A-Z]{1,10}", fullmatch=True),
    names,
    names | st.builds("{}~{}".format, names, names),
    st.integers(1, (1 << 31) - 1),
    st.just("") | ids,
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


trees = st.recursive(values, lambda v: st.lists(v, max_size=9) | st.dictionaries(texts, v, max_size=4))


@given(st.binary(max_size=80) | trees.map(lambda tree: json.dumps(tree).encode()))
def test_other_bytes_are_refused(body: bytes) -> None:
    with pytest.raises(Refusal, match=r"set\.form"):
        parse(body)


@pytest.mark.parametrize("cell", ['{"name":"x","y":1}', '{"name":1}', "{}"])
def test_an_object_is_no_part_of_a_set(cell: str) -> None:
    """It was read as a cell once, and broke off whoever asked for its first word."""
    body = f'["soansinh.set.1","C","a","d",1,"",1,"",[["person","{X}",[{cell}]]]]'.encode()
    for read in (parse, lambda each: unfolded(each, b"")):
        with pytest.raises(Refusal, match=r"set\.form"):
            read(body)
    with pytest.raises(Refusal, match=r"set\.form"):
        unpack_verdicts(f"[1,5,[{cell}]]".encode())


SOUND = ChangeSet("03874", "a", "m1", 1, "", 5, "r", (Atom((Edit("person", X, "name", "Lả"),)),))
EDIT = SOUND.atoms[0].edits[0]


@pytest.mark.parametrize(
    "odd",
    [
        *[replace(SOUND, commune=text) for text in ("", "038 74", "x" * 11, "03874\n")],
        *[replace(SOUND, author=text) for text in ("", "a b", "a" * 65, "a~b", 5)],  # type: ignore[arg-type]
        *[replace(SOUND, device=text) for text in ("", "m\0", "m~", "m~a~b", "m" * 65)],
        *[replace(SOUND, previous=text) for text in ("0", "A" * 64, "0" * 63)],
        *[replace(SOUND, number=number) for number in (0, -1, True, 1 << 31)],
        *[replace(SOUND, clock=clock) for clock in (-1, 1 << 62, False)],
        *[replace(SOUND, reason=reason) for reason in ("\0", "a" * 4_001, None)],  # type: ignore[arg-type]
        *[
            replace(SOUND, atoms=(Atom((edit,)),))
            for edit in (
                *[replace(EDIT, record=text) for text in ("", "x", X.upper(), X[:-1], X + "0", X + "\n")],
                *[replace(EDIT, kind=text) for text in ("", "Person", "per\0son", "a" * 41)],
                *[replace(EDIT, field=text) for text in ("", "a/", "a/b/c", "a" * 41, "a b")],
                *[replace(EDIT, on=on) for on in (0, -1, 1 << 53, True, "zz", "A" * 64)],
            )
        ],
        replace(SOUND, atoms=(Atom((EDIT,), (Read("person", "x", "name"),)),)),
        replace(SOUND, atoms=()),
    ],
)
def test_what_is_out_of_form_is_not_read(odd: ChangeSet) -> None:
    with pytest.raises(Refusal, match=r"set\.form"):
        parse(odd.body)


def test_a_reason_that_nobody_would_read_is_not_written() -> None:
    assert [fault_in(replace(SOUND, reason=reason)) for reason in ("\0", "a" * 4_001, "a")] == [
        "not_text",
        "not_text",
        None,
    ]


def test_another_spelling_of_the_same_set_is_refused() -> None:
    found = ChangeSet("03874", "a", "d", 1, "", 5, "r", (Atom((Edit("person", X, "name", "Lả"),)),))
    for other in (found.body.replace(b",", b", ", 1), json.dumps(json.loads(found.body)).encode()):
        with pytest.raises(Refusal, match=r"set\.form"):
            parse(other)


plain = st.none() | st.booleans() | st.integers() | st.text(st.characters(codec="utf-8"))


@given(st.recursive(plain, lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=3), inner)))
def test_the_canonical_form_is_jsons(value: object) -> None:
    """However it is written, every set and digest there ever was keeps its bytes."""
    written = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    assert canonical(value) == written.encode()


@given(st.lists(verdicts, max_size=8).map(tuple))
def test_verdicts_come_back(given_verdicts: tuple[Verdict, ...]) -> None:
    packed = pack_verdicts(given_verdicts)
    assert unpack_verdicts(packed) == given_verdicts
    count, common, odd = json.loads(packed)
    assert (count, common) == (len(given_verdicts), max((said.clock for said in given_verdicts), default=0))
    assert len(odd) == sum(said != Verdict(Outcome.APPLIED, common) for said in given_verdicts)


@pytest.mark.parametrize(
    "odd",
    [
        [-1, 5, []],
        [1 << 40, 5, []],
        [1, "5", []],
        [1, 5, [[0, "applied", -1, [], ""]]],
        [1, 5, [[0, "applied", 5, [-3], ""]]],
        [1, 5, [[-1, "applied", 5, [], ""]]],
        [1, 5, [[0, "applied", 5, [], 7]]],
        [1, 5, [[1, "applied", 5, [], ""]]],
        [1, 5, [[0, "paid twice", 5, [], ""]]],
        [1, 5],
        7,
    ],
)
def test_verdicts_out_of_form_are_not_read(odd: object) -> None:
    with pytest.raises(Refusal, match=r"set\.form"):
        unpack_verdicts(canonical(odd))


def test_head_binds_order_set_and_verdicts() -> None:
    signed = SignedSet(
        ChangeSet("03874", "a", "d", 1, "", 5, "", (Atom((Edit("person", X, "name", "A"),)),)).body, b""
    )
    other = SignedSet(
        ChangeSet("03874", "a", "d", 2, "", 5, "", (Atom((Edit("person", X, "name", "A"),)),)).body, b""
    )
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
        (Edit("person", X, "nickname", "a"), "unknown_field"),
        (Edit("ghost", X, "name", "a"), "unknown_field"),
        (Edit("person", X, "name", "e\u0302"), "not_text"),
        (Edit("person", X, "birth", "1948-02-30"), "not_date"),
        (Edit("person", X, "birth", 1948), "not_date"),
        (Edit("person", X, "personal_id", "014 148"), "not_digits"),
        (Edit("entitlement", X, "amount", "540.000"), "not_money"),
        (Edit("entitlement", X, "amount", True), "not_money"),
        (Edit("entitlement", X, "amount", -1), "not_money"),
        (Edit("person", X, "sex", "nữ"), "not_choice"),
        (Edit("person", X, "needs", "visit"), "unknown_field"),
        (Edit("person", X, "needs/gold", True), "unknown_field"),
        (Edit("person", X, "household", "../x"), "not_ref"),
    ],
)
def test_what_may_not_stand_is_named(edit: Edit, fault: str) -> None:
    assert fault_in(ChangeSet("03874", "a", "d", 1, "", 5, "", (Atom((edit,)),))) == fault


def test_one_cell_is_edited_once() -> None:
    twice = tuple(Atom((Edit("person", X, "phone", number),)) for number in ("0388", "0389"))
    assert fault_in(ChangeSet("03874", "a", "d", 1, "", 5, "", twice)) == "cell_twice"


@given(st.lists(st.integers(0, 1 << 44), min_size=2, max_size=20))
def test_clock_never_goes_back(moments: list[int]) -> None:
    wall = iter(moments)
    clock = HybridClock(lambda: next(wall))
    ticks = [clock.tick() for _ in moments]
    assert ticks == sorted(set(ticks))
    assert milliseconds(ticks[-1]) >= max(moments)
