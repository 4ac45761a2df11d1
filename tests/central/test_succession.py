"""Old laptop → new laptop by stick: register, unsent work and its photos go on; nothing is believed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import msgspec
import pytest

from app.central.deeds import Operating, revoke_laptop
from app.domain.errors import Coded
from app.domain.progress import Progress
from app.seal.sealing import identity_of, recipient_of
from app.store import attachments, place
from app.sync import blocks, stick, succession
from app.sync.parts import Part
from app.sync.pieces import Known
from app.sync.succession import TakingOn
from tests.central.hostile_sticks import Inside
from tests.central.laptops import House, Laptop, all_agree
from tests.central.sticks import Stick, waiting

JPEG = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 2_000


@pytest.fixture
def village(trained: House, trained_pair: list[Laptop]) -> tuple[House, Laptop, Laptop]:
    """A laptop with a register and unsent work, and one that was enrolled and knows nothing."""
    old, new = trained_pair
    person = old.new_person()
    for at in range(5):
        old.change(person, phone=f"09120000{at}0")
    old.sync(trained)
    policy_of(trained, old)
    return trained, old, new


def policy_of(served: House, laptop: Laptop) -> None:
    """It hears of the other."""
    laptop.sync(served)


@pytest.mark.parametrize("bytes_at_once", [1, 2 << 20])
def test_what_the_old_one_had_and_had_not_sent_goes_on_with_the_new(
    village: tuple[House, Laptop, Laptop], carried: Stick, bytes_at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(succession, "_GATHERED_BYTES_MAX", bytes_at_once)
    served, old, new = village
    mine = old.new_person(name="Vàng A Dế")
    old.attach(JPEG, mine)
    file = carried.hand_on(old, new, served.clock())
    arrived, told = carried.look(new, file)
    assert (told.pulled, told.carried, told.photos, arrived.again) == (6, 2, 1, False)
    done = carried.take(new, file)
    assert (done.pulled, done.carried, done.photos, done.cursor) == (6, 2, 1, 6)
    assert new.person(mine)["name"] == "Vàng A Dế"
    kept, summed = new.digests()
    assert int.from_bytes(kept, "big") == summed
    again = carried.take(new, file)
    assert (again.pulled, again.carried, again.photos) == (0, 0, 0)

    assert carried.round(served, new).photos == 1  # the new one hands in for the old
    assert waiting(new) == 0
    assert carried.round(served, old).own == {7: "in_force", 8: "in_force"}
    carried.round(served, new)
    all_agree([old, new])
    with new.vault.read() as connection:
        assert attachments.load(connection).count == 0


def test_a_photo_that_is_gone_or_damaged_holds_nothing_up(
    village: tuple[House, Laptop, Laptop], carried: Stick
) -> None:
    served, old, new = village
    mine = old.new_person(name="Vàng A Dế")
    gone, bent, _sound = (old.attach(JPEG + bytes([at]), mine) for at in range(3))
    old.files._whole(gone.sha256).unlink()
    path = old.files._whole(bent.sha256)
    path.write_bytes(path.read_bytes()[:-9] + b"?" * 9)
    file = carried.hand_on(old, new, served.clock())
    done = carried.take(new, file)
    assert (done.carried, done.photos, len(carried.left_out)) == (4, 1, 2)


def test_a_laptop_that_is_further_takes_the_unsent_work_alone(
    village: tuple[House, Laptop, Laptop], carried: Stick
) -> None:
    served, old, new = village
    new.sync(served)
    old.new_person()
    file = carried.hand_on(old, new, served.clock())
    new.new_person()
    new.sync(served)
    done = carried.take(new, file)
    assert (done.pulled, done.carried) == (0, 1)
    new.sync(served)
    old.sync(served)
    new.sync(served)
    all_agree([old, new])


def test_nothing_is_handed_out_that_is_here(village: tuple[House, Laptop, Laptop], carried: Stick) -> None:
    served, old, new = village
    new.sync(served)
    old.new_person()
    file, identity = carried.hand_on(old, new, served.clock()), identity_of(new.device.key)
    found = stick.find(carried.child, file, identity, Progress())
    with new.vault.write() as connection:
        known = TakingOn(connection, new.files).known()
    for cursor, kinds in ((known.cursor, {Part.HEAD}), (known.cursor - 1, {Part.ENTRIES, Part.HEAD})):
        asked = (Part.ENTRIES, Part.HEAD)
        come = stick.pour(carried.child, found, identity, asked, Progress(), Known(known.authors, cursor))
        assert {kind for kind, _ in come} == kinds


def test_a_revoked_laptop_hands_on_nothing(village: tuple[House, Laptop, Laptop], carried: Stick) -> None:
    served, old, new = village
    old.new_person()
    file = carried.hand_on(old, new, served.clock())
    at = Operating(served.centre, served.keys, "huy", served.clock())
    revoke_laptop(at, served.code, old.device.id, "stolen")
    new.sync(served)
    with pytest.raises(Coded, match=r"bundle\.sender"):
        carried.take(new, file)


def _without_head(parts: list[tuple[int, bytes]]) -> list[tuple[int, bytes]]:
    return [(kind, content) for kind, content in parts if kind != Part.HEAD]


def _another_verdict(parts: list[tuple[int, bytes]]) -> list[tuple[int, bytes]]:
    def changed(content: bytes) -> bytes:
        [lines] = blocks.apart(content)
        assert isinstance(lines, list)
        read = [line.entry for line in lines]
        last = read[-1].verdicts[0]
        said = (replace(last, outcome=type(last.outcome).REFUSED, why="rule"),) * len(read[-1].verdicts)
        spoilt = blocks.entry_block([*read[:-1], replace(read[-1], verdicts=said)])
        return b"".join(blocks.together([spoilt], 1))

    return [(kind, changed(content) if kind == Part.ENTRIES else content) for kind, content in parts]


def _another_value(parts: list[tuple[int, bytes]]) -> list[tuple[int, bytes]]:
    def changed(content: bytes) -> bytes:
        [lines] = blocks.apart(content)
        assert isinstance(lines, list)
        read = [line.entry for line in lines]
        signed = read[0].signed
        false = replace(signed, body=signed.body.replace(b"1948", b"1949"))
        spoilt = blocks.entry_block([replace(read[0], signed=false), *read[1:]])
        return b"".join(blocks.together([spoilt], 1))

    return [(kind, changed(content) if kind == Part.ENTRIES else content) for kind, content in parts]


def _another_head(parts: list[tuple[int, bytes]]) -> list[tuple[int, bytes]]:
    def changed(content: bytes) -> bytes:
        seq, head, digest, _signature = msgspec.msgpack.decode(content)
        return msgspec.msgpack.encode([seq, head, digest, bytes(64)])

    return [(kind, changed(content) if kind == Part.HEAD else content) for kind, content in parts]


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (_without_head, "sync.forged_head"),
        (_another_verdict, "sync.diverged"),
        (_another_value, "sync.forged_set"),
        (_another_head, "sync.forged_head"),
        (lambda parts: [(Part.WAITING, b"x"), *parts], "sync.message"),
    ],
)
def test_an_owner_of_the_old_laptop_changes_nothing_of_the_past(
    village: tuple[House, Laptop, Laptop],
    carried: Stick,
    spoil: Callable[[list[tuple[int, bytes]]], list[tuple[int, bytes]]],
    code: str,
) -> None:
    served, old, new = village
    true = carried.hand_on(old, new, served.clock())
    inside = Inside.of(true.read_bytes(), identity_of(new.device.key))
    false = carried.place() / "x.bangiao"
    made = inside.carrying(old.device.key, spoil(inside.parts))
    false.write_bytes(made.sealed(recipient_of(new.device.key.public)))
    with pytest.raises(Coded) as caught:
        carried.take(new, false)
    assert caught.value.code == code
    with new.vault.read() as connection:
        assert (place.cursor(connection), new.cells()) == (0, {})
