"""The conversation by stick: the loop closes without a network, and no order of sticks does harm."""

from __future__ import annotations

import secrets
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest

from app.domain.attachments import PIECE_BYTES, Cited
from app.domain.errors import Refusal, Trouble
from app.seal.keys import MESSAGE, sign
from app.store import attachments, past
from app.sync import messages, outgoing, snapshot
from app.sync.attachments import send
from app.sync.incoming import Taking
from app.sync.parts import Part
from app.sync.photos import Photos
from tests.central.laptops import House, Laptop, all_agree
from tests.central.sticks import Stick, waiting


def test_the_loop_closes_without_a_network(served: House, pair: list[Laptop], carried: Stick) -> None:
    first, second = pair
    person = first.new_person()
    for at in range(5):
        first.change(person, phone=f"09120000{at}0")
    done = carried.round(served, first)
    assert (done.own, waiting(first)) == (dict.fromkeys(range(1, 7), "in_force"), 0)
    assert done.in_step
    assert carried.round(served, second).history == 6
    all_agree(pair)


def test_a_new_laptop_is_enrolled_and_filled_by_sticks_alone(
    trained: House, tmp_path: Path, carried: Stick, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = Laptop.new(tmp_path, trained.code, trained.clock)
    trained.enrol(old)
    for at in range(30):
        old.new_person(name=f"Lò Văn {'ABCDE'[at % 5]}")
    old.sync(trained)
    monkeypatch.setattr("app.sync.snapshot.FAR", 10)
    new = Laptop.new(tmp_path, trained.code, trained.clock)
    mine = new.new_person(name="Vàng A Dế")
    code = trained.invite()
    with new.vault.write() as connection:
        outgoing.begin_enrolment(connection, code, trained.keys.statement)
    done = carried.round(trained, new)
    assert (done.enrolled, done.snapshot, done.own) == (True, True, {1: "in_force"})
    assert done.history == 31
    assert waiting(new) == 0
    done = carried.round(trained, new)
    assert new.person(mine)["name"] == "Vàng A Dế"
    carried.round(trained, old)
    all_agree([old, new])


@pytest.mark.parametrize(("longest", "count"), [("BODY_BYTES_MAX", 4_000), ("UNPACKED_BYTES_MAX", 8_000)])
def test_a_page_that_would_be_too_long_goes_in_halves(
    served: House,
    pair: list[Laptop],
    carried: Stick,
    monkeypatch: pytest.MonkeyPatch,
    longest: str,
    count: int,
) -> None:
    first, second = pair
    for _ in range(9):
        first.new_person(note=secrets.token_hex(500))
    monkeypatch.setattr(messages, longest, count)
    file = carried.make(first, served.clock())
    monkeypatch.undo()
    came = carried.handle(served, file).came
    assert (came.counts["sets"], came.counts["request"]) == (9, 2)
    carried.round(served, first)
    carried.round(served, second)
    all_agree(pair)


def test_a_snapshot_within_another_is_refused(
    served: House, pair: list[Laptop], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = pair
    monkeypatch.setattr("app.sync.snapshot.FAR", 0)
    first.new_person()
    first.sync(served)
    with suppress(Refusal), second.vault.write() as connection:
        asked = snapshot.ask(connection, second.device.id, partial(sign, second.device.key, MESSAGE))
        taking = Taking(connection, outgoing.centre_known(connection), second.applicant, second.files)
        header = served.snapshot(asked)
        taking.take(Part.SNAPSHOT, header)
        with pytest.raises(Refusal, match=r"bundle\.form"):
            taking.take(Part.SNAPSHOT, header)
        taking.finish()
    assert second.cells() == {}


def test_nothing_is_awaited_that_lies_in_the_same_bundle(
    served: House, pair: list[Laptop], carried: Stick, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = pair
    for at in range(3):
        first.new_person(name=f"Lò Văn {'ABC'[at]}")
    carried.round(served, first)
    awaited = list[int]()
    monkeypatch.setattr(past, "expect", lambda _connection, behind: awaited.extend(behind))
    done = carried.round(served, second)
    assert (done.snapshot, done.history, awaited) == (True, 3, [])
    with second.vault.read() as connection:
        assert past.lacking(connection) == 0


def _spoil(laptop: Laptop, gone: Cited, bent: Cited) -> None:
    """A file that is not there any more, and one whose last piece a bad sector changed."""
    laptop.files._whole(gone.sha256).unlink()
    path = laptop.files._whole(bent.sha256)
    path.write_bytes(path.read_bytes()[:-9] + b"?" * 9)


@pytest.fixture
def photos(pair: list[Laptop]) -> list[Cited]:
    """Three of two people: the first is gone, the second damaged behind a sound piece, the third sound."""
    first = pair[0]
    people = [first.new_person(name=name) for name in ("Vàng A Dế", "Lò Thị Pánh")]
    content = b"\xff\xd8\xff" + bytes(PIECE_BYTES)
    found = [first.attach(content + bytes([at]), people[at // 2]) for at in range(3)]
    _spoil(first, *found[:2])
    return found


def test_a_photo_that_cannot_be_read_stays_behind_and_holds_no_stick_up(
    served: House, pair: list[Laptop], carried: Stick, photos: list[Cited]
) -> None:
    first = pair[0]
    done = carried.round(served, first)
    assert (done.photos, waiting(first), done.own) == (1, 0, dict.fromkeys(range(1, 6), "in_force"))
    assert set(carried.left_out) == {photos[0].sha256, photos[1].sha256}
    with first.vault.read() as connection:
        assert attachments.whose(connection, carried.left_out) == ("Vàng A Dế",)
        assert [cited.sha256 for cited in attachments.waiting(connection)] == list(carried.left_out)


def test_a_photo_that_cannot_be_read_stays_behind_on_the_line_too(
    served: House, pair: list[Laptop], photos: list[Cited]
) -> None:
    first = pair[0]
    first.sync(served)
    done = send(first.end, served, first.progress)
    assert (done.files, done.waiting, done.unread, done.whose) == (1, 2, 2, ("Vàng A Dế",))


def test_a_photo_that_fails_while_it_is_written_stops_the_stick(
    pair: list[Laptop], photos: list[Cited]
) -> None:
    """Its pieces are in the manifest by then: a file that lacks them nobody could take in."""
    going = Photos(pair[0].files)
    assert len(list(going.pieces(photos[2].sha256))) == 2
    pair[0].files._whole(photos[2].sha256).unlink()
    with pytest.raises(Trouble, match=r"attachment\.damaged"):
        list(going.pieces(photos[2].sha256))
