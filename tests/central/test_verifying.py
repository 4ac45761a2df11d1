"""A register looked over from its file alone: what is sound is said to be so, and what is not is named."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from random import Random
from unittest.mock import patch

import pytest
from sqlalchemy import Connection, text

from app.central.keys import Keys
from app.domain.in_force import EVIDENCE, MISMATCH, WAITS
from app.domain.progress import Progress
from app.resources import load_rights
from app.store import at_rest, ground, outbox, witness
from app.sync import conversation, snapshot, verifying
from app.sync.verifying import InForce, Register, Report
from tests.central.attacks import ATTACKS, Attack
from tests.central.laptops import House, Laptop
from tests.central.paying import TwoHands, approve, pay, propose, seated
from tests.longway import the_long_way

SHARE = 2_000 if os.environ.get("SOAK") else 120
TODAY = date(2026, 11, 29)
RIGHTS = load_rights()


class Rolled(Exception):
    """Nothing of an attack stays."""


@contextmanager
def attacked(office: Office) -> Iterator[Connection]:
    """A transaction of which nothing stays."""
    with suppress(Rolled), office.maker.vault.write() as connection:
        yield connection
        raise Rolled


def look_over_within(connection: Connection, office: Office) -> Report:
    return Register.of(connection, office.folder, office.maker.officer, RIGHTS).look_over(Progress())


def look_over(laptop: Laptop, folder: Path) -> Report:
    with laptop.vault.read() as connection:
        return Register.of(connection, folder, laptop.officer, RIGHTS).look_over(Progress())


def in_force(connection: Connection, laptop: Laptop, folder: Path) -> InForce:
    return Register.of(connection, folder, laptop.officer, RIGHTS).in_force(Progress(), TODAY)


def numbers(found: InForce) -> dict[str, object]:
    """Person → the number where she is paid."""
    return {line.person: line.cells["number"] for line in found.lines}


class Office(TwoHands):
    """Two laptops of a commune after some weeks of work."""

    def __init__(self, found: House, folder: Path) -> None:
        super().__init__(found, folder)
        self.people = [pay(self.maker, self.checker, self.sync, name=f"Vi Văn {at}") for at in range(4)]
        self._work()
        self.put_away()

    def put_away(self) -> None:
        """The maker's laptop remembers where it stands, as it does when it is locked."""
        with self.maker.vault.write() as connection:
            witness.keep(self.folder, witness.stands(connection))

    def _work(self) -> None:
        """Corrections, a conflict, a value overwritten, a second account, something that waits."""
        first, second, *_ = self.people
        self.maker.change(first, birth="1950-02-03", phone="0912000111")
        self.checker.change(first, birth="1951-02-03", phone="0912000222")
        self.sync(self.maker, self.checker, self.maker)
        _account, proposal = propose(self.maker, second, number="8888888888")
        self.sync(self.maker)
        self.sync(self.checker)
        approve(self.checker, proposal)
        self.sync(self.checker)
        self.sync(self.maker)
        propose(self.maker, first, number="7777777777")
        self.maker.change(second, note="còn chờ gửi")


@pytest.fixture(scope="module")
def office(keys: Keys, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("office")
    with seated(Office, keys, folder) as made:
        yield made


def test_a_register_in_use_is_sound(office: Office) -> None:
    for laptop in (office.maker, office.checker):
        report = look_over(laptop, office.folder if laptop is office.maker else office.folder / "none")
        assert report.faults == ()
        with laptop.vault.read() as connection:
            assert report.waiting == outbox.waiting(connection)
            assert report.sets == ground.ground(connection).cursor > 10


def test_the_list_is_what_two_officers_signed(office: Office) -> None:
    for laptop in (office.maker, office.checker):
        with laptop.vault.read() as connection:
            found = in_force(connection, laptop, office.folder / "none")
        assert {line.person for line in found.lines} == set(office.people)
        assert found.left == ()
        assert {line.cells["number"] for line in found.lines if line.person == office.people[1]} == {
            "8888888888"
        }
        for line in found.lines:
            assert line.paid.approver == office.checker.officer.id
            assert line.paid.proposers == {office.maker.officer.id}


def test_a_laptop_just_filled_gives_no_alarm_and_no_list_until_its_history_is_here(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    for end in (conversation, snapshot):
        monkeypatch.setattr(end, "FAR", 1)
    monkeypatch.setattr(snapshot, "SEQS", 3)
    late = Laptop.new(office.folder, office.found.code, office.found.clock)
    office.found.enrol(late)
    office.sync(late)
    nowhere = office.folder / "none"
    with late.vault.read() as connection:
        found = in_force(connection, late, nowhere)
    assert found.report.faults == ()
    assert found.report.arriving > 0
    assert found.lines == ()
    assert {(each.person, each.why) for each in found.left} == {(who, EVIDENCE) for who in office.people}
    conversation.fetch_history(late.vault, office.found, late.device, 60)
    with late.vault.read() as connection:
        found = in_force(connection, late, nowhere)
    late.vault.lock()
    assert (found.report.faults, found.report.arriving) == ((), 0)
    assert {line.person for line in found.lines} == set(office.people)


def test_rows_edited_never_reach_a_list(office: Office) -> None:
    victim, thief = office.people[2], office.people[3]
    for edit in (
        "UPDATE account SET number = '6666' WHERE person = :victim",
        "UPDATE person SET receiving_account = (SELECT receiving_account FROM person WHERE id = :thief) "
        "WHERE id = :victim",
        "DELETE FROM account WHERE person = :victim",
        "DELETE FROM person WHERE id = :victim",
    ):
        with attacked(office) as connection:
            truth = numbers(in_force(connection, office.maker, office.folder))
            connection.execute(text(edit), {"victim": victim, "thief": thief})
            found = in_force(connection, office.maker, office.folder)
            assert numbers(found).items() <= truth.items()
            assert {each.person: each.why for each in found.left} == {victim: MISMATCH}
            assert any(fault.code == "row" for fault in found.report.faults)


def test_an_approval_that_waits_is_not_in_force(office: Office) -> None:
    person = office.people[3]
    _account, proposal = propose(office.maker, person, number="5555555555")
    office.sync(office.maker)
    office.sync(office.checker)
    approve(office.checker, proposal)
    with office.checker.vault.read() as connection:
        found = in_force(connection, office.checker, office.folder / "none")
    assert {each.person: each.why for each in found.left} == {person: WAITS}
    office.sync(office.checker)
    with office.checker.vault.read() as connection:
        found = in_force(connection, office.checker, office.folder / "none")
    assert found.left == ()
    assert "5555555555" in {line.cells["number"] for line in found.lines}


def test_an_ending_that_waits_is_heeded(office: Office) -> None:
    """Whoever is known here to be dead is not paid for as long as the laptop finds no line."""
    person = office.people[3]
    for state, left in (("died", {person: WAITS}), ("active", {})):
        office.checker.change(person, state=state)
        with office.checker.vault.read() as connection:
            found = in_force(connection, office.checker, office.folder / "none")
        assert {each.person: each.why for each in found.left} == left
        assert (person in numbers(found)) == (state == "active")
    office.sync(office.checker)
    office.sync(office.maker)


@pytest.mark.parametrize("alone", [0, 1_000_000])
def test_each_signature_that_does_not_hold_is_named(office: Office, alone: int) -> None:
    """Whoever of several looked at it."""
    edit = text("UPDATE changes SET signature = zeroblob(64) WHERE seq IN (3, 8, 9)")
    with attacked(office) as connection, patch.object(at_rest, "_PAGE", 4):
        connection.execute(edit)
        with patch.object(verifying, "_ALONE", alone), patch("os.cpu_count", lambda: 2):
            found = look_over_within(connection, office)
        assert [(fault.code, fault.seq) for fault in found.faults] == [("signature", at) for at in (3, 8, 9)]


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_every_line_edited_deleted_swapped_or_cut_off_is_found(office: Office, attack: Attack) -> None:
    """Of a laptop that was put away: what was written since it last remembered may be cut off unseen."""
    office.put_away()
    for seed in range(SHARE // len(ATTACKS) + 1):
        with attacked(office) as connection:
            attack(connection, Random(f"{attack.__name__}/{seed}"))
            found = look_over_within(connection, office)
            assert found.faults, seed
            if not seed % 4:
                with the_long_way():
                    assert look_over_within(connection, office) == found, seed
            if seed % 4 == 1:
                with patch.object(verifying, "_ALONE", 0), patch("os.cpu_count", lambda: 2):
                    assert look_over_within(connection, office) == found, seed
