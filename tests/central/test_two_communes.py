"""An office of one: an officer who approves for two communes holds a vault of each on one laptop.

In each she has a slot, a key and a certificate of its own; whoever works there alone proposes, and she puts
it in force, at the console or through the actions a window calls. Neither vault knows of the other.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from app.actions import approvals
from app.actions.approvals import Shown
from app.actions.desk import Desk
from app.actions.people import add_person
from app.bootstrap import shelves
from app.central.deeds import Operating, certify_officer
from app.central.keys import Keys
from app.cli import frame, unlocking
from app.domain.approval import agreed
from app.domain.changes import ChangeSet, Edit, lone
from app.domain.errors import Refusal
from app.domain.progress import Progress
from app.resources import load_reference
from app.seal.keys import CHANGE_SET, sign
from app.store.approvals import ground
from app.store.laptop import Laptop as Shelves
from app.store.tables import records
from app.sync.messages import PROTOCOL, SyncRequest
from app.sync.verifying import InForce, Register
from tests import desks
from tests.central.conftest import REAL
from tests.central.laptops import House, Laptop, answer_of, house
from tests.desks import PASSWORD

OTHER = desks.COMMUNE
TODAY = date(2026, 11, 29)


def as_laptop(desk: Desk) -> Laptop:
    """The desk, to be driven like the other laptops."""
    return Laptop(desk.vault, desk.device_key, desk.officer_key, desk.pen, desk.ids, desk.files)


class Offices:
    """Two communes with one officer each, and an approver's laptop with a vault of both."""

    def __init__(self, found: House, folder: Path) -> None:
        self.found, self.home = found, folder / "approver"
        found.open_commune(OTHER)
        self.makers = {code: desks.found(folder / code, code=code).desk for code in (REAL, OTHER)}
        self.approver = {code: desks.found(self.home, code=code).desk for code in (REAL, OTHER)}
        for code in (REAL, OTHER):
            for desk in (self.makers[code], self.approver[code]):
                found.enrol(as_laptop(desk))
            self.certify(code, self.approver[code])
        self.people = {code: self._proposed(code) for code in (REAL, OTHER)}

    def certify(self, code: str, desk: Desk) -> None:
        """The centre lets her approve there."""
        at = Operating(self.found.centre, self.found.keys, "root", self.found.clock())
        certify_officer(at, code, desk.officer.id, ("officer", "approver"))

    def _proposed(self, code: str) -> str:
        maker = self.makers[code]
        her = add_person(maker, {"name": "Lò Thị Lan", "birth": "1951"}, "add")
        desks.enrolled(maker, her, "LO THI LAN")
        self.sync(maker, self.approver[code])
        return her

    def sync(self, *at: Desk) -> None:
        for desk in at:
            as_laptop(desk).sync(self.found)

    def unlocked_again(self, code: str) -> Desk:
        """With the role that the centre gave her meanwhile."""
        self.approver[code].vault.lock()
        self.approver[code] = desks.found_again(self.home, code)
        return self.approver[code]

    def in_force(self, code: str) -> InForce:
        self.sync(self.makers[code])
        desk = self.makers[code]
        with desk.vault.whole() as connection:
            register = Register.of(connection, desk.folder, desk.officer_key, desk.reference.rights)
            return register.in_force(Progress(), TODAY)


@pytest.fixture
def offices(
    keys: Keys, postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Offices]:
    desks.make_keys_cheap(monkeypatch)
    monkeypatch.setenv("SOANSINH_HOME", str(tmp_path / "approver"))
    monkeypatch.setattr(unlocking, "getpass", lambda _asked: PASSWORD)
    with house(postgres_url, keys, REAL) as found:
        made = Offices(found, tmp_path)
        yield made
        for desk in (*made.makers.values(), *made.approver.values()):
            desk.vault.lock()


def accept(desk: Desk, proposal: str) -> None:
    """As a window does."""
    with desk.vault.read() as connection:
        shown = Shown(proposal, agreed(proposal, ground(connection, [proposal]).standing))
    approvals.accept(desk, shown, desk.prove(PASSWORD))


def waiting(code: str, capfd: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    capfd.readouterr()
    assert frame.run(["approvals", "list", "--commune", code, "--json"]) == 0
    return [json.loads(line) for line in capfd.readouterr().out.splitlines()]


def test_one_laptop_two_vaults_and_a_second_pair_of_eyes_in_each(
    offices: Offices, capfd: pytest.CaptureFixture[str]
) -> None:
    held = shelves.shelves(Shelves(offices.home), load_reference())
    assert {at.place.code for at in held} == {REAL, OTHER}
    for desk in offices.approver.values():
        desk.vault.lock()
    for code in (REAL, OTHER):
        (line,) = waiting(code, capfd)
        assert (line["name"], line["barred"]) == ("Lò Thị Lan", "")
        if code == REAL:
            assert frame.run(["approvals", "accept", str(line["proposal"]), "--commune", code]) == 0
        else:
            accept(offices.unlocked_again(code), str(line["proposal"]))
    for code in (REAL, OTHER):
        offices.sync(offices.unlocked_again(code))
        found = offices.in_force(code)
        assert (found.report.faults, found.left) == ((), ())
        (line_in_force,) = found.lines
        assert line_in_force.person == offices.people[code]
        assert line_in_force.paid.approver == offices.approver[code].officer.id
        assert line_in_force.paid.proposers == {offices.makers[code].officer.id}


def test_her_keys_are_apart_and_neither_signs_for_the_other_commune(offices: Offices) -> None:
    here, there = offices.approver[REAL], offices.approver[OTHER]
    assert here.officer.id != there.officer.id
    assert here.officer_key.key.public != there.officer_key.key.public
    assert here.device_key.id != there.device_key.id
    edits = [Edit("person", "e" * 32, "name", "Lò Thị Khác")]
    made = ChangeSet(OTHER, here.officer.id, there.device_key.id, 1, "", 9 << 40, "x", lone(edits))
    asked = SyncRequest(
        PROTOCOL,
        OTHER,
        there.device_key.id,
        99,
        0,
        bytes(32),
        0,
        [(made.body, sign(here.officer_key.key, CHANGE_SET, made.body))],
    )
    answer = answer_of(offices.found, offices.found.exchange(as_laptop(there).signed(asked)))
    assert [receipt.why for receipt in answer.receipts] == ["stranger"]


def test_whoever_works_alone_puts_nothing_of_her_own_in_force(offices: Offices) -> None:
    """Not even where the centre lets her approve."""
    maker = offices.makers[REAL]
    offices.certify(REAL, maker)
    offices.sync(maker)
    maker.vault.lock()
    offices.makers[REAL] = maker = desks.found_again(maker.folder.parents[1], REAL)
    assert "approver" in maker.officer.roles
    with maker.vault.read() as connection:
        proposal = connection.scalar(select(records["proposal"].c.id))
    with pytest.raises(Refusal, match=r"approval\.same_officer"):
        accept(maker, str(proposal))
