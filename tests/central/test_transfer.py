"""Commune → commune by stick: a signed transfer, vouched for by the centre, read there and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.central.deeds import Operating, revoke_laptop
from app.domain.errors import Coded
from app.domain.progress import Progress
from app.seal import bundles
from app.seal.keys import OfficerKey, SigningKey
from app.sync import stick, transfer
from app.sync.enrolment import CENTRE
from app.sync.policy import centre_of
from tests.central.laptops import House, Laptop
from tests.central.sticks import Stick

THERE = "T0002"


@pytest.fixture
def communes(trained: House, tmp_path: Path) -> Iterator[tuple[Laptop, Laptop]]:
    """A laptop of the commune that she leaves, one of that to which she moves."""
    trained.open_commune(THERE)
    here, there = (Laptop.new(tmp_path, code, trained.clock) for code in (trained.code, THERE))
    for laptop in (here, there):
        trained.enrol(laptop)
        laptop.sync(trained)
    yield here, there
    for laptop in (here, there):
        laptop.vault.lock()


def written(
    carried: Stick, laptop: Laptop, person: str, officer: OfficerKey | None = None, to: str = THERE
) -> Path:
    """Her transfer on a stick."""
    move = {"person": person, "to": to, "month": "2026-12"}
    with laptop.vault.write() as connection:
        draft = transfer.draft(connection, laptop.end, officer or laptop.officer, move, 1_790_000_000_000)
        sealing = centre_of(connection).sealing
    made = stick.write(draft, laptop.device.key, [sealing], carried.place(), Progress())
    carried.note(laptop, made)
    return made.written.path


def moving(trained: House, here: Laptop) -> str:
    """Somebody the journal knows, an edit that waits, and a neighbour in the same set."""
    person = here.new_person(hamlet="Bản Nà Lốc", phone="0912000111")
    here.new_person(name="Vàng A Dế")
    here.sync(trained)
    here.change(person, phone="0912000222")
    return person


def test_she_comes_with_what_the_journal_says(
    trained: House, communes: tuple[Laptop, Laptop], carried: Stick
) -> None:
    here, there = communes
    person = moving(trained, here)
    handed = carried.handle(trained, written(carried, here, person))
    assert (handed.commune, handed.went.peer) == (trained.code, THERE)
    arrived, told = carried.look(there, handed.file)
    assert (told.moved, arrived.again) == (1, False)
    before = there.cells()
    assert carried.take(there, handed.file).moved == 1
    assert there.cells() == before  # an officer there opens her file, or does not
    assert carried.look(there, handed.file)[0].again
    statement = next(iter(_kept(there)))
    assert (statement.person, statement.to, statement.month) == (person, THERE, "2026-12")
    [moved] = statement.records
    assert moved.values["phone"] == "0912000111"  # what waits is nobody's yet
    assert len(moved.sets) == 1
    with pytest.raises(Coded, match="not_for_us"):
        carried.take(here, handed.file)


def test_those_who_come_out_of_two_communes_lie_side_by_side() -> None:
    """Transfers are counted by the commune that is left; the files lie in one folder at the centre."""
    one, other = (
        bundles.Manifest(bundles.FORMAT, bundles.new_id(), "transfer", CENTRE, THERE, 1, "", "", 1, "", 0, {})
        for _ in range(2)
    )
    assert stick.file_name(one) != stick.file_name(other)
    assert stick.file_name(one).startswith(f"centre-{THERE}-transfer-0001-{one.id[:8]}")


def _kept(laptop: Laptop) -> list[transfer.Transfer]:
    with laptop.vault.read() as connection:
        return transfer.all_kept(connection)


def test_nobody_is_moved_by_whom_the_centre_does_not_know(
    trained: House, communes: tuple[Laptop, Laptop], carried: Stick
) -> None:
    here, _there = communes
    person = moving(trained, here)
    stranger = OfficerKey(here.officer.id, here.officer.name, SigningKey.generate())
    nowhere = written(carried, here, person, to="T0009")
    for file, code in (
        (written(carried, here, person, stranger), "bundle.sender"),
        (nowhere, "transfer.laptops"),
    ):
        with pytest.raises(Coded) as caught:
            carried.handle(trained, file)
        assert caught.value.code == code
    with pytest.raises(Coded, match=r"transfer\.nobody"):
        written(carried, here, "f" * 32)
    true = written(carried, here, person)
    at = Operating(trained.centre, trained.keys, "huy", trained.clock())
    revoke_laptop(at, trained.code, here.device.id, "stolen")
    with pytest.raises(Coded, match=r"bundle\.sender"):
        carried.handle(trained, true)
