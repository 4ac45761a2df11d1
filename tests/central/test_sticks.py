"""The conversation by stick: the loop closes without a network, and no order of sticks does harm."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.sync import outgoing
from tests.central.laptops import House, Laptop, all_agree
from tests.central.sticks import Stick, waiting


def test_the_loop_closes_without_a_network(served: House, pair: list[Laptop], carried: Stick) -> None:
    first, second = pair
    person = first.new_person()
    for at in range(5):
        first.change(person, phone=f"09120000{at}0")
    done = carried.round(served, first)
    assert (done.own, waiting(first)) == (dict.fromkeys(range(1, 7), "in_force"), 0)
    assert done.in_step
    assert carried.round(served, second).history == 6
    all_agree(pair)


def test_a_new_laptop_is_enrolled_and_filled_by_sticks_alone(
    trained: House, tmp_path: Path, carried: Stick, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = Laptop.new(tmp_path, trained.code, trained.clock)
    trained.enrol(old)
    for at in range(30):
        old.new_person(name=f"Lò Văn {'ABCDE'[at % 5]}")
    old.sync(trained)
    monkeypatch.setattr("app.sync.snapshot.FAR", 10)
    new = Laptop.new(tmp_path, trained.code, trained.clock)
    mine = new.new_person(name="Vàng A Dế")
    code = trained.invite()
    with new.vault.write() as connection:
        outgoing.begin_enrolment(connection, code, trained.keys.statement)
    done = carried.round(trained, new)
    assert (done.enrolled, done.snapshot, done.own) == (True, True, {1: "in_force"})
    assert done.history == 31
    assert waiting(new) == 0
    done = carried.round(trained, new)
    assert new.person(mine)["name"] == "Vàng A Dế"
    carried.round(trained, old)
    all_agree([old, new])
