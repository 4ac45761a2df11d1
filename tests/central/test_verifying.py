"""A register looked over from its file alone: what is sound is said to be, and what is not, named."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.actions.verifying import Register, Report
from app.domain.progress import Progress
from app.store import outbox
from tests.central.laptops import House, Laptop
from tests.central.paying import may_approve, pay


def look_over(laptop: Laptop, folder: Path) -> Report:
    with laptop.vault.read() as connection:
        return Register.of(connection, folder, laptop.officer).look_over(Progress())


@pytest.fixture
def office(trained: House, trained_pair: list[Laptop]) -> list[Laptop]:
    """Two laptops; the second one's officer may approve."""
    may_approve(trained, trained_pair[1])
    return trained_pair


def test_a_register_in_use_is_sound(trained: House, office: list[Laptop], tmp_path: Path) -> None:
    maker, checker = office
    people = [pay(maker, checker, lambda it: it.sync(trained), name=f"Vi Văn {at}") for at in range(3)]
    maker.change(people[0], phone="0912000111")
    maker.change(people[0], name="Vi Văn Sáng")
    checker.change(people[0], name="Vi Văn Sáu")
    checker.change(people[1], phone="0912000222")
    maker.sync(trained)
    checker.sync(trained)
    maker.change(people[2], note="chờ")
    maker.sync(trained)
    maker.change(people[1], note="còn chờ gửi")
    for laptop in office:
        report = look_over(laptop, tmp_path)
        assert report.faults == ()
        assert report.sets > 10
        with laptop.vault.read() as connection:
            assert report.waiting == outbox.waiting(connection)
