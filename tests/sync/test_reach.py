"""One edit costs the same in a large commune as in a small one: nothing on its way reads everybody."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from unittest.mock import patch

from app.domain.changes import Atom, Edit, lone
from app.store import unit
from app.sync import conversation, register, replica
from tests.property import schedule
from tests.property.simulated import simulated
from tests.property.world import Laptop, World

PAGE_BYTES = 1 << 20
PEOPLE_A_SET = 50


def test_one_edit_does_not_reach_for_the_others() -> None:
    """By the steps of SQLite's machine at laptop and centre, which no busy processor changes."""
    steps, size = _work_of_one_edit(people=200)
    steps_large, size_large = _work_of_one_edit(people=4_000)
    assert steps_large <= 1.1 * steps
    assert size_large <= 1.1 * size


def _work_of_one_edit(people: int) -> tuple[int, int]:
    with ExitStack() as around:
        world = around.enter_context(simulated(11))
        for end in (register, replica):
            around.enter_context(patch.object(end, "PAGE_BYTES", PAGE_BYTES))
        writer, reader = world.laptops[:2]
        everybody = _found(world, writer, people)
        for laptop in (writer, reader):
            schedule._whole_sync(world, laptop)
        return _counted(world, writer, reader, everybody[len(everybody) // 2])


def _found(world: World, laptop: Laptop, people: int) -> list[str]:
    ids = [world.record_id() for _ in range(people)]
    works: list[Sequence[Atom]] = [
        [
            atom
            for person in ids[start : start + PEOPLE_A_SET]
            for atom in lone([Edit("person", person, "name", f"Người {person[-4:]}")])
        ]
        for start in range(0, people, PEOPLE_A_SET)
    ]
    with laptop.disk.write() as connection:
        unit.save_all(connection, world.pen(laptop, laptop.officers[0]), "import", works)
    return ids


def _counted(world: World, writer: Laptop, reader: Laptop, person: str) -> tuple[int, int]:
    """Steps of all three databases from Save to the second laptop's row, and the bytes on the wire."""
    steps = 0

    def step() -> int:
        nonlocal steps
        steps += 1
        return 0

    for disk in (writer.disk, reader.disk, world.book):
        disk._raw.set_progress_handler(step, 1)
    form = world.open(writer, "person", person)
    with writer.disk.write() as connection:
        edits = form.opened.edits({"phone": "0901234567"})
        unit.save(connection, world.pen(writer, writer.officers[0]), "test", list(lone(edits)))
    size = 0
    for laptop in (writer, reader):
        sent = world.compose(laptop)
        answer = bytes(world.service.sync(sent.carried).body)
        outcome, _ = conversation.absorb(laptop.disk, sent, answer)
        assert outcome.in_step
        size += len(sent.carried) + len(answer)
    return steps, size
