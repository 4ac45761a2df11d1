"""Desks of one commune that speak with a centre in this process: real vaults, no network.

Signatures and certificates have tests of their own; here everybody is believed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path

import pytest

from app.actions import approvals
from app.actions import desk as actions_desk
from app.actions.approvals import Shown
from app.actions.desk import Desk
from app.actions.people import change_record
from app.domain.approval import agreed
from app.domain.records import Value
from app.seal.keys import CHANGE_SET, sign
from app.store import place
from app.store.approvals import ground
from app.store.keyslots import Guard, KeyFile
from app.store.opened import open_record
from app.store.proofs import Prover
from app.store.roster import Device, Officer, add_device, add_officer
from app.store.throttle import Moment
from app.sync import register
from app.sync.register import Office
from app.sync.replica import Outcome, Trust, absorb, compose
from tests.desks import COMMUNE, PASSWORD, desk_of, make_keys_cheap
from tests.store.office import CHEAP
from tests.sync.conversation import Centre, Clock, sqlite_engine

TRUST = Trust(lambda *_: True, lambda *_: True, lambda *_: None, lambda *_: None, lambda *_: None)


@dataclass
class Commune:
    """Its centre, its desks, and the wire between them."""

    home: Path
    centre: Centre = field(default_factory=lambda: Centre.new(sqlite_engine(), Clock(), COMMUNE))
    desks: list[Desk] = field(default_factory=list)
    requests: Iterator[int] = field(default_factory=lambda: count(1))

    def desk(self, *roles: str) -> Desk:
        """One more laptop with its officer, known to the centre."""
        desk = desk_of(self.home / f"laptop{len(self.desks)}")
        if roles:
            desk = replace(desk, officer=replace(desk.officer, roles=roles))
        with self.centre.engine.begin() as connection:
            add_device(connection, COMMUNE, Device(desk.pen.device, b"", "", "active"), 0)
            officer = Officer(desk.officer.id, desk.officer.name, b"", desk.officer.roles, "active", b"")
            add_officer(connection, COMMUNE, officer)
        self.desks.append(desk)
        return desk

    def approver(self, desk: Desk, *roles: str) -> Desk:
        """A second officer at the same laptop, who may approve: her own slot, key and password."""
        keyfile, now = KeyFile.load(desk.folder, Guard(CHEAP, ask_system=False)), Moment.now()
        first = keyfile.unlock(desk.officer.id, PASSWORD, now)
        unlocked = keyfile.add_officer(first, "Quàng Văn Quyết", PASSWORD, now)
        key = unlocked.officer
        officer = actions_desk.Officer(key.id, key.name, roles or ("approver",))
        with self.centre.engine.begin() as connection:
            known = Officer(key.id, key.name, b"", officer.roles, "active", b"")
            add_officer(connection, COMMUNE, known)
        pen = replace(desk.pen, author=key.id, sign=lambda body: sign(key.key, CHANGE_SET, body))
        prover = Prover(keyfile, unlocked, now)
        return replace(desk, officer=officer, officer_key=key, pen=pen, prove=prover)

    def sync(self, *desks: Desk) -> None:
        """Each in turn, until it says the same as the centre."""
        for desk in desks:
            while self._exchange(desk).more:
                pass

    def _exchange(self, desk: Desk) -> Outcome:
        with desk.vault.read() as connection:
            request = compose(connection, next(self.requests))
        now_ms = int(desk.clock.now().timestamp() * 1000) + 1_000
        office = Office(now_ms, lambda _: b"", lambda *_: True, lambda *_: b"")
        with self.centre.engine.begin() as connection:
            answer = register.exchange(connection, request, office)
        with desk.vault.write() as connection:
            done = absorb(connection, answer, TRUST)
            place.write(connection, "in_step", b"yes" if done.in_step else b"no")
        return done

    def close(self) -> None:
        """Lock every vault."""
        for desk in self.desks:
            desk.vault.lock()
        self.centre.engine.dispose()


@contextmanager
def commune(home: Path) -> Iterator[Commune]:
    """A commune for one test."""
    made = Commune(home)
    try:
        yield made
    finally:
        made.close()


def change(
    desk: Desk, record: str, reason: str = "correction", *, kind: str = "person", **values: Value
) -> None:
    """A form opened, changed and saved."""
    with desk.vault.read() as connection:
        opened = open_record(connection, kind, record)
    assert opened is not None
    change_record(desk, opened, values, reason)


def shown(desk: Desk, proposal: str) -> Shown:
    """A proposal as it lies before an officer."""
    with desk.vault.read() as connection:
        return Shown(proposal, agreed(proposal, ground(connection, [proposal]).standing))


def approve(desk: Desk, proposal: str, password: str = PASSWORD) -> str:
    """A second officer looks at a proposal, types her password and accepts it."""
    return approvals.accept(desk, shown(desk, proposal), desk.prove(password))


def value(desk: Desk, record: str, name: str) -> Value:
    """What stands in a person's field."""
    with desk.vault.read() as connection:
        opened = open_record(connection, "person", record)
    assert opened is not None
    return opened.values.get(name)


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Commune]:
    """Two desks of one commune."""
    make_keys_cheap(monkeypatch)
    with commune(tmp_path) as made:
        made.desk()
        made.desk()
        yield made
