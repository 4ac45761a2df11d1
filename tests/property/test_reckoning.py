"""What the reckoning has to know to be right: cases where it was wrong, by hand."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.domain.changes import Edit, canonical, lone
from app.store import renewal
from app.store.roster import ACTIVE
from tests.property import proposals, schedule
from tests.property.hands import told
from tests.property.proposals import Words
from tests.property.simulated import simulated
from tests.property.truth import check_end
from tests.property.world import Laptop, World


@pytest.fixture
def world() -> Iterator[World]:
    with simulated(3) as found:
        yield found


def named(world: World, laptop: Laptop, author: str, name: str) -> str:
    person = world.record_id()
    world.save(laptop, author, list(lone([Edit("person", person, "name", name)])), [])
    return person


def test_an_approver_of_a_merge_was_shown_a_name_that_never_came_in_force(world: World) -> None:
    """The merge is laid on what its proposer saw, which stands; what its approver agreed to does not."""
    first, second = world.enrol_with(["o1"]), world.enrol_with(["o2", "o3"])
    people = [named(world, first, "o1", "Lan") for _ in range(2)]
    proposals.propose_merge(world, first, "o1", people)
    for laptop in (first, second):
        schedule._whole_sync(world, laptop)
    form = world.open(second, "person", people[0])
    world.save(second, "o2", list(lone(form.opened.edits({"name": "Hoa"}))), [form])
    proposals.approve(world, second, "o3", people)
    world.set_standing("o2", "revoked")
    schedule.finish(world)
    assert told(world, 0) == {"digest": 1}
    check_end(world)


def test_an_account_of_which_a_part_came_alone_pays_nobody(world: World) -> None:
    """It is written whole by one set: the one that proposes it comes too late for its cells."""
    first, second = world.enrol_with(["o1"]), world.enrol_with(["o3"])
    person, account = named(world, first, "o1", "Lan"), world.record_id()
    world.save(first, "o1", list(lone([Edit("account", account, "number", "666")])), [])
    whole = {"person": person, "number": "1001", **proposals.BANK}
    words = canonical([["person", person, "receiving_account", account, None]]).decode()
    edits = [Edit("account", account, *each) for each in whole.items()]
    proposals.save_proposal(world, first, "o1", Words("account", words, person), {}, lone(edits))
    for laptop in (first, second):
        schedule._whole_sync(world, laptop)
    proposals.approve(world, second, "o3", [person])
    schedule.finish(world)
    assert told(world, 0) == {"account": 1}
    check_end(world)


def test_what_a_renewed_laptop_saw_in_the_journal_is_not_what_it_signed_anew(world: World) -> None:
    """Her set came by her laptop, and, signed anew by its double, a second time, when she might not write."""
    laptop = world.enrol_with(["o1"])
    person = named(world, laptop, "o1", "Lan")
    double = laptop.copy()
    world.laptops.append(double)
    world.doubled.add(laptop.machine)
    renew(world, double)
    schedule._whole_sync(world, laptop)
    world.set_standing("o1", "revoked")
    schedule._whole_sync(world, double)
    world.set_standing("o1", ACTIVE)
    form = world.open(double, "person", person)
    world.save(double, "o1", list(lone(form.opened.edits({"name": "Hoa"}))), [form])
    renew(world, double)
    schedule.finish(world)
    check_end(world)


def renew(world: World, laptop: Laptop) -> None:
    """As if the centre had called what waits a clone's."""
    with laptop.disk.write() as connection:
        renewal.mark(connection)
        assert renewal.renew(connection, world.pen(laptop, laptop.officers[0]))
    world._note_renewed(laptop)
