"""A laptop is revoked, an officer's roles change: what the centre then takes, says and keeps."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app.central.deeds import Operating, certify_officer, revoke_laptop
from app.central.keys import Keys
from app.cli import frame
from app.domain.changes import parse, unpack_verdicts
from app.domain.errors import Refusal
from app.store import journal, operators, roster
from app.store.centre import Centre
from app.sync.policy import held_policy
from tests.central.conftest import TRAINING
from tests.central.laptops import House, Laptop, answer_of


def operating(found: House) -> Operating:
    return Operating(found.centre, found.keys, "huy", found.clock())


def test_a_revoked_laptop_hands_in_and_is_told_nothing(served: House, pair: list[Laptop]) -> None:
    stolen, other = pair
    kept = stolen.new_person()
    stolen.sync(served)
    unsent = stolen.new_person(name="Lò Văn Chưa")
    revoke_laptop(operating(served), served.code, stolen.device.id, "stolen")
    other.new_person(name="Cà Thị Khác")
    other.sync(served)

    response = answer_of(served, served.exchange(stolen.signed(stolen.compose())))
    assert response.entries == []
    assert not response.more
    # Taken, in a journal that it may no longer read: it goes on to hand in the next.
    assert [receipt.why for receipt in response.receipts] == ["standing"]
    stolen.sync(served)
    with stolen.vault.read() as connection:
        policy = held_policy(connection)
    assert policy is not None
    assert not policy.devices[stolen.device.id].is_active
    assert "Cà Thị Khác" not in {cells.get("name") for cells in stolen.cells().values()}

    with served.centre.read() as connection:
        *_before, refused = journal.lines(connection, served.code, 0, 1 << 20)
    verdicts = unpack_verdicts(refused.verdicts)
    assert {(verdict.outcome, verdict.why) for verdict in verdicts} == {("refused", "standing")}
    assert parse(refused.body).atoms[0].edits[0].record == unsent  # kept: an officer may adopt it
    assert other.sync(served).in_step
    assert ("person", kept) in other.cells()
    assert ("person", unsent) not in other.cells()


def test_revoking_is_once_and_says_why(trained: House, trained_pair: list[Laptop]) -> None:
    a, _ = trained_pair
    at = operating(trained)
    with pytest.raises(Refusal, match=r"central\.reason"):
        revoke_laptop(at, trained.code, a.device.id, "")
    with pytest.raises(Refusal, match=r"central\.no_such_device"):
        revoke_laptop(at, trained.code, "m0", "lost")
    with pytest.raises(Refusal, match=r"central\.unknown_commune"):
        revoke_laptop(at, "T0009", a.device.id, "lost")
    revoke_laptop(at, trained.code, a.device.id, "lost")
    with pytest.raises(Refusal, match=r"central\.device_revoked"):
        revoke_laptop(at, trained.code, a.device.id, "lost")
    with trained.centre.read() as connection:
        held = roster.find_device(connection, trained.code, a.device.id)
        [deed] = operators.deeds(connection)
    assert held is not None
    assert (held.standing, held.reason, held.revoked) == ("revoked", "lost", at.now_ms)
    assert (deed.operator, deed.act, deed.about, deed.subject) == (
        "huy", "laptop_revoked", trained.code, a.device.id
    )  # fmt: skip


def test_new_roles_reach_every_laptop_and_old_sets_stay_readable(
    trained: House, trained_pair: list[Laptop], tmp_path: Path
) -> None:
    a, b = trained_pair
    record = a.new_person()
    a.sync(trained)
    at = operating(trained)
    with pytest.raises(Refusal, match=r"central\.roles"):
        certify_officer(at, trained.code, a.officer.id, ["queen"])
    with pytest.raises(Refusal, match=r"central\.no_such_officer"):
        certify_officer(at, trained.code, "0" * 32, ["officer"])
    certify_officer(at, trained.code, a.officer.id, ["approver", "officer"])
    assert b.sync(trained).in_step
    assert ("person", record) in b.cells()
    with b.vault.read() as connection:
        policy = held_policy(connection)
    assert policy is not None
    assert policy.officers[a.officer.id].certificate.roles == ("officer", "approver")
    certify_officer(at, trained.code, a.officer.id, [])
    a.change(record, note="sau khi nghỉ")
    assert a.sync(trained).refused == 1
    assert a.sync(trained).in_step


def test_the_command_line_lists_and_revokes(
    keys: Keys, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    database = f"sqlite:///{tmp_path / 'centre.db'}"
    monkeypatch.setenv("SOANSINH_DATABASE", database)
    monkeypatch.setenv("SOANSINH_KEYS", str(keys.folder))

    def central(*words: str) -> Any:
        assert frame.run(["--language", "en", "central", *words, "--json"]) == 0
        return json.loads(capsys.readouterr().out)

    assert central("commune", "add", TRAINING) == {"code": TRAINING, "name": TRAINING}
    assert central("commune", "list") == [{"code": TRAINING, "name": TRAINING, "entries": 0}]
    assert central("device", "list", TRAINING) == []
    centre = Centre.open(database)
    with centre.write() as connection:
        device = roster.Device("m1", bytes(32), "máy 1", "active")
        roster.add_device(connection, TRAINING, device, 5)
    centre.close()
    central("device", "revoke", TRAINING, "m1", "--reason", "lost")
    [row] = central("device", "list", TRAINING)
    assert (row["device"], row["standing"], row["reason"], row["last_contact"]) == (
        "m1", "revoked", "lost", ""
    )  # fmt: skip
    assert central("officer", "list", TRAINING) == []
    assert frame.run(["central", "device", "list", "T0009"]) == 2
