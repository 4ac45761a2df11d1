"""A rescue capsule read at the centre: each set by its own signature, chain and standing."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from io import BytesIO
from pathlib import Path

import pytest

from app.actions.desk import Desk
from app.actions.people import add_person
from app.central.deeds import Operating, certify_officer, revoke_laptop
from app.central.keys import Keys, sealing_identity
from app.central.rescue import Reading, take_capsule
from app.cli import frame as command
from app.domain.changes import ChangeSet, Edit, SignedSet, lone
from app.domain.errors import Refusal
from app.domain.progress import Progress
from app.seal.capsule import frame, header
from app.seal.keys import CHANGE_SET, OfficerKey, sign
from app.seal.sealing import Identity
from app.store import journal, operators, outbox
from app.store.rescue import FILE, hand_out
from app.sync.conversation import synchronise
from tests import desks
from tests.central.conftest import TRAINING
from tests.central.laptops import House, Laptop, house


@pytest.fixture
def centre(keys: Keys, tmp_path: Path) -> Iterator[House]:
    with house(tmp_path / "centre.db", keys, TRAINING) as found:
        yield found


@pytest.fixture
def desk(centre: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """A desk in step with its centre that has saved two people since."""
    desks.make_keys_cheap(monkeypatch)
    found = desks.found(tmp_path / "home", code=TRAINING).desk
    centre.enrol(Laptop(found.vault, found.device_key, found.officer_key, found.pen, found.ids, found.files))
    add_person(found, {"name": "Lò Thị An"}, "add")
    sync(found, centre)
    for name in ("Bình", "Chi"):
        add_person(found, {"name": f"Lò Thị {name}"}, "add")
    yield found
    found.vault.lock()


def sync(desk: Desk, centre: House) -> None:
    synchronise(desk.vault, centre, desk.device_key, Progress(), desk.pen)


def operating(centre: House) -> Operating:
    return Operating(centre.centre, centre.keys, "huy", centre.clock())


def take(centre: House, content: bytes) -> Reading:
    return take_capsule(operating(centre), BytesIO(content), sealing_identity(centre.keys))


def taken(desk: Desk, centre: House) -> Reading:
    return take(centre, (desk.folder / FILE).read_bytes())


def made(centre: House, sets: Sequence[SignedSet], code: str = TRAINING) -> bytes:
    """A capsule as anybody could write one: the sealing key is public."""
    to = sealing_identity(centre.keys).recipient
    return header(code) + b"".join(frame(signed, bytes(32), to) for signed in sets)


def length(centre: House) -> int:
    with centre.centre.read() as connection:
        return len(journal.lines(connection, TRAINING, 0, 1 << 24))


def test_what_waited_is_taken_and_the_laptop_hears_of_it(desk: Desk, centre: House) -> None:
    found = taken(desk, centre)
    assert (found.commune, found.sets, found.judged, found.not_taken) == (
        TRAINING,
        2,
        {"in_force": 2},
        {},
    )
    assert length(centre) == 3
    assert taken(desk, centre).judged == {"in_force": 2}  # a second time to the same end
    assert length(centre) == 3
    sync(desk, centre)
    with desk.vault.read() as connection:
        assert outbox.waiting(connection) == 0
    assert not (desk.folder / FILE).exists()
    with centre.centre.read() as connection:
        assert [each.act for each in operators.deeds(connection)].count("capsule_taken") == 2


def test_a_broken_database_costs_nothing(desk: Desk, centre: House, tmp_path: Path) -> None:
    desk.vault.lock()
    (desk.folder / "vault.db").write_bytes(b"\0" * 8192)
    file = hand_out(desk.folder, tmp_path, datetime(2026, 11, 23))
    assert take(centre, file.read_bytes()).judged == {"in_force": 2}


def test_those_of_a_revoked_laptop_are_refused_and_kept(desk: Desk, centre: House) -> None:
    revoke_laptop(operating(centre), TRAINING, desk.device_key.id, "stolen")
    assert taken(desk, centre).judged == {"refused": 2}
    with centre.centre.read() as connection:
        lines = journal.lines(connection, TRAINING, 1, 1 << 24)
    assert all(b"standing" in line.verdicts for line in lines)
    assert b"L\xc3\xb2 Th\xe1\xbb\x8b Chi" in lines[1].body  # whole, for whoever adopts it


def test_those_of_an_officer_who_left_are_refused_and_kept(desk: Desk, centre: House) -> None:
    certify_officer(operating(centre), TRAINING, desk.officer.id, [])
    assert taken(desk, centre).judged == {"refused": 2}


def test_a_gap_waits_for_its_predecessor(desk: Desk, centre: House) -> None:
    with desk.vault.read() as connection:
        first, second = outbox.outbox(connection, 1 << 30)
    assert take(centre, made(centre, [second])).not_taken == {"gap": 1}
    assert length(centre) == 1
    assert take(centre, made(centre, [first])).judged == {"in_force": 1}
    assert length(centre) == 3


def test_what_somebody_else_wrote_is_not_taken(desk: Desk, centre: House) -> None:
    with desk.vault.read() as connection:
        first, second = outbox.outbox(connection, 1 << 30)
    theirs = replace(first.set, commune="T9999")
    stranger = replace(first.set, author="nobody")
    sets = [
        replace(first, signature=bytes(64)),
        SignedSet(theirs.body, sign(desk.officer_key.key, CHANGE_SET, theirs.body)),
        SignedSet(stranger.body, sign(desk.officer_key.key, CHANGE_SET, stranger.body)),
        SignedSet(b"[]", second.signature),
    ]
    assert take(centre, made(centre, sets)).not_taken == {"signature": 1, "stranger": 2, "form": 1}
    assert length(centre) == 1
    assert taken(desk, centre).judged == {"in_force": 2}  # the true ones are not spoilt by the false


def test_a_forger_with_the_public_key_and_a_laptop_of_her_own_changes_nothing(centre: House) -> None:
    """Her set is signed with her key in another's name."""
    device, officer = centre.enrol_keys()
    _device, other = centre.enrol_keys()
    sets = [_set_of(other, device.id, officer)]
    assert take(centre, made(centre, sets)).not_taken == {"signature": 1}


def _set_of(author: OfficerKey, device: str, signer: OfficerKey) -> SignedSet:
    edits = lone([Edit("person", "a" * 32, "name", "Giả Mạo")])
    found = ChangeSet(TRAINING, author.id, device, 1, "", 1 << 40, "add", edits)
    return SignedSet(found.body, partial(sign, signer.key, CHANGE_SET)(found.body))


def test_a_torn_tail_and_altered_frames_are_no_error(desk: Desk, centre: House) -> None:
    content = (desk.folder / FILE).read_bytes()
    assert take(centre, content[:-5]).judged == {"in_force": 1}
    assert take(centre, content + b"\0" * 700).judged == {"in_force": 2}


def test_another_centres_capsule_and_other_files_are_refused(desk: Desk, centre: House) -> None:
    content = (desk.folder / FILE).read_bytes()
    with pytest.raises(Refusal, match=r"capsule\.not_ours"):
        take_capsule(operating(centre), BytesIO(content), Identity.generate())
    with pytest.raises(Refusal, match=r"capsule\.form"):
        take(centre, b"PK\3\4" + content)
    with pytest.raises(Refusal, match=r"central\.unknown_commune"):
        take(centre, made(centre, [], "T9999"))


def test_both_ends_by_the_command_line(
    desk: Desk,
    centre: House,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The laptop's own home; a password is never asked."""
    desk.vault.lock()
    monkeypatch.setenv("SOANSINH_HOME", str(tmp_path / "home"))
    out = tmp_path / "usb.cuuho"
    assert command.run(["--language", "en", "handover", "capsule", str(out)]) == 0
    assert "2 saves" in capsys.readouterr().out
    where = ["--database", f"sqlite:///{tmp_path / 'centre.db'}", "--keys", str(centre.keys.folder)]
    monkeypatch.setattr("app.store.centre.Centre.open", lambda _where: centre.centre)
    monkeypatch.setattr("app.store.centre.Centre.close", lambda _centre: None)
    assert command.run(["central", "capsule", str(out), *where, "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said == {
        "commune": TRAINING,
        "sets": 2,
        "unread": 0,
        "judged": {"in_force": 2},
        "not_taken": {},
    }
    sealing = tmp_path / "away.key"
    (centre.keys.folder / "sealing.key").rename(sealing)
    try:
        assert command.run(["central", "capsule", str(out), *where]) == 2
        assert "sealing.key" in capsys.readouterr().err
        assert command.run(["central", "capsule", str(out), *where, "--sealing", str(sealing)]) == 0
    finally:
        sealing.rename(centre.keys.folder / "sealing.key")
