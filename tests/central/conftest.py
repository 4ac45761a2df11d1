"""A centre on PostgreSQL and one in a file, and two laptops of its commune, enrolled."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.central.keys import Keys
from tests.central.laptops import House, Laptop, house, new_keys
from tests.central.sticks import Stick

REAL, TRAINING = "03160", "T0001"


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    """One centre's keys for all tests: they hold no state."""
    return new_keys(tmp_path_factory.mktemp("centre") / "keys")


@pytest.fixture(params=["postgresql", "sqlite"])
def served(request: pytest.FixtureRequest, keys: Keys, tmp_path: Path) -> Iterator[House]:
    """The service on each kind of database."""
    if request.param == "postgresql":
        where, code = request.getfixturevalue("postgres_url"), REAL
    else:
        where, code = tmp_path / "centre.db", TRAINING
    with house(where, keys, code) as found:
        yield found


@pytest.fixture
def trained(keys: Keys, tmp_path: Path) -> Iterator[House]:
    """The service on a file, where the kind of database does not matter."""
    with house(tmp_path / "centre.db", keys, TRAINING) as found:
        yield found


@pytest.fixture
def pair(served: House, tmp_path: Path) -> Iterator[list[Laptop]]:
    """Two laptops enrolled with `served`."""
    yield from _enrolled(served, tmp_path)


@pytest.fixture
def trained_pair(trained: House, tmp_path: Path) -> Iterator[list[Laptop]]:
    """Two laptops enrolled with `trained`."""
    yield from _enrolled(trained, tmp_path)


@pytest.fixture
def carried(tmp_path: Path) -> Iterator[Stick]:
    """A stick that is carried between them."""
    made = Stick(tmp_path / "stick")
    with made.child:
        yield made


def _enrolled(found: House, folder: Path) -> Iterator[list[Laptop]]:
    laptops = [Laptop.new(folder, found.code, found.clock) for _ in range(2)]
    for laptop in laptops:
        found.enrol(laptop)
    yield laptops
    for laptop in laptops:
        laptop.vault.lock()
