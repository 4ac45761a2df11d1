"""Snapshots while the commune works on: nobody waits for one, and any process serves any block of it."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import ExitStack
from functools import partial
from itertools import cycle
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from sqlalchemy import func, select
from starlette.testclient import TestClient

from app.central import snapshots as offering
from app.central.keys import Keys
from app.central.preparing import Preparing
from app.central.service import Service, application
from app.domain.errors import Refusal, Trouble
from app.seal.keys import MESSAGE, sign
from app.store import snapshots
from app.store.central_tables import snapshot as snapshot_table
from app.store.central_tables import snapshot_block
from app.store.centre import Centre
from app.sync import conversation, snapshot
from app.sync.snapshot import Built
from tests.bench.processes import wait_for
from tests.central.conftest import REAL
from tests.central.laptops import House, Laptop, all_agree, house


@pytest.fixture(autouse=True)
def near(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few people are enough for a snapshot."""
    for end in (conversation, snapshot):
        monkeypatch.setattr(end, "FAR", 1)


class Exchanges:
    """A carrier that brings no snapshots."""

    def __init__(self, served: House) -> None:
        self.exchange = served.exchange


def joined(found: House, folder: Path) -> Laptop:
    laptop = Laptop.new(folder, found.code, found.clock)
    found.enrol(laptop)
    return laptop


def test_exchanges_go_on_while_a_snapshot_is_built(
    served: House, pair: list[Laptop], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a, b = pair
    for _ in range(3):
        a.new_person()
    a.sync(Exchanges(served))
    build = snapshot._blocks

    def slowly(*args: object) -> Iterator[bytes]:
        for block in build(*args):  # type: ignore[arg-type]
            b.new_person()
            assert b.sync(Exchanges(served)).in_step
            yield block

    monkeypatch.setattr(snapshot, "_blocks", slowly)
    new = joined(served, tmp_path)  # from here on it is being built
    filled = conversation.fill(new.vault, served, new.device, new.progress)
    assert filled is not None
    with served.centre.read() as connection:
        newest = snapshots.newest(connection, served.code)
    assert newest is not None
    assert newest[0] == 3
    for laptop in (new, a):
        laptop.sync(Exchanges(served))
    all_agree([a, b, new])
    new.vault.lock()


def test_two_that_built_the_same_snapshot_offer_one(served: House, pair: list[Laptop]) -> None:
    pair[0].new_person()
    pair[0].sync(Exchanges(served))
    with served.centre.read() as connection:
        first, second = (
            snapshot.build(connection, served.code, lambda _: b"", lambda _, mark=mark: mark)  # type: ignore[misc]
            for mark in (b"first", b"second")
        )
    for built in (first, second):
        with served.centre.write() as connection:
            assert snapshot.keep(connection, served.code, built) == b"first"
    with served.centre.read() as connection:
        assert connection.scalar(select(func.count()).select_from(snapshot_table)) == 1
        assert connection.scalar(select(func.count()).select_from(snapshot_block)) == len(first.ends)


class Processes:
    """One commune served by several processes: each question goes to the next of them."""

    def __init__(self, houses: list[House]) -> None:
        self._next = cycle(houses)

    def exchange(self, request: bytes) -> bytes:
        return next(self._next).exchange(request)

    def snapshot(self, asked: bytes) -> bytes:
        return next(self._next).snapshot(asked)

    def blocks(self, asked: bytes, seq: int, first: int) -> Generator[bytes, None, None]:
        return next(self._next).blocks(asked, seq, first)

    def history(self, asked: bytes) -> bytes:
        return next(self._next).history(asked)


def test_any_process_serves_any_block(postgres_url: str, keys: Keys, tmp_path: Path) -> None:
    with ExitStack() as stack:
        first = stack.enter_context(house(postgres_url, keys, REAL))
        centres = [Centre.open(postgres_url) for _ in range(2)]
        clients = [
            stack.enter_context(TestClient(application(Service(centre, keys, first.clock))))
            for centre in centres
        ]
        houses = [
            first,
            *(House(c, keys, REAL, first.clock, client) for c, client in zip(centres, clients, strict=True)),
        ]
        old = joined(first, tmp_path)
        for _ in range(4):
            old.new_person()
        old.sync(Exchanges(first))
        new = [joined(first, tmp_path) for _ in range(3)]
        for laptop in new:
            assert laptop.sync(Processes(houses)).in_step
        all_agree([old, *new])
        with first.centre.read() as connection:
            assert connection.scalar(select(func.count()).select_from(snapshot_table)) == 1
        for laptop in [old, *new]:
            laptop.vault.lock()
        for centre in centres:
            centre.close()


def test_a_snapshot_is_made_when_a_laptop_joins(served: House, pair: list[Laptop], tmp_path: Path) -> None:
    pair[0].new_person()
    pair[0].sync(Exchanges(served))
    new = joined(served, tmp_path)
    wait_for(lambda: _newest(served) == 1)
    assert new.sync(served).in_step
    new.vault.lock()


def _newest(served: House) -> int:
    with served.centre.read() as connection:
        found = snapshots.newest(connection, served.code)
    return found[0] if found else 0


def test_whoever_comes_while_it_is_made_is_told_to_ask_again(
    served: House, pair: list[Laptop], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair[0].new_person()
    pair[0].sync(Exchanges(served))
    may_end, build, built = Event(), snapshot.build, list[int]()

    def slowly(*args: Any) -> Built:
        built.append(1)
        assert may_end.wait(20)
        return build(*args)

    monkeypatch.setattr(snapshot, "build", slowly)
    monkeypatch.setattr(offering, "PATIENCE_SECONDS", 0.1)
    new = joined(served, tmp_path)
    with new.vault.read() as connection:
        asked = snapshot.ask(connection, new.device.id, partial(sign, new.device.key, MESSAGE))
    for _ in range(2):
        with pytest.raises(Refusal, match=r"central\.preparing"):
            served.snapshot(asked)
    may_end.set()
    wait_for(lambda: _newest(served) == 1)
    assert new.sync(served).in_step
    assert built == [1]
    new.vault.lock()


def test_what_cannot_be_made_is_said_to_whoever_waits_and_tried_again() -> None:
    outcomes: list[bytes | Exception] = [Trouble("store.full"), b"made"]

    def make(_code: str, _after: int) -> bytes:
        found = outcomes.pop(0)
        if isinstance(found, Exception):
            raise found
        return found

    preparing = Preparing(make)
    with pytest.raises(Trouble, match=r"store\.full"):
        preparing.wait("00001", 0, 20)
    assert preparing.wait("00001", 0, 20) == b"made"


def test_what_was_begun_for_less_is_not_given_to_whoever_asks_for_more() -> None:
    may_end = Event()

    def make(_code: str, after: int) -> bytes:
        assert may_end.wait(20)
        return str(after).encode()

    preparing = Preparing(make)
    preparing.begin("00001", 3)
    may_end.set()
    while (made := preparing.wait("00001", 7, 20)) is None:
        pass
    assert made == b"7"
