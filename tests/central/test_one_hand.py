"""What the centre itself proposes is no officer's word: nobody puts it in force alone, or with the centre."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial
from pathlib import Path

import pytest

from app.central.deeds import Operating, certify_service
from app.central.keys import Keys
from app.domain.changes import Atom, ChangeSet, Edit, canonical, lone, unpack_verdicts
from app.domain.in_force import MISMATCH
from app.domain.progress import Progress
from app.domain.records import Value
from app.domain.roles import Bench
from app.resources import load_rights
from app.seal.keys import CHANGE_SET, MESSAGE, SigningKey, sign
from app.store import journal
from app.store.opened import open_record
from app.sync import messages
from app.sync.messages import PROTOCOL, SyncRequest
from app.sync.verifying import Register
from tests.central.conftest import TRAINING
from tests.central.laptops import House
from tests.central.paying import PaidOffice, approve, seated

SERVICE, ACCOUNT, PROPOSAL = "verification", "d" * 32, "e" * 32
TODAY = date(2026, 11, 29)
RIGHTS = load_rights()


class Originating(PaidOffice):
    """A centre whose service has proposed an account for the person who is not paid."""

    def __init__(self, found: House, folder: Path) -> None:
        super().__init__(found, folder)
        self.sync(self.maker)
        self._propose()
        self.sync(self.maker, self.checker)

    def _propose(self) -> None:
        key, at = (
            SigningKey.generate(),
            Operating(self.found.centre, self.found.keys, "huy", self.found.clock()),
        )
        certify_service(at, TRAINING, SERVICE, key.public, ["proposal", "account"])
        cells: dict[str, Value] = {
            "person": self.person,
            "kind": "bank",
            "provider": "970405",
            "number": "666",
            "holder": "VI VAN HAI",
        }
        said: dict[str, Value] = {
            "person": self.person,
            "subject": "account",
            "wants": canonical([["person", self.person, "receiving_account", ACCOUNT, None]]).decode(),
            "evidence": "{}",
            "proposer": SERVICE,
            "state": "open",
        }
        edits = [Edit("account", ACCOUNT, *each) for each in cells.items()]
        edits += [Edit("proposal", PROPOSAL, *each) for each in said.items()]
        made = ChangeSet(TRAINING, SERVICE, SERVICE, 1, "", self.found.clock() << 16, "test", lone(edits))
        sets = [(made.body, sign(key, CHANGE_SET, made.body))]
        asked = SyncRequest(PROTOCOL, TRAINING, SERVICE, 1, 0, bytes(32), 0, sets)
        self.found.exchange(messages.write(asked, f"{TRAINING}/{SERVICE}", partial(sign, key, MESSAGE)))
        assert self.newest() == {"applied"}

    def newest(self) -> set[str]:
        """What the centre said of the newest set."""
        with self.found.centre.read() as connection:
            line = journal.lines(connection, TRAINING, 0, 1 << 24)[-1]
        return {verdict.why or str(verdict.outcome) for verdict in unpack_verdicts(line.verdicts)}

    def open_once_more(self) -> None:
        """The maker lays her hand on its state."""
        with self.maker.vault.read() as connection:
            opened = open_record(connection, "proposal", PROPOSAL)
        assert opened is not None
        self.maker.save(Atom((Edit("proposal", PROPOSAL, "state", "open", "open", opened.on["state"]),)))
        self.sync(self.maker, self.checker)


@pytest.fixture
def centre(keys: Keys, tmp_path: Path) -> Iterator[Originating]:
    with seated(Originating, keys, tmp_path) as made:
        yield made


def test_it_is_approved_by_nobody_whoever_opens_it_once_more(centre: Originating) -> None:
    for _ in range(2):
        approve(centre.checker, PROPOSAL)
        centre.sync(centre.checker)
        assert centre.newest() == {"approver"}
        centre.open_once_more()
        assert centre.newest() == {"proposer"}


def test_a_centre_that_puts_it_in_force_with_one_officer_is_found(
    centre: Originating, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Bench, "fault_of", lambda *_: "")
    approve(centre.checker, PROPOSAL)
    centre.sync(centre.checker)
    assert centre.newest() == {"applied"}
    centre.sync(centre.maker)
    with centre.maker.vault.read() as connection:
        register = Register.of(connection, Path("nowhere"), centre.maker.officer, RIGHTS)
        found = register.in_force(Progress(), TODAY)
        report = register.look_over(Progress())
    assert [line.person for line in found.lines] == [centre.paid]
    assert [(each.person, each.why) for each in found.left] == [(centre.person, MISMATCH)]
    assert [(each.code, each.record) for each in report.faults] == [("one_hand", centre.person)]
