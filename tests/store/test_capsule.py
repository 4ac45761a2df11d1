"""The rescue capsule follows the outbox, through torn tails, full disks and answers of the centre."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.actions.desk import Desk
from app.actions.people import add_person
from app.domain.errors import Refusal, Trouble
from app.seal.capsule import frames, read_header
from app.seal.sealing import Identity
from app.store import capsule, outbox
from app.store.outbox import STANDING, note_not_taken
from app.store.rescue import FILE, hand_out, look
from app.store.tables import changes
from tests import desks
from tests.faults.capsules import believe, far_centre, look_into_capsule, sets_in
from tests.faults.working import open_desk

SECRET = "Lò Thị Pánh"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    desks.make_keys_cheap(monkeypatch)
    return tmp_path / "home"


@pytest.fixture
def desk(home: Path) -> Iterator[Desk]:
    """A desk that knows its centre and has saved three people since."""
    found = desks.found(home).desk
    believe(found, far_centre().keys)
    save(found, 3)
    yield found
    found.vault.lock()


def save(desk: Desk, count: int) -> None:
    for _ in range(count):
        add_person(desk, {"name": SECRET}, "add")


def answer(desk: Desk, count: int) -> None:
    """The centre gives the oldest waiting sets their place in the journal."""
    with desk.vault.write() as connection:
        done = connection.scalar(changes.select().with_only_columns(changes.c.no).order_by(changes.c.no)) or 1
        newest = (connection.exec_driver_sql("SELECT MAX(seq) FROM changes").scalar() or 0) + done
        for no in range(newest, newest + count):
            connection.execute(changes.update().where(changes.c.no == no).values(seq=no))


def capsule_of(desk: Desk) -> Path:
    return desk.folder / FILE


def test_every_save_is_in_it_at_once(desk: Desk) -> None:
    look_into_capsule(desk)
    assert look(desk.folder).sets == 3
    save(desk, 1)
    look_into_capsule(desk)


def test_what_was_saved_before_joining_is_in_it(home: Path) -> None:
    desk = desks.found(home).desk
    save(desk, 2)
    assert not capsule_of(desk).exists()
    believe(desk, far_centre().keys)
    look_into_capsule(desk)
    assert look(desk.folder).sets == 2
    desk.vault.lock()


def test_a_thief_reads_nothing(desk: Desk) -> None:
    content = capsule_of(desk).read_bytes()
    with desk.vault.read() as connection:
        waiting = outbox.outbox(connection, 1 << 30)
    for signed in waiting:
        assert signed.signature not in content
        assert bytes.fromhex(signed.id) not in content
    assert SECRET.encode() not in content
    assert desk.officer.id.encode() not in content
    with capsule_of(desk).open("rb") as file:
        read_header(file)
        for found in frames(file):
            with pytest.raises(Refusal, match=r"sealed\.not_opened"):
                found.open(Identity.generate())
            with pytest.raises(Refusal, match=r"sealed\.not_opened"):
                found.open(Identity(desk.officer_key.key.seed))


def test_what_the_centre_answered_for_goes(desk: Desk) -> None:
    answer(desk, 1)
    assert look(desk.folder).sets == 3  # one of three is not worth writing the file anew
    answer(desk, 1)
    look_into_capsule(desk)
    assert look(desk.folder).sets == 1
    answer(desk, 1)
    assert not capsule_of(desk).exists()
    save(desk, 1)
    look_into_capsule(desk)


def test_what_the_centre_keeps_of_a_revoked_laptop_goes(desk: Desk) -> None:
    with desk.vault.write() as connection:
        waiting = outbox.outbox(connection, 1 << 30)
        note_not_taken(connection, {signed.id: STANDING for signed in waiting})
    assert not capsule_of(desk).exists()


def test_a_little_that_was_answered_goes_at_the_next_start(desk: Desk, home: Path) -> None:
    answer(desk, 1)
    desk.vault.lock()
    again = open_desk(home)
    look_into_capsule(again)
    again.vault.lock()


@given(cut=st.integers(1, 4000), noise=st.binary(max_size=40))
def test_a_torn_tail_is_no_error_and_is_written_again(
    tmp_path_factory: pytest.TempPathFactory, cut: int, noise: bytes
) -> None:
    folder = tmp_path_factory.mktemp("torn")
    content = whole_capsule()
    torn = content[: max(len(content) - cut, 0)] + noise
    (folder / FILE).write_bytes(torn)
    try:
        found = look(folder)
    except Refusal as error:
        assert error.code == "capsule.form"  # noqa: PT017 - the header itself is torn
        assert len(content) - cut < 32
        return
    assert found.sets <= 3
    assert torn.startswith(content[: found.size])


def whole_capsule() -> bytes:
    """A file of three frames, made once."""
    if not _WHOLE:
        from app.domain.changes import SignedSet
        from app.seal.capsule import frame, header

        seat, key = far_centre(), bytes(32)
        sets = [frame(SignedSet(b"x" * 900, bytes(64)), key, seat.identity.recipient) for _ in range(3)]
        _WHOLE.append(header("03979") + b"".join(sets))
    return _WHOLE[0]


_WHOLE: list[bytes] = []


@pytest.mark.parametrize("keep", [0, 10, 40, 1000, -1])
def test_the_next_start_refills_what_is_missing(desk: Desk, home: Path, keep: int) -> None:
    desk.vault.lock()
    content = capsule_of(desk).read_bytes()
    capsule_of(desk).write_bytes(content[:keep])
    again = open_desk(home)
    look_into_capsule(again)
    again.vault.lock()


def test_a_frame_altered_in_the_middle_is_written_again(desk: Desk, home: Path) -> None:
    desk.vault.lock()
    content = bytearray(capsule_of(desk).read_bytes())
    content[300] ^= 1
    capsule_of(desk).write_bytes(content)
    again = open_desk(home)
    look_into_capsule(again)
    again.vault.lock()


@pytest.mark.parametrize("keep", [0, 700])
def test_a_file_cut_or_taken_away_meanwhile_is_whole_after_the_next_save(desk: Desk, keep: int) -> None:
    content = capsule_of(desk).read_bytes()
    capsule_of(desk).unlink()
    if keep:
        capsule_of(desk).write_bytes(content[:keep])
    save(desk, 1)
    look_into_capsule(desk)


def test_an_unreadable_file_is_put_aside_and_not_deleted(desk: Desk, home: Path) -> None:
    desk.vault.lock()
    capsule_of(desk).write_bytes(b"something else\n")
    again = open_desk(home)
    look_into_capsule(again)
    assert capsule_of(desk).with_suffix(".unread").read_bytes() == b"something else\n"
    again.vault.lock()


def test_a_backup_put_back_loses_nothing_that_the_capsule_had(desk: Desk, home: Path, tmp_path: Path) -> None:
    """The register is older than the capsule: what only the capsule knows stays in it."""
    desk.vault.lock()
    older = tmp_path / "older.db"
    shutil.copy(desk.folder / "vault.db", older)
    again = open_desk(home)
    save(again, 2)
    lost = sets_in(again.folder, far_centre())[3:]
    again.vault.lock()
    shutil.copy(older, desk.folder / "vault.db")
    restored = open_desk(home)
    save(restored, 1)
    found = sets_in(restored.folder, far_centre())
    assert found[3:5] == lost
    assert len(found) == 6
    answer(restored, 4)
    assert sets_in(restored.folder, far_centre()) == lost
    restored.vault.lock()


def test_a_full_disk_costs_no_save_and_is_made_good(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, how: int) -> int:
        raise OSError(errno.ENOSPC, "full")

    with monkeypatch.context() as broken:
        broken.setattr(capsule, "_opened", full)
        save(desk, 2)
        assert look(desk.folder).sets == 3
    save(desk, 1)
    look_into_capsule(desk)


@pytest.mark.parametrize("step", ["os.replace", "os.fsync", "flush_folder"])
def test_a_cut_while_it_is_written_anew_leaves_a_whole_file(
    desk: Desk, home: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def cut(*_args: object) -> None:
        raise OSError(errno.EIO, "cut")

    with monkeypatch.context() as broken:
        broken.setattr(f"app.store.capsule.{step}", cut)
        answer(desk, 2)
        assert look(desk.folder).sets >= 1
        sets_in(desk.folder, far_centre())
    save(desk, 1)
    look_into_capsule(desk)
    desk.vault.lock()
    again = open_desk(home)
    look_into_capsule(again)
    again.vault.lock()


def test_another_centre_gets_what_waits_sealed_anew(desk: Desk) -> None:
    """The centre's sealing key was renewed."""
    from app.seal.capsule import mark_of

    other = Identity.generate().recipient
    with capsule_of(desk).open("rb") as file:
        read_header(file)
        key = label_key_of(desk)
        marks = {found.names(key)[1] for found in frames(file)}
    assert marks == {mark_of(far_centre().identity.recipient)}
    follower = capsule.Capsule(desk.folder, desk.commune.code, key, lambda _connection: other)
    desk.vault.attend(follower.follow)
    save(desk, 1)
    with capsule_of(desk).open("rb") as file:
        read_header(file)
        assert [found.names(key)[1] for found in frames(file)] == [mark_of(other)] * 4


def label_key_of(desk: Desk) -> bytes:
    with desk.vault.write() as connection:
        return capsule.label_key(connection)


def test_it_is_handed_out_without_a_key(desk: Desk, tmp_path: Path) -> None:
    desk.vault.lock()
    (desk.folder / "vault.db").write_bytes(bytes(4096))
    file = hand_out(desk.folder, tmp_path, datetime(2026, 11, 23, 8))
    assert file.name == "xa-03979-cuu-ho-20261123-080000.cuuho"
    assert file.read_bytes() == capsule_of(desk).read_bytes()
    with pytest.raises(Refusal, match=r"capsule\.exists"):
        hand_out(desk.folder, tmp_path, datetime(2026, 11, 23, 8))
    capsule_of(desk).unlink()
    with pytest.raises(Refusal, match=r"capsule\.empty"):
        hand_out(desk.folder, tmp_path, datetime(2026, 11, 23, 9))


def test_a_full_stick_keeps_no_half_file(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "full")

    stick = tmp_path / "stick"
    stick.mkdir()
    monkeypatch.setattr("app.store.disk.os.fsync", full)
    with pytest.raises(Trouble, match=r"disk\.full"):
        hand_out(desk.folder, stick, datetime(2026, 11, 23, 8))
    assert list(stick.iterdir()) == []
