"""Snapshots while the commune works on: nobody waits for one, and any process serves any block of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from itertools import cycle
from pathlib import Path

import pytest
from sqlalchemy import func, select
from starlette.testclient import TestClient

from app.central.keys import Keys
from app.central.service import Service, application
from app.store import snapshots
from app.store.central_tables import snapshot as snapshot_table
from app.store.central_tables import snapshot_block
from app.store.centre import Centre
from app.sync import conversation, snapshot
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
    new, build = joined(served, tmp_path), snapshot._blocks

    def slowly(*args: object) -> Iterator[bytes]:
        for block in build(*args):  # type: ignore[arg-type]
            b.new_person()
            assert b.sync(Exchanges(served)).in_step
            yield block

    monkeypatch.setattr(snapshot, "_blocks", slowly)
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
        assert connection.scalar(select(func.count()).select_from(snapshot_block)) == len(first.blocks)


class Processes:
    """One commune served by several processes: each question goes to the next of them."""

    def __init__(self, houses: list[House]) -> None:
        self._next = cycle(houses)

    def exchange(self, request: bytes) -> bytes:
        return next(self._next).exchange(request)

    def snapshot(self, asked: bytes) -> bytes:
        return next(self._next).snapshot(asked)

    def block(self, asked: bytes, seq: int, no: int) -> bytes:
        return next(self._next).block(asked, seq, no)

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
