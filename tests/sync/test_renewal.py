"""A laptop with a double goes on under a new id, though the double was made in the middle of that."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.domain.changes import Edit, lone
from app.store import outbox, place
from tests.property import schedule
from tests.property.simulated import simulated
from tests.property.truth import check_end
from tests.property.world import Laptop, World


@pytest.fixture
def world() -> Iterator[World]:
    with simulated(3) as found:
        schedule.work(found, 60)
        yield found


def copy(world: World, laptop: Laptop) -> Laptop:
    double = laptop.copy()
    world.laptops.append(double)
    world.doubled.add(laptop.machine)
    return double


def note(world: World, laptop: Laptop, author: str, said: str) -> None:
    edit = Edit("person", world.record_id(), "note", said)
    world.save(laptop, author, list(lone([edit])), [])


def sync_as(world: World, laptop: Laptop, *sitting: str) -> None:
    for officer in sitting * 3:
        laptop.officers = [officer]
        schedule._whole_sync(world, laptop)


def test_two_who_were_one_in_the_middle_of_a_renewal_part(world: World) -> None:
    one, two = "o1", "o2"
    first = world.enrol_with([one, two])
    sync_as(world, first, one)
    double = copy(world, first)
    note(world, first, one, "first")
    sync_as(world, first, one)
    note(world, double, one, "hers")
    note(world, double, two, "his")
    sync_as(world, double, one)  # she signs hers anew; his wait until he sits there
    with double.disk.read() as connection:
        assert place.here(connection).renewing
    third = copy(world, double)
    for laptop, said in ((double, "again"), (third, "elsewhere")):
        note(world, laptop, one, said)
        sync_as(world, laptop, one)
    for laptop in (double, third):
        sync_as(world, laptop, one, two)
        with laptop.disk.read() as connection:
            assert (outbox.waiting(connection), place.here(connection).renewing) == (0, "")
    assert len({_device(laptop) for laptop in (first, double, third)}) == 3
    schedule.finish(world)
    check_end(world)


def _device(laptop: Laptop) -> str:
    with laptop.disk.read() as connection:
        return place.here(connection).device
