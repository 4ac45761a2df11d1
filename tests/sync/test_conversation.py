"""Laptops that work apart end with the same register; nothing is lost without a word."""

from __future__ import annotations

import random
from contextlib import suppress

import msgspec
import pytest

from app.domain.changes import Atom, Edit
from app.domain.errors import Refusal, Trouble
from app.domain.records import Value
from app.store.opened import open_record
from app.sync.messages import SyncRequest, SyncResponse
from tests.sync.conversation import Centre, Clock, Laptop, sqlite_engine

PERSON = "0198f0000000700080000000000000aa"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def centre(clock: Clock) -> Centre:
    return Centre.new(sqlite_engine(), clock)


@pytest.fixture
def laptops(clock: Clock, centre: Centre) -> list[Laptop]:
    pair = [Laptop.new(name, clock) for name in ("m01", "m02", "m03")]
    for laptop in pair:
        centre.enrol(laptop)
    return pair


def new_person(laptop: Laptop, record: str = PERSON, **values: Value) -> None:
    wanted: dict[str, Value] = {"name": "Lò Thị Pánh", "birth": "1948", **values}
    laptop.save(*[Edit("person", record, name, value) for name, value in wanted.items()])


def change(laptop: Laptop, record: str, name: str, value: Value) -> None:
    with laptop.write() as connection:
        opened = open_record(connection, "person", record)
    assert opened is not None
    edits = opened.edits({name: value})
    if edits:
        laptop.save(*edits)


def test_second_laptop_sees_the_first_ones_change(centre: Centre, laptops: list[Laptop]) -> None:
    a, b, _ = laptops
    new_person(a)
    assert a.sync(centre).in_step
    outcome = b.sync(centre)
    assert outcome.in_step
    assert outcome.received == 1
    assert b.cells() == a.cells()
    change(b, PERSON, "phone", "0388123417")
    b.sync(centre)
    a.sync(centre)
    assert a.cells()[f"person/{PERSON}"]["phone"] == "0388123417"


def test_pushed_twice_is_pushed_once(centre: Centre, laptops: list[Laptop]) -> None:
    a, *_ = laptops
    new_person(a)
    request = a.compose()
    first, again = centre.exchange(request), centre.exchange(request)
    assert first.receipts == again.receipts
    assert first.cursor == again.cursor == 1
    a.absorb(again)
    a.absorb(first)
    assert a.sync(centre).in_step


def test_guarded_values_apart_open_a_conflict_on_every_laptop(centre: Centre, laptops: list[Laptop]) -> None:
    a, b, c = laptops
    new_person(a)
    for laptop in laptops:
        laptop.sync(centre)
    change(a, PERSON, "birth", "1948-03-12")
    change(b, PERSON, "birth", "1948-12-03")
    for laptop in (a, b, c, a):
        laptop.sync(centre)
    for laptop in laptops:
        cells = laptop.cells()
        assert cells[f"person/{PERSON}"]["birth"] == "1948-03-12"
        conflicts = [found for key, found in cells.items() if key.startswith("conflict/")]
        assert [found["state"] for found in conflicts] == ["open"]


def test_ordinary_values_apart_later_clock_stands(centre: Centre, laptops: list[Laptop]) -> None:
    a, b, _ = laptops
    new_person(a)
    a.sync(centre)
    b.sync(centre)
    change(b, PERSON, "note", "earlier")
    change(a, PERSON, "note", "later")
    a.sync(centre)
    b.sync(centre)
    a.sync(centre)
    assert a.cells()[f"person/{PERSON}"]["note"] == b.cells()[f"person/{PERSON}"]["note"] == "later"


def test_waiting_edit_stays_on_top_of_what_comes_in(centre: Centre, laptops: list[Laptop]) -> None:
    a, b, _ = laptops
    new_person(a)
    a.sync(centre)
    b.sync(centre)
    change(b, PERSON, "phone", "0388123417")
    change(a, PERSON, "hamlet", "Bản Nà Lụa")
    a.sync(centre)
    response = centre.exchange(with_sets(b.compose(), []))
    b.absorb(response)
    seen = b.cells()[f"person/{PERSON}"]
    assert (seen["hamlet"], seen["phone"]) == ("Bản Nà Lụa", "0388123417")
    assert b.kept_digest() == b.recomputed_digest() == a.kept_digest()


def with_sets(request: SyncRequest, sets: list[tuple[bytes, bytes]]) -> SyncRequest:
    return msgspec.structs.replace(request, sets=sets)


def test_nothing_puts_an_account_in_force(centre: Centre, laptops: list[Laptop]) -> None:
    a, b, _ = laptops
    new_person(a)
    account = "0198f0000000700080000000000000bb"
    a.save(Edit("person", PERSON, "receiving_account", account))
    a.save(
        Atom(
            (
                Edit("proposal", "0198f0000000700080000000000000cc", "state", "accepted"),
                Edit("person", PERSON, "receiving_account", account, account, None),
            )
        )
    )
    outcome = a.sync(centre)
    assert outcome.refused == 3 - 1
    b.sync(centre)
    for laptop in (a, b):
        assert "receiving_account" not in laptop.cells()[f"person/{PERSON}"]


def test_forged_set_and_foreign_commune_are_kept_aside(centre: Centre, laptops: list[Laptop]) -> None:
    a, *_ = laptops
    new_person(a)
    request = a.compose()
    body = request.sets[0][0]
    forged = with_sets(request, [(body, bytes(64))])
    assert [receipt.why for receipt in centre.exchange(forged).receipts] == ["signature"]
    assert centre.exchange(request).receipts == []


def test_gap_waits_for_its_predecessor(centre: Centre, laptops: list[Laptop]) -> None:
    a, *_ = laptops
    new_person(a)
    change(a, PERSON, "note", "second")
    request = a.compose()
    late = with_sets(request, request.sets[1:])
    assert [receipt.why for receipt in centre.exchange(late).receipts] == ["gap"]
    first = with_sets(request, request.sets[:1])
    centre.exchange(first)
    assert a.sync(centre).in_step
    assert a.cells()[f"person/{PERSON}"]["note"] == "second"


def test_altered_answer_changes_nothing(centre: Centre, laptops: list[Laptop]) -> None:
    a, b, _ = laptops
    new_person(a)
    a.sync(centre)
    response = centre.exchange(b.compose())
    fields = {name: getattr(response, name) for name in response.__struct_fields__}
    for name, value in (("digest", bytes(32)), ("head", bytes(32)), ("cursor", 5)):
        with pytest.raises(Refusal, match=r"sync\.forged_head"):
            b.absorb(response.__class__(**{**fields, name: value}))
    swapped = [
        entry.__class__(entry.seq, entry.body, bytes(64), entry.verdicts) for entry in response.entries
    ]
    with pytest.raises(Refusal, match=r"sync\.forged_set"):
        b.absorb(response.__class__(**{**fields, "entries": swapped}))
    with pytest.raises((Refusal, Trouble)):
        b.absorb(response.__class__(**{**fields, "entries": []}))
    assert b.cells() == {}
    b.absorb(response)
    assert b.cells() == a.cells()


@pytest.mark.parametrize("seed", range(12))
def test_any_schedule_converges(seed: int, centre: Centre, laptops: list[Laptop]) -> None:
    """Edits, syncs, lost answers and replays in any order: same cells, same digest, nothing waits."""
    chance = random.Random(seed)
    people = [f"0198f000000070008000{number:012x}" for number in range(6)]
    lost = []
    for record in people[:3]:
        new_person(laptops[0], record)
    for step in range(60):
        laptop = chance.choice(laptops)
        match chance.randrange(6):
            case 0 | 1 | 2:
                known = [key.split("/")[1] for key in laptop.cells() if key.startswith("person/")]
                if known:
                    name = chance.choice(["phone", "note", "birth", "needs/visit", "personal_id"])
                    change(laptop, chance.choice(known), name, _value(chance, name, step))
            case 3:
                laptop.sync(centre)
            case 4:
                lost.append((laptop, centre.exchange(laptop.compose())))
            case 5 if lost:
                owner, response = chance.choice(lost)
                _absorb_if_it_fits(owner, response)
        assert laptop.kept_digest() == laptop.recomputed_digest()
    for _ in range(2):
        for laptop in laptops:
            assert laptop.sync(centre).waiting == 0
    first, *others = laptops
    assert all(other.cells() == first.cells() for other in others)
    assert all(other.kept_digest() == first.kept_digest() == other.recomputed_digest() for other in others)


def _absorb_if_it_fits(laptop: Laptop, response: SyncResponse) -> None:
    """An answer to a later place than the laptop's is asked for again, not applied."""
    with suppress(Trouble):
        laptop.absorb(response)


def _value(chance: random.Random, name: str, step: int) -> Value:
    match name:
        case "phone":
            return f"09{chance.randrange(10**8):08d}"
        case "birth":
            return str(chance.randrange(1930, 1960))
        case "needs/visit":
            return chance.choice([True, None])
        case "personal_id":
            return f"014{chance.randrange(3)}48{step:06d}"
    return f"note {step}"


def test_a_laptop_is_told_of_its_own_sets_no_more_than_it_does_not_know(
    centre: Centre, laptops: list[Laptop]
) -> None:
    a, b, _ = laptops
    new_person(a)
    response = centre.exchange(a.compose())
    assert [entry.verdicts for entry in response.entries] == [b""]
    a.absorb(response)
    b.sync(centre)
    change(a, PERSON, "birth", "1948-03-12")
    change(b, PERSON, "birth", "1948-12-03")
    a.sync(centre)
    response = centre.exchange(b.compose())
    assert [bool(entry.verdicts) for entry in response.entries if entry.number] == [True]
    assert b.absorb(response).cursor == 3
    assert b.sync(centre).in_step
