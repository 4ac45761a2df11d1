"""What a line costs, and that a desk keeps one from talk to talk until it is locked."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

import pytest

from app.actions import exchange
from app.domain.progress import Progress
from tests import desks
from tests.central.laptops import Clock, Laptop
from tests.sync.serving import TRAINING, Running, carrier_of, join, served


@contextmanager
def counted(address: str) -> Iterator[tuple[str, list[int]]]:
    """A relay in front of an address, and how many bytes went through it in all."""
    where, total = urlsplit(address), [0]

    def pump(source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(1 << 16):
                total[0] += len(data)
                sink.sendall(data)
        with suppress(OSError):
            sink.shutdown(socket.SHUT_WR)

    with socket.create_server(("127.0.0.1", 0)) as server:
        relayed = Thread(target=lambda: relay(server.accept()[0]))

        def relay(near: socket.socket) -> None:
            with near, socket.create_connection((where.hostname, where.port)) as far:
                back = Thread(target=pump, args=(far, near))
                back.start()
                pump(near, far)
                back.join()

        relayed.start()
        yield f"https://127.0.0.1:{server.getsockname()[1]}", total
        relayed.join()


@pytest.fixture
def other_running(tmp_path: Path) -> Iterator[Running]:
    """A centre whose code nobody has used."""
    (tmp_path / "centre").mkdir()
    with served(tmp_path / "centre") as found:
        yield found


def test_nothing_new_costs_six_hundred_bytes(other_running: Running, tmp_path: Path) -> None:
    a = Laptop.new(tmp_path, TRAINING, Clock(time.time_ns() // 1_000_000 - 60_000))
    join(a, other_running)
    a.new_person()
    with counted(other_running.code.address) as (address, total), carrier_of(a, address) as carrier:
        assert a.sync(carrier).in_step
        before, done = total[0], a.sync(carrier)
        assert (done.exchanges, done.in_step) == (1, True)
        # The ids of real laptops are fourteen characters longer, once there and once back.
        assert total[0] - before + 28 <= 600
    a.vault.lock()


def test_one_line_serves_a_desk_until_it_is_locked(
    other_running: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desks.make_keys_cheap(monkeypatch)
    desk = desks.found(tmp_path / "laptop", code=TRAINING).desk
    exchange.enrol_laptop(Progress(), desk, other_running.code.text())
    with counted(other_running.code.address) as (address, total):  # lets one line through, and no other
        exchange.move_centre(desk, address)
        for _ in range(2):
            assert exchange.exchange(Progress(), desk).in_step
        exchange.fetch_past(Progress(), desk)
        desk.vault.lock()
    assert total[0] > 0
