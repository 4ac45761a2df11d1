"""First fill and filling anew: the register as by the journal, a cut costs a block, a rotten row is named."""

from __future__ import annotations

import base64
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from io import BytesIO
from unittest.mock import patch

import pytest
from sqlalchemy import func, select, update

from app.central.snapshots import Snapshots
from app.domain.changes import Edit, lone
from app.domain.errors import Cancelled, Refusal, Trouble
from app.domain.progress import Progress
from app.store import outbox, place, renewal, rows, unit
from app.store.central_tables import snapshot
from app.store.divergences import Divergence
from app.store.tables import records
from app.sync import conversation
from app.sync import snapshot as snapshot_end
from app.sync.blocks import BLOCK_BYTES_MAX, in_a_row, out_of_a_row
from app.sync.snapshot import AT_ONCE
from tests.property import schedule
from tests.property.disks import going_down_after
from tests.property.simulated import simulated
from tests.property.straight import Crash
from tests.property.truth import check_end, check_laptop, check_screen
from tests.property.world import CODE, Laptop, World, centre_keys


@dataclass
class Line:
    """A carrier of snapshots that may break after so many blocks."""

    world: World
    blocks_left: int = 1_000
    sizes: list[int] = field(default_factory=list)
    answers: int = 0

    @property
    def offered(self) -> Snapshots:
        service = self.world.service
        return Snapshots(service.centre, centre_keys(), service._is_laptops, service.now_ms)

    def snapshot(self, asked: bytes) -> bytes:
        return bytes(self.offered.header(CODE, _words(asked)).body)

    def blocks(self, asked: bytes, seq: int, first: int) -> Generator[bytes, None, None]:
        row = bytes(self.offered.blocks(CODE, seq, first, _words(asked)).body)
        self.answers += 1
        for found in out_of_a_row(BytesIO(row).read):
            if self.blocks_left == 0:
                raise Trouble("sync.offline")
            self.blocks_left -= 1
            self.sizes.append(len(found))
            yield found

    def history(self, asked: bytes) -> bytes:
        return bytes(self.offered.history(CODE, asked).body)


def _words(asked: bytes) -> str:
    return base64.b64encode(asked).decode()


@pytest.fixture
def world() -> Iterator[World]:
    with simulated(3) as found:
        schedule.work(found, 120)
        yield found


def fill(world: World, laptop: Laptop, line: Line | None = None) -> list[Divergence]:
    with patch.object(conversation, "FAR", 1):
        filled = conversation.fill(laptop.disk, line or Line(world), laptop.key, Progress())
    assert filled is not None
    return filled.diverged


def state(laptop: Laptop) -> tuple[object, ...]:
    """Everything that a snapshot has to bring."""
    with laptop.disk.read() as connection:
        keys = [
            (kind, record)
            for kind, table in records.items()
            for record in connection.scalars(select(table.c.id))
        ]
        cells = rows.load(connection, keys)
        listed = [
            sorted(tuple(row)[:4] for row in connection.exec_driver_sql(f"SELECT * FROM {name}"))
            for name in ("overwritten", "refused")
        ]
        return cells, listed, place.digests(connection), place.head(connection), place.cursor(connection)


def test_a_new_laptop_is_filled_as_by_the_journal(world: World) -> None:
    [old, *_] = [laptop for laptop in world.laptops if not laptop.dead]
    new = world.enrol()
    assert fill(world, new) == []
    schedule._whole_sync(world, old)
    schedule._whole_sync(world, new)
    assert state(new) == state(old)
    check_laptop(world, new)
    with patch.object(snapshot_end, "SEQS", 20):
        conversation.fetch_history(new.disk, Line(world), new.key, 60)
    schedule.finish(world)
    check_end(world)


def test_the_past_comes_whole_where_two_laptops_said_the_same_of_somebody(world: World) -> None:
    """None of her cells has one set behind it: the sets behind all of them are what is awaited."""
    said = [Edit("person", "f" * 32, name, "1950") for name in ("name", "birth")]
    for laptop in (world.enrol(), world.enrol()):
        world.save(laptop, laptop.officers[0], list(lone(said)), [])
        schedule._whole_sync(world, laptop)
    new = world.enrol()
    fill(world, new)
    with new.disk.read() as connection:
        behind = rows.load(connection, [("person", "f" * 32)])["person", "f" * 32]["name"].behind
        assert len(behind) == 2
    assert conversation.fetch_history(new.disk, Line(world), new.key, 60) == 0


def test_a_cut_costs_one_block(world: World) -> None:
    new = world.enrol()
    line = Line(world, blocks_left=2)
    with pytest.raises(Trouble, match=r"sync\.offline"):
        fill(world, new, line)
    line.blocks_left = 1_000
    fill(world, new, line)
    with new.disk.read() as laptop, world.book.read() as centre:
        assert place.cursor(laptop) == centre.scalar(select(func.max(snapshot.c.seq)))
    assert len(line.sizes) > 2
    assert max(line.sizes) <= BLOCK_BYTES_MAX
    check_laptop(world, new)


def test_broken_after_every_block_it_asks_for_each_once(world: World) -> None:
    new, line, breaks = world.enrol(), Line(world), 0
    while True:
        line.blocks_left = 1
        try:
            fill(world, new, line)
        except Trouble:
            breaks += 1
            continue
        break
    assert len(line.sizes) == breaks + 1 > 3
    check_laptop(world, new)


def test_one_answer_brings_many_blocks(world: World) -> None:
    new, line = world.enrol(), Line(world)
    fill(world, new, line)
    assert line.answers == -(-len(line.sizes) // AT_ONCE)
    assert line.answers < len(line.sizes)


class Cancelling(Line):
    """The officer presses Cancel, or locks, while blocks arrive."""

    def __init__(self, world: World, then: Callable[[], None]) -> None:
        super().__init__(world)
        self.then = then

    def blocks(self, asked: bytes, seq: int, first: int) -> Generator[bytes, None, None]:
        come = super().blocks(asked, seq, first)
        with closing(come):
            yield next(come)
            yield next(come)
            self.then()
            yield from come


def test_what_had_come_is_kept_when_somebody_cancels(world: World) -> None:
    new, progress = world.enrol(), Progress()
    with pytest.raises(Cancelled), patch.object(conversation, "FAR", 1):
        conversation.fill(new.disk, Cancelling(world, progress.cancel), new.key, progress)
    with new.disk.read() as connection:
        assert place.cursor(connection) == 0
    line = Line(world)
    fill(world, new, line)
    whole = Line(world)
    fill(world, world.enrol(), whole)
    assert len(line.sizes) == len(whole.sizes) - 2
    check_laptop(world, new)


@pytest.mark.parametrize("spoil", ["empty", "cut", "endless", "other"])
def test_answers_that_are_no_blocks_change_nothing(world: World, spoil: str) -> None:
    new = world.enrol()

    class Spoilt(Line):
        def blocks(self, asked: bytes, seq: int, first: int) -> Generator[bytes, None, None]:
            found = list(super().blocks(asked, seq, first))
            row = in_a_row(found)
            told = {
                "empty": b"",
                "cut": row[:-1],
                "endless": b"\xff\xff\xff\xff" + row,
                "other": in_a_row(reversed(found)),
            }
            yield from out_of_a_row(BytesIO(told[spoil]).read)

    with pytest.raises(Trouble, match=r"sync\.snapshot"):
        fill(world, new, Spoilt(world))
    with new.disk.read() as connection:
        assert place.cursor(connection) == 0
    fill(world, new)
    check_laptop(world, new)


def test_a_surplus_of_blocks_is_not_read(world: World) -> None:
    new, read = world.enrol(), list[int]()

    class Generous(Line):
        def blocks(self, asked: bytes, seq: int, first: int) -> Generator[bytes, None, None]:
            yield from super().blocks(asked, seq, first)
            for no in range(100):
                read.append(no)
                yield b"more"

    fill(world, new, Generous(world))
    assert len(read) <= 1
    check_laptop(world, new)


def test_while_the_centre_prepares_the_laptop_asks_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conversation, "_PAUSE_SECONDS_LEAST", 0.0)
    new, refusals = world.enrol(), [Refusal("central.preparing")] * 2

    class Busy(Line):
        def snapshot(self, asked: bytes) -> bytes:
            if refusals:
                raise refusals.pop()
            return super().snapshot(asked)

    fill(world, new, Busy(world))
    assert not refusals
    check_laptop(world, new)


def test_whoever_waits_for_the_centre_may_cancel(world: World) -> None:
    new, progress = world.enrol(), Progress()

    class Busy(Line):
        def snapshot(self, asked: bytes) -> bytes:
            progress.cancel()
            raise Refusal("central.preparing")

    with pytest.raises(Cancelled):
        conversation.fill(new.disk, Busy(world), new.key, progress)


def test_a_crash_anywhere_leaves_nothing_or_all(world: World) -> None:
    new, statements, crashes = world.enrol(), 3, 0
    while True:
        try:
            with going_down_after(statements):
                fill(world, new)
        except Crash:
            statements, crashes = statements + 1 + statements // 6, crashes + 1
            with new.disk.read() as connection:
                assert place.cursor(connection) == 0
                assert all(
                    connection.scalar(select(table.c.id).limit(1)) is None for table in records.values()
                )
            continue
        break
    assert crashes > 10
    check_laptop(world, new)


def test_what_waits_stays_above_and_goes_out(world: World) -> None:
    new = world.enrol()
    [person, *_] = _people(world)
    with new.disk.write() as connection:
        pen = world.pen(new, new.officers[0])
        edits = [Edit("person", person, "note", "mine"), Edit("person", "f" * 32, "name", "new")]
        unit.save(connection, pen, "test", lone(edits))
    fill(world, new)
    with new.disk.read() as connection:
        person_table = records["person"]
        seen = select(person_table.c.note).where(person_table.c.id == person)
        assert connection.scalar(seen) == "mine"
        assert outbox.waiting(connection) == 1
    check_laptop(world, new)
    world.made.clear()
    schedule._whole_sync(world, new)
    with new.disk.read() as connection:
        assert outbox.waiting(connection) == 0


def test_what_a_double_wrote_does_not_take_the_place_of_what_waits(world: World) -> None:
    [person, *_] = _people(world)
    first = world.enrol()
    schedule._whole_sync(world, first)
    double = first.copy()
    world.laptops.append(double)
    world.doubled.add(first.machine)
    for laptop, note in ((first, "hers"), (double, "mine")):
        edits = lone([Edit("person", person, "note", note)])
        world.save(laptop, laptop.officers[0], list(edits), [])
    schedule._whole_sync(world, first)
    double.officers = ["o9"]  # who sits there cannot sign it anew
    for _ in range(2):  # the first answer is refused: it names a set that was not made here
        schedule._whole_sync(world, double)
    fill(world, double)
    with double.disk.read() as connection:
        assert outbox.waiting(connection) == 1
    check_screen(world, double)


def test_a_refused_set_in_a_backup_is_laid_over_nothing_once_its_verdict_has_come(world: World) -> None:
    [person, *_] = _people(world)
    first = world.enrol()
    schedule._whole_sync(world, first)
    forbidden = Edit("person", person, "receiving_account", world.record_id())
    world.save(first, first.officers[0], list(lone([forbidden])), [])
    restored = first.copy()
    with restored.disk.write() as connection:
        renewal.begin_anew(connection)
    note = Edit("person", person, "note", "later")
    world.save(first, first.officers[0], list(lone([note])), [])  # the backup does not know the newest set
    schedule._whole_sync(world, first)
    fill(world, restored)
    with restored.disk.read() as connection:
        cells = rows.load(connection, [("person", person)])["person", person]
    paid = cells.get("receiving_account")
    assert paid is None or paid.value != forbidden.new
    check_laptop(world, restored)


def _people(world: World) -> list[str]:
    [laptop, *_] = [one for one in world.laptops if not one.dead]
    with laptop.disk.read() as connection:
        return list(connection.scalars(select(records["person"].c.id).order_by(records["person"].c.id)))


def test_a_laptop_that_diverged_is_told_where_and_filled_anew(world: World) -> None:
    [laptop, *_] = [one for one in world.laptops if not one.dead]
    before = state(laptop)
    [person, *_] = _people(world)
    table = records["person"]
    with laptop.disk.write() as connection:
        connection.execute(update(table).where(table.c.id == person).values(hamlet="somewhere else"))
    assert fill(world, laptop) == [Divergence("person", person, "hamlet")]
    assert state(laptop) == before


def test_a_block_that_is_another_changes_nothing(world: World) -> None:
    new = world.enrol()

    class Spoilt(Line):
        def blocks(self, asked: bytes, seq: int, first: int) -> Generator[bytes, None, None]:
            for block in super().blocks(asked, seq, first):
                yield block[:-1] + b"?"

    with pytest.raises(Trouble, match=r"sync\.snapshot"):
        fill(world, new, Spoilt(world))
    with new.disk.read() as connection:
        assert place.cursor(connection) == 0
    fill(world, new)


def test_only_a_laptop_in_standing_may_ask(world: World) -> None:
    new = world.enrol()
    world.set_standing(new.machine, "revoked")
    with pytest.raises(Refusal, match=r"sync\.unknown_device"):
        fill(world, new)
