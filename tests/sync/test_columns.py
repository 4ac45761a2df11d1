"""Sets in columns come out as the very bytes that were signed, whatever they say, and are short."""

from __future__ import annotations

import random
from dataclasses import replace

import msgspec
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from app.domain.changes import Atom, ChangeSet, Edit, Head, Read, SignedSet, lone
from app.domain.errors import Refusal
from app.domain.ids import RecordIds
from app.sync import columns, told
from app.sync.columns import Columns

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
records = st.one_of(st.binary(min_size=16, max_size=16).map(bytes.hex), texts, st.just("0" * 32))
ons = st.one_of(
    st.none(), st.integers(-3, 1 << 40), st.binary(min_size=32, max_size=32).map(bytes.hex), texts
)
values = st.one_of(st.none(), st.booleans(), st.integers(-(1 << 70), 1 << 70), texts)
edits = st.builds(Edit, texts, records, texts, values, values, ons)
atoms = st.builds(
    Atom,
    st.lists(edits, min_size=1, max_size=3).map(tuple),
    st.lists(st.builds(Read, texts, records, texts, ons), max_size=2).map(tuple),
)
sets = st.builds(
    ChangeSet,
    texts,
    texts,
    st.sampled_from(["m1", "m2"]),
    st.integers(1, 9),
    st.one_of(st.just(""), texts, st.binary(min_size=32, max_size=32).map(bytes.hex)),
    st.integers(0, (1 << 62) - 1),
    texts,
    st.lists(atoms, min_size=1, max_size=3).map(tuple),
)
# As officers write them: such a set goes in columns, the others mostly whole.
ids = st.sampled_from([f"{n:032x}" for n in range(1, 4)])
usual_ons = st.one_of(st.none(), st.integers(1, 1 << 40), st.just("b" * 64))
fields = st.sampled_from(["name", "phone", "needs/cash"])
usual_edits = st.builds(Edit, st.sampled_from(["person", "account"]), ids, fields, values, values, usual_ons)
usual_reads = st.builds(Read, st.just("person"), ids, fields, usual_ons)
fresh_edits = st.builds(Edit, st.sampled_from(["person", "account"]), ids, fields, values)
usual_atoms = st.one_of(
    usual_edits.map(lambda edit: Atom((edit,))),
    fresh_edits.map(lambda edit: Atom((edit,))),
    st.builds(
        Atom,
        st.lists(usual_edits, min_size=1, max_size=3).map(tuple),
        st.lists(usual_reads, max_size=2).map(tuple),
    ),
)
usual_sets = st.builds(
    ChangeSet,
    st.just("03874"),
    st.just("a" * 32),
    st.sampled_from(["m1", "m2"]),
    st.integers(1, 9),
    st.one_of(st.just(""), st.binary(min_size=32, max_size=32).map(bytes.hex)),
    st.integers(0, (1 << 62) - 1),
    texts,
    st.lists(usual_atoms, min_size=1, max_size=8).map(tuple),
)
signed = st.builds(
    lambda found, mark: SignedSet(found.body, mark),
    st.one_of(sets, usual_sets),
    st.binary(min_size=64, max_size=64),
)


@given(st.lists(signed, max_size=6), st.binary(max_size=40))
def test_any_sets_come_out_as_they_were_signed(found: list[SignedSet], rubbish: bytes) -> None:
    found = [*found, *found[:1], SignedSet(rubbish, bytes(64))]
    packed = msgspec.msgpack.encode(columns.pack(found))
    read = _both_ways(packed)
    assert [SignedSet(one.body, one.signature) for one in read] == found
    for one in read:
        _require_true(one)


@given(st.lists(usual_sets, min_size=1, max_size=3), st.data())
def test_what_is_said_of_a_bent_set_is_what_its_bytes_say(
    found: list[ChangeSet], data: st.DataObject
) -> None:
    bent = columns.pack([SignedSet(one.body, bytes(64)) for one in found])
    bent.names = [data.draw(st.one_of(st.just(name), texts)) for name in bent.names]
    bent.on = [data.draw(st.one_of(st.just(on), st.just(0), texts)) for on in bent.on]
    for one in _both_ways(msgspec.msgpack.encode(bent)):
        _require_true(one)


@given(st.lists(usual_sets, min_size=1, max_size=2), st.data())
def test_layouts_that_nobody_wrote_are_refused_or_told_true(
    found: list[ChangeSet], data: st.DataObject
) -> None:
    bent = columns.pack([SignedSet(one.body, bytes(64)) for one in found])
    shapes = st.lists(st.tuples(st.integers(-1, 300), st.integers(-1, 300), st.integers(-1, 3)), max_size=2)
    strange = st.lists(shapes, max_size=3).map(msgspec.msgpack.encode)
    cut = st.sampled_from([bytes(one)[:-1] for one in bent.layouts])
    rubbish = st.sampled_from([b"\x80", b"\xdc\x00\x00", b"\xa1a", b"\x81\x91\x93\x00\x00\x01\xc0"])
    drawn = [data.draw(st.one_of(st.just(bytes(one)), strange, cut, rubbish)) for one in bent.layouts]
    bent.layouts = [msgspec.Raw(one) for one in drawn]
    for one in _both_ways(msgspec.msgpack.encode(bent)):
        _require_true(one)


def _both_ways(packed: bytes) -> list[told.Told]:
    """As they are told to whoever reads them; to whoever does not, the same is said, or refused."""
    try:
        read = told.told(msgspec.msgpack.decode(packed, type=Columns), reads=True)
    except (Refusal, msgspec.MsgspecError):
        with pytest.raises((Refusal, msgspec.MsgspecError)):
            told.told(msgspec.msgpack.decode(packed, type=Columns))
        return []
    unread = told.told(msgspec.msgpack.decode(packed, type=Columns))
    assert unread == [replace(one, said=None) for one in read]
    return read


def test_a_long_list_is_told_as_it_was_signed() -> None:
    """More records than one byte counts, of two kinds; the last says less, and one field over a value."""
    made = [f"{n:032x}" for n in range(1, 400)]
    said = [Edit(kind, one, name, f"100% {one}") for one in made for kind, name in CELLS]
    laid = Edit("person", made[7], "phone", "0388123417", "0388123418", 5)
    people = [edit for edit in said if edit.kind == "person"]
    for edits in (people, people[:-1], said, [*said, laid]):
        found = ChangeSet("03874", "a" * 32, "m1", 1, "", 7, "import", lone(edits))
        [one] = _both_ways(msgspec.msgpack.encode(columns.pack([SignedSet(found.body, bytes(64))])))
        assert one.body == found.body
        assert list(one.records) == made
        assert one.is_sound


def test_what_is_no_name_is_told_alike_both_ways() -> None:
    edits = [Edit("person", f"{n:032x}", name, f"100% {n}") for n in range(1, 5) for name in ("name", "note")]
    found = ChangeSet("03874", "a" * 32, "m1", 1, "", 7, "import", lone(edits))
    bent = columns.pack([SignedSet(found.body, bytes(64))])
    bent.names = [name.replace("n", "%d%s") for name in bent.names]
    [one] = _both_ways(msgspec.msgpack.encode(bent))
    assert not one.is_sound


CELLS = [("person", "name"), ("person", "note"), ("household", "address"), ("household", "code")]


def _require_true(one: told.Told) -> None:
    """What was said of a set without reading its bytes is what they say."""
    says = SignedSet(one.body, one.signature)
    try:
        own = says.set
    except Refusal:
        assert not one.is_sound
        return
    if one.head is not None:  # not carried whole
        assert one.is_sound
        assert one.said == own
        assert one.head == Head(*(getattr(own, name) for name in Head._fields))
        assert (set(one.records), one.atoms) == ({edit.record for edit in own.edits()}, len(own.atoms))


def chain(count: int) -> list[SignedSet]:
    """One-field edits, each on another person, a minute apart."""
    chance, now = random.Random(5), [1_790_000_000_000]
    ids = RecordIds("m01", lambda: now[0] + chance.randrange(3))
    people = [ids.new() for _ in range(10 * count)]
    made, previous = [], ""
    for number in range(1, count + 1):
        now[0] += chance.randrange(20_000, 90_000)
        phone, old = (f"09{chance.randrange(10**8):08d}" for _ in range(2))
        edit = Edit("person", chance.choice(people), "phone", phone, old, chance.randrange(1, 10_000))
        found = ChangeSet("03874", "a" * 32, "m01", number, previous, now[0] << 16, "", lone([edit]))
        previous = found.id
        made.append(SignedSet(found.body, chance.randbytes(64)))
    return made


def test_a_thousand_edits_are_short() -> None:
    found = chain(1_000)
    packed = zstandard.compress(msgspec.msgpack.encode(columns.pack(found)), 3)
    assert len(packed) - 64 * len(found) <= 40_000
    assert (
        told.unpack(msgspec.msgpack.decode(msgspec.msgpack.encode(columns.pack(found)), type=Columns))
        == found
    )


@pytest.mark.parametrize("name", Columns.__struct_fields__)
def test_columns_cut_short_are_refused(name: str) -> None:
    packed = columns.pack(chain(3))
    column = getattr(packed, name)
    if not column:
        return
    setattr(packed, name, type(column)() if isinstance(column, dict) else column[:-1])
    with pytest.raises(Refusal, match=r"sync\.message"):
        told.unpack(packed)
