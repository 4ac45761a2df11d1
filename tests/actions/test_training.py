"""The training centre is started and never left behind; who comes to approve finds something to approve."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.actions import training
from app.actions.invented.officers import SEATS, seats
from app.bootstrap.training import begin_training
from app.domain.errors import Cancelled, Trouble
from app.domain.progress import Progress
from app.resources import load_reference
from app.sandbox.companions import Service, start_service
from app.store import queue
from app.store.laptop import Laptop
from tests.desks import make_keys_cheap


def test_who_stops_waiting_for_the_centre_leaves_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[Service] = []

    def start(argv: list[str], log: Path) -> Service:
        started.append(start_service(argv, log))
        return started[0]

    monkeypatch.setattr(training, "start_service", start)
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        training.start_centre(progress, tmp_path, "00000", "Mường Sen")
    assert not started[0].is_running


def test_who_comes_to_approve_on_the_first_day_finds_what_another_proposed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_keys_cheap(monkeypatch)
    monkeypatch.setattr(training, "PEOPLE", 40)

    def no_centre(*_wanted: object) -> None:
        raise Trouble("training.centre")

    monkeypatch.setattr(training, "start_centre", no_centre)
    day = begin_training(Progress(), Laptop(tmp_path), load_reference(), approves=True)
    desk = day.entered.desk
    try:
        assert desk.officer.name == SEATS[0].approver
        with desk.vault.read() as connection:
            waiting = queue.waiting(connection, 100)
        assert waiting
        assert desk.officer.id not in {each.by.author for each in waiting if each.by}
    finally:
        desk.vault.lock()


def test_at_each_laptop_of_a_machine_sit_two_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_keys_cheap(monkeypatch)
    monkeypatch.setattr(training, "PEOPLE", 3)

    def no_centre(*_wanted: object) -> None:
        raise Trouble("training.centre")

    monkeypatch.setattr(training, "start_centre", no_centre)
    known, names = load_reference(), list[str]()
    places = (tmp_path, tmp_path / "profiles" / "second", tmp_path / "profiles" / "third")
    for home in (*places, *places):
        for approves in (False, True):
            desk = begin_training(Progress(), Laptop(home), known, approves=approves).entered.desk
            names.append(desk.officer.name)
            desk.vault.lock()
    assert len(set(names[:6])) == 6
    assert names[6:] == names[:6]  # and stay who they are


def test_more_laptops_than_names_seat_somebody_all_the_same() -> None:
    everybody = {each.officer for each in SEATS}
    assert seats((), everybody) == SEATS[-1]
    assert seats((SEATS[1].approver, SEATS[1].officer), ()) == SEATS[1]
