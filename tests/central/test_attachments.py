"""Photos follow their sets, piece by piece, over HTTP: whole or not shown, within the commune alone."""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select, update

from app.central.deeds import Operating, revoke_laptop
from app.domain.attachments import BYTES_MAX, PIECE_BYTES, Cited, pieces_of
from app.domain.changes import Edit
from app.domain.errors import Coded, Refusal, Trouble
from app.domain.records import Value
from app.seal.keys import MESSAGE, sign
from app.store import attachments, deposits
from app.store.central_tables import deposit, deposit_piece
from app.store.exchanges import recent
from app.store.tables import files
from app.sync import messages
from app.sync.attachments import Asked, Sent, Store, fetch, send
from app.sync.messages import PROTOCOL
from tests.central.laptops import House, Laptop

FALSE = b"\xff\xd8\xff" + bytes(PIECE_BYTES - 3)  # a piece that is of no photo of ours


def photo(pieces: float = 2.5, seed: int = 1) -> bytes:
    """Bytes that begin like a JPEG and do not pack."""
    return b"\xff\xd8\xff" + random.Random(seed).randbytes(int(pieces * PIECE_BYTES))


def sent(laptop: Laptop, store: Store) -> Sent:
    return send(laptop.end, store, laptop.progress)


def fetched(laptop: Laptop, store: Store, cited: Cited) -> bytes:
    fetch(laptop.end, store, laptop.progress, cited)
    return laptop.files.read(cited.sha256)


def words(laptop: Laptop, cited: Cited, no: int = 0, piece: bytes = b"", sender: str = "") -> bytes:
    asked = Asked(PROTOCOL, laptop.pen.commune, cited.record, cited.sha256, no, piece)
    who = sender or f"{laptop.pen.commune}/{laptop.device.id}"
    return messages.write(asked, who, partial(sign, laptop.device.key, MESSAGE))


@dataclass
class Flawed:
    """A line to the house that breaks after so many pieces, or spoils them."""

    house: House
    breaks_after: int = 1_000
    spoils: bool = False
    put: list[tuple[str, int]] = field(default_factory=list)

    def held(self, asked: bytes, sha256: str) -> bytes:
        return self.house.held(asked, sha256)

    def put_piece(self, sent: bytes, sha256: str, no: int) -> bytes:
        if len(self.put) == self.breaks_after:
            raise Trouble("sync.offline")
        self.put.append((sha256, no))
        return self.house.put_piece(sent, sha256, no)

    def fetch_piece(self, asked: bytes, sha256: str, no: int) -> bytes:
        if no == self.breaks_after:
            raise Trouble("sync.offline")
        found = self.house.fetch_piece(asked, sha256, no)
        return found[:-1] + bytes([found[-1] ^ 1]) if self.spoils else found


def test_a_photo_follows_its_set_and_is_fetched_when_asked_for(served: House, pair: list[Laptop]) -> None:
    a, b = pair
    content = photo()
    cited = a.attach(content)
    a.sync(served)
    assert replace(sent(a, served), bytes=0) == Sent(files=1, bytes=0, waiting=0)
    b.sync(served)
    with b.vault.read() as connection:
        assert not attachments.is_here(connection, cited.sha256)  # nothing comes by itself
    assert fetched(b, served, cited) == content
    with a.vault.read() as connection:
        assert [(found.outcome, found.files) for found in recent(connection)] == [("files", 1), ("done", 0)]
    assert sent(b, served).bytes == 0  # what came from there need not go back


def test_the_newest_go_first_and_a_new_set_goes_before_the_rest(served: House, pair: list[Laptop]) -> None:
    a, _ = pair
    old, new = a.attach(photo(seed=1)), a.attach(photo(seed=2))
    a.sync(served)
    line = Flawed(served)
    served_put = line.put_piece

    def saving(sent: bytes, sha256: str, no: int) -> bytes:
        if len(line.put) == 1:
            a.new_person()
        return served_put(sent, sha256, no)

    line.put_piece = saving  # type: ignore[method-assign]
    assert sent(a, line).waiting == 2
    assert line.put == [(new.sha256, 0), (new.sha256, 1)]
    a.sync(served)
    assert sent(a, line).waiting == 0
    assert [sha256 for sha256, _no in line.put] == [new.sha256] * 3 + [old.sha256] * 3


def test_a_break_costs_the_piece_under_way(served: House, pair: list[Laptop]) -> None:
    a, b = pair
    content = photo(4)
    cited = a.attach(content)
    a.sync(served)
    line = Flawed(served, breaks_after=2)
    with pytest.raises(Trouble, match=r"sync\.offline"):
        sent(a, line)
    b.sync(served)
    with pytest.raises(Trouble, match=r"attachment\.not_there_yet"):
        fetched(b, served, cited)
    line.breaks_after = 1_000
    sent(a, line)
    assert [no for _sha256, no in line.put] == list(range(pieces_of(len(content))))
    with pytest.raises(Trouble, match=r"sync\.offline"):
        fetched(b, Flawed(served, breaks_after=3), cited)
    assert b.files.come(cited.sha256) == 3
    assert fetched(b, Flawed(served), cited) == content


def test_two_laptops_that_hold_the_same_one_do_no_harm(served: House, pair: list[Laptop]) -> None:
    a, b = pair
    content = photo(3)
    ones = [laptop.attach(content) for laptop in pair]
    for laptop in (a, b, a):
        laptop.sync(served)
    with pytest.raises(Trouble):
        sent(a, Flawed(served, breaks_after=1))
    line = Flawed(served)
    assert (sent(b, line).waiting, sent(a, line).waiting) == (0, 0)
    assert [no for _sha256, no in line.put] == [1, 2, 3]
    assert ones[0].sha256 == ones[1].sha256


def test_a_spoilt_piece_is_never_shown_and_asked_for_again(
    trained: House, trained_pair: list[Laptop]
) -> None:
    a, b = trained_pair
    content = photo()
    cited = a.attach(content)
    a.sync(trained)
    sent(a, trained)
    b.sync(trained)
    with pytest.raises(Trouble, match=r"attachment\.garbled"):
        fetched(b, Flawed(trained, spoils=True), cited)
    assert b.files.come(cited.sha256) == 0
    with pytest.raises(Trouble, match=r"attachment\.damaged"):
        b.files.read(cited.sha256)
    assert fetched(b, trained, cited) == content


def test_bytes_of_another_hash_are_dropped_by_the_centre(served: House, pair: list[Laptop]) -> None:
    """One laptop began with wrong bytes: the deposit begins anew, and the true one gets through."""
    a, b = pair
    content = photo(1.5)
    cited = a.attach(content)
    a.sync(served)
    served.put_piece(words(b, cited, 0, FALSE), cited.sha256, 0)
    assert sent(a, served).waiting == 1
    with served.centre.read() as connection:
        assert not deposits.held(connection, served.code, cited.sha256).whole
        assert connection.scalar(select(func.count()).select_from(deposit_piece)) == 0
    assert sent(a, served).waiting == 0
    assert fetched(b, served, cited) == content


def test_what_no_set_cites_is_not_taken(served: House, pair: list[Laptop]) -> None:
    a, _ = pair
    cited = a.attach(photo(1))
    assert _refused(served, words(a, cited), cited) == "attachment.not_cited"
    assert sent(a, served) == Sent(0, 0, 1)  # its set still waits here: it gives way
    a.sync(served)
    other = replace(cited, sha256=hashlib.sha256(b"another").hexdigest())
    assert _refused(served, words(a, other), other) == "attachment.not_cited"
    person = replace(cited, record=a.new_person())
    a.sync(served)
    assert _refused(served, words(a, person), person) == "attachment.not_cited"


def test_strangers_revoked_and_other_communes_laptops_get_nothing(
    trained: House, trained_pair: list[Laptop], tmp_path: Path
) -> None:
    a, b = trained_pair
    cited = a.attach(photo(1))
    a.sync(trained)
    sent(a, trained)
    trained.open_commune("T0002")
    foreign = Laptop.new(tmp_path, "T0002", trained.clock)
    trained.enrol(foreign)
    as_if = words(foreign, cited, sender=f"{trained.code}/{b.device.id}")
    assert _refused(trained, as_if, cited) == "sync.signature"
    own = words(foreign, cited)
    assert _refused(trained, own, cited, code=trained.code) == "sync.message"
    assert _refused(trained, own, cited, code="T0002") == "attachment.not_cited"
    stranger = Laptop.new(tmp_path, trained.code, trained.clock)
    assert _refused(trained, words(stranger, cited), cited) == "sync.unknown_device"
    revoke_laptop(
        Operating(trained.centre, trained.keys, "huy", trained.clock()), trained.code, b.device.id, "lost"
    )
    assert _refused(trained, words(b, cited), cited) == "sync.unknown_device"
    foreign.vault.lock()
    stranger.vault.lock()


def _refused(found: House, asked: bytes, cited: Cited, code: str = "") -> str:
    where = code or messages.sender_of(asked).partition("/")[0]
    page = f"/v1/communes/{where}/attachments/{cited.sha256}"
    with pytest.raises(Coded) as refused:
        found.get(page, asked)
    return refused.value.code


def test_only_pictures_and_papers_are_taken_and_shown(trained: House, trained_pair: list[Laptop]) -> None:
    """A laptop that was changed cites a program, and calls it a photo."""
    a, b = trained_pair
    program = a.attach(b"MZ" + bytes(90_000))
    a.sync(trained)
    assert sent(a, trained) == Sent(0, 0, 1)
    b.sync(trained)
    with pytest.raises(Trouble, match=r"attachment\.not_there_yet"):
        fetched(b, trained, program)


def test_sizes_and_quota_are_limits(
    trained: House, trained_pair: list[Laptop], monkeypatch: pytest.MonkeyPatch
) -> None:
    a, _ = trained_pair
    small, large = a.attach(photo(1)), a.ids.new()
    values: dict[str, Value] = {"sha256": "a" * 64, "size": BYTES_MAX + 1, "state": "active"}
    a.save(*[Edit("attachment", large, name, value) for name, value in values.items()])
    a.sync(trained)
    huge = Cited(large, "a" * 64, BYTES_MAX + 1)
    assert _refused(trained, words(a, huge), huge) == "attachment.too_large"
    with pytest.raises(Refusal, match=r"sync\.message"):
        trained.put_piece(words(a, small, 0, b"short"), small.sha256, 0)
    too_much = words(a, small, 0, photo(1.5))
    with pytest.raises(Refusal, match=r"sync\.too_large"):
        trained.put_piece(too_much, small.sha256, 0)
    monkeypatch.setattr(deposits, "COMMUNE_BYTES_MAX", small.size - 1)
    assert sent(a, trained) == Sent(0, 0, 1)  # it waits; nothing else is held up


SCHEDULES = st.lists(st.tuples(st.integers(0, 4), st.booleans()), max_size=14)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(SCHEDULES)
def test_any_schedule_of_pieces_gives_the_same_bytes_or_none(
    trained: House, trained_pair: list[Laptop], schedule: list[tuple[int, bool]]
) -> None:
    """Pieces twice, out of order, from two laptops, some of them false: whole is never anything but right."""
    a, b = trained_pair
    content = photo(3.2)
    with a.vault.read() as connection:
        cited = next(iter(attachments.waiting(connection)), None)
    cited = cited or a.attach(content)
    a.sync(trained)
    _forget_all(trained)
    for no, is_false in schedule:
        piece = content[no * PIECE_BYTES : (no + 1) * PIECE_BYTES]
        if not piece:
            continue
        piece = FALSE[: len(piece)] if is_false else piece
        sender = b if is_false else a
        trained.put_piece(words(sender, cited, no, piece), cited.sha256, no)
        with trained.centre.read() as connection:
            held = deposits.held(connection, trained.code, cited.sha256)
            if held.whole:
                found = [
                    deposits.piece(connection, trained.code, cited.sha256, at) for at in range(held.pieces)
                ]
                assert b"".join(found) == content
    for _ in range(2):  # the first may find false pieces there, which go with the last
        sent(a, trained)
    assert fetched(b, trained, cited) == content
    b.files.drop(cited.sha256)
    with a.vault.write() as connection:  # so that the next schedule sends it anew
        connection.execute(update(files).values(sent=False))


def _forget_all(found: House) -> None:
    with found.centre.write() as connection:
        for table in (deposit_piece, deposit):
            connection.execute(delete(table))
