"""Desks at real vaults, with keys that are cheap to derive: what tests of actions and rooms sit at."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.actions.accounts import Enrolment, enrol
from app.actions.desk import Desk
from app.bootstrap import entering, shelves
from app.bootstrap.entering import Entered
from app.bootstrap.shelves import Shelf
from app.domain.places import Place
from app.domain.reference import Reference
from app.resources import load_reference
from app.store.keyslots import Guard
from app.store.laptop import Laptop
from tests.store.office import CHEAP

COMMUNE = "03979"
OFFICER, PASSWORD = "Lò Thị Hạnh", "con trâu đi trước"


def make_keys_cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2 at its full cost would be most of a test's time."""
    monkeypatch.setattr(Shelf, "guard", lambda at: Guard(CHEAP, names=(at.place.name,), ask_system=False))


def found(home: Path, reference: Reference | None = None, code: str = COMMUNE) -> Entered:
    """A commune begun on a laptop of its own."""
    known = reference or load_reference()
    at = shelves.shelf(Laptop(home), shelves.place_of(known, code))
    entered = entering.found(at, OFFICER, PASSWORD, "officer", known)
    at.keyfile().confirm_recovery()
    return entered


def found_again(home: Path, code: str = COMMUNE) -> Desk:
    """The same desk at the next unlock."""
    known = load_reference()
    at = shelves.shelf(Laptop(home), shelves.place_of(known, code))
    return entering.unlock(at, at.keyfile().officers[0].officer, PASSWORD, known).desk


def enrolled(desk: Desk, person: str, holder: str) -> None:
    """An account proposed for her, as the drive would."""
    bank = desk.reference.providers.find("BIDV")
    assert bank is not None
    enrolment = Enrolment(
        person, "bank", bank.code, "12610001845", holder, "typed", "Tôi đồng ý", "fingerprint"
    )
    enrol(desk, enrolment)


def place() -> Place:
    """The commune of these tests."""
    return shelves.place_of(load_reference(), COMMUNE)


def desk_of(home: Path) -> Desk:
    """The desk alone."""
    return found(home).desk


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """A desk at a new register, locked afterwards."""
    make_keys_cheap(monkeypatch)
    made = desk_of(tmp_path / "home")
    yield made
    made.vault.lock()
