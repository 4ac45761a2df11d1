"""Many laptops at once: the order has no holes, nobody loses a set, everybody ends with the same register."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext, suppress
from itertools import count
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.domain.changes import Entry, SignedSet, unpack_verdicts
from app.domain.errors import Trouble
from app.store.central_tables import commune, journal
from tests.central.laptops import House, Laptop, all_agree

LAPTOPS, SETS = 4, 12


def test_four_laptops_push_at_once(served: House, tmp_path: Path) -> None:
    laptops = [Laptop.new(tmp_path, served.code, served.clock) for _ in range(LAPTOPS)]
    for laptop in laptops:
        served.enrol(laptop)

    def work(laptop: Laptop) -> None:
        for _ in range(SETS):
            laptop.new_person()
            laptop.sync(served)

    with ThreadPoolExecutor(LAPTOPS) as crowd:
        list(crowd.map(work, laptops))
    for laptop in laptops:
        assert laptop.sync(served).in_step
    all_agree(laptops)
    _check_order(served)
    for laptop in laptops:
        laptop.vault.lock()


def _check_order(served: House) -> None:
    """1, 2, 3 … without holes, each device's numbers in its own order, the head over all of it."""
    with served.centre.read() as connection:
        lines = connection.execute(select(journal).order_by(journal.c.seq)).all()
        kept = connection.execute(select(commune.c.seq, commune.c.head)).one()
    assert [line.seq for line in lines] == list(range(1, LAPTOPS * SETS + 1))
    for device in {line.device for line in lines}:
        assert [line.number for line in lines if line.device == device] == list(range(1, SETS + 1))
    head = bytes(32)
    for line in lines:
        signed = SignedSet(line.body, line.signature)
        head = Entry(line.seq, signed, unpack_verdicts(line.verdicts)).head_after(head)
        assert line.head == head
    assert tuple(kept) == (len(lines), head)


class Line:
    """A carrier that may lose the request, or the answer."""

    def __init__(self, served: House, fate: str) -> None:
        self._served, self._fate = served, fate

    def exchange(self, request: bytes) -> bytes:
        """One round trip, or part of one."""
        if self._fate == "request_lost":
            raise Trouble("sync.offline")
        answer = self._served.exchange(request)
        if self._fate == "answer_lost":
            raise Trouble("sync.offline")
        return answer


FIELDS = {
    "phone": st.sampled_from(["0388123417", "0912000111", None]),
    "note": st.sampled_from(["một", "hai", "ba", None]),
    "birth": st.sampled_from(["1948", "1949", "1950"]),
    "needs/visit": st.sampled_from([True, None]),
}
WHO, WHOM = st.integers(0, 2), st.integers(0, 2)
EDIT = st.sampled_from(sorted(FIELDS)).flatmap(
    lambda name: st.tuples(st.just("edit"), WHO, WHOM, st.just(name), FIELDS[name])
)
TRIP = st.tuples(st.just("trip"), WHO, st.sampled_from(["whole", "whole", "answer_lost", "request_lost"]))
SCHEDULES = st.lists(st.one_of(EDIT, TRIP), max_size=24)

codes = count(2)


@settings(max_examples=max(1, settings().max_examples // 8))
@given(schedule=SCHEDULES)
def test_any_interleaving_converges(
    trained: House, tmp_path: Path, schedule: list[tuple[object, ...]]
) -> None:
    code = f"T{next(codes):04d}"
    trained.open_commune(code)
    laptops = [Laptop.new(tmp_path, code, trained.clock) for _ in range(3)]
    for laptop in laptops:
        trained.enrol(laptop)
    people = [laptops[0].new_person() for _ in range(3)]
    for laptop in laptops:
        laptop.sync(trained)
    for step in schedule:
        _take(step, laptops, people, trained)
    for _ in range(2):
        assert all(laptop.sync(trained).in_step for laptop in laptops)
    all_agree(laptops)
    for laptop in laptops:
        laptop.vault.lock()


def _take(step: tuple[object, ...], laptops: list[Laptop], people: list[str], served: House) -> None:
    match step:
        case ("edit", int(who), int(whom), str(name), (str() | bool() | None) as value):
            laptops[who].change(people[whom], **{name: value})
        case ("trip", int(who), str(fate)):
            with suppress(Trouble) if fate != "whole" else nullcontext():
                laptops[who].sync(Line(served, fate))
